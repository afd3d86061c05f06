//! Linear models of persons in pairs whose residuals are correlated within a pair.
//!
//! Generalised least squares with compound symmetry, as R's `nlme::gls` with
//! `corCompSymm(form = ~ 1 | dyad)`. The correlation may be negative, which a random intercept of
//! the dyad cannot express (Kenny, Kashy & Cook 2006, chapter 4). A pair's sum and difference are
//! uncorrelated with variances in the ratio 1 + ρ to 1 − ρ, so the likelihood needs only the cross
//! products of sums, of differences and of persons without a partner.
//!
//! In the actor–partner interdependence model ([`apim`]) a person's outcome depends on the person's
//! own predictors (actor effects) and on the partner's (partner effects), and the residuals of
//! partners are correlated (chapter 7).
//!
//! A [`response_surface`] shows what two predictors together do to an outcome, and what their difference
//! does. The outcome is z = b₀ + b₁x + b₂y + b₃x² + b₄xy + b₅y². Along the line of congruence (x = y) it
//! has the slope a₁ = b₁ + b₂ at 0 and the curvature a₂ = b₃ + b₄ + b₅; along the line of incongruence
//! (x = −y) the slope a₃ = b₁ − b₂ and the curvature a₄ = b₃ − b₄ + b₅ (Edwards & Parry 1993;
//! Shanock et al. 2010). Predictors must share a scale and a meaningful 0.

use super::correlation::{fisher_interval, fisher_score, from_fisher_score};
use super::linear_model::{Coefficient, CompleteRows, LinearFit, Method, Products, maximise};
use super::{Dyad, standardised};
use crate::math::functions::ln;
use crate::stats::interval::Interval;

/// What is assumed of the residuals of partners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Residuals {
    /// They are independent: ordinary least squares.
    Independent,
    /// They are correlated by one number, in (−1, 1), that is estimated.
    Correlated,
}

/// A linear model of a variable that both partners of a dyad have.
#[derive(Clone, Debug)]
pub(crate) struct PairedRegression {
    /// The intercept, then the predictors in their order.
    pub(crate) coefficients: Vec<Coefficient>,
    /// Correlation of partners' residuals (−1 to 1); 0 where they are taken as independent.
    pub(crate) rho: f64,
    /// The standard error of that correlation, from the curvature of the likelihood; NaN where
    /// residuals are taken as independent.
    pub(crate) rho_error: f64,
    /// Standard deviation of the residuals, in units of the output.
    pub(crate) sigma: f64,
    /// Log-likelihood at its most, restricted or full, by the method.
    pub(crate) log_likelihood: f64,
    /// Share of the output's variance over persons that the predictors account for.
    pub(crate) r_squared: f64,
    /// Persons with all values.
    pub(crate) persons: usize,
    fit: LinearFit,
}

impl PairedRegression {
    /// The interval of the correlation of partners' residuals, on Fisher's scale; undefined where they
    /// are taken as independent.
    pub(crate) fn rho_interval(&self, confidence: f64) -> Interval {
        fisher_interval(self.rho, self.rho_error, confidence)
    }

    /// A weighted sum of coefficients, the intercept's weight first.
    ///
    /// None where there are not as many weights as coefficients.
    pub(crate) fn combination(&self, weights: &[f64]) -> Option<Coefficient> {
        (weights.len() == self.coefficients.len()).then(|| self.fit.combination(weights))
    }
}

/// Regresses a variable on others, each given for both partners of each dyad in the same order.
///
/// A person who misses a value is left out, the partner is kept. None where variables have unlike
/// numbers of dyads, where predictors determine each other, where there are too few persons, where
/// fewer than two whole pairs leave no correlation to estimate, or where nothing is left to explain.
pub(crate) fn regression(
    output: &[Dyad],
    predictors: &[&[Dyad]],
    residuals: Residuals,
    method: Method,
) -> Option<PairedRegression> {
    if predictors.iter().any(|one| one.len() != output.len()) {
        return None;
    }
    let rows = PairRows::new(output, predictors);
    let split = PairProducts::new(&rows);
    let (rho, rho_error) = match residuals {
        Residuals::Independent => (0.0, f64::NAN),
        Residuals::Correlated => {
            let rho = split.correlation(method)?;
            (rho, split.correlation_error(rho, method))
        }
    };
    let fit = split.products(rho).fit(method, rows.rows.centres())?;
    let coefficients = (0..rows.rows.columns()).map(|k| fit.coefficient(k));
    Some(PairedRegression {
        coefficients: coefficients.collect(),
        rho,
        rho_error,
        sigma: fit.sigma,
        log_likelihood: fit.log_likelihood,
        r_squared: rows.r_squared(&fit),
        persons: fit.rows,
        fit,
    })
}

