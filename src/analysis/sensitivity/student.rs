//! Quantiles of Student's t distribution with whole degrees of freedom.

use crate::foundation::maths::{atan, normal_quantile};
use std::f64::consts::FRAC_2_PI;

/// From here on the expansion around the normal quantile is exact to about 12 digits.
const MANY: f64 = 500.0;

/// The value that a t variable with `dof` (a whole number, 1 at least) degrees of freedom exceeds
/// with probability 1 − `p`, for `p` in (0, 1).
pub(super) fn student_quantile(p: f64, dof: f64) -> f64 {
    if p < 0.5 {
        return -student_quantile(1.0 - p, dof);
    }
    if dof >= MANY {
        return expansion(normal_quantile(p), dof);
    }
    let (mut low, mut high) = (0.0, 1.0);
    while central(high, dof) < 2.0 * p - 1.0 && high < 1e300 {
        (low, high) = (high, 2.0 * high);
    }
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return middle;
        }
        if central(middle, dof) < 2.0 * p - 1.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// The probability within ± t (Abramowitz & Stegun 1964, 26.7.3 and 26.7.4).
fn central(t: f64, dof: f64) -> f64 {
    let dof = dof as u32;
    let ratio = t / f64::from(dof).sqrt();
    let cosine_squared = 1.0 / (1.0 + ratio * ratio);
    let sine = ratio * cosine_squared.sqrt();
    let odd = dof % 2 == 1;
    let (mut sum, mut term, mut power) = (0.0, 1.0, if odd { 3 } else { 2 });
    while power <= dof {
        sum += term;
        term *= cosine_squared * f64::from(power - 1) / f64::from(power);
        power += 2;
    }
    if odd {
        FRAC_2_PI * (atan(ratio) + sine * cosine_squared.sqrt() * sum)
    } else {
        sine * sum
    }
}

/// Abramowitz & Stegun (1964), 26.7.5.
fn expansion(z: f64, dof: f64) -> f64 {
    let s = z * z;
    let terms = [
        z * (s + 1.0) / 4.0,
        z * ((5.0 * s + 16.0) * s + 3.0) / 96.0,
        z * (((3.0 * s + 19.0) * s + 17.0) * s - 15.0) / 384.0,
        z * ((((79.0 * s + 776.0) * s + 1482.0) * s - 1920.0) * s - 945.0) / 92_160.0,
    ];
    z + terms.iter().rev().fold(0.0, |sum, term| (sum + term) / dof)
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ContinuousCDF, StudentsT};

    #[test]
    fn quantiles_invert_the_distribution_function_of_statrs() {
        for dof in [1.0, 2.0, 3.0, 10.0, 55.0, 499.0, 500.0, 5000.0] {
            let oracle = StudentsT::new(0.0, 1.0, dof).expect("degrees of freedom");
            for p in [0.005, 0.3, 0.5, 0.75, 0.975, 0.9995] {
                let back = oracle.cdf(student_quantile(p, dof));
                assert!((back - p).abs() < 1e-11, "{dof} {p}: {back}");
            }
        }
    }

    #[test]
    fn quantiles_equal_printed_ones() {
        // Abramowitz & Stegun (1964), table 26.10.
        for (dof, printed) in [(1.0, 12.706), (10.0, 2.228), (30.0, 2.042), (120.0, 1.980)] {
            assert!(
                (student_quantile(0.975, dof) - printed).abs() < 5e-4,
                "{dof}"
            );
        }
    }
}
