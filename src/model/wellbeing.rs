//! Well-being: what a relationship, one's own growth and an easy life come to.

use super::partner::State;
use super::rules::Rules;
use super::view::satisfaction;
use crate::foundation::lane::Lane;

/// Moves well-being over a step (Eq. 42).
#[inline(always)]
pub(super) fn fare<L: Lane>(state: &mut State<L>, rules: &Rules) {
    if !rules.mechanisms.wellbeing {
        return;
    }
    let p = &rules.parameters;
    let target = satisfaction(state, rules) * p.wellbeing_satisfaction
        + state.autonomy * p.wellbeing_autonomy
        + state.stress.rest() * p.wellbeing_ease;
    state.wellbeing += (target.clip() - state.wellbeing) * rules.step.wellbeing_moved;
}
