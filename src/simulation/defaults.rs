//! The default population: the distributions of traits and initial states.
//!
//! They are results of the calibration, or else values of the model's prototype. Variables that vary are
//! listed here; all others are constant at the default of their description.

use super::initial_distribution::{InitialVariable, Slope};
use crate::childhood::UPBRINGING;
use crate::math::distribution::Family;
use crate::math::functions::{ln, logit};
use crate::model::types::{STATES, TRAITS};

/// Positions of the attachment traits in [`TRAITS`].
const ANXIETY: usize = 0;
const AVOIDANCE: usize = 1;
/// Centres of the default slopes: the medians of the attachment traits.
pub(crate) const CENTRES: [f64; 2] = [0.38, 0.33];
/// Correlation of the scores of a person's anxiety and avoidance (Cameron, Finnegan & Morry 2012).
pub(crate) const ANXIETY_WITH_AVOIDANCE: f64 = 0.3;
/// Position of mate value in [`TRAITS`].
const MATE_VALUE: usize = 9;
/// Correlation of the scores of partners' mate values: that of attractiveness, corrected for the error of
/// ratings (Feingold 1988).
pub(crate) const MATCHED_MATE_VALUES: f64 = 0.5;

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
pub(crate) const DEFAULT_CORRELATIONS: [DefaultCorrelation; 3] = [
    insecurity(0),
    insecurity(1),
    DefaultCorrelation {
        one: InitialVariable::Trait(0, MATE_VALUE),
        other: InitialVariable::Trait(1, MATE_VALUE),
        value: MATCHED_MATE_VALUES,
        meaning: "partners' mate values",
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
    location: 3.9,
    scale: 3.3,
};
/// Standard deviation of both temperaments.
const TEMPERAMENT_SD: f64 = 0.07;

/// The default distribution of a variable and the slopes of its location.
pub fn default_draw(variable: InitialVariable) -> (Family, Vec<Slope>) {
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
        (InitialVariable::Trait(..), "responsiveness") => (RESPONSIVENESS, slopes(-1.9, -2.5)),
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
                location: -0.03,
                scale: 0.66,
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
        (InitialVariable::Contact, _) => (
            Family::LogNormal {
                location: ln(1.0),
                scale: 0.26,
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
pub fn variables() -> Vec<InitialVariable> {
    let mut variables = Vec::new();
    for person in 0..2 {
        variables.extend((0..TRAITS.len()).map(|index| InitialVariable::Trait(person, index)));
        variables.extend(
            (0..STATES.len())
                .filter(|index| has_initial_value(STATES[*index].key))
                .map(|index| InitialVariable::Start(person, index)),
        );
    }
    variables.extend([InitialVariable::Contact, InitialVariable::Investment]);
    variables
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
        assert_eq!(keys, [own, own, ["mate_value"; 2]]);
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
