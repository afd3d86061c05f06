//! Distributions of traits and initial states, sampled through their quantile functions.
//!
//! A person's value is the quantile of a standard normal score. Scores that a
//! [`GaussianCopula`](super::correlation::GaussianCopula) correlates so become traits with a Gaussian
//! copula, whatever their families, and a shift of location moves a population without new draws.

#[cfg(test)]
mod tests;

use super::beta::beta_log_odds_quantile;
use super::functions::{exp, logistic, normal_cdf, normal_cdf_pair, normal_quantile, vector};
use crate::simd::vector::{Mask, Vector};
use thiserror::Error;

/// A family and its numbers, not yet checked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Family {
    /// A constant.
    Constant {
        /// The value.
        value: f64,
    },
    /// A normal variable.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation, 0 or more.
        sd: f64,
    },
    /// A normal variable restricted to [low, high].
    TruncatedNormal {
        /// Mean of the parent normal.
        mean: f64,
        /// Standard deviation of the parent normal, 0 or more.
        sd: f64,
        /// Lowest value.
        low: f64,
        /// Highest value.
        high: f64,
    },
    /// A beta variable on [0, 1].
    Beta {
        /// Mean [0–1].
        mean: f64,
        /// Standard deviation, below √(mean (1 − mean)).
        sd: f64,
    },
    /// A uniform variable on [low, high].
    Uniform {
        /// Lowest value.
        low: f64,
        /// Highest value.
        high: f64,
    },
    /// One of several values, by weight.
    Choice {
        /// The values in any order.
        values: Vec<f64>,
        /// One weight for each value, 0 or more, not all 0; they need not sum to 1.
        weights: Vec<f64>,
    },
    /// A variable on (0, 1) whose log-odds are normal.
    LogitNormal {
        /// Log-odds of the median.
        location: f64,
        /// Standard deviation of the log-odds, 0 or more.
        scale: f64,
    },
    /// A positive variable whose logarithm is normal.
    LogNormal {
        /// Logarithm of the median.
        location: f64,
        /// Standard deviation of the logarithm, 0 or more.
        scale: f64,
    },
}

/// Why a [`Family`] with its numbers is not a distribution.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
pub(crate) enum DistributionError {
    /// A number is NaN or infinite.
    #[error("{field} is not a finite number")]
    NotFinite {
        /// The number's name in [`Family`].
        field: &'static str,
    },
    /// A standard deviation is below 0.
    #[error("{field} is {value}, below 0")]
    NegativeSpread {
        /// The standard deviation's name in [`Family`].
        field: &'static str,
        /// The standard deviation given.
        value: f64,
    },
    /// A beta mean lies outside [0, 1].
    #[error("mean is {mean}, outside 0 to 1")]
    MeanOutside {
        /// The mean given.
        mean: f64,
    },
    /// A beta variable with this mean cannot have this standard deviation.
    #[error("sd is {sd}, and must be below {limit} with this mean")]
    SpreadTooLarge {
        /// The standard deviation given.
        sd: f64,
        /// The limit that it must stay below.
        limit: f64,
    },
    /// The lowest value is not below the highest.
    #[error("low ({low}) is not below high ({high})")]
    EmptyRange {
        /// Lowest value given.
        low: f64,
        /// Highest value given.
        high: f64,
    },
    /// The numbers of values and weights differ, or there is no value.
    #[error("{weights} weights for {values} values")]
    WeightCount {
        /// How many values were given.
        values: usize,
        /// How many weights were given.
        weights: usize,
    },
    /// A weight is below 0.
    #[error("weight {index} is {weight}, below 0")]
    NegativeWeight {
        /// Its place in the list, from 0.
        index: usize,
        /// The weight given.
        weight: f64,
    },
    /// All weights are 0, or their sum is infinite.
    #[error("the weights do not sum to a positive number")]
    NoWeight,
}

/// A checked distribution.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Distribution {
    family: Family,
    prepared: Prepared,
}

impl Distribution {
    /// Checks a family's numbers.
    ///
    /// # Errors
    /// The first [`DistributionError`] in the order of the family's fields.
    pub(crate) fn new(family: Family) -> Result<Distribution, DistributionError> {
        let prepared = Prepared::of(&family)?;
        Ok(Distribution { family, prepared })
    }

