//! Plans: work as numbered jobs.
//!
//! A job's number is its identity: point, replicate and block are arithmetic on it, and rows come
//! out in the order of the numbers, whoever does the work.

mod run;
mod spread;
mod sweep;

pub use run::Plan;
pub use spread::Spread;
pub use sweep::{Job, Shard, ShardFault, SweepPlan};
