//! Why an earlier measurement cannot be used.

use crate::results::OutputError;

/// Number of the format of measurements.
pub(crate) const BENCH_FORMAT: u32 = 1;

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
        "is a measurement of a newer pairbond: its key `format` is {format}, this version reads up to {BENCH_FORMAT}"
    )]
    Newer {
        /// Number of its format.
        format: u64,
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
