//! The report of a results folder, made again from its tables and charts; and a copy of the folder with a bundle.

use crate::chart::figure_list::DrawnCharts;
use crate::error::Error;
use crate::report::bundle::is_of_bundle;
use crate::report::reader::ResultsReader;
use crate::report::{REPORT_NAME, page};
use crate::results::provenance::{save_options, scenario_of, with_bundle};
use crate::results::{
    FileRecord, Folder, Leftover, MANIFEST_NAME, Manifest, ManifestError, OutputError, ResultsKind,
    check_document, file_hash, read_document, refuse_inputs, write_document,
};
use crate::scenario::Scenario;
use crate::sweep::shard::Shard;
use crate::use_case::commit;
use std::path::{Path, PathBuf};

/// Makes the report of a results folder again, as one file of HTML. The results are only read.
///
/// Of the version that wrote the results it has the bytes of their `report.html`.
///
/// # Errors
/// [`Error::Output`] if results cannot be read or the file cannot be written, [`Error::AlteredTable`] if a
/// table or chart is not the one that was written, [`Error::Stale`] if this version does not accept the
/// scenario.
pub fn report(
    results: impl AsRef<Path>,
    out: impl AsRef<Path>,
    replace: bool,
) -> Result<(), Error> {
    let (results, out) = (results.as_ref(), out.as_ref());
    refuse_inputs(out, [results])?;
    check_document(out, replace)?;
    let page = report_of(results, Manifest::read(results)?)?;
    Ok(write_document(out, page.as_bytes(), replace)?)
}

/// Copies a results folder to another one and adds a bundle for sharing: what the command that led to the results
/// writes with `--bundle`. The results are only read. Gives what could not be removed afterwards.
///
/// # Errors
/// Those of [`report`], and [`Error::Charts`] if report or bundle could not be written.
pub fn bundle(
    results: impl AsRef<Path>,
    out: impl AsRef<Path>,
    replace: bool,
) -> Result<Option<Leftover>, Error> {
    let (results, out) = (results.as_ref(), out.as_ref());
    refuse_inputs(out, [results])?;
    let found = Manifest::read(results)?;
    let scenario = reported_scenario(results, &found)?;
    let mut folder = Folder::create(out, &found.kind, replace)?;
    let is_chart = |name: &str| [".svg", ".png", ".pdf"].iter().any(|it| name.ends_with(it));
    let is_kept = |name: &str| !is_chart(name) && name != REPORT_NAME && !is_of_bundle(name);
    for file in &found.files {
        if is_kept(&file.name) || is_chart(&file.name) {
            check_unaltered(results, file)?;
        }
    }
    folder.copy_results(results, &found, is_kept)?;
    let mut charts = DrawnCharts::default();
    for file in found.files.iter().filter(|file| is_chart(&file.name)) {
        let bytes = read_document(&results.join(&file.name))?;
        charts.files.push((file.name.clone(), bytes));
    }
    let manifest = Manifest {
        command: with_bundle(found.command.clone()),
        ..found
    };
    let options = save_options(&manifest);
    let (committed, failed) = commit(folder, charts, manifest, scenario.as_ref(), &options)?;
    Error::charts(out.to_owned(), failed)?;
    Ok(committed.leftover)
}

fn report_of(results: &Path, mut manifest: Manifest) -> Result<String, Error> {
    let scenario = reported_scenario(results, &manifest)?;
    // The report with the results was made before it and the bundle were among their files.
    manifest
        .files
        .retain(|file| file.name != REPORT_NAME && !is_of_bundle(&file.name));
    let mut charts = Vec::new();
    for file in manifest
        .files
        .iter()
        .filter(|file| file.name.ends_with(".svg"))
    {
        check_unaltered(results, file)?;
        charts.push((file.name.clone(), read_document(&results.join(&file.name))?));
    }
    let reader = ResultsReader::checked(results, &manifest);
    page(&reader, scenario.as_ref(), &charts)
}

/// The scenario of results that are complete in themselves, if they have one.
fn reported_scenario(results: &Path, manifest: &Manifest) -> Result<Option<Scenario>, Error> {
    let folder = results.to_owned();
    match manifest.kind {
        ResultsKind::Run
        | ResultsKind::Sweep
        | ResultsKind::Claims { .. }
        | ResultsKind::Power
        | ResultsKind::Recover
        | ResultsKind::Study { .. } => scenario_of(results, manifest).map(Some),
        ResultsKind::Validation { .. } | ResultsKind::Calibration | ResultsKind::Search => Ok(None),
        ResultsKind::Shard { shard, shards, .. } => {
            let path = results.join(MANIFEST_NAME);
            let shard = Shard::new(shard, shards)
                .ok_or_else(|| OutputError::manifest(&path, ManifestError::NotOurs))?;
            Err(Error::OnlyAShard { folder, shard })
        }
        ResultsKind::Plan { .. } => Err(Error::OnlyAPlan { folder }),
        ResultsKind::Plot => Err(Error::OnlyCharts { folder }),
    }
}

/// Fails if a file of results is not the one that was written.
fn check_unaltered(results: &Path, file: &FileRecord) -> Result<(), Error> {
    let path = results.join(&file.name);
    if file_hash(&path)?.as_ref() == Some(&file.blake3) {
        return Ok(());
    }
    let folder = results.to_owned();
    Err(Error::AlteredTable { path, folder })
}

/// The file of a report made again if none is named: `RESULTS-report.html`.
pub(crate) fn default_file(results: &Path) -> PathBuf {
    let mut name = results.file_name().unwrap_or("results".as_ref()).to_owned();
    name.push("-report.html");
    results.with_file_name(name)
}

/// The folder of a copy with a bundle if none is named: `RESULTS-bundle`.
pub(crate) fn default_bundle(results: &Path) -> PathBuf {
    let mut name = results.file_name().unwrap_or("results".as_ref()).to_owned();
    name.push("-bundle");
    results.with_file_name(name)
}
