//! The default population: the distributions of traits and initial states, and a generation of its
//! adults with their children.
//!
//! The distributions are results of the calibration, or else values of the model's prototype. Variables
//! that vary are listed here; all others are constant at the default of their description.

use super::initial_distribution::{Draw, InitialDistribution, InitialVariable, ScoreBuffer, Slope};
use crate::childhood::{SimulatedFamily, UPBRINGING, families};
use crate::math::correlation::GaussianCopula;
use crate::math::distribution::{Distribution, Family};
use crate::math::functions::{ln, logit};
use crate::model::Rules;
use crate::model::types::{STATES, TRAITS};
use crate::rng::{Key, StreamKind};
use crate::simd::backend::Backend;

/// Positions of the attachment traits in [`TRAITS`].
const ANXIETY: usize = 0;
const AVOIDANCE: usize = 1;
/// Centres of the default slopes: the medians of the attachment traits.
pub(crate) const CENTRES: [f64; 2] = [0.38, 0.33];
/// Correlation of the scores of a person's anxiety and avoidance (Cameron, Finnegan & Morry 2012).
const ANXIETY_WITH_AVOIDANCE: f64 = 0.3;
/// Position of mate value in [`TRAITS`].
const MATE_VALUE: usize = 9;
/// Correlation of the scores of partners' mate values: that of attractiveness, corrected for the error of
/// ratings (Feingold 1988).
const MATCHED_MATE_VALUES: f64 = 0.5;
/// Position of the set point of well-being in [`TRAITS`].
const SET_POINT: usize = 10;
/// Correlation of the scores of partners' set points: a result of the calibration (N52).
const MATCHED_SET_POINTS: f64 = 0.2;

/// A default correlation of two scores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct DefaultCorrelation {
    /// The variable that is drawn first.
    pub(crate) one: InitialVariable,
    /// The other variable.
    pub(crate) other: InitialVariable,
    /// Correlation of their scores [−1, 1].
    pub(crate) value: f64,
    /// What is correlated.
    pub(crate) meaning: &'static str,
}

/// Default correlations, used if both variables vary.
pub(crate) const DEFAULT_CORRELATIONS: [DefaultCorrelation; 4] = [
    insecurity(0),
    insecurity(1),
    DefaultCorrelation {
        one: InitialVariable::Trait(0, MATE_VALUE),
        other: InitialVariable::Trait(1, MATE_VALUE),
        value: MATCHED_MATE_VALUES,
        meaning: "partners' mate values",
    },
    DefaultCorrelation {
        one: InitialVariable::Trait(0, SET_POINT),
        other: InitialVariable::Trait(1, SET_POINT),
        value: MATCHED_SET_POINTS,
        meaning: "partners' set points of well-being",
    },
];

const fn insecurity(person: usize) -> DefaultCorrelation {
    DefaultCorrelation {
        one: InitialVariable::Trait(person, ANXIETY),
        other: InitialVariable::Trait(person, AVOIDANCE),
        value: ANXIETY_WITH_AVOIDANCE,
        meaning: "anxiety and avoidance",
    }
}

/// Responsiveness of adults of median attachment.
const RESPONSIVENESS: Family = Family::LogitNormal {
    location: 3.51,
    scale: 1.7,
};
/// Strain of adults: mean .66 and standard deviation .15, as after years of life events.
const STRAIN: Family = Family::LogitNormal {
    location: 0.72,
    scale: 0.72,
};
/// Standard deviation of both temperaments.
const TEMPERAMENT_SD: f64 = 0.08;

/// The default distribution of a variable and the slopes of its location.
pub(crate) fn default_draw(variable: InitialVariable) -> (Family, Vec<Slope>) {
    let slopes = |anxiety: f64, avoidance: f64| {
        vec![
            Slope {
                on: ANXIETY,
                by: anxiety,
                centre: CENTRES[ANXIETY],
            },
            Slope {
                on: AVOIDANCE,
                by: avoidance,
                centre: CENTRES[AVOIDANCE],
            },
        ]
    };
    let key = variable.description().key;
    match (variable, key) {
        (InitialVariable::Trait(..), "anxiety" | "avoidance") => {
            let location = logit(variable.description().default);
            (
                Family::LogitNormal {
                    location,
                    scale: 0.75,
                },
                Vec::new(),
            )
        }
        (InitialVariable::Trait(..), "responsiveness") => (RESPONSIVENESS, slopes(-1.95, -1.64)),
        // Caregivers are as sensitive as adults are responsive.
        (InitialVariable::Upbringing(..), "sensitivity") => (RESPONSIVENESS, Vec::new()),
        (InitialVariable::Upbringing(..), "temperament_anxiety" | "temperament_avoidance") => (
            Family::Normal {
                mean: variable.description().default,
                sd: TEMPERAMENT_SD,
            },
            Vec::new(),
        ),
        (InitialVariable::Trait(..), "openness") => (
            Family::LogNormal {
                location: 0.12,
                scale: 0.645,
            },
            Vec::new(),
        ),
        (InitialVariable::Trait(..), "irritability") => (
            Family::LogNormal {
                location: 0.0,
                scale: 0.874,
            },
            Vec::new(),
        ),
        // A rank among potential partners, so uniform.
        (InitialVariable::Trait(..), "mate_value") => (
            Family::Uniform {
                low: 0.0,
                high: 1.0,
            },
            Vec::new(),
        ),
        (InitialVariable::Trait(..), "patience") => (
            Family::Uniform {
                low: 0.0,
                high: 0.754,
            },
            Vec::new(),
        ),
        (InitialVariable::Trait(..), "set_point") => (
            Family::Normal {
                mean: 0.0,
                sd: 0.12,
            },
            Vec::new(),
        ),
        (InitialVariable::Start(..), "strain") => (STRAIN, Vec::new()),
        (InitialVariable::Start(..), "trust") => (
            Family::TruncatedNormal {
                mean: 0.78,
                sd: 0.1,
                low: 0.0,
                high: 1.0,
            },
            slopes(-0.25, -0.25),
        ),
        (InitialVariable::Start(..), "intimacy") => (
            Family::TruncatedNormal {
                mean: 0.3,
                sd: 0.08,
                low: 0.0,
                high: 1.0,
            },
            Vec::new(),
        ),
        (InitialVariable::Start(..), "accustomed") => (
            Family::TruncatedNormal {
                mean: 0.238,
                sd: 0.142,
                low: 0.0,
                high: 1.0,
            },
            Vec::new(),
        ),
        (InitialVariable::Contact, _) => (
            Family::LogNormal {
                location: ln(1.0),
                scale: 0.729,
            },
            Vec::new(),
        ),
        _ => (
            Family::Constant {
                value: variable.description().default,
            },
            Vec::new(),
        ),
    }
}

