//! Portable numerics: elementary and special functions with the same bits on every platform, distributions,
//! correlated normal draws, and linear algebra.

#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the exact quantiles check the fast ones in tests")
)]
pub(crate) mod beta;
pub(crate) mod correlation;
pub(crate) mod distribution;
pub(crate) mod functions;
pub(crate) mod linalg;
