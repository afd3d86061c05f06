//! Eight couples in two 256-bit registers.

#![allow(
    unsafe_code,
    reason = "each operation is one instruction; see the safety note of `vector`"
)]

use super::{middle, operators};
use crate::foundation::chance::WordLane;
use crate::foundation::lane::{
    Lane, MAGIC, Mask, OCTAVE_FLOOR, OCTAVE_LIFT, SCALE_16, SCALE_32, SCALE_52, SIGNIFICAND,
    UPPER_HALF,
};
use std::arch::x86_64::*;
use std::ops::{BitAnd, BitOr, Not};

/// One number for each of eight couples.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx2([__m256d; 2]);

/// One truth value for each of eight couples: all bits set or none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MaskAvx2([__m256d; 2]);

/// One random word for each of eight couples.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WordAvx2(__m256i);

/// The same instruction on both registers.
macro_rules! both {
    ($instruction:expr; $($operand:expr),+) => {
        // SAFETY: lanes exist only on processors with AVX2 and FMA (see `vector`).
        unsafe { [$instruction($($operand[0]),+), $instruction($($operand[1]),+)] }
    };
}

impl Avx2 {
    #[inline(always)]
    fn plus(self, other: Avx2) -> Avx2 {
        Avx2(both!(_mm256_add_pd; self.0, other.0))
    }
    #[inline(always)]
    fn minus(self, other: Avx2) -> Avx2 {
        Avx2(both!(_mm256_sub_pd; self.0, other.0))
    }
    #[inline(always)]
    fn times(self, other: Avx2) -> Avx2 {
        Avx2(both!(_mm256_mul_pd; self.0, other.0))
    }
    #[inline(always)]
    fn negated(self) -> Avx2 {
        Avx2(both!(_mm256_xor_pd; self.0, <Avx2 as Lane>::splat(-0.0).0))
    }
    /// Eight integers below 2³², given as the low and high four in 64 bits each, as numbers.
    #[inline(always)]
    fn whole(low: __m128i, high: __m128i) -> Avx2 {
        // SAFETY: as above. An integer laid into the mantissa of 2⁵² converts exactly.
        unsafe {
            let magic = _mm256_set1_pd(4_503_599_627_370_496.0);
            let low = _mm256_castsi256_pd(_mm256_cvtepu32_epi64(low));
            let high = _mm256_castsi256_pd(_mm256_cvtepu32_epi64(high));
            Avx2([
                _mm256_sub_pd(_mm256_or_pd(low, magic), magic),
                _mm256_sub_pd(_mm256_or_pd(high, magic), magic),
            ])
        }
    }
    #[inline(always)]
    fn integers(words: __m256i) -> Avx2 {
        // SAFETY: as above.
        unsafe {
            Avx2::whole(
                _mm256_castsi256_si128(words),
                _mm256_extracti128_si256::<1>(words),
            )
        }
    }
    #[inline(always)]
    fn bits(self) -> [__m256i; 2] {
        both!(_mm256_castpd_si256; self.0)
    }
    #[inline(always)]
    fn of_bits(bits: [__m256i; 2]) -> Avx2 {
        Avx2(both!(_mm256_castsi256_pd; bits))
    }
    #[inline(always)]
    fn values(self) -> [f64; 8] {
        let mut values = [0.0; 8];
        // SAFETY: as above; the array holds the registers' eight numbers.
        unsafe {
            _mm256_storeu_pd(values.as_mut_ptr(), self.0[0]);
            _mm256_storeu_pd(values.as_mut_ptr().add(4), self.0[1]);
        }
        values
    }
}
operators!(Avx2);

impl BitAnd for MaskAvx2 {
    type Output = MaskAvx2;
    #[inline(always)]
    fn bitand(self, other: MaskAvx2) -> MaskAvx2 {
        MaskAvx2(both!(_mm256_and_pd; self.0, other.0))
    }
}
impl BitOr for MaskAvx2 {
    type Output = MaskAvx2;
    #[inline(always)]
    fn bitor(self, other: MaskAvx2) -> MaskAvx2 {
        MaskAvx2(both!(_mm256_or_pd; self.0, other.0))
    }
}
impl Not for MaskAvx2 {
    type Output = MaskAvx2;
    #[inline(always)]
    fn not(self) -> MaskAvx2 {
        MaskAvx2(both!(_mm256_xor_pd; self.0, <Avx2 as Lane>::mask(true).0))
    }
}
impl Mask for MaskAvx2 {
    #[inline(always)]
    fn none(self) -> bool {
        // SAFETY: as above.
        unsafe { _mm256_movemask_pd(_mm256_or_pd(self.0[0], self.0[1])) == 0 }
    }
}

impl Lane for Avx2 {
    type Mask = MaskAvx2;
    type Word = WordAvx2;
    const WIDTH: usize = 8;
    // SAFETY: every pattern of 256 bits is a `__m256i`.
    const ZERO: WordAvx2 = WordAvx2(unsafe { std::mem::zeroed() });