/// Complete rows, and which of them belong together.
struct PairRows {
    rows: CompleteRows,
    /// For each dyad with a complete row the number of the first, and whether the next is its partner's.
    dyads: Vec<(usize, bool)>,
}

impl PairRows {
    fn new(output: &[Dyad], predictors: &[&[Dyad]]) -> PairRows {
        let mut rows = CompleteRows::with_predictors(predictors.len());
        let mut dyads = Vec::new();
        for (dyad, pair) in output.iter().enumerate() {
            let first = rows.len();
            for (person, y) in pair.iter().enumerate() {
                rows.push(predictors.iter().map(|one| one[dyad][person]), *y);
            }
            if rows.len() > first {
                dyads.push((first, rows.len() == first + 2));
            }
        }
        rows.centre();
        PairRows { rows, dyads }
    }

    fn pairs(&self) -> usize {
        self.dyads.iter().filter(|(_, whole)| *whole).count()
    }

    fn r_squared(&self, fit: &LinearFit) -> f64 {
        let slopes = &fit.coefficients[1..];
        let (mut residuals, mut sum) = (0.0, 0.0);
        for number in 0..self.rows.len() {
            let row = self.rows.row(number);
            let predicted: f64 = slopes.iter().zip(&row[1..]).map(|(b, x)| b * x).sum();
            let left = row[row.len() - 1] - predicted;
            residuals += left * left;
            sum += left;
        }
        let count = self.rows.len() as f64;
        1.0 - (residuals - sum * sum / count) / self.rows.output_squares()
    }
}

/// Cross products of the sums of pairs, of their differences, and of persons without a partner.
struct PairProducts {
    sums: Products,
    differences: Products,
    singles: Products,
    pairs: usize,
}

impl PairProducts {
    fn new(pair_rows: &PairRows) -> PairProducts {
        let rows = &pair_rows.rows;
        let none = Products::none(rows.columns());
        let mut split = PairProducts {
            sums: none.clone(),
            differences: none.clone(),
            singles: none,
            pairs: pair_rows.pairs(),
        };
        let mut joined = vec![0.0; rows.columns() + 1];
        for (first, whole) in &pair_rows.dyads {
            let one = rows.row(*first);
            if !whole {
                split.singles.matrix.add_square(one, 1.0);
                split.singles.rows += 1;
                continue;
            }
            let other = rows.row(first + 1);
            for (into, weight) in [(&mut split.sums, 1.0), (&mut split.differences, -1.0)] {
                for (sum, (x, y)) in joined.iter_mut().zip(one.iter().zip(other)) {
                    *sum = x + weight * y;
                }
                into.matrix.add_square(&joined, 0.5);
                into.rows += 1;
            }
        }
        split
    }

    /// Cross products weighted by the inverse of the correlations.
    fn products(&self, rho: f64) -> Products {
        let mut products = self.singles.clone();
        let (above, below) = (1.0 + rho, 1.0 - rho);
        products.matrix.add(&self.sums.matrix, 1.0 / above);
        products.matrix.add(&self.differences.matrix, 1.0 / below);
        products.rows += self.sums.rows + self.differences.rows;
        products.log_determinant = self.pairs as f64 * ln(above * below);
        products
    }

    /// The correlation of partners' residuals that makes the likelihood maximise.
    fn correlation(&self, method: Method) -> Option<f64> {
        if self.pairs < 2 {
            return None;
        }
        let starts: Vec<Vec<f64>> = STARTS.iter().map(|at| vec![*at]).collect();
        let found = maximise(&starts, |at| self.height(at[0], method))?;
        let found = from_fisher_score(found[0]);
        (found.abs() < 1.0 - DEGENERATE).then_some(found)
    }

    /// The standard error of a correlation that makes the likelihood maximise.
    fn correlation_error(&self, rho: f64, method: Method) -> f64 {
        let at = fisher_score(rho);
        let [below, here, above] = [at - NEAR, at, at + NEAR].map(|at| self.height(at, method));
        let curvature = (2.0 * here - below - above) / (NEAR * NEAR);
        (1.0 - rho * rho) / curvature.sqrt()
    }

