//! The statistics of published diary studies, computed from simulated diaries of the same size.

use super::samples::Diaries;
use crate::stats::dyads::{
    Diary, Dyad, Method, Residuals, Term, Units, When, Whose, apim, lag_one_autocorrelation,
    mean_spread_correlation, next_day_effect, own_correlation, partner_correlation_of_means,
    person_centred, person_intraclass, person_means, person_sds, regression, same_day_effects,
    same_day_partner_correlation, standardised, standardised_apim, within_regression,
};
use crate::stats::summary::RunningMoments;

/// Person-level intraclass correlation of the day's satisfaction.
pub(crate) fn intraclass(diaries: &Diaries) -> f64 {
    person_intraclass(&diaries.satisfaction).value
}

/// Autocorrelation of the day's satisfaction from day to day.
pub(crate) fn autocorrelation(diaries: &Diaries) -> f64 {
    lag_one_autocorrelation(&diaries.satisfaction).value
}

/// Correlation of partners' satisfaction on the same day.
pub(crate) fn same_day(diaries: &Diaries) -> f64 {
    same_day_partner_correlation(&diaries.satisfaction).value
}

/// Correlation of partners' mean satisfaction.
pub(crate) fn means(diaries: &Diaries) -> f64 {
    partner_correlation_of_means(&diaries.satisfaction).value
}

/// The day's satisfaction by own and by the partner's report of conflict.
fn conflicts(diaries: &Diaries) -> [f64; 2] {
    let found = same_day_effects(
        &diaries.satisfaction,
        &diaries.conflict,
        Units::Standardised,
    );
    found.map_or([f64::NAN; 2], |found| found.map(|effect| effect.value))
}

/// Effect of own conflict report on the day's satisfaction.
pub(crate) fn own_conflict(diaries: &Diaries) -> f64 {
    conflicts(diaries)[0]
}

/// Effect of the partner's conflict report on the day's satisfaction.
pub(crate) fn partners_conflict(diaries: &Diaries) -> f64 {
    conflicts(diaries)[1]
}

/// Share of person-days with conflict.
pub(crate) fn conflict_days(diaries: &Diaries) -> f64 {
    let all = diaries.conflict.iter().flatten().flatten();
    all.copied()
        .filter(|x| x.is_finite())
        .collect::<RunningMoments>()
        .mean()
}

/// Correlation of persons' mean satisfaction and its standard deviation.
pub(crate) fn mean_with_spread(diaries: &Diaries) -> f64 {
    mean_spread_correlation(&diaries.satisfaction).value
}

/// Effect of conflict on the next day's satisfaction, net of that day's.
pub(crate) fn next_day(diaries: &Diaries) -> f64 {
    let found = next_day_effect(
        &diaries.satisfaction,
        &diaries.conflict,
        Units::Standardised,
    );
    found.map_or(f64::NAN, |effect| effect.value)
}

/// Effect of own avoidance on own mean satisfaction, controlling for the partner's.
pub(crate) fn own_avoidance(diaries: &Diaries) -> f64 {
    let outcome = person_means(&diaries.satisfaction);
    let fit = standardised_apim(&outcome, &[&diaries.avoidance], Method::Restricted);
    fit.map_or(f64::NAN, |fit| fit.actor[0].value)
}

/// How much more own responsiveness predicts the responsiveness that is perceived in the partner
/// than the partner's own does (standardised).
pub(crate) fn projection_over_accuracy(diaries: &Diaries) -> f64 {
    let perceived = standardised(&person_means(&diaries.perceived));
    let received = person_means(&diaries.received);
    let given: Vec<Dyad> = received.iter().map(|pair| [pair[1], pair[0]]).collect();
    let predictors = [standardised(&given), standardised(&received)];
    let fit = regression(
        &perceived,
        &[&predictors[0], &predictors[1]],
        Residuals::Correlated,
        Method::Restricted,
    );
    fit.map_or(f64::NAN, |fit| {
        fit.coefficients[1].value - fit.coefficients[2].value
    })
}

fn insecurity(diaries: &Diaries) -> Vec<Dyad> {
    let both = diaries.anxiety.iter().zip(&diaries.avoidance);
    both.map(|(a, v)| [0.5 * (a[0] + v[0]), 0.5 * (a[1] + v[1])])
        .collect()
}

