//! The design of a study: who is recruited, what they are asked when and by which instruments, and why answers
//! are missing.
//!
//! A [`StudyDesign`] is a part of the record: it does not affect the simulation. Days are counted from a
//! couple's entry into the study, which is day 0.

use super::{ScaleId, Survey};
use crate::math::functions::{exp, ln};

/// A published instrument or a question of a diary, with what it measures in the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct StudyScaleInfo {
    /// Name in scenarios, and of its columns.
    pub(crate) key: &'static str,
    /// The state that it measures.
    pub(crate) state: MeasuredState,
    /// Number in the addresses of its errors; it never changes.
    pub(crate) instrument: u64,
    /// Default number of items.
    pub(crate) items: u32,
    /// Default number of steps of an item.
    pub(crate) steps: u32,
    /// Default reliability.
    pub(crate) reliability: f64,
    /// Standard deviation of the state at which it has that reliability [share of the state's range].
    pub(crate) sd: f64,
    /// What it measures.
    pub(crate) meaning: &'static str,
    /// Where items, steps and reliability come from.
    pub(crate) source: &'static str,
}

/// What a scale of a study measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MeasuredState {
    /// The state of a scale of the survey.
    Scale(ScaleId),
    /// The partner's responsiveness as perceived in the episodes since the last occasion; without any the
    /// responsiveness that is expected, which is trust.
    Responsiveness,
    /// Whether there was a conflict since the last occasion: a report, and no scale.
    Conflict,
}

/// Number of the [`STUDY_SCALES`].
pub(crate) const STUDY_SCALE_COUNT: usize = 21;

const FIRST_INSTRUMENT: u64 = 100;

