//! Drawing primitives for pictures of tables.
//!
//! A chart is a pure function from [tables](crate::table::Table) to a [`Figure`], whose SVG text and PNG bytes
//! depend on its arguments only: on no file, clock, locale or font of the machine. Figures are made for a
//! journal's column or page, in colours that colour-blind readers can distinguish and lines that differ in
//! grey print too.
//!
//! The charts of a use case lie in its folder and are made of the parts here: a `canvas` in millimetres,
//! `axes` with `ticks`, `legend`s, direct `labels`, `subplots` for small multiples, and `forest`
//! plots, in the `style` and `text_style` that all share.

mod axes;
mod canvas;
mod column_reader;
mod error;
mod figure;
pub(crate) mod figure_list;
mod forest;
mod geometry;
mod labels;
mod legend;
mod names;
mod number_format;
#[cfg(feature = "png")]
pub(crate) mod raster;
mod regime;
mod simplify;
mod style;
mod subplots;
#[cfg(test)]
pub(crate) mod test_support;
mod text_style;
mod ticks;
mod time_axis;

pub(crate) use error::ChartError;
pub(crate) use figure::{Figure, Width};

pub(crate) use axes::{AXIS, Axes, ROOM_BELOW, draw_unit_plane, unit_plane};
pub(crate) use canvas::Canvas;
pub(crate) use column_reader::{ColumnReader, IntervalEstimate};
pub(crate) use figure::MARGIN;
pub(crate) use forest::{
    FOREST_HEADING, FOREST_RIGHT, ForestPlot, MOST_FOREST_ROWS, NameRoom, UNRESOLVED, VerdictMark,
    range_over, separate_ticks,
};
pub(crate) use geometry::{Position, Rect, distance};
pub(crate) use labels::{EndLabel, end_label_room, end_labels};
pub(crate) use legend::{Legend, LegendHandle};
pub(crate) use names::{capitalised, readable};
pub(crate) use number_format::{count, levels_as_text, number, shortest};
pub(crate) use regime::{REGIMES, Regime};
pub(crate) use simplify::simplify;
pub(crate) use style::{
    BLACK, BLUE, Colour, Dash, GREEN, GREY, ORANGE, PALE, SERIES, Stroke, VERMILLION, WHITE,
};
pub(crate) use subplots::{PairGrid, Subplot, SubplotSpacing, Subplots};
pub(crate) use text_style::{HEADING, LABEL, NOTE, TextStyle};
pub(crate) use ticks::{Ticks, exp10, log10, range_of, round_below, round_range, round_step};
pub(crate) use time_axis::TimeAxis;
