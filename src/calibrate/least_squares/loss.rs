//! The loss, how far simulated statistics are from the published ones, as one number; its quadratic model, and
//! damped steps within bounds (Levenberg 1944; Marquardt 1963).

use crate::calibrate::error::CalibrationError;
use crate::calibrate::least_squares::parameter_space::ParameterSpace;
use crate::calibrate::problem::FitTarget;
use crate::math::linalg::{Cholesky, SymmetricMatrix};
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

/// The Gauss–Newton model of the loss near a point: L(x + d) ≈ L(x) + 2 g′d + d′Hd.
#[derive(Clone, Debug)]
pub(crate) struct QuadraticModel {
    gradient: Vec<f64>,
    curvature: SymmetricMatrix,
}

impl QuadraticModel {
    /// The model of the targets' residuals, their weights and slopes (one column a parameter), and of
    /// the priors' residuals with their slopes.
    pub(crate) fn new(
        residuals: &[f64],
        weights: &[f64],
        columns: &[Vec<f64>],
        prior_residuals: &[(f64, f64)],
    ) -> QuadraticModel {
        let size = columns.len();
        let mut model = QuadraticModel {
            gradient: vec![0.0; size],
            curvature: SymmetricMatrix::zero(size),
        };
        for (target, (residual, weight)) in residuals.iter().zip(weights).enumerate() {
            let row: Vec<f64> = columns.iter().map(|column| column[target]).collect();
            model.curvature.add_square(&row, *weight);
            for (sum, slope) in model.gradient.iter_mut().zip(&row) {
                *sum += weight * residual * slope;
            }
        }
        for (parameter, (residual, slope)) in prior_residuals.iter().enumerate() {
            let own = model.curvature.at(parameter, parameter);
            model
                .curvature
                .set(parameter, parameter, own + slope * slope);
            model.gradient[parameter] += residual * slope;
        }
        model
    }

    /// The largest curvature of any parameter: the natural unit of damping.
    pub(crate) fn max_curvature(&self) -> f64 {
        let diagonal = (0..self.gradient.len()).map(|k| self.curvature.at(k, k));
        diagonal.fold(0.0, f64::max)
    }

    /// By how much a step lowers the loss according to the model.
    pub(crate) fn predicted_reduction(&self, step: &[f64]) -> f64 {
        let along: f64 = self.gradient.iter().zip(step).map(|(g, d)| g * d).sum();
        -(2.0 * along + self.curvature.form(step))
    }

    /// The step that minimises the loss plus `damping` times the squared length of the step, within the
    /// bounds: a parameter that would leave them moves to its bound, and the others are solved for again.
    pub(crate) fn step(&self, space: &ParameterSpace, point: &[f64], damping: f64) -> Vec<f64> {
        let size = point.len();
        let mut step = vec![0.0; size];
        let mut free: Vec<usize> = (0..size).collect();
        // Each round fixes at least one more parameter at its bound.
        while !free.is_empty() {
            let Some(solved) = self.solved(&free, &step, damping) else {
                break;
            };
            let mut kept = Vec::with_capacity(free.len());
            for (parameter, move_by) in free.iter().zip(&solved) {
                let (low, high) = space.bounds(*parameter);
                let to = point[*parameter] + move_by;
                if to < low || to > high {
                    step[*parameter] = to.clamp(low, high) - point[*parameter];
                } else {
                    kept.push(*parameter);
                }
            }
            if kept.len() == free.len() {
                for (parameter, move_by) in free.iter().zip(solved) {
                    step[*parameter] = move_by;
                }
                break;
            }
            free = kept;
        }
        step
    }

    /// The step of the free parameters, given those of the others.
    fn solved(&self, free: &[usize], step: &[f64], damping: f64) -> Option<Vec<f64>> {
        let count = free.len();
        let mut matrix = SymmetricMatrix::zero(count + 1);
        for (row, one) in free.iter().enumerate() {
            for (column, other) in free[..=row].iter().enumerate() {
                matrix.set(row, column, self.curvature.at(*one, *other));
            }
            matrix.set(row, row, matrix.at(row, row) + damping);
            let held = (0..step.len()).filter(|k| !free.contains(k));
            let pushed: f64 = held.map(|k| self.curvature.at(*one, k) * step[k]).sum();
            matrix.set(count, row, -self.gradient[*one] - pushed);
        }
        Some(Cholesky::new(&matrix, count)?.coefficients(count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibrate::problem::{Prior, PriorCoordinate};
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

    /// A space whose widths are about one.
    fn space(high: f64) -> ParameterSpace {
        let prior = |high| Prior::TruncatedNormal {
            mean: 0.0,
            sd: 0.255,
            low: -10.0,
            high,
        };
        let priors = [prior(high), prior(10.0)];
        let priors = priors.map(|prior| PriorCoordinate::new(&prior, 0).expect("a prior"));
        ParameterSpace::new(priors.to_vec(), 0.5)
    }

    /// Squares of x + y − 2 and x − 2 y − 5, whose least is at (3, −1).
    fn model(point: [f64; 2]) -> QuadraticModel {
        let [x, y] = point;
        let residuals = [x + y - 2.0, x - 2.0 * y - 5.0];
        let columns = [vec![1.0, 1.0], vec![1.0, -2.0]];
        QuadraticModel::new(&residuals, &[1.0; 2], &columns, &[(0.0, 0.0); 2])
    }

    #[test]
    fn an_undamped_step_solves_a_linear_problem_and_is_predicted_exactly() {
        let model = model([1.0, 1.0]);
        let step = model.step(&space(10.0), &[1.0, 1.0], 0.0);
        assert!((step[0] - 2.0).abs() < 1e-12 && (step[1] + 2.0).abs() < 1e-12);
        assert!((model.predicted_reduction(&step) - 36.0).abs() < 1e-12);
        let short = model.step(&space(10.0), &[1.0, 1.0], 100.0);
        assert!(short[0].hypot(short[1]) < 0.4 && model.predicted_reduction(&short) > 0.0);
    }

    #[test]
    fn a_parameter_at_its_bound_leaves_the_best_step_to_the_others() {
        let wall = space(2.0);
        let (_, high) = wall.bounds(0);
        let point = [high - 0.5, 1.0];
        let model = model(point);
        let step = model.step(&wall, &point, 0.0);
        assert!((step[0] - 0.5).abs() < 1e-12);
        // Along x = high the least of the squares is at y = (2 (x − 5) − (x − 2)) / 5.
        let y = (2.0 * (high - 5.0) - (high - 2.0)) / 5.0;
        assert!((point[1] + step[1] - y).abs() < 1e-12, "{step:?}");
    }

    #[test]
    fn a_parameter_without_information_does_not_move() {
        let columns = [vec![1.0], vec![0.0]];
        let model = QuadraticModel::new(&[2.0], &[1.0], &columns, &[(0.0, 0.0); 2]);
        let step = model.step(&space(10.0), &[0.0, 0.0], 1e-9);
        assert!((step[0] + 2.0).abs() < 1e-6 && step[1] == 0.0);
    }
}
