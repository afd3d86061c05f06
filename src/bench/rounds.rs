//! Rounds within a budget of time: every number of threads in turn, over and over.

use super::clock::{cpu_time, wall_time};
use super::measurement::ThreadTiming;
use super::timing_stats::MedianRange;
use super::workload::Workload;
use crate::error::Error;
use crate::options::thread_pool;
use crate::runner::{Cancelled, Control};
use crate::simd::backend::Backend;
use rayon::ThreadPool;
use std::time::Duration;

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
    pub(crate) workload: &'a Workload,
    pub(crate) control: &'a Control,
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
        let room = self.left().as_secs_f64() / laps / job.as_secs_f64().max(1e-9);
        let jobs = (room as u64).clamp(1, self.workload.jobs());
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
