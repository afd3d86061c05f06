//! Sweeps: what small ensembles at many points lose against a large one, what a point, the journal
//! and the findings cost.
//!
//! `cargo bench --bench sweep`

#[path = "timing/cpu.rs"]
mod cpu;
mod timing;

use cpu::{CpuTime, few_samples};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pairbond::Scenario;
use pairbond::internals::{
    AllReplicates, Cancelled, Control, JobCollector, JobOutcome, JobResult, JobSpec, JobSubset,
    Journal, RunResult, SensitivitySettings, SobolOrder, Sums, SweepPlan, run_jobs,
    variance_indices,
};
use pairbond::simd::backend::Backend;
use pairbond::table::Batch;
use std::hint::black_box;

/// Points of the sweep of small ensembles.
const POINTS: u32 = 1000;
/// Couples that each sample lives, in ensembles of either size.
const COUPLES: u64 = 6400;

/// A sweep whose points are all but alike, so that ensembles of any size do the same work.
fn plan(points: u32, couples: u64, mechanisms: &str) -> SweepPlan {
    let text = format!(
        "title = \"Many points\"
        [run]
        seed = 1
        couples = {couples}
        days = 365
        [mechanisms]
        {mechanisms}
        [sweep]
        design = \"grid\"
        [[sweep.axis]]
        key = \"parameters.trust_rate\"
        range = [0.025, 0.0251]
        steps = {points}
        "
    );
    let scenario = Scenario::parse(&text).expect("a sound scenario");
    SweepPlan::new(scenario).expect("a sweep")
}

struct Dropped;

impl JobCollector for Dropped {
    type Error = Cancelled;
    fn take(&mut self, result: JobResult) -> Result<(), Cancelled> {
        black_box(result);
        Ok(())
    }
}

/// Does jobs spread over a sweep on the current pool and gives the couple-days lived.
fn live(plan: &SweepPlan, jobs: u64) -> u64 {
    let control = Control::default();
    let spread = JobSubset::spread(0..plan.jobs(), jobs);
    let engine = Backend::best();
    let finish = run_jobs(plan, spread, engine, &AllReplicates, &control, &mut Dropped);
    finish.expect("not cancelled");
    control.progress.intact_couple_days()
}

fn ensembles(criterion: &mut Criterion<CpuTime>) {
    let pool = timing::pool(1);
    for (name, mechanisms) in [("together", "dissolution = false"), ("parting", "")] {
        let mut group = criterion.benchmark_group(format!("sweep/{name}"));
        for (points, couples) in [(POINTS, 100), (2, COUPLES)] {
            let plan = plan(points, couples, mechanisms);
            let run = || pool.install(|| live(&plan, COUPLES / couples));
            group.throughput(Throughput::Elements(run()));
            group.bench_function(format!("{couples}_couples"), |b| b.iter(run));
        }
        group.finish();
    }
}

fn points(criterion: &mut Criterion<CpuTime>) {
    let plan = plan(POINTS, 100, "");
    let mut group = criterion.benchmark_group("point");
    let mut point = 0;
    let mut next = || {
        point = (point + 1) % plan.jobs();
        point
    };
    group.bench_function("world", |b| b.iter(|| plan.scenario().config_at(next())));
    group.bench_function("course", |b| b.iter(|| plan.course(next())));
    group.finish();
}

fn job(number: u64) -> JobResult {
    let sums = Sums {
        n: 100,
        sum: 52.5,
        squares: 30.25,
    };
    let run = |replicate| RunResult {
        replicate,
        couples: 100,
        ended: 40,
        sums: vec![sums; 12],
    };
    JobResult {
        job: number,
        outcome: JobOutcome::Runs {
            runs: (0..20).map(run).collect(),
            couples: Batch {
                columns: Vec::new(),
            },
        },
    }
}

/// A job of twenty runs with twelve measures, written down; waits for the device are not CPU time.
fn journal(criterion: &mut Criterion<CpuTime>) {
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let question = JobSpec {
        version: String::new(),
        scenario_file: String::new(),
        scenario_text: String::new(),
        overrides: Vec::new(),
        first: 0,
        end: u64::MAX,
        replaces: false,
    };
    let folder = scratch.path().join("journal");
    let mut journal = Journal::begin(&folder, &question, false).expect("a new journal");
    criterion.bench_function("journal/append", |b| {
        b.iter(|| {
            journal
                .append(&job(journal.next()))
                .expect("room on the disk")
        });
    });
    journal.remove().expect("it is there");
}

/// The indices of one measure over six axes with their bootstrap: 8 × 1,024 points.
fn findings(criterion: &mut Criterion<CpuTime>) {
    let output: Vec<f64> = (0..8 * 1024_u32)
        .map(|point| f64::from(point.wrapping_mul(2_654_435_761) >> 8))
        .collect();
    criterion.bench_function("findings/saltelli", |b| {
        b.iter(|| {
            variance_indices(
                &output,
                6,
                SobolOrder::First,
                &SensitivitySettings::default(),
            )
        });
    });
}

criterion_group! {
    name = by_cpu_time;
    config = few_samples();
    targets = ensembles, points, journal, findings
}
criterion_main!(by_cpu_time);
