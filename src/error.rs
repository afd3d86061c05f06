//! Why a study could not be done.

use crate::bench::BenchFault;
use crate::calibrate::abc::{CalibrationFault, Ending};
use crate::chart::ChartError;
use crate::results::OutputError;
use crate::scenario::Diagnostics;
use crate::sweep::plan::Shard;
use crate::validate::TargetFault;
use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why shards cannot be merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergeFault {
    /// No folder was named.
    NoShards,
    /// The folder holds other results.
    NoShard {
        /// What it holds.
        kind: String,
    },
    /// A file of the shard is not as it was written.
    Damaged {
        /// The file, and what became of it.
        file: String,
    },
    /// The shard is of another scenario, of other overrides or of another version.
    OtherScenario {
        /// The folder that it was held against.
        than: PathBuf,
    },
    /// The shard is of a sweep that was cut otherwise.
    OtherCut {
        /// Shards of the first one's sweep.
        of: u64,
        /// Shards of this one's.
        found: u64,
    },
    /// The shard is there already.
    Twice {
        /// The shard.
        shard: Shard,
    },
    /// Shards are missing.
    Missing {
        /// Their numbers.
        numbers: Vec<u64>,
        /// Of how many.
        of: u64,
    },
    /// The shard has too few jobs.
    Short {
        /// Jobs that it should have.
        expected: u64,
        /// Jobs that it has.
        found: u64,
    },
}

impl fmt::Display for MergeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MergeFault::NoShards => f.write_str("there are no shards to merge"),
            MergeFault::NoShard { kind } => write!(f, "holds no shard but `{kind}`"),
            MergeFault::Damaged { file } => f.write_str(file),
            MergeFault::OtherScenario { than } => write!(
                f,
                "is of another scenario, of other overrides or of another version than {}",
                than.display()
            ),
            MergeFault::OtherCut { of, found } => {
                write!(f, "is one of {found} shards, the first folder one of {of}")
            }
            MergeFault::Twice { shard } => write!(f, "shard {shard} is named twice"),
            MergeFault::Missing { numbers, of } => {
                let list: Vec<String> = numbers
                    .iter()
                    .map(|number| format!("{number}/{of}"))
                    .collect();
                write!(f, "not merged, as shards are missing: {}", list.join(", "))
            }
            MergeFault::Short { expected, found } => {
                write!(f, "has {found} jobs where it should have {expected}")
            }
        }
    }
}

/// What kept a use case from being done.
#[derive(Debug)]
#[non_exhaustive]
pub enum StudyError {
    /// The scenario has faults.
    Scenario(Box<Diagnostics>),
    /// The scenario file could not be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// A new scenario file could not be written.
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// Files could not be written or read.
    Output(OutputError),
    /// A chart could not be drawn.
    Chart {
        /// Name of the chart.
        name: String,
        /// The reason.
        source: ChartError,
    },
    /// The threads asked for could not be started.
    Threads {
        /// How many were asked for.
        asked: usize,
        /// The reason.
        source: rayon::ThreadPoolBuildError,
    },
    /// The scenario asks for no sweep.
    NoSweep,
    /// The scenario claims nothing.
    NoClaims,
    /// A mechanism is to be taken out that does not exist.
    NoMechanism {
        /// The key that was given.
        key: String,
    },
    /// Two scenarios would have the same folder of results.
    SameFolder {
        /// The folder.
        folder: PathBuf,
    },
    /// Another question is to be resumed than the one that was begun.
    Changed {
        /// What changed, a line each.
        changes: Vec<String>,
    },
    /// Shards cannot be merged.
    Merge {
        /// The folder that is to blame, or that of the results.
        folder: PathBuf,
        /// What is wrong.
        fault: MergeFault,
    },
    /// An earlier measurement cannot be used.
    Bench {
        /// Its file.
        path: PathBuf,
        /// What is wrong.
        fault: BenchFault,
    },
    /// A calibration cannot be made as it was asked for.
    Calibration {
        /// What is wrong.
        fault: CalibrationFault,
    },
    /// A calibration ended before its first generation was whole.
    NoPosterior {
        /// Why it ended.
        ending: Ending,
        /// Simulations that were done.
        simulations: u64,
        /// Those of them with a statistic that is no number.
        missing: u64,
    },
    /// A published number cannot be used.
    Target(TargetFault),
    /// Every job that was to be measured failed, so that no couple lived.
    NothingLived,
    /// Charts were asked for of a folder that holds a shard, which has no tables.
    OnlyAShard {
        /// The folder.
        folder: PathBuf,
        /// The shard.
        shard: Shard,
    },
    /// The scenario kept in a results folder is no longer understood by this version.
    Stale {
        /// Version that made the results.
        version: String,
        /// The faults that this version sees.
        faults: Box<Diagnostics>,
    },
}

