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
//!
//! A search takes minutes where sampling takes hours, so it keeps no journal: one that is stopped leaves
//! nothing.

pub(crate) mod loss;
pub(crate) mod minimizer;
pub(crate) mod parameter_space;
pub(crate) mod results;
#[cfg(test)]
mod tests;

use crate::calibrate::Stage;
use crate::calibrate::document::CalibrationDocument;
use crate::calibrate::{CalibrationOutput, Published, Studies, named_targets, problem_of};
use crate::chart::figure_list::FailedChart;
use crate::error::Error;
use crate::options::{Execution, thread_pool};
use crate::results::{Folder, Leftover, refuse_inputs};
use minimizer::{Candidate, Choice, Iteration, SearchEnding, minimize};
use rayon::prelude::*;
use results::SearchResults;
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) use minimizer::SearchSettings;
pub(crate) use results::schemas;

/// What a search came to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SearchReport {
    /// Folder of the results.
    pub(crate) folder: PathBuf,
    /// Why it ended.
    pub(crate) ending: SearchEnding,
    /// Which of its places is what it found.
    pub(crate) choice: Choice,
    /// Iterations that were done.
    pub(crate) iterations: usize,
    /// Simulations that were done.
    pub(crate) simulations: u64,
    /// Mean loss at the start and at what was found, with seeds that the search has not seen.
    pub(crate) losses: (f64, f64),
    /// Each parameter.
    pub(crate) parameters: Vec<ReportedParameter>,
    /// Targets of which the simulated value lies in the published interval, at the start and at what was
    /// found, and targets.
    pub(crate) met: (usize, usize, usize),
    /// Files written, the manifest included.
    pub(crate) files: usize,
    /// What could not be removed after the results were in place.
    pub(crate) leftover: Option<Leftover>,
    /// Charts that could not be drawn or written; the results are without them.
    pub(crate) failed_charts: Vec<FailedChart>,
}

/// A parameter as a search reports it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ReportedParameter {
    /// Plain name.
    pub(crate) name: String,
    /// Where it started.
    pub(crate) start: f64,
    /// What was found.
    pub(crate) found: f64,
    /// Standard error.
    pub(crate) error: f64,
    /// Whether targets tell it, in words.
    pub(crate) verdict: String,
    /// Whether it lies at a bound of its prior.
    pub(crate) at_bound: bool,
}

/// Searches, and writes the results, which appear complete or not at all.
///
/// `published` are the statistics that there are; `studies` simulates those that the document names.
///
/// # Errors
/// [`Error::Calibration`] where the settings of the document cannot be met or the studies give another
/// number of statistics, [`Error::Output`], [`Error::Threads`].
pub(crate) fn search(
    document: &CalibrationDocument,
    published: &[Published],
    studies: &dyn Studies,
    output: &CalibrationOutput,
    execution: &Execution<'_>,
    observer: &dyn SearchObserver,
) -> Result<SearchReport, Error> {
    let targets = named_targets(document, published);
    // Refuses a taken target before any work is done; the folder itself is made at the end.
    refuse_inputs(&output.folder, document.files())?;
    Folder::create(
        &output.folder,
        &Stage::Search.kind(),
        output.options.replace,
    )?;
    let pool = thread_pool(execution.threads)?;
    let (simulations, cancel) = (AtomicU64::new(0), &execution.cancel);
    let simulate = |candidates: &[Candidate]| {
        let of = candidates.len() as u64;
        let done = AtomicU64::new(0);
        let one = |candidate: &Candidate| {
            if cancel.is_cancelled() {
                return None;
            }
            let statistics = studies.statistics(&candidate.values, candidate.seed);
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            let simulations = simulations.fetch_add(1, Ordering::Relaxed) + 1;
            observer.on_progress(&SearchProgress::Simulated {
                done,
                of,
                simulations,
            });
            // Cancelled studies may have been cut short.
            (!cancel.is_cancelled()).then_some(statistics)
        };
        pool.install(|| candidates.par_iter().map(one).collect())
    };
    let problem = problem_of(document, &targets);
    let starts: Vec<Option<f64>> = document.parameters.iter().map(|it| it.start).collect();
    let found = minimize(&problem, &starts, &document.search, simulate, |iteration| {
        observer.on_progress(&SearchProgress::Iterated(iteration))
    })?;
    let found = found.ok_or(Error::Cancelled)?;
    let results = SearchResults {
        document,
        targets: &targets,
        found: &found,
    };
    results.write(output, cancel)
}

/// An observer of the progress of a search.
pub(crate) trait SearchObserver: Sync {
    /// Called after each simulation and each iteration, from several threads.
    fn on_progress(&self, news: &SearchProgress<'_>);
}

/// Ignores progress.
impl SearchObserver for () {
    fn on_progress(&self, _: &SearchProgress<'_>) {}
}

/// The progress of a search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum SearchProgress<'a> {
    /// A simulation was done.
    Simulated {
        /// Simulations of the current batch that are done.
        done: u64,
        /// Simulations of the current batch.
        of: u64,
        /// Simulations so far.
        simulations: u64,
    },
    /// An iteration was done.
    Iterated(&'a Iteration),
}

impl fmt::Display for SearchProgress<'_> {
    /// An iteration in one line; empty for a simulation.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SearchProgress::Iterated(iteration) = self else {
            return Ok(());
        };
        write!(f, "iteration {}: ", iteration.number)?;
        if iteration.accepted {
            write!(
                f,
                "loss {:.3} became {:.3}, longest move {:.3}, damping {:.2e}",
                iteration.before, iteration.after, iteration.longest, iteration.damping
            )?;
        } else {
            write!(
                f,
                "loss {:.3}, and no step of those tried lowers it",
                iteration.before
            )?;
        }
        write!(f, "; {} simulations so far", iteration.simulations)
    }
}
