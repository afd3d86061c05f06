//! Response surfaces and interactions.

use super::kept::Findings;
use super::pairs::{coefficients, paired, variable};
use pairbond::stats::dyads::{
    Method, PairedRegression, Residuals, ResponseSurface, centred, interaction, response_surface,
};

/// A regression with independent residuals, which R fits by other means.
fn plain(names: &[&str], found: &PairedRegression) -> Findings {
    let mut findings = Findings::none();
    coefficients(&mut findings, names, &found.coefficients);
    findings
}

pub(crate) fn found(set: &str, case: &str) -> Findings {
    let [x, y] = ["x", "y"].map(|name| centred(&variable(set, name), 5.0));
    let z = variable(set, "z");
    let surface =
        |residuals| response_surface(&z, &x, &y, residuals, Method::Restricted).expect("a surface");
    let crossed =
        |residuals| interaction(&z, &x, &y, residuals, Method::Restricted).expect("a model");
    let powers = ["b0", "b1", "b2", "b3", "b4", "b5"];
    let names = ["b0", "x", "y", "x_by_y"];
    match case {
        "plain" => {
            let found = surface(Residuals::Independent);
            let mut findings = plain(&powers, &found.regression);
            findings.push("r_squared", found.regression.r_squared);
            findings.push("sigma", found.regression.sigma);
            lines(&mut findings, &found);
            findings
        }
        "paired" => {
            let found = surface(Residuals::Correlated);
            let mut findings = paired(&powers, &found.regression);
            lines(&mut findings, &found);
            findings
        }
        "interaction_plain" => plain(&names, &crossed(Residuals::Independent).regression),
        "interaction_paired" => {
            let found = crossed(Residuals::Correlated);
            let parts = [found.first, found.second, found.product];
            assert_eq!(parts, found.regression.coefficients[1..]);
            paired(&names, &found.regression)
        }
        other => panic!("no statistic for {other}"),
    }
}

fn lines(findings: &mut Findings, found: &ResponseSurface) {
    let lines = [
        found.congruence.slope,
        found.congruence.curvature,
        found.incongruence.slope,
        found.incongruence.curvature,
        found.asymmetry,
    ];
    coefficients(findings, &["a1", "a2", "a3", "a4", "a5"], &lines);
}
