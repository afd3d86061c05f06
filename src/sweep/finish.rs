//! The end of a sweep: the outcomes of its jobs become tables, and a folder of results.

use super::aggregate::{Aggregated, SweepAggregate};
use super::findings::FindingsLog;
use super::tables::{couples_schema, points_schema, runs_schema, summaries_schema};
use super::{SweepOutput, SweepReport, findings, pictures};
use crate::error::Error;
use crate::results::provenance::attachment_name;
use crate::results::{
    Action, Folder, JOURNAL_NAME, JournalReader, Manifest, Origin, OutputError, ResultsKind,
    Tables, provenance, refuse_inputs,
};
use crate::run::{MemoryTables, write_scenario};
use crate::runner::{CancelToken, Control};
use crate::simd::backend::Backend;
use crate::sweep::jobs;
use crate::sweep::jobs::{JobCollector, JobResult, SweepReplication};
use crate::sweep::plan::SweepPlan;
use crate::sweep::shard::Shard;
use crate::table::plain_file::open_plain;
use crate::table::{Format, Schema, Sink, Table};
use crate::use_case::write_charts;
use std::io::Read;
use std::ops::Range;
use std::path::Path;

/// The tables of a finished sweep.
#[derive(Clone, Debug)]
pub(crate) struct SweepTables {
    /// In the order of the codebook.
    pub(crate) all: Vec<Table>,
    /// Runs that were done.
    pub(crate) done: u64,
    /// Points of which runs failed.
    pub(crate) failed: u64,
    /// What is missing from the findings.
    pub(crate) notes: Vec<String>,
}

/// Runs jobs on the current threads and makes their tables.
pub(crate) fn simulate(
    plan: &SweepPlan,
    jobs: Range<u64>,
    control: &Control,
) -> Result<SweepTables, Error> {
    let mut sink = MemoryTables(schemas(plan).into_iter().map(Table::new).collect());
    let mut collector = Jobs(SweepAggregate::new(plan, &mut sink));
    let enough = SweepReplication::of(plan);
    jobs::run_jobs(
        plan,
        jobs,
        Backend::best(),
        &enough,
        control,
        &mut collector,
    )?;
    let aggregated = collector.0.finish()?;
    let mut all = sink.0;
    let mut contrasts: Option<Table> = None;
    let mut log = FindingsLog::default();
    findings::contrasts(plan, &aggregated, &mut log, |table| {
        match &mut contrasts {
            Some(all) => all.rows.append(table.rows),
            none => *none = Some(table),
        }
        Ok(())
    })?;
    all.extend(contrasts);
    all.extend(findings::findings(plan, &aggregated, &mut log));
    Ok(SweepTables {
        all,
        done: aggregated.done,
        failed: aggregated.failed,
        notes: log.notes(),
    })
}

/// Passes jobs' results to the tables.
struct Jobs<'a, S>(SweepAggregate<'a, S>);

impl<S: Sink<Error = OutputError> + Send> JobCollector for Jobs<'_, S> {
    type Error = Error;
    fn take(&mut self, result: JobResult) -> Result<(), Error> {
        Ok(self.0.take(result)?)
    }
}

/// Writes tables that are in memory to a folder of results.
pub(crate) fn save_tables(
    plan: &SweepPlan,
    output: &SweepOutput<'_>,
    tables: &SweepTables,
) -> Result<SweepReport, Error> {
    refuse_inputs(output.folder, plan.scenario().files())?;
    let mut folder = Folder::create(output.folder, &kind(output.shard), output.options.replace)?;
    folder.write_tables(
        output.options.format,
        &tables.all.iter().collect::<Vec<_>>(),
    )?;
    write_scenario(&mut folder, plan.scenario())?;
    let mut failed_charts = Vec::new();
    if output.options.charts {
        failed_charts = write_charts(&mut folder, pictures::draw_all(plan, &tables.all)?)?;
    }
    let report = commit(plan, output, folder, (tables.done, tables.failed))?;
    Ok(SweepReport {
        notes: tables.notes.clone(),
        failed_charts,
        ..report
    })
}

/// The schemas of the tables that are written as points are done.
pub(super) fn schemas(plan: &SweepPlan) -> Vec<Schema> {
    let mut schemas = vec![points_schema(plan), runs_schema(plan), summaries_schema()];
    if plan.sweep().couples {
        schemas.push(couples_schema(plan));
    }
    schemas
}

