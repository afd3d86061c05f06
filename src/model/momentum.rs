//! Momentum: a mood toward the relationship that surprises stir and that soon passes.

use super::episode::Episode;
use super::partner::State;
use super::rules::Rules;
use super::trust::Surprise;
use crate::foundation::lane::Lane;

/// Stirs the mood after an episode (Eq. 27; Campbell et al. 2010).
#[inline(always)]
pub(super) fn stir<L: Lane>(
    state: &mut State<L>,
    surprise: &Surprise<L>,
    episode: &Episode<L>,
    rules: &Rules,
) {
    if !rules.mechanisms.momentum {
        return;
    }
    let stakes = episode.stakes.only(episode.happens);
    let room = state.momentum.magnitude().rest();
    let push = stakes * surprise.weight * surprise.delta * rules.parameters.momentum_gain;
    state.momentum = push.times_plus(room, state.momentum).clip_signed();
}

/// Lets the mood pass over half a moment (Eq. 34).
///
/// What stirs the mood in a moment stirs it in the middle, so that the mood that is left at a
/// day's end does not depend on how the day is cut into steps and moments.
#[inline(always)]
pub(super) fn pass<L: Lane>(state: &mut State<L>, rules: &Rules) {
    if rules.mechanisms.momentum {
        state.momentum = state.momentum * rules.step.momentum_kept;
    }
}

/// Takes away a mood that may not be: with the mechanism off it is 0, wherever it came from.
#[inline(always)]
pub(super) fn absent<L: Lane>(state: &mut State<L>, rules: &Rules) {
    if !rules.mechanisms.momentum {
        state.momentum = L::splat(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::Clock;
    use super::super::trial::{close, partner, rules, rules_at, same};
    use super::*;

    fn stirred(momentum: f64, delta: f64, weight: f64, rules: &Rules) -> f64 {
        let mut state = partner().state;
        state.momentum = momentum;
        let (stakes, depth, response, perceived) = (0.4, 0.5, 0.5, 0.5);
        let episode = Episode {
            happens: true,
            stakes,
            depth,
            response,
            perceived,
            repaired: false,
        };
        stir(&mut state, &Surprise { delta, weight }, &episode, rules);
        state.momentum
    }

    #[test]
    fn a_surprise_stirs_the_mood_as_far_as_there_is_room() {
        let rules = rules(|_, _| {});
        same(stirred(0.0, 0.2, 1.0, &rules), 2.4 * 0.4 * 0.2);
        same(
            stirred(-0.5, -0.2, 1.7, &rules),
            -0.5 - 2.4 * 0.4 * 0.2 * 1.7 * 0.5,
        );
        same(stirred(0.5, 1.0, 10.0, &rules), 1.0);
        same(stirred(-0.5, -1.0, 10.0, &rules), -1.0);
    }

    #[test]
    fn half_of_a_mood_is_left_after_its_half_life_whatever_the_clock() {
        for (step_days, moments, halves) in [(1.0, 2, 2), (0.5, 2, 4), (0.25, 1, 4), (1.0, 1, 1)] {
            let rules = rules_at(Clock { step_days, moments }, |_, _| {});
            let days = 0.5 * f64::from(halves) * step_days / f64::from(moments);
            let mut state = partner().state;
            state.momentum = -0.8;
            (0..halves).for_each(|_| pass(&mut state, &rules));
            close(
                state.momentum,
                -0.8 * crate::foundation::maths::exp2(-days / 0.5),
                1e-12,
            );
        }
    }

    #[test]
    fn without_the_mechanism_there_is_no_mood() {
        let rules = rules(|_, m| m.momentum = false);
        same(stirred(0.0, 1.0, 1.0, &rules), 0.0);
        let mut state = partner().state;
        state.momentum = 0.3;
        absent(&mut state, &rules);
        same(state.momentum, 0.0);
    }
}
