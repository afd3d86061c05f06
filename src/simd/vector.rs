//! The vector over which the equations are generic: one couple (`f64`), or eight couples in
//! registers.
//!
//! Every equation of the model is written once, generic over [`Vector`]. The scalar definition and
//! the fast kernel are two instances of that code, so they perform the same IEEE-754 operations in
//! the same order and agree bit for bit. Comparisons give a [`Mask`], and a masked update replaces
//! a branch: where an event does not happen, the lane keeps its value.
//!
//! No operation is approximate. Fused operations are explicit, as [`Vector::mul_add`], and round
//! once on every machine; `a * b + c` rounds twice on every machine.

use std::ops::{Add, AddAssign, BitAnd, BitOr, Mul, Neg, Not, Sub, SubAssign};

/// One truth value for each couple of a vector.
pub trait Mask: Copy + BitAnd<Output = Self> + BitOr<Output = Self> + Not<Output = Self> {
    /// Whether the mask is false for every couple.
    fn none(self) -> bool;
}

/// One number for each of some couples.
pub trait Vector:
    Copy
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + Add<f64, Output = Self>
    + Sub<f64, Output = Self>
    + Mul<f64, Output = Self>
{
    /// One truth value for each couple.
    type Mask: Mask;
    /// One random word of 64 bits for each couple.
    type Word: Copy;
    /// How many couples the vector holds.
    const LANES: usize;
    /// The word of zeros.
    const ZERO: Self::Word;

    /// The same number for every couple.
    fn splat(value: f64) -> Self;
    /// The same truth value for every couple.
    fn mask(value: bool) -> Self::Mask;
    /// `self < other`, false where either is NaN.
    fn lt(self, other: Self) -> Self::Mask;
    /// `self >= other`, false where either is NaN.
    fn ge(self, other: Self) -> Self::Mask;
    /// `self` where the mask holds, `other` elsewhere.
    fn select(self, mask: Self::Mask, other: Self) -> Self;
    /// `self` where the mask holds, zero elsewhere.
    fn masked(self, mask: Self::Mask) -> Self;
    /// The smaller of the two (`other` where `self` is NaN).
    fn min(self, other: Self) -> Self;
    /// The larger of the two (`other` where `self` is NaN).
    fn max(self, other: Self) -> Self;
    /// The absolute value.
    fn abs(self) -> Self;
    /// The quotient.
    fn div(self, other: Self) -> Self;
    /// `self * by + plus`, rounded once.
    fn mul_add(self, by: Self, plus: Self) -> Self;
    /// `self * by - less`, rounded once.
    fn mul_sub(self, by: Self, less: Self) -> Self;
    /// `self - one * other`, rounded once.
    fn sub_mul(self, one: Self, other: Self) -> Self;
    /// The square root; NaN below zero.
    fn sqrt(self) -> Self;
    #[doc(hidden)]
    /// Two to the power of an integer from −1,022 to 1,023.
    fn exp2_int(self) -> Self;
    #[doc(hidden)]
    /// A positive normal number as 2ᵏ m, with an integer k and m from about √½ to √2: k and m.
    ///
    /// The bound is that of the portable logarithm.
    fn frexp(self) -> (Self, Self);
    #[doc(hidden)]
    /// The number with the lower 32 of its 64 bits set to 0.
    fn clear_low_word(self) -> Self;
    /// The word shifted right by `FROM` bits.
    fn shr<const FROM: u32>(word: Self::Word) -> Self::Word;
    /// The exclusive or of two words.
    fn xor(one: Self::Word, other: Self::Word) -> Self::Word;
    /// A uniform number in (0, 1) from `BITS` bits of a word, at most 52, the lowest of which is
    /// bit `FROM`: the middle of one of 2^`BITS` cells.
    fn uniform<const FROM: u32, const BITS: u32>(word: Self::Word) -> Self;
    /// The sum of two bytes of a word minus 255, the lower byte from bit `FROM`, a multiple of
    /// eight: an integer from −255 to 255 with a triangular distribution.
    fn triangular_noise<const FROM: u32>(word: Self::Word) -> Self;
    /// The sum over eight couples, given in one or more vectors, in a fixed order: of a … h it is
    /// ((a + e) + (c + g)) + ((b + f) + (d + h)).
    ///
    /// # Panics
    /// If the vectors hold fewer.
    fn reduce_sum(vectors: &[Self]) -> f64;
    /// The number of one couple.
    fn extract(&self, index: usize) -> f64;
    /// Reads the numbers from the start of `from`, which has as many.
    fn load(from: &[f64]) -> Self;
    /// Writes the numbers to the start of `to`, which has as many.
    fn store(&self, to: &mut [f64]);
    #[doc(hidden)]
    /// Writes the integer parts of the numbers, which are from 0 to 65,535, to the start of `to`.
    fn store_u16(&self, to: &mut [u16]);
    /// Sets the number of one couple.
    fn replace(&mut self, index: usize, value: f64);

    /// `1 − self`.
    #[inline(always)]
    fn one_minus(self) -> Self {
        Self::splat(1.0) - self
    }
    /// `self * by + plus`, rounded once.
    #[inline(always)]
    fn mul_add_scalar(self, by: f64, plus: Self) -> Self {
        self.mul_add(Self::splat(by), plus)
    }
    /// `1 − self * by`, rounded once.
    #[inline(always)]
    fn one_minus_scaled(self, by: f64) -> Self {
        Self::splat(1.0).sub_mul(self, Self::splat(by))
    }
    /// `self − self * share`, rounded once.
    #[inline(always)]
    fn reduced_by(self, share: Self) -> Self {
        self.sub_mul(self, share)
    }
    /// `self + (other − self) * share`, of which the last operation is fused.
    #[inline(always)]
    fn lerp(self, other: Self, share: f64) -> Self {
        (other - self).mul_add_scalar(share, self)
    }
    /// The number limited to [0, 1].
    #[inline(always)]
    fn clamp01(self) -> Self {
        self.max(Self::splat(0.0)).min(Self::splat(1.0))
    }
    /// The number limited to [−1, 1].
    #[inline(always)]
    fn clamp_signed(self) -> Self {
        self.max(Self::splat(-1.0)).min(Self::splat(1.0))
    }
    /// The number limited to at most `limit`.
    #[inline(always)]
    fn min_scalar(self, limit: f64) -> Self {
        self.min(Self::splat(limit))
    }
    /// The number limited to at least 0.
    #[inline(always)]
    fn max_zero(self) -> Self {
        self.max(Self::splat(0.0))
    }
}

