//! Which numbers and explanations a study could tell: couples are simulated with numbers drawn from priors, looked at
//! through each design, and inferred back.

pub(crate) mod charts;
pub(crate) mod inference;
pub(crate) mod reference;
pub(crate) mod rivals;
pub(crate) mod scale;
pub(crate) mod summaries;
pub(crate) mod tables;
#[cfg(test)]
mod tests;
pub(crate) mod verdicts;

use crate::chart::figure_list::DrawnCharts;
use crate::chart::options::ChartOptions;
use crate::chart::{FigureHeading, count};
use crate::error::Error;
use crate::options::{Execution, SaveOptions};
use crate::report::recover::{RecoverTables, sentences};
use crate::results::Manifest;
use crate::results::manifest::ShardedWork;
use crate::results::shards::ShardFolders;
use crate::run::changes;
use crate::runner::{CancelToken, Cancelled, Control, par_map_ordered};
use crate::scenario::Scenario;
use crate::scenario::recover::RecoverSpec;
use crate::study::analysis::StudyAnalysis;
use crate::study::jobs::{
    AnalysisOutput, JobAnalysis, JobOutcomes, JobPart, SavedAnalysis, merge, save,
};
use crate::sweep::shard::Shard;
use crate::table::{Schema, Table};
use crate::use_case::{UseCase, check_memory, read_tables};
use reference::{ReferenceSimulations, SimulatedStudies};
use rivals::{RivalConfusion, confusion};
use std::path::{Path, PathBuf};
use tables::RecoveryResults;
use verdicts::{DesignRecovery, ReferenceTable};

/// Designs that may wait for an earlier one.
const WINDOW: u64 = 64;

impl Scenario {
    /// Writes which numbers and rival explanations the study of the scenario could tell to a folder, as `pairbond
    /// recover` does: tables, charts, the report and everything else.
    ///
    /// ```
    /// use pairbond::{SaveOptions, Scenario};
    /// let text = "title = 'Does a diary tell how often couples quarrel?'
    ///     [run]
    ///     couples = 40
    ///     days = 20
    ///     [study]
    ///     couples = 15
    ///     burst_days = 5
    ///     diary = ['daily_satisfaction', 'daily_conflict']
    ///     [recover]
    ///     simulations = 100
    ///     tests = 40
    ///     [[recover.quantity]]
    ///     key = 'parameters.conflict_rate'
    ///     prior = 'log_uniform'
    ///     low = 0.05
    ///     high = 0.5";
    /// # let home = tempfile::tempdir()?;
    /// # let folder = home.path().join("recovery");
    /// Scenario::parse(text)?.save_recovery(&folder, &SaveOptions::default().charts(false))?;
    /// assert!(folder.join("recovery.csv").exists());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NoRecover`] if the scenario has neither `[recover]` nor rivals, [`Error::Output`] and
    /// [`Error::Threads`]; [`Error::Scenario`] where values of the priors are refused together; [`Error::Charts`] if the
    /// folder has all files but a chart or the report.
    pub fn save_recovery(
        &self,
        folder: impl AsRef<Path>,
        options: &SaveOptions,
    ) -> Result<(), Error> {
        let folder = folder.as_ref();
        let saved = self
            .recover()?
            .save_with(folder, options, Execution::default())?;
        let failed = saved.whole().map(|analysis| analysis.failed_charts);
        Error::charts(folder.to_owned(), failed.unwrap_or_default())
    }

    /// Returns the recovery analysis of the scenario, which has not started.
    ///
    /// # Errors
    /// [`Error::NoRecover`] if the scenario has none.
    pub(crate) fn recover(&self) -> Result<RecoverRunner, Error> {
        if self.recover.is_none() {
            return Err(Error::NoRecover);
        }
        Ok(RecoverRunner {
            scenario: self.clone(),
            shard: Shard::ALL,
            resume: false,
        })
    }
}

/// A recovery analysis that has not started.
pub(crate) struct RecoverRunner {
    scenario: Scenario,
    shard: Shard,
    resume: bool,
}

/// How large a recovery analysis is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RecoverSize {
    pub(crate) designs: u64,
    pub(crate) explanations: u64,
    /// Simulated data sets of each explanation.
    pub(crate) simulations: u64,
    /// At most.
    pub(crate) couple_days: u64,
}

impl RecoverRunner {
    /// Restricts the analysis to a part of its simulations.
    pub(crate) fn shard(self, shard: Shard) -> RecoverRunner {
        RecoverRunner { shard, ..self }
    }

    /// Sets whether an analysis that was interrupted is continued.
    pub(crate) fn resume(self, resume: bool) -> RecoverRunner {
        RecoverRunner { resume, ..self }
    }

