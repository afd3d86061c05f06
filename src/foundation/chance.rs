//! Addressed randomness: every draw has a place in one ChaCha8 keystream, and is read from there.
//!
//! The address of a word is (seed, design point, replicate, [`Realm`]) in the key, the couple in
//! the stream number, and the step and purpose in the position. A draw therefore never depends on
//! how many draws were made before it, by whom, on which thread or for what else: two scenarios with
//! one seed share their random numbers by construction.
//!
//! [`Key::block`] is the definition, through the `rand_chacha` crate; [`Key::blocks`] computes the
//! same block for [`WIDTH`] neighbouring couples at once, already laid out in
//! columns.

use super::lane::Lane;
use super::pack::{Pack, PackWord, WIDTH};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::array::from_fn;

/// Words in one block of keystream.
pub const BLOCK_WORDS: usize = 16;

/// What a keystream is for; streams of different realms never meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Realm {
    /// The daily life of couples.
    Life = 0,
    /// Traits and starting states.
    Origin = 1,
    /// Designs, resampling and everything that is not inside a couple.
    Study = 2,
}

/// The part of an address that a whole ensemble shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    words: [u32; 8],
}

impl Key {
    /// Names the keystream of one ensemble.
    ///
    /// `point` is the design point's own key: 0 where design points share common random numbers.
    pub fn new(seed: u64, point: u64, replicate: u32, realm: Realm) -> Key {
        let halves = |word: u64| [word as u32, (word >> 32) as u32];
        let ([s0, s1], [p0, p1]) = (halves(seed), halves(point));
        let name = u32::from_le_bytes(*b"pair");
        Key {
            words: [
                s0,
                s1,
                p0,
                p1,
                replicate,
                realm as u32,
                name,
                u32::from_le_bytes(*b"bond"),
            ],
        }
    }

    /// Opens the keystream of one couple, to be read forwards from block `counter`.
    pub fn stream(&self, couple: u64, counter: u64) -> ChaCha8Rng {
        let mut seed = [0_u8; 32];
        for (bytes, word) in seed.chunks_exact_mut(4).zip(self.words) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        let mut rng = ChaCha8Rng::from_seed(seed);
        rng.set_stream(couple);
        rng.set_word_pos(u128::from(counter) * BLOCK_WORDS as u128);
        rng
    }

    /// Reads one block: the definition that [`Key::blocks`] must equal.
    pub fn block(&self, couple: u64, counter: u64) -> [u32; BLOCK_WORDS] {
        let mut rng = self.stream(couple, counter);
        from_fn(|_| rng.next_u32())
    }

    /// Reads the same block of [`WIDTH`] neighbouring couples, word by word in columns.
    #[inline(always)]
    pub fn blocks<W: WordLane>(&self, first_couple: u64, counter: u64) -> [W; BLOCK_WORDS] {
        const SIGMA: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];
        let k = &self.words;
        let couples: [u64; WIDTH] = from_fn(|lane| first_couple.wrapping_add(lane as u64));
        let start = [
            W::same(SIGMA[0]),
            W::same(SIGMA[1]),
            W::same(SIGMA[2]),
            W::same(SIGMA[3]),
            W::same(k[0]),
            W::same(k[1]),
            W::same(k[2]),
            W::same(k[3]),
            W::same(k[4]),
            W::same(k[5]),
            W::same(k[6]),
            W::same(k[7]),
            W::same(counter as u32),
            W::same((counter >> 32) as u32),
            W::of(from_fn(|lane| couples[lane] as u32)),
            W::of(from_fn(|lane| (couples[lane] >> 32) as u32)),
        ];
        let mut x = start;
        for _ in 0..4 {
            quarter_pair(&mut x, [0, 4, 8, 12], [1, 5, 9, 13]);
            quarter_pair(&mut x, [2, 6, 10, 14], [3, 7, 11, 15]);
            quarter_pair(&mut x, [0, 5, 10, 15], [1, 6, 11, 12]);
            quarter_pair(&mut x, [2, 7, 8, 13], [3, 4, 9, 14]);
        }
        for (word, first) in x.iter_mut().zip(start) {
            *word = word.plus(first);
        }
        x
    }
}

/// One random word for each of [`WIDTH`] couples, as the cipher works on them.
pub trait WordLane: Copy {
    /// The same word for every couple.
    fn same(word: u32) -> Self;
    /// One word for each couple.
    fn of(words: [u32; WIDTH]) -> Self;
    /// The sums, modulo 2³².
    fn plus(self, other: Self) -> Self;
    /// The exclusive or, turned left by 16, 12, 8 or 7 bits.
    fn mixed<const BY: u32>(self, other: Self) -> Self;
}

impl WordLane for PackWord {
    #[inline(always)]
    fn same(word: u32) -> Self {
        [word; WIDTH]
    }
    #[inline(always)]
    fn of(words: [u32; WIDTH]) -> Self {
        words
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        from_fn(|k| self[k].wrapping_add(other[k]))
    }
    #[inline(always)]
    fn mixed<const BY: u32>(self, other: Self) -> Self {
        from_fn(|k| (self[k] ^ other[k]).rotate_left(BY))
    }
}