/// 2⁵²: an integer below 2⁵² in its mantissa converts without a conversion instruction.
pub(crate) const MAGIC: f64 = 4_503_599_627_370_496.0;
const MAGIC_BITS: u64 = 0x4330_0000_0000_0000;

/// The difference of bits between [`OCTAVE_FLOOR`] and 1.
pub(crate) const OCTAVE_LIFT: u64 = 0x3ff0_0000_0000_0000 - OCTAVE_FLOOR;
/// Bits of the lower end of the octave around 1: slightly less than √½.
pub(crate) const OCTAVE_FLOOR: u64 = 0x3fe6_a09e_0000_0000;
/// Bits of a number's significand.
pub(crate) const SIGNIFICAND: u64 = 0x000f_ffff_ffff_ffff;
/// The upper half of a number's bits.
pub(crate) const UPPER_HALF: u64 = 0xffff_ffff_0000_0000;

/// The width of one of 2^`bits` cells of (0, 1).
pub(crate) const fn cell(bits: u32) -> f64 {
    f64::from_bits((1_023 - bits as u64) << 52)
}

/// The `bits` lowest bits, all set.
pub(crate) const fn lowest(bits: u32) -> u64 {
    u64::MAX >> (64 - bits)
}

#[inline(always)]
fn integer(bits: u64) -> f64 {
    f64::from_bits(MAGIC_BITS | bits) - MAGIC
}

impl Mask for bool {
    #[inline(always)]
    fn none(self) -> bool {
        !self
    }
}

impl Vector for f64 {
    type Mask = bool;
    type Word = u64;
    const LANES: usize = 1;
    const ZERO: u64 = 0;

