//! Survey: what a study asks couples on which days, by which scales, and how its instruments measure
//! their states.
//!
//! A [`Survey`] is part of the record: it does not affect the simulation. Its answers are a diary, the
//! same diary with both partners in each row, and a questionnaire in waves, of intact couples. An
//! answer depends only on the state, the instrument and its address (couple, person, instrument, day),
//! so that asking more couples or on more days changes no other answer.

pub(crate) mod answers;
pub(crate) mod design;
pub(crate) mod instrument;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use answers::{CoupleSnapshot, SurveyedCouple, VectorSnapshot, answer};
pub(crate) use instrument::ReliabilityStats;
use instrument::{Attendance, Report, Scale};
use std::ops::Range;

/// Days that a question about fights covers.
pub(crate) const WEEK: u32 = 7;
/// Highest score of a scale with continuous answers.
const CONTINUOUS_TOP: u32 = 7;

/// Which questions are asked on which days, and with which errors.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Survey {
    /// Days of the questionnaire, each once and in order.
    pub waves: Vec<u32>,
    /// Waves that also ask how many fights there were in the last [`WEEK`] days. No scenario asks that: the
    /// program's studies do.
    pub fight_waves: Vec<u32>,
    /// First day of the diary.
    pub diary_from: u32,
    /// Days of the diary; 0 without one.
    pub diary_days: u32,
    /// Steps of an item; 0 for continuous answers.
    pub points: u32,
    /// Items of each scale, in the order of [`SCALES`], like the next two.
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
    /// Probability that a day's conflict that did not hurt is reported [0–1].
    pub conflict_reported: f64,
    /// What a full shortfall of the partner's answer in a conflict adds to that probability [0–10].
    pub conflict_reported_hurt: f64,
    /// Probability that a day's unresponsive episodes are reported as conflict [0–1].
    pub unresponsive_as_conflict: f64,
    /// Probability that conflict is reported of a day without any [0–1].
    pub conflict_false_alarm: f64,
    /// Whether the answer to each item is kept.
    pub keep_items: bool,
}

impl Survey {
    /// Default length of a diary (days), if the run is that long.
    pub(crate) const DEFAULT_DIARY_DAYS: u32 = 14;

    /// The default survey of a run of `days` days: a questionnaire on the last day, and a diary of the
    /// last [`Survey::DEFAULT_DIARY_DAYS`].
    ///
    /// Reports of conflict are results of the calibration, the size of style is the prototype's. The
    /// share of missed days is that of the diary of Campbell et al. 2005: 2,855 of 2,884 person-days were
    /// filled in (computed from the data).
    pub(crate) fn default_for(days: u32) -> Survey {
        let diary_days = days.min(Survey::DEFAULT_DIARY_DAYS);
        Survey {
            waves: vec![days],
            fight_waves: Vec::new(),
            diary_from: days + 1 - diary_days,
            diary_days,
            points: 7,
            items: SCALES.map(|scale| scale.items),
            reliability: SCALES.map(|scale| scale.reliability),
            sd: SCALES.map(|scale| scale.sd),
            style: 0.0575,
            missing: 0.01,
            conflict_reported: 0.402,
            conflict_reported_hurt: 3.39,
            unresponsive_as_conflict: 0.208,
            conflict_false_alarm: 0.00418,
            keep_items: false,
        }
    }

    /// The days of the diary.
    pub(crate) fn diary(&self) -> Range<u32> {
        self.diary_from..self.diary_from.saturating_add(self.diary_days)
    }

    /// Whether snapshots of a day are needed: on days with answers, on the day before the diary, as its
    /// first day asks for the stress at its start, and in weeks of which fights are counted.
    pub(crate) fn needs(&self, day: u32) -> bool {
        let days = self.diary();
        let diary = !days.is_empty() && days.start <= day.saturating_add(1) && day < days.end;
        let covers = |wave: &u32| self.week_before(*wave).contains(&day);
        diary || self.waves.binary_search(&day).is_ok() || self.fight_waves.iter().any(covers)
    }

    /// The days that a wave's question about fights covers.
    fn week_before(&self, wave: u32) -> Range<u32> {
        (wave + 1).saturating_sub(WEEK)..wave + 1
    }

    /// Highest score of every scale; the lowest is 1.
    pub(crate) fn top(&self) -> f64 {
        let top = if self.points < 2 {
            CONTINUOUS_TOP
        } else {
            self.points
        };
        f64::from(top)
    }

    /// An answer of [`Scale::answers`] in the scale's points.
    pub(crate) fn points_of(&self, answer: f64) -> f64 {
        if self.points < 2 {
            1.0 + answer * (self.top() - 1.0)
        } else {
            1.0 + answer
        }
    }

    /// One of the [`SCALES`], by its position.
    pub(crate) fn scale(&self, index: usize) -> Scale {
        Scale {
            items: self.items[index],
            points: self.points,
            reliability: self.reliability[index],
            style: self.style,
        }
    }

