//! What can be wrong with the request for a design.

use std::error::Error;
use std::fmt;

/// Why a design cannot be made.
#[derive(Clone, Debug, PartialEq)]
pub enum DesignFault {
    /// There is no axis, or an axis without levels, or no point at all.
    Empty,
    /// The number of points does not fit in 64 bits, or beyond what the sequence can tell apart.
    TooManyPoints {
        /// The most points that this kind of design has.
        most: u64,
    },
    /// More axes than the sequence has dimensions.
    TooManyDimensions {
        /// Dimensions asked for.
        asked: usize,
        /// Dimensions that there are.
        most: usize,
    },
    /// A number of points, or of base rows, that must be a power of two.
    NotAPowerOfTwo {
        /// Number asked for.
        asked: u64,
        /// The next power of two below it (1 for 0).
        below: u64,
        /// The next power of two above it.
        above: u64,
    },
    /// A coordinate outside [0, 1], or NaN.
    OutsideTheCube {
        /// Number of the point (or of the level), from 0.
        point: usize,
        /// Number of the axis, from 0.
        axis: usize,
        /// The coordinate.
        value: f64,
    },
    /// A point with another number of coordinates than the first one.
    UnevenPoint {
        /// Number of the point, from 0.
        point: usize,
        /// Its coordinates.
        found: usize,
        /// Coordinates of the first point.
        expected: usize,
    },
    /// A group number without any axis.
    EmptyGroup {
        /// The group's number, from 0.
        group: usize,
    },
    /// Groups over another number of axes than the design has.
    UnevenGroups {
        /// Axes that the groups speak of.
        found: usize,
        /// Axes of the design.
        expected: usize,
    },
    /// A Morris grid needs an even number of levels, 2 at least.
    OddLevels {
        /// Levels asked for.
        levels: u32,
    },
    /// Fewer candidates than the trajectories to be chosen among them.
    TooFewCandidates {
        /// Candidates offered.
        candidates: u32,
        /// Trajectories to choose.
        trajectories: u64,
    },
}

impl fmt::Display for DesignFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "the design has no points"),
            Self::TooManyPoints { most } => write!(f, "the design has more than {most} points"),
            Self::TooManyDimensions { asked, most } => {
                write!(
                    f,
                    "the design needs {asked} dimensions, but the sequence has {most}"
                )
            }
            Self::NotAPowerOfTwo {
                asked,
                below,
                above,
            } => {
                write!(
                    f,
                    "{asked} is not a power of two; the nearest are {below} and {above}"
                )
            }
            Self::OutsideTheCube { point, axis, value } => {
                write!(
                    f,
                    "coordinate {value} of point {point} on axis {axis} is not within [0, 1]"
                )
            }
            Self::UnevenPoint {
                point,
                found,
                expected,
            } => {
                write!(
                    f,
                    "point {point} has {found} coordinates, the first one {expected}"
                )
            }
            Self::EmptyGroup { group } => write!(f, "group {group} has no axis"),
            Self::UnevenGroups { found, expected } => {
                write!(
                    f,
                    "the groups speak of {found} axes, the design has {expected}"
                )
            }
            Self::OddLevels { levels } => {
                write!(
                    f,
                    "a Morris grid needs an even number of levels, not {levels}"
                )
            }
            Self::TooFewCandidates {
                candidates,
                trajectories,
            } => {
                write!(
                    f,
                    "{trajectories} trajectories cannot be chosen from {candidates}"
                )
            }
        }
    }
}

impl Error for DesignFault {}

/// Checks that a number of points is a power of two.
pub(crate) fn power_of_two(asked: u64) -> Result<(), DesignFault> {
    if asked.is_power_of_two() {
        return Ok(());
    }
    let below = asked.checked_ilog2().map_or(1, |bits| 1 << bits);
    Err(DesignFault::NotAPowerOfTwo {
        asked,
        below,
        above: below.saturating_mul(2),
    })
}
