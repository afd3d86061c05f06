//! Analyses of planned studies as numbered jobs, each of which gives a list of numbers. Every finished job is written
//! to a journal, from which an interrupted analysis is resumed. Shards do parts of the jobs, and are merged.
//!
//! Results are a function of the outcomes of all jobs in their order.

use super::analysis::StudyAnalysis;
use crate::chart::figure_list::DrawnCharts;
use crate::chart::options::ChartOptions;
use crate::error::Error;
use crate::options::{Execution, SaveOptions};
use crate::results::manifest::ShardedWork;
use crate::results::provenance::{is_finished, job_spec};
use crate::results::resume::{Resume, unfinished_folder};
use crate::results::shards::{self, ShardFolders, results_kind};
use crate::results::{
    Folder, JOURNAL_NAME, JobOutcome, JobResult, Journal, JournalReader, KeptJournal, Leftover,
    Manifest, Origin, refuse_inputs, resume,
};
use crate::run::write_scenario;
use crate::runner::{Cancelled, Control, WorkStage, par_map_ordered};
use crate::scenario::Scenario;
use crate::sweep::shard::{MergeError, Shard};
use crate::table::Table;
use crate::use_case::commit;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Jobs that may lie between the first that is not collected and the last that has begun.
const WINDOW: u64 = 256;

/// Jobs that follow one another and take about as long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct JobPart {
    pub(crate) jobs: u64,
    /// Couple-days or couple-occasions of each job, at most.
    pub(crate) cost: u64,
    /// Whether a job uses all threads, so that one is done at a time.
    pub(crate) uses_all_threads: bool,
}

/// An analysis that consists of numbered jobs.
pub(crate) trait JobAnalysis: Sync {
    /// How large it is.
    type Size: Send;

    fn scenario(&self) -> &Scenario;
    fn work(&self) -> ShardedWork;
    fn size(&self) -> Self::Size;
    /// All jobs, in the order of their numbers.
    fn parts(&self) -> Vec<JobPart>;
    /// Does a job. Its outcome depends on nothing but its number.
    ///
    /// # Errors
    /// [`Error::Cancelled`], and what makes the analysis impossible.
    fn outcome(&self, job: u64, control: &Control) -> Result<Vec<f64>, Error>;
    /// Makes tables and findings of all outcomes.
    ///
    /// # Errors
    /// Those of the outcomes, and [`Error::Cancelled`].
    fn finish(
        &self,
        outcomes: &mut JobOutcomes,
        control: &Control,
    ) -> Result<(Vec<Table>, Vec<String>), Error>;
    fn draw(&self, tables: &[Table], options: &ChartOptions, control: &Control) -> DrawnCharts;
}

/// Where results go, and of which part of an analysis.
#[derive(Clone, Copy)]
pub(crate) struct AnalysisOutput<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) shard: Shard,
    /// Whether an analysis that was interrupted is continued.
    pub(crate) resume: bool,
    pub(crate) options: &'a SaveOptions,
}

/// What was written.
pub(crate) enum SavedAnalysis<Size> {
    Whole(StudyAnalysis<Size>),
    Shard(SavedShard),
}

/// A part of an analysis that was written.
#[derive(Clone, Debug)]
pub(crate) struct SavedShard {
    pub(crate) title: String,
    pub(crate) jobs: u64,
    pub(crate) files: usize,
    pub(crate) leftover: Option<Leftover>,
}

impl<Size> SavedAnalysis<Size> {
    /// The analysis, where it is not a shard.
    pub(crate) fn whole(self) -> Option<StudyAnalysis<Size>> {
        match self {
            SavedAnalysis::Whole(analysis) => Some(analysis),
            SavedAnalysis::Shard(_) => None,
        }
    }
}

