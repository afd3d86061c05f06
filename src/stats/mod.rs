//! Numbers in, findings out: summaries with intervals, survival, contrasts and resampling.
//!
//! Every function is deterministic: sums run in the order of the data, merging is in the caller's
//! order, and resampling reads addressed randomness.

pub mod association;
pub mod bootstrap;
pub mod chi_squared;
pub mod contrast;
pub mod cox;
pub mod durations;
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
pub(crate) mod test_support;
pub mod verdict;
