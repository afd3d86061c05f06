//! Charts of parameter sweeps: what was found over the axes of a design, and what it depends on.

mod axis;
mod colour_scale;
mod contour;
mod contrasts;
mod design_pairs;
mod grid_map;
mod heat_map;
mod lines;
mod morris;
mod phase_diagram;
mod points;
mod sobol;
#[cfg(test)]
mod tests;
mod tornado;
mod verdict;

pub(crate) use axis::AxisInfo;
pub(crate) use contrasts::contrasts;
pub(crate) use design_pairs::design_pairs;
pub(crate) use heat_map::heat_map;
pub(crate) use lines::lines;
pub(crate) use morris::morris_plane;
pub(crate) use phase_diagram::phase_diagram;
pub(crate) use sobol::sobol_bars;
pub(crate) use tornado::tornado;
