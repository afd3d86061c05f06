//! Calibration of the model: a document's keys are found so that simulated studies agree with
//! published ones.
//!
//! Two methods share a document, its priors and its targets: [`abc`] samples everything that agrees with the
//! targets, and [`least_squares`] searches for one place near them. What comes out is a pure function of
//! the document and of the published values, on any number of threads.

pub(crate) mod abc;
pub(crate) mod charts;
pub(crate) mod document;
pub(crate) mod error;
pub(crate) mod least_squares;
pub(crate) mod problem;
pub(crate) mod results;
pub(crate) mod simulated;
#[cfg(test)]
pub(crate) mod test_support;

use crate::calibrate::document::{CalibrationDocument, KnownNames, KnownTarget};
use crate::calibrate::problem::{FitTarget, Problem};
use crate::chart::figure_list::DrawnCharts;
use crate::chart::options::ChartOptions;
use crate::chart::{FigureHeading, count};
use crate::error::Error;
use crate::options::{Execution, SaveOptions};
use crate::results::provenance::{attachment_name, overrides_of, stale};
use crate::results::{Manifest, ResultsKind};
use crate::scenario::file::bytes_of;
use crate::scenario::{Diagnostics, Override};
use crate::table::Schema;
use crate::table::plain_file::read_text_bytes;
use crate::use_case::UseCase;
use crate::validate::laboratory::laboratory_keys;
use std::path::{Path, PathBuf};

pub(crate) use abc::{CalibrateReport, CalibrationObserver, CalibrationProgress, calibrate};
pub(crate) use least_squares::{SearchObserver, SearchProgress, SearchReport, search};
pub(crate) use simulated::{Simulated, published, published_for};

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

/// What is done with a document; each has its own table of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// One place near the targets: `[search]`.
    Search,
    /// Everything that agrees with them: `[studies]` and `[sampler]`.
    Posterior,
}

impl Stage {
    /// The kind of its results.
    fn kind(self) -> ResultsKind {
        match self {
            Stage::Search => ResultsKind::Search,
            Stage::Posterior => ResultsKind::Calibration,
        }
    }
}

/// Simulated studies: what published statistics come to at some values of the calibrated keys.
pub(crate) trait Studies: Sync {
    /// Simulates the studies with `values` in place of the document's keys, in its order, and gives one
    /// statistic for each target that the document names, in the order in which they are known.
    ///
    /// It is a function of values and seed alone. A statistic that cannot be had is NaN.
    fn statistics(&self, values: &[f64], seed: u64) -> Vec<f64>;
}

/// Where the results of a calibration go, and which earlier work is used; nothing of it changes a result.
#[derive(Clone, Debug)]
pub(crate) struct CalibrationOutput {
    /// Folder of the results.
    pub(crate) folder: PathBuf,
    /// How they are written.
    pub(crate) options: SaveOptions,
    /// Whether an unfinished calibration is resumed; a search cannot be resumed.
    pub(crate) resume: bool,
    /// Folder of a finished calibration whose simulations are taken over where they are the same.
    pub(crate) reuse: Option<PathBuf>,
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
    let folder = file.parent().unwrap_or(Path::new(""));
    let load = |name: &str| read_text_bytes(&folder.join(name));
    let read = |known: &KnownNames<'_>| {
        CalibrationDocument::read_bytes(&name, &bytes, overrides, known, Some(&load))
    };
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

/// The document of a results folder, which keeps the table of targets that the document names.
///
/// # Errors
/// [`Error::Stale`] where this version does not understand it.
pub(crate) fn document_of(
    results: &Path,
    manifest: &Manifest,
) -> Result<CalibrationDocument, Error> {
    let overrides = overrides_of(manifest)?;
    let record = &manifest.scenario;
    let (file, text) = (&record.file, &record.text);
    let load = |name: &str| read_text_bytes(&results.join(attachment_name(name)));
    let read = |known: &KnownNames<'_>| {
        CalibrationDocument::parse(file, text, &overrides, known, Some(&load))
    };
    knowing(&published(), read).map_err(|diagnostics| stale(manifest, diagnostics))
}

/// The published statistics that the document names.
fn named_targets(document: &CalibrationDocument, published: &[Published]) -> Vec<Published> {
    let named = |target: &&Published| document.targets.contains(&target.id);
    published.iter().filter(named).cloned().collect()
}

/// The problem that the document poses with these targets.
fn problem_of(document: &CalibrationDocument, targets: &[Published]) -> Problem {
    Problem {
        priors: document.parameters.iter().map(|it| it.prior).collect(),
        targets: targets.iter().map(|target| target.target).collect(),
    }
}

/// What stands over the charts.
pub(crate) fn heading(document: &CalibrationDocument, stage: Stage) -> FigureHeading {
    let (what, couples) = match stage {
        Stage::Posterior => ("Calibration", document.couples),
        Stage::Search => ("Search", document.search_couples),
    };
    FigureHeading {
        title: document.title().to_owned(),
        size: format!(
            "{what}, n = {} couples per simulated cohort",
            count(couples as i64)
        ),
    }
}

/// A calibration whose results were written before.
pub(crate) struct Calibration {
    document: CalibrationDocument,
    stage: Stage,
}

impl Calibration {
    /// The calibration that a manifest describes.
    ///
    /// # Errors
    /// Those of [`document_of`].
    pub(crate) fn of(
        results: &Path,
        manifest: &Manifest,
        stage: Stage,
    ) -> Result<Calibration, Error> {
        let document = document_of(results, manifest)?;
        Ok(Calibration { document, stage })
    }
}

/// The schemas of a calibration's tables whose columns no document names.
pub(crate) fn explained_schemas() -> Vec<Schema> {
    let mut all = abc::results::fixed_schemas();
    all.extend(least_squares::results::fixed_schemas());
    all
}

impl UseCase for Calibration {
    fn schemas(&self) -> Result<Vec<Schema>, Error> {
        let document = &self.document;
        Ok(match self.stage {
            Stage::Posterior => {
                abc::schemas(document, &named_targets(document, &published_for(document)))
            }
            Stage::Search => least_squares::schemas(document),
        })
    }

    fn rerun(
        &self,
        folder: &Path,
        options: &SaveOptions,
        execution: Execution<'_>,
    ) -> Result<(), Error> {
        let output = CalibrationOutput {
            folder: folder.to_owned(),
            options: options.clone(),
            resume: false,
            reuse: None,
        };
        let (document, published) = (&self.document, published_for(&self.document));
        let studies = Simulated::new(document, self.stage, &execution.cancel)?;
        match self.stage {
            Stage::Posterior => {
                calibrate(document, &published, &studies, &output, &execution, &()).map(drop)
            }
            Stage::Search => {
                search(document, &published, &studies, &output, &execution, &()).map(drop)
            }
        }
    }

    fn replot(
        &self,
        results: &Path,
        manifest: &Manifest,
        options: &ChartOptions,
    ) -> Result<DrawnCharts, Error> {
        let heading = heading(&self.document, self.stage);
        charts::replot(results, manifest, self.schemas()?, &heading, options)
    }
}
