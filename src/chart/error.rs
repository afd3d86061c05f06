//! What can keep a chart from being drawn.

use std::error::Error;
use std::fmt;

/// Why there is no picture.
#[derive(Debug)]
#[non_exhaustive]
pub enum ChartError {
    /// The table has no rows.
    NoRows {
        /// Name of the table.
        table: &'static str,
    },
    /// The table lacks a column of the kind that the chart reads.
    NoColumn {
        /// Name of the table.
        table: &'static str,
        /// Name of the column.
        column: String,
        /// What the column must hold, such as "numbers".
        kind: &'static str,
    },
    /// The table has rows, but none that the chart could show.
    NothingToDraw {
        /// Name of the table.
        table: &'static str,
        /// What was looked for in it.
        wanted: String,
    },
    /// An argument lies outside its range.
    BadArgument {
        /// What the argument is.
        name: &'static str,
        /// What it must be.
        must: &'static str,
        /// What it was.
        value: f64,
    },
    /// The drawing library refused.
    Drawing {
        /// Its reason.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The picture could not be turned into pixels.
    Raster {
        /// The rasteriser's reason.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl fmt::Display for ChartError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChartError::NoRows { table } => write!(out, "table `{table}` has no rows to draw"),
            ChartError::NoColumn {
                table,
                column,
                kind,
            } => {
                write!(out, "table `{table}` has no column `{column}` of {kind}")
            }
            ChartError::NothingToDraw { table, wanted } => {
                write!(out, "table `{table}` has no {wanted} to draw")
            }
            ChartError::BadArgument { name, must, value } => {
                write!(out, "{name} must be {must}, not {value}")
            }
            ChartError::Drawing { .. } => write!(out, "the picture could not be drawn"),
            ChartError::Raster { .. } => write!(out, "the picture could not be turned into pixels"),
        }
    }
}

impl Error for ChartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            ChartError::Drawing { source } | ChartError::Raster { source } => Some(&**source),
            _ => None,
        }
    }
}