const fn scale(
    (key, state): (&'static str, MeasuredState),
    number: u64,
    (items, steps): (u32, u32),
    (reliability, sd): (f64, f64),
    meaning: &'static str,
    source: &'static str,
) -> StudyScaleInfo {
    StudyScaleInfo {
        key,
        state,
        instrument: FIRST_INSTRUMENT + number,
        items,
        steps,
        reliability,
        sd,
        meaning,
        source,
    }
}

/// Every scale in the order of tables. The standard deviations are those of the default population, as for the
/// scales of `[measurement]`.
pub(crate) const STUDY_SCALES: [StudyScaleInfo; STUDY_SCALE_COUNT] = {
    use MeasuredState::{Conflict, Responsiveness, Scale};
    const ECR_R: &str = "Fraley, Waller & Brennan 2000: 18 items, 7 steps; reliability from memory";
    const PRQC: &str = "Fletcher, Simpson & Thomas 2000: 3 items, 7 steps; reliability an assumption, that of \
                        [measurement]";
    const IMS: &str = "Rusbult, Martz & Agnew 1998: 9 steps, here 1 to 9 for 0 to 8; items and reliability from \
                       memory";
    const DIARY: &str = "An assumption: 3 items, 7 steps and the reliability of [measurement]";
    [
        scale(
            ("ecr_r_anxiety", Scale(ScaleId::Anxiety)),
            0,
            (18, 7),
            (0.91, 0.14),
            "Attachment anxiety (ECR-R)",
            ECR_R,
        ),
        scale(
            ("ecr_r_avoidance", Scale(ScaleId::Avoidance)),
            1,
            (18, 7),
            (0.91, 0.13),
            "Attachment avoidance (ECR-R)",
            ECR_R,
        ),
        scale(
            ("prqc_satisfaction", Scale(ScaleId::Satisfaction)),
            2,
            (3, 7),
            (0.93, 0.16),
            "Satisfaction (PRQC)",
            PRQC,
        ),
        scale(
            ("prqc_commitment", Scale(ScaleId::Commitment)),
            3,
            (3, 7),
            (0.90, 0.11),
            "Commitment (PRQC)",
            PRQC,
        ),
        scale(
            ("prqc_intimacy", Scale(ScaleId::Intimacy)),
            4,
            (3, 7),
            (0.85, 0.16),
            "Intimacy (PRQC)",
            PRQC,
        ),
        scale(
            ("prqc_trust", Scale(ScaleId::Trust)),
            5,
            (3, 7),
            (0.85, 0.18),
            "Trust (PRQC)",
            PRQC,
        ),
        scale(
            ("trust_scale", Scale(ScaleId::Trust)),
            6,
            (17, 7),
            (0.81, 0.18),
            "Trust (Trust Scale, all items)",
            "Rempel, Holmes & Zanna 1985: 17 items, 7 steps, here 1 to 7 for -3 to 3, alpha .81; from memory",
        ),
        scale(
            ("ios", Scale(ScaleId::Intimacy)),
            7,
            (1, 7),
            (0.85, 0.16),
            "Closeness (Inclusion of Other in the Self)",
            "Aron, Aron & Smollan 1992: one picture of 7; reliability from memory (retest of romantic \
             relationships)",
        ),
        scale(
            ("pprs", Responsiveness),
            8,
            (18, 9),
            (0.93, 0.16),
            "Perceived responsiveness of the partner (PPRS)",
            "Reis & Carmichael (scale as distributed; Reis, Crasta, Rogge, Maniaci & Carmichael 2018): 18 items, \
             9 steps; reliability an assumption",
        ),
        scale(
            ("ras", Scale(ScaleId::Satisfaction)),
            9,
            (7, 5),
            (0.86, 0.16),
            "Satisfaction (Relationship Assessment Scale)",
            "Hendrick 1988: 7 items, 5 steps, alpha .86; from memory",
        ),
        scale(
            ("ims_satisfaction", Scale(ScaleId::Satisfaction)),
            10,
            (5, 9),
            (0.94, 0.16),
            "Satisfaction (Investment Model Scale, global items)",
            IMS,
        ),
        scale(
            ("ims_commitment", Scale(ScaleId::Commitment)),
            11,
            (7, 9),
            (0.93, 0.11),
            "Commitment (Investment Model Scale)",
            IMS,
        ),
        scale(
            ("ims_alternatives", Scale(ScaleId::Alternatives)),
            12,
            (5, 9),
            (0.85, 0.16),
            "Quality of alternatives (Investment Model Scale, global items)",
            IMS,
        ),
        scale(
            ("ims_investment", Scale(ScaleId::Investment)),
            13,
            (5, 9),
            (0.83, 0.16),
            "Investment (Investment Model Scale, global items)",
            IMS,
        ),
        scale(
            ("daily_satisfaction", Scale(ScaleId::DailySatisfaction)),
            14,
            (3, 7),
            (0.93, 0.21),
            "Satisfaction of the day or the moment",
            DIARY,
        ),
        scale(
            ("daily_closeness", Scale(ScaleId::DailyCloseness)),
            15,
            (3, 7),
            (0.85, 0.16),
            "Closeness of the day or the moment",
            DIARY,
        ),
        scale(
            ("daily_trust", Scale(ScaleId::DailyTrust)),
            16,
            (3, 7),
            (0.85, 0.18),
            "Trust of the day or the moment",
            DIARY,
        ),
        scale(
            ("daily_stress", Scale(ScaleId::DailyStress)),
            17,
            (3, 7),
            (0.85, 0.10),
            "Stress at the moment of the answer",
            DIARY,
        ),
        scale(
            ("daily_disclosure", Scale(ScaleId::DailyDisclosure)),
            18,
            (3, 7),
            (0.85, 0.31),
            "Depth of the deepest disclosure since the last prompt",
            DIARY,
        ),
        scale(
            ("daily_responsiveness", Scale(ScaleId::DailyResponsiveness)),
            19,
            (3, 7),
            (0.85, 0.16),
            "The partner's responsiveness as perceived in the episodes since the last prompt; missing without any",
            DIARY,
        ),
        scale(
            ("daily_conflict", Conflict),
            20,
            (1, 2),
            (1.0, 0.5),
            "Whether conflict is reported since the last prompt, 1 or 0",
            "The reports of [measurement], results of the calibration",
        ),
    ]
};

/// Scales that have items and errors; the report of conflict, which has neither, is the last one.
pub(crate) const SCORED_SCALES: usize = STUDY_SCALE_COUNT - 1;

/// Position of the report of conflict among the [`STUDY_SCALES`].
pub(crate) const CONFLICT_SCALE: usize = SCORED_SCALES;

/// Position of a scale by its key.
pub(crate) fn study_scale(key: &str) -> Option<usize> {
    STUDY_SCALES.iter().position(|scale| scale.key == key)
}

/// What is asked of both partners or of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParticipatingPartners {
    /// Both.
    Both,
    /// Partner A.
    A,
    /// Partner B.
    B,
}

