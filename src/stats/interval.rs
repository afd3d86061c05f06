//! Intervals of plausible values: the convention for their confidence, the score interval of a
//! proportion, and Student's t distribution, on which intervals of means rest.
//!
//! Student's functions go through the incomplete beta function. Of many degrees of freedom it would take
//! digits away, and expansions around the normal distribution are exact to rounding.

use crate::math::beta::{beta_cdf_of_pair, beta_log_odds_quantile};
use crate::math::functions::{exp, normal_cdf, normal_quantile};

/// The confidence of all intervals that tables and reports hold.
pub(crate) const CONFIDENCE: f64 = 0.95;

/// A closed interval; both ends are NaN where it is not defined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// The interval that is not defined.
    pub(crate) const UNDEFINED: Interval = Interval {
        low: f64::NAN,
        high: f64::NAN,
    };

    /// The interval of all values at most `half_width` from `centre`.
    pub(crate) fn around(centre: f64, half_width: f64) -> Interval {
        Interval {
            low: centre - half_width,
            high: centre + half_width,
        }
    }

    /// What lies between other bounds; where nothing does, the nearest of them. An undefined interval
    /// stays so.
    ///
    /// A parameter that lies between the bounds is in the interval after it is cut if it was before, so
    /// that the coverage stays what it is.
    pub(crate) fn cut_to(&self, bounds: Interval) -> Interval {
        Interval {
            low: self.low.clamp(bounds.low, bounds.high),
            high: self.high.clamp(bounds.low, bounds.high),
        }
    }

    /// Half the distance between the ends.
    pub(crate) fn half_width(&self) -> f64 {
        0.5 * (self.high - self.low)
    }

    /// Says whether a value lies in the interval, ends included; never where it is undefined.
    pub(crate) fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

/// The probability below the upper end of a two-sided interval: 0.975 for a confidence of 0.95.
///
/// NaN, and through it an undefined interval, for a confidence outside (0, 1).
pub(crate) fn upper_tail(confidence: f64) -> f64 {
    if confidence > 0.0 && confidence < 1.0 {
        0.5 + 0.5 * confidence
    } else {
        f64::NAN
    }
}

/// How many standard errors a normal interval reaches to either side.
pub(crate) fn normal_reach(confidence: f64) -> f64 {
    normal_quantile(upper_tail(confidence))
}

/// The score interval of a proportion (Wilson 1927), which keeps its coverage near 0 and 1.
///
/// Undefined of no trials, and of more successes than trials.
pub(crate) fn wilson(successes: u64, trials: u64, confidence: f64) -> Interval {
    if trials == 0 || successes > trials {
        return Interval::UNDEFINED;
    }
    let (n, z) = (trials as f64, normal_reach(confidence));
    let share = successes as f64 / n;
    let shrink = 1.0 + z * z / n;
    let centre = (share + 0.5 * z * z / n) / shrink;
    let reach = z * (share * (1.0 - share) / n + 0.25 * z * z / (n * n)).sqrt() / shrink;
    let interval = Interval::around(centre, reach);
    // Where nothing or everything succeeded, the end on that side is exact.
    Interval {
        low: if successes == 0 {
            0.0 * interval.low
        } else {
            interval.low
        },
        high: if successes == trials {
            1.0 + 0.0 * interval.high
        } else {
            interval.high
        },
    }
}

/// The interval of the difference of two proportions of different samples, as successes and trials, from their score
/// intervals (Newcombe 1998, method 10).
pub(crate) fn newcombe(one: (u64, u64), other: (u64, u64), confidence: f64) -> Interval {
    let share = |(successes, trials): (u64, u64)| successes as f64 / trials as f64;
    let [first, second] = [one, other].map(|of| (share(of), wilson(of.0, of.1, confidence)));
    let reach = |up: f64, down: f64| (up * up + down * down).sqrt();
    let difference = first.0 - second.0;
    Interval {
        low: difference - reach(first.0 - first.1.low, second.1.high - second.0),
        high: difference + reach(first.1.high - first.0, second.0 - second.1.low),
    }
}

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
    use crate::stats::test_support::{covered, oracle, uniforms};

    #[test]
    fn differences_of_proportions_have_the_interval_of_newcombe() {
        // Newcombe (1998), tables I and II, method 10: 56/70 against 48/80, 9/10 against 3/10, 10/10 against 0/20.
        for (one, other, low, high) in [
            ((56, 70), (48, 80), 0.0524, 0.3339),
            ((9, 10), (3, 10), 0.1705, 0.8090),
            ((10, 10), (0, 20), 0.6791, 1.0),
        ] {
            let found = newcombe(one, other, CONFIDENCE);
            assert!(
                (found.low - low).abs() < 5e-5 && (found.high - high).abs() < 5e-5,
                "{found:?}"
            );
        }
    }

    #[test]
    fn an_interval_holds_its_ends_and_an_undefined_one_nothing() {
        let interval = Interval::around(2.0, 0.5);
        assert_eq!(
            (interval.low, interval.high, interval.half_width()),
            (1.5, 2.5, 0.5)
        );
        assert!(interval.contains(1.5) && interval.contains(2.5) && !interval.contains(2.6));
        assert!(!Interval::UNDEFINED.contains(0.0) && !interval.contains(f64::NAN));
    }

    #[test]
    fn only_confidences_between_0_and_1_have_a_reach() {
        assert!((normal_reach(CONFIDENCE) - 1.959_963_984_540_054).abs() < 1e-14);
        assert!(
            [0.0, 1.0, -0.5, f64::NAN]
                .iter()
                .all(|c| normal_reach(*c).is_nan())
        );
    }

    #[test]
    fn intervals_agree_with_scipy() {
        let ends = oracle("wilson_low").into_iter().zip(oracle("wilson_high"));
        for ((successes, trials, low), (_, _, high)) in ends {
            let found = wilson(successes as u64, trials as u64, CONFIDENCE);
            assert!(
                (found.low - low).abs() < 1e-14,
                "{successes} of {trials}: {found:?}"
            );
            assert!(
                (found.high - high).abs() < 1e-14,
                "{successes} of {trials}: {found:?}"
            );
        }
    }

    #[test]
    fn ends_are_exact_and_nonsense_is_undefined() {
        assert_eq!(wilson(0, 10, 0.95).low, 0.0);
        assert_eq!(wilson(10, 10, 0.95).high, 1.0);
        assert!(wilson(0, 0, 0.95).low.is_nan());
        assert!(wilson(3, 2, 0.95).low.is_nan());
        assert!(wilson(0, 2, 1.5).low.is_nan());
    }

    #[test]
    fn the_interval_covers_the_proportion_as_often_as_it_says() {
        for (truth, trials) in [(0.1, 150), (0.37, 80), (0.5, 200)] {
            let rate = covered(truth, |study| {
                let successes = uniforms(study).take(trials).filter(|u| *u < truth).count();
                wilson(successes as u64, trials as u64, CONFIDENCE)
            });
            assert!((0.93..=0.97).contains(&rate), "{truth} {trials}: {rate}");
        }
    }

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
