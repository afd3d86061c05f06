//! Every number that can be set does something.

use super::arbitrary::lines;
use super::ensemble::numbers_mut;
use super::outcomes::{couples, eventful, outcome, ruled};
use crate::model::parameters::PARAMETERS;
use crate::model::{Clock, IntimacyTarget, Mechanisms, Rules};

#[test]
fn every_parameter_does_something() {
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
fn every_trait_and_every_starting_state_does_something() {
    let rules = ruled(eventful(), Mechanisms::default());
    let base = outcome(couples(), &rules);
    for (index, line) in lines().iter().enumerate() {
        let mut born = couples();
        for couple in &mut born {
            let place = &mut numbers_mut(couple)[index];
            **place = (**place + line.high) * 0.5;
        }
        let mut changed = outcome(born, &rules);
        // The number itself would differ in any case if it never moved: what counts are others.
        for (couple, old) in changed.couples.iter_mut().zip(&base.couples) {
            *numbers_mut(couple)[index] = *numbers_mut(&mut old.clone())[index];
        }
        let outcome_alone = line.key == "wellbeing";
        assert!((changed != base) != outcome_alone, "{}", line.key);
    }
}

#[test]
fn every_choice_of_the_intimacy_target_does_something() {
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
