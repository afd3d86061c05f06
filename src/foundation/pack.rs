//! A column of [`WIDTH`] couples that goes through the equations together.
//!
//! The loops over plain arrays are what the compiler turns into vector instructions; see
//! [`Lane`] for why their results are those of the scalar definition.

use super::lane::{Lane, Mask};
use std::ops::{Add, AddAssign, BitAnd, BitOr, Mul, Neg, Not, Sub, SubAssign};

/// How many couples a [`Pack`] holds.
pub const WIDTH: usize = 8;

/// One number for each of [`WIDTH`] couples.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(align(64))]
pub struct Pack(pub [f64; WIDTH]);

/// One truth value for each of [`WIDTH`] couples: all bits set or none.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(align(64))]
pub struct PackMask([u64; WIDTH]);

/// One random word for each of [`WIDTH`] couples.
pub type PackWord = [u64; WIDTH];

/// One number for each couple, by a loop that unoptimised builds inline too.
#[inline(always)]
fn each(number: impl Fn(usize) -> f64) -> Pack {
    let mut numbers = [0.0; WIDTH];
    for (k, place) in numbers.iter_mut().enumerate() {
        *place = number(k);
    }
    Pack(numbers)
}

/// One truth value for each couple.
#[inline(always)]
fn each_mask(bits: impl Fn(usize) -> u64) -> PackMask {
    let mut mask = [0; WIDTH];
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

impl Lane for Pack {
    type Mask = PackMask;
    type Word = PackWord;
    const WIDTH: usize = WIDTH;
    const ZERO: PackWord = [0; WIDTH];

    #[inline(always)]
    fn splat(value: f64) -> Self {
        Pack([value; WIDTH])
    }
    #[inline(always)]
    fn mask(value: bool) -> PackMask {
        PackMask([if value { u64::MAX } else { 0 }; WIDTH])
    }
    #[inline(always)]
    fn times_plus(self, by: Self, plus: Self) -> Self {
        each(|k| self.0[k].times_plus(by.0[k], plus.0[k]))
    }
    #[inline(always)]
    fn times_less(self, by: Self, less: Self) -> Self {
        each(|k| self.0[k].times_less(by.0[k], less.0[k]))
    }
    #[inline(always)]
    fn less_times(self, one: Self, other: Self) -> Self {
        each(|k| self.0[k].less_times(one.0[k], other.0[k]))
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
    fn or_else(self, mask: PackMask, other: Self) -> Self {
        each(|k| {
            f64::from_bits(self.0[k].to_bits() & mask.0[k] | other.0[k].to_bits() & !mask.0[k])
        })
    }
    #[inline(always)]
    fn only(self, mask: PackMask) -> Self {
        each(|k| f64::from_bits(self.0[k].to_bits() & mask.0[k]))
    }
    #[inline(always)]
    fn least(self, other: Self) -> Self {
        each(|k| self.0[k].least(other.0[k]))
    }
    #[inline(always)]
    fn most(self, other: Self) -> Self {
        each(|k| self.0[k].most(other.0[k]))
    }
    #[inline(always)]
    fn magnitude(self) -> Self {
        each(|k| self.0[k].abs())
    }
    #[inline(always)]
    fn over(self, other: Self) -> Self {
        each(|k| self.0[k] / other.0[k])
    }
    #[inline(always)]
    fn root(self) -> Self {
        each(|k| self.0[k].root())
    }
    #[inline(always)]
    fn two_to(self) -> Self {
        each(|k| self.0[k].two_to())
    }
    #[inline(always)]
    fn octave(self) -> (Self, Self) {
        (
            each(|k| self.0[k].octave().0),
            each(|k| self.0[k].octave().1),
        )
    }
    #[inline(always)]
    fn coarse(self) -> Self {
        each(|k| self.0[k].coarse())
    }
    #[inline(always)]
    fn above<const FROM: u32>(word: PackWord) -> PackWord {
        word.map(|word| word >> FROM)
    }
    #[inline(always)]
    fn uniform<const FROM: u32, const BITS: u32>(word: PackWord) -> Self {
        each(|k| f64::uniform::<FROM, BITS>(word[k]))
    }
    #[inline(always)]
    fn triangle<const FROM: u32>(word: PackWord) -> Self {
        each(|k| f64::triangle::<FROM>(word[k]))
    }
    #[inline(always)]
    fn total(lanes: &[Pack]) -> f64 {
        f64::total(&lanes[0].0)
    }
    #[inline(always)]
    fn at(&self, index: usize) -> f64 {
        self.0[index]
    }
    #[inline(always)]
    fn load(from: &[f64]) -> Self {
        let from = &from[..WIDTH];
        each(|k| from[k])
    }
    #[inline(always)]
    fn store(&self, to: &mut [f64]) {
        to[..WIDTH].copy_from_slice(&self.0);
    }
    #[inline(always)]
    fn store_whole(&self, to: &mut [u16]) {
        for (place, number) in to[..WIDTH].iter_mut().zip(self.0) {
            *place = number as u16;
        }
    }
    #[inline(always)]
    fn put(&mut self, index: usize, value: f64) {
        self.0[index] = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn eight() -> impl Strategy<Value = [f64; WIDTH]> {
        prop::array::uniform8(prop_oneof![
            any::<f64>(),
            0.0..1.0_f64,
            Just(0.0),
            Just(-0.0)
        ])
    }

    proptest! {
        #[test]
        fn a_pack_computes_what_eight_scalars_compute(a in eight(), b in eight(), w in any::<[u64; WIDTH]>()) {
            let (x, y) = (Pack(a), Pack(b));
            let pairs: [(Pack, fn(f64, f64) -> f64); 10] = [
                (x + y, |a, b| a + b), (x - y, |a, b| a - b), (x * y, |a, b| a * b),
                (x.least(y), Lane::least), (x.most(y), Lane::most),
                (x.or_else(x.lt(y), y), |a, b| a.or_else(Lane::lt(a, b), b)),
                (x.only(x.ge(y)), |a, b| a.only(Lane::ge(a, b))),
                (x.over(y), Lane::over), (x.clip(), |a, _| a.clip()), (x.magnitude(), |a, _| a.magnitude()),
            ];
            for (column, scalar) in pairs {
                for k in 0..WIDTH {
                    let expected = scalar(a[k], b[k]);
                    prop_assert!(column.0[k].to_bits() == expected.to_bits()
                        || column.0[k].is_nan() && expected.is_nan());
                }
            }
            let whole = Pack::uniform::<12, 52>(w);
            let half = Pack::uniform::<16, 16>(w);
            for k in 0..WIDTH {
                prop_assert_eq!(half.0[k], f64::uniform::<16, 16>(w[k]));
                prop_assert!(0.0 < whole.0[k] && whole.0[k] < 1.0);
                prop_assert!(0.0 < half.0[k] && half.0[k] < 1.0);
            }
        }
    }
}
