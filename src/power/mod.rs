//! Power of a study with given effects: data sets are simulated and analysed for each design, and the smallest
//! design that reaches the target is searched for.

pub(crate) mod charts;
pub(crate) mod data;
pub(crate) mod measure;
pub(crate) mod search;
pub(crate) mod tables;
#[cfg(test)]
mod tests;

use crate::chart::figure_list::{DrawnCharts, FailedChart};
use crate::chart::options::ChartOptions;
use crate::chart::{FigureHeading, count};
use crate::error::Error;
use crate::options::{Execution, SaveOptions};
use crate::report::power::{PowerTables, sentences};
use crate::results::provenance::origin;
use crate::results::{Folder, Leftover, Manifest, ResultsKind, refuse_inputs};
use crate::run::{changes, write_scenario};
use crate::runner::CancelToken;
use crate::scenario::Scenario;
use crate::scenario::power_spec::PowerSpec;
use crate::table::{Schema, Table};
use crate::use_case::{UseCase, commit};
use measure::{measure, size_of_design};
use search::{SearchResult, largest_search, search};
use std::path::Path;

impl Scenario {
    /// Returns the power analysis of the scenario's study, which has not started.
    ///
    /// # Errors
    /// [`Error::NoPower`] if the scenario has none.
    pub(crate) fn power<'a>(&self) -> Result<PowerRunner<'a>, Error> {
        if self.spec.power.is_none() {
            return Err(Error::NoPower);
        }
        Ok(PowerRunner {
            scenario: self.clone(),
            execution: Execution::default(),
        })
    }
}

/// A power analysis that has not started, with its options.
pub(crate) struct PowerRunner<'a> {
    scenario: Scenario,
    execution: Execution<'a>,
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
}

impl<'a> PowerRunner<'a> {
    /// Sets threads, progress and cancellation.
    pub(crate) fn execution(self, execution: Execution<'a>) -> Self {
        PowerRunner { execution, ..self }
    }

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
            couple_occasions: [
                designs.iter().map(size_of_design).sum::<u64>() * replicates,
                0,
            ],
        };
        if let Some(wanted) = &power.search {
            let open = power.designs_without(wanted.quantity);
            size.searches = open.len() as u64;
            let largest = open.iter().map(|design| largest_search(wanted, design));
            size.couple_occasions[1] = largest.sum::<u64>().saturating_mul(replicates);
        }
        Ok(size)
    }

    /// Simulates and analyses all data sets, and writes tables, charts and report to a folder.
    ///
    /// # Errors
    /// [`Error::Cancelled`], [`Error::Threads`] and [`Error::Output`].
    pub(crate) fn save_with(
        mut self,
        folder: &Path,
        options: &SaveOptions,
    ) -> Result<PowerRun, Error> {
        let mut execution = std::mem::take(&mut self.execution);
        self.save(folder, options, &mut execution)
    }

    fn save(
        &self,
        folder: &Path,
        options: &SaveOptions,
        execution: &mut Execution<'_>,
    ) -> Result<PowerRun, Error> {
        refuse_inputs(folder, self.scenario.files())?;
        let folder = Folder::create(folder, &ResultsKind::Power, options.replace)?;
        let mut run = self.done(execution)?;
        self.write(&mut run, folder, options, &execution.cancel)?;
        Ok(run)
    }

    fn done(&self, execution: &mut Execution<'_>) -> Result<PowerRun, Error> {
        let power = self.spec()?;
        let seed = self.scenario.config().seed;
        let size = self.size()?;
        let total = size
            .couple_occasions
            .iter()
            .fold(0_u64, |sum, one| sum.saturating_add(*one));
        let designs: Vec<([f64; 4], u64)> = power
            .designs()
            .into_iter()
            .map(|design| (design, 0))
            .collect();
        let (results, searches) = execution.run(total, |control| {
            let parts = 1 + size.searches;
            control.progress.set_parts(0, parts);
            let results = measure(power, seed, &designs, control)?;
            control.progress.finish_part();
            let mut searches: Vec<SearchResult> = Vec::new();
            if let Some(wanted) = &power.search {
                for design in power.designs_without(wanted.quantity) {
                    searches.push(search(power, wanted, seed, &design, control)?);
                    control.progress.finish_part();
                }
            }
            Ok((results, searches))
        })?;
        let mut tables = vec![tables::power_table(power, &results)];
        if let Some(wanted) = &power.search {
            tables.push(tables::frontier_table(power, wanted, &searches));
            tables.push(tables::searched_table(wanted, &searches));
        }
        let findings = sentences(
            power,
            &PowerTables {
                power: &tables[0],
                frontier: tables.get(1),
            },
        );
        Ok(PowerRun {
            title: self.scenario.title().to_owned(),
            size,
            findings: findings.unwrap_or_default(),
            tables,
            leftover: None,
            failed_charts: Vec::new(),
            files: 0,
        })
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

    fn write(
        &self,
        run: &mut PowerRun,
        mut folder: Folder,
        options: &SaveOptions,
        cancel: &CancelToken,
    ) -> Result<(), Error> {
        folder.write_tables(options.format, &run.tables.iter().collect::<Vec<_>>())?;
        write_scenario(&mut folder, &self.scenario)?;
        let mut drawn = DrawnCharts::default();
        if let Some(options) = &options.charts {
            drawn = charts::draw(self.spec()?, &run.tables, &self.heading(), options, cancel);
        }
        let origin = origin(&self.scenario, ResultsKind::Power, "power", options);
        cancel.check()?;
        let manifest = Manifest::new(origin);
        let (committed, failed) = commit(folder, drawn, manifest, Some(&self.scenario), options)?;
        run.files = committed.manifest.files.len() + 1;
        run.leftover = committed.leftover;
        run.failed_charts = failed;
        Ok(())
    }

    fn all_schemas(&self) -> Vec<Schema> {
        let mut schemas = vec![tables::power_schema()];
        let searches = self.spec().is_ok_and(|power| power.search.is_some());
        if searches {
            schemas.extend([tables::frontier_schema(), tables::searched_schema()]);
        }
        schemas
    }
}

/// A finished power analysis.
#[derive(Clone, Debug)]
pub(crate) struct PowerRun {
    pub(crate) title: String,
    pub(crate) size: PowerSize,
    /// What was found, a sentence each.
    pub(crate) findings: Vec<String>,
    /// The table `power`, and with a search `frontier` and `searched`.
    pub(crate) tables: Vec<Table>,
    /// What could not be removed after the results were in place.
    pub(crate) leftover: Option<Leftover>,
    /// Charts that could not be drawn or written.
    pub(crate) failed_charts: Vec<FailedChart>,
    /// Files of the folder that was written.
    pub(crate) files: usize,
}

impl UseCase for PowerRunner<'_> {
    fn schemas(&self) -> Result<Vec<Schema>, Error> {
        Ok(self.all_schemas())
    }

    fn rerun(
        &self,
        folder: &Path,
        options: &SaveOptions,
        mut execution: Execution<'_>,
    ) -> Result<(), Error> {
        self.save(folder, options, &mut execution).map(drop)
    }

    fn replot(
        &self,
        results: &Path,
        manifest: &Manifest,
        options: &ChartOptions,
    ) -> Result<DrawnCharts, Error> {
        let schemas = self.all_schemas();
        charts::replot(
            self.spec()?,
            results,
            manifest,
            &schemas,
            &self.heading(),
            options,
        )
    }
}
