//! A normal variable between two bounds.

use super::density;
use crate::math::functions::{normal_quantile, normal_quantiles, normal_tails, tails};
use crate::simd::vector::{Mask, Vector};

/// A normal variable's numbers, and what its bounds cut off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cut {
    mean: f64,
    sd: f64,
    low: f64,
    high: f64,
    /// Probability of the parent below the lower bound.
    below: f64,
    /// Probability of the parent above the upper bound.
    above: f64,
    /// Probability of the parent between the bounds.
    pub(crate) mass: f64,
}

impl Cut {
    pub(crate) fn of(mean: f64, sd: f64, low: f64, high: f64) -> Cut {
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
    pub(crate) fn shifted(self, shift: f64) -> Cut {
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
    pub(crate) fn value(&self, z: f64) -> f64 {
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

    /// The values of a lane's scores, each with the parent's mean shifted on its own.
    #[inline(always)]
    pub(crate) fn values<L: Vector>(&self, z: L, shift: L) -> L {
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
            let ([under, not_under], [not_over, over]) = (tails(from), tails(to));
            let right = L::splat(0.0).lt(from);
            (below, above) = (under, over);
            mass = (not_under - over).select(right, not_over - under);
        }
        let [lower, upper] = tails(z);
        let (below, above) = (below + lower * mass, above + upper * mass);
        let left = above.ge(below);
        let score = normal_quantiles(below.select(left, above));
        let value = mean + score.select(left, -score) * self.sd;
        let a_point = L::splat(0.0).ge(mass);
        self.clamped(mean.select(a_point, value))
    }

    /// The numbers held between the bounds.
    #[inline(always)]
    fn clamped<L: Vector>(&self, value: L) -> L {
        let (low, high) = (L::splat(self.low), L::splat(self.high));
        let value = low.select(value.lt(low), value);
        high.select(high.lt(value), value)
    }

    /// The mean between the bounds.
    pub(crate) fn mean(&self) -> f64 {
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
