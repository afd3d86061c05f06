//! Mixed models of daily reports.

use super::diary::variable;
use super::kept::Findings;
use pairbond::stats::dyads::{Days, Levels, Method, MixedModel, at_places, person_parts, places};

/// A mixed model of satisfaction by conflict, or of its mean alone.
pub(crate) fn found(case: &str) -> Findings {
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
