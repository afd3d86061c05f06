//! Portable transcendental functions: the same bits on every platform.
//!
//! Results of a simulation may depend on these and on IEEE-754 arithmetic, and on nothing of the
//! platform's own mathematical library. [`scalar`] has the functions of one number, `vector` those
//! of a vector.

mod scalar;
pub(crate) mod vector;

#[cfg(test)]
pub(crate) use scalar::exp2;
pub(crate) use scalar::{
    decay, exp, ln, logistic, logit, normal_cdf, normal_cdf_pair, normal_quantile,
};
