//! Runs a scenario: its couples are simulated, and become tables and charts.

pub(crate) mod charts;
pub(crate) mod conditions;
pub(crate) mod couple;
pub(crate) mod differences;
pub(crate) mod event_changes;
pub(crate) mod groups;
pub(crate) mod simulate;
pub(crate) mod survey_tables;
pub(crate) mod tables;

use crate::chart::figure_list::{DrawnCharts, FailedChart};
use crate::chart::options::ChartOptions;
use crate::error::Error;
use crate::options::{Execution, SaveOptions, execution_methods, thread_count};
pub use crate::report::findings::{DayMean, MeanDifference};
use crate::report::findings::{
    EventChange, GroupMean, GroupShare, compared_days, event_findings, group_findings,
    largest_differences,
};
use crate::report::summary::RunOutcome;
pub use crate::report::summary::RunSummary;
use crate::results::provenance::{origin, write_attachments};
use crate::results::{Folder, Leftover, Manifest, OutputError, ResultsKind, refuse_inputs};
use crate::run::charts::ShownTables;
pub(crate) use crate::run::charts::{MANY_SEPARATED, changes};
use crate::run::conditions::RunConditions;
use crate::run::groups::small_groups;
use crate::run::simulate::{FinishedTables, simulate};
pub(crate) use crate::run::simulate::{MemoryTables, schemas};
use crate::run::tables::SeparationCounts;
pub(crate) use crate::run::tables::find_table;
use crate::runner::{CancelToken, WorkStage};
use crate::scenario::Scenario;
use crate::simulation::{MemoryForecast, Recorded};
use crate::table::{Schema, Table};
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
                .saturating_mul(config.size.replicates.into())
                .saturating_mul(condition_count(&self.scenario)),
            couple_days: couple_days(&self.scenario),
            threads,
            memory: memory(&self.scenario, threads),
        }
    }

    /// Simulates the couples and keeps the tables in memory.
    ///
    /// # Errors
    /// [`Error::Cancelled`] and [`Error::Threads`].
    pub fn run(self) -> Result<Run, Error> {
        let conditions = RunConditions::of(&self.scenario);
        self.run_conditions(&conditions)
    }

    /// Simulates couples under conditions, which may be others than those of the scenario, and keeps the tables
    /// in memory.
    ///
    /// # Errors
    /// Those of [`run`](Runner::run).
    pub(crate) fn run_conditions(mut self, conditions: &RunConditions) -> Result<Run, Error> {
        let scenario = self.scenario;
        check_run_memory(&scenario, &self.execution)?;
        let total = couple_days(&scenario);
        let (tables, ends) = self.execution.run(total, |control| {
            let schemas = schemas(conditions);
            let tables = schemas.iter().cloned().map(Table::new).collect();
            let mut tables = MemoryTables(tables);
            let simulated = simulate(conditions, &schemas, control, &mut tables)?;
            let ends = simulated.runs.into_iter().map(|run| run.ends);
            Ok((tables.0, ends.collect()))
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
    /// Of each condition.
    ends: Vec<SeparationCounts>,
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

    /// Couples that separated, over all conditions.
    pub fn separated(&self) -> u64 {
        self.ends.iter().map(SeparationCounts::ended).sum()
    }

    /// The main results of each condition, or of the scenario.
    pub fn summaries(&self) -> Vec<RunSummary> {
        let conditions = RunConditions::of(&self.scenario);
        ShownTables::of(&conditions, &self.tables)
            .summaries(&conditions)
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
        let conditions = RunConditions::of(&self.scenario);
        let shown = ShownTables::of(&conditions, &self.tables);
        let cancel = CancelToken::default();
        finish(
            &self.scenario,
            folder,
            options,
            (&conditions, &shown),
            &cancel,
        )
    }

    /// A table that every run has.
    fn always(&self, name: &str) -> &Table {
        self.table(name).expect("every run has this table")
    }
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RunReport {
    /// Folder of the results.
    pub folder: PathBuf,
    /// Couples over all replicates and conditions.
    pub couples: u64,
    /// Couples that separated.
    pub separated: u64,
    /// The main results of each condition, or of the scenario.
    pub summaries: Vec<RunSummary>,
    /// The differences between conditions on the days of `record.compare_days` and on the last day; empty if none are
    /// compared.
    pub differences: Vec<MeanDifference>,
    /// What changed around events, how groups differ, and the largest differences between conditions: some
    /// sentences each.
    pub findings: Vec<String>,
    /// Groups with fewer than 30 couples, with their numbers of couples: their intervals are wide.
    pub small_groups: Vec<(String, u64)>,
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

/// The main results, as `pairbond run` prints them.
impl fmt::Display for RunReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        RunOutcome {
            summaries: &self.summaries,
            differences: &self.differences,
            findings: &self.findings,
        }
        .fmt(f)
    }
}

impl UseCase for Runner<'_> {
    fn schemas(&self) -> Result<Vec<Schema>, Error> {
        Ok(schemas(&RunConditions::of(&self.scenario)))
    }

    fn rerun(
        &self,
        folder: &Path,
        options: &SaveOptions,
        mut execution: Execution<'_>,
    ) -> Result<(), Error> {
        save(&self.scenario, folder, options, &mut execution).map(drop)
    }

    fn replot(
        &self,
        results: &Path,
        manifest: &Manifest,
        options: &ChartOptions,
    ) -> Result<DrawnCharts, Error> {
        let conditions = RunConditions::of(&self.scenario);
        charts::replot(results, manifest, &conditions, options)
    }
}

/// Couple-days of a run if no couple separates.
fn couple_days(scenario: &Scenario) -> u64 {
    let size = &scenario.config().size;
    size.couples
        .saturating_mul(u64::from(size.replicates))
        .saturating_mul(u64::from(size.days))
        .saturating_mul(condition_count(scenario))
}

/// How many conditions are simulated; the scenario itself is one.
fn condition_count(scenario: &Scenario) -> u64 {
    let conditions = scenario
        .claims_spec()
        .map_or(0, |all| all.conditions.len() as u64);
    conditions.max(1)
}

/// About how much memory a run takes (bytes).
fn memory(scenario: &Scenario, threads: usize) -> u64 {
    let configs = RunConditions::of(scenario);
    let bytes = configs
        .configs()
        .map(|config| MemoryForecast::new(&config, threads as u64).total());
    bytes.fold(0, u64::saturating_add)
}

/// Fails if the system does not give as much memory as the run may take.
fn check_run_memory(scenario: &Scenario, execution: &Execution<'_>) -> Result<(), Error> {
    let config = scenario.config();
    let bytes = memory(scenario, thread_count(execution.threads));
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
        let conditions = RunConditions::of(scenario);
        let schemas = schemas(&conditions);
        let mut tables = folder.tables(options.format, &schemas)?;
        let simulated = simulate(&conditions, &schemas, control, &mut tables)?;
        folder.finish_tables(tables)?;
        folder.write_codebook(&schemas)?;
        let shown = ShownTables {
            names: conditions.names.clone(),
            conditions: simulated
                .runs
                .into_iter()
                .map(FinishedTables::shown)
                .collect(),
            differences: simulated.differences,
        };
        control.progress.enter(WorkStage::Finishing);
        finish(
            scenario,
            folder,
            options,
            (&conditions, &shown),
            &control.cancel,
        )
    })
}

