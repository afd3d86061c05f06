//! Effects within persons: how an outcome differs from a person's mean on days when a predictor does.
//!
//! Outcome and predictors are taken as distances from each person's mean, so that nothing that
//! differs between persons can confound them; days of one couple are one observation to the standard
//! errors (Liang & Zeger 1986, with the factor G/(G − 1) · (n − 1)/(n − p) and G − 1 degrees of
//! freedom).

use super::diary::{When, Whose, on};
use super::linear_model::{Coefficient, CompleteRows, LinearFit, Method, Products};
use super::variable::{Diary, person_centred};
use crate::math::linalg::SymmetricMatrix;
use crate::stats::summary::RunningMoments;

/// A predictor of a daily outcome.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Term<'a> {
    /// The daily variable.
    pub(crate) variable: &'a [Diary],
    /// Whose value of it.
    pub(crate) whose: Whose,
    /// Which day's value of it.
    pub(crate) when: When,
}

/// The units of effects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Units {
    /// Those of the variables.
    Raw,
    /// Standard deviations of the distances from persons' means, over all persons' days.
    Standardised,
}

/// A regression within persons.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WithinRegression {
    /// The intercept, which is near 0, then the effects of the terms in their order.
    pub(crate) coefficients: Vec<Coefficient>,
    /// Persons' days with all values.
    pub(crate) days: usize,
    /// Couples that they belong to.
    pub(crate) couples: usize,
}

/// Regresses an outcome on terms, over all persons' days of which nothing is missing.
///
/// None where variables have unlike numbers of couples, of fewer than two couples, where terms
/// determine each other, or where nothing is left to explain.
pub(crate) fn within_regression(
    outcome: &[Diary],
    terms: &[Term],
    units: Units,
) -> Option<WithinRegression> {
    if terms
        .iter()
        .any(|term| term.variable.len() != outcome.len())
    {
        return None;
    }
    let scaled = |variable: &[Diary]| distances(variable, units);
    let outcome = scaled(outcome);
    let variables: Vec<Vec<Diary>> = terms.iter().map(|term| scaled(term.variable)).collect();
    let mut rows = CompleteRows::with_predictors(terms.len());
    let mut couples = Vec::new();
    for (couple, diary) in outcome.iter().enumerate() {
        for person in 0..2 {
            for (day, y) in diary[person].iter().enumerate() {
                let values = terms.iter().zip(&variables);
                let predictors =
                    values.map(|(term, of)| on(&of[couple], person, day, term.whose, term.when));
                if rows.push(predictors, *y) {
                    couples.push(couple);
                }
            }
        }
    }
    rows.centre();
    let (fit, count) = clustered_fit(&rows, &couples)?;
    Some(WithinRegression {
        coefficients: (0..rows.columns()).map(|k| fit.coefficient(k)).collect(),
        days: rows.len(),
        couples: count,
    })
}

/// Distances from persons' means in the requested units.
fn distances(variable: &[Diary], units: Units) -> Vec<Diary> {
    let mut centred = person_centred(variable);
    if units == Units::Standardised {
        let known = centred.iter().flatten().flatten().copied();
        let sd = known
            .filter(|x| x.is_finite())
            .collect::<RunningMoments>()
            .sd();
        for value in centred.iter_mut().flatten().flatten() {
            *value /= sd;
        }
    }
    centred
}

/// Ordinary least squares with the covariance of rows in clusters, and the number of clusters.
fn clustered_fit(rows: &CompleteRows, clusters: &[usize]) -> Option<(LinearFit, usize)> {
    let mut products = Products::none(rows.columns());
    for number in 0..rows.len() {
        products.matrix.add_square(rows.row(number), 1.0);
    }
    products.rows = rows.len();
    let mut fit = products.centred_fit(Method::Restricted)?;
    let mut bread = SymmetricMatrix::zero(rows.columns());
    bread.add(&fit.covariance, 1.0 / (fit.sigma * fit.sigma));
    let mut covariance = SymmetricMatrix::zero(rows.columns());
    let (mut count, mut first) = (0_usize, 0);
    for cluster in clusters.chunk_by(|a, b| a == b) {
        let mut score = vec![0.0; rows.columns()];
        for number in first..first + cluster.len() {
            let row = rows.row(number);
            let predicted: f64 = fit.coefficients.iter().zip(row).map(|(b, x)| b * x).sum();
            let residual = row[rows.columns()] - predicted;
            score
                .iter_mut()
                .zip(row)
                .for_each(|(sum, x)| *sum += x * residual);
        }
        covariance.add_square(&bread.times(&score), 1.0);
        (count, first) = (count + 1, first + cluster.len());
    }
    if count < 2 {
        return None;
    }
    let (groups, n) = (count as f64, rows.len() as f64);
    let factor = groups / (groups - 1.0) * (n - 1.0) / fit.dof;
    fit.covariance = SymmetricMatrix::zero(rows.columns());
    fit.covariance.add(&covariance, factor);
    fit.dof = groups - 1.0;
    fit.uncentre(rows.centres());
    Some((fit, count))
}

