//! Small dense linear algebra: symmetric matrices and their Cholesky factors.
//!
//! There are three factorisations, because results rest on the rounding of each: regressions
//! eliminate column by column and may stop early ([`Cholesky::new`]), covariances go row by row, with
//! a ridge where they are singular ([`Cholesky::of_covariance`]), and correlations go row by row and
//! subtract each square on its own, which tells the entry that contradicts the ones before it
//! ([`Cholesky::of_correlations`]). What follows from a factor is shared.

use super::functions::ln;

/// Share of a column's square below which what the columns before it leave of it is rounding.
const COLLINEAR: f64 = 1e-12;
/// Ridges that are tried, in units of the variances, until a covariance has a factor.
const RIDGES: [f64; 6] = [0.0, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2];
/// Least pivot of a covariance, in units of the variance, that is not rounding.
const LEAST_PIVOT: f64 = 1e-12;
/// How far below 0 what is left of a variance of 1 may fall and still count as 0.
const TOLERANCE: f64 = 1e-12;

/// A symmetric matrix, stored as its lower triangle, row after row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SymmetricMatrix {
    size: usize,
    lower: Vec<f64>,
}

/// Where a row of a packed triangle starts.
fn start(row: usize) -> usize {
    row * (row + 1) / 2
}

fn place(row: usize, column: usize) -> usize {
    let (row, column) = (row.max(column), row.min(column));
    start(row) + column
}

impl SymmetricMatrix {
    /// The matrix of zeros.
    pub(crate) fn zero(size: usize) -> SymmetricMatrix {
        SymmetricMatrix {
            size,
            lower: vec![0.0; start(size)],
        }
    }

    /// The matrix with ones on its diagonal and zeros elsewhere.
    pub(crate) fn identity(size: usize) -> SymmetricMatrix {
        SymmetricMatrix::from_fn(size, |row, column| f64::from(u8::from(row == column)))
    }

    /// The matrix of the entries below and on the diagonal.
    pub(crate) fn from_fn(size: usize, entry: impl Fn(usize, usize) -> f64) -> SymmetricMatrix {
        let mut lower = Vec::with_capacity(start(size));
        for row in 0..size {
            lower.extend((0..=row).map(|column| entry(row, column)));
        }
        SymmetricMatrix { size, lower }
    }

    /// Number of rows.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    /// An entry; the order of row and column does not matter.
    pub(crate) fn at(&self, row: usize, column: usize) -> f64 {
        self.lower[place(row, column)]
    }

    /// Sets an entry and its mirror image.
    pub(crate) fn set(&mut self, row: usize, column: usize, value: f64) {
        self.lower[place(row, column)] = value;
    }

    /// Adds a multiple of the product of a vector with itself.
    pub(crate) fn add_square(&mut self, vector: &[f64], weight: f64) {
        let mut at = 0;
        for (row, x) in vector.iter().enumerate() {
            let scaled = weight * x;
            for y in &vector[..=row] {
                self.lower[at] += scaled * y;
                at += 1;
            }
        }
    }

    /// Adds a multiple of another matrix of the same size.
    pub(crate) fn add(&mut self, other: &SymmetricMatrix, weight: f64) {
        for (sum, x) in self.lower.iter_mut().zip(&other.lower) {
            *sum += weight * x;
        }
    }

    /// Multiplies every entry.
    pub(crate) fn scale(&mut self, by: f64) {
        self.lower.iter_mut().for_each(|x| *x *= by);
    }

    /// Whether every entry is a finite number.
    pub(crate) fn is_finite(&self) -> bool {
        self.lower.iter().all(|x| x.is_finite())
    }

    /// The product with a vector.
    pub(crate) fn times(&self, vector: &[f64]) -> Vec<f64> {
        let row = |row: usize| {
            let terms = vector.iter().enumerate();
            terms.map(|(column, x)| self.at(row, column) * x).sum()
        };
        (0..self.size).map(row).collect()
    }

    /// The quadratic form of a vector.
    pub(crate) fn form(&self, vector: &[f64]) -> f64 {
        dot(&self.times(vector), vector)
    }

    /// The entries of a row up to the diagonal.
    fn row(&self, row: usize) -> &[f64] {
        &self.lower[start(row)..start(row + 1)]
    }
}

