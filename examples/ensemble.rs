//! Two ensembles of couples, compared couple by couple: `cargo run --release --example ensemble`.
//!
//! Scenarios with the same seed share their random numbers, so the difference between two of them is
//! known much better than either mean.

use pairbond::{Error, Scenario};

const TEXT: &str = r#"
title = "2,000 couples for half a year"
[run]
seed = 2026
couples = 2000
days = 180
"#;

/// Each couple's trust at the end: the mean of both partners.
fn trust(scenario: &Scenario) -> Result<Vec<f64>, Error> {
    let run = scenario.run()?;
    let [a, b] = ["trust_end_a", "trust_end_b"].map(|name| run.couples().floats(name));
    Ok(a?.iter().zip(b?).map(|(a, b)| 0.5 * (a + b)).collect())
}

/// The mean, and half the width of its 95 % interval.
fn mean(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, 1.96 * (squares / (count - 1.0) / count).sqrt())
}

fn main() -> Result<(), Error> {
    let default = Scenario::parse(TEXT)?;
    let inconsistent = default.clone().set("traits.consistency", 0)?;
    let (before, after) = (trust(&default)?, trust(&inconsistent)?);
    let differences: Vec<f64> = after.iter().zip(&before).map(|(x, y)| x - y).collect();
    let show = |name, values: &[f64]| {
        let (mean, half) = mean(values);
        println!("{name:32} {mean:7.4} ± {half:.4}");
        (mean, half)
    };
    let (_, half) = show("trust", &before);
    show("trust, inconsistent partners", &after);
    let (difference, paired) = show("difference, couple by couple", &differences);

    assert!(difference + paired < 0.0, "inconsistency costs trust");
    assert!(half < 0.02, "2,000 couples fix the mean to two places");
    assert_eq!(before, trust(&default)?, "the same scenario gives the same");
    Ok(())
}
