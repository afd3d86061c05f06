//! The kernel: nanoseconds of CPU for each couple-day of every engine, of chance alone, and with each
//! mechanism taken away.
//!
//! `cargo bench --bench kernel`

#[path = "timing/cpu.rs"]
mod cpu;
mod timing;

use cpu::CpuTime;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pairbond::internals::{Block, PreparedRun};
use pairbond::model::Mechanisms;
use pairbond::model::parameters::MECHANISMS;
use pairbond::simd::backend::Backend;
use std::time::Duration;
use timing::{draw_block, live_blocks, usual_world};

fn engines(criterion: &mut Criterion<CpuTime>) {
    let course = PreparedRun::new(usual_world(64));
    let mut group = criterion.benchmark_group("engine");
    group.throughput(Throughput::Elements(live_blocks(
        &course,
        Backend::best(),
        1,
        None,
    )));
    for engine in Backend::available() {
        group.bench_function(engine.name(), |b| {
            b.iter(|| live_blocks(&course, engine, 1, None))
        });
    }
    group.finish();
}

fn rng(criterion: &mut Criterion<CpuTime>) {
    let course = PreparedRun::new(usual_world(64));
    let mut group = criterion.benchmark_group("chance_alone");
    group.throughput(Throughput::Elements(64 * course.config.size.steps()));
    for engine in Backend::available() {
        let block = Block {
            replicate: 0,
            index: 0,
        };
        group.bench_function(engine.name(), |b| {
            b.iter(|| draw_block(&course, block, engine))
        });
    }
    group.finish();
}

/// Nobody leaves in any of them: how many couples part depends on every mechanism.
fn mechanisms(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("without");
    let mut bench = |name: &str, mechanisms: Mechanisms| {
        let mut config = usual_world(64);
        config.mechanisms = Mechanisms {
            dissolution: false,
            ..mechanisms
        };
        let course = PreparedRun::new(config);
        group.throughput(Throughput::Elements(live_blocks(
            &course,
            Backend::best(),
            1,
            None,
        )));
        group.bench_function(name, |b| {
            b.iter(|| live_blocks(&course, Backend::best(), 1, None))
        });
    };
    bench("nothing", Mechanisms::default());
    for switch in MECHANISMS
        .iter()
        .filter(|switch| switch.key != "dissolution")
    {
        let mut mechanisms = Mechanisms::default();
        *mechanisms.get_mut(switch.key).expect("a key of the table") = false;
        bench(switch.key, mechanisms);
    }
    bench("everything", Mechanisms::none());
    group.finish();
}

criterion_group! {
    name = kernel;
    config = Criterion::default()
        .with_measurement(CpuTime)
        .sample_size(20)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1));
    targets = engines, rng, mechanisms
}
criterion_main!(kernel);
