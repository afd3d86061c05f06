//! Compares two measurements: which numbers differ, and which are not resolved.

use super::measurement::{Measurement, MedianRange, columns, megabytes, three_digits};
use std::fmt;

/// What is to be said of two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SpeedChange {
    /// The ranges overlap, or one of them is that of a single round.
    Unresolved,
    /// The new one takes less time.
    Faster,
    /// The new one takes more time.
    Slower,
    /// The new number is higher.
    Higher,
    /// The new number is lower.
    Lower,
    /// Both numbers are the same.
    Same,
    /// Each was read once, so that nothing is known of its range.
    ReadOnce,
}

impl fmt::Display for SpeedChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SpeedChange::Unresolved => "not resolved",
            SpeedChange::Faster => "faster",
            SpeedChange::Slower => "slower",
            SpeedChange::Higher => "higher",
            SpeedChange::Lower => "lower",
            SpeedChange::Same => "same",
            SpeedChange::ReadOnce => "read once",
        })
    }
}

/// One number of both measurements.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ComparedNumber {
    /// The number's name.
    pub(crate) what: String,
    /// The earlier number, as it is shown.
    pub(crate) old: String,
    /// The new number, as it is shown.
    pub(crate) new: String,
    /// The new number over the earlier one.
    pub(crate) ratio: f64,
    /// What is to be said.
    pub(crate) verdict: SpeedChange,
}

/// A measurement against an earlier one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Comparison {
    /// Every number that both have.
    pub(crate) numbers: Vec<ComparedNumber>,
    /// Other differences: version, machine, scenario.
    pub(crate) differences: Vec<String>,
}

impl Comparison {
    /// Holds a new measurement against an earlier one.
    pub(crate) fn of(old: &Measurement, new: &Measurement) -> Comparison {
        let mut numbers = timed(old, new);
        numbers.extend(single(old, new));
        Comparison {
            numbers,
            differences: differences(old, new),
        }
    }
}

/// What was measured in rounds.
fn timed(old: &Measurement, new: &Measurement) -> Vec<ComparedNumber> {
    let repeated = old.rounds > 1 && new.rounds > 1;
    let mut numbers = Vec::new();
    for (was, is) in pairs(old, new) {
        let mut push = |what: &str, pair: [MedianRange; 2], words: [SpeedChange; 2]| {
            let what = format!("{what}, threads {}", was.threads);
            numbers.push(measured(what, pair, words, repeated));
        };
        push(
            "ns of CPU a couple-day",
            [was, is].map(|by| by.ns_cpu_per_couple_day),
            [SpeedChange::Faster, SpeedChange::Slower],
        );
        push(
            "million couple-days a second",
            [was, is].map(|by| by.couple_days_per_second.per(1e6)),
            [SpeedChange::Slower, SpeedChange::Faster],
        );
        if was.threads > 1 {
            let pair = [was, is].map(|by| by.efficiency);
            push(
                "efficiency",
                pair,
                [SpeedChange::Lower, SpeedChange::Higher],
            );
        }
    }
    numbers
}

/// What was read once. Memory counts where both wrote their results, or neither.
fn single(old: &Measurement, new: &Measurement) -> Vec<ComparedNumber> {
    let both = |value: fn(&Measurement) -> Option<u64>| {
        let [old, new] = [old, new].map(|one| value(one).map(|count| count as f64));
        old.zip(new)
    };
    let bytes = |bytes: f64| megabytes(bytes as u64);
    let seconds = |value: f64| format!("{} s", three_digits(value));
    let alike = old.output_bytes.is_some() == new.output_bytes.is_some();
    let memory = both(|one| one.peak_rss_bytes).filter(|_| alike);
    let mut numbers = Vec::new();
    let mut push = |what: &str,
                    pair: Option<(f64, f64)>,
                    show: &dyn Fn(f64) -> String,
                    say: fn(f64, f64) -> SpeedChange| {
        numbers.extend(pair.map(|(old, new)| ComparedNumber {
            what: what.to_owned(),
            old: show(old),
            new: show(new),
            ratio: new / old,
            verdict: say(old, new),
        }));
    };
    let read_once = |_, _| SpeedChange::ReadOnce;
    push("peak memory", memory, &bytes, read_once);
    push(
        "whole output",
        both(|one| one.output_bytes),
        &bytes,
        counted,
    );
    push(
        "tables of it",
        both(|one| one.output_table_bytes),
        &bytes,
        counted,
    );
    let time = old.output_seconds.zip(new.output_seconds);
    push("time of all of it", time, &seconds, read_once);
    numbers
}

/// The numbers of threads that both were measured with.
fn pairs<'a>(
    old: &'a Measurement,
    new: &'a Measurement,
) -> impl Iterator<Item = (&'a super::ThreadTiming, &'a super::ThreadTiming)> {
    old.threads.iter().filter_map(|was| {
        let is = new.threads.iter().find(|is| is.threads == was.threads)?;
        Some((was, is))
    })
}

/// `words` say what a lower and what a higher new number is.
fn measured(
    what: String,
    [old, new]: [MedianRange; 2],
    words: [SpeedChange; 2],
    repeated: bool,
) -> ComparedNumber {
    let verdict = if !repeated || old.overlaps(&new) {
        SpeedChange::Unresolved
    } else if new.median < old.median {
        words[0]
    } else {
        words[1]
    };
    ComparedNumber {
        what,
        old: old.to_string(),
        new: new.to_string(),
        ratio: new.median / old.median,
        verdict,
    }
}

/// What is counted has no range.
fn counted(old: f64, new: f64) -> SpeedChange {
    if new > old {
        SpeedChange::Higher
    } else if new < old {
        SpeedChange::Lower
    } else {
        SpeedChange::Same
    }
}

