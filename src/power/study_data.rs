//! Data sets of a study of simulated couples: rows of its diary, and who is in them.

use super::data::{StudyData, means};
use crate::scenario::power_spec::{AnalysisKind, PowerSpec, StudyMeasures};
use crate::simulation::survey::design::{CONFLICT_SCALE, StudyDesign};
use crate::stats::dyads::PersonDay;
use crate::study::sample::{AnswerState, OccasionSet, PreparedStudy, StudyReplicate, score_range};

/// A study in which everybody answers always, and the analysed scales have no errors and no steps. Reports of conflict are
/// as before: what both partners report without error is one predictor.
pub(crate) fn complete_study(measures: &StudyMeasures, study: &StudyDesign) -> StudyDesign {
    let mut study = study.clone();
    study.compliance = 1.0;
    study.wave_compliance = 1.0;
    study.drop_out = 0.0;
    study.drop_out_daily = 0.0;
    for scale in measures.scales() {
        if scale != CONFLICT_SCALE {
            study.scales.reliability[scale] = 1.0;
            study.scales.style[scale] = 0.0;
            study.scales.steps[scale] = 0;
        }
    }
    study
}

/// The complete rows of the diary of a data set, in the order of couple, person and occasion, in the points of the scales of another
/// design.
pub(crate) fn rows_of(
    power: &PowerSpec,
    measures: &StudyMeasures,
    study: &PreparedStudy,
    data: &StudyReplicate,
    points: &StudyDesign,
) -> StudyData {
    let mut rows = StudyData::default();
    let count = study.prompts().len();
    let prompts_a_day = study.design().prompts;
    for (number, couple) in data.couples.iter().enumerate() {
        let set = &couple.prompts;
        let values = |scale: usize| -> Vec<[f64; 2]> {
            (0..count)
                .map(|occasion| {
                    let scales = &study.design().diary;
                    [0, 1].map(|member| {
                        answer(study, (set, scales), (scale, occasion), member, points)
                    })
                })
                .collect()
        };
        let outcome = measures.outcome.unwrap_or(measures.predictor);
        let (outcome, predictor) = (values(outcome), values(measures.predictor));
        let centre = match power.is_centred {
            true => means(&predictor),
            false => [0.0; 2],
        };
        for person in 0..2 {
            for (occasion, moment) in study.prompts().iter().enumerate() {
                let (x, y) = (predictor[occasion], outcome[occasion][person]);
                let own = x[person] - centre[person];
                let other = x[1 - person] - centre[1 - person];
                let before = match power.has_lagged_outcome {
                    false => 0.0,
                    true => study
                        .prompt_before(occasion)
                        .map_or(f64::NAN, |before| outcome[before][person]),
                };
                if (y + own + other + before).is_nan() {
                    continue;
                }
                rows.places.push(PersonDay {
                    couple: number,
                    person,
                    day: moment.day * prompts_a_day + moment.prompt,
                });
                rows.outcome.push(y);
                rows.predictors[0].push(own);
                rows.predictors[1].push(other);
                if power.has_lagged_outcome {
                    rows.predictors[2].push(before);
                }
            }
        }
    }
    rows
}

/// An answer on an occasion of a set that asks some scales, in the points of the scales of another design; NaN where
/// there is none.
pub(crate) fn answer(
    study: &PreparedStudy,
    (set, scales): (&OccasionSet, &[usize]),
    (scale, occasion): (usize, usize),
    member: usize,
    points: &StudyDesign,
) -> f64 {
    let Some(place) = scales.iter().position(|own| *own == scale) else {
        return f64::NAN;
    };
    let answer = set.answers[member][occasion * scales.len() + place];
    let (own, wanted) = (study.range(scale), score_range(points, scale));
    if own == wanted {
        return answer;
    }
    wanted.0 + (wanted.1 - wanted.0) * (answer - own.0) / (own.1 - own.0)
}

/// Who was recruited for a data set, how many occasions were answered, and who is analysed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SampleCounts {
    pub(crate) wanted: u64,
    pub(crate) recruited: u64,
    /// Analysed occasions of all persons, whether they were still asked or not.
    pub(crate) occasions: u64,
    pub(crate) answered: u64,
    /// Of a panel the couples that are analysed, and the break-ups among them.
    pub(crate) analysed: u64,
    pub(crate) ended: u64,
}

impl SampleCounts {
    /// Those of the diary, or of the waves that matter.
    pub(crate) fn of(analysis: AnalysisKind, data: &StudyReplicate) -> SampleCounts {
        let mut counts = SampleCounts {
            wanted: data.recruitment.wanted,
            recruited: data.recruitment.recruited,
            ..SampleCounts::default()
        };
        for couple in &data.couples {
            let (set, most) = match analysis {
                AnalysisKind::Diary => (&couple.prompts, usize::MAX),
                // Scores are those of the first wave.
                AnalysisKind::BreakUp => (&couple.waves, 1),
                AnalysisKind::Growth => (&couple.waves, usize::MAX),
            };
            for states in &set.states {
                for state in states.iter().take(most) {
                    counts.occasions += 1;
                    counts.answered += u64::from(*state == AnswerState::Answered);
                }
            }
        }
        counts
    }
}
