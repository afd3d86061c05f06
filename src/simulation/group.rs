//! A group: the couples of one lane, lived together from the first day to the last.

use super::bins::OpenBins;
use super::block::BlockOutcome;
use super::course::Course;
use super::moments::{self, Sight};
use super::rows::{DaySight, End, Name, couple_row, day_row, days_header};
use super::schedule::Epoch;
use crate::foundation::chance::{BLOCK_WORDS, Drawn, Key};
use crate::foundation::lane::{Lane, Mask};
use crate::foundation::table::Batch;
use crate::model::partner::{Partner, STATES, TRAITS};
use crate::model::purposes::Draws;
use crate::model::witness::Tally;
use crate::model::{Couple, Departure, State, Traits, step};
use std::ops::Range;

/// How one couple of a group ended.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Ending {
    /// Step of the break-up, from 1.
    step: u64,
    /// Who left, as a position in [`LEAVERS`](super::rows::LEAVERS).
    left: u8,
    /// The couple as it was then.
    couple: Couple<f64>,
}

pub(super) struct Group<L: Drawn> {
    replicate: u32,
    couples: Range<u64>,
    born: Couple<L>,
    now: Couple<L>,
    together: Vec<bool>,
    /// The same as a mask, in which places without a couple are empty.
    present: L::Mask,
    endings: Vec<Option<Ending>>,
    /// Trust and intimacy of each couple when the current move in the plane began.
    began: Vec<[f64; 2]>,
    /// Day rows of each couple that is kept.
    diaries: Vec<Batch>,
}

impl<L: Drawn> Group<L> {
    /// Gathers the couples of a range, at most as many as the lane holds.
    pub(super) fn born(
        course: &Course,
        replicate: u32,
        couples: Range<u64>,
        mut origin: impl FnMut(u64) -> Couple<f64>,
    ) -> Group<L> {
        let count = (couples.end - couples.start) as usize;
        let mut born = Couple::<L>::usual();
        for (lane, couple) in couples.clone().enumerate() {
            write(&mut born, lane, &origin(couple));
        }
        let record = &course.world.record;
        let tells = |couple| replicate == 0 && couple < record.stories;
        let diary = |couple| {
            if record.days.keeps(couple) || tells(couple) {
                Batch::empty(&days_header("days"))
            } else {
                Batch {
                    columns: Vec::new(),
                }
            }
        };
        let mut group = Group {
            replicate,
            born,
            now: born,
            together: vec![true; count],
            present: mask::<L>(&vec![true; count]),
            endings: vec![None; count],
            began: Vec::new(),
            diaries: couples.clone().map(diary).collect(),
            couples,
        };
        group.began = group.plane();
        group
    }

    /// Lives all days.
    #[inline(always)]
    pub(super) fn live(
        &mut self,
        course: &Course,
        life: &Key,
        outcome: &mut BlockOutcome,
        mut bins: Option<&mut OpenBins>,
    ) {
        let size = course.world.size;
        let mut source = L::open(life, self.couples.start);
        let mut words = vec![L::ZERO; course.blocks * BLOCK_WORDS];
        let mut epochs = course.epochs.iter().peekable();
        let mut epoch: &Epoch = &course.epochs[0];
        epoch.dress(&mut self.now, &self.born);
        let mut tally = Tally::new(&epoch.rules);
        self.record(course, 0, epoch, &tally, outcome, bins.as_deref_mut());
        let mut counter = 0;
        for day in 1..=size.days {
            while let Some(next) = epochs.next_if(|next| next.from <= day) {
                epoch = next;
                epoch.dress(&mut self.now, &self.born);
            }
            let rules = &epoch.rules;
            let watched = course.slot(day).is_some() || self.keeps_diaries();
            if watched {
                tally = Tally::new(rules);
            }
            for part in 1..=size.steps_per_day {
                L::fill(&mut source, counter, &mut words);
                counter += course.blocks as u64;
                let draws = Draws::new(&words);
                let departure = if watched {
                    step(&mut self.now, &draws, rules, &mut tally)
                } else {
                    step(&mut self.now, &draws, rules, &mut ())
                };
                if part == size.steps_per_day {
                    if !course.world.schedule.blows.is_empty() {
                        let schedule = &course.world.schedule;
                        schedule.fall(day, &mut self.now, rules, &mut tally);
                    }
                    if watched {
                        self.record(course, day, epoch, &tally, outcome, bins.as_deref_mut());
                    }
                    if day % course.world.record.flow_days == 0 {
                        self.count_flow(outcome);
                    }
                }
                let at = u64::from(day - 1) * u64::from(size.steps_per_day) + u64::from(part);
                self.part(&departure, at);
            }
            if !self.together.contains(&true) {
                return;
            }
        }
    }

    fn keeps_diaries(&self) -> bool {
        self.diaries
            .iter()
            .zip(&self.together)
            .any(|(d, there)| *there && !d.columns.is_empty())
    }

