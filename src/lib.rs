//! Simulates close relationships: partners whose trust and intimacy grow or wither through
//! responsive and unresponsive interactions.
//!
//! A [`Scenario`] is a question in TOML: who the couples are, what happens to them, and what is
//! recorded. It is checked when it is read. Running it gives tables, and writes the same files as the
//! program `pairbond`.
//!
//! ```
//! use pairbond::Scenario;
//!
//! # fn main() -> Result<(), pairbond::Error> {
//! let scenario = Scenario::parse("title = 'Betrayal'
//!     [run]
//!     couples = 100
//!     days = 90
//!     [[event]]
//!     kind = 'betrayal'
//!     day = 30
//!     of = 'a'")?;
//! let run = scenario.set("run.seed", 7)?.run()?;
//!
//! let trust: &[f64] = run.couples().floats("trust_end_a")?;
//! let mean = trust.iter().sum::<f64>() / trust.len() as f64;
//! println!("trust of A after 90 days: {mean:.2}; {} separated", run.separated());
//! # let folder = tempfile::tempdir().expect("a temporary folder");
//! # let results = folder.path().join("betrayal");
//! run.save(results)?; // tables, charts and a manifest, as `pairbond run` writes them
//! # Ok(())
//! # }
//! ```
//!
//! # What there is
//!
//! - [`Scenario::from_file`], [`parse`](Scenario::parse), [`default`](Scenario::default) and
//!   [`set`](Scenario::set) make a scenario; an invalid one is an [`Error::Scenario`] with everything
//!   that is wrong in it.
//! - [`Scenario::run`] keeps the tables of a [`Run`] in memory. [`Scenario::runner`] sets the number of
//!   threads, reports progress and can be cancelled; [`Runner::save`] writes rows to files as couples
//!   are done, for runs that are larger than memory.
//! - [`Scenario::sweep`] runs a design over values of the scenario, [`Scenario::claims`] tests its
//!   claims, and [`Scenario::couple`] is one couple, day by day.
//! - [`ShardPlan`] splits a sweep into shards, which any number of machines do; `pairbond sweep submit` hands one to Slurm.
//! - [`verify()`] runs the scenario of a results folder again and compares every file; [`plot()`] draws
//!   its charts from its tables, [`report()`] writes its report, and [`bundle()`] a copy of it with what
//!   repositories ask for. [`Scenario::preregistration`] is the plan of a study before it is run.
//! - [`explain()`] says what a key, column, chart, error code or term means.
//! - [`table`] describes tables. [`model`], [`rng`] and [`simd`] are what the model is built on, for
//!   models and mechanisms of your own.
//!
//! # Determinism
//!
//! A result is a function of crate version, scenario and seed. It does not depend on the number of
//! threads, on the processor's vector registers, on shards, on an interruption, or on what else is
//! recorded. Each random draw has an address ([`rng`]), and transcendental functions do not come from
//! the platform.
//!
//! # Features
//!
//! - `explore` (default): the interactive page of `pairbond explore`.
//! - `parquet` (default): tables as Apache Parquet.
//! - `png` (default): charts as PNG, next to the SVG ones.

mod bench;
mod calibrate;
mod chart;
mod childhood;
mod claims;
#[doc(hidden)]
pub mod cli;
mod cluster;
mod compare;
mod design;
mod error;
mod explain;
#[cfg(feature = "explore")]
mod explore;
#[doc(hidden)]
pub mod internals;
mod label;
mod math;
pub mod model;
mod options;
mod plot;
mod power;
mod printable;
mod recover;
mod reopen;
mod report;
mod results;
pub mod rng;
mod run;
mod runner;
mod scenario;
pub mod simd;
mod simulation;
mod stats;
mod study;
mod sweep;
pub mod table;
mod use_case;
mod validate;
mod verify;
mod write_report;

pub use chart::figure_list::FailedChart;
pub use chart::options::{ChartFormat, ChartOptions, ChartWidth};
pub use claims::{ClaimResult, ClaimsAudit, ClaimsReport, ClaimsRun, ClaimsRunner, EffectEstimate};
pub use cluster::{ClusterError, ShardPlan};
pub use compare::compare;
pub use error::Error;
pub use explain::explain;
#[cfg(feature = "explore")]
pub use explore::Explorer;
pub use model::dissolution::LeavingReason;
pub use options::{ProgressReport, SaveOptions};
pub use plot::{PlotReport, plot};
pub use results::error::{Leftover, OutputError};
pub use results::integrity::{Difference, FileState, FileVerdict};
pub use run::couple::{CoupleDays, Day, Leaver, PartnerDay, Separation};
pub use run::{DayMean, MeanDifference, Run, RunForecast, RunReport, RunSummary, Runner};
pub use runner::{CancelToken, WorkStage};
pub use scenario::comparison::ComparisonError;
pub use scenario::diagnostic::{Diagnostic, Diagnostics, TextPlace};
pub use scenario::parsed::Scenario;
pub use scenario::value::Setting;
pub use stats::interval::Interval;
pub use stats::sequential_test::Verdict;
pub use sweep::{
    Forecast, MergeError, ReuseError, ReusedRuns, Shard, SweepReport, SweepRun, SweepRunner, merge,
};
pub use table::Format;
pub use verify::{Verification, verify};
pub use write_report::{bundle, report};

/// The library example of README.md, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
