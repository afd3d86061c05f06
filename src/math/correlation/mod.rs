//! Correlations of standard normal scores: how independent draws become traits that go together.
//!
//! The matrix is given pair by pair and kept as its Cholesky factor, so that what is impossible is
//! found once, with the pair to blame, and applying it is a triangular sum in a fixed order.

#[cfg(test)]
mod tests;

use super::linalg::{Cholesky, ContradictoryPair, SymmetricMatrix};
use crate::simd::vector::Vector;
use std::collections::BTreeSet;
use thiserror::Error;

/// Why some pairs of correlations are no correlation matrix.
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

/// A correlation matrix of standard normal scores, as its lower Cholesky factor.
#[derive(Clone, Debug, PartialEq)]
pub struct Correlation {
    dimension: usize,
    /// The numbers of the factor that are not 0, with their columns, row by row: most are 0, and add
    /// nothing to a sum.
    weights: Vec<(usize, f64)>,
    /// Where each row starts among them.
    starts: Vec<usize>,
}

impl Correlation {
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
    ) -> Result<Correlation, CorrelationError> {
        let factor = Cholesky::of_correlations(matrix(dimension, pairs)?)?;
        Ok(Correlation::of(dimension, |row| factor.row(row).to_vec()))
    }

    /// Keeps what is not 0 of a factor, given row by row up to the diagonal.
    fn of(dimension: usize, factor: impl Fn(usize) -> Vec<f64>) -> Correlation {
        let (mut weights, mut starts) = (Vec::new(), Vec::new());
        for row in 0..dimension {
            starts.push(weights.len());
            let all = factor(row).into_iter().enumerate();
            weights.extend(all.filter(|(_, weight)| *weight != 0.0));
        }
        Correlation {
            dimension,
            weights,
            starts,
        }
    }

    /// No correlation at all between `dimension` variables.
    pub fn none(dimension: usize) -> Correlation {
        let identity = |row: usize| {
            let mut weights = vec![0.0; row + 1];
            weights[row] = 1.0;
            weights
        };
        Correlation::of(dimension, identity)
    }

    /// How many variables there are.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Makes standard normal scores, one for each variable, correlated in their place.
    ///
    /// Score k comes to depend on the first k + 1 of them only. Scores are finite. Those beyond
    /// [`Correlation::dimension`] are left alone.
    #[inline(always)]
    pub fn join<L: Vector>(&self, scores: &mut [L]) {
        debug_assert_eq!(scores.len(), self.dimension, "one score for each variable");
        // From the last on, so that each finds those before it as they were.
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
