//! Small worlds for tests of this room and the rooms above it.

use super::observable::Observable;
use super::origin::{Draw, Origin};
use super::schedule::Schedule;
use super::usual::{places, usual};
use super::world::{Cuts, DayRows, Record, Size, World};
use crate::foundation::distribution::Distribution;
use crate::model::{IntimacyTarget, Mechanisms, Parameters};

/// The usual population without correlations.
pub(crate) fn usual_origin() -> Origin {
    let draws = places()
        .into_iter()
        .map(|place| {
            let (family, slopes) = usual(place);
            let distribution = Distribution::new(family).expect("a usual distribution");
            (
                place,
                Draw {
                    distribution,
                    slopes,
                },
            )
        })
        .collect();
    Origin::new(draws, None)
}

/// So many usual couples for so many days, with everything on.
pub(crate) fn small_world(couples: u64, days: u32) -> World {
    World {
        seed: 1,
        point: 0,
        size: Size {
            couples,
            days,
            steps_per_day: 1,
            moments: 2,
            replicates: 1,
        },
        origin: usual_origin(),
        parameters: Parameters::default(),
        mechanisms: Mechanisms::default(),
        intimacy_target: IntimacyTarget::Mean,
        schedule: Schedule::default(),
        cuts: Cuts {
            trust: 0.5,
            intimacy: 0.5,
        },
        record: Record {
            every: 1,
            observables: Observable::usual(),
            days: DayRows::None,
            days_from: 1,
            stories: 0,
            couples: true,
            flow_days: 30,
            fieldwork: None,
        },
    }
}
