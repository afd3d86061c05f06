//! Whole runs: what recording costs, what a second thread brings, and what small ensembles lose.
//!
//! `cargo bench --bench run`

#[path = "timing/cpu.rs"]
mod cpu;
mod timing;

use cpu::{CpuTime, few_samples};
use criterion::measurement::Measurement;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use pairbond::internals::{DayRows, OpenBins, Plan, PreparedRun, SimulationConfig};
use pairbond::simd::backend::Backend;
use timing::{live_blocks, pool, run_plan, usual_world, watched};

fn recording(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("recording");
    let mut bench = |name: &str, config: SimulationConfig, binned: bool| {
        let course = PreparedRun::new(config);
        let mut bins = binned.then(|| OpenBins::new(&course.recorded));
        let mut live = || live_blocks(&course, Backend::best(), 1, bins.as_mut());
        group.throughput(Throughput::Elements(live()));
        group.bench_function(name, |b| b.iter(&mut live));
    };
    bench("off", usual_world(64), false);
    bench("moments", watched(usual_world(64)), false);
    bench("moments_and_bins", watched(usual_world(64)), true);
    let mut diaries = usual_world(64);
    diaries.record.days = DayRows::All;
    bench("day_rows", diaries, false);
    group.finish();
}

fn bench_plan<M: Measurement>(
    group: &mut BenchmarkGroup<'_, M>,
    name: &str,
    config: SimulationConfig,
    threads: usize,
) {
    let plan = Plan::new(config);
    let pool = pool(threads);
    let live = || pool.install(|| run_plan(&plan, true));
    group.throughput(Throughput::Elements(live()));
    group.bench_function(name, |b| b.iter(live));
}

/// By the time of day: threads are there to save it.
fn threads(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("threads");
    group.sample_size(10);
    for threads in [1, 2] {
        let name = format!("{threads}");
        bench_plan(&mut group, &name, watched(usual_world(8_192)), threads);
    }
    group.finish();
}

fn ensembles(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("ensemble");
    for (couples, replicates) in [(100, 100), (10_000, 1)] {
        let mut config = watched(usual_world(couples));
        config.size.replicates = replicates;
        bench_plan(&mut group, &format!("{couples}_couples"), config, 1);
    }
    group.finish();
}

criterion_group! {
    name = by_cpu_time;
    config = few_samples();
    targets = recording, ensembles
}
criterion_group!(by_time_of_day, threads);
criterion_main!(by_cpu_time, by_time_of_day);
