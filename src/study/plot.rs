//! Charts drawn again from a folder of results, without living the couples again.

use super::calibrate;
use super::claims;
use super::error::StudyError;
use super::pictures::{self, COUPLES_SHOWN, Shown};
use super::sweep;
use super::tables::{flow_header, trajectory_header};
use super::validate;
use super::verify::scenario_of;
use crate::analysis::survival;
use crate::foundation::table::{Header, Table};
use crate::output::{Folder, Manifest, Origin, read_rows};
use crate::plan::{Shard, SweepPlan};
use crate::scenario::Scenario;
use crate::simulation::{childhoods_header, couples_header, days_header};
use std::path::{Path, PathBuf};

/// Draws the charts of a results folder into a folder of their own; gives the pictures' names.
///
/// The results themselves are only read.
///
/// # Errors
/// [`StudyError::Output`] where results cannot be read or pictures written, [`StudyError::Stale`]
/// where this version does not understand the scenario, [`StudyError::Chart`].
pub fn plot(results: &Path, out: &Path, force: bool) -> Result<Vec<String>, StudyError> {
    let manifest = Manifest::read(results)?;
    let pictures = drawn(results, &manifest)?;
    let mut folder = Folder::create(out, force)?;
    let mut names = Vec::new();
    for (name, bytes) in pictures {
        folder.write(&name, &bytes)?;
        names.push(name);
    }
    let origin = Origin {
        kind: "plot".to_owned(),
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

/// Draws the charts of whatever a folder holds.
fn drawn(results: &Path, manifest: &Manifest) -> Result<Vec<(String, Vec<u8>)>, StudyError> {
    if manifest.kind == calibrate::KIND {
        let document = calibrate::document_of(manifest)?;
        return calibrate::redraw(results, manifest, &document);
    }
    if manifest.kind == calibrate::search::KIND {
        let document = calibrate::document_of(manifest)?;
        return calibrate::search::redraw(results, manifest, &document);
    }
    if validate::is_validation(manifest) {
        return validate::redraw(results, manifest);
    }
    let scenario = scenario_of(results, manifest)?;
    match sweep::shard_of(&manifest.kind) {
        Some(Shard::WHOLE) => {
            let plan = SweepPlan::new(scenario).ok_or(StudyError::NoSweep)?;
            sweep::redraw(results, manifest, &plan)
        }
        Some(shard) => {
            let folder = results.to_owned();
            Err(StudyError::OnlyAShard { folder, shard })
        }
        None if claims::asked_of(&manifest.kind).is_some() => claims::redraw(results, manifest),
        None => of_run(results, manifest, &scenario),
    }
}

/// Draws the charts of a run's folder.
fn of_run(
    results: &Path,
    manifest: &Manifest,
    scenario: &Scenario,
) -> Result<Vec<(String, Vec<u8>)>, StudyError> {
    let read = |header: Header| manifest.read_table(results, &header);
    let couples = couples_header(&scenario.world().origin);
    let stories = if scenario.world().record.stories > 0 {
        read(days_header("stories"))?
    } else {
        Table::new(days_header("stories"))
    };
    let childhoods = if scenario.world().keeps_childhoods() {
        read(childhoods_header())?
    } else {
        Table::new(childhoods_header())
    };
    let shown = Shown {
        trajectory: &read(trajectory_header())?,
        survival: &read(survival::header())?,
        flow: &read(flow_header())?,
        couples: &read_rows(
            &results.join(manifest.file_of(&couples)),
            &couples,
            COUPLES_SHOWN,
        )?,
        stories: &stories,
        childhoods: &childhoods,
    };
    pictures::draw(scenario, &shown)
}

/// The folder that charts drawn again fill where none is named: `RESULTS-charts`.
pub fn usual_folder(results: &Path) -> PathBuf {
    let mut name = results.file_name().unwrap_or("results".as_ref()).to_owned();
    name.push("-charts");
    results.with_file_name(name)
}
