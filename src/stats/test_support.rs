//! Synthetic studies for the tests of intervals, and the fixtures that they are held against.

use super::interval::Interval;
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
