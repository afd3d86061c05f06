//! Distributions of traits and starting states, read through their quantile functions.
//!
//! A person's value is the quantile of a standard normal score, so that scores correlated by a
//! [`Correlation`](super::correlation::Correlation) become traits correlated by a Gaussian copula,
//! whatever their families, and a shift of location moves a whole population without a new draw.

pub mod family;
pub mod prepared;
#[cfg(test)]
pub(crate) mod tests;
pub mod truncated;

use super::beta::beta_log_odds_quantile;
use super::functions::{exp, exps, logistic, logistics, normal_cdf, normal_quantile, tails};
use crate::simd::vector::Vector;

use crate::math::distribution::prepared::Reading;
pub use family::{DistributionFault, Family};

/// A checked distribution, ready to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    family: Family,
    reading: Reading,
}

impl Distribution {
    /// Checks a family's numbers.
    ///
    /// # Errors
    /// The first [`DistributionFault`] in the order of the family's fields.
    pub fn new(family: Family) -> Result<Distribution, DistributionFault> {
        let reading = Reading::of(&family)?;
        Ok(Distribution { family, reading })
    }

    /// The distribution that always gives `value`.
    ///
    /// # Errors
    /// [`DistributionFault::NotFinite`].
    pub fn constant(value: f64) -> Result<Distribution, DistributionFault> {
        Distribution::new(Family::Constant { value })
    }

    /// The family and the numbers that this was made from.
    pub fn family(&self) -> &Family {
        &self.family
    }

    /// The value that belongs to a standard normal score; it does not fall as `z` rises, but for
    /// the last bits.
    ///
    /// `shift` moves the location: the mean of a normal, the parent's mean of a truncated normal
    /// (its bounds stay), the log-odds of a logit-normal and the logarithm of a log-normal. To the
    /// other families' values it is added, and the caller bounds the sum.
    pub fn value(&self, z: f64, shift: f64) -> f64 {
        match (&self.family, &self.reading) {
            (Family::Constant { value }, _) => value + shift,
            (Family::Normal { mean, sd }, _) => mean + shift + spread_by(*sd, z),
            (Family::TruncatedNormal { .. }, Reading::Truncated(cut)) => {
                cut.shifted(shift).value(z)
            }
            (Family::TruncatedNormal { .. }, _) => f64::NAN,
            (Family::Beta { .. }, Reading::Beta { a, b }) => beta_value(z, *a, *b) + shift,
            (Family::Beta { mean, .. }, _) => mean + shift,
            (Family::Uniform { low, high }, _) => uniform(z, *low, *high) + shift,
            (Family::LogitNormal { location, scale }, _) => {
                logistic(location + shift + spread_by(*scale, z))
            }
            (Family::LogNormal { location, scale }, _) => {
                exp(location + shift + spread_by(*scale, z))
            }
            (Family::Choice { .. }, Reading::Choice(steps)) => choose(normal_cdf(z), steps) + shift,
            (Family::Choice { .. }, _) => f64::NAN,
        }
    }

    /// [`Distribution::value`] of each couple of a lane, from its own score and shift.
    #[inline(always)]
    pub fn values<L: Vector>(&self, z: L, shift: L) -> L {
        if L::LANES == 1 {
            return L::splat(self.value(z.extract(0), shift.extract(0)));
        }
        match (&self.family, &self.reading) {
            (Family::Constant { value }, _) => shift + *value,
            (Family::Normal { mean, sd }, _) => shift + *mean + spread_by(*sd, z),
            (Family::TruncatedNormal { .. }, Reading::Truncated(cut)) => cut.values(z, shift),
            (Family::Uniform { low, high }, _) => {
                let [below, above] = tails(z);
                let lower = below * (high - low) + *low;
                let upper = -(above * (high - low)) + *high;
                lower.select(L::splat(0.0).ge(z), upper) + shift
            }
            (Family::LogitNormal { location, scale }, _) => {
                logistics(shift + *location + spread_by(*scale, z))
            }
            (Family::LogNormal { location, scale }, _) => {
                exps(shift + *location + spread_by(*scale, z))
            }
            _ => {
                let mut values = z;
                for place in 0..L::LANES {
                    values.replace(place, self.value(z.extract(place), shift.extract(place)));
                }
                values
            }
        }
    }

