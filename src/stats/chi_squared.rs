//! The chi-squared distribution, which tests of several coefficients and intervals of counts rest on.
//!
//! The regularised incomplete gamma function is its series (DLMF 8.11.4) below the mean and the
//! continued fraction (DLMF 8.9.2), by the modified Lentz algorithm, above.

use super::interval::{Interval, upper_tail};
use crate::math::functions::{exp, ln};

const LONGEST: u32 = 100_000;
const TINY: f64 = 1e-300;

/// The probability that a chi-squared variable with `dof` > 0 degrees of freedom is above `x`.
///
/// Relative error below 1e-10 up to a million degrees of freedom; `dof` that are not positive and
/// not finite give NaN.
pub fn chi_squared_above(x: f64, dof: f64) -> f64 {
    if x.is_nan() || !(dof > 0.0 && dof.is_finite()) {
        return f64::NAN;
    }
    if x <= 0.0 || x.is_infinite() {
        return if x > 0.0 { 0.0 } else { 1.0 };
    }
    let (shape, half) = (0.5 * dof, 0.5 * x);
    if half < shape + 1.0 {
        1.0 - gamma_below(shape, half)
    } else {
        gamma_above(shape, half)
    }
}

/// The value that a chi-squared variable with `dof` > 0 degrees of freedom is below with
/// probability `p`.
///
/// Gives 0 at 0, infinity at 1, and NaN outside [0, 1] and for `dof` that are not positive.
pub fn chi_squared_quantile(p: f64, dof: f64) -> f64 {
    if !((0.0..=1.0).contains(&p) && dof > 0.0 && dof.is_finite()) {
        return f64::NAN;
    }
    if p == 1.0 {
        return f64::INFINITY;
    }
    // The smaller tail keeps its digits.
    let below = |x: f64| {
        let (shape, half) = (0.5 * dof, 0.5 * x);
        if p <= 0.5 && half < shape + 1.0 {
            gamma_below(shape, half) < p
        } else {
            chi_squared_above(x, dof) > 1.0 - p
        }
    };
    let (mut low, mut high) = (0.0, dof);
    while below(high) {
        (low, high) = (high, 2.0 * high);
    }
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return middle;
        }
        if below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// The exact interval of the expectation of a count (Garwood 1936).
pub fn poisson_interval(events: u64, confidence: f64) -> Interval {
    let tail = upper_tail(confidence);
    let end = |p: f64, events: u64| 0.5 * chi_squared_quantile(p, 2.0 * events as f64);
    Interval {
        low: if events == 0 {
            0.0 * tail
        } else {
            end(1.0 - tail, events)
        },
        high: end(tail, events + 1),
    }
}

/// x^a e^(−x) / Γ(a + 1).
fn weight(shape: f64, x: f64) -> f64 {
    exp(shape * ln(x) - x - libm::lgamma(shape + 1.0))
}

fn gamma_below(shape: f64, x: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for step in 1..LONGEST {
        term *= x / (shape + f64::from(step));
        sum += term;
        if term < sum * 1e-17 {
            break;
        }
    }
    sum * weight(shape, x)
}

fn gamma_above(shape: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - shape;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut fraction = d;
    for step in 1..LONGEST {
        let step = f64::from(step);
        let a = step * (shape - step);
        b += 2.0;
        d = 1.0 / not_zero(a * d + b);
        c = not_zero(b + a / c);
        let factor = c * d;
        fraction *= factor;
        if (factor - 1.0).abs() < 1e-16 {
            break;
        }
    }
    fraction * shape * weight(shape, x)
}

fn not_zero(x: f64) -> f64 {
    if x.abs() < TINY { TINY } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ChiSquared, ContinuousCDF};

    #[test]
    fn probabilities_agree_with_statrs() {
        for dof in [0.5, 1.0, 2.0, 5.0, 40.0, 3_000.0] {
            let theirs = ChiSquared::new(dof).expect("a distribution");
            for ratio in [0.01, 0.3, 0.97, 1.0, 1.04, 1.6, 4.0] {
                let (found, expected) =
                    (chi_squared_above(ratio * dof, dof), theirs.sf(ratio * dof));
                assert!(
                    (found - expected).abs() < 1e-10,
                    "{dof} {ratio}: {found} {expected}"
                );
            }
        }
    }

    #[test]
    fn two_degrees_of_freedom_are_exponential() {
        for x in [0.1, 1.0, 3.0, 10.0, 100.0] {
            assert!(
                (chi_squared_above(x, 2.0) / exp(-0.5 * x) - 1.0).abs() < 1e-13,
                "{x}"
            );
        }
    }

    #[test]
    fn the_quantile_inverts_the_probability() {
        for dof in [1.0, 2.0, 9.0, 250.0, 20_000.0] {
            for p in [1e-6, 0.025, 0.4, 0.5, 0.8, 0.975, 0.9999] {
                let back = 1.0 - chi_squared_above(chi_squared_quantile(p, dof), dof);
                assert!((back - p).abs() < 1e-10, "{dof} {p}: {back}");
            }
        }
        assert_eq!(chi_squared_quantile(0.0, 3.0), 0.0);
        assert_eq!(chi_squared_quantile(1.0, 3.0), f64::INFINITY);
    }

    #[test]
    fn nonsense_is_not_a_number() {
        assert!(chi_squared_above(1.0, 0.0).is_nan() && chi_squared_above(f64::NAN, 1.0).is_nan());
        assert!(
            chi_squared_quantile(1.5, 1.0).is_nan() && chi_squared_quantile(0.5, -1.0).is_nan()
        );
        assert!(poisson_interval(0, 2.0).low.is_nan() && poisson_interval(3, 0.0).high.is_nan());
        assert_eq!(chi_squared_above(-1.0, 2.0), 1.0);
        assert_eq!(chi_squared_above(f64::INFINITY, 2.0), 0.0);
    }
}
