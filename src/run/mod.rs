//! Runs a scenario: its couples are simulated, and become tables and charts.

pub(crate) mod charts;
pub(crate) mod couple;
pub(crate) mod pictures;
pub(crate) mod summary;
pub(crate) mod tables;

use crate::chart::figure_list::{DrawnCharts, FailedChart};
use crate::error::Error;
use crate::options::{Execution, SaveOptions, execution_methods, thread_count};
use crate::results::provenance::{origin, write_attachments};
use crate::results::{Folder, Leftover, Manifest, OutputError, ResultsKind, refuse_inputs};
pub(crate) use crate::run::charts::MANY_SEPARATED;
use crate::run::pictures::COUPLES_SHOWN;
pub(crate) use crate::run::summary::grouped;
pub use crate::run::summary::{DayMean, RunSummary};
use crate::run::tables::{
    SeparationCounts, flow_schema, flow_table, instruments, instruments_schema, survival_table,
    trajectory, trajectory_schema,
};
use crate::runner;
use crate::runner::Plan;
use crate::runner::{CancelToken, Collector, Control, WorkStage};
use crate::scenario::Scenario;
use crate::simd::backend::Backend;
use crate::simulation::tables::childhoods_schema;
use crate::simulation::{
    Bins, BlockOutcome, BlockTable, MemoryForecast, Moments, PhaseFlow, Recorded, ReliabilityStats,
    SCALE_COUNT, SHOWN_COUPLES, couples_schema, days_schema,
};
use crate::stats::survival;
use crate::table::{Batch, Schema, Sink, Table, Values};
use crate::use_case::{UseCase, check_memory, commit};
use std::fmt;
use std::path::{Path, PathBuf};

impl Scenario {
    /// Simulates the couples of the scenario and keeps the tables in memory, as many rows as the
    /// scenario records. [`Scenario::runner`] has options, and writes to files instead.
    ///
    /// # Errors
    /// [`Error::Threads`].
    pub fn run(&self) -> Result<Run, Error> {
        self.runner().run()
    }

    /// Returns a run of the scenario that has not started.
    pub fn runner<'a>(&self) -> Runner<'a> {
        Runner {
            scenario: self.clone(),
            execution: Execution::default(),
        }
    }
}

/// A run that has not started, with its options.
///
/// ```
/// let scenario = pairbond::Scenario::parse("title = 'A month'\n[run]\ncouples = 100\ndays = 30")?;
/// let run = scenario
///     .runner()
///     .threads(1)
///     .on_progress(|report| assert!(report.couple_days <= report.total))
///     .run()?;
/// assert_eq!(run.couples().rows.rows(), 100);
/// # Ok::<(), pairbond::Error>(())
/// ```
pub struct Runner<'a> {
    scenario: Scenario,
    execution: Execution<'a>,
}

impl<'a> Runner<'a> {
    execution_methods!();

    /// How large the run is, and about how much memory [`save`](Runner::save) takes if no couple separates.
    pub fn forecast(&self) -> RunForecast {
        let config = self.scenario.config();
        let threads = thread_count(self.execution.threads);
        RunForecast {
            couples: config
                .size
                .couples
                .saturating_mul(config.size.replicates.into()),
            couple_days: couple_days(&self.scenario),
            threads,
            memory: MemoryForecast::new(config, threads as u64).total(),
        }
    }

    /// Simulates the couples and keeps the tables in memory.
    ///
    /// # Errors
    /// [`Error::Cancelled`] and [`Error::Threads`].
    pub fn run(mut self) -> Result<Run, Error> {
        let scenario = self.scenario;
        check_run_memory(&scenario, &self.execution)?;
        let total = couple_days(&scenario);
        let (tables, ends) = self.execution.run(total, |control| {
            let tables = schemas(&scenario).into_iter().map(Table::new).collect();
            let mut tables = MemoryTables(tables);
            let simulated = simulate(&scenario, control, &mut tables)?;
            Ok((tables.0, simulated.ends))
        })?;
        Ok(Run {
            scenario,
            tables,
            ends,
        })
    }

