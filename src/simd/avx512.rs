//! Eight couples in one 512-bit register.

#![allow(
    unsafe_code,
    reason = "each operation is one instruction; see the safety note of `simd`"
)]

use super::avx2::total_of_four;
use super::kernel::Kernel;
use super::vector::{middle, operators};
use crate::rng::{ChaChaWord, WordVector, multi_stream_rng};
use crate::simd::vector::{
    MAGIC, Mask, OCTAVE_FLOOR, OCTAVE_LIFT, SIGNIFICAND, UPPER_HALF, Vector, lowest,
};
use std::arch::x86_64::*;
use std::ops::{BitAnd, BitOr, Not};

/// One number for each of eight couples.
#[derive(Clone, Copy, Debug)]
pub(super) struct Avx512(__m512d);

/// One truth value for each of eight couples.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mask512(__mmask8);

/// One random word for each of eight couples.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word512(__m512i);

/// Runs a kernel with these instructions.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,fma")]
pub(super) fn run_avx512<K: Kernel>(kernel: K) -> K::Output {
    kernel.run::<Avx512>()
}

impl Avx512 {
    #[inline(always)]
    fn plus(self, other: Avx512) -> Avx512 {
        // SAFETY: values exist only on processors with AVX-512 (see the module `simd`); so below.
        Avx512(unsafe { _mm512_add_pd(self.0, other.0) })
    }
    #[inline(always)]
    fn minus(self, other: Avx512) -> Avx512 {
        // SAFETY: as above.
        Avx512(unsafe { _mm512_sub_pd(self.0, other.0) })
    }
    #[inline(always)]
    fn times(self, other: Avx512) -> Avx512 {
        // SAFETY: as above.
        Avx512(unsafe { _mm512_mul_pd(self.0, other.0) })
    }
    #[inline(always)]
    fn negated(self) -> Avx512 {
        // SAFETY: as above.
        Avx512(unsafe { _mm512_xor_pd(self.0, _mm512_set1_pd(-0.0)) })
    }
    #[inline(always)]
    fn values(self) -> [f64; 8] {
        let mut values = [0.0; 8];
        // SAFETY: as above; the array holds the register's eight numbers.
        unsafe { _mm512_storeu_pd(values.as_mut_ptr(), self.0) };
        values
    }
}
operators!(Avx512);
multi_stream_rng!(Avx512, Word512);

impl BitAnd for Mask512 {
    type Output = Mask512;
    #[inline(always)]
    fn bitand(self, other: Mask512) -> Mask512 {
        Mask512(self.0 & other.0)
    }
}
impl BitOr for Mask512 {
    type Output = Mask512;
    #[inline(always)]
    fn bitor(self, other: Mask512) -> Mask512 {
        Mask512(self.0 | other.0)
    }
}
impl Not for Mask512 {
    type Output = Mask512;
    #[inline(always)]
    fn not(self) -> Mask512 {
        Mask512(!self.0)
    }
}
impl Mask for Mask512 {
    #[inline(always)]
    fn none(self) -> bool {
        self.0 == 0
    }
}

impl Vector for Avx512 {
    type Mask = Mask512;
    type Word = Word512;
    const LANES: usize = 8;
    // SAFETY: every pattern of 256 bits is a `__m256i`.
    const ZERO: Word512 = Word512(unsafe { std::mem::zeroed() });