    /// The family and the numbers that this was made from.
    pub(crate) fn family(&self) -> &Family {
        &self.family
    }

    /// The value of a standard normal score; it increases with `z`, except for the last bits.
    ///
    /// `shift` moves the location: the mean of a normal, the parent's mean of a truncated normal
    /// (its bounds stay), the log-odds of a logit-normal and the logarithm of a log-normal. It is
    /// added to the values of the other families, and the caller limits the sum.
    pub(crate) fn value(&self, z: f64, shift: f64) -> f64 {
        match (&self.family, &self.prepared) {
            (Family::Constant { value }, _) => value + shift,
            (Family::Normal { mean, sd }, _) => mean + shift + spread_by(*sd, z),
            (Family::TruncatedNormal { .. }, Prepared::Truncated(cut)) => {
                cut.shifted(shift).value(z)
            }
            (Family::TruncatedNormal { .. }, _) => f64::NAN,
            (Family::Beta { .. }, Prepared::Beta { a, b }) => beta_value(z, *a, *b) + shift,
            (Family::Beta { mean, .. }, _) => mean + shift,
            (Family::Uniform { low, high }, _) => uniform(z, *low, *high) + shift,
            (Family::LogitNormal { location, scale }, _) => {
                logistic(location + shift + spread_by(*scale, z))
            }
            (Family::LogNormal { location, scale }, _) => {
                exp(location + shift + spread_by(*scale, z))
            }
            (Family::Choice { .. }, Prepared::Choice(steps)) => {
                choose(normal_cdf(z), steps) + shift
            }
            (Family::Choice { .. }, _) => f64::NAN,
        }
    }

