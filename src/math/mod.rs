//! Portable numerics: elementary and special functions with the same bits on every platform, distributions,
//! correlated normal draws, and linear algebra.

pub mod beta;
pub mod correlation;
pub mod distribution;
pub mod functions;
pub(crate) mod linalg;
