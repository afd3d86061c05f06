//! The world: everything that a run depends on, checked before.

use super::initial_distribution::InitialDistribution;
use super::observable::Observable;
use super::schedule::Schedule;
use super::survey::Survey;
use crate::model::{Clock, IntimacyTarget, Mechanisms, Parameters};

/// How many couples live, how long, and how often all of it is repeated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Couples in an ensemble.
    pub couples: u64,
    /// Length of a run (days).
    pub days: u32,
    /// Steps in a day: 1, 2 or 4 (`step_days` of 1, ½ or ¼).
    pub steps_per_day: u32,
    /// Moments in a step.
    pub moments: u32,
    /// Ensembles with independent random numbers.
    pub replicates: u32,
}

impl Size {
    /// The model's clock.
    pub fn clock(&self) -> Clock {
        Clock {
            step_days: 1.0 / f64::from(self.steps_per_day),
            moments: self.moments,
        }
    }
    /// Steps in a run.
    pub fn steps(&self) -> u64 {
        u64::from(self.days) * u64::from(self.steps_per_day)
    }
}

/// Where the balance regimes are cut, for the eye only: nothing in the model reads them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cuts {
    /// Trust from which it counts as high [0–1].
    pub trust: f64,
    /// Intimacy from which it counts as high [0–1].
    pub intimacy: f64,
}

/// Which couples' single days are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayRows {
    /// None.
    None,
    /// The first so many couples of each replicate.
    First(u64),
    /// All couples.
    All,
}

impl DayRows {
    /// Whether the couple with this number in its ensemble is kept.
    pub fn keeps(self, couple: u64) -> bool {
        match self {
            DayRows::None => false,
            DayRows::First(count) => couple < count,
            DayRows::All => true,
        }
    }
}

/// What is recorded; it changes nothing in what is lived.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Days between recorded days of `trajectory`; day 0 is the start.
    pub every: u32,
    /// Observables of `trajectory`.
    pub observables: Vec<Observable>,
    /// Whose days go to `days`.
    pub days: DayRows,
    /// First day that goes to `days`.
    pub days_from: u32,
    /// How many couples' days go to `sample_couples`, for the picture of single couples.
    pub sample_couples: u64,
    /// Whether each couple's row is made.
    pub couples: bool,
    /// Days between the two ends of an arrow in `flow`.
    pub phase_flow_days: u32,
    /// What is asked of couples, and how it is seen; nothing where `None`.
    pub survey: Option<Survey>,
}

/// All that a run depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct SimulationConfig {
    /// Master seed.
    pub seed: u64,
    /// The design point's own key: 0 where points share common random numbers.
    pub point: u64,
    /// Couples, days, steps, moments, replicates.
    pub size: Size,
    /// Where traits and starting states come from.
    pub origin: InitialDistribution,
    /// Parameters from the first day.
    pub parameters: Parameters,
    /// Mechanisms that are on from the first day.
    pub mechanisms: Mechanisms,
    /// What disclosure that is met moves intimacy toward.
    pub intimacy_target: IntimacyTarget,
    /// What is to happen on given days.
    pub schedule: Schedule,
    /// Cuts of the balance regimes.
    pub cuts: Cuts,
    /// What is recorded.
    pub record: Record,
}

impl SimulationConfig {
    /// Whether ages of childhoods are kept: where partners have any, and single couples are told of.
    pub fn keeps_childhoods(&self) -> bool {
        self.record.sample_couples > 0 && self.origin.reared() != [false; 2]
    }
}