    fn spec(&self) -> Result<&RecoverSpec, Error> {
        self.scenario.recover.as_ref().ok_or(Error::NoRecover)
    }

    fn seed(&self) -> u64 {
        self.scenario.config().seed
    }

    /// How large it is.
    pub(crate) fn size(&self) -> Result<RecoverSize, Error> {
        RecoverJobs::new(self).map(|jobs| jobs.size())
    }

    /// Simulates and infers, or does the simulations of a shard, and writes tables, charts and report to a folder.
    ///
    /// # Errors
    /// Those of [`jobs::save`](crate::study::jobs::save), and [`Error::Scenario`] where values of the priors are refused
    /// together.
    pub(crate) fn save_with(
        &self,
        folder: &Path,
        options: &SaveOptions,
        mut execution: Execution<'_>,
    ) -> Result<SavedAnalysis<RecoverSize>, Error> {
        let output = AnalysisOutput {
            folder,
            shard: self.shard,
            resume: self.resume,
            options,
        };
        let jobs = RecoverJobs::new(self)?;
        if self.shard == Shard::ALL {
            jobs.check_memory()?;
        }
        save(&jobs, &output, &mut execution)
    }

    /// What stands over each chart.
    fn heading(&self) -> FigureHeading {
        let simulations = self.spec().map_or(0, |recover| recover.simulations);
        FigureHeading {
            title: self.scenario.title().to_owned(),
            size: format!(
                "{} simulated data sets{}",
                count(simulations.into()),
                changes(&self.scenario)
            ),
        }
    }

    fn all_schemas(&self) -> Result<Vec<Schema>, Error> {
        let has_rivals = self.spec()?.has_rivals;
        let has_quantities = has_quantities(self.spec()?);
        let is_kept = |schema: &Schema| match schema.table {
            "designs" => true,
            "confusion" | "rivals" => has_rivals,
            _ => has_quantities,
        };
        Ok(all_schemas().into_iter().filter(is_kept).collect())
    }
}

/// Makes the results of a recovery analysis of the folders of all its shards.
///
/// # Errors
/// [`Error::Merge`] if they are not all shards of one such analysis; [`Error::Output`] and [`Error::Threads`].
pub(crate) fn merge_recover(
    folders: &[PathBuf],
    (out, options): (&Path, &SaveOptions),
    execution: Execution<'_>,
) -> Result<StudyAnalysis<RecoverSize>, Error> {
    let shards = ShardFolders::read(folders, out, ShardedWork::Recover)?;
    let runner = shards.scenario()?.recover()?;
    let jobs = RecoverJobs::new(&runner)?;
    jobs.check_memory()?;
    merge(&jobs, &shards, (out, options), execution)
}

/// The simulations of a recovery analysis as jobs.
struct RecoverJobs<'r> {
    runner: &'r RecoverRunner,
    recover: &'r RecoverSpec,
    simulations: ReferenceSimulations<'r>,
}

impl<'r> RecoverJobs<'r> {
    fn new(runner: &'r RecoverRunner) -> Result<RecoverJobs<'r>, Error> {
        let recover = runner.spec()?;
        Ok(RecoverJobs {
            runner,
            recover,
            simulations: ReferenceSimulations::new(recover, runner.seed())?,
        })
    }

    /// Fails if the system does not give as much memory as the reference table takes.
    fn check_memory(&self) -> Result<(), Error> {
        let bytes = self.simulations.table_bytes();
        check_memory(|| "the reference table".to_owned(), bytes)
    }
}

impl JobAnalysis for RecoverJobs<'_> {
    type Size = RecoverSize;

    fn scenario(&self) -> &Scenario {
        &self.runner.scenario
    }

    fn work(&self) -> ShardedWork {
        ShardedWork::Recover
    }

    fn size(&self) -> RecoverSize {
        let simulations = u64::from(self.recover.simulations);
        let each = self.simulations.couple_days();
        let all = each.map(|days| days.saturating_mul(simulations));
        RecoverSize {
            designs: self.recover.designs.len() as u64,
            explanations: self.recover.explanations.len() as u64,
            simulations,
            couple_days: all.fold(0, u64::saturating_add),
        }
    }

    fn parts(&self) -> Vec<JobPart> {
        let part = |cost| JobPart {
            jobs: self.recover.simulations.into(),
            cost,
            uses_all_threads: false,
        };
        self.simulations.couple_days().map(part).collect()
    }

    fn outcome(&self, job: u64, control: &Control) -> Result<Vec<f64>, Error> {
        self.simulations.simulate(job, control)
    }

    fn finish(
        &self,
        outcomes: &mut JobOutcomes,
        control: &Control,
    ) -> Result<(Vec<Table>, Vec<String>), Error> {
        let simulated = self.simulations.collect(|count| outcomes.next_of(count))?;
        let results = results(self.recover, &simulated, control)?;
        let tables = all_tables(self.recover, &results);
        let found = sentences(self.recover, &RecoverTables::of(&tables));
        Ok((tables, found.unwrap_or_default()))
    }

