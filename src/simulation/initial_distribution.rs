//! Where partners come from: traits and starting states, drawn through correlated scores.
//!
//! Every number has a fixed place in a couple's origin keystream, so that giving one trait another
//! distribution changes no other draw. Where a partner has a childhood, what they are brought up with
//! is drawn here as well, and their prototypes of attachment come from what was lived.

use crate::childhood::{UPBRINGING, Upbringing};
use crate::math::correlation::GaussianCopula;
use crate::math::distribution::{Distribution, Family};
use crate::model::Couple;
use crate::model::parameter_spec::ParameterSpec;
use crate::model::types::{CONTACT, INVESTMENT, STATES, TRAITS};
use crate::rng::{Key, PAIR_WORDS, VectorRng, normal_scores};
use crate::simd::vector::Vector;
use std::ops::Range;

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

impl Draw {
    /// Whether chance has no part in the number.
    fn is_constant(&self) -> bool {
        matches!(self.distribution.family(), Family::Constant { .. })
    }

    /// Whether everybody has the same number.
    fn is_the_same(&self) -> bool {
        self.slopes.is_empty() && self.is_constant()
    }

    /// The numbers of scores, held to their range.
    #[inline(always)]
    fn bounded<L: Vector>(&self, place: Place, score: L, shift: L) -> L {
        let line = place.description();
        let value = self.distribution.values(score, shift);
        value.max(L::splat(line.low)).min(L::splat(line.high))
    }
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
    pub fn description(self) -> &'static ParameterSpec {
        match self {
            Place::Trait(_, index) => &TRAITS[index],
            Place::Start(_, index) => &STATES[index],
            Place::Upbringing(_, index) => &UPBRINGING[index],
            Place::Contact => &CONTACT,
            Place::Investment => &INVESTMENT,
        }
    }

    #[inline(always)]
    fn write<L: Vector>(self, couple: &mut Couple<L>, value: L) {
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
pub struct InitialDistribution {
    draws: Vec<(Place, Draw)>,
    correlation: Option<GaussianCopula>,
    /// Pairs of blocks of a couple's keystream that are read.
    pairs: Vec<Range<u64>>,
    /// A couple with all that is the same for everybody.
    same: Couple<f64>,
    /// For each draw, the word of its score among those that are read; none where nothing
    /// varies.
    words: Vec<Option<usize>>,
}

impl InitialDistribution {
    /// Joins the draws, traits before what depends on them, with the correlation of their scores.
    ///
    /// `correlation` has one dimension for each draw, in the same order; without it scores are
    /// independent.
    pub fn new(
        draws: Vec<(Place, Draw)>,
        correlation: Option<GaussianCopula>,
    ) -> InitialDistribution {
        let wanted =
            |(place, draw): &(Place, Draw)| (!draw.is_constant()).then(|| place.score() as usize);
        let wanted: Vec<Option<usize>> = draws.iter().map(wanted).collect();
        let pair = |word: &usize| word / PAIR_WORDS;
        let mut read: Vec<usize> = wanted.iter().flatten().map(pair).collect();
        read.sort_unstable();
        read.dedup();
        let found = |word: usize| {
            let before = read.partition_point(|own| *own < pair(&word));
            before * PAIR_WORDS + word % PAIR_WORDS
        };
        let mut same = Couple::default();
        for (place, draw) in &draws {
            if draw.is_the_same() {
                place.write(&mut same, draw.bounded::<f64>(*place, 0.0, 0.0));
            }
        }
        let words = wanted.iter().map(|word| word.map(found)).collect();
        let mut pairs: Vec<Range<u64>> = Vec::new();
        for pair in read.into_iter().map(|pair| pair as u64) {
            match pairs.last_mut() {
                Some(last) if last.end == pair => last.end += 1,
                _ => pairs.push(pair..pair + 1),
            }
        }
        InitialDistribution {
            draws,
            correlation,
            pairs,
            same,
            words,
        }
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

    /// Draws the scores of at most [`Vector::WIDTH`] couples: those that every number follows from.
    #[inline(always)]
    pub fn score<L: VectorRng>(&self, key: &Key, couples: &[u64], scratch: &mut Scratch<L>) {
        let mut source = L::streams(key, couples);
        let read = self.pairs.iter().map(|run| run.end - run.start);
        let words = &mut scratch.words;
        words.resize(read.sum::<u64>() as usize * PAIR_WORDS, L::ZERO);
        let mut start = 0;
        for run in &self.pairs {
            let end = start + (run.end - run.start) as usize * PAIR_WORDS;
            L::fill(&mut source, run.start, &mut words[start..end]);
            start = end;
        }
        scratch.scores.resize(self.draws.len(), L::splat(0.0));
        for (score, at) in scratch.scores.iter_mut().zip(&self.words) {
            *score = match *at {
                Some(at) => normal_scores(words[at]),
                None => L::splat(0.0),
            };
        }
        if let Some(correlation) = &self.correlation {
            correlation.correlate(&mut scratch.scores);
        }
    }

    /// What a partner of a couple is brought up with, by the couple's place in the lane whose scores
    /// were drawn; the defaults where nothing is drawn.
    pub fn upbringing<L: Vector>(
        &self,
        couple: usize,
        person: usize,
        scratch: &Scratch<L>,
    ) -> Upbringing {
        let mut upbringing = Upbringing::default();
        let fields = upbringing.fields_mut();
        for ((place, draw), score) in self.draws.iter().zip(&scratch.scores) {
            if let Place::Upbringing(whose, index) = *place
                && whose == person
            {
                *fields[index] = draw.bounded(*place, score.extract(couple), 0.0);
            }
        }
        upbringing
    }

    /// Draws one couple without a childhood; `scratch` is working space that is kept between calls.
    pub fn couple(&self, key: &Key, couple: u64, scratch: &mut Scratch<f64>) -> Couple<f64> {
        self.score(key, &[couple], scratch);
        self.grown([None; 2], scratch)
    }

    /// Makes the couples of a lane, whose partners have grown up to such prototypes of anxiety and
    /// avoidance, from the scores that were drawn; what is drawn leans on what they became.
    #[inline(always)]
    pub fn grown<L: Vector>(
        &self,
        childhoods: [Option<[L; 2]>; 2],
        scratch: &Scratch<L>,
    ) -> Couple<L> {
        let mut born = Couple::<L>::default();
        for (to, from) in born.numbers_mut().zip(self.same.numbers()) {
            *to = L::splat(*from);
        }
        for (partner, childhood) in born.partners.iter_mut().zip(childhoods) {
            if let Some([anxiety, avoidance]) = childhood {
                partner.traits.anxiety = anxiety;
                partner.traits.avoidance = avoidance;
            }
        }
        let grown = childhoods.iter().any(Option::is_some);
        for ((place, draw), score) in self.draws.iter().zip(&scratch.scores) {
            if draw.is_the_same() && !grown {
                continue;
            }
            let mut shift = L::splat(0.0);
            if let Place::Trait(person, _) | Place::Start(person, _) = place {
                let traits = &born.partners[*person].traits;
                for slope in &draw.slopes {
                    shift += (*traits.fields()[slope.on] - slope.centre) * slope.by;
                }
            }
            place.write(&mut born, draw.bounded(*place, *score, shift));
        }
        for partner in &mut born.partners {
            partner.state.anxiety = partner.traits.anxiety;
            partner.state.avoidance = partner.traits.avoidance;
        }
        born
    }
}

/// Scores of the couples of a lane, and room to work on them.
#[derive(Clone, Debug)]
pub struct Scratch<L: Vector> {
    words: Vec<L::Word>,
    /// In the order of the draws.
    scores: Vec<L>,
}

impl<L: Vector> Default for Scratch<L> {
    fn default() -> Scratch<L> {
        Scratch {
            words: Vec::new(),
            scores: Vec::new(),
        }
    }
}
