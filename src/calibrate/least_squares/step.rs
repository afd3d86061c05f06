//! A damped step within bounds.

use super::ground::Ground;
use crate::math::linalg::{Cholesky, SymmetricMatrix};

/// The loss near a place as squares see it: L(x + d) ≈ L(x) + 2 g′d + d′Hd.
#[derive(Clone, Debug)]
pub(crate) struct Bowl {
    gradient: Vec<f64>,
    curvature: SymmetricMatrix,
}

impl Bowl {
    /// Makes it of the targets' residuals, their weights and their slopes (a column a parameter), and
    /// of the priors' residuals with their slopes.
    pub(crate) fn new(
        residuals: &[f64],
        weights: &[f64],
        columns: &[Vec<f64>],
        pulled: &[(f64, f64)],
    ) -> Bowl {
        let size = columns.len();
        let mut bowl = Bowl {
            gradient: vec![0.0; size],
            curvature: SymmetricMatrix::zero(size),
        };
        for (target, (residual, weight)) in residuals.iter().zip(weights).enumerate() {
            let row: Vec<f64> = columns.iter().map(|column| column[target]).collect();
            bowl.curvature.add_square(&row, *weight);
            for (sum, slope) in bowl.gradient.iter_mut().zip(&row) {
                *sum += weight * residual * slope;
            }
        }
        for (parameter, (residual, slope)) in pulled.iter().enumerate() {
            let own = bowl.curvature.at(parameter, parameter);
            bowl.curvature
                .set(parameter, parameter, own + slope * slope);
            bowl.gradient[parameter] += residual * slope;
        }
        bowl
    }

    /// The steepest curvature of any parameter: the natural unit of damping.
    pub(crate) fn steepest(&self) -> f64 {
        let diagonal = (0..self.gradient.len()).map(|k| self.curvature.at(k, k));
        diagonal.fold(0.0, f64::max)
    }

    /// How much a move lowers the loss, by this account of it.
    pub(crate) fn promised(&self, step: &[f64]) -> f64 {
        let along: f64 = self.gradient.iter().zip(step).map(|(g, d)| g * d).sum();
        -(2.0 * along + self.curvature.form(step))
    }

    /// The step that minimises the loss plus `damping` times the squared length of the step, within the
    /// bounds: a parameter that would leave them goes to its bound, and the others are solved for again.
    pub(crate) fn step(&self, ground: &Ground, place: &[f64], damping: f64) -> Vec<f64> {
        let size = place.len();
        let mut step = vec![0.0; size];
        let mut free: Vec<usize> = (0..size).collect();
        // Each turn holds one parameter more at its bound.
        while !free.is_empty() {
            let Some(solved) = self.solved(&free, &step, damping) else {
                break;
            };
            let mut kept = Vec::with_capacity(free.len());
            for (parameter, move_by) in free.iter().zip(&solved) {
                let (low, high) = ground.bounds(*parameter);
                let to = place[*parameter] + move_by;
                if to < low || to > high {
                    step[*parameter] = to.clamp(low, high) - place[*parameter];
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
    use crate::calibrate::abc::Prior;

    /// Ground whose widths are about one.
    fn ground(high: f64) -> Ground {
        let prior = |high| Prior::TruncatedNormal {
            mean: 0.0,
            sd: 0.255,
            low: -10.0,
            high,
        };
        Ground::new(&[prior(high), prior(10.0)], 0.5).expect("priors")
    }

    /// Squares of x + y − 2 and x − 2 y − 5, whose least is at (3, −1).
    fn bowl(place: [f64; 2]) -> Bowl {
        let [x, y] = place;
        let residuals = [x + y - 2.0, x - 2.0 * y - 5.0];
        let columns = [vec![1.0, 1.0], vec![1.0, -2.0]];
        Bowl::new(&residuals, &[1.0; 2], &columns, &[(0.0, 0.0); 2])
    }

    #[test]
    fn an_undamped_step_meets_what_is_linear_and_promises_what_it_gives() {
        let bowl = bowl([1.0, 1.0]);
        let step = bowl.step(&ground(10.0), &[1.0, 1.0], 0.0);
        assert!((step[0] - 2.0).abs() < 1e-12 && (step[1] + 2.0).abs() < 1e-12);
        assert!((bowl.promised(&step) - 36.0).abs() < 1e-12);
        let short = bowl.step(&ground(10.0), &[1.0, 1.0], 100.0);
        assert!(short[0].hypot(short[1]) < 0.4 && bowl.promised(&short) > 0.0);
    }

    #[test]
    fn where_a_bound_stops_one_the_other_makes_the_best_of_it() {
        let wall = ground(2.0);
        let (_, high) = wall.bounds(0);
        let place = [high - 0.5, 1.0];
        let bowl = bowl(place);
        let step = bowl.step(&wall, &place, 0.0);
        assert!((step[0] - 0.5).abs() < 1e-12);
        // Along x = high the least of the squares is at y = (2 (x − 5) − (x − 2)) / 5.
        let y = (2.0 * (high - 5.0) - (high - 2.0)) / 5.0;
        assert!((place[1] + step[1] - y).abs() < 1e-12, "{step:?}");
    }

    #[test]
    fn what_nothing_tells_and_nothing_pulls_stays_where_it_is() {
        let columns = [vec![1.0], vec![0.0]];
        let bowl = Bowl::new(&[2.0], &[1.0], &columns, &[(0.0, 0.0); 2]);
        let step = bowl.step(&ground(10.0), &[0.0, 0.0], 1e-9);
        assert!((step[0] + 2.0).abs() < 1e-6 && step[1] == 0.0);
    }
}
