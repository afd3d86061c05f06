//! Sweeps: a design over a scenario is run, resumed, split into shards and merged. The results are
//! a pure function of the outcomes of its jobs.

pub(crate) mod aggregate;
pub(crate) mod charts;
pub(crate) mod error;
pub(crate) mod findings;
pub(crate) mod finish;
pub(crate) mod forecast;
pub(crate) mod jobs;
pub(crate) mod known_runs;
pub mod merge;
pub(crate) mod plan;
pub(crate) mod reuse;
pub(crate) mod shard;
pub(crate) mod summary;
pub(crate) mod tables;
#[cfg(test)]
pub(crate) mod tests;

use crate::chart::figure_list::{DrawnCharts, FailedChart};
use crate::chart::options::ChartOptions;
use crate::error::Error;
use crate::options::{Execution, SaveOptions, execution_methods};
use crate::results::provenance::job_spec;
use crate::results::resume::{Resume, unfinished_folder};
use crate::results::{Journal, Leftover, Manifest, refuse_inputs, resume};
use crate::run::find_table;
use crate::runner::WorkStage;
use crate::scenario::Scenario;
use crate::simd::backend::Backend;
use crate::sweep::finish::JobsJournal;
use crate::sweep::jobs::{JobCollector, JobOutcome, JobResult};
use crate::sweep::known_runs::KnownRuns;
use crate::sweep::plan::SweepPlan;
use crate::table::{Schema, Table};
use crate::use_case::{UseCase, check_memory};
use std::ops::Range;
use std::path::{Path, PathBuf};

pub use error::ReuseError;
pub(crate) use finish::kind as results_kind;
pub use forecast::Forecast;
pub(crate) use jobs::SweepReplication;
pub use known_runs::ReusedRuns;
pub use merge::merge;
pub use shard::{MergeError, Shard};
pub(crate) use tables::schemas;

impl Scenario {
    /// Returns the scenario's sweep, which has not started.
    ///
    /// ```
    /// let text = "title = 'Two rates'
    ///     [run]
    ///     couples = 50
    ///     days = 30
    ///     [sweep]
    ///     design = 'grid'
    ///     [[sweep.axis]]
    ///     key = 'parameters.trust_rate'
    ///     values = [0.02, 0.05]";
    /// let sweep = pairbond::Scenario::parse(text)?.sweep()?.run()?;
    /// assert_eq!(sweep.points().ints("point")?, [1, 2]);
    /// let means = sweep.summaries().floats("mean")?;
    /// # let _ = means;
    /// # Ok::<(), pairbond::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NoSweep`] if the scenario has none.
    pub fn sweep<'a>(&self) -> Result<SweepRunner<'a>, Error> {
        Ok(SweepRunner {
            plan: SweepPlan::new(self.clone()).ok_or(Error::NoSweep)?,
            shard: Shard::ALL,
            resume: false,
            known: KnownRuns::default(),
            execution: Execution::default(),
        })
    }
}

/// A sweep that has not started, with its options.
pub struct SweepRunner<'a> {
    plan: SweepPlan,
    shard: Shard,
    resume: bool,
    known: KnownRuns,
    execution: Execution<'a>,
}

impl<'a> SweepRunner<'a> {
    execution_methods!();

    /// Restricts the sweep to a part of its jobs; [`merge()`] makes the results of all parts.
    pub fn shard(self, shard: Shard) -> Self {
        SweepRunner { shard, ..self }
    }

    /// Sets whether [`save`](SweepRunner::save) continues a sweep that was interrupted.
    pub fn resume(self, resume: bool) -> Self {
        SweepRunner { resume, ..self }
    }

