//! Quantiles from counts in bins of equal width, with a known error.

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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
}
