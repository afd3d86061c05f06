//! Instruments: reliability, ceilings, a style that all scales share, and missed days.

use super::*;
use crate::math::functions::normal_quantile;
use crate::rng::{Key, StreamKind};

const PERSONS: u64 = 20_000;

fn respondent(key: &Key, number: u64) -> Respondent<'_> {
    Respondent {
        key,
        couple: number / 2,
        person: number % 2,
    }
}

fn key() -> Key {
    Key::new(7, 0, 0, StreamKind::Measurement)
}

/// States that are spread normally about one half, by their place.
fn state(number: u64) -> f64 {
    0.5 + 0.1 * normal_quantile((number as f64 + 0.5) / PERSONS as f64)
}

fn scale(points: u32, reliability: f64, style: f64) -> Scale {
    Scale {
        items: 3,
        points,
        reliability,
        style,
    }
}

fn scores(scale: &Scale, instrument: u64) -> Vec<f64> {
    let key = key();
    let error = scale.item_error(0.01);
    (0..PERSONS)
        .map(|number| {
            let respondent = respondent(&key, number);
            let rng = &mut respondent.rng(instrument, 0);
            scale.score(state(number), respondent.style(), error, rng)
        })
        .collect()
}

fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let (mx, my) = (mean(x), mean(y));
    let product = |a: &[f64], ma: f64, b: &[f64], mb: f64| -> f64 {
        a.iter().zip(b).map(|(a, b)| (a - ma) * (b - mb)).sum()
    };
    product(x, mx, y, my) / (product(x, mx, x, mx) * product(y, my, y, my)).sqrt()
}

#[test]
fn two_forms_of_a_scale_correlate_by_its_reliability() {
    for reliability in [0.6, 0.85, 0.95] {
        let scale = scale(0, reliability, 0.0);
        let found = correlation(&scores(&scale, 1), &scores(&scale, 2));
        assert!((found - reliability).abs() < 0.01, "{reliability}: {found}");
    }
    assert_eq!(scale(7, 1.0, 0.0).item_error(0.01), 0.0);
}

#[test]
fn a_style_is_shared_by_all_scales() {
    let states: Vec<f64> = (0..PERSONS).map(state).collect();
    let rest = |style| -> Vec<Vec<f64>> {
        let scale = scale(0, 0.9, style);
        [1, 2]
            .map(|instrument| {
                let scores = scores(&scale, instrument);
                scores.iter().zip(&states).map(|(y, x)| y - x).collect()
            })
            .into()
    };
    let shared = |style| {
        let both = rest(style);
        correlation(&both[0], &both[1])
    };
    assert!(shared(0.0).abs() < 0.02);
    // Of a variance of .04² + .01/9 of error, .04² is shared.
    let expected = 0.0016 / (0.0016 + 0.01 / 9.0);
    assert!((shared(0.04) - expected).abs() < 0.02, "{}", shared(0.04));
}

#[test]
fn scores_are_on_steps_and_below_a_ceiling() {
    let scale = scale(7, 0.8, 0.04);
    let key = key();
    let error = scale.item_error(0.01);
    let steps = 18.0;
    let mut highest = 0;
    for number in 0..2_000_u64 {
        let rng = &mut respondent(&key, number).rng(1, 3);
        let score = scale.score(0.95, 0.0, error, rng);
        assert!((0.0..=1.0).contains(&score));
        assert!((score * steps - (score * steps).round()).abs() < 1e-9);
        highest += u32::from(score == 1.0);
    }
    assert!((400..1_900).contains(&highest), "{highest}");
}

#[test]
fn a_missing_state_has_a_missing_score() {
    let rng = &mut respondent(&key(), 0).rng(1, 0);
    assert!(scale(7, 0.9, 0.0).score(f64::NAN, 0.0, 0.1, rng).is_nan());
}

#[test]
fn reports_and_attendance_have_their_probabilities() {
    let key = key();
    let report = Report {
        hit: 0.7,
        false_alarm: 0.1,
    };
    let attendance = Attendance { missed: 0.2 };
    let (mut hits, mut alarms, mut days) = (0.0, 0.0, 0);
    for number in 0..PERSONS {
        let respondent = respondent(&key, number);
        hits += report.report(true, &mut respondent.rng(1, 0));
        alarms += report.report(false, &mut respondent.rng(2, 0));
        days += u32::from(attendance.attends(&mut respondent.rng(3, 0)));
    }
    let share = |count: f64| count / PERSONS as f64;
    assert!((share(hits) - 0.7).abs() < 0.015);
    assert!((share(alarms) - 0.1).abs() < 0.01);
    assert!((share(f64::from(days)) - 0.8).abs() < 0.012);
}

#[test]
fn errors_have_addresses_and_keep_their_values() {
    let key = key();
    let scale = scale(7, 0.85, 0.04);
    let ask = |couple, person, instrument, day| {
        let respondent = Respondent {
            key: &key,
            couple,
            person,
        };
        scale.score(
            0.6,
            respondent.style(),
            0.2,
            &mut respondent.rng(instrument, day),
        )
    };
    assert_eq!(ask(3, 1, 2, 5), ask(3, 1, 2, 5));
    let others = [
        ask(4, 1, 2, 5),
        ask(3, 0, 2, 5),
        ask(3, 1, 3, 5),
        ask(3, 1, 2, 6),
    ];
    assert!(others.iter().any(|other| *other != ask(3, 1, 2, 5)));
    let first: Vec<f64> = (0..4).map(|day| ask(0, 0, 1, day)).collect();
    assert_eq!(first, FIRST, "{first:?}");
}

/// The first scores of one person.
const FIRST: [f64; 4] = [
    0.5555555555555555,
    0.6666666666666666,
    0.49999999999999994,
    0.7222222222222222,
];
