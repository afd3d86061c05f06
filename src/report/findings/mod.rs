//! What the tables of a run say: their rows as numbers with intervals, and sentences about dated events, groups and
//! conditions. The report and the terminal's summary read the same rows and have the same sentences.
//!
//! Sentences have plain minus signs, as the terminal has them; [`with_minus_signs`](super::numbers::with_minus_signs)
//! makes them those of a page.

mod conditions;
mod events;
mod groups;

pub use conditions::MeanDifference;
pub(crate) use conditions::{SHARE_INTACT, compared_days, largest_differences};
pub(crate) use events::{EventChange, event_findings};
pub(crate) use groups::{GroupMean, GroupShare, SampleMean, group_findings};

use super::numbers::{count, decimals_with};
use super::reader::{numbers, text};
use crate::scenario::Scenario;
use crate::simulation::{Observable, Recorded};
use crate::stats::interval::Interval;
use crate::table::{ColumnError, Table};
use std::fmt;

/// What findings are about, where it is recorded.
pub(crate) const HEADLINES: [&str; 3] = ["trust", "intimacy", "satisfaction"];
/// The regimes of balance, as the observables of their shares.
pub(crate) const REGIMES: [&str; 4] = [
    "secure_balance",
    "complacency",
    "codependency",
    "disengagement",
];

/// A finding: what it is about, and what was found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Finding {
    pub(crate) head: String,
    pub(crate) text: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.head, self.text)
    }
}

/// The mean of an observable over the couples that have a value on a day.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DayMean {
    /// Key of the observable.
    pub observable: &'static str,
    /// `a`, `b` or `couple`.
    pub role: &'static str,
    /// Recorded day.
    pub day: f64,
    /// Couples that it is over: those still together on the day.
    pub n: u64,
    /// Mean; of a regime the share of those couples.
    pub mean: f64,
    /// Its 95 % interval.
    pub interval: Interval,
}

impl DayMean {
    /// Rows of `trajectory` on some days, by their positions.
    ///
    /// # Errors
    /// [`ColumnError`] if the table lacks one of its columns.
    pub(crate) fn rows(
        table: &Table,
        is_shown: impl Fn(f64) -> bool,
    ) -> Result<Vec<(usize, DayMean)>, ColumnError> {
        let [day, n, mean] = ["day", "n", "mean"].map(|name| numbers(table, name));
        let (day, n, mean, interval) = (day?, n?, mean?, intervals(table)?);
        let row = |row: usize| {
            let found = DayMean {
                observable: Observable::named(text(table, "observable", row))?
                    .info()
                    .key,
                role: role_of(table, row),
                day: day[row],
                n: couples(n[row]),
                mean: mean[row],
                interval: interval[row],
            };
            Some((row, found))
        };
        let shown = (0..day.len()).filter(|row| is_shown(day[*row]));
        Ok(shown.filter_map(row).collect())
    }

    /// The same without their positions.
    ///
    /// # Errors
    /// [`ColumnError`] if the table lacks one of its columns.
    pub(crate) fn of_rows(
        table: &Table,
        is_shown: impl Fn(f64) -> bool,
    ) -> Result<Vec<DayMean>, ColumnError> {
        let rows = DayMean::rows(table, is_shown)?.into_iter();
        Ok(rows.map(|(_, mean)| mean).collect())
    }
}

/// The first, the recorded day nearest to the middle, and the last recorded day, without repetition.
pub(crate) fn shown_days(scenario: &Scenario) -> Vec<f64> {
    let recorded = Recorded::of(scenario.config()).days;
    let days = recorded.iter().map(|day| f64::from(*day));
    let last = f64::from(scenario.config().size.days);
    let near = |one: &f64, other: &f64| {
        (one - 0.5 * last)
            .abs()
            .total_cmp(&(other - 0.5 * last).abs())
    };
    let mut shown = vec![0.0];
    shown.extend(days.min_by(near));
    shown.push(last);
    shown.dedup();
    shown
}

/// The share of couples still together on a day.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DaySurvival {
    pub(crate) condition: String,
    pub(crate) day: f64,
    pub(crate) at_risk: u64,
    pub(crate) ended: u64,
    pub(crate) share: f64,
    pub(crate) interval: Interval,
}

impl DaySurvival {
    /// The rows of `survival`.
    ///
    /// # Errors
    /// [`ColumnError`] if the table lacks one of its columns.
    pub(crate) fn of_rows(table: &Table) -> Result<Vec<DaySurvival>, ColumnError> {
        let [day, at_risk, ended, share] =
            ["day", "at_risk", "ended", "survival"].map(|name| numbers(table, name));
        let (day, at_risk, ended, share) = (day?, at_risk?, ended?, share?);
        let interval = intervals(table)?;
        let row = |row: usize| DaySurvival {
            condition: text(table, "condition", row).to_owned(),
            day: day[row],
            at_risk: couples(at_risk[row]),
            ended: couples(ended[row]),
            share: share[row],
            interval: interval[row],
        };
        Ok((0..day.len()).map(row).collect())
    }
}

/// Whether an interval is known and does not include zero.
pub(crate) fn excludes_zero(around: Interval) -> bool {
    around.low > 0.0 || around.high < 0.0
}

/// A difference with its interval, and that it is not resolved where the interval includes zero.
fn resolved_or_not(value: f64, around: Interval, n: u64) -> String {
    let text = signed(value, around);
    if excludes_zero(around) {
        text
    } else {
        format!("{text}, not resolved with n = {}", count(n))
    }
}

/// A difference with its interval.
pub(crate) fn signed(value: f64, around: Interval) -> String {
    let decimals = decimals_with(value, around).max(3);
    if around.low.is_nan() {
        return format!("{value:+.decimals$} without an interval");
    }
    format!(
        "{value:+.decimals$} [{:+.decimals$}, {:+.decimals$}]",
        around.low, around.high
    )
}

/// A day without decimals, unless it lies within a day.
fn day(day: f64) -> String {
    if day.fract() == 0.0 {
        count(day as u64)
    } else {
        format!("{day:.3}")
    }
}

fn couples(value: f64) -> u64 {
    value.max(0.0) as u64
}

fn role_of(table: &Table, row: usize) -> &'static str {
    match text(table, "role", row) {
        "a" => "a",
        "b" => "b",
        _ => "couple",
    }
}

/// The intervals of a table's rows.
fn intervals(table: &Table) -> Result<Vec<Interval>, ColumnError> {
    let (low, high) = (numbers(table, "ci_low")?, numbers(table, "ci_high")?);
    let ends = low.into_iter().zip(high);
    Ok(ends.map(|(low, high)| Interval { low, high }).collect())
}

fn lower_if(noun: &str, is_lower: bool) -> String {
    if is_lower {
        noun.to_lowercase()
    } else {
        noun.to_owned()
    }
}
