//! How long relationships last: the Kaplan–Meier curve of what has ended and what was still going
//! on when observation stopped.
//!
//! Intervals are those of the complementary log–log scale with Greenwood's variance, which stay
//! inside [0, 1] (Kalbfleisch & Prentice 2002).

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
    /// Durations that ended on this day.
    pub(crate) ended: u64,
    /// Durations that were censored on this day, and at risk of ending on it.
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
    /// Durations at risk on this day: neither ended nor censored before it.
    pub(crate) at_risk: u64,
    /// Durations that ended on this day.
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
pub(crate) fn schema() -> Schema {
    let columns = vec![
        Field::int("day", "day", "Day after whose exits the curve is given"),
        Field::int(
            "at_risk",
            "1",
            "Couples at risk: neither separated nor censored before this day",
        ),
        Field::int("ended", "1", "Couples that separated on this day"),
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
        table.rows.push(cells(step));
    }
    table
}

/// The cells of one row.
pub(crate) fn cells(step: &SurvivalStep) -> [Value; 7] {
    [
        Value::Int(i64::from(step.day)),
        Value::Int(step.at_risk as i64),
        Value::Int(step.ended as i64),
        Value::Float(step.survival),
        Value::Float(step.standard_error),
        Value::Float(step.interval.low),
        Value::Float(step.interval.high),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::interval::CONFIDENCE;
    use crate::stats::test_support::{covered, lifetimes, numbers, uniforms};

    #[test]
    fn the_curve_agrees_with_lifelines() {
        let [exits, _] = lifetimes();
        let steps = kaplan_meier(&exits, CONFIDENCE);
        let lines = include_str!("../../tests/oracles/survival.csv")
            .lines()
            .skip(1);
        let expected: Vec<Vec<f64>> = lines.map(numbers).collect();
        assert_eq!(steps.len(), expected.len());
        for (step, line) in steps.iter().zip(expected) {
            let whole = [f64::from(step.day), step.at_risk as f64, step.ended as f64];
            assert_eq!(whole, line[..3]);
            let found = [
                step.survival,
                step.standard_error,
                step.interval.low,
                step.interval.high,
            ];
            for (found, expected) in found.iter().zip(&line[3..]) {
                let both_missing = found.is_nan() && expected.is_nan();
                assert!(
                    both_missing || (found - expected).abs() < 1e-12,
                    "{step:?} {line:?}"
                );
            }
        }
    }

    #[test]
    fn without_censoring_the_curve_is_the_share_still_alive() {
        let exits: Exits = [1, 2, 2, 4, 5].map(|day| (day, true)).into_iter().collect();
        let steps = kaplan_meier(&exits, CONFIDENCE);
        let curve: Vec<f64> = steps.iter().map(|step| step.survival).collect();
        for (found, share) in curve.iter().zip([1.0, 0.8, 0.4, 0.2, 0.0]) {
            assert!((found - share).abs() < 1e-15);
        }
        assert!((steps[2].standard_error - (0.4_f64 * 0.6 / 5.0).sqrt()).abs() < 1e-15);
        assert!(steps[4].interval.low.is_nan() && steps[4].standard_error.is_nan());
    }

    #[test]
    fn without_ends_no_curve_falls() {
        assert!(kaplan_meier(&Exits::default(), CONFIDENCE).is_empty());
        let exits: Exits = [(10, false), (20, false)].into_iter().collect();
        let steps = kaplan_meier(&exits, CONFIDENCE);
        assert_eq!(
            steps.iter().map(|step| step.at_risk).collect::<Vec<_>>(),
            [2, 2, 1]
        );
        assert!(
            steps
                .iter()
                .all(|step| step.survival == 1.0 && step.ended == 0)
        );
        assert_eq!(
            steps[0].interval,
            Interval {
                low: 1.0,
                high: 1.0
            }
        );
    }

    #[test]
    fn exits_on_the_first_day_are_its_step() {
        let exits: Exits = [(0, true), (0, false), (3, true), (4, false)]
            .into_iter()
            .collect();
        let steps = kaplan_meier(&exits, CONFIDENCE);
        assert_eq!(
            steps.iter().map(|step| step.day).collect::<Vec<_>>(),
            [0, 3, 4]
        );
        assert_eq!(
            (steps[0].survival, steps[0].at_risk, steps[1].at_risk),
            (0.75, 4, 2)
        );
        let exits: Exits = [(0, false), (3, true)].into_iter().collect();
        assert_eq!(kaplan_meier(&exits, CONFIDENCE)[0], start(2));
    }

    #[test]
    fn the_table_holds_the_steps() {
        let steps = kaplan_meier(&lifetimes()[0], CONFIDENCE);
        let table = table(&steps);
        assert_eq!(table.rows.rows(), steps.len());
        let survival = table.floats("survival").expect("a column of reals");
        assert!(
            survival
                .iter()
                .zip(&steps)
                .all(|(found, step)| *found == step.survival)
        );
        let ended = table.ints("ended").expect("a column of wholes");
        assert!(
            ended
                .iter()
                .zip(&steps)
                .all(|(found, step)| *found == step.ended as i64)
        );
    }

    #[test]
    fn the_interval_covers_the_survival_as_often_as_it_says() {
        // Ends at a daily rate of 1 %, and observation for a uniform time of up to 200 days.
        let hazard = -ln(1.0 - 0.01);
        let rate = covered(exp(-hazard * 60.0), |study| {
            let mut draws = uniforms(study);
            let mut draw = || draws.next().expect("draws never end");
            let exits: Exits = (0..100)
                .map(|_| {
                    let (end, seen) = ((-ln(draw()) / hazard).ceil(), (200.0 * draw()).floor());
                    (end.min(seen) as u32, end <= seen)
                })
                .collect();
            let steps = kaplan_meier(&exits, CONFIDENCE);
            let last = steps.iter().rfind(|step| step.day <= 60);
            last.map_or(Interval::UNDEFINED, |step| step.interval)
        });
        assert!((0.93..=0.97).contains(&rate), "{rate}");
    }

    #[test]
    fn counts_give_the_curve_of_single_durations() {
        let [whole, _] = lifetimes();
        let mut counted = Exits::default();
        whole.iter().for_each(|(day, exit)| counted.add(day, exit));
        assert_eq!(counted, whole);
    }
}