    /// Takes runs that finished sweeps, or shards of them, have done from their folders, and simulates only
    /// the others. The results are those of a sweep without it.
    ///
    /// A run is the same if its point gives the same configuration and it has the same replicate, whatever
    /// the design. One run of each folder is simulated again and compared.
    ///
    /// # Errors
    /// [`Error::Reuse`] if a folder is of another version, was changed, does not have the outcomes of its
    /// runs or lacks what this sweep measures, or if none of its runs is one of this sweep;
    /// [`Error::Output`], [`Error::Stale`] and [`Error::Threads`].
    pub fn reuse<P: AsRef<Path>>(
        self,
        folders: impl IntoIterator<Item = P>,
    ) -> Result<Self, Error> {
        let folders = folders.into_iter().map(|folder| folder.as_ref().to_owned());
        let folders: Vec<PathBuf> = folders.collect();
        let known = reuse::known_runs(&self.plan, &folders, self.execution.threads)?;
        Ok(SweepRunner { known, ..self })
    }

    /// Estimates what the sweep takes, from a probe of about two seconds.
    pub fn forecast(&self) -> Forecast {
        forecast::forecast(&self.plan, self.shard, &self.known, self.execution.threads)
    }

    /// Runs all jobs of the sweep and keeps its tables in memory. Shards and resuming are for
    /// [`save`](SweepRunner::save).
    ///
    /// # Errors
    /// [`Error::Cancelled`] and [`Error::Threads`].
    pub fn run(mut self) -> Result<SweepRun, Error> {
        let plan = self.plan;
        let jobs = 0..plan.jobs();
        check_memory_of(&plan, jobs.clone(), self.execution.threads)?;
        let known = &self.known;
        let total = couple_days_left(&plan, known, jobs.clone());
        let tables = self.execution.run(total, |control| {
            finish::simulate(&plan, jobs, known, control)
        })?;
        Ok(SweepRun { plan, tables })
    }

    /// Runs the sweep and writes tables, findings and charts to a folder, as `pairbond sweep` does.
    ///
    /// Every finished job is written to a journal next to the folder, from which an interrupted
    /// sweep can be resumed; the results are those of an uninterrupted one.
    ///
    /// # Errors
    /// [`Error::Output`], [`Error::Threads`]; [`Error::Interrupted`] and
    /// [`Error::Resumable`] if it did not finish and can be resumed; [`Error::Changed`] and
    /// [`Error::AlreadyFinished`] if it cannot be resumed.
    pub fn save(self, folder: impl AsRef<Path>) -> Result<SweepReport, Error> {
        self.save_with(folder, &SaveOptions::default())
    }

    /// Does what [`save`](SweepRunner::save) does, with options.
    ///
    /// # Errors
    /// Those of [`save`](SweepRunner::save).
    pub fn save_with(
        mut self,
        folder: impl AsRef<Path>,
        options: &SaveOptions,
    ) -> Result<SweepReport, Error> {
        let output = SweepOutput {
            folder: folder.as_ref(),
            shard: self.shard,
            options,
        };
        let execution = &mut self.execution;
        save(&self.plan, &output, self.resume, &self.known, execution)
    }
}

impl UseCase for SweepRunner<'_> {
    fn schemas(&self) -> Result<Vec<Schema>, Error> {
        Ok(match self.shard {
            Shard::ALL => schemas(&self.plan),
            _ => Vec::new(),
        })
    }

    fn rerun(
        &self,
        folder: &Path,
        options: &SaveOptions,
        mut execution: Execution<'_>,
    ) -> Result<(), Error> {
        let output = SweepOutput {
            folder,
            shard: self.shard,
            options,
        };
        save(&self.plan, &output, false, &self.known, &mut execution).map(drop)
    }

    fn replot(
        &self,
        results: &Path,
        manifest: &Manifest,
        options: &ChartOptions,
    ) -> Result<DrawnCharts, Error> {
        match self.shard {
            Shard::ALL => charts::replot(results, manifest, &self.plan, options),
            shard => Err(Error::OnlyAShard {
                folder: results.to_owned(),
                shard,
            }),
        }
    }
}

/// A finished sweep: its tables, in memory.
#[derive(Clone, Debug)]
pub struct SweepRun {
    plan: SweepPlan,
    tables: finish::SweepTables,
}

impl SweepRun {
    /// All tables, in the order of the codebook.
    pub fn tables(&self) -> &[Table] {
        &self.tables.all
    }

