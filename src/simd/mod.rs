//! SIMD vectors of `f64`, one element per couple, and the choice of the instruction set at run time.
//!
//! On the baseline of x86-64, loops over arrays are slower than the scalar code (measured:
//! docs/performance.md). Here each operation is one instruction, which rounds, compares and selects
//! exactly as the scalar code.
//!
//! # Safety
//! An operation is sound only on a processor that has its instruction. The types are therefore private:
//! values exist only inside functions that [`Backend`] calls after it checked the processor, and in the
//! conformance tests. On aarch64 every processor has NEON.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
pub(crate) mod backend;
mod kernel;
#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(test)]
pub(crate) mod test_support;
#[cfg(test)]
mod tests;
pub(crate) mod vector;

pub use backend::Backend;
pub use kernel::Kernel;
pub use vector::{Mask, Vector};