/// Whether a scenario sets a state's initial value. Attachment starts at its prototype.
pub(crate) fn has_initial_value(state: &str) -> bool {
    !matches!(state, "anxiety" | "avoidance")
}

/// The variables of a partner's upbringing.
pub(crate) fn upbringing_variables(person: usize) -> impl Iterator<Item = InitialVariable> {
    (0..UPBRINGING.len()).map(move |index| InitialVariable::Upbringing(person, index))
}

/// Whether the variable comes from childhood, if the partner has one.
pub(crate) fn from_childhood(variable: InitialVariable) -> bool {
    matches!(variable, InitialVariable::Trait(_, ANXIETY | AVOIDANCE))
}

/// All variables of a couple without childhoods, in the order in which they must be drawn.
pub(crate) fn variables() -> Vec<InitialVariable> {
    let mut variables = Vec::new();
    for person in 0..2 {
        variables.extend((0..TRAITS.len()).map(|index| InitialVariable::Trait(person, index)));
        variables.extend(
            (0..STATES.len())
                .filter(|index| has_initial_value(STATES[*index].key))
                .map(|index| InitialVariable::Start(person, index)),
        );
    }
    variables.push(InitialVariable::Contact);
    variables
}

/// Simulates `count` families of an adult of the default population and a child.
///
/// A caregiver's anxiety and avoidance change responsiveness as in couples, and responsiveness is the
/// sensitivity that the child meets; all else of the upbringing has its default. `every` is the number
/// of days between the ages that are recorded; 0 records the end only. A family does not depend on
/// `count`.
pub(crate) fn generation(
    seed: u64,
    count: u64,
    every: u32,
    rules: &Rules,
    backend: Backend,
) -> Vec<SimulatedFamily> {
    generation_of(&default_adults(), seed, count, every, rules, backend)
}

/// The same for given adults: caregivers are the partners A of couples without childhoods.
pub(crate) fn generation_of(
    adults: &InitialDistribution,
    seed: u64,
    count: u64,
    every: u32,
    rules: &Rules,
    backend: Backend,
) -> Vec<SimulatedFamily> {
    let upbringings = InitialDistribution::new(default_draws(upbringing_variables(0)), None);
    let key = |kind| Key::new(seed, 0, 0, kind);
    let (origin_key, mut scores) = (key(StreamKind::Origin), ScoreBuffer::default());
    let (mut caregivers, mut children) = (Vec::new(), Vec::new());
    for number in 0..count {
        let couple = adults.couple(&origin_key, number, &mut scores);
        caregivers.push(couple.partners[0].traits);
        upbringings.score(&origin_key, &[number], &mut scores);
        children.push(upbringings.upbringing(0, 0, &scores));
    }
    let childhood_key = key(StreamKind::Childhood);
    families(
        &childhood_key,
        &caregivers,
        &children,
        rules,
        every,
        backend,
    )
}

#[cfg(test)]
/// The default population without correlations.
pub(crate) fn default_distribution() -> InitialDistribution {
    InitialDistribution::new(default_draws(variables().into_iter()), None)
}

/// The distribution of a caregiver's traits.
fn default_adults() -> InitialDistribution {
    let draws = default_draws((0..TRAITS.len()).map(|index| InitialVariable::Trait(0, index)));
    let pair = [(0, 1, ANXIETY_WITH_AVOIDANCE)];
    let correlation = GaussianCopula::new(draws.len(), &pair).ok();
    InitialDistribution::new(draws, correlation)
}

fn default_draws(variables: impl Iterator<Item = InitialVariable>) -> Vec<(InitialVariable, Draw)> {
    let draw = |variable| {
        let (family, slopes) = default_draw(variable);
        let distribution = Distribution::new(family).ok()?;
        let draw = Draw {
            distribution,
            slopes,
        };
        Some((variable, draw))
    };
    variables.filter_map(draw).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::distribution::Distribution;

    #[test]
    fn default_correlations_are_of_variables_that_vary() {
        let keys = DEFAULT_CORRELATIONS
            .map(|pair| [pair.one, pair.other].map(|end| end.description().key));
        let own = ["anxiety", "avoidance"];
        assert_eq!(keys, [own, own, ["mate_value"; 2], ["set_point"; 2]]);
        for end in DEFAULT_CORRELATIONS
            .iter()
            .flat_map(|pair| [pair.one, pair.other])
        {
            assert!(
                !matches!(default_draw(end).0, Family::Constant { .. }),
                "{end:?}"
            );
        }
    }

    #[test]
    fn default_distributions_are_valid() {
        for variable in variables().into_iter().chain(upbringing_variables(0)) {
            let (family, _) = default_draw(variable);
            assert!(Distribution::new(family).is_ok(), "{variable:?}");
        }
    }
}