    /// Simulates the couples and writes tables and charts to a folder, as `pairbond run` does.
    /// Rows go to their files as couples are done, so that memory does not grow with the run.
    ///
    /// # Errors
    /// [`Error::Output`], [`Error::Cancelled`] and [`Error::Threads`].
    pub fn save(self, folder: impl AsRef<Path>) -> Result<RunReport, Error> {
        self.save_with(folder, &SaveOptions::default())
    }

    /// Does what [`save`](Runner::save) does, with options.
    ///
    /// # Errors
    /// Those of [`save`](Runner::save).
    pub fn save_with(
        mut self,
        folder: impl AsRef<Path>,
        options: &SaveOptions,
    ) -> Result<RunReport, Error> {
        save(
            &self.scenario,
            folder.as_ref(),
            options,
            &mut self.execution,
        )
    }
}

/// A finished run: its tables, in memory.
#[derive(Clone, Debug)]
pub struct Run {
    scenario: Scenario,
    tables: Vec<Table>,
    ends: SeparationCounts,
}

impl Run {
    /// The scenario that was run.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// All tables, in the order of the codebook.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// A table by its name, such as `trajectory` or `days`.
    ///
    /// # Errors
    /// [`Error::NoTable`] if the scenario does not record it.
    pub fn table(&self, name: &str) -> Result<&Table, Error> {
        find_table(&self.tables, name)
    }

    /// The table `couples`: a row for each couple.
    pub fn couples(&self) -> &Table {
        self.always("couples")
    }

    /// The table `trajectory`: a row for each recorded day, observable and role.
    pub fn trajectory(&self) -> &Table {
        self.always("trajectory")
    }

    /// The table `survival`: the share of intact couples, day by day.
    pub fn survival(&self) -> &Table {
        self.always("survival")
    }

    /// The table `days`: a row for each day of a person, of the couples named by `record.days`.
    ///
    /// # Errors
    /// [`Error::NoTable`] if the scenario does not record days.
    pub fn days(&self) -> Result<&Table, Error> {
        self.table("days")
    }

    /// Couples that separated.
    pub fn separated(&self) -> u64 {
        self.ends.ended()
    }

    /// The main results, as `pairbond run` prints them.
    pub fn summary(&self) -> RunSummary {
        RunSummary::of(&self.scenario, self.trajectory(), self.survival())
            .expect("the tables of a run have their columns")
    }

    /// Writes tables and charts to a folder: the files, with the same bytes, of `pairbond run`.
    ///
    /// # Errors
    /// [`Error::Output`].
    pub fn save(&self, folder: impl AsRef<Path>) -> Result<RunReport, Error> {
        self.save_with(folder, &SaveOptions::default())
    }

    /// Does what [`save`](Run::save) does, with options.
    ///
    /// # Errors
    /// Those of [`save`](Run::save).
    pub fn save_with(
        &self,
        folder: impl AsRef<Path>,
        options: &SaveOptions,
    ) -> Result<RunReport, Error> {
        refuse_inputs(folder.as_ref(), self.scenario.files())?;
        let mut folder = Folder::create(folder, &ResultsKind::Run, options.replace)?;
        folder.write_tables(options.format, &self.tables.iter().collect::<Vec<_>>())?;
        let couples = first_rows(self.couples(), COUPLES_SHOWN);
        let mut shown: Vec<&Table> = self.tables.iter().collect();
        shown.retain(|table| table.schema.table != "couples");
        shown.push(&couples);
        let cancel = CancelToken::default();
        finish(
            &self.scenario,
            folder,
            options,
            (&shown, &self.ends),
            &cancel,
        )
    }

    /// A table that every run has.
    fn always(&self, name: &str) -> &Table {
        self.table(name).expect("every run has this table")
    }
}

/// Finds a table by its name.
pub(crate) fn find_table<'t>(tables: &'t [Table], name: &str) -> Result<&'t Table, Error> {
    let found = tables.iter().find(|table| table.schema.table == name);
    found.ok_or_else(|| Error::NoTable {
        table: name.to_owned(),
    })
}

