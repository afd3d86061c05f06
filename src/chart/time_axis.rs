//! Axes of time, in days or, where they are long, in years.

use super::ticks::Ticks;

/// Days in a year, leap days included.
pub(crate) const DAYS_PER_YEAR: f64 = 365.25;
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
