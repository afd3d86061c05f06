//! A vector of eight plain `f64`, which the tests compare the other vectors with.
//!
//! It is the definition applied element by element, without a processor's instructions.

use super::vector::{Mask, Vector};
pub(crate) use crate::rng::STREAMS as LANES;
use crate::rng::{ChaChaWord, WordVector, multi_stream_rng};
use std::array::from_fn;
use std::ops::{Add, AddAssign, BitAnd, BitOr, Mul, Neg, Not, Sub, SubAssign};

/// One number for each of [`LANES`] couples.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(align(64))]
pub(crate) struct ArrayVector(pub(crate) [f64; LANES]);

/// One truth value for each of [`LANES`] couples: all bits set or none.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(align(64))]
pub(crate) struct ArrayMask([u64; LANES]);

/// One random word for each of [`LANES`] couples.
pub(crate) type ArrayWord = [u64; LANES];

/// One number for each couple, by a loop that debug builds inline too.
#[inline(always)]
fn each(number: impl Fn(usize) -> f64) -> ArrayVector {
    let mut numbers = [0.0; LANES];
    for (k, place) in numbers.iter_mut().enumerate() {
        *place = number(k);
    }
    ArrayVector(numbers)
}

/// One truth value for each couple.
#[inline(always)]
fn each_mask(bits: impl Fn(usize) -> u64) -> ArrayMask {
    let mut mask = [0; LANES];
    for (k, place) in mask.iter_mut().enumerate() {
        *place = bits(k);
    }
    ArrayMask(mask)
}

macro_rules! operator {
    ($trait:ident, $method:ident, $op:tt) => {
        impl $trait for ArrayVector {
            type Output = ArrayVector;
            #[inline(always)]
            fn $method(self, other: ArrayVector) -> ArrayVector {
                each(|k| self.0[k] $op other.0[k])
            }
        }
        impl $trait<f64> for ArrayVector {
            type Output = ArrayVector;
            #[inline(always)]
            fn $method(self, other: f64) -> ArrayVector {
                each(|k| self.0[k] $op other)
            }
        }
    };
}
operator!(Add, add, +);
operator!(Sub, sub, -);
operator!(Mul, mul, *);

impl Neg for ArrayVector {
    type Output = ArrayVector;
    #[inline(always)]
    fn neg(self) -> ArrayVector {
        each(|k| -self.0[k])
    }
}
impl AddAssign for ArrayVector {
    #[inline(always)]
    fn add_assign(&mut self, other: ArrayVector) {
        *self = *self + other;
    }
}
impl SubAssign for ArrayVector {
    #[inline(always)]
    fn sub_assign(&mut self, other: ArrayVector) {
        *self = *self - other;
    }
}
impl BitAnd for ArrayMask {
    type Output = ArrayMask;
    #[inline(always)]
    fn bitand(self, other: ArrayMask) -> ArrayMask {
        each_mask(|k| self.0[k] & other.0[k])
    }
}
impl BitOr for ArrayMask {
    type Output = ArrayMask;
    #[inline(always)]
    fn bitor(self, other: ArrayMask) -> ArrayMask {
        each_mask(|k| self.0[k] | other.0[k])
    }
}
impl Not for ArrayMask {
    type Output = ArrayMask;
    #[inline(always)]
    fn not(self) -> ArrayMask {
        each_mask(|k| !self.0[k])
    }
}
impl Mask for ArrayMask {
    #[inline(always)]
    fn none(self) -> bool {
        self.0.iter().fold(0, |all, bits| all | bits) == 0
    }
}

impl Vector for ArrayVector {
    type Mask = ArrayMask;
    type Word = ArrayWord;
    const LANES: usize = LANES;
    const ZERO: ArrayWord = [0; LANES];

