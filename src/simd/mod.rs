//! SIMD vectors of `f64`, one element per couple, and the choice of the instruction set at run time.

pub mod array_vector;
pub mod backend;
pub mod vector;
#[cfg(target_arch = "x86_64")]
pub mod x86;
