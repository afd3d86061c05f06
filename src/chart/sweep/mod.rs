//! Charts of parameter sweeps: what was found over the axes of a design, and what it depends on.

mod axis;
mod contour;
mod contrasts;
mod design_pairs;
mod facets;
mod heat_map;
mod lane;
mod lines;
mod map;
mod matrix;
mod morris;
mod phase;
pub(super) mod points;
pub(super) mod rows;
mod scale;
mod shade;
mod sobol;
mod tornado;
mod verdict;
mod viridis;

#[cfg(test)]
mod gallery;
#[cfg(test)]
mod specimens;
#[cfg(test)]
mod tests;

pub use axis::AxisInfo;
pub use contrasts::contrasts;
pub use design_pairs::design_pairs;
pub use heat_map::heat_map;
pub use lines::lines;
pub use morris::morris_plane;
pub use phase::phase_diagram;
pub use sobol::sobol_bars;
pub use tornado::tornado;
