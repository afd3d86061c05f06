//! The published statistics to which parameters are fitted.

use super::error::CalibrationError;
use crate::stats::interval::Interval;

/// A published statistic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct FitTarget {
    /// The published value.
    pub(crate) value: f64,
    /// Its standard error, above 0, where one is known.
    pub(crate) error: Option<f64>,
    /// The published interval, where one is given.
    pub(crate) interval: Option<Interval>,
    /// Its weight, above 0; usually 1.
    pub(crate) weight: f64,
}

impl FitTarget {
    /// Checks the numbers of target `target`; NaN is refused.
    pub(crate) fn check(&self, target: usize) -> Result<(), CalibrationError> {
        let refused = |why| Err(CalibrationError::Target { target, why });
        if !self.value.is_finite() {
            return refused("its value is not a finite number");
        }
        if self
            .error
            .is_some_and(|error| !(error > 0.0 && error.is_finite()))
        {
            return refused("its standard error is not above zero");
        }
        if self.interval.is_some_and(|it| {
            !(it.contains(self.value) && it.low.is_finite() && it.high.is_finite())
        }) {
            return refused("its interval does not hold its value");
        }
        if !(self.weight > 0.0 && self.weight.is_finite()) {
            return refused("its weight is not above zero");
        }
        Ok(())
    }

    /// Whether a statistic lies within the published interval, or within two standard errors of the
    /// value; `None` where neither is known.
    pub(crate) fn agrees(&self, statistic: f64) -> Option<bool> {
        match (self.interval, self.error) {
            (Some(it), _) => Some(it.contains(statistic)),
            (None, Some(error)) => Some((statistic - self.value).abs() <= 2.0 * error),
            (None, None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibrate::test_support::{value_alone, with_error};

    #[test]
    fn targets_out_of_range_are_refused() {
        let refused = |target: FitTarget| target.check(4).is_err();
        assert!(!refused(with_error(0.1, 0.2)));
        assert!(refused(value_alone(f64::NAN)));
        assert!(refused(with_error(0.1, 0.0)));
        assert!(refused(with_error(0.1, f64::NAN)));
        let interval = Some(Interval {
            low: 0.2,
            high: 0.3,
        });
        assert!(refused(FitTarget {
            interval,
            ..value_alone(0.1)
        }));
        assert!(refused(FitTarget {
            weight: 0.0,
            ..value_alone(0.1)
        }));
    }
}
