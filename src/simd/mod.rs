//! SIMD vectors of `f64`, one element per couple, and the choice of the instruction set at run time.

pub mod backend;
#[cfg(test)]
pub(crate) mod test_support;
pub mod vector;
#[cfg(target_arch = "x86_64")]
mod x86;
