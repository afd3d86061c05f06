//! Inference from a reference table: summaries are condensed to what predicts each quantity (Fearnhead & Prangle 2012),
//! the nearest data sets are kept, and a local linear regression moves their quantities to where the data set is
//! (Beaumont, Zhang & Balding 2002).
//!
//! A quantity is worked on as the normal score of its place in the prior, so that every prior is a standard normal
//! distribution there, and a quantity stays within its prior wherever it is moved. A data set is inferred from others of
//! its own fold: neither its prediction nor theirs come from regressions that any of them was fitted to. With regressions
//! that know the truth of a data set posteriors are too narrow.

use crate::calibrate::abc::weighted::{
    WeightedRegression, effective_size, weighted_covariance, weighted_mean, weighted_quantile,
};
use crate::math::functions::normal_cdf;
use crate::math::linalg::{Cholesky, SymmetricMatrix};

/// Parts of the data sets, each of which is predicted by regressions that were fitted to the other one.
pub(crate) const FOLDS: usize = 2;
/// Penalties of the regressions that are tried, for standardised summaries and per data set.
const PENALTIES: [f64; 6] = [1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0];
/// Share of the data sets that are kept as near, and fewest of them.
const NEAR: f64 = 0.2;
const FEWEST_NEAR: usize = 30;
/// Smallest share of data sets in which a summary must be known.
const LEAST_KNOWN: f64 = 0.5;
/// The quantiles of the ends of the 90 % and the 50 % interval.
pub(crate) const ENDS: [f64; 4] = [0.05, 0.25, 0.75, 0.95];

/// Summaries of data sets in units of their standard deviation, from their mean.
#[derive(Clone, Debug)]
pub(crate) struct StandardSummaries {
    /// By data set, and then by summary.
    values: Vec<f64>,
    width: usize,
    /// Summaries that are left out: those that do not vary, or that most data sets do not have.
    pub(crate) left_out: usize,
}

impl StandardSummaries {
    /// Standardises summaries; a value that a data set does not have becomes the mean of the others.
    pub(crate) fn new(rows: &[&[f64]]) -> StandardSummaries {
        let all = rows.first().map_or(0, |row| row.len());
        let mut kept: Vec<(usize, f64, f64)> = Vec::new();
        for column in 0..all {
            let known = || {
                let values = rows.iter().map(|row| row[column]);
                values.filter(|value| value.is_finite())
            };
            let count = known().count() as f64;
            let mean = known().sum::<f64>() / count;
            let squares: f64 = known().map(|value| (value - mean) * (value - mean)).sum();
            let sd = (squares / count).sqrt();
            let varies = sd > 1e-9 * mean.abs().max(1e-9);
            if count >= LEAST_KNOWN * rows.len() as f64 && varies {
                kept.push((column, mean, sd));
            }
        }
        let mut values = Vec::with_capacity(rows.len() * kept.len());
        for row in rows {
            values.extend(kept.iter().map(|(column, mean, sd)| {
                let value = (row[*column] - mean) / sd;
                if value.is_finite() { value } else { 0.0 }
            }));
        }
        StandardSummaries {
            values,
            width: kept.len(),
            left_out: all - kept.len(),
        }
    }

    /// How many summaries are used.
    pub(crate) fn used(&self) -> usize {
        self.width
    }

    fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.width..(row + 1) * self.width]
    }
}

/// Sums over some data sets, of which regressions are made.
#[derive(Clone)]
struct RegressionSums {
    count: f64,
    means: Vec<f64>,
    squares: SymmetricMatrix,
    /// By target: its sum, and its products with the summaries.
    targets: Vec<(f64, Vec<f64>)>,
}

impl RegressionSums {
    fn new(width: usize, targets: usize) -> RegressionSums {
        RegressionSums {
            count: 0.0,
            means: vec![0.0; width],
            squares: SymmetricMatrix::zero(width),
            targets: vec![(0.0, vec![0.0; width]); targets],
        }
    }

    fn push(&mut self, row: &[f64], targets: impl Iterator<Item = f64>) {
        self.count += 1.0;
        for (sum, value) in self.means.iter_mut().zip(row) {
            *sum += value;
        }
        self.squares.add_square(row, 1.0);
        for ((sum, products), target) in self.targets.iter_mut().zip(targets) {
            *sum += target;
            for (product, value) in products.iter_mut().zip(row) {
                *product += value * target;
            }
        }
    }

    fn add(&mut self, other: &RegressionSums) {
        self.count += other.count;
        for (sum, value) in self.means.iter_mut().zip(&other.means) {
            *sum += value;
        }
        self.squares.add(&other.squares, 1.0);
        for ((sum, products), (other_sum, other_products)) in
            self.targets.iter_mut().zip(&other.targets)
        {
            *sum += other_sum;
            for (product, value) in products.iter_mut().zip(other_products) {
                *product += value;
            }
        }
    }
}

