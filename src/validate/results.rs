//! The results of a validation in a folder: tables, charts, and a manifest by which it can be repeated.

use super::targets::chosen;
use super::{Laboratory, ValidateRequest, ValidationReport, tables, validate_by};
use crate::error::Error;
use crate::options::{Execution, SaveOptions};
use crate::results::{Folder, Manifest, Origin, ResultsKind};
use crate::scenario::Override;
use crate::table::Format;
use crate::table::Schema;
use crate::use_case::{NamedFile, UseCase};
use crate::validate::charts;
use std::path::Path;

/// The headers of a validation's tables.
fn schemas(ablation: bool) -> Vec<Schema> {
    let mut schemas = vec![tables::targets_schema()];
    if ablation {
        schemas.push(tables::ablation_schema());
    }
    schemas
}

/// Writes tables, charts and manifest; `text` is the table of published numbers.
///
/// # Errors
/// [`Error::Output`], [`Error::Chart`].
pub(crate) fn write_results(
    text: &str,
    request: &ValidateRequest,
    report: &ValidationReport,
    mut folder: Folder,
) -> Result<(), Error> {
    let mut made = vec![tables::targets(&report.comparisons)];
    if request.ablation {
        made.push(tables::ablation(&report.comparisons, &report.ablations));
    }
    folder.write_tables(Format::Csv, &made.iter().collect::<Vec<_>>())?;
    if request.save.charts {
        for (name, bytes) in charts::draw(&made)? {
            folder.write(&name, &bytes)?;
        }
    }
    folder.commit(Manifest::new(origin(text, request)))?;
    Ok(())
}

/// A validation whose results were written before.
pub(crate) struct Validation {
    /// The table of published numbers that the results keep.
    text: String,
    request: ValidateRequest,
}

impl Validation {
    /// The validation that a manifest describes.
    ///
    /// # Errors
    /// [`Error::Stale`] if this version does not accept the overrides.
    pub(crate) fn of(manifest: &Manifest) -> Result<Validation, Error> {
        let ResultsKind::Validation {
            couples,
            ablation,
            targets,
        } = &manifest.kind
        else {
            unreachable!("only results of a validation are reopened as one");
        };
        let overrides = manifest.overrides.iter();
        let overrides = overrides
            .map(|text| Override::parse(text))
            .collect::<Result<Vec<_>, _>>();
        let lab = Laboratory::new(*couples, manifest.seed);
        let lab = overrides
            .and_then(|overrides| lab.with(overrides))
            .map_err(|diagnostics| Error::Stale {
                version: manifest.version.clone(),
                diagnostics: Box::new(diagnostics),
            })?;
        Ok(Validation {
            text: manifest.scenario.text.clone(),
            request: ValidateRequest {
                targets: targets.clone(),
                lab,
                overrides: manifest.overrides.clone(),
                ablation: *ablation,
                out: None,
                save: SaveOptions::default(),
                against: None,
            },
        })
    }
}

impl UseCase for Validation {
    fn schemas(&self) -> Result<Vec<Schema>, Error> {
        Ok(schemas(self.request.ablation))
    }

    fn rerun(
        &self,
        folder: &Path,
        options: &SaveOptions,
        execution: Execution<'_>,
    ) -> Result<(), Error> {
        let request = ValidateRequest {
            out: Some(folder.to_owned()),
            save: *options,
            ..self.request.clone()
        };
        let targets = chosen(&self.text, &request.targets)?;
        validate_by(&self.text, targets, &request, execution).map(drop)
    }

    fn replot(&self, results: &Path, manifest: &Manifest) -> Result<Vec<NamedFile>, Error> {
        let mut tables = Vec::new();
        for schema in self.schemas()? {
            tables.push(manifest.read_table(results, &schema)?);
        }
        charts::draw(&tables)
    }
}

/// The manifest's account of where results come from: the command is the one that leads to the same
/// bytes.
fn origin(text: &str, request: &ValidateRequest) -> Origin {
    let mut command = vec!["pairbond".to_owned(), "validate".to_owned()];
    command.extend(request.targets.iter().cloned());
    command.extend(["--couples".to_owned(), request.lab.couples.to_string()]);
    command.extend(["--seed".to_owned(), request.lab.seed.to_string()]);
    for value in &request.overrides {
        command.extend(["--set".to_owned(), value.clone()]);
    }
    if request.ablation {
        command.push("--ablation".to_owned());
    }
    if !request.save.charts {
        command.push("--no-charts".to_owned());
    }
    Origin {
        kind: ResultsKind::Validation {
            couples: request.lab.couples,
            ablation: request.ablation,
            targets: request.targets.clone(),
        },
        command,
        scenario_file: "targets.csv".to_owned(),
        scenario_text: text.to_owned(),
        overrides: request.overrides.clone(),
        seed: request.lab.seed,
        table_format: Format::Csv,
    }
}
