//! Properties that hold for all rules, couples and words.

use super::{any_couples, any_rules, any_words, lines, numbers, numbers_mut, stream};

use crate::model::purposes::{Draws, swap_partners};
use crate::model::{Couple, Departure, PersonTally, Rules, Tally, step};
use crate::simd::test_support::{ArrayVector, ArrayWord, LANES};
use crate::simd::vector::Vector;
use proptest::prelude::*;
use std::array::from_fn;

fn counts<L: Vector>(tally: &PersonTally<L>) -> [L; 9] {
    [
        tally.bids,
        tally.responsive,
        tally.unresponsive,
        tally.depth,
        tally.perceived,
        tally.response,
        tally.repairs,
        tally.stress_events,
        tally.betrayals,
    ]
}

/// Bits of all results of a step: the couple's numbers, the tally, and who left.
fn bits<L: Vector>(
    couple: &Couple<L>,
    tally: &Tally<L>,
    departure: &Departure<L>,
    k: usize,
) -> Vec<u64> {
    let mut all: Vec<u64> = numbers(couple)
        .into_iter()
        .map(|number| number.extract(k).to_bits())
        .collect();
    for person in &tally.persons {
        all.extend(counts(person).map(|count| count.extract(k).to_bits()));
    }
    all.push(tally.conflicts.extract(k).to_bits());
    all.extend(
        departure
            .leaves
            .map(|left| L::splat(1.0).masked(left).extract(k).to_bits()),
    );
    all
}

fn words_of(words: &[ArrayWord], k: usize) -> Vec<u64> {
    words.iter().map(|column| column[k]).collect()
}

fn single(couple: &Couple<ArrayVector>, k: usize) -> Couple<f64> {
    let mut one = Couple::<f64>::default();
    for (place, number) in numbers_mut(&mut one).into_iter().zip(numbers(couple)) {
        *place = number.extract(k);
    }
    one
}

/// Eight couples as one vector.
fn joined(couples: &[Couple<f64>]) -> Couple<ArrayVector> {
    let mut vector = Couple::<ArrayVector>::default();
    for (k, couple) in couples.iter().enumerate() {
        for (place, number) in numbers_mut(&mut vector).into_iter().zip(numbers(couple)) {
            place.replace(k, *number);
        }
    }
    vector
}

fn swapped(couple: &Couple<ArrayVector>) -> Couple<ArrayVector> {
    let [a, b] = couple.partners;
    Couple {
        partners: [b, a],
        ..*couple
    }
}

/// The words with both partners' bits exchanged.
fn exchanged(words: &[ArrayWord], moments: u32) -> Vec<ArrayWord> {
    let mut other = words.to_vec();
    for k in 0..LANES {
        let mut own = words_of(words, k);
        swap_partners(&mut own, moments);
        for (column, word) in other.iter_mut().zip(own) {
            column[k] = word;
        }
    }
    other
}

/// The words with partner B's bits replaced by A's.
fn mirrored(words: &[ArrayWord], moments: u32) -> Vec<ArrayWord> {
    let mut of_a = vec![0; words.len()];
    of_a[..3].fill(u64::MAX);
    for moment in of_a[6..].chunks_exact_mut(5).take(moments as usize) {
        // The couple's own bits of a conflict stand below A's.
        moment.copy_from_slice(&[u64::MAX, 0, u64::MAX >> 32, u64::MAX >> 16, u64::MAX >> 32]);
    }
    let other = exchanged(words, moments);
    let pairs = words.iter().zip(&other).zip(&of_a);
    pairs
        .map(|((own, other), of_a)| from_fn(|k| own[k] & of_a | other[k] & !of_a))
        .collect()
}