    #[inline(always)]
    fn splat(value: f64) -> Self {
        ArrayVector([value; LANES])
    }
    #[inline(always)]
    fn mask(value: bool) -> ArrayMask {
        ArrayMask([if value { u64::MAX } else { 0 }; LANES])
    }
    #[inline(always)]
    fn mul_add(self, by: Self, plus: Self) -> Self {
        each(|k| self.0[k].mul_add(by.0[k], plus.0[k]))
    }
    #[inline(always)]
    fn mul_sub(self, by: Self, less: Self) -> Self {
        each(|k| self.0[k].mul_sub(by.0[k], less.0[k]))
    }
    #[inline(always)]
    fn sub_mul(self, one: Self, other: Self) -> Self {
        each(|k| self.0[k].sub_mul(one.0[k], other.0[k]))
    }
    #[inline(always)]
    fn lt(self, other: Self) -> ArrayMask {
        each_mask(|k| if self.0[k] < other.0[k] { u64::MAX } else { 0 })
    }
    #[inline(always)]
    fn ge(self, other: Self) -> ArrayMask {
        each_mask(|k| if self.0[k] >= other.0[k] { u64::MAX } else { 0 })
    }
    #[inline(always)]
    fn select(self, mask: ArrayMask, other: Self) -> Self {
        each(|k| {
            f64::from_bits(self.0[k].to_bits() & mask.0[k] | other.0[k].to_bits() & !mask.0[k])
        })
    }
    #[inline(always)]
    fn masked(self, mask: ArrayMask) -> Self {
        each(|k| f64::from_bits(self.0[k].to_bits() & mask.0[k]))
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        each(|k| Vector::min(self.0[k], other.0[k]))
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        each(|k| Vector::max(self.0[k], other.0[k]))
    }
    #[inline(always)]
    fn abs(self) -> Self {
        each(|k| self.0[k].abs())
    }
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        each(|k| self.0[k] / other.0[k])
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        each(|k| self.0[k].sqrt())
    }
    #[inline(always)]
    fn exp2_int(self) -> Self {
        each(|k| self.0[k].exp2_int())
    }
    #[inline(always)]
    fn frexp(self) -> (Self, Self) {
        (each(|k| self.0[k].frexp().0), each(|k| self.0[k].frexp().1))
    }
    #[inline(always)]
    fn clear_low_word(self) -> Self {
        each(|k| self.0[k].clear_low_word())
    }
    #[inline(always)]
    fn shr<const FROM: u32>(word: ArrayWord) -> ArrayWord {
        word.map(|word| word >> FROM)
    }
    #[inline(always)]
    fn xor(one: ArrayWord, other: ArrayWord) -> ArrayWord {
        std::array::from_fn(|k| one[k] ^ other[k])
    }
    #[inline(always)]
    fn uniform<const FROM: u32, const BITS: u32>(word: ArrayWord) -> Self {
        each(|k| f64::uniform::<FROM, BITS>(word[k]))
    }
    #[inline(always)]
    fn triangular_noise<const FROM: u32>(word: ArrayWord) -> Self {
        each(|k| f64::triangular_noise::<FROM>(word[k]))
    }
    #[inline(always)]
    fn reduce_sum(vectors: &[ArrayVector]) -> f64 {
        f64::reduce_sum(&vectors[0].0)
    }
    #[inline(always)]
    fn extract(&self, index: usize) -> f64 {
        self.0[index]
    }
    #[inline(always)]
    fn load(from: &[f64]) -> Self {
        let from = &from[..LANES];
        each(|k| from[k])
    }
    #[inline(always)]
    fn store(&self, to: &mut [f64]) {
        to[..LANES].copy_from_slice(&self.0);
    }
    #[inline(always)]
    fn store_u16(&self, to: &mut [u16]) {
        for (place, number) in to[..LANES].iter_mut().zip(self.0) {
            *place = number as u16;
        }
    }
    #[inline(always)]
    fn replace(&mut self, index: usize, value: f64) {
        self.0[index] = value;
    }
}

/// Applies an operation on words of 32 bits to both halves of two words.
#[inline(always)]
fn by_halves(one: u64, other: u64, done: impl Fn(u32, u32) -> u32) -> u64 {
    let high = done((one >> 32) as u32, (other >> 32) as u32);
    u64::from(high) << 32 | u64::from(done(one as u32, other as u32))
}

impl ChaChaWord for ArrayWord {
    #[inline(always)]
    fn wrapping_add(self, other: Self) -> Self {
        from_fn(|k| by_halves(self[k], other[k], ChaChaWord::wrapping_add))
    }
    #[inline(always)]
    fn xor_rotl<const BY: u32>(self, other: Self) -> Self {
        from_fn(|k| by_halves(self[k], other[k], ChaChaWord::xor_rotl::<BY>))
    }
}

impl WordVector for ArrayWord {
    #[inline(always)]
    fn splat(word: u64) -> Self {
        [word; LANES]
    }
    #[inline(always)]
    fn from_array(words: [u64; LANES]) -> Self {
        words
    }
}

multi_stream_rng!(ArrayVector, ArrayWord);

mod tests {
    use super::*;
    use proptest::prelude::*;

    fn eight() -> impl Strategy<Value = [f64; LANES]> {
        prop::array::uniform8(prop_oneof![
            any::<f64>(),
            0.0..1.0_f64,
            Just(0.0),
            Just(-0.0)
        ])
    }

    proptest! {
        #[test]
        fn an_array_vector_computes_what_eight_scalars_compute(a in eight(), b in eight(), w in any::<[u64; LANES]>()) {
            let (x, y) = (ArrayVector(a), ArrayVector(b));
            let pairs: [(ArrayVector, fn(f64, f64) -> f64); 10] = [
                (x + y, |a, b| a + b), (x - y, |a, b| a - b), (x * y, |a, b| a * b),
                (x.min(y), Vector::min), (x.max(y), Vector::max),
                (x.select(x.lt(y), y), |a, b| a.select(Vector::lt(a, b), b)),
                (x.masked(x.ge(y)), |a, b| a.masked(Vector::ge(a, b))),
                (x.div(y), Vector::div), (x.clamp01(), |a, _| a.clamp01()), (x.abs(), |a, _| a.abs()),
            ];
            for (column, scalar) in pairs {
                for k in 0..LANES {
                    let expected = scalar(a[k], b[k]);
                    prop_assert!(column.0[k].to_bits() == expected.to_bits()
                        || column.0[k].is_nan() && expected.is_nan());
                }
            }
            let whole = ArrayVector::uniform::<12, 52>(w);
            let half = ArrayVector::uniform::<16, 16>(w);
            for k in 0..LANES {
                prop_assert_eq!(half.0[k], f64::uniform::<16, 16>(w[k]));
                prop_assert!(0.0 < whole.0[k] && whole.0[k] < 1.0);
                prop_assert!(0.0 < half.0[k] && half.0[k] < 1.0);
            }
        }
    }
}
