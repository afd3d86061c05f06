//! Estimates held against those that R's `nlme` has of the same data sets.

use super::linear_model::Coefficient;

/// Largest distance from R's estimates, in standard errors, and of standard errors, as a share.
const CLOSE: f64 = 1e-4;

/// What of a fit is compared.
pub(super) struct ComparedFit {
    pub(super) coefficients: Vec<Coefficient>,
    pub(super) log_likelihood: f64,
    pub(super) rows: usize,
}

/// How far estimates are from R's.
fn distances(k: u64, found: &ComparedFit, values: &[f64]) -> String {
    let (mut value, mut error, mut dof) = (0.0_f64, 0.0_f64, 0.0_f64);
    for (own, r) in found.coefficients.iter().zip(values[2..].chunks(3)) {
        value = value.max((own.value - r[0]).abs() / r[1]);
        error = error.max((own.standard_error / r[1] - 1.0).abs());
        dof = dof.max((own.dof - r[2]).abs());
    }
    let top = found.log_likelihood - values[0];
    format!(
        "{k}: height {top:e}, estimates {value:e}, standard errors {error:e}, degrees of freedom {dof}"
    )
}

/// Compares fits with the kept numbers: of each data set its number, the log-likelihood, the rows, and of each
/// coefficient value, standard error and degrees of freedom. Log-likelihoods that differ by more than `top` are not both
/// at the top.
///
/// Returns how many data sets have R's estimates, how many `nlme` does not fit, and in how many it stops below the
/// top.
///
/// # Panics
/// If a data set has no fit, or other estimates where `nlme` reaches the top.
pub(super) fn compare_with_nlme(
    kept: &str,
    top: f64,
    fit: impl Fn(u64) -> Option<ComparedFit>,
) -> [usize; 3] {
    let (mut same, mut failed, mut lower) = (0, 0, 0);
    let mut wrong = Vec::new();
    for line in kept.lines() {
        let (number, rest) = line.split_once(',').expect("a number and what follows");
        let k: u64 = number.parse().expect("a number");
        let Some(found) = fit(k) else {
            wrong.push(format!("{k} has no fit"));
            continue;
        };
        if rest == "failed" {
            failed += 1;
            continue;
        }
        let values: Vec<f64> = rest
            .split(',')
            .map(|value| value.parse().expect("a number of R's"))
            .collect();
        if found.log_likelihood < values[0] - top {
            wrong.push(distances(k, &found, &values));
            continue;
        }
        assert_eq!(
            (found.rows as f64, 3 * found.coefficients.len()),
            (values[1], values.len() - 2),
            "{k}"
        );
        let is_close = |(own, r): (&Coefficient, &[f64])| {
            (own.value - r[0]).abs() <= CLOSE * r[1]
                && (own.standard_error - r[1]).abs() <= CLOSE * r[1]
                && own.dof == r[2]
        };
        let mut both = found.coefficients.iter().zip(values[2..].chunks(3));
        let are_dof_same = both.clone().all(|(own, r)| own.dof == r[2]);
        match both.all(is_close) {
            true => same += 1,
            false if are_dof_same && found.log_likelihood > values[0] + top => lower += 1,
            false => wrong.push(distances(k, &found, &values)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    [same, failed, lower]
}