    /// The log-likelihood at a place on Fisher's scale.
    fn height(&self, at: f64, method: Method) -> f64 {
        self.products(from_fisher_score(at)).log_likelihood(method)
    }
}

/// Correlations of −0.96 to 0.96 on Fisher's scale.
const STARTS: [f64; 9] = [-2.0, -1.0, -0.5, -0.2, 0.0, 0.2, 0.5, 1.0, 2.0];
/// How far to either side the curvature of the likelihood is taken, on Fisher's scale.
const NEAR: f64 = 1e-3;
/// A correlation so close to ±1 says that partners' residuals are the same or opposite.
const DEGENERATE: f64 = 1e-9;

/// A fitted actor–partner interdependence model.
#[derive(Clone, Debug)]
pub(crate) struct Apim {
    /// The outcome of persons whose predictors and whose partner's are 0.
    pub(crate) intercept: Coefficient,
    /// Effects of a person's own predictors, in their order.
    pub(crate) actor: Vec<Coefficient>,
    /// Effects of the partner's predictors, in their order.
    pub(crate) partner: Vec<Coefficient>,
    /// The whole of the regression: intercept, then an actor and a partner effect of each predictor.
    pub(crate) regression: PairedRegression,
}

/// Fits the model to variables as they are.
///
/// None as of [`regression`].
pub(crate) fn apim(outcome: &[Dyad], predictors: &[&[Dyad]], method: Method) -> Option<Apim> {
    let turned = |variable: &&[Dyad]| -> Vec<Dyad> {
        variable.iter().map(|pair| [pair[1], pair[0]]).collect()
    };
    let partners: Vec<Vec<Dyad>> = predictors.iter().map(turned).collect();
    let mut columns: Vec<&[Dyad]> = Vec::with_capacity(2 * predictors.len());
    for (own, partner) in predictors.iter().zip(&partners) {
        columns.push(own);
        columns.push(partner);
    }
    let regression = regression(outcome, &columns, Residuals::Correlated, method)?;
    let (intercept, slopes) = regression.coefficients.split_first()?;
    Some(Apim {
        intercept: *intercept,
        actor: slopes.iter().step_by(2).copied().collect(),
        partner: slopes.iter().skip(1).step_by(2).copied().collect(),
        regression,
    })
}

