//! Pictures of tables: trajectories, the trust–intimacy plane, regimes, survival, single stories, and the
//! ways of single persons through the plane of attachment.
//!
//! Each chart is a pure function from [tables](crate::foundation::table::Table) to a [`Figure`], whose
//! SVG text and PNG bytes depend on its arguments and on nothing else: no file, clock, locale or font
//! of the machine. Figures are made for a journal's column or page, in colours that colour-blind readers
//! tell apart and lines that differ in grey print too.
//!
//! Further charts are made of the same parts: a [`canvas`] in millimetres, [`panel`]s with their
//! scales, [`ticks`] and [`time`] axes, [`key`]s and direct [`labels`], a [`grid`] for small multiples, and
//! the [`ink`] and [`lettering`] that all share.

mod attachment;
mod calibration;
pub mod canvas;
mod claims;
mod error;
mod figure;
mod flow;
pub mod grid;
pub mod ink;
pub mod key;
pub mod labels;
pub mod lettering;
pub mod panel;
mod plane;
mod quadrants;
#[cfg(feature = "png")]
mod raster;
mod read;
mod regime;
mod regimes;
mod series;
mod stories;
mod survival;
mod svg;
mod sweep;
pub mod thin;
pub mod ticks;
pub mod time;
mod trajectories;
mod validation;

#[cfg(test)]
mod specimens;
#[cfg(test)]
mod tests;

pub use attachment::attachment;
pub use calibration::{posterior_marginals, posterior_pairs, posterior_predictive, search_course};
pub use claims::claims;
pub use error::ChartError;
pub use figure::{Figure, Width};
pub use plane::{Cuts, plane};
pub use regimes::regimes;
pub use stories::{MOST_STORIES, stories};
pub use survival::survival;
pub use sweep::{AxisInfo, contrasts, design_pairs, heat_map, lines};
pub use sweep::{morris_plane, phase_diagram, sobol_bars, tornado};
pub use trajectories::{Event, trajectories};
pub use validation::{ablation, targets};
