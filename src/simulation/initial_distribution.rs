//! The joint distribution of traits and initial states, drawn through correlated normal scores.
//!
//! Every variable has a fixed address in a couple's keystream, so that changing one distribution changes
//! no other draw. If a partner has a childhood, its upbringing is drawn here too, and the prototypes of
//! attachment come from the simulated childhood.

use crate::childhood::{UPBRINGING, Upbringing};
use crate::math::correlation::GaussianCopula;
use crate::math::distribution::{Distribution, Family};
use crate::model::Couple;
use crate::model::parameters::ParameterSpec;
use crate::model::types::{CONTACT, STATES, TRAITS};
use crate::rng::{Key, PAIR_WORDS, VectorRng, normal_scores};
use crate::simd::vector::Vector;
use std::ops::Range;

/// Dependence of a variable's location on one of the person's attachment traits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Slope {
    /// Position of the trait in [`TRAITS`]; it is drawn earlier.
    pub on: usize,
    /// Change of location per unit of the trait.
    pub by: f64,
    /// Value of the trait at which the location is unchanged.
    pub centre: f64,
}

/// How one variable is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Draw {
    /// Its distribution.
    pub distribution: Distribution,
    /// Dependences of its location.
    pub slopes: Vec<Slope>,
}

impl Draw {
    /// Whether the variable needs no random score.
    fn is_constant(&self) -> bool {
        matches!(self.distribution.family(), Family::Constant { .. })
    }

    /// Whether the variable is equal for all couples.
    fn is_equal_for_all(&self) -> bool {
        self.slopes.is_empty() && self.is_constant()
    }

    /// The values of scores, clamped to their range.
    #[inline(always)]
    fn bounded<L: Vector>(&self, variable: InitialVariable, score: L, shift: L) -> L {
        let line = variable.description();
        let value = self.distribution.values(score, shift);
        value.max(L::splat(line.low)).min(L::splat(line.high))
    }
}

/// One of the numbers that are drawn for a couple.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum InitialVariable {
    /// A trait of partner 0 (A) or 1 (B), by its position in [`TRAITS`].
    Trait(usize, usize),
    /// An initial state of partner 0 or 1, by its position in [`STATES`].
    Start(usize, usize),
    /// A variable of the upbringing of partner 0 or 1, by its position in [`UPBRINGING`].
    Upbringing(usize, usize),
    /// The couple's contact rate.
    Contact,
}

/// Scores reserved for each person: traits first, initial states from [`STATE_SCORES`].
const PERSON_SCORES: u64 = 64;
const STATE_SCORES: u64 = 32;
/// First score of the upbringings, spaced like those of other variables.
const UPBRINGING_SCORES: u64 = 4 * PERSON_SCORES;

impl InitialVariable {
    /// The variable of the other partner.
    fn of_other_partner(self) -> InitialVariable {
        match self {
            InitialVariable::Trait(person, index) => InitialVariable::Trait(1 - person, index),
            InitialVariable::Start(person, index) => InitialVariable::Start(1 - person, index),
            InitialVariable::Upbringing(person, index) => {
                InitialVariable::Upbringing(1 - person, index)
            }
            InitialVariable::Contact => InitialVariable::Contact,
        }
    }

    /// Position of the variable's score in the keystream.
    fn score(self) -> u64 {
        match self {
            InitialVariable::Trait(person, index) => PERSON_SCORES * person as u64 + index as u64,
            InitialVariable::Start(person, index) => {
                PERSON_SCORES * person as u64 + STATE_SCORES + index as u64
            }
            InitialVariable::Upbringing(person, index) => {
                UPBRINGING_SCORES + PERSON_SCORES * person as u64 + index as u64
            }
            InitialVariable::Contact => 2 * PERSON_SCORES,
        }
    }