fn simulated(
    couple: &mut Couple<ArrayVector>,
    words: &[ArrayWord],
    rules: &Rules,
) -> (Tally<ArrayVector>, Departure<ArrayVector>) {
    let mut tally = Tally::new(rules);
    let departure = step(couple, &Draws::new(words), rules, &mut tally);
    (tally, departure)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_number_stays_in_its_range(rules in any_rules(), seed: u64) {
        let mut rng = stream(seed);
        let mut couple = any_couples(&mut rng);
        let lines = lines();
        for _ in 0..200 {
            let words = any_words(&mut rng, rules.clock.moments);
            let (tally, _) = simulated(&mut couple, &words, &rules);
            for (line, number) in lines.iter().zip(numbers(&couple)) {
                for value in number.0 {
                    prop_assert!(line.allows(value), "{} is {value}", line.key);
                }
            }
            for person in &tally.persons {
                let episodes = person.responsive + person.unresponsive;
                for k in 0..LANES {
                    prop_assert!((0.0..=1.0).contains(&person.depth.0[k]));
                    prop_assert!((0.0..=episodes.0[k]).contains(&person.perceived.0[k]));
                    prop_assert!((0.0..=episodes.0[k]).contains(&person.response.0[k]));
                }
            }
        }
    }

    #[test]
    fn a_vector_of_couples_equals_its_couples_one_by_one(rules in any_rules(), seed: u64) {
        let mut rng = stream(seed);
        let mut column = any_couples(&mut rng);
        let mut alone: [Couple<f64>; LANES] = from_fn(|k| single(&column, k));
        prop_assert_eq!(joined(&alone), column);
        for _ in 0..50 {
            let words = any_words(&mut rng, rules.clock.moments);
            let (tally, departure) = simulated(&mut column, &words, &rules);
            for (k, couple) in alone.iter_mut().enumerate() {
                let words = words_of(&words, k);
                let mut own = Tally::new(&rules);
                let left = step(couple, &Draws::new(&words), &rules, &mut own);
                prop_assert_eq!(
                    bits(couple, &own, &left, 0),
                    bits(&column, &tally, &departure, k)
                );
            }
        }
    }

    #[test]
    fn swapping_the_partners_swaps_their_results_exactly(rules in any_rules(), seed: u64) {
        let mut rng = stream(seed);
        let mut couple = any_couples(&mut rng);
        let mut mirror = swapped(&couple);
        for _ in 0..50 {
            let words = any_words(&mut rng, rules.clock.moments);
            let (tally, departure) = simulated(&mut couple, &words, &rules);
            let words = exchanged(&words, rules.clock.moments);
            let (mut seen, mut left) = simulated(&mut mirror, &words, &rules);
            seen.persons.swap(0, 1);
            left.leaves.swap(0, 1);
            for k in 0..LANES {
                prop_assert_eq!(
                    bits(&swapped(&mirror), &seen, &left, k),
                    bits(&couple, &tally, &departure, k)
                );
            }
        }
    }

    #[test]
    fn identical_partners_with_the_same_words_stay_identical(rules in any_rules(), noisy: bool, seed: u64) {
        let mut mechanisms = rules.mechanisms;
        mechanisms.noise &= noisy;
        let rules = Rules::new(rules.parameters, mechanisms, rules.intimacy_target, rules.clock);
        let mut rng = stream(seed);
        let mut couple = any_couples(&mut rng);
        couple.partners[1] = couple.partners[0];
        for _ in 0..100 {
            let words = mirrored(&any_words(&mut rng, rules.clock.moments), rules.clock.moments);
            simulated(&mut couple, &words, &rules);
            prop_assert_eq!(couple.partners[0], couple.partners[1]);
        }
    }

    #[test]
    fn an_observer_changes_nothing(rules in any_rules(), seed: u64) {
        let mut rng = stream(seed);
        let mut observed = any_couples(&mut rng);
        let mut alone = observed;
        for _ in 0..20 {
            let words = any_words(&mut rng, rules.clock.moments);
            simulated(&mut observed, &words, &rules);
            let _ = step(&mut alone, &Draws::new(&words), &rules, &mut ());
            prop_assert_eq!(observed, alone);
        }
    }
}
