//! Sobol' indices: the shares of an output's variance that groups of inputs explain alone (first
//! order), in pairs beyond that (second order), and with all their interactions (total).
//!
//! Estimators: first order Saltelli et al. (2010), total Jansen (1999), second order Saltelli
//! (2002), each of the output standardised over the whole design; intervals are normal ones with
//! the standard error of a bootstrap over base rows.

#[cfg(test)]
pub(crate) mod tests;

use super::estimate::Sizes;
use super::resampling::{deviation, is_constant, mean, resamples, squares};
use super::{Estimate, SensitivityError, SensitivitySettings};
use crate::design::SobolOrder;

/// Sobol' indices of one output.
#[derive(Clone, Debug, PartialEq)]
pub struct VarianceIndices {
    /// Base rows used.
    pub rows: u64,
    /// Base rows dropped because one of their outputs was missing.
    pub dropped: usize,
    /// Mean of the output over the two independent samples.
    pub mean: f64,
    /// Variance of the output over the two independent samples.
    pub variance: f64,
    /// First-order index of each group.
    pub first: Vec<Estimate>,
    /// Total index of each group.
    pub total: Vec<Estimate>,
    /// Second-order index of each pair of groups; empty where the design has none.
    pub second: Vec<PairEstimate>,
}

/// The second-order index of two groups.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairEstimate {
    /// Numbers of the groups, ascending.
    pub groups: (usize, usize),
    /// Share of the variance by their interaction alone.
    pub estimate: Estimate,
}

/// Computes the indices from the outputs of a `Saltelli` design over
/// `groups` groups, or of a prefix of whole base rows, in the design's order.
///
/// # Errors
///
/// Without groups, where the outputs are no whole base rows, where fewer than two rows have all
/// their outputs, and for settings out of range.
pub fn variance_indices(
    output: &[f64],
    groups: usize,
    order: SobolOrder,
    settings: &SensitivitySettings,
) -> Result<VarianceIndices, SensitivityError> {
    settings.check()?;
    let rows = BaseRows::new(output, groups, order)?;
    let everything: Vec<usize> = (0..rows.count()).collect();
    let count = rows.count() as u64;
    let (whole, centre, variance) = (rows.indices(&everything), rows.mean(), rows.variance());
    let estimates = if rows.constant {
        vec![Estimate::CONSTANT; whole.len()]
    } else {
        let again: Vec<Vec<f64>> =
            resamples(rows.count(), settings.resamples, settings.seed, b"sobolidx")
                .map(|picks| rows.indices(&picks))
                .collect();
        let reach = settings.normal_reach();
        let estimate = |(index, value): (usize, &f64)| {
            let values: Vec<f64> = again.iter().map(|indices| indices[index]).collect();
            let arm = reach * deviation(&values);
            let interval = (value - arm, value + arm);
            Estimate::judged(
                *value,
                interval,
                count,
                settings.tolerance,
                Sizes::PowersOfTwo,
            )
        };
        whole.iter().enumerate().map(estimate).collect()
    };
    let pair = |(groups, estimate): ((usize, usize), &Estimate)| PairEstimate {
        groups,
        estimate: *estimate,
    };
    Ok(VarianceIndices {
        rows: count,
        dropped: rows.dropped,
        mean: centre,
        variance,
        first: estimates[..groups].to_vec(),
        total: estimates[groups..2 * groups].to_vec(),
        second: pairs(groups)
            .zip(&estimates[2 * groups..])
            .map(pair)
            .collect(),
    })
}

/// Outputs by their part in a base row, standardised.
struct BaseRows {
    a: Vec<f64>,
    b: Vec<f64>,
    a_with_b: Vec<Vec<f64>>,
    /// Empty without second order.
    b_with_a: Vec<Vec<f64>>,
    centre: f64,
    scale: f64,
    /// Whether the outputs, or the two independent samples, do not vary.
    constant: bool,
    dropped: usize,
}

