//! The reference table: quantities drawn from their priors, couples simulated with them, and what each design sees.

use super::summaries::SummaryLayout;
use crate::calibrate::problem::PriorCoordinate;
use crate::error::Error;
use crate::math::functions::normal_cdf;
use crate::rng::{Key, StreamKind, normal_score};
use crate::runner::{Cancelled, Control, par_map_ordered};
use crate::scenario::recover::{Explanation, RecoverSpec};
use crate::stats::summary::RunningMoments;
use crate::study::sample::{PreparedStudy, StudyReplicate, couple_days_of_all};
use rand::Rng;

/// Simulations that may wait for an earlier one.
const WINDOW: u64 = 64;
/// The number of the couple in the addresses of draws from priors; no study has so many couples.
const PRIOR_STREAM: u64 = u64::MAX;

/// What the studies of one design were, over all simulations.
#[derive(Clone, Debug, Default)]
pub(crate) struct DesignTally {
    pub(crate) recruited: RunningMoments,
    /// Share of occasions on which persons in the study answered.
    pub(crate) answered: RunningMoments,
}

/// The simulations of one explanation.
#[derive(Clone, Debug)]
pub(crate) struct SimulatedExplanation {
    pub(crate) priors: Vec<PriorCoordinate>,
    /// Normal scores of the quantities, by simulation.
    pub(crate) scores: Vec<Vec<f64>>,
    /// By design, then by simulation, then by summary.
    pub(crate) summaries: Vec<Vec<Vec<f64>>>,
}

/// All simulations.
#[derive(Clone, Debug)]
pub(crate) struct SimulatedStudies {
    pub(crate) explanations: Vec<SimulatedExplanation>,
    /// By design.
    pub(crate) tallies: Vec<DesignTally>,
}

/// The coordinates of the priors, which were checked when they were read.
fn coordinates(explanation: &Explanation) -> Result<Vec<PriorCoordinate>, Error> {
    let quantities = explanation.quantities.iter().enumerate();
    let mut all = Vec::new();
    for (number, quantity) in quantities {
        all.push(PriorCoordinate::new(&quantity.prior, number)?);
    }
    Ok(all)
}

/// The studies of an explanation with values of its quantities, by design. `point` sets the random numbers of
/// explanations apart.
pub(crate) fn prepared(
    recover: &RecoverSpec,
    explanation: &Explanation,
    (seed, point): (u64, u64),
    values: &[f64],
) -> Result<Vec<PreparedStudy>, Error> {
    let mut config = explanation.config(values)?;
    config.seed = seed;
    config.point = point;
    let designs = recover.designs.iter().map(|design| design.study.clone());
    Ok(PreparedStudy::sharing(&config, designs.collect()))
}

/// Values in the middle of the priors.
pub(crate) fn middle(explanation: &Explanation) -> Result<Vec<f64>, Error> {
    let all = coordinates(explanation)?;
    Ok(all
        .iter()
        .map(|prior| prior.value(prior.quantile(0.5)))
        .collect())
}

/// Couple-days of all simulations, at most.
pub(crate) fn couple_days(recover: &RecoverSpec, seed: u64) -> Result<u64, Error> {
    let mut sum = 0_u64;
    for explanation in &recover.explanations {
        let studies = prepared(recover, explanation, (seed, 0), &middle(explanation)?)?;
        let each = couple_days_of_all(&studies);
        sum = sum.saturating_add(each.saturating_mul(recover.simulations.into()));
    }
    Ok(sum)
}

/// Bytes of the reference tables.
pub(crate) fn table_bytes(recover: &RecoverSpec, seed: u64) -> Result<u64, Error> {
    let mut numbers = 0_u64;
    for explanation in &recover.explanations {
        let studies = prepared(recover, explanation, (seed, 0), &middle(explanation)?)?;
        let summaries = studies
            .iter()
            .map(|study| SummaryLayout::new(study).names.len());
        let each = summaries.sum::<usize>() + explanation.quantities.len();
        numbers = numbers.saturating_add(u64::from(recover.simulations) * each as u64);
    }
    // Once as they are, and once standardised while something is inferred.
    Ok(numbers.saturating_mul(2 * size_of::<f64>() as u64))
}

