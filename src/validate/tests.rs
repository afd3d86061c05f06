//! A statistic changes when the mechanism that it is about is off.

use super::*;
use crate::scenario::Override;

/// The finding for one part of a target, from few couples and without some mechanisms.
fn found(id: &str, part: &str, off: &[&str]) -> SimulatedFinding {
    let mut lab = Laboratory::new(1_500, 5);
    for key in off {
        let value = Override::parse(&format!("mechanisms.{key}=false"));
        lab.overrides.push(value.expect("a switch"));
    }
    let mut targets = shipped(&[id.to_owned()]).expect("a target");
    targets.retain(|target| target.part == part);
    assert_eq!(targets.len(), 1, "{id} {part}");
    compare(&lab, &targets).expect("no error").remove(0).finding
}

#[test]
fn without_conflicts_and_bids_only_false_alarms_are_reported() {
    let false_alarms = Laboratory::new(1_500, 5).instruments.conflict_false_alarm;
    let with = found("C14", "", &[]);
    let without = found("C14", "", &["conflict", "contact"]);
    assert!(with.value > 2.0 * false_alarms, "{with:?}");
    assert!((without.value - false_alarms).abs() < 0.01, "{without:?}");
    let some = found("C14", "", &["conflict"]);
    assert!(some.value < with.value - 0.01, "{some:?}");
}

#[test]
fn without_episodes_their_statistics_are_undefined() {
    for (id, part) in [("P07", "responsiveness"), ("P02", "bias")] {
        assert!(found(id, part, &[]).value.is_finite(), "{id}");
        assert!(
            found(id, part, &["contact", "conflict"]).value.is_nan(),
            "{id}"
        );
    }
}

#[test]
fn without_dissolution_no_couple_separates() {
    for (id, part) in [("C16", ""), ("V16", "first year")] {
        assert!(found(id, part, &[]).value > 0.01, "{id} {part}");
        let without = found(id, part, &["dissolution"]);
        assert_eq!((without.value, without.spread), (0.0, 0.0), "{id} {part}");
    }
    assert!(found("P14", "", &["dissolution"]).value.is_nan());
}

#[test]
fn without_their_mechanisms_attachment_and_autonomy_do_not_change() {
    // No couple separates, so that the means are over the same couples.
    let without = found("P16", "", &["attachment", "dissolution"]);
    assert!(without.value.abs() < 1e-9, "{without:?}");
    assert!(found("P16", "", &[]).value.abs() > 1e-6);
    let (with, without) = (found("P10", "", &[]), found("P10", "", &["autonomy"]));
    assert_ne!(with.value, without.value);
    let trait_kept = found("P12", "trait", &["attachment"]);
    assert_eq!(
        trait_kept.value,
        found("P12", "state", &["attachment"]).value
    );
}

#[test]
fn without_the_trust_mechanism_a_passed_test_changes_no_trust() {
    let without = found("P04", "threat", &["trust"]);
    assert!(without.value.abs() < 1e-9, "{without:?}");
    assert!(found("P04", "threat", &[]).value.abs() > 1e-6);
}

#[test]
fn without_a_scar_deception_has_a_smaller_effect() {
    let (with, without) = (
        found("P05", "deception", &[]),
        found("P05", "deception", &["scar"]),
    );
    assert!(with.value > without.value, "{with:?} {without:?}");
}

#[test]
fn without_the_investment_mechanism_investment_predicts_commitment_less() {
    let (with, without) = (
        found("V14", "investment", &[]),
        found("V14", "investment", &["investment"]),
    );
    assert!(with.distance(&without).abs() > 3.0, "{with:?} {without:?}");
}

#[test]
fn without_mood_days_differ() {
    let (with, without) = (found("C10", "", &[]), found("C10", "", &["mood"]));
    assert_ne!(with.value, without.value);
}
