//! Survey: what a study asks couples on which days, and how its instruments see their states.
//!
//! A [`Survey`] belongs to what is recorded: it changes nothing in what is lived. Its answers are a
//! diary, the same diary with both partners in a row, and a questionnaire in waves, of the couples that
//! are together. An answer depends on the state, the instrument and its address (couple, person,
//! instrument, day) alone, so that asking more couples or on more days changes none.

pub mod answers;
pub mod instrument;
pub mod pairwise;
pub mod reliability;
pub mod scales;
pub mod schemas;
pub mod snapshot;
#[cfg(test)]
pub(crate) mod tests;

pub use answers::Answers;
pub use reliability::ReliabilityStats;
pub use scales::{Occasion, SCALES, ScaleInfo};
pub use schemas::{diary_schema, pairwise_schema, waves_schema};

pub(crate) use answers::{Respondents, answer};
pub(crate) use snapshot::{Seen, Sight};

use crate::simulation::survey::instrument::{Attendance, Report, Scale};
use std::ops::Range;

/// How many scales there are.
pub const SCALE_COUNT: usize = SCALES.len();

/// Highest score of a scale whose answers have no steps.
const STEPLESS_TOP: u32 = 7;

/// What is asked when, and how it is seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Survey {
    /// Days of the questionnaire, each once and in order.
    pub waves: Vec<u32>,
    /// First day of the diary.
    pub diary_from: u32,
    /// Days of the diary; 0 without one.
    pub diary_days: u32,
    /// Steps of an item; 0 for answers without steps.
    pub points: u32,
    /// Items of each scale, in the order of [`SCALES`], as the next two.
    pub items: [u32; SCALE_COUNT],
    /// Reliability of each scale (0–1].
    pub reliability: [f64; SCALE_COUNT],
    /// Standard deviation of the states at which each scale has its reliability [share of the scale's
    /// length].
    pub sd: [f64; SCALE_COUNT],
    /// Standard deviation of response style, shared by all scales [share of a scale's length].
    pub style: f64,
    /// Probability that a person misses a day of the diary [0–1].
    pub missing: f64,
    /// Probability that a day's conflict is reported [0–1].
    pub conflict_reported: f64,
    /// Probability that a day's unresponsive episodes are reported as conflict [0–1].
    pub unresponsive_as_conflict: f64,
    /// Probability that conflict is reported of a day without any [0–1].
    pub conflict_false_alarm: f64,
}

impl Survey {
    /// Days of a diary where nothing is said and the run is that long.
    pub const USUAL_DAYS: u32 = 14;

    /// The survey of a run of so many days where a scenario says no more than that there is one: a
    /// questionnaire on the last day, and a diary of the last [`Survey::USUAL_DAYS`].
    ///
    /// Reports of conflict are results of the calibration, the size of style is the prototype's. Of 2,884
    /// person-days of the diary that the others are modelled on, 2,855 were filled in (Campbell et al.
    /// 2005, computed from the data).
    pub fn usual(days: u32) -> Survey {
        let diary_days = days.min(Survey::USUAL_DAYS);
        Survey {
            waves: vec![days],
            diary_from: days + 1 - diary_days,
            diary_days,
            points: 7,
            items: SCALES.map(|scale| scale.items),
            reliability: SCALES.map(|scale| scale.reliability),
            sd: SCALES.map(|scale| scale.sd),
            style: 0.04,
            missing: 0.01,
            conflict_reported: 0.97,
            unresponsive_as_conflict: 1.0,
            conflict_false_alarm: 0.0,
        }
    }

    /// The days of the diary.
    pub fn diary(&self) -> Range<u32> {
        self.diary_from..self.diary_from.saturating_add(self.diary_days)
    }

    /// Whether couples are seen at the end of a day: where they are asked, and the day before a diary,
    /// whose stress its first day begins with.
    pub(crate) fn sees(&self, day: u32) -> bool {
        let days = self.diary();
        let diary = !days.is_empty() && days.start <= day.saturating_add(1) && day < days.end;
        diary || self.waves.binary_search(&day).is_ok()
    }

    /// Highest score of every scale; the lowest is 1.
    pub fn top(&self) -> f64 {
        let top = if self.points < 2 {
            STEPLESS_TOP
        } else {
            self.points
        };
        f64::from(top)
    }

    /// A share of a scale's length as a score.
    pub fn points_of(&self, share: f64) -> f64 {
        1.0 + share * (self.top() - 1.0)
    }

    /// One of the [`SCALES`], by its position.
    pub fn scale(&self, index: usize) -> Scale {
        Scale {
            items: self.items[index],
            points: self.points,
            reliability: self.reliability[index],
            style: self.style,
        }
    }

    /// Standard deviation of the error of one item of a scale [share of the scale's length].
    pub fn item_error(&self, index: usize) -> f64 {
        self.scale(index)
            .item_error(self.sd[index] * self.sd[index])
    }

    fn attendance(&self) -> Attendance {
        Attendance {
            missed: self.missing,
        }
    }

    fn conflict(&self) -> Report {
        Report {
            hit: self.conflict_reported,
            false_alarm: self.conflict_false_alarm,
        }
    }

    fn friction(&self) -> Report {
        Report {
            hit: self.unresponsive_as_conflict,
            false_alarm: 0.0,
        }
    }
}
