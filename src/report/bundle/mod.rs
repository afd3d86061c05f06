//! A bundle: what repositories and readers other than pairbond need to know of a folder of results.
//!
//! - `ro-crate-metadata.json` describes every file as an RO-Crate ([`ro_crate`]).
//! - `dataset_description.json` and the folder `data` are what Psych-DS asks for ([`psych_ds`]).
//! - `preregistration.md` is the plan of the study under the headings of ADEMP ([`preregistration`]); only a
//!   scenario has one.
//!
//! All follow from the manifest, the tables and the scenario, so that a bundle has the same bytes when it is
//! made again. It holds no time: the date of publication is that of the scenario's `[about]`.

pub(crate) mod markdown;
pub(crate) mod preregistration;
pub(crate) mod psych_ds;
pub(crate) mod ro_crate;
#[cfg(test)]
mod tests;

use self::preregistration::{PREREGISTRATION_NAME, preregistration};
use self::psych_ds::{DESCRIPTION_NAME, data_file_name};
use self::ro_crate::CRATE_NAME;
use crate::error::Error;
use crate::report::kind_report;
use crate::report::reader::{ResultsReader, numbers, text};
use crate::results::hashing_writer::Tables;
use crate::results::manifest::DATA_FOLDER;
use crate::results::{Folder, Manifest, sha256};
use crate::scenario::Scenario;
use crate::scenario::spec::About;
use crate::table::{Format, Sink};
use serde_json::Value;
use std::path::Path;

/// Rows of a codebook that are read, at most.
const MOST_COLUMNS: usize = 1_000_000;

/// What a column of a table holds, as the codebook says it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DescribedColumn {
    table: String,
    name: String,
    kind: String,
    /// Empty for texts and categories.
    unit: String,
    low: Option<f64>,
    high: Option<f64>,
    /// Joined by `|`; empty if there are none.
    categories: String,
    meaning: String,
}

/// What all files of a bundle are made from.
pub(crate) struct BundleSource<'a> {
    manifest: &'a Manifest,
    title: String,
    description: String,
    about: About,
    /// The columns of all tables but the codebook.
    columns: Vec<DescribedColumn>,
}

impl BundleSource<'_> {
    /// The tables that are data.
    fn tables(&self) -> impl Iterator<Item = &str> {
        let tables = self.manifest.tables.iter().map(|table| table.name.as_str());
        tables.filter(|name| *name != "codebook")
    }
}

/// Whether a file of a folder of results belongs to its bundle.
pub(crate) fn is_of_bundle(name: &str) -> bool {
    [CRATE_NAME, DESCRIPTION_NAME, PREREGISTRATION_NAME].contains(&name)
        || name
            .split_once('/')
            .is_some_and(|(folder, _)| folder == DATA_FOLDER)
}

/// Writes the bundle of a folder that has all its other files. If it fails, the folder has no file of it.
///
/// # Errors
/// Those of writing files, and of reading the tables.
pub(crate) fn write_bundle(
    folder: &mut Folder,
    manifest: &Manifest,
    scenario: Option<&Scenario>,
) -> Result<(), Error> {
    folder.write_optional(|folder| {
        let described = folder.described(manifest);
        let staging = folder.staging().to_owned();
        let source = source(&ResultsReader::new(&staging, &described), scenario)?;
        for table in source.tables() {
            write_data(folder, &staging, &described, table)?;
        }
        let description = json_text(&psych_ds::description(&source));
        folder.write(DESCRIPTION_NAME, description.as_bytes())?;
        if let Some(scenario) = scenario {
            let text = preregistration(scenario, &manifest.version);
            folder.write(PREREGISTRATION_NAME, text.as_bytes())?;
        }
        let complete = folder.described(manifest);
        let complete = BundleSource {
            manifest: &complete,
            ..source
        };
        let metadata = json_text(&ro_crate::metadata(&complete, |name| {
            sha256(&staging.join(name))
        })?);
        Ok(folder.write(CRATE_NAME, metadata.as_bytes())?)
    })
}

fn source<'a>(
    reader: &ResultsReader<'a>,
    scenario: Option<&Scenario>,
) -> Result<BundleSource<'a>, Error> {
    let report = kind_report(reader, scenario)?;
    let description = match report.question.trim() {
        "" => format!("{}: {}", report.kind, report.title),
        question => question.to_owned(),
    };
    let mut columns = Vec::new();
    if let Some(book) = reader.read("codebook", MOST_COLUMNS)? {
        let (low, high) = (numbers(&book, "low")?, numbers(&book, "high")?);
        let given = |value: f64| value.is_finite().then_some(value);
        columns.extend((0..book.rows.rows()).map(|row| {
            let cell = |column: &str| text(&book, column, row).to_owned();
            DescribedColumn {
                table: cell("table"),
                name: cell("column"),
                kind: cell("kind"),
                unit: cell("unit"),
                low: given(low[row]),
                high: given(high[row]),
                categories: cell("categories"),
                meaning: cell("meaning"),
            }
        }));
    }
    Ok(BundleSource {
        manifest: reader.manifest(),
        title: report.title,
        description,
        about: scenario.map_or_else(About::default, |scenario| scenario.spec.about.clone()),
        columns,
    })
}

/// Writes a table as CSV under the name that Psych-DS asks for.
fn write_data(
    folder: &mut Folder,
    staging: &Path,
    manifest: &Manifest,
    table: &str,
) -> Result<(), Error> {
    let name = data_file_name(table);
    let csv = format!("{table}.{}", Format::Csv.extension());
    if let Some(file) = manifest.file(&csv) {
        return Ok(folder.copy(&staging.join(&csv), &name, file.rows)?);
    }
    let reader = ResultsReader::new(staging, manifest);
    let Some(schema) = reader.schema_as(table, DATA_FOLDER) else {
        return Ok(());
    };
    let mut tables = Tables::new();
    tables.add(&schema, Format::Csv, folder.create_file(&name)?)?;
    reader.visit_as(table, DATA_FOLDER, |rows| {
        tables.accept(&schema, &rows.rows)?;
        Ok(true)
    })?;
    Ok(folder.finish_tables(tables)?)
}

fn json_text(value: &Value) -> String {
    format!("{value:#}\n")
}
