//! Caregiving: a day of a child with its caregiver, by the same equations as any other day.
//!
//! The child is the discloser of every episode and the caregiver the responder. A child's episodes
//! differ from a partner's in two ways: each is a need, so that much is at stake in every one, and
//! the child perceives the response itself, because it has no responsiveness that it could
//! project.

use super::derived::{Derived, StepConstants, base};
use super::purposes::{BidDraws, Draws, NEED_MOMENTS};
use super::rules::{Clock, Rules};
use super::step::flush_small;
use super::types::{Couple, Partner};
use super::types::{Episode, EpisodeKind};
use super::{autonomy, bids, perception, response, stress, trust};
use crate::simd::vector::{Mask, Vector};

impl Rules {
    /// The same rules for childhood: a day of three moments, in which needs come at the rate and
    /// with the stakes that are given with the dyad (Eqs 47 and 48).
    ///
    /// A child has neither complacency nor projection, whether or not partners do.
    pub(crate) fn in_childhood(&self) -> Rules {
        let (mut parameters, mut mechanisms) = (self.parameters, self.mechanisms);
        parameters.bid_rate = 1.0;
        parameters.bid_limit = NEED_MOMENTS as f64;
        parameters.bid_stakes = 0.0;
        mechanisms.contact = true;
        mechanisms.complacency = false;
        mechanisms.projection = false;
        mechanisms.habit = false;
        mechanisms.strain = false;
        mechanisms.deliberation = false;
        let clock = Clock {
            step_days: 1.0,
            moments: NEED_MOMENTS as u32,
        };
        Rules::new(parameters, mechanisms, self.intimacy_target, clock)
    }
}

/// Simulates one day of the children of a vector, each of whom is partner 0 of a dyad whose
/// partner 1 is the caregiver.
///
/// The dyad's contact rate is the rate of needs a day, `stakes` [0–1] are the least stakes of a
/// need, and `rules` are those of [`Rules::in_childhood`]. The caregiver does not change.
#[inline(always)]
pub(crate) fn childhood_day<L: Vector>(
    dyad: &mut Couple<L>,
    stakes: L,
    draws: &Draws<'_, L>,
    rules: &Rules,
) {
    let [child, caregiver] = &dyad.partners;
    let constants = [
        StepConstants::of(child, rules),
        StepConstants::of(caregiver, rules),
    ];
    for moment in 0..NEED_MOMENTS {
        need(dyad, &constants, stakes, &draws.need(moment), rules);
    }
    let state = &mut dyad.partners[0].state;
    stress::update(state, &draws.childhood_end(), None, rules);
    autonomy::update(state, rules);
    flush_small(state);
}

/// A caregiver as an episode sees them: without felt security or complacency, which would come
/// from the child, and with care equal to sensitivity (Eq. 47).
#[inline(always)]
fn giver<'s, L: Vector>(caregiver: &Partner<L>, constants: &'s StepConstants<L>) -> Derived<'s, L> {
    Derived {
        constants,
        felt_security: L::splat(0.0),
        complacency: L::splat(0.0),
        exposure: L::splat(1.0),
        base: base(caregiver.traits.responsiveness, constants),
    }
}

