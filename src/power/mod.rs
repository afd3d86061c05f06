//! Power of a study with given effects or of simulated couples: data sets are made and analysed for each design, and
//! the smallest design that reaches the target is searched for.

pub(crate) mod charts;
pub(crate) mod data;
pub(crate) mod jobs;
pub(crate) mod measure;
pub(crate) mod panel_data;
#[cfg(test)]
mod powerlapim;
pub(crate) mod search;
pub(crate) mod study_data;
pub(crate) mod tables;
#[cfg(test)]
mod tests;

use crate::chart::figure_list::DrawnCharts;
use crate::chart::options::ChartOptions;
use crate::chart::{FigureHeading, count};
use crate::error::Error;
use crate::options::{Execution, SaveOptions};
use crate::results::Manifest;
use crate::results::manifest::ShardedWork;
use crate::results::shards::ShardFolders;
use crate::run::changes;
use crate::runner::CancelToken;
use crate::scenario::Scenario;
use crate::scenario::power_spec::PowerSpec;
use crate::study::analysis::StudyAnalysis;
use crate::study::jobs::{AnalysisOutput, JobAnalysis, SavedAnalysis, merge, save};
use crate::sweep::shard::Shard;
use crate::table::Schema;
use crate::use_case::{UseCase, read_tables};
use jobs::PowerJobs;
use measure::PowerTask;
use std::path::{Path, PathBuf};

impl Scenario {
    /// Measures the power of a study with given effects or of simulated couples, and writes tables, charts and report to
    /// a folder, as `pairbond power` does: of each effect in each design of the scenario's `[power]` power, bias,
    /// coverage and errors of sign and size, and with a `[power.search]` the smallest designs that suffice.
    ///
    /// ```
    /// use pairbond::{SaveOptions, Scenario};
    /// let text = "title = 'A partner effect'
    ///     [power]
    ///     replicates = 50
    ///     occasions = 5
    ///     [power.vary]
    ///     couples = [20, 60]
    ///     [power.effects]
    ///     actor = 0.3
    ///     partner = 0.2
    ///     intercept_sd = 1.0
    ///     residual_sd = 1.0";
    /// # let home = tempfile::tempdir()?;
    /// # let folder = home.path().join("power");
    /// Scenario::parse(text)?.save_power(&folder, &SaveOptions::default().charts(false))?;
    /// assert!(folder.join("power.csv").exists());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NoPower`] if the scenario has none, [`Error::Output`] and [`Error::Threads`]; [`Error::Charts`] if the
    /// folder has all files but a chart or the report.
    pub fn save_power(&self, folder: impl AsRef<Path>, options: &SaveOptions) -> Result<(), Error> {
        let folder = folder.as_ref();
        let saved = self
            .power()?
            .save_with(folder, options, Execution::default())?;
        let failed = saved.whole().map(|analysis| analysis.failed_charts);
        Error::charts(folder.to_owned(), failed.unwrap_or_default())
    }

    /// Returns the power analysis of the scenario's `[power]`, which has not started.
    ///
    /// # Errors
    /// [`Error::NoPower`] if the scenario has none.
    pub(crate) fn power(&self) -> Result<PowerRunner, Error> {
        if self.spec.power.is_none() {
            return Err(Error::NoPower);
        }
        Ok(PowerRunner {
            scenario: self.clone(),
            shard: Shard::ALL,
            resume: false,
        })
    }
}

/// A power analysis that has not started.
pub(crate) struct PowerRunner {
    scenario: Scenario,
    shard: Shard,
    resume: bool,
}

/// How large a power analysis is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PowerSize {
    pub(crate) designs: u64,
    pub(crate) replicates: u64,
    /// Searches for the smallest design.
    pub(crate) searches: u64,
    /// Couple-occasions of all data sets of the designs, and at most of the searches.
    pub(crate) couple_occasions: [u64; 2],
    /// Couple-days that are simulated at most, with those of references; 0 with given effects.
    pub(crate) couple_days: u64,
}

impl PowerRunner {
    /// Restricts the analysis to a part of its jobs.
    pub(crate) fn shard(self, shard: Shard) -> PowerRunner {
        PowerRunner { shard, ..self }
    }

    /// Sets whether an analysis that was interrupted is continued.
    pub(crate) fn resume(self, resume: bool) -> PowerRunner {
        PowerRunner { resume, ..self }
    }

