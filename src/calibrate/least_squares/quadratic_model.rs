//! The quadratic model of the loss, and its damped steps within bounds (Levenberg 1944; Marquardt 1963).

use super::parameter_space::ParameterSpace;
use crate::math::linalg::{Cholesky, SymmetricMatrix};

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
    use crate::calibrate::prior::{Prior, PriorCoordinate};

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