    #[inline(always)]
    fn splat(value: f64) -> Self {
        value
    }
    #[inline(always)]
    fn mask(value: bool) -> bool {
        value
    }
    #[inline(always)]
    fn lt(self, other: Self) -> bool {
        self < other
    }
    #[inline(always)]
    fn ge(self, other: Self) -> bool {
        self >= other
    }
    #[inline(always)]
    fn select(self, mask: bool, other: Self) -> Self {
        if mask { self } else { other }
    }
    #[inline(always)]
    fn masked(self, mask: bool) -> Self {
        if mask { self } else { 0.0 }
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        if self < other { self } else { other }
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        if self > other { self } else { other }
    }
    #[inline(always)]
    fn abs(self) -> Self {
        self.abs()
    }
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        self / other
    }
    #[inline(always)]
    fn mul_add(self, by: Self, plus: Self) -> Self {
        self.mul_add(by, plus)
    }
    #[inline(always)]
    fn mul_sub(self, by: Self, less: Self) -> Self {
        self.mul_add(by, -less)
    }
    #[inline(always)]
    fn sub_mul(self, one: Self, other: Self) -> Self {
        (-one).mul_add(other, self)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        self.sqrt()
    }
    #[inline(always)]
    fn exp2_int(self) -> Self {
        f64::from_bits((self + 1_023.0 + MAGIC).to_bits() << 52)
    }
    #[inline(always)]
    fn frexp(self) -> (Self, Self) {
        let bits = self.to_bits().wrapping_add(OCTAVE_LIFT);
        let rest = f64::from_bits((bits & SIGNIFICAND) + OCTAVE_FLOOR);
        (integer(bits >> 52) - 1_023.0, rest)
    }
    #[inline(always)]
    fn clear_low_word(self) -> Self {
        f64::from_bits(self.to_bits() & UPPER_HALF)
    }
    #[inline(always)]
    fn shr<const FROM: u32>(word: u64) -> u64 {
        word >> FROM
    }
    #[inline(always)]
    fn xor(one: u64, other: u64) -> u64 {
        one ^ other
    }
    #[inline(always)]
    fn uniform<const FROM: u32, const BITS: u32>(word: u64) -> Self {
        (integer(word >> FROM & lowest(BITS)) + 0.5) * cell(BITS)
    }
    #[inline(always)]
    fn triangular_noise<const FROM: u32>(word: u64) -> Self {
        let byte = |from: u32| word >> from & 0xff;
        integer(byte(FROM) + byte(FROM + 8)) - 255.0
    }
    #[inline(always)]
    fn reduce_sum(vectors: &[f64]) -> f64 {
        let pair = |k: usize| vectors[k] + vectors[k + 4];
        (pair(0) + pair(2)) + (pair(1) + pair(3))
    }
    #[inline(always)]
    fn extract(&self, _index: usize) -> f64 {
        *self
    }
    #[inline(always)]
    fn load(from: &[f64]) -> Self {
        from[0]
    }
    #[inline(always)]
    fn store(&self, to: &mut [f64]) {
        to[0] = *self;
    }
    #[inline(always)]
    fn store_u16(&self, to: &mut [u16]) {
        to[0] = *self as u16;
    }
    #[inline(always)]
    fn replace(&mut self, _index: usize, value: f64) {
        *self = value;
    }
}

/// The middle of one of 2^`BITS` cells of (0, 1) from the number of the cell plus 2⁵²: exact, and
/// so equal to `(number + 0.5) * cell(BITS)`.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
#[inline(always)]
pub(crate) fn middle<L: Vector, const BITS: u32>(number: L) -> L {
    let width = const { cell(BITS) };
    number.mul_add_scalar(width, L::splat((0.5 - MAGIC) * width))
}

/// The operators of a vector from its own `plus`, `minus` and `times`.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
macro_rules! operators {
    ($vector:ident) => {
        impl std::ops::Add for $vector {
            type Output = $vector;
            #[inline(always)]
            fn add(self, other: $vector) -> $vector {
                self.plus(other)
            }
        }
        impl std::ops::Sub for $vector {
            type Output = $vector;
            #[inline(always)]
            fn sub(self, other: $vector) -> $vector {
                self.minus(other)
            }
        }
        impl std::ops::Mul for $vector {
            type Output = $vector;
            #[inline(always)]
            fn mul(self, other: $vector) -> $vector {
                self.times(other)
            }
        }
        impl std::ops::Add<f64> for $vector {
            type Output = $vector;
            #[inline(always)]
            fn add(self, other: f64) -> $vector {
                self.plus(<$vector as Vector>::splat(other))
            }
        }
        impl std::ops::Sub<f64> for $vector {
            type Output = $vector;
            #[inline(always)]
            fn sub(self, other: f64) -> $vector {
                self.minus(<$vector as Vector>::splat(other))
            }
        }
        impl std::ops::Mul<f64> for $vector {
            type Output = $vector;
            #[inline(always)]
            fn mul(self, other: f64) -> $vector {
                self.times(<$vector as Vector>::splat(other))
            }
        }
        impl std::ops::Neg for $vector {
            type Output = $vector;
            #[inline(always)]
            fn neg(self) -> $vector {
                self.negated()
            }
        }
        impl std::ops::AddAssign for $vector {
            #[inline(always)]
            fn add_assign(&mut self, other: $vector) {
                *self = self.plus(other);
            }
        }
        impl std::ops::SubAssign for $vector {
            #[inline(always)]
            fn sub_assign(&mut self, other: $vector) {
                *self = self.minus(other);
            }
        }
    };
}
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
pub(crate) use operators;
