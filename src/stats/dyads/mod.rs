//! Statistics of couples as the field computes them, to compare simulated studies with published
//! ones.
//!
//! Dyads are indistinguishable: which partner comes first has no meaning. A missing value is NaN, and
//! its row is left out. What is not defined is NaN or `None`. Estimates agree with R
//! (`nlme`, `lm`, `cor`) to five digits or more; `tests/oracles/dyads.R` says how.
//!
//! A questionnaire gives one value a person ([`Dyad`]), a diary one a day ([`Diary`]). Mixed models
//! take the long format: one row for each day of a person ([`PersonDay`]).
//!
//! | question | function |
//! | --- | --- |
//! | similarity of partners | [`partner_correlation`], [`partner_intraclass`] |
//! | associations within a person and across partners | [`own_correlation`], [`cross_correlation`] |
//! | effects of a person's and the partner's traits on an outcome | [`apim`], [`standardised_apim`], [`regression`] |
//! | effect of a difference between two traits | [`response_surface`] |
//! | associations between days and between partners' days | [`lag_one_autocorrelation`], [`same_day_partner_correlation`], [`partner_correlation_of_means`], [`mean_spread_correlation`] |
//! | effects within persons | [`within_regression`], [`same_day_effects`], [`next_day_effect`] |
//! | variance between persons and couples | [`person_intraclass`], [`person_variance`], [`MixedModel`] |
//! | actor and partner effects over many occasions | [`LongitudinalApim`] |
//! | actor and partner effects on levels and slopes over time | [`growth::GrowthModel`] |

pub(crate) mod correlation;
pub(crate) mod diary;
pub(crate) mod growth;
#[cfg(test)]
mod growth_oracle;
pub(crate) mod linear_model;
pub(crate) mod longitudinal;
#[cfg(test)]
mod longitudinal_oracle;
pub(crate) mod mixed;
#[cfg(test)]
mod nlme_oracle;
pub(crate) mod paired;
mod quasi_newton;

use crate::stats::summary::RunningMoments;
use std::collections::BTreeMap;

#[cfg(test)]
pub(crate) use correlation::{DyadicCorrelation, Intraclass, partner_intraclass};
pub(crate) use correlation::{cross_correlation, own_correlation, partner_correlation};
pub(crate) use diary::{
    Term, Units, When, Whose, lag_one_autocorrelation, mean_spread_correlation, next_day_effect,
    partner_correlation_of_means, person_intraclass, same_day_effects,
    same_day_partner_correlation, within_regression,
};
#[cfg(test)]
pub(crate) use diary::{WithinRegression, daily_correlation};
pub(crate) use linear_model::{Coefficient, Method};
pub(crate) use longitudinal::{LongitudinalApim, LongitudinalFit, OccasionResiduals, PartnerKinds};
#[cfg(test)]
pub(crate) use mixed::{DayResiduals, MixedModel, RandomIntercepts};
#[cfg(test)]
pub(crate) use paired::{Apim, PairedRegression, ResponseSurface, response_surface};
pub(crate) use paired::{Residuals, apim, regression, standardised_apim};

/// x to a whole power, by squaring.
fn whole_power(mut x: f64, mut power: u32) -> f64 {
    let mut product = 1.0;
    while power > 0 {
        if power % 2 == 1 {
            product *= x;
        }
        x *= x;
        power /= 2;
    }
    product
}

/// The values of the two partners of a dyad; NaN where one is missing.
///
/// Partners are indistinguishable: which of them comes first has no meaning.
pub(crate) type Dyad = [f64; 2];

/// Shifts and scales a variable to mean 0 and standard deviation 1 over all persons who have it.
///
/// All is NaN where fewer than two persons have it or where it does not vary.
pub(crate) fn standardised(variable: &[Dyad]) -> Vec<Dyad> {
    let known = variable.iter().flatten().copied().filter(|x| x.is_finite());
    let moments: RunningMoments = known.collect();
    let (mean, sd) = (moments.mean(), moments.sd());
    let sd = if sd > 0.0 { sd } else { f64::NAN };
    let one = |x: f64| (x - mean) / sd;
    variable
        .iter()
        .map(|pair| [one(pair[0]), one(pair[1])])
        .collect()
}

/// The days of the two partners of a couple, numbered by their place; a day without a report is NaN.
pub(crate) type Diary = [Vec<f64>; 2];

/// A person's known values.
fn moments(days: &[f64]) -> RunningMoments {
    days.iter().copied().filter(|x| x.is_finite()).collect()
}

fn of_persons(variable: &[Diary], value: impl Fn(&[f64]) -> f64) -> Vec<Dyad> {
    let pair = |couple: &Diary| [value(&couple[0]), value(&couple[1])];
    variable.iter().map(pair).collect()
}

