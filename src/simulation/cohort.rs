//! A cohort: the couples of a block, lived together from the first day to the last.
//!
//! A few days at a time, lane after lane: the states of all couples stay in a processor's first
//! cache, and so do the sums of the days at hand.

use super::bins::OpenBins;
use super::block::BlockOutcome;
use super::course::Course;
use super::ROW;
use super::lanes::{gather, plane, read, shift};
use super::moments::{Page, Sight};
use super::rows::{DayNumbers, DaySight, End, Name, couple_row};
use super::schedule::Epoch;
use super::seats::Seats;
use crate::foundation::chance::{BLOCK_WORDS, Drawn, Key};
use crate::foundation::lane::{Lane, Mask};
use crate::foundation::table::Batch;
use crate::model::purposes::Draws;
use crate::model::witness::Tally;
use crate::model::{Couple, Departure, steps};
use std::ops::Range;

/// Lanes that go through a day's phases together.
const ABREAST: usize = 4;
/// Days lived of one lane before the next lane's turn, where a day is one step.
const DAYS_AT_ONCE: u32 = 2;

/// How one couple ended.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Ending {
    /// Step of the break-up, from 1.
    step: u64,
    /// Who left, as a position in [`LEAVERS`](super::rows::LEAVERS).
    left: u8,
    /// The couple as it was then.
    couple: Couple<f64>,
}

pub(super) struct Cohort<'a, L: Drawn> {
    course: &'a Course,
    life: &'a Key,
    replicate: u32,
    /// Number of the first couple within the replicate.
    first: u64,
    /// The couples as they began, by position in the block, as all that follows.
    born: Vec<Couple<f64>>,
    endings: Vec<Option<Ending>>,
    /// Trust and intimacy when the current move in the plane began.
    began: Vec<[f64; 2]>,
    /// Day rows, without columns where they are not kept.
    diaries: Vec<Batch>,
    seats: Seats,
    /// The couples as they are, by lane, as all that follows.
    now: Vec<Couple<L>>,
    sources: Vec<L::Source>,
    /// Which places of a lane have a couple.
    present: Vec<L::Mask>,
}

/// Days that are lived lane by lane, under one epoch's rules.
struct Stretch<'e> {
    days: Range<u32>,
    epoch: &'e Epoch,
    /// Whether couples' moves in the plane end with it.
    flows: bool,
}

/// What is written on while a stretch is lived.
struct Desk<L: Lane> {
    words: Vec<L::Word>,
    /// For each day of a stretch.
    pages: Vec<Page<L>>,
    /// Couples with their trust and intimacy at a stretch's end, by seat.
    arrived: Vec<Option<(usize, [f64; 2])>>,
}

