//! The report of a results folder, made again from its tables and charts.

use crate::error::Error;
use crate::report::reader::ResultsReader;
use crate::report::{REPORT_NAME, page};
use crate::results::provenance::scenario_of;
use crate::results::{
    MANIFEST_NAME, Manifest, ManifestError, OutputError, ResultsKind, check_document, file_hash,
    read_document, refuse_inputs, write_document,
};
use crate::sweep::shard::Shard;
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
    let manifest = Manifest::read(results)?;
    let page = report_of(results, manifest)?;
    Ok(write_document(out, page.as_bytes(), replace)?)
}

fn report_of(results: &Path, mut manifest: Manifest) -> Result<String, Error> {
    let folder = results.to_owned();
    let scenario = match manifest.kind {
        ResultsKind::Run | ResultsKind::Sweep | ResultsKind::Claims { .. } => {
            Some(scenario_of(results, &manifest)?)
        }
        ResultsKind::Validation { .. } | ResultsKind::Calibration | ResultsKind::Search => None,
        ResultsKind::Shard { shard, shards } => {
            let path = results.join(MANIFEST_NAME);
            let shard = Shard::new(shard, shards)
                .ok_or_else(|| OutputError::manifest(&path, ManifestError::NotOurs))?;
            return Err(Error::OnlyAShard { folder, shard });
        }
        ResultsKind::Plan { .. } => return Err(Error::OnlyAPlan { folder }),
        ResultsKind::Plot => return Err(Error::OnlyCharts { folder }),
    };
    // The report with the results was made before it was one of their files.
    manifest.files.retain(|file| file.name != REPORT_NAME);
    let mut charts = Vec::new();
    for file in manifest
        .files
        .iter()
        .filter(|file| file.name.ends_with(".svg"))
    {
        let path = results.join(&file.name);
        if file_hash(&path)?.as_ref() != Some(&file.blake3) {
            return Err(Error::AlteredTable { path, folder });
        }
        charts.push((file.name.clone(), read_document(&path)?));
    }
    let reader = ResultsReader::checked(results, &manifest);
    page(&reader, scenario.as_ref(), &charts)
}

/// The file of a report made again if none is named: `RESULTS-report.html`.
pub(crate) fn default_file(results: &Path) -> PathBuf {
    let mut name = results.file_name().unwrap_or("results".as_ref()).to_owned();
    name.push("-report.html");
    results.with_file_name(name)
}
