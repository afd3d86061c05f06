//! Sweeps: a design over a scenario is run, resumed, done in shards and merged; what comes out is a
//! pure function of the journal of its jobs.

pub mod aggregate;
pub mod charts;
pub mod findings;
pub mod finish;
pub mod forecast;
pub mod jobs;
pub mod merge;
pub mod pictures;
pub mod plan;
pub mod replot;
pub mod schemas;
pub mod shard;
pub mod size;
pub mod stopping;
pub mod tables;
#[cfg(test)]
pub(crate) mod tests;

use crate::error::Error;
use crate::results::provenance::plain_name;
use crate::results::resume;
use crate::results::resume::Wish;
use crate::results::resume::unfinished_folder;
use crate::results::{Format, Journal, JournalReader, OutputError, Question};
use crate::runner::Control;
use crate::scenario::Scenario;
use crate::simd::backend::Backend;
use crate::sweep::jobs::{JobResult, TakeJob};
use crate::sweep::plan::SweepPlan;
use crate::sweep::shard::Shard;
use std::path::{Path, PathBuf};

pub use forecast::{Forecast, forecast};
pub use merge::merge;
pub(crate) use replot::redraw;
pub(crate) use stopping::Enough;
pub(crate) use tables::schemas;

/// What a sweep is asked to do beyond its scenario; none of it changes a result.
#[derive(Clone, Debug)]
pub struct SweepRequest {
    /// Folder of the results.
    pub out: PathBuf,
    /// Whether older results, or an unfinished sweep, may be replaced.
    pub force: bool,
    /// Whether an unfinished sweep is gone on with.
    pub resume: bool,
    /// The part of the jobs to do.
    pub shard: Shard,
    /// Format of the tables.
    pub format: Format,
    /// Threads; all cores where `None`.
    pub threads: Option<usize>,
    /// Whether charts are drawn.
    pub charts: bool,
    /// The overrides with which the scenario was read, as `KEY=VALUE`, for the manifest.
    pub overrides: Vec<String>,
}

/// What a sweep came to.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepReport {
    /// Folder of the results.
    pub folder: PathBuf,
    /// Points of the design.
    pub points: u64,
    /// Runs that were done; of a shard, jobs.
    pub runs: u64,
    /// Whether this is a shard.
    pub is_shard: bool,
    /// Points of which runs failed.
    pub failed: u64,
    /// Files written, the manifest included.
    pub files: usize,
}

/// How far a sweep came that was stopped.
#[derive(Clone, Debug, PartialEq)]
pub struct Unfinished {
    /// Folder of the journal.
    pub folder: PathBuf,
    /// Jobs written down.
    pub done: u64,
    /// Jobs asked for.
    pub jobs: u64,
}

/// How a sweep came out.
#[derive(Clone, Debug, PartialEq)]
pub enum SweepOutcome {
    /// It was done.
    Done(SweepReport),
    /// It was stopped on request; it can be resumed.
    Stopped(Unfinished),
    /// It was to be resumed, and its results were in place already, in this folder.
    Already(PathBuf),
}

/// The folder that a sweep of the scenario file fills where none is named.
pub fn usual_folder(scenario_file: &Path, shard: Shard) -> PathBuf {
    let folder = super::run::usual_folder(scenario_file);
    if shard == Shard::ALL {
        return folder;
    }
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(format!("-shard-{}-of-{}", shard.number, shard.of));
    folder.with_file_name(name)
}

/// What a manifest's kind says of the part of a sweep; `None` of other results.
pub(crate) fn shard_of(kind: &str) -> Option<Shard> {
    match kind {
        "sweep" => Some(Shard::ALL),
        kind => kind.strip_prefix("shard ")?.parse().ok(),
    }
}

/// The folder of the journal that a sweep left which failed on the way, where it can be resumed.
pub fn kept(out: &Path, error: &Error) -> Option<PathBuf> {
    let on_the_way = matches!(
        error,
        Error::Chart { .. } | Error::Output(OutputError::Io { .. } | OutputError::Encoding { .. })
    );
    let folder = unfinished_folder(out);
    (on_the_way && Journal::question(&folder).is_ok()).then_some(folder)
}

