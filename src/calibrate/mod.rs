//! Calibration of the model: a document's keys are found so that simulated studies agree with
//! published ones.
//!
//! Every simulation is written to a journal beside the results' folder. What comes out is a pure
//! function of the document, of the published values and of that journal, so that a calibration which
//! was stopped or killed is resumed to the same bytes, on any number of threads.

pub(crate) mod abc;
pub(crate) mod charts;
pub(crate) mod document;
pub(crate) mod error;
pub(crate) mod finish;
pub(crate) mod from_document;
pub(crate) mod identification;
pub(crate) mod least_squares;
pub(crate) mod pictures;
pub(crate) mod prior;
pub(crate) mod problem;
pub(crate) mod progress;
pub(crate) mod sampling;
pub(crate) mod search;
pub(crate) mod simulated;
pub(crate) mod tables;
pub(crate) mod target;
#[cfg(test)]
pub(crate) mod test_support;
#[cfg(test)]
pub(crate) mod tests;

use crate::calibrate::abc::AbcSampler;
use crate::calibrate::document::{CalibrationDocument, KnownNames, KnownTarget};
use crate::calibrate::error::AbcEnding;
use crate::calibrate::target::FitTarget;
use crate::error::Error;
use crate::options::{SaveOptions, thread_pool};
use crate::results::Manifest;
use crate::results::resume;
use crate::results::resume::{Resume, unfinished_folder};
use crate::runner::Control;
use crate::scenario::file::bytes_of;
use crate::scenario::{Diagnostics, Override};
use crate::validate::laboratory::laboratory_keys;
use std::path::{Path, PathBuf};

pub(crate) use finish::Posterior;
pub(crate) use progress::{CalibrationObserver, CalibrationProgress};
pub(crate) use simulated::{Simulated, published};

/// A published statistic that simulated studies are held against.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Published {
    /// Its name, such as `C01`, or `C06 mean` of a target in parts.
    pub(crate) id: String,
    /// Its tier, such as `C`.
    pub(crate) tier: String,
    /// What it is, in one line.
    pub(crate) statistic: String,
    /// What was published.
    pub(crate) target: FitTarget,
}

impl Published {
    /// Its name and tier, as a document may name them.
    pub(crate) fn known(&self) -> KnownTarget<'_> {
        KnownTarget {
            id: &self.id,
            tier: &self.tier,
        }
    }
}

/// What a document is asked for; each has a table of the document of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// One place near the targets: `[search]`.
    Search,
    /// Everything that agrees with them: `[studies]` and `[sampler]`.
    Posterior,
}

/// Simulated studies: what published statistics come to at some values of the calibrated keys.
pub(crate) trait Studies: Sync {
    /// Simulates the studies with `values` in place of the document's keys, in its order, and gives one
    /// statistic for each target that the document names, in the order in which they are known.
    ///
    /// It is a function of values and seed alone. A statistic that cannot be had is NaN.
    fn statistics(&self, values: &[f64], seed: u64) -> Vec<f64>;
}

/// What a calibration is asked to do beyond its document; none of it changes a result.
#[derive(Clone, Debug)]
pub(crate) struct CalibrateRequest {
    /// Folder of the results.
    pub(crate) out: PathBuf,
    /// How they are written.
    pub(crate) save: SaveOptions,
    /// Whether an unfinished calibration is resumed.
    pub(crate) resume: bool,
}

/// What a calibration came to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CalibrateReport {
    /// Folder of the results.
    pub(crate) folder: PathBuf,
    /// Why it ended.
    pub(crate) ending: AbcEnding,
    /// Generations that were done.
    pub(crate) generations: u32,
    /// Simulations that were done.
    pub(crate) simulations: u64,
    /// Effective number of particles of the last generation.
    pub(crate) effective_size: f64,
    /// Name and verdict of each parameter.
    pub(crate) verdicts: Vec<(String, String)>,
    /// Targets whose published value lies within the simulated interval, and targets.
    pub(crate) met: (usize, usize),
    /// Files written, the manifest included.
    pub(crate) files: usize,
}

