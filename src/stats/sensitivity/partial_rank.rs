//! Partial rank correlations: how closely the output follows one input monotonically, once the
//! linear share of all other inputs (in ranks) is taken out of both (Iman & Conover 1979).

use super::estimate::Sizes;
use super::least_squares::Sample;
use super::{Estimate, SensitivityFault, Settings, ranks};
use crate::math::functions::exp;

/// Partial rank correlations of an output with all axes.
#[derive(Clone, Debug, PartialEq)]
pub struct PartialRanks {
    /// Rows used.
    pub rows: u64,
    /// Rows dropped because a value was missing.
    pub dropped: usize,
    /// One correlation [−1–1] for each axis, with Fisher's interval.
    pub correlations: Vec<Estimate>,
    /// Share [0–1] of the variance of the output's ranks that the input ranks explain; 0 for a
    /// constant output.
    pub r_squared: f64,
}

/// Correlates the outputs with the axes' values, one column for each axis.
///
/// The interval is Fisher's: in arctanh r, ± normal quantile / √(n − p − 2) for n rows and p axes.
///
/// # Errors
///
/// Without axes, for columns of other lengths than the outputs, for fewer than three rows more than
/// axes, for inputs that are constant or collinear (in ranks), and for settings out of range.
pub fn partial_rank_correlations(
    columns: &[Vec<f64>],
    output: &[f64],
    settings: &Settings,
) -> Result<PartialRanks, SensitivityFault> {
    settings.check()?;
    let mut sample = Sample::new(columns, output, 3)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::sensitivity::Verdict;
    use crate::stats::sensitivity::test_support;
    use crate::stats::sensitivity::test_support::assert_close;

    #[test]
    fn correlations_and_intervals_equal_those_of_scipy() {
        let (rows, columns, y) = test_support::regression();
        let found = partial_rank_correlations(&columns, &y, &Settings::default()).expect("rows");
        assert_close(found.correlations.iter().map(|e| e.value), &rows[4], 1e-12);
        assert_close(found.correlations.iter().map(|e| e.low), &rows[5], 1e-12);
        assert_close(found.correlations.iter().map(|e| e.high), &rows[6], 1e-12);
    }

    #[test]
    fn a_monotone_curve_is_a_perfect_rank_correlation() {
        let x: Vec<f64> = (0..12).map(f64::from).collect();
        let y: Vec<f64> = x.iter().map(|x| -x * x * x).collect();
        let found = partial_rank_correlations(&[x], &y, &Settings::default()).expect("rows");
        let e = found.correlations[0];
        assert!((e.value + 1.0).abs() < 1e-12 && e.low >= -1.0 && e.high < -0.999);
        assert!((found.r_squared - 1.0).abs() < 1e-12);
    }

    #[test]
    fn intervals_of_an_idle_input_hold_zero_in_95_of_100_studies() {
        let mut held = 0;
        for study in 0..2000 {
            let mut normal = test_support::normals(10_000 + study);
            let columns: Vec<Vec<f64>> = (0..3)
                .map(|_| (0..40).map(|_| normal()).collect())
                .collect();
            let y: Vec<f64> = columns[1].iter().map(|x| x + normal()).collect();
            let found =
                partial_rank_correlations(&columns, &y, &Settings::default()).expect("rows");
            held += u32::from(found.correlations[0].may_be_zero());
        }
        assert!((1860..=1940).contains(&held), "{held} of 2000");
    }

    #[test]
    fn a_constant_output_is_said_to_be_constant() {
        let x = vec![0.0, 1.0, 2.0, 3.0, 4.0];
        let found = partial_rank_correlations(&[x], &[7.0; 5], &Settings::default()).expect("rows");
        assert_eq!(found.correlations[0].verdict, Verdict::Constant);
    }
}
