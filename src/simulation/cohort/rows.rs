//! The rows that a cohort leaves: a person's day, and a couple.

use super::Cohort;
use crate::foundation::chance::Drawn;
use crate::foundation::table::Batch;
use crate::model::Couple;
use crate::model::witness::Tally;
use crate::simulation::DayRows;
use crate::simulation::block::BlockOutcome;
use crate::simulation::lanes::read;
use crate::simulation::rows::{DayNumbers, DaySight, End, Name, couple_row};
use crate::simulation::schedule::Epoch;
use std::ops::Range;

impl<L: Drawn> Cohort<'_, L> {
    pub(super) fn keeps_diaries(&self, lanes: &Range<usize>) -> bool {
        let record = &self.course.world.record;
        if record.days == DayRows::None && (record.stories == 0 || self.replicate > 0) {
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
        if !self.keeps_diaries(&(lane..lane + 1)) {
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
            let diary = &mut self.diaries[couple];
            if !diary.columns.is_empty() {
                for (person, numbers) in numbers.iter().enumerate() {
                    numbers.write(diary, name, person, day, place);
                }
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
        let steps: Vec<Option<u64>> = self.endings.iter().map(|e| e.map(|e| e.step)).collect();
        outcome.ends.extend(steps);
        if world.record.couples {
            let lasting = self.lasting();
            for (couple, born) in self.born.couples.iter().enumerate() {
                let (last, end) = match self.endings[couple] {
                    Some(ending) => {
                        let day = ending.step as f64 / f64::from(world.size.steps_per_day);
                        let left = ending.left;
                        (ending.couple, End { day, left })
                    }
                    None => (
                        lasting[couple],
                        End {
                            day: f64::NAN,
                            left: 0,
                        },
                    ),
                };
                let [a, b] = &self.born.childhoods;
                let childhoods = [a, b].map(|own| own.get(couple));
                let name = self.name(couple);
                let row = couple_row(name, born, childhoods, &last, end, &world.cuts, rules);
                outcome.couples.push(row);
            }
        }
        if self.replicate == 0 && world.keeps_childhoods() {
            for (position, couple) in (self.first..).take(self.born.couples.len()).enumerate() {
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
                outcome.days.append(diary);
            }
        }
    }

    /// The couples that are together, by position in the block; the others as they began.
    #[inline(always)]
    pub(super) fn lasting(&self) -> Vec<Couple<f64>> {
        let mut lasting = self.born.couples.clone();
        for (lane, now) in self.now.iter().enumerate() {
            let couples = read(now);
            for (place, couple) in self.seats.at(lane * L::WIDTH, L::WIDTH).iter().enumerate() {
                if let Some(couple) = couple {
                    lasting[*couple] = couples[place];
                }
            }
        }
        lasting
    }
}
