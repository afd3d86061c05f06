//! Rounds within a budget of time: the work of a scenario, or a part of it, is done with every number of
//! threads in turn, over and over.

use crate::bench::machine::{cpu_time, wall_time};
use crate::bench::measurement::{MedianRange, ThreadTiming};
use crate::error::Error;
use crate::options::thread_pool;
use crate::runner::{Cancelled, Control, JobSubset, Plan, run};
use crate::scenario::Scenario;
use crate::simd::backend::Backend;
use crate::simulation::{BLOCK_COUPLES, BlockOutcome, Moments, SimulationConfig};
use crate::sweep::SweepReplication;
use crate::sweep::jobs::{JobCollector, JobOutcome, JobResult, run_jobs};
use crate::sweep::known_runs::KnownRuns;
use crate::sweep::plan::SweepPlan;
use rayon::ThreadPool;
use std::time::Duration;

/// Work that is cut into numbered jobs.
pub(crate) enum Workload {
    /// A sweep: its jobs are those of its plan, stopping as it says.
    Sweep(Box<SweepPlan>, SweepReplication),
    /// A run: its jobs are its blocks of couples.
    Run(Box<SimulationConfig>),
}

impl Workload {
    /// What the scenario asks for: its sweep, or its run where it has none.
    pub(crate) fn of(scenario: &Scenario) -> Workload {
        match SweepPlan::new(scenario.clone()) {
            Some(plan) => {
                let enough = SweepReplication::of(&plan);
                Workload::Sweep(Box::new(plan), enough)
            }
            None => Workload::Run(Box::new(scenario.config().clone())),
        }
    }

    /// The command that does all of it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Workload::Sweep(..) => "sweep",
            Workload::Run(_) => "run",
        }
    }

    /// Points of the design; 1 of a run.
    pub(crate) fn points(&self) -> u64 {
        match self {
            Workload::Sweep(plan, _) => plan.sweep().count(),
            Workload::Run(_) => 1,
        }
    }

    /// Runs of all of it, at most where stopping is sequential.
    pub(crate) fn runs(&self) -> u64 {
        match self {
            Workload::Sweep(plan, _) => plan.runs(),
            Workload::Run(config) => u64::from(config.size.replicates),
        }
    }

    /// How many jobs there are.
    pub(crate) fn jobs(&self) -> u64 {
        match self {
            Workload::Sweep(plan, _) => plan.jobs(),
            Workload::Run(config) => blocks(config) * u64::from(config.size.replicates),
        }
    }

    /// How many jobs [`simulate`](Workload::simulate) does if asked for so many: of a run either
    /// complete replicates or blocks of the first.
    pub(crate) fn divisible(&self, jobs: u64) -> u64 {
        match self {
            Workload::Sweep(..) => jobs,
            Workload::Run(config) if jobs < blocks(config) => jobs,
            Workload::Run(config) => jobs / blocks(config) * blocks(config),
        }
    }

    /// Does so many jobs on the current threads, those of a sweep spread over its design, and returns
    /// the number of runs. The results are aggregated as for tables, and not written.
    pub(crate) fn simulate(
        &self,
        jobs: u64,
        engine: Backend,
        control: &Control,
    ) -> Result<u64, Cancelled> {
        match self {
            Workload::Sweep(plan, enough) => {
                let spread = if jobs == plan.jobs() {
                    JobSubset::from(0..jobs)
                } else {
                    JobSubset::spread(0..plan.jobs(), jobs)
                };
                let mut runs = Runs(0);
                let known = KnownRuns::default();
                run_jobs(plan, spread, engine, enough, &known, control, &mut runs)?;
                Ok(runs.0)
            }
            Workload::Run(config) => {
                let plan = Plan::new(part(config, jobs));
                let mut sums = Moments::new(&plan.prepared().recorded);
                let take = |outcome: BlockOutcome| sums.join(&outcome.moments);
                run(&plan, engine, true, control, take)?;
                Ok(u64::from(plan.prepared().config.size.replicates))
            }
        }
    }
}

fn blocks(config: &SimulationConfig) -> u64 {
    config.size.couples.div_ceil(BLOCK_COUPLES).max(1)
}

/// The configuration with `jobs` blocks of couples: complete replicates, or a part of one.
fn part(config: &SimulationConfig, jobs: u64) -> SimulationConfig {
    let mut part = config.clone();
    let whole = jobs / blocks(config);
    if whole > 0 {
        part.size.replicates = whole.min(u64::from(config.size.replicates)) as u32;
    } else {
        part.size.replicates = 1;
        part.size.couples = jobs * BLOCK_COUPLES;
    }
    part
}

