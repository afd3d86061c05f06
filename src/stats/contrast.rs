//! The difference between two arms that share their random numbers.
//!
//! Each couple lives once in either arm with the same draws, so that most of the noise cancels in
//! the difference; how much is stated as a factor.

use super::interval::Interval;
use super::summary::Moments;

/// Pairs seen so far: the same couple, cell or replicate in two arms.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Contrast {
    first: Moments,
    second: Moments,
    difference: Moments,
}

/// What the pairs say of the mean of the second arm minus that of the first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Number of pairs.
    pub count: u64,
    /// Mean of second minus first; NaN of no pairs.
    pub mean: f64,
    /// Its standard error; NaN of fewer than two pairs.
    pub standard_error: f64,
    /// Student's interval of the mean difference; undefined of fewer than two pairs.
    pub interval: Interval,
    /// Variance of the difference of independent arms over that of these paired arms: above 1
    /// pairing helped, infinite where pairs do not vary, NaN where nothing does.
    pub variance_reduction: f64,
}

impl Difference {
    /// Says whether the interval excludes 0; an undefined interval resolves nothing.
    pub fn resolved(&self) -> bool {
        self.interval.low > 0.0 || self.interval.high < 0.0
    }
}

impl Contrast {
    /// Takes one pair.
    pub fn push(&mut self, first: f64, second: f64) {
        self.first.push(first);
        self.second.push(second);
        self.difference.push(second - first);
    }

    /// Takes all the pairs that another has seen; merge in a fixed order.
    pub fn merge(&mut self, other: &Contrast) {
        self.first.merge(&other.first);
        self.second.merge(&other.second);
        self.difference.merge(&other.difference);
    }

    /// The first arm alone.
    pub fn first(&self) -> &Moments {
        &self.first
    }

    /// The second arm alone.
    pub fn second(&self) -> &Moments {
        &self.second
    }

    /// The difference between the arms, with an interval of the given confidence.
    pub fn difference(&self, confidence: f64) -> Difference {
        let apart = self.first.variance() + self.second.variance();
        Difference {
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
    fn study(number: u64, pairs: usize, effect: f64, shared: f64) -> Contrast {
        let mut contrast = Contrast::default();
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
        let mut one = Contrast::default();
        one.push(0.0, 5.0);
        let difference = one.difference(CONFIDENCE);
        assert_eq!((difference.count, difference.mean), (1, 5.0));
        assert!(!difference.resolved() && difference.variance_reduction.is_nan());
        one.push(1.0, 6.0);
        assert_eq!(one.difference(CONFIDENCE).variance_reduction, f64::INFINITY);
        assert!(one.difference(CONFIDENCE).resolved());
    }

    #[test]
    fn merged_parts_are_the_whole() {
        let (mut part, mut whole) = (study(4, 30, 1.0, 2.0), study(4, 30, 1.0, 2.0));
        part.merge(&study(5, 20, 1.0, 2.0));
        let mut draws = normals(5);
        for _ in 0..20 {
            let mut draw = || draws.next().expect("draws never end");
            let common = 2.0 * draw();
            whole.push(common + draw(), common + draw() + 1.0);
        }
        let (part, whole) = (part.difference(0.9), whole.difference(0.9));
        assert_eq!(part.count, 50);
        assert!((part.mean - whole.mean).abs() < 1e-14);
        assert!((part.interval.low - whole.interval.low).abs() < 1e-13);
    }

    #[test]
    fn the_interval_covers_the_effect_as_often_as_it_says() {
        let rate = covered(0.4, |number| {
            study(number, 12, 0.4, 2.0).difference(CONFIDENCE).interval
        });
        assert!((0.93..=0.97).contains(&rate), "{rate}");
    }
}
