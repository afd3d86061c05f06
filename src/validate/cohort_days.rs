//! A cohort day by day, for studies with a diary or one questionnaire: the couples who are together at the
//! end, and their measurements (scores of scales and reports of events) with their errors.

use crate::rng::{Key, StreamKind};
use crate::runner::{Cancelled, Control, Plan, run};
use crate::simd::backend::Backend;
use crate::simulation::config::SimulationConfig;
use crate::simulation::survey::instrument::{Attendance, Report, Respondent, Scale};
use crate::simulation::{BlockOutcome, BlockTable, DayRows, days_schema};
use crate::stats::dyads::{Diary, Dyad};
use crate::stats::summary::RunningMoments;
use crate::table::{Batch, Schema, Values};
use rand_chacha::ChaCha8Rng;

/// The days of a cohort's couples.
#[derive(Debug)]
pub(crate) struct CohortDays {
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

struct DayCollector {
    /// Days of the study in each couple's rows.
    days: usize,
    columns: Vec<Vec<f64>>,
    ids: Vec<u64>,
    ends: Vec<f64>,
    steps_per_day: f64,
}

impl DayCollector {
    /// Takes the outcome of the next block.
    fn take(&mut self, outcome: BlockOutcome) {
        let ends = outcome.ends.iter();
        let steps = self.steps_per_day;
        self.ends
            .extend(ends.map(|end| end.map_or(f64::NAN, |step| step as f64 / steps)));
        self.push(&outcome.tables[BlockTable::Days]);
    }

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

impl CohortDays {
    /// Simulates a cohort and keeps the days that its configuration records; if cancelled, those of some
    /// couples only.
    pub(crate) fn simulate(config: SimulationConfig, control: &Control) -> CohortDays {
        let plan = Plan::new(config);
        let config = &plan.prepared().config;
        let schema = days_schema("days");
        let days = match config.record.days {
            DayRows::None => 0,
            _ => (config.size.days + 1).saturating_sub(config.record.days_from) as usize,
        };
        let length = f64::from(config.size.days);
        let mut rows = DayCollector {
            days,
            columns: vec![Vec::new(); schema.columns.len()],
            ids: Vec::new(),
            ends: Vec::new(),
            steps_per_day: f64::from(config.size.steps_per_day),
        };
        let take = |outcome| rows.take(outcome);
        // A cancelled cohort keeps what there is of it.
        let (Ok(_) | Err(Cancelled)) = run(&plan, Backend::best(), false, control, take);
        CohortDays {
            schema,
            couples: rows.ids.len(),
            days,
            ids: rows.ids,
            columns: rows.columns,
            ends: rows.ends,
            length,
        }
    }

    /// Keeps some couples, by their numbers in the whole cohort. Those that it does not know of are left out.
    pub(crate) fn retain(&mut self, kept: &[bool]) {
        let is_kept = |couple: u64| kept.get(couple as usize) == Some(&true);
        let width = 2 * self.days;
        for column in &mut self.columns {
            let couples = self.ids.iter().zip(column.chunks_exact(width.max(1)));
            let those = couples.filter(|(id, _)| is_kept(**id));
            *column = those.flat_map(|(_, rows)| rows).copied().collect();
        }
        self.ids.retain(|id| is_kept(*id));
        self.couples = self.ids.len();
        let ends = (0..).zip(&self.ends);
        self.ends = ends
            .filter(|(couple, _)| is_kept(*couple))
            .map(|(_, end)| *end)
            .collect();
    }

