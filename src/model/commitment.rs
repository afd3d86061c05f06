//! Commitment: the wish to stay, from satisfaction, investment and poor alternatives (Rusbult 1983).

use super::partner::Partner;
use super::purposes::EndDraws;
use super::rules::Rules;
use super::view::satisfaction;
use crate::foundation::lane::Lane;

/// Builds up a couple's investment over a step (Eq. 38).
#[inline(always)]
pub(super) fn invest<L: Lane>(investment: &mut L, rules: &Rules) {
    if rules.mechanisms.investment {
        *investment += investment.rest() * rules.step.investment_gained;
    }
}

/// Lets a partner meet a possible other, and fade from mind one who was met (Eq. 39).
#[inline(always)]
pub(super) fn meet<L: Lane>(partner: &mut Partner<L>, draws: &EndDraws<L>, rules: &Rules) {
    if !rules.mechanisms.alternatives {
        return;
    }
    let p = &rules.parameters;
    let rate = L::splat(rules.clock.step_days / p.alternative_interval);
    let meets = L::uniform(draws.meeting).lt(rate);
    let best = partner.traits.mate_value * (1.0 - p.alternative_base) + p.alternative_base;
    let quality = (L::uniform_high(draws.sizes) * best).only(meets);
    let state = &mut partner.state;
    state.alternatives = state.alternatives.most(quality) * rules.step.alternatives_kept;
}

/// Moves commitment over a step (Eq. 40).
#[inline(always)]
pub(super) fn commit<L: Lane>(partner: &mut Partner<L>, investment: L, rules: &Rules) {
    if !rules.mechanisms.commitment {
        return;
    }
    let p = &rules.parameters;
    let state = &mut partner.state;
    let tempting = state.alternatives * (state.commitment * p.derogation).rest();
    let target = satisfaction(state, rules) * p.commitment_satisfaction
        + investment * p.commitment_investment
        + tempting.rest() * p.commitment_alternatives;
    state.commitment += (target.clip() - state.commitment) * rules.step.commitment_moved;
}
