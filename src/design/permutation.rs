//! Shuffles without memory: the place of any one card, without laying out the deck.
//!
//! A keyed Feistel network permutes the next power of four, and a place outside the deck is sent
//! through again until it falls inside (cycle walking; Black & Rogaway 2002).

use super::hash;
use crate::rng::Key;

const ROUNDS: usize = 8;

/// A pseudo-random bijection of 0, 1, … n − 1 onto itself.
#[derive(Clone, Debug)]
pub struct Permutation {
    size: u64,
    half: u32,
    keys: [u64; ROUNDS],
}

impl Permutation {
    /// Makes the bijection of `size` numbers (2^62 at most) that stands at a place of a keystream.
    pub fn new(size: u64, key: &Key, stream: u64) -> Permutation {
        debug_assert!(size <= 1 << 62);
        let bits = u64::BITS - size.saturating_sub(1).leading_zeros();
        Permutation {
            size,
            half: bits.div_ceil(2).max(1),
            keys: hash::words(key, stream, 0),
        }
    }

    /// Number of elements.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Where `place`, which is below the size, is sent.
    pub fn at(&self, place: u64) -> u64 {
        debug_assert!(place < self.size);
        let mut image = self.network(place);
        while image >= self.size {
            image = self.network(image);
        }
        image
    }

    fn network(&self, word: u64) -> u64 {
        let mask = (1 << self.half) - 1;
        let (left, right) = self
            .keys
            .iter()
            .fold((word >> self.half, word & mask), |(l, r), key| {
                (r, l ^ (hash::mix(r, *key) & mask))
            });
        left << self.half | right
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_number_is_reached_once(size in 1_u64..700, seed: u64) {
            let permutation = Permutation::new(size, &hash::key(seed, b"testing "), 0);
            let mut images: Vec<u64> = (0..size).map(|place| permutation.at(place)).collect();
            images.sort_unstable();
            prop_assert!(images.into_iter().eq(0..size));
        }
    }

    #[test]
    fn the_shuffles_of_four_cards_are_about_equally_frequent() {
        let mut counts = std::collections::BTreeMap::new();
        let key = hash::key(1, b"testing ");
        for stream in 0..24_000 {
            let shuffle = Permutation::new(4, &key, stream);
            *counts
                .entry([0, 1, 2, 3].map(|place| shuffle.at(place)))
                .or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 24);
        let chi_square: f64 = counts
            .values()
            .map(|n| f64::from(n - 1000).powi(2) / 1000.0)
            .sum();
        assert!(
            chi_square < 49.7,
            "23 degrees of freedom, p = 0.001: {chi_square}"
        );
    }

    #[test]
    fn the_first_places_are_what_they_were() {
        let permutation = Permutation::new(1000, &hash::key(1, b"testing "), 0);
        assert_eq!([0, 1, 2, 3].map(|place| permutation.at(place)), FIRST);
    }

    const FIRST: [u64; 4] = [488, 456, 719, 998];
}