/// The first rows of a table.
fn first_rows(table: &Table, count: usize) -> Table {
    let mut rows = Batch {
        columns: Vec::with_capacity(table.rows.columns.len()),
    };
    rows.columns
        .extend(table.rows.columns.iter().map(|column| column.first(count)));
    Table {
        schema: table.schema.clone(),
        rows,
    }
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RunReport {
    /// Folder of the results.
    pub folder: PathBuf,
    /// Couples over all replicates.
    pub couples: u64,
    /// Couples that separated.
    pub separated: u64,
    /// The main results, displayed as `pairbond run` prints them.
    pub summary: RunSummary,
    /// Files written, the manifest included.
    pub files: usize,
    /// What could not be removed after the results were in place.
    pub leftover: Option<Leftover>,
    /// Charts that could not be drawn or written; the folder has the tables without them.
    pub failed_charts: Vec<FailedChart>,
}

/// What a run will take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunForecast {
    /// Couples over all replicates.
    pub couples: u64,
    /// Couple-days if no couple separates.
    pub couple_days: u64,
    /// Threads.
    pub threads: usize,
    /// Memory if no couple separates, about (bytes).
    pub memory: u64,
}

impl fmt::Display for RunForecast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "couples      {}", self.couples)?;
        writeln!(f, "couple-days  {}", self.couple_days)?;
        writeln!(
            f,
            "memory       about {:.0} MB on {} threads, less if couples separate",
            self.memory as f64 / 1e6,
            self.threads
        )
    }
}

impl UseCase for Runner<'_> {
    fn schemas(&self) -> Result<Vec<Schema>, Error> {
        Ok(schemas(&self.scenario))
    }

    fn rerun(
        &self,
        folder: &Path,
        options: &SaveOptions,
        mut execution: Execution<'_>,
    ) -> Result<(), Error> {
        save(&self.scenario, folder, options, &mut execution).map(drop)
    }

    fn replot(&self, results: &Path, manifest: &Manifest) -> Result<DrawnCharts, Error> {
        pictures::replot(results, manifest, &self.scenario, self.schemas()?)
    }
}

/// Couple-days of a scenario if no couple separates.
fn couple_days(scenario: &Scenario) -> u64 {
    let size = &scenario.config().size;
    size.couples
        .saturating_mul(u64::from(size.replicates))
        .saturating_mul(u64::from(size.days))
}

/// The schemas of a run's tables, in the order of its codebook.
pub(crate) fn schemas(scenario: &Scenario) -> Vec<Schema> {
    let config = scenario.config();
    let (mut schemas, block): (Vec<Schema>, Vec<Schema>) = BlockTable::ALL
        .iter()
        .filter_map(|table| table.schema(config))
        .partition(|schema| schema.table == "couples");
    schemas.extend([trajectory_schema(), survival::schema(), flow_schema()]);
    schemas.extend(block);
    if config.record.survey.is_some() {
        schemas.push(instruments_schema());
    }
    schemas
}

/// Fails if the system does not give as much memory as the run may take.
fn check_run_memory(scenario: &Scenario, execution: &Execution<'_>) -> Result<(), Error> {
    let config = scenario.config();
    let threads = thread_count(execution.threads) as u64;
    let bytes = MemoryForecast::new(config, threads).total();
    check_memory(
        || {
            let recorded = Recorded::of(config);
            let (days, lines) = (recorded.days.len(), recorded.lines.len());
            format!("the run, which records {lines} lines on {days} days")
        },
        bytes,
    )
}

/// Runs a scenario and writes its results to a folder, which appears complete or not at all.
fn save(
    scenario: &Scenario,
    folder: &Path,
    options: &SaveOptions,
    execution: &mut Execution<'_>,
) -> Result<RunReport, Error> {
    refuse_inputs(folder, scenario.files())?;
    check_run_memory(scenario, execution)?;
    let mut folder = Folder::create(folder, &ResultsKind::Run, options.replace)?;
    execution.run(couple_days(scenario), |control| {
        let schemas = schemas(scenario);
        let mut tables = folder.tables(options.format, &schemas)?;
        let simulated = simulate(scenario, control, &mut tables)?;
        folder.finish_tables(tables)?;
        folder.write_codebook(&schemas)?;
        let shown = (&simulated.shown()[..], &simulated.ends);
        control.progress.enter(WorkStage::Finishing);
        finish(scenario, folder, options, shown, &control.cancel)
    })
}