impl ParticipatingPartners {
    /// The words of scenarios, in the order of the variants.
    pub(crate) const WORDS: [&str; 3] = ["both", "a", "b"];

    /// Whether a partner is asked.
    pub(crate) fn asks(self, partner: usize) -> bool {
        match self {
            ParticipatingPartners::Both => true,
            ParticipatingPartners::A => partner == 0,
            ParticipatingPartners::B => partner == 1,
        }
    }
}

/// Whose score at entry decides who is recruited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScreenedPartners {
    /// Both partners' scores lie between the bounds.
    Both,
    /// At least one of them does.
    Either,
    /// That of partner A does.
    A,
    /// That of partner B does.
    B,
}

impl ScreenedPartners {
    /// The words of scenarios, in the order of the variants.
    pub(crate) const WORDS: [&str; 4] = ["both", "either", "a", "b"];

    /// Whether a couple is in, by who of the partners is.
    pub(crate) fn accepts(self, [a, b]: [bool; 2]) -> bool {
        match self {
            ScreenedPartners::Both => a && b,
            ScreenedPartners::Either => a || b,
            ScreenedPartners::A => a,
            ScreenedPartners::B => b,
        }
    }
}

/// The settings of each scored scale, in the order of [`STUDY_SCALES`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ScaleSettings {
    /// Items whose mean is the score.
    pub(crate) items: [u32; SCORED_SCALES],
    /// Steps of an item; 0 for answers without steps.
    pub(crate) steps: [u32; SCORED_SCALES],
    /// Reliability (0–1].
    pub(crate) reliability: [f64; SCORED_SCALES],
    /// Standard deviation of the state at which the scale has its reliability [share of the state's range].
    pub(crate) sd: [f64; SCORED_SCALES],
    /// State that gets the lowest answer [0–1].
    pub(crate) floor: [f64; SCORED_SCALES],
    /// State that gets the highest answer [0–1].
    pub(crate) ceiling: [f64; SCORED_SCALES],
    /// Standard deviation of response style [share of the scale's length].
    pub(crate) style: [f64; SCORED_SCALES],
}

impl Default for ScaleSettings {
    fn default() -> ScaleSettings {
        let style = Survey::default_for(1).style;
        ScaleSettings {
            items: std::array::from_fn(|index| STUDY_SCALES[index].items),
            steps: std::array::from_fn(|index| STUDY_SCALES[index].steps),
            reliability: std::array::from_fn(|index| STUDY_SCALES[index].reliability),
            sd: std::array::from_fn(|index| STUDY_SCALES[index].sd),
            floor: [0.0; SCORED_SCALES],
            ceiling: [1.0; SCORED_SCALES],
            style: [style; SCORED_SCALES],
        }
    }
}

