//! A normal variable between two bounds.

use super::density;
use crate::foundation::maths::{normal_cdf, normal_quantile};

/// The value of a score between the bounds, taken from the nearer tail to keep its digits.
pub(super) fn value(z: f64, mean: f64, sd: f64, low: f64, high: f64) -> f64 {
    let (from, to) = ((low - mean) / sd, (high - mean) / sd);
    let mass = mass_between(from, to);
    if sd == 0.0 || mass <= 0.0 {
        // All of it lies at the parent's mean, or at the bound that is nearest to it.
        return mean.clamp(low, high);
    }
    let below = normal_cdf(from) + normal_cdf(z) * mass;
    let above = normal_cdf(-to) + normal_cdf(-z) * mass;
    let score = if below <= above {
        normal_quantile(below)
    } else {
        -normal_quantile(above)
    };
    (mean + sd * score).clamp(low, high)
}

pub(super) fn mass_between(from: f64, to: f64) -> f64 {
    if from > 0.0 {
        normal_cdf(-from) - normal_cdf(-to)
    } else {
        normal_cdf(to) - normal_cdf(from)
    }
}

/// The mean between the bounds.
pub(super) fn mean(mean: f64, sd: f64, low: f64, high: f64) -> f64 {
    let (from, to) = ((low - mean) / sd, (high - mean) / sd);
    let mass = mass_between(from, to);
    if sd == 0.0 || mass <= 0.0 {
        return mean.clamp(low, high);
    }
    (mean + sd * (density(from) - density(to)) / mass).clamp(low, high)
}
