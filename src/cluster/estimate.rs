//! How much time and memory the jobs of a plan ask for.

use super::plan::ShardPlan;
use super::slurm::SlurmOptions;
use crate::error::Error;
use crate::options::thread_pool;
use crate::sweep::forecast::{Forecast, bytes, couple_days, forecast};
use crate::sweep::known_runs::KnownRuns;
use crate::sweep::shard::Shard;

/// The time that is requested, in multiples of the estimated one.
const TIME_MARGIN: f64 = 3.0;
/// Seconds for a start, and for files that are slow to write (s).
const SHARD_START: f64 = 300.0;
/// Seconds for a merge's start, its wait for shards, its charts and its report (s).
const MERGE_START: f64 = 1200.0;
/// Seconds of a merge for each shard, whose files a slow file system opens twice (s).
const SECONDS_PER_SHARD: f64 = 0.05;
/// Bytes of results that a merge makes in a second on a slow file system.
const MERGED_PER_SECOND: f64 = 5e6;
/// The memory that is requested, in multiples of the estimated one.
const MEMORY_MARGIN: f64 = 2.0;
/// Least memory that is requested (MB).
const LEAST_MEMORY: u64 = 256;
/// Shards whose couple-days are added up at most, to find the largest.
const MOST_SHARDS_COUNTED: u64 = 10_000;

/// What a job asks for, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JobLimit {
    /// As Slurm writes it.
    pub(crate) value: String,
    /// The reason, as a comment.
    pub(crate) reason: String,
}

/// What jobs of one kind ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JobLimits {
    pub(crate) cpus: u16,
    pub(crate) time: JobLimit,
    pub(crate) memory: JobLimit,
}

/// What the jobs of a plan ask for.
pub(crate) struct PlanLimits {
    pub(crate) shards: JobLimits,
    pub(crate) merge: JobLimits,
    /// Time of the largest shard on the cores that it asks for, were they those of this machine; none
    /// where the time is given (s).
    pub(crate) shard_seconds: Option<f64>,
}

/// Estimates what the jobs of a plan take, from a probe where the time is not given.
///
/// # Errors
/// [`Error::Threads`].
pub(crate) fn estimates(plan: &ShardPlan, options: &SlurmOptions) -> Result<PlanLimits, Error> {
    let given = |value: &Option<String>| {
        value.as_ref().map(|value| JobLimit {
            value: value.clone(),
            reason: "As given.".to_owned(),
        })
    };
    let sweep = plan.sweep();
    let cpus = options.cpus.max(1);
    let (shard_time, shard_seconds) = match given(&options.time) {
        Some(time) => (time, None),
        None => {
            let threads = Some(usize::from(cpus));
            let probe = thread_pool(threads)?
                .install(|| forecast(sweep, Shard::ALL, &KnownRuns::default(), threads));
            let (estimate, seconds) = shard_time(plan, &probe, cpus);
            (estimate, Some(seconds))
        }
    };
    let first = Shard::new(1, plan.shards()).unwrap_or(Shard::ALL);
    let of_shard = bytes(sweep, first.range(sweep.jobs()), Some(usize::from(cpus))).work;
    let all = bytes(sweep, 0..sweep.jobs(), Some(1));
    let shards = JobLimits {
        cpus,
        time: shard_time,
        memory: given(&options.memory)
            .unwrap_or_else(|| memory(of_shard, "what the jobs at hand of a shard take")),
    };
    let merge = JobLimits {
        cpus: 1,
        time: given(&options.merge_time).unwrap_or_else(|| merge_time(plan, all.results)),
        memory: given(&options.merge_memory)
            .unwrap_or_else(|| memory(all.memory, "the measures of all runs")),
    };
    Ok(PlanLimits {
        shards,
        merge,
        shard_seconds,
    })
}

/// The time of a shard by a probe, and the seconds that it rests on.
fn shard_time(plan: &ShardPlan, probe: &Forecast, cpus: u16) -> (JobLimit, f64) {
    let (sweep, shards) = (plan.sweep(), plan.shards());
    let counted = shards.min(MOST_SHARDS_COUNTED);
    let size = |place: u64| {
        let number = (u128::from(place) * u128::from(shards) / u128::from(counted)) as u64 + 1;
        let range = Shard::new(number, shards)
            .unwrap_or(Shard::ALL)
            .range(sweep.jobs());
        couple_days(sweep, range).0
    };
    let largest = (0..counted).map(size).max().unwrap_or(0) as f64;
    let per_couple_day = probe.time.as_secs_f64() / (probe.couple_days.max(1) as f64);
    let seconds = largest * per_couple_day;
    let requested = seconds * TIME_MARGIN + SHARD_START;
    let reason = format!(
        "The largest shard has up to {largest:.0} couple-days, which take {} on {cpus} of the cores of the machine \
         that wrote this,\nby a probe of {} runs. This is {TIME_MARGIN:.0} times that, and {:.0} minutes for starting \
         and for slow files.",
        duration(seconds),
        probe.probed,
        SHARD_START / 60.0
    );
    let value = slurm_time(requested);
    (JobLimit { value, reason }, seconds)
}

fn merge_time(plan: &ShardPlan, results: u64) -> JobLimit {
    let seconds =
        MERGE_START + plan.shards() as f64 * SECONDS_PER_SHARD + results as f64 / MERGED_PER_SECOND;
    JobLimit {
        value: slurm_time(seconds),
        reason: format!(
            "{:.0} minutes for charts and for shards that are seen late, {SECONDS_PER_SHARD} s for each of {} shards, \
             and 1 s for\neach {:.0} MB of about {:.1} MB of results.",
            MERGE_START / 60.0,
            plan.shards(),
            MERGED_PER_SECOND / 1e6,
            results as f64 / 1e6
        ),
    }
}

fn memory(bytes: u64, what: &str) -> JobLimit {
    let megabytes = (bytes as f64 * MEMORY_MARGIN / f64::from(1 << 20) / 64.0).ceil() as u64 * 64;
    JobLimit {
        value: format!("{}M", megabytes.max(LEAST_MEMORY)),
        reason: format!(
            "{MEMORY_MARGIN:.0} times the {:.0} MB that are estimated for the program and {what}, at least {LEAST_MEMORY} MB.",
            bytes as f64 / 1e6
        ),
    }
}

/// A time in whole minutes as Slurm writes it.
fn slurm_time(seconds: f64) -> String {
    let minutes = (seconds / 60.0).ceil().min(1e9) as u64;
    let (days, hours) = (minutes / 1440, minutes / 60 % 24);
    let rest = format!("{hours:02}:{:02}:00", minutes % 60);
    match days {
        0 => rest,
        days => format!("{days}-{rest}"),
    }
}

/// A time as people read it.
pub(crate) fn duration(seconds: f64) -> String {
    if seconds < 90.0 {
        format!("{seconds:.1} s")
    } else if seconds < 5400.0 {
        format!("{:.1} min", seconds / 60.0)
    } else {
        format!("{:.1} h", seconds / 3600.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rounded_up_to_minutes() {
        for (seconds, text) in [
            (1.0, "00:01:00"),
            (60.0, "00:01:00"),
            (61.0, "00:02:00"),
            (7200.0, "02:00:00"),
            (90_000.0, "1-01:00:00"),
        ] {
            assert_eq!(slurm_time(seconds), text);
        }
    }

    #[test]
    fn memory_has_a_margin_and_a_least_amount() {
        assert_eq!(memory(1 << 20, "it").value, "256M");
        assert_eq!(memory(1 << 30, "it").value, "2048M");
        assert_eq!(memory((1 << 30) + 1, "it").value, "2112M");
    }
}
