//! Quantities that follow from a partner's state: felt security, care, complacency, what a partner
//! gives without any obstacle and satisfaction, and the constants of a step. None of them has
//! memory.

use super::rules::Rules;
use super::types::State;
use crate::simd::vector::Vector;

/// Terms of the equations that are constant during a step, for one partner.
///
/// Traits do not change within a step, and attachment, hurt, scars, strain and deliberation change
/// only at its end. What the episodes of a step need of these alone is computed once. The habit
/// moves with each answer, by less than 0.01 in a day; a step uses what it was at the start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StepConstants<L> {
    /// 1 − H [0–1] (Eqs 3, 4 and 20).
    pub(crate) unhurt: L,
    /// Rate of bids in a moment for a contact rate of 1, lower for the avoidant (Eq. 8).
    pub(crate) bid_rate: L,
    /// What anxiety adds to it for a partner without any felt security (Eq. 8).
    pub(crate) bid_anxiety_gain: L,
    /// Openness, lower for the avoidant (Eq. 12).
    pub(crate) disclosure_gain: L,
    /// Disclosure that anxiety adds where felt security is missing (Eq. 12).
    pub(crate) hyperactivation: L,
    /// The part of willingness that is own responsiveness (Eq. 14).
    pub(crate) own_responsiveness: L,
    /// Weight of care in willingness (Eq. 14).
    pub(crate) care_weight: L,
    /// Share of willingness that full complacency takes away (Eq. 13).
    pub(crate) complacency_slope: L,
    /// What a response misses of a need at full stakes (Eq. 16).
    pub(crate) misunderstanding_gain: L,
    /// 1 − patience [0–1] (Eq. 17).
    pub(crate) impatience: L,
    /// Standard deviation of responses (Eq. 16).
    pub(crate) response_sd: L,
    /// Whether all partners of the vector are always available for bids (Eq. 16).
    pub(crate) always_available: bool,
    /// Weight of expectation in perception (Eq. 18).
    pub(crate) expectation_weight: L,
    /// Weight of the response itself (Eq. 18).
    pub(crate) response_weight: L,
    /// Bias of a partner without any felt security at full stakes (Eq. 19).
    pub(crate) bias_gain: L,
    /// Probability of a repair without complacency, toward a partner who is not hurt (Eq. 20).
    pub(crate) repair_prob0: L,
    /// Extra weight of losses for a partner without any felt security (Eq. 23).
    pub(crate) loss_gain: L,
    /// Learning rate of intimacy (Eq. 27).
    pub(crate) intimacy_rate: L,
}

/// A partner as the episodes of a phase see them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Derived<'s, L> {
    /// What is constant during the step.
    pub(crate) constants: &'s StepConstants<L>,
    /// Felt security S [0–1] (Eq. 3).
    pub(crate) felt_security: L,
    /// Complacency L [0–1] (Eq. 5).
    pub(crate) complacency: L,
    /// The share of harm that felt security leaves, E [0–1] (Eq. 15).
    pub(crate) exposure: L,
    /// What the partner gives without any obstacle, G [0–1] (Eq. 14).
    pub(crate) base: L,
}

/// Felt security S [0–1]: trust that is certain and unhurt (Eq. 3; Murray, Holmes & Collins 2006).
#[inline(always)]
pub fn felt_security<L: Vector>(state: &State<L>, rules: &Rules) -> L {
    secure(state, state.hurt.one_minus(), rules)
}

/// Felt security, with 1 − H given (Eq. 3).
#[inline(always)]
fn secure<L: Vector>(state: &State<L>, unhurt: L, rules: &Rules) -> L {
    let certain = state
        .uncertainty
        .one_minus_scaled(rules.parameters.felt_security_discount);
    (state.trust * certain * unhurt).max_zero()
}

/// Satisfaction F [0–1] with the relationship (Eq. 6): closeness, trust, and closeness above what
/// one is used to, less what strain (Neff & Karney 2004) and deliberation (Rollie & Duck 2006) take.
#[inline(always)]
pub fn satisfaction<L: Vector>(state: &State<L>, rules: &Rules) -> L {
    let p = &rules.parameters;
    let trusting = state.trust * state.hurt.one_minus() * p.satisfaction_trust;
    let close = state.intimacy;
    let mut judged = close.mul_add_scalar(p.satisfaction_intimacy, trusting);
    if rules.mechanisms.accustoming {
        judged = (close - state.accustomed).mul_add_scalar(p.satisfaction_gain, judged);
    }
    judged = judged.clamp01();
    if rules.mechanisms.strain {
        judged = judged.reduced_by(state.strain * p.satisfaction_strain);
    }
    if rules.mechanisms.deliberation {
        judged = judged.reduced_by(state.deliberation * p.satisfaction_deliberation);
    }
    judged
}

