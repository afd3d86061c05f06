//! Observers: what receives the events of a step, and counts them.

use super::rules::Rules;
use super::types::{Episode, EpisodeKind};
use crate::simd::vector::Vector;

/// Receives the events of a step.
pub trait Observer<L: Vector> {
    /// Called for each episode, with its discloser (0 or 1).
    fn on_episode(&mut self, kind: EpisodeKind, discloser: usize, episode: &Episode<L>);
    /// Called with the stressful events of one partner.
    fn on_stress(&mut self, person: usize, happens: L::Mask);
    /// Called with the betrayals that one partner suffered.
    fn on_betrayal(&mut self, person: usize, happens: L::Mask);
}

/// Observes nothing, at no cost.
impl<L: Vector> Observer<L> for () {
    #[inline(always)]
    fn on_episode(&mut self, _kind: EpisodeKind, _discloser: usize, _episode: &Episode<L>) {}
    #[inline(always)]
    fn on_stress(&mut self, _person: usize, _happens: L::Mask) {}
    #[inline(always)]
    fn on_betrayal(&mut self, _person: usize, _happens: L::Mask) {}
}

/// Counts the conflicts of each couple and nothing else, at almost no cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConflictCounter<L> {
    /// Conflicts of the couple.
    pub conflicts: L,
}

/// An empty count.
impl<L: Vector> Default for ConflictCounter<L> {
    fn default() -> ConflictCounter<L> {
        ConflictCounter {
            conflicts: L::splat(0.0),
        }
    }
}

impl<L: Vector> Observer<L> for ConflictCounter<L> {
    #[inline(always)]
    fn on_episode(&mut self, kind: EpisodeKind, discloser: usize, episode: &Episode<L>) {
        if kind == EpisodeKind::Conflict && discloser == 0 {
            self.conflicts += L::splat(1.0).masked(episode.happens);
        }
    }
    #[inline(always)]
    fn on_stress(&mut self, _person: usize, _happens: L::Mask) {}
    #[inline(always)]
    fn on_betrayal(&mut self, _person: usize, _happens: L::Mask) {}
}

/// What happened to one partner in a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PersonTally<L> {
    /// Bids made.
    pub bids: L,
    /// Episodes as discloser that were perceived as responsive.
    pub responsive: L,
    /// Episodes as discloser that were perceived as unresponsive.
    pub unresponsive: L,
    /// Deepest disclosure of the step [0–1], 0 without any.
    pub depth: L,
    /// Sum of perceived responsiveness over the episodes.
    pub perceived: L,
    /// Sum of the other's responses over the episodes.
    pub response: L,
    /// Most hurtful act of the other in a conflict of the step [0–1], 0 without any.
    pub hurtful: L,
    /// Conflicts in which the other's act was a fight.
    pub fights: L,
    /// Largest shortfall of an answer in a conflict of the step [0–1], 0 without any.
    pub shortfall: L,
    /// Repairs received.
    pub repairs: L,
    /// Stressful events.
    pub stress_events: L,
    /// Betrayals suffered.
    pub betrayals: L,
}

/// Counts what happened in a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tally<L> {
    /// Counts of each partner.
    pub persons: [PersonTally<L>; 2],
    /// Conflicts of the couple.
    pub conflicts: L,
    responsive_from: f64,
    fight_from: f64,
}

impl<L: Vector> Tally<L> {
    /// An empty count under the given rules.
    pub fn new(rules: &Rules) -> Tally<L> {
        let none = L::splat(0.0);
        let person = PersonTally {
            bids: none,
            responsive: none,
            unresponsive: none,
            depth: none,
            perceived: none,
            response: none,
            hurtful: none,
            fights: none,
            shortfall: none,
            repairs: none,
            stress_events: none,
            betrayals: none,
        };
        Tally {
            persons: [person; 2],
            conflicts: none,
            responsive_from: rules.parameters.responsive_from,
            fight_from: rules.parameters.fight_from,
        }
    }
}

impl<L: Vector> Observer<L> for Tally<L> {
    #[inline(always)]
    fn on_episode(&mut self, kind: EpisodeKind, discloser: usize, episode: &Episode<L>) {
        let one = L::splat(1.0).masked(episode.happens);
        let person = &mut self.persons[discloser];
        match kind {
            EpisodeKind::Bid => person.bids += one,
            EpisodeKind::Conflict => {
                if discloser == 0 {
                    self.conflicts += one;
                }
                let hurtful = episode.hurtful.masked(episode.happens);
                person.hurtful = person.hurtful.max(hurtful);
                person.fights += one.masked(hurtful.ge(L::splat(self.fight_from)));
                let shortfall = episode.shortfall.masked(episode.happens);
                person.shortfall = person.shortfall.max(shortfall);
            }
        }
        let good = one.masked(episode.perceived.ge(L::splat(self.responsive_from)));
        person.responsive += good;
        person.unresponsive += one - good;
        person.depth = person.depth.max(episode.depth.masked(episode.happens));
        person.perceived += episode.perceived.masked(episode.happens);
        person.response += episode.response.masked(episode.happens);
        person.repairs += one.masked(episode.repaired);
    }
    #[inline(always)]
    fn on_stress(&mut self, person: usize, happens: L::Mask) {
        self.persons[person].stress_events += L::splat(1.0).masked(happens);
    }
    #[inline(always)]
    fn on_betrayal(&mut self, person: usize, happens: L::Mask) {
        self.persons[person].betrayals += L::splat(1.0).masked(happens);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::test_support::{assert_close, episode_of, rules};

    fn episode(perceived: f64) -> Episode<f64> {
        Episode {
            repaired: perceived < 0.3,
            ..episode_of(0.5, perceived, 0.75, perceived)
        }
    }

    #[test]
    fn a_tally_counts_each_event_once() {
        let mut tally = Tally::<f64>::new(&rules(|_, _| {}));
        tally.on_episode(EpisodeKind::Bid, 0, &episode(0.5));
        tally.on_episode(EpisodeKind::Bid, 0, &episode(0.25));
        tally.on_episode(
            EpisodeKind::Bid,
            1,
            &Episode {
                happens: false,
                ..episode(0.9)
            },
        );
        tally.on_episode(EpisodeKind::Conflict, 0, &episode(0.125));
        tally.on_episode(EpisodeKind::Conflict, 1, &episode(0.75));
        tally.on_stress(1, true);
        tally.on_stress(0, false);
        tally.on_betrayal(0, true);
        let [a, b] = tally.persons;
        assert_eq!(
            (a.bids, a.responsive, a.unresponsive, a.repairs),
            (2.0, 1.0, 2.0, 2.0)
        );
        assert_eq!(
            (b.bids, b.responsive, b.unresponsive, b.repairs),
            (0.0, 1.0, 0.0, 0.0)
        );
        assert_eq!((a.stress_events, a.betrayals), (0.0, 1.0));
        assert_eq!((b.stress_events, b.betrayals), (1.0, 0.0));
        assert_close(a.depth, 0.5);
        assert_close(a.perceived, 0.875);
        assert_close(a.response, 2.25);
        assert_eq!(tally.conflicts, 1.0);
    }

    #[test]
    fn what_counts_as_responsive_is_a_parameter() {
        let mut tally = Tally::<f64>::new(&rules(|p, _| p.responsive_from = 0.2));
        tally.on_episode(EpisodeKind::Bid, 0, &episode(0.25));
        assert_eq!(tally.persons[0].responsive, 1.0);
    }
}
