//! The beta distribution function and its inverse, with portable bits.
//!
//! Student's t, the intervals of proportions and the beta-distributed traits need it. The
//! regularised incomplete beta function is the continued fraction of DLMF 8.17.22, evaluated by
//! the modified Lentz algorithm. Its inverse is Newton's method on the log-odds scale, where the
//! logarithm of the distribution function is concave, so that the iteration converges from any
//! start.

use super::functions::{exp, ln, logistic, normal_quantile};

const HALF_LN_TAU: f64 = 0.918_938_533_204_672_8;
/// If both shapes are at least this large, the first four cumulants of the log-odds give the
/// quantile to 1e-12.
const NEARLY_NORMAL: f64 = 1e6;
const LONGEST_FRACTION: u32 = 200_000;
const MOST_STEPS: u32 = 100;

/// The probability that a Beta(a, b) variable is at most `x`.
///
/// Shapes are positive and at most 1e9. The relative error is about 1e-13; it grows if one shape
/// is a thousand times the other or more, because `x` is then close to 0 or 1. Returns NaN for
/// shapes that are not positive and for NaN.
pub(crate) fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    beta_cdf_of_pair(x, 1.0 - x, a, b)
}

/// [`beta_cdf`] at `x`, for callers that know `y` = 1 − `x` to all its digits.
pub(crate) fn beta_cdf_of_pair(x: f64, y: f64, a: f64, b: f64) -> f64 {
    if !(a > 0.0 && b > 0.0) || x.is_nan() || y.is_nan() {
        return f64::NAN;
    }
    if x <= 0.0 {
        return 0.0;
    }
    if y <= 0.0 {
        return 1.0;
    }
    // The smaller of x and y has all its digits; the logarithm of the other follows from it.
    let (ln_x, ln_y) = if x < y {
        (ln(x), libm::log1p(-x))
    } else {
        (libm::log1p(-y), ln(y))
    };
    BetaPoint { x, y, ln_x, ln_y }.probability(a, b, ln_beta(a, b))
}

/// The quantile of a Beta(a, b) variable.
///
/// Returns 0 at 0, 1 at 1, and NaN outside [0, 1] or for shapes that are not positive.
pub(crate) fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    if p <= 0.5 {
        logistic(beta_log_odds_quantile(p, a, b))
    } else {
        logistic(-beta_log_odds_quantile(1.0 - p, b, a))
    }
}

/// The log-odds of [`beta_quantile`], exact to about 1e-13 where the quantile is close to 0.
///
/// For quantiles close to 1 use the mirror image: the log-odds at `p` of (a, b) are minus those at
/// 1 − `p` of (b, a).
pub(crate) fn beta_log_odds_quantile(p: f64, a: f64, b: f64) -> f64 {
    if !((0.0..=1.0).contains(&p) && a > 0.0 && b > 0.0) {
        return f64::NAN;
    }
    if p == 0.0 {
        return f64::NEG_INFINITY;
    }
    if p == 1.0 {
        return f64::INFINITY;
    }
    let z = normal_quantile(p);
    if a.min(b) > NEARLY_NORMAL {
        return nearly_normal_log_odds(z, a, b);
    }
    let (ln_p, ln_b) = (ln(p), ln_beta(a, b));
    let mut odds = first_guess(z, ln_p, ln_b, a, b);
    for _ in 0..MOST_STEPS {
        let (ln_probability, slope) = BetaPoint::at(odds).ln_probability(a, b, ln_b);
        let step = (ln_probability - ln_p) / slope;
        if !step.is_finite() {
            // Too far to the right to have any probability left: go back towards the middle.
            odds = 0.5 * (odds + ln(a / b));
            continue;
        }
        odds -= step;
        if step.abs() <= 1e-11 * odds.abs().max(1.0) {
            break;
        }
    }
    odds
}

/// The logarithm of the beta function, without the cancellation of three large log-gammas.
pub(crate) fn ln_beta(a: f64, b: f64) -> f64 {
    let (small, large) = (a.min(b), a.max(b));
    let share = small / (small + large);
    if small >= 10.0 {
        let correction = stirling_rest(small) + stirling_rest(large) - stirling_rest(small + large);
        HALF_LN_TAU - 0.5 * ln(large)
            + correction
            + (small - 0.5) * ln(share)
            + large * libm::log1p(-share)
    } else if large >= 10.0 {
        let correction = stirling_rest(large) - stirling_rest(small + large);
        libm::lgamma(small) + correction + small - small * ln(small + large)
            + (large - 0.5) * libm::log1p(-share)
    } else {
        libm::lgamma(small) + libm::lgamma(large) - libm::lgamma(small + large)
    }
}