/// Reads and checks a calibration document.
///
/// # Errors
/// [`Error::Unreadable`] where the file cannot be read, [`Error::Scenario`] where what it
/// holds has errors.
pub(crate) fn read_document(
    file: &Path,
    overrides: &[Override],
    published: &[Published],
) -> Result<CalibrationDocument, Error> {
    let bytes = bytes_of(file)?;
    let name = file.display().to_string();
    let read =
        |known: &KnownNames<'_>| CalibrationDocument::read_bytes(&name, &bytes, overrides, known);
    knowing(published, read).map_err(|diagnostics| Error::Scenario(Box::new(diagnostics)))
}

/// Reads a document with all that it may name: published statistics, and numbers of the laboratory.
fn knowing(
    published: &[Published],
    read: impl Fn(&KnownNames<'_>) -> Result<CalibrationDocument, Diagnostics>,
) -> Result<CalibrationDocument, Diagnostics> {
    let targets: Vec<KnownTarget<'_>> = published.iter().map(Published::known).collect();
    read(&KnownNames {
        targets: &targets,
        keys: laboratory_keys(),
    })
}

/// The document of a results folder.
///
/// # Errors
/// [`Error::Stale`] where this version does not understand it; [`Error::Target`].
pub(crate) fn document_of(manifest: &Manifest) -> Result<CalibrationDocument, Error> {
    let stale = |diagnostics| Error::Stale {
        version: manifest.version.clone(),
        diagnostics: Box::new(diagnostics),
    };
    let overrides = manifest
        .overrides
        .iter()
        .map(|text| Override::parse(text))
        .collect::<Result<Vec<_>, _>>()
        .map_err(stale)?;
    let record = &manifest.scenario;
    let (file, text) = (&record.file, &record.text);
    let read = |known: &KnownNames<'_>| CalibrationDocument::parse(file, text, &overrides, known);
    knowing(&published()?, read).map_err(stale)
}

/// Ignores progress.
struct IgnoredCalibrationProgress;

impl CalibrationObserver for IgnoredCalibrationProgress {
    fn on_progress(&self, _: &CalibrationProgress) {}
}

/// Calibrates, and writes the results, which appear complete or not at all.
///
/// `published` are the statistics that there are; `studies` simulates those that the document names.
///
/// # Errors
/// [`Error::Calibration`] if the document cannot be followed or the studies give another number of
/// statistics, [`Error::NoPosterior`]; [`Error::Interrupted`] and [`Error::Resumable`] if it did not
/// finish and can be resumed; [`Error::Changed`] and [`Error::AlreadyFinished`] if it cannot be
/// resumed; [`Error::Output`], [`Error::Threads`], [`Error::Chart`].
pub(crate) fn calibrate(
    document: &CalibrationDocument,
    published: &[Published],
    studies: &dyn Studies,
    request: &CalibrateRequest,
    threads: Option<usize>,
    control: &Control,
    observer: &dyn CalibrationObserver,
) -> Result<CalibrateReport, Error> {
    let targets = from_document::targets(document, published);
    let problem = from_document::problem(document, &targets);
    let mut calibration = AbcSampler::new(problem, document.sampler)?;
    let question = from_document::question(document, &targets, request);
    let requested = Resume {
        folder: &request.out,
        replace: request.save.replace,
        resume: request.resume,
    };
    let (mut journal, replace) =
        resume::open(requested, &question, || finish::is_done(document, request))?;
    let pool = thread_pool(threads)?;
    sampling::replay(&mut calibration, journal.path())?;
    let ended =
        pool.install(|| sampling::run(&mut calibration, &mut journal, studies, control, observer));
    let report = ended.and_then(|ending| {
        finish::AbcResults {
            document,
            targets: &targets,
            calibration: &calibration,
            ending,
        }
        .write(&CalibrateRequest {
            save: request.save.replace(replace),
            ..request.clone()
        })
    });
    match report {
        Ok(report) => {
            journal.remove()?;
            Ok(report)
        }
        Err(Error::Cancelled) => Err(Error::Interrupted {
            journal: unfinished_folder(&request.out),
            done: calibration.state().simulations,
            jobs: None,
        }),
        Err(error) => Err(resume::resumable(&request.out, error)),
    }
}
