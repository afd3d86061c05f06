//! The machine that is measured, as far as the system describes it, and its clocks.

use crate::simd::backend::Backend;
use std::fs;
use std::time::Duration;

/// What a measurement depends on besides program and scenario.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Machine {
    /// The vector code in use.
    pub(crate) engine: Backend,
    /// Name of the processor.
    pub(crate) cpu: Option<String>,
    /// Threads that run at once, as far as this process may.
    pub(crate) cores: usize,
    /// Mean number of programs at work or waiting in the last minute.
    pub(crate) load: Option<f64>,
}

impl Machine {
    /// This machine, now.
    pub(crate) fn here() -> Machine {
        let read = |path: &str| fs::read_to_string(path).ok();
        Machine {
            engine: Backend::best(),
            cpu: read("/proc/cpuinfo").and_then(|text| cpu_name(&text)),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            load: read("/proc/loadavg").and_then(|text| load(&text)),
        }
    }
}

/// The most memory that this process ever had (bytes), where the system tells: its peak resident set.
pub fn peak_memory() -> Option<u64> {
    peak(&fs::read_to_string("/proc/self/status").ok()?)
}

/// The value of a line `name: value`.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == name).then(|| value.trim())
    })
}

fn cpu_name(cpuinfo: &str) -> Option<String> {
    field(cpuinfo, "model name").map(str::to_owned)
}

fn load(loadavg: &str) -> Option<f64> {
    loadavg.split_whitespace().next()?.parse().ok()
}

/// The line is `VmHWM: 12345 kB`; the kilobytes are of 1024 bytes.
fn peak(status: &str) -> Option<u64> {
    let kilobytes = field(status, "VmHWM")?.strip_suffix("kB")?.trim_end();
    kilobytes.parse::<u64>().ok().map(|count| count * 1024)
}

/// What [`cpu_time`] counts here: `cpu`, or `wall` where the system has no clock of CPU time.
pub(crate) const CLOCK: &str = if cfg!(unix) { "cpu" } else { "wall" };

/// CPU time of all threads of this process; where the system has no such clock, the time of day.
#[cfg(unix)]
pub fn cpu_time() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    let now = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

/// CPU time of all threads of this process; where the system has no such clock, the time of day.
#[cfg(not(unix))]
pub fn cpu_time() -> Duration {
    wall_time()
}

/// Time since the first call.
pub fn wall_time() -> Duration {
    use std::sync::OnceLock;
    use std::time::Instant;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_linux_tells_is_read_and_anything_else_is_unknown() {
        let status = "Name:\tpairbond\nVmPeak:\t  99 kB\nVmHWM:\t    2048 kB\n";
        assert_eq!(peak(status), Some(2 << 20));
        assert_eq!(peak("VmHWM: 3 pages"), None);
        assert_eq!(load("0.52 0.4 0.3 1/99 7\n"), Some(0.52));
        assert_eq!(load(""), None);
        let cpuinfo = "processor\t: 0\nmodel name\t: A: B\nprocessor\t: 1\n";
        assert_eq!(cpu_name(cpuinfo), Some("A: B".to_owned()));
        assert_eq!(cpu_name("Hardware: x"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_has_had_memory() {
        assert!(peak_memory().expect("Linux tells") > 1 << 20);
    }
}
