//! Charts drawn again from the tables of a results folder.

use crate::error::Error;
use crate::reopen::reopen;
use crate::results::{Folder, Manifest, Origin, ResultsKind};
use std::path::{Path, PathBuf};

/// Draws the charts of a results folder into another folder, and returns their file names. The
/// results are only read.
///
/// # Errors
/// [`Error::Output`] if results cannot be read or charts written, [`Error::Stale`] if this version
/// does not accept the scenario, [`Error::Chart`].
pub fn plot(
    results: impl AsRef<Path>,
    out: impl AsRef<Path>,
    replace: bool,
) -> Result<Vec<String>, Error> {
    let results = results.as_ref();
    let manifest = Manifest::read(results)?;
    let charts = reopen(results, &manifest)?.replot(results, &manifest)?;
    let mut folder = Folder::create(out, replace)?;
    let mut names = Vec::new();
    for (name, bytes) in charts {
        folder.write(&name, &bytes)?;
        names.push(name);
    }
    let origin = Origin {
        kind: ResultsKind::Plot,
        command: vec!["pairbond".to_owned(), "plot".to_owned()],
        scenario_file: manifest.scenario.file,
        scenario_text: manifest.scenario.text,
        overrides: manifest.overrides,
        seed: manifest.seed,
        table_format: manifest.table_format,
    };
    folder.commit(Manifest::new(origin))?;
    Ok(names)
}

/// The folder of charts drawn again if none is named: `RESULTS-charts`.
pub(crate) fn default_folder(results: &Path) -> PathBuf {
    let mut name = results.file_name().unwrap_or("results".as_ref()).to_owned();
    name.push("-charts");
    results.with_file_name(name)
}
