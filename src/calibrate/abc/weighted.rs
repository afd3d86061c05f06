//! Summaries of weighted values, and regressions on them.

use crate::math::linalg::{Cholesky, SymmetricMatrix};

/// How many equally weighted values tell as much: (Σw)² / Σw²; 0 without weight.
pub(crate) fn effective_size(weights: &[f64]) -> f64 {
    let sum: f64 = weights.iter().sum();
    let squares: f64 = weights.iter().map(|weight| weight * weight).sum();
    if squares > 0.0 {
        sum * sum / squares
    } else {
        0.0
    }
}

/// The weighted mean; NaN without weight.
pub(crate) fn weighted_mean(values: &[f64], weights: &[f64]) -> f64 {
    let sum: f64 = weights.iter().sum();
    let products: f64 = values.iter().zip(weights).map(|(x, w)| w * x).sum();
    products / sum
}

/// The weighted standard deviation, unbiased in its square for weights that say how much each value
/// tells; NaN of fewer than two values.
pub(crate) fn weighted_sd(values: &[f64], weights: &[f64]) -> f64 {
    weighted_covariance(values, values, weights).sqrt()
}

/// The weighted covariance, unbiased as [`weighted_sd`] is.
pub(crate) fn weighted_covariance(one: &[f64], other: &[f64], weights: &[f64]) -> f64 {
    let sum: f64 = weights.iter().sum();
    let (a, b) = (weighted_mean(one, weights), weighted_mean(other, weights));
    let products: f64 = one
        .iter()
        .zip(other)
        .zip(weights)
        .map(|((x, y), w)| w * (x - a) * (y - b))
        .sum();
    let free = 1.0 - 1.0 / effective_size(weights);
    if free > 0.0 {
        products / sum / free
    } else {
        f64::NAN
    }
}

/// The value below which a share `p` in [0, 1] of the weight lies.
///
/// Each value stands in the middle of its own weight, and between values the quantile is linear; it
/// is NaN without values of weight above 0 and for a share outside [0, 1].
pub(crate) fn weighted_quantile(values: &[f64], weights: &[f64], p: f64) -> f64 {
    let mut pairs: Vec<(f64, f64)> = values
        .iter()
        .copied()
        .zip(weights.iter().copied())
        .filter(|(_, weight)| *weight > 0.0)
        .collect();
    pairs.sort_by(|one, other| one.0.total_cmp(&other.0));
    let whole: f64 = pairs.iter().map(|(_, weight)| weight).sum();
    let (Some(first), true) = (pairs.first(), (0.0..=1.0).contains(&p)) else {
        return f64::NAN;
    };
    let wanted = p * whole;
    let (mut below, mut value, mut place) = (0.0, first.0, f64::NEG_INFINITY);
    for (next, weight) in &pairs {
        let middle = below + 0.5 * weight;
        if middle >= wanted {
            let share = (wanted - place) / (middle - place);
            return if place.is_finite() {
                value + share * (next - value)
            } else {
                *next
            };
        }
        below += weight;
        (value, place) = (*next, middle);
    }
    value
}

/// Weighted linear regressions on the same columns, of which no line is fitted where a column does not vary.
pub(crate) struct WeightedRegression<'c> {
    columns: &'c [Vec<f64>],
    weights: &'c [f64],
    factor: Cholesky,
}

impl<'c> WeightedRegression<'c> {
    /// `columns` are by predictor, and then by row.
    pub(crate) fn new(columns: &'c [Vec<f64>], weights: &'c [f64]) -> WeightedRegression<'c> {
        let covariance = SymmetricMatrix::from_fn(columns.len(), |one, other| {
            weighted_covariance(&columns[one], &columns[other], weights)
        });
        let least = vec![f64::MIN_POSITIVE; columns.len()];
        WeightedRegression {
            columns,
            weights,
            factor: Cholesky::of_covariance(&covariance, &least),
        }
    }

    /// Moves values along their regression to where all predictors are 0.
    pub(crate) fn moved_to_zero(&self, values: &[f64]) -> Vec<f64> {
        let with = self
            .columns
            .iter()
            .map(|column| weighted_covariance(column, values, self.weights));
        let slopes = self.factor.solve(with.collect());
        let way = |row: usize| -> f64 {
            let own = slopes.iter().zip(self.columns);
            own.map(|(slope, column)| slope * column[row]).sum()
        };
        let moved = values
            .iter()
            .enumerate()
            .map(|(row, value)| value - way(row));
        moved.collect()
    }
}

/// The median; NaN of nothing. Puts the values into another order.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => values[middle],
        _ => 0.5 * (values[middle - 1] + values[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_weights_give_unweighted_summaries() {
        let (values, weights) = ([1.0, 2.0, 4.0, 9.0], [0.25; 4]);
        assert_eq!(effective_size(&weights), 4.0);
        assert_eq!(weighted_mean(&values, &weights), 4.0);
        assert!((weighted_sd(&values, &weights) - (38.0_f64 / 3.0).sqrt()).abs() < 1e-14);
        assert_eq!(weighted_quantile(&values, &weights, 0.5), 3.0);
        assert_eq!(weighted_quantile(&values, &weights, 0.0), 1.0);
        assert_eq!(weighted_quantile(&values, &weights, 1.0), 9.0);
    }

    #[test]
    fn a_weight_of_three_is_three_values() {
        let (values, weights) = ([5.0, 1.0], [1.0, 3.0]);
        assert_eq!(weighted_mean(&values, &weights), 2.0);
        assert_eq!(effective_size(&weights), 1.6);
        assert_eq!(weighted_quantile(&values, &weights, 0.375), 1.0);
        assert_eq!(weighted_quantile(&values, &weights, 0.875), 5.0);
    }

    #[test]
    fn without_weight_there_is_nothing() {
        assert_eq!(effective_size(&[0.0, 0.0]), 0.0);
        assert!(weighted_mean(&[1.0], &[0.0]).is_nan());
        assert!(weighted_sd(&[1.0, 2.0], &[1.0, 0.0]).is_nan());
        assert!(weighted_quantile(&[1.0], &[0.0], 0.5).is_nan());
        assert!(weighted_quantile(&[1.0], &[1.0], f64::NAN).is_nan());
        assert!(median(&mut []).is_nan());
    }

    #[test]
    fn the_median_of_an_even_number_lies_between() {
        assert_eq!(median(&mut [9.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&mut [9.0, 1.0, 2.0, 4.0]), 3.0);
    }
}
