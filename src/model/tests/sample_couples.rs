//! Effects of single mechanisms over long runs.

use super::ensemble::{TestEnsemble, population};
use crate::model::betrayal;
use crate::model::{Clock, Couple, IntimacyTarget, Mechanisms, Parameters, Rules, State};

const COUPLES: usize = 800;

fn rules(change: impl FnOnce(&mut Parameters, &mut Mechanisms)) -> Rules {
    let (mut parameters, mut mechanisms) = (Parameters::default(), Mechanisms::default());
    mechanisms.betrayal = false;
    change(&mut parameters, &mut mechanisms);
    Rules::new(
        parameters,
        mechanisms,
        IntimacyTarget::default(),
        Clock::default(),
    )
}

fn mean(ensemble: &TestEnsemble, read: impl Fn(&State<f64>) -> f64) -> f64 {
    ensemble
        .column(|couple| read(&couple.partners[0].state))
        .iter()
        .sum::<f64>()
        / COUPLES as f64
}

/// The population after a hundred days, with partner A betrayed or not, and some days later.
fn betrayed(blow: Option<bool>, days: u64) -> TestEnsemble {
    let rules = rules(|_, _| {});
    let mut ensemble = population(2, COUPLES);
    let mut unobserved = vec![(); ensemble.couples.len()];
    ensemble.simulate(5, 0..100, &rules, &mut unobserved);
    if let Some(deceived) = blow {
        for couple in &mut ensemble.couples {
            let state = &mut couple.partners[0].state;
            betrayal::apply(state, true, deceived, &rules);
        }
    }
    ensemble.simulate(5, 100..100 + days, &rules, &mut unobserved);
    ensemble
}

fn trust(state: &State<f64>) -> f64 {
    state.trust
}

#[test]
fn a_betrayal_takes_a_third_of_trust_and_deception_no_more_at_once() {
    let before = mean(&betrayed(None, 0), trust);
    for deceived in [false, true] {
        let after = betrayed(Some(deceived), 0);
        assert!((mean(&after, trust) - 0.65 * before).abs() < 1e-12);
        let scar = mean(&after, |state| state.scar);
        assert!((scar - if deceived { 0.3 } else { 0.0 }).abs() < 1e-12);
    }
}

#[test]
fn a_year_after_trust_is_partly_back_and_less_so_after_deception() {
    let [never, honest, deceived] = [None, Some(false), Some(true)].map(|blow| betrayed(blow, 365));
    let [intact, mended, scarred] = [&never, &honest, &deceived].map(|life| mean(life, trust));
    assert!(
        intact - mended > 0.01,
        "a betrayal is forgotten: {intact} {mended}"
    );
    assert!(
        mended > 0.65 * intact + 0.05,
        "trust does not come back: {intact} {mended}"
    );
    assert!(
        mended - scarred > 0.03,
        "a scar does not last: {mended} {scarred}"
    );
    let hurt = mean(&honest, |state| state.hurt);
    assert!((hurt - 0.3).abs() < 1e-9, "{hurt}");
}

#[test]
fn available_partners_are_trusted_more_than_unavailable_ones() {
    let trust_of = |availability: f64| {
        let mut ensemble = population(2, COUPLES);
        for couple in &mut ensemble.couples {
            couple.partners[1].traits.availability = availability;
        }
        ensemble.age(6, 200, &rules(|_, _| {}));
        mean(&ensemble, trust)
    };
    assert!(trust_of(1.0) - trust_of(0.6) > 0.03);
}

#[test]
fn consistency_lowers_uncertainty() {
    let uncertainty_of = |consistency: f64| {
        let mut ensemble = population(2, COUPLES);
        for couple in &mut ensemble.couples {
            couple.partners[1].traits.consistency = consistency;
        }
        ensemble.age(6, 300, &rules(|_, _| {}));
        mean(&ensemble, |state| state.uncertainty)
    };
    assert!(uncertainty_of(0.0) - uncertainty_of(1.0) > 0.01);
}

#[test]
fn intimacy_stays_low_without_disclosure() {
    let outcome = |openness: f64| {
        let mut couple = Couple::<f64>::default();
        for partner in &mut couple.partners {
            partner.traits.openness = openness;
        }
        let mut ensemble = TestEnsemble::of(vec![couple; COUPLES]);
        ensemble.age(8, 900, &rules(|_, _| {}));
        (
            mean(&ensemble, trust),
            mean(&ensemble, |state| state.intimacy),
        )
    };
    let ((closed_trust, closed), (open_trust, open)) = (outcome(0.2), outcome(1.2));
    assert!(open - closed > 0.3, "{open} {closed}");
    assert!((open_trust - closed_trust).abs() < 0.2 && closed_trust > closed);
}
