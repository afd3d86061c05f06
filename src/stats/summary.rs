//! Streaming moments of a column that is not kept in memory.
//!
//! Updates are those of Welford (1962) and Terriberry (2007), which keep their digits where mean and
//! spread differ by orders of magnitude.

use super::interval::{Interval, upper_tail};
use super::student::student_quantile;

/// Count, mean and central moments of the values seen so far.
///
/// A NaN among the values makes all but the count NaN: leave missing values out.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct RunningMoments {
    count: u64,
    mean: f64,
    squares: f64,
    cubes: f64,
}

impl RunningMoments {
    /// Takes one value.
    pub(crate) fn push(&mut self, value: f64) {
        let before = self.count as f64;
        self.count += 1;
        let n = self.count as f64;
        let deviation = value - self.mean;
        let share = deviation / n;
        let term = deviation * share * before;
        self.mean += share;
        self.cubes += term * share * (n - 2.0) - 3.0 * share * self.squares;
        self.squares += term;
    }

    /// How many values there were.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// The mean; NaN of no values.
    pub(crate) fn mean(&self) -> f64 {
        if self.count > 0 { self.mean } else { f64::NAN }
    }

    /// The unbiased variance; NaN of fewer than two values.
    pub(crate) fn variance(&self) -> f64 {
        if self.count > 1 {
            self.squares / (self.count - 1) as f64
        } else {
            f64::NAN
        }
    }

    /// The standard deviation; NaN of fewer than two values.
    pub(crate) fn sd(&self) -> f64 {
        self.variance().sqrt()
    }

    /// The standard error of the mean; NaN of fewer than two values.
    pub(crate) fn standard_error(&self) -> f64 {
        (self.variance() / self.count as f64).sqrt()
    }

    /// The sample skewness g₁ (third central moment over the 3/2 power of the second); NaN where
    /// the values do not vary.
    pub(crate) fn skewness(&self) -> f64 {
        if self.squares > 0.0 {
            self.cubes * (self.count as f64).sqrt() / (self.squares * self.squares.sqrt())
        } else {
            f64::NAN
        }
    }

    /// Student's interval of the mean; undefined of fewer than two values.
    pub(crate) fn interval(&self, confidence: f64) -> Interval {
        if self.count < 2 {
            return Interval::UNDEFINED;
        }
        let reach = student_quantile(upper_tail(confidence), (self.count - 1) as f64);
        Interval::around(self.mean, reach * self.standard_error())
    }
}

impl Extend<f64> for RunningMoments {
    fn extend<I: IntoIterator<Item = f64>>(&mut self, values: I) {
        values.into_iter().for_each(|value| self.push(value));
    }
}

impl FromIterator<f64> for RunningMoments {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> RunningMoments {
        let mut moments = RunningMoments::default();
        moments.extend(values);
        moments
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::interval::CONFIDENCE;
    use crate::stats::test_support::{covered, normals};

    fn moments(values: &[f64]) -> RunningMoments {
        values.iter().copied().collect()
    }

    #[test]
    fn known_values_have_known_moments() {
        let found = moments(&[2.0, 4.0, 4.0, 5.0, 10.0]);
        assert_eq!(
            (found.count(), found.mean(), found.variance()),
            (5, 5.0, 9.0)
        );
        assert!((found.standard_error() - 1.8_f64.sqrt()).abs() < 1e-15);
        // Central moments 7.2 and 18.
        assert!((found.skewness() - 19.2 / (7.2 * 7.2_f64.sqrt())).abs() < 1e-14);
        // t quantile 2.776445105198 with four degrees of freedom.
        let interval = found.interval(CONFIDENCE);
        assert!((interval.half_width() - 2.776_445_105_197_798 * 1.8_f64.sqrt()).abs() < 1e-11);
    }

    #[test]
    fn none_and_one_have_no_spread() {
        let (none, one) = (RunningMoments::default(), moments(&[3.5]));
        assert!(none.mean().is_nan() && none.variance().is_nan() && none.skewness().is_nan());
        assert_eq!(one.mean(), 3.5);
        assert!(one.sd().is_nan() && one.standard_error().is_nan());
        assert!(one.interval(0.95).low.is_nan() && none.interval(0.95).high.is_nan());
        assert!(moments(&[1.0, 2.0]).interval(1.0).low.is_nan());
        assert!(moments(&[1.0, f64::NAN, 2.0]).mean().is_nan());
    }

    #[test]
    fn a_far_mean_does_not_swallow_the_spread() {
        let found = moments(&[1e9 + 4.0, 1e9 + 7.0, 1e9 + 13.0, 1e9 + 16.0]);
        assert_eq!(found.variance(), 30.0);
    }

    #[test]
    fn the_interval_of_a_normal_mean_covers_it_as_often_as_it_says() {
        for size in [3, 10, 40] {
            let rate = covered(1.5, |study| {
                let sample = normals(study).take(size).map(|z| 1.5 + 2.0 * z);
                sample.collect::<RunningMoments>().interval(CONFIDENCE)
            });
            assert!((0.93..=0.97).contains(&rate), "{size}: {rate}");
        }
    }
}