    /// A table by its name, such as `contrasts` or `sobol`.
    ///
    /// # Errors
    /// [`Error::NoTable`] if the design or the number of runs does not give it.
    pub fn table(&self, name: &str) -> Result<&Table, Error> {
        find_table(&self.tables.all, name)
    }

    /// The table `points`: a row for each point of the design.
    pub fn points(&self) -> &Table {
        self.always("points")
    }

    /// The table `runs`: a row for each run.
    pub fn runs(&self) -> &Table {
        self.always("runs")
    }

    /// The table `summaries`: a row for each point and measure.
    pub fn summaries(&self) -> &Table {
        self.always("summaries")
    }

    /// Writes tables and charts to a folder: the files, with the same bytes, of `pairbond sweep`.
    ///
    /// # Errors
    /// [`Error::Output`].
    pub fn save(&self, folder: impl AsRef<Path>) -> Result<SweepReport, Error> {
        self.save_with(folder, &SaveOptions::default())
    }

    /// Does what [`save`](SweepRun::save) does, with options.
    ///
    /// # Errors
    /// Those of [`save`](SweepRun::save).
    pub fn save_with(
        &self,
        folder: impl AsRef<Path>,
        options: &SaveOptions,
    ) -> Result<SweepReport, Error> {
        let output = SweepOutput {
            folder: folder.as_ref(),
            shard: Shard::ALL,
            options,
        };
        finish::save_tables(&self.plan, &output, &self.tables)
    }

    /// A table that every sweep has.
    fn always(&self, name: &str) -> &Table {
        self.table(name).expect("every sweep has this table")
    }
}

/// What a sweep came to.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SweepReport {
    /// Title of the scenario.
    pub title: String,
    /// Folder of the results.
    pub folder: PathBuf,
    /// Points of the design.
    pub points: u64,
    /// Runs that were done; of a shard, jobs.
    pub runs: u64,
    /// Runs among them that were taken from earlier results.
    pub reused: Vec<ReusedRuns>,
    /// Runs that were simulated; not those of a sweep's shards or of what was done before it was resumed.
    pub simulated: u64,
    /// Whether this is a shard.
    pub is_shard: bool,
    /// Points of which runs failed; of a shard, jobs.
    pub failed: u64,
    /// The main findings, a sentence each: for each measure the axis that matters most, and the largest
    /// contrast; none of a shard.
    pub findings: Vec<String>,
    /// What is missing from the findings, a sentence each: tables and measures that are left out, with
    /// the reason, and findings that rest on a part of their rows.
    pub notes: Vec<String>,
    /// Points at which more than a fifth of the couples have separated, if measures are over those still
    /// together; 0 of a shard.
    pub many_separated: u64,
    /// Files written, the manifest included.
    pub files: usize,
    /// What could not be removed after the results were in place.
    pub leftover: Option<Leftover>,
    /// Charts that could not be drawn or written; the folder has the tables without them.
    pub failed_charts: Vec<FailedChart>,
}

impl SweepReport {
    /// Whether no point of the sweep, or no job of the shard, could be run.
    pub fn is_failure(&self) -> bool {
        match self.is_shard {
            true => self.runs > 0 && self.failed == self.runs,
            false => self.runs == 0,
        }
    }
}

/// The schemas of all tables that the sweep of a scenario can have; none if it has no sweep.
pub(crate) fn explained_schemas(scenario: &Scenario) -> Vec<Schema> {
    let plan = SweepPlan::new(scenario.clone());
    plan.map_or(Vec::new(), |plan| schemas(&plan))
}

/// Where results go, and of which part of a sweep.
#[derive(Clone, Copy)]
pub(crate) struct SweepOutput<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) shard: Shard,
    pub(crate) options: &'a SaveOptions,
}

/// The folder of a scenario file's sweep if none is named.
pub(crate) fn default_folder(scenario_file: &Path, shard: Shard) -> PathBuf {
    let folder = crate::run::default_folder(scenario_file);
    if shard == Shard::ALL {
        return folder;
    }
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(format!("-shard-{}-of-{}", shard.number, shard.of));
    folder.with_file_name(name)
}

