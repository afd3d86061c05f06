//! Charts of parameter sweeps: what was found over the axes of a design, and what it depends on.

pub mod axis;
pub mod colour_scale;
pub mod contour;
pub mod contrasts;
pub mod design_pairs;
pub mod grid_map;
pub mod heat_map;
pub mod lines;
pub mod morris;
pub mod phase_diagram;
pub mod points;
pub mod sobol;
#[cfg(test)]
mod tests;
pub mod tornado;
pub mod verdict;

pub use axis::AxisInfo;
pub use contrasts::contrasts;
pub use design_pairs::design_pairs;
pub use heat_map::heat_map;
pub use lines::lines;
pub use morris::morris_plane;
pub use phase_diagram::phase_diagram;
pub use sobol::sobol_bars;
pub use tornado::tornado;
