//! Studies of simulated couples: data sets as a study of a given design would have them, in the layouts that models
//! of couples take, with the truth behind them and scripts that fit the models.

pub(crate) mod analysis;
pub(crate) mod jobs;
pub(crate) mod layouts;
pub(crate) mod participation;
pub(crate) mod sample;
pub(crate) mod scripts;
#[cfg(test)]
mod tests;

use crate::chart::figure_list::{DrawnCharts, FailedChart};
use crate::chart::options::ChartOptions;
use crate::chart::{FigureHeading, count};
use crate::error::Error;
use crate::options::{Execution, SaveOptions, execution_methods, thread_count};
use crate::results::provenance::origin;
use crate::results::{Folder, Leftover, Manifest, OutputError, ResultsKind, refuse_inputs};
use crate::run::{changes, write_scenario};
use crate::runner::{CancelToken, Cancelled, WorkStage, par_map_ordered};
use crate::scenario::Scenario;
use crate::study::layouts::{rows, schemas};
use crate::study::participation::{ParticipationTally, participation_schema};
use crate::study::sample::{AnswerState, PreparedStudy, RecruitmentCounts, StudyReplicate};
use crate::table::{Batch, Schema, Sink, Table};
use crate::use_case::{UseCase, commit, read_tables};
use std::fmt;
use std::path::Path;

impl Scenario {
    /// Writes data sets as the study of the scenario would have them to a folder, as `pairbond study` does: its
    /// answers in long, dyadic and pairwise layouts, the truth behind them, a codebook, and scripts for R. A data
    /// set depends on its number and not on how many there are.
    ///
    /// # Errors
    /// [`Error::NoStudy`] if the scenario has none, [`Error::Output`] and [`Error::Threads`]; [`Error::Charts`] if
    /// the folder has all files but the report.
    pub fn save_study(
        &self,
        folder: impl AsRef<Path>,
        replicates: u32,
        options: &SaveOptions,
    ) -> Result<(), Error> {
        let folder = folder.as_ref();
        let outcome = self.study(replicates)?.save_with(folder, options)?;
        Error::charts(folder.to_owned(), outcome.failed_charts)
    }

    /// Returns the making of data sets, which has not started.
    ///
    /// # Errors
    /// [`Error::NoStudy`] if the scenario has no study.
    pub(crate) fn study<'a>(&self, replicates: u32) -> Result<StudyRunner<'a>, Error> {
        let study = PreparedStudy::new(self.config())?;
        Ok(StudyRunner {
            task: StudyTask {
                scenario: self.clone(),
                study,
                replicates: replicates.max(1),
            },
            execution: Execution::default(),
        })
    }
}

/// The tables that a study can have, with one scale of each kind.
pub(crate) fn explained_schemas() -> Vec<Schema> {
    let text = "title = 'x'\n[study]\nscreen = 'ras'\nquestionnaire = ['ras']\ndiary = ['daily_conflict']\n";
    let scenario = Scenario::parse(text).expect("the scenario is valid, as a test shows");
    let study = PreparedStudy::new(scenario.config()).expect("it has a study");
    all_schemas(&study)
}

/// The schemas of a study's tables: those of its data sets, and that over all of them.
fn all_schemas(study: &PreparedStudy) -> Vec<Schema> {
    let mut all = schemas(study);
    all.push(participation_schema());
    all
}

/// The making of data sets, with its options.
pub(crate) struct StudyRunner<'a> {
    task: StudyTask,
    execution: Execution<'a>,
}

/// Which data sets are made.
struct StudyTask {
    scenario: Scenario,
    study: PreparedStudy,
    replicates: u32,
}

/// Replicates whose rows wait to be written, for each thread.
const WAITING: u64 = 4;

/// What was made of the study of a scenario.
#[derive(Debug)]
pub(crate) struct StudyOutcome {
    /// Data sets.
    pub(crate) replicates: u32,
    /// How couples came into all of them.
    pub(crate) recruitment: RecruitmentCounts,
    /// Occasions on which persons were in the study, and those that were answered.
    pub(crate) occasions: [u64; 2],
    /// Couples of which the study learnt of a break-up, and those of whom at least one member stopped.
    pub(crate) lost: [u64; 2],
    /// Files of the folder that was written.
    pub(crate) files: usize,
    /// What could not be removed after the results were in place.
    pub(crate) leftover: Option<Leftover>,
    /// The report, if it could not be written.
    pub(crate) failed_charts: Vec<FailedChart>,
}

impl StudyOutcome {
    fn add(&mut self, data: &StudyReplicate) {
        let (all, own) = (&mut self.recruitment, &data.recruitment);
        all.wanted += own.wanted;
        all.approached += own.approached;
        all.separated += own.separated;
        all.screened_out += own.screened_out;
        all.recruited += own.recruited;
        for couple in &data.couples {
            self.lost[0] += u64::from(couple.separated.is_finite());
            let stopped = couple.dropped_out.iter().any(|day| day.is_finite());
            self.lost[1] += u64::from(stopped);
            for set in [&couple.waves, &couple.prompts] {
                for state in set.states.iter().flatten() {
                    let is_answered = *state == AnswerState::Answered;
                    let is_requested = is_answered || *state == AnswerState::Missed;
                    self.occasions[0] += u64::from(is_requested);
                    self.occasions[1] += u64::from(is_answered);
                }
            }
        }
    }
}