    #[inline(always)]
    fn splat(value: f64) -> Self {
        // SAFETY: as above.
        Avx512(unsafe { _mm512_set1_pd(value) })
    }
    #[inline(always)]
    fn mask(value: bool) -> Mask512 {
        Mask512(if value { 0xff } else { 0 })
    }
    #[inline(always)]
    fn mul_add(self, by: Self, plus: Self) -> Self {
        // SAFETY: as above.
        Avx512(unsafe { _mm512_fmadd_pd(self.0, by.0, plus.0) })
    }
    #[inline(always)]
    fn mul_sub(self, by: Self, less: Self) -> Self {
        // SAFETY: as above.
        Avx512(unsafe { _mm512_fmsub_pd(self.0, by.0, less.0) })
    }
    #[inline(always)]
    fn sub_mul(self, one: Self, other: Self) -> Self {
        // SAFETY: as above.
        Avx512(unsafe { _mm512_fnmadd_pd(one.0, other.0, self.0) })
    }
    #[inline(always)]
    fn lt(self, other: Self) -> Mask512 {
        // SAFETY: as above.
        Mask512(unsafe { _mm512_cmp_pd_mask::<_CMP_LT_OQ>(self.0, other.0) })
    }
    #[inline(always)]
    fn ge(self, other: Self) -> Mask512 {
        // SAFETY: as above.
        Mask512(unsafe { _mm512_cmp_pd_mask::<_CMP_GE_OQ>(self.0, other.0) })
    }
    #[inline(always)]
    fn select(self, mask: Mask512, other: Self) -> Self {
        // SAFETY: as above.
        Avx512(unsafe { _mm512_mask_blend_pd(mask.0, other.0, self.0) })
    }
    #[inline(always)]
    fn masked(self, mask: Mask512) -> Self {
        // SAFETY: as above.
        Avx512(unsafe { _mm512_maskz_mov_pd(mask.0, self.0) })
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        // SAFETY: as above. The instruction gives its second operand where either is NaN.
        Avx512(unsafe { _mm512_min_pd(self.0, other.0) })
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        // SAFETY: as above. The instruction gives its second operand where either is NaN.
        Avx512(unsafe { _mm512_max_pd(self.0, other.0) })
    }
    #[inline(always)]
    fn abs(self) -> Self {
        // SAFETY: as above.
        Avx512(unsafe { _mm512_abs_pd(self.0) })
    }
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        // SAFETY: as above.
        Avx512(unsafe { _mm512_div_pd(self.0, other.0) })
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        // SAFETY: as above.
        Avx512(unsafe { _mm512_sqrt_pd(self.0) })
    }
    #[inline(always)]
    fn exp2_int(self) -> Self {
        let with_exponent = self + 1_023.0 + MAGIC;
        // SAFETY: as above. The exponent is added to the lowest bits and shifted to its place.
        Avx512(unsafe {
            _mm512_castsi512_pd(_mm512_slli_epi64::<52>(_mm512_castpd_si512(
                with_exponent.0,
            )))
        })
    }
    #[inline(always)]
    fn frexp(self) -> (Self, Self) {
        // SAFETY: as above.
        let (exponent, rest) = unsafe {
            let lift = _mm512_set1_epi64(OCTAVE_LIFT as i64);
            let bits = _mm512_add_epi64(_mm512_castpd_si512(self.0), lift);
            let own = _mm512_and_si512(bits, _mm512_set1_epi64(SIGNIFICAND as i64));
            let rest = _mm512_add_epi64(own, _mm512_set1_epi64(OCTAVE_FLOOR as i64));
            (
                _mm512_cvtepi64_pd(_mm512_srli_epi64::<52>(bits)),
                _mm512_castsi512_pd(rest),
            )
        };
        (Avx512(exponent) - 1_023.0, Avx512(rest))
    }
    #[inline(always)]
    fn clear_low_word(self) -> Self {
        // SAFETY: as above.
        Avx512(unsafe {
            let upper = _mm512_set1_epi64(UPPER_HALF as i64);
            _mm512_castsi512_pd(_mm512_and_si512(_mm512_castpd_si512(self.0), upper))
        })
    }
    #[inline(always)]
    fn shr<const FROM: u32>(word: Word512) -> Word512 {
        // SAFETY: as above.
        Word512(unsafe { _mm512_srli_epi64::<FROM>(word.0) })
    }
    #[inline(always)]
    fn xor(one: Word512, other: Word512) -> Word512 {
        // SAFETY: as above.
        Word512(unsafe { _mm512_xor_si512(one.0, other.0) })
    }
    #[inline(always)]
    fn uniform<const FROM: u32, const BITS: u32>(word: Word512) -> Self {
        // SAFETY: as above.
        let with_exponent = Avx512(unsafe {
            let own = _mm512_set1_epi64(lowest(BITS) as i64);
            let own = _mm512_and_si512(_mm512_srli_epi64::<FROM>(word.0), own);
            let with_exponent = _mm512_or_si512(own, _mm512_set1_epi64(MAGIC.to_bits() as i64));
            _mm512_castsi512_pd(with_exponent)
        });
        middle::<Avx512, BITS>(with_exponent)
    }
    #[inline(always)]
    fn triangular_noise<const FROM: u32>(word: Word512) -> Self {
        // SAFETY: as above. One instruction sums the bytes of a number.
        let with_exponent = Avx512(unsafe {
            let own = _mm512_and_si512(word.0, _mm512_set1_epi64(0xffff << FROM));
            let sum = _mm512_sad_epu8(own, _mm512_setzero_si512());
            let with_exponent = _mm512_or_si512(sum, _mm512_set1_epi64(MAGIC.to_bits() as i64));
            _mm512_castsi512_pd(with_exponent)
        });
        with_exponent - (MAGIC + 255.0)
    }
    #[inline(always)]
    fn reduce_sum(vectors: &[Avx512]) -> f64 {
        let numbers = vectors[0].0;
        // SAFETY: as above.
        unsafe {
            let high = _mm512_extractf64x4_pd::<1>(numbers);
            total_of_four(_mm256_add_pd(_mm512_castpd512_pd256(numbers), high))
        }
    }
    #[inline(always)]
    fn extract(&self, index: usize) -> f64 {
        self.values()[index]
    }
    #[inline(always)]
    fn load(from: &[f64]) -> Self {
        let from = &from[..8];
        // SAFETY: as above; there are eight numbers.
        Avx512(unsafe { _mm512_loadu_pd(from.as_ptr()) })
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
            let whole = _mm256_cvtepi32_epi16(_mm512_cvttpd_epi32(self.0));
            _mm_storeu_si128(to.as_mut_ptr().cast(), whole);
        }
    }
    #[inline(always)]
    fn replace(&mut self, index: usize, value: f64) {
        let mut values = self.values();
        values[index] = value;
        // SAFETY: as above; the array holds eight numbers.
        self.0 = unsafe { _mm512_loadu_pd(values.as_ptr()) };
    }
}

impl ChaChaWord for Word512 {
    #[inline(always)]
    fn wrapping_add(self, other: Self) -> Self {
        // SAFETY: as above.
        Word512(unsafe { _mm512_add_epi32(self.0, other.0) })
    }
    #[inline(always)]
    fn xor_rotl<const BY: u32>(self, other: Self) -> Self {
        // SAFETY: as above.
        Word512(unsafe {
            let mixed = _mm512_xor_si512(self.0, other.0);
            match BY {
                16 => _mm512_rol_epi32::<16>(mixed),
                12 => _mm512_rol_epi32::<12>(mixed),
                8 => _mm512_rol_epi32::<8>(mixed),
                _ => _mm512_rol_epi32::<7>(mixed),
            }
        })
    }
}

impl WordVector for Word512 {
    #[inline(always)]
    fn splat(word: u64) -> Self {
        // SAFETY: as above.
        Word512(unsafe { _mm512_set1_epi64(word as i64) })
    }
    #[inline(always)]
    fn from_array(words: [u64; 8]) -> Self {
        // SAFETY: as above; the array holds eight words.
        Word512(unsafe { _mm512_loadu_si512(words.as_ptr().cast()) })
    }
}
