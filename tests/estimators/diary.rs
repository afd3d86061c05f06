//! Statistics of daily reports.

use super::kept::{Findings, agree, number, rows};
use super::pairs::{correlation, intraclass};
use pairbond::analysis::dyads::{
    Days, Diary, Levels, Method, MixedModel, Term, Units, When, Whose, WithinRegression, at_places,
    lag_one_autocorrelation, mean_spread_correlation, next_day_effect,
    partner_correlation_of_means, person_intraclass, person_parts, places, same_day_effects,
    same_day_partner_correlation, within_regression,
};

/// A daily variable; days that are not in the table are missing.
pub(crate) fn variable(name: &str) -> Vec<Diary> {
    let mut couples: Vec<Diary> = Vec::new();
    for row in rows(include_str!("../oracles/dyads_diary.csv")) {
        let place = |column: &str| number(row[column]) as usize - 1;
        couples.resize_with(couples.len().max(place("couple") + 1), Default::default);
        let days = &mut couples[place("couple")][place("person")];
        days.resize(days.len().max(place("day") + 1), f64::NAN);
        days[place("day")] = number(row[name]);
    }
    couples
}

fn within(names: &[&str], found: Option<WithinRegression>) -> Findings {
    let found = found.expect("a regression");
    let mut findings = Findings::none();
    for (name, coefficient) in names.iter().zip(&found.coefficients) {
        findings.push_with_error(name, coefficient.value, coefficient.standard_error);
    }
    findings.push("days", found.days as f64);
    findings
}

fn found(case: &str) -> Findings {
    let (satisfaction, conflict) = (variable("satisfaction"), variable("conflict"));
    let term = |variable, whose, when| Term {
        variable,
        whose,
        when,
    };
    let same_day = [
        term(&conflict, Whose::Own, When::SameDay),
        term(&conflict, Whose::Partner, When::SameDay),
    ];
    let day_before = [
        term(&satisfaction, Whose::Own, When::DayBefore),
        term(&conflict, Whose::Own, When::DayBefore),
    ];
    match case {
        "diary.icc" => intraclass(person_intraclass(&satisfaction)),
        "diary.lag_one" => correlation(lag_one_autocorrelation(&satisfaction)),
        "diary.same_day" => correlation(same_day_partner_correlation(&satisfaction)),
        "diary.means" => correlation(partner_correlation_of_means(&satisfaction)),
        "diary.mean_spread" => correlation(mean_spread_correlation(&satisfaction)),
        "diary.effects" | "diary.effects_raw" => {
            let units = match case {
                "diary.effects" => Units::Standardised,
                _ => Units::Raw,
            };
            let found = within_regression(&satisfaction, &same_day, units);
            let effects = same_day_effects(&satisfaction, &conflict, units).expect("effects");
            let slopes = found.as_ref().map(|found| found.coefficients[1..].to_vec());
            assert_eq!(slopes, Some(effects.to_vec()));
            within(&["intercept", "own", "partner"], found)
        }
        "diary.next_day" => {
            let units = Units::Standardised;
            let found = within_regression(&satisfaction, &day_before, units);
            let effect = next_day_effect(&satisfaction, &conflict, units);
            assert_eq!(effect, found.as_ref().map(|found| found.coefficients[2]));
            within(
                &["intercept", "satisfaction_before", "conflict_before"],
                found,
            )
        }
        other => panic!("no statistic for {other}"),
    }
}

#[test]
fn daily_statistics_agree_with_r() {
    agree("diary.", found);
}

/// A mixed model of satisfaction by conflict, or of its mean alone.
fn mixed_found(case: &str) -> Findings {
    let words: Vec<&str> = case.split(['.', '_']).collect();
    let has = |word| words.contains(&word);
    let satisfaction = variable("satisfaction");
    let places = places(&satisfaction);
    let output = at_places(&satisfaction, &places);
    let conflict = person_parts(&at_places(&variable("conflict"), &places), &places);
    let days: Vec<f64> = places
        .iter()
        .map(|place| f64::from(place.day + 1))
        .collect();
    let effects: [&[f64]; 3] = [&conflict.within, &conflict.between, &days];
    let model = MixedModel {
        places: &places,
        output: &output,
        predictors: if has("mean") { &[] } else { &effects },
        levels: match has("nested") {
            true => Levels::PersonsInCouples,
            false => Levels::Persons,
        },
        days: match has("days") {
            true => Days::Autoregressive,
            false => Days::Independent,
        },
        method: match has("reml") {
            true => Method::Restricted,
            false => Method::Full,
        },
    };
    let found = model.fit().expect("a model");
    let names = ["intercept", "conflict_within", "conflict_mean", "day"];
    let mut findings = Findings::none();
    for (name, one) in names.iter().zip(&found.coefficients) {
        findings.push_with_error(name, one.value, one.standard_error);
        findings.push(&format!("{name}.dof"), one.dof);
    }
    findings.push("couple_sd", found.couple_sd);
    findings.push("person_sd", found.person_sd);
    findings.push("residual_sd", found.residual_sd);
    findings.push("phi", found.phi);
    findings.push("log_likelihood", found.log_likelihood);
    findings
}

#[test]
fn mixed_models_agree_with_r() {
    agree("mixed.", mixed_found);
}
