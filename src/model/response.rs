//! Response: how well a partner answers what the other discloses.

use super::deliberation::engagement;
use super::derived::Derived;
use super::purposes::{EpisodeDraws, TRIANGULAR};
use super::rules::Rules;
use super::types::EpisodeKind;
use super::types::{Partner, State, Traits};
use crate::simd::vector::{Mask, Vector};

/// Willingness m [0–1] to respond (Eq. 13).
///
/// It rests on what the responder gives without any obstacle. Stress lowers it, less so with felt
/// security, and complacency lowers effort.
#[inline(always)]
pub(crate) fn willingness<L: Vector>(
    responder: &Partner<L>,
    derived: &Derived<'_, L>,
    rules: &Rules,
) -> L {
    let load = responder.state.stress * rules.parameters.response_stress * derived.exposure;
    let slack = derived.constants.complacency_slope * derived.complacency;
    derived.base.reduced_by(load).reduced_by(slack)
}

/// The share of willingness that full complacency takes away; effort prevents it (Eq. 13).
#[inline(always)]
pub(crate) fn complacency_slope<L: Vector>(traits: &Traits<L>, rules: &Rules) -> L {
    traits.effort.one_minus() * (2.0 * rules.parameters.complacency_effort)
}

/// The part of it that is own responsiveness: the trait and the habit (Eq. 14).
#[inline(always)]
pub(crate) fn own_responsiveness<L: Vector>(partner: &Partner<L>, rules: &Rules) -> L {
    let own = if rules.mechanisms.habit {
        (partner.traits.responsiveness + partner.state.habit).clamp01()
    } else {
        partner.traits.responsiveness
    };
    own * (1.0 - rules.parameters.care_weight) * engagement(&partner.state, rules)
}

/// The weight of care in it (Eq. 14).
#[inline(always)]
pub(crate) fn care_weight<L: Vector>(state: &State<L>, rules: &Rules) -> L {
    engagement(state, rules) * rules.parameters.care_weight
}

/// What a response misses of a need at full stakes (Eq. 16).
#[inline(always)]
pub(crate) fn misunderstanding_gain<L: Vector>(traits: &Traits<L>) -> L {
    traits.understanding.one_minus()
}

/// The standard deviation of responses, lower for the consistent, as a factor of
/// [`Vector::triangular_noise`] (Eqs 2 and 16).
#[inline(always)]
pub(crate) fn response_sd<L: Vector>(traits: &Traits<L>, rules: &Rules) -> L {
    traits.consistency.one_minus() * (2.0 * rules.parameters.response_noise * TRIANGULAR)
}

/// Whether all partners of the vector are always available for bids (Eq. 16): no uniform number
/// reaches 1.
#[inline(always)]
pub(crate) fn always_available<L: Vector>(traits: &Traits<L>, rules: &Rules) -> bool {
    !rules.mechanisms.availability || traits.availability.lt(L::splat(1.0)).none()
}

