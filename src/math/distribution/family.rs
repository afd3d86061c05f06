//! The families of distributions, and what can be wrong with their numbers.

use std::error::Error;
use std::fmt;

/// What was asked for: a family and its numbers, not yet checked.
#[derive(Clone, Debug, PartialEq)]
pub enum Family {
    /// Always the same value.
    Constant {
        /// The value.
        value: f64,
    },
    /// A normal variable.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation, 0 or more.
        sd: f64,
    },
    /// A normal variable given that it lies in [low, high].
    TruncatedNormal {
        /// Mean of the parent normal.
        mean: f64,
        /// Standard deviation of the parent normal, 0 or more.
        sd: f64,
        /// Lowest value.
        low: f64,
        /// Highest value.
        high: f64,
    },
    /// A beta variable on [0, 1].
    Beta {
        /// Mean [0–1].
        mean: f64,
        /// Standard deviation, below √(mean (1 − mean)).
        sd: f64,
    },
    /// A uniform variable on [low, high].
    Uniform {
        /// Lowest value.
        low: f64,
        /// Highest value.
        high: f64,
    },
    /// One of some values, by weight.
    Choice {
        /// The values in any order.
        values: Vec<f64>,
        /// One weight a value, 0 or more, not all 0; they need not sum to 1.
        weights: Vec<f64>,
    },
    /// A variable on (0, 1) whose log-odds are normal.
    LogitNormal {
        /// Log-odds of the median.
        location: f64,
        /// Standard deviation of the log-odds, 0 or more.
        scale: f64,
    },
    /// A positive variable whose logarithm is normal.
    LogNormal {
        /// Logarithm of the median.
        location: f64,
        /// Standard deviation of the logarithm, 0 or more.
        scale: f64,
    },
}

/// Why a [`Family`] with its numbers is no distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DistributionFault {
    /// A number is NaN or infinite.
    NotFinite {
        /// The number's name in [`Family`].
        field: &'static str,
    },
    /// A standard deviation is below 0.
    NegativeSpread {
        /// The standard deviation's name in [`Family`].
        field: &'static str,
        /// The standard deviation given.
        value: f64,
    },
    /// A beta mean lies outside [0, 1].
    MeanOutside {
        /// The mean given.
        mean: f64,
    },
    /// A beta variable with this mean cannot vary so much.
    SpreadTooLarge {
        /// The standard deviation given.
        sd: f64,
        /// The limit that it must stay below.
        limit: f64,
    },
    /// The lowest value is not below the highest.
    EmptyRange {
        /// Lowest value given.
        low: f64,
        /// Highest value given.
        high: f64,
    },
    /// There is not one weight for each value, or no value at all.
    WeightCount {
        /// How many values were given.
        values: usize,
        /// How many weights were given.
        weights: usize,
    },
    /// A weight is below 0.
    NegativeWeight {
        /// Its place in the list, from 0.
        index: usize,
        /// The weight given.
        weight: f64,
    },
    /// All weights are 0, or their sum is too large to be a number.
    NoWeight,
}

impl fmt::Display for DistributionFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFinite { field } => write!(f, "{field} is not a finite number"),
            Self::NegativeSpread { field, value } => write!(f, "{field} is {value}, below 0"),
            Self::MeanOutside { mean } => write!(f, "mean is {mean}, outside 0 to 1"),
            Self::SpreadTooLarge { sd, limit } => {
                write!(f, "sd is {sd}, and must be below {limit} with this mean")
            }
            Self::EmptyRange { low, high } => write!(f, "low ({low}) is not below high ({high})"),
            Self::WeightCount { values, weights } => {
                write!(f, "{weights} weights for {values} values")
            }
            Self::NegativeWeight { index, weight } => {
                write!(f, "weight {index} is {weight}, below 0")
            }
            Self::NoWeight => write!(f, "the weights do not sum to a positive number"),
        }
    }
}

impl Error for DistributionFault {}
