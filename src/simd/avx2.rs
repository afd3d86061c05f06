//! Eight couples in two 256-bit registers.

#![allow(
    unsafe_code,
    reason = "each operation is one instruction; see the safety note of `simd`"
)]

use super::kernel::Kernel;
use super::vector::{middle, operators};
use crate::rng::{ChaChaWord, WordVector, multi_stream_rng};
use crate::simd::vector::{
    MAGIC, Mask, OCTAVE_FLOOR, OCTAVE_LIFT, SIGNIFICAND, UPPER_HALF, Vector, lowest,
};
use std::arch::x86_64::*;
use std::ops::{BitAnd, BitOr, Not};

/// Two registers. An array is memory until the compiler has split it, which takes most of a minute (decision 099).
#[derive(Clone, Copy, Debug)]
struct Two<T>(T, T);

/// One number for each of eight couples.
#[derive(Clone, Copy, Debug)]
pub(super) struct Avx2(Two<__m256d>);

/// One truth value for each of eight couples: all bits set or none.
#[derive(Clone, Copy, Debug)]
pub(super) struct MaskAvx2(Two<__m256d>);

/// One random word for each of eight couples.
#[derive(Clone, Copy, Debug)]
pub(super) struct WordAvx2(Two<__m256i>);

/// The same instruction on both registers.
macro_rules! both {
    ($instruction:expr; $($operand:expr),+) => {
        // SAFETY: values exist only on processors with AVX2 and FMA (see the module `simd`).
        unsafe { Two($instruction($($operand.0),+), $instruction($($operand.1),+)) }
    };
}

/// Runs a kernel with these instructions. Each instruction set has its own function in its own module, so that the
/// compiler can translate them at the same time.
#[target_feature(enable = "avx2,fma")]
pub(super) fn run_avx2<K: Kernel>(kernel: K) -> K::Output {
    kernel.run::<Avx2>()
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
        Avx2(both!(_mm256_xor_pd; self.0, <Avx2 as Vector>::splat(-0.0).0))
    }
    #[inline(always)]
    fn bits(self) -> Two<__m256i> {
        both!(_mm256_castpd_si256; self.0)
    }
    #[inline(always)]
    fn of_bits(bits: Two<__m256i>) -> Avx2 {
        Avx2(both!(_mm256_castsi256_pd; bits))
    }
    #[inline(always)]
    fn values(self) -> [f64; 8] {
        let mut values = [0.0; 8];
        // SAFETY: as above; the array holds the registers' eight numbers.
        unsafe {
            _mm256_storeu_pd(values.as_mut_ptr(), self.0.0);
            _mm256_storeu_pd(values.as_mut_ptr().add(4), self.0.1);
        }
        values
    }
}
operators!(Avx2);
multi_stream_rng!(Avx2, WordAvx2);

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
        MaskAvx2(both!(_mm256_xor_pd; self.0, <Avx2 as Vector>::mask(true).0))
    }
}
impl Mask for MaskAvx2 {
    #[inline(always)]
    fn none(self) -> bool {
        // SAFETY: as above.
        unsafe { _mm256_movemask_pd(_mm256_or_pd(self.0.0, self.0.1)) == 0 }
    }
}

impl Vector for Avx2 {
    type Mask = MaskAvx2;
    type Word = WordAvx2;
    const LANES: usize = 8;
    // SAFETY: every pattern of 256 bits is a `__m256i`.
    const ZERO: WordAvx2 = WordAvx2(unsafe { std::mem::zeroed() });

