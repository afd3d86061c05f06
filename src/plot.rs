//! Charts drawn again from the tables of a results folder.

use crate::chart::options::ChartOptions;
use crate::error::Error;
use crate::reopen::reopen;
use crate::results::{Folder, Leftover, Manifest, Origin, ResultsKind, refuse_inputs};
use std::path::{Path, PathBuf};

/// What drawing charts again came to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlotReport {
    /// File names of the charts.
    pub charts: Vec<String>,
    /// What could not be removed after the charts were in place.
    pub leftover: Option<Leftover>,
}

/// Draws the charts of a results folder into another folder. The results are only read.
///
/// # Errors
/// [`Error::Output`] if results cannot be read or charts written, [`Error::Stale`] if this version
/// does not accept the scenario, [`Error::Charts`] if the folder lacks some.
pub fn plot(
    results: impl AsRef<Path>,
    out: impl AsRef<Path>,
    options: &ChartOptions,
    replace: bool,
) -> Result<PlotReport, Error> {
    let results = results.as_ref();
    refuse_inputs(out.as_ref(), [results])?;
    let manifest = Manifest::read(results)?;
    let use_case = reopen(results, &manifest)?;
    let path = out.as_ref().to_owned();
    let mut folder = Folder::create(out, &ResultsKind::Plot, replace)?;
    let drawn = use_case.replot(results, &manifest, options)?;
    let charts = drawn.files.iter().map(|(name, _)| name.clone()).collect();
    for (name, bytes) in &drawn.files {
        folder.write(name, bytes)?;
    }
    let origin = Origin {
        kind: ResultsKind::Plot,
        command: vec!["pairbond".to_owned(), "plot".to_owned()],
        scenario_file: manifest.scenario.file,
        scenario_text: manifest.scenario.text,
        overrides: manifest.overrides,
        seed: manifest.seed,
        table_format: manifest.table_format,
        charts: options.clone(),
    };
    let leftover = folder.commit(Manifest::new(origin))?.leftover;
    Error::charts(path, drawn.failed)?;
    Ok(PlotReport { charts, leftover })
}

/// The folder of charts drawn again if none is named: `RESULTS-charts`.
pub(crate) fn default_folder(results: &Path) -> PathBuf {
    let mut name = results.file_name().unwrap_or("results".as_ref()).to_owned();
    name.push("-charts");
    results.with_file_name(name)
}
