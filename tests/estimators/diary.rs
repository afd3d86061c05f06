//! Statistics of daily reports.

use super::kept::{Findings, number, rows};
use super::pairs::{correlation, intraclass};
use pairbond::stats::dyads::{
    Diary, Term, Units, When, Whose, WithinRegression, lag_one_autocorrelation,
    mean_spread_correlation, next_day_effect, partner_correlation_of_means, person_intraclass,
    same_day_effects, same_day_partner_correlation, within_regression,
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

pub(crate) fn found(case: &str) -> Findings {
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
        "icc" => intraclass(person_intraclass(&satisfaction)),
        "lag_one" => correlation(lag_one_autocorrelation(&satisfaction)),
        "same_day" => correlation(same_day_partner_correlation(&satisfaction)),
        "means" => correlation(partner_correlation_of_means(&satisfaction)),
        "mean_spread" => correlation(mean_spread_correlation(&satisfaction)),
        "effects" | "effects_raw" => {
            let units = match case {
                "effects" => Units::Standardised,
                _ => Units::Raw,
            };
            let found = within_regression(&satisfaction, &same_day, units);
            let effects = same_day_effects(&satisfaction, &conflict, units).expect("effects");
            let slopes = found.as_ref().map(|found| found.coefficients[1..].to_vec());
            assert_eq!(slopes, Some(effects.to_vec()));
            within(&["intercept", "own", "partner"], found)
        }
        "next_day" => {
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
