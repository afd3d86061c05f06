//! Vectors of eight couples in the registers of x86-64 processors.
//!
//! On the baseline of x86-64, loops over arrays are slower than the scalar code (measured:
//! docs/performance.md). Here each operation is one instruction. It rounds, compares and selects
//! exactly as the scalar code.
//!
//! # Safety
//! Every operation is sound only on a processor that has the instructions. The types are therefore
//! private to `simd`: values exist only inside functions that [`Backend`](super::backend::Backend)
//! calls after it checked the processor, and in the conformance tests of this folder.

mod avx2;
mod avx512;
#[cfg(test)]
mod tests;

use super::vector::{MAGIC, Vector, cell};

pub(super) use avx2::Avx2;
pub(super) use avx512::Avx512;

/// The middle of one of 2^`BITS` cells of (0, 1) from the number of the cell plus 2⁵²: exact, and
/// so equal to `(number + 0.5) * cell(BITS)`.
#[inline(always)]
fn middle<L: Vector, const BITS: u32>(number: L) -> L {
    let width = const { cell(BITS) };
    number.mul_add_scalar(width, L::splat((0.5 - MAGIC) * width))
}

/// The operators of a vector from its own `plus`, `minus` and `times`.
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
use operators;
