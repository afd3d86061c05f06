//! The statistics of studies of caregivers and children, computed from simulated childhoods.
//!
//! Sensitivity is scored with a reliability of .85, attachment with .90, as in adult relationships. A
//! child's security is one minus the mean of anxiety and avoidance.

use super::experiments::ReplicateValues;
use super::laboratory::{CohortCache, REPLICATES, SURVEY};
use super::samples::{Instruments, OBSERVED_RELIABILITY};
use crate::childhood::{Age, SimulatedFamily};
use crate::model::Rules;
use crate::rng::{Key, StreamKind};
use crate::scenario::Diagnostics;
use crate::simd::backend::Backend;
use crate::simulation::survey::instrument::{Respondent, Scale};
use crate::simulation::{generation, generation_of};
use crate::stats::summary::{RunningMoments, correlation};

/// Days between recorded ages.
const A_YEAR: u32 = 365;
/// Couples of a cohort for each family: a childhood takes longer to simulate than a couple.
const SHARE: u64 = 2;
/// Fewest families: with fewer, correlations would be mostly noise.
const LEAST: u64 = 1_000;
/// Most families: they are kept in memory, and more would not add precision that matters.
const MOST: u64 = 50_000;

fn families<'s>(cache: &'s CohortCache<'_>) -> Result<&'s [SimulatedFamily], Diagnostics> {
    if let Some(families) = cache.families.get() {
        return Ok(families);
    }
    let scenario = cache.laboratory.scenario(SURVEY, &[])?;
    let config = scenario.config();
    let rules = Rules::new(
        config.parameters,
        config.mechanisms,
        config.intimacy_target,
        config.size.clock(),
    );
    let count = (cache.laboratory.couples / SHARE).clamp(LEAST, MOST);
    let (seed, engine) = (cache.laboratory.seed, Backend::best());
    let simulate = || match config.origin.has_childhood() {
        // Caregivers are the adults of the survey.
        [false, _] => generation_of(&config.origin, seed, count, A_YEAR, &rules, engine),
        // Their own childhoods would have to be simulated first.
        [true, _] => generation(seed, count, A_YEAR, &rules, engine),
    };
    Ok(cache.families.get_or_init(simulate))
}

fn security(age: &Age) -> f64 {
    1.0 - 0.5 * (age.anxiety + age.avoidance)
}

/// A child's security after some years, or at the end of childhood if that is earlier.
fn at(family: &SimulatedFamily, year: usize) -> f64 {
    let ages = &family.childhood.ages;
    ages.get(year).or(ages.last()).map_or(f64::NAN, security)
}

/// Correlates two scores of families, one correlation for each part of the sample.
fn correlated(
    cache: &CohortCache<'_>,
    (one, one_scale): (impl Fn(&SimulatedFamily) -> f64, Scale),
    (other, other_scale): (impl Fn(&SimulatedFamily) -> f64, Scale),
) -> ReplicateValues {
    let families = families(cache)?;
    let key = Key::new(cache.laboratory.seed, 1, 0, StreamKind::Measurement);
    let scored = |number: &dyn Fn(&SimulatedFamily) -> f64, scale: Scale, instrument| -> Vec<f64> {
        let states: Vec<f64> = families.iter().map(number).collect();
        let known: RunningMoments = states.iter().copied().collect();
        let error = scale.item_error(known.variance());
        let score = |(family, state): (u64, &f64)| {
            let voice = Respondent {
                key: &key,
                couple: family,
                person: 0,
            };
            // Observers and interviews share no style.
            scale.score(*state, 0.0, error, &mut voice.rng(instrument, 0))
        };
        (0..).zip(&states).map(score).collect()
    };
    let (x, y) = (scored(&one, one_scale, 21), scored(&other, other_scale, 22));
    let size = (families.len() / REPLICATES as usize).max(1);
    let parts = x.chunks_exact(size).zip(y.chunks_exact(size));
    Ok(parts.map(|(x, y)| correlation(x, y)).collect())
}

fn scales(by: &Instruments) -> [Scale; 2] {
    // Ratings average over many observations, so they are continuous.
    [by.rating(OBSERVED_RELIABILITY), by.rating(0.90)]
}

