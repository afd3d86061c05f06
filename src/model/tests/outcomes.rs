//! What a small, eventful ensemble comes to: the yardstick for what a number or a switch does.

use super::arbitrary::stream;
use super::ensemble::{Ensemble, numbers};
use crate::model::derived::daily_satisfaction;
use crate::model::observer::Tally;
use crate::model::{Clock, Couple, IntimacyTarget, Mechanisms, Parameters, Rules};
use crate::simd::vector::Vector;
use rand::Rng;

/// Couples of an ensemble.
const COUPLES: usize = 64;
/// Days that they live.
const DAYS: u64 = 60;

/// Parameters of eventful lives, in which every mechanism has something to do.
pub(crate) fn eventful() -> Parameters {
    Parameters {
        betrayal_rate: 0.01,
        deception: 0.5,
        breakup_rate: 0.02,
        ..Parameters::default()
    }
}

/// The default clock's rules.
pub(crate) fn ruled(parameters: Parameters, mechanisms: Mechanisms) -> Rules {
    Rules::new(
        parameters,
        mechanisms,
        IntimacyTarget::default(),
        Clock::default(),
    )
}

/// Couples with middling numbers of every kind, no mood, no hurt and no scar.
pub(crate) fn couples() -> Vec<Couple<f64>> {
    let mut rng = stream(11);
    let mut between =
        |low: f64, high: f64| low + (high - low) * f64::uniform::<0, 32>(rng.next_u64());
    (0..COUPLES)
        .map(|_| {
            let mut couple = Couple::<f64>::default();
            couple.contact = between(0.3, 3.0);
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

/// All that an ensemble came to.
#[derive(PartialEq)]
pub(crate) struct Outcome {
    /// The couples at the end.
    pub(crate) couples: Vec<Couple<f64>>,
    /// Who had parted.
    pub(crate) parted: Vec<bool>,
    /// What happened on the way.
    pub(crate) tallies: Vec<Tally<f64>>,
    /// Partner A's last report.
    pub(crate) reports: Vec<f64>,
}

/// Lives the couples under the rules; chance is always the same.
pub(crate) fn outcome(couples: Vec<Couple<f64>>, rules: &Rules) -> Outcome {
    let mut ensemble = Ensemble::of(couples);
    let mut tallies = vec![Tally::new(rules); ensemble.couples.len()];
    ensemble.live(3, 0..DAYS, rules, &mut tallies);
    let reports = ensemble
        .couples
        .iter()
        .map(|couple| daily_satisfaction(&couple.partners[0].state, rules))
        .collect();
    let Ensemble { couples, parted } = ensemble;
    Outcome {
        couples,
        parted,
        tallies,
        reports,
    }
}

impl Outcome {
    /// Positions, in the order of a couple's numbers, at which another outcome's couples differ.
    pub(crate) fn differences(&self, other: &Outcome) -> Vec<usize> {
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
