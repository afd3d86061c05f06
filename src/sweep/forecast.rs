//! What a sweep will take: couple-days, bytes in memory and on the disk, and time. It is counted where
//! it can be, and estimated from a short measured probe where not.

use super::charts;
use super::jobs::{AllReplicates, JobCollector, JobOutcome, JobResult, run_jobs, window_bytes};
use super::known_runs::KnownRuns;
use super::plan::SweepPlan;
use super::shard::Shard;
use super::tables::couples_schema;
use crate::options::thread_count;
use crate::runner::{Cancelled, Control};
use crate::scenario::SweepMeasure;
use crate::simd::backend::Backend;
use crate::simulation::BLOCK_COUPLES;
use crate::table::{Kind, Schema};
use std::fmt;
use std::ops::Range;
use std::time::{Duration, Instant};

/// How long the probe may take.
const PROBE: Duration = Duration::from_millis(1500);

/// What a sweep will take here.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// Points of the design that satisfy its constraints.
    pub points: u64,
    /// Points of the design that do not, and are left out.
    pub excluded: u64,
    /// Runs of all jobs at hand, at most where stopping is sequential.
    pub runs: u64,
    /// Whether runs, couple-days and time are at most these, as stopping is sequential.
    pub at_most: bool,
    /// Runs among them that are known from earlier results and are not simulated.
    pub reused: u64,
    /// Couple-days of the others, were no couple to part.
    pub couple_days: u64,
    /// Whether these are counted; of very many points that differ in size they are estimated.
    pub counted: bool,
    /// Wall-clock time of these on all cores, were all runs like those of the probe.
    pub time: Duration,
    /// Runs of the probe.
    pub probed: u64,
    /// Memory, about (bytes).
    pub memory: u64,
    /// The folder of results on the disk, its tables as text, with the journal, about (bytes).
    pub disk: u64,
    /// The journal, of which there is a second copy on the disk until all is done, about (bytes).
    pub journal: u64,
}

/// Counts a sweep's work, and runs some of its jobs to estimate the time.
pub(crate) fn forecast(
    plan: &SweepPlan,
    shard: Shard,
    known: &KnownRuns,
    threads: Option<usize>,
) -> Forecast {
    let jobs = shard.range(plan.jobs());
    let (couple_days, counted) = couple_days(plan, jobs.clone());
    let bytes = bytes(plan, jobs.clone(), threads);
    let (time, probed) = probe(plan, jobs.clone());
    let (runs, reused) = (plan.runs_of(jobs.clone()), known.runs_of(jobs.clone()));
    let left = (runs - reused) as f64 / runs.max(1) as f64;
    Forecast {
        points: plan.sweep().count(),
        excluded: plan.sweep().candidates() - plan.sweep().count(),
        runs,
        at_most: plan.sweep().until.is_some(),
        reused,
        couple_days: couple_days.saturating_sub(known.couple_days(plan, jobs.clone())),
        counted,
        time: time.mul_f64((jobs.end - jobs.start) as f64 * left),
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
        let _ = run_jobs(
            plan,
            from..until,
            Backend::best(),
            &AllReplicates,
            &KnownRuns::default(),
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
        let of_design = match self.excluded {
            0 => String::new(),
            excluded => format!(
                " of {}; constraints leave out {excluded}",
                self.points + excluded
            ),
        };
        writeln!(f, "points       {}{of_design}", self.points)?;
        let reused = match self.reused {
            0 => String::new(),
            reused => format!(
                ", of which {reused} are reused and {} are simulated",
                self.runs - reused
            ),
        };
        let at_most = if self.at_most { "at most " } else { "" };
        writeln!(f, "runs         {at_most}{}{reused}", self.runs)?;
        let about = match (self.at_most, self.counted) {
            (true, _) => "at most ",
            (false, true) => "",
            (false, false) => "about ",
        };
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
            "time         {} {time} on all cores, from a probe of {} runs",
            if self.at_most {
                "at most about"
            } else {
                "about"
            },
            self.probed
        )?;
        writeln!(f, "memory       about {:.0} MB", self.memory as f64 / 1e6)?;
        writeln!(
            f,
            "disk         about {:.1} MB, and {:.1} MB for a temporary journal",
            self.disk as f64 / 1e6,
            self.journal as f64 / 1e6
        )
    }
}

/// Points up to which couples and days are added up one by one.
const MOST_COUNTED: u64 = 100_000;

/// Couple-days of a range of jobs, were no couple to part, and whether they are counted; beyond a
/// hundred thousand points that differ in couples or days they are estimated from as many of them.
pub(crate) fn couple_days(plan: &SweepPlan, jobs: Range<u64>) -> (u64, bool) {
    let runs = plan.runs_of(jobs.clone());
    let of_run = |point| plan.couples_at(point).saturating_mul(plan.days_at(point));
    if !plan.varies_in_size() {
        return (runs.saturating_mul(of_run(0)), true);
    }
    let per_point = plan.jobs_per_point();
    let points = jobs.start / per_point..jobs.end.div_ceil(per_point);
    let count = points.end - points.start;
    if count <= MOST_COUNTED {
        let of_point = |position: u64| {
            let [first, end] = [position, position + 1].map(|it| it * per_point);
            let own = first.max(jobs.start)..end.min(jobs.end);
            plan.runs_of(own)
                .saturating_mul(of_run(plan.sweep().spread(position)))
        };
        return (points.map(of_point).fold(0, u64::saturating_add), true);
    }
    let sum: f64 = (0..MOST_COUNTED)
        .map(|place| u128::from(count) * u128::from(place) / u128::from(MOST_COUNTED))
        .map(|place| of_run(plan.sweep().spread(points.start + place as u64)) as f64)
        .sum();
    ((sum / MOST_COUNTED as f64 * runs as f64) as u64, false)
}

