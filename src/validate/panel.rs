//! A panel: the couples of a cohort who are together at the end of a study, day by day; and its
//! measurements, scores of scales and reports of events, with their errors.

use crate::rng::{Key, StreamKind};
use crate::runner::{Cancelled, Collector, Control, Plan, run};
use crate::scenario::Scenario;
use crate::simd::backend::Backend;
use crate::simulation::survey::instrument::{Attendance, Report, Respondent, Scale};
use crate::simulation::{BlockOutcome, BlockTable, DayRows, days_schema};
use crate::stats::dyads::{Diary, Dyad};
use crate::stats::summary::RunningMoments;
use crate::table::{Batch, Schema, Values};
use rand_chacha::ChaCha8Rng;

/// The couples of a cohort.
#[derive(Debug)]
pub(crate) struct Panel {
    schema: Schema,
    /// Couples together at the end of the study.
    pub(crate) couples: usize,
    /// Days of the study.
    pub(crate) days: usize,
    /// Number of each couple in its ensemble, from 0.
    pub(crate) ids: Vec<u64>,
    /// Columns of persons' days: couple by couple, in it person by person, in it day by day.
    columns: Vec<Vec<f64>>,
    /// Day of each couple's break-up in the whole cohort; NaN where they are together at the end.
    pub(crate) ends: Vec<f64>,
    /// Days of the whole cohort.
    pub(crate) length: f64,
}

struct PanelCollector {
    /// Days of the study in each couple's rows.
    days: usize,
    columns: Vec<Vec<f64>>,
    ids: Vec<u64>,
    ends: Vec<f64>,
    steps_per_day: f64,
}

impl Collector for PanelCollector {
    type Error = Cancelled;
    fn take(&mut self, outcome: BlockOutcome) -> Result<(), Self::Error> {
        let ends = outcome.ends.iter();
        let steps = self.steps_per_day;
        self.ends
            .extend(ends.map(|end| end.map_or(f64::NAN, |step| step as f64 / steps)));
        self.push(&outcome.tables[BlockTable::Days]);
        Ok(())
    }
}

impl PanelCollector {
    /// Takes the rows of couples who kept all days: person A and B alternate in them.
    fn push(&mut self, rows: &Batch) {
        if rows.columns.is_empty() {
            return;
        }
        let Values::Int(couples) = &rows.columns[1] else {
            return;
        };
        let mut first = 0;
        while first < couples.len() {
            let couple = couples[first];
            let count = couples[first..]
                .iter()
                .take_while(|c| **c == couple)
                .count();
            if count == 2 * self.days {
                self.ids.push(couple as u64 - 1);
                for (to, from) in self.columns.iter_mut().zip(&rows.columns) {
                    for person in 0..2 {
                        let rows = (first + person..first + count).step_by(2);
                        match from {
                            Values::Float(v) => to.extend(rows.map(|row| v[row])),
                            Values::Int(v) => to.extend(rows.map(|row| v[row] as f64)),
                            _ => {}
                        }
                    }
                }
            }
            first += count;
        }
    }
}

impl Panel {
    /// Simulates a cohort and keeps the days that its scenario records; if cancelled, those of some
    /// couples only.
    pub(crate) fn simulate(scenario: &Scenario, control: &Control) -> Panel {
        let plan = Plan::new(scenario.config().clone());
        let config = &plan.prepared().config;
        let schema = days_schema("days");
        let days = match config.record.days {
            DayRows::None => 0,
            _ => (config.size.days + 1).saturating_sub(config.record.days_from) as usize,
        };
        let length = f64::from(config.size.days);
        let mut rows = PanelCollector {
            days,
            columns: vec![Vec::new(); schema.columns.len()],
            ids: Vec::new(),
            ends: Vec::new(),
            steps_per_day: f64::from(config.size.steps_per_day),
        };
        // A cancelled cohort keeps what there is of it.
        let (Ok(_) | Err(Cancelled)) = run(&plan, Backend::best(), false, control, &mut rows);
        Panel {
            schema,
            couples: rows.ids.len(),
            days,
            ids: rows.ids,
            columns: rows.columns,
            ends: rows.ends,
            length,
        }
    }