/// The remainder of Stirling's formula for ln Γ(x), for x of at least 10 (DLMF 5.11.1).
fn stirling_rest(x: f64) -> f64 {
    let r = 1.0 / (x * x);
    let series = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1_260.0,
        -1.0 / 1_680.0,
        1.0 / 1_188.0,
        -691.0 / 360_360.0,
    ];
    series.iter().rev().fold(0.0, |sum, term| sum * r + term) / x
}

/// A point of the unit interval, with its complement and the logarithms of both.
struct BetaPoint {
    x: f64,
    y: f64,
    ln_x: f64,
    ln_y: f64,
}

impl BetaPoint {
    fn at(odds: f64) -> BetaPoint {
        let rest = libm::log1p(exp(-odds.abs()));
        let (ln_x, ln_y) = if odds < 0.0 {
            (odds - rest, -rest)
        } else {
            (-rest, -odds - rest)
        };
        BetaPoint {
            x: logistic(odds),
            y: logistic(-odds),
            ln_x,
            ln_y,
        }
    }

    fn probability(&self, a: f64, b: f64, ln_b: f64) -> f64 {
        let front = exp(self.ln_front(a, b, ln_b));
        let below = if self.is_left(a, b) {
            front * fraction(self.x, a, b) / a
        } else {
            1.0 - front * fraction(self.y, b, a) / b
        };
        below.clamp(0.0, 1.0)
    }

    /// The logarithm of the distribution function, which does not underflow on the left, and its
    /// slope over the log-odds.
    fn ln_probability(&self, a: f64, b: f64, ln_b: f64) -> (f64, f64) {
        let ln_front = self.ln_front(a, b, ln_b);
        if self.is_left(a, b) {
            let share = fraction(self.x, a, b) / a;
            (ln_front + ln(share), 1.0 / share)
        } else {
            let front = exp(ln_front);
            let above = front * fraction(self.y, b, a) / b;
            (libm::log1p(-above), front / (1.0 - above))
        }
    }

    /// The logarithm of the density over the log-odds.
    fn ln_front(&self, a: f64, b: f64, ln_b: f64) -> f64 {
        a * self.ln_x + b * self.ln_y - ln_b
    }

    /// Whether the continued fraction converges fast at the point itself, not at its complement.
    fn is_left(&self, a: f64, b: f64) -> bool {
        self.x < (a + 1.0) / (a + b + 2.0)
    }
}

/// The continued fraction of the incomplete beta function (modified Lentz).
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let guard = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for m in 1..=LONGEST_FRACTION {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / guard(1.0 + even * d);
        c = guard(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / guard(1.0 + odd * d);
        c = guard(1.0 + odd / c);
        let change = d * c;
        value *= change;
        if (change - 1.0).abs() <= 2.0 * f64::EPSILON {
            break;
        }
    }
    value
}

fn first_guess(z: f64, ln_p: f64, ln_b: f64, a: f64, b: f64) -> f64 {
    if a < 1.0 {
        // Near zero the distribution function is x^a / (a B(a, b)).
        ((ln_p + ln(a) + ln_b) / a).min(0.0)
    } else {
        ln(a / b) + z * (log_odds_variance(a) + log_odds_variance(b)).sqrt()
    }
}

/// The first terms of the trigamma function.
fn log_odds_variance(shape: f64) -> f64 {
    (1.0 + 0.5 / shape) / shape
}

