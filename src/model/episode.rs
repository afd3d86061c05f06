//! The episode: one partner discloses, the other responds, the discloser perceives, and both
//! learn.
//!
//! Both episodes of a phase are computed from the state at its start and all updates are applied
//! together, so that the order of the partners does not matter.

use super::bids::Occurrence;
use super::derived::Derived;
use super::observer::Observer;
use super::purposes::EpisodeDraws;
use super::rules::Rules;
use super::types::{Couple, Episode, EpisodeKind, Partner};
use super::{disclosure, intimacy, mood, perception, repair, response, stress, trust};
use crate::simd::vector::Vector;

/// Computes one partner's episode without applying it.
#[inline(always)]
fn play<L: Vector>(
    couple: &Couple<L>,
    derived: &[Derived<'_, L>; 2],
    discloser: usize,
    occurrence: &Occurrence<L>,
    kind: EpisodeKind,
    draws: &EpisodeDraws<L>,
    rules: &Rules,
) -> Episode<L> {
    let responder = 1 - discloser;
    let (i, j) = (&couple.partners[discloser], &couple.partners[responder]);
    let stakes = occurrence.stakes;
    let depth = disclosure::depth(i, &derived[discloser], draws, rules);
    let response = response::response(j, &derived[responder], stakes, kind, draws, rules);
    let seen = perception::perceived(i, &derived[discloser], stakes, response, rules);
    let (perceived, repaired) =
        repair::repaired(seen, &derived[discloser], &derived[responder], draws, rules);
    Episode {
        happens: occurrence.happens,
        stakes,
        depth,
        response,
        perceived,
        repaired,
    }
}

/// Computes both partners' episodes of a phase and applies them together.
#[inline(always)]
pub(crate) fn phase<L: Vector, W: Observer<L>>(
    couple: &mut Couple<L>,
    derived: &[Derived<'_, L>; 2],
    occurrences: &[Occurrence<L>; 2],
    kind: EpisodeKind,
    draws: [&EpisodeDraws<L>; 2],
    rules: &Rules,
    observer: &mut W,
) {
    let episodes = [
        play(couple, derived, 0, &occurrences[0], kind, draws[0], rules),
        play(couple, derived, 1, &occurrences[1], kind, draws[1], rules),
    ];
    for (who, episode) in episodes.iter().enumerate() {
        observer.on_episode(kind, who, episode);
    }
    intimacy::update(couple, derived, &episodes, rules);
    let [a, b] = &mut couple.partners;
    take_in(a, &derived[0], &episodes[0], rules);
    take_in(b, &derived[1], &episodes[1], rules);
}

/// Applies an episode to its discloser, except for intimacy.
#[inline(always)]
fn take_in<L: Vector>(
    discloser: &mut Partner<L>,
    derived: &Derived<'_, L>,
    episode: &Episode<L>,
    rules: &Rules,
) {
    let surprise = trust::surprise(discloser, derived, episode, rules);
    mood::update(&mut discloser.state, &surprise, episode, rules);
    trust::learn(&mut discloser.state, &surprise, episode, rules);
    stress::relieve(&mut discloser.state, episode, rules);
}