/// The jobs of a shard, so that shards take about equally long. They do not overlap and cover all jobs.
pub(crate) fn jobs_of(parts: &[JobPart], shard: Shard) -> Range<u64> {
    let cost = |part: &JobPart| u128::from(part.cost.max(1));
    let total: u128 = parts
        .iter()
        .map(|part| u128::from(part.jobs) * cost(part))
        .sum();
    let cut = |number: u64| -> u64 {
        let mut left = total * u128::from(number) / u128::from(shard.of);
        let mut jobs = 0;
        for part in parts {
            let own = u128::from(part.jobs) * cost(part);
            if left < own {
                return jobs + (left / cost(part)) as u64;
            }
            left -= own;
            jobs += part.jobs;
        }
        jobs
    };
    cut(shard.number - 1)..cut(shard.number)
}

/// Outcomes of jobs, read one after the other from the journals that have them.
pub(crate) struct JobOutcomes {
    /// By shard, the last first.
    journals: Vec<(PathBuf, Range<u64>)>,
    /// The journal that is read, its jobs, and how many of them were read.
    open: Option<(JournalReader, Range<u64>, u64)>,
}

impl JobOutcomes {
    fn new(mut journals: Vec<(PathBuf, Range<u64>)>) -> JobOutcomes {
        journals.reverse();
        JobOutcomes {
            journals,
            open: None,
        }
    }

    /// The outcome of the next job, which has so many numbers.
    ///
    /// # Errors
    /// Those of [`next`](JobOutcomes::next); [`Error::Merge`] of an outcome that has not.
    pub(crate) fn next_of(&mut self, count: usize) -> Result<Vec<f64>, Error> {
        let numbers = self.next()?;
        let folder = self.open.as_ref().map(|(reader, ..)| reader.folder());
        if numbers.len() == count {
            return Ok(numbers);
        }
        Err(Error::Merge {
            folder: folder.unwrap_or_default(),
            source: MergeError::OtherNumbers {
                expected: count,
                found: numbers.len(),
            },
        })
    }

    /// The outcome of the next job.
    ///
    /// # Errors
    /// [`Error::Output`] of a journal that cannot be read; [`Error::Merge`] of one that has too few jobs.
    pub(crate) fn next(&mut self) -> Result<Vec<f64>, Error> {
        loop {
            if let Some((reader, jobs, read)) = &mut self.open
                && jobs.start + *read < jobs.end
            {
                let expected = jobs.end - jobs.start;
                let found = *read;
                *read += 1;
                return match reader.next()? {
                    Some(JobResult {
                        outcome: JobOutcome::Statistics(numbers),
                        ..
                    }) => Ok(numbers),
                    _ => Err(Error::Merge {
                        folder: reader.folder(),
                        source: MergeError::Incomplete { expected, found },
                    }),
                };
            }
            let Some((path, jobs)) = self.journals.pop() else {
                return Err(Error::Merge {
                    folder: PathBuf::new(),
                    source: MergeError::NoShards,
                });
            };
            self.open = Some((JournalReader::open(&path, jobs.start)?, jobs, 0));
        }
    }
}

fn origin_of(analysis: &impl JobAnalysis, output: &AnalysisOutput<'_>) -> Origin {
    let part = (analysis.work(), output.shard);
    shards::origin_of(analysis.scenario(), part, output.options)
}

