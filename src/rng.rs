//! Counter-based random numbers: every draw has an address in a ChaCha8 keystream.
//!
//! The address of a word is (seed, design point, replicate, [`StreamKind`]) in the key, the couple
//! in the stream number, and the step and purpose in the position. A draw therefore depends
//! neither on the draws before it nor on the thread: two scenarios with one seed share their
//! random numbers by construction.
//!
//! `Key::block` is the definition, through the `rand_chacha` crate; a `MultiStream` computes
//! the same blocks for `STREAMS` couples together.

use crate::math::functions::{normal_quantile, vector};
use crate::simd::vector::Vector;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::array::from_fn;

/// Words of 32 bits in one block of keystream.
pub(crate) const BLOCK_WORDS: usize = 16;

/// Words of 64 bits in a pair of blocks that follow each other.
pub const PAIR_WORDS: usize = BLOCK_WORDS;

/// How many couples' keystreams a `MultiStream` computes together.
pub(crate) const STREAMS: usize = 8;

/// A number in [0, 1) from the upper 53 bits of a word.
#[inline]
pub(crate) fn unit(word: u64) -> f64 {
    (word >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}

/// The standard normal score of 64 random bits: the quantile of a uniform number of 52 of them.
#[inline]
pub(crate) fn normal_score(bits: u64) -> f64 {
    let uniform = ((bits >> 12) as f64 + 0.5) * (1.0 / 4_503_599_627_370_496.0);
    normal_quantile(uniform)
}

/// The standard normal score of the 64 random bits of each couple of a vector: the quantile of a uniform number of 52
/// of them.
#[inline(always)]
pub fn normal_scores<L: Vector>(word: L::Word) -> L {
    vector::normal_quantile(L::uniform::<12, 52>(word))
}

/// The use of a keystream; streams of different kinds never overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum StreamKind {
    /// The daily life of couples.
    Life = 0,
    /// Traits and initial states.
    Origin = 1,
    /// Designs, resampling and all other draws that do not belong to a couple.
    Study = 2,
    /// The childhoods of couples' partners.
    Childhood = 3,
    /// Errors of questionnaires and diaries.
    Measurement = 4,
    /// Couples of a study whose effects are given as numbers.
    Effects = 5,
}

/// The part of an address that a whole ensemble shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    words: [u32; 8],
}

impl Key {
    /// The key of one ensemble.
    ///
    /// `point` is the key of the design point: 0 where design points share common random numbers.
    pub fn new(seed: u64, point: u64, replicate: u32, kind: StreamKind) -> Key {
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
                kind as u32,
                name,
                u32::from_le_bytes(*b"bond"),
            ],
        }
    }

    /// The keystream of one couple, from block `counter` on.
    #[inline]
    pub(crate) fn stream(&self, couple: u64, counter: u64) -> ChaCha8Rng {
        let mut seed = [0_u8; 32];
        for (bytes, word) in seed.chunks_exact_mut(4).zip(self.words) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        let mut rng = ChaCha8Rng::from_seed(seed);
        rng.set_stream(couple);
        rng.set_word_pos(u128::from(counter) * BLOCK_WORDS as u128);
        rng
    }

    /// Reads one block.
    #[inline]
    pub(crate) fn block(&self, couple: u64, counter: u64) -> [u32; BLOCK_WORDS] {
        let mut rng = self.stream(couple, counter);
        from_fn(|_| rng.next_u32())
    }

    /// Reads the blocks 2 `number` and 2 `number` + 1 as words of 64 bits, whose low halves are
    /// the first block: the definition that `MultiStream::pair` must equal.
    #[inline]
    pub fn pair(&self, couple: u64, number: u64) -> [u64; PAIR_WORDS] {
        let mut words = [0; PAIR_WORDS];
        read_pairs(&mut self.stream(couple, 2 * number), &mut words);
        words
    }

    /// The keystreams of [`STREAMS`] couples, which are computed together.
    #[inline(always)]
    pub(crate) fn multi_stream<W: WordVector>(&self, couples: [u64; STREAMS]) -> MultiStream<W> {
        let k = &self.words;
        let low = W::from_array(from_fn(|lane| twice(couples[lane] as u32)));
        let high = W::from_array(from_fn(|lane| twice((couples[lane] >> 32) as u32)));
        let same = |word| W::splat(twice(word));
        MultiStream {
            key: *self,
            couples: [low, high],
            precomputed: [
                quarter([same(SIGMA[2]), same(k[2]), same(k[6]), low]),
                quarter([same(SIGMA[3]), same(k[3]), same(k[7]), high]),
            ],
        }
    }
}

