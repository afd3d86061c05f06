//! Whole runs: what recording costs, what a second thread saves, and what small ensembles lose.
//!
//! `cargo bench --bench run`

#[path = "timing/cpu.rs"]
mod cpu;
mod timing;

use cpu::{CpuTime, few_samples};
use criterion::measurement::Measurement;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use pairbond::Scenario;
use pairbond::internals::{BlockWork, RunWork};
use pairbond::simd::Backend;
use timing::{default_couples, pool, quantiles_daily, recorded_daily, with};

fn recording(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("recording");
    let mut bench = |name: &str, scenario: Scenario, bins: bool| {
        let mut work = BlockWork::new(&scenario, bins);
        group.throughput(Throughput::Elements(work.simulate(Backend::best(), 1)));
        group.bench_function(name, |b| b.iter(|| work.simulate(Backend::best(), 1)));
    };
    bench("off", default_couples(64), false);
    bench("moments", recorded_daily(default_couples(64)), false);
    bench(
        "moments_and_bins",
        recorded_daily(default_couples(64)),
        true,
    );
    bench(
        "moments_and_daily_bins",
        quantiles_daily(default_couples(64)),
        true,
    );
    let rows = with(default_couples(64), "record.days", "all");
    bench("day_rows", rows, false);
    group.finish();
}

fn bench_run<M: Measurement>(
    group: &mut BenchmarkGroup<'_, M>,
    name: &str,
    scenario: &Scenario,
    threads: usize,
) {
    let work = RunWork::new(scenario);
    let pool = pool(threads);
    let run = || pool.install(|| work.simulate(true));
    group.throughput(Throughput::Elements(run()));
    group.bench_function(name, |b| b.iter(run));
}

/// By wall time, which threads are to save.
fn threads(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("threads");
    group.sample_size(10);
    let scenario = recorded_daily(default_couples(8_192));
    for threads in [1, 2] {
        bench_run(&mut group, &format!("{threads}"), &scenario, threads);
    }
    group.finish();
}

fn ensembles(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("ensemble");
    for (couples, replicates) in [(100, 100), (10_000, 1)] {
        let scenario = recorded_daily(default_couples(couples));
        let scenario = with(scenario, "run.replicates", replicates);
        bench_run(&mut group, &format!("{couples}_couples"), &scenario, 1);
    }
    group.finish();
}

criterion_group! {
    name = by_cpu_time;
    config = few_samples();
    targets = recording, ensembles
}
criterion_group!(by_wall_time, threads);
criterion_main!(by_cpu_time, by_wall_time);
