//! Perception: what the discloser takes the response to be.

use super::partner::Partner;
use super::response::base;
use super::rules::Rules;
use super::view::View;
use crate::foundation::lane::Lane;

/// Perceived responsiveness p [0–1] before any repair (Eqs 17 and 18).
///
/// Part accuracy, part expectation and projection (Lemay, Clark & Feeney 2007; Kenny & Acitelli
/// 2001); anxious partners track more closely and, unsafe, perceive less than there is (Overall,
/// Fletcher & Kenny 2012); a scar of deception makes every high-stakes answer suspect.
#[inline(always)]
pub(super) fn perceived<L: Lane>(
    discloser: &Partner<L>,
    view: &View<L>,
    stakes: L,
    response: L,
    rules: &Rules,
) -> L {
    let p = &rules.parameters;
    let state = &discloser.state;
    let mut seen = response;
    if rules.mechanisms.projection {
        let weight = (state.anxiety * p.expectation_anxiety).rest() * p.expectation;
        let expected = state.trust * p.expectation_trust
            + base(discloser, view, rules) * (1.0 - p.expectation_trust);
        seen = response * weight.rest() + expected * weight;
    }
    if rules.mechanisms.bias {
        seen -= state.anxiety * view.safety.rest() * stakes * p.insecure_bias;
    }
    (seen - state.scar * stakes).clip()
}
