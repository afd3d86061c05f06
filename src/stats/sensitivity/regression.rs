//! Regression of an output on its inputs.
//!
//! Standardised coefficients: by how many of its standard deviations the output moves when one input
//! moves by one of its own and the others stay. They rank inputs as far as the output is a plane over
//! them, so read them only where R² is high. Partial rank correlations: how closely the output follows
//! one input monotonically, once the linear share of all other inputs (in ranks) is taken out of both
//! (Iman & Conover 1979). Both rest on one least-squares fit by Householder reflections.

use super::{Estimate, SensitivityError, SensitivitySettings, Sizes, deviation, is_constant, mean};
use crate::math::functions::exp;
use crate::stats::interval::student_quantile;

/// A standardised regression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StandardisedRegression {
    /// Rows used.
    pub(crate) rows: u64,
    /// Rows dropped because a value was missing.
    pub(crate) dropped: usize,
    /// One coefficient for each axis, with its t-interval.
    pub(crate) coefficients: Vec<Estimate>,
    /// Share [0–1] of the output's variance that the plane explains; 0 for a constant output.
    pub(crate) r_squared: f64,
    /// The same, corrected for the number of axes.
    pub(crate) adjusted_r_squared: f64,
}

/// Regresses the outputs on the axes' values, one column for each axis.
///
/// # Errors
///
/// Without axes, for columns of other lengths than the outputs, for fewer than two rows more than
/// axes, for inputs that are constant or collinear, and for settings out of range.
pub(crate) fn standardised_regression(
    columns: &[Vec<f64>],
    output: &[f64],
    settings: &SensitivitySettings,
) -> Result<StandardisedRegression, SensitivityError> {
    settings.check()?;
    let sample = RegressionSample::new(columns, output, 2)?;
    let (rows, dropped) = (sample.rows(), sample.dropped);
    if sample.is_constant() {
        let coefficients = sample.nothing();
        return Ok(StandardisedRegression {
            rows,
            dropped,
            coefficients,
            r_squared: 0.0,
            adjusted_r_squared: 0.0,
        });
    }
    let fit = sample.standardised_fit()?;
    let reach = student_quantile(settings.upper_tail(), fit.dof);
    let estimate = |(value, error): (&f64, &f64)| {
        let interval = (value - reach * error, value + reach * error);
        Estimate::judged(*value, interval, rows, settings.tolerance, Sizes::Any)
    };
    Ok(StandardisedRegression {
        rows,
        dropped,
        coefficients: fit
            .coefficients
            .iter()
            .zip(&fit.errors)
            .map(estimate)
            .collect(),
        r_squared: fit.r_squared,
        adjusted_r_squared: 1.0 - (1.0 - fit.r_squared) * (rows as f64 - 1.0) / fit.dof,
    })
}

/// Partial rank correlations of an output with all axes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PartialRanks {
    /// Rows used.
    pub(crate) rows: u64,
    /// Rows dropped because a value was missing.
    pub(crate) dropped: usize,
    /// One correlation [−1–1] for each axis, with Fisher's interval.
    pub(crate) correlations: Vec<Estimate>,
    /// Share [0–1] of the variance of the output's ranks that the input ranks explain; 0 for a
    /// constant output.
    pub(crate) r_squared: f64,
}

/// Correlates the outputs with the axes' values, one column for each axis.
///
/// The interval is Fisher's: in arctanh r, ± normal quantile / √(n − p − 2) for n rows and p axes.
///
/// # Errors
///
/// Without axes, for columns of other lengths than the outputs, for fewer than three rows more than
/// axes, for inputs that are constant or collinear (in ranks), and for settings out of range.
pub(crate) fn partial_rank_correlations(
    columns: &[Vec<f64>],
    output: &[f64],
    settings: &SensitivitySettings,
) -> Result<PartialRanks, SensitivityError> {
    settings.check()?;
    let mut sample = RegressionSample::new(columns, output, 3)?;
    let (rows, dropped) = (sample.rows(), sample.dropped);
    if sample.is_constant() {
        let correlations = sample.nothing();
        return Ok(PartialRanks {
            rows,
            dropped,
            correlations,
            r_squared: 0.0,
        });
    }
    sample
        .columns
        .iter_mut()
        .for_each(|column| *column = ranks(column));
    sample.output = ranks(&sample.output);
    let fit = sample.standardised_fit()?;
    let reach = settings.normal_reach() / (fit.dof - 1.0).sqrt();
    let estimate = |(coefficient, error): (&f64, &f64)| {
        let value = partial(*coefficient, *error, fit.dof);
        let interval = (shifted(value, -reach), shifted(value, reach));
        Estimate::judged(value, interval, rows, settings.tolerance, Sizes::Any)
    };
    Ok(PartialRanks {
        rows,
        dropped,
        correlations: fit
            .coefficients
            .iter()
            .zip(&fit.errors)
            .map(estimate)
            .collect(),
        r_squared: fit.r_squared,
    })
}