    /// The variable's description.
    pub(crate) fn description(self) -> &'static ParameterSpec {
        match self {
            InitialVariable::Trait(_, index) => &TRAITS[index],
            InitialVariable::Start(_, index) => &STATES[index],
            InitialVariable::Upbringing(_, index) => &UPBRINGING[index],
            InitialVariable::Contact => &CONTACT,
        }
    }

    #[inline(always)]
    fn write<L: Vector>(self, couple: &mut Couple<L>, value: L) {
        match self {
            // The childhood is simulated already; its result is in the traits.
            InitialVariable::Upbringing(..) => {}
            InitialVariable::Trait(person, index) => {
                *couple.partners[person].traits.fields_mut()[index] = value;
            }
            InitialVariable::Start(person, index) => {
                *couple.partners[person].state.fields_mut()[index] = value;
            }
            InitialVariable::Contact => couple.contact = value,
        }
    }
}

/// The joint distribution of all variables of a couple.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct InitialDistribution {
    draws: Vec<(InitialVariable, Draw)>,
    correlation: Option<GaussianCopula>,
    /// Pairs of blocks of a couple's keystream that are read.
    pairs: Vec<Range<u64>>,
    /// A couple with the variables that are equal for all couples.
    fixed: Couple<f64>,
    /// For each draw, the position of its score among the words that are read; `None` for constants.
    words: Vec<Option<usize>>,
}

