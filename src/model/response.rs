//! Response: how a partner answers what the other shows.

use super::episode::Kind;
use super::partner::Partner;
use super::purposes::{EpisodeDraws, triangular};
use super::rules::Rules;
use super::view::View;
use crate::foundation::lane::Lane;

/// Willingness m [0–1] to answer well (Eq. 13).
///
/// It rests on the responder's own responsiveness and on care for this partner; stress and
/// conflict lower it, less so for one who feels safe, and complacency lowers effort.
#[inline(always)]
pub(super) fn willingness<L: Lane>(
    responder: &Partner<L>,
    view: &View<L>,
    kind: Kind,
    rules: &Rules,
) -> L {
    let p = &rules.parameters;
    let traits = &responder.traits;
    let mut load = responder.state.stress * p.response_stress;
    if kind == Kind::Conflict {
        load += traits.patience.rest() * p.response_conflict;
    }
    let strain = load.capped(1.0) * exposure(view, rules);
    let slackening = traits.effort.rest() * view.complacency * (2.0 * p.complacency_effort);
    base(responder, view, rules) * strain.rest() * slackening.rest()
}

/// What a partner gives when nothing stands in the way [0–1]: also what they project (Eq. 14).
#[inline(always)]
pub(super) fn base<L: Lane>(partner: &Partner<L>, view: &View<L>, rules: &Rules) -> L {
    let weight = rules.parameters.care_weight;
    partner.traits.responsiveness * (1.0 - weight) + view.care * weight
}

/// The share of harm that felt security leaves [0–1] (Eq. 15; Simpson & Overall 2014).
#[inline(always)]
pub(super) fn exposure<L: Lane>(view: &View<L>, rules: &Rules) -> L {
    if rules.mechanisms.buffering {
        (view.safety * rules.parameters.buffering).rest()
    } else {
        L::splat(1.0)
    }
}

/// Response ρ [0–1] as it is given (Eq. 16).
#[inline(always)]
pub(super) fn response<L: Lane>(
    responder: &Partner<L>,
    view: &View<L>,
    stakes: L,
    kind: Kind,
    draws: &EpisodeDraws<L>,
    rules: &Rules,
) -> L {
    let p = &rules.parameters;
    let traits = &responder.traits;
    let mut given = willingness(responder, view, kind, rules)
        + responder.state.momentum * p.response_momentum;
    if rules.mechanisms.understanding {
        given -= traits.understanding.rest() * stakes;
    }
    if rules.mechanisms.noise {
        let spread = traits.consistency.rest() * (2.0 * p.response_noise);
        given += spread * triangular::<L>(draws.response);
    }
    let given = given.clip();
    if kind == Kind::Bid && rules.mechanisms.availability {
        given.only(L::uniform_low(draws.fate).lt(traits.availability))
    } else {
        given
    }
}
