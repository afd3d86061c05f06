//! Support for the tests of the mechanisms: rules with changes, words with known meanings, and
//! averages over many words.

use super::derived::{Derived, StepConstants};
use super::parameters::Mechanisms;
use super::parameters::Parameters;
use super::purposes::{EndDraws, EpisodeDraws};
use super::rules::IntimacyTarget;
use super::rules::{Clock, Rules};
use super::types::{Couple, Episode, Partner};
use crate::rng::{Key, StreamKind};
use rand::Rng;

/// The word with which an event happens if it can.
pub(crate) const ALWAYS: u64 = 0;
/// The word with which an event happens only if it must.
pub(crate) const NEVER: u64 = u64::MAX;
/// The noise word of an episode without noise.
pub(crate) const NO_NOISE: u64 = 0x00ff_00ff;

/// An episode that happens, in which neither is hurt and nothing is repaired.
pub(crate) fn episode_of(stakes: f64, depth: f64, response: f64, perceived: f64) -> Episode<f64> {
    Episode {
        happens: true,
        stakes,
        depth,
        response,
        perceived,
        shortfall: 0.0,
        hurtful: 0.0,
        repaired: false,
    }
}

/// Round values of the parameters that calibration moves: the tests of a mechanism can be followed
/// by hand and do not depend on the defaults.
pub(crate) fn round_parameters() -> Parameters {
    Parameters {
        bid_rate: 1.6,
        conflict_rate: 0.15,
        conflict_stakes: 0.3,
        disclosure_avoidance: 0.35,
        disclosure_safety: 0.3,
        hyperactivation: 0.6,
        care_weight: 0.3,
        response_mood: 0.45,
        response_noise: 0.25,
        response_stress: 0.2,
        complacency_effort: 0.2,
        loss_weight: 2.0,
        uncertainty_rate: 0.03,
        buffering: 0.5,
        expectation: 0.8,
        expectation_trust: 0.25,
        insecure_bias: 0.7,
        trust_rate: 0.025,
        intimacy_rate: 0.3,
        intimacy_avoidance: 0.3,
        intimacy_half_life: 200.0,
        mood_gain: 2.4,
        mood_half_life: 0.5,
        report_mood: 1.25,
        commitment_time: 30.0,
        commitment_satisfaction: 0.55,
        commitment_investment: 0.25,
        commitment_alternatives: 0.2,
        alternative_half_life: 120.0,
        alternative_base: 0.5,
        conflict_anxiety: 1.5,
        avoidant_bias: 0.35,
        conflict_stress: 2.0,
        repair_probability: 0.5,
        derogation: 0.5,
        satisfaction_strain: 0.0,
        satisfaction_deliberation: 0.0,
        ..Parameters::default()
    }
}

/// Rules of round parameters with changes.
pub(crate) fn rules(change: impl FnOnce(&mut Parameters, &mut Mechanisms)) -> Rules {
    rules_at(Clock::default(), change)
}

/// The same with another clock.
pub(crate) fn rules_at(
    clock: Clock,
    change: impl FnOnce(&mut Parameters, &mut Mechanisms),
) -> Rules {
    let (mut parameters, mut mechanisms) = (round_parameters(), Mechanisms::default());
    change(&mut parameters, &mut mechanisms);
    Rules::new(parameters, mechanisms, IntimacyTarget::default(), clock)
}

/// Rules of round parameters with steps of this length.
pub(crate) fn rules_of_step(step_days: f64) -> Rules {
    rules_at(
        Clock {
            step_days,
            ..Clock::default()
        },
        |_, _| {},
    )
}

/// A partner whose numbers are neither defaults nor extremes; without strain, and used to the present
/// closeness.
pub(crate) fn partner() -> Partner<f64> {
    let mut partner = Couple::<f64>::default().partners[0];
    let (state, traits) = (&mut partner.state, &mut partner.traits);
    (traits.responsiveness, traits.patience, traits.effort) = (0.7, 0.3, 0.4);
    (traits.anxiety, traits.avoidance, traits.openness) = (0.45, 0.2, 1.1);
    (state.trust, state.uncertainty, state.intimacy) = (0.7, 0.2, 0.4);
    (state.hurt, state.stress, state.anxiety, state.avoidance) = (0.1, 0.3, 0.5, 0.25);
    state.alternatives = 0.3;
    (state.strain, state.accustomed) = (0.0, state.intimacy);
    partner
}

/// A partner as the episodes see them; the constants of the step are leaked.
pub(crate) fn derived(partner: &Partner<f64>, rules: &Rules) -> Derived<'static, f64> {
    let constants = Box::leak(Box::new(StepConstants::of(partner, rules)));
    Derived::of(&partner.state, constants, rules)
}

/// An episode without noise, in which the other is available and repairs nothing.
pub(crate) fn quiet_episode() -> EpisodeDraws<f64> {
    EpisodeDraws {
        noise: NO_NOISE,
        outcome: 0xffff_0000,
    }
}

/// The end of a step without events.
pub(crate) fn quiet_end() -> EndDraws<f64> {
    EndDraws {
        stress_and_betrayal: NEVER,
        leaving_and_meeting: NEVER,
        sizes: NEVER,
    }
}

/// A stream of random words.
pub(crate) fn random_words(stream: u64) -> impl Rng {
    Key::new(2026, 0, 0, StreamKind::Life).stream(stream, 0)
}

/// The exact probability of an event that happens below some number of 32 bits.
pub(crate) fn probability(happens: impl Fn(u64) -> bool) -> f64 {
    let (mut low, mut high) = (0_u64, 1_u64 << 32);
    while low < high {
        let middle = (low + high) / 2;
        if happens(middle) {
            low = middle + 1
        } else {
            high = middle
        }
    }
    low as f64 / 4_294_967_296.0
}

/// Mean and standard deviation of a function over all values of this many bits.
pub(crate) fn mean_and_sd(bits: u32, read: impl Fn(u64) -> f64) -> (f64, f64) {
    let count = 1_u64 << bits;
    let (sum, squares) = (0..count)
        .map(read)
        .fold((0.0, 0.0), |(s, q), x| (s + x, q + x * x));
    let mean = sum / count as f64;
    (mean, (squares / count as f64 - mean * mean).sqrt())
}

/// Asserts that two numbers agree to 12 digits.
#[track_caller]
pub(crate) fn assert_close(found: f64, expected: f64) {
    assert_within(found, expected, 1e-12);
}

/// Asserts that two numbers differ by at most `by`.
#[track_caller]
pub(crate) fn assert_within(found: f64, expected: f64, by: f64) {
    assert!(
        (found - expected).abs() <= by,
        "found {found}, expected {expected} within {by}"
    );
}

/// `base` to the power of `times`, by multiplication.
pub(crate) fn power(base: f64, times: u32) -> f64 {
    (0..times).fold(1.0, |product, _| product * base)
}