    #[inline(always)]
    fn splat(value: f64) -> Self {
        // SAFETY: as above.
        let all = unsafe { _mm256_set1_pd(value) };
        Avx2(Two(all, all))
    }
    #[inline(always)]
    fn mask(value: bool) -> MaskAvx2 {
        let bits = f64::from_bits(if value { u64::MAX } else { 0 });
        MaskAvx2(<Avx2 as Vector>::splat(bits).0)
    }
    #[inline(always)]
    fn mul_add(self, by: Self, plus: Self) -> Self {
        Avx2(both!(_mm256_fmadd_pd; self.0, by.0, plus.0))
    }
    #[inline(always)]
    fn mul_sub(self, by: Self, less: Self) -> Self {
        Avx2(both!(_mm256_fmsub_pd; self.0, by.0, less.0))
    }
    #[inline(always)]
    fn sub_mul(self, one: Self, other: Self) -> Self {
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
    fn select(self, mask: MaskAvx2, other: Self) -> Self {
        Avx2(both!(_mm256_blendv_pd; other.0, self.0, mask.0))
    }
    #[inline(always)]
    fn masked(self, mask: MaskAvx2) -> Self {
        Avx2(both!(_mm256_and_pd; self.0, mask.0))
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        // The instruction gives its second operand where either is NaN.
        Avx2(both!(_mm256_min_pd; self.0, other.0))
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        // The instruction gives its second operand where either is NaN.
        Avx2(both!(_mm256_max_pd; self.0, other.0))
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Avx2(both!(_mm256_andnot_pd; <Avx2 as Vector>::splat(-0.0).0, self.0))
    }
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        Avx2(both!(_mm256_div_pd; self.0, other.0))
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Avx2(both!(_mm256_sqrt_pd; self.0))
    }
    #[inline(always)]
    fn exp2_int(self) -> Self {
        // The exponent is added to the lowest bits and shifted to its place.
        let with_exponent = (self + 1_023.0 + MAGIC).bits();
        Avx2::of_bits(both!(_mm256_slli_epi64::<52>; with_exponent))
    }
    #[inline(always)]
    fn frexp(self) -> (Self, Self) {
        let lifted = both!(_mm256_add_epi64; self.bits(), same_bits(OCTAVE_LIFT));
        let own = both!(_mm256_and_si256; lifted, same_bits(SIGNIFICAND));
        let rest = both!(_mm256_add_epi64; own, same_bits(OCTAVE_FLOOR));
        let exponent = both!(_mm256_srli_epi64::<52>; lifted);
        let with_exponent =
            Avx2::of_bits(both!(_mm256_or_si256; exponent, same_bits(MAGIC.to_bits())));
        (with_exponent - MAGIC - 1_023.0, Avx2::of_bits(rest))
    }
    #[inline(always)]
    fn clear_low_word(self) -> Self {
        Avx2::of_bits(both!(_mm256_and_si256; self.bits(), same_bits(UPPER_HALF)))
    }
    #[inline(always)]
    fn shr<const FROM: u32>(word: WordAvx2) -> WordAvx2 {
        WordAvx2(shifted_right::<FROM>(word.0))
    }
    #[inline(always)]
    fn xor(one: WordAvx2, other: WordAvx2) -> WordAvx2 {
        WordAvx2(both!(_mm256_xor_si256; one.0, other.0))
    }
    #[inline(always)]
    fn uniform<const FROM: u32, const BITS: u32>(word: WordAvx2) -> Self {
        let own = both!(_mm256_and_si256; shifted_right::<FROM>(word.0), same_bits(lowest(BITS)));
        let with_exponent = both!(_mm256_or_si256; own, same_bits(MAGIC.to_bits()));
        middle::<Avx2, BITS>(Avx2::of_bits(with_exponent))
    }
    #[inline(always)]
    fn triangular_noise<const FROM: u32>(word: WordAvx2) -> Self {
        let own = both!(_mm256_and_si256; word.0, same_bits(0xffff << FROM));
        // One instruction sums the bytes of a number.
        let sum = both!(_mm256_sad_epu8; own, same_bits(0));
        let with_exponent = both!(_mm256_or_si256; sum, same_bits(MAGIC.to_bits()));
        Avx2::of_bits(with_exponent) - (MAGIC + 255.0)
    }
    #[inline(always)]
    fn reduce_sum(vectors: &[Avx2]) -> f64 {
        let Two(low, high) = vectors[0].0;
        // SAFETY: as above.
        total_of_four(unsafe { _mm256_add_pd(low, high) })
    }
    #[inline(always)]
    fn extract(&self, index: usize) -> f64 {
        self.values()[index]
    }
    #[inline(always)]
    fn load(from: &[f64]) -> Self {
        let from = &from[..8];
        // SAFETY: as above; there are eight numbers.
        Avx2(unsafe {
            Two(
                _mm256_loadu_pd(from.as_ptr()),
                _mm256_loadu_pd(from.as_ptr().add(4)),
            )
        })
    }
    #[inline(always)]
    fn store(&self, to: &mut [f64]) {
        to[..8].copy_from_slice(&self.values());
    }
    #[inline(always)]
    fn store_u16(&self, to: &mut [u16]) {
        let to = &mut to[..8];
        // SAFETY: as above; there is space for eight numbers of 16 bits.
        unsafe {
            let [low, high] = [_mm256_cvttpd_epi32(self.0.0), _mm256_cvttpd_epi32(self.0.1)];
            _mm_storeu_si128(to.as_mut_ptr().cast(), _mm_packus_epi32(low, high));
        }
    }
    #[inline(always)]
    fn replace(&mut self, index: usize, value: f64) {
        let mut values = self.values();
        values[index] = value;
        // SAFETY: as above; the array holds eight numbers.
        self.0 = unsafe {
            Two(
                _mm256_loadu_pd(values.as_ptr()),
                _mm256_loadu_pd(values.as_ptr().add(4)),
            )
        };
    }
}

