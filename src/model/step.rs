//! The step: a day (or a part of one) of a couple, from its first moment to its end.

use super::betrayal;
use super::contact::{self, Occasion};
use super::episode::{Kind, phase};
use super::partner::{Couple, Partner, State};
use super::purposes::{Draws, EndDraws};
use super::rules::Rules;
use super::view::View;
use super::witness::Witness;
use super::{
    attachment, autonomy, commitment, conflict, dissolution, intimacy, momentum, stress, wellbeing,
};
use crate::foundation::lane::{Lane, Mask};

/// Where each partner ended the relationship in a step.
#[derive(Clone, Copy)]
pub struct Departure<L: Lane> {
    /// Partner A and partner B; both may.
    pub leaves: [L::Mask; 2],
}

/// Lives one step of every couple of a lane, and says who left at its end.
///
/// The equations and their numbers are those of docs/model.md.
#[inline(always)]
pub fn step<L: Lane, W: Witness<L>>(
    couple: &mut Couple<L>,
    draws: &Draws<'_, L>,
    rules: &Rules,
    witness: &mut W,
) -> Departure<L> {
    for partner in &mut couple.partners {
        momentum::absent(&mut partner.state, rules);
        betrayal::absent(&mut partner.state, rules);
    }
    for moment in 0..rules.clock.moments as usize {
        pass_moods(couple, rules);
        bid_phase(couple, draws, moment, rules, witness);
        if rules.mechanisms.conflict {
            conflict_phase(couple, draws, moment, rules, witness);
        }
        pass_moods(couple, rules);
    }
    end_of_step(couple, draws, rules, witness)
}

#[inline(always)]
fn pass_moods<L: Lane>(couple: &mut Couple<L>, rules: &Rules) {
    for partner in &mut couple.partners {
        momentum::pass(&mut partner.state, rules);
    }
}

#[inline(always)]
fn views<L: Lane>(couple: &Couple<L>, rules: &Rules) -> [View<L>; 2] {
    let [a, b] = &couple.partners;
    [View::of(&a.state, rules), View::of(&b.state, rules)]
}

#[inline(always)]
fn bid_phase<L: Lane, W: Witness<L>>(
    couple: &mut Couple<L>,
    draws: &Draws<'_, L>,
    moment: usize,
    rules: &Rules,
    witness: &mut W,
) {
    let views = views(couple, rules);
    let (a, b) = (draws.bid(moment, 0), draws.bid(moment, 1));
    let occasions: [Occasion<L>; 2] = [
        contact::bid(couple, &couple.partners[0], &views[0], &a, rules),
        contact::bid(couple, &couple.partners[1], &views[1], &b, rules),
    ];
    if (occasions[0].happens | occasions[1].happens).none() {
        return;
    }
    phase(couple, &views, &occasions, Kind::Bid, [&a.episode, &b.episode], rules, witness);
}

#[inline(always)]
fn conflict_phase<L: Lane, W: Witness<L>>(
    couple: &mut Couple<L>,
    draws: &Draws<'_, L>,
    moment: usize,
    rules: &Rules,
    witness: &mut W,
) {
    let views = views(couple, rules);
    let drawn = draws.conflict(moment);
    let occasion = conflict::conflict(couple, &views, &drawn, rules);
    if occasion.happens.none() {
        return;
    }
    let [a, b] = &drawn.episodes;
    phase(couple, &views, &[occasion; 2], Kind::Conflict, [a, b], rules, witness);
}

#[inline(always)]
fn end_of_step<L: Lane, W: Witness<L>>(
    couple: &mut Couple<L>,
    draws: &Draws<'_, L>,
    rules: &Rules,
    witness: &mut W,
) -> Departure<L> {
    let ends = [draws.end(0), draws.end(1)];
    let [a, b] = &mut couple.partners;
    let acts = [
        betrayal::betrayal(&b.state, &ends[0], rules),
        betrayal::betrayal(&a.state, &ends[1], rules),
    ];
    commitment::invest(&mut couple.investment, rules);
    let investment = couple.investment;
    witness.stressed(0, end_alone(a, acts[0], investment, &ends[0], rules));
    witness.stressed(1, end_alone(b, acts[1], investment, &ends[1], rules));
    witness.betrayed(0, acts[0].0);
    witness.betrayed(1, acts[1].0);
    let leaves = [
        dissolution::leaves(&a.state, &ends[0], rules),
        dissolution::leaves(&b.state, &ends[1], rules),
    ];
    Departure { leaves }
}

/// The end of a step for one partner, who was betrayed or not; gives where a stressful event
/// happened.
#[inline(always)]
fn end_alone<L: Lane>(
    partner: &mut Partner<L>,
    (betrayed, deceived): (L::Mask, L::Mask),
    investment: L,
    draws: &EndDraws<L>,
    rules: &Rules,
) -> L::Mask {
    let state = &mut partner.state;
    let stressed = stress::load(state, draws, rules);
    if !betrayed.none() {
        betrayal::suffer(state, betrayed, deceived, rules);
    }
    intimacy::fade(state, rules);
    betrayal::heal(state, rules);
    autonomy::grow(state, rules);
    attachment::revise(partner, rules);
    commitment::meet(partner, draws, rules);
    commitment::commit(partner, investment, rules);
    wellbeing::fare(&mut partner.state, rules);
    settle(&mut partner.state);
    stressed
}

/// Lets what has all but vanished be nothing: states below 10⁻⁶ become 0 (Eq. 43).
///
/// States that fall by a factor each step would otherwise reach subnormal numbers, which slow the
/// arithmetic of every machine.
#[inline(always)]
fn settle<L: Lane>(state: &mut State<L>) {
    let least = L::splat(1e-6);
    for number in state.fields_mut() {
        *number = number.only(number.magnitude().ge(least));
    }
}