/// Does the jobs of an analysis, or of a shard, and writes the results, which appear complete or not at all.
///
/// # Errors
/// [`Error::Output`], [`Error::Threads`], and those of the analysis; [`Error::Interrupted`] and [`Error::Resumable`] if
/// it did not finish and can be resumed; [`Error::Changed`] and [`Error::AlreadyFinished`] if it cannot be.
pub(crate) fn save<A: JobAnalysis>(
    analysis: &A,
    output: &AnalysisOutput<'_>,
    execution: &mut Execution<'_>,
) -> Result<SavedAnalysis<A::Size>, Error> {
    let scenario = analysis.scenario();
    refuse_inputs(output.folder, scenario.files())?;
    let parts = analysis.parts();
    let jobs = jobs_of(&parts, output.shard);
    let kind = results_kind(analysis.work(), output.shard);
    let request = Resume {
        folder: output.folder,
        kind: &kind,
        replace: output.options.replace,
        resume: output.resume,
    };
    let is_done = || {
        let origin = origin_of(analysis, output);
        is_finished(output.folder, origin, scenario.attachments())
    };
    let (work, replaces) = (analysis.work(), output.options.replace);
    let question = job_spec(scenario, work.name(), &jobs, replaces);
    let (mut journal, replace) = resume::open(request, &question, is_done)?;
    let options = output.options.clone().replace(replace);
    let output = &AnalysisOutput {
        options: &options,
        ..*output
    };
    let left = journal.next()..jobs.end;
    let total = ranges(&parts, &left).map(|(part, jobs)| (jobs.end - jobs.start) * part.cost);
    let total = total.fold(0, u64::saturating_add);
    let saved = execution.run(total, |control| {
        let done = do_jobs(analysis, (&parts, left), &mut journal, control);
        let synced = journal.sync();
        done?;
        synced?;
        control.progress.enter(WorkStage::Finishing);
        let path = journal.path();
        match output.shard {
            Shard::ALL => {
                let all = JobOutcomes::new(vec![(path.to_owned(), jobs.clone())]);
                finish(analysis, output, all, control).map(SavedAnalysis::Whole)
            }
            _ => finish_shard(analysis, output, path, &jobs).map(SavedAnalysis::Shard),
        }
    });
    match saved {
        Ok(mut saved) => {
            let leftover = match &mut saved {
                SavedAnalysis::Whole(analysis) => &mut analysis.leftover,
                SavedAnalysis::Shard(shard) => &mut shard.leftover,
            };
            *leftover = leftover.take().or(journal.remove());
            Ok(saved)
        }
        Err(Error::Cancelled) => Err(Error::Interrupted {
            journal: unfinished_folder(output.folder),
            done: journal.next() - jobs.start,
            jobs: Some(jobs.end - jobs.start),
        }),
        Err(error) => Err(resume::resumable(output.folder, error)),
    }
}

/// Makes the results of an analysis of the folders of all its shards, in any order.
///
/// # Errors
/// [`Error::Merge`], [`Error::Output`] and [`Error::Threads`].
pub(crate) fn merge<A: JobAnalysis>(
    analysis: &A,
    shards: &ShardFolders,
    (out, options): (&Path, &SaveOptions),
    mut execution: Execution<'_>,
) -> Result<StudyAnalysis<A::Size>, Error> {
    let output = AnalysisOutput {
        folder: out,
        shard: Shard::ALL,
        resume: false,
        options,
    };
    let parts = analysis.parts();
    let journal =
        |(shard, folder): (Shard, &PathBuf)| (folder.join(JOURNAL_NAME), jobs_of(&parts, shard));
    let outcomes = JobOutcomes::new(shards.parts().map(journal).collect());
    execution.run(0, |control| {
        control.progress.enter(WorkStage::Finishing);
        finish(analysis, &output, outcomes, control)
    })
}

/// The parts that have jobs of a range, each with these jobs.
fn ranges<'p>(
    parts: &'p [JobPart],
    jobs: &Range<u64>,
) -> impl Iterator<Item = (&'p JobPart, Range<u64>)> {
    let (from, to) = (jobs.start, jobs.end);
    let mut first = 0;
    parts.iter().filter_map(move |part| {
        let own = first.max(from)..(first + part.jobs).min(to);
        first += part.jobs;
        (own.start < own.end).then_some((part, own))
    })
}

fn do_jobs(
    analysis: &impl JobAnalysis,
    (parts, left): (&[JobPart], Range<u64>),
    journal: &mut Journal,
    control: &Control,
) -> Result<(), Error> {
    let count = ranges(parts, &left).count() as u64;
    control.progress.set_parts(0, count);
    let mut write = |job: u64, outcome: Vec<f64>| -> Result<(), Error> {
        let outcome = JobOutcome::Statistics(outcome);
        Ok(journal.append(&JobResult { job, outcome })?)
    };
    for (part, jobs) in ranges(parts, &left) {
        if part.uses_all_threads {
            for job in jobs {
                write(job, analysis.outcome(job, control)?)?;
            }
        } else {
            let work = |job: u64| match analysis.outcome(job, control) {
                Err(Error::Cancelled) => Err(Cancelled),
                outcome => Ok((job, outcome)),
            };
            let collect = |(job, outcome): (u64, Result<Vec<f64>, Error>)| write(job, outcome?);
            par_map_ordered(jobs, WINDOW, work, collect)?;
        }
        control.progress.finish_part();
    }
    Ok(())
}

