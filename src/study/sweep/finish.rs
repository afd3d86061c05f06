//! The end of a sweep: its journal becomes a folder of results.

use super::harvest::{Found, Harvest};
use super::tables::{couples_header, points_header, runs_header, summaries_header};
use super::{SweepReport, SweepRequest, findings, pictures};
use crate::foundation::table::{Header, Sink, Table};
use crate::output::{Folder, Format, JOURNAL_NAME, JournalReader, Manifest, Origin, codebook};
use crate::plan::{Shard, SweepPlan};
use crate::study::error::StudyError;
use crate::study::provenance::{self, Asked};
use crate::study::verify::attachment_name;
use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::Path;

/// Makes the results from the journals of all jobs, in their order.
pub(super) fn finish(
    plan: &SweepPlan,
    request: &SweepRequest,
    journals: Vec<JournalReader>,
) -> Result<SweepReport, StudyError> {
    let mut folder = Folder::create(&request.out, request.force)?;
    let mut headers = vec![points_header(plan), runs_header(plan), summaries_header()];
    if plan.sweep().couples {
        headers.push(couples_header());
    }
    let mut sink = folder.tables(request.format, &headers)?;
    let mut harvest = Harvest::new(plan, &mut sink);
    for mut journal in journals {
        while let Some(result) = journal.next()? {
            harvest.take(result)?;
        }
    }
    let found = harvest.finish()?;
    folder.seal_tables(sink)?;
    let tables = findings::findings(plan, &found);
    write_findings(&mut folder, request.format, &tables, &mut headers)?;
    let book = codebook(&headers);
    let mut sink = folder.tables(Format::Csv, std::slice::from_ref(&book.header))?;
    sink.accept(&book.header, &book.rows)?;
    folder.seal_tables(sink)?;
    write_scenario(&mut folder, plan)?;
    if request.charts {
        for (name, bytes) in
            pictures::draw(plan, &found.point_table, &found.summary_table, &tables)?
        {
            folder.write(&name, &bytes)?;
        }
    }
    commit(plan, request, folder, &found)
}

fn write_findings(
    folder: &mut Folder,
    format: Format,
    tables: &[Table],
    headers: &mut Vec<Header>,
) -> Result<(), StudyError> {
    let found: Vec<Header> = tables.iter().map(|table| table.header.clone()).collect();
    let mut sink = folder.tables(format, &found)?;
    for table in tables {
        sink.accept(&table.header, &table.rows)?;
    }
    folder.seal_tables(sink)?;
    headers.extend(found);
    Ok(())
}

fn write_scenario(folder: &mut Folder, plan: &SweepPlan) -> Result<(), StudyError> {
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
) -> Result<SweepReport, StudyError> {
    let manifest = folder.commit(Manifest::new(origin(plan, request, "sweep")))?;
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
pub(super) fn finish_shard(
    plan: &SweepPlan,
    request: &SweepRequest,
    journal: &Path,
    jobs: &Range<u64>,
) -> Result<SweepReport, StudyError> {
    let mut folder = Folder::create(&request.out, request.force)?;
    let unreadable = |source| StudyError::Unreadable {
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
    let kind = format!("shard {}", request.shard);
    let manifest = folder.commit(Manifest::new(origin(plan, request, &kind)))?;
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
fn origin(plan: &SweepPlan, request: &SweepRequest, kind: &str) -> Origin {
    let asked = Asked {
        kind: kind.to_owned(),
        word: "sweep",
        overrides: &request.overrides,
        format: request.format,
        charts: request.charts,
    };
    let mut origin = provenance::origin(plan.scenario(), asked);
    if request.shard != Shard::WHOLE {
        let shard = ["--shard".to_owned(), request.shard.to_string()];
        origin.command.extend(shard);
    }
    origin
}
