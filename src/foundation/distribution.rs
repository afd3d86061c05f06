//! Distributions of traits and starting states, read through their quantile functions.
//!
//! A person's value is the quantile of a standard normal score, so that scores correlated by a
//! [`Correlation`](super::correlation::Correlation) become traits correlated by a Gaussian copula,
//! whatever their families, and a shift of location moves a whole population without a new draw.

use super::beta::beta_log_odds_quantile;
use super::maths::{exp, logistic, normal_cdf, normal_quantile};
use std::error::Error;
use std::fmt;

/// What was asked for: a family and its numbers, not yet checked.
#[derive(Clone, Debug, PartialEq)]
pub enum Family {
    /// Always the same value.
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
    /// A normal variable given that it lies in [low, high].
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
    /// One of some values, by weight.
    Choice {
        /// The values in any order.
        values: Vec<f64>,
        /// One weight a value, 0 or more, not all 0; they need not sum to 1.
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

/// Why a [`Family`] with its numbers is no distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DistributionFault {
    /// A number is NaN or infinite.
    NotFinite {
        /// The number's name in [`Family`].
        field: &'static str,
    },
    /// A standard deviation is below 0.
    NegativeSpread {
        /// The standard deviation's name in [`Family`].
        field: &'static str,
        /// The standard deviation given.
        value: f64,
    },
    /// A beta mean lies outside [0, 1].
    MeanOutside {
        /// The mean given.
        mean: f64,
    },
    /// A beta variable with this mean cannot vary so much.
    SpreadTooLarge {
        /// The standard deviation given.
        sd: f64,
        /// The limit that it must stay below.
        limit: f64,
    },
    /// The lowest value is not below the highest.
    EmptyRange {
        /// Lowest value given.
        low: f64,
        /// Highest value given.
        high: f64,
    },
    /// There is not one weight for each value, or no value at all.
    WeightCount {
        /// How many values were given.
        values: usize,
        /// How many weights were given.
        weights: usize,
    },
    /// A weight is below 0.
    NegativeWeight {
        /// Its place in the list, from 0.
        index: usize,
        /// The weight given.
        weight: f64,
    },
    /// All weights are 0, or their sum is too large to be a number.
    NoWeight,
}

impl fmt::Display for DistributionFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFinite { field } => write!(f, "{field} is not a finite number"),
            Self::NegativeSpread { field, value } => write!(f, "{field} is {value}, below 0"),
            Self::MeanOutside { mean } => write!(f, "mean is {mean}, outside 0 to 1"),
            Self::SpreadTooLarge { sd, limit } => {
                write!(f, "sd is {sd}, and must be below {limit} with this mean")
            }
            Self::EmptyRange { low, high } => write!(f, "low ({low}) is not below high ({high})"),
            Self::WeightCount { values, weights } => {
                write!(f, "{weights} weights for {values} values")
            }
            Self::NegativeWeight { index, weight } => {
                write!(f, "weight {index} is {weight}, below 0")
            }
            Self::NoWeight => write!(f, "the weights do not sum to a positive number"),
        }
    }
}

impl Error for DistributionFault {}

/// A checked distribution, ready to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    family: Family,
    reading: Reading,
}

/// What reading needs beyond the family's own numbers.
#[derive(Clone, Debug, PartialEq)]
enum Reading {
    Direct,
    Beta { a: f64, b: f64 },
    /// Values that can occur, ascending, each with the probability of it or a lower one.
    Choice(Vec<(f64, f64)>),
}

impl Distribution {
    /// Checks a family's numbers.
    ///
    /// # Errors
    /// The first [`DistributionFault`] in the order of the family's fields.
    pub fn new(family: Family) -> Result<Distribution, DistributionFault> {
        let reading = match &family {
            Family::Constant { value } => finite("value", *value).map(|()| Reading::Direct)?,
            Family::Normal { mean, sd } => {
                finite("mean", *mean)?;
                spread("sd", *sd).map(|()| Reading::Direct)?
            }
            Family::TruncatedNormal { mean, sd, low, high } => {
                finite("mean", *mean)?;
                spread("sd", *sd)?;
                range(*low, *high).map(|()| Reading::Direct)?
            }
            Family::Beta { mean, sd } => beta_reading(*mean, *sd)?,
            Family::Uniform { low, high } => range(*low, *high).map(|()| Reading::Direct)?,
            Family::Choice { values, weights } => choice_reading(values, weights)?,
            Family::LogitNormal { location, scale } | Family::LogNormal { location, scale } => {
                finite("location", *location)?;
                spread("scale", *scale).map(|()| Reading::Direct)?
            }
        };
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
            (Family::TruncatedNormal { mean, sd, low, high }, _) => {
                truncated_normal(z, mean + shift, *sd, *low, *high)
            }
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
            (Family::TruncatedNormal { mean, sd, low, high }, _) => {
                truncated_mean(*mean, *sd, *low, *high)
            }
            (Family::Uniform { low, high }, _) => 0.5 * low + 0.5 * high,
            (Family::LogitNormal { location, scale }, _) => logit_normal_mean(*location, *scale),
            (Family::LogNormal { location, scale }, _) => exp(location + 0.5 * scale * scale),
            (Family::Choice { .. }, Reading::Choice(steps)) => steps
                .iter()
                .fold((0.0, 0.0), |(sum, below), (value, upto)| (sum + value * (upto - below), *upto))
                .0,
            (Family::Choice { .. }, _) => f64::NAN,
        }
    }
}

