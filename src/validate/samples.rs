//! The samples of simulated studies: the answers to questionnaires and diaries, couple by couple.
//!
//! Reliabilities are those of the instruments that the published studies used, as far as they are
//! known: .85 for the three items of trust and of intimacy (PRQC), .93 for satisfaction, .90 for
//! commitment and attachment (ECR), seven steps each.

use super::cohort_days::CohortDays;
use super::cohort_days::CohortRespondents;
use crate::simulation::Survey;
use crate::simulation::survey::instrument::{Report, Scale};
use crate::stats::dyads::{Diary, Dyad};

/// How the studies' instruments measure states.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Instruments {
    /// Standard deviation of response style, shared by all scales [share of a scale's length].
    pub(crate) style: f64,
    /// Probability that a day's conflict is reported.
    pub(crate) conflict_reported: f64,
    /// What a full shortfall of the partner's answer in a conflict adds to that probability.
    pub(crate) conflict_reported_hurt: f64,
    /// Probability that an unresponsive episode is reported as conflict.
    pub(crate) unresponsive_as_conflict: f64,
    /// Probability that conflict is reported on a day without conflict.
    pub(crate) conflict_false_alarm: f64,
    /// Probability that a person misses a day of a diary.
    pub(crate) missed: f64,
    /// Reliability of the panel's one question on the quality of the relationship.
    pub(crate) quality_reliability: f64,
}

impl Default for Instruments {
    /// The defaults of a scenario's survey.
    fn default() -> Instruments {
        let defaults = Survey::default_for(1);
        Instruments {
            style: defaults.style,
            conflict_reported: defaults.conflict_reported,
            conflict_reported_hurt: defaults.conflict_reported_hurt,
            unresponsive_as_conflict: defaults.unresponsive_as_conflict,
            conflict_false_alarm: defaults.conflict_false_alarm,
            missed: defaults.missing,
            quality_reliability: QUALITY_RELIABILITY,
        }
    }
}

/// Reliability of the panel's one question on the quality of the relationship: a result of the calibration.
const QUALITY_RELIABILITY: f64 = 0.89;
/// Reliability of what observers code: a caregiver's sensitivity, and what partners do in a discussion.
pub(crate) const OBSERVED_RELIABILITY: f64 = 0.85;
/// Reliability of the questionnaire on well-being.
pub(crate) const WELLBEING_RELIABILITY: f64 = 0.85;

/// Response options of an item, for all scales.
const POINTS: u32 = 7;

impl Instruments {
    /// A rating by others: continuous, and without the rated person's response style.
    pub(crate) fn rating(&self, reliability: f64) -> Scale {
        Scale {
            items: 1,
            points: 0,
            reliability,
            style: 0.0,
        }
    }

    pub(crate) fn scale(&self, items: u32, reliability: f64) -> Scale {
        Scale {
            items,
            points: POINTS,
            reliability,
            style: self.style,
        }
    }
}

/// Every n-th couple of a sample, so that all cohorts are represented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Subsample {
    /// The first couple.
    pub(crate) first: usize,
    /// From one couple to the next.
    pub(crate) step: usize,
    /// How many.
    pub(crate) count: usize,
}

impl Subsample {
    pub(crate) fn of<T: Clone>(self, all: &[T]) -> Vec<T> {
        let from = all.get(self.first..).unwrap_or(&[]);
        from.iter()
            .step_by(self.step)
            .take(self.count)
            .cloned()
            .collect()
    }
}

/// A cross-section: one questionnaire of each person.
#[derive(Clone, Debug, Default)]
pub(crate) struct SurveySample {
    /// Trust, as a share of the scale's length, as all that follows.
    pub(crate) trust: Vec<Dyad>,
    /// Intimacy.
    pub(crate) intimacy: Vec<Dyad>,
    /// Satisfaction.
    pub(crate) satisfaction: Vec<Dyad>,
    /// Commitment.
    pub(crate) commitment: Vec<Dyad>,
    /// Quality of alternatives, as perceived given commitment.
    pub(crate) alternatives: Vec<Dyad>,
    /// Investment.
    pub(crate) investment: Vec<Dyad>,
    /// Attachment anxiety.
    pub(crate) anxiety: Vec<Dyad>,
    /// Attachment avoidance.
    pub(crate) avoidance: Vec<Dyad>,
    /// Well-being.
    pub(crate) wellbeing: Vec<Dyad>,
}