    /// Standard deviation of the error of one item of a scale [share of the scale's length].
    pub(crate) fn item_error(&self, index: usize) -> f64 {
        self.scale(index)
            .item_error(self.sd[index] * self.sd[index])
    }

    fn attendance(&self) -> Attendance {
        Attendance {
            missed: self.missing,
        }
    }

    /// The report of a conflict by one whose answers in it fell short of trust by at most this much.
    fn conflict_report(&self, shortfall: f64) -> Report {
        Report {
            hit: self.conflict_reported + self.conflict_reported_hurt * shortfall,
            false_alarm: self.conflict_false_alarm,
        }
    }

    fn unresponsive_report(&self) -> Report {
        Report {
            hit: self.unresponsive_as_conflict,
            false_alarm: 0.0,
        }
    }
}

/// When a scale is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// In the questionnaire, at each wave.
    Wave,
    /// In the diary, every day.
    Diary,
}

/// Description of a scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ScaleInfo {
    /// Name in scenarios, and of its column.
    pub(crate) key: &'static str,
    /// When it is answered.
    pub(crate) occasion: Occasion,
    /// Number in the addresses of its errors; it never changes.
    pub(crate) instrument: u64,
    /// Default number of items.
    pub(crate) items: u32,
    /// Default reliability.
    pub(crate) reliability: f64,
    /// Standard deviation of the state at which it has that reliability [share of the scale's length].
    pub(crate) sd: f64,
    /// What it measures.
    pub(crate) meaning: &'static str,
}

// The standard deviations are those of the default population after two years, among intact couples.
macro_rules! scales {
    ($($name:ident $key:literal, $occasion:ident $instrument:literal, $items:literal, $reliability:literal, $sd:literal, $meaning:literal;)*) => {
        /// One of the [`SCALES`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum ScaleId { $(#[doc = $meaning] $name,)* }

        /// Number of scales.
        pub(crate) const SCALE_COUNT: usize = [$(ScaleId::$name,)*].len();

        impl ScaleId {
            /// Every scale in the order of tables.
            pub(crate) const ALL: [ScaleId; SCALE_COUNT] = [$(ScaleId::$name,)*];
        }

        /// Every scale in the order of tables: first those of the questionnaire, then those of the diary.
        pub(crate) const SCALES: [ScaleInfo; SCALE_COUNT] = [
            $(ScaleInfo {
                key: $key,
                occasion: Occasion::$occasion,
                instrument: $instrument,
                items: $items,
                reliability: $reliability,
                sd: $sd,
                meaning: $meaning,
            },)*
        ];
    };
}

scales! {
    Trust "trust", Wave 1, 3, 0.85, 0.18, "Trust in the partner";
    Intimacy "intimacy", Wave 2, 3, 0.85, 0.16, "Intimacy with the partner";
    Satisfaction "satisfaction", Wave 3, 3, 0.93, 0.16, "Satisfaction with the relationship";
    Commitment "commitment", Wave 4, 3, 0.90, 0.11, "Commitment to the relationship";
    Alternatives "alternatives", Wave 5, 3, 0.85, 0.16, "Quality of alternatives, as it appears to the committed";
    Investment "investment", Wave 6, 3, 0.85, 0.16, "Investment in the relationship";
    Anxiety "anxiety", Wave 7, 18, 0.90, 0.14, "Attachment anxiety";
    Avoidance "avoidance", Wave 8, 18, 0.90, 0.13, "Attachment avoidance";
    DailySatisfaction "daily_satisfaction", Diary 11, 3, 0.93, 0.21, "The day's satisfaction";
    DailyCloseness "daily_closeness", Diary 14, 3, 0.85, 0.16, "The day's closeness to the partner";
    DailyTrust "daily_trust", Diary 18, 3, 0.85, 0.18, "The day's trust in the partner";
    DailyStress "daily_stress", Diary 15, 3, 0.85, 0.10, "The stress that the day began with";
    DailyDisclosure "daily_disclosure", Diary 16, 3, 0.85, 0.31, "Depth of the day's deepest disclosure";
    DailyResponsiveness "daily_responsiveness", Diary 17, 3, 0.85, 0.16, "The partner's responsiveness, as perceived in the day's episodes; missing without any";
}

/// Instruments that are not scales: reports of conflict, of unresponsive episodes as conflict, and
/// whether a day is filled in.
pub(crate) const CONFLICT: u64 = 12;
pub(crate) const UNRESPONSIVE: u64 = 13;
pub(crate) const ATTENDANCE: u64 = 19;

/// Scales of the questionnaire; they come first.
pub(crate) const WAVE_SCALES: usize = {
    let mut count = 0;
    while matches!(SCALES[count].occasion, Occasion::Wave) {
        count += 1;
    }
    count
};
/// Scales of the diary.
pub(crate) const DIARY_SCALES: usize = SCALE_COUNT - WAVE_SCALES;
