//! Snapshots of couples on a day of the survey: the states that scales measure, without errors.

use super::scales::{SCALE_COUNT, ScaleId};
use crate::model::derived::{daily_satisfaction, satisfaction};
use crate::simd::vector::Vector;
use crate::simulation::GROUP_SLOTS;
use crate::simulation::rows::DaySnapshot;

/// One partner on one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PersonSnapshot {
    /// The state that each scale measures; NaN if there is none.
    pub(crate) states: [f64; SCALE_COUNT],
    /// Whether the couple had a conflict on the day.
    pub(crate) conflict: bool,
    /// Whether an episode of the day was unresponsive.
    pub(crate) unresponsive: bool,
}

/// Both partners of one couple on one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct CoupleSnapshot {
    pub(crate) day: u32,
    pub(crate) persons: [PersonSnapshot; 2],
}

/// Both partners of every couple of a vector on one day.
pub(crate) struct VectorSnapshot {
    day: u32,
    persons: [PersonLanes; 2],
}

struct PersonLanes {
    states: [[f64; GROUP_SLOTS]; SCALE_COUNT],
    conflicts: [f64; GROUP_SLOTS],
    responsive: [f64; GROUP_SLOTS],
    unresponsive: [f64; GROUP_SLOTS],
}

impl VectorSnapshot {
    /// Reads the states from a vector of couples.
    #[inline(always)]
    pub(crate) fn of<L: Vector>(day: u32, snapshot: &DaySnapshot<'_, L>) -> VectorSnapshot {
        VectorSnapshot {
            day,
            persons: [lanes(0, snapshot), lanes(1, snapshot)],
        }
    }

    /// The couple in one lane.
    pub(crate) fn couple(&self, lane: usize) -> CoupleSnapshot {
        let person = |lanes: &PersonLanes| {
            let mut states = lanes.states.map(|state| state[lane]);
            let episodes = lanes.responsive[lane] + lanes.unresponsive[lane];
            let perceived = &mut states[ScaleId::DailyResponsiveness as usize];
            // Nothing is perceived without an episode.
            *perceived = if episodes > 0.0 {
                *perceived / episodes
            } else {
                f64::NAN
            };
            PersonSnapshot {
                states,
                conflict: lanes.conflicts[lane] > 0.0,
                unresponsive: lanes.unresponsive[lane] > 0.0,
            }
        };
        CoupleSnapshot {
            day: self.day,
            persons: [person(&self.persons[0]), person(&self.persons[1])],
        }
    }
}

#[inline(always)]
fn lanes<L: Vector>(person: usize, snapshot: &DaySnapshot<'_, L>) -> PersonLanes {
    let happened = &snapshot.tally.persons[person];
    let mut states = [[0.0; GROUP_SLOTS]; SCALE_COUNT];
    for (to, scale) in states.iter_mut().zip(ScaleId::ALL) {
        state(scale, person, snapshot).store(to);
    }
    PersonLanes {
        states,
        conflicts: stored(snapshot.tally.conflicts),
        responsive: stored(happened.responsive),
        unresponsive: stored(happened.unresponsive),
    }
}

/// The state that a scale measures; for perceived responsiveness the sum over the day's episodes.
#[inline(always)]
fn state<L: Vector>(scale: ScaleId, person: usize, snapshot: &DaySnapshot<'_, L>) -> L {
    let state = &snapshot.couple.partners[person].state;
    let happened = &snapshot.tally.persons[person];
    match scale {
        ScaleId::Trust | ScaleId::DailyTrust => state.trust,
        ScaleId::Intimacy | ScaleId::DailyCloseness => state.intimacy,
        ScaleId::Satisfaction => satisfaction(state, snapshot.rules),
        ScaleId::Commitment => state.commitment,
        // Alternatives as they appear to the committed.
        ScaleId::Alternatives => {
            let derogation = snapshot.rules.parameters.derogation;
            state.alternatives * (state.commitment * derogation).one_minus()
        }
        ScaleId::Investment => snapshot.couple.investment,
        ScaleId::Anxiety => state.anxiety,
        ScaleId::Avoidance => state.avoidance,
        ScaleId::DailySatisfaction => daily_satisfaction(state, snapshot.rules),
        ScaleId::DailyStress => state.stress,
        ScaleId::DailyDisclosure => happened.depth,
        ScaleId::DailyResponsiveness => happened.perceived,
    }
}

#[inline(always)]
fn stored<L: Vector>(value: L) -> [f64; GROUP_SLOTS] {
    let mut lanes = [0.0; GROUP_SLOTS];
    value.store(&mut lanes);
    lanes
}