impl fmt::Display for StudyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StudyError::Scenario(faults) => write!(f, "the scenario has {} faults", faults.len()),
            StudyError::Unreadable { path, source } => {
                write!(
                    f,
                    "could not read the scenario {}: {source}",
                    path.display()
                )
            }
            StudyError::Unwritable { path, source } => {
                write!(
                    f,
                    "could not write the scenario {}: {source}",
                    path.display()
                )
            }
            StudyError::Output(source) => write!(f, "{source}"),
            StudyError::Chart { name, source } => {
                write!(f, "could not draw the chart `{name}`: {source}")
            }
            StudyError::Threads { asked, source } => {
                write!(f, "could not start {asked} threads: {source}")
            }
            StudyError::NoSweep => {
                f.write_str("the scenario has no `[sweep]`: `pairbond run` runs it")
            }
            StudyError::NoClaims => {
                f.write_str("the scenario has no `[[claim]]`: `pairbond run` runs it")
            }
            StudyError::NoMechanism { key } => {
                write!(f, "there is no mechanism `{key}` to be taken out")
            }
            StudyError::SameFolder { folder } => write!(
                f,
                "two scenarios would leave their results in {}: rename one, or name a folder for each",
                folder.display()
            ),
            StudyError::Changed { changes } => write!(
                f,
                "this is not what was begun, so it cannot be resumed:\n  {}",
                changes.join("\n  ")
            ),
            StudyError::Merge { folder, fault } => write!(f, "{}: {fault}", folder.display()),
            StudyError::Bench { path, fault } => write!(f, "{}: {fault}", path.display()),
            StudyError::Calibration { fault } => write!(f, "{fault}"),
            StudyError::NoPosterior {
                ending,
                simulations,
                missing,
            } => write!(
                f,
                "there is no posterior, as {ending} within the first generation: of {simulations} simulations {missing} gave a statistic that is no number"
            ),
            StudyError::Target(source) => write!(f, "{source}"),
            StudyError::NothingLived => f.write_str(
                "nothing was measured, as every point that was tried failed: `pairbond sweep` says why in `points`",
            ),
            StudyError::OnlyAShard { folder, shard } => write!(
                f,
                "{} holds shard {shard} of a sweep: `pairbond merge` makes tables and charts of all of them",
                folder.display()
            ),
            StudyError::Stale { version, faults } => write!(
                f,
                "the scenario of these results was written for version {version}; this version, {}, sees {} faults in it",
                env!("CARGO_PKG_VERSION"),
                faults.len()
            ),
        }
    }
}

impl Error for StudyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            StudyError::Unreadable { source, .. } | StudyError::Unwritable { source, .. } => {
                Some(source)
            }
            StudyError::Output(source) => Some(source),
            StudyError::Target(source) => Some(source),
            StudyError::Chart { source, .. } => Some(source),
            StudyError::Threads { source, .. } => Some(source),
            StudyError::Calibration { fault } => Some(fault),
            StudyError::Scenario(_)
            | StudyError::NoSweep
            | StudyError::NoClaims
            | StudyError::NoMechanism { .. }
            | StudyError::SameFolder { .. }
            | StudyError::Changed { .. }
            | StudyError::Merge { .. }
            | StudyError::Bench { .. }
            | StudyError::NoPosterior { .. }
            | StudyError::NothingLived
            | StudyError::OnlyAShard { .. }
            | StudyError::Stale { .. } => None,
        }
    }
}

impl From<CalibrationFault> for StudyError {
    fn from(fault: CalibrationFault) -> Self {
        StudyError::Calibration { fault }
    }
}

impl From<TargetFault> for StudyError {
    fn from(source: TargetFault) -> Self {
        StudyError::Target(source)
    }
}

impl From<OutputError> for StudyError {
    fn from(source: OutputError) -> Self {
        StudyError::Output(source)
    }
}