/// What `pairbond study` prints.
impl fmt::Display for StudyOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RecruitmentCounts {
            wanted,
            approached,
            separated,
            screened_out,
            recruited,
        } = self.recruitment;
        let sets = match self.replicates {
            1 => "1 data set".to_owned(),
            count => format!("{count} data sets"),
        };
        writeln!(
            f,
            "{sets}: {recruited} of {wanted} couples recruited, of {approached} approached ({separated} separated \
             before, {screened_out} screened out)"
        )?;
        let [requested, answered] = self.occasions;
        let share = 100.0 * answered as f64 / requested as f64;
        writeln!(
            f,
            "{answered} of {requested} occasions answered ({share:.1}%) by persons in the study; {} couples broke up, in {} \
             a member stopped",
            self.lost[0], self.lost[1]
        )
    }
}

#[expect(
    unreachable_pub,
    reason = "the methods that all builders share are public"
)]
impl<'a> StudyRunner<'a> {
    execution_methods!();

    /// Makes the data sets and writes them, with everything else, to a folder.
    ///
    /// # Errors
    /// [`Error::Output`], [`Error::Cancelled`] and [`Error::Threads`].
    pub(crate) fn save_with(
        mut self,
        folder: impl AsRef<Path>,
        options: &SaveOptions,
    ) -> Result<StudyOutcome, Error> {
        self.task
            .save(folder.as_ref(), options, &mut self.execution)
    }
}

impl StudyTask {
    fn save(
        &self,
        folder: &Path,
        options: &SaveOptions,
        execution: &mut Execution<'_>,
    ) -> Result<StudyOutcome, Error> {
        refuse_inputs(folder, self.scenario.files())?;
        let kind = ResultsKind::Study {
            replicates: self.replicates,
        };
        let mut folder = Folder::create(folder, &kind, options.replace)?;
        let schemas = schemas(&self.study);
        let all = all_schemas(&self.study);
        let total = self
            .study
            .couple_days()
            .saturating_mul(self.replicates.into());
        let window = WAITING * thread_count(execution.threads) as u64;
        execution.run(total, |control| {
            let mut tables = folder.tables(options.format, &all)?;
            let mut participation = ParticipationTally::default();
            let mut outcome = StudyOutcome {
                replicates: self.replicates,
                recruitment: RecruitmentCounts::default(),
                occasions: [0; 2],
                lost: [0; 2],
                files: 0,
                leftover: None,
                failed_charts: Vec::new(),
            };
            let work = |number: u64| -> Result<(StudyReplicate, Vec<Batch>), Cancelled> {
                let data = self.study.replicate(number as u32, control)?;
                let rows = rows(&self.study, &data, &schemas);
                Ok((data, rows))
            };
            par_map_ordered(
                0..self.replicates.into(),
                window,
                work,
                |(data, rows): (StudyReplicate, Vec<Batch>)| -> Result<(), Error> {
                    outcome.add(&data);
                    participation.add(&data);
                    for (schema, rows) in schemas.iter().zip(&rows) {
                        tables.accept(schema, rows)?;
                    }
                    Ok(())
                },
            )?;
            let participation = Table {
                schema: participation_schema(),
                rows: participation.rows(&self.study),
            };
            tables.accept(&participation.schema, &participation.rows)?;
            folder.finish_tables(tables)?;
            folder.write_codebook(&all)?;
            control.progress.enter(WorkStage::Finishing);
            let drawn = match &options.charts {
                Some(charts) => self.draw(&[participation], charts, &control.cancel),
                None => DrawnCharts::default(),
            };
            self.finish(folder, options, drawn, &mut outcome)?;
            Ok(outcome)
        })
    }

    fn draw(&self, tables: &[Table], options: &ChartOptions, cancel: &CancelToken) -> DrawnCharts {
        let heading = FigureHeading {
            title: self.scenario.title().to_owned(),
            size: match self.replicates {
                1 => format!("1 data set{}", changes(&self.scenario)),
                sets => format!(
                    "{} data sets{}",
                    count(sets.into()),
                    changes(&self.scenario)
                ),
            },
        };
        participation::draw(tables, &heading, options, cancel)
    }

    /// Completes a folder that has its tables.
    fn finish(
        &self,
        mut folder: Folder,
        options: &SaveOptions,
        drawn: DrawnCharts,
        outcome: &mut StudyOutcome,
    ) -> Result<(), OutputError> {
        write_scenario(&mut folder, &self.scenario)?;
        for (name, text) in scripts::scripts(&self.study) {
            folder.write(name, text.as_bytes())?;
        }
        let kind = ResultsKind::Study {
            replicates: self.replicates,
        };
        let mut origin = origin(&self.scenario, kind, "study", options);
        origin
            .command
            .extend(["--replicates".to_owned(), self.replicates.to_string()]);
        let (committed, failed) = commit(
            folder,
            drawn,
            Manifest::new(origin),
            Some(&self.scenario),
            options,
        )?;
        outcome.files = committed.manifest.files.len() + 1;
        outcome.leftover = committed.leftover;
        outcome.failed_charts = failed;
        Ok(())
    }
}

impl UseCase for StudyRunner<'_> {
    fn schemas(&self) -> Result<Vec<Schema>, Error> {
        Ok(all_schemas(&self.task.study))
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
        let tables = read_tables(results, manifest, [participation_schema()])?;
        Ok(self.task.draw(&tables, options, &CancelToken::default()))
    }
}
