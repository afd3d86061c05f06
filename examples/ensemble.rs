//! An ensemble from a scenario's text, without files: `cargo run --release --example ensemble`.
//!
//! Text becomes a valid scenario, the scenario a plan of numbered jobs, and their outcomes come back
//! in order. Two ensembles with one seed share their random numbers, so that their difference is
//! known better than either mean.

use pairbond::runner;
use pairbond::runner::plan::Plan;
use pairbond::runner::{Cancelled, Collector, Control};
use pairbond::scenario::{Override, Scenario};
use pairbond::simd::backend::Backend;
use pairbond::simulation::{BlockOutcome, BlockTable, couples_schema};
use pairbond::stats::interval::{CONFIDENCE, Interval};
use pairbond::stats::summary::Moments;
use pairbond::table::{Schema, Values};

const TEXT: &str = r#"
title = "Half a year of 2000 couples"
[run]
seed = 2026
couples = 2000
days = 180
[record]
every = 180
sample_couples = 0
"#;

/// Takes each couple's trust at the end: the mean of both partners.
struct Ends {
    schema: Schema,
    trust: Vec<f64>,
}

impl Collector for Ends {
    type Error = Cancelled;

    fn take(&mut self, outcome: BlockOutcome) -> Result<(), Cancelled> {
        let column = |name: &str| {
            let position = self
                .schema
                .position(name)
                .expect("a column of the couples' table");
            match &outcome.tables[BlockTable::Couples].columns[position] {
                Values::Float(values) => values,
                other => panic!("{name} holds {other:?}"),
            }
        };
        let (a, b) = (column("trust_end_a"), column("trust_end_b"));
        self.trust
            .extend(a.iter().zip(b).map(|(a, b)| 0.5 * (a + b)));
        Ok(())
    }
}

/// Lives the ensemble with some values set otherwise; gives each couple's trust at the end.
fn trust(overrides: &[&str]) -> Vec<f64> {
    let overrides: Vec<Override> = overrides
        .iter()
        .map(|text| Override::parse(text).unwrap_or_else(|faults| panic!("{faults}")))
        .collect();
    let scenario = Scenario::read_text("ensemble", TEXT, &overrides)
        .unwrap_or_else(|faults| panic!("{faults}"));
    let plan = Plan::new(scenario.config().clone());
    let mut ends = Ends {
        schema: couples_schema(plan.prepared().config.origin.has_childhood()),
        trust: Vec::new(),
    };
    let course = runner::run(
        &plan,
        Backend::best(),
        false,
        &Control::default(),
        &mut ends,
    );
    assert!(course.is_ok());
    ends.trust
}

fn mean(values: impl Iterator<Item = f64>) -> (f64, Interval) {
    let mut moments = Moments::default();
    values.for_each(|value| moments.push(value));
    (moments.mean(), moments.interval(CONFIDENCE))
}

fn main() {
    let usual = trust(&[]);
    let inconsistent = trust(&["traits.consistency=0"]);
    assert_eq!(usual.len(), 2000);

    let show = |name: &str, values: &mut dyn Iterator<Item = f64>| {
        let (mean, interval) = mean(values);
        println!(
            "{name:32} {mean:7.4}  95 % from {:7.4} to {:7.4}",
            interval.low, interval.high
        );
        (mean, interval)
    };
    let (alone, spread) = show("trust", &mut usual.iter().copied());
    show(
        "trust, partners inconsistent",
        &mut inconsistent.iter().copied(),
    );
    let mut pairs = inconsistent
        .iter()
        .zip(&usual)
        .map(|(with, without)| with - without);
    let (difference, paired) = show("difference, couple by couple", &mut pairs);

    assert!((0.0..=1.0).contains(&alone));
    assert!(
        spread.half_width() < 0.02,
        "2000 couples fix the mean to two places"
    );
    assert!(
        difference < 0.0 && !paired.contains(0.0),
        "inconsistency costs trust"
    );
    assert_eq!(
        usual,
        trust(&[]),
        "an ensemble is a function of its scenario"
    );
}