impl ChaChaWord for WordAvx2 {
    #[inline(always)]
    fn wrapping_add(self, other: Self) -> Self {
        WordAvx2(both!(_mm256_add_epi32; self.0, other.0))
    }
    #[inline(always)]
    fn xor_rotl<const BY: u32>(self, other: Self) -> Self {
        let Two(low, high) = both!(_mm256_xor_si256; self.0, other.0);
        WordAvx2(Two(rotated_left::<BY>(low), rotated_left::<BY>(high)))
    }
}

impl WordVector for WordAvx2 {
    #[inline(always)]
    fn splat(word: u64) -> Self {
        WordAvx2(same_bits(word))
    }
    #[inline(always)]
    fn from_array(words: [u64; 8]) -> Self {
        // SAFETY: as above; the array holds eight words.
        WordAvx2(unsafe {
            Two(
                _mm256_loadu_si256(words.as_ptr().cast()),
                _mm256_loadu_si256(words.as_ptr().add(4).cast()),
            )
        })
    }
}

/// The words of both registers, shifted right.
#[inline(always)]
fn shifted_right<const FROM: u32>(words: Two<__m256i>) -> Two<__m256i> {
    // SAFETY: as above.
    let by = unsafe { _mm_cvtsi32_si128(FROM as i32) };
    both!(_mm256_srl_epi64; words, Two(by, by))
}

/// Numbers of 32 bits, rotated left by 16, 12, 8 or 7 of them.
#[inline(always)]
fn rotated_left<const BY: u32>(mixed: __m256i) -> __m256i {
    // SAFETY: as above. A rotation by bytes is one shuffle.
    unsafe {
        match BY {
            16 => _mm256_shuffle_epi8(mixed, rotation_by_bytes::<2>()),
            12 => rotated_by_shifts::<12, 20>(mixed),
            8 => _mm256_shuffle_epi8(mixed, rotation_by_bytes::<1>()),
            _ => rotated_by_shifts::<7, 25>(mixed),
        }
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
fn same_bits(bits: u64) -> Two<__m256i> {
    // SAFETY: as above.
    let all = unsafe { _mm256_set1_epi64x(bits as i64) };
    Two(all, all)
}

/// The shuffle that rotates every number of 32 bits left by bytes.
#[inline(always)]
fn rotation_by_bytes<const BY: usize>() -> __m256i {
    let bytes = const { rotated_bytes(BY) };
    // SAFETY: as above; the array holds 32 bytes.
    unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) }
}

/// Where the bytes of eight numbers of 32 bits come from after a rotation left by some bytes.
const fn rotated_bytes(by: usize) -> [u8; 32] {
    let mut places = [0; 32];
    let mut at = 0;
    while at < 32 {
        places[at] = ((at & 12) | ((at + 4 - by) & 3)) as u8;
        at += 1;
    }
    places
}

#[inline(always)]
fn rotated_by_shifts<const LEFT: i32, const RIGHT: i32>(word: __m256i) -> __m256i {
    // SAFETY: as above.
    unsafe {
        _mm256_or_si256(
            _mm256_slli_epi32::<LEFT>(word),
            _mm256_srli_epi32::<RIGHT>(word),
        )
    }
}
