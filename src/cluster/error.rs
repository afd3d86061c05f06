//! Why the shards of a sweep cannot be handed to a cluster.

use std::io;

/// Why the shards of a sweep cannot be planned, submitted or run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClusterError {
    /// No engine was named.
    #[error(
        "`sweep submit` needs an engine: `--engine slurm` submits the shards, `--engine manual` writes a plan whose shards you start yourself"
    )]
    NoEngine,
    /// There are more shards than jobs.
    #[error(
        "the sweep has {jobs} jobs, which is the most shards that it can have: {shards} are too many"
    )]
    TooManyShards {
        /// The shards.
        shards: u64,
        /// The jobs.
        jobs: u64,
    },
    /// The value of an option cannot be used.
    #[error("`{option} {value}`: {expected}")]
    Option {
        /// The option.
        option: &'static str,
        /// Its value.
        value: String,
        /// What is expected.
        expected: &'static str,
    },
    /// The folder holds a plan already.
    #[error(
        "it holds a plan already: `pairbond sweep status` says which of its shards are done, and `pairbond sweep resubmit --missing` submits the others; `-o` names another folder for a new plan"
    )]
    PlanExists,
    /// The folder holds other results.
    #[error("it holds results of `{kind}`, not a plan of `pairbond sweep submit`")]
    NotAPlan {
        /// Their kind.
        kind: &'static str,
    },
    /// The plan was made by another version.
    #[error("version {version} made this plan, and this is version {}: its shards need that version", env!("CARGO_PKG_VERSION"))]
    OtherPlanVersion {
        /// That version.
        version: String,
    },
    /// The plan has no scripts.
    #[error(
        "this plan was made with `--engine manual` and has no scripts for Slurm: `pairbond sweep task` runs its shards"
    )]
    NoScripts,
    /// The plan has no such shard.
    #[error(
        "`{text}` names no shards of this plan: write a number from 1 to {shards}, or a range such as 1-{shards}"
    )]
    NoSuchShard {
        /// What was written.
        text: String,
        /// Number of shards.
        shards: u64,
    },
    /// A shard is not in place after it was written.
    #[error(
        "shard {number} was written, but what is in its folder now is not what was written: {reason}"
    )]
    NotInPlace {
        /// The shard.
        number: u64,
        /// What is wrong.
        reason: String,
    },
    /// The record of submitted jobs cannot be read.
    #[error("`submitted.json` cannot be read: {reason}")]
    Record {
        /// Why.
        reason: String,
    },
    /// A program of Slurm could not be started.
    #[error("could not start `{program}`: {}", not_started(.source))]
    NotStarted {
        /// The program.
        program: &'static str,
        /// The system's answer.
        source: io::Error,
    },
    /// A program of Slurm failed.
    #[error("`{program}` refused{}: {stderr}", .code.map_or(String::new(), |code| format!(" (exit code {code})")))]
    Refused {
        /// The program.
        program: &'static str,
        /// Its exit code.
        code: Option<i32>,
        /// What it said.
        stderr: String,
    },
    /// A program of Slurm said something unexpected.
    #[error("`{program}` was expected to print {expected} and printed `{text}`")]
    Answer {
        /// The program.
        program: &'static str,
        /// What was expected.
        expected: &'static str,
        /// What it printed.
        text: String,
    },
    /// This cluster has no arrays of jobs.
    #[error(
        "this cluster has no arrays of jobs (`MaxArraySize` is {size}): `--engine manual` writes a plan whose shards you start yourself"
    )]
    NoArrays {
        /// The most tasks of an array.
        size: u64,
    },
    /// Some arrays were submitted, and others or the merge were refused.
    #[error(
        "{source}\nsubmitted before that: {submitted}. They go on; `pairbond sweep resubmit --missing` submits the rest and the merge later"
    )]
    Partly {
        /// What was submitted.
        submitted: String,
        /// Why the rest was not.
        source: Box<ClusterError>,
    },
}

impl ClusterError {
    /// Whether the request was refused as given; otherwise work was begun and failed.
    pub(crate) fn is_refusal(&self) -> bool {
        !matches!(
            self,
            ClusterError::Partly { .. } | ClusterError::NotInPlace { .. }
        )
    }
}

fn not_started(source: &io::Error) -> String {
    match source.kind() {
        io::ErrorKind::NotFound => {
            "there is no such program in the folders of PATH; run this where jobs are submitted, such as a login node".to_owned()
        }
        io::ErrorKind::PermissionDenied => "it may not be run".to_owned(),
        _ => source.to_string(),
    }
}
