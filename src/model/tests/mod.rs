//! Tests of the within-couple model as a whole, with what several of them need: arbitrary rules,
//! couples and words, with the ends of their ranges, and ensembles of couples.

mod effects;
mod ensembles;
mod golden;
mod properties;
mod specification;
mod transcript;

use super::observer::Observer;
use super::parameters::{MECHANISMS, PARAMETERS, ParameterSpec};
use super::purposes::{Draws, LIFE_PAIRS, LifeDraws, MOST_MOMENTS, pairs_per_step};
use super::rules::WEEK;
use super::strain::week;
use super::types::{CONTACT, STATES, TRAITS};
use super::{Clock, Couple, IntimacyTarget, Mechanisms, Parameters, Rules, step};
use crate::rng::{Key, PAIR_WORDS, StreamKind, VectorRng};
use crate::simd::test_support::{ArrayVector, ArrayWord, LANES};
use crate::simd::vector::Vector;
use crate::simulation::ScoreBuffer;
use crate::simulation::defaults::default_distribution;
use proptest::prelude::*;
use rand::Rng;

fn parameters() -> impl Strategy<Value = Parameters> {
    let values: Vec<_> = PARAMETERS
        .iter()
        .map(|line| {
            prop_oneof![
                4 => Just(line.default),
                4 => line.low..=line.high,
                1 => Just(line.low),
                1 => Just(line.high),
            ]
        })
        .collect();
    values.prop_map(|values| {
        let mut parameters = Parameters::default();
        for (line, value) in PARAMETERS.iter().zip(values) {
            *parameters.get_mut(line.key).expect("a key of the table") = value;
        }
        parameters
    })
}

fn mechanisms() -> impl Strategy<Value = Mechanisms> {
    prop::collection::vec(prop::bool::weighted(0.85), MECHANISMS.len()).prop_map(|values| {
        let mut mechanisms = Mechanisms::default();
        for (switch, value) in MECHANISMS.iter().zip(values) {
            *mechanisms
                .get_mut(switch.key)
                .expect("a key of the switches") = value;
        }
        mechanisms
    })
}

fn clock() -> impl Strategy<Value = Clock> {
    let days = prop_oneof![Just(1.0), Just(0.5), Just(0.25), 0.01..=7.0_f64];
    let moments = prop_oneof![8 => 1..=4_u32, 1 => Just(MOST_MOMENTS)];
    (days, moments).prop_map(|(step_days, moments)| Clock { step_days, moments })
}

/// Any rules.
pub(crate) fn any_rules() -> impl Strategy<Value = Rules> {
    let targets = [
        IntimacyTarget::Mean,
        IntimacyTarget::Least,
        IntimacyTarget::Response,
    ];
    (
        parameters(),
        mechanisms(),
        prop::sample::select(targets.to_vec()),
        clock(),
    )
        .prop_map(|(p, m, target, clock)| Rules::new(p, m, target, clock))
}

/// Descriptions of the numbers of a couple, in their order.
pub(crate) fn lines() -> Vec<ParameterSpec> {
    let person = || TRAITS.iter().chain(STATES).copied();
    person().chain(person()).chain([CONTACT]).collect()
}

/// A stream of random words from which couples and words are made.
pub(crate) fn stream(seed: u64) -> impl Rng {
    Key::new(seed, 0, 0, StreamKind::Origin).stream(0, 0)
}

/// Eight arbitrary couples: each number in its range, and often at an end of it.
pub(crate) fn any_couples(rng: &mut impl Rng) -> Couple<ArrayVector> {
    let mut couple = Couple::<ArrayVector>::default();
    for (place, line) in numbers_mut(&mut couple).into_iter().zip(lines()) {
        for k in 0..LANES {
            let value = match rng.next_u32() % 8 {
                0 => line.low,
                1 => line.high,
                2 => line.default,
                _ => line.low + (line.high - line.low) * f64::uniform::<0, 32>(rng.next_u64()),
            };
            place.replace(k, value);
        }
    }
    couple
}