/// The partial correlation that belongs to a coefficient: t / √(t² + ν), without dividing by an
/// error that may be nothing.
fn partial(coefficient: f64, error: f64, dof: f64) -> f64 {
    let whole = (coefficient * coefficient + dof * error * error).sqrt();
    if whole > 0.0 {
        coefficient / whole
    } else {
        0.0
    }
}

/// tanh (arctanh r + by); a perfect correlation stays.
fn shifted(r: f64, by: f64) -> f64 {
    if r.abs() >= 1.0 {
        return r;
    }
    let odds = (1.0 + r) / (1.0 - r) * exp(2.0 * by);
    if odds.is_finite() {
        (odds - 1.0) / (odds + 1.0)
    } else {
        1.0
    }
}

/// Ranks values; NaN, which has no rank, must have been dropped before.
pub(crate) fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut first = 0;
    for tied in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let shared = first as f64 + 0.5 * (tied.len() as f64 + 1.0);
        tied.iter().for_each(|place| ranks[*place] = shared);
        first += tied.len();
    }
    ranks
}

/// Share of a column's length below which what the earlier columns leave of it is rounding.
const COLLINEAR: f64 = 1e-10;

/// Coefficients with their standard errors.
pub(crate) struct LeastSquaresFit {
    pub(crate) coefficients: Vec<f64>,
    pub(crate) errors: Vec<f64>,
    /// Share of the sum of squares that the fit explains.
    pub(crate) r_squared: f64,
    /// Degrees of freedom of the residuals: rows − columns − 1, one being spent on the centring.
    pub(crate) dof: f64,
}

/// The rows of a sample whose output and inputs are all finite.
pub(crate) struct RegressionSample {
    pub(crate) columns: Vec<Vec<f64>>,
    pub(crate) output: Vec<f64>,
    pub(crate) dropped: usize,
}

