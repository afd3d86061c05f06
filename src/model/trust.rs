//! Trust: an expected responsiveness and its uncertainty, which learn from episodes.
//!
//! Trust learns faster while uncertain (Pearce & Hall 1980), and losses weigh more than gains
//! (Slovic 1993), less so for patient partners and with felt security.

use super::derived::Derived;
use super::rules::Rules;
use super::types::Episode;
use super::types::{Partner, State, Traits};
use crate::simd::vector::Vector;

/// The difference between an episode and what trust expected.
#[derive(Clone, Copy)]
pub(crate) struct Surprise<L> {
    /// Surprise δ = p − T [−1, 1] (Eq. 22).
    pub(crate) delta: L,
    /// Weight of the surprise [≥ 1] (Eq. 23).
    pub(crate) weight: L,
}

/// The extra weight of losses for a partner without any felt security, lower for the patient (Eq.
/// 23).
#[inline(always)]
pub(crate) fn loss_gain<L: Vector>(traits: &Traits<L>, rules: &Rules) -> L {
    traits.patience.one_minus() * (rules.parameters.loss_weight - 1.0)
}

/// Compares an episode with trust (Eqs 22 and 23).
#[inline(always)]
pub(crate) fn surprise<L: Vector>(
    partner: &Partner<L>,
    derived: &Derived<'_, L>,
    episode: &Episode<L>,
    rules: &Rules,
) -> Surprise<L> {
    let delta = episode.perceived - partner.state.trust;
    if !rules.mechanisms.asymmetry {
        return Surprise {
            delta,
            weight: L::splat(1.0),
        };
    }
    let heavier = derived.constants.loss_gain * derived.exposure;
    let loss = delta.lt(L::splat(0.0));
    Surprise {
        delta,
        weight: heavier.masked(loss) + 1.0,
    }
}

/// Moves trust and its uncertainty after an episode (Eqs 24 and 25).
#[inline(always)]
pub(crate) fn learn<L: Vector>(
    state: &mut State<L>,
    surprise: &Surprise<L>,
    episode: &Episode<L>,
    rules: &Rules,
) {
    let p = &rules.parameters;
    let stakes = episode.stakes.masked(episode.happens);
    let uncertainty = state.uncertainty;
    if rules.mechanisms.uncertainty {
        let gap = surprise.delta.abs() - uncertainty;
        state.uncertainty = (stakes * p.uncertainty_rate).mul_add(gap, uncertainty);
    }
    if rules.mechanisms.trust {
        let rate = uncertainty.mul_add_scalar(p.trust_rate_uncertain, L::splat(p.trust_rate));
        let share = (rate * stakes * surprise.weight).min_scalar(1.0);
        state.trust = share.mul_add(surprise.delta, state.trust);
    }
}

/// Raises uncertainty over a step: certainty fades without news (Eq. 36).
#[inline(always)]
pub(crate) fn fade<L: Vector>(state: &mut State<L>, rules: &Rules) {
    if rules.mechanisms.uncertainty {
        let gained = rules.step.uncertainty_gained;
        state.uncertainty = state.uncertainty.lerp(L::splat(1.0), gained);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::test_support::{
        assert_close, assert_within, derived, episode_of, partner, power, rules,
    };

    fn episode(stakes: f64, perceived: f64) -> Episode<f64> {
        episode_of(stakes, 0.5, perceived, perceived)
    }

    fn after(mut partner: Partner<f64>, episode: &Episode<f64>, rules: &Rules) -> State<f64> {
        let surprise = surprise(&partner, &derived(&partner, rules), episode, rules);
        learn(&mut partner.state, &surprise, episode, rules);
        partner.state
    }

    #[test]
    fn trust_converges_to_constant_responsiveness_at_the_stated_rate() {
        let rules = rules(|_, m| m.uncertainty = false);
        let mut partner = partner();
        for _ in 0..40 {
            partner.state = after(partner, &episode(0.8, 0.95), &rules);
        }
        let kept = 1.0 - (0.025 + 0.06 * 0.2) * 0.8;
        assert_close(partner.state.trust, 0.95 + (0.7 - 0.95) * power(kept, 40));
    }

    #[test]
    fn losses_weigh_more_than_gains_less_so_for_the_patient_and_safe() {
        let rules = rules(|_, _| {});
        let move_by = |delta: f64, partner: Partner<f64>| {
            let trust = partner.state.trust;
            after(partner, &episode(0.5, trust + delta), &rules).trust - trust
        };
        let felt_security = 0.7 * 0.8 * 0.9;
        let heavier = 1.0 + (1.0 - 0.3) * (1.0 - 0.5 * felt_security);
        assert_close(-move_by(-0.2, partner()), heavier * move_by(0.2, partner()));
        let mut patient = partner();
        patient.traits.patience = 1.0;
        assert_close(-move_by(-0.2, patient), move_by(0.2, patient));
    }

    #[test]
    fn without_asymmetry_losses_and_gains_weigh_the_same() {
        let rules = rules(|_, m| m.asymmetry = false);
        for perceived in [0.2, 0.9] {
            let measured = surprise(
                &partner(),
                &derived(&partner(), &rules),
                &episode(0.5, perceived),
                &rules,
            );
            assert_close(measured.weight, 1.0);
            assert_close(measured.delta, perceived - 0.7);
        }
    }

    #[test]
    fn the_uncertain_learn_faster() {
        let rules = rules(|_, _| {});
        let learnt = |uncertainty: f64| {
            let mut partner = partner();
            partner.state.uncertainty = uncertainty;
            after(partner, &episode(1.0, 0.9), &rules).trust - 0.7
        };
        assert_close(learnt(0.0), 0.025 * 0.2);
        assert_close(learnt(1.0), 0.085 * 0.2);
    }

    #[test]
    fn uncertainty_converges_to_the_absolute_surprise() {
        let rules = rules(|_, m| m.trust = false);
        let mut partner = partner();
        for _ in 0..50 {
            partner.state = after(partner, &episode(0.6, 0.4), &rules);
        }
        assert_close(
            partner.state.uncertainty,
            0.3 + (0.2 - 0.3) * power(1.0 - 0.03 * 0.6, 50),
        );
        assert_close(partner.state.trust, 0.7);
    }

    #[test]
    fn uncertainty_of_changeable_responses_is_their_mean_absolute_surprise() {
        let rules = rules(|_, m| m.trust = false);
        let mut partner = partner();
        for turn in 0..2_000 {
            let perceived = if turn % 2 == 0 { 0.9 } else { 0.1 };
            partner.state = after(partner, &episode(0.6, perceived), &rules);
        }
        assert_within(partner.state.uncertainty, 0.5 * (0.2 + 0.6), 0.003);
    }

    #[test]
    fn a_step_of_learning_never_passes_what_was_perceived() {
        let rules = rules(|p, _| (p.trust_rate, p.loss_weight) = (1.0, 10.0));
        assert_close(after(partner(), &episode(1.0, 0.1), &rules).trust, 0.1);
    }

    #[test]
    fn an_episode_that_does_not_happen_changes_nothing() {
        let (partner, rules) = (partner(), rules(|_, _| {}));
        let quiet = Episode {
            happens: false,
            ..episode(1.0, 0.0)
        };
        assert_eq!(after(partner, &quiet, &rules), partner.state);
    }

    #[test]
    fn without_their_mechanisms_neither_trust_nor_uncertainty_learns() {
        let rules = rules(|_, m| (m.trust, m.uncertainty) = (false, false));
        assert_eq!(
            after(partner(), &episode(1.0, 0.0), &rules),
            partner().state
        );
    }
}
