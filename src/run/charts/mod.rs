//! Charts of a run.

pub mod attachment;
pub mod phase_flow;
pub mod phase_plane;
pub mod quadrants;
pub mod regime_shares;
pub mod sample_couples;
pub(crate) mod series;
pub mod survival;
#[cfg(test)]
mod tests;
pub mod trajectories;

pub use attachment::attachment;
pub use phase_plane::{PhasePlaneOptions, phase_plane};
pub use regime_shares::regime_shares;
pub use sample_couples::{MOST_SAMPLE_COUPLES, sample_couples};
pub use survival::survival;
pub use trajectories::{EventMarker, trajectories};