    #[inline(always)]
    fn splat(value: f64) -> Self {
        // SAFETY: as above.
        Avx2([unsafe { _mm256_set1_pd(value) }; 2])
    }
    #[inline(always)]
    fn mask(value: bool) -> MaskAvx2 {
        let bits = f64::from_bits(if value { u64::MAX } else { 0 });
        MaskAvx2(<Avx2 as Lane>::splat(bits).0)
    }
    #[inline(always)]
    fn times_plus(self, by: Self, plus: Self) -> Self {
        Avx2(both!(_mm256_fmadd_pd; self.0, by.0, plus.0))
    }
    #[inline(always)]
    fn times_less(self, by: Self, less: Self) -> Self {
        Avx2(both!(_mm256_fmsub_pd; self.0, by.0, less.0))
    }
    #[inline(always)]
    fn less_times(self, one: Self, other: Self) -> Self {
        Avx2(both!(_mm256_fnmadd_pd; one.0, other.0, self.0))
    }
    #[inline(always)]
    fn lt(self, other: Self) -> MaskAvx2 {
        MaskAvx2(both!(_mm256_cmp_pd::<_CMP_LT_OQ>; self.0, other.0))
    }
    #[inline(always)]
    fn ge(self, other: Self) -> MaskAvx2 {
        MaskAvx2(both!(_mm256_cmp_pd::<_CMP_GE_OQ>; self.0, other.0))
    }
    #[inline(always)]
    fn or_else(self, mask: MaskAvx2, other: Self) -> Self {
        Avx2(both!(_mm256_blendv_pd; other.0, self.0, mask.0))
    }
    #[inline(always)]
    fn only(self, mask: MaskAvx2) -> Self {
        Avx2(both!(_mm256_and_pd; self.0, mask.0))
    }
    #[inline(always)]
    fn least(self, other: Self) -> Self {
        // The instruction gives its second operand where either is NaN.
        Avx2(both!(_mm256_min_pd; self.0, other.0))
    }
    #[inline(always)]
    fn most(self, other: Self) -> Self {
        // The instruction gives its second operand where either is NaN.
        Avx2(both!(_mm256_max_pd; self.0, other.0))
    }
    #[inline(always)]
    fn magnitude(self) -> Self {
        Avx2(both!(_mm256_andnot_pd; <Avx2 as Lane>::splat(-0.0).0, self.0))
    }
    #[inline(always)]
    fn over(self, other: Self) -> Self {
        Avx2(both!(_mm256_div_pd; self.0, other.0))
    }
    #[inline(always)]
    fn root(self) -> Self {
        Avx2(both!(_mm256_sqrt_pd; self.0))
    }
    #[inline(always)]
    fn two_to(self) -> Self {
        // The exponent is laid into the lowest bits, and moved to its place.
        let laid = (self + 1_023.0 + MAGIC).bits();
        Avx2::of_bits(both!(_mm256_slli_epi64::<52>; laid))
    }
    #[inline(always)]
    fn octave(self) -> (Self, Self) {
        let lifted = both!(_mm256_add_epi64; self.bits(), same_bits(OCTAVE_LIFT));
        let own = both!(_mm256_and_si256; lifted, same_bits(SIGNIFICAND));
        let rest = both!(_mm256_add_epi64; own, same_bits(OCTAVE_FLOOR));
        let exponent = both!(_mm256_srli_epi64::<52>; lifted);
        let laid = Avx2::of_bits(both!(_mm256_or_si256; exponent, same_bits(MAGIC.to_bits())));
        (laid - MAGIC - 1_023.0, Avx2::of_bits(rest))
    }
    #[inline(always)]
    fn coarse(self) -> Self {
        Avx2::of_bits(both!(_mm256_and_si256; self.bits(), same_bits(UPPER_HALF)))
    }
    #[inline(always)]
    fn uniform(word: WordAvx2) -> Self {
        middle(Avx2::integers(word.0), SCALE_32)
    }
    #[inline(always)]
    fn uniform_low(word: WordAvx2) -> Self {
        // SAFETY: as above.
        let low = unsafe { _mm256_and_si256(word.0, _mm256_set1_epi32(0xffff)) };
        middle(Avx2::integers(low), SCALE_16)
    }
    #[inline(always)]
    fn uniform_high(word: WordAvx2) -> Self {
        // SAFETY: as above.
        let high = unsafe { _mm256_srli_epi32::<16>(word.0) };
        middle(Avx2::integers(high), SCALE_16)
    }
    #[inline(always)]
    fn uniform_of_two(low: WordAvx2, high: WordAvx2) -> Self {
        // SAFETY: as above. The whole numbers stay below 2⁵², where sums are exact.
        let low = Avx2::integers(unsafe { _mm256_srli_epi32::<12>(low.0) });
        let high = Avx2::integers(high.0);
        let whole = high.scaled_plus(1_048_576.0, low);
        middle(whole, SCALE_52)
    }
    #[inline(always)]
    fn triangle(word: WordAvx2) -> Self {
        // SAFETY: as above. 32-bit integers convert exactly.
        unsafe {
            let low = _mm256_and_si256(word.0, _mm256_set1_epi32(0xffff));
            let high = _mm256_srli_epi32::<16>(word.0);
            let sum = _mm256_add_epi32(_mm256_add_epi32(low, high), _mm256_set1_epi32(-65_535));
            Avx2([
                _mm256_cvtepi32_pd(_mm256_castsi256_si128(sum)),
                _mm256_cvtepi32_pd(_mm256_extracti128_si256::<1>(sum)),
            ])
        }
    }
    #[inline(always)]
    fn total(lanes: &[Avx2]) -> f64 {
        let [low, high] = lanes[0].0;
        // SAFETY: as above.
        total_of_four(unsafe { _mm256_add_pd(low, high) })
    }
    #[inline(always)]
    fn at(&self, index: usize) -> f64 {
        self.values()[index]
    }
    #[inline(always)]
    fn load(from: &[f64]) -> Self {
        let from = &from[..8];
        // SAFETY: as above; there are eight numbers.
        Avx2(unsafe {
            [
                _mm256_loadu_pd(from.as_ptr()),
                _mm256_loadu_pd(from.as_ptr().add(4)),
            ]
        })
    }
    #[inline(always)]
    fn store(&self, to: &mut [f64]) {
        to[..8].copy_from_slice(&self.values());
    }
    #[inline(always)]
    fn store_whole(&self, to: &mut [u16]) {
        let to = &mut to[..8];
        // SAFETY: as above; there is room for eight numbers of 16 bits.
        unsafe {
            let [low, high] = [
                _mm256_cvttpd_epi32(self.0[0]),
                _mm256_cvttpd_epi32(self.0[1]),
            ];
            _mm_storeu_si128(to.as_mut_ptr().cast(), _mm_packus_epi32(low, high));
        }
    }
    #[inline(always)]
    fn put(&mut self, index: usize, value: f64) {
        let mut values = self.values();
        values[index] = value;
        // SAFETY: as above; the array holds eight numbers.
        self.0 = unsafe {
            [
                _mm256_loadu_pd(values.as_ptr()),
                _mm256_loadu_pd(values.as_ptr().add(4)),
            ]
        };
    }
}

