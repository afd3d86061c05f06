//! Runs numbered jobs in parallel and passes their outcomes on in the order of their numbers.
//!
//! Outcomes are collected in order while later jobs of the window are still running. This gives a
//! bound on memory, checkpoints, and results that do not depend on the number of threads.

pub mod control;
pub mod ensembles;
pub mod par_map;
pub mod plan;
pub mod run;
pub mod subset;
#[cfg(test)]
mod tests;

pub use control::{CancelToken, Cancelled, Control, Progress};
pub use ensembles::{Ensemble, ensembles};
pub use par_map::par_map_ordered;
pub use plan::Plan;
pub(crate) use run::run_counted_block;
pub use run::{Collector, run};
pub use subset::JobSubset;
