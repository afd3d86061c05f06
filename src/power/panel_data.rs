//! Data sets of the waves of a study of simulated couples, as the analysed models take them.

use super::study_data::answer;
use crate::scenario::power_spec::{PowerSpec, StudyMeasures};
use crate::simulation::survey::design::StudyDesign;
use crate::stats::cox::{Cox, cox};
use crate::stats::dyads::growth::{GrowthFit, GrowthModel};
use crate::stats::dyads::{Method, PartnerKinds, PersonDay};
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

/// Days of a year, the unit of time of growth.
const YEAR: f64 = 365.25;

/// The answered waves of couples whose partners both answered the first one, in the order of couple, person and wave.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct GrowthData {
    pub(crate) places: Vec<PersonDay>,
    /// Years since entry.
    pub(crate) times: Vec<f64>,
    pub(crate) outcome: Vec<f64>,
    /// The own score of the first wave and the partner's, less the mean of those with the same role, or of all.
    pub(crate) predictors: [Vec<f64>; 2],
    /// Couples with rows.
    pub(crate) couples: u64,
}

impl GrowthData {
    /// The model of growth; none as of [`GrowthModel::fit`].
    pub(crate) fn fit(&self, power: &PowerSpec) -> Option<GrowthFit> {
        let [own, other] = &self.predictors;
        let model = GrowthModel {
            places: &self.places,
            times: &self.times,
            output: &self.outcome,
            predictors: &[own, other],
            partners: match power.are_exchangeable {
                true => PartnerKinds::Exchangeable,
                false => PartnerKinds::Distinguishable,
            },
            method: match power.is_restricted {
                true => Method::Restricted,
                false => Method::Full,
            },
        };
        model.fit()
    }
}

/// The rows of growth of a data set, in the points of the scales of another design.
pub(crate) fn growth_rows(
    power: &PowerSpec,
    measures: &StudyMeasures,
    study: &PreparedStudy,
    data: &StudyReplicate,
    points: &StudyDesign,
) -> GrowthData {
    let mut found = GrowthData::default();
    let outcome = measures.outcome.unwrap_or(measures.predictor);
    let scores = |couple| first_scores(measures, study, couple, points);
    let all: Vec<(usize, &StudyCouple, [f64; 2])> = data
        .couples
        .iter()
        .enumerate()
        .map(|(number, couple)| (number, couple, scores(couple)))
        .filter(|(_, _, scores)| scores.iter().all(|score| score.is_finite()))
        .collect();
    let mut means = [0.0; 2];
    for (_, _, scores) in &all {
        for (mean, score) in means.iter_mut().zip(scores) {
            *mean += score / all.len() as f64;
        }
    }
    if power.are_exchangeable {
        means = [0.5 * (means[0] + means[1]); 2];
    }
    for (number, couple, scores) in all {
        found.couples += 1;
        let scores = [scores[0] - means[0], scores[1] - means[1]];
        let waves = (&couple.waves, study.design().questionnaire.as_slice());
        for person in 0..2 {
            for (wave, moment) in study.waves().iter().enumerate() {
                let y = answer(study, waves, (outcome, wave), person, points);
                if y.is_nan() {
                    continue;
                }
                found.places.push(PersonDay {
                    couple: number,
                    person,
                    day: moment.day,
                });
                found.times.push(f64::from(moment.day) / YEAR);
                found.outcome.push(y);
                found.predictors[0].push(scores[person]);
                found.predictors[1].push(scores[1 - person]);
            }
        }
    }
    found
}