impl InitialDistribution {
    /// Joins the draws with the correlation of their scores. Traits come before the draws that depend on
    /// them.
    ///
    /// `correlation` has one dimension for each draw, in the same order; without it the scores are
    /// independent.
    pub(crate) fn new(
        draws: Vec<(InitialVariable, Draw)>,
        correlation: Option<GaussianCopula>,
    ) -> InitialDistribution {
        let wanted = |(variable, draw): &(InitialVariable, Draw)| {
            (!draw.is_constant()).then(|| variable.score() as usize)
        };
        let wanted: Vec<Option<usize>> = draws.iter().map(wanted).collect();
        let pair = |word: &usize| word / PAIR_WORDS;
        let mut read: Vec<usize> = wanted.iter().flatten().map(pair).collect();
        read.sort_unstable();
        read.dedup();
        let found = |word: usize| {
            let before = read.partition_point(|own| *own < pair(&word));
            before * PAIR_WORDS + word % PAIR_WORDS
        };
        let mut fixed = Couple::default();
        for (variable, draw) in &draws {
            if draw.is_equal_for_all() {
                variable.write(&mut fixed, draw.bounded::<f64>(*variable, 0.0, 0.0));
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
            fixed,
            words,
        }
    }

    /// The distribution of the same couples with the partners' places exchanged.
    pub(crate) fn swapped(&self) -> InitialDistribution {
        let draws = self
            .draws
            .iter()
            .map(|(variable, draw)| (variable.of_other_partner(), draw.clone()));
        InitialDistribution::new(draws.collect(), self.correlation.clone())
    }

    /// The quantile of probability `p` of the couples' contact rate, without dependences.
    pub(crate) fn contact_quantile(&self, p: f64) -> f64 {
        let own = |(variable, _): &&(InitialVariable, Draw)| *variable == InitialVariable::Contact;
        self.draws
            .iter()
            .find(own)
            .map_or(self.fixed.contact, |(_, draw)| {
                draw.distribution
                    .quantile(p)
                    .clamp(CONTACT.low, CONTACT.high)
            })
    }

    /// Whether each partner has a childhood.
    pub(crate) fn has_childhood(&self) -> [bool; 2] {
        [0, 1].map(|person| {
            let own =
                |variable: &InitialVariable| matches!(variable, InitialVariable::Upbringing(whose, _) if *whose == person);
            self.draws.iter().any(|(variable, _)| own(variable))
        })
    }

    /// Draws the scores of at most [`Vector::LANES`] couples.
    #[inline(always)]
    pub(crate) fn score<L: VectorRng>(
        &self,
        key: &Key,
        couples: &[u64],
        scores: &mut ScoreBuffer<L>,
    ) {
        let mut source = L::streams(key, couples);
        let read = self.pairs.iter().map(|run| run.end - run.start);
        let words = &mut scores.words;
        words.resize(read.sum::<u64>() as usize * PAIR_WORDS, L::ZERO);
        let mut start = 0;
        for run in &self.pairs {
            let end = start + (run.end - run.start) as usize * PAIR_WORDS;
            L::fill(&mut source, run.start, &mut words[start..end]);
            start = end;
        }
        scores.values.resize(self.draws.len(), L::splat(0.0));
        for (score, at) in scores.values.iter_mut().zip(&self.words) {
            *score = match *at {
                Some(at) => normal_scores(words[at]),
                None => L::splat(0.0),
            };
        }
        if let Some(correlation) = &self.correlation {
            correlation.correlate(&mut scores.values);
        }
    }

    /// The upbringing of a partner of the couple in one lane of the scores; defaults for what is not drawn.
    pub(crate) fn upbringing<L: Vector>(
        &self,
        lane: usize,
        person: usize,
        scores: &ScoreBuffer<L>,
    ) -> Upbringing {
        let mut upbringing = Upbringing::default();
        let fields = upbringing.fields_mut();
        for ((variable, draw), score) in self.draws.iter().zip(&scores.values) {
            if let InitialVariable::Upbringing(whose, index) = *variable
                && whose == person
            {
                *fields[index] = draw.bounded(*variable, score.extract(lane), 0.0);
            }
        }
        upbringing
    }

    /// Draws one couple without childhoods; `scores` is a buffer for repeated calls.
    pub(crate) fn couple(
        &self,
        key: &Key,
        couple: u64,
        scores: &mut ScoreBuffer<f64>,
    ) -> Couple<f64> {
        self.score(key, &[couple], scores);
        self.couples([None; 2], scores)
    }

    /// A vector of couples from the drawn scores.
    ///
    /// `childhoods` are the anxiety and avoidance of partners with a childhood; other variables depend on
    /// them as on drawn traits.
    #[inline(always)]
    pub(crate) fn couples<L: Vector>(
        &self,
        childhoods: [Option<[L; 2]>; 2],
        scores: &ScoreBuffer<L>,
    ) -> Couple<L> {
        let mut couples = Couple::<L>::default();
        for (to, from) in couples.numbers_mut().zip(self.fixed.numbers()) {
            *to = L::splat(*from);
        }
        for (partner, childhood) in couples.partners.iter_mut().zip(childhoods) {
            if let Some([anxiety, avoidance]) = childhood {
                partner.traits.anxiety = anxiety;
                partner.traits.avoidance = avoidance;
            }
        }
        let has_childhood = childhoods.iter().any(Option::is_some);
        for ((variable, draw), score) in self.draws.iter().zip(&scores.values) {
            if draw.is_equal_for_all() && !has_childhood {
                continue;
            }
            let mut shift = L::splat(0.0);
            if let InitialVariable::Trait(person, _) | InitialVariable::Start(person, _) = variable
            {
                let traits = &couples.partners[*person].traits;
                for slope in &draw.slopes {
                    shift += (*traits.fields()[slope.on] - slope.centre) * slope.by;
                }
            }
            variable.write(&mut couples, draw.bounded(*variable, *score, shift));
        }
        for partner in &mut couples.partners {
            partner.state.anxiety = partner.traits.anxiety;
            partner.state.avoidance = partner.traits.avoidance;
        }
        couples
    }
}

/// Scores of a vector of couples, with the buffer of random words.
#[derive(Clone, Debug)]
pub(crate) struct ScoreBuffer<L: Vector> {
    words: Vec<L::Word>,
    /// In the order of the draws.
    values: Vec<L>,
}

impl<L: Vector> Default for ScoreBuffer<L> {
    fn default() -> ScoreBuffer<L> {
        ScoreBuffer {
            words: Vec::new(),
            values: Vec::new(),
        }
    }
}