/// Makes tables and findings, and writes the results.
fn finish<A: JobAnalysis>(
    analysis: &A,
    output: &AnalysisOutput<'_>,
    mut outcomes: JobOutcomes,
    control: &Control,
) -> Result<StudyAnalysis<A::Size>, Error> {
    let kind = results_kind(analysis.work(), output.shard);
    let scenario = analysis.scenario();
    let (tables, findings) = analysis.finish(&mut outcomes, control)?;
    let mut all = StudyAnalysis::new(scenario, analysis.size(), tables, findings);
    let folder = Folder::create(output.folder, &kind, output.options.replace)?;
    let draw = |tables: &[Table], options: &ChartOptions| analysis.draw(tables, options, control);
    all.write(
        folder,
        (scenario, kind),
        output.options,
        draw,
        &control.cancel,
    )?;
    Ok(all)
}

/// Writes a shard's journal to a folder that can be merged.
fn finish_shard(
    analysis: &impl JobAnalysis,
    output: &AnalysisOutput<'_>,
    journal: &Path,
    jobs: &Range<u64>,
) -> Result<SavedShard, Error> {
    let (scenario, options) = (analysis.scenario(), output.options);
    let kind = results_kind(analysis.work(), output.shard);
    let mut folder = Folder::create(output.folder, &kind, options.replace)?;
    KeptJournal::copy(&mut folder, journal, jobs.start)?;
    write_scenario(&mut folder, scenario)?;
    let manifest = Manifest::new(origin_of(analysis, output));
    let charts = DrawnCharts::default();
    let (committed, _) = commit(folder, charts, manifest, Some(scenario), options)?;
    Ok(SavedShard {
        title: scenario.title().to_owned(),
        jobs: jobs.end - jobs.start,
        files: committed.manifest.files.len() + 1,
        leftover: committed.leftover,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(jobs: u64, cost: u64) -> JobPart {
        JobPart {
            jobs,
            cost,
            uses_all_threads: false,
        }
    }

    #[test]
    fn shards_cover_each_job_once_and_cost_about_as_much() {
        let parts = [
            part(40, 500),
            part(1000, 20),
            part(0, 9),
            part(4, 12_000),
            part(3, 0),
        ];
        let cost = |jobs: &Range<u64>| -> u64 {
            let own = ranges(&parts, jobs);
            own.map(|(part, jobs)| (jobs.end - jobs.start) * part.cost)
                .sum()
        };
        for of in [1, 2, 3, 7, 100] {
            let mut next = 0;
            for number in 1..=of {
                let jobs = jobs_of(&parts, Shard { number, of });
                assert_eq!(jobs.start, next);
                next = jobs.end;
                // All cost 88,000; a job that is large is not divided.
                assert!(
                    cost(&jobs) <= 88_000 / of + 12_000,
                    "{number}/{of}: {jobs:?}"
                );
            }
            assert_eq!(next, 1047);
        }
    }

    #[test]
    fn ranges_of_parts_are_the_jobs_that_are_left() {
        let parts = [part(3, 1), part(2, 1), part(4, 1)];
        let of = |jobs: Range<u64>| -> Vec<Range<u64>> {
            ranges(&parts, &jobs).map(|(_, jobs)| jobs).collect()
        };
        assert_eq!(of(0..9), [0..3, 3..5, 5..9]);
        assert_eq!(of(4..6), [4..5, 5..6]);
        assert_eq!(of(5..5), Vec::<Range<u64>>::new());
    }
}
