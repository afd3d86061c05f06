//! The jobs of a sweep: points of a design, each with its replicates. A point has a fixed number of them, or as many
//! as the stopping rule of [`crate::stats::stopping`] needs.

use super::known_runs::KnownRuns;
use super::plan::SweepPlan;
use crate::runner::{Cancelled, Control, JobSubset, par_map_ordered, run_counted_block};
use crate::scenario::{SweepMeasure, Until};
use crate::simd::backend::Backend;
use crate::simulation::{
    Block, BlockOutcome, BlockTable, Moments, PreparedRun, SimulationConfig, Sums, couples_schema,
};
use crate::stats::stopping::StoppingRule;
use crate::stats::summary::{RunningMoments, correlation, slope};
use crate::table::{Batch, Values};
use rayon::prelude::*;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub(crate) use crate::results::{JobOutcome, JobResult, RunResult};

/// Decides how many replicates a point gets.
pub(crate) trait Replication: Sync {
    /// How many more replicates follow these; 0 if there are enough.
    fn more(&self, runs: &[RunResult]) -> u32;
}

/// No sequential stopping: all replicates of the job.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AllReplicates;

impl Replication for AllReplicates {
    fn more(&self, runs: &[RunResult]) -> u32 {
        if runs.is_empty() { u32::MAX } else { 0 }
    }
}

/// Collects the results of jobs, in the order of their numbers.
pub(crate) trait JobCollector: Send {
    /// What can fail.
    type Error: From<Cancelled> + Send;
    /// Takes the next job's result.
    fn take(&mut self, result: JobResult) -> Result<(), Self::Error>;
}

/// Most bytes that the results of one window may take.
const WINDOW_BYTES: u64 = 96 << 20;
/// Jobs in a window for each thread, where memory allows.
const JOBS_PER_THREAD: u64 = 16;

/// Runs a range of a sweep's jobs, or jobs spread over it, on the current threads. Known runs are not
/// simulated.
pub(crate) fn run_jobs<T: JobCollector>(
    plan: &SweepPlan,
    jobs: impl Into<JobSubset>,
    engine: Backend,
    stopping: &impl Replication,
    known: &KnownRuns,
    control: &Control,
    take: &mut T,
) -> Result<(), T::Error> {
    let window = window(plan, rayon::current_num_threads());
    let jobs = jobs.into();
    // A stopping rule decides how many couple-days a point takes.
    let (count, mut done) = (jobs.count(), 0);
    let parts = plan.sweep().until.is_some();
    if parts {
        control.progress.set_parts(done, count);
    }
    let work = |position: u64| {
        let number = jobs.job(position);
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            work(plan, number, engine, stopping, known, control)
        }));
        let outcome = outcome.unwrap_or_else(|panic| Ok(JobOutcome::Failed(reason(&*panic))));
        outcome.map(|outcome| JobResult {
            job: number,
            outcome,
        })
    };
    par_map_ordered(0..count, window, work, |result| {
        done += 1;
        if parts {
            control.progress.set_parts(done, count);
        }
        take.take(result)
    })
}

/// Jobs whose results may wait for those before them.
fn window(plan: &SweepPlan, threads: usize) -> u64 {
    (WINDOW_BYTES / job_bytes(plan)).clamp(1, threads as u64 * JOBS_PER_THREAD)
}

/// Bytes that the results of one window take, about.
pub(crate) fn window_bytes(plan: &SweepPlan, threads: usize) -> u64 {
    window(plan, threads).saturating_mul(job_bytes(plan))
}

fn job_bytes(plan: &SweepPlan) -> u64 {
    let runs = u64::from(plan.job(0).replicates.len() as u32);
    let kept = if plan.sweep().couples {
        plan.max_couples() * 8 * couples_schema([true; 2]).columns.len() as u64
    } else {
        0
    };
    (runs * (128 + 24 * plan.sweep().measures.len() as u64 + kept)).max(1)
}

