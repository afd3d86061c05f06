//! Why a table of published targets cannot be used.

use thiserror::Error;

/// Why a table of targets cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
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
        "there is no target `{requested}`: name one of `{table}`, such as {example}, or a tier, C, V or P"
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
