//! Synthetic studies for the tests of intervals and of sensitivity analysis, and the fixtures that they are
//! compared with.

use super::interval::Interval;
use super::sensitivity::Estimate;
use super::survival::Exits;
use crate::math::functions::normal_quantile;
use crate::rng::{Key, StreamKind};
use rand::Rng;

/// How many studies a coverage is measured over: ±1 percentage point is two standard errors.
const STUDIES: u64 = 2_000;

/// The uniform numbers in (0, 1) of one synthetic study.
pub(crate) fn uniforms(study: u64) -> impl Iterator<Item = f64> {
    let mut rng = Key::new(2026, 0, 0, StreamKind::Study).stream(study, 0);
    std::iter::repeat_with(move || (f64::from(rng.next_u32()) + 0.5) / 4_294_967_296.0)
}

/// The standard normal numbers of one synthetic study.
pub(crate) fn normals(study: u64) -> impl Iterator<Item = f64> {
    uniforms(study).map(normal_quantile)
}

/// The share of synthetic studies whose interval holds the true value.
pub(crate) fn covered(truth: f64, interval: impl Fn(u64) -> Interval) -> f64 {
    let hits = (0..STUDIES)
        .filter(|study| interval(*study).contains(truth))
        .count();
    hits as f64 / STUDIES as f64
}

/// The generator of Park & Miller (1988), whose numbers R can repeat.
pub(crate) struct MinimalStandard(u64);

impl MinimalStandard {
    /// The generator after its first twenty numbers.
    pub(crate) fn warmed(seed: u64) -> MinimalStandard {
        let mut draws = MinimalStandard(seed);
        (0..20).for_each(|_| {
            draws.uniform();
        });
        draws
    }

    /// A uniform number in (0, 1).
    pub(crate) fn uniform(&mut self) -> f64 {
        self.0 = self.0 * 16_807 % 2_147_483_647;
        self.0 as f64 / 2_147_483_647.0
    }

    /// A number that is nearly standard normal: of twelve uniform ones.
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).fold(0.0, |sum, _| sum + self.uniform()) - 6.0
    }

    /// Two such numbers with a correlation.
    pub(crate) fn pair(&mut self, r: f64) -> [f64; 2] {
        let (first, second) = (self.normal(), self.normal());
        [first, r * first + (1.0 - r * r).sqrt() * second]
    }
}

/// The rows of `tests/oracles/statistics.csv` of one function: two arguments and the value.
pub(crate) fn oracle(function: &str) -> Vec<(f64, f64, f64)> {
    let rows: Vec<(f64, f64, f64)> = include_str!("../../tests/oracles/statistics.csv")
        .lines()
        .filter_map(|line| line.strip_prefix(function)?.strip_prefix(','))
        .map(|line| {
            let numbers = numbers(line);
            (numbers[0], numbers[1], numbers[2])
        })
        .collect();
    assert!(!rows.is_empty(), "the fixture holds {function}");
    rows
}

/// The numbers of one line of a fixture.
pub(crate) fn numbers(line: &str) -> Vec<f64> {
    line.split(',')
        .map(|field| field.parse().expect("a number in the fixture"))
        .collect()
}

/// The two groups of `tests/oracles/lifetimes.csv`.
pub(crate) fn lifetimes() -> [Exits; 2] {
    let mut groups = [Exits::default(), Exits::default()];
    for line in include_str!("../../tests/oracles/lifetimes.csv")
        .lines()
        .skip(1)
    {
        let life = numbers(line);
        groups[life[0] as usize].push(life[1] as u32, life[2] == 1.0);
    }
    groups
}

/// Rows of number_rows from comma-separated text.
pub(crate) fn number_rows(text: &str) -> Vec<Vec<f64>> {
    let row = |line: &str| {
        line.split(',')
            .map(|word| word.parse().expect("a number"))
            .collect()
    };
    text.lines().map(row).collect()
}

/// The seven rows of reference values, the columns of inputs, and the outputs.
pub(crate) fn regression_fixture() -> (Vec<Vec<f64>>, Vec<Vec<f64>>, Vec<f64>) {
    let mut rows = number_rows(include_str!(
        "../../tests/oracles/sensitivity_regression.csv"
    ));
    let points = rows.split_off(7);
    let column = |axis: usize| -> Vec<f64> { points.iter().map(|row| row[axis]).collect() };
    (rows, (0..4).map(column).collect(), column(4))
}

/// An endless supply of standard normal number_rows.
pub(crate) fn normal_draws(study: u64) -> impl FnMut() -> f64 {
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