/// A pair of variables whose correlation contradicts the ones before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ContradictoryPair {
    /// The lower variable, from 0.
    pub(crate) first: usize,
    /// The higher variable.
    pub(crate) second: usize,
    /// Their correlation.
    pub(crate) value: f64,
    /// Lowest correlation possible, given the ones before it.
    pub(crate) low: f64,
    /// Highest such correlation.
    pub(crate) high: f64,
}

/// The lower triangle L of a matrix L Lᵀ, or of its first rows with the rest below them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cholesky {
    lower: SymmetricMatrix,
    eliminated: usize,
}

impl Cholesky {
    /// Eliminates the first `count` rows; what stays in the others is their Schur complement.
    ///
    /// None where a row is, but for rounding, made of those before it, and where anything is not a
    /// finite number.
    pub(crate) fn new(matrix: &SymmetricMatrix, count: usize) -> Option<Cholesky> {
        let size = matrix.size();
        let mut lower = matrix.clone();
        for pivot in 0..count {
            let left = lower.at(pivot, pivot);
            if !(left > COLLINEAR * matrix.at(pivot, pivot) && left.is_finite()) {
                return None;
            }
            let root = left.sqrt();
            lower.set(pivot, pivot, root);
            for row in pivot + 1..size {
                lower.set(row, pivot, lower.at(row, pivot) / root);
            }
            for row in pivot + 1..size {
                let scale = lower.at(row, pivot);
                for column in pivot + 1..=row {
                    let rest = lower.at(row, column) - scale * lower.at(column, pivot);
                    lower.set(row, column, rest);
                }
            }
        }
        Some(Cholesky {
            lower,
            eliminated: count,
        })
    }

    /// The factor of a covariance matrix, with a ridge where the matrix is singular; variances below
    /// `floors`, which are above 0, are replaced by these.
    ///
    /// A matrix that has no factor with any ridge, as one with a NaN, is replaced by its variances.
    pub(crate) fn of_covariance(matrix: &SymmetricMatrix, floors: &[f64]) -> Cholesky {
        let size = matrix.size();
        let root = |row: usize| {
            let (variance, floor) = (matrix.at(row, row), floors[row]);
            let kept = if variance > floor { variance } else { floor };
            kept.sqrt()
        };
        let roots: Vec<f64> = (0..size).map(root).collect();
        let mut ridges = RIDGES.iter();
        let found = ridges.find_map(|ridge| scaled_factor(matrix, &roots, *ridge));
        let mut lower = found.unwrap_or_else(|| SymmetricMatrix::identity(size));
        for row in 0..size {
            for entry in &mut lower.lower[start(row)..start(row + 1)] {
                *entry *= roots[row];
            }
        }
        Cholesky {
            lower,
            eliminated: size,
        }
    }

    /// The factor of a matrix of correlations; those of variables that others determine have a 0 on
    /// the diagonal.
    ///
    /// # Errors
    /// The first pair, row by row, that contradicts the ones before it.
    pub(crate) fn of_correlations(
        mut matrix: SymmetricMatrix,
    ) -> Result<Cholesky, ContradictoryPair> {
        let size = matrix.size();
        for row in 0..size {
            correlation_row(&mut matrix, row)?;
        }
        Ok(Cholesky {
            lower: matrix,
            eliminated: size,
        })
    }

    /// The entries of a row up to the diagonal.
    pub(crate) fn row(&self, row: usize) -> &[f64] {
        self.lower.row(row)
    }

    /// The logarithm of the determinant of L, of the eliminated rows.
    pub(crate) fn half_log_determinant(&self) -> f64 {
        let diagonal = (0..self.eliminated).map(|row| ln(self.lower.at(row, row)));
        diagonal.sum()
    }

    /// The logarithm of the determinant of L Lᵀ, of the eliminated rows.
    pub(crate) fn log_determinant(&self) -> f64 {
        2.0 * self.half_log_determinant()
    }

    /// What the elimination has left of an entry of the other rows.
    pub(crate) fn left(&self, row: usize, column: usize) -> f64 {
        self.lower.at(row, column)
    }

    /// The coefficients of the eliminated rows that make a later row.
    pub(crate) fn coefficients(&self, later: usize) -> Vec<f64> {
        self.back(self.row(later)[..self.eliminated].to_vec())
    }

