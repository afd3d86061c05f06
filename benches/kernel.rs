//! The kernel: nanoseconds of CPU a couple-day with each backend, of the random words alone, and
//! without each mechanism.
//!
//! `cargo bench --bench kernel`

#[path = "timing/cpu.rs"]
mod cpu;
mod timing;

use cpu::CpuTime;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pairbond::internals::BlockWork;
use pairbond::model::parameters::MECHANISMS;
use pairbond::simd::Backend;
use std::time::Duration;
use timing::{default_couples, with};

fn backends(criterion: &mut Criterion<CpuTime>) {
    let mut work = BlockWork::new(&default_couples(64), false);
    let mut group = criterion.benchmark_group("backend");
    group.throughput(Throughput::Elements(work.simulate(Backend::best(), 1)));
    for backend in Backend::available() {
        group.bench_function(backend.name(), |b| b.iter(|| work.simulate(backend, 1)));
    }
    group.finish();
}

fn random_words(criterion: &mut Criterion<CpuTime>) {
    let work = BlockWork::new(&default_couples(64), false);
    let mut group = criterion.benchmark_group("random_words");
    group.throughput(Throughput::Elements(work.draw(Backend::best(), 1)));
    for backend in Backend::available() {
        group.bench_function(backend.name(), |b| b.iter(|| work.draw(backend, 1)));
    }
    group.finish();
}

/// Couples stay together in all of them: how many separate depends on every mechanism.
fn mechanisms(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("without");
    for left_out in MECHANISMS {
        let scenario = with(default_couples(64), "mechanisms.dissolution", false);
        let (name, scenario) = match left_out.key {
            "dissolution" => ("nothing", scenario),
            key => (key, with(scenario, &format!("mechanisms.{key}"), false)),
        };
        let mut work = BlockWork::new(&scenario, false);
        group.throughput(Throughput::Elements(work.simulate(Backend::best(), 1)));
        group.bench_function(name, |b| b.iter(|| work.simulate(Backend::best(), 1)));
    }
    let none = MECHANISMS
        .iter()
        .fold(default_couples(64), |scenario, one| {
            with(scenario, &format!("mechanisms.{}", one.key), false)
        });
    let mut work = BlockWork::new(&none, false);
    group.throughput(Throughput::Elements(work.simulate(Backend::best(), 1)));
    group.bench_function("everything", |b| {
        b.iter(|| work.simulate(Backend::best(), 1))
    });
    group.finish();
}

criterion_group! {
    name = kernel;
    config = Criterion::default()
        .with_measurement(CpuTime)
        .sample_size(20)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1));
    targets = backends, random_words, mechanisms
}
criterion_main!(kernel);