    fn spec(&self) -> Result<&PowerSpec, Error> {
        self.scenario.spec.power.as_ref().ok_or(Error::NoPower)
    }

    /// How large it is.
    pub(crate) fn size(&self) -> Result<PowerSize, Error> {
        PowerJobs::new(self).map(|jobs| jobs.size())
    }

    fn task<'t>(&'t self, power: &'t PowerSpec) -> PowerTask<'t> {
        PowerTask {
            power,
            config: self.scenario.config(),
        }
    }

    /// Makes and analyses all data sets, or those of a shard, and writes tables, charts and report to a folder.
    ///
    /// # Errors
    /// Those of [`jobs::save`](crate::study::jobs::save).
    pub(crate) fn save_with(
        &self,
        folder: &Path,
        options: &SaveOptions,
        mut execution: Execution<'_>,
    ) -> Result<SavedAnalysis<PowerSize>, Error> {
        let output = AnalysisOutput {
            folder,
            shard: self.shard,
            resume: self.resume,
            options,
        };
        save(&PowerJobs::new(self)?, &output, &mut execution)
    }

    /// What stands over each chart.
    fn heading(&self) -> FigureHeading {
        let replicates = self.spec().map_or(0, |power| power.replicates);
        FigureHeading {
            title: self.scenario.title().to_owned(),
            size: format!(
                "{} simulated data sets for each design{}",
                count(replicates.into()),
                changes(&self.scenario)
            ),
        }
    }

    fn all_schemas(&self) -> Vec<Schema> {
        self.spec().map_or_else(|_| Vec::new(), tables::schemas)
    }
}

/// Makes the results of a power analysis of the folders of all its shards.
///
/// # Errors
/// [`Error::Merge`] if they are not all shards of one such analysis; [`Error::Output`] and [`Error::Threads`].
pub(crate) fn merge_power(
    folders: &[PathBuf],
    (out, options): (&Path, &SaveOptions),
    execution: Execution<'_>,
) -> Result<StudyAnalysis<PowerSize>, Error> {
    let shards = ShardFolders::read(folders, out, ShardedWork::Power)?;
    let runner = shards.scenario()?.power()?;
    let jobs = PowerJobs::new(&runner)?;
    merge(&jobs, &shards, (out, options), execution)
}

/// The tables that a power analysis can have, with given effects and of simulated couples.
pub(crate) fn explained_schemas() -> Vec<Schema> {
    let given = "title = 'x'\n[power]\n[power.effects]\nactor = 0\npartner = 0\nintercept_sd = 1\nresidual_sd = 1\n\
                 [power.search]\neffect = 'actor_a'\nfrom = 10\nto = 20\n";
    let of_study = "title = 'x'\n[run]\nstep_days = 0.5\n[study]\n[power]\npredictor = 'daily_conflict'\noutcome = \
                    'daily_satisfaction'\n[power.vary]\nbursts = [1]\nprompts = [1]\ncompliance = [1]\nreliability = \
                    [1]\nodds_day = [1]\nodds_low_answer = [1]\nodds_conflict = [1]\ndrop_out_daily = [0]\n\
                    conflict_reported = [1]\nunresponsive_as_conflict = [0]\nconflict_false_alarm = [0]\n";
    let of_panel = "title = 'x'\n[run]\ndays = 400\n[study]\nwaves = 4\nburst_days = 0\n[power]\nanalysis = 'break_up'\n\
                    predictor = 'prqc_trust'\n[power.vary]\nwave_interval = [90]\nwave_compliance = [1]\ndrop_out = [0]\n";
    let of_growth = "title = 'x'\n[run]\ndays = 400\n[study]\nwaves = 4\nburst_days = 0\n[power]\nanalysis = 'growth'\n\
                     predictor = 'prqc_trust'\noutcome = 'prqc_satisfaction'\n";
    let of = |text: &str| {
        let scenario = Scenario::parse(text).expect("the scenario is valid, as a test shows");
        scenario
            .spec
            .power
            .as_ref()
            .map_or_else(Vec::new, tables::schemas)
    };
    [of(given), of(of_study), of(of_panel), of(of_growth)].concat()
}

impl UseCase for PowerRunner {
    fn schemas(&self) -> Result<Vec<Schema>, Error> {
        match self.shard {
            Shard::ALL => Ok(self.all_schemas()),
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
        let tables = read_tables(results, manifest, self.all_schemas())?;
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
