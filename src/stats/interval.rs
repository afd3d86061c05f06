//! An interval of plausible values, the convention for its confidence, and the score interval of a
//! proportion.

use crate::math::functions::normal_quantile;

/// The confidence of all intervals that tables and reports hold.
pub(crate) const CONFIDENCE: f64 = 0.95;

/// A closed interval; both ends are NaN where it is not defined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// The interval that is not defined.
    pub const UNDEFINED: Interval = Interval {
        low: f64::NAN,
        high: f64::NAN,
    };

    /// The interval of all values at most `half_width` from `centre`.
    pub fn around(centre: f64, half_width: f64) -> Interval {
        Interval {
            low: centre - half_width,
            high: centre + half_width,
        }
    }

    /// Half the distance between the ends.
    pub fn half_width(&self) -> f64 {
        0.5 * (self.high - self.low)
    }

    /// Says whether a value lies in the interval, ends included; never where it is undefined.
    pub fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

/// The probability below the upper end of a two-sided interval: 0.975 for a confidence of 0.95.
///
/// NaN, and through it an undefined interval, for a confidence outside (0, 1).
pub(crate) fn upper_tail(confidence: f64) -> f64 {
    if confidence > 0.0 && confidence < 1.0 {
        0.5 + 0.5 * confidence
    } else {
        f64::NAN
    }
}

/// How many standard errors a normal interval reaches to either side.
pub(crate) fn normal_reach(confidence: f64) -> f64 {
    normal_quantile(upper_tail(confidence))
}

/// The score interval of a proportion (Wilson 1927), which keeps its coverage near 0 and 1.
///
/// Undefined of no trials, and of more successes than trials.
pub(crate) fn wilson(successes: u64, trials: u64, confidence: f64) -> Interval {
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
    fn an_interval_holds_its_ends_and_an_undefined_one_nothing() {
        let interval = Interval::around(2.0, 0.5);
        assert_eq!(
            (interval.low, interval.high, interval.half_width()),
            (1.5, 2.5, 0.5)
        );
        assert!(interval.contains(1.5) && interval.contains(2.5) && !interval.contains(2.6));
        assert!(!Interval::UNDEFINED.contains(0.0) && !interval.contains(f64::NAN));
    }

    #[test]
    fn only_confidences_between_0_and_1_have_a_reach() {
        assert!((normal_reach(CONFIDENCE) - 1.959_963_984_540_054).abs() < 1e-14);
        assert!(
            [0.0, 1.0, -0.5, f64::NAN]
                .iter()
                .all(|c| normal_reach(*c).is_nan())
        );
    }

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
