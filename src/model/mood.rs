//! Mood: feeling toward the relationship today, which surprises move and which soon decays.

use super::rules::Rules;
use super::trust::Surprise;
use super::types::Episode;
use super::types::State;
use crate::simd::vector::Vector;

/// Moves the mood after an episode (Eq. 28; Campbell et al. 2010).
#[inline(always)]
pub(crate) fn update<L: Vector>(
    state: &mut State<L>,
    surprise: &Surprise<L>,
    episode: &Episode<L>,
    rules: &Rules,
) {
    if !rules.mechanisms.mood {
        return;
    }
    let stakes = episode.stakes.masked(episode.happens);
    let space = state.mood.abs().one_minus();
    let push = stakes * surprise.weight * surprise.delta * rules.parameters.mood_gain;
    state.mood = push.mul_add(space, state.mood).clamp_signed();
}

/// Decays the mood over one or two quarters of a moment (Eq. 36).
///
/// The bid phase is at the first quarter of a moment and the conflict phase at the third: on
/// average as much time passes from one to the other as back, and neither that nor the mood at the
/// end of a day depends on how the day is divided into steps and moments.
#[inline(always)]
pub(crate) fn decay<L: Vector>(state: &mut State<L>, quarters: u32, rules: &Rules) {
    if rules.mechanisms.mood {
        let kept = rules.step.mood_kept;
        let kept = if quarters == 2 { kept * kept } else { kept };
        state.mood = state.mood * kept;
    }
}

/// Sets the mood to 0 while the mechanism is off, whatever set it before.
#[inline(always)]
pub(crate) fn reset_if_disabled<L: Vector>(state: &mut State<L>, rules: &Rules) {
    if !rules.mechanisms.mood {
        state.mood = L::splat(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::rules::Clock;
    use crate::model::test_support::{
        assert_close, assert_within, episode_of, partner, rules, rules_at,
    };

    fn stirred(mood: f64, delta: f64, weight: f64, rules: &Rules) -> f64 {
        let mut state = partner().state;
        state.mood = mood;
        let episode = episode_of(0.4, 0.5, 0.5, 0.5);
        update(&mut state, &Surprise { delta, weight }, &episode, rules);
        state.mood
    }

    #[test]
    fn a_surprise_moves_the_mood_within_its_range() {
        let rules = rules(|_, _| {});
        assert_close(stirred(0.0, 0.2, 1.0, &rules), 2.4 * 0.4 * 0.2);
        assert_close(
            stirred(-0.5, -0.2, 1.7, &rules),
            -0.5 - 2.4 * 0.4 * 0.2 * 1.7 * 0.5,
        );
        assert_close(stirred(0.5, 1.0, 10.0, &rules), 1.0);
        assert_close(stirred(-0.5, -1.0, 10.0, &rules), -1.0);
    }

    #[test]
    fn half_of_a_mood_is_left_after_its_half_life_whatever_the_clock() {
        for (step_days, moments, halves) in [(1.0, 2, 2), (0.5, 2, 4), (0.25, 1, 4), (1.0, 1, 1)] {
            let rules = rules_at(Clock { step_days, moments }, |_, _| {});
            let days = 0.5 * f64::from(halves) * step_days / f64::from(moments);
            let mut state = partner().state;
            state.mood = -0.8;
            (0..halves).for_each(|_| decay(&mut state, 2, &rules));
            let mut quarters = partner().state;
            quarters.mood = -0.8;
            (0..2 * halves).for_each(|_| decay(&mut quarters, 1, &rules));
            assert_within(quarters.mood, state.mood, 1e-12);
            assert_within(
                state.mood,
                -0.8 * crate::math::functions::exp2(-days / 0.5),
                1e-12,
            );
        }
    }

    #[test]
    fn without_the_mechanism_there_is_no_mood() {
        let rules = rules(|_, m| m.mood = false);
        assert_close(stirred(0.0, 1.0, 1.0, &rules), 0.0);
        let mut state = partner().state;
        state.mood = 0.3;
        reset_if_disabled(&mut state, &rules);
        assert_close(state.mood, 0.0);
    }
}
