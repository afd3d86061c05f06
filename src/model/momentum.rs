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
    state.momentum = (state.momentum + push * room).clip_signed();
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
