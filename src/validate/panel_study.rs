//! The panel of a cohort in waves: which waves there are, and the answers of its persons to the panel's
//! instruments.

use crate::simulation::survey::ScaleId;
use crate::stats::dyads::Dyad;
use crate::validate::cohort_waves::CohortWaves;
use crate::validate::dissolution::{MARRIED_DURATIONS, YEAR};
use crate::validate::samples::Instruments;
use std::cell::OnceCell;

/// Waves of a year.
const A_YEAR: usize = 4;
/// Years that a cohort is followed.
const YEARS: usize = 24;

/// Days of the waves: the first day, and then every quarter of a year.
pub(crate) fn waves() -> Vec<u32> {
    let quarter = |number: usize| (number as f64 * YEAR / A_YEAR as f64).round() as u32;
    (0..=YEARS * A_YEAR)
        .map(|wave| quarter(wave).max(1))
        .collect()
}

/// The wave after `years`, a multiple of a quarter of a year.
pub(crate) fn wave(years: f64) -> usize {
    (years * A_YEAR as f64).round() as usize
}

/// What is recorded of a cohort for its panel.
pub(crate) const SCALES: [ScaleId; 3] =
    [ScaleId::Satisfaction, ScaleId::Anxiety, ScaleId::Avoidance];

/// Reliability of a questionnaire on satisfaction.
pub(crate) const SATISFACTION_RELIABILITY: f64 = 0.93;
/// Numbers of instruments in the addresses of errors.
const QUALITY: u64 = 31;
const SATISFACTION: u64 = 3;
const ANXIETY: u64 = 7;
const AVOIDANCE: u64 = 8;

/// Times of a panel: years together, and the weight of the persons who are together for so long.
pub(crate) type Times = [(f64, f64)];

/// Years together at the first of three waves, and for how many of the panel's persons they stand: those of two
/// to five years, five to ten, ten to twenty, and longer ([`MARRIED_DURATIONS`]).
pub(crate) const RETEST_TIMES: [(f64, f64); 9] = {
    let [to_five, to_ten, to_twenty, beyond] = MARRIED_DURATIONS;
    let (five, ten, twenty) = (
        to_five.persons,
        to_ten.persons / 3.0,
        to_twenty.persons / 4.0,
    );
    [
        (3.5, five),
        (5.0, ten),
        (7.0, ten),
        (9.0, ten),
        (11.0, twenty),
        (13.0, twenty),
        (15.0, twenty),
        (17.0, twenty),
        (19.0, beyond.persons),
    ]
};
/// Years between the two waves that ask for fights.
pub(crate) const FIGHT_LAG: f64 = 1.5;
/// Years together of the newest couples who are asked for fights.
pub(crate) const NEWEST_YEARS: f64 = 1.0;

/// Days of the waves that ask for fights.
pub(crate) fn fight_waves() -> Vec<u32> {
    let days = waves();
    let first = RETEST_TIMES.map(|(years, _)| years).into_iter();
    let first = first.chain([NEWEST_YEARS]);
    let mut requested: Vec<usize> = first
        .flat_map(|years| [wave(years), wave(years + FIGHT_LAG)])
        .collect();
    requested.sort_unstable();
    requested.dedup();
    requested.into_iter().map(|wave| days[wave]).collect()
}

/// Years together at which attachment is asked.
const ATTACHMENT_YEARS: [f64; 5] = [0.0, 3.0, 4.0, 5.0, 8.0];

/// The answers of a cohort in waves.
#[derive(Debug)]
pub(crate) struct PanelStudy {
    pub(crate) cohort: CohortWaves,
    by: Instruments,
    quality: OnceCell<Vec<Dyad>>,
    satisfaction: OnceCell<Vec<Dyad>>,
    attachment: OnceCell<[Vec<Dyad>; 2]>,
}

