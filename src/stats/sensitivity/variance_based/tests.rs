use super::*;
use crate::design::{Groups, Saltelli, Scramble};
use crate::stats::sensitivity::Resolution;
use crate::stats::sensitivity::test_support::{assert_close, holds_zero, numbers};
use std::f64::consts::PI;

const SETTINGS: SensitivitySettings = SensitivitySettings {
    confidence: 0.95,
    resamples: 400,
    seed: 1,
    tolerance: 0.05,
};

/// The verdict of the least resolved first-order or total index.
fn verdict(found: &VarianceIndices) -> Resolution {
    let indices = || found.first.iter().chain(&found.total);
    let rows = |index: &Estimate| match index.verdict {
        Resolution::NotResolved { try_rows } => Some(try_rows),
        _ => None,
    };
    match indices().filter_map(rows).max() {
        Some(try_rows) => Resolution::NotResolved { try_rows },
        None => found.first[0].verdict,
    }
}

fn outputs(design: &Saltelli, function: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let mut x = vec![0.0; design.dimensions()];
    (0..design.points())
        .map(|index| {
            design.point(index, &mut x);
            function(&x)
        })
        .collect()
}

fn study(rows: u64, axes: usize, seed: u64, function: impl Fn(&[f64]) -> f64) -> VarianceIndices {
    let design = Saltelli::new(
        rows,
        Groups::single(axes),
        SobolOrder::Second,
        Scramble::Owen(seed),
    );
    let y = outputs(&design.expect("a power of two"), function);
    variance_indices(&y, axes, SobolOrder::Second, &SETTINGS).expect("whole rows")
}

fn values(estimates: &[Estimate]) -> Vec<f64> {
    estimates.iter().map(|estimate| estimate.value).collect()
}

#[test]
fn indices_equal_those_of_salib() {
    let second = [
        (
            include_str!("../../../../tests/oracles/sensitivity_sobol_ishigami.csv"),
            3,
        ),
        (
            include_str!("../../../../tests/oracles/sensitivity_sobol_groups.csv"),
            3,
        ),
    ];
    for (text, groups) in second {
        let rows = numbers(text);
        let found =
            variance_indices(&rows[5], groups, SobolOrder::Second, &SETTINGS).expect("whole rows");
        assert_close(values(&found.first), &rows[0], 1e-12);
        assert_close(values(&found.total), &rows[1], 1e-12);
        assert_close(
            found.second.iter().map(|pair| pair.estimate.value),
            &rows[4],
            1e-12,
        );
    }
    let rows = numbers(include_str!(
        "../../../../tests/oracles/sensitivity_sobol_g.csv"
    ));
    let found = variance_indices(&rows[4], 4, SobolOrder::First, &SETTINGS).expect("whole rows");
    assert_close(values(&found.first), &rows[0], 1e-12);
    assert_close(values(&found.total), &rows[1], 1e-12);
    assert!(found.second.is_empty());
}

#[test]
fn intervals_are_as_wide_as_those_of_salib() {
    let settings = SensitivitySettings {
        resamples: 4000,
        ..SETTINGS
    };
    let rows = numbers(include_str!(
        "../../../../tests/oracles/sensitivity_sobol_g.csv"
    ));
    let found = variance_indices(&rows[4], 4, SobolOrder::First, &settings).expect("whole rows");
    for (estimates, theirs) in [(&found.first, &rows[2]), (&found.total, &rows[3])] {
        for (ours, theirs) in estimates.iter().map(|e| 0.5 * (e.high - e.low)).zip(theirs) {
            // Two bootstraps of 4,000 resamples each: standard errors of 1.1 %.
            assert!((ours / theirs - 1.0).abs() < 0.06, "{ours} {theirs}");
        }
    }
}

/// Ishigami & Homma (1990) with a = 7, b = 0.1.
fn ishigami(u: &[f64]) -> f64 {
    let x: Vec<f64> = u.iter().map(|u| PI * (2.0 * u - 1.0)).collect();
    let (sine, other) = (libm::sin(x[0]), libm::sin(x[1]));
    sine + 7.0 * other * other + 0.1 * x[2] * x[2] * x[2] * x[2] * sine
}

/// Variance, first-order and total indices, and that of the first and third axes together, in
/// closed form.
fn ishigami_truth() -> (f64, [f64; 3], [f64; 3], f64) {
    let (a, b, p4) = (7.0, 0.1, PI * PI * PI * PI);
    let alone = 0.5 * (1.0 + b * p4 / 5.0) * (1.0 + b * p4 / 5.0);
    let second = a * a / 8.0;
    let pair = b * b * p4 * p4 * (1.0 / 18.0 - 1.0 / 50.0);
    let all = alone + second + pair;
    let first = [alone / all, second / all, 0.0];
    (
        all,
        first,
        [(alone + pair) / all, second / all, pair / all],
        pair / all,
    )
}

fn holds(estimate: &Estimate, truth: f64) -> bool {
    (estimate.low..=estimate.high).contains(&truth)
}

#[test]
fn intervals_hold_the_closed_form_of_ishigami() {
    let (variance, first, total, pair) = ishigami_truth();
    let found = study(2048, 3, 5, ishigami);
    for group in 0..3 {
        assert!(
            holds(&found.first[group], first[group]),
            "{:?}",
            found.first[group]
        );
        assert!(
            holds(&found.total[group], total[group]),
            "{:?}",
            found.total[group]
        );
    }
    assert!((found.variance / variance - 1.0).abs() < 0.02);
    assert_eq!(found.second[1].groups, (0, 2));
    assert!(holds(&found.second[1].estimate, pair));
    assert_eq!(found.total[2].verdict, Resolution::Resolved);
    assert!(holds_zero(&found.first[2]) && !holds_zero(&found.total[2]));
}

