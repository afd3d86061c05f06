//! Addressed randomness of designs: keys by purpose, and a fast mixer under such a key.

use crate::rng::{BLOCK_WORDS, Key, StreamKind};

/// Names the keystream of one purpose within a study.
pub(crate) fn key(seed: u64, purpose: &[u8; 8]) -> Key {
    Key::new(seed, u64::from_le_bytes(*purpose), 0, StreamKind::Study)
}

/// The eight 64-bit words of one block.
pub(crate) fn words(key: &Key, stream: u64, counter: u64) -> [u64; BLOCK_WORDS / 2] {
    let block = key.block(stream, counter);
    std::array::from_fn(|k| u64::from(block[2 * k]) | u64::from(block[2 * k + 1]) << 32)
}

/// A number in [0, 1) from the upper 53 bits of a word.
pub(crate) fn unit(word: u64) -> f64 {
    (word >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}

/// A whole number below `bound`, uniform to within `bound` / 2^64.
pub(crate) fn below(word: u64, bound: u64) -> u64 {
    ((u128::from(word) * u128::from(bound)) >> 64) as u64
}

/// Mixes a word under a key; all bits of the result depend on all bits of both
/// (Stafford's thirteenth variant of the 64-bit finaliser, twice).
pub(crate) fn mix(word: u64, key: u64) -> u64 {
    finalise(finalise(word ^ key).wrapping_add(key))
}

fn finalise(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}