/// What one simulation gave.
struct SimulatedRow {
    scores: Vec<f64>,
    /// By design.
    summaries: Vec<Vec<f64>>,
    recruited: Vec<f64>,
    answered: Vec<f64>,
}

/// Simulates everything.
///
/// # Errors
/// [`Error::Cancelled`], and [`Error::Scenario`] where values of the priors are refused together.
pub(crate) fn simulate(
    recover: &RecoverSpec,
    seed: u64,
    control: &Control,
) -> Result<SimulatedStudies, Error> {
    let mut all = SimulatedStudies {
        explanations: Vec::new(),
        tallies: vec![DesignTally::default(); recover.designs.len()],
    };
    for (point, explanation) in (0_u64..).zip(&recover.explanations) {
        let priors = coordinates(explanation)?;
        let studies = prepared(recover, explanation, (seed, point), &middle(explanation)?)?;
        let layouts: Vec<SummaryLayout> = studies.iter().map(SummaryLayout::new).collect();
        let mut own = SimulatedExplanation {
            priors,
            scores: Vec::new(),
            summaries: vec![Vec::new(); recover.designs.len()],
        };
        let priors = own.priors.clone();
        let work = |number: u64| -> Result<Result<SimulatedRow, Error>, Cancelled> {
            let key = Key::new(seed, point, number as u32, StreamKind::Study);
            let mut rng = key.stream(PRIOR_STREAM, 0);
            let scores: Vec<f64> = priors
                .iter()
                .map(|_| normal_score(rng.next_u64()))
                .collect();
            let value = |(prior, score): (&PriorCoordinate, &f64)| {
                prior.value(prior.quantile(normal_cdf(*score)))
            };
            let values: Vec<f64> = priors.iter().zip(&scores).map(value).collect();
            let studies = match prepared(recover, explanation, (seed, point), &values) {
                Ok(studies) => studies,
                Err(error) => return Ok(Err(error)),
            };
            let data = PreparedStudy::replicates(&studies, number as u32, control)?;
            let sees =
                |((layout, study), data): ((&SummaryLayout, &PreparedStudy), &StudyReplicate)| {
                    match data.couples.is_empty() {
                        true => vec![f64::NAN; layout.names.len()],
                        false => layout.summaries(study, data),
                    }
                };
            Ok(Ok(SimulatedRow {
                scores,
                summaries: layouts.iter().zip(&studies).zip(&data).map(sees).collect(),
                recruited: data
                    .iter()
                    .map(|data| data.recruitment.recruited as f64)
                    .collect(),
                answered: data.iter().map(share_answered).collect(),
            }))
        };
        let collect = |row: Result<SimulatedRow, Error>| -> Result<(), Error> {
            let row = row?;
            own.scores.push(row.scores);
            for (to, summaries) in own.summaries.iter_mut().zip(row.summaries) {
                to.push(summaries);
            }
            let counts = row.recruited.into_iter().zip(row.answered);
            for (tally, (recruited, answered)) in all.tallies.iter_mut().zip(counts) {
                tally.recruited.push(recruited);
                if answered.is_finite() {
                    tally.answered.push(answered);
                }
            }
            Ok(())
        };
        par_map_ordered(0..recover.simulations.into(), WINDOW, work, collect)?;
        all.explanations.push(own);
    }
    Ok(all)
}

/// The share of occasions that were answered by persons in the study.
fn share_answered(data: &StudyReplicate) -> f64 {
    use crate::study::sample::AnswerState::{Answered, Missed};
    let mut counts = [0.0_f64; 2];
    for couple in &data.couples {
        for set in [&couple.waves, &couple.prompts] {
            for state in set.states.iter().flatten() {
                counts[0] += f64::from(u8::from(*state == Answered));
                counts[1] += f64::from(u8::from(*state == Missed));
            }
        }
    }
    counts[0] / (counts[0] + counts[1])
}
