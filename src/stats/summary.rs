//! Descriptive statistics of columns: streaming moments, quantiles of binned values, correlation and
//! slope.
//!
//! Moments are updated as in Welford (1962) and Terriberry (2007), which keeps their digits where mean
//! and spread differ by orders of magnitude.

use super::interval::{CONFIDENCE, Interval, student_quantile, upper_tail, wilson};
use crate::table::Value;

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

/// How many values fell into each of some bins of equal width.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Histogram {
    low: f64,
    high: f64,
    counts: Vec<u64>,
}

impl Histogram {
    /// Takes the counts of bins over [low, high], from the lowest; the upper end belongs to the last.
    pub(crate) fn new(low: f64, high: f64, counts: Vec<u64>) -> Histogram {
        Histogram { low, high, counts }
    }

    /// The width of a bin: no quantile is further than this from that of the values themselves.
    pub(crate) fn width(&self) -> f64 {
        (self.high - self.low) / self.counts.len() as f64
    }

    /// The lower end of the first bin up to which the share `p` of all values lies; the upper end of the
    /// range for the last bin. NaN of no values and for `p` outside [0, 1].
    ///
    /// It is the quantile of counts, each of which is the lower end of a bin: one of the values
    /// themselves (the inverse of their distribution function), and not a number between two of them.
    pub(crate) fn quantile_of_counts(&self, p: f64) -> f64 {
        let total: u64 = self.counts.iter().sum();
        if total == 0 || !(0.0..=1.0).contains(&p) {
            return f64::NAN;
        }
        let rank = p * total as f64;
        let mut upto = 0;
        let last = self.counts.len() - 1;
        for (bin, count) in self.counts[..last].iter().copied().enumerate() {
            upto += count;
            if count > 0 && rank <= upto as f64 {
                return self.low + bin as f64 * self.width();
            }
        }
        self.high
    }

    /// The value below which the share `p` of all values lies, interpolated linearly inside its bin.
    ///
    /// The error is at most [`Histogram::width`]. NaN of no values and for `p` outside [0, 1].
    pub(crate) fn quantile(&self, p: f64) -> f64 {
        let total: u64 = self.counts.iter().sum();
        if total == 0 || !(0.0..=1.0).contains(&p) {
            return f64::NAN;
        }
        let rank = p * total as f64;
        let mut below = 0;
        for (bin, count) in self.counts.iter().copied().enumerate() {
            if count > 0 && rank <= (below + count) as f64 {
                let inside = (rank - below as f64) / count as f64;
                return (self.low + (bin as f64 + inside) * self.width()).min(self.high);
            }
            below += count;
        }
        self.high
    }
}

/// A number with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ValueWithInterval {
    pub(crate) value: f64,
    pub(crate) interval: Interval,
}

impl ValueWithInterval {
    pub(crate) const UNDEFINED: ValueWithInterval = ValueWithInterval {
        value: f64::NAN,
        interval: Interval::UNDEFINED,
    };

    /// A share with its interval of Wilson (1927); undefined of nothing.
    pub(crate) fn share(hits: u64, all: u64) -> ValueWithInterval {
        if all == 0 {
            return ValueWithInterval::UNDEFINED;
        }
        ValueWithInterval {
            value: hits as f64 / all as f64,
            interval: wilson(hits, all, CONFIDENCE),
        }
    }

    /// A mean with its interval of Student's t; undefined of nothing.
    pub(crate) fn mean(moments: &RunningMoments) -> ValueWithInterval {
        if moments.count() == 0 {
            return ValueWithInterval::UNDEFINED;
        }
        ValueWithInterval {
            value: moments.mean(),
            interval: moments.interval(CONFIDENCE),
        }
    }

    /// The number and the ends of its interval, as cells of a table.
    pub(crate) fn cells(self) -> [Value; 3] {
        [self.value, self.interval.low, self.interval.high].map(Value::Float)
    }
}

/// Pearson's correlation; NaN of fewer than two pairs, and where either column does not vary.
pub(crate) fn correlation(one: &[f64], other: &[f64]) -> f64 {
    let scatter = Scatter::of(one, other);
    scatter.products / (scatter.first * scatter.second).sqrt()
}

/// The slope of the least-squares line of `of` on `on`; NaN of fewer than two pairs, and where `on`
/// does not vary.
pub(crate) fn slope(of: &[f64], on: &[f64]) -> f64 {
    let scatter = Scatter::of(of, on);
    if scatter.second > 0.0 {
        scatter.products / scatter.second
    } else {
        f64::NAN
    }
}

/// Sums of squares and products about the means.
struct Scatter {
    first: f64,
    second: f64,
    products: f64,
}

