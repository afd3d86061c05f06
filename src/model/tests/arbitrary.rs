//! Strategies for arbitrary rules, couples and words, with the ends of their ranges.

use super::ensemble::numbers_mut;
use crate::model::parameter_spec::ParameterSpec;
use crate::model::parameters::MECHANISMS;
use crate::model::parameters::PARAMETERS;
use crate::model::purposes::{MOST_MOMENTS, pairs_per_step};
use crate::model::types::{CONTACT, INVESTMENT, STATES, TRAITS};
use crate::model::{Clock, Couple, IntimacyTarget, Mechanisms, Parameters, Rules};
use crate::rng::{Key, PAIR_WORDS, StreamKind};
use crate::simd::test_support::{ArrayVector, ArrayWord, LANES};
use crate::simd::vector::Vector;
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
    person()
        .chain(person())
        .chain([CONTACT, INVESTMENT])
        .collect()
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