/// Takes a sweep's jobs and counts their runs.
struct Runs(u64);

impl JobCollector for Runs {
    type Error = Cancelled;
    fn take(&mut self, result: JobResult) -> Result<(), Cancelled> {
        if let JobOutcome::Runs { runs, .. } = result.outcome {
            self.0 += runs.len() as u64;
        }
        Ok(())
    }
}

/// How long the first look may take, which sizes the rest.
const MOST_PROBE: Duration = Duration::from_millis(1500);

/// One number of threads in one round.
#[derive(Clone, Copy, Debug)]
struct Lap {
    wall: Duration,
    cpu: Duration,
    couple_days: u64,
    runs: u64,
}

/// What does the measuring: pools of threads, and what is left of the time.
pub(crate) struct Rounds<'a> {
    workload: &'a Workload,
    control: &'a Control,
    engine: Backend,
    pools: Vec<ThreadPool>,
    start: Duration,
    budget: Duration,
}

/// What all rounds came to.
pub(crate) struct Measured {
    pub(crate) jobs: u64,
    pub(crate) runs: u64,
    pub(crate) couple_days: u64,
    pub(crate) rounds: u32,
    pub(crate) threads: Vec<ThreadTiming>,
}

/// 1, 2, 4 … and the most.
fn counts(most: usize) -> Vec<usize> {
    let mut counts: Vec<usize> = (0..usize::BITS)
        .map(|power| 1 << power)
        .take_while(|count| *count < most)
        .collect();
    counts.push(most);
    counts
}

impl<'a> Rounds<'a> {
    pub(crate) fn new(
        workload: &'a Workload,
        control: &'a Control,
        most_threads: usize,
        budget: Duration,
    ) -> Result<Rounds<'a>, Error> {
        Ok(Rounds {
            workload,
            control,
            engine: Backend::best(),
            pools: counts(most_threads)
                .into_iter()
                .map(|threads| thread_pool(Some(threads)))
                .collect::<Result<_, _>>()?,
            start: wall_time(),
            budget,
        })
    }

    /// What is left of the time.
    pub(crate) fn left(&self) -> Duration {
        self.budget.saturating_sub(wall_time() - self.start)
    }

    /// The time of one job with one thread. This also warms the machine up.
    pub(crate) fn probe(&self) -> Result<Duration, Error> {
        let limit = MOST_PROBE.min(self.budget / 20);
        let all = self.workload.jobs();
        let mut jobs = 1;
        loop {
            let jobs_done = self.workload.divisible(jobs);
            let lap = self.lap(&self.pools[0], jobs_done)?;
            if jobs_done == all || lap.wall * 2 > limit {
                return Ok(lap.wall.div_f64(jobs_done as f64));
            }
            jobs = (jobs * 2).min(all);
        }
    }

    /// Measures as many jobs in each round as the time that is left allows, were no thread to help.
    ///
    /// Rounds end early where they took longer than that; the first is always done.
    ///
    /// # Errors
    /// [`Error::NothingMeasured`] where every job failed.
    pub(crate) fn measure(&self, job: Duration, rounds: u32) -> Result<Measured, Error> {
        let laps = f64::from(rounds) * self.pools.len() as f64;
        let space = self.left().as_secs_f64() / laps / job.as_secs_f64().max(1e-9);
        let jobs = (space as u64).clamp(1, self.workload.jobs());
        let jobs = self.workload.divisible(jobs);
        let mut done: Vec<Vec<Lap>> = vec![Vec::new(); self.pools.len()];
        for round in 0..rounds {
            if round > 0 && self.left().is_zero() {
                break;
            }
            // Every other round goes backwards, so that a drift of the machine weighs on all alike.
            for turn in 0..self.pools.len() {
                let at = if round % 2 == 0 {
                    turn
                } else {
                    self.pools.len() - 1 - turn
                };
                let lap = self.lap(&self.pools[at], jobs)?;
                if lap.couple_days == 0 {
                    return Err(Error::NothingMeasured);
                }
                done[at].push(lap);
            }
        }
        let one = done[0][0];
        Ok(Measured {
            jobs,
            runs: one.runs,
            couple_days: one.couple_days,
            rounds: done[0].len() as u32,
            threads: self
                .pools
                .iter()
                .zip(&done)
                .filter_map(|(pool, laps)| by_threads(pool.current_num_threads(), laps, &done[0]))
                .collect(),
        })
    }

    fn lap(&self, pool: &ThreadPool, jobs: u64) -> Result<Lap, Cancelled> {
        let before = self.control.progress.intact_couple_days();
        let (wall, cpu) = (wall_time(), cpu_time());
        let runs = pool.install(|| self.workload.simulate(jobs, self.engine, self.control))?;
        Ok(Lap {
            cpu: cpu_time() - cpu,
            wall: wall_time() - wall,
            couple_days: self.control.progress.intact_couple_days() - before,
            runs,
        })
    }
}