    /// [`Distribution::value`] of each couple of a vector, with a score and a shift for each.
    #[inline(always)]
    pub(crate) fn values<L: Vector>(&self, z: L, shift: L) -> L {
        if L::LANES == 1 {
            return L::splat(self.value(z.extract(0), shift.extract(0)));
        }
        match (&self.family, &self.prepared) {
            (Family::Constant { value }, _) => shift + *value,
            (Family::Normal { mean, sd }, _) => shift + *mean + spread_by(*sd, z),
            (Family::TruncatedNormal { .. }, Prepared::Truncated(cut)) => cut.values(z, shift),
            (Family::Uniform { low, high }, _) => {
                let [below, above] = vector::normal_cdf_pair(z);
                let lower = below * (high - low) + *low;
                let upper = -(above * (high - low)) + *high;
                lower.select(L::splat(0.0).ge(z), upper) + shift
            }
            (Family::LogitNormal { location, scale }, _) => {
                vector::logistic(shift + *location + spread_by(*scale, z))
            }
            (Family::LogNormal { location, scale }, _) => {
                vector::exp(shift + *location + spread_by(*scale, z))
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

    /// The quantile of probability `p`; NaN outside [0, 1].
    pub(crate) fn quantile(&self, p: f64) -> f64 {
        match &self.prepared {
            _ if !(0.0..=1.0).contains(&p) => f64::NAN,
            Prepared::Choice(steps) => choose(p, steps),
            _ => self.value(normal_quantile(p), 0.0),
        }
    }

    #[cfg(test)]
    /// The mean, to about 1e-12.
    pub(crate) fn mean(&self) -> f64 {
        match (&self.family, &self.prepared) {
            (Family::Constant { value }, _) => *value,
            (Family::Normal { mean, .. } | Family::Beta { mean, .. }, _) => *mean,
            (Family::TruncatedNormal { .. }, Prepared::Truncated(cut)) => cut.mean(),
            (Family::TruncatedNormal { .. }, _) => f64::NAN,
            (Family::Uniform { low, high }, _) => 0.5 * low + 0.5 * high,
            (Family::LogitNormal { location, scale }, _) => logit_normal_mean(*location, *scale),
            (Family::LogNormal { location, scale }, _) => exp(location + 0.5 * scale * scale),
            (Family::Choice { .. }, Prepared::Choice(steps)) => {
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

/// `z` standard deviations; 0 if `sd` is 0, even if `z` is infinite.
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

#[cfg(test)]
fn density(z: f64) -> f64 {
    0.398_942_280_401_432_7 * exp(-0.5 * z * z)
}

#[cfg(test)]
/// The trapezoidal rule over the score. It is exact to rounding if the step is small compared with
/// π / scale, the distance of the poles of the integrand from the real line.
fn logit_normal_mean(location: f64, scale: f64) -> f64 {
    const WIDEST: f64 = 1e3;
    if scale > WIDEST {
        // The logistic function then is a step, except for its own variance of π² / 3.
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

/// What the quantile function needs beyond the family's own numbers.
#[derive(Clone, Debug, PartialEq)]
enum Prepared {
    Direct,
    Truncated(TruncatedNormal),
    Beta {
        a: f64,
        b: f64,
    },
    /// Values that can occur, ascending, each with the probability of it or a lower one.
    Choice(Vec<(f64, f64)>),
}

impl Prepared {
    /// Checks a family's numbers in the order of its fields.
    fn of(family: &Family) -> Result<Prepared, DistributionError> {
        Ok(match family {
            Family::Constant { value } => finite("value", *value).map(|()| Prepared::Direct)?,
            Family::Normal { mean, sd } => {
                finite("mean", *mean)?;
                spread("sd", *sd).map(|()| Prepared::Direct)?
            }
            Family::TruncatedNormal {
                mean,
                sd,
                low,
                high,
            } => {
                finite("mean", *mean)?;
                spread("sd", *sd)?;
                range(*low, *high)?;
                Prepared::Truncated(TruncatedNormal::of(*mean, *sd, *low, *high))
            }
            Family::Beta { mean, sd } => prepare_beta(*mean, *sd)?,
            Family::Uniform { low, high } => range(*low, *high).map(|()| Prepared::Direct)?,
            Family::Choice { values, weights } => prepare_choice(values, weights)?,
            Family::LogitNormal { location, scale } | Family::LogNormal { location, scale } => {
                finite("location", *location)?;
                spread("scale", *scale).map(|()| Prepared::Direct)?
            }
        })
    }
}

fn finite(field: &'static str, value: f64) -> Result<(), DistributionError> {
    if value.is_finite() {
        Ok(())
    } else {
        Err(DistributionError::NotFinite { field })
    }
}

fn spread(field: &'static str, value: f64) -> Result<(), DistributionError> {
    finite(field, value)?;
    if value >= 0.0 {
        Ok(())
    } else {
        Err(DistributionError::NegativeSpread { field, value })
    }
}

fn range(low: f64, high: f64) -> Result<(), DistributionError> {
    finite("low", low)?;
    finite("high", high)?;
    if low < high {
        Ok(())
    } else {
        Err(DistributionError::EmptyRange { low, high })
    }
}

fn prepare_beta(mean: f64, sd: f64) -> Result<Prepared, DistributionError> {
    finite("mean", mean)?;
    if !(0.0..=1.0).contains(&mean) {
        return Err(DistributionError::MeanOutside { mean });
    }
    spread("sd", sd)?;
    let most = mean * (1.0 - mean);
    if sd == 0.0 {
        return Ok(Prepared::Direct);
    }
    let size = most / (sd * sd) - 1.0;
    let (a, b) = (mean * size, (1.0 - mean) * size);
    if !(a > 0.0 && b > 0.0) {
        return Err(DistributionError::SpreadTooLarge {
            sd,
            limit: most.sqrt(),
        });
    }
    // If the square of the spread underflows, the variable is constant.
    Ok(if size.is_finite() {
        Prepared::Beta { a, b }
    } else {
        Prepared::Direct
    })
}

fn prepare_choice(values: &[f64], weights: &[f64]) -> Result<Prepared, DistributionError> {
    if values.is_empty() || values.len() != weights.len() {
        let (values, weights) = (values.len(), weights.len());
        return Err(DistributionError::WeightCount { values, weights });
    }
    values
        .iter()
        .try_for_each(|value| finite("values", *value))?;
    for (index, weight) in weights.iter().copied().enumerate() {
        finite("weights", weight)?;
        if weight < 0.0 {
            return Err(DistributionError::NegativeWeight { index, weight });
        }
    }
    let total: f64 = weights.iter().sum();
    if !(total > 0.0 && total.is_finite()) {
        return Err(DistributionError::NoWeight);
    }
    let pairs = values.iter().copied().zip(weights.iter().copied());
    let mut steps: Vec<(f64, f64)> = pairs.filter(|(_, weight)| *weight > 0.0).collect();
    steps.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut sum = 0.0;
    for step in &mut steps {
        sum += step.1;
        step.1 = sum / total;
    }
    if let Some(last) = steps.last_mut() {
        last.1 = 1.0;
    }
    Ok(Prepared::Choice(steps))
}

/// A truncated normal variable, with the probabilities of its parent outside the bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
struct TruncatedNormal {
    mean: f64,
    sd: f64,
    low: f64,
    high: f64,
    /// Probability of the parent below the lower bound.
    below: f64,
    /// Probability of the parent above the upper bound.
    above: f64,
    /// Probability of the parent between the bounds.
    mass: f64,
}

impl TruncatedNormal {
    fn of(mean: f64, sd: f64, low: f64, high: f64) -> TruncatedNormal {
        let (from, to) = ((low - mean) / sd, (high - mean) / sd);
        let ([below, not_below], [not_above, above]) = (normal_cdf_pair(from), normal_cdf_pair(to));
        let mass = if from > 0.0 {
            not_below - above
        } else {
            not_above - below
        };
        TruncatedNormal {
            mean,
            sd,
            low,
            high,
            below,
            above,
            mass,
        }
    }

    /// The variable with the parent's mean shifted.
    fn shifted(self, shift: f64) -> TruncatedNormal {
        if shift == 0.0 {
            self
        } else {
            TruncatedNormal::of(self.mean + shift, self.sd, self.low, self.high)
        }
    }

    /// Whether all probability is at the parent's mean, or at the bound nearest to it.
    fn is_a_point(&self) -> bool {
        self.sd == 0.0 || self.mass <= 0.0
    }

    /// The value of a score, from the nearer tail to keep its digits.
    fn value(&self, z: f64) -> f64 {
        if self.is_a_point() {
            return self.mean.clamp(self.low, self.high);
        }
        let [lower, upper] = normal_cdf_pair(z);
        let below = self.below + lower * self.mass;
        let above = self.above + upper * self.mass;
        let score = if below <= above {
            normal_quantile(below)
        } else {
            -normal_quantile(above)
        };
        (self.mean + self.sd * score).clamp(self.low, self.high)
    }

    /// The values of a vector of scores, each with its own shift of the parent's mean.
    #[inline(always)]
    fn values<L: Vector>(&self, z: L, shift: L) -> L {
        let still = shift.ge(L::splat(0.0)) & L::splat(0.0).ge(shift);
        let mean = L::splat(self.mean).select(still, shift + self.mean);
        if self.sd == 0.0 {
            return self.clamped(mean);
        }
        let mut below = L::splat(self.below);
        let mut above = L::splat(self.above);
        let mut mass = L::splat(self.mass);
        if !(!still).none() {
            let from = (-mean + self.low).div(L::splat(self.sd));
            let to = (-mean + self.high).div(L::splat(self.sd));
            let ([under, not_under], [not_over, over]) =
                (vector::normal_cdf_pair(from), vector::normal_cdf_pair(to));
            let right = L::splat(0.0).lt(from);
            (below, above) = (under, over);
            mass = (not_under - over).select(right, not_over - under);
        }
        let [lower, upper] = vector::normal_cdf_pair(z);
        let (below, above) = (below + lower * mass, above + upper * mass);
        let left = above.ge(below);
        let score = vector::normal_quantile(below.select(left, above));
        let value = mean + score.select(left, -score) * self.sd;
        let a_point = L::splat(0.0).ge(mass);
        self.clamped(mean.select(a_point, value))
    }

    /// The numbers limited to the bounds.
    #[inline(always)]
    fn clamped<L: Vector>(&self, value: L) -> L {
        let (low, high) = (L::splat(self.low), L::splat(self.high));
        let value = low.select(value.lt(low), value);
        high.select(high.lt(value), value)
    }

    #[cfg(test)]
    /// The mean.
    fn mean(&self) -> f64 {
        if self.is_a_point() {
            return self.mean.clamp(self.low, self.high);
        }
        let (from, to) = (
            (self.low - self.mean) / self.sd,
            (self.high - self.mean) / self.sd,
        );
        (self.mean + self.sd * (density(from) - density(to)) / self.mass).clamp(self.low, self.high)
    }
}