    #[inline(always)]
    fn record(
        &mut self,
        course: &Course,
        day: u32,
        epoch: &Epoch,
        tally: &Tally<L>,
        outcome: &mut BlockOutcome,
        bins: Option<&mut OpenBins>,
    ) {
        if let Some(slot) = course.slot(day) {
            let sight = Sight {
                couple: &self.now,
                tally,
                rules: &epoch.rules,
                cuts: &course.world.cuts,
                together: self.present,
                count: self.together.iter().filter(|there| **there).count(),
            };
            moments::record(slot, &sight, &course.recorded, &mut outcome.moments, bins);
        }
        if day == 0 {
            return;
        }
        let sight = DaySight {
            couple: &self.now,
            tally,
            rules: &epoch.rules,
            day,
        };
        for lane in 0..self.together.len() {
            if self.together[lane] && !self.diaries[lane].columns.is_empty() {
                let name = self.name(course, lane);
                for person in 0..2 {
                    self.diaries[lane].push(day_row(name, person, lane, &sight));
                }
            }
        }
    }

    fn name(&self, course: &Course, lane: usize) -> Name {
        let couple = self.couples.start + lane as u64;
        let before = u64::from(self.replicate) * course.world.size.couples;
        Name {
            replicate: self.replicate,
            id: before + couple + 1,
        }
    }

    #[inline(always)]
    fn plane(&self) -> Vec<[f64; 2]> {
        let [a, b] = [&self.now.partners[0].state, &self.now.partners[1].state];
        let (trust, intimacy) = ((a.trust + b.trust) * 0.5, (a.intimacy + b.intimacy) * 0.5);
        (0..self.together.len())
            .map(|lane| [trust.at(lane), intimacy.at(lane)])
            .collect()
    }

    #[inline(always)]
    fn count_flow(&mut self, outcome: &mut BlockOutcome) {
        let here = self.plane();
        for (lane, to) in here.iter().enumerate() {
            if self.together[lane] {
                outcome.flow.count(self.began[lane], *to);
            }
        }
        self.began = here;
    }

    /// Notes who parted in a step, and keeps those couples as they were.
    #[inline(always)]
    fn part(&mut self, departure: &Departure<L>, at: u64) {
        let [a, b] = departure.leaves;
        if (a | b).none() {
            return;
        }
        let gone = [a, b].map(|mask| L::splat(1.0).only(mask));
        for lane in 0..self.together.len() {
            let left = gone[0].at(lane) as u8 + 2 * gone[1].at(lane) as u8;
            if left > 0 && self.together[lane] {
                self.together[lane] = false;
                self.endings[lane] = Some(Ending {
                    step: at,
                    left,
                    couple: read(&self.now, lane),
                });
            }
        }
        self.present = mask::<L>(&self.together);
    }

    /// Writes the couples' rows.
    pub(super) fn close(self, course: &Course, outcome: &mut BlockOutcome) {
        let world = &course.world;
        let rules = &course.epochs[course.epochs.len() - 1].rules;
        for lane in 0..self.together.len() {
            let ending = &self.endings[lane];
            let (last, end) = match ending {
                Some(ending) => {
                    let day = ending.step as f64 / f64::from(world.size.steps_per_day);
                    (
                        ending.couple,
                        End {
                            day,
                            left: ending.left,
                        },
                    )
                }
                None => (
                    read(&self.now, lane),
                    End {
                        day: f64::NAN,
                        left: 0,
                    },
                ),
            };
            let name = self.name(course, lane);
            let born = read(&self.born, lane);
            outcome.ends.push(ending.as_ref().map(|ending| ending.step));
            if world.record.couples {
                outcome
                    .couples
                    .push(couple_row(name, &born, &last, end, &world.cuts, rules));
            }
        }
        for (couple, diary) in self.couples.clone().zip(self.diaries) {
            if self.replicate == 0 && couple < world.record.stories {
                outcome.stories.append(diary.clone());
            }
            if world.record.days.keeps(couple) {
                outcome.days.append(diary);
            }
        }
    }
}

/// The mask of a lane's first couples; no others are there.
#[inline(always)]
fn mask<L: Lane>(there: &[bool]) -> L::Mask {
    let mut lanes = L::splat(0.0);
    for (lane, there) in there.iter().enumerate() {
        lanes.put(lane, f64::from(u8::from(*there)));
    }
    lanes.ge(L::splat(1.0))
}

/// Writes one couple into its place in a lane.
fn write<L: Lane>(lanes: &mut Couple<L>, lane: usize, couple: &Couple<f64>) {
    for (to, from) in lanes.partners.iter_mut().zip(&couple.partners) {
        for (place, value) in to.traits.fields_mut().into_iter().zip(from.traits.fields()) {
            place.put(lane, *value);
        }
        for (place, value) in to.state.fields_mut().into_iter().zip(from.state.fields()) {
            place.put(lane, *value);
        }
    }
    lanes.contact.put(lane, couple.contact);
    lanes.investment.put(lane, couple.investment);
}

/// Reads one couple from its place in a lane.
fn read<L: Lane>(lanes: &Couple<L>, lane: usize) -> Couple<f64> {
    let partner = |from: &Partner<L>| {
        let mut traits = Traits::<f64>::usual();
        let mut state = State::<f64>::usual();
        let source: [&L; TRAITS.len()] = from.traits.fields();
        for (place, value) in traits.fields_mut().into_iter().zip(source) {
            *place = value.at(lane);
        }
        let source: [&L; STATES.len()] = from.state.fields();
        for (place, value) in state.fields_mut().into_iter().zip(source) {
            *place = value.at(lane);
        }
        Partner { traits, state }
    };
    Couple {
        partners: [partner(&lanes.partners[0]), partner(&lanes.partners[1])],
        contact: lanes.contact.at(lane),
        investment: lanes.investment.at(lane),
    }
}