/// The words of one step, with many extreme ones among them.
pub(crate) fn any_words(rng: &mut impl Rng, moments: u32) -> Vec<ArrayWord> {
    let half = |rng: &mut dyn FnMut() -> u64| match rng() % 8 {
        0 => 0,
        1 => u64::MAX >> 32,
        _ => rng() >> 32,
    };
    let word = |rng: &mut dyn FnMut() -> u64| half(rng) << 32 | half(rng);
    let mut next = || rng.next_u64();
    (0..pairs_per_step(moments) * PAIR_WORDS)
        .map(|_| std::array::from_fn(|_| word(&mut next)))
        .collect()
}

/// Couples, and which of them separated.
pub(crate) struct TestEnsemble {
    pub(crate) couples: Vec<Couple<f64>>,
    pub(crate) separated: Vec<bool>,
}

/// The default population of a seed.
pub(crate) fn population(seed: u64, couples: usize) -> TestEnsemble {
    let origin = default_distribution();
    let key = Key::new(seed, 0, 0, StreamKind::Origin);
    let mut scratch = ScoreBuffer::default();
    let initial = (0..couples as u64).map(|couple| origin.couple(&key, couple, &mut scratch));
    TestEnsemble::of(initial.collect())
}

impl TestEnsemble {
    /// An ensemble of intact couples.
    pub(crate) fn of(couples: Vec<Couple<f64>>) -> TestEnsemble {
        let separated = vec![false; couples.len()];
        TestEnsemble { couples, separated }
    }

    /// Simulates some days; separations are recorded, and separated couples go on.
    pub(crate) fn simulate<W: Observer<f64>>(
        &mut self,
        seed: u64,
        days: std::ops::Range<u64>,
        rules: &Rules,
        observers: &mut [W],
    ) {
        let steps_per_day = (1.0 / rules.clock.step_days) as u64;
        let pairs = pairs_per_step(rules.clock.moments);
        let key = Key::new(seed, 0, 0, StreamKind::Life);
        let mut words = vec![0; pairs * PAIR_WORDS];
        let rows = self
            .couples
            .iter_mut()
            .zip(&mut self.separated)
            .zip(observers);
        for (index, ((couple, separated), observer)) in rows.enumerate() {
            let first = days.start * steps_per_day;
            let mut streams = f64::streams(&key, &[index as u64]);
            for at in first..days.end * steps_per_day {
                let day = at / steps_per_day;
                if at % steps_per_day == 0 && day.is_multiple_of(u64::from(WEEK)) {
                    let mut life = [0; PAIR_WORDS];
                    let number = LIFE_PAIRS + day / u64::from(WEEK);
                    f64::fill(&mut streams, number, &mut life);
                    week(couple, &LifeDraws::new(&life), rules);
                }
                f64::fill(&mut streams, at * pairs as u64, &mut words);
                let departure = step(couple, &Draws::new(&words), rules, observer);
                *separated |= departure.leaves[0] | departure.leaves[1];
            }
        }
    }

    /// Simulates some days without an observer.
    pub(crate) fn age(&mut self, seed: u64, days: u64, rules: &Rules) {
        let mut unobserved = vec![(); self.couples.len()];
        self.simulate(seed, 0..days, rules, &mut unobserved);
    }

    /// One number of every couple.
    pub(crate) fn column(&self, read: impl Fn(&Couple<f64>) -> f64) -> Vec<f64> {
        self.couples.iter().map(read).collect()
    }

    /// 1 for every couple that separated, 0 for the others.
    pub(crate) fn separations(&self) -> Vec<f64> {
        self.separated
            .iter()
            .map(|gone| f64::from(u8::from(*gone)))
            .collect()
    }
}

/// Every number of a couple: traits and states of both, contact and investment.
pub(crate) fn numbers<L: Vector>(couple: &Couple<L>) -> Vec<&L> {
    let mut all = Vec::new();
    for partner in &couple.partners {
        all.extend(partner.traits.fields());
        all.extend(partner.state.fields());
    }
    all.extend([&couple.contact]);
    all
}

/// [`numbers`], for writing.
pub(crate) fn numbers_mut<L: Vector>(couple: &mut Couple<L>) -> Vec<&mut L> {
    let mut all = Vec::new();
    for partner in &mut couple.partners {
        all.extend(partner.traits.fields_mut());
        all.extend(partner.state.fields_mut());
    }
    all.extend([&mut couple.contact]);
    all
}
