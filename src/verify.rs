//! Whether a folder of results is what its manifest says, and what the scenario gives today.

use crate::calibrate;
use crate::calibrate::CalibrateRequest;
use crate::calibrate::document::CalibrationDocument;
use crate::claims;
use crate::claims::{ClaimsRequest, Results};
use crate::error::Error;
use crate::results::{Difference, FileState, FileVerdict, Manifest, check_files, first_difference};
use crate::run::{Outcome, RunRequest, run, schemas};
use crate::runner::Control;
use crate::scenario::{Override, Scenario};
use crate::sweep;
use crate::sweep::plan::SweepPlan;
use crate::sweep::{SweepOutcome, SweepRequest};
use crate::table::Schema;
use crate::validate;
use std::path::Path;
use std::sync::Arc;

/// What a check of results found.
#[derive(Clone, Debug, PartialEq)]
pub struct Verification {
    /// Version that made the results.
    pub version: String,
    /// Files that are not as they were written.
    pub damaged: Vec<FileVerdict>,
    /// The first difference of each table that came out otherwise when it was lived again.
    pub differences: Vec<Difference>,
    /// Why a changed table can no longer be read, for each such table.
    pub unreadable: Vec<String>,
    /// Files that came out otherwise without differing in any row: pictures and texts.
    pub other: Vec<String>,
    /// Files compared.
    pub files: usize,
}

impl Verification {
    /// Whether everything was as it should be.
    pub fn sound(&self) -> bool {
        self.damaged.is_empty() && self.differences.is_empty() && self.other.is_empty()
    }
}

/// The scenario of a results folder; a table of points that it names lies in that folder.
pub(crate) fn scenario_of(results: &Path, manifest: &Manifest) -> Result<Scenario, Error> {
    let stale = |faults| Error::Stale {
        version: manifest.version.clone(),
        faults: Box::new(faults),
    };
    let overrides = manifest
        .overrides
        .iter()
        .map(|text| Override::parse(text))
        .collect::<Result<Vec<_>, _>>()
        .map_err(stale)?;
    let record = &manifest.scenario;
    Scenario::read_with(&record.file, record.text.as_bytes(), &overrides, &|table| {
        std::fs::read_to_string(results.join(attachment_name(table)))
    })
    .map_err(stale)
}

/// The name under which a results folder keeps a table that a scenario names by a path.
pub(crate) fn attachment_name(table: &str) -> String {
    let name = Path::new(table).file_name().unwrap_or_default();
    format!("attached_{}", name.to_string_lossy())
}

/// Checks the files of a results folder, lives its scenario again in `scratch`, and compares.
///
/// # Errors
/// Those of [`run`], and [`Error::Stale`] where this version does not understand the scenario.
pub fn verify(
    results: &Path,
    scratch: &Path,
    threads: Option<usize>,
    control: &Arc<Control>,
) -> Result<Outcome<Verification>, Error> {
    let manifest = Manifest::read(results)?;
    let asked = Asked::of(results, &manifest)?;
    let damaged: Vec<FileVerdict> = check_files(results, &manifest)?
        .into_iter()
        .filter(|verdict| verdict.state != FileState::Sound)
        .collect();
    let again = scratch.join("again");
    if !asked.live_again(&manifest, &again, threads, control)? {
        return Ok(Outcome::Stopped);
    }
    let fresh = Manifest::read(&again)?;
    let mut found = Verification {
        version: manifest.version.clone(),
        damaged,
        differences: Vec::new(),
        unreadable: Vec::new(),
        other: Vec::new(),
        files: manifest.files.len(),
    };
    let missing = |name: &str| found_missing(&found.damaged, name);
    let unlike: Vec<&str> = manifest
        .files
        .iter()
        .filter(|file| !missing(&file.name))
        .filter(|file| {
            fresh
                .file(&file.name)
                .is_none_or(|again| again.blake3 != file.blake3)
        })
        .chain(
            manifest
                .files
                .iter()
                .filter(|file| changed(&found.damaged, &file.name)),
        )
        .map(|file| file.name.as_str())
        .collect();
    let schemas = asked.schemas(&manifest)?;
    let mut seen: Vec<&str> = Vec::new();
    for name in unlike {
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let table = schemas
            .iter()
            .find(|schema| name == manifest.file_of(schema));
        let compared = table.map_or(Ok(None), |schema| {
            first_difference(&results.join(name), &again.join(name), schema)
        });
        let difference = match compared {
            // A damaged table must not hide what became of the other files.
            Err(error) if changed(&found.damaged, name) => {
                found.unreadable.push(error.to_string());
                continue;
            }
            compared => compared?,
        };
        match difference {
            Some(difference) => found.differences.push(difference),
            None => found.other.push(name.to_owned()),
        }
    }
    Ok(Outcome::Done(found))
}

