//! Intimacy: closeness that grows where disclosure is met, and fades where nothing renews it.

use super::episode::Episode;
use super::mechanisms::IntimacyTarget;
use super::partner::{Couple, State};
use super::rules::Rules;
use crate::foundation::lane::Lane;

/// Where being met (or not) at a depth moves intimacy toward [0–1] (Eq. 25).
#[inline(always)]
fn target<L: Lane>(depth: L, met: L, rules: &Rules) -> L {
    match rules.intimacy_target {
        IntimacyTarget::Mean => (depth + met) * 0.5,
        IntimacyTarget::Least => depth.least(met),
        IntimacyTarget::Response => met,
    }
}

/// Moves both partners' intimacy after the episodes of a phase (Eq. 26; Reis & Shaver 1988).
///
/// The discloser goes by the response perceived, the listener by the response given.
#[inline(always)]
pub(super) fn grow<L: Lane>(couple: &mut Couple<L>, episodes: &[Episode<L>; 2], rules: &Rules) {
    if !rules.mechanisms.intimacy {
        return;
    }
    let [a, b] = &mut couple.partners;
    let to_a = step(&a.state, &episodes[0], &episodes[1], rules);
    let to_b = step(&b.state, &episodes[1], &episodes[0], rules);
    a.state.intimacy = (a.state.intimacy + to_a).capped(1.0);
    b.state.intimacy = (b.state.intimacy + to_b).capped(1.0);
}

/// The change of a partner's intimacy from an episode of their own and one of the other's.
#[inline(always)]
fn step<L: Lane>(
    state: &State<L>,
    own: &Episode<L>,
    other: &Episode<L>,
    rules: &Rules,
) -> L {
    let p = &rules.parameters;
    let opening = (state.avoidance * p.intimacy_avoidance).rest() * p.intimacy_rate;
    let disclosing = (opening * own.stakes * own.depth).capped(0.5);
    let listening = (opening * other.stakes * other.depth * p.listener_share).capped(0.5);
    let met = target(own.depth, own.perceived, rules) - state.intimacy;
    let meeting = target(other.depth, other.response, rules) - state.intimacy;
    disclosing.only(own.happens) * met + listening.only(other.happens) * meeting
}

/// Lets intimacy fade over a step (Eq. 34).
#[inline(always)]
pub(super) fn fade<L: Lane>(state: &mut State<L>, rules: &Rules) {
    if rules.mechanisms.intimacy {
        state.intimacy = state.intimacy * rules.step.intimacy_kept;
    }
}