/// Reads pairs of blocks from the current position of a keystream.
#[inline]
fn read_pairs(rng: &mut ChaCha8Rng, words: &mut [u64]) {
    for pair in words.chunks_exact_mut(PAIR_WORDS) {
        for word in &mut *pair {
            *word = u64::from(rng.next_u32());
        }
        for word in pair {
            *word |= u64::from(rng.next_u32()) << 32;
        }
    }
}

/// A word of 64 bits whose halves are the same.
const fn twice(word: u32) -> u64 {
    halves(word, word)
}

/// A word of 64 bits from its low and its high half.
const fn halves(low: u32, high: u32) -> u64 {
    (high as u64) << 32 | low as u64
}

const SIGMA: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];

/// The keystreams of [`STREAMS`] couples, computed together.
///
/// Two of the cipher's first four quarter-rounds depend only on the couples and are precomputed
/// here. The other two depend only on the number of the block and are computed once for all
/// couples.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MultiStream<W> {
    key: Key,
    couples: [W; 2],
    precomputed: [[W; 4]; 2],
}

impl<W: WordVector> MultiStream<W> {
    /// Computes the blocks 2 `number` and 2 `number` + 1, word by word for all couples.
    #[inline(always)]
    pub(crate) fn pair(&self, number: u64) -> [W; PAIR_WORDS] {
        let k = &self.key.words;
        let counter = number.wrapping_mul(2);
        let (low, low_next) = (counter as u32, counter as u32 | 1);
        let high = (counter >> 32) as u32;
        // No closures: a function that the compiler does not inline has no vector registers.
        let first = quarter([SIGMA[0], k[0], k[4], low]);
        let first_next = quarter([SIGMA[0], k[0], k[4], low_next]);
        let second = quarter([SIGMA[1], k[1], k[5], high]);
        let mut x = [self.couples[0]; PAIR_WORDS];
        for row in 0..4 {
            x[4 * row] = W::splat(halves(first[row], first_next[row]));
            x[4 * row + 1] = W::splat(twice(second[row]));
            x[4 * row + 2] = self.precomputed[0][row];
            x[4 * row + 3] = self.precomputed[1][row];
        }
        for round in 0..4 {
            if round > 0 {
                quarter_pair(&mut x, [0, 4, 8, 12], [1, 5, 9, 13]);
                quarter_pair(&mut x, [2, 6, 10, 14], [3, 7, 11, 15]);
            }
            quarter_pair(&mut x, [0, 5, 10, 15], [1, 6, 11, 12]);
            quarter_pair(&mut x, [2, 7, 8, 13], [3, 4, 9, 14]);
        }
        for place in 0..4 {
            x[place] = x[place].wrapping_add(W::splat(twice(SIGMA[place])));
        }
        for place in 0..8 {
            x[4 + place] = x[4 + place].wrapping_add(W::splat(twice(k[place])));
        }
        x[12] = x[12].wrapping_add(W::splat(halves(low, low_next)));
        x[13] = x[13].wrapping_add(W::splat(twice(high)));
        x[14] = x[14].wrapping_add(self.couples[0]);
        x[15] = x[15].wrapping_add(self.couples[1]);
        x
    }
}

/// The operations of the cipher on words of 32 bits, one or many at a time.
pub(crate) trait ChaChaWord: Copy {
    /// The sum, modulo 2³².
    fn wrapping_add(self, other: Self) -> Self;
    /// The exclusive or, rotated left by 16, 12, 8 or 7 bits.
    fn xor_rotl<const BY: u32>(self, other: Self) -> Self;
}

