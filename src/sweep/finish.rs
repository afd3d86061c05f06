//! The end of a sweep: the outcomes of its jobs become tables, and a folder of results.

use super::aggregate::{Aggregated, SweepAggregate};
use super::findings::FindingsLog;
use super::known_runs::{KnownRuns, ReusedRuns};
use super::tables::{couples_schema, points_schema, runs_schema, summaries_schema};
use super::{SweepOutput, SweepReport, charts, findings};
use crate::chart::figure_list::DrawnCharts;
use crate::error::Error;
use crate::results::manifest::ShardedWork;
use crate::results::provenance::is_finished;
use crate::results::shards::{origin_of, results_kind};
use crate::results::{
    Folder, JOURNAL_NAME, JournalReader, KeptJournal, Manifest, Origin, OutputError, ResultsKind,
    Tables, record, recorded_job, refuse_inputs,
};
use crate::run::{MemoryTables, write_scenario};
use crate::runner::{CancelToken, Control};
use crate::simd::backend::Backend;
use crate::sweep::jobs;
use crate::sweep::jobs::{JobCollector, JobOutcome, JobResult, SweepReplication};
use crate::sweep::plan::SweepPlan;
use crate::sweep::shard::{MergeError, Shard};
use crate::sweep::summary::{LargestContrasts, MeasureFindings, main_findings, with_titles};
use crate::table::{Format, Schema, Sink, Table};
use crate::use_case::{commit, read_unaltered};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The tables of a finished sweep.
#[derive(Clone, Debug)]
pub(crate) struct SweepTables {
    /// In the order of the codebook.
    pub(crate) all: Vec<Table>,
    /// The outcomes of all jobs, as a journal.
    pub(crate) journal: Vec<u8>,
    /// Runs that were done.
    pub(crate) done: u64,
    /// Points of which runs failed.
    pub(crate) failed: u64,
    /// What is missing from the findings.
    pub(crate) notes: Vec<String>,
    /// Runs that were taken from earlier results.
    pub(crate) reused: Vec<ReusedRuns>,
    /// Points at which means over couples still together mislead.
    pub(crate) many_separated: u64,
}

/// Runs jobs on the current threads and makes their tables.
pub(crate) fn simulate(
    plan: &SweepPlan,
    jobs: Range<u64>,
    known: &KnownRuns,
    control: &Control,
) -> Result<SweepTables, Error> {
    let mut sink = MemoryTables(schemas(plan).into_iter().map(Table::new).collect());
    let order = plan.jobs_by_point();
    let mut collector = Jobs {
        aggregate: SweepAggregate::new(plan, &mut sink),
        journal: Vec::new(),
        ends: order.is_some().then(Vec::new),
    };
    let enough = SweepReplication::of(plan);
    jobs::run_jobs(
        plan,
        jobs,
        Backend::best(),
        &enough,
        known,
        control,
        &mut collector,
    )?;
    let Jobs {
        mut aggregate,
        journal,
        ends,
    } = collector;
    let ends = ends.unwrap_or_default();
    for job in order.into_iter().flatten() {
        let job = job as usize;
        let first = job.checked_sub(1).map_or(0, |before| ends[before]);
        aggregate.take(recorded_job(&journal[first..ends[job]]).ok_or_else(unreadable)?)?;
    }
    let aggregated = aggregate.finish()?;
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
        journal,
        done: aggregated.done,
        failed: aggregated.failed,
        notes: log.notes(),
        reused: known.taken(),
        many_separated: aggregated.many_separated,
    })
}

/// Passes jobs' results to the tables and to a journal in memory.
struct Jobs<'a, S> {
    aggregate: SweepAggregate<'a, S>,
    journal: Vec<u8>,
    /// One past each job's last byte in the journal, where jobs go to the tables in another order than they are
    /// done.
    ends: Option<Vec<usize>>,
}

