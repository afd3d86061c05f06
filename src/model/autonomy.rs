//! Autonomy: safe dependence frees, closeness without safety binds (Feeney 2007).

use super::partner::State;
use super::rules::Rules;
use super::view::safety;
use crate::foundation::lane::Lane;

/// The autonomy [0–1] that a partner's state makes for (Eq. 35).
#[inline(always)]
fn target<L: Lane>(state: &State<L>, safety: L, rules: &Rules) -> L {
    let p = &rules.parameters;
    let freed = safety * (1.0 - p.autonomy_base) + p.autonomy_base;
    let cost = state.anxiety * p.closeness_anxiety + p.closeness_cost;
    (freed * (state.intimacy * safety.rest() * cost).rest()).clip()
}

/// Moves autonomy over a step (Eq. 36).
#[inline(always)]
pub(super) fn grow<L: Lane>(state: &mut State<L>, rules: &Rules) {
    if rules.mechanisms.autonomy {
        let target = target(state, safety(state, rules), rules);
        state.autonomy += (target - state.autonomy) * rules.step.autonomy_moved;
    }
}