/// Fits the model to variables standardised over all persons.
///
/// None as of [`regression`], and where a variable does not vary.
pub(crate) fn standardised_apim(
    outcome: &[Dyad],
    predictors: &[&[Dyad]],
    method: Method,
) -> Option<Apim> {
    let scaled: Vec<Vec<Dyad>> = predictors.iter().map(|one| standardised(one)).collect();
    let columns: Vec<&[Dyad]> = scaled.iter().map(Vec::as_slice).collect();
    apim(&standardised(outcome), &columns, method)
}

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
    use crate::stats::dyads::partner_intraclass;
    use crate::stats::interval::CONFIDENCE;
    use crate::stats::test_support::{covered, normals};

    /// Couples whose outcome is 1 + 0.5 own + 0.25 partner's, with residuals correlated by `rho`.
    fn study(number: u64, couples: usize, rho: f64) -> (Vec<Dyad>, Vec<Dyad>) {
        let mut draws = normals(number);
        let mut draw = || draws.next().expect("draws never end");
        let (mut outcomes, mut predictors) = (Vec::new(), Vec::new());
        let other = (1.0 - rho * rho).sqrt();
        for _ in 0..couples {
            let x = [draw(), draw()];
            let first = draw();
            let left = [first, rho * first + other * draw()];
            outcomes.push([
                1.0 + 0.5 * x[0] + 0.25 * x[1] + left[0],
                1.0 + 0.5 * x[1] + 0.25 * x[0] + left[1],
            ]);
            predictors.push(x);
        }
        (outcomes, predictors)
    }

    #[test]
    fn a_mean_alone_leaves_the_intraclass_correlation() {
        for rho in [-0.6, 0.0, 0.8] {
            let (y, _) = study(1, 40, rho);
            let found = regression(&y, &[], Residuals::Correlated, Method::Restricted);
            let found = found.expect("a regression").rho;
            assert!(
                (found - partner_intraclass(&y).value).abs() < 1e-7,
                "{found}"
            );
        }
    }

    #[test]
    fn intervals_of_effects_cover_them_as_often_as_they_say() {
        for rho in [-0.5, 0.5] {
            for (truth, partner) in [(0.5, false), (0.25, true)] {
                let rate = covered(truth, |number| {
                    let (y, x) = study(number, 40, rho);
                    let found = apim(&y, &[&x], Method::Restricted).expect("a model");
                    let effects = if partner { found.partner } else { found.actor };
                    effects[0].interval(CONFIDENCE)
                });
                assert!((0.93..=0.97).contains(&rate), "{rho} {partner}: {rate}");
            }
        }
    }

    #[test]
    fn standardising_changes_units_alone() {
        let (y, x) = study(5, 60, 0.3);
        let found = apim(&y, &[&x], Method::Restricted).expect("a model");
        let scaled = standardised_apim(&y, &[&x], Method::Restricted).expect("a model");
        assert!((found.actor[0].statistic() - scaled.actor[0].statistic()).abs() < 1e-6);
        assert!((found.regression.rho - scaled.regression.rho).abs() < 1e-6);
        assert!((found.regression.r_squared - scaled.regression.r_squared).abs() < 1e-12);
        assert!(scaled.intercept.value.abs() < 1e-12);
    }

    #[test]
    fn a_far_mean_takes_no_digits() {
        let (y, x) = study(6, 30, 0.4);
        let far = |variable: &[Dyad]| -> Vec<Dyad> {
            variable.iter().map(|p| [p[0] + 1e6, p[1] + 1e6]).collect()
        };
        let near = apim(&y, &[&x], Method::Restricted).expect("a model");
        let far = apim(&far(&y), &[&far(&x)], Method::Restricted).expect("a model");
        assert!((near.actor[0].value - far.actor[0].value).abs() < 1e-7);
        assert!((near.actor[0].standard_error - far.actor[0].standard_error).abs() < 1e-7);
    }

    #[test]
    fn a_combination_is_what_it_says() {
        let (y, x) = study(7, 50, 0.2);
        let model = apim(&y, &[&x], Method::Restricted).expect("a model");
        let sum = model
            .regression
            .combination(&[0.0, 1.0, 1.0])
            .expect("three weights");
        assert!((sum.value - model.actor[0].value - model.partner[0].value).abs() < 1e-14);
        let one = model
            .regression
            .combination(&[0.0, 1.0, 0.0])
            .expect("three weights");
        assert!((one.standard_error - model.actor[0].standard_error).abs() < 1e-14);
        assert_eq!(model.regression.combination(&[1.0]), None);
    }

    #[test]
    fn what_cannot_be_estimated_is_none() {
        let (y, x) = study(8, 6, 0.0);
        let restricted = |y: &[Dyad], x: &[&[Dyad]]| {
            regression(y, x, Residuals::Correlated, Method::Restricted).map(|found| found.rho)
        };
        let flat = [[3.0, 3.0]; 6];
        assert_eq!(restricted(&y, &[&flat]), None, "a second intercept");
        assert_eq!(restricted(&y, &[&x, &x]), None, "a predictor twice");
        assert_eq!(restricted(&y, &[&x[..5]]), None, "unlike lengths");
        assert_eq!(restricted(&[], &[]), None, "no pairs");
        assert_eq!(
            restricted(&flat, &[&x]),
            None,
            "an outcome without variance"
        );
        let alone: Vec<Dyad> = y.iter().map(|pair| [pair[0], f64::NAN]).collect();
        assert_eq!(restricted(&alone, &[&x]), None, "no pairs");
        let same: Vec<Dyad> = y.iter().map(|pair| [pair[0]; 2]).collect();
        assert_eq!(restricted(&same, &[]), None, "partners who are the same");
        let exact: Vec<Dyad> = x
            .iter()
            .map(|pair| [2.0 * pair[0], 2.0 * pair[1]])
            .collect();
        assert_eq!(restricted(&exact, &[&x]), None, "nothing left to explain");
    }

    /// Outcomes that are best where x and y are the same, by the square of their distance.
    fn surface_study(number: u64, couples: usize) -> [Vec<Dyad>; 3] {
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
        let [z, x, y] = surface_study(1, 2_000);
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
            let [z, x, y] = surface_study(number, 40);
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
        let [z, x, _] = surface_study(2, 50);
        let plain = Residuals::Independent;
        assert!(response_surface(&z, &x, &x, plain, Method::Restricted).is_none());
    }
}
