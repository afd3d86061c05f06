//! Stress: load from outside that comes in events, fades, and is relieved by being met.

use super::episode::Episode;
use super::partner::State;
use super::purposes::EndDraws;
use super::rules::Rules;
use crate::foundation::lane::Lane;

/// Relieves stress in an episode (Eq. 28; Feeney & Collins 2015).
#[inline(always)]
pub(super) fn relieve<L: Lane>(state: &mut State<L>, episode: &Episode<L>, rules: &Rules) {
    if rules.mechanisms.relief {
        let met = (episode.stakes * episode.perceived).only(episode.happens);
        state.stress = state.stress * (met * rules.parameters.relief).rest();
    }
}

/// Lets stress fade over a step and a stressful event happen (Eqs 29 and 30); gives where one did.
///
/// The event comes in the middle of the step, between two halves of the fading: mean stress then
/// does not depend on the step's length.
#[inline(always)]
pub(super) fn load<L: Lane>(
    state: &mut State<L>,
    draws: &EndDraws<L>,
    rules: &Rules,
) -> L::Mask {
    if !rules.mechanisms.stress {
        return L::mask(false);
    }
    let p = &rules.parameters;
    let faded = state.stress * rules.step.stress_kept;
    let rate = L::splat(p.stress_event_rate * rules.clock.step_days);
    let happens = L::uniform(draws.stress).lt(rate);
    let size = L::uniform_low(draws.sizes) * p.stress_event_size;
    state.stress = (faded + size.only(happens) * faded.rest()) * rules.step.stress_kept;
    happens
}
