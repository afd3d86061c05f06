//! Symmetric matrices of cross products, and Cholesky's elimination of them.
//!
//! They are small: a row for each coefficient of a regression and one for its output.

use crate::math::functions::ln;

/// Share of a column's square below which what the columns before it leave of it is rounding.
const COLLINEAR: f64 = 1e-12;

/// A symmetric matrix; only its lower triangle is kept.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Symmetric {
    size: usize,
    lower: Vec<f64>,
}

fn place(row: usize, column: usize) -> usize {
    let (row, column) = (row.max(column), row.min(column));
    row * (row + 1) / 2 + column
}

impl Symmetric {
    /// The matrix of zeros.
    pub(crate) fn zero(size: usize) -> Symmetric {
        Symmetric {
            size,
            lower: vec![0.0; size * (size + 1) / 2],
        }
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
    pub(crate) fn add(&mut self, other: &Symmetric, weight: f64) {
        for (sum, x) in self.lower.iter_mut().zip(&other.lower) {
            *sum += weight * x;
        }
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
        self.times(vector)
            .iter()
            .zip(vector)
            .map(|(x, y)| x * y)
            .sum()
    }
}

/// The lower triangle L of LL′, of the first rows of a matrix and the rest below them.
#[derive(Clone, Debug)]
pub(crate) struct Factor {
    lower: Symmetric,
    eliminated: usize,
}

impl Factor {
    /// Eliminates the first `count` rows; what stays in the others is their Schur complement.
    ///
    /// None where a row is, but for rounding, made of those before it, and where anything is not a
    /// finite number.
    pub(crate) fn new(matrix: &Symmetric, count: usize) -> Option<Factor> {
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
        Some(Factor {
            lower,
            eliminated: count,
        })
    }

    /// Twice the sum of the logarithms of the diagonal: the log-determinant of the eliminated rows.
    pub(crate) fn log_determinant(&self) -> f64 {
        let diagonal = (0..self.eliminated).map(|row| ln(self.lower.at(row, row)));
        2.0 * diagonal.sum::<f64>()
    }

    /// What the elimination has left of an entry of the other rows.
    pub(crate) fn left(&self, row: usize, column: usize) -> f64 {
        self.lower.at(row, column)
    }

    /// The coefficients of the eliminated rows that make a later row.
    pub(crate) fn coefficients(&self, later: usize) -> Vec<f64> {
        let right = (0..self.eliminated).map(|column| self.lower.at(later, column));
        self.back(right.collect())
    }

    /// The inverse of the eliminated rows.
    pub(crate) fn inverse(&self) -> Symmetric {
        let mut inverse = Symmetric::zero(self.eliminated);
        for unit in 0..self.eliminated {
            let mut right = vec![0.0; self.eliminated];
            right[unit] = 1.0;
            let solved = self.back(self.forward(right));
            for (row, x) in solved.iter().enumerate().skip(unit) {
                inverse.set(row, unit, *x);
            }
        }
        inverse
    }

    fn forward(&self, mut right: Vec<f64>) -> Vec<f64> {
        for row in 0..self.eliminated {
            let known: f64 = (0..row).map(|c| self.lower.at(row, c) * right[c]).sum();
            right[row] = (right[row] - known) / self.lower.at(row, row);
        }
        right
    }

    fn back(&self, mut right: Vec<f64>) -> Vec<f64> {
        for row in (0..self.eliminated).rev() {
            let later = row + 1..self.eliminated;
            let known: f64 = later.map(|c| self.lower.at(c, row) * right[c]).sum();
            right[row] = (right[row] - known) / self.lower.at(row, row);
        }
        right
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cross products of four vectors, the last of which is 2 of the first minus the third.
    fn products() -> Symmetric {
        let vectors: [[f64; 4]; 3] = [
            [1.0, 2.0, -1.0, 3.0],
            [1.0, -1.0, 4.0, -2.0],
            [1.0, 0.5, 2.0, 0.0],
        ];
        let mut matrix = Symmetric::zero(4);
        vectors
            .iter()
            .for_each(|vector| matrix.add_square(vector, 1.0));
        matrix
    }

    #[test]
    fn the_inverse_undoes_the_matrix() {
        let matrix = products();
        let inverse = Factor::new(&matrix, 3)
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
    fn a_row_made_of_others_is_solved_exactly_and_leaves_nothing() {
        let factor = Factor::new(&products(), 3).expect("independent columns");
        for (found, expected) in factor.coefficients(3).iter().zip([2.0, 0.0, -1.0]) {
            assert!((found - expected).abs() < 1e-12, "{found}");
        }
        assert!(factor.left(3, 3).abs() < 1e-12);
        assert!(Factor::new(&products(), 4).is_none());
    }

    #[test]
    fn the_determinant_is_that_of_the_closed_form() {
        let mut matrix = Symmetric::zero(2);
        matrix.add_square(&[3.0, 1.0], 1.0);
        matrix.add_square(&[0.0, 2.0], 0.5);
        let factor = Factor::new(&matrix, 2).expect("a positive matrix");
        assert!((factor.log_determinant() - ln(9.0 * 3.0 - 9.0)).abs() < 1e-14);
        assert_eq!(matrix.form(&[1.0, -1.0]), 9.0 - 2.0 * 3.0 + 3.0);
    }

    #[test]
    fn what_is_not_a_number_is_not_eliminated() {
        let mut matrix = Symmetric::zero(1);
        matrix.set(0, 0, f64::NAN);
        assert!(Factor::new(&matrix, 1).is_none());
        matrix.set(0, 0, f64::INFINITY);
        assert!(Factor::new(&matrix, 1).is_none());
        assert!(Factor::new(&Symmetric::zero(1), 1).is_none());
    }
}
