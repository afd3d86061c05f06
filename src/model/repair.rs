//! Repair: an answer that fell short may be put right within the episode.

use super::partner::Partner;
use super::rules::Rules;
use super::view::View;
use crate::foundation::lane::Lane;

/// Perceived responsiveness after a possible repair, and where there was one (Eqs 19 and 20).
#[inline(always)]
pub(super) fn repaired<L: Lane>(
    perceived: L,
    discloser: &Partner<L>,
    responder: &Partner<L>,
    responder_view: &View<L>,
    word: L::Word,
    rules: &Rules,
) -> (L, L::Mask) {
    if !rules.mechanisms.repair {
        return (perceived, L::mask(false));
    }
    let p = &rules.parameters;
    let reaching = (responder.state.avoidance * p.repair_avoidance).rest();
    let tried = responder_view.complacency.rest()
        * reaching
        * discloser.state.hurt.rest()
        * p.repair_probability;
    let repairs = perceived.lt(L::splat(p.repair_threshold)) & L::uniform_high(word).lt(tried);
    let mended = perceived + (-perceived + p.repair_target) * p.repair_strength;
    (mended.or_else(repairs, perceived), repairs)
}
