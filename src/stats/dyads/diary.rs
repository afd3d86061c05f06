//! Statistics of variables that both partners of couples report daily: correlations, and effects within
//! persons.
//!
//! Days are numbered by their place, so that neighbours are a day apart; a day without a report is
//! NaN, and a series may end before its partner's.
//!
//! An effect within persons is how an outcome differs from a person's mean on days when a predictor does.
//! Outcome and predictors are taken as distances from each person's mean, so that nothing that
//! differs between persons can confound them; days of one couple are one observation to the standard
//! errors (Liang & Zeger 1986, with the factor G/(G − 1) · (n − 1)/(n − p) and G − 1 degrees of
//! freedom).

use super::correlation::{
    CorrelationRows, DyadicCorrelation, Intraclass, intraclass, own_correlation,
    partner_correlation,
};
use super::linear_model::{Coefficient, CompleteRows, LinearFit, Method, Products};
use super::{Diary, person_centred, person_means, person_sds};
use crate::math::linalg::SymmetricMatrix;
use crate::stats::summary::RunningMoments;

/// Whose value is meant, seen from the person whose outcome is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// The person's own.
    Own,
    /// The partner's.
    Partner,
}

/// Which day's value is meant, seen from the day of the outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// The same day's.
    SameDay,
    /// That of the day before, where it is known.
    DayBefore,
}

/// The value of a day of one of two partners; NaN where it is not known.
pub(crate) fn on(couple: &Diary, person: usize, day: usize, whose: Whose, when: When) -> f64 {
    let person = match whose {
        Whose::Own => person,
        Whose::Partner => 1 - person,
    };
    let day = match when {
        When::SameDay => Some(day),
        When::DayBefore => day.checked_sub(1),
    };
    let value = day.and_then(|day| couple[person].get(day));
    value.copied().unwrap_or(f64::NAN)
}

/// How much of the variance of a daily variable lies between persons, by analysis of variance.
pub(crate) fn person_intraclass(variable: &[Diary]) -> Intraclass {
    intraclass(variable.iter().flatten().map(Vec::as_slice))
}

/// The correlation of a person's day with another value, over all persons' days, both as distances
/// from the person's mean.
pub(crate) fn daily_correlation(
    x: &[Diary],
    y: &[Diary],
    whose: Whose,
    when: When,
) -> DyadicCorrelation {
    let (x, y) = (person_centred(x), person_centred(y));
    let mut rows = CorrelationRows::default();
    for (couple, (x, y)) in x.iter().zip(&y).enumerate() {
        for person in 0..2 {
            for (day, value) in x[person].iter().enumerate() {
                rows.push(couple, *value, on(y, person, day, whose, when));
            }
        }
    }
    rows.correlation()
}

/// The autocorrelation from day to day, over pairs of days that follow each other, not corrected
/// for what centring short series takes from it (about −1 in the number of days).
pub(crate) fn lag_one_autocorrelation(variable: &[Diary]) -> DyadicCorrelation {
    daily_correlation(variable, variable, Whose::Own, When::DayBefore)
}

/// The correlation of partners on the same day, as distances from their means.
pub(crate) fn same_day_partner_correlation(variable: &[Diary]) -> DyadicCorrelation {
    daily_correlation(variable, variable, Whose::Partner, When::SameDay)
}

/// The correlation of partners' means over their days.
pub(crate) fn partner_correlation_of_means(variable: &[Diary]) -> DyadicCorrelation {
    partner_correlation(&person_means(variable))
}

/// The correlation of persons' means and their standard deviations over days.
pub(crate) fn mean_spread_correlation(variable: &[Diary]) -> DyadicCorrelation {
    own_correlation(&person_means(variable), &person_sds(variable))
}

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

    const MISSING: f64 = f64::NAN;

    #[test]
    fn a_gap_is_no_step_from_day_to_day() {
        let variable = [[vec![1.0, 2.0, MISSING, 3.0, 6.0], vec![4.0]]];
        let found = lag_one_autocorrelation(&variable);
        assert_eq!(found.rows, 2);
        // Both steps go up from (−2, −1) to (0, 3).
        assert!((found.value - 1.0).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn series_that_alternate_have_an_autocorrelation_of_minus_one() {
        let days: Vec<f64> = (0..21).map(|day| f64::from(day % 2)).collect();
        let found = lag_one_autocorrelation(&[[days.clone(), days.clone()], [days, vec![]]]);
        assert!(
            (found.value + 1.0).abs() < 1e-12 && found.couples == 2,
            "{found:?}"
        );
    }

    #[test]
    fn partners_who_move_together_are_correlated_whatever_their_means() {
        let variable = [
            [vec![1.0, 2.0, 4.0], vec![7.0, 8.0, 10.0]],
            [vec![3.0, 3.5, MISSING], vec![9.0, 9.5, 1.0]],
        ];
        let found = same_day_partner_correlation(&variable[..1]);
        assert!(
            (found.value - 1.0).abs() < 1e-12 && found.rows == 6,
            "{found:?}"
        );
        assert_eq!(same_day_partner_correlation(&variable).rows, 10);
        let means = partner_correlation_of_means(&variable);
        assert_eq!((means.rows, means.couples), (4, 2));
    }

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