/// Completes a folder that has its tables.
fn finish(
    scenario: &Scenario,
    mut folder: Folder,
    options: &SaveOptions,
    (shown, ends): (&[&Table], &SeparationCounts),
    cancel: &CancelToken,
) -> Result<RunReport, Error> {
    write_scenario(&mut folder, scenario)?;
    let mut charts = DrawnCharts::default();
    if options.charts {
        charts = pictures::draw(scenario, shown, cancel);
    }
    cancel.check()?;
    let path = folder.path().to_owned();
    let summary = summary_of(scenario, shown)?;
    let manifest = Manifest::new(origin(scenario, ResultsKind::Run, "run", options));
    let (committed, failed_charts) = commit(
        folder,
        charts,
        manifest,
        options.report.then_some(Some(scenario)),
    )?;
    Ok(RunReport {
        folder: path,
        couples: ends.ended() + ends.together(),
        separated: ends.ended(),
        summary,
        files: committed.manifest.files.len() + 1,
        leftover: committed.leftover,
        failed_charts,
    })
}

/// The summary of a run, from the tables that its charts show.
fn summary_of(scenario: &Scenario, shown: &[&Table]) -> Result<RunSummary, Error> {
    let table = |name: &str| {
        let found = shown.iter().find(|table| table.schema.table == name);
        found.copied().ok_or_else(|| Error::NoTable {
            table: name.to_owned(),
        })
    };
    Ok(RunSummary::of(
        scenario,
        table("trajectory")?,
        table("survival")?,
    )?)
}

/// Writes the scenario and the tables that it names.
pub(crate) fn write_scenario(folder: &mut Folder, scenario: &Scenario) -> Result<(), OutputError> {
    folder.write("scenario.toml", scenario.text().as_bytes())?;
    let attachments = scenario.attachments().iter();
    write_attachments(folder, attachments.map(|(name, text)| (name, text)))
}

/// The tables of a finished simulation that charts show, and how its couples ended.
struct FinishedTables {
    trajectory: Table,
    survival: Table,
    flow: Table,
    couples: Table,
    sample_couples: Table,
    childhoods: Table,
    ends: SeparationCounts,
}

impl FinishedTables {
    fn shown(&self) -> [&Table; 6] {
        [
            &self.trajectory,
            &self.survival,
            &self.flow,
            &self.couples,
            &self.sample_couples,
            &self.childhoods,
        ]
    }
}

/// Simulates the couples of a scenario on the current threads; their rows go to `sink`.
fn simulate<S: Sink<Error = OutputError> + Send>(
    scenario: &Scenario,
    control: &Control,
    sink: &mut S,
) -> Result<FinishedTables, Error> {
    let plan = Plan::new(scenario.config().clone());
    let mut aggregate = RunAggregate::new(&plan, sink);
    let bins = runner::run(&plan, Backend::best(), true, control, &mut aggregate)?;
    let recorded = &plan.prepared().recorded;
    let bins = bins.unwrap_or_else(|| Bins::new(recorded));
    let trajectory = trajectory(recorded, &aggregate.moments, &bins);
    let survival = survival_table(&aggregate.ends, &plan.prepared().config.size);
    let flow = flow_table(&aggregate.flow);
    for table in [&trajectory, &survival, &flow] {
        aggregate.sink.accept(&table.schema, &table.rows)?;
    }
    let RunAggregate {
        sink,
        couples,
        sample_couples,
        childhoods,
        reliability,
        ends,
        ..
    } = aggregate;
    if let Some(survey) = &scenario.config().record.survey {
        let table = instruments(survey, &reliability);
        sink.accept(&table.schema, &table.rows)?;
    }
    Ok(FinishedTables {
        trajectory,
        survival,
        flow,
        couples,
        sample_couples,
        childhoods,
        ends,
    })
}

