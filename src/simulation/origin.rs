//! Where partners come from: traits and starting states, drawn through correlated scores.
//!
//! Every number has a fixed place in a couple's origin keystream, so that giving one trait another
//! distribution changes no other draw. Where a partner has a childhood, what they are brought up with
//! is drawn here as well, and their prototypes of attachment come from what was lived.

use crate::foundation::chance::{Key, normal_score};
use crate::foundation::correlation::Correlation;
use crate::foundation::distribution::{Distribution, Family};
use crate::foundation::lane::Lane;
use crate::foundation::parameter::Description;
use crate::model::Couple;
use crate::model::partner::{CONTACT, INVESTMENT, STATES, TRAITS};
use crate::population::{Age, UPBRINGING, Upbringing};
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
    /// What partner 0 or 1 is brought up with, by its position in [`UPBRINGING`].
    Upbringing(usize, usize),
    /// The couple's contact rate.
    Contact,
    /// The couple's investment at the start.
    Investment,
}

/// Scores set apart for each person: traits first, starting states from [`STATE_SCORES`].
const PERSON_SCORES: u64 = 64;
const STATE_SCORES: u64 = 32;
/// Where the scores of upbringings begin, as many apart for each person as those of other numbers.
const UPBRINGING_SCORES: u64 = 4 * PERSON_SCORES;
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
            Place::Upbringing(person, index) => {
                UPBRINGING_SCORES + PERSON_SCORES * person as u64 + index as u64
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
            Place::Upbringing(_, index) => &UPBRINGING[index],
            Place::Contact => &CONTACT,
            Place::Investment => &INVESTMENT,
        }
    }

    fn write(self, couple: &mut Couple<f64>, value: f64) {
        match self {
            // It was lived before, and left its mark on the prototypes.
            Place::Upbringing(..) => {}
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

    /// Whether each partner has a childhood, from which the prototypes of attachment come.
    pub fn reared(&self) -> [bool; 2] {
        [0, 1].map(|person| {
            let own =
                |place: &Place| matches!(place, Place::Upbringing(whose, _) if *whose == person);
            self.draws.iter().any(|(place, _)| own(place))
        })
    }

    /// Draws what a partner of one couple is brought up with; the defaults where nothing is drawn.
    pub fn upbringing(
        &self,
        key: &Key,
        couple: u64,
        person: usize,
        scratch: &mut Scratch,
    ) -> Upbringing {
        self.scores(key, couple, scratch);
        let mut upbringing = Upbringing::usual();
        let fields = upbringing.fields_mut();
        for ((place, draw), score) in self.draws.iter().zip(&scratch.correlated) {
            if let Place::Upbringing(whose, index) = *place
                && whose == person
            {
                let line = place.description();
                let value = draw.distribution.value(*score, 0.0);
                *fields[index] = value.most(line.low).least(line.high);
            }
        }
        upbringing
    }

    /// Draws one couple without a childhood; `scratch` is working space that is kept between calls.
    pub fn couple(&self, key: &Key, couple: u64, scratch: &mut Scratch) -> Couple<f64> {
        self.grown_couple(key, couple, [None; 2], scratch)
    }

    /// Draws one couple whose partners have grown up so; what is drawn leans on what they became.
    pub fn grown_couple(
        &self,
        key: &Key,
        couple: u64,
        childhoods: [Option<&Age>; 2],
        scratch: &mut Scratch,
    ) -> Couple<f64> {
        self.scores(key, couple, scratch);
        let mut born = Couple::usual();
        for (partner, childhood) in born.partners.iter_mut().zip(childhoods) {
            if let Some(end) = childhood {
                partner.traits.anxiety = end.anxiety;
                partner.traits.avoidance = end.avoidance;
            }
        }
        for ((place, draw), score) in self.draws.iter().zip(&scratch.correlated) {
            let shift = match place {
                Place::Trait(person, _) | Place::Start(person, _) => {
                    let traits = born.partners[*person].traits;
                    let fields = traits.fields();
                    draw.slopes.iter().fold(0.0, |sum, slope| {
                        sum + slope.by * (fields[slope.on] - slope.centre)
                    })
                }
                Place::Upbringing(..) | Place::Contact | Place::Investment => 0.0,
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
            *score = normal_score(rng.next_u64());
            position = wanted + SCORE_WORDS;
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
