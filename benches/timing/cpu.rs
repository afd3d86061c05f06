//! Criterion's measurement by CPU time, which other programs on the machine disturb least.

use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{Criterion, Throughput};
use pairbond::internals::cpu_time;
use std::time::Duration;

/// CPU time of the process.
pub(crate) struct CpuTime;

/// A few long samples by CPU time, for work of milliseconds to seconds.
#[allow(
    dead_code,
    reason = "benchmarks of the kernel take more and shorter samples"
)]
pub(crate) fn few_samples() -> Criterion<CpuTime> {
    Criterion::default()
        .with_measurement(CpuTime)
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(2))
}

impl Measurement for CpuTime {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        cpu_time()
    }
    fn end(&self, start: Duration) -> Duration {
        cpu_time() - start
    }
    fn add(&self, one: &Duration, other: &Duration) -> Duration {
        *one + *other
    }
    fn zero(&self) -> Duration {
        Duration::ZERO
    }
    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_nanos() as f64
    }
    fn formatter(&self) -> &dyn ValueFormatter {
        &PerElement
    }
}

/// Writes nanoseconds for each element where criterion writes elements in each second.
struct PerElement;

impl ValueFormatter for PerElement {
    fn scale_values(&self, typical: f64, values: &mut [f64]) -> &'static str {
        WallTime.formatter().scale_values(typical, values)
    }
    fn scale_throughputs(
        &self,
        typical: f64,
        throughput: &Throughput,
        values: &mut [f64],
    ) -> &'static str {
        match throughput {
            Throughput::Elements(count) => {
                values.iter_mut().for_each(|value| *value /= *count as f64);
                "ns/couple-day"
            }
            other => WallTime
                .formatter()
                .scale_throughputs(typical, other, values),
        }
    }
    fn scale_for_machines(&self, values: &mut [f64]) -> &'static str {
        WallTime.formatter().scale_for_machines(values)
    }
}
