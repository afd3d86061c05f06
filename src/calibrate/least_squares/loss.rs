//! How far simulated statistics are from the published ones, as one number.

use crate::calibrate::abc::{CalibrationFault, Target};
use crate::stats::interval::{CONFIDENCE, normal_reach};

/// Residual, in half-widths, of a statistic that is no number, as of studies that nobody was left for.
pub(crate) const MISSING: f64 = 10.0;

/// One target, counted in half-widths of its interval.
#[derive(Clone, Copy, Debug)]
struct Measure {
    value: f64,
    half_width: f64,
    weight: f64,
}

/// The loss of statistics: squares of residuals in half-widths of the published intervals, which
/// beyond `huber` grow linearly (Huber 1964), so that a target out of reach does not drag the others.
#[derive(Clone, Debug)]
pub(crate) struct Loss {
    measures: Vec<Measure>,
    huber: f64,
}

impl Loss {
    pub(crate) fn new(targets: &[Target], huber: f64) -> Result<Loss, CalibrationFault> {
        let mut measures = Vec::with_capacity(targets.len());
        for (number, target) in targets.iter().enumerate() {
            target.check(number)?;
            let half_width = match (target.interval, target.error) {
                (Some(interval), _) => interval.half_width(),
                (None, Some(error)) => normal_reach(CONFIDENCE) * error,
                (None, None) => f64::NAN,
            };
            if !(half_width > 0.0 && half_width.is_finite()) {
                let why = "it has neither an interval nor an error to count its distance in";
                return Err(CalibrationFault::Target {
                    target: number,
                    why,
                });
            }
            measures.push(Measure {
                value: target.value,
                half_width,
                weight: target.weight,
            });
        }
        Ok(Loss { measures, huber })
    }

    /// Number of targets.
    pub(crate) fn targets(&self) -> usize {
        self.measures.len()
    }

    /// The residuals of statistics, in half-widths.
    pub(crate) fn residuals(&self, statistics: &[f64]) -> Vec<f64> {
        let pairs = self.measures.iter().zip(statistics);
        pairs
            .map(|(measure, statistic)| {
                let residual = (statistic - measure.value) / measure.half_width;
                if residual.is_finite() {
                    residual
                } else {
                    MISSING
                }
            })
            .collect()
    }

    /// How fast residuals move between two simulations that are `distance` apart; 0 where one of them
    /// has no statistic, since nothing is then known.
    pub(crate) fn slopes(&self, from: &[f64], to: &[f64], distance: f64) -> Vec<f64> {
        let pairs = self.measures.iter().zip(from.iter().zip(to));
        pairs
            .map(|(measure, (from, to))| {
                let slope = (to - from) / (measure.half_width * distance);
                if slope.is_finite() { slope } else { 0.0 }
            })
            .collect()
    }

    /// The loss of residuals.
    pub(crate) fn of(&self, residuals: &[f64]) -> f64 {
        let pairs = self.measures.iter().zip(residuals);
        pairs
            .map(|(measure, residual)| {
                let size = residual.abs();
                let square = if size <= self.huber {
                    size * size
                } else {
                    self.huber * (2.0 * size - self.huber)
                };
                measure.weight * square
            })
            .sum()
    }

    /// The weights by which squares have the slopes of the loss: what Huber's loss is by iterated
    /// least squares.
    pub(crate) fn weights(&self, residuals: &[f64]) -> Vec<f64> {
        let pairs = self.measures.iter().zip(residuals);
        pairs
            .map(|(measure, residual)| measure.weight * (self.huber / residual.abs()).min(1.0))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::interval::Interval;

    fn loss() -> Loss {
        let interval = Interval {
            low: 1.0,
            high: 5.0,
        };
        let wide = Target {
            interval: Some(interval),
            ..Target::bare(3.0)
        };
        Loss::new(&[wide, Target::with_error(0.0, 1.0)], 2.5).expect("targets")
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