/// Each person's mean over the known days; NaN of none.
pub(crate) fn person_means(variable: &[Diary]) -> Vec<Dyad> {
    of_persons(variable, |days| moments(days).mean())
}

/// Each person's standard deviation over the known days; NaN of fewer than two.
pub(crate) fn person_sds(variable: &[Diary]) -> Vec<Dyad> {
    of_persons(variable, |days| moments(days).sd())
}

/// Each day's distance from the person's mean.
pub(crate) fn person_centred(variable: &[Diary]) -> Vec<Diary> {
    let centred = |days: &Vec<f64>| -> Vec<f64> {
        let mean = moments(days).mean();
        days.iter().map(|x| x - mean).collect()
    };
    let couple = |couple: &Diary| [centred(&couple[0]), centred(&couple[1])];
    variable.iter().map(couple).collect()
}

/// Whose day a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PersonDay {
    /// The couple's number.
    pub(crate) couple: usize,
    /// The person's number within the couple.
    pub(crate) person: usize,
    /// The day.
    pub(crate) day: u32,
}

/// A place for each day of each person of a diary, known or not: by couple, person, day.
pub(crate) fn person_days(variable: &[Diary]) -> Vec<PersonDay> {
    let mut places = Vec::new();
    for (couple, diary) in variable.iter().enumerate() {
        for (person, days) in diary.iter().enumerate() {
            places.extend((0..days.len()).map(|day| PersonDay {
                couple,
                person,
                day: day as u32,
            }));
        }
    }
    places
}

/// The values of a daily variable at some places; NaN where it has none.
pub(crate) fn values_at(variable: &[Diary], places: &[PersonDay]) -> Vec<f64> {
    let value = |place: &PersonDay| {
        let days = variable.get(place.couple)?.get(place.person)?;
        days.get(place.day as usize).copied()
    };
    places
        .iter()
        .map(|place| value(place).unwrap_or(f64::NAN))
        .collect()
}

/// A variable cut into what differs between persons and what differs within them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PersonSplit {
    /// The person's mean over the known days, in every row of the person.
    pub(crate) between: Vec<f64>,
    /// The day's distance from it.
    pub(crate) within: Vec<f64>,
}

