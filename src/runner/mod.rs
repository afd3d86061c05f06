//! Runs numbered jobs in parallel and passes their outcomes on in the order of their numbers.
//!
//! Outcomes are collected in order while later jobs of the window are still running. This gives a
//! bound on memory, checkpoints, and results that do not depend on the number of threads.

pub(crate) mod control;
pub(crate) mod ensembles;
pub(crate) mod par_map;
pub(crate) mod plan;
pub mod run;
pub(crate) mod subset;
#[cfg(test)]
mod tests;

pub(crate) use control::{CancelToken, Cancelled, Control, Progress};
pub(crate) use ensembles::{Ensemble, ensembles};
pub(crate) use par_map::par_map_ordered;
#[cfg(test)]
pub(crate) use plan::Plan;
pub(crate) use run::run_counted_block;
pub use run::{Collector, run};
pub use subset::JobSubset;