impl<S: Sink<Error = OutputError> + Send> JobCollector for Jobs<'_, S> {
    type Error = Error;
    fn take(&mut self, result: JobResult) -> Result<(), Error> {
        self.journal.extend(record(&result));
        match &mut self.ends {
            Some(ends) => ends.push(self.journal.len()),
            None => self.aggregate.take(result)?,
        }
        Ok(())
    }
}

/// Why a job's runs do not become rows.
fn unreadable() -> OutputError {
    let table = "runs".to_owned();
    OutputError::Rows { table }
}

/// Writes tables that are in memory to a folder of results.
pub(crate) fn save_tables(
    plan: &SweepPlan,
    output: &SweepOutput<'_>,
    tables: &SweepTables,
) -> Result<SweepReport, Error> {
    refuse_inputs(output.folder, plan.scenario().files())?;
    refuse_inputs(output.folder, tables.reused.iter().map(|it| &it.folder))?;
    let mut folder = Folder::create(output.folder, &kind(output.shard), output.options.replace)?;
    folder.write(JOURNAL_NAME, &tables.journal)?;
    folder.write_tables(
        output.options.format,
        &tables.all.iter().collect::<Vec<_>>(),
    )?;
    write_scenario(&mut folder, plan.scenario())?;
    let mut charts = DrawnCharts::default();
    if let Some(options) = &output.options.charts {
        charts = charts::draw_all(plan, &tables.all, options)?;
    }
    let counts = (tables.done, tables.failed);
    let chart_notes = std::mem::take(&mut charts.notes);
    let report = put_in_place(plan, output, folder, charts, counts)?;
    let reused: u64 = tables.reused.iter().map(|it| it.runs).sum();
    let contrasts = tables.all.iter().find(|it| it.schema.table == "contrasts");
    let titles = plan.scenario().axis_titles();
    let largest = contrasts.map(|it| LargestContrasts::of_table(&with_titles(it, &titles)));
    Ok(SweepReport {
        findings: sentences(plan, &tables.all, &largest.unwrap_or_default()),
        notes: constraint_note(plan)
            .into_iter()
            .chain(tables.notes.iter().cloned())
            .chain(chart_notes)
            .collect(),
        simulated: tables.done.saturating_sub(reused),
        reused: tables.reused.clone(),
        many_separated: tables.many_separated,
        ..report
    })
}

/// The schemas of the tables that are written as points are done.
pub(super) fn schemas(plan: &SweepPlan) -> Vec<Schema> {
    let mut schemas = vec![
        points_schema(plan),
        runs_schema(plan),
        summaries_schema(plan),
    ];
    if plan.sweep().couples {
        schemas.push(couples_schema(plan));
    }
    schemas
}

/// A journal, and the jobs that it is to hold.
pub(crate) struct JobsJournal {
    /// Its file.
    pub(crate) path: PathBuf,
    /// The jobs.
    pub(crate) jobs: Range<u64>,
}

