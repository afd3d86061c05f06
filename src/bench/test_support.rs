//! A made-up measurement for tests.

use super::error::BENCH_FORMAT;
use super::measurement::{Measurement, ThreadTiming};
use super::timing_stats::MedianRange;

fn around(median: f64) -> MedianRange {
    MedianRange {
        median,
        least: median * 0.9375,
        most: median * 1.125,
    }
}

/// A measurement with one and two threads, in which a couple-day takes so many nanoseconds.
pub(crate) fn measurement(nanoseconds: f64) -> Measurement {
    let by_threads = |threads: usize| ThreadTiming {
        threads,
        seconds: around(nanoseconds),
        ns_cpu_per_couple_day: around(nanoseconds),
        couple_days_per_second: around(15_000_000.0 / nanoseconds),
        efficiency: around(0.75),
    };
    Measurement {
        program: "pairbond".to_owned(),
        kind: "bench".to_owned(),
        format: BENCH_FORMAT,
        version: "0.0.0".to_owned(),
        build: "release".to_owned(),
        engine: "avx2".to_owned(),
        cpu: Some("A processor".to_owned()),
        cores: 2,
        load_average: None,
        clock: "cpu".to_owned(),
        scenario: "s.toml".to_owned(),
        scenario_blake3: "hash".to_owned(),
        command: "sweep".to_owned(),
        seed: 7,
        points: 4,
        runs: 8,
        couples: 100,
        days: 365,
        jobs: 4,
        measured_jobs: 4,
        measured_runs: 8,
        measured_couple_days: 200_000,
        rounds: 5,
        ns_cpu_per_couple_day: nanoseconds,
        couple_days_per_cpu_second: 1_000_000_000.0 / nanoseconds,
        couple_days_per_second: 15_000_000.0 / nanoseconds,
        efficiency: 0.75,
        threads: vec![by_threads(1), by_threads(2)],
        peak_rss_bytes: Some(40 << 20),
        output_bytes: Some(2_000_000),
        output_table_bytes: Some(1_500_000),
        output_files: Some(12),
        output_seconds: Some(1.5),
    }
}