/// The Cornish–Fisher expansion from the cumulants of the log-odds of a Beta(a, b) variable, which
/// are differences and sums of polygamma functions.
fn nearly_normal_log_odds(z: f64, a: f64, b: f64) -> f64 {
    let centre = ln(a / b) - 0.5 * (1.0 / a - 1.0 / b);
    let variance = log_odds_variance(a) + log_odds_variance(b);
    let sd = variance.sqrt();
    let third = (1.0 + 1.0 / b) / (b * b) - (1.0 + 1.0 / a) / (a * a);
    let fourth = 2.0 / (a * a * a) + 2.0 / (b * b * b);
    let (skewness, excess) = (third / (variance * sd), fourth / (variance * variance));
    let bend = skewness * (z * z - 1.0) / 6.0 + excess * (z * z * z - 3.0 * z) / 24.0
        - skewness * skewness * (2.0 * z * z * z - 5.0 * z) / 36.0;
    centre + sd * (z + bend)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::functions::normal_cdf;
    use proptest::prelude::*;
    use statrs::distribution::{Beta, ContinuousCDF};

    const SHAPES: [f64; 8] = [0.05, 0.5, 1.0, 2.5, 12.0, 80.0, 900.0, 5e4];

    #[test]
    fn the_distribution_function_agrees_with_statrs() {
        // statrs loses digits to large log-gammas beyond this.
        let shapes = &SHAPES[..7];
        for (a, b) in shapes
            .iter()
            .flat_map(|a| shapes.iter().map(move |b| (*a, *b)))
        {
            let theirs = Beta::new(a, b).expect("positive shapes");
            for x in [1e-9, 0.003, 0.1, 0.37, 0.5, 0.8, 0.999] {
                let (ours, theirs) = (beta_cdf(x, a, b), theirs.cdf(x));
                assert!(
                    (ours - theirs).abs() < 1e-11,
                    "{x} {a} {b}: {ours} {theirs}"
                );
            }
        }
    }

    #[test]
    fn the_quantile_inverts_the_distribution_function() {
        for (a, b) in SHAPES
            .iter()
            .flat_map(|a| SHAPES.iter().map(move |b| (*a, *b)))
        {
            for p in [1e-12, 1e-5, 0.02, 0.3, 0.5, 0.77, 0.999] {
                let odds = beta_log_odds_quantile(p, a, b);
                let back = exp(BetaPoint::at(odds).ln_probability(a, b, ln_beta(a, b)).0);
                assert!((back / p - 1.0).abs() < 1e-10, "{p} {a} {b}: {back}");
            }
        }
    }

    #[test]
    fn special_cases_have_their_closed_forms() {
        for p in [0.0, 1e-8, 0.25, 0.5, 0.9, 1.0] {
            assert!((beta_quantile(p, 1.0, 1.0) - p).abs() < 1e-15);
            assert!((beta_quantile(p, 2.0, 1.0) - p.sqrt()).abs() < 1e-15);
        }
        assert!((beta_quantile(0.25, 0.5, 0.5) - 0.146_446_609_406_726_24).abs() < 1e-15);
        assert!((beta_cdf(0.5, 3.0, 3.0) - 0.5).abs() < 1e-15);
    }

    #[test]
    fn the_expansion_for_large_shapes_meets_the_iteration() {
        for (a, b) in [(1.2e6, 1.2e6), (2e6, 9e6), (4e7, 1.1e6)] {
            for z in [-5.0, -1.0, 0.0, 0.3, 4.0] {
                let p = normal_cdf(z);
                let x = logistic(nearly_normal_log_odds(normal_quantile(p), a, b));
                let slope = exp(a * ln(x) + b * ln(1.0 - x) - ln_beta(a, b)) / (x * (1.0 - x));
                let error = (beta_cdf(x, a, b) - p) / slope;
                assert!(error.abs() < 2e-12, "{a} {b} {z}: {error:e}");
            }
        }
    }

    #[test]
    fn nonsense_gives_nan_and_ends_give_ends() {
        assert!(beta_cdf(0.5, 0.0, 1.0).is_nan());
        assert!(beta_cdf(f64::NAN, 1.0, 1.0).is_nan());
        assert!(beta_quantile(1.5, 1.0, 1.0).is_nan());
        assert!(beta_quantile(0.5, f64::NAN, 1.0).is_nan());
        assert_eq!(beta_cdf(-1.0, 2.0, 2.0), 0.0);
        assert_eq!(beta_cdf(2.0, 2.0, 2.0), 1.0);
        assert_eq!(beta_quantile(0.0, 2.0, 2.0), 0.0);
        assert_eq!(beta_quantile(1.0, 2.0, 2.0), 1.0);
    }

    #[test]
    fn shapes_close_to_zero_give_an_almost_two_valued_variable() {
        assert!(beta_quantile(0.3, 1e-6, 1e-6) < 1e-100);
        assert!(beta_quantile(0.7, 1e-6, 1e-6) > 1.0 - 1e-15);
    }

    proptest! {
        #[test]
        fn the_quantile_is_found_for_all_shapes(
            a in -3.0_f64..6.0, b in -3.0_f64..6.0, z in -8.0_f64..0.0
        ) {
            let (a, b, p) = (exp(2.302 * a), exp(2.302 * b), normal_cdf(z));
            let odds = beta_log_odds_quantile(p, a, b);
            let (ln_probability, slope) = BetaPoint::at(odds).ln_probability(a, b, ln_beta(a, b));
            let error = (ln_probability - ln(p)) / slope;
            prop_assert!(error.abs() < 1e-9 * odds.abs().max(1.0), "{a} {b} {p}: {odds} {error:e}");
        }
    }

    #[test]
    fn quantiles_have_the_digits_of_thirty_digit_arithmetic() {
        // By mpmath 1.3 with 30 digits.
        let exact = [
            (0.01, 2.3, 5.1, 0.038_039_087_593_880_6),
            (0.3, 0.05, 12.0, 1.767_688_021_909_245e-12),
            (0.5, 80.0, 900.0, 0.081_348_095_158_477_4),
            (1e-6, 5e4, 20.0, 0.999_024_132_378_454_9),
        ];
        for (p, a, b, x) in exact {
            let found = beta_quantile(p, a, b);
            assert!((found / x - 1.0).abs() < 1e-12, "{p} {a} {b}: {found}");
        }
    }
}
