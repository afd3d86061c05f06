//! Covariance matrices as their Cholesky factors.

/// Ridges that are tried, in units of the variances, until a matrix has a factor.
const RIDGES: [f64; 6] = [0.0, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2];
/// Least pivot, in units of the variance, that is no rounding.
const LEAST_PIVOT: f64 = 1e-12;

/// A symmetric matrix as its lower triangle, row after row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Symmetric {
    pub(crate) dimension: usize,
    pub(crate) lower: Vec<f64>,
}

/// Where a row of a packed triangle starts.
fn start(row: usize) -> usize {
    row * (row + 1) / 2
}

impl Symmetric {
    /// Makes a matrix of the entries below and on the diagonal.
    pub(crate) fn from(dimension: usize, entry: impl Fn(usize, usize) -> f64) -> Symmetric {
        let mut lower = Vec::with_capacity(start(dimension));
        for row in 0..dimension {
            for column in 0..=row {
                lower.push(entry(row, column));
            }
        }
        Symmetric { dimension, lower }
    }

    /// The entry of a row and a column.
    pub(crate) fn entry(&self, one: usize, other: usize) -> f64 {
        self.lower[start(one.max(other)) + one.min(other)]
    }

    /// The Cholesky factor, with a ridge where the matrix is singular; variances below `floors` are
    /// taken to be these, which are above 0.
    pub(crate) fn factor(&self, floors: &[f64]) -> Factor {
        let roots: Vec<f64> = (0..self.dimension)
            .map(|row| {
                let variance = self.entry(row, row);
                let kept = if variance > floors[row] {
                    variance
                } else {
                    floors[row]
                };
                kept.sqrt()
            })
            .collect();
        let found = RIDGES
            .iter()
            .find_map(|ridge| self.cholesky(&roots, *ridge));
        let mut rows = found.unwrap_or_else(|| {
            Symmetric::from(self.dimension, |row, column| {
                f64::from(u8::from(row == column))
            })
            .lower
        });
        let mut ln_determinant = 0.0;
        for row in 0..self.dimension {
            for column in 0..=row {
                rows[start(row) + column] *= roots[row];
            }
            ln_determinant += crate::math::functions::ln(rows[start(row) + row]);
        }
        Factor {
            rows,
            ln_determinant,
        }
    }

    /// The factor of the matrix in units of `roots` with a ridge; `None` where it has none.
    fn cholesky(&self, roots: &[f64], ridge: f64) -> Option<Vec<f64>> {
        let mut rows = Vec::with_capacity(self.lower.len());
        for row in 0..self.dimension {
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
                    let entry = self.entry(row, column) / (roots[row] * roots[column]);
                    rows.push((entry - known) / rows[start(column) + column]);
                }
            }
        }
        Some(rows)
    }
}

/// A lower Cholesky factor L of a matrix L Lᵀ.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Factor {
    rows: Vec<f64>,
    /// Logarithm of the determinant of L.
    pub(crate) ln_determinant: f64,
}

impl Factor {
    /// L z, row by row.
    pub(crate) fn apply(&self, z: &[f64]) -> Vec<f64> {
        (0..z.len())
            .map(|row| dot(&self.rows[start(row)..=start(row) + row], z))
            .collect()
    }

    /// The solution x of L x = y.
    pub(crate) fn solve_lower(&self, y: &[f64]) -> Vec<f64> {
        let mut x = Vec::with_capacity(y.len());
        for row in 0..y.len() {
            let known = dot(&self.rows[start(row)..start(row) + row], &x);
            x.push((y[row] - known) / self.rows[start(row) + row]);
        }
        x
    }

    /// The solution x of L Lᵀ x = y.
    pub(crate) fn solve(&self, y: &[f64]) -> Vec<f64> {
        let mut x = self.solve_lower(y);
        for row in (0..x.len()).rev() {
            let known: f64 = (row + 1..x.len())
                .map(|later| self.rows[start(later) + row] * x[later])
                .sum();
            x[row] = (x[row] - known) / self.rows[start(row) + row];
        }
        x
    }

    /// The square of the distance of y from 0 in the matrix's own units: |L⁻¹ y|².
    pub(crate) fn square(&self, y: &[f64], scratch: &mut Vec<f64>) -> f64 {
        scratch.clear();
        let mut sum = 0.0;
        for row in 0..y.len() {
            let known = dot(&self.rows[start(row)..start(row) + row], scratch);
            let value = (y[row] - known) / self.rows[start(row) + row];
            sum += value * value;
            scratch.push(value);
        }
        sum
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Symmetric {
        let entries = [[4.0, 2.0, 0.6], [2.0, 5.0, 1.0], [0.6, 1.0, 3.0]];
        Symmetric::from(3, |row, column| entries[row][column])
    }

    #[test]
    fn a_factor_times_itself_is_the_matrix() {
        let (matrix, floors) = (example(), [1e-12; 3]);
        let factor = matrix.factor(&floors);
        let columns: Vec<Vec<f64>> = (0..3)
            .map(|k| factor.apply(&[0, 1, 2].map(|row| f64::from(u8::from(row == k)))))
            .collect();
        for row in 0..3 {
            for column in 0..3 {
                let product: f64 = columns.iter().map(|c| c[row] * c[column]).sum();
                assert!((product - matrix.entry(row, column)).abs() < 1e-14);
            }
        }
        let determinant = 4.0 * (15.0 - 1.0) - 2.0 * (6.0 - 0.6) + 0.6 * (2.0 - 3.0);
        let found = crate::math::functions::exp(2.0 * factor.ln_determinant);
        assert!((found - determinant).abs() < 1e-12);
    }

    #[test]
    fn solutions_solve() {
        let (matrix, y) = (example(), [1.0, -2.0, 0.5]);
        let factor = matrix.factor(&[1e-12; 3]);
        let x = factor.solve(&y);
        for row in 0..3 {
            let back: f64 = (0..3).map(|k| matrix.entry(row, k) * x[k]).sum();
            assert!((back - y[row]).abs() < 1e-14);
        }
        let square: f64 = x.iter().zip(y).map(|(x, y)| x * y).sum();
        assert!((factor.square(&y, &mut Vec::new()) - square).abs() < 1e-14);
    }

    #[test]
    fn a_singular_matrix_has_a_factor_near_it() {
        let matrix = Symmetric::from(2, |_, _| 1.0);
        let moved = matrix.factor(&[1e-12; 2]).apply(&[1.0, 0.0]);
        assert!((moved[0] - 1.0).abs() < 1e-4 && (moved[1] - 1.0).abs() < 1e-4);
        let nothing = Symmetric::from(2, |_, _| 0.0).factor(&[4.0, 9.0]);
        assert_eq!(nothing.apply(&[1.0, 1.0]), [2.0, 3.0]);
        let nonsense = Symmetric::from(2, |_, _| f64::NAN).factor(&[4.0, 9.0]);
        assert_eq!(nonsense.apply(&[1.0, 1.0]), [2.0, 3.0]);
    }
}
