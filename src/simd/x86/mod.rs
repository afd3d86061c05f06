//! Lanes in vector registers: the same eight couples as a [`Pack`](super::array_vector::Pack), for
//! processors that have the registers.
//!
//! On the baseline of x86-64 the portable lane's array loops are slower than the scalar lane
//! (measured, with the reason: docs/performance.md). These lanes say each operation as one
//! instruction instead. They round, compare and select exactly as the scalar lane.
//!
//! # Safety
//! Every operation is safe to call only on a processor with the lane's instructions. The lanes are
//! therefore not public: values of them exist only inside functions that were entered after the
//! processor was asked (by the engines that live couples), and the conformance suite in this folder.

mod avx2;
mod avx512;
#[cfg(test)]
mod tests;

use super::vector::{MAGIC, Vector, cell};

pub(super) use avx2::Avx2;
pub(super) use avx512::Avx512;

/// The middle of one of 2^`BITS` cells of (0, 1) from the number of the cell plus 2⁵²: exact, and so the
/// same as `(number + 0.5) * cell(BITS)`.
#[inline(always)]
fn middle<L: Vector, const BITS: u32>(laid: L) -> L {
    let width = const { cell(BITS) };
    laid.mul_add_scalar(width, L::splat((0.5 - MAGIC) * width))
}

/// Operators of a lane from its own `plus`, `minus` and `times`.
macro_rules! operators {
    ($lane:ident) => {
        impl std::ops::Add for $lane {
            type Output = $lane;
            #[inline(always)]
            fn add(self, other: $lane) -> $lane {
                self.plus(other)
            }
        }
        impl std::ops::Sub for $lane {
            type Output = $lane;
            #[inline(always)]
            fn sub(self, other: $lane) -> $lane {
                self.minus(other)
            }
        }
        impl std::ops::Mul for $lane {
            type Output = $lane;
            #[inline(always)]
            fn mul(self, other: $lane) -> $lane {
                self.times(other)
            }
        }
        impl std::ops::Add<f64> for $lane {
            type Output = $lane;
            #[inline(always)]
            fn add(self, other: f64) -> $lane {
                self.plus(<$lane as Vector>::splat(other))
            }
        }
        impl std::ops::Sub<f64> for $lane {
            type Output = $lane;
            #[inline(always)]
            fn sub(self, other: f64) -> $lane {
                self.minus(<$lane as Vector>::splat(other))
            }
        }
        impl std::ops::Mul<f64> for $lane {
            type Output = $lane;
            #[inline(always)]
            fn mul(self, other: f64) -> $lane {
                self.times(<$lane as Vector>::splat(other))
            }
        }
        impl std::ops::Neg for $lane {
            type Output = $lane;
            #[inline(always)]
            fn neg(self) -> $lane {
                self.negated()
            }
        }
        impl std::ops::AddAssign for $lane {
            #[inline(always)]
            fn add_assign(&mut self, other: $lane) {
                *self = self.plus(other);
            }
        }
        impl std::ops::SubAssign for $lane {
            #[inline(always)]
            fn sub_assign(&mut self, other: $lane) {
                *self = self.minus(other);
            }
        }
    };
}
use operators;
