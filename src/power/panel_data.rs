//! Data sets of the waves of a study of simulated couples, as the analysed models take them.

use super::study_data::answer;
use crate::scenario::power_spec::{PowerSpec, StudyMeasures};
use crate::simulation::survey::design::StudyDesign;
use crate::stats::cox::{Cox, cox};
use crate::study::sample::{PreparedStudy, StudyCouple, StudyReplicate};

/// How long couples were followed, whether they broke up, and what the partners said at the first wave: the couples of
/// table `participants` of `pairbond study` with a time above 0 and all scores.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct BreakUpData {
    /// Steps from entry to the break-up, or to the last day on which the study knows of the couple, and which of both.
    pub(crate) durations: Vec<(u32, bool)>,
    /// The scores of partner A and partner B, or the mean of those of the couple that are known.
    pub(crate) scores: Vec<Vec<f64>>,
}

impl BreakUpData {
    /// Couples, and break-ups.
    pub(crate) fn counts(&self) -> (u64, u64) {
        let ended = self.durations.iter().filter(|duration| duration.1).count();
        (self.durations.len() as u64, ended as u64)
    }

    /// Cox regression; none as of [`cox`].
    pub(crate) fn fit(&self) -> Option<Cox> {
        let scores: Vec<&[f64]> = self.scores.iter().map(Vec::as_slice).collect();
        cox(&self.durations, &scores)
    }
}

/// The scores of both partners at the first wave.
fn first_scores(
    measures: &StudyMeasures,
    study: &PreparedStudy,
    couple: &StudyCouple,
    points: &StudyDesign,
) -> [f64; 2] {
    let waves = (&couple.waves, study.design().questionnaire.as_slice());
    [0, 1].map(|member| answer(study, waves, (measures.predictor, 0), member, points))
}

/// The break-ups of a data set, with scores in the points of the scales of another design.
pub(crate) fn break_ups(
    power: &PowerSpec,
    measures: &StudyMeasures,
    study: &PreparedStudy,
    data: &StudyReplicate,
    points: &StudyDesign,
) -> BreakUpData {
    let mut found = BreakUpData {
        durations: Vec::new(),
        scores: vec![Vec::new(); if power.are_exchangeable { 1 } else { 2 }],
    };
    let steps = f64::from(study.steps_per_day());
    for couple in &data.couples {
        let [first, second] = first_scores(measures, study, couple, points);
        let scores = match power.are_exchangeable {
            false => vec![first, second],
            true if first.is_nan() => vec![second],
            true if second.is_nan() => vec![first],
            true => vec![0.5 * (first + second)],
        };
        let time = (couple.time * steps).round() as u32;
        if time == 0 || scores.iter().any(|score| score.is_nan()) {
            continue;
        }
        found.durations.push((time, couple.separated.is_finite()));
        for (column, score) in found.scores.iter_mut().zip(scores) {
            column.push(score);
        }
    }
    found
}
