//! Ordinary least squares by Householder reflections, for columns that are already centred.

use super::resampling::{deviation, is_constant, mean};
use super::{SensitivityFault, estimate};

/// Share of a column's length below which what the earlier columns leave of it is rounding.
const COLLINEAR: f64 = 1e-10;

/// Coefficients with their standard errors.
pub(crate) struct Fit {
    pub(crate) coefficients: Vec<f64>,
    pub(crate) errors: Vec<f64>,
    /// Share of the sum of squares that the fit explains.
    pub(crate) r_squared: f64,
    /// Degrees of freedom of the residuals: rows − columns − 1, one being spent on the centring.
    pub(crate) dof: f64,
}

/// The rows of a sample whose output and inputs are all finite.
pub(crate) struct Sample {
    pub(crate) columns: Vec<Vec<f64>>,
    pub(crate) output: Vec<f64>,
    pub(crate) dropped: usize,
}

impl Sample {
    /// Takes one column of values for each axis and the outputs, drops rows with missing values, and
    /// checks that `spare` rows more than axes are left and that each axis varies.
    pub(crate) fn new(
        columns: &[Vec<f64>],
        output: &[f64],
        spare: usize,
    ) -> Result<Sample, SensitivityFault> {
        if columns.is_empty() {
            return Err(SensitivityFault::NoAxis);
        }
        let unit = output.len();
        if let Some(column) = columns.iter().find(|column| column.len() != unit) {
            return Err(SensitivityFault::Length {
                found: column.len(),
                unit,
            });
        }
        let whole = |row: &usize| {
            output[*row].is_finite() && columns.iter().all(|column| column[*row].is_finite())
        };
        let rows: Vec<usize> = (0..unit).filter(whole).collect();
        let needed = columns.len() + spare;
        if rows.len() < needed {
            return Err(SensitivityFault::TooFewRows {
                usable: rows.len(),
                needed,
            });
        }
        let kept = |column: &[f64]| -> Vec<f64> { rows.iter().map(|row| column[*row]).collect() };
        let columns: Vec<Vec<f64>> = columns.iter().map(|column| kept(column)).collect();
        match columns.iter().position(|column| is_constant(column)) {
            Some(axis) => Err(SensitivityFault::ConstantAxis { axis }),
            None => Ok(Sample {
                columns,
                output: kept(output),
                dropped: unit - rows.len(),
            }),
        }
    }

    /// Rows left.
    pub(crate) fn rows(&self) -> u64 {
        self.output.len() as u64
    }

    /// Whether the output does not vary.
    pub(crate) fn is_constant(&self) -> bool {
        is_constant(&self.output)
    }

    /// One constant estimate for each axis.
    pub(crate) fn nothing(&self) -> Vec<estimate::Estimate> {
        vec![estimate::Estimate::CONSTANT; self.columns.len()]
    }

    /// Fits the standardised output by the standardised columns.
    pub(crate) fn standardised_fit(&self) -> Result<Fit, SensitivityFault> {
        let columns = self
            .columns
            .iter()
            .map(|column| standardise(column))
            .collect();
        fit(columns, standardise(&self.output))
    }
}

/// Shifts to mean 0 and scales to standard deviation 1 (n − 1).
fn standardise(values: &[f64]) -> Vec<f64> {
    let (centre, spread) = (mean(values), deviation(values));
    values.iter().map(|x| (x - centre) / spread).collect()
}

