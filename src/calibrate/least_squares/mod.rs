//! A search for values of parameters whose statistics are near published ones.
//!
//! Damped least squares (Levenberg 1944; Marquardt 1963) for a function that is known by simulation
//! only. Residuals are departures from the published values in half-widths of their intervals, with a
//! loss that grows linearly for targets out of reach (Huber 1964). A normal prior adds a residual, so
//! that a parameter without information stays at its mean. Parameters move in widths of their priors
//! and within their bounds.
//!
//! Simulations are noisy, but functions of values and seed. So slopes are differences between
//! simulations with the same seed (common random numbers), and a step is accepted only if it lowers the
//! loss on that seed. Each iteration has its own seed, so that the search does not adapt to the noise of
//! one. Differences are one-sided, alternately up and down: two-sided ones would cost twice as much, and
//! the error that curvature adds in one iteration is opposite in the next.
//!
//! Seeds that the search has not used choose between the last point, the mean of the later ones and the
//! start, and further seeds evaluate the choice. The caller simulates batches of [`Candidate`]s and
//! returns their statistics in the same order, so that the solution does not depend on threads.

pub(crate) mod iterate;
pub(crate) mod loss;
pub(crate) mod parameter_space;
pub(crate) mod quadratic_model;
pub(crate) mod settings;
pub(crate) mod solution;
#[cfg(test)]
mod tests;

use super::error::CalibrationError;
use super::problem::Problem;
use loss::Loss;
use parameter_space::ParameterSpace;
use std::fmt;

pub(crate) use iterate::Minimizer;
pub(crate) use iterate::{Candidate, Iteration};
pub(crate) use settings::SearchSettings;
pub(crate) use solution::{Bound, Choice, Evaluation, Solution};

/// Why a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SearchEnding {
    /// All iterations were done.
    Iterations,
    /// The simulations left would not suffice for another iteration.
    Simulations,
    /// The last step was too short.
    Step,
    /// Two iterations in a row hardly lowered the loss.
    Gain,
}

impl fmt::Display for SearchEnding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SearchEnding::Iterations => "all iterations were done",
            SearchEnding::Simulations => "the simulations were used up",
            SearchEnding::Step => "the last step was too short to count",
            SearchEnding::Gain => "the loss fell no further",
        })
    }
}

/// Iterations in a row that hardly lower the loss before the search ends.
const IDLE: u32 = 2;

/// Searches until it ends; `None` if `simulate` returns nothing, as it does when cancelled.
///
/// Each parameter starts at its value in `starts`, or at the median of its prior. `simulate` takes a
/// batch of candidates and returns one statistic for each target of each of them, in their order; an
/// undefined statistic is NaN. `on_iteration` is called after each iteration.
///
/// # Errors
/// If the problem, a start or a setting is invalid; [`CalibrationError::Length`] for another number of
/// statistics.
pub(crate) fn search(
    problem: &Problem,
    starts: &[Option<f64>],
    settings: &SearchSettings,
    mut simulate: impl FnMut(&[Candidate]) -> Option<Vec<Vec<f64>>>,
    mut on_iteration: impl FnMut(&Iteration),
) -> Result<Option<Solution>, CalibrationError> {
    let priors = problem.coordinates()?;
    settings.check(priors.len())?;
    let space = ParameterSpace::new(priors, settings.prior_weight);
    let start = space.start(starts)?;
    let loss = Loss::new(&problem.targets, settings.huber)?;
    let mut minimizer = Minimizer {
        settings,
        space,
        loss,
        simulate: &mut simulate,
        simulations: 0,
        damping: None,
    };
    let mut points = vec![start];
    let (mut history, mut idle) = (Vec::new(), 0);
    let ending = loop {
        let number = history.len() as u32 + 1;
        if number > settings.iterations {
            break SearchEnding::Iterations;
        }
        if !minimizer.affords_another() {
            break SearchEnding::Simulations;
        }
        let point = &points[points.len() - 1];
        let Some((iteration, to)) = minimizer.iterate(number, point)? else {
            return Ok(None);
        };
        on_iteration(&iteration);
        let gained = iteration.before - iteration.after > settings.gain * iteration.before;
        idle = if gained { 0 } else { idle + 1 };
        let short = iteration.accepted && iteration.longest < settings.step;
        history.push(iteration);
        points.push(to);
        if short {
            break SearchEnding::Step;
        }
        if idle == IDLE {
            break SearchEnding::Gain;
        }
    };
    solution::evaluate(&mut minimizer, &points, history, ending)
}
