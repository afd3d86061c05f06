//! What `verify` and `plot` need to know of results of any kind.

use crate::chart::figure_list::{DrawnCharts, FailedChart};
use crate::chart::options::ChartOptions;
use crate::error::Error;
use crate::options::{Execution, SaveOptions};
use crate::report::bundle::{is_of_bundle, write_bundle};
use crate::report::reader::ResultsReader;
use crate::report::{self, REPORT_NAME};
use crate::results::folder::Committed;
use crate::results::{Folder, Manifest, OutputError, file_hash};
use crate::scenario::Scenario;
use crate::table::{Schema, Table, read_rows};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// The work that led to a folder of results.
pub(crate) trait UseCase {
    /// The schemas of the tables that its results can have.
    fn schemas(&self) -> Result<Vec<Schema>, Error>;

    /// Does the work again and writes its results to a new folder.
    fn rerun(
        &self,
        folder: &Path,
        options: &SaveOptions,
        execution: Execution<'_>,
    ) -> Result<(), Error>;

    /// Draws the charts of its results from their tables.
    fn replot(
        &self,
        results: &Path,
        manifest: &Manifest,
        options: &ChartOptions,
    ) -> Result<DrawnCharts, Error>;
}

/// Fails if the system does not give so much memory: an allocation that fails ends the program at once, so
/// this is checked before the work begins.
///
/// # Errors
/// [`Error::Memory`].
pub(crate) fn check_memory(what: impl FnOnce() -> String, bytes: u64) -> Result<(), Error> {
    let mut all: Vec<u8> = Vec::new();
    let given = usize::try_from(bytes).is_ok_and(|bytes| all.try_reserve_exact(bytes).is_ok());
    // Otherwise the compiler may leave out an allocation that nothing uses.
    std::hint::black_box(&all);
    if given {
        Ok(())
    } else {
        let what = what();
        Err(Error::Memory { what, bytes })
    }
}

/// Reads a table that charts are drawn from, at most its first `rows`. Charts of other numbers than those
/// that were written would say nothing of it.
///
/// # Errors
/// [`Error::AlteredTable`] if it does not have the bytes that the manifest lists; [`Error::Output`].
pub(crate) fn read_unaltered(
    results: &Path,
    manifest: &Manifest,
    schema: &Schema,
    rows: usize,
) -> Result<Table, Error> {
    let name = manifest.file_of(schema);
    let path = results.join(&name);
    let listed = manifest.file(&name).map(|file| &file.blake3);
    let found = file_hash(&path)?;
    if found.is_some() && found.as_ref() != listed {
        let folder = results.to_owned();
        return Err(Error::AlteredTable { path, folder });
    }
    Ok(read_rows(&path, schema, rows)?)
}

/// Reads all tables that charts are drawn from, as [`read_unaltered`] does.
///
/// # Errors
/// Those of [`read_unaltered`].
pub(crate) fn read_tables(
    results: &Path,
    manifest: &Manifest,
    schemas: impl IntoIterator<Item = Schema>,
) -> Result<Vec<Table>, Error> {
    let read = |schema: Schema| read_unaltered(results, manifest, &schema, usize::MAX);
    schemas.into_iter().map(read).collect()
}

/// Writes charts, a report and a bundle to a folder that has all its other files, and puts the folder in place.
/// Returns what is missing, too: what could not be made, and what could not be written, as on a full disk. That
/// is no reason to lose the other files.
///
/// `scenario` is that of the results, if they have one.
///
/// # Errors
/// Those of [`Folder::commit`].
pub(crate) fn commit(
    mut folder: Folder,
    charts: DrawnCharts,
    manifest: Manifest,
    scenario: Option<&Scenario>,
    options: &SaveOptions,
) -> Result<(Committed, Vec<FailedChart>), OutputError> {
    let DrawnCharts {
        files, mut failed, ..
    } = charts;
    // The files of a chart follow one another, and only their extensions differ.
    for chart in files.chunk_by(|(one, _), (next, _)| stem(one) == stem(next)) {
        if let Err(error) = folder.write_chart(chart) {
            failed.push(FailedChart {
                name: stem(&chart[0].0).to_owned(),
                reason: error.to_string(),
            });
        }
    }
    let is_complete = report::has_report(&manifest.kind);
    if options.report && is_complete {
        let described = folder.described(&manifest);
        let reader = ResultsReader::new(folder.staging(), &described);
        // Those that were written.
        let shown = files
            .iter()
            .filter(|(name, _)| described.file(name).is_some());
        let shown: Vec<(String, Vec<u8>)> = shown.cloned().collect();
        let make = AssertUnwindSafe(|| report::page(&reader, scenario, &shown));
        let page = match catch_unwind(make) {
            Ok(page) => page.map_err(|error| error.to_string()),
            Err(_) => Err("the function that writes it panicked".to_owned()),
        };
        let written = page.and_then(|page| {
            let file = (REPORT_NAME.to_owned(), page.into_bytes());
            folder
                .write_chart(&[file])
                .map_err(|error| error.to_string())
        });
        failed.extend(written.err().map(|reason| FailedChart {
            name: stem(REPORT_NAME).to_owned(),
            reason,
        }));
    }
    if options.bundle && is_complete {
        let written = write_bundle(&mut folder, &manifest, scenario);
        failed.extend(written.err().map(|error| FailedChart {
            name: FailedChart::BUNDLE.to_owned(),
            reason: error.to_string(),
        }));
    }
    let committed = folder.commit(manifest)?;
    if let Some((names, error)) = &committed.removed_charts {
        let named = |name: &str| match is_of_bundle(name) {
            true => FailedChart::BUNDLE.to_owned(),
            false => stem(name).to_owned(),
        };
        for chart in names.chunk_by(|one, next| named(one) == named(next)) {
            failed.push(FailedChart {
                name: named(&chart[0]),
                reason: format!("{error}; it was removed to free space"),
            });
        }
    }
    Ok((committed, failed))
}

/// A file's name without its extension.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