/// The message of a panic, for the row of the job that failed by it.
fn reason(panic: &(dyn std::any::Any + Send)) -> String {
    let said = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    format!(
        "internal error: {}",
        said.unwrap_or_else(|| "no reason given".to_owned())
    )
}

/// Does one job.
fn work(
    plan: &SweepPlan,
    number: u64,
    engine: Backend,
    stopping: &impl Replication,
    known: &KnownRuns,
    control: &Control,
) -> Result<JobOutcome, Cancelled> {
    let job = plan.job(number);
    let course = match plan.course(job.point) {
        Ok(course) => course,
        Err(reason) => return Ok(JobOutcome::Failed(reason)),
    };
    let mut runs: Vec<RunResult> = Vec::new();
    let mut couples = empty_couples(plan, &course);
    let mut known_here = known.of_job(plan, number, &course.config);
    let mut next = job.replicates.start;
    loop {
        let more = stopping.more(&runs).min(job.replicates.end - next);
        if more == 0 {
            return Ok(JobOutcome::Runs { runs, couples });
        }
        let end = next + more;
        while next < end {
            if let Some(found) = known_here.remove(&next) {
                known.count_taken(&found);
                runs.push(found.run);
                couples.append(found.couples);
                next += 1;
                continue;
            }
            let until_known = known_here.range(next..end).next();
            let batch = next..until_known.map_or(end, |(replicate, _)| *replicate);
            next = batch.end;
            let outcomes_of_batch = simulate(&course, batch.clone(), engine, control)?;
            let blocks = course.blocks_per_replicate() as usize;
            let mut outcomes_of_batch = outcomes_of_batch.into_iter();
            for replicate in batch {
                let outcomes = outcomes_of_batch.by_ref().take(blocks);
                runs.push(gather(plan, &course, replicate, outcomes, &mut couples));
            }
        }
    }
}

/// Simulates one of the runs of a job again.
///
/// # Errors
/// [`Cancelled`].
pub(crate) fn run_again(
    plan: &SweepPlan,
    config: SimulationConfig,
    replicate: u32,
    engine: Backend,
) -> Result<(RunResult, Batch), Cancelled> {
    let course = PreparedRun::new(config);
    let mut couples = empty_couples(plan, &course);
    let batch = replicate..replicate + 1;
    let outcomes = simulate(&course, batch, engine, &Control::default())?;
    let run = gather(plan, &course, replicate, outcomes.into_iter(), &mut couples);
    Ok((run, couples))
}

/// The rows of no couples; without columns if they are not kept.
fn empty_couples(plan: &SweepPlan, course: &PreparedRun) -> Batch {
    if plan.sweep().couples {
        Batch::empty(&couples_schema(course.config.origin.has_childhood()))
    } else {
        Batch::default()
    }
}

/// Simulates all blocks of some replicates, in parallel; returns them in order.
fn simulate(
    course: &PreparedRun,
    replicates: Range<u32>,
    engine: Backend,
    control: &Control,
) -> Result<Vec<BlockOutcome>, Cancelled> {
    let blocks = course.blocks_per_replicate();
    let first = u64::from(replicates.start) * blocks;
    let last = u64::from(replicates.end) * blocks;
    (first..last)
        .into_par_iter()
        .map(|number| {
            let block = Block {
                replicate: (number / blocks) as u32,
                index: number % blocks,
            };
            run_counted_block(course, block, engine, control, None)
        })
        .collect()
}

