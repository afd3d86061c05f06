//! Response surfaces: what two predictors together do to an outcome, and what their being apart does.
//!
//! The outcome is z = b₀ + b₁x + b₂y + b₃x² + b₄xy + b₅y². Along the line of congruence (x = y) it
//! has the slope a₁ = b₁ + b₂ at 0 and the curvature a₂ = b₃ + b₄ + b₅; along the line of incongruence
//! (x = −y) the slope a₃ = b₁ − b₂ and the curvature a₄ = b₃ − b₄ + b₅ (Edwards & Parry 1993;
//! Shanock et al. 2010). Predictors must share a scale and a meaningful 0.

use super::linear_model::{Coefficient, Method};
use super::paired::{PairedRegression, Residuals, regression};
use super::variable::Dyad;

/// The surface along a line through 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SurfaceLine {
    /// The slope at 0.
    pub(crate) slope: Coefficient,
    /// The curvature: above 0 both ends are higher than the slope says.
    pub(crate) curvature: Coefficient,
}

/// A fitted response surface.
#[derive(Clone, Debug)]
pub(crate) struct ResponseSurface {
    /// Where both predictors are the same: a₁ and a₂.
    pub(crate) congruence: SurfaceLine,
    /// Where they are opposite: a₃ and a₄.
    pub(crate) incongruence: SurfaceLine,
    /// Difference of the curvatures of the first and of the second predictor: a₅ = b₃ − b₅.
    pub(crate) asymmetry: Coefficient,
    /// The regression with coefficients b₀ to b₅.
    pub(crate) regression: PairedRegression,
}

/// Fits the surface over persons, whose residuals partners share or not.
///
/// None as of [`regression`].
pub(crate) fn response_surface(
    outcome: &[Dyad],
    x: &[Dyad],
    y: &[Dyad],
    residuals: Residuals,
    method: Method,
) -> Option<ResponseSurface> {
    let (xx, xy, yy) = (product(x, x), product(x, y), product(y, y));
    let columns: [&[Dyad]; 5] = [x, y, &xx, &xy, &yy];
    let regression = regression(outcome, &columns, residuals, method)?;
    let along = |weights: [f64; 6]| regression.combination(&weights);
    Some(ResponseSurface {
        congruence: SurfaceLine {
            slope: along([0.0, 1.0, 1.0, 0.0, 0.0, 0.0])?,
            curvature: along([0.0, 0.0, 0.0, 1.0, 1.0, 1.0])?,
        },
        incongruence: SurfaceLine {
            slope: along([0.0, 1.0, -1.0, 0.0, 0.0, 0.0])?,
            curvature: along([0.0, 0.0, 0.0, 1.0, -1.0, 1.0])?,
        },
        asymmetry: along([0.0, 0.0, 0.0, 1.0, 0.0, -1.0])?,
        regression,
    })
}

/// The product of two variables of the same person.
fn product(x: &[Dyad], y: &[Dyad]) -> Vec<Dyad> {
    let pair = |(x, y): (&Dyad, &Dyad)| [x[0] * y[0], x[1] * y[1]];
    x.iter().zip(y).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::interval::CONFIDENCE;
    use crate::stats::test_support::{covered, normals};

    /// Outcomes that are best where x and y are the same, by the square of their distance.
    fn study(number: u64, couples: usize) -> [Vec<Dyad>; 3] {
        let mut draws = normals(number);
        let mut draw = || draws.next().expect("draws never end");
        let [mut z, mut x, mut y] = [const { Vec::new() }; 3];
        for _ in 0..couples {
            let (one, other) = ([draw(), draw()], [draw(), draw()]);
            let shared = draw();
            let outcome = |k: usize, noise: f64| {
                let apart = one[k] - other[k];
                0.4 * one[k] + 0.2 * other[k] - 0.1 * apart * apart + shared + noise
            };
            z.push([outcome(0, draw()), outcome(1, draw())]);
            x.push(one);
            y.push(other);
        }
        [z, x, y]
    }

    #[test]
    fn a_penalty_for_being_apart_bends_the_line_of_incongruence_alone() {
        let [z, x, y] = study(1, 2_000);
        let found = response_surface(&z, &x, &y, Residuals::Correlated, Method::Restricted);
        let found = found.expect("a surface");
        let expected = [
            (found.congruence.slope, 0.6),
            (found.congruence.curvature, 0.0),
            (found.incongruence.slope, 0.2),
            (found.incongruence.curvature, -0.4),
            (found.asymmetry, 0.0),
        ];
        for (found, truth) in expected {
            assert!(
                (found.value - truth).abs() < 3.5 * found.standard_error,
                "{found:?} {truth}"
            );
            assert!(found.standard_error < 0.1, "{found:?}");
        }
    }

    #[test]
    fn the_interval_of_a_curvature_covers_it_as_often_as_it_says() {
        let rate = covered(-0.4, |number| {
            let [z, x, y] = study(number, 40);
            let found = response_surface(&z, &x, &y, Residuals::Correlated, Method::Restricted);
            found
                .expect("a surface")
                .incongruence
                .curvature
                .interval(CONFIDENCE)
        });
        assert!((0.93..=0.97).contains(&rate), "{rate}");
    }

    #[test]
    fn predictors_that_are_the_same_span_no_surface() {
        let [z, x, _] = study(2, 50);
        let plain = Residuals::Independent;
        assert!(response_surface(&z, &x, &x, plain, Method::Restricted).is_none());
    }
}
