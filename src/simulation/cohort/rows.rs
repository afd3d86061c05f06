//! The rows that a cohort writes.

use super::{Cohort, SeparationStep};
use crate::model::Tally;
use crate::rng::{StreamKind, VectorRng};
use crate::simulation::gather_scatter::scatter;
use crate::simulation::prepared::BlockOutcome;
use crate::simulation::schedule::Epoch;
use crate::simulation::survey::{SurveyedCouple, VectorSnapshot, answer};
use crate::simulation::tables::{BlockTable, CoupleId, CoupleRows, DaySnapshot, DayValues, EndRow};
use crate::simulation::{DayRows, TILE_SLOTS};
use crate::table::Batch;
use std::ops::Range;

impl<L: VectorRng> Cohort<'_, L> {
    /// Whether rows of a day are kept for any couple of some vectors.
    pub(crate) fn keeps_day_rows(&self, vectors: &Range<usize>, day: u32) -> bool {
        let record = &self.run.config.record;
        // Couples are kept by their numbers: if the first of a block is not, none is.
        let sampled = self.is_sampled(0);
        let kept = record.days.keeps(self.first) && day >= record.days_from;
        if !kept && !sampled {
            return false;
        }
        let first = vectors.start * L::LANES;
        let couples = self.slots.at(first, vectors.len() * L::LANES);
        couples
            .iter()
            .flatten()
            .any(|couple| !self.day_rows[*couple].columns.is_empty())
    }

    #[inline(always)]
    pub(crate) fn write_day_rows(
        &mut self,
        vector: usize,
        day: u32,
        tally: &Tally<L>,
        epoch: &Epoch,
    ) {
        if !self.keeps_day_rows(&(vector..vector + 1), day) {
            return;
        }
        let snapshot = DaySnapshot {
            couple: &self.now[vector],
            tally,
            rules: &epoch.rules,
        };
        let values = [DayValues::of(0, &snapshot), DayValues::of(1, &snapshot)];
        for lane in 0..L::LANES {
            let Some(couple) = self.slots.at(vector * L::LANES, L::LANES)[lane] else {
                continue;
            };
            let id = self.id(couple);
            let is_sampled = self.is_sampled(couple);
            let rows = &mut self.day_rows[couple];
            let kept = is_sampled || day >= self.run.config.record.days_from;
            if !rows.columns.is_empty() && kept {
                for (person, values) in values.iter().enumerate() {
                    values.write(rows, id, person, day, lane);
                }
            }
        }
    }

    /// Stores what a survey or a study asks of the couples of a vector, at the end of a step of a day.
    #[inline(always)]
    pub(crate) fn take_snapshots(
        &mut self,
        vector: usize,
        (day, part): (u32, u32),
        tally: &Tally<L>,
        epoch: &Epoch,
    ) {
        let snapshot = DaySnapshot {
            couple: &self.now[vector],
            tally,
            rules: &epoch.rules,
        };
        let snapshot = VectorSnapshot::of((day, part), &snapshot);
        for lane in 0..L::LANES {
            if let Some(couple) = self.slots.at(vector * L::LANES, L::LANES)[lane] {
                self.snapshots[couple].push(snapshot.couple(lane));
            }
        }
    }

    fn id(&self, couple: usize) -> CoupleId {
        let before = u64::from(self.replicate) * self.run.config.size.couples;
        let number = self.first + couple as u64 + 1;
        CoupleId {
            replicate: self.replicate,
            couple: number,
            number: before + number,
        }
    }

    /// Whether the couple is drawn day by day.
    fn is_sampled(&self, couple: usize) -> bool {
        self.replicate == 0 && self.first + (couple as u64) < self.run.config.record.sample_couples
    }

    /// Writes all rows, in the order of couples.
    #[inline(always)]
    pub(crate) fn close(mut self, outcome: &mut BlockOutcome) {
        let step =
            |separation: &Option<SeparationStep>| separation.map(|separation| separation.step);
        outcome.ends.extend(self.separations.iter().map(step));
        outcome.group_of.extend(&self.groups);
        self.sum_last_values(outcome);
        self.keep_couple_values(outcome);
        self.write_couples(outcome);
        self.answer_survey(outcome);
        self.write_childhoods(outcome);
        self.write_days(outcome);
        if self.run.config.record.snapshots.is_some() {
            outcome.snapshots = std::mem::take(&mut self.snapshots);
        }
    }

    fn sum_last_values(&self, outcome: &mut BlockOutcome) {
        let recorded = &self.run.recorded;
        if !recorded.last_values {
            return;
        }
        let lines = recorded.lines.len();
        let steps_per_day = u64::from(self.run.config.size.steps_per_day);
        let ends = self.separations.iter().enumerate();
        let separated = ends.filter_map(|(couple, separation)| {
            // A day is recorded at the end of its last step, before couples separate.
            let last_day = (separation.as_ref()?.step / steps_per_day) as u32;
            Some((last_day, &self.last_values[couple * lines..][..lines]))
        });
        let separated = separated.collect();
        outcome.moments.set_last_values(recorded, separated);
    }

    /// Keeps what was recorded of each couple; of separated ones the last values follow, where they are kept.
    fn keep_couple_values(&mut self, outcome: &mut BlockOutcome) {
        let recorded = &self.run.recorded;
        let mut values = std::mem::take(&mut self.values);
        if !recorded.last_values {
            outcome.values = values;
            return;
        }
        let lines = recorded.lines.len();
        let steps_per_day = u64::from(self.run.config.size.steps_per_day);
        for (couple, separation) in self.separations.iter().enumerate() {
            let Some(separation) = separation else {
                continue;
            };
            let last = &self.last_values[couple * lines..][..lines];
            for (position, day) in recorded.value_days().iter().enumerate() {
                if u64::from(*day) > separation.step / steps_per_day {
                    values.of_mut(position, couple).copy_from_slice(last);
                }
            }
        }
        outcome.values = values;
    }

    #[inline(always)]
    fn write_couples(&mut self, outcome: &mut BlockOutcome) {
        let config = &self.run.config;
        if !config.record.couples {
            return;
        }
        let mut last = std::mem::take(&mut self.separated);
        for (vector, now) in self.now.iter().enumerate() {
            let lanes = self.slots.at(vector * L::LANES, L::LANES);
            scatter(now, lanes, &mut last);
        }
        let end = |separation: &Option<SeparationStep>| match separation {
            Some(SeparationStep { step, left, reason }) => EndRow {
                day: *step as f64 / f64::from(config.size.steps_per_day),
                left: *left,
                reason: Some(*reason),
            },
            None => EndRow {
                day: f64::NAN,
                left: 0,
                reason: None,
            },
        };
        let ends: Vec<EndRow> = self.separations.iter().map(end).collect();
        let rows = CoupleRows {
            first: self.id(0),
            initial: &self.initial.couples,
            childhoods: &self.initial.childhoods,
            last: &last,
            ends: &ends,
            groups: &self.groups,
            last_day: config.size.days,
        };
        let rules = &self.run.epochs[self.run.epochs.len() - 1].rules;
        rows.write::<L>(
            &mut outcome.tables[BlockTable::Couples],
            &config.cuts,
            rules,
        );
    }

    fn answer_survey(&self, outcome: &mut BlockOutcome) {
        let Some(survey) = &self.run.config.record.survey else {
            return;
        };
        let key = self.run.key(self.replicate, StreamKind::Measurement);
        let couples = self
            .snapshots
            .iter()
            .enumerate()
            .map(|(couple, snapshots)| {
                let tile = &self.initial.couples[couple / TILE_SLOTS];
                let initial = tile.load::<f64>(couple % TILE_SLOTS);
                SurveyedCouple {
                    number: self.first + couple as u64,
                    id: self.id(couple),
                    initial_stress: initial.partners.map(|partner| partner.state.stress),
                    snapshots,
                }
            });
        outcome.reliability = answer(survey, &key, couples, &mut outcome.tables);
    }

    fn write_childhoods(&self, outcome: &mut BlockOutcome) {
        if !self.run.config.keeps_childhoods() {
            return;
        }
        let rows = &mut outcome.tables[BlockTable::Childhood];
        for couple in (0..self.initial.count).filter(|couple| self.is_sampled(*couple)) {
            self.initial.write_childhoods(couple, self.id(couple), rows);
        }
    }

    fn write_days(&mut self, outcome: &mut BlockOutcome) {
        let record = &self.run.config.record;
        let day_rows = std::mem::take(&mut self.day_rows);
        if record.days != DayRows::None {
            let rows = day_rows.iter().map(Batch::rows).sum();
            outcome.tables[BlockTable::Days].reserve(rows);
        }
        let sampled = |(couple, rows): (usize, &Batch)| {
            if self.is_sampled(couple) {
                rows.rows()
            } else {
                0
            }
        };
        let sampled = day_rows.iter().enumerate().map(sampled).sum();
        if sampled > 0 {
            outcome.tables[BlockTable::SampleCouples].reserve(sampled);
        }
        for (couple, rows) in day_rows.into_iter().enumerate() {
            let is_sampled = self.is_sampled(couple);
            let is_kept = record.days.keeps(self.first + couple as u64);
            if is_sampled && !is_kept {
                outcome.tables[BlockTable::SampleCouples].append(rows);
                continue;
            }
            if is_sampled {
                outcome.tables[BlockTable::SampleCouples].append(rows.clone());
            }
            if is_kept {
                let earlier = if is_sampled { record.days_from - 1 } else { 0 };
                let kept = rows.without_first(2 * earlier as usize);
                outcome.tables[BlockTable::Days].append(kept);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::simd::backend::Backend;
    use crate::simulation::test_support::small_config;
    use crate::simulation::{
        Block, BlockOutcome, BlockTable, DayRows, PreparedRun, couples_schema, days_schema,
        run_block,
    };
    use crate::table::{Batch, Values};

    fn simulated(days_from: u32) -> BlockOutcome {
        let mut config = small_config(40, 20);
        config.record.days = DayRows::All;
        config.record.sample_couples = 3;
        config.record.days_from = days_from;
        let block = Block {
            replicate: 0,
            index: 0,
        };
        run_block(&PreparedRun::new(config), block, Backend::best(), None)
    }

    /// The rows from a day on, as text.
    fn rows_from(rows: &Batch, day: i64) -> Vec<String> {
        let position = days_schema("days").position("day").expect("a column");
        let Values::Int(days) = &rows.columns[position] else {
            panic!("days are integers");
        };
        let later = (0..rows.rows()).filter(|row| days[*row] >= day);
        let cell = |column: &Values, row: usize| match column {
            Values::Float(v) => format!("{:?}", v[row]),
            Values::Int(v) => v[row].to_string(),
            Values::Categorical(v) => v[row].to_string(),
            Values::Str(v) => v[row].clone(),
        };
        later
            .map(|row| rows.columns.iter().map(|c| cell(c, row) + ",").collect())
            .collect()
    }

    fn ints(rows: &Batch, name: &str) -> Vec<i64> {
        let position = couples_schema([false; 2]).position(name).expect("a column");
        match &rows.columns[position] {
            Values::Int(values) => values.clone(),
            _ => panic!("{name} has integers"),
        }
    }

    #[test]
    fn couples_are_numbered_within_their_replicate() {
        let mut config = small_config(40, 3);
        config.size.replicates = 2;
        let block = Block {
            replicate: 1,
            index: 0,
        };
        let outcome = run_block(&PreparedRun::new(config), block, Backend::best(), None);
        let rows = &outcome.tables[BlockTable::Couples];
        assert_eq!(ints(rows, "replicate"), [2; 40]);
        assert_eq!(ints(rows, "couple"), (1..=40).collect::<Vec<_>>());
        assert_eq!(ints(rows, "couple_id"), (41..=80).collect::<Vec<_>>());
    }

    #[test]
    fn couples_that_stay_are_censored_at_the_last_day() {
        let mut config = small_config(64, 60);
        config.parameters.outside_rate = 0.01;
        let block = Block {
            replicate: 0,
            index: 0,
        };
        let outcome = run_block(&PreparedRun::new(config), block, Backend::best(), None);
        let rows = &outcome.tables[BlockTable::Couples];
        let floats = |name: &str| {
            let position = couples_schema([false; 2]).position(name).expect("a column");
            match &rows.columns[position] {
                Values::Float(values) => values.clone(),
                _ => panic!("{name} has numbers"),
            }
        };
        let (ended, status) = (ints(rows, "ended"), ints(rows, "status"));
        assert_eq!(ended, status);
        assert!(status.contains(&0) && status.contains(&1), "{status:?}");
        for ((end, time), status) in floats("end_day").iter().zip(floats("time")).zip(status) {
            assert_eq!(time, if status == 1 { *end } else { 60.0 });
        }
    }

    #[test]
    fn days_from_omits_earlier_days_and_changes_no_row() {
        let (all, late) = (simulated(1), simulated(15));
        let rows = rows_from(&late.tables[BlockTable::Days], 1);
        assert!(rows.len() > 2 * 30 * 6, "{}", rows.len());
        assert!(rows.len() < rows_from(&all.tables[BlockTable::Days], 1).len() / 3);
        assert!(rows == rows_from(&all.tables[BlockTable::Days], 15));
        assert!(
            rows_from(&late.tables[BlockTable::SampleCouples], 1)
                == rows_from(&all.tables[BlockTable::SampleCouples], 1)
        );
        assert!(!rows_from(&late.tables[BlockTable::SampleCouples], 1).is_empty());
    }
}
