//! Small worlds for tests of this room and the rooms above it.

use super::config::{Cuts, DayRows, Record, SimulationConfig, Size};
use super::defaults::{places, usual};
use super::initial_distribution::{Draw, InitialDistribution};
use super::observable::Observable;
use super::schedule::Schedule;
use crate::math::distribution::Distribution;
use crate::model::{IntimacyTarget, Mechanisms, Parameters};

/// The usual population without correlations.
pub(crate) fn default_distribution() -> InitialDistribution {
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
    InitialDistribution::new(draws, None)
}

/// So many usual couples for so many days, with everything on.
pub(crate) fn small_config(couples: u64, days: u32) -> SimulationConfig {
    SimulationConfig {
        seed: 1,
        point: 0,
        size: Size {
            couples,
            days,
            steps_per_day: 1,
            moments: 2,
            replicates: 1,
        },
        origin: default_distribution(),
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
            sample_couples: 0,
            couples: true,
            phase_flow_days: 30,
            survey: None,
        },
    }
}
