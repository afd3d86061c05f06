//! Claims: replicates of all conditions are simulated until each claim is decided.

pub(crate) mod audit;
pub(crate) mod charts;
pub(crate) mod report;
pub(crate) mod test;
#[cfg(test)]
mod tests;

use crate::chart::figure_list::{DrawnCharts, FailedChart};
use crate::chart::options::ChartOptions;
use crate::chart::{FigureHeading, count};
use crate::error::Error;
use crate::model::parameters::MECHANISMS;
use crate::options::{Execution, SaveOptions, execution_methods, thread_count};
use crate::results::provenance::origin;
use crate::results::{Folder, Leftover, Manifest, ResultsKind, refuse_inputs};
use crate::run::{changes, find_table, write_scenario};
use crate::runner::CancelToken;
use crate::scenario::{DEFAULT_MAX_RUNS, Scenario};
use crate::stats::sequential_test::FIRST_LOOK;
use crate::table::{Schema, Table};
use crate::use_case::{UseCase, check_memory, commit};
use std::path::Path;
use test::OneOf;

pub use audit::ClaimsAudit;
pub use report::{ClaimResult, ClaimsReport, EffectEstimate};
pub(crate) use report::{claims_schema, runs_schema};

/// The least that the most replicates can be: the first look is after as many.
pub(crate) const FEWEST_RUNS: u32 = FIRST_LOOK as u32;

/// The keys of all mechanisms that can be left out.
pub(crate) fn mechanisms() -> Vec<&'static str> {
    MECHANISMS.iter().map(|switch| switch.key).collect()
}

impl Scenario {
    /// Returns the test of the scenario's claims, which has not started.
    ///
    /// # Errors
    /// [`Error::NoClaims`] if the scenario has none.
    pub fn claims<'a>(&self) -> Result<ClaimsRunner<'a>, Error> {
        if self
            .claims_spec()
            .is_none_or(|claims| claims.claims.is_empty())
        {
            return Err(Error::NoClaims);
        }
        Ok(ClaimsRunner {
            task: Task {
                scenario: self.clone(),
                max_runs: DEFAULT_MAX_RUNS,
                ablate: Vec::new(),
                audit: false,
            },
            execution: Execution::default(),
        })
    }
}

/// Which claims are tested, and with how many replicates.
#[derive(Clone, Debug)]
struct Task {
    scenario: Scenario,
    max_runs: u32,
    ablate: Vec<String>,
    /// Whether each claim is tested again under variations.
    audit: bool,
}

/// A test of claims that has not started, with its options.
pub struct ClaimsRunner<'a> {
    task: Task,
    execution: Execution<'a>,
}

impl<'a> ClaimsRunner<'a> {
    execution_methods!();

    /// Sets the most replicates of a condition; by default there are at most 256.
    pub fn max_runs(mut self, max_runs: u32) -> Self {
        self.task.max_runs = max_runs.max(FEWEST_RUNS);
        self
    }

    /// Leaves a mechanism out of all conditions.
    ///
    /// # Errors
    /// [`Error::NoMechanism`] if there is none with this key.
    pub fn ablate(mut self, mechanism: &str) -> Result<Self, Error> {
        if !mechanisms().contains(&mechanism) {
            return Err(Error::NoMechanism {
                key: mechanism.to_owned(),
            });
        }
        self.task.ablate.push(mechanism.to_owned());
        Ok(self)
    }

    /// Tests each claim again with half the step, other moments, twice the couples, other seeds and swapped
    /// partners, none of which may change a verdict. The run then has a table `audit`.
    pub fn audit(mut self) -> Self {
        self.task.audit = true;
        self
    }

    /// Simulates replicates until each claim is decided.
    ///
    /// # Errors
    /// [`Error::Cancelled`] and [`Error::Threads`].
    pub fn run(mut self) -> Result<ClaimsRun, Error> {
        self.task.run(&mut self.execution)
    }

    /// Tests the claims and writes tables and the chart to a folder, as `pairbond claims` does.
    ///
    /// # Errors
    /// Those of [`run`](ClaimsRunner::run), and [`Error::Output`].
    pub fn save(self, folder: impl AsRef<Path>) -> Result<ClaimsRun, Error> {
        self.save_with(folder, &SaveOptions::default())
    }

