//! Correlations and actor–partner models of partners.

use super::kept::{Findings, number, rows};
use pairbond::stats::dyads::{
    Apim, Coefficient, Correlation, Intraclass, Method, Pair, PairedRegression, Residuals, apim,
    cross_correlation, own_correlation, pairwise_correlations, partner_correlation,
    partner_intraclass, regression, standardised_apim,
};
use pairbond::stats::interval::CONFIDENCE;

/// A variable of the dyads of one set.
pub(crate) fn variable(set: &str, name: &str) -> Vec<Pair> {
    let rows = rows(include_str!("../oracles/dyads_pairs.csv"));
    let values: Vec<f64> = rows
        .iter()
        .filter(|row| row["set"] == set)
        .map(|row| number(row[name]))
        .collect();
    values.chunks(2).map(|pair| [pair[0], pair[1]]).collect()
}

pub(crate) fn correlation(found: Correlation) -> Findings {
    let mut findings = Findings::none();
    let interval = found.interval(CONFIDENCE);
    findings.push_with_error("r", found.value, found.standard_error);
    findings.push("r.low", interval.low);
    findings.push("r.high", interval.high);
    findings.push("rows", found.rows as f64);
    findings
}

pub(crate) fn intraclass(found: Intraclass) -> Findings {
    let mut findings = Findings::none();
    let interval = found.interval(CONFIDENCE);
    findings.push_with_error("icc", found.value, found.standard_error);
    findings.push("icc.low", interval.low);
    findings.push("icc.high", interval.high);
    findings
}

pub(crate) fn coefficients(findings: &mut Findings, names: &[&str], found: &[Coefficient]) {
    assert_eq!(names.len(), found.len());
    for (name, found) in names.iter().zip(found) {
        findings.push_with_error(name, found.value, found.standard_error);
    }
}

/// A regression with correlated residuals.
pub(crate) fn paired(names: &[&str], found: &PairedRegression) -> Findings {
    let mut findings = Findings::none();
    coefficients(&mut findings, names, &found.coefficients);
    let interval = found.rho_interval(CONFIDENCE);
    findings.push("rho", found.rho);
    findings.push("rho.low", interval.low);
    findings.push("rho.high", interval.high);
    findings.push("sigma", found.sigma);
    findings.push("log_likelihood", found.log_likelihood);
    findings.push("persons", found.persons as f64);
    findings.push("r_squared", found.r_squared);
    findings
}

fn actor_partner(model: Option<Apim>) -> Findings {
    let names = ["intercept", "actor_x", "partner_x", "actor_y", "partner_y"];
    let model = model.expect("a model");
    let found = paired(&names, &model.regression);
    assert_eq!(model.actor[1], model.regression.coefficients[3]);
    assert_eq!(model.partner[1], model.regression.coefficients[4]);
    found
}

pub(crate) fn found(set: &str, case: &str) -> Findings {
    let [x, y, z] = ["x", "y", "z"].map(|name| variable(set, name));
    let predictors = [x.as_slice(), y.as_slice()];
    match case {
        "partner_x" => correlation(partner_correlation(&x)),
        "partner_z" => correlation(partner_correlation(&z)),
        "own_xy" => correlation(own_correlation(&x, &y)),
        "cross_xy" => correlation(cross_correlation(&x, &y)),
        "griffin" => {
            let found = pairwise_correlations(&x, &y);
            let mut findings = Findings::none();
            findings.push("own_effective", found.own_effective);
            findings.push("cross_effective", found.cross_effective);
            findings
        }
        "partner_icc_z" => intraclass(partner_intraclass(&z)),
        "mean_z" => {
            let found = regression(&z, &[], Residuals::Correlated, Method::Restricted);
            paired(&["intercept"], &found.expect("a mean"))
        }
        "apim_reml" => actor_partner(apim(&z, &predictors, Method::Restricted)),
        "apim_ml" => actor_partner(apim(&z, &predictors, Method::Full)),
        "apim_standardised" => {
            actor_partner(standardised_apim(&z, &predictors, Method::Restricted))
        }
        other => panic!("no statistic for {other}"),
    }
}