/// Runs a sweep, or a shard of it, and writes its results, which appear complete or not at all.
fn save(
    plan: &SweepPlan,
    output: &SweepOutput<'_>,
    resume: bool,
    known: &KnownRuns,
    execution: &mut Execution<'_>,
) -> Result<SweepReport, Error> {
    let jobs = output.shard.range(plan.jobs());
    let replaces = output.options.replace;
    let question = job_spec(plan.scenario(), "sweep", &jobs, replaces);
    refuse_inputs(output.folder, plan.scenario().files())?;
    refuse_inputs(output.folder, known.sources().iter().map(|it| &it.folder))?;
    if output.shard == Shard::ALL {
        check_memory_of(plan, jobs.clone(), execution.threads)?;
    }
    let kind = finish::kind(output.shard);
    let request = Resume {
        folder: output.folder,
        kind: &kind,
        replace: output.options.replace,
        resume,
    };
    let opened = resume::open(request, &question, || finish::is_done(plan, output));
    let (mut journal, replace) = match opened {
        Err(Error::AlreadyFinished { folder, .. }) => {
            let all_failed = finish::all_failed(plan, output, &jobs)?;
            return Err(Error::AlreadyFinished { folder, all_failed });
        }
        opened => opened?,
    };
    let options = output.options.clone().replace(replace);
    let output = &SweepOutput {
        options: &options,
        ..*output
    };
    let total = couple_days_left(plan, known, journal.next()..jobs.end);
    let report = execution.run(total, |control| {
        let left = journal.next()..jobs.end;
        let enough = SweepReplication::of(plan);
        let mut log = Log {
            journal: &mut journal,
            runs: 0,
        };
        let backend = Backend::best();
        let done = jobs::run_jobs(plan, left, backend, &enough, known, control, &mut log);
        let runs = log.runs;
        let synced = journal.sync();
        done?;
        synced?;
        control.progress.enter(WorkStage::Finishing);
        let report = if output.shard == Shard::ALL {
            let journal = JobsJournal {
                path: journal.path().to_owned(),
                jobs: jobs.clone(),
            };
            finish::finish(plan, output, &[journal], &control.cancel)
        } else {
            finish::finish_shard(plan, output, journal.path(), &jobs)
        };
        let reused = known.taken();
        let taken: u64 = reused.iter().map(|it| it.runs).sum();
        report.map(|report| SweepReport {
            simulated: runs.saturating_sub(taken),
            reused,
            ..report
        })
    });
    match report {
        Ok(mut report) => {
            report.leftover = report.leftover.or(journal.remove());
            Ok(report)
        }
        Err(Error::Cancelled) => Err(Error::Interrupted {
            journal: unfinished_folder(output.folder),
            done: journal.next() - jobs.start,
            jobs: Some(jobs.end - jobs.start),
        }),
        Err(error) => Err(resume::resumable(output.folder, error)),
    }
}

/// Fails if the system does not give as much memory as the sweep takes: its measures are kept until all
/// runs are done.
fn check_memory_of(
    plan: &SweepPlan,
    jobs: Range<u64>,
    threads: Option<usize>,
) -> Result<(), Error> {
    let bytes = forecast::bytes(plan, jobs.clone(), threads).memory;
    check_memory(
        || {
            let (points, runs) = (plan.sweep().count(), plan.runs_of(jobs));
            format!("the measures of {points} points and {runs} runs")
        },
        bytes,
    )
}

/// Couple-days of a range of jobs that are to be simulated, were no couple to part.
fn couple_days_left(plan: &SweepPlan, known: &KnownRuns, jobs: Range<u64>) -> u64 {
    let all = forecast::couple_days(plan, jobs.clone()).0;
    all.saturating_sub(known.couple_days(plan, jobs))
}

/// Writes jobs to the journal.
struct Log<'a> {
    journal: &'a mut Journal,
    /// Runs of all jobs written.
    runs: u64,
}

impl JobCollector for Log<'_> {
    type Error = Error;
    fn take(&mut self, result: JobResult) -> Result<(), Error> {
        self.journal.append(&result)?;
        if let JobOutcome::Runs { runs, .. } = &result.outcome {
            self.runs += runs.len() as u64;
        }
        Ok(())
    }
}
