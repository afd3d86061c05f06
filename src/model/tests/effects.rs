//! Every parameter, trait, state and mechanism has an effect, and a mechanism that is off has none.
//!
//! Whether a number or a switch has an effect shows in a small ensemble with many events.

use super::{TestEnsemble, lines, numbers, numbers_mut, stream};
use crate::model::derived::daily_satisfaction;
use crate::model::parameters::{MECHANISMS, PARAMETERS, ParameterSpec, Provenance};
use crate::model::types::{CONTACT, STATES, TRAITS};
use crate::model::{Clock, Couple, IntimacyTarget, Mechanisms, Parameters, Rules, Tally};
use crate::simd::vector::Vector;
use rand::Rng;

/// Couples of the ensemble.
const COUPLES: usize = 64;
/// Days that are simulated.
const DAYS: u64 = 60;

/// Parameters with many events, and without neutral zeros, so that every mechanism has an effect.
fn eventful() -> Parameters {
    let mut parameters = Parameters {
        betrayal_rate: 0.01,
        leaving_rate: 0.2,
        deliberation_commitment: 0.7,
        life_event_rate: 6.0,
        conflict_rate: 1.0,
        ..Parameters::default()
    };
    for line in PARAMETERS {
        if line.provenance == Provenance::Neutral && line.default == line.low {
            let value = parameters.get_mut(line.key).expect("a key of the table");
            *value = 0.5 * (line.low + line.high);
        }
    }
    parameters
}

/// The default clock's rules.
fn ruled(parameters: Parameters, mechanisms: Mechanisms) -> Rules {
    Rules::new(
        parameters,
        mechanisms,
        IntimacyTarget::default(),
        Clock::default(),
    )
}

/// Couples with middling values of most numbers, and without mood, hurt or scar.
fn couples() -> Vec<Couple<f64>> {
    let mut rng = stream(11);
    let mut between =
        |low: f64, high: f64| low + (high - low) * f64::uniform::<0, 32>(rng.next_u64());
    (0..COUPLES)
        .map(|_| {
            let mut couple = Couple::<f64> {
                contact: between(0.3, 3.0),
                ..Couple::default()
            };
            for partner in &mut couple.partners {
                for place in partner.traits.fields_mut() {
                    *place = between(0.2, 0.9);
                }
                let state = &mut partner.state;
                let places = [
                    &mut state.trust,
                    &mut state.uncertainty,
                    &mut state.intimacy,
                    &mut state.stress,
                ];
                for place in places {
                    *place = between(0.1, 0.9);
                }
                state.anxiety = partner.traits.anxiety;
                state.avoidance = partner.traits.avoidance;
            }
            couple
        })
        .collect()
}

/// The outcome of an ensemble.
#[derive(PartialEq)]
struct EnsembleOutcome {
    /// The couples at the end.
    couples: Vec<Couple<f64>>,
    /// Which couples separated.
    separated: Vec<bool>,
    /// Counts of the events.
    tallies: Vec<Tally<f64>>,
    /// Partner A's last report.
    reports: Vec<f64>,
}

/// Simulates the couples under the rules, always with the same random words.
fn outcome(couples: Vec<Couple<f64>>, rules: &Rules) -> EnsembleOutcome {
    let mut ensemble = TestEnsemble::of(couples);
    let mut tallies = vec![Tally::new(rules); ensemble.couples.len()];
    ensemble.simulate(3, 0..DAYS, rules, &mut tallies);
    let reports = ensemble
        .couples
        .iter()
        .map(|couple| daily_satisfaction(&couple.partners[0].state, rules))
        .collect();
    let TestEnsemble { couples, separated } = ensemble;
    EnsembleOutcome {
        couples,
        separated,
        tallies,
        reports,
    }
}

impl EnsembleOutcome {
    /// Positions, in the order of a couple's numbers, at which another outcome's couples differ.
    fn differences(&self, other: &EnsembleOutcome) -> Vec<usize> {
        let count = numbers(&self.couples[0]).len();
        (0..count)
            .filter(|index| {
                let pairs = self.couples.iter().zip(&other.couples);
                pairs
                    .into_iter()
                    .any(|(a, b)| numbers(a)[*index] != numbers(b)[*index])
            })
            .collect()
    }
}

/// The parts of one mechanism.
struct MechanismParts {
    switch: &'static str,
    /// Parameters that have no effect without it.
    parameters: Vec<&'static str>,
    /// Traits that have no effect without it.
    traits: Vec<&'static str>,
    /// States that do not move without it.
    still: Vec<&'static str>,
}

/// Parts that are idle only within a step: (mechanism, parameters, traits, states).
///
/// A scenario can use these without the mechanism: through dated betrayals, and through the states
/// with which its couples start.
const IN_A_STEP: [(&str, &[&str], &[&str], &[&str]); 7] = [
    (
        "betrayal",
        &[
            "betrayal_trust",
            "betrayal_uncertainty",
            "betrayal_hurt",
            "betrayal_mood",
            "hurt_half_life",
            "scar",
        ],
        &[],
        &["hurt", "scar"],
    ),
    ("mood", &["report_mood"], &[], &[]),
    ("investment", &["commitment_investment"], &[], &[]),
    ("disclosure", &["commitment_investment"], &[], &[]),
    ("alternatives", &["derogation"], &[], &[]),
    ("attachment", &[], &["anxiety", "avoidance"], &[]),
    ("prototype", &[], &["anxiety", "avoidance"], &[]),
];