    /// Joins cohorts that were studied for as many days; each couple keeps a number of
    /// its own.
    pub(crate) fn joined(cohorts: Vec<CohortDays>) -> CohortDays {
        let mut cohorts = cohorts.into_iter();
        let mut all = cohorts.next().expect("at least one cohort");
        for (number, next) in (1..).zip(cohorts) {
            debug_assert_eq!(all.days, next.days);
            all.couples += next.couples;
            let ids = next.ids.iter();
            all.ids.extend(ids.map(|id| id + (number << 32)));
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

/// The respondents of a cohort.
#[derive(Debug)]
pub(crate) struct CohortRespondents<'a> {
    cohort: &'a CohortDays,
    key: Key,
}

impl<'a> CohortRespondents<'a> {
    /// The respondents of a cohort; the seed is that of their errors.
    pub(crate) fn of(cohort: &'a CohortDays, seed: u64) -> CohortRespondents<'a> {
        let key = Key::new(seed, 0, 0, StreamKind::Measurement);
        CohortRespondents { cohort, key }
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
        let first: Vec<f64> = states.iter().step_by(self.cohort.days).copied().collect();
        let known: RunningMoments = first.iter().copied().collect();
        let error = scale.item_error(known.variance());
        self.scores(&first, scale, error, instrument, 0)
    }

    /// Scores states on a scale, on the last day only, by items that err by `error`. Persons have the same
    /// response style on every occasion, and its own errors on each day.
    pub(crate) fn last_day(
        &self,
        states: &[f64],
        scale: &Scale,
        error: f64,
        instrument: u64,
    ) -> Vec<Dyad> {
        let days = self.cohort.days;
        let last: Vec<f64> = states
            .iter()
            .skip(days - 1)
            .step_by(days)
            .copied()
            .collect();
        self.scores(&last, scale, error, instrument, self.cohort.length as u64)
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
        self.ask(self.cohort.column("stress"), instrument, |_, _, rng| {
            f64::from(u8::from(attendance.attends(rng)))
        })
    }

    fn voice(&self, couple: usize, person: usize) -> Respondent<'_> {
        Respondent {
            key: &self.key,
            couple: self.cohort.ids[couple],
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
        let days = self.cohort.days;
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

    fn dating(seed: u64) -> CohortDays {
        Laboratory::new(200, seed)
            .simulate(DATING, &[])
            .expect("no overrides")
    }

    #[test]
    fn a_panel_holds_whole_days_of_couples_who_last() {
        let cohort = dating(1);
        assert_eq!(cohort.days, 14);
        assert_eq!(cohort.ends.len(), 200);
        // Couples who separate at the end of the last day have simulated all of it.
        let last = cohort.column("day")[13];
        let lasting = cohort
            .ends
            .iter()
            .filter(|end| end.is_nan() || **end >= last)
            .count();
        assert_eq!(cohort.couples, lasting);
        assert!(cohort.couples > 20, "{} couples", cohort.couples);
        let trust = cohort.column("trust");
        assert_eq!(trust.len(), cohort.couples * 2 * cohort.days);
        let days = cohort.column("day");
        assert!(days[..14].windows(2).all(|pair| pair[1] == pair[0] + 1.0));
        assert_eq!(days[0], days[14]);
        assert_eq!(cohort.column("luck"), [0.0; 0]);
        let diary = cohort.diary(trust);
        assert_eq!(diary.len(), cohort.couples);
        assert_eq!(diary[1][1][2], trust[28 + 14 + 2]);
    }

    #[test]
    fn some_couples_keep_all_that_was_theirs() {
        let (whole, mut part) = (dating(1), dating(1));
        // Every third couple, and none of the last, of whom nothing is said.
        let kept: Vec<bool> = (0..150).map(|couple| couple % 3 == 0).collect();
        part.retain(&kept);
        let is_kept = |id: &u64| kept.get(*id as usize) == Some(&true);
        assert_eq!(
            part.couples,
            whole.ids.iter().copied().filter(is_kept).count()
        );
        assert!(part.ids.iter().all(is_kept));
        assert_eq!(part.ends.len(), 50);
        for (couple, end) in part.ends.iter().enumerate() {
            assert_eq!(end.to_bits(), whole.ends[3 * couple].to_bits());
        }
        let trust = whole.column("trust").chunks_exact(28);
        let those = whole.ids.iter().zip(trust).filter(|(id, _)| is_kept(id));
        let those: Vec<f64> = those.flat_map(|(_, days)| days).copied().collect();
        assert_eq!(part.column("trust"), those);
    }

    #[test]
    fn joined_panels_keep_all_couples_apart() {
        let (one, two) = (dating(1), dating(2));
        let (first, second) = (one.couples, two.couples);
        let starts = [one.column("trust")[0], two.column("trust")[0]];
        let ids: Vec<u64> = one.ids.clone();
        let all = CohortDays::joined(vec![one, two]);
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
        let cohort = dating(1);
        let by = |missed| Instruments {
            missed,
            ..Instruments::default()
        };
        let (full, half) = (
            Diaries::of(&cohort, &by(0.0), 1),
            Diaries::of(&cohort, &by(0.5), 1),
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
        let cohort = dating(1);
        let respondents = CohortRespondents::of(&cohort, 7);
        let scale = Instruments::default().scale(3, 0.85);
        let ask =
            |name: &str, number| respondents.questionnaire(cohort.column(name), &scale, number);
        let (trust, intimacy) = (ask("trust", 1), ask("intimacy", 2));
        assert_eq!(
            (ask("intimacy", 2), ask("trust", 1)),
            (intimacy, trust.clone())
        );
        assert_ne!(ask("trust", 3), trust, "another instrument errs otherwise");
        let other =
            CohortRespondents::of(&cohort, 8).questionnaire(cohort.column("trust"), &scale, 1);
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