/// Response ρ [0–1] that is given (Eq. 16).
#[inline(always)]
pub(crate) fn response<L: Vector>(
    responder: &Partner<L>,
    derived: &Derived<'_, L>,
    stakes: L,
    kind: EpisodeKind,
    draws: &EpisodeDraws<L>,
    rules: &Rules,
) -> L {
    let willing = willingness(responder, derived, rules);
    let mood = responder.state.mood;
    let mut given = mood.mul_add_scalar(rules.parameters.response_mood, willing);
    if rules.mechanisms.understanding {
        given = given.sub_mul(derived.constants.misunderstanding_gain, stakes);
    }
    if rules.mechanisms.noise {
        let noise = draws.response();
        given = derived.constants.response_sd.mul_add(noise, given);
    }
    let given = given.clamp01();
    if kind == EpisodeKind::Bid && !derived.constants.always_available {
        given.masked(draws.availability().lt(responder.traits.availability))
    } else {
        given
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::test_support::{
        NO_NOISE, assert_close, assert_within, derived, mean_and_sd, partner, quiet_episode, rules,
    };

    fn willing(partner: &Partner<f64>, rules: &Rules) -> f64 {
        willingness(partner, &derived(partner, rules), rules)
    }

    fn given(
        partner: &Partner<f64>,
        kind: EpisodeKind,
        draws: &EpisodeDraws<f64>,
        rules: &Rules,
    ) -> f64 {
        response(partner, &derived(partner, rules), 0.6, kind, draws, rules)
    }

    #[test]
    fn willingness_is_responsiveness_and_care_minus_stress_and_complacency() {
        let felt_security = 0.7 * 0.8 * 0.9;
        let care = 0.5 * (0.7 + 0.4) * 0.9;
        let exposed = 1.0 - 0.5 * felt_security;
        let slack = 1.0 - 2.0 * 0.2 * (1.0 - 0.4) * (1.0 - 0.4) * felt_security;
        let base = 0.7 * 0.7 + 0.3 * care;
        let rules = rules(|_, _| {});
        let full = base * (1.0 - 0.2 * 0.3 * exposed) * slack;
        assert_close(willing(&partner(), &rules), full);
    }

    #[test]
    fn deliberation_takes_a_share_of_what_is_given() {
        let on = rules(|p, _| p.withdrawal = 0.25);
        let mut partner = partner();
        let free = derived(&partner, &on).base;
        partner.state.deliberation = 0.6;
        assert_close(derived(&partner, &on).base, free * (1.0 - 0.25 * 0.6));
        let off = rules(|p, m| (p.withdrawal, m.deliberation) = (0.25, false));
        assert_close(derived(&partner, &off).base, free);
    }

    #[test]
    fn the_habit_adds_to_responsiveness_within_its_range() {
        let (on, off) = (rules(|_, _| {}), rules(|_, m| m.habit = false));
        let with = |habit: f64, rules: &Rules| {
            let mut partner = partner();
            partner.state.habit = habit;
            derived(&partner, rules).base
        };
        assert_close(with(0.1, &on) - with(0.0, &on), 0.1 * 0.7);
        assert_close(with(0.5, &on) - with(0.0, &on), 0.3 * 0.7);
        assert_close(with(-0.9, &on) - with(0.0, &on), -0.7 * 0.7);
        assert_close(with(0.5, &off), with(0.0, &on));
    }

    #[test]
    fn effort_limits_the_effect_of_complacency() {
        let (on, off) = (rules(|_, _| {}), rules(|_, m| m.complacency = false));
        let lost = |effort: f64| {
            let mut partner = partner();
            partner.traits.effort = effort;
            1.0 - willing(&partner, &on) / willing(&partner, &off)
        };
        let complacency = derived(&partner(), &on).complacency;
        assert!(complacency > 0.2);
        assert_close(lost(1.0), 0.0);
        assert_close(lost(0.5), 0.2 * complacency);
        assert_close(lost(0.0), 2.0 * lost(0.5));
    }

    #[test]
    fn felt_security_buffers_half_of_the_harm() {
        let mut safe = partner();
        (safe.state.trust, safe.state.uncertainty, safe.state.hurt) = (1.0, 0.0, 0.0);
        let (on, off) = (rules(|_, _| {}), rules(|_, m| m.buffering = false));
        assert_close(derived(&safe, &on).exposure, 0.5);
        assert_close(derived(&safe, &off).exposure, 1.0);
    }

    #[test]
    fn responses_vary_by_twice_the_noise_times_inconsistency() {
        let rules = rules(|p, _| p.response_noise = 0.1);
        for consistency in [0.0, 0.3, 0.5, 0.9, 1.0] {
            let mut partner = partner();
            (partner.traits.consistency, partner.traits.responsiveness) = (consistency, 0.6);
            let (mean, spread) = mean_and_sd(16, |bits| {
                let draws = EpisodeDraws {
                    noise: bits << 16,
                    ..quiet_episode()
                };
                given(&partner, EpisodeKind::Bid, &draws, &rules)
            });
            assert_within(mean, willing(&partner, &rules), 1e-3);
            assert_within(spread, 2.0 * 0.1 * (1.0 - consistency), 2e-3);
        }
    }

    #[test]
    fn without_noise_the_response_is_willingness() {
        let (partner, rules) = (partner(), rules(|_, m| m.noise = false));
        let draws = EpisodeDraws {
            noise: 0,
            ..quiet_episode()
        };
        assert_close(
            given(&partner, EpisodeKind::Bid, &draws, &rules),
            willing(&partner, &rules),
        );
    }

    #[test]
    fn a_mood_changes_the_response() {
        let rules = rules(|_, _| {});
        let with = |mood: f64| {
            let mut partner = partner();
            partner.state.mood = mood;
            given(&partner, EpisodeKind::Bid, &quiet_episode(), &rules)
        };
        assert_close(with(0.2) - with(-0.2), 0.45 * 0.4);
    }

    #[test]
    fn misunderstanding_lowers_responses_in_proportion_to_the_stakes() {
        let (on, off) = (rules(|_, _| {}), rules(|_, m| m.understanding = false));
        let mut partner = partner();
        let right = given(&partner, EpisodeKind::Bid, &quiet_episode(), &on);
        partner.traits.understanding = 0.75;
        assert_close(
            right - given(&partner, EpisodeKind::Bid, &quiet_episode(), &on),
            0.25 * 0.6,
        );
        assert_close(
            given(&partner, EpisodeKind::Bid, &quiet_episode(), &off),
            right,
        );
    }

    #[test]
    fn an_unavailable_partner_misses_bids_but_no_conflicts() {
        let mut partner = partner();
        partner.traits.availability = 0.65;
        let (on, off) = (rules(|_, _| {}), rules(|_, m| m.availability = false));
        let missed = |kind, rules: &Rules| {
            mean_and_sd(16, |outcome| {
                let draws = EpisodeDraws {
                    outcome,
                    ..quiet_episode()
                };
                if given(&partner, kind, &draws, rules) == 0.0 {
                    1.0
                } else {
                    0.0
                }
            })
            .0
        };
        assert_within(missed(EpisodeKind::Bid, &on), 0.35, 2e-5);
        assert_close(missed(EpisodeKind::Conflict, &on), 0.0);
        assert_close(missed(EpisodeKind::Bid, &off), 0.0);
    }

    #[test]
    fn a_response_stays_in_its_range() {
        let rules = rules(|p, _| p.response_noise = 1.0);
        let with = |noise| {
            given(
                &partner(),
                EpisodeKind::Bid,
                &EpisodeDraws {
                    noise,
                    ..quiet_episode()
                },
                &rules,
            )
        };
        assert_close(with(0), 0.0);
        assert_close(with(u64::MAX), 1.0);
        assert!(with(NO_NOISE) > 0.5);
    }
}