/// Effects of a person's own and of the partner's value of the same day, in one regression.
///
/// None as of [`within_regression`].
pub(crate) fn same_day_effects(
    outcome: &[Diary],
    predictor: &[Diary],
    units: Units,
) -> Option<[Coefficient; 2]> {
    let term = |whose| Term {
        variable: predictor,
        whose,
        when: When::SameDay,
    };
    let found = within_regression(outcome, &[term(Whose::Own), term(Whose::Partner)], units)?;
    Some([found.coefficients[1], found.coefficients[2]])
}

/// The effect of a person's own value of the day before, net of the outcome of that day.
///
/// None as of [`within_regression`].
pub(crate) fn next_day_effect(
    outcome: &[Diary],
    predictor: &[Diary],
    units: Units,
) -> Option<Coefficient> {
    let term = |variable| Term {
        variable,
        whose: Whose::Own,
        when: When::DayBefore,
    };
    let found = within_regression(outcome, &[term(outcome), term(predictor)], units)?;
    Some(found.coefficients[2])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::test_support::normals;

    /// Couples whose outcome falls by 0.5 a unit of the own predictor and by 0.2 of the partner's, and
    /// recalls 0.3 of the day before, on levels that differ between persons.
    fn study(couples: usize, days: usize) -> (Vec<Diary>, Vec<Diary>) {
        let mut draws = normals(3);
        let mut draw = || draws.next().expect("draws never end");
        let (mut outcomes, mut predictors) = (Vec::new(), Vec::new());
        for _ in 0..couples {
            let level = [5.0 * draw(), 5.0 * draw()];
            let mut before = [0.0; 2];
            let (mut y, mut x): (Diary, Diary) = Default::default();
            for _ in 0..days {
                let now = [draw(), draw()];
                for person in 0..2 {
                    let moved = 0.3 * before[person] - 0.5 * now[person] - 0.2 * now[1 - person];
                    before[person] = moved + 0.5 * draw();
                    y[person].push(level[person] + before[person]);
                    x[person].push(level[person] + now[person]);
                }
            }
            outcomes.push(y);
            predictors.push(x);
        }
        (outcomes, predictors)
    }

    #[test]
    fn effects_are_found_whatever_persons_levels() {
        let (y, x) = study(60, 40);
        let [own, partner] = same_day_effects(&y, &x, Units::Raw).expect("a regression");
        assert!(
            (own.value + 0.5).abs() < 4.0 * own.standard_error,
            "{own:?}"
        );
        assert!(
            (partner.value + 0.2).abs() < 4.0 * partner.standard_error,
            "{partner:?}"
        );
        assert!(own.standard_error < 0.02 && own.dof == 59.0, "{own:?}");
        let next = next_day_effect(&y, &x, Units::Raw).expect("a regression");
        assert!(next.value.abs() < 4.0 * next.standard_error, "{next:?}");
    }

    #[test]
    fn standardised_effects_are_raw_ones_in_other_units() {
        let (y, x) = study(10, 12);
        let scaled = |by: f64, variable: &[Diary]| -> Vec<Diary> {
            let series = |days: &Vec<f64>| -> Vec<f64> { days.iter().map(|d| by * d).collect() };
            let couple = |couple: &Diary| [series(&couple[0]), series(&couple[1])];
            variable.iter().map(couple).collect()
        };
        let found = same_day_effects(&y, &x, Units::Standardised).expect("a regression");
        let other = same_day_effects(&scaled(10.0, &y), &scaled(0.1, &x), Units::Standardised);
        let other = other.expect("a regression");
        for (a, b) in found.iter().zip(&other) {
            assert!((a.value - b.value).abs() < 1e-12);
            assert!((a.statistic() - b.statistic()).abs() < 1e-9);
        }
        let raw = same_day_effects(&y, &x, Units::Raw).expect("a regression");
        assert!((raw[0].statistic() - found[0].statistic()).abs() < 1e-9);
    }

    #[test]
    fn one_couple_and_terms_without_variance_give_nothing() {
        let (y, x) = study(1, 30);
        assert_eq!(same_day_effects(&y, &x, Units::Raw), None);
        let (y, _) = study(5, 10);
        let flat = vec![[vec![1.0; 10], vec![1.0; 10]]; 5];
        assert_eq!(same_day_effects(&y, &flat, Units::Raw), None);
        assert_eq!(same_day_effects(&y, &flat, Units::Standardised), None);
        assert_eq!(next_day_effect(&y, &y[..4], Units::Raw), None);
    }
}