/// Cuts a variable in the long format into persons' means and distances from them.
pub(crate) fn split_by_person(values: &[f64], places: &[PersonDay]) -> PersonSplit {
    let mut persons: BTreeMap<(usize, usize), RunningMoments> = BTreeMap::new();
    for (value, place) in values.iter().zip(places) {
        let moments = persons.entry((place.couple, place.person)).or_default();
        if value.is_finite() {
            moments.push(*value);
        }
    }
    let mean = |place: &PersonDay| persons[&(place.couple, place.person)].mean();
    let between: Vec<f64> = places.iter().take(values.len()).map(mean).collect();
    let within = values.iter().zip(&between).map(|(x, mean)| x - mean);
    PersonSplit {
        within: within.collect(),
        between,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::cox::cox;
    use proptest::prelude::*;

    /// Numbers that are often the same, missing, or beyond all scales.
    fn value() -> impl Strategy<Value = f64> {
        prop_oneof![
            30 => (0_u8..4).prop_map(f64::from),
            30 => -3.0_f64..3.0,
            6 => Just(f64::NAN),
            1 => prop_oneof![Just(f64::INFINITY), Just(1e200), Just(-1e-200), Just(f64::MAX)],
        ]
    }

    fn pairs() -> impl Strategy<Value = Vec<Dyad>> {
        prop::collection::vec([value(), value()], 0..9)
    }

    fn diaries() -> impl Strategy<Value = Vec<Diary>> {
        let days = || prop::collection::vec(value(), 0..6);
        prop::collection::vec([days(), days()], 0..6)
    }

    /// A coefficient that is given is a number, and so is its error.
    fn is_known(coefficient: &Coefficient) -> bool {
        coefficient.value.is_finite() && coefficient.standard_error >= 0.0
    }

    fn is_correlation(found: &DyadicCorrelation) -> bool {
        let interval = found.interval(0.95);
        let inside = interval.low >= -1.0 && interval.high <= 1.0 && interval.low <= interval.high;
        (found.value.is_nan() || found.value.abs() <= 1.0) && (inside || interval.low.is_nan())
    }

    proptest! {
        #[test]
        fn pairs_give_numbers_or_nothing(x in pairs(), y in pairs(), z in pairs()) {
            for found in [own_correlation(&x, &y), cross_correlation(&x, &y), partner_correlation(&x)] {
                prop_assert!(is_correlation(&found), "{found:?}");
            }
            let found = partner_intraclass(&x);
            prop_assert!(found.value.is_nan() || found.value <= 1.0, "{found:?}");
            for method in [Method::Restricted, Method::Full] {
                let models = [apim(&z, &[&x], method), standardised_apim(&z, &[&x, &y], method)];
                for model in models.into_iter().flatten() {
                    let found = model.regression;
                    prop_assert!(found.coefficients.iter().all(is_known), "{found:?}");
                    prop_assert!(found.rho.abs() < 1.0 && found.sigma > 0.0, "{found:?}");
                    let interval = found.rho_interval(0.95);
                    prop_assert!(interval.low.is_nan() || interval.contains(found.rho), "{found:?}");
                }
                for residuals in [Residuals::Independent, Residuals::Correlated] {
                    if let Some(found) = response_surface(&z, &x, &y, residuals, method) {
                        prop_assert!(is_known(&found.incongruence.curvature), "{found:?}");
                    }
                }
            }
        }

        #[test]
        fn diaries_give_numbers_or_nothing(y in diaries(), x in diaries()) {
            let found = [
                lag_one_autocorrelation(&y),
                same_day_partner_correlation(&y),
                partner_correlation_of_means(&y),
                mean_spread_correlation(&y),
                daily_correlation(&y, &x, Whose::Partner, When::DayBefore),
            ];
            prop_assert!(found.iter().all(is_correlation), "{found:?}");
            for units in [Units::Raw, Units::Standardised] {
                let found = same_day_effects(&y, &x, units);
                prop_assert!(found.iter().flatten().all(is_known), "{found:?}");
                let found = next_day_effect(&y, &x, units);
                prop_assert!(found.iter().all(is_known), "{found:?}");
            }
            let places = person_days(&y);
            let (output, predictor) = (values_at(&y, &places), values_at(&x, &places));
            for levels in [RandomIntercepts::Persons, RandomIntercepts::PersonsInCouples] {
                for days in [DayResiduals::Independent, DayResiduals::Autoregressive] {
                    let model = MixedModel {
                        places: &places,
                        output: &output,
                        predictors: &[&predictor],
                        levels,
                        days,
                        method: Method::Restricted,
                    };
                    if let Some(found) = model.fit() {
                        prop_assert!(found.coefficients.iter().all(is_known), "{found:?}");
                        prop_assert!((0.0..=1.0).contains(&found.person_share()), "{found:?}");
                    }
                }
            }
        }

        #[test]
        fn durations_give_numbers_or_nothing(
            durations in prop::collection::vec((0_u32..9, any::<bool>(), value(), value()), 0..12),
        ) {
            let days: Vec<(u32, bool)> = durations.iter().map(|duration| (duration.0, duration.1)).collect();
            let x: Vec<f64> = durations.iter().map(|duration| duration.2).collect();
            let y: Vec<f64> = durations.iter().map(|duration| duration.3).collect();
            if let Some(found) = cox(&days, &[&x, &y]) {
                prop_assert!(found.coefficients.iter().all(is_known), "{found:?}");
                prop_assert!(found.log_likelihood >= found.log_likelihood_null - 1e-6, "{found:?}");
            }
        }
    }

    #[test]
    fn standardising_goes_over_all_persons_who_have_the_variable() {
        let found = standardised(&[[1.0, 2.0], [f64::NAN, 3.0]]);
        assert_eq!((found[0], found[1][1]), ([-1.0, 0.0], 1.0));
        assert!(found[1][0].is_nan());
        assert!(standardised(&[[2.0, 2.0]])[0][0].is_nan());
    }

    const MISSING: f64 = f64::NAN;

    #[test]
    fn persons_with_one_day_have_a_mean_and_no_spread() {
        let variable = [
            [vec![1.0, 3.0], vec![5.0]],
            [vec![2.0, 6.0], vec![MISSING, 1.0, 1.0]],
        ];
        assert_eq!(person_means(&variable), [[2.0, 5.0], [4.0, 1.0]]);
        let spreads = person_sds(&variable);
        assert!(spreads[0][1].is_nan() && spreads[1][1] == 0.0);
    }

    #[test]
    fn a_diary_and_its_rows_are_the_same_days() {
        let variable = [
            [vec![1.0, f64::NAN, 5.0], vec![2.0]],
            [vec![], vec![4.0, 8.0]],
        ];
        let places = person_days(&variable);
        assert_eq!(places.len(), 6);
        assert!(places.is_sorted());
        let values = values_at(&variable, &places);
        assert_eq!(
            (values[0], values[2], values[3], values[5]),
            (1.0, 5.0, 2.0, 8.0)
        );
        assert!(values[1].is_nan() && values_at(&variable[..1], &places)[5].is_nan());
        let parts = split_by_person(&values, &places);
        assert_eq!(parts.between, [3.0, 3.0, 3.0, 2.0, 6.0, 6.0]);
        assert_eq!(
            (parts.within[0], parts.within[2], parts.within[4]),
            (-2.0, 2.0, -2.0)
        );
        assert!(parts.within[1].is_nan());
    }
}
