//! The crate's error, and those of its causes that no module of a lower layer has.

use crate::calibrate::error::{AbcEnding, CalibrationError, SimulationReuseError};
use crate::chart::figure_list::FailedChart;
use crate::cluster::error::ClusterError;
use crate::printable::shell_path;
use crate::results::OutputError;
use crate::runner::Cancelled;
use crate::scenario::Diagnostics;
use crate::scenario::comparison::ComparisonError;
use crate::sweep::error::ReuseError;
use crate::sweep::shard::{MergeError, Shard, ShardError};
use crate::table::ColumnError;
use crate::table::error::io_reason;
use std::io;
use std::path::PathBuf;

/// Why something could not be done. Each message includes that of its source.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The scenario, or a value set in it, is invalid.
    #[error("the scenario has {} errors", .0.len())]
    Scenario(Box<Diagnostics>),
    /// The work was cancelled. No files were written.
    #[error("interrupted; no files were written")]
    Cancelled,
    /// The work was cancelled. Finished jobs are in a journal, from which it can be resumed.
    #[error("interrupted after {done}{} jobs, kept in {}: run the same command with --resume to continue", .jobs.map_or(String::new(), |jobs| format!(" of {jobs}")), .journal.display())]
    Interrupted {
        /// Folder of the journal.
        journal: PathBuf,
        /// Jobs in the journal.
        done: u64,
        /// Jobs in all, if that is known.
        jobs: Option<u64>,
    },
    /// The work failed. Finished jobs are in a journal, from which it can be resumed.
    #[error("{source}\nfinished jobs are kept in {}: run the same command with --resume to continue", .journal.display())]
    Resumable {
        /// What failed.
        source: Box<Error>,
        /// Folder of the journal.
        journal: PathBuf,
    },
    /// The work that is to be resumed is finished already.
    #[error("nothing to resume: the results are in {}", .folder.display())]
    AlreadyFinished {
        /// Folder of the results.
        folder: PathBuf,
        /// Whether no job of them could be done.
        all_failed: bool,
    },
    /// A scenario file could not be read.
    #[error("could not read {}: {}", .path.display(), io_reason(.source))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// Standard output could not be written to.
    #[error("could not write to standard output: {source}")]
    Stdout {
        /// The system's answer.
        source: io::Error,
    },
    /// Results could not be written or read.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// Charts could not be drawn. All other files are in the folder.
    #[error("{}; all other files are in {}", listed(.failed), .folder.display())]
    Charts {
        /// The folder.
        folder: PathBuf,
        /// The charts.
        failed: Vec<FailedChart>,
    },
    /// The server could not be started.
    #[error("could not listen on port {port} of 127.0.0.1: {source}")]
    Listen {
        /// The port; 0 where the system was to choose one.
        port: u16,
        /// The system's answer.
        source: io::Error,
    },
    /// The threads could not be started.
    #[error("could not start {requested} threads: {source}")]
    Threads {
        /// Number of threads.
        requested: usize,
        /// The reason.
        source: rayon::ThreadPoolBuildError,
    },
    /// The system does not give as much memory as the work takes.
    #[error("not enough memory for {what}: about {} are needed", in_bytes(*.bytes))]
    Memory {
        /// What it is for.
        what: String,
        /// Bytes that are needed, about.
        bytes: u64,
    },
    /// The scenario has no sweep.
    #[error("the scenario has no `[sweep]`: `pairbond run` simulates it")]
    NoSweep,
    /// The scenario has no claims.
    #[error(
        "the scenario has no `[[claim]]`: `pairbond run` simulates it, and `pairbond sweep` what its `[sweep]` varies, if it has one"
    )]
    NoClaims,
    /// The scenario has no study.
    #[error("the scenario has no `[study]`: `pairbond run` simulates it")]
    NoStudy,
    /// The scenario has no study whose power is measured.
    #[error("the scenario has no `[power]`: `pairbond explain power` describes it")]
    NoPower,
    /// The scenario has nothing to recover.
    #[error(
        "the scenario has no `[recover]` and no `[[rival]]`: `pairbond explain recover` describes them"
    )]
    NoRecover,
    /// No mechanism has this key.
    #[error("there is no mechanism `{key}`")]
    NoMechanism {
        /// The key.
        key: String,
    },
    /// There is nothing of this name to explain.
    #[error("there is nothing called `{name}` to explain: {}", did_you_mean(.near))]
    NoExplanation {
        /// The name.
        name: String,
        /// Names that are near.
        near: Vec<String>,
    },
    /// The program has no such command.
    #[error("there is no command `{name}`: `pairbond --help` lists all")]
    NoCommand {
        /// The name.
        name: String,
    },
    /// Results have nothing of this name that charts could show.
    #[error("the results have no {what} `{name}`{}", .nearest.as_ref().map_or(String::new(), |near| format!(": did you mean `{near}`?")))]
    NotInResults {
        /// What the name should be of: an observable or a measure.
        what: &'static str,
        /// The name.
        name: String,
        /// The name that is most like it.
        nearest: Option<String>,
    },
    /// This build draws no charts in a format.
    #[error("this pairbond was built without charts in {format} (cargo feature `{format}`)")]
    NoChartFormat {
        /// The format, which is the name of the feature.
        format: &'static str,
    },
    /// An option of charts does not suit the kind of results.
    #[error("results of `pairbond {kind}` have no charts of {what}")]
    NoSuchCharts {
        /// The kind of the results.
        kind: &'static str,
        /// What was requested.
        what: &'static str,
    },
    /// No couple of the scenario has this number.
    #[error("there is no couple {couple}: the scenario has {couples} couples, numbered from 1")]
    NoCouple {
        /// The number.
        couple: u64,
        /// Couples of a replicate.
        couples: u64,
    },
    /// A table has no such column.
    #[error(transparent)]
    Column(#[from] ColumnError),
    /// The results have no such table.
    #[error("these results have no table `{table}`")]
    NoTable {
        /// Name of the table.
        table: String,
    },
    /// Two scenarios would have the same folder of results.
    #[error("two scenarios would write their results to {}: rename one, or give each its own folder", .folder.display())]
    SameFolder {
        /// The folder.
        folder: PathBuf,
    },
    /// What is to be resumed is not what was started.
    #[error("cannot resume: the scenario changed since the work started:\n  {}", .changes.join("\n  "))]
    Changed {
        /// What changed, a line each.
        changes: Vec<String>,
    },
    /// A text names no shard.
    #[error(transparent)]
    Shard(#[from] ShardError),
    /// Shards cannot be merged.
    #[error("{}: {source}", .folder.display())]
    Merge {
        /// Folder of the shard, or of the results.
        folder: PathBuf,
        /// The reason.
        source: MergeError,
    },
    /// The runs of an earlier sweep cannot be reused.
    #[error("cannot reuse {}: {source}", .folder.display())]
    Reuse {
        /// Folder of its results.
        folder: PathBuf,
        /// The reason.
        source: ReuseError,
    },
    /// The simulations of an earlier calibration cannot be reused.
    #[error("cannot reuse {}: {source}", .folder.display())]
    ReuseSimulations {
        /// Folder of its results.
        folder: PathBuf,
        /// The reason.
        source: SimulationReuseError,
    },
    /// An earlier measurement cannot be used.
    #[error("{}: {source}", .path.display())]
    Baseline {
        /// Its file.
        path: PathBuf,
        /// The reason.
        source: BaselineError,
    },
    /// A calibration document is inconsistent with its targets or priors.
    #[error("{0}")]
    Calibration(#[from] CalibrationError),
    /// A calibration ended before its first generation was complete.
    #[error(
        "there is no posterior: {ending} within the first generation, and of {simulations} simulations {missing} gave a statistic that is not a number"
    )]
    NoPosterior {
        /// Why it ended.
        ending: AbcEnding,
        /// Simulations done.
        simulations: u64,
        /// Simulations with a statistic that is not a number.
        missing: u64,
    },
    /// A published number cannot be used.
    #[error("{0}")]
    Target(#[from] TargetError),
    /// Every measured job failed.
    #[error(
        "nothing was measured: every point failed (`pairbond sweep` gives the reasons in `points`)"
    )]
    NothingMeasured,
    /// The folder holds a shard, which has no tables and charts.
    #[error("{} holds shard {shard}: `pairbond merge` makes tables and charts of all shards", .folder.display())]
    OnlyAShard {
        /// The folder.
        folder: PathBuf,
        /// The shard.
        shard: Shard,
    },
    /// The folder holds the plan of a sweep's shards.
    #[error("{} holds a plan of shards: its results are in {}, and `pairbond sweep status` says which shards are done", .folder.display(), .folder.join("results").display())]
    OnlyAPlan {
        /// The folder.
        folder: PathBuf,
    },
    /// The shards of a sweep cannot be planned, submitted or run.
    #[error("{}: {source}", .folder.display())]
    Cluster {
        /// Folder of the plan.
        folder: PathBuf,
        /// The reason.
        source: ClusterError,
    },
    /// Scenarios cannot be compared.
    #[error("{0}")]
    Comparison(#[from] ComparisonError),
    /// The folder holds other results than those of a run.
    #[error("{} holds results of `{kind}`: runs can be compared", .folder.display())]
    NotARun {
        /// The folder.
        folder: PathBuf,
        /// What they are.
        kind: &'static str,
    },
    /// The results were written by another version, which may give other numbers.
    #[error("{} was written by version {version}: run its scenario again with this one", .folder.display())]
    OtherVersion {
        /// The folder.
        folder: PathBuf,
        /// That version.
        version: String,
    },
    /// A table is not the one that was written.
    #[error("{} is not the file that was written: `pairbond verify {}` says what changed", .path.display(), shell_path(.folder))]
    AlteredTable {
        /// The table's file.
        path: PathBuf,
        /// The folder of its results.
        folder: PathBuf,
    },
    /// The folder holds charts of other results.
    #[error("{} holds only charts: name the folder of their results", .folder.display())]
    OnlyCharts {
        /// The folder.
        folder: PathBuf,
    },
    /// The scenario in a results folder is invalid in this version.
    #[error("the scenario of these results was written for version {version}; this version, {}, finds {} errors in it", env!("CARGO_PKG_VERSION"), .diagnostics.len())]
    Stale {
        /// Version that made the results.
        version: String,
        /// The errors.
        diagnostics: Box<Diagnostics>,
    },
}

