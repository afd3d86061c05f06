//! Conflict: when a couple falls out, and how much is at stake.

use super::contact::Occasion;
use super::partner::Couple;
use super::purposes::ConflictDraws;
use super::rules::Rules;
use super::view::View;
use crate::foundation::lane::Lane;

/// Draws a couple's conflict of this moment (Eqs 9 and 11; Karney & Bradbury 1995).
#[inline(always)]
pub(super) fn conflict<L: Lane>(
    couple: &Couple<L>,
    views: &[View<L>; 2],
    draws: &ConflictDraws<L>,
    rules: &Rules,
) -> Occasion<L> {
    let p = &rules.parameters;
    let [a, b] = &couple.partners;
    let strained = (a.state.stress + b.state.stress) * p.conflict_stress + 1.0;
    let safety = (views[0].safety + views[1].safety) * 0.5;
    let unsafe_couple = safety.rest() * p.conflict_unsafety + 1.0;
    let rate = p.conflict_rate * rules.step.moment_days;
    let happens = L::uniform(draws.occurrence).lt(strained * unsafe_couple * rate);
    let chance = L::uniform_low(draws.stakes) * p.conflict_stakes_spread;
    Occasion { happens, stakes: (chance + p.conflict_stakes).capped(1.0) }
}