/// Words of 64 bits of `STREAMS` couples, whose low halves belong to one block and whose high
/// halves belong to the next.
pub(crate) trait WordVector: ChaChaWord {
    /// The same word for every couple.
    fn splat(word: u64) -> Self;
    /// One word for each couple.
    fn from_array(words: [u64; STREAMS]) -> Self;
}

/// A single word, for what does not depend on couples.
impl ChaChaWord for u32 {
    #[inline(always)]
    fn wrapping_add(self, other: u32) -> u32 {
        self.wrapping_add(other)
    }
    #[inline(always)]
    fn xor_rotl<const BY: u32>(self, other: u32) -> u32 {
        (self ^ other).rotate_left(BY)
    }
}

/// A vector with the random numbers of its couples.
pub trait VectorRng: Vector {
    /// The keystreams of the vector's couples.
    type Streams: Clone;
    /// The keystreams of couples, of which there are at most [`Vector::LANES`]; a lane without a
    /// couple draws the numbers of the first one.
    ///
    /// # Panics
    /// If there is no couple.
    fn streams(key: &Key, couples: &[u64]) -> Self::Streams;
    /// Reads pairs of blocks from pair `number` on: as many as `words` holds.
    fn fill(streams: &mut Self::Streams, number: u64, words: &mut [Self::Word]);
}

/// The definition: one couple's keystream through `rand_chacha`.
impl VectorRng for f64 {
    type Streams = ChaCha8Rng;
    #[inline(always)]
    fn streams(key: &Key, couples: &[u64]) -> ChaCha8Rng {
        key.stream(couples[0], 0)
    }
    #[inline(always)]
    fn fill(streams: &mut ChaCha8Rng, number: u64, words: &mut [u64]) {
        let wanted = u128::from(number) * (2 * BLOCK_WORDS) as u128;
        if streams.get_word_pos() != wanted {
            streams.set_word_pos(wanted);
        }
        read_pairs(streams, words);
    }
}

/// Implements [`VectorRng`] for a vector of [`STREAMS`] couples, whose keystreams are computed together.
macro_rules! multi_stream_rng {
    ($vector:ty, $word:ty) => {
        impl $crate::rng::VectorRng for $vector {
            type Streams = $crate::rng::MultiStream<$word>;
            #[inline(always)]
            fn streams(key: &$crate::rng::Key, couples: &[u64]) -> Self::Streams {
                key.multi_stream(std::array::from_fn(|lane| {
                    *couples.get(lane).unwrap_or(&couples[0])
                }))
            }
            #[inline(always)]
            fn fill(streams: &mut Self::Streams, number: u64, words: &mut [Self::Word]) {
                let mut number = number;
                for pair in words.chunks_exact_mut($crate::rng::PAIR_WORDS) {
                    let read = streams.pair(number);
                    for place in 0..$crate::rng::PAIR_WORDS {
                        pair[place] = read[place];
                    }
                    number += 1;
                }
            }
        }
    };
}
pub(crate) use multi_stream_rng;

/// A quarter-round.
#[inline(always)]
fn quarter<W: ChaChaWord>([mut a, mut b, mut c, mut d]: [W; 4]) -> [W; 4] {
    a = a.wrapping_add(b);
    d = d.xor_rotl::<16>(a);
    c = c.wrapping_add(d);
    b = b.xor_rotl::<12>(c);
    a = a.wrapping_add(b);
    d = d.xor_rotl::<8>(a);
    c = c.wrapping_add(d);
    b = b.xor_rotl::<7>(c);
    [a, b, c, d]
}

