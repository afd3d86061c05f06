//! Panels, their measures, and the laboratory that they come from.

use super::*;
use crate::validate::cohorts::{DATING, Laboratory, POPULATIONS};
use crate::validate::samples::{Diaries, Instruments};
use std::collections::BTreeSet;

fn dating(seed: u64) -> Panel {
    Laboratory::new(200, seed)
        .simulate(DATING, &[])
        .expect("no overrides")
}

#[test]
fn a_panel_holds_whole_days_of_couples_who_last() {
    let panel = dating(1);
    assert_eq!(panel.days, 14);
    assert_eq!(panel.ends.len(), 200);
    // Couples who separate at the end of the last day have simulated all of it.
    let last = panel.column("day")[13];
    let lasting = panel
        .ends
        .iter()
        .filter(|end| end.is_nan() || **end >= last)
        .count();
    assert_eq!(panel.couples, lasting);
    assert!(panel.couples > 20, "{} couples", panel.couples);
    let trust = panel.column("trust");
    assert_eq!(trust.len(), panel.couples * 2 * panel.days);
    let days = panel.column("day");
    assert!(days[..14].windows(2).all(|pair| pair[1] == pair[0] + 1.0));
    assert_eq!(days[0], days[14]);
    assert_eq!(panel.column("luck"), [0.0; 0]);
    let diary = panel.diary(trust);
    assert_eq!(diary.len(), panel.couples);
    assert_eq!(diary[1][1][2], trust[28 + 14 + 2]);
}

#[test]
fn joined_panels_keep_all_couples_apart() {
    let (one, two) = (dating(1), dating(2));
    let (first, second) = (one.couples, two.couples);
    let starts = [one.column("trust")[0], two.column("trust")[0]];
    let ids: Vec<u64> = one.ids.clone();
    let all = Panel::joined(vec![one, two]);
    assert_eq!(all.couples, first + second);
    assert_eq!(all.ends.len(), 400);
    assert_eq!(all.insecurity.len(), 400);
    let distinct: BTreeSet<u64> = all.ids.iter().copied().collect();
    assert_eq!(distinct.len(), all.couples);
    assert_eq!(all.ids[..first], ids);
    let trust = all.column("trust");
    assert_eq!([trust[0], trust[first * 28]], starts);
}

#[test]
fn missed_days_are_missing_from_reports_and_from_nothing_else() {
    let panel = dating(1);
    let by = |missed| Instruments {
        missed,
        ..Instruments::default()
    };
    let (full, half) = (
        Diaries::of(&panel, &by(0.0), 1),
        Diaries::of(&panel, &by(0.5), 1),
    );
    let days =
        |diary: &[Diary]| -> Vec<f64> { diary.iter().flatten().flatten().copied().collect() };
    let (all, some) = (days(&full.satisfaction), days(&half.satisfaction));
    assert!(all.iter().all(|value| value.is_finite()));
    let missing = some.iter().filter(|value| value.is_nan()).count();
    let share = missing as f64 / some.len() as f64;
    assert!((share - 0.5).abs() < 0.05, "{share}");
    for ((whole, part), conflict) in all.iter().zip(&some).zip(days(&half.conflict)) {
        assert_eq!(part.is_nan(), conflict.is_nan());
        assert!(part.is_nan() || part == whole);
    }
    assert_eq!(full.trust, half.trust);
    let bits = |diary: &[Diary]| days(diary).iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    assert_eq!(
        bits(&full.received),
        bits(&half.received),
        "observers miss no day"
    );
}

#[test]
fn answers_do_not_depend_on_other_measures() {
    use crate::validate::observed::PanelRespondents;
    let panel = dating(1);
    let respondents = PanelRespondents::of(&panel, 7);
    let scale = Instruments::default().scale(3, 0.85);
    let ask = |name: &str, number| respondents.questionnaire(panel.column(name), &scale, number);
    let (trust, intimacy) = (ask("trust", 1), ask("intimacy", 2));
    assert_eq!(
        (ask("intimacy", 2), ask("trust", 1)),
        (intimacy, trust.clone())
    );
    assert_ne!(ask("trust", 3), trust, "another instrument errs otherwise");
    let other = PanelRespondents::of(&panel, 8).questionnaire(panel.column("trust"), &scale, 1);
    assert_ne!(other, trust, "another seed errs otherwise");
    // Within the scale, and in its steps.
    for score in trust.iter().flatten() {
        assert!((0.0..=1.0).contains(score));
        let steps = score * 18.0;
        assert!((steps - steps.round()).abs() < 1e-9, "{score}");
    }
}

#[test]
fn populations_share_no_random_numbers_and_warn_of_nothing() {
    let mut seeds = BTreeSet::new();
    for seed in [1, 2] {
        let lab = Laboratory::new(200, seed);
        for population in POPULATIONS {
            let scenario = lab.scenario(*population, &[]).expect(population.name);
            assert!(seeds.insert(scenario.config().seed), "{}", population.name);
            assert!(scenario.warnings().is_empty(), "{}", scenario.warnings());
        }
    }
}