/// A lane whose random words can be read from its couples' keystreams.
pub trait Drawn: Lane {
    /// The keystreams of the lane's couples.
    type Source;
    /// Opens the keystreams of the lane whose first couple is given.
    fn open(key: &Key, first_couple: u64) -> Self::Source;
    /// Reads whole blocks from block `counter`: as many as `words` holds.
    fn fill(source: &mut Self::Source, counter: u64, words: &mut [Self::Word]);
}

/// The definition: one couple's keystream through `rand_chacha`.
impl Drawn for f64 {
    type Source = ChaCha8Rng;
    fn open(key: &Key, first_couple: u64) -> ChaCha8Rng {
        key.stream(first_couple, 0)
    }
    fn fill(source: &mut ChaCha8Rng, counter: u64, words: &mut [u32]) {
        let wanted = u128::from(counter) * BLOCK_WORDS as u128;
        if source.get_word_pos() != wanted {
            source.set_word_pos(wanted);
        }
        for word in words {
            *word = source.next_u32();
        }
    }
}

/// Lanes of [`WIDTH`] couples compute their keystreams together.
macro_rules! drawn_together {
    ($lane:ty) => {
        impl Drawn for $lane {
            type Source = (Key, u64);
            fn open(key: &Key, first_couple: u64) -> (Key, u64) {
                (*key, first_couple)
            }
            #[inline(always)]
            fn fill(source: &mut (Key, u64), counter: u64, words: &mut [Self::Word]) {
                for (block, chunk) in words.chunks_exact_mut(BLOCK_WORDS).enumerate() {
                    let read = source
                        .0
                        .blocks::<Self::Word>(source.1, counter + block as u64);
                    chunk.copy_from_slice(&read);
                }
            }
        }
    };
}
drawn_together!(Pack);
#[cfg(target_arch = "x86_64")]
drawn_together!(super::vector::Avx2);
#[cfg(target_arch = "x86_64")]
drawn_together!(super::vector::Avx512);

/// Two quarter-rounds that touch different words, interleaved so that their latencies overlap.
#[inline(always)]
fn quarter_pair<W: WordLane>(x: &mut [W; BLOCK_WORDS], one: [usize; 4], two: [usize; 4]) {
    let ([a, b, c, d], [e, f, g, h]) = (one, two);
    macro_rules! half_rounds {
        ($first:literal, $second:literal) => {
            x[a] = x[a].plus(x[b]);
            x[e] = x[e].plus(x[f]);
            x[d] = x[d].mixed::<$first>(x[a]);
            x[h] = x[h].mixed::<$first>(x[e]);
            x[c] = x[c].plus(x[d]);
            x[g] = x[g].plus(x[h]);
            x[b] = x[b].mixed::<$second>(x[c]);
            x[f] = x[f].mixed::<$second>(x[g]);
        };
    }
    half_rounds!(16, 12);
    half_rounds!(8, 7);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn columns_hold_the_definitions_blocks(seed: u64, point: u64, replicate: u32, couple in 0..u64::MAX - 8, counter in 0..1_u64 << 58) {
            let key = Key::new(seed, point, replicate, Realm::Life);
            let columns = key.blocks::<PackWord>(couple, counter);
            for k in 0..WIDTH {
                let block = key.block(couple + k as u64, counter);
                for word in 0..BLOCK_WORDS {
                    prop_assert_eq!(columns[word][k], block[word]);
                }
            }
        }
    }

    #[test]
    fn every_part_of_an_address_matters() {
        let base = Key::new(1, 0, 0, Realm::Life).block(0, 0);
        let others = [
            Key::new(2, 0, 0, Realm::Life).block(0, 0),
            Key::new(1 | 1 << 32, 0, 0, Realm::Life).block(0, 0),
            Key::new(1, 1, 0, Realm::Life).block(0, 0),
            Key::new(1, 0, 1, Realm::Life).block(0, 0),
            Key::new(1, 0, 0, Realm::Origin).block(0, 0),
            Key::new(1, 0, 0, Realm::Life).block(1, 0),
            Key::new(1, 0, 0, Realm::Life).block(0, 1),
        ];
        assert!(others.iter().all(|other| *other != base));
    }

    #[test]
    fn a_stream_read_forwards_passes_through_the_addressed_blocks() {
        let key = Key::new(7, 0, 3, Realm::Life);
        let mut rng = key.stream(11, 5);
        for counter in 5..9 {
            let read: [u32; BLOCK_WORDS] = from_fn(|_| rng.next_u32());
            assert_eq!(read, key.block(11, counter));
        }
    }

    #[test]
    fn the_first_words_are_what_they_were() {
        let block = Key::new(2026, 0, 0, Realm::Life).block(0, 0);
        assert_eq!(block[..4], FIRST_WORDS);
    }

    const FIRST_WORDS: [u32; 4] = [385_069_839, 1_679_120_977, 3_679_349_461, 513_432_314];
}