impl From<crate::table::TableError> for Error {
    fn from(error: crate::table::TableError) -> Self {
        Error::Output(error.into())
    }
}

impl From<Diagnostics> for Error {
    fn from(diagnostics: Diagnostics) -> Error {
        Error::Scenario(Box::new(diagnostics))
    }
}

impl From<Cancelled> for Error {
    fn from(_: Cancelled) -> Error {
        Error::Cancelled
    }
}

impl Error {
    /// Whether the request was refused as given: for its arguments, for a scenario or another file that it
    /// reads, or for a place where it may not write. Otherwise the work was begun and failed, or was
    /// cancelled.
    pub fn is_refusal(&self) -> bool {
        match self {
            Error::Scenario(_)
            | Error::Stale { .. }
            | Error::Unreadable { .. }
            | Error::NoSweep
            | Error::NoClaims
            | Error::NoStudy
            | Error::NoPower
            | Error::NoRecover
            | Error::NoMechanism { .. }
            | Error::NoExplanation { .. }
            | Error::NoCommand { .. }
            | Error::NotInResults { .. }
            | Error::NoChartFormat { .. }
            | Error::NoSuchCharts { .. }
            | Error::NoCouple { .. }
            | Error::Column(_)
            | Error::NoTable { .. }
            | Error::SameFolder { .. }
            | Error::Changed { .. }
            | Error::Shard(_)
            | Error::Merge { .. }
            | Error::Reuse { .. }
            | Error::ReuseSimulations { .. }
            | Error::Baseline { .. }
            | Error::Target(_)
            | Error::OnlyAShard { .. }
            | Error::OnlyAPlan { .. }
            | Error::AlteredTable { .. }
            | Error::Comparison(_)
            | Error::NotARun { .. }
            | Error::OtherVersion { .. }
            | Error::OnlyCharts { .. } => true,
            Error::Listen { port, .. } => *port != 0,
            Error::Output(error) => error.is_refusal(),
            Error::Calibration(error) => error.is_refusal(),
            Error::Cluster { source, .. } => source.is_refusal(),
            Error::Cancelled
            | Error::Interrupted { .. }
            | Error::Resumable { .. }
            | Error::AlreadyFinished { .. }
            | Error::Stdout { .. }
            | Error::Charts { .. }
            | Error::Threads { .. }
            | Error::Memory { .. }
            | Error::NoPosterior { .. }
            | Error::NothingMeasured => false,
        }
    }

