//! Drawing primitives for pictures of tables.
//!
//! A chart is a pure function from [tables](crate::table::Table) to a [`Figure`], whose SVG text and PNG bytes
//! depend on its arguments only: on no file, clock, locale or font of the machine. Figures are made for a
//! journal's column or page, in colours that colour-blind readers can distinguish and lines that differ in
//! grey print too.
//!
//! The charts of a use case lie in its folder and are made of the parts here: a `canvas` in millimetres,
//! `axes` with `ticks`, `legend`s and direct labels, `subplots` for small multiples, and `forest`
//! plots, in the `style` that all share.

mod axes;
mod canvas;
mod column_reader;
mod figure;
pub(crate) mod figure_list;
mod forest;
mod format;
mod geometry;
mod legend;
pub(crate) mod options;
#[cfg(feature = "pdf")]
mod pdf;
#[cfg(feature = "png")]
pub(crate) mod raster;
mod style;
mod subplots;
#[cfg(test)]
pub(crate) mod test_support;
mod ticks;

use std::error::Error;

pub(crate) use axes::{AXIS, Axes, SPACE_BELOW, draw_unit_plane, unit_plane};
pub(crate) use canvas::Canvas;
pub(crate) use column_reader::{ColumnReader, IntervalEstimate};
pub(crate) use figure::{Figure, MARGIN, Width};
pub(crate) use figure_list::FigureHeading;
pub(crate) use forest::{
    FOREST_HEADING, FOREST_RIGHT, ForestPlot, MOST_FOREST_ROWS, NameWidth, UNRESOLVED, VerdictMark,
    range_over, separate_ticks,
};
pub(crate) use format::{count, couples_from_to, levels_as_text, number, shortest};
pub(crate) use geometry::{Position, Rect, distance, simplify};
pub(crate) use legend::{EndLabel, Legend, LegendHandle, end_label_width, end_labels};
pub(crate) use style::{
    BLACK, BLUE, Colour, Dash, GREEN, GREY, HEADING, LABEL, NOTE, ORANGE, PALE, REGIMES, Regime,
    SERIES, Stroke, TextStyle, VERMILLION, WHITE, series_stroke,
};
pub(crate) use subplots::{PairGrid, Subplot, SubplotSpacing, Subplots};
pub(crate) use ticks::{
    Ticks, TimeAxis, exp10, log10, range_of, round_range, round_step, with_margins,
};

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ChartError {
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
    /// The chart is drawn only where it is requested.
    #[error("the chart was not requested")]
    NotRequested,
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
    /// The picture could not be turned into a PDF page.
    #[error("the picture could not be turned into a PDF page")]
    Pdf {
        /// The reason.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The picture could not be turned into pixels.
    #[error("the picture could not be turned into pixels")]
    Raster {
        /// The rasteriser's reason.
        source: Box<dyn Error + Send + Sync>,
    },
}