/// Sums up the rounds of one number of threads; `alone` are those of one thread.
fn by_threads(threads: usize, laps: &[Lap], alone: &[Lap]) -> Option<ThreadTiming> {
    let each = |value: &dyn Fn(&Lap) -> f64| MedianRange::of(laps.iter().map(value));
    let efficiency = laps
        .iter()
        .zip(alone)
        .map(|(lap, alone)| alone.wall.as_secs_f64() / (threads as f64 * lap.wall.as_secs_f64()));
    Some(ThreadTiming {
        threads,
        seconds: each(&|lap| lap.wall.as_secs_f64())?,
        ns_cpu_per_couple_day: each(&|lap| lap.cpu.as_nanos() as f64 / lap.couple_days as f64)?,
        couple_days_per_second: each(&|lap| lap.couple_days as f64 / lap.wall.as_secs_f64())?,
        efficiency: MedianRange::of(efficiency)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "title = 'Some'\n[run]\nseed = 1\ncouples = 150\ndays = 3\nreplicates = 2\n";

    fn simulate(workload: &Workload, jobs: u64) -> (Result<u64, Cancelled>, u64) {
        let control = Control::default();
        let runs = workload.simulate(jobs, Backend::best(), &control);
        (runs, control.progress.couple_days())
    }

    #[test]
    fn a_run_is_measured_in_blocks_or_whole_replicates() {
        let scenario = Scenario::read_text("s.toml", TEXT, &[]).expect("a sound scenario");
        let workload = Workload::of(&scenario);
        assert_eq!((workload.kind(), workload.jobs()), ("run", 6));
        assert_eq!(
            [1, 2, 3, 5, 6].map(|jobs| workload.divisible(jobs)),
            [1, 2, 3, 3, 6]
        );
        assert_eq!(simulate(&workload, 2), (Ok(1), 128 * 3));
        assert_eq!(simulate(&workload, 3), (Ok(1), 150 * 3));
        assert_eq!(simulate(&workload, 6), (Ok(2), 300 * 3));
    }

    #[test]
    fn a_sweep_is_measured_in_jobs_of_its_plan() {
        let axis = "[[sweep.axis]]\nkey = 'traits.consistency'\nrange = [0, 1]\nsteps = 5\n";
        let text = format!("{TEXT}[sweep]\ndesign = 'grid'\n{axis}");
        let scenario = Scenario::read_text("s.toml", &text, &[]).expect("a sound scenario");
        let workload = Workload::of(&scenario);
        assert_eq!(
            (workload.kind(), workload.jobs(), workload.runs()),
            ("sweep", 5, 10)
        );
        assert_eq!(simulate(&workload, 3), (Ok(6), 3 * 300 * 3));
        assert_eq!(simulate(&workload, 5), (Ok(10), 5 * 300 * 3));
    }

    #[test]
    fn work_that_is_stopped_measures_nothing() {
        let scenario = Scenario::read_text("s.toml", TEXT, &[]).expect("a sound scenario");
        let control = Control::default();
        control.cancel.cancel();
        assert_eq!(
            Workload::of(&scenario).simulate(6, Backend::best(), &control),
            Err(Cancelled)
        );
    }

    #[test]
    fn numbers_of_threads_double_up_to_the_most() {
        assert_eq!(counts(1), [1]);
        assert_eq!(counts(2), [1, 2]);
        assert_eq!(counts(6), [1, 2, 4, 6]);
        assert_eq!(counts(8), [1, 2, 4, 8]);
    }

    #[test]
    fn efficiency_is_paired_within_the_round() {
        let lap = |milliseconds: u64| Lap {
            wall: Duration::from_millis(milliseconds),
            cpu: Duration::from_millis(80),
            couple_days: 1_000_000,
            runs: 1,
        };
        let alone = [lap(100), lap(200)];
        let found = by_threads(2, &[lap(50), lap(200)], &alone).expect("two rounds");
        assert_eq!((found.efficiency.least, found.efficiency.most), (0.5, 1.0));
        assert_eq!(found.ns_cpu_per_couple_day.median, 80.0);
        assert_eq!(found.couple_days_per_second.most, 20_000_000.0);
    }
}
