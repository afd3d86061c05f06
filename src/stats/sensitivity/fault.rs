//! What can be wrong with the request for a sensitivity analysis.

use std::error::Error;
use std::fmt;

/// Why an analysis cannot be made.
#[derive(Clone, Debug, PartialEq)]
pub enum SensitivityFault {
    /// A confidence outside (0, 1).
    Confidence {
        /// The confidence asked for.
        value: f64,
    },
    /// Fewer than two resamples.
    Resamples {
        /// The number asked for.
        value: u32,
    },
    /// A tolerance that is not positive.
    Tolerance {
        /// The tolerance asked for.
        value: f64,
    },
    /// A number of outputs that does not fit the design.
    Length {
        /// Outputs, or values of an axis, given.
        found: usize,
        /// The number that they must have, or must be a multiple of.
        unit: usize,
    },
    /// Nothing to explain the output by.
    NoAxis,
    /// Too few rows are left after those with missing outputs were dropped.
    TooFewRows {
        /// Rows left.
        usable: usize,
        /// Rows needed.
        needed: usize,
    },
    /// A trajectory that does not move each axis exactly once.
    NotATrajectory {
        /// Its number, from 0.
        trajectory: usize,
        /// The axis, from 0.
        axis: usize,
    },
    /// An input that does not vary over the sample.
    ConstantAxis {
        /// Its number, from 0.
        axis: usize,
    },
    /// An input that the inputs before it determine.
    Collinear {
        /// Its number, from 0.
        axis: usize,
    },
}

impl fmt::Display for SensitivityFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Confidence { value } => write!(f, "confidence {value} is not within (0, 1)"),
            Self::Resamples { value } => {
                write!(f, "{value} resamples are too few; 2 are the least")
            }
            Self::Tolerance { value } => write!(f, "tolerance {value} is not above zero"),
            Self::Length { found, unit } => {
                write!(f, "{found} values do not fit a design in units of {unit}")
            }
            Self::NoAxis => write!(f, "there is no axis to explain the output by"),
            Self::TooFewRows { usable, needed } => {
                write!(
                    f,
                    "{usable} usable rows are too few; {needed} are the least"
                )
            }
            Self::NotATrajectory { trajectory, axis } => {
                write!(
                    f,
                    "trajectory {trajectory} does not move axis {axis} exactly once"
                )
            }
            Self::ConstantAxis { axis } => write!(f, "axis {axis} does not vary"),
            Self::Collinear { axis } => write!(f, "the axes before it determine axis {axis}"),
        }
    }
}

impl Error for SensitivityFault {}