impl SurveySample {
    /// Samples the couples of a cohort; `derogation` is the share by which full commitment devalues
    /// alternatives.
    pub(crate) fn of(
        cohort: &CohortDays,
        by: &Instruments,
        derogation: f64,
        seed: u64,
    ) -> SurveySample {
        let respondents = CohortRespondents::of(cohort, seed);
        let [short, long] = [by.scale(3, 0.85), by.scale(18, 0.90)];
        let ask = |name: &str, scale: &Scale, number| {
            respondents.questionnaire(cohort.column(name), scale, number)
        };
        let commitments = cohort.column("commitment");
        let others = cohort.column("alternatives").iter().zip(commitments);
        let perceived: Vec<f64> = others.map(|(a, c)| a * (1.0 - derogation * c)).collect();
        SurveySample {
            trust: ask("trust", &short, 1),
            intimacy: ask("intimacy", &short, 2),
            satisfaction: ask("satisfaction", &by.scale(3, 0.93), 3),
            commitment: ask("commitment", &by.scale(3, 0.90), 4),
            alternatives: respondents.questionnaire(&perceived, &short, 5),
            investment: ask("investment", &short, 6),
            anxiety: ask("anxiety", &long, 7),
            avoidance: ask("avoidance", &long, 8),
            wellbeing: ask("wellbeing", &by.scale(3, WELLBEING_RELIABILITY), 34),
        }
    }

    /// A subsample of the couples.
    pub(crate) fn part(&self, part: Subsample) -> SurveySample {
        let cut = |pairs: &[Dyad]| part.of(pairs);
        SurveySample {
            trust: cut(&self.trust),
            intimacy: cut(&self.intimacy),
            satisfaction: cut(&self.satisfaction),
            commitment: cut(&self.commitment),
            alternatives: cut(&self.alternatives),
            investment: cut(&self.investment),
            anxiety: cut(&self.anxiety),
            avoidance: cut(&self.avoidance),
            wellbeing: cut(&self.wellbeing),
        }
    }
}

/// A diary: daily reports of each person, and a questionnaire before.
#[derive(Clone, Debug, Default)]
pub(crate) struct Diaries {
    /// The day's satisfaction, as a share of the scale's length.
    pub(crate) satisfaction: Vec<Diary>,
    /// Whether conflict is reported, 1 or 0: a conflict, or an unresponsive episode.
    pub(crate) conflict: Vec<Diary>,
    /// Whether a conflict itself is reported, 1 or 0.
    pub(crate) quarrels: Vec<Diary>,
    /// The day's closeness.
    pub(crate) intimacy: Vec<Diary>,
    /// Stress at the beginning of the day.
    pub(crate) stress: Vec<Diary>,
    /// The day's deepest disclosure.
    pub(crate) disclosure: Vec<Diary>,
    /// Responsiveness perceived in the day's episodes; missing without any.
    pub(crate) perceived: Vec<Diary>,
    /// Responsiveness of the partner in these episodes, as coded by an observer.
    pub(crate) received: Vec<Diary>,
    /// Own responsiveness in the partner's episodes, as a person reports it; missing without any.
    pub(crate) enacted: Vec<Diary>,
    /// Trust, in the questionnaire.
    pub(crate) trust: Vec<Dyad>,
    /// Closeness, in the questionnaire.
    pub(crate) closeness: Vec<Dyad>,
    /// Attachment anxiety, in the questionnaire.
    pub(crate) anxiety: Vec<Dyad>,
    /// Attachment avoidance, in the questionnaire.
    pub(crate) avoidance: Vec<Dyad>,
}

impl Diaries {
    /// Samples the couples of a cohort.
    pub(crate) fn of(cohort: &CohortDays, by: &Instruments, seed: u64) -> Diaries {
        let respondents = CohortRespondents::of(cohort, seed);
        let [short, long] = [by.scale(3, 0.85), by.scale(18, 0.90)];
        let daily = |name: &str, scale: &Scale, number| {
            respondents.diary(cohort.column(name), scale, number)
        };
        let once = |name: &str, scale: &Scale, number| {
            respondents.questionnaire(cohort.column(name), scale, number)
        };
        let counted = |name: &str| cohort.diary(cohort.column(name));
        let quarrels = quarrels(cohort, &respondents, by);
        let mut diaries = Diaries {
            satisfaction: daily("daily_satisfaction", &by.scale(3, 0.93), 11),
            conflict: conflicts(cohort, &respondents, by, &quarrels),
            quarrels,
            intimacy: daily("daily_closeness", &short, 14),
            stress: respondents.diary(&lagged(cohort, cohort.column("stress")), &short, 15),
            disclosure: daily("disclosure", &short, 16),
            perceived: daily("perceived", &short, 17),
            received: counted("received"),
            enacted: respondents.diary(&of_partner(cohort, cohort.column("received")), &short, 35),
            trust: once("trust", &short, 1),
            closeness: once("intimacy", &short, 2),
            anxiety: once("anxiety", &long, 7),
            avoidance: once("avoidance", &long, 8),
        };
        diaries.miss(&respondents.attended(by.missed, 19));
        diaries
    }

