//! Pictures of tables: trajectories, the trust–intimacy plane, regimes, survival, single sample_couples, and the
//! ways of single persons through the plane of attachment.
//!
//! Each chart is a pure function from [tables](crate::table::Table) to a [`Figure`], whose
//! SVG text and PNG bytes depend on its arguments and on nothing else: no file, clock, locale or font
//! of the machine. Figures are made for a journal's column or page, in colours that colour-blind readers
//! tell apart and lines that differ in grey print too.
//!
//! Further charts are made of the same parts: a [`canvas`] in millimetres, [`panel`]s with their
//! scales, [`ticks`] and [`time`] axes, [`key`]s and direct [`labels`], a [`grid`] for small multiples, and
//! the [`ink`] and [`lettering`] that all share.

pub mod axes;
pub mod canvas;
pub mod error;
pub mod figure;
pub mod grid;
pub mod labels;
pub mod legend;
#[cfg(feature = "png")]
pub mod raster;
pub mod read;
pub mod regime;
pub mod series;
pub mod simplify;
pub mod style;
pub mod svg;
pub mod text_style;
pub mod ticks;
pub mod time;

pub use error::ChartError;
pub use figure::{Figure, Width};
