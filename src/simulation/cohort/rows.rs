//! The rows that a cohort leaves: a person's day, and a couple.

use super::{Cohort, Ending};
use crate::foundation::chance::{Drawn, Realm};
use crate::foundation::table::Batch;
use crate::model::witness::Tally;
use crate::simulation::DayRows;
use crate::simulation::ROW;
use crate::simulation::block::BlockOutcome;
use crate::simulation::fieldwork::{Respondents, Sight, answer};
use crate::simulation::lanes::scatter;
use crate::simulation::rows::{CoupleRows, DayNumbers, DaySight, End, Name};
use crate::simulation::schedule::Epoch;
use std::ops::Range;

impl<L: Drawn> Cohort<'_, L> {
    /// Whether rows of a day are kept of any couple of some lanes.
    pub(super) fn keeps_diaries(&self, lanes: &Range<usize>, day: u32) -> bool {
        let record = &self.course.world.record;
        let tells = record.stories > 0 && self.replicate == 0;
        let diaries = record.days != DayRows::None && day >= record.days_from;
        if !diaries && !tells {
            return false;
        }
        let seats = lanes.start * L::WIDTH;
        let couples = self.seats.at(seats, lanes.len() * L::WIDTH);
        couples
            .iter()
            .flatten()
            .any(|couple| !self.diaries[*couple].columns.is_empty())
    }

    #[inline(always)]
    pub(super) fn note_day(&mut self, lane: usize, day: u32, tally: &Tally<L>, epoch: &Epoch) {
        if !self.keeps_diaries(&(lane..lane + 1), day) {
            return;
        }
        let sight = DaySight {
            couple: &self.now[lane],
            tally,
            rules: &epoch.rules,
        };
        let numbers = [DayNumbers::of(0, &sight), DayNumbers::of(1, &sight)];
        for place in 0..L::WIDTH {
            let Some(couple) = self.seats.at(lane * L::WIDTH, L::WIDTH)[place] else {
                continue;
            };
            let name = self.name(couple);
            let record = &self.course.world.record;
            let number = self.first + couple as u64;
            let tells = self.replicate == 0 && number < record.stories;
            let diary = &mut self.diaries[couple];
            if !diary.columns.is_empty() && (tells || day >= record.days_from) {
                for (person, numbers) in numbers.iter().enumerate() {
                    numbers.write(diary, name, person, day, place);
                }
            }
        }
    }

    /// Sees the couples of a lane as fieldwork does.
    #[inline(always)]
    pub(super) fn see_day(&mut self, lane: usize, day: u32, tally: &Tally<L>, epoch: &Epoch) {
        let sight = DaySight {
            couple: &self.now[lane],
            tally,
            rules: &epoch.rules,
        };
        let sight = Sight::of(day, &sight);
        for place in 0..L::WIDTH {
            if let Some(couple) = self.seats.at(lane * L::WIDTH, L::WIDTH)[place] {
                self.seen[couple].push(sight.at(place));
            }
        }
    }

    pub(super) fn name(&self, couple: usize) -> Name {
        let before = u64::from(self.replicate) * self.course.world.size.couples;
        Name {
            replicate: self.replicate,
            id: before + self.first + couple as u64 + 1,
        }
    }

    /// Writes the couples' rows, in the order of couples.
    #[inline(always)]
    pub(in crate::simulation) fn close(mut self, outcome: &mut BlockOutcome) {
        let world = &self.course.world;
        let rules = &self.course.epochs[self.course.epochs.len() - 1].rules;
        let step = |ending: &Option<Ending>| ending.as_ref().map(|ending| ending.step);
        outcome.ends.extend(self.endings.iter().map(step));
        if world.record.couples {
            let mut last = std::mem::take(&mut self.parted);
            for (lane, now) in self.now.iter().enumerate() {
                scatter(now, self.seats.at(lane * L::WIDTH, L::WIDTH), &mut last);
            }
            let end = |ending: &Option<Ending>| match ending {
                Some(Ending { step, left }) => End {
                    day: *step as f64 / f64::from(world.size.steps_per_day),
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
            rows.write::<L>(&mut outcome.couples, &world.cuts, rules);
        }
        outcome.answers = world.record.fieldwork.as_ref().map(|work| {
            let key = self.course.key(self.replicate, Realm::Measurement);
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
        if self.replicate == 0 && world.keeps_childhoods() {
            for (position, couple) in (self.first..).take(self.born.count).enumerate() {
                if couple < world.record.stories {
                    self.born
                        .write(position, self.name(position), &mut outcome.childhoods);
                }
            }
        }
        let diaries = std::mem::take(&mut self.diaries);
        if world.record.days != DayRows::None {
            outcome.days.reserve(diaries.iter().map(Batch::rows).sum());
        }
        for (couple, diary) in (self.first..).zip(diaries) {
            if self.replicate == 0 && couple < world.record.stories {
                outcome.stories.append(diary.clone());
            }
            if world.record.days.keeps(couple) {
                let told = self.replicate == 0 && couple < world.record.stories;
                let before = if told { world.record.days_from - 1 } else { 0 };
                outcome
                    .days
                    .append(diary.without_first(2 * before as usize));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::foundation::table::{Batch, Values};
    use crate::simulation::testing::small_world;
    use crate::simulation::{Block, BlockOutcome, Course, DayRows, Engine, run_block};

    fn lived(days_from: u32) -> BlockOutcome {
        let mut world = small_world(40, 20);
        world.record.days = DayRows::All;
        world.record.stories = 3;
        world.record.days_from = days_from;
        let block = Block {
            replicate: 0,
            index: 0,
        };
        run_block(&Course::new(world), block, Engine::best(), None)
    }

    /// The rows of days from one on; the day is the sixth column.
    fn from(rows: &Batch, day: i64) -> Vec<String> {
        let Values::Whole(days) = &rows.columns[5] else {
            panic!("days are whole numbers");
        };
        let later = (0..rows.rows()).filter(|row| days[*row] >= day);
        let cell = |column: &Values, row: usize| match column {
            Values::Real(v) => format!("{:?}", v[row]),
            Values::Whole(v) => v[row].to_string(),
            Values::Word(v) => v[row].to_string(),
            Values::Text(v) => v[row].clone(),
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
        assert!(from(&late.stories, 1) == from(&all.stories, 1));
        assert!(!from(&late.stories, 1).is_empty());
    }
}
