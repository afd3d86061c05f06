//! The results of a validation in a folder: tables, charts, and a manifest by which it can be repeated.

use super::targets::chosen;
use super::{Laboratory, ValidateRequest, ValidationReport, tables, validate_by};
use crate::error::Error;
use crate::results::{Folder, Format, Manifest, Origin};
use crate::run::Outcome;
use crate::run::pictures;
use crate::run::pictures::Drawing;
use crate::runner::Control;
use crate::scenario::Override;
use crate::table::{Schema, Table};
use crate::validate::charts;
use std::path::Path;
use std::sync::Arc;

/// The first word of the kind of such results in their manifest.
const KIND: &str = "validation";
const ABLATION: &str = "ablation";

/// The headers of a validation's tables.
fn schemas(ablation: bool) -> Vec<Schema> {
    let mut schemas = vec![tables::targets_schema()];
    if ablation {
        schemas.push(tables::ablation_schema());
    }
    schemas
}

/// Lays tables, charts and manifest down; `text` is the table of published numbers.
///
/// # Errors
/// [`Error::Output`], [`Error::Chart`].
pub(crate) fn lay_down(
    text: &str,
    request: &ValidateRequest,
    report: &ValidationReport,
    mut folder: Folder,
) -> Result<(), Error> {
    let mut made = vec![tables::targets(&report.comparisons)];
    if request.ablation {
        made.push(tables::ablation(&report.comparisons, &report.ablations));
    }
    folder.lay(Format::Csv, &made.iter().collect::<Vec<_>>())?;
    if request.charts {
        for (name, bytes) in draw(&made)? {
            folder.write(&name, &bytes)?;
        }
    }
    folder.commit(Manifest::new(origin(text, request)))?;
    Ok(())
}

/// The pictures of a validation's tables, in their order.
fn draw(tables: &[Table]) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let mut files = Vec::new();
    for table in tables {
        let drawing: Drawing<'_> = match table.schema.table {
            ABLATION => Box::new(|| charts::ablation(table)),
            _ => Box::new(|| charts::targets(table)),
        };
        files.extend(pictures::files(table.schema.table, &drawing)?);
    }
    Ok(files)
}

/// What a manifest's kind says of a validation.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Asked {
    couples: u64,
    ablation: bool,
    targets: Vec<String>,
}

/// The kind of such results: `validation COUPLES`, then `ablation` where there is one, then the targets.
fn kind(request: &ValidateRequest) -> String {
    let mut words = vec![KIND.to_owned(), request.lab.couples.to_string()];
    if request.ablation {
        words.push(ABLATION.to_owned());
    }
    words.extend(request.targets.iter().cloned());
    words.join(" ")
}

fn asked(kind: &str) -> Option<Asked> {
    let mut words = kind.split(' ').filter(|word| !word.is_empty()).peekable();
    if words.next() != Some(KIND) {
        return None;
    }
    let couples = words.next()?.parse().ok()?;
    let ablation = words.next_if_eq(&ABLATION).is_some();
    Some(Asked {
        couples,
        ablation,
        targets: words.map(str::to_owned).collect(),
    })
}

/// Whether a manifest is that of a validation.
pub(crate) fn is_validation(manifest: &Manifest) -> bool {
    asked(&manifest.kind).is_some()
}

/// The headers of the tables of a validation's folder.
pub(crate) fn headers_of(manifest: &Manifest) -> Vec<Schema> {
    schemas(asked(&manifest.kind).is_some_and(|asked| asked.ablation))
}

/// Repeats what a manifest says was done, against the published numbers that it keeps; `false` where it
/// was stopped, or where the manifest is that of other results.
///
/// # Errors
/// [`Error::Stale`] where this version does not understand the overrides, and those of
/// [`validate`](super::validate).
pub(crate) fn again(
    manifest: &Manifest,
    (out, charts): (&Path, bool),
    threads: Option<usize>,
    control: &Arc<Control>,
) -> Result<bool, Error> {
    let Some(asked) = asked(&manifest.kind) else {
        return Ok(false);
    };
    let overrides = manifest.overrides.iter();
    let overrides = overrides
        .map(|text| Override::parse(text))
        .collect::<Result<Vec<_>, _>>();
    let lab = Laboratory {
        control: Arc::clone(control),
        ..Laboratory::new(asked.couples, manifest.seed)
    };
    let lab = overrides
        .and_then(|overrides| lab.with(overrides))
        .map_err(|faults| Error::Stale {
            version: manifest.version.clone(),
            faults: Box::new(faults),
        })?;
    let request = ValidateRequest {
        targets: asked.targets,
        lab,
        overrides: manifest.overrides.clone(),
        ablation: asked.ablation,
        threads,
        out: Some(out.to_owned()),
        force: false,
        charts,
        against: None,
    };
    let text = &manifest.scenario.text;
    let targets = chosen(text, &request.targets)?;
    let outcome = validate_by(text, targets, &request)?;
    Ok(matches!(outcome, Outcome::Done(_)))
}

/// Draws the charts of a validation's folder again.
///
/// # Errors
/// [`Error::Output`], [`Error::Chart`].
pub(crate) fn redraw(results: &Path, manifest: &Manifest) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let mut tables = Vec::new();
    for schema in headers_of(manifest) {
        tables.push(manifest.read_table(results, &schema)?);
    }
    draw(&tables)
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
    if !request.charts {
        command.push("--no-charts".to_owned());
    }
    Origin {
        kind: kind(request),
        command,
        scenario_file: "targets.csv".to_owned(),
        scenario_text: text.to_owned(),
        overrides: request.overrides.clone(),
        seed: request.lab.seed,
        table_format: Format::Csv,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_says_what_was_asked() {
        for ablation in [false, true] {
            for targets in [vec![], vec!["C01".to_owned(), "p".to_owned()]] {
                let request = ValidateRequest {
                    targets: targets.clone(),
                    lab: Laboratory::new(300, 9),
                    overrides: Vec::new(),
                    ablation,
                    threads: None,
                    out: None,
                    force: false,
                    charts: false,
                    against: None,
                };
                let told = Asked {
                    couples: 300,
                    ablation,
                    targets,
                };
                assert_eq!(asked(&kind(&request)), Some(told));
            }
        }
        for other in ["run", "sweep", "validation", "validation many", "claims 20"] {
            assert_eq!(asked(other), None, "{other}");
        }
    }
}
