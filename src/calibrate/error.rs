//! Why a calibration cannot be made, and why one ended.

use std::fmt;
use thiserror::Error;

/// Why a calibration cannot be made, or a posterior cannot be summarised.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum CalibrationError {
    /// There is no parameter.
    #[error("there is no parameter to calibrate")]
    NoParameter,
    /// There is no target.
    #[error("there is no target to calibrate against")]
    NoTarget,
    /// Bounds that are not finite numbers in ascending order.
    #[error("the bounds of parameter {parameter} are {low} and {high}, not two ascending numbers")]
    Bounds {
        /// Number of the parameter, from 0.
        parameter: usize,
        /// Lower bound given.
        low: f64,
        /// Upper bound given.
        high: f64,
    },
    /// A log-uniform prior whose lower bound is not above zero.
    #[error("the log-uniform prior of parameter {parameter} begins at {low}, not above zero")]
    NotPositive {
        /// Number of the parameter, from 0.
        parameter: usize,
        /// Lower bound given.
        low: f64,
    },
    /// A normal prior whose mean or standard deviation is no number, or without spread.
    #[error(
        "the normal prior of parameter {parameter} has mean {mean} and SD {sd}, which must be above zero"
    )]
    Spread {
        /// Number of the parameter, from 0.
        parameter: usize,
        /// Mean given.
        mean: f64,
        /// Standard deviation given.
        sd: f64,
    },
    /// A target whose value, error, interval or weight is out of range.
    #[error("target {target}: {why}")]
    Target {
        /// Number of the target, from 0.
        target: usize,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Too few particles for the parameters.
    #[error("{requested} particles are too few; {least} are the least")]
    TooFewParticles {
        /// Particles requested.
        requested: usize,
        /// Particles needed.
        least: usize,
    },
    /// Fewer simulations than a search needs for one iteration and the evaluation of its result.
    #[error(
        "{requested} simulations are too few for an iteration and its checks; {least} are the least"
    )]
    TooFewSimulations {
        /// Simulations requested.
        requested: u64,
        /// Simulations needed.
        least: u64,
    },
    /// A start of a parameter outside of its prior's bounds.
    #[error("the search of parameter {parameter} starts at {start}, outside of its prior")]
    Start {
        /// Number of the parameter, from 0.
        parameter: usize,
        /// Start given.
        start: f64,
    },
    /// A setting out of its range.
    #[error("{name} is {value}, not within {range}")]
    Setting {
        /// Its name.
        name: &'static str,
        /// The value requested.
        value: f64,
        /// The range.
        range: &'static str,
    },
    /// Statistics of another number than there are targets.
    #[error("{found} statistics do not fit {expected} targets")]
    Length {
        /// Statistics given.
        found: usize,
        /// Targets.
        expected: usize,
    },
    /// Too few usable particles for a regression.
    #[error("{usable} usable particles are too few; {needed} are the least")]
    TooFewRows {
        /// Particles with weight.
        usable: usize,
        /// Particles needed.
        needed: usize,
    },
}

impl CalibrationError {
    /// Whether the request was refused as given; otherwise the statistics of simulated studies allow no
    /// result.
    pub(crate) fn is_refusal(&self) -> bool {
        !matches!(
            self,
            CalibrationError::Length { .. } | CalibrationError::TooFewRows { .. }
        )
    }

    /// Checks settings, each given by its name, value, whether it is in range, and range.
    ///
    /// # Errors
    /// [`CalibrationError::Setting`] for the first that is out of its range.
    pub(crate) fn check_settings<const N: usize>(
        rules: [(&'static str, f64, bool, &'static str); N],
    ) -> Result<(), CalibrationError> {
        match rules.into_iter().find(|(_, _, holds, _)| !holds) {
            None => Ok(()),
            Some((name, value, _, range)) => Err(CalibrationError::Setting { name, value, range }),
        }
    }
}

/// Why the simulations of a folder of results cannot be reused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SimulationReuseError {
    /// The folder holds other results.
    #[error("it holds results of `{kind}`, not of a calibration by sampling")]
    NotACalibration {
        /// The kind of its results.
        kind: &'static str,
    },
    /// The calibration is not finished.
    #[error("it is not finished: the command that began it finishes it with `--resume`")]
    Unfinished,
    /// Another version made the results.
    #[error("version {version} made it, and this is version {}: the same values may have other statistics", env!("CARGO_PKG_VERSION"))]
    OtherVersion {
        /// That version.
        version: String,
    },
    /// The folder does not have the outcomes of its simulations.
    #[error("it has no `jobs.journal` with the outcomes of its simulations: run it again")]
    NoJournal,
    /// A file is not what was written.
    #[error("{file}")]
    Damaged {
        /// The file and what is wrong.
        file: String,
    },
    /// No simulation is one of the calibration's.
    #[error("none of its simulations is one of this calibration{}", listed(.differences))]
    NothingInCommon {
        /// Its simulations that were looked at.
        jobs: u64,
        /// What differs, a line each.
        differences: Vec<String>,
    },
    /// A simulation that was done again has other statistics.
    #[error(
        "its first simulation, done again for comparison, has other statistics than there: `pairbond verify` says what else differs"
    )]
    OtherOutcome,
}

fn listed(differences: &[String]) -> String {
    let lines = differences.iter().map(|line| format!("\n  {line}"));
    lines.collect()
}

/// Why a calibration ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AbcEnding {
    /// The tolerance that is near enough was reached.
    Tolerance,
    /// Too small a share of the proposals was accepted.
    Acceptance,
    /// The next generation would need more simulations than are left.
    Simulations,
    /// All generations were done.
    Generations,
    /// The particles' distances leave no smaller tolerance.
    Stalled,
}

impl fmt::Display for AbcEnding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AbcEnding::Tolerance => "the tolerance was reached",
            AbcEnding::Acceptance => "too few proposals were accepted",
            AbcEnding::Simulations => "the simulations left are too few for another generation",
            AbcEnding::Generations => "all generations were done",
            AbcEnding::Stalled => "no particle is nearer than the tolerance",
        })
    }
}
