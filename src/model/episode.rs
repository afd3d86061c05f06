//! The episode: one partner discloses, the other responds, the discloser perceives; both learn.
//!
//! Both episodes of a phase are computed from the state at its start, and all updates are applied
//! together, so that the partners stand on equal terms.

use super::bids::Occasion;
use super::derived::Derived;
use super::observer::Observer;
use super::partner::{Couple, Partner};
use super::purposes::EpisodeDraws;
use super::rules::Rules;
use super::{disclosure, intimacy, mood, perception, repair, response, stress, trust};
use crate::simd::vector::Vector;

/// The kinds of episode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A partner turned to the other.
    Bid,
    /// A partner voiced their side of a conflict.
    Conflict,
}

/// One episode of each couple of a lane.
#[derive(Clone, Copy)]
pub struct Episode<L: Vector> {
    /// Where it took place; elsewhere the numbers below mean nothing.
    pub happens: L::Mask,
    /// Stakes q [0–1]: how much the answer mattered.
    pub stakes: L,
    /// Depth d [0–1] of the disclosure.
    pub depth: L,
    /// Response ρ [0–1] as given.
    pub response: L,
    /// Perceived responsiveness p [0–1] after a possible repair.
    pub perceived: L,
    /// Where the episode was repaired.
    pub repaired: L::Mask,
}

/// Plays one partner's episode without applying it.
#[inline(always)]
fn play<L: Vector>(
    couple: &Couple<L>,
    views: &[Derived<'_, L>; 2],
    discloser: usize,
    occasion: &Occasion<L>,
    kind: Kind,
    draws: &EpisodeDraws<L>,
    rules: &Rules,
) -> Episode<L> {
    let responder = 1 - discloser;
    let (i, j) = (&couple.partners[discloser], &couple.partners[responder]);
    let stakes = occasion.stakes;
    let depth = disclosure::depth(i, &views[discloser], draws, rules);
    let response = response::response(j, &views[responder], stakes, kind, draws, rules);
    let seen = perception::perceived(i, &views[discloser], stakes, response, rules);
    let (perceived, repaired) =
        repair::repaired(seen, &views[discloser], &views[responder], draws, rules);
    Episode {
        happens: occasion.happens,
        stakes,
        depth,
        response,
        perceived,
        repaired,
    }
}

/// Plays both partners' episodes of a phase and applies them together.
#[inline(always)]
pub(crate) fn phase<L: Vector, W: Observer<L>>(
    couple: &mut Couple<L>,
    views: &[Derived<'_, L>; 2],
    occasions: &[Occasion<L>; 2],
    kind: Kind,
    draws: [&EpisodeDraws<L>; 2],
    rules: &Rules,
    witness: &mut W,
) {
    let episodes = [
        play(couple, views, 0, &occasions[0], kind, draws[0], rules),
        play(couple, views, 1, &occasions[1], kind, draws[1], rules),
    ];
    for (who, episode) in episodes.iter().enumerate() {
        witness.episode(kind, who, episode);
    }
    intimacy::grow(couple, views, &episodes, rules);
    let [a, b] = &mut couple.partners;
    take_in(a, &views[0], &episodes[0], rules);
    take_in(b, &views[1], &episodes[1], rules);
}

/// What an episode does to its discloser, beside intimacy.
#[inline(always)]
fn take_in<L: Vector>(
    discloser: &mut Partner<L>,
    view: &Derived<'_, L>,
    episode: &Episode<L>,
    rules: &Rules,
) {
    let surprise = trust::surprise(discloser, view, episode, rules);
    mood::stir(&mut discloser.state, &surprise, episode, rules);
    trust::learn(&mut discloser.state, &surprise, episode, rules);
    stress::relieve(&mut discloser.state, episode, rules);
}
