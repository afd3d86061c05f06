//! Why a design cannot be made.

use thiserror::Error;

/// Why a design cannot be made.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum DesignError {
    /// There is no axis, or an axis without levels, or no point at all.
    #[error("the design has no points")]
    Empty,
    /// The number of points does not fit in 64 bits, or beyond what the sequence can tell apart.
    #[error("the design has more than {most} points")]
    TooManyPoints {
        /// The most points that this kind of design has.
        most: u64,
    },
    /// More axes than the sequence has dimensions.
    #[error("the design needs {requested} dimensions, but the sequence has {most}")]
    TooManyDimensions {
        /// Dimensions requested.
        requested: usize,
        /// Dimensions that there are.
        most: usize,
    },
    /// A number of points, or of base rows, that must be a power of two.
    #[error("{requested} is not a power of two; the nearest are {below} and {above}")]
    NotAPowerOfTwo {
        /// Number requested.
        requested: u64,
        /// The next power of two below it (1 for 0).
        below: u64,
        /// The next power of two above it.
        above: u64,
    },
    /// A coordinate outside [0, 1], or NaN.
    #[error("coordinate {value} of point {point} on axis {axis} is not within [0, 1]")]
    OutsideTheCube {
        /// Number of the point (or of the level), from 0.
        point: usize,
        /// Number of the axis, from 0.
        axis: usize,
        /// The coordinate.
        value: f64,
    },
    /// A point with another number of coordinates than the first one.
    #[error("point {point} has {found} coordinates, the first one {expected}")]
    UnevenPoint {
        /// Number of the point, from 0.
        point: usize,
        /// Its coordinates.
        found: usize,
        /// Coordinates of the first point.
        expected: usize,
    },
    /// A group number without any axis.
    #[error("group {group} has no axis")]
    EmptyGroup {
        /// The group's number, from 0.
        group: usize,
    },
    /// A Morris grid needs an even number of levels, 2 at least.
    #[error("a Morris grid needs an even number of levels, not {levels}")]
    OddLevels {
        /// Levels requested.
        levels: u32,
    },
    /// Fewer candidates than the trajectories to be chosen among them.
    #[error("{trajectories} trajectories cannot be chosen from {candidates}")]
    TooFewCandidates {
        /// Candidates offered.
        candidates: u32,
        /// Trajectories to choose.
        trajectories: u64,
    },
}

/// Checks that a number of points is a power of two.
pub(crate) fn power_of_two(requested: u64) -> Result<(), DesignError> {
    if requested.is_power_of_two() {
        return Ok(());
    }
    let below = requested.checked_ilog2().map_or(1, |bits| 1 << bits);
    Err(DesignError::NotAPowerOfTwo {
        requested,
        below,
        above: below.saturating_mul(2),
    })
}
