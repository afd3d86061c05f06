//! Clocks of work done: time of the processor and of day.

use std::time::Duration;

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
