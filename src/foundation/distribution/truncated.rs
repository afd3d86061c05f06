//! A normal variable between two bounds.

use super::density;
use crate::foundation::maths::{normal_quantile, normal_tails};

/// A normal variable's numbers, and what its bounds cut off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cut {
    mean: f64,
    sd: f64,
    low: f64,
    high: f64,
    /// Probability of the parent below the lower bound.
    below: f64,
    /// Probability of the parent above the upper bound.
    above: f64,
    /// Probability of the parent between the bounds.
    pub(super) mass: f64,
}

impl Cut {
    pub(super) fn of(mean: f64, sd: f64, low: f64, high: f64) -> Cut {
        let (from, to) = ((low - mean) / sd, (high - mean) / sd);
        let ([below, not_below], [not_above, above]) = (normal_tails(from), normal_tails(to));
        let mass = if from > 0.0 {
            not_below - above
        } else {
            not_above - below
        };
        Cut {
            mean,
            sd,
            low,
            high,
            below,
            above,
            mass,
        }
    }

    /// The variable whose parent's mean lies elsewhere.
    pub(super) fn shifted(self, shift: f64) -> Cut {
        if shift == 0.0 {
            self
        } else {
            Cut::of(self.mean + shift, self.sd, self.low, self.high)
        }
    }

    /// Whether all of it lies at the parent's mean, or at the bound that is nearest to it.
    fn is_a_point(&self) -> bool {
        self.sd == 0.0 || self.mass <= 0.0
    }

    /// The value of a score between the bounds, taken from the nearer tail to keep its digits.
    pub(super) fn value(&self, z: f64) -> f64 {
        if self.is_a_point() {
            return self.mean.clamp(self.low, self.high);
        }
        let [lower, upper] = normal_tails(z);
        let below = self.below + lower * self.mass;
        let above = self.above + upper * self.mass;
        let score = if below <= above {
            normal_quantile(below)
        } else {
            -normal_quantile(above)
        };
        (self.mean + self.sd * score).clamp(self.low, self.high)
    }

    /// The mean between the bounds.
    pub(super) fn mean(&self) -> f64 {
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
