//! What studies of caregivers and children report, computed from childhoods on the same equations.
//!
//! Sensitivity and attachment are scored as they are in love: sensitivity with a reliability of .85,
//! attachment with .90. A child's security is what anxiety and avoidance leave.

use super::cohorts::{REPLICATES, SURVEY};
use super::experiments::Values;
use super::samples::Instruments;
use super::studies::Studies;
use crate::childhood::{Age, Family};
use crate::model::Rules;
use crate::rng::{Key, StreamKind};
use crate::scenario::Diagnostics;
use crate::simd::backend::Backend;
use crate::simulation::survey::instrument::{Scale, Voice};
use crate::simulation::{generation, generation_of};
use crate::stats::association::correlation;
use crate::stats::summary::Moments;

/// Days between the ages that are noted.
const A_YEAR: u32 = 365;
/// Families that a laboratory has for each couple of a cohort: childhoods cost more than love.
const SHARE: u64 = 2;
/// Fewest families: with fewer, as small laboratories of a calibration would have, correlations are chance.
const LEAST: u64 = 1_000;
/// Most families: they are lived at one go, and tell enough.
const MOST: u64 = 50_000;

fn families<'s>(lab: &'s Studies<'_>) -> Result<&'s [Family], Diagnostics> {
    if let Some(families) = lab.families.get() {
        return Ok(families);
    }
    let scenario = lab.scenario(SURVEY, &[])?;
    let config = scenario.config();
    let rules = Rules::new(
        config.parameters,
        config.mechanisms,
        config.intimacy_target,
        config.size.clock(),
    );
    let count = (lab.couples / SHARE).clamp(LEAST, MOST);
    let (seed, engine) = (lab.seed, Backend::best());
    let live = || match config.origin.reared() {
        // Caregivers are the adults of the survey.
        [false, _] => generation_of(&config.origin, seed, count, A_YEAR, &rules, engine),
        // Where these have a childhood, their own attachment would have to be lived first.
        [true, _] => generation(seed, count, A_YEAR, &rules, engine),
    };
    Ok(lab.families.get_or_init(live))
}

fn security(age: &Age) -> f64 {
    1.0 - 0.5 * (age.anxiety + age.avoidance)
}

/// A child's security after so many years, as far as childhood lasts.
fn at(family: &Family, year: usize) -> f64 {
    let ages = &family.childhood.ages;
    ages.get(year).or(ages.last()).map_or(f64::NAN, security)
}

/// Correlates two scored numbers of families, part by part.
fn correlated(
    lab: &Studies<'_>,
    (one, one_scale): (impl Fn(&Family) -> f64, Scale),
    (other, other_scale): (impl Fn(&Family) -> f64, Scale),
) -> Values {
    let families = families(lab)?;
    let key = Key::new(lab.seed, 1, 0, StreamKind::Measurement);
    let scored = |number: &dyn Fn(&Family) -> f64, scale: Scale, instrument| -> Vec<f64> {
        let states: Vec<f64> = families.iter().map(number).collect();
        let known: Moments = states.iter().copied().collect();
        let error = scale.item_error(known.variance());
        let score = |(family, state): (u64, &f64)| {
            let voice = Voice {
                key: &key,
                couple: family,
                person: 0,
            };
            // Observers and interviews share no style.
            scale.score(*state, 0.0, error, &mut voice.open(instrument, 0))
        };
        (0..).zip(&states).map(score).collect()
    };
    let (x, y) = (scored(&one, one_scale, 21), scored(&other, other_scale, 22));
    let size = (families.len() / REPLICATES as usize).max(1);
    let parts = x.chunks_exact(size).zip(y.chunks_exact(size));
    Ok(parts.map(|(x, y)| correlation(x, y)).collect())
}

fn scales(by: &Instruments) -> [Scale; 2] {
    // Ratings have no steps that an average over many of them would show.
    [by.rating(0.85), by.rating(0.90)]
}

/// A child's security after the first year with that at the end of childhood.
pub(crate) fn early_security(lab: &Studies<'_>) -> Values {
    let [_, attachment] = scales(&lab.instruments);
    let last = |family: &Family| at(family, usize::MAX);
    correlated(
        lab,
        (|family: &Family| at(family, 1), attachment),
        (last, attachment),
    )
}

/// The caregiver's own security with the child's.
pub(crate) fn transmission(lab: &Studies<'_>) -> Values {
    let [_, attachment] = scales(&lab.instruments);
    let own = |family: &Family| 1.0 - 0.5 * (family.caregiver.anxiety + family.caregiver.avoidance);
    let child = |family: &Family| at(family, usize::MAX);
    correlated(lab, (own, attachment), (child, attachment))
}

/// The caregiver's sensitivity with the child's security.
pub(crate) fn sensitivity(lab: &Studies<'_>) -> Values {
    let [sensitivity, attachment] = scales(&lab.instruments);
    let shown = |family: &Family| family.caregiver.responsiveness;
    let child = |family: &Family| at(family, usize::MAX);
    correlated(lab, (shown, sensitivity), (child, attachment))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Override;
    use crate::validate::Lab;

    fn lab(values: &[&str]) -> Lab {
        let overrides = values.iter().map(|text| Override::parse(text));
        let overrides = overrides.collect::<Result<Vec<_>, _>>().expect("overrides");
        Lab {
            overrides,
            ..Lab::new(400, 3)
        }
    }

    #[test]
    fn caregivers_are_the_adults_of_the_survey() {
        let lived = |lab: &Lab| {
            let studies = Studies::of(lab);
            families(&studies).expect("families").to_vec()
        };
        let usual = generation(3, LEAST, A_YEAR, &Rules::default(), Backend::best());
        assert!(lived(&lab(&[])) == usual);
        let callous = lived(&lab(&["traits.responsiveness.log_odds=0"]));
        let mean = |families: &[Family]| {
            let moments: Moments = families
                .iter()
                .map(|family| family.caregiver.responsiveness)
                .collect();
            moments.mean()
        };
        assert!(mean(&callous) < mean(&usual) - 0.1);
        // Chance is the same, and so is what children are born with.
        let first = |families: &[Family]| families[0].caregiver.anxiety;
        assert_eq!(first(&callous), first(&usual));
        // Adults with a childhood of their own are not lived a second time.
        assert!(lived(&lab(&["childhood.stress=0.1"])) == usual);
    }
}