/// Correlation of insecurity with the difference between perceived and received responsiveness.
pub(crate) fn insecure_bias(diaries: &Diaries) -> f64 {
    let [perceived, received] = [&diaries.perceived, &diaries.received].map(|d| person_means(d));
    let pairs = perceived.iter().zip(&received);
    let bias: Vec<Dyad> = pairs.map(|(p, r)| [p[0] - r[0], p[1] - r[1]]).collect();
    own_correlation(&insecurity(diaries), &bias).value
}

/// The product of a daily variable, centred at the person's mean, and a variable of the person, centred
/// at the grand mean.
fn moderated(days: &[Diary], by: &[Dyad]) -> Vec<Diary> {
    // A person without a value, such as one whom nothing was asked about, is in no pair of days.
    let mean = by
        .iter()
        .flatten()
        .copied()
        .filter(|value| !value.is_nan())
        .collect::<RunningMoments>()
        .mean();
    let centred = person_centred(days);
    let couples = centred.iter().zip(by);
    couples
        .map(|(couple, by)| {
            [0, 1].map(|person| {
                let days = couple[person].iter();
                days.map(|x| x * (by[person] - mean)).collect()
            })
        })
        .collect()
}

/// The effect of the last of several own same-day predictors.
fn last_effect(outcome: &[Diary], predictors: &[&[Diary]]) -> f64 {
    let terms: Vec<Term<'_>> = predictors.iter().map(|one| own(one)).collect();
    effect(outcome, &terms, terms.len())
}

fn own(variable: &[Diary]) -> Term<'_> {
    Term {
        variable,
        whose: Whose::Own,
        when: When::SameDay,
    }
}