/// Bytes of a real number in a table as text, with its comma.
const REAL: u128 = 19;
/// Bytes of a missing value, with its comma.
const MISSING: u128 = 3;
/// Bytes of the design's pictures, and of the pictures of each measure that has its own, about.
const PICTURES: u64 = 250_000;
const OF_MEASURE: u64 = 120_000;
/// Memory of the program itself, of its pictures' letters and of pixels (bytes).
const PROGRAM: u64 = 45 << 20;

/// A sweep's size in bytes, about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bytes {
    /// The journal.
    pub(crate) journal: u64,
    /// The folder of results, its tables as text, with the journal.
    pub(crate) results: u64,
    /// Memory at the end, when findings are made.
    pub(crate) memory: u64,
    /// Memory while jobs run, without what is kept of those that are done: that of a shard.
    pub(crate) work: u64,
}

/// Estimates what a range of jobs takes on some threads. The largest designs take more bytes than 64 bits
/// can count.
pub(crate) fn bytes(plan: &SweepPlan, jobs: Range<u64>, threads: Option<usize>) -> Bytes {
    let wide = |number: u64| u128::from(number);
    let count = wide(jobs.end - jobs.start);
    let runs = wide(plan.runs_of(jobs.clone()));
    let points = count.div_ceil(wide(plan.jobs_per_point()));
    let measures = plan.sweep().measures.len() as u128;
    let couples = if plan.sweep().couples {
        let days = plan.days_at(0).max(1);
        wide(couple_days(plan, jobs).0 / days)
    } else {
        0
    };
    let is_numeric = |axis: &&crate::scenario::ScenarioAxis| axis.is_numeric();
    let numbers = plan.sweep().axes.iter().filter(is_numeric).count() as u128
        + plan.sweep().derived.len() as u128;
    let axes = wide(axes_width(plan, narrow(points)));
    let number = digits(points) + 1;
    let repeated = runs > points;
    let names: u128 = plan
        .sweep()
        .measures
        .iter()
        .map(|measure| measure.to_string().len() as u128 + 1)
        .sum();
    let mut results = wide(picture_bytes(plan));
    results += points * (number + 7 + digits(runs / points.max(1)) + axes + MISSING);
    results += runs * (number + axes + 24 + REAL * measures);
    let over_runs = if repeated { REAL } else { MISSING };
    results += points * (names + measures * (number + axes + 7 + 5 * REAL + 6 * over_runs));
    if repeated {
        let label: u128 = plan
            .sweep()
            .axes
            .iter()
            .map(|axis| axis.name.len() as u128 + 8)
            .sum();
        results += points * (names + measures * (2 * number + label + 4 + 5 * REAL + 12));
    }
    results += couples * (number + wide(row_width(&couples_schema(plan), REAL as u64, 4)));
    // The outcomes of all blocks of a job are joined when the last of them is done.
    let replicates = plan.job(0).replicates.len() as u128;
    let blocks = wide(plan.max_couples().div_ceil(BLOCK_COUPLES)) * replicates;
    let kinds = 1 + u128::from(plan.keeps_last_values());
    let days = wide(plan.days_at(0));
    let every = |every: u32, measure: &SweepMeasure| measure.common_interval(every, days as u32);
    let every = plan
        .sweep()
        .measures
        .iter()
        .fold((days as u32).max(1), every);
    let recorded = days / u128::from(every) + 2;
    let rows = match plan.needs_couples() {
        true => wide(BLOCK_COUPLES * row_width(&couples_schema(plan), 8, 8)),
        false => 0,
    };
    let sums = 8 * recorded * (1 + 3 * measures * kinds) + 16 * wide(BLOCK_COUPLES) + rows;
    let outcomes = count.min(thread_count(threads) as u128) * blocks * sums;
    let summaries = if charts::shows_summaries(plan) {
        points * (names + measures * (24 + 24 + 13 * 8 + 8 * numbers))
    } else {
        0
    };
    let journal = count * 45
        + runs * (28 + 24 * measures)
        + couples * wide(row_width(&couples_schema(plan), 8, 8));
    Bytes {
        journal: narrow(journal),
        results: narrow(results + journal),
        work: narrow(wide(PROGRAM) + outcomes + wide(window_bytes(plan, thread_count(threads)))),
        memory: narrow(
            wide(PROGRAM)
                + outcomes
                + 8 * measures * (runs + points)
                + points * (8 + 24 + 17 + 8 * numbers * 4)
                + summaries
                + 16 * count,
        ),
    }
}

fn narrow(number: u128) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// Bytes of all pictures together.
pub(crate) fn picture_bytes(plan: &SweepPlan) -> u64 {
    let own = plan.sweep().measures.len();
    PICTURES + OF_MEASURE * own as u64
}

/// Mean width of the axes' values in a table.
fn axes_width(plan: &SweepPlan, points: u64) -> u64 {
    let sample = points.clamp(1, 100);
    let width = |place: u64| -> u64 {
        let settings = plan.sweep().settings(place * points / sample);
        settings
            .iter()
            .map(|setting| setting.to_string().len() as u64 + 1)
            .sum()
    };
    (0..sample.min(points)).map(width).sum::<u64>() / sample
}

/// Width of a row whose reals and other values have these widths.
fn row_width(schema: &Schema, real: u64, other: u64) -> u64 {
    let width = |kind: Kind| match kind {
        Kind::Float => real,
        _ => other,
    };
    schema.columns.iter().map(|column| width(column.kind)).sum()
}

fn digits(number: u128) -> u128 {
    u128::from(number.max(1).ilog10()) + 1
}