/// Keeps tables in memory.
pub(crate) struct MemoryTables(pub(crate) Vec<Table>);

impl Sink for MemoryTables {
    type Error = OutputError;

    fn accept(&mut self, schema: &Schema, rows: &Batch) -> Result<(), OutputError> {
        let table = self
            .0
            .iter_mut()
            .find(|table| table.schema.table == schema.table);
        let table = table.ok_or_else(|| OutputError::Rows {
            table: schema.table.into(),
        })?;
        table.rows.append(rows.clone());
        Ok(())
    }
}

/// Collects the blocks' outcomes in order: rows go to the sink, sums and rows for charts are kept.
struct RunAggregate<'s, S> {
    sink: &'s mut S,
    /// The tables that blocks fill.
    block_tables: Vec<(BlockTable, Schema)>,
    moments: Moments,
    flow: PhaseFlow,
    ends: SeparationCounts,
    /// The first couples, for the chart.
    couples: Table,
    /// The days of the first couples that have any, for the charts.
    sample_couples: Table,
    /// How many couples these are.
    shown_couples: usize,
    childhoods: Table,
    /// Reliability of each scale.
    reliability: [ReliabilityStats; SCALE_COUNT],
}

impl<'s, S: Sink<Error = OutputError>> RunAggregate<'s, S> {
    fn new(plan: &Plan, sink: &'s mut S) -> RunAggregate<'s, S> {
        let run = plan.prepared();
        let block_tables = BlockTable::ALL.iter();
        let block_tables =
            block_tables.filter_map(|table| Some((*table, table.schema(&run.config)?)));
        RunAggregate {
            sink,
            block_tables: block_tables.collect(),
            moments: Moments::new(&run.recorded),
            flow: PhaseFlow::default(),
            ends: SeparationCounts::new(&run.config.size),
            couples: Table::new(couples_schema(run.config.origin.has_childhood())),
            sample_couples: Table::new(days_schema("sample_couples")),
            shown_couples: 0,
            childhoods: Table::new(childhoods_schema()),
            reliability: [ReliabilityStats::default(); SCALE_COUNT],
        }
    }
}

impl<S> RunAggregate<'_, S> {
    /// Keeps the days of the next couples, as far as charts show them.
    fn show_couples(&mut self, mut rows: Batch) {
        let couple = self.sample_couples.schema.position("couple_id");
        let Some(Values::Int(couples)) = couple.and_then(|column| rows.columns.get(column)) else {
            return;
        };
        let mut count = 0;
        for days in couples.chunk_by(|one, next| one == next) {
            if self.shown_couples == SHOWN_COUPLES as usize {
                break;
            }
            self.shown_couples += 1;
            count += days.len();
        }
        rows.truncate(count);
        self.sample_couples.rows.append(rows);
    }
}

impl<S: Sink<Error = OutputError> + Send> Collector for RunAggregate<'_, S> {
    type Error = Error;

    fn take(&mut self, mut outcome: BlockOutcome) -> Result<(), Error> {
        self.moments.join(&outcome.moments);
        self.flow.join(&outcome.flow);
        for end in &outcome.ends {
            self.ends.count(*end);
        }
        for (table, schema) in &self.block_tables {
            self.sink.accept(schema, &outcome.tables[*table])?;
        }
        for (sum, block) in self.reliability.iter_mut().zip(&outcome.reliability) {
            sum.join(block);
        }
        let tables = &mut outcome.tables;
        if self.shown_couples < SHOWN_COUPLES as usize {
            self.show_couples(tables.take(BlockTable::SampleCouples));
        }
        self.childhoods
            .rows
            .append(tables.take(BlockTable::Childhood));
        if self.couples.rows.rows() < COUPLES_SHOWN {
            self.couples.rows.append(tables.take(BlockTable::Couples));
            self.couples.rows.truncate(COUPLES_SHOWN);
        }
        Ok(())
    }
}

