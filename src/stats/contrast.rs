//! The difference between two arms that share their random numbers.
//!
//! Each couple is simulated in either arm with the same draws, so that most of the noise cancels in
//! the difference. The variance reduction is reported as a factor.

use super::interval::Interval;
use super::summary::RunningMoments;

/// Pairs seen so far: the same couple, cell or replicate in two arms.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct PairedContrast {
    first: RunningMoments,
    second: RunningMoments,
    difference: RunningMoments,
}

/// What the pairs say of the mean of the second arm minus that of the first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PairedDifference {
    /// Number of pairs.
    pub(crate) count: u64,
    /// Mean of second minus first; NaN of no pairs.
    pub(crate) mean: f64,
    /// Its standard error; NaN of fewer than two pairs.
    pub(crate) standard_error: f64,
    /// Student's interval of the mean difference; undefined of fewer than two pairs.
    pub(crate) interval: Interval,
    /// Variance of the difference of independent arms over that of these paired arms: above 1
    /// pairing helped, infinite where pairs do not vary, NaN where nothing does.
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
    }

    /// The difference between the arms, with an interval of the given confidence.
    pub(crate) fn difference(&self, confidence: f64) -> PairedDifference {
        let apart = self.first.variance() + self.second.variance();
        PairedDifference {
            count: self.difference.count(),
            mean: self.difference.mean(),
            standard_error: self.difference.standard_error(),
            interval: self.difference.interval(confidence),
            variance_reduction: apart / self.difference.variance(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::interval::CONFIDENCE;
    use crate::stats::test_support::{covered, normals};

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
        one.push(1.0, 6.0);
        assert_eq!(one.difference(CONFIDENCE).variance_reduction, f64::INFINITY);
        assert!(one.difference(CONFIDENCE).resolved());
    }

    #[test]
    fn the_interval_covers_the_effect_as_often_as_it_says() {
        let rate = covered(0.4, |number| {
            study(number, 12, 0.4, 2.0).difference(CONFIDENCE).interval
        });
        assert!((0.93..=0.97).contains(&rate), "{rate}");
    }
}
