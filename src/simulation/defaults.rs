//! The usual population: how traits and starting states are distributed where a scenario says
//! nothing.
//!
//! Results of the calibration, and where that tells nothing starting values of the model's prototype.
//! Those with a spread are listed here, all others are constant at the default of their description.

use super::initial_distribution::{Place, Slope};
use crate::childhood::UPBRINGING;
use crate::math::distribution::Family;
use crate::math::functions::{ln, logit};
use crate::model::types::{STATES, TRAITS};

/// Positions of the attachment traits in [`TRAITS`].
const ANXIETY: usize = 0;
const AVOIDANCE: usize = 1;
/// Where the slopes of the usual population are centred: the medians of the attachment traits.
pub const CENTRES: [f64; 2] = [0.38, 0.33];
/// Correlation of the scores of a person's anxiety and avoidance (Cameron, Finnegan & Morry 2012).
pub const ANXIETY_WITH_AVOIDANCE: f64 = 0.3;
/// Position of mate value in [`TRAITS`].
const MATE_VALUE: usize = 9;
/// Correlation of the scores of partners' mate values: of attractiveness, corrected for the error of ratings
/// (Feingold 1988).
pub const MATCHED_MATE_VALUES: f64 = 0.5;

/// A correlation of two scores that holds where a scenario says nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UsualPair {
    /// The first number in the order of drawing.
    pub one: Place,
    /// The second.
    pub other: Place,
    /// Correlation of their scores [−1, 1].
    pub value: f64,
    /// What goes together, in words.
    pub words: &'static str,
}

/// Correlations that hold where both numbers vary and a scenario says nothing.
pub const USUAL_PAIRS: [UsualPair; 3] = [
    insecurity(0),
    insecurity(1),
    UsualPair {
        one: Place::Trait(0, MATE_VALUE),
        other: Place::Trait(1, MATE_VALUE),
        value: MATCHED_MATE_VALUES,
        words: "partners' mate values",
    },
];

const fn insecurity(person: usize) -> UsualPair {
    UsualPair {
        one: Place::Trait(person, ANXIETY),
        other: Place::Trait(person, AVOIDANCE),
        value: ANXIETY_WITH_AVOIDANCE,
        words: "anxiety and avoidance",
    }
}

/// How responsive adults of middling attachment are.
const RESPONSIVENESS: Family = Family::LogitNormal {
    location: 3.9,
    scale: 3.3,
};
/// How much children differ in temperament, in anxiety and in avoidance alike: standard deviation.
const TEMPER_SPREAD: f64 = 0.07;

/// The usual distribution of a number and what moves its location.
pub fn usual(place: Place) -> (Family, Vec<Slope>) {
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
    let key = place.description().key;
    match (place, key) {
        (Place::Trait(..), "anxiety" | "avoidance") => {
            let location = logit(place.description().default);
            (
                Family::LogitNormal {
                    location,
                    scale: 0.75,
                },
                Vec::new(),
            )
        }
        (Place::Trait(..), "responsiveness") => (RESPONSIVENESS, slopes(-1.9, -2.5)),
        // Caregivers are as sensitive as adults are responsive.
        (Place::Upbringing(..), "sensitivity") => (RESPONSIVENESS, Vec::new()),
        (Place::Upbringing(..), "temperament_anxiety" | "temperament_avoidance") => (
            Family::Normal {
                mean: place.description().default,
                sd: TEMPER_SPREAD,
            },
            Vec::new(),
        ),
        (Place::Trait(..), "openness") => (
            Family::LogNormal {
                location: -0.03,
                scale: 0.66,
            },
            Vec::new(),
        ),
        // A rank among those whom one could have, and so uniform.
        (Place::Trait(..), "mate_value") => (
            Family::Uniform {
                low: 0.0,
                high: 1.0,
            },
            Vec::new(),
        ),
        (Place::Start(..), "trust") => (
            Family::TruncatedNormal {
                mean: 0.78,
                sd: 0.1,
                low: 0.0,
                high: 1.0,
            },
            slopes(-0.25, -0.25),
        ),
        (Place::Start(..), "intimacy") => (
            Family::TruncatedNormal {
                mean: 0.3,
                sd: 0.08,
                low: 0.0,
                high: 1.0,
            },
            Vec::new(),
        ),
        (Place::Contact, _) => (
            Family::LogNormal {
                location: ln(1.0),
                scale: 0.26,
            },
            Vec::new(),
        ),
        _ => (
            Family::Constant {
                value: place.description().default,
            },
            Vec::new(),
        ),
    }
}

/// Whether a state's start is set by the scenario (attachment starts at its prototype).
pub fn starts(state: &str) -> bool {
    !matches!(state, "anxiety" | "avoidance")
}

/// Every number that a partner with a childhood is brought up with.
pub fn upbringing_places(person: usize) -> impl Iterator<Item = Place> {
    (0..UPBRINGING.len()).map(move |index| Place::Upbringing(person, index))
}

/// Whether a trait comes from childhood, where a partner has one.
pub fn from_childhood(place: Place) -> bool {
    matches!(place, Place::Trait(_, ANXIETY | AVOIDANCE))
}

/// Every number of a couple without childhoods that is drawn, in the order in which it must be drawn.
pub fn places() -> Vec<Place> {
    let mut places = Vec::new();
    for person in 0..2 {
        places.extend((0..TRAITS.len()).map(|index| Place::Trait(person, index)));
        places.extend(
            (0..STATES.len())
                .filter(|index| starts(STATES[*index].key))
                .map(|index| Place::Start(person, index)),
        );
    }
    places.extend([Place::Contact, Place::Investment]);
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::distribution::Distribution;

    #[test]
    fn usual_pairs_name_what_they_mean_and_both_ends_vary() {
        let keys = USUAL_PAIRS.map(|pair| [pair.one, pair.other].map(|end| end.description().key));
        let own = ["anxiety", "avoidance"];
        assert_eq!(keys, [own, own, ["mate_value"; 2]]);
        for end in USUAL_PAIRS.iter().flat_map(|pair| [pair.one, pair.other]) {
            assert!(!matches!(usual(end).0, Family::Constant { .. }), "{end:?}");
        }
    }

    #[test]
    fn every_usual_distribution_is_one() {
        for place in places().into_iter().chain(upbringing_places(0)) {
            let (family, _) = usual(place);
            assert!(Distribution::new(family).is_ok(), "{place:?}");
        }
    }
}
