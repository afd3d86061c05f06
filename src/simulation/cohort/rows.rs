//! The rows that a cohort leaves: a person's day, and a couple.

use super::{Cohort, Ending};
use crate::model::observer::Tally;
use crate::rng::{StreamKind, VectorRng};
use crate::simulation::DayRows;
use crate::simulation::ROW;
use crate::simulation::block::BlockOutcome;
use crate::simulation::gather_scatter::scatter;
use crate::simulation::rows::{CoupleRows, DayNumbers, DaySight, End, Name};
use crate::simulation::schedule::Epoch;
use crate::simulation::survey::{Respondents, Sight, answer};
use crate::table::Batch;
use std::ops::Range;

impl<L: VectorRng> Cohort<'_, L> {
    /// Whether rows of a day are kept of any couple of some lanes.
    pub(crate) fn keeps_diaries(&self, lanes: &Range<usize>, day: u32) -> bool {
        let record = &self.course.config.record;
        let tells = record.sample_couples > 0 && self.replicate == 0;
        let diaries = record.days != DayRows::None && day >= record.days_from;
        if !diaries && !tells {
            return false;
        }
        let seats = lanes.start * L::LANES;
        let couples = self.seats.at(seats, lanes.len() * L::LANES);
        couples
            .iter()
            .flatten()
            .any(|couple| !self.diaries[*couple].columns.is_empty())
    }

    #[inline(always)]
    pub(crate) fn note_day(&mut self, lane: usize, day: u32, tally: &Tally<L>, epoch: &Epoch) {
        if !self.keeps_diaries(&(lane..lane + 1), day) {
            return;
        }
        let sight = DaySight {
            couple: &self.now[lane],
            tally,
            rules: &epoch.rules,
        };
        let numbers = [DayNumbers::of(0, &sight), DayNumbers::of(1, &sight)];
        for place in 0..L::LANES {
            let Some(couple) = self.seats.at(lane * L::LANES, L::LANES)[place] else {
                continue;
            };
            let name = self.name(couple);
            let record = &self.course.config.record;
            let number = self.first + couple as u64;
            let tells = self.replicate == 0 && number < record.sample_couples;
            let diary = &mut self.diaries[couple];
            if !diary.columns.is_empty() && (tells || day >= record.days_from) {
                for (person, numbers) in numbers.iter().enumerate() {
                    numbers.write(diary, name, person, day, place);
                }
            }
        }
    }

    /// Sees the couples of a lane as survey does.
    #[inline(always)]
    pub(crate) fn see_day(&mut self, lane: usize, day: u32, tally: &Tally<L>, epoch: &Epoch) {
        let sight = DaySight {
            couple: &self.now[lane],
            tally,
            rules: &epoch.rules,
        };
        let sight = Sight::of(day, &sight);
        for place in 0..L::LANES {
            if let Some(couple) = self.seats.at(lane * L::LANES, L::LANES)[place] {
                self.seen[couple].push(sight.at(place));
            }
        }
    }

    pub(crate) fn name(&self, couple: usize) -> Name {
        let before = u64::from(self.replicate) * self.course.config.size.couples;
        Name {
            replicate: self.replicate,
            id: before + self.first + couple as u64 + 1,
        }
    }

    /// Writes the couples' rows, in the order of couples.
    #[inline(always)]
    pub(crate) fn close(mut self, outcome: &mut BlockOutcome) {
        let config = &self.course.config;
        let rules = &self.course.epochs[self.course.epochs.len() - 1].rules;
        let step = |ending: &Option<Ending>| ending.as_ref().map(|ending| ending.step);
        outcome.ends.extend(self.endings.iter().map(step));
        if config.record.couples {
            let mut last = std::mem::take(&mut self.parted);
            for (lane, now) in self.now.iter().enumerate() {
                scatter(now, self.seats.at(lane * L::LANES, L::LANES), &mut last);
            }
            let end = |ending: &Option<Ending>| match ending {
                Some(Ending { step, left }) => End {
                    day: *step as f64 / f64::from(config.size.steps_per_day),
                    left: *left,
                },
                None => End {
                    day: f64::NAN,
                    left: 0,
                },
            };
            let ends: Vec<End> = self.endings.iter().map(end).collect();
            let rows = CoupleRows {
                first: self.name(0),
                born: &self.born.couples,
                childhoods: &self.born.childhoods,
                last: &last,
                ends: &ends,
            };
            rows.write::<L>(&mut outcome.couples, &config.cuts, rules);
        }
        outcome.answers = config.record.survey.as_ref().map(|work| {
            let key = self.course.key(self.replicate, StreamKind::Measurement);
            let respondents = |(couple, seen)| Respondents {
                number: self.first + couple as u64,
                name: self.name(couple),
                stress: self.born.couples[couple / ROW]
                    .lane::<f64>(couple % ROW)
                    .partners
                    .map(|partner| partner.state.stress),
                seen,
            };
            let seen = self.seen.iter().map(Vec::as_slice);
            answer(work, &key, seen.enumerate().map(respondents))
        });
        if self.replicate == 0 && config.keeps_childhoods() {
            for (position, couple) in (self.first..).take(self.born.count).enumerate() {
                if couple < config.record.sample_couples {
                    self.born
                        .write(position, self.name(position), &mut outcome.childhoods);
                }
            }
        }
        let diaries = std::mem::take(&mut self.diaries);
        if config.record.days != DayRows::None {
            outcome.days.reserve(diaries.iter().map(Batch::rows).sum());
        }
        for (couple, diary) in (self.first..).zip(diaries) {
            if self.replicate == 0 && couple < config.record.sample_couples {
                outcome.sample_couples.append(diary.clone());
            }
            if config.record.days.keeps(couple) {
                let told = self.replicate == 0 && couple < config.record.sample_couples;
                let before = if told { config.record.days_from - 1 } else { 0 };
                outcome
                    .days
                    .append(diary.without_first(2 * before as usize));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::simd::backend::Backend;
    use crate::simulation::test_support::small_config;
    use crate::simulation::{Block, BlockOutcome, DayRows, PreparedRun, run_block};
    use crate::table::{Batch, Values};

    fn lived(days_from: u32) -> BlockOutcome {
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

    /// The rows of days from one on; the day is the sixth column.
    fn from(rows: &Batch, day: i64) -> Vec<String> {
        let Values::Int(days) = &rows.columns[5] else {
            panic!("days are whole numbers");
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

    #[test]
    fn days_that_are_kept_from_a_later_day_on_are_those_of_all_days() {
        let (all, late) = (lived(1), lived(15));
        let rows = from(&late.days, 1);
        assert!(rows.len() > 2 * 30 * 6, "{}", rows.len());
        assert!(rows.len() < from(&all.days, 1).len() / 3);
        assert!(rows == from(&all.days, 15));
        assert!(from(&late.sample_couples, 1) == from(&all.sample_couples, 1));
        assert!(!from(&late.sample_couples, 1).is_empty());
    }
}
