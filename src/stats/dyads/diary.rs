//! Statistics of variables that both partners of couples report daily.
//!
//! Days are numbered by their place, so that neighbours are a day apart; a day without a report is
//! NaN, and a series may end before its partner's.

use super::correlation::{
    CorrelationRows, DyadicCorrelation, own_correlation, partner_correlation,
};
use super::intraclass::{Intraclass, intraclass};
use super::variable::{Diary, person_centred, person_means, person_sds};

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
