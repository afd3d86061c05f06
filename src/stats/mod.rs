//! Statistics: summaries with intervals, survival, contrasts, sequential tests, sensitivity analysis
//! and models of couples.
//!
//! Every function is deterministic: sums run in the order of the data, merging is in the caller's
//! order, and resampling uses addressed random streams.

pub mod association;
pub mod contrast;
pub mod cox;
pub mod dyads;
pub mod histogram;
pub mod interval;
pub mod sensitivity;
pub mod sequential_test;
pub mod stopping;
pub mod student;
pub mod summary;
pub mod survival;
#[cfg(test)]
pub(crate) mod test_support;
#[cfg(test)]
mod tests;
