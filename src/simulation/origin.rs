//! Where partners come from: traits and starting states, drawn through correlated scores.
//!
//! Every number has a fixed place in a couple's origin keystream, so that giving one trait another
//! distribution changes no other draw.

use crate::foundation::chance::Key;
use crate::foundation::correlation::Correlation;
use crate::foundation::distribution::{Distribution, Family};
use crate::foundation::lane::Lane;
use crate::foundation::maths::normal_quantile;
use crate::foundation::parameter::Description;
use crate::model::Couple;
use crate::model::partner::{CONTACT, INVESTMENT, STATES, TRAITS};
use rand::Rng;

/// How much a number's location moves with one of the person's attachment traits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slope {
    /// Position of the trait in [`TRAITS`]: an earlier one than the number's own.
    pub on: usize,
    /// Change of location for each unit of the trait.
    pub by: f64,
    /// Value of the trait at which nothing is changed.
    pub centre: f64,
}

/// How one number is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Draw {
    /// Distribution of the number.
    pub distribution: Distribution,
    /// What moves its location.
    pub slopes: Vec<Slope>,
}

/// Which number of a couple is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A trait of partner 0 (A) or 1 (B), by its position in [`TRAITS`].
    Trait(usize, usize),
    /// A starting state of partner 0 or 1, by its position in [`STATES`].
    Start(usize, usize),
    /// The couple's contact rate.
    Contact,
    /// The couple's investment at the start.
    Investment,
}

/// Scores set apart for each person: traits first, starting states from [`STATE_SCORES`].
const PERSON_SCORES: u64 = 64;
const STATE_SCORES: u64 = 32;
/// Random words of one score.
const SCORE_WORDS: u64 = 2;

impl Place {
    /// Place of the number's score in the keystream.
    fn score(self) -> u64 {
        match self {
            Place::Trait(person, index) => PERSON_SCORES * person as u64 + index as u64,
            Place::Start(person, index) => {
                PERSON_SCORES * person as u64 + STATE_SCORES + index as u64
            }
            Place::Contact => 2 * PERSON_SCORES,
            Place::Investment => 2 * PERSON_SCORES + 1,
        }
    }

    /// What is written about the number.
    pub fn description(self) -> &'static Description {
        match self {
            Place::Trait(_, index) => &TRAITS[index],
            Place::Start(_, index) => &STATES[index],
            Place::Contact => &CONTACT,
            Place::Investment => &INVESTMENT,
        }
    }

    fn write(self, couple: &mut Couple<f64>, value: f64) {
        match self {
            Place::Trait(person, index) => {
                *couple.partners[person].traits.fields_mut()[index] = value;
            }
            Place::Start(person, index) => {
                *couple.partners[person].state.fields_mut()[index] = value;
            }
            Place::Contact => couple.contact = value,
            Place::Investment => couple.investment = value,
        }
    }
}

/// Where all numbers of a couple come from.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    draws: Vec<(Place, Draw)>,
    correlation: Option<Correlation>,
}

impl Origin {
    /// Joins the draws, traits before what depends on them, with the correlation of their scores.
    ///
    /// `correlation` has one dimension for each draw, in the same order; without it scores are
    /// independent.
    pub fn new(draws: Vec<(Place, Draw)>, correlation: Option<Correlation>) -> Origin {
        Origin { draws, correlation }
    }

    /// The draws in their order.
    pub fn draws(&self) -> &[(Place, Draw)] {
        &self.draws
    }

    /// Draws one couple; `scratch` is working space that is kept between calls.
    pub fn couple(&self, key: &Key, couple: u64, scratch: &mut Scratch) -> Couple<f64> {
        self.scores(key, couple, scratch);
        let mut born = Couple::usual();
        for ((place, draw), score) in self.draws.iter().zip(&scratch.correlated) {
            let shift = match place {
                Place::Trait(person, _) | Place::Start(person, _) => {
                    let traits = born.partners[*person].traits;
                    let fields = traits.fields();
                    draw.slopes.iter().fold(0.0, |sum, slope| {
                        sum + slope.by * (fields[slope.on] - slope.centre)
                    })
                }
                Place::Contact | Place::Investment => 0.0,
            };
            let line = place.description();
            let value = draw.distribution.value(*score, shift);
            place.write(&mut born, value.most(line.low).least(line.high));
        }
        for partner in &mut born.partners {
            partner.state.anxiety = partner.traits.anxiety;
            partner.state.avoidance = partner.traits.avoidance;
        }
        born
    }

    fn scores(&self, key: &Key, couple: u64, scratch: &mut Scratch) {
        let count = self.draws.len();
        scratch.independent.resize(count, 0.0);
        scratch.correlated.resize(count, 0.0);
        let mut rng = key.stream(couple, 0);
        let mut position = 0;
        for ((place, draw), score) in self.draws.iter().zip(&mut scratch.independent) {
            if matches!(draw.distribution.family(), Family::Constant { .. }) {
                *score = 0.0;
                continue;
            }
            let wanted = place.score() * SCORE_WORDS;
            if position != wanted {
                rng.set_word_pos(u128::from(wanted));
            }
            let bits = rng.next_u64() >> 12;
            position = wanted + SCORE_WORDS;
            let uniform = (bits as f64 + 0.5) * (1.0 / 4_503_599_627_370_496.0);
            *score = normal_quantile(uniform);
        }
        match &self.correlation {
            Some(correlation) => {
                correlation.apply(&scratch.independent, &mut scratch.correlated);
            }
            None => scratch.correlated.copy_from_slice(&scratch.independent),
        }
    }
}

/// Working space of [`Origin::couple`].
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    independent: Vec<f64>,
    correlated: Vec<f64>,
}
