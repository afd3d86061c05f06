//! The reference table: quantities drawn from their priors, couples simulated with them, and what each design sees.

use super::scale::QuantityScale;
use super::summaries::SummaryLayout;
use crate::calibrate::problem::PriorCoordinate;
use crate::error::Error;
use crate::math::functions::normal_cdf;
use crate::power::measure::{FIRST_OF_REFERENCE, analyse_study};
use crate::power::study_data::complete_study;
use crate::rng::{Key, StreamKind, normal_score};
use crate::runner::Control;
use crate::scenario::power_spec::{DesignQuantity, PowerSpec};
use crate::scenario::recover::{DerivedEffect, Explanation, RecoverSpec};
use crate::simulation::SimulationConfig;
use crate::stats::dyads::Coefficient;
use crate::stats::summary::RunningMoments;
use crate::study::sample::{PreparedStudy, StudyReplicate, couple_days_of_all};
use rand::Rng;

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
    /// Of the quantities, and then of effects.
    pub(crate) scales: Vec<QuantityScale>,
    /// Normal scores of quantities and effects, by simulation; NaN of an effect that could not be estimated.
    pub(crate) scores: Vec<Vec<f64>>,
    /// Of each effect the share of the variance over simulations that is not error of its estimates.
    pub(crate) reliability: Vec<f64>,
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

/// An explanation with values of its quantities. `point` sets the random numbers of explanations apart.
fn configured(
    explanation: &Explanation,
    (seed, point): (u64, u64),
    values: &[f64],
) -> Result<SimulationConfig, Error> {
    let mut config = explanation.config(values)?;
    config.seed = seed;
    config.point = point;
    Ok(config)
}

/// The studies that look at couples, by design.
fn prepared(recover: &RecoverSpec, config: &SimulationConfig) -> Vec<PreparedStudy> {
    let designs = recover.designs.iter().map(|design| design.study.clone());
    PreparedStudy::sharing(config, designs.collect())
}

/// The analyses that have the effects: one analysis may have several.
fn analyses(effects: &[DerivedEffect]) -> Vec<&PowerSpec> {
    let mut all: Vec<&PowerSpec> = Vec::new();
    for effect in effects {
        if !all.contains(&&effect.power) {
            all.push(&effect.power);
        }
    }
    all
}

/// The studies in whose complete answers the effects of couples are estimated, by analysis. They have couples of their own,
/// as many more than the scenario's as the study has fewer than the reference.
fn reference_studies(recover: &RecoverSpec, config: &SimulationConfig) -> Vec<PreparedStudy> {
    let base = config.record.study.clone().unwrap_or_default();
    let (mut studies, mut most) = (Vec::new(), 0);
    for power in analyses(&recover.effects) {
        let Some(measures) = power.study() else {
            continue;
        };
        let mut design = power.design;
        design[DesignQuantity::Couples as usize] = measures.reference_couples as f64;
        most = most.max(measures.reference_couples);
        studies.push(complete_study(measures, &power.study_of(&base, &design)));
    }
    let mut config = config.clone();
    let wanted = u64::from(base.couples.max(1));
    config.size.couples = (config.size.couples * most).div_ceil(wanted);
    PreparedStudy::sharing(&config, studies)
}

/// Values in the middle of the priors.
pub(crate) fn middle(explanation: &Explanation) -> Result<Vec<f64>, Error> {
    let all = coordinates(explanation)?;
    Ok(all
        .iter()
        .map(|prior| prior.value(prior.quantile(0.5)))
        .collect())
}

/// Simulations of the explanations, one after the other, each of which is a job.
pub(crate) struct ReferenceSimulations<'r> {
    recover: &'r RecoverSpec,
    seed: u64,
    explanations: Vec<PreparedExplanation>,
}

struct PreparedExplanation {
    priors: Vec<PriorCoordinate>,
    /// By design.
    layouts: Vec<SummaryLayout>,
    /// Couple-days of one simulation, at most.
    couple_days: u64,
}