/// Simulates one moment, in which the child may need the caregiver (Eqs 8, 48, 13, 16, 19, 22–25,
/// 29).
#[inline(always)]
fn need<L: Vector>(
    dyad: &mut Couple<L>,
    constants: &[StepConstants<L>; 2],
    least: L,
    draws: &BidDraws<L>,
    rules: &Rules,
) {
    let [child, caregiver] = &dyad.partners;
    let derived = Derived::of(&child.state, &constants[0], rules);
    let occurrence = bids::draw(dyad.contact, child, &derived, draws, rules);
    if occurrence.happens.none() {
        return;
    }
    let stakes = (occurrence.stakes + least).min_scalar(1.0);
    let giver = giver(caregiver, &constants[1]);
    let given = response::response(
        caregiver,
        &giver,
        stakes,
        EpisodeKind::Bid,
        &draws.episode(),
        rules,
    );
    let episode = Episode {
        happens: occurrence.happens,
        stakes,
        depth: L::splat(0.0),
        response: given,
        perceived: perception::perceived(child, &derived, stakes, given, None, rules),
        shortfall: L::splat(0.0),
        hurtful: L::splat(0.0),
        repaired: L::mask(false),
    };
    let surprise = trust::surprise(child, &derived, &episode, rules);
    let state = &mut dyad.partners[0].state;
    trust::learn(state, &surprise, &episode, rules);
    stress::relieve(state, &episode, rules);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::purposes::CHILDHOOD_WORDS;
    use crate::model::test_support::{
        ALWAYS, NEVER, NO_NOISE, assert_close, assert_within, power, rules,
    };
    use crate::model::{Mechanisms, Parameters};

    /// A child without anxiety or avoidance, and a caregiver of this sensitivity.
    fn dyad(sensitivity: f64) -> Couple<f64> {
        let mut dyad = Couple::<f64>::default();
        let [child, caregiver] = &mut dyad.partners;
        (child.state.trust, child.state.uncertainty) = (0.5, 0.35);
        (child.state.intimacy, child.state.stress) = (0.0, 0.0);
        (child.state.anxiety, child.state.avoidance) = (0.0, 0.0);
        (caregiver.traits.responsiveness, caregiver.state.stress) = (sensitivity, 0.0);
        dyad
    }

    /// The words of a day on which the child needs the caregiver in every moment, who is available
    /// and whose responses do not vary.
    fn steady() -> [u64; CHILDHOOD_WORDS] {
        let mut words = [NEVER; CHILDHOOD_WORDS];
        for moment in 0..NEED_MOMENTS {
            words[2 * moment] = NO_NOISE;
            words[2 * moment + 1] = ALWAYS;
        }
        words
    }

    fn simulated(mut dyad: Couple<f64>, days: u32, rules: &Rules) -> Couple<f64> {
        for _ in 0..days {
            childhood_day(&mut dyad, 0.6, &Draws::new(&steady()), rules);
        }
        dyad
    }

    fn in_childhood(change: impl FnOnce(&mut Parameters, &mut Mechanisms)) -> Rules {
        rules(change).in_childhood()
    }

    #[test]
    fn trust_of_a_child_converges_to_the_responses_given() {
        let rules = in_childhood(|_, m| m.uncertainty = false);
        let after = simulated(dyad(0.9), 7, &rules).partners[0].state;
        // The random part of the stakes is that of its lowest cell, not 0.
        let stakes = 0.6 + 0.5 * (0.5 / 256.0) * (0.5 / 256.0);
        let kept = 1.0 - (0.025 + 0.06 * 0.35) * stakes;
        assert_within(after.trust, 0.9 + (0.5 - 0.9) * power(kept, 21), 1e-9);
    }

    #[test]
    fn a_steady_response_depends_only_on_sensitivity_and_stress() {
        let rules = in_childhood(|_, _| {});
        let calm = simulated(dyad(0.8), 2_000, &rules).partners[0].state;
        assert_within(calm.trust, 0.8, 1e-6);
        assert_within(calm.uncertainty, 0.0, 1e-6);
        let mut burdened = dyad(0.8);
        burdened.partners[1].state.stress = 0.5;
        let burdened = simulated(burdened, 2_000, &rules).partners[0].state;
        assert_within(burdened.trust, 0.8 * (1.0 - 0.2 * 0.5), 1e-6);
    }

    #[test]
    fn an_unavailable_caregiver_gives_no_response() {
        let rules = in_childhood(|_, _| {});
        let mut absent = dyad(0.9);
        absent.partners[1].traits.availability = 0.0;
        let after = simulated(absent, 2_000, &rules).partners[0].state;
        assert_within(after.trust, 0.0, 1e-6);
    }

    #[test]
    fn autonomy_of_a_child_follows_responsiveness() {
        let rules = in_childhood(|_, _| {});
        let grown = |sensitivity| simulated(dyad(sensitivity), 3_000, &rules).partners[0].state;
        assert_within(grown(0.9).autonomy, 0.35 + 0.65 * 0.9, 1e-5);
        assert_within(grown(0.1).autonomy, 0.35 + 0.65 * 0.1, 1e-5);
    }

    #[test]
    fn responses_relieve_the_stress_of_a_child() {
        let rules = in_childhood(|_, m| (m.stress, m.trust) = (false, false));
        let left = |sensitivity: f64| {
            let mut dyad = dyad(sensitivity);
            dyad.partners[0].state.stress = 0.4;
            simulated(dyad, 1, &rules).partners[0].state.stress
        };
        assert!(left(0.9) < left(0.1) - 0.05);
    }

    #[test]
    fn a_child_without_needs_learns_nothing() {
        let rules = in_childhood(|_, m| (m.stress, m.autonomy) = (false, false));
        let mut quiet = dyad(0.1);
        quiet.contact = 0.0;
        assert_eq!(simulated(quiet, 100, &rules), quiet);
    }

    #[test]
    fn caregivers_do_not_change() {
        let rules = in_childhood(|_, _| {});
        let before = dyad(0.4);
        assert_eq!(
            simulated(before, 100, &rules).partners[1],
            before.partners[1]
        );
    }

    #[test]
    fn childhood_keeps_all_rules_except_its_own() {
        let own = in_childhood(|p, m| (p.loss_weight, m.bias) = (3.0, false));
        assert_close(own.parameters.loss_weight, 3.0);
        assert!(!own.mechanisms.bias && !own.mechanisms.projection);
        assert_eq!(own.clock.moments, 3);
    }
}
