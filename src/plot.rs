//! Charts drawn again from a folder of results, without living the couples again.

use crate::calibrate;
use crate::claims;
use crate::error::Error;
use crate::results::{Folder, Manifest, Origin, read_rows};
use crate::run::pictures;
use crate::run::pictures::{COUPLES_SHOWN, Shown};
use crate::run::tables::{flow_schema, trajectory_schema};
use crate::scenario::Scenario;
use crate::simulation::tables::{childhoods_schema, couples_schema, days_schema};
use crate::stats::survival;
use crate::sweep;
use crate::sweep::plan::SweepPlan;
use crate::sweep::shard::Shard;
use crate::table::{Schema, Table};
use crate::validate;
use crate::verify::scenario_of;
use std::path::{Path, PathBuf};

/// Draws the charts of a results folder into a folder of their own; gives the pictures' names.
///
/// The results themselves are only read.
///
/// # Errors
/// [`Error::Output`] where results cannot be read or pictures written, [`Error::Stale`]
/// where this version does not understand the scenario, [`Error::Chart`].
pub fn plot(results: &Path, out: &Path, force: bool) -> Result<Vec<String>, Error> {
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
fn drawn(results: &Path, manifest: &Manifest) -> Result<Vec<(String, Vec<u8>)>, Error> {
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
        Some(Shard::ALL) => {
            let plan = SweepPlan::new(scenario).ok_or(Error::NoSweep)?;
            sweep::redraw(results, manifest, &plan)
        }
        Some(shard) => {
            let folder = results.to_owned();
            Err(Error::OnlyAShard { folder, shard })
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
) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let read = |schema: Schema| manifest.read_table(results, &schema);
    let couples = couples_schema(scenario.config().origin.has_childhood());
    let sample_couples = if scenario.config().record.sample_couples > 0 {
        read(days_schema("sample_couples"))?
    } else {
        Table::new(days_schema("sample_couples"))
    };
    let childhoods = if scenario.config().keeps_childhoods() {
        read(childhoods_schema())?
    } else {
        Table::new(childhoods_schema())
    };
    let shown = Shown {
        trajectory: &read(trajectory_schema())?,
        survival: &read(survival::schema())?,
        flow: &read(flow_schema())?,
        couples: &read_rows(
            &results.join(manifest.file_of(&couples)),
            &couples,
            COUPLES_SHOWN,
        )?,
        sample_couples: &sample_couples,
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