    /// The inverse of the leading block.
    pub(crate) fn inverse(&self) -> SymmetricMatrix {
        let mut inverse = SymmetricMatrix::zero(self.eliminated);
        for unit in 0..self.eliminated {
            let mut right = vec![0.0; self.eliminated];
            right[unit] = 1.0;
            let solved = self.solve(right);
            for (row, x) in solved.iter().enumerate().skip(unit) {
                inverse.set(row, unit, *x);
            }
        }
        inverse
    }

    /// L z.
    pub(crate) fn apply(&self, z: &[f64]) -> Vec<f64> {
        (0..z.len()).map(|row| dot(self.row(row), z)).collect()
    }

    /// The solution x of L Lᵀ x = y, of the eliminated rows.
    pub(crate) fn solve(&self, y: Vec<f64>) -> Vec<f64> {
        self.back(self.forward(y))
    }

    /// The square of the length of L⁻¹ y: the squared distance of y from 0 in units of the matrix.
    pub(crate) fn square(&self, y: &[f64], scratch: &mut Vec<f64>) -> f64 {
        scratch.clear();
        let mut sum = 0.0;
        for (row, y) in y.iter().enumerate() {
            let own = self.row(row);
            let value = (y - dot(&own[..row], scratch)) / own[row];
            sum += value * value;
            scratch.push(value);
        }
        sum
    }

    /// The solution x of L x = y.
    fn forward(&self, mut right: Vec<f64>) -> Vec<f64> {
        for row in 0..self.eliminated {
            let own = self.row(row);
            right[row] = (right[row] - dot(&own[..row], &right)) / own[row];
        }
        right
    }

    /// The solution x of Lᵀ x = y.
    fn back(&self, mut right: Vec<f64>) -> Vec<f64> {
        for row in (0..self.eliminated).rev() {
            let later = row + 1..self.eliminated;
            let known: f64 = later.map(|c| self.lower.at(c, row) * right[c]).sum();
            right[row] = (right[row] - known) / self.lower.at(row, row);
        }
        right
    }
}

/// The factor of a matrix in units of `roots` with a ridge; none where it has none.
fn scaled_factor(matrix: &SymmetricMatrix, roots: &[f64], ridge: f64) -> Option<SymmetricMatrix> {
    let size = matrix.size();
    let mut rows = Vec::with_capacity(start(size));
    for row in 0..size {
        for column in 0..=row {
            let known: f64 = (0..column)
                .map(|k| rows[start(row) + k] * rows[start(column) + k])
                .sum();
            if row == column {
                let pivot = 1.0 + ridge - known;
                if pivot.is_nan() || pivot < LEAST_PIVOT {
                    return None;
                }
                rows.push(pivot.sqrt());
            } else {
                let entry = matrix.at(row, column) / (roots[row] * roots[column]);
                rows.push((entry - known) / rows[start(column) + column]);
            }
        }
    }
    Some(SymmetricMatrix { size, lower: rows })
}