impl<'r> ReferenceSimulations<'r> {
    /// Prepares the simulations.
    ///
    /// # Errors
    /// [`Error::Scenario`] where values in the middle of the priors are refused together.
    pub(crate) fn new(recover: &'r RecoverSpec, seed: u64) -> Result<Self, Error> {
        let mut explanations = Vec::new();
        for explanation in &recover.explanations {
            let config = configured(explanation, (seed, 0), &middle(explanation)?)?;
            let studies = prepared(recover, &config);
            let references = reference_studies(recover, &config);
            explanations.push(PreparedExplanation {
                priors: coordinates(explanation)?,
                layouts: studies.iter().map(SummaryLayout::new).collect(),
                couple_days: couple_days_of_all(&studies)
                    .saturating_add(couple_days_of_all(&references)),
            });
        }
        Ok(ReferenceSimulations {
            recover,
            seed,
            explanations,
        })
    }

    /// The couple-days of one simulation of each explanation, at most.
    pub(crate) fn couple_days(&self) -> impl Iterator<Item = u64> {
        self.explanations.iter().map(|own| own.couple_days)
    }

    /// Bytes of the reference tables.
    pub(crate) fn table_bytes(&self) -> u64 {
        let mut numbers = 0_u64;
        for own in &self.explanations {
            let summaries = own.layouts.iter().map(|layout| layout.names.len());
            let each = summaries.sum::<usize>() + own.priors.len() + self.recover.effects.len();
            numbers = numbers.saturating_add(u64::from(self.recover.simulations) * each as u64);
        }
        // Once as they are, and once standardised while something is inferred.
        numbers.saturating_mul(2 * size_of::<f64>() as u64)
    }

    /// Does one simulation: the normal scores of the quantities, of each effect its estimate and standard error, and for
    /// each design the recruited couples, the share of occasions that were answered, and the summaries.
    ///
    /// # Errors
    /// [`Error::Cancelled`], and [`Error::Scenario`] where values of the priors are refused together.
    pub(crate) fn simulate(&self, job: u64, control: &Control) -> Result<Vec<f64>, Error> {
        let simulations = u64::from(self.recover.simulations);
        let (point, number) = (job / simulations, (job % simulations) as u32);
        let explanation = &self.recover.explanations[point as usize];
        let PreparedExplanation {
            priors, layouts, ..
        } = &self.explanations[point as usize];
        let key = Key::new(self.seed, point, number, StreamKind::Study);
        let mut rng = key.stream(PRIOR_STREAM, 0);
        let mut row: Vec<f64> = priors
            .iter()
            .map(|_| normal_score(rng.next_u64()))
            .collect();
        let value = |(prior, score): (&PriorCoordinate, &f64)| {
            prior.value(prior.quantile(normal_cdf(*score)))
        };
        let values: Vec<f64> = priors.iter().zip(&row).map(value).collect();
        let config = configured(explanation, (self.seed, point), &values)?;
        row.extend(self.true_effects(&config, number, control)?);
        let studies = prepared(self.recover, &config);
        let data = PreparedStudy::replicates(&studies, number, control)?;
        for ((layout, study), data) in layouts.iter().zip(&studies).zip(&data) {
            row.extend([data.recruitment.recruited as f64, share_answered(data)]);
            match data.couples.is_empty() {
                true => row.resize(row.len() + layout.names.len(), f64::NAN),
                false => row.extend(layout.summaries(study, data)),
            }
        }
        Ok(row)
    }

