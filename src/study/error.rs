//! Why a study could not be done.

use crate::chart::ChartError;
use crate::output::OutputError;
use crate::scenario::Faults;
use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// What kept a use case from being done.
#[derive(Debug)]
#[non_exhaustive]
pub enum StudyError {
    /// The scenario has faults.
    Scenario(Box<Faults>),
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
        name: &'static str,
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
    /// The scenario kept in a results folder is no longer understood by this version.
    Stale {
        /// Version that made the results.
        version: String,
        /// The faults that this version sees.
        faults: Box<Faults>,
    },
}

impl fmt::Display for StudyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StudyError::Scenario(faults) => write!(f, "the scenario has {} faults", faults.len()),
            StudyError::Unreadable { path, source } => {
                write!(f, "could not read the scenario {}: {source}", path.display())
            }
            StudyError::Unwritable { path, source } => {
                write!(f, "could not write the scenario {}: {source}", path.display())
            }
            StudyError::Output(source) => write!(f, "{source}"),
            StudyError::Chart { name, source } => {
                write!(f, "could not draw the chart `{name}`: {source}")
            }
            StudyError::Threads { asked, source } => {
                write!(f, "could not start {asked} threads: {source}")
            }
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
            StudyError::Chart { source, .. } => Some(source),
            StudyError::Threads { source, .. } => Some(source),
            StudyError::Scenario(_) | StudyError::Stale { .. } => None,
        }
    }
}

impl From<OutputError> for StudyError {
    fn from(source: OutputError) -> Self {
        StudyError::Output(source)
    }
}
