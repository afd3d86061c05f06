//! The outcome of a small ensemble with many events, which shows whether a number or a switch has
//! an effect.

use super::arbitrary::stream;
use super::ensemble::{TestEnsemble, numbers};
use crate::model::derived::daily_satisfaction;
use crate::model::observer::Tally;
use crate::model::parameter_spec::Provenance;
use crate::model::parameters::PARAMETERS;
use crate::model::{Clock, Couple, IntimacyTarget, Mechanisms, Parameters, Rules};
use crate::simd::vector::Vector;
use rand::Rng;

/// Couples of the ensemble.
const COUPLES: usize = 64;
/// Days that are simulated.
const DAYS: u64 = 60;

/// Parameters with many events, and without neutral zeros, so that every mechanism has an effect.
pub(crate) fn eventful() -> Parameters {
    let mut parameters = Parameters {
        betrayal_rate: 0.01,
        breakup_rate: 0.02,
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
pub(crate) fn ruled(parameters: Parameters, mechanisms: Mechanisms) -> Rules {
    Rules::new(
        parameters,
        mechanisms,
        IntimacyTarget::default(),
        Clock::default(),
    )
}

/// Couples with middling values of most numbers, and without mood, hurt or scar.
pub(crate) fn couples() -> Vec<Couple<f64>> {
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
pub(crate) struct EnsembleOutcome {
    /// The couples at the end.
    pub(crate) couples: Vec<Couple<f64>>,
    /// Which couples separated.
    pub(crate) separated: Vec<bool>,
    /// Counts of the events.
    pub(crate) tallies: Vec<Tally<f64>>,
    /// Partner A's last report.
    pub(crate) reports: Vec<f64>,
}

/// Simulates the couples under the rules, always with the same random words.
pub(crate) fn outcome(couples: Vec<Couple<f64>>, rules: &Rules) -> EnsembleOutcome {
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
    pub(crate) fn differences(&self, other: &EnsembleOutcome) -> Vec<usize> {
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