impl PanelStudy {
    pub(crate) fn new(cohort: CohortWaves, by: Instruments) -> PanelStudy {
        PanelStudy {
            cohort,
            by,
            quality: OnceCell::new(),
            satisfaction: OnceCell::new(),
            attachment: OnceCell::new(),
        }
    }

    /// Standard deviation of satisfaction at the panel's waves.
    pub(crate) fn spread(&self) -> f64 {
        self.cohort.spread(
            ScaleId::Satisfaction,
            &RETEST_TIMES.map(|(years, _)| wave(years)),
        )
    }

    /// One question on the quality of the relationship, which has its reliability where satisfaction has
    /// this standard deviation. What is stable of a response style is part of that reliability.
    pub(crate) fn quality(&self, spread: f64) -> &[Dyad] {
        self.quality.get_or_init(|| {
            let scale = self.by.rating(self.by.quality_reliability);
            let error = scale.item_error(spread * spread);
            self.cohort
                .scores(ScaleId::Satisfaction, &scale, error, QUALITY, |_| true)
        })
    }

    pub(crate) fn satisfaction(&self) -> &[Dyad] {
        self.satisfaction.get_or_init(|| {
            let scale = self.by.scale(3, SATISFACTION_RELIABILITY);
            let spread = self.spread();
            let error = scale.item_error(spread * spread);
            self.cohort
                .scores(ScaleId::Satisfaction, &scale, error, SATISFACTION, |_| true)
        })
    }

    /// Anxiety and avoidance, in the waves in which they are asked.
    pub(crate) fn attachment(&self) -> &[Vec<Dyad>; 2] {
        self.attachment.get_or_init(|| {
            let scale = self.by.scale(18, 0.90);
            let waves = ATTACHMENT_YEARS.map(wave);
            [(ScaleId::Anxiety, ANXIETY), (ScaleId::Avoidance, AVOIDANCE)].map(|(of, number)| {
                let spread = self.cohort.spread(of, &[0]);
                let error = scale.item_error(spread * spread);
                let used = |wave: usize| waves.contains(&wave);
                self.cohort.scores(of, &scale, error, number, used)
            })
        })
    }

    /// Attachment insecurity of each couple at the start: the mean of both partners' anxiety and
    /// avoidance.
    pub(crate) fn insecurity(&self) -> Vec<f64> {
        let [anxiety, avoidance] = self.attachment();
        let of = |couple| {
            let place = self.cohort.place(couple, 0);
            place.map_or(f64::NAN, |place| {
                let scores = anxiety[place].iter().chain(&avoidance[place]);
                0.25 * scores.sum::<f64>()
            })
        };
        (0..self.cohort.couples()).map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::summary::RunningMoments;
    use crate::validate::laboratory::{Laboratory, UNMARRIED};

    #[test]
    fn the_question_on_quality_has_the_reliability_of_the_laboratory() {
        for reliability in [0.5, 0.8] {
            let mut laboratory = Laboratory::new(300, 1);
            laboratory.instruments.quality_reliability = reliability;
            let own = [
                ("run.days".to_owned(), "50".to_owned()),
                ("record.every".to_owned(), "50".to_owned()),
            ];
            let scenario = laboratory.scenario(UNMARRIED, &own).expect("no overrides");
            let scales = [ScaleId::Satisfaction];
            let cohort =
                CohortWaves::simulate(&scenario, &laboratory.control, &[1, 50], &[], &scales);
            let spread = cohort.spread(ScaleId::Satisfaction, &[0]);
            let panel = PanelStudy::new(cohort, laboratory.instruments);
            let states = panel.cohort.states(ScaleId::Satisfaction);
            let mut errors = RunningMoments::default();
            for (answers, states) in panel.quality(spread).iter().zip(states) {
                for person in 0..2 {
                    errors.push(answers[person] - states[person]);
                }
            }
            let expected = spread * ((1.0 - reliability) / reliability).sqrt();
            let ratio = errors.sd() / expected;
            assert!((ratio - 1.0).abs() < 0.1, "{reliability}: {ratio}");
        }
    }
}