/// The day's satisfaction y [0–1]: satisfaction coloured by today's mood (Eq. 7).
#[inline(always)]
pub fn daily_satisfaction<L: Vector>(state: &State<L>, rules: &Rules) -> L {
    of_the_day(satisfaction(state, rules), state, rules)
}

/// The day's closeness z [0–1]: closeness coloured by today's mood (Eq. 7).
#[inline(always)]
pub fn daily_closeness<L: Vector>(state: &State<L>, rules: &Rules) -> L {
    of_the_day(state.intimacy, state, rules)
}

/// What one says of a day: a lasting quantity coloured by today's mood (Eq. 7).
#[inline(always)]
fn of_the_day<L: Vector>(lasting: L, state: &State<L>, rules: &Rules) -> L {
    let mood = state.mood;
    mood.mul_add_scalar(rules.parameters.report_mood, lasting)
        .clamp01()
}

/// What a partner gives without any obstacle, G [0–1], which they also project on the other
/// (Eq. 14): own responsiveness and care, less what deliberation withdraws.
#[inline(always)]
pub(crate) fn base<L: Vector>(care: L, constants: &StepConstants<L>) -> L {
    care.mul_add(constants.care_weight, constants.own_responsiveness)
}

/// The share of harm that felt security leaves [0–1] (Eq. 15; Simpson & Overall 2014).
#[inline(always)]
pub(crate) fn exposure<L: Vector>(felt_security: L, rules: &Rules) -> L {
    if rules.mechanisms.buffering {
        felt_security.one_minus_scaled(rules.parameters.buffering)
    } else {
        L::splat(1.0)
    }
}

impl<'s, L: Vector> Derived<'s, L> {
    #[inline(always)]
    pub(crate) fn of(
        state: &State<L>,
        constants: &'s StepConstants<L>,
        rules: &Rules,
    ) -> Derived<'s, L> {
        let felt_security = secure(state, constants.unhurt, rules);
        // Care K [0–1] for the partner (Eq. 4).
        let care = (state.trust + state.intimacy) * 0.5 * constants.unhurt;
        let complacency = if rules.mechanisms.complacency {
            felt_security.reduced_by(state.intimacy)
        } else {
            L::splat(0.0)
        };
        Derived {
            constants,
            felt_security,
            complacency,
            exposure: exposure(felt_security, rules),
            base: base(care, constants),
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
        let full = rules(|p, _| p.care_weight = 1.0);
        assert_close(derived(&partner(), &full).base, 0.5 * (0.7 + 0.4) * 0.9);
    }

    #[test]
    fn complacency_is_felt_security_without_intimacy() {
        let (on, off) = (rules(|_, _| {}), rules(|_, m| m.complacency = false));
        let partner = partner();
        assert_close(
            derived(&partner, &on).complacency,
            (1.0 - 0.4) * 0.7 * 0.8 * 0.9,
        );
        assert_close(derived(&partner, &off).complacency, 0.0);
    }

    #[test]
    fn strain_and_deliberation_take_shares_of_satisfaction() {
        let judged = |strain: bool, deliberation: bool| {
            let rules = rules(|p, m| {
                (p.satisfaction_strain, p.satisfaction_deliberation) = (0.3, 0.2);
                (m.strain, m.deliberation) = (strain, deliberation);
            });
            let mut state = partner().state;
            (state.strain, state.deliberation) = (0.5, 0.4);
            satisfaction(&state, &rules)
        };
        let content = 0.6 * 0.4 + 0.4 * 0.7 * 0.9;
        assert_close(judged(false, false), content);
        assert_close(judged(true, false), content * (1.0 - 0.3 * 0.5));
        assert_close(judged(false, true), content * (1.0 - 0.2 * 0.4));
        assert_close(judged(true, true), content * (1.0 - 0.15) * (1.0 - 0.08));
    }

    #[test]
    fn the_days_reports_are_states_and_mood_within_range() {
        let rules = rules(|_, _| {});
        let mut state = partner().state;
        let lasting = 0.6 * 0.4 + 0.4 * 0.7 * 0.9;
        assert_close(satisfaction(&state, &rules), lasting);
        state.mood = -0.2;
        assert_close(daily_satisfaction(&state, &rules), lasting - 1.25 * 0.2);
        assert_close(daily_closeness(&state, &rules), 0.4 - 1.25 * 0.2);
        state.mood = 1.0;
        assert_close(daily_satisfaction(&state, &rules), 1.0);
    }
}
