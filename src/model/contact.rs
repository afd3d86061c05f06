//! Contact: when a partner turns to the other with a bid, and how much is at stake.

use super::partner::{Couple, Partner};
use super::purposes::BidDraws;
use super::rules::Rules;
use super::view::View;
use crate::foundation::lane::Lane;

/// Whether something happens in a phase, and how much is at stake in it.
#[derive(Clone, Copy)]
pub(super) struct Occasion<L: Lane> {
    pub(super) happens: L::Mask,
    /// Stakes q [0–1].
    pub(super) stakes: L,
}

/// Draws a partner's bid of this moment (Eqs 8 and 10; Reis & Shaver 1988).
///
/// The rate is held to its limit before it meets the moment's length, so that the limit does not
/// depend on how the day is cut; a moment's one bid is a limit too where moments are few.
#[inline(always)]
pub(super) fn bid<L: Lane>(
    couple: &Couple<L>,
    partner: &Partner<L>,
    view: &View<L>,
    draws: &BidDraws<L>,
    rules: &Rules,
) -> Occasion<L> {
    if !rules.mechanisms.contact {
        return Occasion { happens: L::mask(false), stakes: L::splat(0.0) };
    }
    let p = &rules.parameters;
    let state = &partner.state;
    let interest = view.complacency.rest() * (1.0 - p.bid_floor) + p.bid_floor;
    let approach = (state.avoidance * p.bid_avoidance).rest();
    let seeking = state.anxiety * view.safety.rest() * p.bid_anxiety + 1.0;
    let rate = couple.contact * (p.bid_rate * rules.step.moment_days);
    let wanted = rate * interest * approach * seeking;
    let likely = wanted.capped(p.bid_limit * rules.step.moment_days);
    let happens = L::uniform(draws.occurrence).lt(likely);
    let chance = L::uniform_low(draws.stakes) * L::uniform_high(draws.stakes);
    let stakes = chance * p.bid_stakes_spread + state.stress * p.bid_stakes_stress + p.bid_stakes;
    Occasion { happens, stakes: stakes.capped(1.0) }
}
