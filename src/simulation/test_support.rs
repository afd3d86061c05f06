//! Small configurations for unit tests.

use super::config::{Record, SimulationConfig, Size};
use super::defaults::default_distribution;
use super::observable::{Cuts, Observable};
use super::schedule::Schedule;
use crate::model::{IntimacyTarget, Mechanisms, Parameters};

/// Couples of the default population with all mechanisms on.
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
            quantiles_every: 1,
            observables: Observable::defaults(),
            couples: true,
            phase_flow_days: 30,
            ..Record::nothing(days)
        },
    }
}
