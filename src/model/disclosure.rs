//! Disclosure: how much of themselves a partner shows.

use super::partner::Partner;
use super::purposes::triangular;
use super::rules::Rules;
use super::view::View;
use crate::foundation::lane::Lane;

/// Depth d [0–1] of what a partner discloses on an occasion (Eq. 12; Reis & Shaver 1988).
///
/// Closeness and felt security invite it, avoidance holds it back, and anxious partners disclose
/// without being safe (hyperactivation).
#[inline(always)]
pub(super) fn depth<L: Lane>(
    partner: &Partner<L>,
    view: &View<L>,
    word: L::Word,
    rules: &Rules,
) -> L {
    if !rules.mechanisms.disclosure {
        return L::splat(0.0);
    }
    let p = &rules.parameters;
    let state = &partner.state;
    let daring = view.safety + state.anxiety * view.safety.rest() * p.hyperactivation;
    let invited = state.intimacy * (1.0 - p.disclosure_safety) + daring * p.disclosure_safety;
    let held = (state.avoidance * p.disclosure_avoidance).rest();
    let varied = triangular::<L>(word) * p.disclosure_noise + 1.0;
    (partner.traits.openness * held * invited * varied).clip()
}