/// The design of a study.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StudyDesign {
    /// Couples to recruit.
    pub(crate) couples: u32,
    /// First day of the relationship on which couples enter.
    pub(crate) enter_from: u32,
    /// Last day on which they do.
    pub(crate) enter_until: u32,
    /// Scale by which couples are screened at entry, by its position.
    pub(crate) screen: Option<usize>,
    /// Lowest score that is accepted (points).
    pub(crate) screen_min: f64,
    /// Highest score that is accepted (points).
    pub(crate) screen_max: f64,
    /// Whose scores decide.
    pub(crate) screen_of: ScreenedPartners,
    /// Who is asked.
    pub(crate) participants: ParticipatingPartners,
    /// Whether the partners of a couple are told apart by their roles.
    pub(crate) distinguishable: bool,
    /// Number of waves at equal distances.
    pub(crate) waves: u32,
    /// Days from wave to wave.
    pub(crate) wave_interval: u32,
    /// Days of the waves since entry, in order, instead of `waves` and `wave_interval`.
    pub(crate) wave_days: Vec<u32>,
    /// Days of a burst of the diary; 0 without a diary.
    pub(crate) burst_days: u32,
    /// Bursts of the diary.
    pub(crate) bursts: u32,
    /// Days from the start of a burst to that of the next one.
    pub(crate) burst_interval: u32,
    /// Days from entry to the first burst.
    pub(crate) burst_from: u32,
    /// Prompts on a day of the diary: 1, 2 or 4.
    pub(crate) prompts: u32,
    /// Days after the last occasion in which break-ups are still learnt of.
    pub(crate) follow_up: u32,
    /// Scales of the questionnaire, by their positions.
    pub(crate) questionnaire: Vec<usize>,
    /// Scales of the diary, by their positions.
    pub(crate) diary: Vec<usize>,
    /// Probability that a wave is answered [0–1].
    pub(crate) wave_compliance: f64,
    /// Probability that a prompt is answered [0–1], where the odds are not moved.
    pub(crate) compliance: f64,
    /// Odds ratio of missing a prompt after a last answer at the bottom of the first scale of the diary, against
    /// one at its top.
    pub(crate) odds_low_answer: f64,
    /// Odds ratio of missing a prompt for each day of the burst.
    pub(crate) odds_day: f64,
    /// Odds ratio of missing a prompt after a conflict since the last one.
    pub(crate) odds_conflict: f64,
    /// Probability that a person stops for good before a wave [0–1].
    pub(crate) drop_out: f64,
    /// Probability that a person stops for good before a day of the diary [0–1].
    pub(crate) drop_out_daily: f64,
    /// Whether the partner of who stops does so, too.
    pub(crate) drop_out_couple: bool,
    /// Probability that a conflict that did not hurt is reported [0–1].
    pub(crate) conflict_reported: f64,
    /// What a full shortfall of the partner's answer in it adds [0–10].
    pub(crate) conflict_reported_hurt: f64,
    /// Probability that unresponsive episodes are reported as conflict [0–1].
    pub(crate) unresponsive_as_conflict: f64,
    /// Probability that conflict is reported without any [0–1].
    pub(crate) conflict_false_alarm: f64,
    /// The settings of the scales.
    pub(crate) scales: ScaleSettings,
}

/// Scales of the default questionnaire and diary.
const QUESTIONNAIRE: [&str; 4] = [
    "ecr_r_anxiety",
    "ecr_r_avoidance",
    "prqc_satisfaction",
    "prqc_trust",
];
const DIARY: [&str; 4] = [
    "daily_satisfaction",
    "daily_conflict",
    "daily_closeness",
    "daily_stress",
];

impl Default for StudyDesign {
    fn default() -> StudyDesign {
        let survey = Survey::default_for(1);
        let positions = |keys: &[&str]| keys.iter().filter_map(|key| study_scale(key)).collect();
        StudyDesign {
            couples: 100,
            enter_from: 1,
            enter_until: 1,
            screen: None,
            screen_min: 1.0,
            screen_max: 101.0,
            screen_of: ScreenedPartners::Both,
            participants: ParticipatingPartners::Both,
            distinguishable: true,
            waves: 1,
            wave_interval: 90,
            wave_days: Vec::new(),
            burst_days: 14,
            bursts: 1,
            burst_interval: 90,
            burst_from: 1,
            prompts: 1,
            follow_up: 0,
            questionnaire: positions(&QUESTIONNAIRE),
            diary: positions(&DIARY),
            wave_compliance: 0.95,
            compliance: 0.85,
            odds_low_answer: 1.0,
            odds_day: 1.0,
            odds_conflict: 1.0,
            drop_out: 0.05,
            drop_out_daily: 0.0,
            drop_out_couple: false,
            conflict_reported: survey.conflict_reported,
            conflict_reported_hurt: survey.conflict_reported_hurt,
            unresponsive_as_conflict: survey.unresponsive_as_conflict,
            conflict_false_alarm: survey.conflict_false_alarm,
            scales: ScaleSettings::default(),
        }
    }
}

/// A wave or a prompt, by when it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StudyMoment {
    /// Days since entry.
    pub(crate) day: u32,
    /// Step of the day at whose end it is, from 1.
    pub(crate) part: u32,
    /// The burst, from 0; 0 for waves.
    pub(crate) burst: u32,
    /// Day of the burst, from 0; 0 for waves.
    pub(crate) burst_day: u32,
    /// Prompt of the day, from 0; 0 for waves.
    pub(crate) prompt: u32,
}