impl BaseRows {
    fn new(output: &[f64], groups: usize, order: SobolOrder) -> Result<BaseRows, SensitivityError> {
        if groups == 0 {
            return Err(SensitivityError::NoAxis);
        }
        let unit = match order {
            SobolOrder::First => groups + 2,
            SobolOrder::Second => 2 * groups + 2,
        };
        if !output.len().is_multiple_of(unit) {
            return Err(SensitivityError::Length {
                found: output.len(),
                unit,
            });
        }
        let whole: Vec<&[f64]> = output
            .chunks(unit)
            .filter(|row| row.iter().all(|y| y.is_finite()))
            .collect();
        if whole.len() < 2 {
            return Err(SensitivityError::TooFewRows {
                usable: whole.len(),
                needed: 2,
            });
        }
        let all = whole.concat();
        let centre = mean(&all);
        let spread = (squares(&all) / all.len() as f64).sqrt();
        let flat = is_constant(&all) || spread == 0.0;
        // A constant output keeps its scale: there is nothing to divide by.
        let scale = if flat { 1.0 } else { spread };
        let part = |place: usize| -> Vec<f64> {
            whole
                .iter()
                .map(|row| (row[place] - centre) / scale)
                .collect()
        };
        let hybrids = if order == SobolOrder::Second {
            groups
        } else {
            0
        };
        let (a, b) = (part(0), part(unit - 1));
        let samples = [&a[..], &b[..]].concat();
        Ok(BaseRows {
            constant: flat || squares(&samples) <= f64::EPSILON * samples.len() as f64,
            a,
            b,
            a_with_b: (0..groups).map(|group| part(1 + group)).collect(),
            b_with_a: (0..hybrids).map(|group| part(1 + groups + group)).collect(),
            centre,
            scale,
            dropped: output.len() / unit - whole.len(),
        })
    }

    fn count(&self) -> usize {
        self.a.len()
    }

    fn mean(&self) -> f64 {
        self.centre + self.scale * 0.5 * (mean(&self.a) + mean(&self.b))
    }

    fn variance(&self) -> f64 {
        let everything: Vec<usize> = (0..self.count()).collect();
        self.scale * self.scale * self.spread(&everything)
    }

    /// Variance of the picked rows' two independent outputs.
    fn spread(&self, picks: &[usize]) -> f64 {
        let count = 2.0 * picks.len() as f64;
        let sum = |f: &dyn Fn(f64) -> f64| -> f64 {
            picks
                .iter()
                .map(|row| f(self.a[*row]) + f(self.b[*row]))
                .sum()
        };
        let centre = sum(&|y| y) / count;
        sum(&|y| (y - centre) * (y - centre)) / count
    }

    /// First-order indices of all groups, then total ones, then second-order ones of all pairs.
    fn indices(&self, picks: &[usize]) -> Vec<f64> {
        let spread = self.spread(picks);
        let share = |term: &dyn Fn(usize) -> f64| -> f64 {
            // A resample without variance explains nothing.
            if spread <= f64::EPSILON {
                return 0.0;
            }
            picks.iter().map(|row| term(*row)).sum::<f64>() / picks.len() as f64 / spread
        };
        let (a, b) = (&self.a, &self.b);
        let mut indices: Vec<f64> = self
            .a_with_b
            .iter()
            .map(|ab| share(&|row| b[row] * (ab[row] - a[row])))
            .collect();
        let total = |ab: &Vec<f64>| 0.5 * share(&|row| (a[row] - ab[row]) * (a[row] - ab[row]));
        indices.extend(self.a_with_b.iter().map(total));
        if !self.b_with_a.is_empty() {
            for (j, k) in pairs(self.a_with_b.len()) {
                let (ba, ab) = (&self.b_with_a[j], &self.a_with_b[k]);
                let closed = share(&|row| ba[row] * ab[row] - a[row] * b[row]);
                indices.push(closed - indices[j] - indices[k]);
            }
        }
        indices
    }
}

/// All pairs of groups, in order.
fn pairs(groups: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..groups).flat_map(move |j| (j + 1..groups).map(move |k| (j, k)))
}
