//! Counts in bins of one width: quantiles of columns too long to keep, with a known error.
//!
//! Counts are whole numbers, so merging gives the same histogram in whatever order.

use std::error::Error;
use std::fmt;

/// Why bins cannot be laid or histograms not merged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HistogramFault {
    /// The range is not finite, or empty.
    EmptyRange {
        /// Lower end given.
        low: f64,
        /// Upper end given.
        high: f64,
    },
    /// There would be no bin.
    NoBins,
    /// The other histogram has other bins.
    OtherBins,
}

impl fmt::Display for HistogramFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyRange { low, high } => write!(f, "no range to bin from {low} to {high}"),
            Self::NoBins => write!(f, "a histogram needs at least one bin"),
            Self::OtherBins => write!(f, "histograms with different bins do not merge"),
        }
    }
}

impl Error for HistogramFault {}

/// How many values fell into each of some bins of one width.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    low: f64,
    high: f64,
    counts: Vec<u64>,
    below: u64,
    above: u64,
}

impl Histogram {
    /// Lays `bins` bins over [low, high].
    ///
    /// # Errors
    /// [`HistogramFault::EmptyRange`] and [`HistogramFault::NoBins`].
    pub fn new(low: f64, high: f64, bins: usize) -> Result<Histogram, HistogramFault> {
        if !(low < high && (high - low).is_finite()) {
            return Err(HistogramFault::EmptyRange { low, high });
        }
        if bins == 0 {
            return Err(HistogramFault::NoBins);
        }
        Ok(Histogram {
            low,
            high,
            counts: vec![0; bins],
            below: 0,
            above: 0,
        })
    }

    /// Takes bins that were counted elsewhere, over [low, high]; nothing lay outside.
    pub fn of_counts(low: f64, high: f64, counts: Vec<u64>) -> Histogram {
        Histogram {
            low,
            high,
            counts,
            below: 0,
            above: 0,
        }
    }

    /// Counts one value; NaN is missing and not counted.
    pub fn push(&mut self, value: f64) {
        if value < self.low {
            self.below += 1;
        } else if value > self.high {
            self.above += 1;
        } else if !value.is_nan() {
            let place = (value - self.low) / (self.high - self.low) * self.counts.len() as f64;
            // The upper end belongs to the last bin.
            let bin = (place as usize).min(self.counts.len() - 1);
            self.counts[bin] += 1;
        }
    }

    /// Adds the counts of another histogram of the same bins.
    ///
    /// # Errors
    /// [`HistogramFault::OtherBins`]; nothing is then added.
    pub fn merge(&mut self, other: &Histogram) -> Result<(), HistogramFault> {
        let bins = |of: &Histogram| (of.low, of.high, of.counts.len());
        if bins(self) != bins(other) {
            return Err(HistogramFault::OtherBins);
        }
        for (ours, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *ours += theirs;
        }
        self.below += other.below;
        self.above += other.above;
        Ok(())
    }

    /// The counts of the bins, from the lowest.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// How many values lay below and above the range.
    pub fn outside(&self) -> (u64, u64) {
        (self.below, self.above)
    }

    /// How many values were counted, those outside the range included.
    pub fn count(&self) -> u64 {
        self.below + self.counts.iter().sum::<u64>() + self.above
    }

    /// The width of a bin: no quantile within the range is further than this from that of the
    /// values themselves.
    pub fn width(&self) -> f64 {
        (self.high - self.low) / self.counts.len() as f64
    }

    /// The value below which the share `p` of all values lies, interpolated linearly inside its bin.
    ///
    /// The error is at most [`Histogram::width`]; a quantile outside the range is given as the end
    /// that it lies beyond. NaN of no values and for `p` outside [0, 1].
    pub fn quantile(&self, p: f64) -> f64 {
        let total = self.count();
        if total == 0 || !(0.0..=1.0).contains(&p) {
            return f64::NAN;
        }
        let rank = p * total as f64;
        let mut below = self.below;
        if below > 0 && rank <= below as f64 {
            return self.low;
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn histogram(bins: usize, values: &[f64]) -> Histogram {
        let mut histogram = Histogram::new(0.0, 1.0, bins).expect("a range with bins");
        values.iter().for_each(|value| histogram.push(*value));
        histogram
    }

    #[test]
    fn values_fall_into_their_bins() {
        let found = histogram(4, &[0.0, 0.24, 0.25, 0.5, 0.99, 1.0, -0.1, 1.1, f64::NAN]);
        assert_eq!(found.counts(), [2, 1, 1, 2]);
        assert_eq!((found.outside(), found.count()), ((1, 1), 8));
    }

    #[test]
    fn quantiles_are_interpolated_inside_the_bin() {
        let found = histogram(4, &[0.1, 0.1, 0.6, 0.6, 0.6, 0.6]);
        assert_eq!(found.quantile(0.5), 0.5 + 0.25 * 0.25);
        assert_eq!((found.quantile(0.0), found.quantile(1.0)), (0.0, 0.75));
        assert!(found.quantile(1.1).is_nan() && histogram(4, &[]).quantile(0.5).is_nan());
        let outside = histogram(4, &[-3.0, -2.0, 0.3, 5.0]);
        assert_eq!((outside.quantile(0.4), outside.quantile(0.9)), (0.0, 1.0));
    }

    #[test]
    fn bins_that_cannot_be_are_refused() {
        let refused = |low, high, bins| Histogram::new(low, high, bins).expect_err("no such bins");
        assert_eq!(
            refused(1.0, 1.0, 5),
            HistogramFault::EmptyRange {
                low: 1.0,
                high: 1.0
            }
        );
        assert!(matches!(
            refused(0.0, f64::NAN, 5),
            HistogramFault::EmptyRange { .. }
        ));
        assert_eq!(refused(0.0, 1.0, 0), HistogramFault::NoBins);
        let mut four = histogram(4, &[0.5]);
        assert_eq!(
            four.merge(&histogram(5, &[0.5])),
            Err(HistogramFault::OtherBins)
        );
        assert_eq!(four.count(), 1);
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

        #[test]
        fn merged_parts_are_the_whole(values in prop::collection::vec(-0.5_f64..1.5, 0..40), cut in 0_usize..40) {
            let cut = cut.min(values.len());
            let mut merged = histogram(7, &values[cut..]);
            prop_assert_eq!(merged.merge(&histogram(7, &values[..cut])), Ok(()));
            prop_assert_eq!(merged, histogram(7, &values));
        }
    }
}