    /// Joins the panels of cohorts that were studied for as many days; each couple keeps a number of
    /// its own.
    pub(crate) fn joined(panels: Vec<Panel>) -> Panel {
        let mut panels = panels.into_iter();
        let mut all = panels.next().expect("at least one panel");
        for (cohort, next) in (1..).zip(panels) {
            debug_assert_eq!(all.days, next.days);
            all.couples += next.couples;
            let ids = next.ids.iter();
            all.ids.extend(ids.map(|id| id + (cohort << 32)));
            for (to, from) in all.columns.iter_mut().zip(next.columns) {
                to.extend(from);
            }
            all.ends.extend(next.ends);
        }
        all
    }

    /// A column of persons' days; empty where there is none of this name.
    pub(crate) fn column(&self, name: &str) -> &[f64] {
        self.schema
            .position(name)
            .map_or(&[], |position| &self.columns[position])
    }

    /// The couples' days of a column.
    pub(crate) fn diary(&self, column: &[f64]) -> Vec<Diary> {
        let couples = column.chunks_exact(2 * self.days.max(1));
        couples
            .map(|couple| {
                let (a, b) = couple.split_at(self.days);
                [a.to_vec(), b.to_vec()]
            })
            .collect()
    }
}

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
    /// stays missing. The scale has its reliability for these states.
    pub(crate) fn diary(&self, states: &[f64], scale: &Scale, instrument: u64) -> Vec<Diary> {
        let known: RunningMoments = states.iter().copied().filter(|x| x.is_finite()).collect();
        self.each_day(
            states,
            scale,
            scale.item_error(known.variance()),
            instrument,
        )
    }

    /// Scores states on a scale, every day, by items that err by `error`.
    pub(crate) fn each_day(
        &self,
        states: &[f64],
        scale: &Scale,
        error: f64,
        instrument: u64,
    ) -> Vec<Diary> {
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
        self.scores(&first, scale, error, instrument, 0)
    }

    /// Scores states on a scale, on the last day only, by items that err by `error`. Persons have the same
    /// response style on every occasion, and errors of its own on each day.
    pub(crate) fn last_day(
        &self,
        states: &[f64],
        scale: &Scale,
        error: f64,
        instrument: u64,
    ) -> Vec<Dyad> {
        let days = self.panel.days;
        let last: Vec<f64> = states
            .iter()
            .skip(days - 1)
            .step_by(days)
            .copied()
            .collect();
        self.scores(&last, scale, error, instrument, self.panel.length as u64)
    }

    /// Scores one state of each person.
    fn scores(
        &self,
        states: &[f64],
        scale: &Scale,
        error: f64,
        instrument: u64,
        day: u64,
    ) -> Vec<Dyad> {
        let couples = states.chunks_exact(2).enumerate();
        couples
            .map(|(couple, states)| {
                [0, 1].map(|person| {
                    let voice = self.voice(couple, person);
                    let rng = &mut voice.rng(instrument, day);
                    scale.score(states[person], voice.style(), error, rng)
                })
            })
            .collect()
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

    /// Asks each person about each day; `answer` gets the day's number and the person's style.
    pub(crate) fn ask(
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::diagnostic::{Code, Diagnostic};
    use crate::validate::laboratory::{DATING, Laboratory, POPULATIONS};
    use crate::validate::samples::{Diaries, Instruments};
    use std::collections::BTreeSet;

    fn dating(seed: u64) -> Panel {
        Laboratory::new(200, seed)
            .simulate(DATING, &[])
            .expect("no overrides")
    }

    #[test]
    fn a_panel_holds_whole_days_of_couples_who_last() {
        let panel = dating(1);
        assert_eq!(panel.days, 14);
        assert_eq!(panel.ends.len(), 200);
        // Couples who separate at the end of the last day have simulated all of it.
        let last = panel.column("day")[13];
        let lasting = panel
            .ends
            .iter()
            .filter(|end| end.is_nan() || **end >= last)
            .count();
        assert_eq!(panel.couples, lasting);
        assert!(panel.couples > 20, "{} couples", panel.couples);
        let trust = panel.column("trust");
        assert_eq!(trust.len(), panel.couples * 2 * panel.days);
        let days = panel.column("day");
        assert!(days[..14].windows(2).all(|pair| pair[1] == pair[0] + 1.0));
        assert_eq!(days[0], days[14]);
        assert_eq!(panel.column("luck"), [0.0; 0]);
        let diary = panel.diary(trust);
        assert_eq!(diary.len(), panel.couples);
        assert_eq!(diary[1][1][2], trust[28 + 14 + 2]);
    }

    #[test]
    fn joined_panels_keep_all_couples_apart() {
        let (one, two) = (dating(1), dating(2));
        let (first, second) = (one.couples, two.couples);
        let starts = [one.column("trust")[0], two.column("trust")[0]];
        let ids: Vec<u64> = one.ids.clone();
        let all = Panel::joined(vec![one, two]);
        assert_eq!(all.couples, first + second);
        assert_eq!(all.ends.len(), 400);
        let distinct: BTreeSet<u64> = all.ids.iter().copied().collect();
        assert_eq!(distinct.len(), all.couples);
        assert_eq!(all.ids[..first], ids);
        let trust = all.column("trust");
        assert_eq!([trust[0], trust[first * 28]], starts);
    }

    #[test]
    fn missed_days_are_missing_from_reports_and_from_nothing_else() {
        let panel = dating(1);
        let by = |missed| Instruments {
            missed,
            ..Instruments::default()
        };
        let (full, half) = (
            Diaries::of(&panel, &by(0.0), 1),
            Diaries::of(&panel, &by(0.5), 1),
        );
        let days =
            |diary: &[Diary]| -> Vec<f64> { diary.iter().flatten().flatten().copied().collect() };
        let (all, some) = (days(&full.satisfaction), days(&half.satisfaction));
        assert!(all.iter().all(|value| value.is_finite()));
        let missing = some.iter().filter(|value| value.is_nan()).count();
        let share = missing as f64 / some.len() as f64;
        assert!((share - 0.5).abs() < 0.05, "{share}");
        for ((whole, part), conflict) in all.iter().zip(&some).zip(days(&half.conflict)) {
            assert_eq!(part.is_nan(), conflict.is_nan());
            assert!(part.is_nan() || part == whole);
        }
        assert_eq!(full.trust, half.trust);
        let bits = |diary: &[Diary]| days(diary).iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        assert_eq!(
            bits(&full.received),
            bits(&half.received),
            "observers miss no day"
        );
    }

    #[test]
    fn answers_do_not_depend_on_other_measures() {
        let panel = dating(1);
        let respondents = PanelRespondents::of(&panel, 7);
        let scale = Instruments::default().scale(3, 0.85);
        let ask =
            |name: &str, number| respondents.questionnaire(panel.column(name), &scale, number);
        let (trust, intimacy) = (ask("trust", 1), ask("intimacy", 2));
        assert_eq!(
            (ask("intimacy", 2), ask("trust", 1)),
            (intimacy, trust.clone())
        );
        assert_ne!(ask("trust", 3), trust, "another instrument errs otherwise");
        let other = PanelRespondents::of(&panel, 8).questionnaire(panel.column("trust"), &scale, 1);
        assert_ne!(other, trust, "another seed errs otherwise");
        // Within the scale, and in its steps.
        for score in trust.iter().flatten() {
            assert!((0.0..=1.0).contains(score));
            let steps = score * 18.0;
            assert!((steps - steps.round()).abs() < 1e-9, "{score}");
        }
    }

    #[test]
    fn populations_share_no_random_numbers_and_warn_of_nothing() {
        let mut seeds = BTreeSet::new();
        for seed in [1, 2] {
            let lab = Laboratory::new(200, seed);
            for population in POPULATIONS {
                let scenario = lab.scenario(*population, &[]).expect(population.name);
                assert!(seeds.insert(scenario.config().seed), "{}", population.name);
                // Some studies ask for a conflict in every moment, by a rate above the ceiling.
                let meant = |warning: &Diagnostic| warning.code == Code::AboveCeiling;
                assert!(
                    scenario.warnings().list().iter().all(meant),
                    "{}",
                    scenario.warnings()
                );
            }
        }
    }
}
