//! Student's t distribution, which intervals of means rest on.
//!
//! Both functions go through the incomplete beta function. Of many degrees of freedom it would take
//! digits away, and expansions around the normal distribution are exact to rounding.

use crate::math::beta::{beta_cdf_of_pair, beta_log_odds_quantile};
use crate::math::functions::{exp, normal_cdf, normal_quantile};

/// From here on Hill's (1970) expansion gives the distribution function to rounding.
const EXPANSION_CDF_FROM: f64 = 1e3;
/// From here on the expansion around the normal quantile is exact to rounding.
const EXPANSION_QUANTILE_FROM: f64 = 1e5;

/// The probability that a t variable with `dof` > 0 degrees of freedom is at most `t`.
///
/// Absolute error below 1e-12; infinite `dof` gives the normal distribution, and `dof` that are not
/// positive give NaN.
pub(crate) fn student_cdf(t: f64, dof: f64) -> f64 {
    if t.is_nan() || dof.is_nan() || dof <= 0.0 {
        return f64::NAN;
    }
    if t.is_infinite() {
        return if t > 0.0 { 1.0 } else { 0.0 };
    }
    if dof > EXPANSION_CDF_FROM {
        return normal_cdf(normal_score(t, dof));
    }
    let share = t * t / dof;
    let (x, y) = (1.0 / (1.0 + share), share / (1.0 + share));
    // For t² beyond the largest number x and y are 0 and NaN.
    let tail = if share.is_finite() {
        0.5 * beta_cdf_of_pair(x, y, 0.5 * dof, 0.5)
    } else {
        0.0
    };
    if t > 0.0 { 1.0 - tail } else { tail }
}

/// The value that a t variable with `dof` > 0 degrees of freedom exceeds with probability 1 − `p`.
///
/// Relative error below 1e-11. Gives infinities at 0 and 1, and NaN outside [0, 1] and for `dof` that
/// are not positive.
pub(crate) fn student_quantile(p: f64, dof: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) || dof.is_nan() || dof <= 0.0 {
        return f64::NAN;
    }
    let tail = p.min(1.0 - p);
    if tail == 0.0 {
        return f64::INFINITY.copysign(p - 0.5);
    }
    if dof > EXPANSION_QUANTILE_FROM {
        return expansion(normal_quantile(p), dof);
    }
    // The log-odds of x = ν / (ν + t²), whose two-sided tail has the beta distribution.
    let odds = if tail <= 0.25 {
        beta_log_odds_quantile(2.0 * tail, 0.5 * dof, 0.5)
    } else {
        -beta_log_odds_quantile(1.0 - 2.0 * tail, 0.5, 0.5 * dof)
    };
    (dof.sqrt() * exp(-0.5 * odds)).copysign(p - 0.5)
}

/// The normal score as extreme as `t`: Hill (1970), CACM algorithm 395.
fn normal_score(t: f64, dof: f64) -> f64 {
    if dof.is_infinite() {
        return t;
    }
    let a = dof - 0.5;
    let b = 48.0 * a * a;
    let w = a * libm::log1p(t * t / dof);
    let rest = (((-0.4 * w - 3.3) * w - 24.0) * w - 85.5) / (0.8 * w * w + 100.0 + b);
    (((rest + w + 3.0) / b + 1.0) * w.sqrt()).copysign(t)
}

/// The t quantile of a normal score (Abramowitz & Stegun 1964, 26.7.5).
fn expansion(z: f64, dof: f64) -> f64 {
    let w = z * z;
    let terms = [
        (w + 1.0) / 4.0,
        ((5.0 * w + 16.0) * w + 3.0) / 96.0,
        (((3.0 * w + 19.0) * w + 17.0) * w - 15.0) / 384.0,
        ((((79.0 * w + 776.0) * w + 1_482.0) * w - 1_920.0) * w - 945.0) / 92_160.0,
    ];
    z + z * terms.iter().rev().fold(0.0, |sum, term| (sum + term) / dof)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::test_support::oracle;

    #[test]
    fn both_functions_agree_with_scipy() {
        for (t, dof, expected) in oracle("student_cdf") {
            let found = student_cdf(t, dof);
            assert!(
                (found - expected).abs() < 1e-12,
                "{t} {dof}: {found} {expected}"
            );
        }
        for (p, dof, expected) in oracle("student_quantile") {
            let found = student_quantile(p, dof);
            let near = 1e-10 * expected.abs().max(1e-6);
            assert!(
                (found - expected).abs() < near,
                "{p} {dof}: {found} {expected}"
            );
        }
    }

    #[test]
    fn one_degree_of_freedom_is_cauchy() {
        assert!((student_cdf(1.0, 1.0) - 0.75).abs() < 1e-15);
        assert!((student_quantile(0.75, 1.0) - 1.0).abs() < 1e-14);
        assert_eq!(student_quantile(0.5, 1.0), 0.0);
    }

    #[test]
    fn many_degrees_of_freedom_join_the_normal_distribution() {
        for z in [-4.0, -1.0, 0.3, 2.0, 5.0] {
            let (below, above) = (student_cdf(z, 1e3), normal_cdf(normal_score(z, 1e3)));
            assert!((below / above - 1.0).abs() < 1e-12, "{z}: {below} {above}");
            let p = normal_cdf(z);
            let (below, above) = (student_quantile(p, 1e5), expansion(normal_quantile(p), 1e5));
            assert!(
                (below - above).abs() < 1e-11 * z.abs(),
                "{z}: {below} {above}"
            );
        }
        assert_eq!(student_quantile(0.9, f64::INFINITY), normal_quantile(0.9));
        assert_eq!(student_cdf(1.5, f64::INFINITY), normal_cdf(1.5));
    }

    #[test]
    fn nonsense_gives_nan_and_ends_give_infinities() {
        assert!(student_cdf(0.0, 0.0).is_nan() && student_cdf(f64::NAN, 3.0).is_nan());
        assert!(student_quantile(0.5, -1.0).is_nan() && student_quantile(-0.1, 3.0).is_nan());
        assert_eq!(student_quantile(0.0, 3.0), f64::NEG_INFINITY);
        assert_eq!(student_quantile(1.0, 3.0), f64::INFINITY);
        assert_eq!(student_cdf(f64::INFINITY, 3.0), 1.0);
        assert_eq!(student_cdf(-1e200, 3.0), 0.0);
    }
}