fn gather(
    plan: &SweepPlan,
    course: &PreparedRun,
    replicate: u32,
    blocks: impl Iterator<Item = BlockOutcome>,
    couples: &mut Batch,
) -> RunResult {
    let mut moments = Moments::new(&course.recorded);
    let mut ends = Vec::new();
    let schema = couples_schema(course.config.origin.has_childhood());
    let mut own = match course.config.record.couples {
        true => Batch::empty(&schema),
        false => Batch::default(),
    };
    for mut block in blocks {
        moments.join(&block.moments);
        ends.extend(block.ends);
        own.append(block.tables.take(BlockTable::Couples));
    }
    let column = |name: &str| match own.columns.get(schema.position(name)?) {
        Some(Values::Float(values)) => Some(values.as_slice()),
        _ => None,
    };
    let statistic = |measure: &SweepMeasure| {
        let columns = measure
            .couple_columns()
            .and_then(|[one, other]| column(one).zip(column(other)));
        match (measure, columns) {
            (SweepMeasure::Correlation(..), Some((one, other))) => correlation(one, other),
            (SweepMeasure::Slope(..), Some((of, on))) => slope(of, on),
            _ => f64::NAN,
        }
    };
    let sums = |measure: &SweepMeasure| measure.sums(course, &moments, &ends, statistic);
    let sums = plan.sweep().measures.iter().map(sums).collect();
    if plan.sweep().couples {
        couples.append(own);
    }
    RunResult {
        replicate,
        couples: course.config.size.couples,
        ended: ends.iter().flatten().count() as u64,
        sums,
    }
}

/// How many replicates the points of a sweep get.
pub(crate) enum SweepReplication {
    /// As many as the scenario says.
    Fixed,
    /// As many as the requested precision needs.
    Precise {
        /// The requested precision.
        until: Until,
        /// The measure's position among the sweep's measures.
        position: usize,
        /// Runs before the first look.
        first: u64,
    },
}

impl SweepReplication {
    /// What a plan asks for.
    pub(crate) fn of(plan: &SweepPlan) -> SweepReplication {
        let sweep = plan.sweep();
        let requested = sweep.until.and_then(|until| {
            let position = sweep.measures.iter().position(|m| *m == until.of)?;
            Some((until, position))
        });
        match requested {
            Some((until, position)) => SweepReplication::Precise {
                until,
                position,
                first: u64::from(plan.scenario().config().size.replicates),
            },
            None => SweepReplication::Fixed,
        }
    }

    /// Whether these runs give the requested precision; `None` if none is.
    pub(crate) fn reached(&self, runs: &[RunResult]) -> Option<bool> {
        match self {
            SweepReplication::Fixed => None,
            SweepReplication::Precise {
                until,
                position,
                first,
            } => {
                let values: RunningMoments = runs
                    .iter()
                    .map(|run| until.of.value(&run.sums[*position]))
                    .filter(|value| value.is_finite())
                    .collect();
                let look = |rule: StoppingRule| rule.look(&values).is_some();
                Some(rule(until, *first, spread(runs, *position)).is_some_and(look))
            }
        }
    }
}

/// The rule for means of runs with this spread. A valid scenario has no impossible one.
fn rule(until: &Until, first: u64, spread: f64) -> Option<StoppingRule> {
    StoppingRule::new(until.half_width, spread, until.confidence, first).ok()
}

/// How much runs' means should vary, from how much their couples do: couples are independent. Where
/// these have not varied either, as much as a share could.
fn spread(runs: &[RunResult], position: usize) -> f64 {
    let mut all = Sums::default();
    runs.iter().for_each(|run| all.join(&run.sums[position]));
    let couples = runs.iter().map(|run| run.couples).max().unwrap_or(1).max(1) as f64;
    let among_couples = all.sd();
    if among_couples > 0.0 && among_couples.is_finite() {
        among_couples / couples.sqrt()
    } else {
        1.0 / couples.sqrt()
    }
}

impl Replication for SweepReplication {
    fn more(&self, runs: &[RunResult]) -> u32 {
        match self {
            SweepReplication::Fixed => {
                if runs.is_empty() {
                    u32::MAX
                } else {
                    0
                }
            }
            SweepReplication::Precise {
                until,
                first,
                position,
            } => {
                let done = runs.len() as u64;
                if done > 0 && self.reached(runs) == Some(true) {
                    return 0;
                }
                let rule = rule(until, *first, spread(runs, *position));
                let next = rule.map_or(u64::MAX, |rule| rule.next_look(done));
                (next - done).min(u64::from(u32::MAX)) as u32
            }
        }
    }
}