#[test]
fn intervals_hold_the_closed_form_of_the_g_function() {
    // Saltelli & Sobol' (1995); the variances of the factors multiply.
    let a = [0.0, 1.0, 4.5, 9.0];
    let alone = a.map(|a: f64| 1.0 / (3.0 * (1.0 + a) * (1.0 + a)));
    let all = alone.iter().map(|v| 1.0 + v).product::<f64>() - 1.0;
    let g = |u: &[f64]| {
        u.iter()
            .zip(a)
            .map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a))
            .product()
    };
    let found = study(2048, 4, 6, g);
    for (group, v) in alone.iter().enumerate() {
        assert!(
            holds(&found.first[group], v / all),
            "{:?}",
            found.first[group]
        );
        let total = v * (all + 1.0) / (1.0 + v) / all;
        assert!(
            holds(&found.total[group], total),
            "{:?} {total}",
            found.total[group]
        );
    }
}

#[test]
fn intervals_hold_the_truth_in_at_least_93_of_100_studies() {
    // Sobol' points converge faster than the bootstrap believes: too wide is the safe side.
    let (_, first, total, _) = ishigami_truth();
    let settings = SensitivitySettings {
        resamples: 100,
        ..SETTINGS
    };
    let (mut held, mut count) = (0, 0);
    for seed in 0..200 {
        let design = Saltelli::new(
            128,
            Groups::single(3),
            SobolOrder::First,
            Scramble::Owen(seed),
        );
        let y = outputs(&design.expect("a power of two"), ishigami);
        let found = variance_indices(&y, 3, SobolOrder::First, &settings).expect("whole rows");
        for group in 0..3 {
            held += u32::from(holds(&found.first[group], first[group]));
            held += u32::from(holds(&found.total[group], total[group]));
            count += 2;
        }
    }
    assert!(
        f64::from(held) >= 0.93 * f64::from(count),
        "{held} of {count}"
    );
}

#[test]
fn a_small_study_says_how_many_rows_to_try_and_these_suffice() {
    let small = study(64, 3, 2, ishigami);
    let Resolution::NotResolved { try_rows } = verdict(&small) else {
        panic!("64 rows resolve nothing here: {small:?}");
    };
    assert!(try_rows > 64 && try_rows.is_power_of_two());
    let words = verdict(&small).to_string();
    assert!(words.contains("not resolved at this N, try 2^"), "{words}");
    assert_eq!(
        verdict(&study(2 * try_rows, 3, 2, ishigami)),
        Resolution::Resolved
    );
}

#[test]
fn a_group_gets_what_its_axes_have_together() {
    let groups = Groups::new(vec![0, 1, 0]).expect("no gap");
    let design =
        Saltelli::new(2048, groups, SobolOrder::First, Scramble::Owen(3)).expect("a power of two");
    let y = outputs(&design, ishigami);
    let found = variance_indices(&y, 2, SobolOrder::First, &SETTINGS).expect("whole rows");
    let (_, first, total, _) = ishigami_truth();
    assert!(holds(&found.first[0], total[0]) && holds(&found.total[0], total[0]));
    assert!(holds(&found.first[1], first[1]) && holds(&found.total[1], first[1]));
}

#[test]
fn a_constant_output_is_said_to_be_constant() {
    for y in [0.0, 0.1, 1e12] {
        let found =
            variance_indices(&[y; 40], 3, SobolOrder::Second, &SETTINGS).expect("whole rows");
        assert_eq!(verdict(&found), Resolution::Constant);
        assert!((found.mean - y).abs() <= 1e-12 * y);
        assert!(
            values(&found.first)
                .iter()
                .chain(&values(&found.total))
                .all(|index| *index == 0.0)
        );
    }
}

#[test]
fn rows_with_a_missing_output_are_dropped_and_counted() {
    let design = Saltelli::new(64, Groups::single(3), SobolOrder::First, Scramble::Owen(1));
    let mut y = outputs(&design.expect("a power of two"), ishigami);
    let without: Vec<f64> = [&y[..10], &y[15..]].concat();
    y[12] = f64::NAN;
    let found = variance_indices(&y, 3, SobolOrder::First, &SETTINGS).expect("whole rows");
    assert_eq!((found.rows, found.dropped), (63, 1));
    let expected = variance_indices(&without, 3, SobolOrder::First, &SETTINGS).expect("whole rows");
    assert_eq!(found.total, expected.total);
}

#[test]
fn outputs_that_are_no_whole_rows_are_refused() {
    let error = variance_indices(&[0.0; 21], 3, SobolOrder::First, &SETTINGS);
    assert_eq!(error, Err(SensitivityError::Length { found: 21, unit: 5 }));
    let error = variance_indices(&[f64::NAN; 20], 3, SobolOrder::First, &SETTINGS);
    assert_eq!(
        error,
        Err(SensitivityError::TooFewRows {
            usable: 0,
            needed: 2
        })
    );
}

#[test]
fn intervals_are_what_they_were() {
    let found = study(64, 3, 2, ishigami);
    assert_eq!((found.first[0].low, found.total[0].high), FIRST);
}

const FIRST: (f64, f64) = (0.078_185_125_982_548_29, 0.943_724_532_283_407_5);
