//! Eight couples in four 128-bit registers.
//!
//! NEON belongs to the baseline of aarch64: every processor has it.

#![allow(
    unsafe_code,
    reason = "each operation is one instruction; see the safety note of `simd`"
)]

use super::vector::{
    MAGIC, Mask, OCTAVE_FLOOR, OCTAVE_LIFT, SIGNIFICAND, UPPER_HALF, Vector, lowest, middle,
    operators,
};
use crate::rng::{ChaChaWord, WordVector, multi_stream_rng};
use std::arch::aarch64::*;
use std::ops::{BitAnd, BitOr, Not};

/// Four registers. An array is memory until the compiler has split it, which takes long (decision 099).
#[derive(Clone, Copy, Debug)]
struct Four<T>(T, T, T, T);

impl<T: Copy> Four<T> {
    #[inline(always)]
    fn same(register: T) -> Four<T> {
        Four(register, register, register, register)
    }
}

/// One number for each of eight couples.
#[derive(Clone, Copy, Debug)]
pub(super) struct Neon(Four<float64x2_t>);

/// One truth value for each of eight couples: all bits set or none.
#[derive(Clone, Copy, Debug)]
pub(super) struct MaskNeon(Four<uint64x2_t>);

/// One random word for each of eight couples.
#[derive(Clone, Copy, Debug)]
pub(super) struct WordNeon(Four<uint64x2_t>);

/// The same operation on all four registers.
macro_rules! each {
    ($operation:expr; $a:expr) => {{
        let a = $a;
        // SAFETY: every processor of this architecture has NEON.
        unsafe {
            Four(
                $operation(a.0),
                $operation(a.1),
                $operation(a.2),
                $operation(a.3),
            )
        }
    }};
    ($operation:expr; $a:expr, $b:expr) => {{
        let (a, b) = ($a, $b);
        // SAFETY: every processor of this architecture has NEON.
        unsafe {
            Four(
                $operation(a.0, b.0),
                $operation(a.1, b.1),
                $operation(a.2, b.2),
                $operation(a.3, b.3),
            )
        }
    }};
    ($operation:expr; $a:expr, $b:expr, $c:expr) => {{
        let (a, b, c) = ($a, $b, $c);
        // SAFETY: every processor of this architecture has NEON.
        unsafe {
            Four(
                $operation(a.0, b.0, c.0),
                $operation(a.1, b.1, c.1),
                $operation(a.2, b.2, c.2),
                $operation(a.3, b.3, c.3),
            )
        }
    }};
}

impl Neon {
    #[inline(always)]
    fn plus(self, other: Neon) -> Neon {
        Neon(each!(vaddq_f64; self.0, other.0))
    }
    #[inline(always)]
    fn minus(self, other: Neon) -> Neon {
        Neon(each!(vsubq_f64; self.0, other.0))
    }
    #[inline(always)]
    fn times(self, other: Neon) -> Neon {
        Neon(each!(vmulq_f64; self.0, other.0))
    }
    #[inline(always)]
    fn negated(self) -> Neon {
        Neon(each!(vnegq_f64; self.0))
    }
    #[inline(always)]
    fn bits(self) -> Four<uint64x2_t> {
        each!(vreinterpretq_u64_f64; self.0)
    }
    #[inline(always)]
    fn of_bits(bits: Four<uint64x2_t>) -> Neon {
        Neon(each!(vreinterpretq_f64_u64; bits))
    }
    #[inline(always)]
    fn values(self) -> [f64; 8] {
        let mut values = [0.0; 8];
        let Four(a, b, c, d) = self.0;
        for (register, two) in [a, b, c, d].into_iter().zip(values.chunks_exact_mut(2)) {
            // SAFETY: `two` holds the register's two numbers.
            unsafe { vst1q_f64(two.as_mut_ptr(), register) };
        }
        values
    }
    #[inline(always)]
    fn of_values(values: &[f64; 8]) -> Neon {
        let two = |first: usize| {
            let two = &values[first..first + 2];
            // SAFETY: `two` holds two numbers.
            unsafe { vld1q_f64(two.as_ptr()) }
        };
        Neon(Four(two(0), two(2), two(4), two(6)))
    }
}
operators!(Neon);
multi_stream_rng!(Neon, WordNeon);

