//! Many jobs in order: parallel inside a window, ordered between windows.
//!
//! While one window's outcomes are being gathered in the order of their numbers, the next window is
//! already being worked on. Order, checkpoints, a bound on memory and independence from threads
//! follow from that.

mod ensembles;
mod order;
mod run;
mod sweep;

pub use crate::simulation::Sums;
pub use ensembles::{Ensemble, ensembles};
pub use order::{Control, Finish, in_order};
pub use run::{Course, Gather, run};
pub use sweep::{JobOutcome, JobResult, RunResult, Stopping, TakeJob, Unstopped, sweep};