/// The parts of every mechanism, in the order of the mechanisms.
fn parts() -> Vec<MechanismParts> {
    let part = |switch: &'static str| {
        let named = |line: &&ParameterSpec| line.mechanisms.contains(&switch);
        let keys = |lines: &mut dyn Iterator<Item = &'static ParameterSpec>| -> Vec<&'static str> {
            lines.filter(named).map(|line| line.key).collect()
        };
        let mut part = MechanismParts {
            switch,
            parameters: keys(&mut PARAMETERS.iter()),
            traits: keys(&mut TRAITS.iter().chain([&CONTACT])),
            still: keys(&mut STATES.iter()),
        };
        for (_, parameters, traits, still) in IN_A_STEP.iter().filter(|more| more.0 == switch) {
            part.parameters.extend(*parameters);
            part.traits.extend(*traits);
            part.still.extend(*still);
        }
        part
    };
    MECHANISMS
        .iter()
        .map(|mechanism| part(mechanism.key))
        .collect()
}

#[test]
fn every_parameter_has_an_effect() {
    let base = outcome(couples(), &ruled(eventful(), Mechanisms::default()));
    for line in PARAMETERS {
        let changes = [line.low, line.high].map(|end| {
            let mut parameters = eventful();
            let place = parameters.get_mut(line.key).expect("a key of the table");
            *place += 0.3 * (end - *place);
            outcome(couples(), &ruled(parameters, Mechanisms::default())) != base
        });
        assert!(changes[0] || changes[1], "{} changes nothing", line.key);
    }
}

#[test]
fn every_trait_and_every_initial_state_has_an_effect() {
    let rules = ruled(eventful(), Mechanisms::default());
    let base = outcome(couples(), &rules);
    for (index, line) in lines().iter().enumerate() {
        let mut initial = couples();
        for couple in &mut initial {
            let place = &mut numbers_mut(couple)[index];
            **place = (**place + line.high) * 0.5;
        }
        let mut changed = outcome(initial, &rules);
        // The number itself differs in any case: others must differ too.
        for (couple, old) in changed.couples.iter_mut().zip(&base.couples) {
            *numbers_mut(couple)[index] = *numbers_mut(&mut old.clone())[index];
        }
        let outcome_alone = line.key == "wellbeing";
        assert!((changed != base) != outcome_alone, "{}", line.key);
    }
}

#[test]
fn every_intimacy_target_has_an_effect() {
    let [mean, least, response] = [
        IntimacyTarget::Mean,
        IntimacyTarget::Least,
        IntimacyTarget::Response,
    ]
    .map(|target| {
        let clock = Clock::default();
        outcome(
            couples(),
            &Rules::new(eventful(), Mechanisms::default(), target, clock),
        )
    });
    assert!(mean != least && least != response && response != mean);
}

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
    let person = (lines.len() - 1) / 2;
    (0..lines.len())
        .filter(|index| {
            let couples_own = *index >= 2 * person;
            lines[*index].key == key && (couples_own || (index % person >= traits) == of_state)
        })
        .collect()
}

fn moved(line: &crate::model::parameters::ParameterSpec, value: f64) -> f64 {
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
    let first = |count: usize, parameters: Parameters, off: &str| {
        let few = couples().into_iter().take(count).collect();
        outcome(few, &ruled(parameters, without(&[off])))
    };
    let mut unnamed = Vec::new();
    for part in parts() {
        // Most effects are seen in the first couples.
        let bases = [5, COUPLES].map(|count| (count, first(count, eventful(), part.switch)));
        let idle_at = |key: &str, end: f64| {
            let mut parameters = eventful();
            *parameters.get_mut(key).expect("a key of the table") = end;
            bases
                .iter()
                .all(|(count, base)| first(*count, parameters, part.switch) == *base)
        };
        for line in PARAMETERS {
            if !part.parameters.contains(&line.key)
                && idle_at(line.key, line.high)
                && idle_at(line.key, line.low)
            {
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
    ("dissolution", &["outside"], &[]),
    ("commitment", &["betrayal", "deliberation"], &["commitment"]),
    (
        "investment",
        &["betrayal", "deliberation"],
        &["investment", "commitment"],
    ),
    (
        "alternatives",
        &["betrayal", "deliberation"],
        &["alternatives", "commitment"],
    ),
    (
        "deliberation",
        &["contact", "conflict", "betrayal"],
        &["deliberation", "commitment", "wellbeing"],
    ),
    (
        "outside",
        &["contact", "conflict", "betrayal"],
        &["deliberation", "commitment", "wellbeing"],
    ),
    (
        "uncertainty",
        &["contact", "conflict", "autonomy", "attachment", "betrayal"],
        &["uncertainty"],
    ),
    (
        "accustoming",
        &["betrayal", "deliberation"],
        &["accustomed", "commitment", "wellbeing"],
    ),
    (
        "strain",
        &[
            "contact",
            "conflict",
            "attachment",
            "betrayal",
            "deliberation",
        ],
        &["strain", "stress", "commitment", "wellbeing"],
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
    "asymmetry",
    "buffering",
    "relief",
    "habit",
    "hostility",
    "reciprocation",
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
fn no_switch_but_its_own_moves_alternatives() {
    for part in parts() {
        for key in touched(part.switch, &[]) {
            let own = part.still.contains(&key);
            assert!(own || key != "alternatives", "{}", part.switch);
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
