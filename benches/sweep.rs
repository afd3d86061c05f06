//! Sweeps: what small ensembles at many points lose against a large one, and what a point, the
//! journal and the findings cost.
//!
//! `cargo bench --bench sweep`

#[path = "timing/cpu.rs"]
mod cpu;
mod timing;

use cpu::{CpuTime, few_samples};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pairbond::Scenario;
use pairbond::internals::{JournalWork, SweepWork, sobol_indices};

/// Points of the sweep of small ensembles.
const POINTS: u32 = 1000;
/// Couples of each sample, in ensembles of either size.
const COUPLES: u64 = 6400;

/// A sweep whose points are almost equal, so that ensembles of any size do the same work.
fn sweep(points: u32, couples: u64, mechanisms: &str) -> SweepWork {
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
    SweepWork::new(Scenario::parse(&text).expect("a valid scenario"))
}

fn ensembles(criterion: &mut Criterion<CpuTime>) {
    let pool = timing::pool(1);
    for (name, mechanisms) in [("intact", "dissolution = false"), ("separating", "")] {
        let mut group = criterion.benchmark_group(format!("sweep/{name}"));
        for (points, couples) in [(POINTS, 100), (2, COUPLES)] {
            let work = sweep(points, couples, mechanisms);
            let run = || pool.install(|| work.simulate(COUPLES / couples));
            group.throughput(Throughput::Elements(run()));
            group.bench_function(format!("{couples}_couples"), |b| b.iter(run));
        }
        group.finish();
    }
}

fn points(criterion: &mut Criterion<CpuTime>) {
    let work = sweep(POINTS, 100, "");
    let mut group = criterion.benchmark_group("point");
    let mut point = 0;
    let mut next = || {
        point = (point + 1) % work.jobs();
        point
    };
    group.bench_function("configure", |b| b.iter(|| work.configure(next())));
    group.bench_function("prepare", |b| b.iter(|| work.prepare(next())));
    group.finish();
}

/// A job of twenty runs with twelve measures is written; waiting for the disk is not CPU time.
fn journal(criterion: &mut Criterion<CpuTime>) {
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let mut journal = JournalWork::new(&scratch.path().join("journal")).expect("a new journal");
    criterion.bench_function("journal/append", |b| {
        b.iter(|| journal.append().expect("room on the disk"));
    });
}

/// The indices of one measure over six axes with their bootstrap: 8 × 1,024 points.
fn findings(criterion: &mut Criterion<CpuTime>) {
    let output: Vec<f64> = (0..8 * 1024_u32)
        .map(|point| f64::from(point.wrapping_mul(2_654_435_761) >> 8))
        .collect();
    criterion.bench_function("findings/saltelli", |b| {
        b.iter(|| sobol_indices(&output, 6))
    });
}

criterion_group! {
    name = by_cpu_time;
    config = few_samples();
    targets = ensembles, points, journal, findings
}
criterion_main!(by_cpu_time);
