//! Intimacy: closeness that grows where disclosure meets a response, and decays otherwise.

use super::derived::Derived;
use super::rules::IntimacyTarget;
use super::rules::Rules;
use super::types::Episode;
use super::types::{Couple, State};
use crate::simd::vector::Vector;

/// The distance [−1, 1] of an intimacy from what an episode of this depth and response moves it
/// toward (Eqs 26 and 27).
#[inline(always)]
fn distance<L: Vector>(depth: L, met: L, intimacy: L, rules: &Rules) -> L {
    match rules.intimacy_target {
        IntimacyTarget::Mean => (depth + met).mul_sub(L::splat(0.5), intimacy),
        IntimacyTarget::Least => depth.min(met) - intimacy,
        IntimacyTarget::Response => met - intimacy,
    }
}

/// Moves both partners' intimacy after the episodes of a phase (Eq. 27; Reis & Shaver 1988).
///
/// The perceived response moves the discloser, the response given moves the listener.
#[inline(always)]
pub(crate) fn update<L: Vector>(
    couple: &mut Couple<L>,
    derived: &[Derived<'_, L>; 2],
    episodes: &[Episode<L>; 2],
    rules: &Rules,
) {
    if !rules.mechanisms.intimacy {
        return;
    }
    let [a, b] = &mut couple.partners;
    a.state.intimacy = after_episodes(&a.state, &derived[0], &episodes[0], &episodes[1], rules);
    b.state.intimacy = after_episodes(&b.state, &derived[1], &episodes[1], &episodes[0], rules);
}

/// The learning rate of a partner's intimacy, lower for the avoidant (Eq. 27).
#[inline(always)]
pub(crate) fn intimacy_rate<L: Vector>(state: &State<L>, rules: &Rules) -> L {
    let p = &rules.parameters;
    state.avoidance.one_minus_scaled(p.intimacy_avoidance) * p.intimacy_rate
}

/// A partner's intimacy after an episode as discloser and one as listener (Eq. 27).
#[inline(always)]
fn after_episodes<L: Vector>(
    state: &State<L>,
    derived: &Derived<'_, L>,
    own: &Episode<L>,
    other: &Episode<L>,
    rules: &Rules,
) -> L {
    let rate = derived.constants.intimacy_rate;
    let share = rules.parameters.listener_share;
    let disclosing = (rate * own.stakes * own.depth).min_scalar(0.5);
    let listening = (rate * other.stakes * other.depth * share).min_scalar(0.5);
    let met = distance(own.depth, own.perceived, state.intimacy, rules);
    let meeting = distance(other.depth, other.response, state.intimacy, rules);
    let listened = listening.masked(other.happens);
    let after = listened.mul_add(meeting, state.intimacy);
    let disclosed = disclosing.masked(own.happens);
    disclosed.mul_add(met, after).min_scalar(1.0)
}

/// Decays intimacy over a step (Eq. 36).
#[inline(always)]
pub(crate) fn decay<L: Vector>(state: &mut State<L>, rules: &Rules) {
    if rules.mechanisms.intimacy {
        state.intimacy = state.intimacy * rules.step.intimacy_kept;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::Mechanisms;
    use crate::model::rules::Clock;
    use crate::model::test_support::{
        assert_close, assert_within, derived, episode_of, partner, power, rules, rules_of_step,
    };

    fn episode(depth: f64, perceived: f64, response: f64) -> Episode<f64> {
        episode_of(0.5, depth, response, perceived)
    }

    fn quiet() -> Episode<f64> {
        Episode {
            happens: false,
            ..episode(1.0, 1.0, 1.0)
        }
    }

    fn couple() -> Couple<f64> {
        Couple {
            partners: [partner(); 2],
            contact: 1.0,
        }
    }

    fn simulated(couple: &mut Couple<f64>, episodes: &[Episode<f64>; 2], rules: &Rules) {
        let [a, b] = couple.partners;
        update(
            couple,
            &[derived(&a, rules), derived(&b, rules)],
            episodes,
            rules,
        );
    }

    #[test]
    fn intimacy_converges_to_its_target_for_the_one_who_discloses() {
        let (rules, mut couple) = (rules(|_, _| {}), couple());
        for _ in 0..30 {
            simulated(&mut couple, &[episode(0.6, 0.8, 0.9), quiet()], &rules);
        }
        let rate = 0.3 * 0.5 * 0.6 * (1.0 - 0.3 * 0.25);
        let [discloser, listener] = couple.partners.map(|partner| partner.state.intimacy);
        assert_close(discloser, 0.7 + (0.4 - 0.7) * power(1.0 - rate, 30));
        assert_close(listener, 0.75 + (0.4 - 0.75) * power(1.0 - 0.5 * rate, 30));
    }

    #[test]
    fn each_intimacy_target_has_its_closed_form() {
        let target_of = |choice| {
            let rules = Rules::new(
                crate::model::test_support::round_parameters(),
                Mechanisms::default(),
                choice,
                Clock::default(),
            );
            0.25 + distance(0.3, 0.8, 0.25, &rules)
        };
        assert_close(target_of(IntimacyTarget::Mean), 0.55);
        assert_close(target_of(IntimacyTarget::Least), 0.3);
        assert_close(target_of(IntimacyTarget::Response), 0.8);
    }

    #[test]
    fn deep_disclosure_without_response_lowers_intimacy() {
        let (rules, mut couple) = (rules(|_, _| {}), couple());
        simulated(&mut couple, &[episode(0.5, 0.0, 0.0), quiet()], &rules);
        assert!(couple.partners[0].state.intimacy < 0.4);
    }

    #[test]
    fn one_phase_never_moves_intimacy_past_its_targets() {
        let (rules, mut couple) = (rules(|p, _| p.intimacy_rate = 5.0), couple());
        couple.partners[0].state.avoidance = 0.0;
        let both = [episode(1.0, 1.0, 1.0), episode(1.0, 1.0, 1.0)];
        simulated(&mut couple, &both, &rules);
        assert_close(couple.partners[0].state.intimacy, 1.0);
    }

    #[test]
    fn half_of_intimacy_is_left_after_its_half_life() {
        for (step_days, steps) in [(1.0, 200), (0.25, 800)] {
            let rules = rules_of_step(step_days);
            let mut state = partner().state;
            (0..steps).for_each(|_| decay(&mut state, &rules));
            assert_within(state.intimacy, 0.2, 1e-12);
        }
    }

    #[test]
    fn without_the_mechanism_intimacy_neither_grows_nor_fades() {
        let (rules, mut couple) = (rules(|_, m| m.intimacy = false), couple());
        simulated(&mut couple, &[episode(1.0, 1.0, 1.0), quiet()], &rules);
        decay(&mut couple.partners[0].state, &rules);
        assert_close(couple.partners[0].state.intimacy, 0.4);
    }
}
