//! Dissolution: an uncommitted partner may leave, and the one who does is known.

use super::partner::State;
use super::purposes::EndDraws;
use super::rules::Rules;
use crate::foundation::lane::Lane;

/// Draws whether a partner ends the relationship in this step (Eq. 41; Rosenfeld 2014).
#[inline(always)]
pub(super) fn leaves<L: Lane>(
    state: &State<L>,
    draws: &EndDraws<L>,
    rules: &Rules,
) -> L::Mask {
    if !rules.mechanisms.dissolution {
        return L::mask(false);
    }
    let p = &rules.parameters;
    let missing =
        (-state.commitment + p.breakup_commitment).positive() * (1.0 / p.breakup_commitment);
    let rate = missing * missing * (p.breakup_rate * rules.clock.step_days);
    L::uniform(draws.leaving).lt(rate)
}