/// The effect of one term, counted from 1.
fn effect(outcome: &[Diary], terms: &[Term<'_>], which: usize) -> f64 {
    let fit = within_regression(outcome, terms, Units::Standardised);
    fit.map_or(f64::NAN, |fit| fit.coefficients[which].value)
}

/// How much more closely an insecure person's perception follows the partner's behaviour from day to
/// day.
pub(crate) fn insecure_tracking(diaries: &Diaries) -> f64 {
    let more = moderated(&diaries.received, &insecurity(diaries));
    last_effect(&diaries.perceived, &[&diaries.received, &more])
}

/// Correlation of trust with the standard deviation of the day's satisfaction.
pub(crate) fn trust_with_spread(diaries: &Diaries) -> f64 {
    own_correlation(&diaries.trust, &person_sds(&diaries.satisfaction)).value
}

/// How much less conflict lowers the day's satisfaction of those who trust.
pub(crate) fn trust_softens_conflict(diaries: &Diaries) -> f64 {
    let more = moderated(&diaries.conflict, &diaries.trust);
    last_effect(&diaries.satisfaction, &[&diaries.conflict, &more])
}

/// Effects on the day's closeness, net of the day before: of own disclosure, of the partner's, and
/// of perceived responsiveness.
fn closeness(diaries: &Diaries) -> [f64; 3] {
    let terms = [
        Term {
            variable: &diaries.intimacy,
            whose: Whose::Own,
            when: When::DayBefore,
        },
        own(&diaries.disclosure),
        Term {
            variable: &diaries.disclosure,
            whose: Whose::Partner,
            when: When::SameDay,
        },
        own(&diaries.perceived),
    ];
    let fit = within_regression(&diaries.intimacy, &terms, Units::Standardised);
    fit.map_or([f64::NAN; 3], |fit| {
        [2, 3, 4].map(|term: usize| fit.coefficients[term].value)
    })
}

/// Effect of own disclosure on the day's closeness.
pub(crate) fn own_disclosure(diaries: &Diaries) -> f64 {
    closeness(diaries)[0]
}

/// Effect of the partner's disclosure on the day's closeness.
pub(crate) fn partners_disclosure(diaries: &Diaries) -> f64 {
    closeness(diaries)[1]
}

/// Effect of perceived responsiveness on the day's closeness.
pub(crate) fn perceived_responsiveness(diaries: &Diaries) -> f64 {
    closeness(diaries)[2]
}

/// Effect of stress on the day's satisfaction.
pub(crate) fn stress(diaries: &Diaries) -> f64 {
    last_effect(&diaries.satisfaction, &[&diaries.stress])
}

/// How much less stress lowers the day's satisfaction if the partner is perceived as responsive.
pub(crate) fn support_softens_stress(diaries: &Diaries) -> f64 {
    let support = person_means(&diaries.perceived);
    let more = moderated(&diaries.stress, &support);
    last_effect(&diaries.satisfaction, &[&diaries.stress, &more])
}

/// Effect of stress on the next day's satisfaction, net of that day's stress and of the satisfaction
/// before.
pub(crate) fn stress_next_day(diaries: &Diaries) -> f64 {
    let before = |variable| Term {
        variable,
        whose: Whose::Own,
        when: When::DayBefore,
    };
    let terms = [
        before(&diaries.satisfaction),
        own(&diaries.stress),
        before(&diaries.stress),
    ];
    effect(&diaries.satisfaction, &terms, 3)
}

/// Effects on the day's conflict of own stress and of the partner's.
fn stress_and_conflict(diaries: &Diaries) -> [f64; 2] {
    let found = same_day_effects(&diaries.conflict, &diaries.stress, Units::Standardised);
    found.map_or([f64::NAN; 2], |found| found.map(|effect| effect.value))
}

/// Effect of own stress on the day's conflict.
pub(crate) fn own_stress_on_conflict(diaries: &Diaries) -> f64 {
    stress_and_conflict(diaries)[0]
}

/// Effect of the partner's stress on the day's conflict.
pub(crate) fn partners_stress_on_conflict(diaries: &Diaries) -> f64 {
    stress_and_conflict(diaries)[1]
}

/// Difference between the effects of anxiety and of avoidance on an outcome, in one model.
fn avoidance_over_anxiety(diaries: &Diaries, outcome: &[Dyad]) -> f64 {
    let predictors: [&[Dyad]; 2] = [&diaries.anxiety, &diaries.avoidance];
    let predictors = predictors.map(standardised);
    let fit = apim(
        &standardised(outcome),
        &[&predictors[0], &predictors[1]],
        Method::Restricted,
    );
    fit.map_or(f64::NAN, |fit| fit.actor[0].value - fit.actor[1].value)
}

/// How much more strongly avoidance than anxiety predicts less closeness.
pub(crate) fn avoidance_and_closeness(diaries: &Diaries) -> f64 {
    avoidance_over_anxiety(diaries, &diaries.closeness)
}

/// How much more strongly avoidance than anxiety predicts less perceived support.
pub(crate) fn avoidance_and_support(diaries: &Diaries) -> f64 {
    avoidance_over_anxiety(diaries, &person_means(&diaries.perceived))
}

/// How much more strongly anxiety than avoidance predicts conflicts.
pub(crate) fn anxiety_and_conflict(diaries: &Diaries) -> f64 {
    avoidance_over_anxiety(diaries, &person_means(&diaries.quarrels))
}

/// Person-level intraclass correlation of reports of conflict.
pub(crate) fn conflict_intraclass(diaries: &Diaries) -> f64 {
    person_intraclass(&diaries.conflict).value
}

/// Autocorrelation of reports of conflict from day to day.
pub(crate) fn conflict_autocorrelation(diaries: &Diaries) -> f64 {
    lag_one_autocorrelation(&diaries.conflict).value
}

/// Correlation of partners' reports of conflict on the same day.
pub(crate) fn conflict_agreement(diaries: &Diaries) -> f64 {
    same_day_partner_correlation(&diaries.conflict).value
}

/// Reports of differences of opinion for each couple and day, both partners' counted.
pub(crate) fn differences_of_opinion(diaries: &Diaries) -> f64 {
    let reports = diaries.quarrels.iter().flatten().flatten();
    let known: RunningMoments = reports.copied().filter(|x| x.is_finite()).collect();
    2.0 * known.mean()
}

/// Correlation of partners' stress on the same day.
pub(crate) fn stress_same_day(diaries: &Diaries) -> f64 {
    same_day_partner_correlation(&diaries.stress).value
}

/// Effect of the partner's responsiveness, as the partner reports it, on the day's satisfaction, as a share
/// of the sum of this effect and that of own responsiveness, as oneself reports it. Over one of the two
/// effects alone, which may be near 0 in a study, the mean over studies does not settle.
pub(crate) fn partners_share_of_responsiveness(diaries: &Diaries) -> f64 {
    let enacted = &diaries.enacted;
    let found = same_day_effects(&diaries.satisfaction, enacted, Units::Raw);
    found.map_or(f64::NAN, |[own, partners]| {
        partners.value / (own.value + partners.value)
    })
}

/// Partner correlation of mean disclosure.
pub(crate) fn disclosure_reciprocity(diaries: &Diaries) -> f64 {
    partner_correlation_of_means(&diaries.disclosure).value
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Diaries of two couples over four days.
    fn diaries(conflict: [[[f64; 4]; 2]; 2]) -> Vec<Diary> {
        conflict
            .iter()
            .map(|couple| [couple[0].to_vec(), couple[1].to_vec()])
            .collect()
    }

    #[test]
    fn reports_of_conflict_agree_as_partners_report_them() {
        let reports = |partner: [f64; 4]| Diaries {
            conflict: diaries([
                [[1.0, 0.0, 0.0, 1.0], partner],
                [[0.0, 1.0, 0.0, 1.0], [0.0, 1.0, 0.0, 1.0]],
            ]),
            ..Diaries::default()
        };
        let (same, opposite) = (reports([1.0, 0.0, 0.0, 1.0]), reports([0.0, 1.0, 1.0, 0.0]));
        assert!((conflict_agreement(&same) - 1.0).abs() < 1e-12);
        // One couple agrees and the other is opposed.
        assert!(conflict_agreement(&opposite).abs() < 1e-12);
        // Everyone reports half of the days: persons do not differ.
        assert!(conflict_intraclass(&same) < 0.0);
        // Distances are half a unit each. Of three pairs of neighbours each, the products of one kind of person
        // are -1, 1, -1 and of the other -1, -1, -1 quarters, and yesterday's mean is a sixth below zero.
        let found = conflict_autocorrelation(&same);
        assert!((found + 0.5_f64.sqrt()).abs() < 1e-12, "{found}");
    }

    #[test]
    fn a_person_without_a_value_changes_no_other_product() {
        let days = diaries([[[1.0, 0.0, 0.0, 1.0]; 2], [[0.0, 1.0, 1.0, 0.0]; 2]]);
        let products = moderated(&days, &[[0.2, f64::NAN], [0.6, 0.4]]);
        assert!(products[0][1].iter().all(|x| x.is_nan()));
        let found = [products[0][0][0], products[1][0][0]];
        let expected = [0.5 * (0.2 - 0.4), -0.5 * (0.6 - 0.4)];
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
    }

    #[test]
    fn differences_of_opinion_are_both_partners_reports() {
        let quarrels = diaries([
            [[1.0, 0.0, 0.0, f64::NAN], [0.0, 0.0, 0.0, 0.0]],
            [[0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 1.0, 0.0]],
        ]);
        let found = differences_of_opinion(&Diaries {
            quarrels,
            ..Diaries::default()
        });
        assert!((found - 2.0 * 3.0 / 15.0).abs() < 1e-12, "{found}");
    }

    #[test]
    fn the_partners_responsiveness_is_a_share_of_own() {
        let enacted = diaries([
            [[0.2, 0.6, 0.4, 0.8], [0.7, 0.3, 0.5, 0.5]],
            [[0.5, 0.1, 0.9, 0.5], [0.4, 0.2, 0.8, 0.6]],
        ]);
        // A level of each person, half of one's own and a tenth of the partner's responsiveness; and an error,
        // which is the same for both effects.
        let satisfaction = |error: f64| -> Vec<Diary> {
            let couples = enacted.iter().enumerate();
            couples
                .map(|(couple, days)| {
                    [0, 1].map(|person: usize| {
                        let pairs = days[person].iter().zip(&days[1 - person]);
                        let level = 0.1 * (2 * couple + person) as f64;
                        let errors = [error, -error, -error, error].into_iter();
                        let days = pairs.zip(errors);
                        days.map(|((own, partners), error)| {
                            level + 0.5 * own + 0.1 * partners + error
                        })
                        .collect()
                    })
                })
                .collect()
        };
        let of = |error| {
            partners_share_of_responsiveness(&Diaries {
                satisfaction: satisfaction(error),
                enacted: enacted.clone(),
                ..Diaries::default()
            })
        };
        let found = of(1e-4);
        assert!((found - 1.0 / 6.0).abs() < 2e-3, "{found}");
    }

    #[test]
    fn partners_who_disclose_alike_have_a_high_reciprocity() {
        let alike = diaries([
            [[0.1, 0.3, 0.2, 0.2], [0.2, 0.2, 0.1, 0.3]],
            [[0.9, 0.7, 0.8, 0.8], [0.8, 0.8, 0.9, 0.7]],
        ]);
        let found = disclosure_reciprocity(&Diaries {
            disclosure: alike.clone(),
            ..Diaries::default()
        });
        assert!((found - 1.0).abs() < 1e-12, "{found}");
        // Within persons the days' distances are 0, 1, -1, 0 tenths against 0, 0, -1, 1 of the partner.
        let stress = stress_same_day(&Diaries {
            stress: alike,
            ..Diaries::default()
        });
        assert!(stress < 0.5, "{stress}");
    }
}