fn finite(field: &'static str, value: f64) -> Result<(), DistributionFault> {
    if value.is_finite() { Ok(()) } else { Err(DistributionFault::NotFinite { field }) }
}

fn spread(field: &'static str, value: f64) -> Result<(), DistributionFault> {
    finite(field, value)?;
    if value >= 0.0 { Ok(()) } else { Err(DistributionFault::NegativeSpread { field, value }) }
}

fn range(low: f64, high: f64) -> Result<(), DistributionFault> {
    finite("low", low)?;
    finite("high", high)?;
    if low < high { Ok(()) } else { Err(DistributionFault::EmptyRange { low, high }) }
}

fn beta_reading(mean: f64, sd: f64) -> Result<Reading, DistributionFault> {
    finite("mean", mean)?;
    if !(0.0..=1.0).contains(&mean) {
        return Err(DistributionFault::MeanOutside { mean });
    }
    spread("sd", sd)?;
    let most = mean * (1.0 - mean);
    if sd == 0.0 {
        return Ok(Reading::Direct);
    }
    let size = most / (sd * sd) - 1.0;
    let (a, b) = (mean * size, (1.0 - mean) * size);
    if !(a > 0.0 && b > 0.0) {
        return Err(DistributionFault::SpreadTooLarge { sd, limit: most.sqrt() });
    }
    // A spread too small for its square to be a number is none.
    Ok(if size.is_finite() { Reading::Beta { a, b } } else { Reading::Direct })
}

fn choice_reading(values: &[f64], weights: &[f64]) -> Result<Reading, DistributionFault> {
    if values.is_empty() || values.len() != weights.len() {
        let (values, weights) = (values.len(), weights.len());
        return Err(DistributionFault::WeightCount { values, weights });
    }
    values.iter().try_for_each(|value| finite("values", *value))?;
    for (index, weight) in weights.iter().copied().enumerate() {
        finite("weights", weight)?;
        if weight < 0.0 {
            return Err(DistributionFault::NegativeWeight { index, weight });
        }
    }
    let total: f64 = weights.iter().sum();
    if !(total > 0.0 && total.is_finite()) {
        return Err(DistributionFault::NoWeight);
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
    Ok(Reading::Choice(steps))
}

/// A distance of `z` standard deviations, none where there is no spread even if `z` is infinite.
fn spread_by(sd: f64, z: f64) -> f64 {
    if sd == 0.0 { 0.0 } else { sd * z }
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

fn truncated_normal(z: f64, mean: f64, sd: f64, low: f64, high: f64) -> f64 {
    let (from, to) = ((low - mean) / sd, (high - mean) / sd);
    let mass = mass_between(from, to);
    if sd == 0.0 || mass <= 0.0 {
        // All of it lies at the parent's mean, or at the bound that is nearest to it.
        return mean.clamp(low, high);
    }
    let below = normal_cdf(from) + normal_cdf(z) * mass;
    let above = normal_cdf(-to) + normal_cdf(-z) * mass;
    let score = if below <= above { normal_quantile(below) } else { -normal_quantile(above) };
    (mean + sd * score).clamp(low, high)
}

fn mass_between(from: f64, to: f64) -> f64 {
    if from > 0.0 {
        normal_cdf(-from) - normal_cdf(-to)
    } else {
        normal_cdf(to) - normal_cdf(from)
    }
}

fn density(z: f64) -> f64 {
    0.398_942_280_401_432_7 * exp(-0.5 * z * z)
}

fn truncated_mean(mean: f64, sd: f64, low: f64, high: f64) -> f64 {
    let (from, to) = ((low - mean) / sd, (high - mean) / sd);
    let mass = mass_between(from, to);
    if sd == 0.0 || mass <= 0.0 {
        return mean.clamp(low, high);
    }
    (mean + sd * (density(from) - density(to)) / mass).clamp(low, high)
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
        (sum + density * logistic(location + scale * z), weight + density)
    });
    sum / weight
}

#[cfg(test)]
#[path = "distribution_tests.rs"]
mod tests;
