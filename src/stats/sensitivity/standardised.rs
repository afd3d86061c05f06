//! Standardised regression coefficients: by how many of its standard deviations the output moves
//! when one input moves by one of its own and the others stay.
//!
//! They rank inputs as far as the output is a plane over them: read them only where R² is high.

use super::estimate::Sizes;
use super::least_squares::Sample;
use super::{Estimate, SensitivityFault, Settings};
use crate::stats::student::student_quantile;

/// A standardised regression.
#[derive(Clone, Debug, PartialEq)]
pub struct Regression {
    /// Rows used.
    pub rows: u64,
    /// Rows dropped because a value was missing.
    pub dropped: usize,
    /// One coefficient for each axis, with its t-interval.
    pub coefficients: Vec<Estimate>,
    /// Share [0–1] of the output's variance that the plane explains; 0 for a constant output.
    pub r_squared: f64,
    /// The same, corrected for the number of axes.
    pub adjusted_r_squared: f64,
}

/// Regresses the outputs on the axes' values, one column for each axis.
///
/// # Errors
///
/// Without axes, for columns of other lengths than the outputs, for fewer than two rows more than
/// axes, for inputs that are constant or collinear, and for settings out of range.
pub fn standardised_regression(
    columns: &[Vec<f64>],
    output: &[f64],
    settings: &Settings,
) -> Result<Regression, SensitivityFault> {
    settings.check()?;
    let sample = Sample::new(columns, output, 2)?;
    let (rows, dropped) = (sample.rows(), sample.dropped);
    if sample.is_constant() {
        let coefficients = sample.nothing();
        return Ok(Regression {
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
    Ok(Regression {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::sensitivity::Verdict;
    use crate::stats::sensitivity::test_support;
    use crate::stats::sensitivity::test_support::assert_close;

    #[test]
    fn coefficients_and_intervals_equal_those_of_numpy() {
        let (rows, columns, y) = test_support::regression();
        let found = standardised_regression(&columns, &y, &Settings::default()).expect("rows");
        assert_close(found.coefficients.iter().map(|e| e.value), &rows[0], 1e-12);
        assert_close(found.coefficients.iter().map(|e| e.low), &rows[1], 1e-11);
        assert_close(found.coefficients.iter().map(|e| e.high), &rows[2], 1e-11);
        assert_close([found.r_squared], &rows[3], 1e-12);
    }

    #[test]
    fn intervals_hold_the_true_coefficient_in_95_of_100_studies() {
        let settings = Settings::default();
        let mut held = 0;
        for study in 0..2000 {
            let mut normal = test_support::normals(study);
            // Signal and noise of equal variance: the standardised coefficient is 1/√2 on average.
            let x: Vec<f64> = (0..30)
                .map(|i| (f64::from(i) - 14.5) / 8.803_408_4)
                .collect();
            let noise: Vec<f64> = x.iter().map(|_| normal()).collect();
            let y: Vec<f64> = x.iter().zip(&noise).map(|(x, e)| x + e).collect();
            let found = standardised_regression(&[x], &y, &settings).expect("rows");
            let spread = crate::stats::sensitivity::resampling::deviation(&y);
            let e = found.coefficients[0];
            held += u32::from(e.low * spread <= 1.0 && 1.0 <= e.high * spread);
        }
        assert!((1860..=1940).contains(&held), "{held} of 2000");
    }

    #[test]
    fn a_constant_output_is_said_to_be_constant() {
        let columns = [vec![0.0, 1.0, 2.0, 3.0, 4.0]];
        let found =
            standardised_regression(&columns, &[7.0; 5], &Settings::default()).expect("rows");
        assert_eq!(
            (found.r_squared, found.coefficients[0].verdict),
            (0.0, Verdict::Constant)
        );
        let fault = standardised_regression(&[vec![2.0; 5]], &columns[0], &Settings::default());
        assert_eq!(fault, Err(SensitivityFault::ConstantAxis { axis: 0 }));
    }
}
