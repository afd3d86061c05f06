//! Correlations of standard normal scores: how independent draws become traits that go together.
//!
//! The matrix is given pair by pair and kept as its Cholesky factor, so that what is impossible is
//! found once, with the pair to blame, and applying it is a triangular sum in a fixed order.

#[cfg(test)]
mod tests;

use crate::simd::vector::Vector;
use thiserror::Error;

/// How far below 0 a variance may fall and still be 0.
const TOLERANCE: f64 = 1e-12;

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
        let mut factor = lower_triangle(dimension, pairs)?;
        for row in 0..dimension {
            factor_row(&mut factor, row)?;
        }
        Ok(Correlation::of(dimension, &factor))
    }

    /// Keeps what is not 0 of a factor, given as a packed triangle.
    fn of(dimension: usize, factor: &[f64]) -> Correlation {
        let (mut weights, mut starts) = (Vec::new(), Vec::new());
        for row in 0..dimension {
            starts.push(weights.len());
            let all = factor[start(row)..start(row + 1)].iter().copied();
            weights.extend(all.enumerate().filter(|(_, weight)| *weight != 0.0));
        }
        Correlation {
            dimension,
            weights,
            starts,
        }
    }

    /// No correlation at all between `dimension` variables.
    pub fn none(dimension: usize) -> Correlation {
        Correlation::of(dimension, &unit_triangle(dimension))
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

/// Where a row of the packed triangle starts.
fn start(row: usize) -> usize {
    row * (row + 1) / 2
}

/// The packed triangle with ones on its diagonal.
fn unit_triangle(dimension: usize) -> Vec<f64> {
    let rows = (0..dimension).flat_map(|row| (0..=row).map(move |column| (row, column)));
    rows.map(|(row, column)| f64::from(u8::from(row == column)))
        .collect()
}

fn lower_triangle(
    dimension: usize,
    pairs: &[(usize, usize, f64)],
) -> Result<Vec<f64>, CorrelationError> {
    let mut matrix = unit_triangle(dimension);
    let mut given = vec![false; matrix.len()];
    for &(one, other, value) in pairs {
        let (first, second) = (one.min(other), one.max(other));
        if first == second || second >= dimension {
            return Err(CorrelationError::NoPair {
                first: one,
                second: other,
                dimension,
            });
        }
        let place = start(second) + first;
        if given[place] {
            return Err(CorrelationError::Repeated { first, second });
        }
        if !(-1.0..=1.0).contains(&value) {
            return Err(CorrelationError::Outside {
                first,
                second,
                value,
            });
        }
        given[place] = true;
        matrix[place] = value;
    }
    Ok(matrix)
}

/// Replaces one row of the matrix by that of the factor; the rows before it are done.
///
/// With the variables before `column` held fixed, the pair (column, row) has the interval
/// `explained` ± pivot × free: outside it, no matrix with these neighbours exists.
fn factor_row(factor: &mut [f64], row: usize) -> Result<(), CorrelationError> {
    let (done, rest) = factor.split_at_mut(start(row));
    let mut freedom = 1.0;
    for column in 0..row {
        let before = &done[start(column)..start(column + 1)];
        let explained = before[..column]
            .iter()
            .zip(&*rest)
            .fold(0.0, |sum, (l, y)| sum + l * y);
        let (pivot, value) = (before[column], rest[column]);
        let reach = pivot * f64::max(freedom, 0.0).sqrt();
        let left = value - explained;
        let step = if pivot > 0.0 { left / pivot } else { 0.0 };
        let fits = if pivot > 0.0 {
            freedom - step * step >= -TOLERANCE
        } else {
            left.abs() <= TOLERANCE
        };
        if !fits {
            let (low, high) = (explained - reach, explained + reach);
            return Err(CorrelationError::Impossible {
                first: column,
                second: row,
                value,
                low,
                high,
            });
        }
        freedom -= step * step;
        rest[column] = step;
    }
    rest[row] = if freedom > TOLERANCE {
        freedom.sqrt()
    } else {
        0.0
    };
    Ok(())
}
