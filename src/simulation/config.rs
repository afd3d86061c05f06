//! The configuration of a run: everything that its results depend on.

use super::groups::Grouping;
use super::initial_distribution::InitialDistribution;
use super::observable::{Cuts, Observable};
use super::schedule::Schedule;
use super::survey::Survey;
use super::survey::design::{SnapshotDays, StudyDesign};
use crate::model::{Clock, IntimacyTarget, Mechanisms, Parameters};

/// Number of couples, duration and replicates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Size {
    /// Couples in an ensemble.
    pub couples: u64,
    /// Length of a run (days).
    pub days: u32,
    /// Steps in a day: 1, 2 or 4 (`step_days` of 1, ½ or ¼).
    pub steps_per_day: u32,
    /// Substeps of a step.
    pub moments: u32,
    /// Ensembles with independent random numbers.
    pub replicates: u32,
}

impl Size {
    /// The model's clock.
    pub(crate) fn clock(&self) -> Clock {
        Clock {
            step_days: 1.0 / f64::from(self.steps_per_day),
            moments: self.moments,
        }
    }
    /// Steps in a run.
    pub(crate) fn steps(&self) -> u64 {
        u64::from(self.days) * u64::from(self.steps_per_day)
    }
}

/// Which couples' days are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DayRows {
    /// None.
    None,
    /// The first couples of each replicate.
    First(u64),
    /// All couples.
    All,
}

impl DayRows {
    /// Whether the couple with this number in its replicate is kept.
    pub(crate) fn keeps(self, couple: u64) -> bool {
        match self {
            DayRows::None => false,
            DayRows::First(count) => couple < count,
            DayRows::All => true,
        }
    }
}

/// What is recorded. It does not affect the simulation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Record {
    /// Days between recorded days of `trajectory`; day 0 is the start.
    pub every: u32,
    /// Days between recorded days with quantiles in `trajectory`; rounded up to a multiple of `every`.
    pub quantiles_every: u32,
    /// Whether sums over all couples are kept, to which separated ones contribute their last values.
    pub last_values: bool,
    /// Whether each couple's values on the days with quantiles are kept, to be compared with those of the
    /// same couple under another condition. Those of separated couples are their last values.
    pub couple_values: bool,
    /// Further days on which each couple's values are kept, to be compared with its values on another day.
    pub value_days: Vec<u32>,
    /// Days on which conditions are compared, besides those with quantiles; in order.
    pub compare_days: Vec<u32>,
    /// Observables of `trajectory`.
    pub observables: Vec<Observable>,
    /// Whose days go to `days`.
    pub days: DayRows,
    /// First day that goes to `days`.
    pub days_from: u32,
    /// How many couples' days go to `sample_couples`.
    pub sample_couples: u64,
    /// Whether `couples` is kept.
    pub couples: bool,
    /// Duration of a move in `phase_flow` (days).
    pub phase_flow_days: u32,
    /// What couples are asked, and how it is measured.
    pub survey: Option<Survey>,
    /// The groups that tables are split by.
    pub groups: Option<Grouping>,
    /// The study of couples that `pairbond study` makes.
    pub study: Option<StudyDesign>,
    /// When snapshots of couples are kept as they are, for a study.
    pub snapshots: Option<SnapshotDays>,
}

impl Record {
    /// Records no observable and no rows, on the days that every run of this length records.
    pub(crate) fn nothing(days: u32) -> Record {
        Record {
            every: days.max(1),
            quantiles_every: days.max(1),
            last_values: false,
            couple_values: false,
            value_days: Vec::new(),
            compare_days: Vec::new(),
            observables: Vec::new(),
            days: DayRows::None,
            days_from: 1,
            sample_couples: 0,
            couples: false,
            phase_flow_days: days.max(1),
            survey: None,
            groups: None,
            study: None,
            snapshots: None,
        }
    }
}

/// Everything that the results of a run depend on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SimulationConfig {
    /// Master seed.
    pub seed: u64,
    /// The design point's part of random addresses: 0 if points share common random numbers.
    pub point: u64,
    /// Couples, days, steps, moments, replicates.
    pub size: Size,
    /// Distribution of traits and initial states.
    pub origin: InitialDistribution,
    /// Parameters from the first day.
    pub parameters: Parameters,
    /// Mechanisms that are on from the first day.
    pub mechanisms: Mechanisms,
    /// What responsive disclosure moves intimacy toward.
    pub intimacy_target: IntimacyTarget,
    /// Changes and events on given days.
    pub schedule: Schedule,
    /// Cuts of the balance regimes.
    pub cuts: Cuts,
    /// What is recorded.
    pub record: Record,
}

impl SimulationConfig {
    /// Number of groups that tables are split by.
    pub(crate) fn group_count(&self) -> usize {
        self.record.groups.as_ref().map_or(0, Grouping::count)
    }

    /// The same couples with the partners' places exchanged.
    pub(crate) fn swapped(&self) -> SimulationConfig {
        SimulationConfig {
            origin: self.origin.swapped(),
            schedule: self.schedule.swapped(),
            ..self.clone()
        }
    }

    /// Whether `childhood` is kept: if partners have childhoods and couples are drawn day by day.
    pub(crate) fn keeps_childhoods(&self) -> bool {
        self.record.sample_couples > 0 && self.origin.has_childhood() != [false; 2]
    }
}

/// The longest interval between recorded days that reaches the days of another interval and one more day:
/// their greatest common divisor.
pub(crate) fn common_interval(every: u32, day: u32) -> u32 {
    if day == 0 {
        every
    } else {
        common_interval(day, every % day)
    }
}