/// What the results of a folder answer.
enum Asked {
    Scenario(Box<Scenario>),
    Calibration(Box<CalibrationDocument>),
    Search(Box<CalibrationDocument>),
    Validation,
}

impl Asked {
    fn of(results: &Path, manifest: &Manifest) -> Result<Asked, Error> {
        if manifest.kind == calibrate::KIND {
            let document = calibrate::document_of(manifest)?;
            return Ok(Asked::Calibration(Box::new(document)));
        }
        if manifest.kind == calibrate::search::KIND {
            let document = calibrate::document_of(manifest)?;
            return Ok(Asked::Search(Box::new(document)));
        }
        if validate::is_validation(manifest) {
            return Ok(Asked::Validation);
        }
        let scenario = scenario_of(results, manifest)?;
        Ok(Asked::Scenario(Box::new(scenario)))
    }

    /// The headers of the tables that the results can have.
    fn schemas(&self, manifest: &Manifest) -> Result<Vec<Schema>, Error> {
        match self {
            Asked::Validation => Ok(validate::headers_of(manifest)),
            Asked::Calibration(document) => calibrate::schemas(document),
            Asked::Search(document) => Ok(calibrate::search::schemas(document)),
            Asked::Scenario(scenario) => Ok(match SweepPlan::new(*scenario.clone()) {
                _ if claims::asked_of(&manifest.kind).is_some() => claims::schemas(),
                Some(plan) if manifest.kind == "sweep" => sweep::schemas(&plan),
                _ => schemas(scenario),
            }),
        }
    }

    /// Does again what a manifest says was done; `false` where it was stopped.
    fn live_again(
        &self,
        manifest: &Manifest,
        out: &Path,
        threads: Option<usize>,
        control: &Arc<Control>,
    ) -> Result<bool, Error> {
        let mut names = manifest.files.iter().map(|file| &file.name);
        let charts = names.any(|name| name.ends_with(".svg"));
        match self {
            Asked::Scenario(scenario) => {
                live_again(manifest, scenario, (out, charts), threads, control)
            }
            Asked::Calibration(document) | Asked::Search(document) => {
                let request = CalibrateRequest {
                    out: out.to_owned(),
                    force: false,
                    resume: false,
                    format: manifest.table_format,
                    threads,
                    charts,
                };
                match self {
                    Asked::Search(_) => calibrate::search::again(document, &request, control),
                    _ => calibrate::again(document, &request, control),
                }
            }
            Asked::Validation => validate::again(manifest, (out, charts), threads, control),
        }
    }
}

/// Does again what a manifest says was done; `false` where it was stopped.
fn live_again(
    manifest: &Manifest,
    scenario: &Scenario,
    (out, charts): (&Path, bool),
    threads: Option<usize>,
    control: &Control,
) -> Result<bool, Error> {
    if let Some((most, without)) = claims::asked_of(&manifest.kind) {
        let request = ClaimsRequest {
            most,
            without,
            threads,
            results: Some(Results {
                out: out.to_owned(),
                force: false,
                format: manifest.table_format,
                charts,
            }),
            overrides: manifest.overrides.clone(),
        };
        let outcome = claims::claims(scenario, &request, control)?;
        return Ok(outcome != Outcome::Stopped);
    }
    if let Some(shard) = sweep::shard_of(&manifest.kind) {
        let request = SweepRequest {
            out: out.to_owned(),
            force: false,
            resume: false,
            shard,
            format: manifest.table_format,
            threads,
            charts,
            overrides: manifest.overrides.clone(),
        };
        let outcome = sweep::sweep(scenario, &request, control)?;
        return Ok(matches!(outcome, SweepOutcome::Done(_)));
    }
    let request = RunRequest {
        out: out.to_owned(),
        force: false,
        format: manifest.table_format,
        threads,
        overrides: manifest.overrides.clone(),
        charts,
    };
    Ok(run(scenario, &request, control)? != Outcome::Stopped)
}

fn found_missing(damaged: &[FileVerdict], name: &str) -> bool {
    damaged
        .iter()
        .any(|verdict| verdict.name == name && verdict.state == FileState::Missing)
}

fn changed(damaged: &[FileVerdict], name: &str) -> bool {
    damaged
        .iter()
        .any(|verdict| verdict.name == name && verdict.state == FileState::Changed)
}