    /// The value that is exceeded with probability 1 − `p`; NaN outside [0, 1].
    pub fn quantile(&self, p: f64) -> f64 {
        match &self.reading {
            _ if !(0.0..=1.0).contains(&p) => f64::NAN,
            Reading::Choice(steps) => choose(p, steps),
            _ => self.value(normal_quantile(p), 0.0),
        }
    }

    /// The mean, to about 1e-12.
    pub fn mean(&self) -> f64 {
        match (&self.family, &self.reading) {
            (Family::Constant { value }, _) => *value,
            (Family::Normal { mean, .. } | Family::Beta { mean, .. }, _) => *mean,
            (Family::TruncatedNormal { .. }, Reading::Truncated(cut)) => cut.mean(),
            (Family::TruncatedNormal { .. }, _) => f64::NAN,
            (Family::Uniform { low, high }, _) => 0.5 * low + 0.5 * high,
            (Family::LogitNormal { location, scale }, _) => logit_normal_mean(*location, *scale),
            (Family::LogNormal { location, scale }, _) => exp(location + 0.5 * scale * scale),
            (Family::Choice { .. }, Reading::Choice(steps)) => {
                steps
                    .iter()
                    .fold((0.0, 0.0), |(sum, below), (value, upto)| {
                        (sum + value * (upto - below), *upto)
                    })
                    .0
            }
            (Family::Choice { .. }, _) => f64::NAN,
        }
    }
}

/// A distance of `z` standard deviations, none where there is no spread even if `z` is infinite.
#[inline(always)]
fn spread_by<L: Vector>(sd: f64, z: L) -> L {
    if sd == 0.0 { L::splat(0.0) } else { z * sd }
}

fn uniform(z: f64, low: f64, high: f64) -> f64 {
    // From the nearer end, so that both ends are reached exactly.
    if z <= 0.0 {
        low + (high - low) * normal_cdf(z)
    } else {
        high - (high - low) * normal_cdf(-z)
    }
}

fn beta_value(z: f64, a: f64, b: f64) -> f64 {
    if z <= 0.0 {
        logistic(beta_log_odds_quantile(normal_cdf(z), a, b))
    } else {
        logistic(-beta_log_odds_quantile(normal_cdf(-z), b, a))
    }
}

fn choose(p: f64, steps: &[(f64, f64)]) -> f64 {
    let place = steps.partition_point(|(_, upto)| *upto < p);
    steps.get(place).map_or(f64::NAN, |(value, _)| *value)
}

fn density(z: f64) -> f64 {
    0.398_942_280_401_432_7 * exp(-0.5 * z * z)
}

/// The trapezoidal rule over the score, which is exact to rounding while the step is small beside
/// the distance, π / scale, of the integrand's poles from the real line.
fn logit_normal_mean(location: f64, scale: f64) -> f64 {
    const WIDEST: f64 = 1e3;
    if scale > WIDEST {
        // The logistic function is then a step, but for its own variance of π² / 3.
        return normal_cdf(location / (scale * scale + 3.289_868_133_696_453).sqrt());
    }
    let steps = (8.0_f64).max(2.0 * scale).ceil();
    let reach = (9.0 * steps) as i32;
    let (sum, weight) = (-reach..=reach).fold((0.0, 0.0), |(sum, weight), k| {
        let z = f64::from(k) / steps;
        let density = density(z);
        (
            sum + density * logistic(location + scale * z),
            weight + density,
        )
    });
    sum / weight
}