impl Scatter {
    fn of(one: &[f64], other: &[f64]) -> Scatter {
        let pairs = || {
            let pairs = one.iter().copied().zip(other.iter().copied());
            pairs.filter(|(x, y)| x.is_finite() && y.is_finite())
        };
        let count = pairs().count() as f64;
        let (mean_x, mean_y) = pairs().fold((0.0, 0.0), |(a, b), (x, y)| (a + x, b + y));
        let (mean_x, mean_y) = (mean_x / count, mean_y / count);
        let mut scatter = Scatter {
            first: 0.0,
            second: 0.0,
            products: 0.0,
        };
        for (x, y) in pairs() {
            let (x, y) = (x - mean_x, y - mean_y);
            scatter.first += x * x;
            scatter.second += y * y;
            scatter.products += x * y;
        }
        scatter
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::interval::CONFIDENCE;
    use crate::stats::test_support::{covered, normals};
    use proptest::prelude::*;

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

    /// Counts values in [0, 1].
    fn histogram(bins: usize, values: &[f64]) -> Histogram {
        let mut counts = vec![0; bins];
        for value in values {
            counts[((value * bins as f64) as usize).min(bins - 1)] += 1;
        }
        Histogram::new(0.0, 1.0, counts)
    }

    #[test]
    fn quantiles_are_interpolated_inside_the_bin() {
        let found = histogram(4, &[0.1, 0.1, 0.6, 0.6, 0.6, 0.6]);
        assert_eq!(found.quantile(0.5), 0.5 + 0.25 * 0.25);
        assert_eq!((found.quantile(0.0), found.quantile(1.0)), (0.0, 0.75));
        assert!(found.quantile(1.1).is_nan() && histogram(4, &[]).quantile(0.5).is_nan());
    }

    #[test]
    fn a_quantile_of_counts_is_a_count() {
        let mut counts = vec![0; 512];
        // One of 0, two of 1, one of 3 and one of 16 or more; bins of 1/32.
        for (bin, number) in [(0, 1), (32, 2), (96, 1), (511, 1)] {
            counts[bin] = number;
        }
        let found = Histogram::new(0.0, 16.0, counts);
        let quantiles = [0.0, 0.2, 0.21, 0.5, 0.6, 0.61, 0.8, 0.81, 1.0];
        assert_eq!(
            quantiles.map(|p| found.quantile_of_counts(p)),
            [0.0, 0.0, 1.0, 1.0, 1.0, 3.0, 3.0, 16.0, 16.0]
        );
        assert!(found.quantile_of_counts(1.1).is_nan());
        assert!(histogram(4, &[]).quantile_of_counts(0.5).is_nan());
    }

    proptest! {
        #[test]
        fn a_quantile_is_at_most_one_bin_from_that_of_the_values(
            mut values in prop::collection::vec(0.0_f64..=1.0, 1..80), p in 0.0_f64..=1.0, bins in 1_usize..40
        ) {
            let found = histogram(bins, &values);
            values.sort_by(f64::total_cmp);
            let rank = ((p * values.len() as f64).ceil() as usize).clamp(1, values.len());
            prop_assert!((found.quantile(p) - values[rank - 1]).abs() <= found.width() + 1e-12);
        }
    }

    #[test]
    fn known_pairs_have_known_correlation_and_slope() {
        let (x, y) = ([1.0, 2.0, 3.0, 4.0], [2.0, 1.0, 4.0, 5.0]);
        // Sums about the means: 5, 10 and 6.
        assert!((correlation(&x, &y) - 6.0 / 50.0_f64.sqrt()).abs() < 1e-15);
        assert!((slope(&y, &x) - 1.2).abs() < 1e-15);
        assert!((slope(&x, &y) - 0.6).abs() < 1e-15);
    }

    #[test]
    fn a_pair_with_a_missing_number_is_left_out() {
        let (x, y) = ([1.0, 2.0, f64::NAN, 3.0], [3.0, 5.0, 100.0, 7.0]);
        assert!((correlation(&x, &y) - 1.0).abs() < 1e-15);
        assert_eq!(slope(&y, &x), 2.0);
    }

    #[test]
    fn what_does_not_vary_goes_with_nothing() {
        let (still, moving) = ([2.0; 3], [1.0, 2.0, 4.0]);
        assert!(correlation(&still, &moving).is_nan() && slope(&moving, &still).is_nan());
        assert_eq!(slope(&still, &moving), 0.0);
        assert!(correlation(&[1.0], &[2.0]).is_nan() && correlation(&[], &[]).is_nan());
    }

    #[test]
    fn a_far_mean_does_not_swallow_a_correlation() {
        let near: Vec<f64> = normals(1).take(500).collect();
        let noise: Vec<f64> = normals(2).take(500).collect();
        let sum: Vec<f64> = near.iter().zip(&noise).map(|(x, e)| x + e).collect();
        let far: Vec<f64> = near.iter().map(|x| 1e8 + x).collect();
        assert!((correlation(&near, &sum) - 0.5_f64.sqrt()).abs() < 0.08);
        assert!((correlation(&far, &sum) - correlation(&near, &sum)).abs() < 1e-6);
    }
}