    fn draw(&self, tables: &[Table], options: &ChartOptions, control: &Control) -> DrawnCharts {
        let heading = self.runner.heading();
        charts::draw(self.recover, tables, &heading, options, &control.cancel)
    }
}

fn has_quantities(recover: &RecoverSpec) -> bool {
    let mut all = recover.explanations.iter();
    all.any(|explanation| !explanation.quantities.is_empty())
}

/// The headers of all tables that a recovery analysis can have.
pub(crate) fn all_schemas() -> Vec<Schema> {
    vec![
        tables::designs_schema(),
        tables::recovery_schema(),
        tables::pairs_schema(),
        tables::regions_schema(),
        tables::estimates_schema(),
        tables::rivals_schema(),
        tables::confusion_schema(),
    ]
}

/// Makes the tables, in the order of [`all_schemas`].
fn all_tables(recover: &RecoverSpec, results: &RecoveryResults) -> Vec<Table> {
    let mut all = vec![tables::designs_table(recover, results)];
    if has_quantities(recover) {
        all.extend([
            tables::recovery_table(recover, results),
            tables::pairs_table(recover, results),
            tables::regions_table(recover, results),
            tables::estimates_table(recover, results),
        ]);
    }
    if recover.has_rivals {
        all.extend([
            tables::rivals_table(recover, results),
            tables::confusion_table(recover, results),
        ]);
    }
    all
}

/// One part of the inference.
enum InferredPart {
    Recovery(Box<DesignRecovery>),
    Confusion(RivalConfusion),
}

/// Infers everything from the simulations, each explanation and design by itself.
fn results(
    recover: &RecoverSpec,
    simulated: &SimulatedStudies,
    control: &Control,
) -> Result<RecoveryResults, Error> {
    let designs = recover.designs.len();
    let explanations = simulated.explanations.len();
    let recoveries = (designs * explanations) as u64;
    let confusions = if recover.has_rivals {
        designs as u64
    } else {
        0
    };
    let work = |job: u64| -> Result<InferredPart, Cancelled> {
        control.cancel.check()?;
        if job >= recoveries {
            let design = (job - recoveries) as usize;
            let all = simulated.explanations.iter();
            let own: Vec<&[Vec<f64>]> = all.map(|own| &own.summaries[design][..]).collect();
            return Ok(InferredPart::Confusion(confusion(&own)));
        }
        let own = &simulated.explanations[job as usize / designs];
        let table = ReferenceTable {
            scales: &own.scales,
            quantities: own.scales.len() - recover.effects.len(),
            scores: &own.scores,
            summaries: &own.summaries[job as usize % designs],
        };
        let found = table.recover(recover.tests as usize, control)?;
        Ok(InferredPart::Recovery(Box::new(found)))
    };
    let mut results = RecoveryResults {
        tallies: simulated.tallies.clone(),
        reliability: simulated
            .explanations
            .iter()
            .map(|own| own.reliability.clone())
            .collect(),
        ..RecoveryResults::default()
    };
    let mut all = Vec::new();
    let collect = |part: InferredPart| -> Result<(), Error> {
        match part {
            InferredPart::Recovery(found) => all.push(*found),
            InferredPart::Confusion(found) => results.confusions.push(found),
        }
        Ok(())
    };
    par_map_ordered(0..recoveries + confusions, WINDOW, work, collect)?;
    let mut all = all.into_iter();
    for _ in 0..explanations {
        results
            .recoveries
            .push(all.by_ref().take(designs).collect());
    }
    Ok(results)
}

impl UseCase for RecoverRunner {
    fn schemas(&self) -> Result<Vec<Schema>, Error> {
        match self.shard {
            Shard::ALL => self.all_schemas(),
            _ => Ok(Vec::new()),
        }
    }

    fn rerun(
        &self,
        folder: &Path,
        options: &SaveOptions,
        execution: Execution<'_>,
    ) -> Result<(), Error> {
        self.save_with(folder, options, execution).map(drop)
    }

    fn replot(
        &self,
        results: &Path,
        manifest: &Manifest,
        options: &ChartOptions,
    ) -> Result<DrawnCharts, Error> {
        if self.shard != Shard::ALL {
            return Err(Error::OnlyAShard {
                folder: results.to_owned(),
                shard: self.shard,
            });
        }
        let tables = read_tables(results, manifest, self.all_schemas()?)?;
        let (heading, cancel) = (self.heading(), CancelToken::default());
        Ok(charts::draw(
            self.spec()?,
            &tables,
            &heading,
            options,
            &cancel,
        ))
    }
}