impl RegressionSample {
    /// Takes one column of values for each axis and the outputs, drops rows with missing values, and
    /// checks that `spare` rows more than axes are left and that each axis varies.
    pub(crate) fn new(
        columns: &[Vec<f64>],
        output: &[f64],
        spare: usize,
    ) -> Result<RegressionSample, SensitivityError> {
        if columns.is_empty() {
            return Err(SensitivityError::NoAxis);
        }
        let unit = output.len();
        if let Some(column) = columns.iter().find(|column| column.len() != unit) {
            return Err(SensitivityError::Length {
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
            return Err(SensitivityError::TooFewRows {
                usable: rows.len(),
                needed,
            });
        }
        let kept = |column: &[f64]| -> Vec<f64> { rows.iter().map(|row| column[*row]).collect() };
        let columns: Vec<Vec<f64>> = columns.iter().map(|column| kept(column)).collect();
        match columns.iter().position(|column| is_constant(column)) {
            Some(axis) => Err(SensitivityError::ConstantAxis {
                axis,
                usable: rows.len(),
            }),
            None => Ok(RegressionSample {
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
    pub(crate) fn nothing(&self) -> Vec<Estimate> {
        vec![Estimate::CONSTANT; self.columns.len()]
    }

    /// Fits the standardised output by the standardised columns.
    pub(crate) fn standardised_fit(&self) -> Result<LeastSquaresFit, SensitivityError> {
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
fn fit(
    mut columns: Vec<Vec<f64>>,
    mut output: Vec<f64>,
) -> Result<LeastSquaresFit, SensitivityError> {
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
            return Err(SensitivityError::Collinear { axis, usable: rows });
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
    Ok(LeastSquaresFit {
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
    use crate::stats::sensitivity::Resolution;
    use crate::stats::test_support;
    use crate::stats::test_support::{assert_close, holds_zero};

    #[test]
    fn coefficients_and_intervals_equal_those_of_numpy() {
        let (rows, columns, y) = test_support::regression_fixture();
        let found =
            standardised_regression(&columns, &y, &SensitivitySettings::default()).expect("rows");
        assert_close(found.coefficients.iter().map(|e| e.value), &rows[0], 1e-12);
        assert_close(found.coefficients.iter().map(|e| e.low), &rows[1], 1e-11);
        assert_close(found.coefficients.iter().map(|e| e.high), &rows[2], 1e-11);
        assert_close([found.r_squared], &rows[3], 1e-12);
    }

    #[test]
    fn intervals_hold_the_true_coefficient_in_95_of_100_studies() {
        let settings = SensitivitySettings::default();
        let mut held = 0;
        for study in 0..2000 {
            let mut normal = test_support::normal_draws(study);
            // Signal and noise of equal variance: the standardised coefficient is 1/√2 on average.
            let x: Vec<f64> = (0..30)
                .map(|i| (f64::from(i) - 14.5) / 8.803_408_4)
                .collect();
            let noise: Vec<f64> = x.iter().map(|_| normal()).collect();
            let y: Vec<f64> = x.iter().zip(&noise).map(|(x, e)| x + e).collect();
            let found = standardised_regression(&[x], &y, &settings).expect("rows");
            let spread = crate::stats::sensitivity::deviation(&y);
            let e = found.coefficients[0];
            held += u32::from(e.low * spread <= 1.0 && 1.0 <= e.high * spread);
        }
        assert!((1860..=1940).contains(&held), "{held} of 2000");
    }

    #[test]
    fn a_constant_output_has_constant_coefficients() {
        let columns = [vec![0.0, 1.0, 2.0, 3.0, 4.0]];
        let found = standardised_regression(&columns, &[7.0; 5], &SensitivitySettings::default())
            .expect("rows");
        assert_eq!(
            (found.r_squared, found.coefficients[0].verdict),
            (0.0, Resolution::Constant)
        );
        let error = standardised_regression(
            &[vec![2.0; 5]],
            &columns[0],
            &SensitivitySettings::default(),
        );
        assert_eq!(
            error,
            Err(SensitivityError::ConstantAxis { axis: 0, usable: 5 })
        );
    }

    #[test]
    fn correlations_and_intervals_equal_those_of_scipy() {
        let (rows, columns, y) = test_support::regression_fixture();
        let found =
            partial_rank_correlations(&columns, &y, &SensitivitySettings::default()).expect("rows");
        assert_close(found.correlations.iter().map(|e| e.value), &rows[4], 1e-12);
        assert_close(found.correlations.iter().map(|e| e.low), &rows[5], 1e-12);
        assert_close(found.correlations.iter().map(|e| e.high), &rows[6], 1e-12);
    }

    #[test]
    fn a_monotone_curve_is_a_perfect_rank_correlation() {
        let x: Vec<f64> = (0..12).map(f64::from).collect();
        let y: Vec<f64> = x.iter().map(|x| -x * x * x).collect();
        let found =
            partial_rank_correlations(&[x], &y, &SensitivitySettings::default()).expect("rows");
        let e = found.correlations[0];
        assert!((e.value + 1.0).abs() < 1e-12 && e.low >= -1.0 && e.high < -0.999);
        assert!((found.r_squared - 1.0).abs() < 1e-12);
    }

    #[test]
    fn intervals_of_an_idle_input_hold_zero_in_95_of_100_studies() {
        let mut held = 0;
        for study in 0..2000 {
            let mut normal = test_support::normal_draws(10_000 + study);
            let columns: Vec<Vec<f64>> = (0..3)
                .map(|_| (0..40).map(|_| normal()).collect())
                .collect();
            let y: Vec<f64> = columns[1].iter().map(|x| x + normal()).collect();
            let found = partial_rank_correlations(&columns, &y, &SensitivitySettings::default())
                .expect("rows");
            held += u32::from(holds_zero(&found.correlations[0]));
        }
        assert!((1860..=1940).contains(&held), "{held} of 2000");
    }

    #[test]
    fn a_constant_output_has_constant_rank_correlations() {
        let x = vec![0.0, 1.0, 2.0, 3.0, 4.0];
        let found = partial_rank_correlations(&[x], &[7.0; 5], &SensitivitySettings::default())
            .expect("rows");
        assert_eq!(found.correlations[0].verdict, Resolution::Constant);
    }

    #[test]
    fn ties_share_their_mean_rank() {
        assert_eq!(
            ranks(&[3.0, 1.0, 3.0, -2.0, 3.0]),
            [4.0, 2.0, 4.0, 1.0, 4.0]
        );
        assert_eq!(ranks(&[0.0, -0.0]), [1.5, 1.5]);
        assert!(ranks(&[]).is_empty());
    }

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
        let sample = RegressionSample::new(
            &[a, b, sum],
            &[0.0, 1.0, 5.0, 2.0, 0.0, 1.0, 3.0, 2.0, 2.0],
            2,
        );
        let fit = sample.expect("rows enough").standardised_fit().map(|_| ());
        assert_eq!(fit, Err(SensitivityError::Collinear { axis: 2, usable: 9 }));
    }

    #[test]
    fn rows_with_missing_values_are_dropped_and_counted() {
        let a = vec![0.0, 1.0, 2.0, f64::NAN, 5.0];
        let y = [1.0, f64::INFINITY, 2.0, 3.0, 4.0];
        let sample =
            RegressionSample::new(std::slice::from_ref(&a), &y, 2).expect("three rows are left");
        assert_eq!((sample.rows(), sample.dropped), (3, 2));
        let few = RegressionSample::new(&[a], &y, 3).map(|_| ());
        assert_eq!(
            few,
            Err(SensitivityError::TooFewRows {
                usable: 3,
                needed: 4
            })
        );
    }
}