fn differences(old: &Measurement, new: &Measurement) -> Vec<String> {
    let mut found = Vec::new();
    let mut differ = |what: &str, was: String, is: String, so: &str| {
        if was != is {
            found.push(format!("{what} differs ({was}, now {is}): {so}"));
        }
    };
    let text = |text: &str| text.to_owned();
    let speed = "the ratios compare two programs";
    differ("the version", text(&old.version), text(&new.version), speed);
    differ("the build", text(&old.build), text(&new.build), speed);
    differ(
        "the engine",
        text(&old.engine),
        text(&new.engine),
        "the ratios compare two engines",
    );
    let machine = |one: &Measurement| {
        let cpu = one.cpu.as_deref().unwrap_or("unknown processor");
        format!("{cpu}, {} cores", one.cores)
    };
    differ(
        "the machine",
        machine(old),
        machine(new),
        "the ratios compare two machines",
    );
    let clock = "CPU time is not the same thing in both";
    differ("the clock", text(&old.clock), text(&new.clock), clock);
    if old.scenario_blake3 != new.scenario_blake3 {
        found.push(format!(
            "the scenario differs ({}, now {}; {} points of {} couples and {} days, now {} of {} and {}): \
             the ratios compare two tasks",
            old.scenario, new.scenario, old.points, old.couples, old.days, new.points, new.couples, new.days
        ));
    } else if old.measured_jobs != new.measured_jobs {
        found.push(format!(
            "other parts of the scenario were measured ({} of {} jobs, now {})",
            old.measured_jobs, old.jobs, new.measured_jobs
        ));
    }
    found.extend(busy(old, new));
    found
}

/// A warning where the machine had other work: it takes cores away, and slows those that are left.
fn busy(old: &Measurement, new: &Measurement) -> Option<String> {
    let (was, is) = (old.load_average?, new.load_average?);
    let share = (was / old.cores as f64).max(is / new.cores as f64);
    (share > 0.5).then(|| {
        format!(
            "other programs were at work (load average {was:.1} on {} cores, now {is:.1} on {}): \
             a difference may be theirs, in CPU time too",
            old.cores, new.cores
        )
    })
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows = vec![
            ["", "earlier", "now", "ratio", ""]
                .map(str::to_owned)
                .to_vec(),
        ];
        rows.extend(self.numbers.iter().map(|number| {
            vec![
                number.what.clone(),
                number.old.clone(),
                number.new.clone(),
                format!("{:.3}", number.ratio),
                number.verdict.to_string(),
            ]
        }));
        f.write_str(&columns(&rows))?;
        for difference in &self.differences {
            writeln!(f, "note: {difference}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::measurement::tests::sample_measurement;

    fn verdicts(old: &Measurement, new: &Measurement) -> Vec<(String, SpeedChange)> {
        let compared = Comparison::of(old, new).numbers.into_iter();
        compared
            .map(|number| (number.what, number.verdict))
            .collect()
    }

    #[test]
    fn ranges_that_overlap_are_not_resolved() {
        let all = verdicts(&sample_measurement(60.0), &sample_measurement(61.0));
        assert!(
            all.iter()
                .take(5)
                .all(|(_, verdict)| *verdict == SpeedChange::Unresolved),
            "{all:?}"
        );
    }

    #[test]
    fn ranges_apart_say_which_is_faster() {
        let faster = verdicts(&sample_measurement(60.0), &sample_measurement(30.0));
        assert_eq!(faster[0].1, SpeedChange::Faster, "{faster:?}");
        assert_eq!(faster[1].1, SpeedChange::Faster, "{faster:?}");
        let slower = verdicts(&sample_measurement(60.0), &sample_measurement(120.0));
        assert_eq!(
            (slower[0].1, slower[1].1),
            (SpeedChange::Slower, SpeedChange::Slower)
        );
    }

    #[test]
    fn one_round_resolves_nothing() {
        let mut one = sample_measurement(30.0);
        one.rounds = 1;
        assert_eq!(
            verdicts(&sample_measurement(60.0), &one)[0].1,
            SpeedChange::Unresolved
        );
    }

    #[test]
    fn counts_are_reported_and_single_readings_are_not_judged() {
        let (old, mut new) = (sample_measurement(60.0), sample_measurement(60.0));
        new.output_bytes = Some(7_000_000);
        new.peak_rss_bytes = Some(1 << 40);
        new.output_seconds = None;
        let all = verdicts(&old, &new);
        let of = |what: &str| {
            all.iter()
                .find(|(name, _)| name == what)
                .map(|(_, verdict)| *verdict)
        };
        assert_eq!(of("whole output"), Some(SpeedChange::Higher));
        assert_eq!(of("tables of it"), Some(SpeedChange::Same));
        assert_eq!(of("peak memory"), Some(SpeedChange::ReadOnce));
        assert_eq!(of("time of all of it"), None);
    }

    #[test]
    fn differences_besides_numbers_are_reported() {
        let (mut old, mut new) = (sample_measurement(60.0), sample_measurement(60.0));
        assert_eq!(Comparison::of(&old, &new).differences, [""; 0]);
        new.cores = 64;
        (old.load_average, new.load_average) = (Some(0.1), Some(40.0));
        new.engine = "scalar".to_owned();
        new.scenario_blake3 = "other".to_owned();
        let shown = Comparison::of(&old, &new).to_string();
        for said in [
            "compare two machines",
            "compare two engines",
            "compare two tasks",
            "other programs were at work",
        ] {
            assert!(shown.contains(said), "{shown}");
        }
    }
}
