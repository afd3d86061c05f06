//! What can be wrong with the request for a calibration.

use std::error::Error;
use std::fmt;

/// Why a calibration cannot be made, or a posterior not be read.
#[derive(Clone, Debug, PartialEq)]
pub enum CalibrationFault {
    /// There is no parameter to find.
    NoParameter,
    /// There is no target to hold the model against.
    NoTarget,
    /// Bounds that are not finite numbers in ascending order.
    Bounds {
        /// Number of the parameter, from 0.
        parameter: usize,
        /// Lower bound given.
        low: f64,
        /// Upper bound given.
        high: f64,
    },
    /// A log-uniform prior whose lower bound is not above zero.
    NotPositive {
        /// Number of the parameter, from 0.
        parameter: usize,
        /// Lower bound given.
        low: f64,
    },
    /// A normal prior whose mean or standard deviation is no number, or without spread.
    Spread {
        /// Number of the parameter, from 0.
        parameter: usize,
        /// Mean given.
        mean: f64,
        /// Standard deviation given.
        sd: f64,
    },
    /// A target whose value, error, interval or weight is out of range.
    Target {
        /// Number of the target, from 0.
        target: usize,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Too few particles for the parameters.
    TooFewParticles {
        /// Particles asked for.
        asked: usize,
        /// Particles needed.
        least: usize,
    },
    /// Fewer simulations than a search needs for one iteration and a look at what it came to.
    TooFewSimulations {
        /// Simulations asked for.
        asked: u64,
        /// Simulations needed.
        least: u64,
    },
    /// A start of a parameter outside of its prior's bounds.
    Start {
        /// Number of the parameter, from 0.
        parameter: usize,
        /// Start given.
        start: f64,
    },
    /// A setting out of its range.
    Setting {
        /// Its name.
        name: &'static str,
        /// The value asked for.
        value: f64,
        /// The range.
        range: &'static str,
    },
    /// Statistics of another number than there are targets.
    Length {
        /// Statistics given.
        found: usize,
        /// Targets.
        expected: usize,
    },
    /// A state that is not of this problem.
    ForeignState,
    /// Too few usable particles for a regression.
    TooFewRows {
        /// Particles that have a say.
        usable: usize,
        /// Particles needed.
        needed: usize,
    },
}

impl CalibrationFault {
    /// The first setting that is out of its range, from each one's name, value, whether it holds, and
    /// range.
    pub(crate) fn of_settings<const N: usize>(
        rules: [(&'static str, f64, bool, &'static str); N],
    ) -> Result<(), CalibrationFault> {
        match rules.into_iter().find(|(_, _, holds, _)| !holds) {
            None => Ok(()),
            Some((name, value, _, range)) => Err(CalibrationFault::Setting { name, value, range }),
        }
    }
}

impl fmt::Display for CalibrationFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoParameter => write!(f, "there is no parameter to calibrate"),
            Self::NoTarget => write!(f, "there is no target to calibrate against"),
            Self::Bounds {
                parameter,
                low,
                high,
            } => write!(
                f,
                "the bounds of parameter {parameter} are {low} and {high}, not two ascending numbers"
            ),
            Self::NotPositive { parameter, low } => write!(
                f,
                "the log-uniform prior of parameter {parameter} begins at {low}, not above zero"
            ),
            Self::Spread {
                parameter,
                mean,
                sd,
            } => write!(
                f,
                "the normal prior of parameter {parameter} has mean {mean} and SD {sd}, which must be above zero"
            ),
            Self::Target { target, why } => write!(f, "target {target}: {why}"),
            Self::TooFewParticles { asked, least } => {
                write!(f, "{asked} particles are too few; {least} are the least")
            }
            Self::TooFewSimulations { asked, least } => write!(
                f,
                "{asked} simulations are too few for an iteration and its checks; {least} are the least"
            ),
            Self::Start { parameter, start } => write!(
                f,
                "the search of parameter {parameter} starts at {start}, outside of its prior"
            ),
            Self::Setting { name, value, range } => {
                write!(f, "{name} is {value}, not within {range}")
            }
            Self::Length { found, expected } => {
                write!(f, "{found} statistics do not fit {expected} targets")
            }
            Self::ForeignState => write!(f, "the state is not of this calibration"),
            Self::TooFewRows { usable, needed } => {
                write!(
                    f,
                    "{usable} usable particles are too few; {needed} are the least"
                )
            }
        }
    }
}

impl Error for CalibrationFault {}
