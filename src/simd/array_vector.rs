//! A column of [`WIDTH`] couples that goes through the equations together.
//!
//! The loops over plain arrays are what the compiler turns into vector instructions; see
//! [`Vector`] for why their results are those of the scalar definition.

use super::vector::{Mask, Vector};
use std::ops::{Add, AddAssign, BitAnd, BitOr, Mul, Neg, Not, Sub, SubAssign};

/// How many couples a [`Pack`] holds.
pub const LANES: usize = 8;

/// One number for each of [`WIDTH`] couples.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(align(64))]
pub struct Pack(pub [f64; LANES]);

/// One truth value for each of [`WIDTH`] couples: all bits set or none.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(align(64))]
pub struct PackMask([u64; LANES]);

/// One random word for each of [`WIDTH`] couples.
pub type PackWord = [u64; LANES];

/// One number for each couple, by a loop that unoptimised builds inline too.
#[inline(always)]
fn each(number: impl Fn(usize) -> f64) -> Pack {
    let mut numbers = [0.0; LANES];
    for (k, place) in numbers.iter_mut().enumerate() {
        *place = number(k);
    }
    Pack(numbers)
}

/// One truth value for each couple.
#[inline(always)]
fn each_mask(bits: impl Fn(usize) -> u64) -> PackMask {
    let mut mask = [0; LANES];
    for (k, place) in mask.iter_mut().enumerate() {
        *place = bits(k);
    }
    PackMask(mask)
}

macro_rules! operator {
    ($trait:ident, $method:ident, $op:tt) => {
        impl $trait for Pack {
            type Output = Pack;
            #[inline(always)]
            fn $method(self, other: Pack) -> Pack {
                each(|k| self.0[k] $op other.0[k])
            }
        }
        impl $trait<f64> for Pack {
            type Output = Pack;
            #[inline(always)]
            fn $method(self, other: f64) -> Pack {
                each(|k| self.0[k] $op other)
            }
        }
    };
}
operator!(Add, add, +);
operator!(Sub, sub, -);
operator!(Mul, mul, *);

impl Neg for Pack {
    type Output = Pack;
    #[inline(always)]
    fn neg(self) -> Pack {
        each(|k| -self.0[k])
    }
}
impl AddAssign for Pack {
    #[inline(always)]
    fn add_assign(&mut self, other: Pack) {
        *self = *self + other;
    }
}
impl SubAssign for Pack {
    #[inline(always)]
    fn sub_assign(&mut self, other: Pack) {
        *self = *self - other;
    }
}
impl BitAnd for PackMask {
    type Output = PackMask;
    #[inline(always)]
    fn bitand(self, other: PackMask) -> PackMask {
        each_mask(|k| self.0[k] & other.0[k])
    }
}
impl BitOr for PackMask {
    type Output = PackMask;
    #[inline(always)]
    fn bitor(self, other: PackMask) -> PackMask {
        each_mask(|k| self.0[k] | other.0[k])
    }
}
impl Not for PackMask {
    type Output = PackMask;
    #[inline(always)]
    fn not(self) -> PackMask {
        each_mask(|k| !self.0[k])
    }
}
impl Mask for PackMask {
    #[inline(always)]
    fn none(self) -> bool {
        self.0.iter().fold(0, |all, bits| all | bits) == 0
    }
}

impl Vector for Pack {
    type Mask = PackMask;
    type Word = PackWord;
    const LANES: usize = LANES;
    const ZERO: PackWord = [0; LANES];

    #[inline(always)]
    fn splat(value: f64) -> Self {
        Pack([value; LANES])
    }
    #[inline(always)]
    fn mask(value: bool) -> PackMask {
        PackMask([if value { u64::MAX } else { 0 }; LANES])
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
    fn lt(self, other: Self) -> PackMask {
        each_mask(|k| if self.0[k] < other.0[k] { u64::MAX } else { 0 })
    }
    #[inline(always)]
    fn ge(self, other: Self) -> PackMask {
        each_mask(|k| if self.0[k] >= other.0[k] { u64::MAX } else { 0 })
    }
    #[inline(always)]
    fn select(self, mask: PackMask, other: Self) -> Self {
        each(|k| {
            f64::from_bits(self.0[k].to_bits() & mask.0[k] | other.0[k].to_bits() & !mask.0[k])
        })
    }
    #[inline(always)]
    fn masked(self, mask: PackMask) -> Self {
        each(|k| f64::from_bits(self.0[k].to_bits() & mask.0[k]))
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        each(|k| self.0[k].min(other.0[k]))
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        each(|k| self.0[k].max(other.0[k]))
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
    fn shr<const FROM: u32>(word: PackWord) -> PackWord {
        word.map(|word| word >> FROM)
    }
    #[inline(always)]
    fn uniform<const FROM: u32, const BITS: u32>(word: PackWord) -> Self {
        each(|k| f64::uniform::<FROM, BITS>(word[k]))
    }
    #[inline(always)]
    fn triangular_noise<const FROM: u32>(word: PackWord) -> Self {
        each(|k| f64::triangular_noise::<FROM>(word[k]))
    }
    #[inline(always)]
    fn reduce_sum(lanes: &[Pack]) -> f64 {
        f64::reduce_sum(&lanes[0].0)
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

#[cfg(test)]
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
        fn a_pack_computes_what_eight_scalars_compute(a in eight(), b in eight(), w in any::<[u64; LANES]>()) {
            let (x, y) = (Pack(a), Pack(b));
            let pairs: [(Pack, fn(f64, f64) -> f64); 10] = [
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
            let whole = Pack::uniform::<12, 52>(w);
            let half = Pack::uniform::<16, 16>(w);
            for k in 0..LANES {
                prop_assert_eq!(half.0[k], f64::uniform::<16, 16>(w[k]));
                prop_assert!(0.0 < whole.0[k] && whole.0[k] < 1.0);
                prop_assert!(0.0 < half.0[k] && half.0[k] < 1.0);
            }
        }
    }
}