/// Replaces one row of a matrix of correlations by that of the factor; the rows before it are done.
///
/// With the variables before `column` held fixed, the pair (column, row) has the interval
/// `explained` ± pivot × √freedom: outside it, no matrix with these neighbours exists.
fn correlation_row(matrix: &mut SymmetricMatrix, row: usize) -> Result<(), ContradictoryPair> {
    let (done, rest) = matrix.lower.split_at_mut(start(row));
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
            return Err(ContradictoryPair {
                first: column,
                second: row,
                value,
                low: explained - reach,
                high: explained + reach,
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

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::functions::exp;

    /// The cross products of four vectors, the last of which is 2 of the first minus the third.
    fn products() -> SymmetricMatrix {
        let vectors: [[f64; 4]; 3] = [
            [1.0, 2.0, -1.0, 3.0],
            [1.0, -1.0, 4.0, -2.0],
            [1.0, 0.5, 2.0, 0.0],
        ];
        let mut matrix = SymmetricMatrix::zero(4);
        vectors
            .iter()
            .for_each(|vector| matrix.add_square(vector, 1.0));
        matrix
    }

    #[test]
    fn the_inverse_times_the_matrix_is_the_identity() {
        let matrix = products();
        let inverse = Cholesky::new(&matrix, 3)
            .expect("independent columns")
            .inverse();
        for row in 0..3 {
            for column in 0..3 {
                let entry: f64 = (0..3)
                    .map(|k| matrix.at(row, k) * inverse.at(k, column))
                    .sum();
                let expected = f64::from(u8::from(row == column));
                assert!((entry - expected).abs() < 1e-12, "{row} {column}: {entry}");
            }
        }
    }

    #[test]
    fn a_dependent_row_has_exact_coefficients_and_no_remainder() {
        let factor = Cholesky::new(&products(), 3).expect("independent columns");
        for (found, expected) in factor.coefficients(3).iter().zip([2.0, 0.0, -1.0]) {
            assert!((found - expected).abs() < 1e-12, "{found}");
        }
        assert!(factor.left(3, 3).abs() < 1e-12);
        assert!(Cholesky::new(&products(), 4).is_none());
    }

    #[test]
    fn the_determinant_is_that_of_the_closed_form() {
        let mut matrix = SymmetricMatrix::zero(2);
        matrix.add_square(&[3.0, 1.0], 1.0);
        matrix.add_square(&[0.0, 2.0], 0.5);
        let factor = Cholesky::new(&matrix, 2).expect("a positive matrix");
        assert!((factor.log_determinant() - ln(9.0 * 3.0 - 9.0)).abs() < 1e-14);
        assert_eq!(matrix.form(&[1.0, -1.0]), 9.0 - 2.0 * 3.0 + 3.0);
    }

    #[test]
    fn a_pivot_that_is_nan_infinite_or_zero_is_refused() {
        let mut matrix = SymmetricMatrix::zero(1);
        matrix.set(0, 0, f64::NAN);
        assert!(Cholesky::new(&matrix, 1).is_none());
        matrix.set(0, 0, f64::INFINITY);
        assert!(Cholesky::new(&matrix, 1).is_none());
        assert!(Cholesky::new(&SymmetricMatrix::zero(1), 1).is_none());
    }

    fn example() -> SymmetricMatrix {
        let entries = [[4.0, 2.0, 0.6], [2.0, 5.0, 1.0], [0.6, 1.0, 3.0]];
        SymmetricMatrix::from_fn(3, |row, column| entries[row][column])
    }

    #[test]
    fn the_factor_of_a_covariance_times_its_transpose_is_the_covariance() {
        let (matrix, floors) = (example(), [1e-12; 3]);
        let factor = Cholesky::of_covariance(&matrix, &floors);
        let columns: Vec<Vec<f64>> = (0..3)
            .map(|k| factor.apply(&[0, 1, 2].map(|row| f64::from(u8::from(row == k)))))
            .collect();
        for row in 0..3 {
            for column in 0..3 {
                let product: f64 = columns.iter().map(|c| c[row] * c[column]).sum();
                assert!((product - matrix.at(row, column)).abs() < 1e-14);
            }
        }
        let determinant = 4.0 * (15.0 - 1.0) - 2.0 * (6.0 - 0.6) + 0.6 * (2.0 - 3.0);
        let found = exp(2.0 * factor.half_log_determinant());
        assert!((found - determinant).abs() < 1e-12);
    }

    #[test]
    fn a_solution_times_the_matrix_is_the_right_side() {
        let (matrix, y) = (example(), [1.0, -2.0, 0.5]);
        let factor = Cholesky::of_covariance(&matrix, &[1e-12; 3]);
        let x = factor.solve(y.to_vec());
        for row in 0..3 {
            let back: f64 = (0..3).map(|k| matrix.at(row, k) * x[k]).sum();
            assert!((back - y[row]).abs() < 1e-14);
        }
        let square: f64 = x.iter().zip(y).map(|(x, y)| x * y).sum();
        assert!((factor.square(&y, &mut Vec::new()) - square).abs() < 1e-14);
    }

    #[test]
    fn a_singular_covariance_has_the_factor_of_a_near_one() {
        let matrix = SymmetricMatrix::from_fn(2, |_, _| 1.0);
        let moved = Cholesky::of_covariance(&matrix, &[1e-12; 2]).apply(&[1.0, 0.0]);
        assert!((moved[0] - 1.0).abs() < 1e-4 && (moved[1] - 1.0).abs() < 1e-4);
        let nothing = Cholesky::of_covariance(&SymmetricMatrix::zero(2), &[4.0, 9.0]);
        assert_eq!(nothing.apply(&[1.0, 1.0]), [2.0, 3.0]);
        let nonsense =
            Cholesky::of_covariance(&SymmetricMatrix::from_fn(2, |_, _| f64::NAN), &[4.0, 9.0]);
        assert_eq!(nonsense.apply(&[1.0, 1.0]), [2.0, 3.0]);
    }
}
