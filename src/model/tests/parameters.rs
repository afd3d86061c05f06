//! Every parameter, trait and initial state has an effect.

use super::arbitrary::lines;
use super::ensemble::numbers_mut;
use super::outcomes::{couples, eventful, outcome, ruled};
use crate::model::parameters::PARAMETERS;
use crate::model::{Clock, IntimacyTarget, Mechanisms, Rules};

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
