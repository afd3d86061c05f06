//! Why a chart cannot be drawn.

use std::error::Error;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChartError {
    /// The table has no rows.
    #[error("table `{table}` has no rows to draw")]
    NoRows {
        /// Name of the table.
        table: &'static str,
    },
    /// The table lacks a column of the kind that the chart reads.
    #[error("table `{table}` has no column `{column}` of {kind}")]
    NoColumn {
        /// Name of the table.
        table: &'static str,
        /// Name of the column.
        column: String,
        /// What the column must hold, such as "numbers".
        kind: &'static str,
    },
    /// The table has rows, but none that the chart could show.
    #[error("table `{table}` has no {wanted} to draw")]
    NothingToDraw {
        /// Name of the table.
        table: &'static str,
        /// What was looked for in it.
        wanted: String,
    },
    /// An argument lies outside its range.
    #[error("{name} must be {must}, not {value}")]
    BadArgument {
        /// What the argument is.
        name: &'static str,
        /// What it must be.
        must: &'static str,
        /// What it was.
        value: f64,
    },
    /// The drawing library returned an error.
    #[error("the picture could not be drawn")]
    Drawing {
        /// The library's reason.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The picture could not be turned into pixels.
    #[error("the picture could not be turned into pixels")]
    Raster {
        /// The rasteriser's reason.
        source: Box<dyn Error + Send + Sync>,
    },
}
