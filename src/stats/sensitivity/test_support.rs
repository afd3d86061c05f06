//! Fixtures and synthetic noise for the tests of sensitivity analysis.

use super::Estimate;
use crate::math::functions::normal_quantile;
use crate::rng::{Key, StreamKind};
use rand::Rng;

/// Rows of numbers from comma-separated text.
pub(crate) fn numbers(text: &str) -> Vec<Vec<f64>> {
    let row = |line: &str| {
        line.split(',')
            .map(|word| word.parse().expect("a number"))
            .collect()
    };
    text.lines().map(row).collect()
}

/// The seven rows of reference values, the columns of inputs, and the outputs.
pub(crate) fn regression() -> (Vec<Vec<f64>>, Vec<Vec<f64>>, Vec<f64>) {
    let mut rows = numbers(include_str!(
        "../../../tests/oracles/sensitivity_regression.csv"
    ));
    let points = rows.split_off(7);
    let column = |axis: usize| -> Vec<f64> { points.iter().map(|row| row[axis]).collect() };
    (rows, (0..4).map(column).collect(), column(4))
}

/// An endless supply of standard normal numbers.
pub(crate) fn normals(study: u64) -> impl FnMut() -> f64 {
    let mut rng = Key::new(study, 0, 0, StreamKind::Study).stream(0, 0);
    move || normal_quantile(((rng.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64)
}

pub(crate) fn assert_close(ours: impl IntoIterator<Item = f64>, theirs: &[f64], within: f64) {
    let ours: Vec<f64> = ours.into_iter().collect();
    assert_eq!(ours.len(), theirs.len());
    for (ours, theirs) in ours.iter().zip(theirs) {
        assert!(
            (ours - theirs).abs() <= within * theirs.abs().max(1.0),
            "{ours} {theirs}"
        );
    }
}

/// Whether the interval holds zero.
pub(crate) fn holds_zero(estimate: &Estimate) -> bool {
    estimate.low <= 0.0 && estimate.high >= 0.0
}