/// Writes the results from the journals of all jobs, in their order. One of them is open at a time, so that
/// there may be as many as there are shards.
///
/// # Errors
/// [`Error::Merge`] if a journal does not hold all of its jobs; [`Error::Cancelled`]; [`Error::Output`].
pub(crate) fn finish(
    plan: &SweepPlan,
    output: &SweepOutput<'_>,
    journals: &[JobsJournal],
    cancel: &CancelToken,
) -> Result<SweepReport, Error> {
    let mut folder = Folder::create(output.folder, &kind(output.shard), output.options.replace)?;
    let format = output.options.format;
    let mut schemas = schemas(plan);
    let mut sink = folder.tables(format, &schemas)?;
    let mut kept = KeptJournal::create(&mut folder)?;
    let mut aggregate = SweepAggregate::new(plan, &mut sink);
    let order = plan.jobs_by_point();
    // First byte of each job in the journal of the results, where jobs are read again in another order.
    let mut places: Vec<u64> = Vec::new();
    for JobsJournal { path, jobs } in journals {
        let mut journal = JournalReader::open(path, jobs.start)?;
        let mut found = 0;
        while let Some(result) = journal.next()? {
            cancel.check()?;
            found += 1;
            if !jobs.contains(&result.job) {
                continue;
            }
            let at = kept.take(&result)?;
            match order {
                Some(_) => places.push(at),
                None => aggregate.take(result)?,
            }
        }
        let expected = jobs.end - jobs.start;
        if found != expected {
            return Err(Error::Merge {
                folder: path.parent().unwrap_or(path).to_owned(),
                source: MergeError::Incomplete { expected, found },
            });
        }
    }
    kept.finish(&mut folder)?;
    if let Some(order) = order {
        let mut journal = JournalReader::open(&folder.staging().join(JOURNAL_NAME), 0)?;
        for job in order {
            cancel.check()?;
            let at = *places.get(job as usize).ok_or_else(unreadable)?;
            journal.seek(at, job)?;
            aggregate.take(journal.next()?.ok_or_else(unreadable)?)?;
        }
    }
    let aggregated = aggregate.finish()?;
    folder.finish_tables(sink)?;
    let mut log = FindingsLog::default();
    let (contrasts, largest) = write_contrasts(
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
    let mut charts = DrawnCharts::default();
    if let Some(options) = &output.options.charts {
        let (points, summaries) = (&aggregated.point_table, &aggregated.summary_table);
        charts = charts::draw(plan, (points, summaries, &tables), options, cancel);
    }
    cancel.check()?;
    let counts = (aggregated.done, aggregated.failed);
    let chart_notes = std::mem::take(&mut charts.notes);
    let report = put_in_place(plan, output, folder, charts, counts)?;
    Ok(SweepReport {
        findings: sentences(plan, &tables, &largest),
        notes: constraint_note(plan)
            .into_iter()
            .chain(log.notes())
            .chain(chart_notes)
            .collect(),
        many_separated: aggregated.many_separated,
        ..report
    })
}

/// How many points of the design the constraints leave out.
fn constraint_note(plan: &SweepPlan) -> Option<String> {
    let (points, all) = (plan.sweep().count(), plan.sweep().candidates());
    let left_out = all - points;
    (left_out > 0)
        .then(|| format!("constraints leave out {left_out} of {all} points of the design"))
}

/// Whether the requested results are in place.
pub(crate) fn is_done(plan: &SweepPlan, output: &SweepOutput<'_>) -> bool {
    let attachments = plan.scenario().attachments();
    is_finished(output.folder, origin(plan, output), attachments)
}

/// Whether no job of results that are in place could be done.
///
/// # Errors
/// If the results cannot be read.
pub(crate) fn all_failed(
    plan: &SweepPlan,
    output: &SweepOutput<'_>,
    jobs: &Range<u64>,
) -> Result<bool, Error> {
    if output.shard != Shard::ALL {
        let journal = output.folder.join(JOURNAL_NAME);
        let failed = failed_jobs(&journal, jobs.start)?;
        return Ok(failed > 0 && failed == jobs.end - jobs.start);
    }
    let manifest = Manifest::read(output.folder)?;
    let points = read_unaltered(output.folder, &manifest, &points_schema(plan), usize::MAX)?;
    Ok(points.ints("runs")?.iter().all(|runs| *runs == 0))
}

/// How many jobs of a journal failed.
fn failed_jobs(journal: &Path, first: u64) -> Result<u64, OutputError> {
    let mut reader = JournalReader::open(journal, first)?;
    let mut failed = 0;
    while let Some(result) = reader.next()? {
        failed += u64::from(matches!(result.outcome, JobOutcome::Failed(_)));
    }
    Ok(failed)
}

/// Axes up to which a sentence has all values of a point.
const MOST_VALUES: usize = 8;

/// The main findings in sentences, with axes as readers call them.
fn sentences(plan: &SweepPlan, tables: &[Table], largest: &LargestContrasts) -> Vec<String> {
    let titles = plan.scenario().axis_titles();
    let tables: Vec<Table> = tables
        .iter()
        .filter(|table| {
            table
                .schema
                .columns
                .iter()
                .any(|field| field.name == "axis")
        })
        .map(|table| with_titles(table, &titles).into_owned())
        .collect();
    let reference = match plan.sweep().axes.len() {
        1..=MOST_VALUES => charts::titled_settings(plan, plan.sweep().reference),
        _ => String::new(),
    };
    main_findings(&measures(plan), &tables, largest, &reference)
        .into_iter()
        .flat_map(MeasureFindings::named)
        .collect()
}

/// The measures of a sweep as its tables name them.
fn measures(plan: &SweepPlan) -> Vec<String> {
    let measures = plan.sweep().measures.iter();
    measures.map(|measure| measure.to_string()).collect()
}

/// Writes the contrasts; returns them if they are few enough for a chart, and the largest.
fn write_contrasts(
    plan: &SweepPlan,
    aggregated: &Aggregated,
    (folder, format): (&mut Folder, Format),
    schemas: &mut Vec<Schema>,
    log: &mut FindingsLog,
) -> Result<(Option<Table>, LargestContrasts), Error> {
    let mut sink: Option<Tables> = None;
    let titles = plan.scenario().axis_titles();
    let mut largest = LargestContrasts::default();
    let mut first = None;
    let mut rows = 0;
    findings::contrasts(plan, aggregated, log, |table| {
        let tables = match &mut sink {
            Some(tables) => tables,
            none => none.insert(folder.tables(format, std::slice::from_ref(&table.schema))?),
        };
        tables.accept(&table.schema, &table.rows)?;
        rows += table.rows.rows();
        largest.take(&with_titles(&table, &titles));
        first.get_or_insert(table);
        Ok(())
    })?;
    if let Some(tables) = sink {
        folder.finish_tables(tables)?;
    }
    schemas.extend(first.as_ref().map(|table| table.schema.clone()));
    let first = first.filter(|_| rows <= charts::most_contrasts(plan));
    Ok((first, largest))
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

/// Puts a folder of results in place, with its charts.
fn put_in_place(
    plan: &SweepPlan,
    output: &SweepOutput<'_>,
    folder: Folder,
    charts: DrawnCharts,
    (done, failed): (u64, u64),
) -> Result<SweepReport, Error> {
    let manifest = Manifest::new(origin(plan, output));
    let (committed, failed_charts) = commit(
        folder,
        charts,
        manifest,
        Some(plan.scenario()),
        output.options,
    )?;
    Ok(SweepReport {
        title: plan.scenario().title().to_owned(),
        folder: output.folder.to_owned(),
        points: plan.sweep().count(),
        runs: done,
        reused: Vec::new(),
        simulated: 0,
        is_shard: false,
        failed,
        findings: Vec::new(),
        notes: Vec::new(),
        many_separated: 0,
        files: committed.manifest.files.len() + 1,
        leftover: committed.leftover,
        failed_charts,
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
    let failed = KeptJournal::copy(&mut folder, journal, jobs.start)?;
    write_scenario(&mut folder, plan.scenario())?;
    let count = jobs.end - jobs.start;
    let report = put_in_place(
        plan,
        output,
        folder,
        DrawnCharts::default(),
        (count, failed),
    )?;
    Ok(SweepReport {
        is_shard: true,
        ..report
    })
}

/// The kind of a sweep's results, or of a part of them.
pub(crate) fn kind(shard: Shard) -> ResultsKind {
    results_kind(ShardedWork::Sweep, shard)
}

/// The origin of the results in their manifest.
fn origin(plan: &SweepPlan, output: &SweepOutput<'_>) -> Origin {
    let part = (ShardedWork::Sweep, output.shard);
    origin_of(plan.scenario(), part, output.options)
}
