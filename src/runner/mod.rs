//! Many jobs in order: parallel inside a window, ordered between windows.
//!
//! While one window's outcomes are being gathered in the order of their numbers, the next window is
//! already being worked on. Order, checkpoints, a bound on memory and independence from threads
//! follow from that.

pub mod ensembles;
pub mod ordered_map;
pub mod plan;
pub mod run;
pub mod subset;

pub use ensembles::{Ensemble, ensembles};
pub use ordered_map::{Control, Finish, in_order};
pub use run::{Collector, Course, run};