/// Writes the results from the journals of all jobs, in their order.
pub(crate) fn finish(
    plan: &SweepPlan,
    output: &SweepOutput<'_>,
    journals: Vec<JournalReader>,
    cancel: &CancelToken,
) -> Result<SweepReport, Error> {
    let mut folder = Folder::create(output.folder, &kind(output.shard), output.options.replace)?;
    let format = output.options.format;
    let mut schemas = schemas(plan);
    let mut sink = folder.tables(format, &schemas)?;
    let mut aggregate = SweepAggregate::new(plan, &mut sink);
    for mut journal in journals {
        while let Some(result) = journal.next()? {
            cancel.check()?;
            aggregate.take(result)?;
        }
    }
    let aggregated = aggregate.finish()?;
    folder.finish_tables(sink)?;
    let mut log = FindingsLog::default();
    let contrasts = write_contrasts(
        plan,
        &aggregated,
        (&mut folder, format),
        &mut schemas,
        &mut log,
    )?;
    let mut tables = findings::findings(plan, &aggregated, &mut log);
    write_findings(&mut folder, format, &tables, &mut schemas)?;
    tables.extend(contrasts);
    folder.write_codebook(&schemas)?;
    write_scenario(&mut folder, plan.scenario())?;
    cancel.check()?;
    let mut failed_charts = Vec::new();
    if output.options.charts {
        let (points, summaries) = (&aggregated.point_table, &aggregated.summary_table);
        let charts = pictures::draw(plan, points, summaries, &tables, cancel);
        failed_charts = write_charts(&mut folder, charts)?;
    }
    cancel.check()?;
    let report = commit(plan, output, folder, (aggregated.done, aggregated.failed))?;
    Ok(SweepReport {
        notes: log.notes(),
        failed_charts,
        ..report
    })
}

/// Whether the results that are asked for are in place.
pub(crate) fn is_done(plan: &SweepPlan, output: &SweepOutput<'_>) -> bool {
    let Ok(there) = Manifest::read(output.folder) else {
        return false;
    };
    let requested = Manifest::new(origin(plan, output));
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
        } == requested
}

/// Writes the contrasts; returns them if they are few enough for a chart.
fn write_contrasts(
    plan: &SweepPlan,
    aggregated: &Aggregated,
    (folder, format): (&mut Folder, Format),
    schemas: &mut Vec<Schema>,
    log: &mut FindingsLog,
) -> Result<Option<Table>, Error> {
    let mut sink: Option<Tables> = None;
    let mut first = None;
    let mut rows = 0;
    findings::contrasts(plan, aggregated, log, |table| {
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
        folder.finish_tables(tables)?;
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
    folder.finish_tables(sink)?;
    schemas.extend(found);
    Ok(())
}

fn commit(
    plan: &SweepPlan,
    output: &SweepOutput<'_>,
    folder: Folder,
    (done, failed): (u64, u64),
) -> Result<SweepReport, Error> {
    let committed = folder.commit(Manifest::new(origin(plan, output)))?;
    Ok(SweepReport {
        folder: output.folder.to_owned(),
        points: plan.sweep().count(),
        runs: done,
        is_shard: false,
        failed,
        notes: Vec::new(),
        files: committed.manifest.files.len() + 1,
        leftover: committed.leftover,
        failed_charts: Vec::new(),
    })
}

/// Writes a shard's journal to a folder that can be merged.
pub(crate) fn finish_shard(
    plan: &SweepPlan,
    output: &SweepOutput<'_>,
    journal: &Path,
    jobs: &Range<u64>,
) -> Result<SweepReport, Error> {
    let mut folder = Folder::create(output.folder, &kind(output.shard), output.options.replace)?;
    let mut source = open_plain(journal).map_err(OutputError::io(Action::Read, journal))?;
    let mut target = folder.create_file(JOURNAL_NAME)?;
    let mut piece = vec![0; 1 << 20];
    loop {
        let count = source
            .read(&mut piece)
            .map_err(OutputError::io(Action::Read, journal))?;
        match count {
            0 => break,
            count => target.write_bytes(&piece[..count])?,
        }
    }
    folder.finish(target)?;
    write_scenario(&mut folder, plan.scenario())?;
    let count = jobs.end - jobs.start;
    let report = commit(plan, output, folder, (count, 0))?;
    Ok(SweepReport {
        is_shard: true,
        ..report
    })
}

/// The kind of a sweep's results, or of a part of them.
pub(crate) fn kind(shard: Shard) -> ResultsKind {
    match shard {
        Shard::ALL => ResultsKind::Sweep,
        Shard { number, of } => ResultsKind::Shard {
            shard: number,
            shards: of,
        },
    }
}

/// The origin of the results in their manifest.
fn origin(plan: &SweepPlan, output: &SweepOutput<'_>) -> Origin {
    let kind = kind(output.shard);
    let mut origin = provenance::origin(plan.scenario(), kind, "sweep", output.options);
    if output.shard != Shard::ALL {
        let shard = ["--shard".to_owned(), output.shard.to_string()];
        origin.command.extend(shard);
    }
    origin
}