impl<'a, L: Drawn> Cohort<'a, L> {
    /// Gathers the couples of a block.
    #[inline(always)]
    pub(super) fn born(
        course: &'a Course,
        life: &'a Key,
        replicate: u32,
        first: u64,
        born: Vec<Couple<f64>>,
    ) -> Cohort<'a, L> {
        let record = &course.world.record;
        let tells = |couple| replicate == 0 && couple < record.stories;
        let diary = |couple: u64| {
            let mut diary = Batch {
                columns: Vec::new(),
            };
            if record.days.keeps(couple) || tells(couple) {
                diary.clone_from(&course.no_days);
                diary.reserve(2 * course.world.size.days as usize);
            }
            diary
        };
        let count = born.len();
        let mut cohort = Cohort {
            course,
            life,
            replicate,
            first,
            endings: vec![None; count],
            began: born.iter().map(plane).collect(),
            diaries: (first..).take(count).map(diary).collect(),
            seats: Seats::of(count),
            now: Vec::new(),
            sources: Vec::new(),
            present: Vec::new(),
            born,
        };
        for lane in 0..count.div_ceil(L::WIDTH) {
            let couples = cohort.seats.at(lane * L::WIDTH, L::WIDTH);
            cohort.now.push(gather(couples, &cohort.born));
            cohort.sources.push(cohort.source(lane));
            cohort.present.push(cohort.mask(lane));
        }
        cohort
    }

    /// Lives all days.
    #[inline(always)]
    pub(super) fn live(&mut self, outcome: &mut BlockOutcome, mut bins: Option<&mut OpenBins>) {
        let course = self.course;
        let size = course.world.size;
        let days_at_once = if size.steps_per_day == 1 {
            DAYS_AT_ONCE
        } else {
            1
        };
        let step_words = course.blocks * BLOCK_WORDS;
        let most = (days_at_once * size.steps_per_day) as usize * ABREAST;
        let mut desk = Desk {
            words: vec![L::ZERO; most * step_words],
            pages: (0..days_at_once)
                .map(|_| Page::new(&course.recorded))
                .collect(),
            arrived: vec![None; self.seats.rows() * ROW],
        };
        let mut epochs = course.epochs.iter().peekable();
        let mut epoch = &course.epochs[0];
        if epoch.changes_traits() {
            self.dress(epoch);
        }
        self.begin(epoch, &mut desk, outcome, bins.as_deref_mut());
        let mut day = 1;
        while day <= size.days && self.seats.taken() > 0 {
            while let Some(next) = epochs.next_if(|next| next.from <= day) {
                if next.from > 1 && (epoch.changes_traits() || next.changes_traits()) {
                    self.dress(next);
                }
                epoch = next;
            }
            let flow_day = day.next_multiple_of(course.world.record.flow_days);
            let end = (day + days_at_once)
                .min(size.days + 1)
                .min(epochs.peek().map_or(u32::MAX, |next| next.from))
                .min(flow_day.saturating_add(1));
            let stretch = Stretch {
                days: day..end,
                epoch,
                flows: end > flow_day,
            };
            self.stretch(&stretch, &mut desk, outcome, bins.as_deref_mut());
            day = end;
        }
    }

    /// Records the couples as they begin.
    #[inline(always)]
    fn begin(
        &mut self,
        epoch: &Epoch,
        desk: &mut Desk<L>,
        outcome: &mut BlockOutcome,
        mut bins: Option<&mut OpenBins>,
    ) {
        let Some(slot) = self.course.slot(0) else {
            return;
        };
        let tally = Tally::new(&epoch.rules);
        for lane in 0..self.now.len() {
            let page = &mut desk.pages[0];
            self.record(slot, lane, &tally, epoch, page, bins.as_deref_mut());
        }
        outcome.moments.together[slot] += self.seats.taken() as u64;
        desk.pages[0].close(slot, &mut outcome.moments);
    }

    #[inline(always)]
    fn stretch(
        &mut self,
        stretch: &Stretch<'_>,
        desk: &mut Desk<L>,
        outcome: &mut BlockOutcome,
        mut bins: Option<&mut OpenBins>,
    ) {
        // A couple alone in its lane gains nothing from company, and is left out once it has parted.
        let abreast = if L::WIDTH == 1 { 1 } else { ABREAST };
        let all = self.now.len();
        for first in (0..all).step_by(abreast) {
            let lanes = first..(first + abreast).min(all);
            if self.present[lanes.clone()].iter().any(|mask| !mask.none()) {
                self.abreast(lanes, stretch, desk, outcome, bins.as_deref_mut());
            }
        }
        for (page, day) in desk.pages.iter_mut().zip(stretch.days.clone()) {
            if let Some(slot) = self.course.slot(day) {
                page.close(slot, &mut outcome.moments);
            }
        }
        if stretch.flows {
            self.flow(desk, outcome);
        }
        self.close_ranks();
    }

    /// Lives the stretch's days of a few lanes.
    #[inline(always)]
    fn abreast(
        &mut self,
        lanes: Range<usize>,
        stretch: &Stretch<'_>,
        desk: &mut Desk<L>,
        outcome: &mut BlockOutcome,
        mut bins: Option<&mut OpenBins>,
    ) {
        let course = self.course;
        let (size, rules) = (course.world.size, &stretch.epoch.rules);
        let step_words = course.blocks * BLOCK_WORDS;
        let days = stretch.days.end - stretch.days.start;
        let words_each = (days * size.steps_per_day) as usize * step_words;
        let before = u64::from(stretch.days.start - 1) * u64::from(size.steps_per_day);
        for (words, source) in desk
            .words
            .chunks_exact_mut(words_each)
            .zip(&mut self.sources[lanes.clone()])
        {
            L::fill(source, before * course.blocks as u64, words);
        }
        let mut tallies = [Tally::<L>::new(rules); ABREAST];
        let mut departures = [Departure::nobody(); ABREAST];
        let mut at = before;
        for day in stretch.days.clone() {
            let slot = course.slot(day);
            let watched = slot.is_some() || self.keeps_diaries(&lanes);
            if watched {
                tallies = [Tally::new(rules); ABREAST];
            }
            for part in 1..=size.steps_per_day {
                let from = (at - before) as usize * step_words;
                let mut draws = [Draws::<L>::new(&desk.words[from..from + step_words]); ABREAST];
                for place in 1..lanes.len() {
                    let from = place * words_each + from;
                    draws[place] = Draws::new(&desk.words[from..from + step_words]);
                }
                at += 1;
                let now = &mut self.now[lanes.clone()];
                if watched {
                    steps(now, &draws, rules, &mut tallies, &mut departures);
                } else {
                    steps(now, &draws, rules, &mut [(); ABREAST], &mut departures);
                }
                for (lane, place) in lanes.clone().zip(0..ABREAST) {
                    if part == size.steps_per_day {
                        self.close_day(lane, day, stretch, &mut tallies[place]);
                        if let Some(slot) = slot {
                            let page = &mut desk.pages[(day - stretch.days.start) as usize];
                            let tally = &tallies[place];
                            outcome.moments.together[slot] += self.count(lane);
                            self.record(slot, lane, tally, stretch.epoch, page, bins.as_deref_mut());
                        }
                        if watched {
                            self.note_day(lane, day, &tallies[place], stretch.epoch);
                        }
                        if stretch.flows && day + 1 == stretch.days.end {
                            self.arrive(lane, desk);
                        }
                    }
                    self.part(lane, &departures[place], at);
                }
            }
        }
    }

    /// Lets fall what is to fall at the end of a day.
    #[inline(always)]
    fn close_day(&mut self, lane: usize, day: u32, stretch: &Stretch<'_>, tally: &mut Tally<L>) {
        let schedule = &self.course.world.schedule;
        if !schedule.blows.is_empty() {
            schedule.fall(day, &mut self.now[lane], &stretch.epoch.rules, tally);
        }
    }

    #[inline(always)]
    fn record(
        &self,
        slot: usize,
        lane: usize,
        tally: &Tally<L>,
        epoch: &Epoch,
        page: &mut Page<L>,
        bins: Option<&mut OpenBins>,
    ) {
        let seat = lane * L::WIDTH;
        let sight = Sight {
            couple: &self.now[lane],
            tally,
            rules: &epoch.rules,
            cuts: &self.course.world.cuts,
            together: self.present[lane],
            seat,
        };
        let notes = bins.map(|bins| bins.row(slot, seat / ROW));
        page.record(&sight, &self.course.recorded, notes);
    }

    fn keeps_diaries(&self, lanes: &Range<usize>) -> bool {
        let record = &self.course.world.record;
        if record.days == super::DayRows::None && (record.stories == 0 || self.replicate > 0) {
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
    fn note_day(&mut self, lane: usize, day: u32, tally: &Tally<L>, epoch: &Epoch) {
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

    fn name(&self, couple: usize) -> Name {
        let before = u64::from(self.replicate) * self.course.world.size.couples;
        Name {
            replicate: self.replicate,
            id: before + self.first + couple as u64 + 1,
        }
    }

    /// Notes where the couples of a lane are in the plane.
    #[inline(always)]
    fn arrive(&self, lane: usize, desk: &mut Desk<L>) {
        let [a, b] = self.now[lane].partners.each_ref().map(|partner| &partner.state);
        let mut stored = [[0.0; ROW]; 2];
        ((a.trust + b.trust) * 0.5).store(&mut stored[0]);
        ((a.intimacy + b.intimacy) * 0.5).store(&mut stored[1]);
        let first = lane * L::WIDTH;
        for place in 0..L::WIDTH {
            let couple = self.seats.at(first + place, 1)[0];
            desk.arrived[first + place] =
                couple.map(|couple| (couple, stored.map(|numbers| numbers[place])));
        }
    }

    /// Counts the moves in the plane that end here, seat by seat.
    fn flow(&mut self, desk: &mut Desk<L>, outcome: &mut BlockOutcome) {
        for (couple, to) in desk.arrived.iter_mut().filter_map(Option::take) {
            outcome.flow.count(self.began[couple], to);
            self.began[couple] = to;
        }
    }

    /// Notes who parted in a step, and keeps those couples as they were.
    #[inline(always)]
    fn part(&mut self, lane: usize, departure: &Departure<L>, step: u64) {
        let [a, b] = departure.leaves;
        if ((a | b) & self.present[lane]).none() {
            return;
        }
        let mut gone = [[0.0; ROW]; 2];
        L::splat(1.0).only(a).store(&mut gone[0]);
        L::splat(1.0).only(b).store(&mut gone[1]);
        for place in 0..L::WIDTH {
            let left = gone[0][place] as u8 + 2 * gone[1][place] as u8;
            let seat = lane * L::WIDTH + place;
            if left > 0
                && let Some(couple) = self.seats.at(seat, 1)[0]
            {
                self.seats.leave(seat);
                self.endings[couple] = Some(Ending {
                    step,
                    left,
                    couple: read(&self.now[lane])[place],
                });
            }
        }
        self.present[lane] = self.mask(lane);
    }

    /// Moves couples up into seats of those who parted, where that frees a row.
    #[inline(always)]
    fn close_ranks(&mut self) {
        let moves = self.seats.close_ranks();
        for &(from, to) in &moves {
            let couple = self.now[from / L::WIDTH];
            shift(
                (&couple, from % L::WIDTH),
                (&mut self.now[to / L::WIDTH], to % L::WIDTH),
            );
        }
        let lanes = self.seats.rows() * ROW / L::WIDTH;
        self.now.truncate(lanes);
        self.sources.truncate(lanes);
        self.present.truncate(lanes);
        for (_, to) in moves {
            let lane = to / L::WIDTH;
            self.sources[lane] = self.source(lane);
            self.present[lane] = self.mask(lane);
        }
    }

    #[inline(always)]
    fn source(&self, lane: usize) -> L::Source {
        let couples: Vec<Option<usize>> = self.seats.at(lane * L::WIDTH, L::WIDTH).to_vec();
        let first = couples.iter().flatten().next().copied().unwrap_or(0);
        let number = |couple: Option<usize>| self.first + couple.unwrap_or(first) as u64;
        L::open(self.life, &couples.into_iter().map(number).collect::<Vec<u64>>())
    }

    /// The places of a lane that have a couple.
    #[inline(always)]
    fn mask(&self, lane: usize) -> L::Mask {
        let mut there = L::splat(0.0);
        for (place, couple) in self.seats.at(lane * L::WIDTH, L::WIDTH).iter().enumerate() {
            there.put(place, f64::from(u8::from(couple.is_some())));
        }
        there.ge(L::splat(1.0))
    }

    /// How many couples of a lane are together.
    fn count(&self, lane: usize) -> u64 {
        let couples = self.seats.at(lane * L::WIDTH, L::WIDTH);
        couples.iter().flatten().count() as u64
    }

    /// Gives the partners the traits that hold in an epoch.
    fn dress(&mut self, epoch: &Epoch) {
        for (lane, now) in self.now.iter_mut().enumerate() {
            let born = gather(self.seats.at(lane * L::WIDTH, L::WIDTH), &self.born);
            epoch.dress(now, &born);
        }
    }

    /// Writes the couples' rows, in the order of couples.
    #[inline(always)]
    pub(super) fn close(mut self, outcome: &mut BlockOutcome) {
        let world = &self.course.world;
        let rules = &self.course.epochs[self.course.epochs.len() - 1].rules;
        let steps: Vec<Option<u64>> = self.endings.iter().map(|e| e.map(|e| e.step)).collect();
        outcome.ends.extend(steps);
        if world.record.couples {
            let lasting = self.lasting();
            for (couple, born) in self.born.iter().enumerate() {
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
                let row = couple_row(self.name(couple), born, &last, end, &world.cuts, rules);
                outcome.couples.push(row);
            }
        }
        let diaries = std::mem::take(&mut self.diaries);
        if world.record.days != super::DayRows::None {
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
    fn lasting(&self) -> Vec<Couple<f64>> {
        let mut lasting = self.born.clone();
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
