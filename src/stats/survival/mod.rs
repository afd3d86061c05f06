//! How long relationships last: the Kaplan–Meier curve of what has ended and what was still going
//! on when observation stopped.
//!
//! Intervals are those of the complementary log–log scale with Greenwood's variance, which stay
//! inside [0, 1] (Kalbfleisch & Prentice 2002).

#[cfg(test)]
pub(crate) mod tests;

use super::interval::{Interval, normal_reach};
use crate::math::functions::{exp, ln};
use crate::table::{Field, Schema, Table, Value};
use std::collections::BTreeMap;

/// How many durations ended, and how many were censored, on each day.
///
/// Counts are whole numbers, so their order does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Exits {
    days: BTreeMap<u32, Exit>,
    total: u64,
}

/// The exits of one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Exit {
    /// Lives that ended on this day.
    pub(crate) ended: u64,
    /// Lives last seen, going on, on this day; they were at risk of ending on it.
    pub(crate) censored: u64,
}

impl Exits {
    /// Takes one duration: its last day, and whether it ended then or went on unseen.
    pub(crate) fn push(&mut self, day: u32, ended: bool) {
        self.add(
            day,
            Exit {
                ended: u64::from(ended),
                censored: u64::from(!ended),
            },
        );
    }

    /// Takes the exits of a day, already counted.
    pub(crate) fn add(&mut self, day: u32, exit: Exit) {
        if exit == Exit::default() {
            return;
        }
        let here = self.days.entry(day).or_default();
        here.ended += exit.ended;
        here.censored += exit.censored;
        self.total += exit.ended + exit.censored;
    }

    /// Number of durations.
    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    /// The days on which anything happened, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, Exit)> {
        self.days.iter().map(|(day, exit)| (*day, *exit))
    }

    /// What happened on one day.
    pub(crate) fn on(&self, day: u32) -> Exit {
        self.days.get(&day).copied().unwrap_or_default()
    }
}

impl FromIterator<(u32, bool)> for Exits {
    fn from_iter<I: IntoIterator<Item = (u32, bool)>>(durations: I) -> Exits {
        let mut exits = Exits::default();
        durations
            .into_iter()
            .for_each(|(day, ended)| exits.push(day, ended));
        exits
    }
}

/// The curve after the exits of one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SurvivalStep {
    /// Day.
    pub(crate) day: u32,
    /// Lives at risk on this day: neither ended nor lost before it.
    pub(crate) at_risk: u64,
    /// Lives that ended on this day.
    pub(crate) ended: u64,
    /// Estimated probability of lasting beyond this day [0–1].
    pub(crate) survival: f64,
    /// Greenwood's standard error of the survival.
    pub(crate) standard_error: f64,
    /// Interval of the survival: undefined at estimates of 0 and 1, where the log–log scale is
    /// infinite, except on day 0 without an event, when all survive.
    pub(crate) interval: Interval,
}

/// Estimates the survival curve: a step for day 0 and for each day with an exit.
///
/// Without durations there are no steps.
pub(crate) fn kaplan_meier(exits: &Exits, confidence: f64) -> Vec<SurvivalStep> {
    let reach = normal_reach(confidence);
    let mut steps = Vec::new();
    if exits.total() > 0 && exits.on(0) == Exit::default() {
        steps.push(start(exits.total()));
    }
    let (mut at_risk, mut survival, mut sum) = (exits.total(), 1.0, 0.0);
    for (day, exit) in exits.iter() {
        let (n, d) = (at_risk as f64, exit.ended as f64);
        survival *= (n - d) / n;
        if exit.ended > 0 {
            sum += d / (n * (n - d));
        }
        steps.push(match survival {
            1.0 if day == 0 => start(at_risk),
            _ => SurvivalStep {
                day,
                at_risk,
                ended: exit.ended,
                survival,
                standard_error: if survival > 0.0 {
                    survival * f64::sqrt(sum)
                } else {
                    f64::NAN
                },
                interval: log_log_interval(survival, sum, reach),
            },
        });
        at_risk -= exit.ended + exit.censored;
    }
    steps
}

fn start(at_risk: u64) -> SurvivalStep {
    let interval = Interval {
        low: 1.0,
        high: 1.0,
    };
    SurvivalStep {
        day: 0,
        at_risk,
        ended: 0,
        survival: 1.0,
        standard_error: 0.0,
        interval,
    }
}

/// `sum` is Greenwood's, the variance of the survival over its square.
fn log_log_interval(survival: f64, sum: f64, reach: f64) -> Interval {
    if !(survival > 0.0 && survival < 1.0) {
        return Interval::UNDEFINED;
    }
    let hazard = -ln(survival);
    let factor = exp(reach * sum.sqrt() / hazard);
    Interval {
        low: exp(-hazard * factor),
        high: exp(-hazard / factor),
    }
}

/// The header of the `survival` table.
pub fn schema() -> Schema {
    let columns = vec![
        Field::int("day", "day", "Day after whose exits the curve is given"),
        Field::int(
            "at_risk",
            "1",
            "Lives neither ended nor lost before this day",
        ),
        Field::int("ended", "1", "Lives that ended on this day"),
        Field::float(
            "survival",
            "1",
            "Kaplan-Meier probability of lasting beyond this day",
        )
        .within(0.0, 1.0),
        Field::float("se", "1", "Greenwood standard error of the survival"),
        Field::float(
            "ci_low",
            "1",
            "Lower end of the log-log interval of the survival",
        )
        .within(0.0, 1.0),
        Field::float(
            "ci_high",
            "1",
            "Upper end of the log-log interval of the survival",
        )
        .within(0.0, 1.0),
    ];
    Schema {
        table: "survival",
        row: "a day on which a duration ended or was lost from view",
        columns,
    }
}

/// The curve as a `survival` table; intervals that are undefined are missing.
pub(crate) fn table(steps: &[SurvivalStep]) -> Table {
    let mut table = Table::new(schema());
    for step in steps {
        table.rows.push([
            Value::Int(i64::from(step.day)),
            Value::Int(step.at_risk as i64),
            Value::Int(step.ended as i64),
            Value::Float(step.survival),
            Value::Float(step.standard_error),
            Value::Float(step.interval.low),
            Value::Float(step.interval.high),
        ]);
    }
    table
}
