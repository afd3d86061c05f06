//! How long relationships last, and what moves it.

use super::kept::{Findings, number, rows};
use pairbond::stats::chi_squared::{chi_squared_above, poisson_interval};
use pairbond::stats::cox::{ChiSquared, cox};
use pairbond::stats::durations::{Spell, rates_by_duration};
use pairbond::stats::interval::CONFIDENCE;
use pairbond::stats::survival::{Exits, kaplan_meier};

fn column(name: &str) -> Vec<f64> {
    let rows = rows(include_str!("../oracles/dyads_lives.csv"));
    rows.iter().map(|row| number(row[name])).collect()
}

fn lives() -> Vec<(u32, bool)> {
    let ends = column("ended").into_iter().map(|ended| ended == 1.0);
    column("day")
        .into_iter()
        .map(|day| day as u32)
        .zip(ends)
        .collect()
}

/// Rates by the covariates that the case names.
pub(crate) fn hazards(case: &str) -> Findings {
    let terms: Vec<&str> = case.split('.').collect();
    let columns: Vec<Vec<f64>> = terms.iter().map(|name| column(name)).collect();
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let found = cox(&lives(), &columns).expect("a model");
    let mut findings = Findings::none();
    for (name, one) in terms.iter().zip(&found.coefficients) {
        findings.push_with_error(name, one.value, one.standard_error);
    }
    findings.push("log_likelihood", found.log_likelihood);
    findings.push("log_likelihood_null", found.log_likelihood_null);
    let mut test = |name: &str, test: ChiSquared| {
        findings.push(name, test.statistic);
        findings.push(&format!("{name}.p"), test.p_value);
    };
    test("score", found.score);
    test("ratio", found.likelihood_ratio);
    test("wald", found.wald);
    findings
}

/// The curve on the day that is the case.
pub(crate) fn survival(case: &str) -> Findings {
    let exits: Exits = lives().into_iter().collect();
    let steps = kaplan_meier(&exits, CONFIDENCE);
    let day = number(case) as u32;
    let step = steps.iter().rfind(|step| step.day <= day).expect("a step");
    let mut findings = Findings::none();
    findings.push_with_error("survival", step.survival, step.standard_error);
    findings.push("survival.low", step.interval.low);
    findings.push("survival.high", step.interval.high);
    findings
}

/// The year of age that is the case.
pub(crate) fn year(case: &str) -> Findings {
    let spell = |(until, ended)| Spell {
        from: 0,
        until,
        ended,
    };
    let spells: Vec<Spell> = lives().into_iter().map(spell).collect();
    let edges = [0, 365, 730, 1_095, 1_460];
    let year = rates_by_duration(&spells, &edges, 365.0, CONFIDENCE)[number(case) as usize];
    let mut findings = Findings::none();
    findings.push("at_risk", year.at_risk as f64);
    findings.push("ended", year.ended as f64);
    findings.push("years", year.years);
    findings.push("rate", year.rate);
    findings.push("rate.low", year.rate_interval.low);
    findings.push("rate.high", year.rate_interval.high);
    findings.push("chance", year.rng);
    findings.push("chance.low", year.chance_interval.low);
    findings.push("chance.high", year.chance_interval.high);
    findings
}

/// Tails of as many degrees of freedom as the case says.
pub(crate) fn chi_squared(case: &str) -> Findings {
    let mut findings = Findings::none();
    for x in ["0.3", "4", "30"] {
        let tail = chi_squared_above(number(x), number(case));
        findings.push(&format!("above_{x}"), tail);
    }
    findings
}

/// The interval of as many events as the case says.
pub(crate) fn poisson(case: &str) -> Findings {
    let interval = poisson_interval(number(case) as u64, CONFIDENCE);
    let mut findings = Findings::none();
    findings.push("low", interval.low);
    findings.push("high", interval.high);
    findings
}