    /// The effects of couples in their complete answers, each with its standard error; NaN where it cannot be estimated.
    fn true_effects(
        &self,
        config: &SimulationConfig,
        number: u32,
        control: &Control,
    ) -> Result<Vec<f64>, Error> {
        let effects = &self.recover.effects;
        let studies = reference_studies(self.recover, config);
        let data = match studies.is_empty() {
            true => Vec::new(),
            false => PreparedStudy::replicates(&studies, FIRST_OF_REFERENCE + number, control)?,
        };
        let points = config.record.study.clone().unwrap_or_default();
        let analyses = analyses(effects);
        let estimated = analyses.iter().zip(&studies).zip(&data);
        let estimated: Vec<Option<Vec<Coefficient>>> = estimated
            .map(|((power, study), data)| {
                let measures = power.study()?;
                analyse_study(power, measures, study, data, &points).0
            })
            .collect();
        let of_effect = |effect: &DerivedEffect| {
            let place = analyses.iter().position(|own| **own == effect.power);
            let all = place.and_then(|place| estimated[place].as_ref());
            all.map_or([f64::NAN; 2], |all| {
                let own = all[effect.effect];
                [own.value, own.standard_error]
            })
        };
        Ok(effects.iter().flat_map(of_effect).collect())
    }

    /// Collects the outcomes of all simulations in the order of their jobs; `next` gets how many numbers the next one has.
    ///
    /// # Errors
    /// Those of the outcomes.
    pub(crate) fn collect(
        &self,
        mut next: impl FnMut(usize) -> Result<Vec<f64>, Error>,
    ) -> Result<SimulatedStudies, Error> {
        let designs = self.recover.designs.len();
        let mut all = SimulatedStudies {
            explanations: Vec::new(),
            tallies: vec![DesignTally::default(); designs],
        };
        for prepared in &self.explanations {
            let priors = prepared.priors.iter().cloned();
            let mut own = SimulatedExplanation {
                scales: priors.map(QuantityScale::Prior).collect(),
                scores: Vec::new(),
                reliability: Vec::new(),
                summaries: vec![Vec::new(); designs],
            };
            let mut effects = vec![EstimatedEffects::default(); self.recover.effects.len()];
            let summaries = prepared.layouts.iter().map(|layout| layout.names.len());
            let of_designs: usize = summaries.map(|count| 2 + count).sum();
            let count = prepared.priors.len() + 2 * effects.len() + of_designs;
            for _ in 0..self.recover.simulations {
                let row = next(count)?;
                let (scores, left) = row.split_at(prepared.priors.len());
                own.scores.push(scores.to_vec());
                let (of_effects, mut left) = left.split_at(2 * effects.len());
                for (effect, pair) in effects.iter_mut().zip(of_effects.chunks_exact(2)) {
                    effect.values.push(pair[0]);
                    effect.errors.push(pair[1]);
                }
                let places = prepared.layouts.iter().zip(&mut own.summaries);
                for ((layout, summaries), tally) in places.zip(&mut all.tallies) {
                    let (counts, rest) = left.split_at(2);
                    let (of_design, rest) = rest.split_at(layout.names.len());
                    summaries.push(of_design.to_vec());
                    tally.recruited.push(counts[0]);
                    if counts[1].is_finite() {
                        tally.answered.push(counts[1]);
                    }
                    left = rest;
                }
            }
            for effect in &effects {
                let (scale, scores) = QuantityScale::of_values(&effect.values);
                own.scales.push(scale);
                own.reliability.push(effect.reliability());
                for (all, score) in own.scores.iter_mut().zip(scores) {
                    all.push(score);
                }
            }
            all.explanations.push(own);
        }
        Ok(all)
    }
}

/// What simulations say of an effect.
#[derive(Clone, Debug, Default)]
struct EstimatedEffects {
    values: Vec<f64>,
    /// Standard errors.
    errors: Vec<f64>,
}

impl EstimatedEffects {
    /// The share of the variance of the estimates that is not error (0 to 1).
    fn reliability(&self) -> f64 {
        let known = self.values.iter().filter(|value| value.is_finite());
        let sd = known.copied().collect::<RunningMoments>().sd();
        let squares = self.errors.iter().map(|error| error * error);
        let error: RunningMoments = squares.filter(|error| error.is_finite()).collect();
        (1.0 - error.mean() / (sd * sd)).clamp(0.0, 1.0)
    }
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
