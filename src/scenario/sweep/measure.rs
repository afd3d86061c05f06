//! What a sweep measures of each run: a measure on the last day, on another day or on average over days, or a
//! correlation or slope over couples.

use crate::scenario::claims::schema::numeric_columns;
use crate::simulation::{Measure, Moments, Observable, PreparedRun, Sums};
use std::fmt;
use std::sync::LazyLock;

/// One number of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SweepMeasure {
    /// A measure on some days.
    On(Measure, MeasureDays),
    /// Correlation over couples of two columns of the couples' table.
    Correlation(&'static str, &'static str),
    /// Slope over couples of the first column of the couples' table on the second.
    Slope(&'static str, &'static str),
}

/// The days of a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MeasureDays {
    /// The last day of the run.
    Last,
    /// A day; 0 is the start.
    Day(u32),
    /// The mean over days from the first to the last, both included.
    Span(u32, u32),
}

/// Columns of the couples' table that can be correlated.
static COLUMNS: LazyLock<Vec<String>> = LazyLock::new(numeric_columns);

/// How a statistic over couples is written, as a pattern of JSON Schema.
pub(crate) const PATTERNS: [&str; 3] = [
    "^(share intact|(mean|sd) [a-z_]+( [ab])?( over all)?) @ \\d+(:\\d+)?$",
    "^correlation of [a-z_]+ with [a-z_]+$",
    "^slope of [a-z_]+ on [a-z_]+$",
];

impl SweepMeasure {
    /// The measure of a name such as `mean trust`, `mean trust a @ 60`, `mean trust @ 30:60`,
    /// `correlation of trust_end_a with anxiety_a` or `slope of trust_end_a on anxiety_a`.
    pub(crate) fn named(name: &str) -> Option<SweepMeasure> {
        let column = |name: &str| {
            let known = COLUMNS.iter().find(|column| column.as_str() == name);
            known.map(String::as_str)
        };
        if let Some((one, other)) = name
            .strip_prefix("correlation of ")
            .and_then(|it| it.split_once(" with "))
        {
            return Some(SweepMeasure::Correlation(column(one)?, column(other)?));
        }
        if let Some((of, on)) = name
            .strip_prefix("slope of ")
            .and_then(|it| it.split_once(" on "))
        {
            return Some(SweepMeasure::Slope(column(of)?, column(on)?));
        }
        let Some((measure, days)) = name.split_once(" @ ") else {
            return Some(SweepMeasure::On(Measure::named(name)?, MeasureDays::Last));
        };
        let day = |text: &str| {
            let day: u32 = text.parse().ok()?;
            (day.to_string() == text).then_some(day)
        };
        let days = match days.split_once(':') {
            Some((from, to)) => {
                let (from, to) = (day(from)?, day(to)?);
                if from >= to {
                    return None;
                }
                MeasureDays::Span(from, to)
            }
            None => MeasureDays::Day(day(days)?),
        };
        Some(SweepMeasure::On(Measure::named(measure)?, days))
    }

    /// The measures of a sweep by default.
    pub(crate) fn defaults() -> Vec<SweepMeasure> {
        let defaults = Measure::defaults().into_iter();
        defaults
            .map(|measure| SweepMeasure::On(measure, MeasureDays::Last))
            .collect()
    }

    /// The name as a column of a table.
    pub(crate) fn column(&self) -> String {
        let name = self.to_string();
        name.replace(" @ ", " at ")
            .replace(':', " to ")
            .replace(' ', "_")
    }

    /// What is observed, where something is.
    pub(crate) fn observable(&self) -> Option<Observable> {
        match self {
            SweepMeasure::On(measure, _) => measure.observable(),
            SweepMeasure::Correlation(..) | SweepMeasure::Slope(..) => None,
        }
    }

    /// The columns of the couples' table that it needs.
    pub(crate) fn couple_columns(&self) -> Option<[&'static str; 2]> {
        match *self {
            SweepMeasure::Correlation(one, other) | SweepMeasure::Slope(one, other) => {
                Some([one, other])
            }
            SweepMeasure::On(..) => None,
        }
    }