/// Predicts each target of each data set by ridge regressions on the summaries that were fitted to the data sets of the
/// other folds. Of the penalties that predicts best which is used, for each target by itself.
///
/// `folds` says in which fold a data set is; `targets` are by target and then by data set. So are the predictions.
pub(crate) fn out_of_fold(
    summaries: &StandardSummaries,
    folds: &[usize],
    targets: &[Vec<f64>],
) -> Vec<Vec<f64>> {
    let width = summaries.width;
    let count = folds.iter().max().map_or(0, |last| last + 1);
    let mut sums = vec![RegressionSums::new(width, targets.len()); count];
    for (row, fold) in folds.iter().enumerate() {
        let own = targets.iter().map(|target| target[row]);
        sums[*fold].push(summaries.row(row), own);
    }
    let mut predictions = vec![vec![vec![0.0; folds.len()]; targets.len()]; PENALTIES.len()];
    for fold in 0..count {
        let mut others = RegressionSums::new(width, targets.len());
        for (_, own) in sums.iter().enumerate().filter(|(own, _)| *own != fold) {
            others.add(own);
        }
        let means: Vec<f64> = others.means.iter().map(|sum| sum / others.count).collect();
        let mut centred = others.squares.clone();
        centred.add_square(&means, -others.count);
        for (penalty, predictions) in PENALTIES.iter().zip(&mut predictions) {
            let mut matrix = centred.clone();
            for place in 0..width {
                let value = matrix.at(place, place) + penalty * others.count;
                matrix.set(place, place, value);
            }
            let factor = Cholesky::of_covariance(&matrix, &vec![f64::MIN_POSITIVE; width]);
            for ((sum, products), predictions) in others.targets.iter().zip(predictions) {
                let mean = sum / others.count;
                let right = products
                    .iter()
                    .zip(&means)
                    .map(|(product, of_summary)| product - sum * of_summary);
                let slopes = factor.solve(right.collect());
                let at_means: f64 = slopes.iter().zip(&means).map(|(a, b)| a * b).sum();
                for (row, own) in folds.iter().enumerate() {
                    if *own == fold {
                        let values = slopes.iter().zip(summaries.row(row));
                        let moved: f64 = values.map(|(slope, value)| slope * value).sum();
                        predictions[row] = mean + moved - at_means;
                    }
                }
            }
        }
    }
    let best = |target: usize| {
        let error = |penalty: &usize| -> f64 {
            let own = predictions[*penalty][target].iter().zip(&targets[target]);
            own.map(|(found, truth)| (found - truth) * (found - truth))
                .sum()
        };
        let order = (0..PENALTIES.len()).min_by(|one, other| error(one).total_cmp(&error(other)));
        order.unwrap_or(0)
    };
    let best: Vec<usize> = (0..targets.len()).map(best).collect();
    best.into_iter()
        .enumerate()
        .map(|(target, penalty)| std::mem::take(&mut predictions[penalty][target]))
        .collect()
}

/// The posterior of a data set: nearby data sets with their quantities as normal scores, moved to it.
#[derive(Clone, Debug)]
pub(crate) struct LocalPosterior {
    /// By quantity, and then by nearby data set.
    pub(crate) scores: Vec<Vec<f64>>,
    pub(crate) weights: Vec<f64>,
}

/// Infers the quantities of one data set from the others of its fold. `scores` and `predictions` are by quantity and then
/// by data set. `None` where there are too few data sets.
pub(crate) fn posterior_of(
    row: usize,
    folds: &[usize],
    scores: &[Vec<f64>],
    predictions: &[Vec<f64>],
) -> Option<LocalPosterior> {
    let others = || (0..folds.len()).filter(|other| *other != row && folds[*other] == folds[row]);
    let count = others().count();
    let near = ((NEAR * count as f64) as usize).max(FEWEST_NEAR);
    if near >= count || scores.is_empty() {
        return None;
    }
    let distance = |other: usize| -> f64 {
        let away = predictions.iter().map(|own| own[other] - own[row]);
        away.map(|away| away * away).sum()
    };
    let mut order: Vec<(f64, usize)> = others().map(|other| (distance(other), other)).collect();
    order.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    let farthest = order[near].0;
    order.truncate(near);
    // Epanechnikov's kernel; distances are squares.
    let weight = |(squared, _): &(f64, usize)| match farthest > 0.0 {
        true => 1.0 - squared / farthest,
        false => 1.0,
    };
    let weights: Vec<f64> = order.iter().map(weight).collect();
    let columns: Vec<Vec<f64>> = predictions
        .iter()
        .map(|own| {
            order
                .iter()
                .map(|(_, other)| own[*other] - own[row])
                .collect()
        })
        .collect();
    let size = effective_size(&weights);
    let free = size - columns.len() as f64 - 1.0;
    if free < 1.0 {
        return None;
    }
    // Residuals of a fit are too small, and the line that they are about is itself uncertain.
    let wider = (size / free * (1.0 + 1.0 / size)).sqrt();
    let regression = WeightedRegression::new(&columns, &weights);
    let moved = |own: &Vec<f64>| -> Vec<f64> {
        let values: Vec<f64> = order.iter().map(|(_, other)| own[*other]).collect();
        let moved = regression.moved_to_zero(&values);
        let middle = weighted_mean(&moved, &weights);
        moved
            .iter()
            .map(|value| middle + wider * (value - middle))
            .collect()
    };
    Some(LocalPosterior {
        scores: scores.iter().map(moved).collect(),
        weights,
    })
}

impl LocalPosterior {
    /// The quantiles [`ENDS`] of a quantity as places in its prior.
    pub(crate) fn ends(&self, quantity: usize) -> [f64; 4] {
        ENDS.map(|p| normal_cdf(weighted_quantile(&self.scores[quantity], &self.weights, p)))
    }

    /// The share of the posterior that lies below a score.
    pub(crate) fn share_below(&self, quantity: usize, score: f64) -> f64 {
        let own = self.scores[quantity].iter().zip(&self.weights);
        let (mut below, mut all) = (0.0, 0.0);
        for (value, weight) in own {
            all += weight;
            if *value < score {
                below += weight;
            }
        }
        below / all
    }

    /// The covariance of two quantities' scores.
    pub(crate) fn covariance(&self, one: usize, other: usize) -> f64 {
        weighted_covariance(&self.scores[one], &self.scores[other], &self.weights)
    }
}
