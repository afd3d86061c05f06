//! Betrayal: a rare act that takes trust at once and leaves hurt; with deception it leaves a scar
//! that time does not heal (Schweitzer, Hershey & Bradlow 2006).

use super::partner::State;
use super::purposes::EndDraws;
use super::rules::Rules;
use crate::foundation::lane::Lane;

/// Draws whether a partner of the given commitment betrays, and whether with deception (Eq. 31).
#[inline(always)]
pub(super) fn betrayal<L: Lane>(
    betrayer: &State<L>,
    draws: &EndDraws<L>,
    rules: &Rules,
) -> (L::Mask, L::Mask) {
    if !rules.mechanisms.betrayal {
        return (L::mask(false), L::mask(false));
    }
    let p = &rules.parameters;
    let missing = (-betrayer.commitment + p.betrayal_commitment).positive();
    let rate = (missing * p.betrayal_uncommitted + 1.0)
        * (p.betrayal_rate * rules.clock.step_days);
    let happens = L::uniform(draws.betrayal).lt(rate);
    let deceives = L::uniform_high(draws.deception).lt(L::splat(p.deception));
    (happens, happens & deceives)
}

/// What a betrayal does to the one betrayed (Eqs 32 and 33).
#[inline(always)]
pub fn suffer<L: Lane>(
    state: &mut State<L>,
    betrayed: L::Mask,
    deceived: L::Mask,
    rules: &Rules,
) {
    let p = &rules.parameters;
    state.trust -= state.trust.only(betrayed) * p.betrayal_trust;
    state.uncertainty += state.uncertainty.rest().only(betrayed) * p.betrayal_uncertainty;
    if rules.mechanisms.hurt {
        state.hurt += state.hurt.rest().only(betrayed) * p.betrayal_hurt;
    }
    if rules.mechanisms.momentum {
        state.momentum = L::splat(-p.betrayal_momentum).or_else(betrayed, state.momentum);
    }
    if rules.mechanisms.scar {
        state.scar += state.scar.rest().only(deceived) * p.scar;
    }
}

/// Takes away hurt and scars that may not be: with the mechanism off they are 0, wherever they
/// came from.
#[inline(always)]
pub(super) fn absent<L: Lane>(state: &mut State<L>, rules: &Rules) {
    if !rules.mechanisms.hurt {
        state.hurt = L::splat(0.0);
    }
    if !rules.mechanisms.scar {
        state.scar = L::splat(0.0);
    }
}

/// Lets hurt heal over a step (Eq. 34).
#[inline(always)]
pub(super) fn heal<L: Lane>(state: &mut State<L>, rules: &Rules) {
    if rules.mechanisms.hurt {
        state.hurt = state.hurt * rules.step.hurt_kept;
    }
}