impl BitAnd for MaskNeon {
    type Output = MaskNeon;
    #[inline(always)]
    fn bitand(self, other: MaskNeon) -> MaskNeon {
        MaskNeon(each!(vandq_u64; self.0, other.0))
    }
}
impl BitOr for MaskNeon {
    type Output = MaskNeon;
    #[inline(always)]
    fn bitor(self, other: MaskNeon) -> MaskNeon {
        MaskNeon(each!(vorrq_u64; self.0, other.0))
    }
}
impl Not for MaskNeon {
    type Output = MaskNeon;
    #[inline(always)]
    fn not(self) -> MaskNeon {
        MaskNeon(each!(veorq_u64; self.0, same_bits(u64::MAX)))
    }
}
impl Mask for MaskNeon {
    #[inline(always)]
    fn none(self) -> bool {
        let Four(a, b, c, d) = self.0;
        // SAFETY: as above.
        unsafe {
            let any = vorrq_u64(vorrq_u64(a, b), vorrq_u64(c, d));
            vmaxvq_u32(vreinterpretq_u32_u64(any)) == 0
        }
    }
}

impl Vector for Neon {
    type Mask = MaskNeon;
    type Word = WordNeon;
    const LANES: usize = 8;
    // SAFETY: every pattern of 128 bits is a `uint64x2_t`.
    const ZERO: WordNeon = WordNeon(unsafe { std::mem::zeroed() });

    #[inline(always)]
    fn splat(value: f64) -> Self {
        // SAFETY: as above.
        Neon(Four::same(unsafe { vdupq_n_f64(value) }))
    }
    #[inline(always)]
    fn mask(value: bool) -> MaskNeon {
        MaskNeon(same_bits(if value { u64::MAX } else { 0 }))
    }
    #[inline(always)]
    fn mul_add(self, by: Self, plus: Self) -> Self {
        Neon(each!(vfmaq_f64; plus.0, self.0, by.0))
    }
    #[inline(always)]
    fn mul_sub(self, by: Self, less: Self) -> Self {
        Neon(each!(vfmaq_f64; less.negated().0, self.0, by.0))
    }
    #[inline(always)]
    fn sub_mul(self, one: Self, other: Self) -> Self {
        Neon(each!(vfmsq_f64; self.0, one.0, other.0))
    }
    #[inline(always)]
    fn lt(self, other: Self) -> MaskNeon {
        MaskNeon(each!(vcltq_f64; self.0, other.0))
    }
    #[inline(always)]
    fn ge(self, other: Self) -> MaskNeon {
        MaskNeon(each!(vcgeq_f64; self.0, other.0))
    }
    #[inline(always)]
    fn select(self, mask: MaskNeon, other: Self) -> Self {
        Neon(each!(vbslq_f64; mask.0, self.0, other.0))
    }
    #[inline(always)]
    fn masked(self, mask: MaskNeon) -> Self {
        Neon::of_bits(each!(vandq_u64; self.bits(), mask.0))
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        // The processor's own minimum gives NaN where either is.
        self.select(self.lt(other), other)
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        self.select(other.lt(self), other)
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Neon(each!(vabsq_f64; self.0))
    }
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        Neon(each!(vdivq_f64; self.0, other.0))
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Neon(each!(vsqrtq_f64; self.0))
    }
    #[inline(always)]
    fn exp2_int(self) -> Self {
        // The exponent is added to the lowest bits and shifted to its place.
        let with_exponent = (self + 1_023.0 + MAGIC).bits();
        Neon::of_bits(each!(vshlq_n_u64::<52>; with_exponent))
    }
    #[inline(always)]
    fn frexp(self) -> (Self, Self) {
        let lifted = each!(vaddq_u64; self.bits(), same_bits(OCTAVE_LIFT));
        let own = each!(vandq_u64; lifted, same_bits(SIGNIFICAND));
        let rest = each!(vaddq_u64; own, same_bits(OCTAVE_FLOOR));
        let exponent = each!(vshrq_n_u64::<52>; lifted);
        let with_exponent = each!(vorrq_u64; exponent, same_bits(MAGIC.to_bits()));
        let exponent = Neon::of_bits(with_exponent) - MAGIC - 1_023.0;
        (exponent, Neon::of_bits(rest))
    }
    #[inline(always)]
    fn clear_low_word(self) -> Self {
        Neon::of_bits(each!(vandq_u64; self.bits(), same_bits(UPPER_HALF)))
    }
    #[inline(always)]
    fn shr<const FROM: u32>(word: WordNeon) -> WordNeon {
        WordNeon(shifted_right(word.0, FROM))
    }
    #[inline(always)]
    fn xor(one: WordNeon, other: WordNeon) -> WordNeon {
        WordNeon(each!(veorq_u64; one.0, other.0))
    }
    #[inline(always)]
    fn uniform<const FROM: u32, const BITS: u32>(word: WordNeon) -> Self {
        let own = each!(vandq_u64; shifted_right(word.0, FROM), same_bits(lowest(BITS)));
        let with_exponent = each!(vorrq_u64; own, same_bits(MAGIC.to_bits()));
        middle::<Neon, BITS>(Neon::of_bits(with_exponent))
    }
    #[inline(always)]
    fn triangular_noise<const FROM: u32>(word: WordNeon) -> Self {
        let byte = same_bits(0xff);
        let low = each!(vandq_u64; shifted_right(word.0, FROM), byte);
        let high = each!(vandq_u64; shifted_right(word.0, FROM + 8), byte);
        let sum = each!(vaddq_u64; low, high);
        let with_exponent = each!(vorrq_u64; sum, same_bits(MAGIC.to_bits()));
        Neon::of_bits(with_exponent) - (MAGIC + 255.0)
    }
    #[inline(always)]
    fn reduce_sum(vectors: &[Neon]) -> f64 {
        let Four(ab, cd, ef, gh) = vectors[0].0;
        // SAFETY: as above.
        unsafe {
            let two = vaddq_f64(vaddq_f64(ab, ef), vaddq_f64(cd, gh));
            vgetq_lane_f64::<0>(two) + vgetq_lane_f64::<1>(two)
        }
    }
    #[inline(always)]
    fn extract(&self, index: usize) -> f64 {
        self.values()[index]
    }
    #[inline(always)]
    fn load(from: &[f64]) -> Self {
        let mut values = [0.0; 8];
        values.copy_from_slice(&from[..8]);
        Neon::of_values(&values)
    }
    #[inline(always)]
    fn store(&self, to: &mut [f64]) {
        to[..8].copy_from_slice(&self.values());
    }
    #[inline(always)]
    fn store_u16(&self, to: &mut [u16]) {
        for (to, value) in to[..8].iter_mut().zip(self.values()) {
            *to = value as u16;
        }
    }
    #[inline(always)]
    fn replace(&mut self, index: usize, value: f64) {
        let mut values = self.values();
        values[index] = value;
        *self = Neon::of_values(&values);
    }
}

