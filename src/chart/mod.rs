//! Drawing primitives for pictures of tables.
//!
//! A chart is a pure function from [tables](crate::table::Table) to a [`Figure`], whose SVG text and PNG bytes
//! depend on its arguments only: on no file, clock, locale or font of the machine. Figures are made for a
//! journal's column or page, in colours that colour-blind readers can distinguish and lines that differ in
//! grey print too.
//!
//! The charts of a use case lie in its folder and are made of the parts here: a [`canvas`] in millimetres,
//! [`axes`] with [`ticks`], [`legend`]s, direct [`labels`], [`subplots`] for small multiples, and [`forest`]
//! plots, in the [`style`] and [`text_style`] that all share.

pub mod axes;
pub mod canvas;
pub mod error;
pub mod figure;
pub(crate) mod figure_list;
pub(crate) mod forest;
pub mod labels;
pub mod legend;
pub(crate) mod names;
pub(crate) mod number_format;
#[cfg(feature = "png")]
pub(crate) mod raster;
pub(crate) mod regime;
pub(crate) mod simplify;
pub mod style;
pub mod subplots;
pub(crate) mod table_reader;
#[cfg(test)]
pub(crate) mod test_support;
pub mod text_style;
pub mod ticks;
pub mod time_axis;

pub use error::ChartError;
pub use figure::{Figure, Width};
