//! Ticks: round numbers along an axis, ranges that end at round numbers, and axes of time in days or, where they
//! are long, in years.

use super::format::{magnitude, number, power_of_ten};
use crate::math::functions;

/// Values on an axis and what is written there.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ticks {
    /// Values, rising.
    pub(crate) at: Vec<f64>,
    /// One text for each value.
    pub(crate) labels: Vec<String>,
}

impl Ticks {
    /// Round numbers within [`low`, `high`], about `target` of them.
    pub(crate) fn round(low: f64, high: f64, target: usize) -> Ticks {
        Ticks::every(low, high, round_step(high - low, target), 1.0)
    }
    /// Round multiples of a unit of `unit` of the axis's units, such as years on an axis of days.
    pub(crate) fn round_in(low: f64, high: f64, target: usize, unit: f64) -> Ticks {
        let step = round_step((high - low) / unit, target);
        Ticks::every(low / unit, high / unit, step, unit)
    }
    /// Round integers within [`low`, `high`], about `target` of them.
    pub(crate) fn integer(low: f64, high: f64, target: usize) -> Ticks {
        Ticks::every(low, high, round_step(high - low, target).max(1.0), 1.0)
    }
    /// Round numbers between 10^`low` and 10^`high`, at most about `target` of them, at their logarithms.
    ///
    /// Steps of a decade or of several, or 1, 2 and 5 in each; an axis too short for these has evenly spaced
    /// ticks.
    pub(crate) fn log(low: f64, high: f64, target: usize) -> Ticks {
        let target = target.max(1);
        let decades = (low.floor() as i32)..=(high.ceil() as i32);
        let stride = ((high - low) / target as f64).ceil().max(1.0) as i32;
        let within = |at: &f64| (low - 1e-9..=high + 1e-9).contains(at);
        let choose = |factors: &[f64], stride: i32| -> Vec<(f64, f64)> {
            let powers = decades
                .clone()
                .filter(|power| power % stride == 0)
                .take(1000);
            powers
                .flat_map(|power| factors.iter().map(move |f| f * power_of_ten(power)))
                .map(|value| (log10(value), value))
                .filter(|(at, _)| within(at))
                .collect()
        };
        let sets: [&[f64]; 3] = [&[1.0, 2.0, 5.0], &[1.0, 3.0], &[1.0]];
        let mut chosen = sets.map(|set| choose(set, 1)).into_iter();
        let chosen = chosen
            .find(|set| (2..=target).contains(&set.len()))
            .unwrap_or_else(|| choose(&[1.0], stride));
        if chosen.len() < 2 {
            let plain = Ticks::round(exp10(low), exp10(high), target);
            let kept = plain
                .at
                .into_iter()
                .zip(plain.labels)
                .filter(|(at, _)| *at > 0.0);
            let (at, labels) = kept.map(|(at, label)| (log10(at), label)).unzip();
            return Ticks { at, labels };
        }
        let labels = chosen
            .iter()
            .map(|(_, value)| number(*value, *value))
            .collect();
        Ticks {
            at: chosen.into_iter().map(|(at, _)| at).collect(),
            labels,
        }
    }
    /// Those that are wanted by their position (mm) on an axis between two values, of a length (mm), and their text.
    pub(crate) fn wanted(
        self,
        (low, high): (f64, f64),
        length: f64,
        is_wanted: impl Fn(f64, &str) -> bool,
    ) -> Ticks {
        let all = self.at.into_iter().zip(self.labels);
        let wanted = all.filter(|(at, label)| is_wanted((at - low) / (high - low) * length, label));
        let (at, labels) = wanted.unzip();
        Ticks { at, labels }
    }
    fn every(low: f64, high: f64, step: f64, unit: f64) -> Ticks {
        let slack = 1e-9 * step;
        let first = ((low - slack) / step).ceil();
        let count = (((high + slack) / step).floor() - first).clamp(-1.0, 1000.0);
        let values: Vec<f64> = (0..=count as i64)
            .take_while(|_| count >= 0.0)
            .map(|k| (first + k as f64) * step)
            .collect();
        let labels = values.iter().map(|value| number(*value, step)).collect();
        Ticks {
            at: values.iter().map(|value| value * unit).collect(),
            labels,
        }
    }
}