    /// Does what [`save`](ClaimsRunner::save) does, with options.
    ///
    /// # Errors
    /// Those of [`save`](ClaimsRunner::save).
    pub fn save_with(
        mut self,
        folder: impl AsRef<Path>,
        options: &SaveOptions,
    ) -> Result<ClaimsRun, Error> {
        self.task
            .save(folder.as_ref(), options, &mut self.execution)
    }
}

impl Task {
    /// What stands over the chart.
    fn heading(&self) -> FigureHeading {
        let size = &self.scenario.config().size;
        let (couples, days) = (count(size.couples as i64), count(size.days.into()));
        let ablated = self.ablate.iter().map(|key| format!("; without {key}"));
        FigureHeading {
            title: self.scenario.title().to_owned(),
            size: format!(
                "at most {} replicates per condition, each of {couples} couples for up to {days} days{}{}",
                count(self.max_runs.into()),
                changes(&self.scenario),
                ablated.collect::<String>(),
            ),
        }
    }

    fn run(&self, execution: &mut Execution<'_>) -> Result<ClaimsRun, Error> {
        let claims = self.scenario.claims_spec().ok_or(Error::NoClaims)?;
        let couples = self.scenario.config().size.couples;
        // A thread keeps the ends of all couples of a replicate.
        let threads = thread_count(execution.threads) as u64;
        let bytes = couples.saturating_mul(threads * size_of::<Option<u64>>() as u64);
        check_memory(
            || format!("replicates of {couples} couples on {threads} threads"),
            bytes,
        )?;
        let (found, audit) = execution.run(self.couple_days(), |control| {
            let (most, without) = (self.max_runs, &self.ablate);
            if self.audit {
                let audit = audit::run(&self.scenario, claims, most, without, control)?;
                return Ok((audit.variations[0].found.clone(), Some(audit)));
            }
            let one = OneOf { index: 0, of: 1 };
            Ok((test::run(claims, most, without, one, control)?, None))
        })?;
        let report = ClaimsReport::new(
            (self.heading().title, self.heading().size),
            claims,
            found,
            &self.ablate,
        );
        let mut tables = vec![report::claims_table(&report), report::runs_table(&report)];
        tables.extend(audit.as_ref().map(audit::audit_table));
        Ok(ClaimsRun {
            task: self.clone(),
            report,
            audit,
            tables,
            leftover: None,
            failed_charts: Vec::new(),
        })
    }

    fn save(
        &self,
        folder: &Path,
        options: &SaveOptions,
        execution: &mut Execution<'_>,
    ) -> Result<ClaimsRun, Error> {
        let folder = self.create(folder, options)?;
        let mut run = self.run(execution)?;
        (run.leftover, run.failed_charts) = run.write(folder, options, &execution.cancel)?;
        Ok(run)
    }

    fn kind(&self) -> ResultsKind {
        ResultsKind::Claims {
            max_runs: self.max_runs,
            ablate: self.ablate.clone(),
            audit: self.audit,
        }
    }

    fn create(&self, folder: &Path, options: &SaveOptions) -> Result<Folder, Error> {
        refuse_inputs(folder, self.scenario.files())?;
        Ok(Folder::create(folder, &self.kind(), options.replace)?)
    }

    /// Couple-days if no couple separates and no claim is decided before the last replicate.
    fn couple_days(&self) -> u64 {
        let claims = self.scenario.claims_spec();
        let conditions = claims.map_or(0, |claims| claims.conditions.len());
        let size = &self.scenario.config().size;
        size.couples
            .saturating_mul(u64::from(size.days))
            .saturating_mul(u64::from(self.max_runs))
            .saturating_mul(conditions as u64)
            .saturating_mul(if self.audit { audit::COST } else { 1 })
    }
}

