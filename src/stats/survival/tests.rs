use super::*;
use crate::stats::interval::CONFIDENCE;
use crate::stats::test_support::{covered, lifetimes, numbers, uniforms};

#[test]
fn the_curve_agrees_with_lifelines() {
    let [exits, _] = lifetimes();
    let steps = kaplan_meier(&exits, CONFIDENCE);
    let lines = include_str!("../../../tests/oracles/survival.csv")
        .lines()
        .skip(1);
    let expected: Vec<Vec<f64>> = lines.map(numbers).collect();
    assert_eq!(steps.len(), expected.len());
    for (step, line) in steps.iter().zip(expected) {
        let whole = [f64::from(step.day), step.at_risk as f64, step.ended as f64];
        assert_eq!(whole, line[..3]);
        let found = [
            step.survival,
            step.standard_error,
            step.interval.low,
            step.interval.high,
        ];
        for (found, expected) in found.iter().zip(&line[3..]) {
            let both_missing = found.is_nan() && expected.is_nan();
            assert!(
                both_missing || (found - expected).abs() < 1e-12,
                "{step:?} {line:?}"
            );
        }
    }
}

#[test]
fn without_censoring_the_curve_is_the_share_still_alive() {
    let exits: Exits = [1, 2, 2, 4, 5].map(|day| (day, true)).into_iter().collect();
    let steps = kaplan_meier(&exits, CONFIDENCE);
    let curve: Vec<f64> = steps.iter().map(|step| step.survival).collect();
    for (found, share) in curve.iter().zip([1.0, 0.8, 0.4, 0.2, 0.0]) {
        assert!((found - share).abs() < 1e-15);
    }
    assert!((steps[2].standard_error - (0.4_f64 * 0.6 / 5.0).sqrt()).abs() < 1e-15);
    assert!(steps[4].interval.low.is_nan() && steps[4].standard_error.is_nan());
}

#[test]
fn without_ends_no_curve_falls() {
    assert!(kaplan_meier(&Exits::default(), CONFIDENCE).is_empty());
    let exits: Exits = [(10, false), (20, false)].into_iter().collect();
    let steps = kaplan_meier(&exits, CONFIDENCE);
    assert_eq!(
        steps.iter().map(|step| step.at_risk).collect::<Vec<_>>(),
        [2, 2, 1]
    );
    assert!(
        steps
            .iter()
            .all(|step| step.survival == 1.0 && step.ended == 0)
    );
    assert_eq!(
        steps[0].interval,
        Interval {
            low: 1.0,
            high: 1.0
        }
    );
}

#[test]
fn exits_on_the_first_day_are_its_step() {
    let exits: Exits = [(0, true), (0, false), (3, true), (4, false)]
        .into_iter()
        .collect();
    let steps = kaplan_meier(&exits, CONFIDENCE);
    assert_eq!(
        steps.iter().map(|step| step.day).collect::<Vec<_>>(),
        [0, 3, 4]
    );
    assert_eq!(
        (steps[0].survival, steps[0].at_risk, steps[1].at_risk),
        (0.75, 4, 2)
    );
    let exits: Exits = [(0, false), (3, true)].into_iter().collect();
    assert_eq!(kaplan_meier(&exits, CONFIDENCE)[0], start(2));
}

#[test]
fn the_table_holds_the_steps() {
    let steps = kaplan_meier(&lifetimes()[0], CONFIDENCE);
    let table = table(&steps);
    assert_eq!(table.rows.rows(), steps.len());
    let survival = table.floats("survival").expect("a column of reals");
    assert!(
        survival
            .iter()
            .zip(&steps)
            .all(|(found, step)| *found == step.survival)
    );
    let ended = table.ints("ended").expect("a column of wholes");
    assert!(
        ended
            .iter()
            .zip(&steps)
            .all(|(found, step)| *found == step.ended as i64)
    );
}

#[test]
fn the_interval_covers_the_survival_as_often_as_it_says() {
    // Ends at a daily rate of 1 %, and observation for a uniform time of up to 200 days.
    let hazard = -ln(1.0 - 0.01);
    let rate = covered(exp(-hazard * 60.0), |study| {
        let mut draws = uniforms(study);
        let mut draw = || draws.next().expect("draws never end");
        let exits: Exits = (0..100)
            .map(|_| {
                let (end, seen) = ((-ln(draw()) / hazard).ceil(), (200.0 * draw()).floor());
                (end.min(seen) as u32, end <= seen)
            })
            .collect();
        let steps = kaplan_meier(&exits, CONFIDENCE);
        let last = steps.iter().rfind(|step| step.day <= 60);
        last.map_or(Interval::UNDEFINED, |step| step.interval)
    });
    assert!((0.93..=0.97).contains(&rate), "{rate}");
}

#[test]
fn counts_give_the_curve_of_single_durations() {
    let [whole, _] = lifetimes();
    let mut counted = Exits::default();
    whole.iter().for_each(|(day, exit)| counted.add(day, exit));
    assert_eq!(counted, whole);
}
