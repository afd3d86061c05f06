//! The end of a sweep: its journal becomes a folder of results.

use super::aggregate::{Found, Harvest};
use super::tables::{couples_schema, points_schema, runs_schema, summaries_schema};
use super::{SweepReport, SweepRequest, findings, pictures};
use crate::error::Error;
use crate::results::provenance;
use crate::results::provenance::Asked;
use crate::results::{Folder, Format, JOURNAL_NAME, JournalReader, Manifest, Origin, Tables};
use crate::runner::Control;
use crate::sweep::plan::SweepPlan;
use crate::sweep::shard::Shard;
use crate::table::{Schema, Sink, Table};
use crate::verify::attachment_name;
use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::Path;

/// Makes the results from the journals of all jobs, in their order; `None` where it was stopped.
pub(crate) fn finish(
    plan: &SweepPlan,
    request: &SweepRequest,
    journals: Vec<JournalReader>,
    control: &Control,
) -> Result<Option<SweepReport>, Error> {
    let mut folder = Folder::create(&request.out, request.force)?;
    let mut schemas = vec![points_schema(plan), runs_schema(plan), summaries_schema()];
    if plan.sweep().couples {
        schemas.push(couples_schema(plan));
    }
    let mut sink = folder.tables(request.format, &schemas)?;
    let mut harvest = Harvest::new(plan, &mut sink);
    for mut journal in journals {
        while let Some(result) = journal.next()? {
            if control.cancel.is_cancelled() {
                return Ok(None);
            }
            harvest.take(result)?;
        }
    }
    let found = harvest.finish()?;
    folder.seal_tables(sink)?;
    let contrasts = write_contrasts(plan, &found, &mut folder, request.format, &mut schemas)?;
    let mut tables = findings::findings(plan, &found);
    write_findings(&mut folder, request.format, &tables, &mut schemas)?;
    tables.extend(contrasts);
    folder.describe(&schemas)?;
    write_scenario(&mut folder, plan)?;
    if control.cancel.is_cancelled() {
        return Ok(None);
    }
    if request.charts {
        for (name, bytes) in
            pictures::draw(plan, &found.point_table, &found.summary_table, &tables)?
        {
            folder.write(&name, &bytes)?;
        }
    }
    if control.cancel.is_cancelled() {
        return Ok(None);
    }
    commit(plan, request, folder, &found).map(Some)
}

/// Whether the results that are asked for are in place.
pub(crate) fn is_done(plan: &SweepPlan, request: &SweepRequest) -> bool {
    let Ok(there) = Manifest::read(&request.out) else {
        return false;
    };
    let asked = Manifest::new(origin(plan, request));
    let attached = plan.scenario().attachments().iter().all(|(name, text)| {
        let hash = blake3::hash(text.as_bytes()).to_hex();
        there
            .file(&attachment_name(name))
            .is_some_and(|file| file.blake3 == hash.as_str())
    });
    attached
        && Manifest {
            tables: Vec::new(),
            files: Vec::new(),
            ..there
        } == asked
}

/// Writes the contrasts; gives them where they are few enough for a picture.
fn write_contrasts(
    plan: &SweepPlan,
    found: &Found,
    folder: &mut Folder,
    format: Format,
    schemas: &mut Vec<Schema>,
) -> Result<Option<Table>, Error> {
    let mut sink: Option<Tables> = None;
    let mut first = None;
    let mut rows = 0;
    findings::contrasts(plan, found, |table| {
        let tables = match &mut sink {
            Some(tables) => tables,
            none => none.insert(folder.tables(format, std::slice::from_ref(&table.schema))?),
        };
        tables.accept(&table.schema, &table.rows)?;
        rows += table.rows.rows();
        first.get_or_insert(table);
        Ok(())
    })?;
    if let Some(tables) = sink {
        folder.seal_tables(tables)?;
    }
    schemas.extend(first.as_ref().map(|table| table.schema.clone()));
    Ok(first.filter(|_| rows <= pictures::most_contrasts(plan)))
}

fn write_findings(
    folder: &mut Folder,
    format: Format,
    tables: &[Table],
    schemas: &mut Vec<Schema>,
) -> Result<(), Error> {
    let found: Vec<Schema> = tables.iter().map(|table| table.schema.clone()).collect();
    let mut sink = folder.tables(format, &found)?;
    for table in tables {
        sink.accept(&table.schema, &table.rows)?;
    }
    folder.seal_tables(sink)?;
    schemas.extend(found);
    Ok(())
}

fn write_scenario(folder: &mut Folder, plan: &SweepPlan) -> Result<(), Error> {
    folder.write("scenario.toml", plan.scenario().text().as_bytes())?;
    for (name, text) in plan.scenario().attachments() {
        folder.write(&attachment_name(name), text.as_bytes())?;
    }
    Ok(())
}

fn commit(
    plan: &SweepPlan,
    request: &SweepRequest,
    folder: Folder,
    found: &Found,
) -> Result<SweepReport, Error> {
    let manifest = folder.commit(Manifest::new(origin(plan, request)))?;
    Ok(SweepReport {
        folder: request.out.clone(),
        points: plan.sweep().count(),
        runs: found.done,
        is_shard: false,
        failed: found.failed,
        files: manifest.files.len() + 1,
    })
}

/// Lays a shard's journal down as a folder that can be merged.
pub(crate) fn finish_shard(
    plan: &SweepPlan,
    request: &SweepRequest,
    journal: &Path,
    jobs: &Range<u64>,
) -> Result<SweepReport, Error> {
    let mut folder = Folder::create(&request.out, request.force)?;
    let unreadable = |source| Error::Unreadable {
        path: journal.to_owned(),
        source,
    };
    let mut source = File::open(journal).map_err(unreadable)?;
    let mut target = folder.file(JOURNAL_NAME)?;
    let mut piece = vec![0; 1 << 20];
    loop {
        match source.read(&mut piece).map_err(unreadable)? {
            0 => break,
            count => target.put(&piece[..count])?,
        }
    }
    folder.seal(target)?;
    write_scenario(&mut folder, plan)?;
    let manifest = folder.commit(Manifest::new(origin(plan, request)))?;
    let count = jobs.end - jobs.start;
    Ok(SweepReport {
        folder: request.out.clone(),
        points: plan.sweep().count(),
        runs: count,
        is_shard: true,
        failed: 0,
        files: manifest.files.len() + 1,
    })
}

/// The manifest's account of where results come from.
fn origin(plan: &SweepPlan, request: &SweepRequest) -> Origin {
    let kind = match request.shard {
        Shard::ALL => "sweep".to_owned(),
        shard => format!("shard {shard}"),
    };
    let asked = Asked {
        kind,
        word: "sweep",
        overrides: &request.overrides,
        format: request.format,
        charts: request.charts,
    };
    let mut origin = provenance::origin(plan.scenario(), asked);
    if request.shard != Shard::ALL {
        let shard = ["--shard".to_owned(), request.shard.to_string()];
        origin.command.extend(shard);
    }
    origin
}