/// Tested claims: what was found, and its tables.
#[derive(Clone, Debug)]
pub struct ClaimsRun {
    task: Task,
    report: ClaimsReport,
    audit: Option<ClaimsAudit>,
    tables: Vec<Table>,
    leftover: Option<Leftover>,
    failed_charts: Vec<FailedChart>,
}

impl ClaimsRun {
    /// What was found.
    pub fn report(&self) -> &ClaimsReport {
        &self.report
    }

    /// What variations found, if [`ClaimsRunner::audit`] asked for them.
    pub fn audit(&self) -> Option<&ClaimsAudit> {
        self.audit.as_ref()
    }

    /// What could not be removed after the results were in place.
    pub fn leftover(&self) -> Option<&Leftover> {
        self.leftover.as_ref()
    }

    /// The tables `claims` and `runs`, and of an audit `audit`.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// A table by its name.
    ///
    /// # Errors
    /// [`Error::NoTable`] if there is none with this name.
    pub fn table(&self, name: &str) -> Result<&Table, Error> {
        find_table(&self.tables, name)
    }

    /// Charts that [`ClaimsRunner::save`] could not draw or write; the folder has the tables without them.
    pub fn failed_charts(&self) -> &[FailedChart] {
        &self.failed_charts
    }

    /// Writes tables and the chart to a folder: the files, with the same bytes, of `pairbond claims`.
    /// Returns what could not be removed after they were in place.
    ///
    /// # Errors
    /// [`Error::Output`]; [`Error::Charts`] if the folder has the tables without the chart.
    pub fn save(&self, folder: impl AsRef<Path>) -> Result<Option<Leftover>, Error> {
        self.save_with(folder, &SaveOptions::default())
    }

    /// Does what [`save`](ClaimsRun::save) does, with options.
    ///
    /// # Errors
    /// Those of [`save`](ClaimsRun::save).
    pub fn save_with(
        &self,
        folder: impl AsRef<Path>,
        options: &SaveOptions,
    ) -> Result<Option<Leftover>, Error> {
        let path = folder.as_ref();
        let folder = self.task.create(path, options)?;
        let (leftover, failed) = self.write(folder, options, &CancelToken::default())?;
        Error::charts(path.to_owned(), failed)?;
        Ok(leftover)
    }

    fn write(
        &self,
        mut folder: Folder,
        options: &SaveOptions,
        cancel: &CancelToken,
    ) -> Result<(Option<Leftover>, Vec<FailedChart>), Error> {
        let Task {
            scenario,
            max_runs,
            ablate,
            audit,
        } = &self.task;
        folder.write_tables(options.format, &self.tables.iter().collect::<Vec<_>>())?;
        write_scenario(&mut folder, scenario)?;
        let mut drawn = DrawnCharts::default();
        if let Some(options) = &options.charts {
            drawn = charts::draw(&self.tables[0], &self.task.heading(), options, cancel);
        }
        let mut origin = origin(scenario, self.task.kind(), "claims", options);
        origin
            .command
            .extend(["--max-runs".to_owned(), max_runs.to_string()]);
        for key in ablate {
            origin
                .command
                .extend(["--ablate".to_owned(), key.to_owned()]);
        }
        origin.command.extend(audit.then(|| "--audit".to_owned()));
        cancel.check()?;
        let (committed, failed) = commit(
            folder,
            drawn,
            Manifest::new(origin),
            Some(scenario),
            options,
        )?;
        Ok((committed.leftover, failed))
    }
}

impl UseCase for ClaimsRunner<'_> {
    fn schemas(&self) -> Result<Vec<Schema>, Error> {
        let mut schemas = vec![report::claims_schema(), report::runs_schema()];
        schemas.extend(self.task.audit.then(audit::audit_schema));
        Ok(schemas)
    }

    fn rerun(
        &self,
        folder: &Path,
        options: &SaveOptions,
        mut execution: Execution<'_>,
    ) -> Result<(), Error> {
        self.task.save(folder, options, &mut execution).map(drop)
    }

    fn replot(
        &self,
        results: &Path,
        manifest: &Manifest,
        options: &ChartOptions,
    ) -> Result<DrawnCharts, Error> {
        charts::replot(results, manifest, &self.task.heading(), options)
    }
}