/// Fits centred outputs by centred columns, more rows than columns + 1.
fn fit(mut columns: Vec<Vec<f64>>, mut output: Vec<f64>) -> Result<Fit, SensitivityFault> {
    let (rows, count) = (output.len(), columns.len());
    let whole = dot(&output, &output);
    let mut diagonal = vec![0.0; count];
    for axis in 0..count {
        let length = dot(&columns[axis], &columns[axis]).sqrt();
        let (_, rest) = columns.split_at_mut(axis);
        let (own, later) = rest
            .split_first_mut()
            .expect("the axis is one of the columns");
        let mirror = &mut own[axis..];
        let left = dot(mirror, mirror).sqrt();
        if left.is_nan() || left <= COLLINEAR * length {
            return Err(SensitivityFault::Collinear { axis });
        }
        // The sign that avoids cancellation.
        diagonal[axis] = -left.copysign(mirror[0]);
        mirror[0] -= diagonal[axis];
        let scale = 2.0 / dot(mirror, mirror);
        for column in later
            .iter_mut()
            .map(|column| &mut column[axis..])
            .chain([&mut output[axis..]])
        {
            let share = scale * dot(mirror, column);
            column
                .iter_mut()
                .zip(mirror.iter())
                .for_each(|(x, m)| *x -= share * m);
        }
    }
    let residual = dot(&output[count..], &output[count..]);
    let dof = (rows - count - 1) as f64;
    let triangle = Triangle {
        columns: &columns,
        diagonal: &diagonal,
    };
    let errors = triangle.inverse_row_squares();
    Ok(Fit {
        coefficients: triangle.solve(&output[..count]),
        errors: errors
            .iter()
            .map(|square| (square * residual / dof).sqrt())
            .collect(),
        r_squared: 1.0 - residual / whole,
        dof,
    })
}

/// The upper triangle that the reflections leave: above the diagonal it lies in the columns.
struct Triangle<'a> {
    columns: &'a [Vec<f64>],
    diagonal: &'a [f64],
}

impl Triangle<'_> {
    fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut solution = right.to_vec();
        for row in (0..right.len()).rev() {
            let known: f64 = (row + 1..right.len())
                .map(|later| self.columns[later][row] * solution[later])
                .sum();
            solution[row] = (solution[row] - known) / self.diagonal[row];
        }
        solution
    }

    /// The squared lengths of the rows of the inverse: the variances of the coefficients in units of
    /// the residual variance.
    fn inverse_row_squares(&self) -> Vec<f64> {
        let count = self.diagonal.len();
        let mut squares = vec![0.0; count];
        for column in 0..count {
            let mut unit = vec![0.0; count];
            unit[column] = 1.0;
            let solved = self.solve(&unit);
            squares
                .iter_mut()
                .zip(solved)
                .for_each(|(sum, x)| *sum += x * x);
        }
        squares
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exact_plane_is_found_exactly() {
        let a: Vec<f64> = (0..20).map(|i| f64::from(i % 5) - 2.0).collect();
        let b: Vec<f64> = (0..20).map(|i| f64::from(i % 4) - 1.5).collect();
        let y: Vec<f64> = a.iter().zip(&b).map(|(a, b)| 3.0 * a - 0.25 * b).collect();
        let fit = fit(vec![a, b], y).expect("independent columns");
        assert!((fit.coefficients[0] - 3.0).abs() < 1e-14);
        assert!((fit.coefficients[1] + 0.25).abs() < 1e-14);
        assert!((fit.r_squared - 1.0).abs() < 1e-14 && fit.errors.iter().all(|e| *e < 1e-14));
    }

    #[test]
    fn a_column_made_of_others_is_named() {
        let a: Vec<f64> = (0..9).map(|i| f64::from(i * i)).collect();
        let b: Vec<f64> = (0..9).map(|i| f64::from(i % 4)).collect();
        let sum: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a + 2.0 * b).collect();
        let sample = Sample::new(
            &[a, b, sum],
            &[0.0, 1.0, 5.0, 2.0, 0.0, 1.0, 3.0, 2.0, 2.0],
            2,
        );
        let fit = sample.expect("rows enough").standardised_fit().map(|_| ());
        assert_eq!(fit, Err(SensitivityFault::Collinear { axis: 2 }));
    }

    #[test]
    fn rows_with_missing_values_are_dropped_and_counted() {
        let a = vec![0.0, 1.0, 2.0, f64::NAN, 5.0];
        let y = [1.0, f64::INFINITY, 2.0, 3.0, 4.0];
        let sample = Sample::new(std::slice::from_ref(&a), &y, 2).expect("three rows are left");
        assert_eq!((sample.rows(), sample.dropped), (3, 2));
        let few = Sample::new(&[a], &y, 3).map(|_| ());
        assert_eq!(
            few,
            Err(SensitivityFault::TooFewRows {
                usable: 3,
                needed: 4
            })
        );
    }
}
