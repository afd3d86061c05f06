//! SIMD vectors of `f64`, one element per couple, and the choice of the instruction set at run time.

pub(crate) mod backend;
#[cfg(test)]
pub(crate) mod test_support;
pub(crate) mod vector;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use backend::{Backend, Kernel};
pub use vector::{Mask, Vector};