/// Two quarter-rounds that touch different words, interleaved so that their latencies overlap.
#[inline(always)]
fn quarter_pair<W: ChaChaWord>(x: &mut [W; PAIR_WORDS], one: [usize; 4], two: [usize; 4]) {
    let ([a, b, c, d], [e, f, g, h]) = (one, two);
    macro_rules! half_rounds {
        ($first:literal, $second:literal) => {
            x[a] = x[a].wrapping_add(x[b]);
            x[e] = x[e].wrapping_add(x[f]);
            x[d] = x[d].xor_rotl::<$first>(x[a]);
            x[h] = x[h].xor_rotl::<$first>(x[e]);
            x[c] = x[c].wrapping_add(x[d]);
            x[g] = x[g].wrapping_add(x[h]);
            x[b] = x[b].xor_rotl::<$second>(x[c]);
            x[f] = x[f].xor_rotl::<$second>(x[g]);
        };
    }
    half_rounds!(16, 12);
    half_rounds!(8, 7);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::test_support::{ArrayVector, ArrayWord};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_multi_stream_equals_the_streams_of_its_couples(seed: u64, point: u64, replicate: u32, couple in 0..u64::MAX - 8, number in 0..1_u64 << 57) {
            let key = Key::new(seed, point, replicate, StreamKind::Life);
            let columns = key.multi_stream::<ArrayWord>(from_fn(|k| couple + k as u64)).pair(number);
            for k in 0..STREAMS {
                let pair = key.pair(couple + k as u64, number);
                for word in 0..PAIR_WORDS {
                    prop_assert_eq!(columns[word][k], pair[word]);
                }
            }
        }

        #[test]
        fn a_pair_is_two_consecutive_blocks(seed: u64, couple: u64, number in 0..1_u64 << 57) {
            let key = Key::new(seed, 0, 0, StreamKind::Life);
            let [low, high] = [2 * number, 2 * number + 1].map(|counter| key.block(couple, counter));
            let pair = key.pair(couple, number);
            for word in 0..PAIR_WORDS {
                prop_assert_eq!(pair[word], u64::from(high[word]) << 32 | u64::from(low[word]));
            }
        }
    }

    #[test]
    fn normal_scores_of_a_vector_are_those_of_its_couples() {
        let key = Key::new(3, 0, 0, StreamKind::Origin);
        let couples: [u64; STREAMS] = from_fn(|k| k as u64);
        let mut columns = key.multi_stream::<ArrayWord>(couples);
        let mut words = vec![[0; STREAMS]; 100 * PAIR_WORDS];
        ArrayVector::fill(&mut columns, 0, &mut words);
        words.extend([[0; STREAMS], [u64::MAX; STREAMS]]);
        for word in words {
            let scores = normal_scores::<ArrayVector>(word);
            for k in 0..STREAMS {
                assert_eq!(scores.extract(k).to_bits(), normal_score(word[k]).to_bits());
                let alone = normal_scores::<f64>(word[k]);
                assert_eq!(alone.to_bits(), scores.extract(k).to_bits());
            }
        }
    }

    #[test]
    fn every_part_of_an_address_matters() {
        let base = Key::new(1, 0, 0, StreamKind::Life).block(0, 0);
        let others = [
            Key::new(2, 0, 0, StreamKind::Life).block(0, 0),
            Key::new(1 | 1 << 32, 0, 0, StreamKind::Life).block(0, 0),
            Key::new(1, 1, 0, StreamKind::Life).block(0, 0),
            Key::new(1, 0, 1, StreamKind::Life).block(0, 0),
            Key::new(1, 0, 0, StreamKind::Origin).block(0, 0),
            Key::new(1, 0, 0, StreamKind::Childhood).block(0, 0),
            Key::new(1, 0, 0, StreamKind::Life).block(1, 0),
            Key::new(1, 0, 0, StreamKind::Life).block(0, 1),
        ];
        assert!(others.iter().all(|other| *other != base));
    }

    #[test]
    fn a_stream_read_forwards_passes_through_the_addressed_blocks() {
        let key = Key::new(7, 0, 3, StreamKind::Life);
        let mut rng = key.stream(11, 5);
        for counter in 5..9 {
            let read: [u32; BLOCK_WORDS] = from_fn(|_| rng.next_u32());
            assert_eq!(read, key.block(11, counter));
        }
    }

    #[test]
    fn the_first_words_keep_their_values() {
        let block = Key::new(2026, 0, 0, StreamKind::Life).block(0, 0);
        assert_eq!(block[..4], FIRST_WORDS);
    }

    const FIRST_WORDS: [u32; 4] = [385_069_839, 1_679_120_977, 3_679_349_461, 513_432_314];
}