/// A child's security after the first year with that at the end of childhood.
pub(crate) fn early_security(cache: &CohortCache<'_>) -> ReplicateValues {
    let [_, attachment] = scales(&cache.laboratory.instruments);
    let last = |family: &SimulatedFamily| at(family, usize::MAX);
    correlated(
        cache,
        (|family: &SimulatedFamily| at(family, 1), attachment),
        (last, attachment),
    )
}

/// A child's security after the first year with that after each later one: the mean of the correlations.
pub(crate) fn security_over_childhood(cache: &CohortCache<'_>) -> ReplicateValues {
    let [_, attachment] = scales(&cache.laboratory.instruments);
    let last = families(cache)?.first();
    let years = last.map_or(0, |family| family.childhood.ages.len());
    let mut sums = vec![0.0; REPLICATES as usize];
    for year in 2..years {
        let of = |year| move |family: &SimulatedFamily| at(family, year);
        let found = correlated(cache, (of(1), attachment), (of(year), attachment))?;
        for (sum, value) in sums.iter_mut().zip(found) {
            *sum += value / (years - 2) as f64;
        }
    }
    Ok(sums)
}

/// The caregiver's sensitivity with an attachment of the child at the end of childhood.
fn sensitivity_with(cache: &CohortCache<'_>, attachment: impl Fn(&Age) -> f64) -> ReplicateValues {
    let [sensitivity, scale] = scales(&cache.laboratory.instruments);
    let shown = |family: &SimulatedFamily| family.caregiver.responsiveness;
    let later = |family: &SimulatedFamily| {
        let last = family.childhood.ages.last();
        last.map_or(f64::NAN, &attachment)
    };
    correlated(cache, (shown, sensitivity), (later, scale))
}

/// The caregiver's sensitivity with later anxiety.
pub(crate) fn sensitivity_with_anxiety(cache: &CohortCache<'_>) -> ReplicateValues {
    sensitivity_with(cache, |age| age.anxiety)
}

/// The caregiver's sensitivity with later avoidance.
pub(crate) fn sensitivity_with_avoidance(cache: &CohortCache<'_>) -> ReplicateValues {
    sensitivity_with(cache, |age| age.avoidance)
}

/// The caregiver's own security with the child's.
pub(crate) fn transmission(cache: &CohortCache<'_>) -> ReplicateValues {
    let [_, attachment] = scales(&cache.laboratory.instruments);
    let own = |family: &SimulatedFamily| {
        1.0 - 0.5 * (family.caregiver.anxiety + family.caregiver.avoidance)
    };
    let child = |family: &SimulatedFamily| at(family, usize::MAX);
    correlated(cache, (own, attachment), (child, attachment))
}

/// The caregiver's sensitivity with the child's security.
pub(crate) fn sensitivity(cache: &CohortCache<'_>) -> ReplicateValues {
    let [sensitivity, attachment] = scales(&cache.laboratory.instruments);
    let shown = |family: &SimulatedFamily| family.caregiver.responsiveness;
    let child = |family: &SimulatedFamily| at(family, usize::MAX);
    correlated(cache, (shown, sensitivity), (child, attachment))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Override;
    use crate::validate::Laboratory;

    fn laboratory(values: &[&str]) -> Laboratory {
        let overrides = values.iter().map(|text| Override::parse(text));
        let overrides = overrides.collect::<Result<Vec<_>, _>>().expect("overrides");
        Laboratory {
            overrides,
            ..Laboratory::new(400, 3)
        }
    }

    #[test]
    fn caregivers_are_the_adults_of_the_survey() {
        let simulated = |laboratory: &Laboratory| {
            let cache = CohortCache::new(laboratory);
            families(&cache).expect("families").to_vec()
        };
        let default = generation(3, LEAST, A_YEAR, &Rules::default(), Backend::best());
        assert!(simulated(&laboratory(&[])) == default);
        let callous = simulated(&laboratory(&["traits.responsiveness.log_odds=0"]));
        let mean = |families: &[SimulatedFamily]| {
            let moments: RunningMoments = families
                .iter()
                .map(|family| family.caregiver.responsiveness)
                .collect();
            moments.mean()
        };
        assert!(mean(&callous) < mean(&default) - 0.1);
        // Random numbers are the same, and so is what children are born with.
        let first = |families: &[SimulatedFamily]| families[0].caregiver.anxiety;
        assert_eq!(first(&callous), first(&default));
        // Adults with a childhood of their own are not simulated again.
        assert!(simulated(&laboratory(&["childhood.stress=0.1"])) == default);
    }
}