/// Completes a folder that has its tables.
fn finish(
    scenario: &Scenario,
    mut folder: Folder,
    options: &SaveOptions,
    (conditions, shown): (&RunConditions, &ShownTables),
    cancel: &CancelToken,
) -> Result<RunReport, Error> {
    write_scenario(&mut folder, scenario)?;
    let mut charts = DrawnCharts::default();
    if let Some(options) = &options.charts {
        charts = charts::draw(conditions, shown, options, cancel);
    }
    cancel.check()?;
    let path = folder.path().to_owned();
    let summaries = shown.summaries(conditions)?;
    let differences = match &shown.differences {
        Some(table) => MeanDifference::of_rows(table)?,
        None => Vec::new(),
    };
    let findings = findings_of(conditions, shown, &differences)?;
    let groups = shown.conditions.iter().flatten();
    let groups = groups.filter(|table| table.schema.table == "groups");
    let small_groups = groups.flat_map(small_groups).collect();
    let manifest = Manifest::new(origin(scenario, ResultsKind::Run, "run", options));
    let (committed, failed_charts) = commit(folder, charts, manifest, Some(scenario), options)?;
    Ok(RunReport {
        folder: path,
        couples: summaries.iter().map(|own| own.couples).sum(),
        separated: summaries.iter().map(|own| own.separated).sum(),
        summaries,
        differences: MeanDifference::on_days(&differences, &compared_days(scenario)),
        findings,
        small_groups,
        files: committed.manifest.files.len() + 1,
        leftover: committed.leftover,
        failed_charts,
    })
}

/// What the run's tables of events, groups and differences say, in sentences.
fn findings_of(
    conditions: &RunConditions,
    shown: &ShownTables,
    differences: &[MeanDifference],
) -> Result<Vec<String>, Error> {
    let mut found = largest_differences(differences);
    for (place, tables) in shown.conditions.iter().enumerate() {
        let of = conditions.names.get(place).map_or("", String::as_str);
        let table = |name: &str| tables.iter().find(|table| table.schema.table == name);
        // What conditions differ by says more of an event than changes under each of them.
        if let Some(changes) = table("event_changes").filter(|_| !conditions.are_compared()) {
            found.extend(event_findings(of, &EventChange::of_rows(changes)?));
        }
        if let (Some(groups), Some(means)) = (table("groups"), table("group_trajectory")) {
            let days = conditions.scenarios[place].config().size.days;
            let groups = GroupShare::of_rows(groups)?;
            let means = GroupMean::of_rows(means, days)?;
            found.extend(group_findings(of, days, &groups, &means));
        }
    }
    Ok(found.iter().map(ToString::to_string).collect())
}

/// Writes the scenario and the tables that it names.
pub(crate) fn write_scenario(folder: &mut Folder, scenario: &Scenario) -> Result<(), OutputError> {
    folder.write("scenario.toml", scenario.text().as_bytes())?;
    let attachments = scenario.attachments().iter();
    write_attachments(folder, attachments.map(|(name, text)| (name, text)))
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
        let mut tables = run.tables.iter_mut();
        let flow = tables.find(|it| it.schema.table == "phase_flow");
        let columns = &mut flow.expect("a table").schema.columns;
        let moves = columns.iter_mut().find(|column| column.name == "d_trust");
        moves.expect("a column").name = "other".to_owned();
        let report = run.save(&without).expect("results without a chart");
        let names: Vec<&str> = report
            .failed_charts
            .iter()
            .map(|it| it.name.as_str())
            .collect();
        assert_eq!(names, ["phase_plane"]);
        let files = |folder: &Path| -> Vec<String> {
            let manifest = Manifest::read(folder).expect("a manifest");
            manifest.files.into_iter().map(|file| file.name).collect()
        };
        let mut expected = files(&sound);
        expected.retain(|name| !name.starts_with("phase_plane."));
        assert_eq!(files(&without), expected);
    }
}
