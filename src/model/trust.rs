//! Trust: a mean and an uncertainty that learn from episodes.
//!
//! Trust learns faster while uncertain (Pearce & Hall 1980), and losses weigh more than gains
//! (Slovic 1993), less so for the patient and the safe.

use super::episode::Episode;
use super::partner::{Partner, State};
use super::response::exposure;
use super::rules::Rules;
use super::view::View;
use crate::foundation::lane::Lane;

/// How an episode differed from what trust expected.
#[derive(Clone, Copy)]
pub(super) struct Surprise<L> {
    /// Surprise δ = p − T [−1, 1] (Eq. 21).
    pub(super) delta: L,
    /// Weight of the surprise [≥ 1] (Eq. 22).
    pub(super) weight: L,
}

/// Measures an episode against trust (Eqs 21 and 22).
#[inline(always)]
pub(super) fn surprise<L: Lane>(
    partner: &Partner<L>,
    view: &View<L>,
    episode: &Episode<L>,
    rules: &Rules,
) -> Surprise<L> {
    let delta = episode.perceived - partner.state.trust;
    if !rules.mechanisms.asymmetry {
        return Surprise { delta, weight: L::splat(1.0) };
    }
    let heavier = partner.traits.patience.rest()
        * exposure(view, rules)
        * (rules.parameters.loss_weight - 1.0);
    let loss = delta.lt(L::splat(0.0));
    Surprise { delta, weight: heavier.only(loss) + 1.0 }
}

/// Moves trust and its uncertainty after an episode (Eqs 23 and 24).
#[inline(always)]
pub(super) fn learn<L: Lane>(
    state: &mut State<L>,
    surprise: &Surprise<L>,
    episode: &Episode<L>,
    rules: &Rules,
) {
    let p = &rules.parameters;
    let stakes = episode.stakes.only(episode.happens);
    let uncertainty = state.uncertainty;
    if rules.mechanisms.uncertainty {
        let gap = surprise.delta.magnitude() - uncertainty;
        state.uncertainty += stakes * p.uncertainty_rate * gap;
    }
    if rules.mechanisms.trust {
        let rate = uncertainty * p.trust_rate_uncertain + p.trust_rate;
        state.trust += (rate * stakes * surprise.weight).capped(1.0) * surprise.delta;
    }
}
