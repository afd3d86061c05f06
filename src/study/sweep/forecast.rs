//! What a sweep will take: counted where it can be, estimated from a short measured probe where not.

use super::Shard;
use crate::experiment::{Control, Unstopped};
use crate::experiment::{JobOutcome, JobResult, TakeJob};
use crate::plan::SweepPlan;
use crate::scenario::Scenario;
use crate::simulation::Engine;
use crate::study::error::StudyError;
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
    /// Wall-clock time on all cores, were all runs like those of the probe.
    pub time: Duration,
    /// Runs of the probe.
    pub probed: u64,
    /// Memory for the results that are held until the end (bytes).
    pub memory: u64,
    /// Journal and tables on the disk, about (bytes).
    pub disk: u64,
}

/// Counts a sweep's work, and lives some of its points to estimate the time.
///
/// # Errors
/// [`StudyError::NoSweep`] where the scenario has none.
pub fn forecast(scenario: &Scenario, shard: Shard) -> Result<Forecast, StudyError> {
    let plan = SweepPlan::new(scenario.clone()).ok_or(StudyError::NoSweep)?;
    let jobs = shard.range(plan.jobs());
    let count = jobs.end - jobs.start;
    let share = count as f64 / plan.jobs().max(1) as f64;
    let runs = (plan.runs() as f64 * share).round() as u64;
    let measures = plan.sweep().measures.len() as u64;
    let couples = plan.scenario().world().size.couples;
    let (time, probed) = probe(&plan, jobs);
    let kept = if plan.sweep().couples {
        runs * couples * 1000
    } else {
        0
    };
    Ok(Forecast {
        points: plan.sweep().count(),
        runs,
        couple_days: super::couple_days_of(&plan, shard),
        time: time.mul_f64(count as f64),
        probed,
        memory: (40 << 20) + runs * measures * 8 + plan.sweep().count() * measures * 160,
        disk: runs * (60 + 24 * measures) + runs * (40 + 19 * measures) + kept,
    })
}

struct Count(u64);

impl TakeJob for Count {
    type Error = ();
    fn take(&mut self, result: JobResult) -> Result<(), ()> {
        if let JobOutcome::Done { runs, .. } = result.outcome {
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
        let _ = crate::experiment::sweep(
            plan,
            from..until,
            Engine::best(),
            &Unstopped,
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
        writeln!(f, "couple-days  {}", self.couple_days)?;
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
        writeln!(f, "disk         about {:.1} MB", self.disk as f64 / 1e6)
    }
}