impl WordLane for WordAvx2 {
    type Word = WordAvx2;
    const BLOCKS: usize = 1;
    #[inline(always)]
    fn each(first: u32, _next: u32) -> Self {
        // SAFETY: as above.
        WordAvx2(unsafe { _mm256_set1_epi32(first as i32) })
    }
    #[inline(always)]
    fn of(words: [u32; 8]) -> Self {
        // SAFETY: as above; the array holds eight words.
        WordAvx2(unsafe { _mm256_loadu_si256(words.as_ptr().cast()) })
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        // SAFETY: as above.
        WordAvx2(unsafe { _mm256_add_epi32(self.0, other.0) })
    }
    #[inline(always)]
    fn mixed<const BY: u32>(self, other: Self) -> Self {
        // SAFETY: as above. Turning by whole bytes is one shuffle.
        WordAvx2(unsafe {
            let mixed = _mm256_xor_si256(self.0, other.0);
            match BY {
                16 => _mm256_shuffle_epi8(mixed, bytes_turned(2)),
                12 => turned::<12, 20>(mixed),
                8 => _mm256_shuffle_epi8(mixed, bytes_turned(1)),
                _ => turned::<7, 25>(mixed),
            }
        })
    }
    #[inline(always)]
    fn block(self, _block: usize) -> WordAvx2 {
        self
    }
}

/// Of a, b, c and d the sum (a + c) + (b + d).
#[inline(always)]
pub(super) fn total_of_four(numbers: __m256d) -> f64 {
    // SAFETY: as above.
    unsafe {
        let high = _mm256_extractf128_pd::<1>(numbers);
        let two = _mm_add_pd(_mm256_castpd256_pd128(numbers), high);
        _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)))
    }
}

/// The same 64 bits for every couple.
#[inline(always)]
fn same_bits(bits: u64) -> [__m256i; 2] {
    // SAFETY: as above.
    [unsafe { _mm256_set1_epi64x(bits as i64) }; 2]
}

/// The shuffle that turns every word left by whole bytes.
#[inline(always)]
fn bytes_turned(by: u8) -> __m256i {
    let bytes: [u8; 32] = std::array::from_fn(|k| (k as u8 & 12) | (k as u8).wrapping_sub(by) & 3);
    // SAFETY: as above; the array holds 32 bytes.
    unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) }
}

#[inline(always)]
fn turned<const LEFT: i32, const RIGHT: i32>(word: __m256i) -> __m256i {
    // SAFETY: as above.
    unsafe {
        _mm256_or_si256(
            _mm256_slli_epi32::<LEFT>(word),
            _mm256_srli_epi32::<RIGHT>(word),
        )
    }
}
