//! How long relationships last, and what moves it.

use super::kept::{Findings, agree, number, rows};
use pairbond::analysis::chi_squared::{chi_squared_above, poisson_interval};
use pairbond::analysis::cox::{ChiSquared, cox};
use pairbond::analysis::durations::{Spell, rates_by_duration};
use pairbond::analysis::interval::CONFIDENCE;
use pairbond::analysis::survival::{Exits, kaplan_meier};

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

#[test]
fn proportional_hazards_agree_with_r() {
    agree("cox.", |case| {
        let terms: Vec<&str> = case.split('.').skip(1).collect();
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
    });
}

#[test]
fn survival_agrees_with_r() {
    let exits: Exits = lives().into_iter().collect();
    let steps = kaplan_meier(&exits, CONFIDENCE);
    agree("curve.", |case| {
        let day = number(&case["curve.".len()..]) as u32;
        let step = steps.iter().rfind(|step| step.day <= day).expect("a step");
        let mut findings = Findings::none();
        findings.push_with_error("survival", step.survival, step.standard_error);
        findings.push("survival.low", step.interval.low);
        findings.push("survival.high", step.interval.high);
        findings
    });
}

#[test]
fn yearly_rates_agree_with_r() {
    let spell = |(until, ended)| Spell {
        from: 0,
        until,
        ended,
    };
    let spells: Vec<Spell> = lives().into_iter().map(spell).collect();
    let edges = [0, 365, 730, 1_095, 1_460];
    let years = rates_by_duration(&spells, &edges, 365.0, CONFIDENCE);
    agree("year.", |case| {
        let year = years[number(&case["year.".len()..]) as usize];
        let mut findings = Findings::none();
        findings.push("at_risk", year.at_risk as f64);
        findings.push("ended", year.ended as f64);
        findings.push("years", year.years);
        findings.push("rate", year.rate);
        findings.push("rate.low", year.rate_interval.low);
        findings.push("rate.high", year.rate_interval.high);
        findings.push("chance", year.chance);
        findings.push("chance.low", year.chance_interval.low);
        findings.push("chance.high", year.chance_interval.high);
        findings
    });
}

#[test]
fn distributions_agree_with_r() {
    agree("chi_squared.", |case| {
        let dof = number(&case["chi_squared.".len()..]);
        let mut findings = Findings::none();
        for x in ["0.3", "4", "30"] {
            findings.push(&format!("above_{x}"), chi_squared_above(number(x), dof));
        }
        findings
    });
    agree("poisson.", |case| {
        let events = number(&case["poisson.".len()..]) as u64;
        let interval = poisson_interval(events, CONFIDENCE);
        let mut findings = Findings::none();
        findings.push("low", interval.low);
        findings.push("high", interval.high);
        findings
    });
}
