//! The difference between two arms that share their random numbers.
//!
//! Each couple is simulated in either arm with the same draws, so that most of the noise cancels in
//! the difference. The variance reduction is reported as a factor.
//!
//! Differences that are all equal say nothing of how much they vary: a rare event can be among the
//! next ones. Their mean has neither a standard error nor an interval.

use super::interval::Interval;
use super::summary::RunningMoments;

/// Pairs seen so far: the same couple, cell or replicate in two arms.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct PairedContrast {
    first: RunningMoments,
    second: RunningMoments,
    difference: RunningMoments,
    /// The largest of all values, which rounding is proportional to.
    largest: f64,
}

/// What the pairs say of the mean of the second arm minus that of the first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PairedDifference {
    /// Number of pairs.
    pub(crate) count: u64,
    /// Mean of second minus first; NaN of no pairs.
    pub(crate) mean: f64,
    /// Its standard error; NaN of fewer than two pairs, and of equal differences.
    pub(crate) standard_error: f64,
    /// Student's interval of the mean difference; undefined where the standard error is.
    pub(crate) interval: Interval,
    /// Variance of the difference of independent arms over that of these paired arms: above 1
    /// pairing helped; NaN where the standard error is.
    pub(crate) variance_reduction: f64,
}

impl PairedDifference {
    /// Says whether the interval excludes 0; an undefined interval resolves nothing.
    pub(crate) fn resolved(&self) -> bool {
        self.interval.low > 0.0 || self.interval.high < 0.0
    }
}

impl PairedContrast {
    /// Takes one pair.
    pub(crate) fn push(&mut self, first: f64, second: f64) {
        self.first.push(first);
        self.second.push(second);
        self.difference.push(second - first);
        self.largest = self.largest.max(first.abs()).max(second.abs());
    }

    /// The difference between the arms, with an interval of the given confidence.
    pub(crate) fn difference(&self, confidence: f64) -> PairedDifference {
        let apart = self.first.variance() + self.second.variance();
        let mut found = PairedDifference {
            count: self.difference.count(),
            mean: self.difference.mean(),
            standard_error: self.difference.standard_error(),
            interval: self.difference.interval(confidence),
            variance_reduction: apart / self.difference.variance(),
        };
        if self.difference.sd() <= ROUNDING * self.largest {
            found.standard_error = f64::NAN;
            found.interval = Interval::UNDEFINED;
            found.variance_reduction = f64::NAN;
        }
        found
    }
}

/// How far equal differences lie apart by rounding at the most, relative to the values.
const ROUNDING: f64 = 8.0 * f64::EPSILON;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::interval::CONFIDENCE;
    use crate::stats::test_support::{covered, normals, uniforms};

    /// Pairs that share a part of their noise.
    fn study(number: u64, pairs: usize, effect: f64, shared: f64) -> PairedContrast {
        let mut contrast = PairedContrast::default();
        let mut draws = normals(number);
        for _ in 0..pairs {
            let mut draw = || draws.next().expect("draws never end");
            let common = shared * draw();
            contrast.push(common + draw(), common + draw() + effect);
        }
        contrast
    }

    #[test]
    fn shared_noise_cancels_by_the_stated_factor() {
        // Variances 1 + 9 in either arm and 2 in the difference: a factor of ten.
        let difference = study(1, 20_000, 0.5, 3.0).difference(CONFIDENCE);
        assert!(
            (difference.variance_reduction - 10.0).abs() < 0.3,
            "{difference:?}"
        );
        assert!(
            (difference.mean - 0.5).abs() < 0.03 && difference.resolved(),
            "{difference:?}"
        );
        let apart = study(1, 20_000, 0.5, 0.0).difference(CONFIDENCE);
        assert!((apart.variance_reduction - 1.0).abs() < 0.05, "{apart:?}");
    }

    #[test]
    fn an_interval_that_holds_zero_resolves_nothing() {
        assert!(!study(3, 50, 0.0, 1.0).difference(CONFIDENCE).resolved());
        let mut one = PairedContrast::default();
        one.push(0.0, 5.0);
        let difference = one.difference(CONFIDENCE);
        assert_eq!((difference.count, difference.mean), (1, 5.0));
        assert!(!difference.resolved() && difference.variance_reduction.is_nan());
    }

    #[test]
    fn differences_that_are_all_equal_have_no_interval() {
        for (first, step) in [(0.0, 0.0), (0.0, 5.0), (0.1, 0.2)] {
            let mut contrast = PairedContrast::default();
            for pair in 0..5 {
                let first = first * f64::from(pair);
                contrast.push(first, first + step);
            }
            let difference = contrast.difference(CONFIDENCE);
            assert!((difference.mean - step).abs() < 1e-15);
            assert!(!difference.resolved());
            for undefined in [
                difference.standard_error,
                difference.interval.low,
                difference.interval.high,
                difference.variance_reduction,
            ] {
                assert!(undefined.is_nan(), "{difference:?}");
            }
        }
    }

    /// Of studies in which something rare happens to some of the second arm, how many have an interval,
    /// and how many of these hold the truth.
    fn rare_coverage(probability: f64, pairs: usize) -> [f64; 2] {
        let study = |number| {
            let mut contrast = PairedContrast::default();
            for draw in uniforms(number).take(pairs) {
                contrast.push(0.0, f64::from(u8::from(draw < probability)));
            }
            contrast.difference(CONFIDENCE).interval
        };
        let intervals: Vec<Interval> = (0..2_000).map(study).collect();
        let defined = intervals.iter().filter(|one| !one.low.is_nan()).count() as f64;
        let held = intervals
            .iter()
            .filter(|one| one.contains(probability))
            .count() as f64;
        [defined / 2_000.0, held / defined]
    }

    #[test]
    fn intervals_of_rare_differences_cover() {
        for pairs in [8, 16, 64] {
            for expected in [0.1, 0.3, 1.0, 2.0, 3.0, 4.0] {
                let [defined, held] = rare_coverage(expected / pairs as f64, pairs);
                // Few intervals where little is expected; at three to four events they are short.
                assert!(
                    defined <= expected + 0.02 && held >= 0.84,
                    "{pairs} {expected}: {held}"
                );
            }
        }
    }

    #[test]
    fn the_interval_covers_the_effect_as_often_as_it_says() {
        let rate = covered(0.4, |number| {
            study(number, 12, 0.4, 2.0).difference(CONFIDENCE).interval
        });
        assert!((0.93..=0.97).contains(&rate), "{rate}");
    }
}
