//! A search for one set of values of a document's keys with which simulated studies are near the
//! published ones.
//!
//! It takes minutes where a calibration takes hours, so that it keeps no journal: one that is stopped
//! leaves nothing, and begins anew.

pub(crate) mod finish;
pub(crate) mod progress;
pub(crate) mod tables;
#[cfg(test)]
pub(crate) mod tests;

use super::from_document;
use super::{CalibrateRequest, Published, Studies};
use crate::calibrate::document::CalibrationDocument;
use crate::calibrate::least_squares;
use crate::calibrate::least_squares::{Candidate, Choice, SearchEnding};
use crate::error::Error;
use crate::options::thread_pool;
use crate::results::Folder;
use crate::runner::Control;
use rayon::prelude::*;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) use finish::Search;
pub(crate) use progress::{SearchObserver, SearchProgress};

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
/// What the request says of resuming means nothing.
///
/// # Errors
/// [`Error::Calibration`] where the document's wishes cannot be met or the studies give another
/// number of statistics, [`Error::Output`], [`Error::Threads`], [`Error::Chart`].
pub(crate) fn search(
    document: &CalibrationDocument,
    published: &[Published],
    studies: &dyn Studies,
    request: &CalibrateRequest,
    threads: Option<usize>,
    control: &Control,
    observer: &dyn SearchObserver,
) -> Result<SearchReport, Error> {
    let targets = from_document::targets(document, published);
    // Refuses a taken target before any work is done; the folder itself is made at the end.
    Folder::create(&request.out, request.save.replace)?;
    let pool = thread_pool(threads)?;
    let simulations = AtomicU64::new(0);
    let simulate = |candidates: &[Candidate]| {
        let of = candidates.len() as u64;
        let done = AtomicU64::new(0);
        let one = |candidate: &Candidate| {
            if control.cancel.is_cancelled() {
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
            (!control.cancel.is_cancelled()).then_some(statistics)
        };
        pool.install(|| candidates.par_iter().map(one).collect())
    };
    let problem = from_document::problem(document, &targets);
    let starts: Vec<Option<f64>> = document.parameters.iter().map(|it| it.start).collect();
    let found =
        least_squares::search(&problem, &starts, &document.search, simulate, |iteration| {
            observer.on_progress(&SearchProgress::Iterated(iteration))
        })?;
    let found = found.ok_or(Error::Cancelled)?;
    let results = finish::SearchResults {
        document,
        targets: &targets,
        found: &found,
    };
    results.write(request)
}

/// Ignores progress.
struct IgnoredSearchProgress;

impl SearchObserver for IgnoredSearchProgress {
    fn on_progress(&self, _: &SearchProgress<'_>) {}
}
