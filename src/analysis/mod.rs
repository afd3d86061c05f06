//! Numbers in, findings out: summaries with intervals, survival, contrasts and resampling.
//!
//! Every function is deterministic: sums run in the order of the data, merging is in the caller's
//! order, and resampling reads addressed randomness.

pub mod bootstrap;
pub mod calibration;
mod cholesky;
pub mod contrast;
pub mod dyads;
pub mod histogram;
pub mod interval;
pub mod log_rank;
pub mod proportion;
pub mod sensitivity;
pub mod sequential;
pub mod student;
pub mod summary;
pub mod survival;

#[cfg(test)]
mod synthetic;
