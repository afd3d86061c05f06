use super::*;
use crate::stats::dyads::partner_intraclass;
use crate::stats::interval::CONFIDENCE;
use crate::stats::test_support::{covered, normals};

/// Couples whose outcome is 1 + 0.5 own + 0.25 partner's, with residuals correlated by `rho`.
fn study(number: u64, couples: usize, rho: f64) -> (Vec<Dyad>, Vec<Dyad>) {
    let mut draws = normals(number);
    let mut draw = || draws.next().expect("draws never end");
    let (mut outcomes, mut predictors) = (Vec::new(), Vec::new());
    let other = (1.0 - rho * rho).sqrt();
    for _ in 0..couples {
        let x = [draw(), draw()];
        let first = draw();
        let left = [first, rho * first + other * draw()];
        outcomes.push([
            1.0 + 0.5 * x[0] + 0.25 * x[1] + left[0],
            1.0 + 0.5 * x[1] + 0.25 * x[0] + left[1],
        ]);
        predictors.push(x);
    }
    (outcomes, predictors)
}

#[test]
fn a_mean_alone_leaves_the_intraclass_correlation() {
    for rho in [-0.6, 0.0, 0.8] {
        let (y, _) = study(1, 40, rho);
        let found = regression(&y, &[], Residuals::Correlated, Method::Restricted);
        let found = found.expect("a regression").rho;
        assert!(
            (found - partner_intraclass(&y).value).abs() < 1e-7,
            "{found}"
        );
    }
}

#[test]
fn intervals_of_effects_cover_them_as_often_as_they_say() {
    for rho in [-0.5, 0.5] {
        for (truth, partner) in [(0.5, false), (0.25, true)] {
            let rate = covered(truth, |number| {
                let (y, x) = study(number, 40, rho);
                let found = apim(&y, &[&x], Method::Restricted).expect("a model");
                let effects = if partner { found.partner } else { found.actor };
                effects[0].interval(CONFIDENCE)
            });
            assert!((0.93..=0.97).contains(&rate), "{rho} {partner}: {rate}");
        }
    }
}

#[test]
fn standardising_changes_units_alone() {
    let (y, x) = study(5, 60, 0.3);
    let found = apim(&y, &[&x], Method::Restricted).expect("a model");
    let scaled = standardised_apim(&y, &[&x], Method::Restricted).expect("a model");
    assert!((found.actor[0].statistic() - scaled.actor[0].statistic()).abs() < 1e-6);
    assert!((found.regression.rho - scaled.regression.rho).abs() < 1e-6);
    assert!((found.regression.r_squared - scaled.regression.r_squared).abs() < 1e-12);
    assert!(scaled.intercept.value.abs() < 1e-12);
}

#[test]
fn a_far_mean_takes_no_digits() {
    let (y, x) = study(6, 30, 0.4);
    let far = |variable: &[Dyad]| -> Vec<Dyad> {
        variable.iter().map(|p| [p[0] + 1e6, p[1] + 1e6]).collect()
    };
    let near = apim(&y, &[&x], Method::Restricted).expect("a model");
    let far = apim(&far(&y), &[&far(&x)], Method::Restricted).expect("a model");
    assert!((near.actor[0].value - far.actor[0].value).abs() < 1e-7);
    assert!((near.actor[0].standard_error - far.actor[0].standard_error).abs() < 1e-7);
}

#[test]
fn a_combination_is_what_it_says() {
    let (y, x) = study(7, 50, 0.2);
    let model = apim(&y, &[&x], Method::Restricted).expect("a model");
    let sum = model
        .regression
        .combination(&[0.0, 1.0, 1.0])
        .expect("three weights");
    assert!((sum.value - model.actor[0].value - model.partner[0].value).abs() < 1e-14);
    let one = model
        .regression
        .combination(&[0.0, 1.0, 0.0])
        .expect("three weights");
    assert!((one.standard_error - model.actor[0].standard_error).abs() < 1e-14);
    assert_eq!(model.regression.combination(&[1.0]), None);
}

#[test]
fn what_cannot_be_estimated_is_none() {
    let (y, x) = study(8, 6, 0.0);
    let restricted = |y: &[Dyad], x: &[&[Dyad]]| {
        regression(y, x, Residuals::Correlated, Method::Restricted).map(|found| found.rho)
    };
    let flat = [[3.0, 3.0]; 6];
    assert_eq!(restricted(&y, &[&flat]), None, "a second intercept");
    assert_eq!(restricted(&y, &[&x, &x]), None, "a predictor twice");
    assert_eq!(restricted(&y, &[&x[..5]]), None, "unlike lengths");
    assert_eq!(restricted(&[], &[]), None, "no pairs");
    assert_eq!(
        restricted(&flat, &[&x]),
        None,
        "an outcome without variance"
    );
    let alone: Vec<Dyad> = y.iter().map(|pair| [pair[0], f64::NAN]).collect();
    assert_eq!(restricted(&alone, &[&x]), None, "no pairs");
    let same: Vec<Dyad> = y.iter().map(|pair| [pair[0]; 2]).collect();
    assert_eq!(restricted(&same, &[]), None, "partners who are the same");
    let exact: Vec<Dyad> = x
        .iter()
        .map(|pair| [2.0 * pair[0], 2.0 * pair[1]])
        .collect();
    assert_eq!(restricted(&exact, &[&x]), None, "nothing left to explain");
}
