//! A proportion and its interval.

use super::interval::{Interval, normal_reach};

/// The score interval of a proportion (Wilson 1927), which keeps its coverage near 0 and 1.
///
/// Undefined of no trials, and of more successes than trials.
pub fn wilson(successes: u64, trials: u64, confidence: f64) -> Interval {
    if trials == 0 || successes > trials {
        return Interval::UNDEFINED;
    }
    let (n, z) = (trials as f64, normal_reach(confidence));
    let share = successes as f64 / n;
    let shrink = 1.0 + z * z / n;
    let centre = (share + 0.5 * z * z / n) / shrink;
    let reach = z * (share * (1.0 - share) / n + 0.25 * z * z / (n * n)).sqrt() / shrink;
    let interval = Interval::around(centre, reach);
    // Where nothing or everything succeeded, the end on that side is exact.
    Interval {
        low: if successes == 0 {
            0.0 * interval.low
        } else {
            interval.low
        },
        high: if successes == trials {
            1.0 + 0.0 * interval.high
        } else {
            interval.high
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::interval::CONFIDENCE;
    use crate::stats::test_support::{covered, oracle, uniforms};

    #[test]
    fn intervals_agree_with_scipy() {
        let ends = oracle("wilson_low").into_iter().zip(oracle("wilson_high"));
        for ((successes, trials, low), (_, _, high)) in ends {
            let found = wilson(successes as u64, trials as u64, CONFIDENCE);
            assert!(
                (found.low - low).abs() < 1e-14,
                "{successes} of {trials}: {found:?}"
            );
            assert!(
                (found.high - high).abs() < 1e-14,
                "{successes} of {trials}: {found:?}"
            );
        }
    }

    #[test]
    fn ends_are_exact_and_nonsense_is_undefined() {
        assert_eq!(wilson(0, 10, 0.95).low, 0.0);
        assert_eq!(wilson(10, 10, 0.95).high, 1.0);
        assert!(wilson(0, 0, 0.95).low.is_nan());
        assert!(wilson(3, 2, 0.95).low.is_nan());
        assert!(wilson(0, 2, 1.5).low.is_nan());
    }

    #[test]
    fn the_interval_covers_the_proportion_as_often_as_it_says() {
        for (truth, trials) in [(0.1, 150), (0.37, 80), (0.5, 200)] {
            let rate = covered(truth, |study| {
                let successes = uniforms(study).take(trials).filter(|u| *u < truth).count();
                wilson(successes as u64, trials as u64, CONFIDENCE)
            });
            assert!((0.93..=0.97).contains(&rate), "{truth} {trials}: {rate}");
        }
    }
}
