//! What follows from a partner's state at a glance: felt security, care, complacency,
//! satisfaction. Views hold no memory.

use super::rules::Rules;
use super::types::State;
use crate::simd::vector::Vector;

/// What of a partner holds throughout a step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StepConstants<L> {
    /// What hurt leaves [0–1] (Eqs 3, 4 and 19).
    pub(crate) unhurt: L,
    /// Rate of bids in a moment that avoidance leaves, for a contact rate of 1 (Eq. 8).
    pub(crate) bid_rate: L,
    /// What anxiety adds to it for one who is wholly unsafe (Eq. 8).
    pub(crate) bid_anxiety_gain: L,
    /// Openness as far as avoidance leaves it (Eq. 12).
    pub(crate) disclosure_gain: L,
    /// What anxiety dares without safety (Eq. 12).
    pub(crate) hyperactivation: L,
    /// What own responsiveness gives (Eq. 14).
    pub(crate) own_responsiveness: L,
    /// Slackening of one who is wholly complacent (Eq. 13).
    pub(crate) complacency_slope: L,
    /// Load of a conflict (Eq. 13).
    pub(crate) conflict_load: L,
    /// What is misunderstood where all is at stake (Eq. 16).
    pub(crate) misunderstanding_gain: L,
    /// SD of responses (Eq. 16).
    pub(crate) response_sd: L,
    /// Whether everybody of the lane is there for every bid (Eq. 16).
    pub(crate) always_available: bool,
    /// Weight of expectation in perception (Eq. 17).
    pub(crate) expectation_weight: L,
    /// Weight of the response itself (Eq. 17).
    pub(crate) response_weight: L,
    /// Bias of one who is wholly unsafe where all is at stake (Eq. 17).
    pub(crate) bias_gain: L,
    /// Probability of a repair, without complacency and to one unhurt (Eq. 19).
    pub(crate) repair_prob0: L,
    /// Added weight of losses for one who is wholly unsafe (Eq. 22).
    pub(crate) loss_gain: L,
    /// Rate at which intimacy moves (Eq. 26).
    pub(crate) intimacy_rate: L,
}

/// A partner's state as the episodes see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Derived<'s, L> {
    /// What of the partner holds throughout the step.
    pub(crate) constants: &'s StepConstants<L>,
    /// Felt security S [0–1] (Eq. 3).
    pub(crate) felt_security: L,
    /// Care K [0–1] (Eq. 4).
    pub(crate) care: L,
    /// Complacency L [0–1] (Eq. 5).
    pub(crate) complacency: L,
}

/// Felt security S [0–1]: trust that is certain and unhurt (Eq. 3; Murray, Holmes & Collins 2006).
#[inline(always)]
pub fn felt_security<L: Vector>(state: &State<L>, rules: &Rules) -> L {
    secure(state, state.hurt.one_minus(), rules)
}

/// Felt security of one who is unhurt to the given share [0–1] (Eq. 3).
#[inline(always)]
fn secure<L: Vector>(state: &State<L>, unhurt: L, rules: &Rules) -> L {
    let certain = state
        .uncertainty
        .one_minus_scaled(rules.parameters.felt_security_discount);
    (state.trust * certain * unhurt).max_zero()
}

/// Satisfaction F [0–1] with the relationship (Eq. 6).
#[inline(always)]
pub fn satisfaction<L: Vector>(state: &State<L>, rules: &Rules) -> L {
    let p = &rules.parameters;
    let trusting = state.trust * state.hurt.one_minus() * p.satisfaction_trust;
    let close = state.intimacy;
    close
        .mul_add_scalar(p.satisfaction_intimacy, trusting)
        .clamp01()
}

/// The day's satisfaction y [0–1]: satisfaction coloured by today's mood (Eq. 7).
#[inline(always)]
pub fn daily_satisfaction<L: Vector>(state: &State<L>, rules: &Rules) -> L {
    let mood = state.mood;
    mood.mul_add_scalar(rules.parameters.report_mood, satisfaction(state, rules))
        .clamp01()
}

impl<'s, L: Vector> Derived<'s, L> {
    #[inline(always)]
    pub(crate) fn of(
        state: &State<L>,
        constants: &'s StepConstants<L>,
        rules: &Rules,
    ) -> Derived<'s, L> {
        let felt_security = secure(state, constants.unhurt, rules);
        let care = (state.trust + state.intimacy) * 0.5 * constants.unhurt;
        let complacency = if rules.mechanisms.complacency {
            felt_security.reduced_by(state.intimacy)
        } else {
            L::splat(0.0)
        };
        Derived {
            constants,
            felt_security,
            care,
            complacency,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::test_support::{assert_close, derived, partner, rules};

    #[test]
    fn felt_security_is_trust_that_is_certain_and_unhurt() {
        let rules = rules(|p, _| p.felt_security_discount = 0.5);
        assert_close(
            felt_security(&partner().state, &rules),
            0.7 * (1.0 - 0.5 * 0.2) * 0.9,
        );
    }

    #[test]
    fn care_is_the_mean_of_trust_and_intimacy_unhurt() {
        assert_close(
            derived(&partner(), &rules(|_, _| {})).care,
            0.5 * (0.7 + 0.4) * 0.9,
        );
    }

    #[test]
    fn the_complacent_are_safe_and_not_close() {
        let (on, off) = (rules(|_, _| {}), rules(|_, m| m.complacency = false));
        let partner = partner();
        assert_close(
            derived(&partner, &on).complacency,
            (1.0 - 0.4) * 0.7 * 0.8 * 0.9,
        );
        assert_close(derived(&partner, &off).complacency, 0.0);
    }

    #[test]
    fn the_days_satisfaction_is_satisfaction_and_mood_within_range() {
        let rules = rules(|_, _| {});
        let mut state = partner().state;
        let lasting = 0.6 * 0.4 + 0.4 * 0.7 * 0.9;
        assert_close(satisfaction(&state, &rules), lasting);
        state.mood = -0.2;
        assert_close(daily_satisfaction(&state, &rules), lasting - 1.25 * 0.2);
        state.mood = 1.0;
        assert_close(daily_satisfaction(&state, &rules), 1.0);
    }
}