/// The folder of a scenario file's results if none is named: `results/NAME`.
pub(crate) fn default_folder(scenario_file: &Path) -> PathBuf {
    let name = scenario_file
        .file_stem()
        .unwrap_or(scenario_file.as_os_str());
    Path::new("results").join(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A scenario that records every table of a run.
    const TEXT: &str = "title = 'Everything'
        [run]
        seed = 3
        couples = 70
        days = 20
        replicates = 2
        [childhood]
        sensitivity = 0.8
        [record]
        days = 5
        sample_couples = 2
        [measurement]
        diary_days = 7
        waves = [10, 20]";

    fn bytes(folder: &Path) -> Vec<(std::ffi::OsString, Vec<u8>)> {
        let entries = std::fs::read_dir(folder).expect("a folder");
        let mut files: Vec<_> = entries
            .map(|entry| entry.expect("an entry"))
            .map(|entry| {
                (
                    entry.file_name(),
                    std::fs::read(entry.path()).expect("a file"),
                )
            })
            .collect();
        files.sort();
        files
    }

    #[test]
    fn results_from_memory_have_the_bytes_of_those_that_were_streamed() {
        let scenario = Scenario::parse(TEXT).expect("a sound scenario");
        let home = tempfile::tempdir().expect("a folder");
        let [streamed, memory] = ["streamed", "memory"].map(|name| home.path().join(name));
        let report = scenario
            .runner()
            .threads(2)
            .save(&streamed)
            .expect("results");
        let run = scenario.runner().threads(1).run().expect("a run");
        let other = run.save(&memory).expect("results");
        assert_eq!((report.couples, report.separated), (140, run.separated()));
        assert_eq!(report.files, other.files);
        assert!(bytes(&streamed) == bytes(&memory));
        assert!(run.tables().len() > 9 && run.days().is_ok_and(|days| days.rows.rows() > 0));
    }

    #[test]
    fn a_table_that_is_not_recorded_is_an_error() {
        let scenario = Scenario::default().set("run.couples", 3);
        let run = scenario
            .and_then(|it| it.set("run.days", 2)?.run())
            .expect("a run");
        assert!(matches!(run.days(), Err(Error::NoTable { table }) if table == "days"));
        let column = run.couples().floats("trust_end_c");
        let said = column.expect_err("no such column").to_string();
        assert_eq!(said, "the table `couples` has no column `trust_end_c`");
    }

    #[test]
    fn a_cancelled_run_leaves_no_files() {
        let home = tempfile::tempdir().expect("a folder");
        let token = CancelToken::default();
        token.cancel();
        let scenario = Scenario::default();
        let saved = scenario
            .runner()
            .cancel(token.clone())
            .save(home.path().join("out"));
        assert!(matches!(saved, Err(Error::Cancelled)));
        assert!(matches!(
            scenario.runner().cancel(token).run(),
            Err(Error::Cancelled)
        ));
        assert_eq!(std::fs::read_dir(home.path()).expect("a folder").count(), 0);
    }

    #[test]
    fn a_chart_that_cannot_be_drawn_costs_neither_the_tables_nor_the_other_charts() {
        let scenario = Scenario::read_text("s.toml", TEXT, &[]).expect("a scenario");
        let mut run = scenario.run().expect("a run");
        let folder = tempfile::tempdir().expect("a folder");
        let [sound, without] = ["sound", "without"].map(|name| folder.path().join(name));
        run.save(&sound).expect("results");
        let survival = run.tables.iter_mut();
        let survival = survival
            .into_iter()
            .find(|it| it.schema.table == "survival");
        for column in &mut survival.expect("a table").schema.columns {
            column.name = format!("other_{}", column.name);
        }
        let report = run.save(&without).expect("results without a chart");
        let names: Vec<&str> = report
            .failed_charts
            .iter()
            .map(|it| it.name.as_str())
            .collect();
        assert_eq!(names, ["survival"]);
        let files = |folder: &Path| -> Vec<String> {
            let manifest = Manifest::read(folder).expect("a manifest");
            manifest.files.into_iter().map(|file| file.name).collect()
        };
        let mut expected = files(&sound);
        expected.retain(|name| !name.starts_with("survival.") || name == "survival.csv");
        assert_eq!(files(&without), expected);
    }
}
