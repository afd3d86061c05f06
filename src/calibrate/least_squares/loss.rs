//! The loss: how far simulated statistics are from the published ones, as one number.

use crate::calibrate::error::CalibrationError;
use crate::calibrate::target::FitTarget;
use crate::stats::interval::{CONFIDENCE, normal_reach};

/// Residual, in half-widths, of a statistic that is not a number, as of a study without couples.
pub(crate) const MISSING: f64 = 10.0;

/// A target with the unit of its residual: half the width of its interval.
#[derive(Clone, Copy, Debug)]
struct ScaledTarget {
    value: f64,
    half_width: f64,
    weight: f64,
}

/// The loss of statistics: squares of residuals in half-widths of the published intervals, which
/// grow linearly beyond `huber` (Huber 1964), so that a target out of reach does not dominate.
#[derive(Clone, Debug)]
pub(crate) struct Loss {
    targets: Vec<ScaledTarget>,
    huber: f64,
}

impl Loss {
    pub(crate) fn new(targets: &[FitTarget], huber: f64) -> Result<Loss, CalibrationError> {
        let mut scaled = Vec::with_capacity(targets.len());
        for (number, target) in targets.iter().enumerate() {
            let half_width = match (target.interval, target.error) {
                (Some(interval), _) => interval.half_width(),
                (None, Some(error)) => normal_reach(CONFIDENCE) * error,
                (None, None) => f64::NAN,
            };
            if !(half_width > 0.0 && half_width.is_finite()) {
                let why = "it has neither an interval nor an error to count its distance in";
                return Err(CalibrationError::Target {
                    target: number,
                    why,
                });
            }
            scaled.push(ScaledTarget {
                value: target.value,
                half_width,
                weight: target.weight,
            });
        }
        Ok(Loss {
            targets: scaled,
            huber,
        })
    }

    /// Number of targets.
    pub(crate) fn size(&self) -> usize {
        self.targets.len()
    }

    /// The residuals of statistics, in half-widths.
    pub(crate) fn residuals(&self, statistics: &[f64]) -> Vec<f64> {
        let pairs = self.targets.iter().zip(statistics);
        pairs
            .map(|(target, statistic)| {
                let residual = (statistic - target.value) / target.half_width;
                if residual.is_finite() {
                    residual
                } else {
                    MISSING
                }
            })
            .collect()
    }

    /// The slopes of the residuals between two simulations that are `distance` apart; 0 where one of
    /// them has no statistic.
    pub(crate) fn slopes(&self, from: &[f64], to: &[f64], distance: f64) -> Vec<f64> {
        let pairs = self.targets.iter().zip(from.iter().zip(to));
        pairs
            .map(|(target, (from, to))| {
                let slope = (to - from) / (target.half_width * distance);
                if slope.is_finite() { slope } else { 0.0 }
            })
            .collect()
    }

    /// The loss of residuals.
    pub(crate) fn of(&self, residuals: &[f64]) -> f64 {
        let pairs = self.targets.iter().zip(residuals);
        pairs
            .map(|(target, residual)| {
                let size = residual.abs();
                let square = if size <= self.huber {
                    size * size
                } else {
                    self.huber * (2.0 * size - self.huber)
                };
                target.weight * square
            })
            .sum()
    }

    /// The weights with which squared residuals have the gradient of the loss, as in iteratively
    /// reweighted least squares.
    pub(crate) fn weights(&self, residuals: &[f64]) -> Vec<f64> {
        let pairs = self.targets.iter().zip(residuals);
        pairs
            .map(|(target, residual)| target.weight * (self.huber / residual.abs()).min(1.0))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibrate::test_support::{value_alone, with_error};
    use crate::stats::interval::Interval;

    fn loss() -> Loss {
        let interval = Interval {
            low: 1.0,
            high: 5.0,
        };
        let wide = FitTarget {
            interval: Some(interval),
            ..value_alone(3.0)
        };
        Loss::new(&[wide, with_error(0.0, 1.0)], 2.5).expect("targets")
    }

    #[test]
    fn a_target_needs_an_interval_or_an_error() {
        let refused = Loss::new(&[value_alone(1.0)], 2.5).map(drop);
        assert!(matches!(refused, Err(CalibrationError::Target { .. })));
    }

    #[test]
    fn residuals_are_in_half_widths_and_what_is_missing_has_its_own() {
        let loss = loss();
        let [first, second] = loss.residuals(&[7.0, 1.0])[..] else {
            panic!("two targets")
        };
        assert_eq!(first, 2.0);
        assert!((second - 1.0 / 1.96).abs() < 1e-5);
        assert_eq!(loss.residuals(&[f64::NAN, 0.0]), [MISSING, 0.0]);
        assert_eq!(loss.slopes(&[3.0, f64::NAN], &[4.0, 1.0], 0.5), [1.0, 0.0]);
    }

    #[test]
    fn the_loss_grows_linearly_from_huber_on_and_weights_have_its_slope() {
        let loss = loss();
        assert_eq!(loss.of(&[2.0, -1.0]), 5.0);
        assert_eq!(loss.of(&[2.5, 0.0]), 6.25);
        assert_eq!(loss.of(&[4.0, 0.0]) - loss.of(&[3.0, 0.0]), 5.0);
        for residual in [0.5, 2.0, 2.6, 8.0] {
            let slope =
                (loss.of(&[residual + 1e-6, 0.0]) - loss.of(&[residual - 1e-6, 0.0])) / 2e-6;
            let weighted = 2.0 * loss.weights(&[residual, 0.0])[0] * residual;
            assert!((slope - weighted).abs() < 1e-6, "{residual}");
        }
        assert_eq!(loss.weights(&[0.0, 0.0]), [1.0, 1.0]);
    }
}