    /// Sets the days that persons missed to missing.
    fn miss(&mut self, attended: &[Diary]) {
        let daily = [
            &mut self.satisfaction,
            &mut self.conflict,
            &mut self.quarrels,
            &mut self.intimacy,
            &mut self.stress,
            &mut self.disclosure,
            &mut self.perceived,
            &mut self.enacted,
        ];
        for days in daily {
            for (couple, attended) in days.iter_mut().zip(attended) {
                for (person, attended) in couple.iter_mut().zip(attended) {
                    for (value, attended) in person.iter_mut().zip(attended) {
                        if *attended == 0.0 {
                            *value = f64::NAN;
                        }
                    }
                }
            }
        }
    }

    /// A subsample of the couples.
    pub(crate) fn part(&self, part: Subsample) -> Diaries {
        let days = |days: &[Diary]| part.of(days);
        let pairs = |pairs: &[Dyad]| part.of(pairs);
        Diaries {
            satisfaction: days(&self.satisfaction),
            conflict: days(&self.conflict),
            quarrels: days(&self.quarrels),
            intimacy: days(&self.intimacy),
            stress: days(&self.stress),
            disclosure: days(&self.disclosure),
            perceived: days(&self.perceived),
            received: days(&self.received),
            enacted: days(&self.enacted),
            trust: pairs(&self.trust),
            closeness: pairs(&self.closeness),
            anxiety: pairs(&self.anxiety),
            avoidance: pairs(&self.avoidance),
        }
    }
}

/// The state at the beginning of each day: that of the day before, missing on the first day.
fn lagged(cohort: &CohortDays, states: &[f64]) -> Vec<f64> {
    let days = cohort.days.max(1);
    let mut lagged = Vec::with_capacity(states.len());
    for person in states.chunks_exact(days) {
        lagged.push(f64::NAN);
        lagged.extend_from_slice(&person[..days - 1]);
    }
    lagged
}

/// The partner's days: what a person got, the partner gave.
fn of_partner(cohort: &CohortDays, column: &[f64]) -> Vec<f64> {
    let couples = column.chunks_exact(2 * cohort.days.max(1));
    couples
        .flat_map(|couple| {
            let (a, b) = couple.split_at(cohort.days);
            b.iter().chain(a).copied()
        })
        .collect()
}

/// Reports of conflicts, including false alarms: the likelier, the more the partner's answer in the
/// conflict fell short of trust.
fn quarrels(
    cohort: &CohortDays,
    respondents: &CohortRespondents<'_>,
    by: &Instruments,
) -> Vec<Diary> {
    let days = cohort
        .column("conflict")
        .iter()
        .zip(cohort.column("shortfall"));
    let felt: Vec<f64> = days
        .map(|(conflicts, shortfall)| if *conflicts > 0.0 { *shortfall } else { -1.0 })
        .collect();
    respondents.ask(&felt, 12, |shortfall, _, rng| {
        let report = Report {
            hit: by.conflict_reported + by.conflict_reported_hurt * shortfall,
            false_alarm: by.conflict_false_alarm,
        };
        report.report(shortfall >= 0.0, rng)
    })
}

/// Reports of conflict, including unresponsive episodes reported as conflict.
fn conflicts(
    cohort: &CohortDays,
    respondents: &CohortRespondents<'_>,
    by: &Instruments,
    quarrels: &[Diary],
) -> Vec<Diary> {
    let unresponsive = Report {
        hit: by.unresponsive_as_conflict,
        false_alarm: 0.0,
    };
    let mut reports = respondents.report(cohort.column("unresponsive"), &unresponsive, 13);
    for (report, quarrels) in reports.iter_mut().zip(quarrels) {
        for (report, quarrels) in report.iter_mut().zip(quarrels) {
            for (report, quarrel) in report.iter_mut().zip(quarrels) {
                *report = report.max(*quarrel);
            }
        }
    }
    reports
}