impl ChaChaWord for WordNeon {
    #[inline(always)]
    fn wrapping_add(self, other: Self) -> Self {
        let sum = each!(vaddq_u32; self.halves(), other.halves());
        WordNeon::of_halves(sum)
    }
    #[inline(always)]
    fn xor_rotl<const BY: u32>(self, other: Self) -> Self {
        let Four(a, b, c, d) = WordNeon(each!(veorq_u64; self.0, other.0)).halves();
        WordNeon::of_halves(Four(
            rotated_left::<BY>(a),
            rotated_left::<BY>(b),
            rotated_left::<BY>(c),
            rotated_left::<BY>(d),
        ))
    }
}

impl WordNeon {
    #[inline(always)]
    fn halves(self) -> Four<uint32x4_t> {
        each!(vreinterpretq_u32_u64; self.0)
    }
    #[inline(always)]
    fn of_halves(halves: Four<uint32x4_t>) -> WordNeon {
        WordNeon(each!(vreinterpretq_u64_u32; halves))
    }
}

impl WordVector for WordNeon {
    #[inline(always)]
    fn splat(word: u64) -> Self {
        WordNeon(same_bits(word))
    }
    #[inline(always)]
    fn from_array(words: [u64; 8]) -> Self {
        let two = |first: usize| {
            let two = &words[first..first + 2];
            // SAFETY: `two` holds two words.
            unsafe { vld1q_u64(two.as_ptr()) }
        };
        WordNeon(Four(two(0), two(2), two(4), two(6)))
    }
}

/// The words shifted right; a shift by an amount that may be 0 is one to the left by its negative.
#[inline(always)]
fn shifted_right(words: Four<uint64x2_t>, by: u32) -> Four<uint64x2_t> {
    // SAFETY: as above.
    let by = unsafe { vdupq_n_s64(-i64::from(by)) };
    each!(vshlq_u64; words, Four::same(by))
}

/// Numbers of 32 bits, rotated left by 16, 12, 8 or 7 of them.
#[inline(always)]
fn rotated_left<const BY: u32>(number: uint32x4_t) -> uint32x4_t {
    // SAFETY: as above.
    unsafe {
        match BY {
            16 => vreinterpretq_u32_u16(vrev32q_u16(vreinterpretq_u16_u32(number))),
            12 => vsriq_n_u32::<20>(vshlq_n_u32::<12>(number), number),
            8 => vsriq_n_u32::<24>(vshlq_n_u32::<8>(number), number),
            _ => vsriq_n_u32::<25>(vshlq_n_u32::<7>(number), number),
        }
    }
}

/// The same 64 bits for every couple.
#[inline(always)]
fn same_bits(bits: u64) -> Four<uint64x2_t> {
    // SAFETY: as above.
    Four::same(unsafe { vdupq_n_u64(bits) })
}
