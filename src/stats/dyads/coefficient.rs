//! A coefficient of a regression: its value, its standard error, and what follows from them.

use crate::stats::interval::{Interval, upper_tail};
use crate::stats::student::{student_cdf, student_quantile};

/// A coefficient, or a combination of coefficients.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coefficient {
    /// Its estimate.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Degrees of freedom of its t distribution; infinite where it is taken as normal.
    pub dof: f64,
}

impl Coefficient {
    /// The estimate in units of its standard error.
    pub fn statistic(&self) -> f64 {
        self.value / self.standard_error
    }

    /// Probability of a statistic at least as far from 0 if the truth were 0 [0–1].
    pub fn p_value(&self) -> f64 {
        2.0 * student_cdf(-self.statistic().abs(), self.dof)
    }

    /// Student's interval of the given confidence.
    pub fn interval(&self, confidence: f64) -> Interval {
        let reach = student_quantile(upper_tail(confidence), self.dof);
        Interval::around(self.value, reach * self.standard_error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_of_one_quantile_of_errors_has_an_interval_that_ends_at_zero() {
        for (dof, reach) in [
            (4.0, 2.776_445_105_197_798),
            (f64::INFINITY, 1.959_963_984_540_054),
        ] {
            let found = Coefficient {
                value: reach * 0.5,
                standard_error: 0.5,
                dof,
            };
            assert!((found.statistic() - reach).abs() < 1e-12);
            assert!(
                (found.p_value() - 0.05).abs() < 1e-10,
                "{}",
                found.p_value()
            );
            assert!(found.interval(0.95).low.abs() < 1e-10);
            assert!(found.interval(1.0).low.is_nan());
        }
    }
}
