//! What a sweep will take: counted where it can be, estimated from a short measured probe where not.

use super::shard::Shard;
use super::size;
use crate::runner::{Cancelled, Control};
use crate::simd::backend::Backend;
use crate::sweep::jobs::AllReplicates;
use crate::sweep::jobs::{JobCollector, JobOutcome, JobResult};
use crate::sweep::plan::SweepPlan;
use std::fmt;
use std::time::{Duration, Instant};

/// How long the probe may take.
const PROBE: Duration = Duration::from_millis(1500);

/// What a sweep will take here.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// Points of the design.
    pub points: u64,
    /// Runs of all jobs at hand, at most where stopping is sequential.
    pub runs: u64,
    /// Couple-days, were no couple to part.
    pub couple_days: u64,
    /// Whether these are counted; of very many points that differ in size they are estimated.
    pub counted: bool,
    /// Wall-clock time on all cores, were all runs like those of the probe.
    pub time: Duration,
    /// Runs of the probe.
    pub probed: u64,
    /// Memory, about (bytes).
    pub memory: u64,
    /// The folder of results on the disk, its tables as text, about (bytes).
    pub disk: u64,
    /// The journal, which is on the disk until all is done, about (bytes).
    pub journal: u64,
}

/// Counts a sweep's work, and runs some of its jobs to estimate the time.
pub(crate) fn forecast(plan: &SweepPlan, shard: Shard) -> Forecast {
    let jobs = shard.range(plan.jobs());
    let (couple_days, counted) = size::couple_days(plan, jobs.clone());
    let bytes = size::bytes(plan, jobs.clone());
    let (time, probed) = probe(plan, jobs.clone());
    Forecast {
        points: plan.sweep().count(),
        runs: plan.runs_of(jobs.clone()),
        couple_days,
        counted,
        time: time.mul_f64((jobs.end - jobs.start) as f64),
        probed,
        memory: bytes.memory,
        disk: bytes.results,
        journal: bytes.journal,
    }
}

struct Count(u64);

impl JobCollector for Count {
    type Error = Cancelled;
    fn take(&mut self, result: JobResult) -> Result<(), Cancelled> {
        if let JobOutcome::Runs { runs, .. } = result.outcome {
            self.0 += runs.len() as u64;
        }
        Ok(())
    }
}

/// Does jobs spread over the range until time is up; gives the mean time of one.
fn probe(plan: &SweepPlan, jobs: std::ops::Range<u64>) -> (Duration, u64) {
    let start = Instant::now();
    let mut count = Count(0);
    let mut done = 0;
    let all = jobs.end - jobs.start;
    // Doubling batches: the first is short, the last is long enough to fill all cores.
    let mut batch = 1;
    while done < all && start.elapsed() < PROBE {
        let from = jobs.start + done;
        let until = (from + batch).min(jobs.end);
        let control = Control::default();
        let _ = crate::sweep::jobs::run_jobs(
            plan,
            from..until,
            Backend::best(),
            &AllReplicates,
            &control,
            &mut count,
        );
        done += until - from;
        batch *= 2;
    }
    (start.elapsed().div_f64(done.max(1) as f64), count.0)
}

impl fmt::Display for Forecast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "points       {}", self.points)?;
        writeln!(f, "runs         {}", self.runs)?;
        let about = if self.counted { "" } else { "about " };
        writeln!(f, "couple-days  {about}{}", self.couple_days)?;
        let seconds = self.time.as_secs_f64();
        let time = if seconds < 90.0 {
            format!("{seconds:.1} s")
        } else if seconds < 5400.0 {
            format!("{:.1} min", seconds / 60.0)
        } else {
            format!("{:.1} h", seconds / 3600.0)
        };
        writeln!(
            f,
            "time         about {time} on all cores, from a probe of {} runs",
            self.probed
        )?;
        writeln!(f, "memory       about {:.0} MB", self.memory as f64 / 1e6)?;
        writeln!(
            f,
            "disk         about {:.1} MB, and {:.1} MB of journal until all is done",
            self.disk as f64 / 1e6,
            self.journal as f64 / 1e6
        )
    }
}
