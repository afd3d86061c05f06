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

use super::correlation::{fisher_interval, fisher_score, from_fisher_score};
use super::linear_model::{Coefficient, CompleteRows, LinearFit, Method, Products};
use super::nelder_mead::maximise;
use super::variable::{Dyad, standardised};
use crate::math::functions::ln;
use crate::stats::interval::Interval;

#[cfg(test)]
pub(crate) mod tests;

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
    /// Log-likelihood at its most, restricted or full as asked for.
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
