//! Correlations of standard normal scores.
//!
//! The matrix is given pair by pair and kept as its Cholesky factor: a contradiction is found
//! once, with the pair that causes it, and applying the matrix is a triangular sum in a fixed
//! order.

#[cfg(test)]
mod tests;

use super::linalg::{Cholesky, ContradictoryPair, SymmetricMatrix};
use crate::simd::vector::Vector;
use std::collections::BTreeSet;
use thiserror::Error;

/// Why some pairs are not a correlation matrix.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
pub enum CorrelationError {
    /// A pair names a variable that is not there, or one variable twice.
    #[error("({first}, {second}) is no pair of {dimension} variables")]
    NoPair {
        /// First variable, from 0.
        first: usize,
        /// Second variable, from 0.
        second: usize,
        /// How many variables there are.
        dimension: usize,
    },
    /// A pair is given twice.
    #[error("the correlation of {first} and {second} is given twice")]
    Repeated {
        /// The lower of the two variables, from 0.
        first: usize,
        /// The higher of the two variables, from 0.
        second: usize,
    },
    /// A correlation is not in [−1, 1].
    #[error("the correlation of {first} and {second} is {value}, outside -1 to 1")]
    Outside {
        /// First variable, from 0.
        first: usize,
        /// Second variable, from 0.
        second: usize,
        /// The correlation given.
        value: f64,
    },
    /// The correlations cannot all hold together.
    #[error(
        "the correlation of {first} and {second} is {value}, but the others allow only \
         {low:.4} to {high:.4}"
    )]
    Impossible {
        /// The lower variable of the first pair that contradicts the ones before it, from 0.
        first: usize,
        /// The higher variable of that pair, whose leading minor is the first negative one.
        second: usize,
        /// The correlation given for that pair.
        value: f64,
        /// Lowest correlation possible for that pair, given all correlations among variables
        /// 0 to `first`, and those of `second` with the variables before `first`.
        low: f64,
        /// Highest such correlation.
        high: f64,
    },
}

impl From<ContradictoryPair> for CorrelationError {
    fn from(pair: ContradictoryPair) -> CorrelationError {
        let ContradictoryPair {
            first,
            second,
            value,
            low,
            high,
        } = pair;
        CorrelationError::Impossible {
            first,
            second,
            value,
            low,
            high,
        }
    }
}

/// A Gaussian copula: a correlation matrix of standard normal scores, as its lower Cholesky factor.
#[derive(Clone, Debug, PartialEq)]
pub struct GaussianCopula {
    dimension: usize,
    /// The non-zero entries of the factor with their columns, row by row; most entries are 0.
    weights: Vec<(usize, f64)>,
    /// Where each row starts among them.
    starts: Vec<usize>,
}

impl GaussianCopula {
    /// Checks correlations of `dimension` variables, given as (variable, variable, correlation);
    /// pairs that are not given are uncorrelated.
    ///
    /// Correlations of exactly −1 and 1, and other sets that leave a variable no freedom of its
    /// own, are allowed.
    ///
    /// # Errors
    /// The first [`CorrelationError`]: of single pairs in the order given, then of the matrix.
    pub fn new(
        dimension: usize,
        pairs: &[(usize, usize, f64)],
    ) -> Result<GaussianCopula, CorrelationError> {
        let factor = Cholesky::of_correlations(matrix(dimension, pairs)?)?;
        Ok(GaussianCopula::of(dimension, |row| {
            factor.row(row).to_vec()
        }))
    }

    /// Keeps what is not 0 of a factor, given row by row up to the diagonal.
    fn of(dimension: usize, factor: impl Fn(usize) -> Vec<f64>) -> GaussianCopula {
        let (mut weights, mut starts) = (Vec::new(), Vec::new());
        for row in 0..dimension {
            starts.push(weights.len());
            let all = factor(row).into_iter().enumerate();
            weights.extend(all.filter(|(_, weight)| *weight != 0.0));
        }
        GaussianCopula {
            dimension,
            weights,
            starts,
        }
    }

    /// No correlation at all between `dimension` variables.
    pub fn none(dimension: usize) -> GaussianCopula {
        let identity = |row: usize| {
            let mut weights = vec![0.0; row + 1];
            weights[row] = 1.0;
            weights
        };
        GaussianCopula::of(dimension, identity)
    }

    /// How many variables there are.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Correlates independent standard normal scores in place, one for each variable.
    ///
    /// Score k then depends on the first k + 1 of them. Scores are finite. Those beyond
    /// [`GaussianCopula::dimension`] are not changed.
    #[inline(always)]
    pub fn correlate<L: Vector>(&self, scores: &mut [L]) {
        debug_assert_eq!(scores.len(), self.dimension, "one score for each variable");
        // From the last row on, so that each row reads the scores before it unchanged.
        let mut end = self.weights.len();
        for row in (0..self.dimension.min(scores.len())).rev() {
            let start = self.starts[row];
            let mut sum = L::splat(0.0);
            for (column, weight) in &self.weights[start..end] {
                sum += scores[*column] * *weight;
            }
            scores[row] = sum;
            end = start;
        }
    }
}

/// The matrix of the pairs given, each checked on its own.
fn matrix(
    dimension: usize,
    pairs: &[(usize, usize, f64)],
) -> Result<SymmetricMatrix, CorrelationError> {
    let mut matrix = SymmetricMatrix::identity(dimension);
    let mut given = BTreeSet::new();
    for &(one, other, value) in pairs {
        let (first, second) = (one.min(other), one.max(other));
        if first == second || second >= dimension {
            return Err(CorrelationError::NoPair {
                first: one,
                second: other,
                dimension,
            });
        }
        if !given.insert((first, second)) {
            return Err(CorrelationError::Repeated { first, second });
        }
        if !(-1.0..=1.0).contains(&value) {
            return Err(CorrelationError::Outside {
                first,
                second,
                value,
            });
        }
        matrix.set(second, first, value);
    }
    Ok(matrix)
}
