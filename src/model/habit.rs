//! Habit: responsiveness toward this partner, which is returned or worn down by how one is answered
//! (Wieselquist et al. 1999; Canevello & Crocker 2010).

use super::rules::Rules;
use super::types::Episode;
use super::types::Partner;
use crate::simd::vector::Vector;

/// Moves the habit of a discloser toward the answer (Eq. 30).
///
/// An answer that falls short of one's own responsiveness by less than the grace is returned in
/// full: communal partners do not keep exact accounts (Clark & Mills 1993).
#[inline(always)]
pub(crate) fn learn<L: Vector>(partner: &mut Partner<L>, episode: &Episode<L>, rules: &Rules) {
    if !rules.mechanisms.habit {
        return;
    }
    let p = &rules.parameters;
    let share = episode.stakes.masked(episode.happens) * p.habit_rate;
    let returned = (episode.perceived + p.grace).min_scalar(1.0);
    let habit = partner.state.habit;
    let gap = returned - (partner.traits.responsiveness + habit);
    partner.state.habit = share.mul_add(gap, habit).clamp_signed();
}

/// Decays the habit over a step: responsiveness returns to the trait (Eq. 36).
#[inline(always)]
pub(crate) fn decay<L: Vector>(partner: &mut Partner<L>, rules: &Rules) {
    if rules.mechanisms.habit {
        partner.state.habit = partner.state.habit * rules.step.habit_kept;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::functions::exp2;
    use crate::model::test_support::{assert_close, episode_of, partner, rules};

    fn answered(perceived: f64, happens: bool) -> Episode<f64> {
        Episode {
            happens,
            ..episode_of(0.5, 0.5, perceived, perceived)
        }
    }

    #[test]
    fn an_answer_is_returned_with_grace() {
        let rules = rules(|p, _| (p.habit_rate, p.grace) = (0.01, 0.2));
        for (perceived, gap) in [(0.9, 0.3), (0.6, 0.1), (0.5, 0.0), (0.1, -0.4)] {
            let mut own = partner();
            learn(&mut own, &answered(perceived, true), &rules);
            assert_close(own.state.habit, 0.5 * 0.01 * gap);
        }
        let mut own = partner();
        learn(&mut own, &answered(0.1, false), &rules);
        assert_close(own.state.habit, 0.0);
    }

    #[test]
    fn the_habit_fades_by_its_half_life() {
        let rules = rules(|p, _| p.habit_half_life = 100.0);
        let mut own = partner();
        own.state.habit = -0.2;
        decay(&mut own, &rules);
        assert_close(own.state.habit, -0.2 * exp2(-0.01));
    }

    #[test]
    fn without_the_mechanism_it_does_not_move() {
        let rules = rules(|_, m| m.habit = false);
        let mut own = partner();
        own.state.habit = 0.25;
        learn(&mut own, &answered(0.1, true), &rules);
        decay(&mut own, &rules);
        assert_close(own.state.habit, 0.25);
    }
}