    /// The last day that it needs, unless that is the last day of the run.
    pub(crate) fn last_day(&self) -> Option<u32> {
        match self {
            SweepMeasure::On(_, MeasureDays::Day(day) | MeasureDays::Span(_, day)) => Some(*day),
            _ => None,
        }
    }

    /// The longest interval between recorded days that reaches its days too; the last day is always recorded.
    pub(crate) fn common_interval(&self, every: u32, last: u32) -> u32 {
        match self {
            // Break-ups are known of every day.
            SweepMeasure::On(Measure::Together, _) => every,
            SweepMeasure::On(_, MeasureDays::Span(..)) => 1,
            SweepMeasure::On(_, MeasureDays::Day(day)) if *day < last => {
                crate::simulation::common_interval(every, *day)
            }
            _ => every,
        }
    }

    /// Whether couples that separated before the day count in it.
    pub(crate) fn is_over_all(&self) -> bool {
        match self {
            SweepMeasure::On(measure, _) => measure.is_over_all(),
            SweepMeasure::Correlation(..) | SweepMeasure::Slope(..) => true,
        }
    }

    /// Whether it is over couples still together on the last day.
    pub(crate) fn is_over_last_day(&self) -> bool {
        let last = matches!(self, SweepMeasure::On(_, MeasureDays::Last));
        last && !self.is_over_all()
    }

    /// Whether it needs the last values of separated couples.
    pub(crate) fn needs_last_values(&self) -> bool {
        matches!(self, SweepMeasure::On(measure, _) if measure.needs_last_values())
    }

    /// Whether it is no mean over couples, so that its error is known from the runs alone.
    pub(crate) fn is_over_runs(&self) -> bool {
        match self {
            SweepMeasure::On(Measure::Sd(..), _) | SweepMeasure::On(_, MeasureDays::Span(..)) => {
                true
            }
            SweepMeasure::On(..) => false,
            SweepMeasure::Correlation(..) | SweepMeasure::Slope(..) => true,
        }
    }

    /// Whether its value stands in the sum of [`Sums`] as it is.
    fn is_value(&self) -> bool {
        self.couple_columns().is_some()
            || matches!(self, SweepMeasure::On(_, MeasureDays::Span(..)))
    }

    /// The measure's value from the sums that belong to it.
    pub(crate) fn value(&self, sums: &Sums) -> f64 {
        match self {
            _ if self.is_value() => {
                if sums.n > 0 {
                    sums.sum
                } else {
                    f64::NAN
                }
            }
            SweepMeasure::On(measure, _) => measure.value(sums),
            SweepMeasure::Correlation(..) | SweepMeasure::Slope(..) => f64::NAN,
        }
    }

    /// The sums of one run that belong to it, from its recorded days and the steps of its separations; of a
    /// statistic over couples, from its value.
    pub(crate) fn sums(
        &self,
        run: &PreparedRun,
        moments: &Moments,
        ends: &[Option<u64>],
        statistic: impl Fn(&SweepMeasure) -> f64,
    ) -> Sums {
        let couples = ends.len() as u64;
        let value = |n: u64, value: f64| match value.is_nan() {
            true => Sums::default(),
            false => Sums {
                n,
                sum: value,
                squares: 0.0,
            },
        };
        match self {
            SweepMeasure::On(measure, MeasureDays::Last) => {
                on_day(measure, run.config.size.days, run, moments, ends)
            }
            SweepMeasure::On(measure, MeasureDays::Day(day)) => {
                on_day(measure, *day, run, moments, ends)
            }
            SweepMeasure::On(measure, MeasureDays::Span(from, to)) => {
                // Day 0 has no events.
                let of_events = measure.observable().is_some_and(Observable::is_of_events);
                let from = (*from).max(u32::from(of_events));
                let (mut sum, mut n) = (0.0, 0);
                for day in from..=*to {
                    let sums = on_day(measure, day, run, moments, ends);
                    sum += measure.value(&sums);
                    n = sums.n;
                }
                value(n, sum / f64::from(to - from + 1))
            }
            SweepMeasure::Correlation(..) | SweepMeasure::Slope(..) => {
                value(couples, statistic(self))
            }
        }
    }

