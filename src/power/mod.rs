//! Power of a study with given effects or of simulated couples: data sets are made and analysed for each design, and
//! the smallest design that reaches the target is searched for.

pub(crate) mod charts;
pub(crate) mod data;
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
use crate::report::power::{PowerTables, sentences};
use crate::results::{Folder, Manifest, ResultsKind, refuse_inputs};
use crate::run::changes;
use crate::runner::CancelToken;
use crate::scenario::Scenario;
use crate::scenario::power_spec::{DesignValues, PowerSpec};
use crate::study::analysis::StudyAnalysis;
use crate::study::sample::PreparedStudy;
use crate::table::{Schema, Table};
use crate::use_case::{UseCase, read_tables};
use measure::{
    EffectReference, PlannedDesign, PowerTask, TrueEffect, measure, reference_designs, references,
    size_of_design,
};
use search::{MOST_POINTS, SearchResult, largest_search, search};
use std::path::Path;

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
        let run = self
            .power()?
            .save_with(folder, options, Execution::default())?;
        Error::charts(folder.to_owned(), run.failed_charts)
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
        })
    }
}

/// A power analysis that has not started.
pub(crate) struct PowerRunner {
    scenario: Scenario,
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
    fn spec(&self) -> Result<&PowerSpec, Error> {
        self.scenario.spec.power.as_ref().ok_or(Error::NoPower)
    }

    /// How large it is.
    pub(crate) fn size(&self) -> Result<PowerSize, Error> {
        let power = self.spec()?;
        let replicates = u64::from(power.replicates);
        let designs = power.designs();
        let mut size = PowerSize {
            designs: designs.len() as u64,
            replicates,
            searches: 0,
            couple_occasions: [size_of_all(power, &designs).saturating_mul(replicates), 0],
            couple_days: 0,
        };
        if let Some(wanted) = &power.search {
            let open = power.designs_without(wanted.quantity);
            size.searches = open.len() as u64;
            let largest = open
                .iter()
                .map(|design| largest_search(power, wanted, design));
            let largest = largest.fold(0_u64, u64::saturating_add);
            size.couple_occasions[1] = largest.saturating_mul(replicates);
        }
        if let Some(measures) = power.study() {
            let (references, sets) = reference_designs(power, measures, &designs);
            let days = |designs: &[DesignValues]| self.couple_days(power, designs);
            size.couple_days = days(&designs).saturating_mul(replicates);
            let of_references = days(&references).saturating_mul(sets);
            size.couple_days = size.couple_days.saturating_add(of_references);
            if let Some(wanted) = &power.search {
                for mut design in power.designs_without(wanted.quantity) {
                    design[wanted.quantity as usize] = wanted.to;
                    let most = replicates.saturating_mul(MOST_POINTS as u64);
                    let all = days(&[design]).saturating_mul(most);
                    size.couple_days = size.couple_days.saturating_add(all);
                }
            }
        }
        Ok(size)
    }

    /// Couple-days of one data set of each design, if all couples of the run are simulated.
    fn couple_days(&self, power: &PowerSpec, designs: &[DesignValues]) -> u64 {
        let groups = self.task(power).groups_of_one_stream(designs);
        let all = groups.iter().filter_map(|group| group.first());
        all.map(PreparedStudy::couple_days)
            .fold(0, u64::saturating_add)
    }

    fn task<'t>(&'t self, power: &'t PowerSpec) -> PowerTask<'t> {
        PowerTask {
            power,
            config: self.scenario.config(),
        }
    }

    /// Makes and analyses all data sets, and writes tables, charts and report to a folder.
    ///
    /// # Errors
    /// [`Error::Cancelled`], [`Error::Threads`] and [`Error::Output`].
    pub(crate) fn save_with(
        &self,
        folder: &Path,
        options: &SaveOptions,
        mut execution: Execution<'_>,
    ) -> Result<StudyAnalysis<PowerSize>, Error> {
        refuse_inputs(folder, self.scenario.files())?;
        let kind = ResultsKind::Power;
        let folder = Folder::create(folder, &kind, options.replace)?;
        let mut analysis = self.done(&mut execution)?;
        let (spec, heading) = (self.spec()?, self.heading());
        let cancel = &execution.cancel;
        let draw = |tables: &[Table], options: &ChartOptions| {
            charts::draw(spec, tables, &heading, options, cancel)
        };
        analysis.write(folder, (&self.scenario, kind), options, draw, cancel)?;
        Ok(analysis)
    }

    fn done(&self, execution: &mut Execution<'_>) -> Result<StudyAnalysis<PowerSize>, Error> {
        let power = self.spec()?;
        let task = self.task(power);
        let size = self.size()?;
        let total = match power.study() {
            Some(_) => size.couple_days,
            None => {
                let [designs, searches] = size.couple_occasions;
                designs.saturating_add(searches)
            }
        };
        let designs = power.designs();
        let given = power.truths().unwrap_or_default();
        let (references, results, searches) = execution.run(total, |control| {
            let of_references = u64::from(power.study().is_some());
            control
                .progress
                .set_parts(0, 1 + of_references + size.searches);
            let mut found: Vec<EffectReference> = Vec::new();
            if let Some(measures) = power.study() {
                found = references(task, measures, &designs, control)?;
                control.progress.finish_part();
            }
            let truths = |design: &DesignValues| match found.iter().find(|own| own.is_of(design)) {
                Some(reference) => reference.truths(),
                None => given.iter().copied().map(TrueEffect::given).collect(),
            };
            let plan = |design: &DesignValues| PlannedDesign {
                design: *design,
                stream: 0,
                truths: truths(design),
            };
            let planned: Vec<PlannedDesign> = designs.iter().map(plan).collect();
            let results = measure(task, &planned, control)?;
            control.progress.finish_part();
            let mut searches: Vec<SearchResult> = Vec::new();
            if let Some(wanted) = &power.search {
                for design in power.designs_without(wanted.quantity) {
                    searches.push(search(task, wanted, &design, control)?);
                    control.progress.finish_part();
                }
            }
            Ok((found, results, searches))
        })?;
        let mut tables = vec![tables::power_table(power, &results, &references)];
        if let Some(wanted) = &power.search {
            tables.push(tables::frontier_table(power, wanted, &searches));
            tables.push(tables::searched_table(power, wanted, &searches));
        }
        let found = sentences(
            power,
            &PowerTables {
                power: &tables[0],
                frontier: tables.get(1),
            },
        );
        let findings = found.unwrap_or_default();
        Ok(StudyAnalysis::new(&self.scenario, size, tables, findings))
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

fn size_of_all(power: &PowerSpec, designs: &[DesignValues]) -> u64 {
    let sizes = designs.iter().map(|design| size_of_design(power, design));
    sizes.fold(0, u64::saturating_add)
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
        Ok(self.all_schemas())
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