/// Couple-days that a scenario's sweep asks for, were no couple to part; 0 without a sweep.
pub fn couple_days(scenario: &Scenario, shard: Shard) -> u64 {
    SweepPlan::new(scenario.clone()).map_or(0, |plan| {
        let jobs = shard.range(plan.jobs());
        size::couple_days(&plan, jobs).0
    })
}

/// Runs a sweep, or a shard of it, and lays its results down; they appear whole or not at all.
///
/// Every finished job is written to a journal beside the results' folder, so that a sweep that was
/// stopped or killed can be resumed; its results are then those of one that was not.
///
/// # Errors
/// [`Error::NoSweep`] where the scenario has none, [`Error::Changed`] where another
/// scenario is to be resumed, [`Error::Output`], [`Error::Threads`],
/// [`Error::Chart`].
pub fn sweep(
    scenario: &Scenario,
    request: &SweepRequest,
    control: &Control,
) -> Result<SweepOutcome, Error> {
    let plan = SweepPlan::new(scenario.clone()).ok_or(Error::NoSweep)?;
    let jobs = request.shard.range(plan.jobs());
    let question = question(scenario, request, jobs.clone());
    let folder = unfinished_folder(&request.out);
    let wish = Wish {
        out: &request.out,
        force: request.force,
        resume: request.resume,
    };
    let opened = resume::open(wish, &question, || finish::is_done(&plan, request))?;
    let Some((mut journal, force)) = opened else {
        return Ok(SweepOutcome::Already(request.out.clone()));
    };
    let request = &SweepRequest {
        force,
        ..request.clone()
    };
    let asked = request.threads.unwrap_or(0);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(asked)
        .build()
        .map_err(|source| Error::Threads { asked, source })?;
    let left = journal.next()..jobs.end;
    let enough = Enough::of(&plan);
    let mut log = Log {
        journal: &mut journal,
        unsynced: 0,
    };
    let finish = pool.install(|| {
        crate::sweep::jobs::sweep(&plan, left, Backend::best(), &enough, control, &mut log)
    });
    let synced = journal.sync();
    let report = match finish {
        Err(Error::Cancelled) => None,
        Err(error) => return Err(error),
        Ok(()) => {
            synced?;
            pool.install(|| {
                if request.shard == Shard::ALL {
                    let readers = vec![JournalReader::open(journal.path(), jobs.start)?];
                    finish::finish(&plan, request, readers, control)
                } else {
                    finish::finish_shard(&plan, request, journal.path(), &jobs).map(Some)
                }
            })?
        }
    };
    let Some(report) = report else {
        return Ok(SweepOutcome::Stopped(Unfinished {
            folder,
            done: journal.next() - jobs.start,
            jobs: jobs.end - jobs.start,
        }));
    };
    journal.remove()?;
    Ok(SweepOutcome::Done(report))
}

/// Writes jobs down as they come, and makes them last every so often.
struct Log<'a> {
    journal: &'a mut Journal,
    unsynced: u32,
}

/// Jobs between two waits for the device.
const SYNC_EVERY: u32 = 256;

impl TakeJob for Log<'_> {
    type Error = Error;
    fn take(&mut self, result: JobResult) -> Result<(), Error> {
        self.journal.append(&result)?;
        self.unsynced += 1;
        if self.unsynced >= SYNC_EVERY {
            self.unsynced = 0;
            self.journal.sync()?;
        }
        Ok(())
    }
}

fn question(scenario: &Scenario, request: &SweepRequest, jobs: std::ops::Range<u64>) -> Question {
    Question {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        scenario_file: plain_name(scenario.file_name()),
        scenario_text: with_attachments(scenario),
        overrides: request.overrides.clone(),
        first: jobs.start,
        end: jobs.end,
        replaces: request.force,
    }
}

/// All that was asked in writing: the scenario's text, and the tables that it names.
fn with_attachments(scenario: &Scenario) -> String {
    let mut text = scenario.text().to_owned();
    for (_, table) in scenario.attachments() {
        text.push('\n');
        text.push_str(table);
    }
    text
}