    /// Fails if charts could not be drawn; all other files are in `folder`.
    pub(crate) fn charts(folder: PathBuf, failed: Vec<FailedChart>) -> Result<(), Error> {
        if failed.is_empty() {
            return Ok(());
        }
        Err(Error::Charts { folder, failed })
    }
}

fn listed(failed: &[FailedChart]) -> String {
    let failed: Vec<String> = failed.iter().map(FailedChart::to_string).collect();
    failed.join("; ")
}

/// The names that may be meant.
fn did_you_mean(near: &[String]) -> String {
    let near: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
    match near.is_empty() {
        true => "`pairbond explain` lists what there is".to_owned(),
        false => format!("did you mean {}?", near.join(", ")),
    }
}

/// A number of bytes as people read it.
fn in_bytes(bytes: u64) -> String {
    let bytes = bytes as f64;
    if bytes < 1e9 {
        format!("{:.0} MB", bytes / 1e6)
    } else if bytes < 1e12 {
        format!("{:.1} GB", bytes / 1e9)
    } else {
        format!("{:.1} TB", bytes / 1e12)
    }
}

/// Why a table of targets cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// A line is not a row of an earlier table of verdicts.
    #[error("{file}:{line}: {reason}")]
    Row {
        /// The table's file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// What is wrong.
        reason: String,
    },
    /// No target has this name.
    #[error(
        "there is no target `{requested}`: name one of `{table}`, such as {example} (`pairbond explain {example}` describes \
         it), or a tier, C, V or P"
    )]
    Unknown {
        /// The name.
        requested: String,
        /// The table's file.
        table: String,
        /// A target of the table, the nearest name where there is one.
        example: String,
    },
}

/// Why a file cannot be used as an earlier measurement.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// The file cannot be read.
    #[error(transparent)]
    Unreadable(#[from] OutputError),
    /// The file is not JSON.
    #[error("is no measurement of `pairbond bench`: not JSON: {why}")]
    NotJson {
        /// What the JSON reader reports.
        why: String,
    },
    /// The file is JSON of something else.
    #[error("is no measurement of `pairbond bench`: its key `{key}` is not {expected}")]
    NotOurs {
        /// The key.
        key: String,
        /// Its value in a measurement.
        expected: String,
    },
    /// A newer version wrote it, in a format that this version does not know.
    #[error(
        "is a measurement of a newer pairbond: its key `format` is {format}, this version reads up to {known}"
    )]
    Newer {
        /// Number of its format.
        format: u64,
        /// The highest that this version reads.
        known: u32,
    },
    /// A key is missing or has an impossible value.
    #[error("the key `{key}` {why}")]
    Key {
        /// The key.
        key: String,
        /// What is wrong with it.
        why: String,
    },
}
