//! Why a table of published targets cannot be used.

use thiserror::Error;

/// Why a table of targets cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TargetError {
    /// A line is not a row of the table.
    #[error("targets.csv:{line}: {}{reason}", in_column(*.column))]
    Row {
        /// The line, from 1.
        line: u64,
        /// The column by its name, where one cell is wrong.
        column: Option<&'static str>,
        /// What is wrong.
        reason: String,
    },
    /// No target has this name.
    #[error(
        "there is no target `{requested}`: name one of `validation/targets.csv`, such as C01, or a tier, C, V or P"
    )]
    Unknown {
        /// The name.
        requested: String,
    },
}

/// The part of a message that names a column.
fn in_column(column: Option<&str>) -> String {
    column.map_or_else(String::new, |column| format!("column `{column}`: "))
}
