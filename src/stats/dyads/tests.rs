//! What holds of all statistics of couples, whatever the data.

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