/// Lowest and highest of the finite numbers.
pub(crate) fn range_of(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    let pairs = values.into_iter().filter(|v| v.is_finite()).map(|v| (v, v));
    pairs.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// A range with some space at its ends.
pub(crate) fn with_margins((low, high): (f64, f64)) -> (f64, f64) {
    let margin = match high > low {
        true => 0.04 * (high - low),
        false => 0.5 * low.abs().max(1.0),
    };
    (low - margin, high + margin)
}

/// The step of 1, 2 or 5 times a power of ten that divides `span` into about `target` pieces.
///
/// A span that is not positive counts as one.
pub(crate) fn round_step(span: f64, target: usize) -> f64 {
    let span = if span > 0.0 && span.is_finite() {
        span
    } else {
        1.0
    };
    let raw = span / target.max(1) as f64;
    let power = power_of_ten(magnitude(raw));
    let factor = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|f| f * power >= raw * 0.999);
    factor.unwrap_or(10.0) * power
}

/// Widens [`low`, `high`] to round numbers; an empty interval is widened.
pub(crate) fn round_range(low: f64, high: f64, target: usize) -> (f64, f64) {
    if high > low {
        let step = round_step(high - low, target);
        let slack = 1e-9;
        (
            (low / step + slack).floor() * step,
            (high / step - slack).ceil() * step,
        )
    } else {
        let margin = if low == 0.0 { 1.0 } else { 0.5 * low.abs() };
        (low - margin, low + margin)
    }
}

/// The logarithm of a positive number to base ten; an integer for powers of ten.
pub(crate) fn log10(value: f64) -> f64 {
    let log = functions::ln(value) / std::f64::consts::LN_10;
    if (log - log.round()).abs() < 1e-12 * log.abs().max(1.0) {
        log.round()
    } else {
        log
    }
}

/// Ten to the power of a number.
pub(crate) fn exp10(log: f64) -> f64 {
    functions::exp(log * std::f64::consts::LN_10)
}

/// Days in a year, leap days included.
const DAYS_PER_YEAR: f64 = 365.25;
/// Days from which an axis is written in years.
const LONG: f64 = 3.0 * DAYS_PER_YEAR;

/// Which days an axis covers, and in which unit it is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TimeAxis {
    /// First day shown.
    pub(crate) first: f64,
    /// Last day shown, after the first.
    pub(crate) last: f64,
}

