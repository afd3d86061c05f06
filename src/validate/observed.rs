//! The measurements of a panel: scores of scales and reports of events, with their errors.

use super::panel::Panel;
use crate::rng::{Key, StreamKind};
use crate::simulation::survey::instrument::{Attendance, Report, Respondent, Scale};
use crate::stats::dyads::{Diary, Dyad};
use crate::stats::summary::RunningMoments;
use rand_chacha::ChaCha8Rng;

/// The respondents of a panel.
#[derive(Debug)]
pub(crate) struct PanelRespondents<'a> {
    panel: &'a Panel,
    key: Key,
}

impl<'a> PanelRespondents<'a> {
    /// The respondents of a panel; the seed is that of their errors.
    pub(crate) fn of(panel: &'a Panel, seed: u64) -> PanelRespondents<'a> {
        let key = Key::new(seed, 0, 0, StreamKind::Measurement);
        PanelRespondents { panel, key }
    }

    /// Scores states on a scale, every day; instruments are numbered from 1, and a missing state
    /// stays missing.
    pub(crate) fn diary(&self, states: &[f64], scale: &Scale, instrument: u64) -> Vec<Diary> {
        let known: RunningMoments = states.iter().copied().filter(|x| x.is_finite()).collect();
        let error = scale.item_error(known.variance());
        self.ask(states, instrument, |state, style, rng| {
            scale.score(state, style, error, rng)
        })
    }

    /// Scores states on a scale, on the first day only.
    pub(crate) fn questionnaire(
        &self,
        states: &[f64],
        scale: &Scale,
        instrument: u64,
    ) -> Vec<Dyad> {
        let first: Vec<f64> = states.iter().step_by(self.panel.days).copied().collect();
        let known: RunningMoments = first.iter().copied().collect();
        let error = scale.item_error(known.variance());
        let mut scores = Vec::with_capacity(self.panel.couples);
        for (couple, states) in first.chunks_exact(2).enumerate() {
            let score = |person: usize| {
                let voice = self.voice(couple, person);
                let rng = &mut voice.rng(instrument, 0);
                scale.score(states[person], voice.style(), error, rng)
            };
            scores.push([score(0), score(1)]);
        }
        scores
    }

    /// Reports, every day, whether an event that a column counts occurred.
    pub(crate) fn report(&self, counts: &[f64], report: &Report, instrument: u64) -> Vec<Diary> {
        self.ask(counts, instrument, |count, _, rng| {
            report.report(count > 0.0, rng)
        })
    }

    /// Whether each person filled in each day, 1 or 0.
    pub(crate) fn attended(&self, missed: f64, instrument: u64) -> Vec<Diary> {
        let attendance = Attendance { missed };
        self.ask(self.panel.column("stress"), instrument, |_, _, rng| {
            f64::from(u8::from(attendance.attends(rng)))
        })
    }

    fn voice(&self, couple: usize, person: usize) -> Respondent<'_> {
        Respondent {
            key: &self.key,
            couple: self.panel.ids[couple],
            person: person as u64,
        }
    }

    fn ask(
        &self,
        states: &[f64],
        instrument: u64,
        answer: impl Fn(f64, f64, &mut ChaCha8Rng) -> f64,
    ) -> Vec<Diary> {
        let days = self.panel.days;
        let couples = states.chunks_exact(2 * days).enumerate();
        couples
            .map(|(couple, states)| {
                [0, 1].map(|person| {
                    let voice = self.voice(couple, person);
                    let style = voice.style();
                    let own = &states[person * days..(person + 1) * days];
                    (0..)
                        .zip(own)
                        .map(|(day, state)| answer(*state, style, &mut voice.rng(instrument, day)))
                        .collect()
                })
            })
            .collect()
    }
}
