//! A sight of a couple on a day of survey: the states that scales ask for, as they are.

use super::scales::SCALES;
use crate::model::derived::{daily_satisfaction, satisfaction};
use crate::simd::vector::Vector;
use crate::simulation::ROW;
use crate::simulation::rows::DaySight;

/// Numbers of a sight: the state behind each scale at the end of the day, then what reports are made
/// of.
const NUMBERS: usize = SCALES.len() + 3;
/// The day's perceived responsiveness: the last of the scales.
const PERCEIVED: usize = SCALES.len() - 1;
/// Conflicts of the day.
pub(crate) const CONFLICTS: usize = SCALES.len();
/// Unresponsive episodes of the day.
pub(crate) const UNRESPONSIVE: usize = SCALES.len() + 1;
/// Episodes of the day.
const EPISODES: usize = SCALES.len() + 2;

/// Both partners of one couple on one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) day: u32,
    /// The numbers of A and B.
    pub(crate) persons: [[f64; NUMBERS]; 2],
}

#[cfg(test)]
impl Seen {
    pub(crate) fn of(day: u32, persons: [[f64; NUMBERS]; 2]) -> Seen {
        Seen { day, persons }
    }
}

/// Both partners of every couple of a lane on one day.
pub(crate) struct Sight {
    day: u32,
    persons: [[[f64; ROW]; NUMBERS]; 2],
}

impl Sight {
    /// Reads what scales ask for off a lane.
    #[inline(always)]
    pub(crate) fn of<L: Vector>(day: u32, sight: &DaySight<'_, L>) -> Sight {
        Sight {
            day,
            persons: [numbers(0, sight), numbers(1, sight)],
        }
    }

    /// The couple at a place of the lane.
    pub(crate) fn at(&self, place: usize) -> Seen {
        let mut persons = [[0.0; NUMBERS]; 2];
        for (to, from) in persons.iter_mut().zip(&self.persons) {
            for (to, from) in to.iter_mut().zip(from) {
                *to = from[place];
            }
            // Nothing is perceived without an episode.
            to[PERCEIVED] = if to[EPISODES] > 0.0 {
                to[PERCEIVED] / to[EPISODES]
            } else {
                f64::NAN
            };
        }
        Seen {
            day: self.day,
            persons,
        }
    }
}

#[inline(always)]
fn numbers<L: Vector>(person: usize, sight: &DaySight<'_, L>) -> [[f64; ROW]; NUMBERS] {
    let state = &sight.couple.partners[person].state;
    let happened = &sight.tally.persons[person];
    let derogation = sight.rules.parameters.derogation;
    let values = [
        state.trust,
        state.intimacy,
        satisfaction(state, sight.rules),
        state.commitment,
        state.alternatives * (state.commitment * derogation).one_minus(),
        sight.couple.investment,
        state.anxiety,
        state.avoidance,
        daily_satisfaction(state, sight.rules),
        state.intimacy,
        state.trust,
        state.stress,
        happened.depth,
        happened.perceived,
        sight.tally.conflicts,
        happened.unresponsive,
        happened.responsive + happened.unresponsive,
    ];
    let mut numbers = [[0.0; ROW]; NUMBERS];
    for (to, value) in numbers.iter_mut().zip(&values) {
        value.store(to);
    }
    numbers
}
