//! Correlations of standard normal scores.
//!
//! The matrix is given pair by pair and kept as its Cholesky factor: a contradiction is found
//! once, with the pair that causes it, and applying the matrix is a triangular sum in a fixed
//! order.

use super::linalg::{Cholesky, ContradictoryPair, SymmetricMatrix};
use crate::simd::vector::Vector;
use std::collections::BTreeSet;
use thiserror::Error;

/// Why some pairs are not a correlation matrix.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
pub(crate) enum CorrelationError {
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
pub(crate) struct GaussianCopula {
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
    pub(crate) fn new(
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

    #[cfg(test)]
    /// No correlation at all between `dimension` variables.
    pub(crate) fn none(dimension: usize) -> GaussianCopula {
        let identity = |row: usize| {
            let mut weights = vec![0.0; row + 1];
            weights[row] = 1.0;
            weights
        };
        GaussianCopula::of(dimension, identity)
    }

    /// Correlates independent standard normal scores in place, one for each variable.
    ///
    /// Score k then depends on the first k + 1 of them. Scores are finite. Those beyond
    /// [`GaussianCopula::dimension`] are not changed.
    #[inline(always)]
    pub(crate) fn correlate<L: Vector>(&self, scores: &mut [L]) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn correlation(dimension: usize, pairs: &[(usize, usize, f64)]) -> GaussianCopula {
        GaussianCopula::new(dimension, pairs).expect("a possible matrix")
    }

    /// The correlation of two variables, from the factor.
    fn product(correlation: &GaussianCopula, one: usize, other: usize) -> f64 {
        let row = |k: usize| {
            let end = correlation.starts.get(k + 1);
            let end = end.map_or(correlation.weights.len(), |end| *end);
            let mut full = vec![0.0; correlation.dimension];
            for (column, weight) in &correlation.weights[correlation.starts[k]..end] {
                full[*column] = *weight;
            }
            full
        };
        row(one).iter().zip(row(other)).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn the_factor_gives_the_matrix_back() {
        let pairs = [
            (0, 1, 0.5),
            (2, 0, -0.3),
            (1, 2, 0.2),
            (3, 1, 0.6),
            (2, 3, 0.1),
        ];
        let correlation = correlation(4, &pairs);
        for (one, other, value) in pairs {
            assert!((product(&correlation, one, other) - value).abs() < 1e-15);
        }
        assert!((product(&correlation, 0, 3)).abs() < 1e-15);
        assert!((0..4).all(|k| (product(&correlation, k, k) - 1.0).abs() < 1e-15));
    }

    #[test]
    fn correlated_scores_keep_their_values() {
        let mut scores = [0.4, -1.1, 2.0];
        correlation(3, &[(0, 1, 0.5), (0, 2, -0.3), (1, 2, 0.2)]).correlate(&mut scores);
        assert_eq!(scores, FIRST_VALUES);
    }

    const FIRST_VALUES: [f64; 3] = [0.4, -0.7526279441628825, 1.1636378122994175];

    #[test]
    fn perfect_correlations_copy_and_mirror() {
        let mut scores = [0.7, 9.0, -9.0, 0.5];
        let pairs = [
            (0, 1, 1.0),
            (0, 2, -1.0),
            (1, 2, -1.0),
            (0, 3, 0.6),
            (1, 3, 0.6),
            (2, 3, -0.6),
        ];
        correlation(4, &pairs).correlate(&mut scores);
        assert_eq!(scores[..3], [0.7, 0.7, -0.7]);
        assert!((scores[3] - (0.6 * 0.7 + 0.8 * 0.5)).abs() < 1e-15);
    }

    #[test]
    fn without_pairs_scores_pass_through() {
        let mut scores = [0.1, -2.0, 5.0];
        GaussianCopula::none(3).correlate(&mut scores);
        assert_eq!(scores, [0.1, -2.0, 5.0]);
        assert_eq!(GaussianCopula::none(3), correlation(3, &[]));
    }

    #[test]
    fn a_contradictory_pair_is_reported_with_its_possible_interval() {
        let error = GaussianCopula::new(3, &[(0, 1, 0.9), (0, 2, 0.9), (1, 2, 0.1)])
            .expect_err("these contradict each other");
        let CorrelationError::Impossible {
            first,
            second,
            value,
            low,
            high,
        } = error
        else {
            panic!("the pair should be impossible: {error}");
        };
        assert_eq!((first, second, value), (1, 2, 0.1));
        assert!((low - 0.62).abs() < 1e-12 && (high - 1.0).abs() < 1e-12);
        for (r, possible) in [(low - 1e-6, false), (low + 1e-6, true), (high - 1e-6, true)] {
            let again = GaussianCopula::new(3, &[(0, 1, 0.9), (0, 2, 0.9), (1, 2, r)]);
            assert_eq!(again.is_ok(), possible, "{r}");
        }
    }

    #[test]
    fn a_copy_cannot_go_its_own_way() {
        let error = GaussianCopula::new(3, &[(0, 1, 1.0), (0, 2, 0.5), (1, 2, 0.4)]);
        let (low, high) = (0.5, 0.5);
        let expected = CorrelationError::Impossible {
            first: 1,
            second: 2,
            value: 0.4,
            low,
            high,
        };
        assert_eq!(error, Err(expected));
    }

    #[test]
    fn invalid_pairs_are_refused() {
        let of = |pairs: &[(usize, usize, f64)]| GaussianCopula::new(2, pairs);
        assert_eq!(
            of(&[(1, 1, 1.0)]),
            Err(CorrelationError::NoPair {
                first: 1,
                second: 1,
                dimension: 2
            })
        );
        assert_eq!(
            of(&[(0, 2, 0.1)]),
            Err(CorrelationError::NoPair {
                first: 0,
                second: 2,
                dimension: 2
            })
        );
        assert_eq!(
            of(&[(0, 1, 0.1), (1, 0, 0.1)]),
            Err(CorrelationError::Repeated {
                first: 0,
                second: 1
            })
        );
        assert_eq!(
            of(&[(1, 0, 1.5)]),
            Err(CorrelationError::Outside {
                first: 0,
                second: 1,
                value: 1.5
            })
        );
        assert!(matches!(
            of(&[(0, 1, f64::NAN)]),
            Err(CorrelationError::Outside { .. })
        ));
    }

    proptest! {
        #[test]
        fn matrices_made_from_loadings_are_accepted(
            loadings in prop::collection::vec(prop::array::uniform3(-1.0_f64..1.0), 2..6)
        ) {
            let unit = |l: &[f64; 3]| {
                let length = (l[0] * l[0] + l[1] * l[1] + l[2] * l[2]).sqrt().max(1e-3);
                l.map(|x| x / length)
            };
            let dot = |a: [f64; 3], b: [f64; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
            let mut pairs = Vec::new();
            for (second, b) in loadings.iter().enumerate() {
                for (first, a) in loadings[..second].iter().enumerate() {
                    pairs.push((first, second, 0.999 * dot(unit(a), unit(b))));
                }
            }
            let correlation = GaussianCopula::new(loadings.len(), &pairs);
            prop_assert!(correlation.is_ok(), "{correlation:?}");
            if let Ok(correlation) = correlation {
                for (first, second, value) in pairs {
                    prop_assert!((product(&correlation, first, second) - value).abs() < 1e-9);
                }
            }
        }
    }
}