impl StudyDesign {
    /// The waves, in order; at the end of their days.
    pub(crate) fn wave_moments(&self, steps_per_day: u32) -> Vec<StudyMoment> {
        let days: Vec<u32> = match self.wave_days.is_empty() {
            true => (0..self.waves)
                .map(|wave| wave.saturating_mul(self.wave_interval))
                .collect(),
            false => self.wave_days.clone(),
        };
        let wave = |day| StudyMoment {
            day,
            part: steps_per_day,
            burst: 0,
            burst_day: 0,
            prompt: 0,
        };
        days.into_iter().map(wave).collect()
    }

    /// The prompts of the diary, in order, at equal distances on a day.
    pub(crate) fn prompt_moments(&self, steps_per_day: u32) -> Vec<StudyMoment> {
        let mut moments = Vec::new();
        for burst in 0..self.bursts {
            let first = self
                .burst_from
                .saturating_add(burst.saturating_mul(self.burst_interval));
            for burst_day in 0..self.burst_days {
                for prompt in 0..self.prompts {
                    moments.push(StudyMoment {
                        day: first.saturating_add(burst_day),
                        part: (prompt + 1) * (steps_per_day / self.prompts.max(1)).max(1),
                        burst,
                        burst_day,
                        prompt,
                    });
                }
            }
        }
        moments
    }

    /// Number of waves.
    pub(crate) fn wave_count(&self) -> usize {
        match self.wave_days.is_empty() {
            true => self.waves as usize,
            false => self.wave_days.len(),
        }
    }

    /// Whether there is a diary.
    pub(crate) fn has_diary(&self) -> bool {
        self.burst_days > 0 && self.bursts > 0
    }

    /// Days from entry to the last occasion.
    pub(crate) fn last_occasion(&self) -> u32 {
        let wave = match self.wave_days.last() {
            Some(day) => *day,
            None => self
                .waves
                .saturating_sub(1)
                .saturating_mul(self.wave_interval),
        };
        if !self.has_diary() {
            return wave;
        }
        let burst = (self.bursts - 1).saturating_mul(self.burst_interval);
        let last = self.burst_from.saturating_add(burst);
        wave.max(last.saturating_add(self.burst_days - 1))
    }

    /// The last day of the relationship that the study may learn of.
    pub(crate) fn last_day(&self) -> u32 {
        self.enter_until
            .saturating_add(self.last_occasion())
            .saturating_add(self.follow_up)
    }

    /// Probability that a prompt is missed.
    ///
    /// `last` is the person's last answer to the first scale of the diary in this burst, as a share of the
    /// scale's length; NaN if there is none.
    pub(crate) fn missed(&self, burst_day: u32, last: f64, conflict: bool) -> f64 {
        if self.compliance <= 0.0 {
            return 1.0;
        }
        let mut odds = (1.0 - self.compliance) / self.compliance;
        if self.odds_day != 1.0 {
            odds *= exp(ln(self.odds_day) * f64::from(burst_day));
        }
        if self.odds_low_answer != 1.0 && last.is_finite() {
            odds *= exp(ln(self.odds_low_answer) * (0.5 - last));
        }
        if conflict {
            odds *= self.odds_conflict;
        }
        if odds.is_finite() {
            odds / (1.0 + odds)
        } else {
            1.0
        }
    }
}

/// On which days snapshots of couples are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SnapshotDays {
    /// Snapshots on each day of the run from day 0 on: 0, 1, 2 or 4, at equal distances.
    pub(crate) days: Vec<u32>,
}

impl SnapshotDays {
    /// The days on which a study may look at a couple.
    pub(crate) fn of(design: &StudyDesign, days: u32, steps_per_day: u32) -> SnapshotDays {
        let mut all = vec![0; days as usize + 1];
        // As many on each of them, so that an occasion does not depend on those of other couples.
        let count = design.prompts;
        let mut mark = |offset: u32| {
            let first = design.enter_from.saturating_add(offset) as usize;
            let last = design.enter_until.saturating_add(offset) as usize;
            for on in all.iter_mut().take(last + 1).skip(first) {
                *on = count;
            }
        };
        mark(0);
        for wave in design.wave_moments(steps_per_day) {
            mark(wave.day);
        }
        for prompt in design.prompt_moments(steps_per_day) {
            mark(prompt.day);
        }
        SnapshotDays { days: all }
    }

    /// Snapshots on a day.
    pub(crate) fn on(&self, day: u32) -> u32 {
        self.days.get(day as usize).copied().unwrap_or(0)
    }
}