    /// The lowest and highest value that it can have.
    pub(crate) fn bounds(&self) -> [f64; 2] {
        match self {
            SweepMeasure::On(measure, _) => measure.bounds(),
            SweepMeasure::Correlation(..) => [-1.0, 1.0],
            SweepMeasure::Slope(..) => [f64::NEG_INFINITY, f64::INFINITY],
        }
    }

    /// What the number is, in words.
    pub(crate) fn meaning(&self) -> String {
        match self {
            SweepMeasure::On(measure, MeasureDays::Last) => measure.meaning(),
            SweepMeasure::On(measure, MeasureDays::Day(day)) => measure
                .meaning()
                .replace("the last day", &format!("day {day}")),
            SweepMeasure::On(measure, MeasureDays::Span(from, to)) => {
                let one = measure.meaning().replace("the last day", "a day");
                format!("{one}; mean over days {from} to {to}")
            }
            SweepMeasure::Correlation(one, other) => {
                format!("Correlation over all couples of {one} with {other}, columns of `couples`")
            }
            SweepMeasure::Slope(of, on) => {
                format!("Slope over all couples of {of} on {on}, columns of `couples`")
            }
        }
    }
}

/// The sums of a measure on a day; none if the run does not have the day.
fn on_day(
    measure: &Measure,
    day: u32,
    run: &PreparedRun,
    moments: &Moments,
    ends: &[Option<u64>],
) -> Sums {
    let size = &run.config.size;
    if day > size.days {
        return Sums::default();
    }
    let couples = ends.len() as u64;
    let last_step = u64::from(day) * u64::from(size.steps_per_day);
    let lasting = ends
        .iter()
        .filter(|end| end.is_none_or(|step| step > last_step))
        .count() as u64;
    let position = match measure {
        Measure::Together => Some(0),
        _ => run.recorded_position(day),
    };
    position.map_or_else(Sums::default, |position| {
        measure.sums_on(position, &run.recorded, moments, lasting, couples)
    })
}

impl fmt::Display for SweepMeasure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SweepMeasure::On(measure, MeasureDays::Last) => write!(f, "{measure}"),
            SweepMeasure::On(measure, MeasureDays::Day(day)) => write!(f, "{measure} @ {day}"),
            SweepMeasure::On(measure, MeasureDays::Span(from, to)) => {
                write!(f, "{measure} @ {from}:{to}")
            }
            SweepMeasure::Correlation(one, other) => write!(f, "correlation of {one} with {other}"),
            SweepMeasure::Slope(of, on) => write!(f, "slope of {of} on {on}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_found_by_their_names() {
        for name in [
            "mean trust",
            "sd trust a over all @ 0",
            "share intact @ 60",
            "mean conflict @ 30:60",
            "correlation of trust_end_a with anxiety_a",
            "slope of trust_end_a on anxiety_a",
        ] {
            let measure = SweepMeasure::named(name).expect(name);
            assert_eq!(measure.to_string(), name);
        }
        for name in [
            "mean trst @ 6",
            "mean trust @ 06",
            "mean trust @ 60:30",
            "mean trust @ 30:30",
            "mean trust@6",
            "correlation of trust_end_a with nothing",
            "slope of trust_end_a with anxiety_a",
        ] {
            assert_eq!(SweepMeasure::named(name), None, "{name}");
        }
        let column = |name| SweepMeasure::named(name).map(|it| it.column());
        assert_eq!(
            column("mean trust a @ 30:60").as_deref(),
            Some("mean_trust_a_at_30_to_60")
        );
    }
}