impl TimeAxis {
    /// Covers the finite ones of some days; `None` where there is none.
    ///
    /// A single day gets half a day on each side.
    pub(crate) fn covering(days: impl IntoIterator<Item = f64>) -> Option<TimeAxis> {
        let (first, last) = days
            .into_iter()
            .filter(|day| day.is_finite())
            .map(|day| (day, day))
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?;
        let (first, last) = if last > first {
            (first, last)
        } else {
            (first - 0.5, last + 0.5)
        };
        Some(TimeAxis { first, last })
    }
    /// The same axis started at day 0, where it starts later.
    pub(crate) fn starting_at_zero(self) -> TimeAxis {
        TimeAxis {
            first: self.first.min(0.0),
            ..self
        }
    }
    /// Whether the axis is written in years.
    pub(crate) fn in_years(self) -> bool {
        self.last - self.first >= LONG
    }
    /// The axis's title.
    pub(crate) fn title(self) -> &'static str {
        if self.in_years() {
            "Time (years)"
        } else {
            "Time (days)"
        }
    }
    /// About `target` ticks.
    pub(crate) fn ticks(self, target: usize) -> Ticks {
        if self.in_years() {
            Ticks::round_in(self.first, self.last, target, DAYS_PER_YEAR)
        } else {
            Ticks::integer(self.first, self.last, target)
        }
    }
    /// A day after its preposition, in the axis's unit: "on day 213" or "at year 4.2".
    pub(crate) fn when(self, day: f64) -> String {
        let preposition = if self.in_years() { "at" } else { "on" };
        format!("{preposition} {}", self.moment(day))
    }
    /// The days from one on to before another as text: "days 100–159" or "years 1.0–1.5".
    pub(crate) fn span(self, from: f64, until: f64) -> String {
        if self.in_years() {
            let [from, until] = [from, until].map(|day| day / DAYS_PER_YEAR);
            return format!("years {from:.1}–{until:.1}");
        }
        let last = until - 1.0;
        match last > from {
            true => format!("days {from:.0}–{last:.0}"),
            false => self.moment(from),
        }
    }
    /// A day as text, in the axis's unit: "day 213" or "year 4.2".
    pub(crate) fn moment(self, day: f64) -> String {
        if self.in_years() {
            format!("year {:.1}", day / DAYS_PER_YEAR)
        } else {
            format!("day {day:.0}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        let ticks = Ticks::round(0.0, 1.0, 5);
        assert_eq!(ticks.labels, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(
            Ticks::round(0.0, 400.0, 4).labels,
            ["0", "100", "200", "300", "400"]
        );
        assert_eq!(
            Ticks::round(-0.013, 0.021, 4).labels,
            ["−0.01", "0.00", "0.01", "0.02"]
        );
        assert_eq!(Ticks::integer(0.0, 2.0, 6).labels, ["0", "1", "2"]);
    }

    #[test]
    fn years_are_placed_at_their_days() {
        let ticks = Ticks::round_in(0.0, 7305.0, 4, 365.25);
        assert_eq!(ticks.labels, ["0", "5", "10", "15", "20"]);
        assert_eq!(ticks.at[1], 5.0 * 365.25);
    }

    #[test]
    fn a_range_becomes_round_and_never_empty() {
        assert_eq!(round_range(0.03, 0.91, 5), (0.0, 1.0));
        assert_eq!(round_range(0.0, 1.0, 5), (0.0, 1.0));
        assert_eq!(round_range(0.0, 0.0, 5), (-1.0, 1.0));
        assert_eq!(round_range(4.0, 4.0, 5), (2.0, 6.0));
    }

    #[test]
    fn logarithmic_ticks_are_round_and_inside() {
        assert_eq!(Ticks::log(-2.0, 1.0, 6).labels, ["0.01", "0.1", "1", "10"]);
        assert_eq!(
            Ticks::log(0.0, 2.0, 9).labels,
            ["1", "2", "5", "10", "20", "50", "100"]
        );
        assert_eq!(Ticks::log(-8.0, 8.0, 5).at, [-8.0, -4.0, 0.0, 4.0, 8.0]);
        assert_eq!(Ticks::log(0.31, 0.49, 4).labels, ["2.5", "3.0"]);
        for (low, high) in [(f64::NAN, 1.0), (-400.0, 400.0), (0.0, 0.0), (1.0, 0.0)] {
            let ticks = Ticks::log(low, high, 5);
            assert!(ticks.at.len() <= 1001 && ticks.at.len() == ticks.labels.len());
        }
    }

    #[test]
    fn degenerate_spans_give_bounded_ticks() {
        for (low, high) in [
            (0.0, 0.0),
            (f64::NAN, 1.0),
            (1.0, 0.0),
            (0.0, f64::INFINITY),
            (1e-300, 2e-300),
        ] {
            let ticks = Ticks::round(low, high, 5);
            assert_eq!(ticks.at.len(), ticks.labels.len());
            assert!(ticks.at.len() <= 1001);
        }
    }

    #[test]
    fn twenty_years_are_written_in_years() {
        let axis = TimeAxis::covering([0.0, 7305.0]).expect("two days");
        assert_eq!(axis.title(), "Time (years)");
        assert_eq!(axis.ticks(4).labels, ["0", "5", "10", "15", "20"]);
        assert_eq!(axis.moment(730.5), "year 2.0");
    }

    #[test]
    fn one_day_becomes_an_axis() {
        let axis = TimeAxis::covering([3.0]).expect("one day");
        assert_eq!((axis.first, axis.last), (2.5, 3.5));
        assert_eq!(axis.ticks(5).labels, ["3"]);
        assert_eq!(axis.moment(3.0), "day 3");
    }

    #[test]
    fn without_a_finite_day_there_is_no_axis() {
        assert_eq!(TimeAxis::covering([f64::NAN, f64::INFINITY]), None);
    }
}
