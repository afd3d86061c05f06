//! Attachment: the working model of others (avoidance) and of oneself (anxiety), revised slowly by
//! experience and drawn back to its prototype (Fraley 2002; Arriaga et al. 2018).

use super::partner::Partner;
use super::rules::Rules;
use super::view::safety;
use crate::foundation::lane::Lane;

/// Revises attachment over a step (Eq. 37): felt security lowers avoidance, autonomy anxiety.
#[inline(always)]
pub(super) fn revise<L: Lane>(partner: &mut Partner<L>, rules: &Rules) {
    if !rules.mechanisms.attachment {
        return;
    }
    let (experience, prototype) = (rules.step.experience_moved, rules.step.prototype_moved);
    let unsafe_now = safety(&partner.state, rules).rest();
    let (state, traits) = (&mut partner.state, &partner.traits);
    state.avoidance += (unsafe_now - state.avoidance) * experience
        + (traits.avoidance - state.avoidance) * prototype;
    state.anxiety += (state.autonomy.rest() - state.anxiety) * experience
        + (traits.anxiety - state.anxiety) * prototype;
}
