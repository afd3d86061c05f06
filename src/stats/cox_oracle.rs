//! Two hundred data sets of break-ups whose estimates R's `survival` gives, too; `tests/oracles/break_ups.R` makes its
//! numbers from the same arithmetic.

use super::cox::{Cox, cox};
use super::test_support::MinimalStandard;
use crate::math::functions::{exp, ln};

const SETS: usize = 200;
/// Largest distance from R's estimates, in standard errors, of standard errors, as a share, and of log-likelihoods.
const CLOSE: f64 = 1e-4;

/// Durations, and the scores of both partners.
fn data(k: u64) -> (Vec<(u32, bool)>, [Vec<f64>; 2]) {
    let mut draws = MinimalStandard::warmed(3_000 + 7_919 * k);
    let couples = 8 + (13 * k) % 93;
    let scale = [400.0, 40.0, 5.0][(k % 3) as usize];
    let followed = [3.0, 1.0, 0.3, 0.1][(k % 4) as usize];
    let (mut durations, mut scores) = (Vec::new(), [Vec::new(), Vec::new()]);
    for _ in 0..couples {
        let score = draws.pair(0.4);
        let rate = exp(0.5 * score[0] - 0.3 * score[1]);
        let end = -scale * ln(draws.uniform()) / rate;
        let seen = followed * scale * draws.uniform();
        durations.push((end.min(seen).ceil().max(1.0) as u32, end <= seen));
        for (column, score) in scores.iter_mut().zip(score) {
            column.push(score);
        }
    }
    (durations, scores)
}

fn fit(k: u64) -> Option<Cox> {
    let (durations, [x, z]) = data(k);
    let mean: Vec<f64> = x.iter().zip(&z).map(|(x, z)| 0.5 * (x + z)).collect();
    match k % 4 {
        0 => cox(&durations, &[&mean]),
        _ => cox(&durations, &[&x, &z]),
    }
}

#[test]
fn estimates_are_those_of_survival_and_infinite_ones_are_none() {
    let kept = include_str!("../../tests/oracles/break_ups_expected.csv");
    let (mut same, mut failed) = (0, 0);
    let mut wrong = Vec::new();
    for line in kept.lines() {
        let (number, rest) = line.split_once(',').expect("a number and what follows");
        let k: u64 = number.parse().expect("a number");
        let found = fit(k);
        if rest == "failed" {
            failed += 1;
            if let Some(found) = found {
                wrong.push(format!("{k}: R has infinite coefficients, and {found:?}"));
            }
            continue;
        }
        let values: Vec<f64> = rest
            .split(',')
            .map(|value| value.parse().expect("a number of R's"))
            .collect();
        let Some(found) = found else {
            wrong.push(format!("{k}: no fit, and R has {values:?}"));
            continue;
        };
        assert_eq!(
            [found.durations, found.ended].map(|count| count as f64),
            values[..2],
            "{k}"
        );
        assert_eq!(2 * found.coefficients.len(), values.len() - 4, "{k}");
        let heights = [found.log_likelihood_null, found.log_likelihood];
        let are_high = heights
            .iter()
            .zip(&values[2..4])
            .all(|(own, r)| (own - r).abs() <= CLOSE);
        let are_close = found
            .coefficients
            .iter()
            .zip(values[4..].chunks(2))
            .all(|(own, r)| {
                (own.value - r[0]).abs() <= CLOSE * r[1]
                    && (own.standard_error - r[1]).abs() <= CLOSE * r[1]
            });
        match are_high && are_close {
            true => same += 1,
            false => wrong.push(format!("{k}: {found:?} and R's {values:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!((same + failed, failed), (SETS, 10));
}
