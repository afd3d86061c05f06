//! A mechanism that is off has no effect at all.

use super::arbitrary::lines;
use super::ensemble::{numbers, numbers_mut};
use super::outcomes::{EnsembleOutcome, couples, eventful, outcome, ruled};
use super::parts::parts;
use crate::model::parameters::PARAMETERS;
use crate::model::{Couple, Mechanisms, Parameters};
use crate::simd::vector::Vector;

fn without(switches: &[&str]) -> Mechanisms {
    let mut mechanisms = Mechanisms::default();
    for switch in switches {
        *mechanisms.get_mut(switch).expect("a key of the switches") = false;
    }
    mechanisms
}

fn simulated(parameters: Parameters, off: &[&str]) -> EnsembleOutcome {
    outcome(couples(), &ruled(parameters, without(off)))
}

/// Positions of a trait or a state of both partners among the numbers of a couple.
fn positions(key: &str, of_state: bool) -> Vec<usize> {
    let lines = lines();
    let traits = crate::model::types::TRAITS.len();
    let person = (lines.len() - 2) / 2;
    (0..lines.len())
        .filter(|index| {
            let couples_own = *index >= 2 * person;
            lines[*index].key == key && (couples_own || (index % person >= traits) == of_state)
        })
        .collect()
}

fn moved(line: &crate::model::parameter_spec::ParameterSpec, value: f64) -> f64 {
    if value < 0.5 * (line.low + line.high) {
        line.high
    } else {
        line.low
    }
}

#[test]
fn every_switch_has_an_effect() {
    let base = simulated(eventful(), &[]);
    for part in parts() {
        assert!(
            simulated(eventful(), &[part.switch]) != base,
            "{}",
            part.switch
        );
    }
}

#[test]
fn parameters_of_a_mechanism_that_is_off_have_no_effect() {
    for part in parts() {
        let base = simulated(eventful(), &[part.switch]);
        for key in &part.parameters {
            let line = PARAMETERS
                .iter()
                .find(|line| line.key == *key)
                .expect("a key of the table");
            let mut parameters = eventful();
            let place = parameters.get_mut(key).expect("a key of the table");
            *place = moved(line, *place);
            assert!(
                simulated(parameters, &[part.switch]) == base,
                "{}: {key}",
                part.switch
            );
        }
    }
}

#[test]
fn a_parameter_names_every_mechanism_without_which_it_has_no_effect() {
    let mut unnamed = Vec::new();
    for part in parts() {
        let base = simulated(eventful(), &[part.switch]);
        let idle_at = |key: &str, end: f64| {
            let mut parameters = eventful();
            *parameters.get_mut(key).expect("a key of the table") = end;
            simulated(parameters, &[part.switch]) == base
        };
        for line in PARAMETERS {
            let idle = idle_at(line.key, line.high) && idle_at(line.key, line.low);
            if idle && !part.parameters.contains(&line.key) {
                unnamed.push((line.key, part.switch));
            }
        }
    }
    assert_eq!(unnamed, []);
}

#[test]
fn traits_of_a_mechanism_that_is_off_have_no_effect() {
    for part in parts() {
        let rules = ruled(eventful(), without(&[part.switch]));
        let base = outcome(couples(), &rules);
        for key in &part.traits {
            let places = positions(key, false);
            let mut initial = couples();
            for couple in &mut initial {
                for index in &places {
                    let place = &mut numbers_mut(couple)[*index];
                    **place = (**place).one_minus();
                }
            }
            let changed = outcome(initial, &rules);
            assert_eq!(changed.differences(&base), places, "{}: {key}", part.switch);
            assert!(changed.tallies == base.tallies && changed.separated == base.separated);
        }
    }
}

#[test]
fn states_of_a_mechanism_that_is_off_do_not_move() {
    let initial = couples();
    for part in parts() {
        let after = simulated(eventful(), &[part.switch]);
        for key in &part.still {
            for index in positions(key, true) {
                for (old, new) in initial.iter().zip(&after.couples) {
                    assert_eq!(
                        numbers(old)[index],
                        numbers(new)[index],
                        "{}: {key}",
                        part.switch
                    );
                }
            }
        }
    }
}

#[test]
fn a_state_of_a_mechanism_that_is_off_is_reset() {
    for (switch, key) in [("mood", "mood"), ("hurt", "hurt"), ("scar", "scar")] {
        let rules = ruled(eventful(), without(&[switch]));
        let clean = outcome(couples(), &rules);
        let mut burdened = couples();
        for couple in &mut burdened {
            for index in positions(key, true) {
                *numbers_mut(couple)[index] = 0.7;
            }
        }
        assert!(outcome(burdened, &rules) == clean, "{switch}");
    }
}

/// States that a switch may change: (switch, mechanisms off in both runs, states). Both runs have
/// the same random words.
const REACHES: &[(&str, &[&str], &[&str])] = &[
    ("wellbeing", &[], &["wellbeing"]),
    ("dissolution", &[], &[]),
    ("commitment", &["betrayal"], &["commitment"]),
    ("investment", &["betrayal"], &["investment", "commitment"]),
    (
        "alternatives",
        &["betrayal"],
        &["alternatives", "commitment"],
    ),
    ("autonomy", &["attachment"], &["autonomy", "wellbeing"]),
    ("scar", &["contact", "conflict"], &["scar"]),
    ("mood", &["contact", "conflict"], &["mood"]),
    (
        "attachment",
        &["contact", "conflict"],
        &[
            "attachment",
            "autonomy",
            "anxiety",
            "avoidance",
            "wellbeing",
        ],
    ),
    ("stress", &["contact", "conflict"], &["stress", "wellbeing"]),
];

/// Mechanisms of the episode, which have no effect without episodes.
const OF_EPISODES: &[&str] = &[
    "disclosure",
    "availability",
    "noise",
    "understanding",
    "complacency",
    "projection",
    "bias",
    "repair",
    "trust",
    "uncertainty",
    "asymmetry",
    "buffering",
    "relief",
];

fn touched(switch: &str, others: &[&str]) -> Vec<&'static str> {
    let both: Vec<&str> = others.iter().copied().chain([switch]).collect();
    let differing = simulated(eventful(), others).differences(&simulated(eventful(), &both));
    let lines = lines();
    differing
        .into_iter()
        .map(|index| lines[index].key)
        .collect()
}

#[test]
fn a_switch_changes_no_bit_of_states_that_do_not_depend_on_it() {
    for (switch, others, reach) in REACHES {
        let touched = touched(switch, others);
        assert!(
            touched.iter().all(|key| reach.contains(key)),
            "{switch} touches {touched:?}"
        );
        assert!(*switch == "dissolution" || !touched.is_empty(), "{switch}");
    }
    for switch in OF_EPISODES {
        assert!(
            touched(switch, &["contact", "conflict"]).is_empty(),
            "{switch}"
        );
    }
}

#[test]
fn no_switch_but_its_own_moves_alternatives_or_investment() {
    for part in parts() {
        for key in touched(part.switch, &[]) {
            let own = part.still.contains(&key);
            assert!(
                own || !["alternatives", "investment"].contains(&key),
                "{}",
                part.switch
            );
        }
    }
}

#[test]
fn with_everything_off_nothing_moves() {
    let initial: Vec<Couple<f64>> = couples();
    let after = outcome(couples(), &ruled(eventful(), Mechanisms::none()));
    assert!(after.couples == initial);
    assert!(after.separated.iter().all(|gone| !gone));
}
