//! Sweeps on a cluster: a [`ShardPlan`] is a folder in which the shards of a sweep are collected, from whatever
//! starts them, and Slurm is one such starter.

pub(crate) mod error;
mod estimate;
pub(crate) mod plan;
mod script;
mod slurm;
pub(crate) mod submission;

pub use error::ClusterError;
pub use plan::ShardPlan;
pub(crate) use plan::is_plan;
pub(crate) use slurm::SlurmOptions;
pub(crate) use submission::{PlanStatus, Submission, SubmissionOutline, resubmit};
