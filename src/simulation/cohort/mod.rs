//! A cohort: the couples of a block, lived together from the first day to the last.
//!
//! A few days at a time, lane after lane: the states of all couples stay in a processor's first
//! cache, and so do the sums of the days at hand.

pub mod compaction;
pub mod rows;

use super::ROW;
use super::bins::OpenBins;
use super::block::BlockOutcome;
use super::gather_scatter::{Octet, gather, plane};
use super::initial_state::Born;
use super::moments::{Page, Sight};
use super::prepared::PreparedRun;
use super::schedule::Epoch;
use super::slots::Seats;
use super::survey::Seen;
use crate::model::observer::{ConflictCounter, Tally};
use crate::model::purposes::Draws;
use crate::model::{Couple, Departure, step_interleaved};
use crate::rng::{Key, PAIR_WORDS, VectorRng};
use crate::simd::vector::{Mask, Vector};
use crate::table::Batch;
use std::ops::Range;

/// Lanes whose days are lived in turn before the next lanes': [`step_interleaved`] takes them two by two.
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
}

pub(crate) struct Cohort<'a, L: VectorRng> {
    course: &'a PreparedRun,
    life: &'a Key,
    replicate: u32,
    /// Number of the first couple within the replicate.
    first: u64,
    /// The couples as they began, by position in the block, as all that follows.
    born: Born,
    endings: Vec<Option<Ending>>,
    /// Those who parted as they were then, by position in the block; none where no row is kept of them.
    parted: Vec<Octet>,
    /// Trust and intimacy when the current move in the plane began.
    began: Vec<[f64; 2]>,
    /// Day rows, without columns where they are not kept.
    diaries: Vec<Batch>,
    /// What survey saw of each couple, day by day.
    seen: Vec<Vec<Seen>>,
    seats: Seats,
    /// The couples as they are, by lane, as all that follows.
    now: Vec<Couple<L>>,
    sources: Vec<L::Streams>,
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
struct Desk<L: Vector> {
    words: Vec<L::Word>,
    /// For each day of a stretch.
    pages: Vec<Page<L>>,
    /// Couples with their trust and intimacy at a stretch's end, by seat.
    arrived: Vec<Option<(usize, [f64; 2])>>,
}

impl<'a, L: VectorRng> Cohort<'a, L> {
    /// Gathers the couples of a block.
    #[inline(always)]
    pub(crate) fn born(
        course: &'a PreparedRun,
        life: &'a Key,
        replicate: u32,
        first: u64,
        born: Born,
    ) -> Cohort<'a, L> {
        let record = &course.config.record;
        let tells = |couple| replicate == 0 && couple < record.sample_couples;
        let diary = |couple: u64| {
            let mut diary = Batch::default();
            let from = if tells(couple) { 1 } else { record.days_from };
            if record.days.keeps(couple) || tells(couple) {
                diary.clone_from(&course.no_days);
                diary.reserve(2 * (course.config.size.days + 1).saturating_sub(from) as usize);
            }
            diary
        };
        let count = born.count;
        let kept = if record.couples { count } else { 0 };
        let mut cohort = Cohort {
            course,
            life,
            replicate,
            first,
            endings: (0..count).map(|_| None).collect(),
            parted: Octet::room(kept),
            began: vec![[0.0; 2]; count],
            diaries: (first..).take(count).map(diary).collect(),
            seen: vec![Vec::new(); count],
            seats: Seats::of(count),
            now: Vec::new(),
            sources: Vec::new(),
            present: Vec::new(),
            born,
        };
        for lane in 0..count.div_ceil(L::LANES) {
            let couples = cohort.seats.at(lane * L::LANES, L::LANES);
            let now = gather(couples, &cohort.born.couples);
            let mut began = [[0.0; ROW]; 2];
            let [trust, intimacy] = plane::<L>(&now);
            trust.store(&mut began[0]);
            intimacy.store(&mut began[1]);
            let own = cohort.began[lane * L::LANES..].iter_mut();
            for (place, own) in own.take(L::LANES).enumerate() {
                *own = [began[0][place], began[1][place]];
            }
            cohort.now.push(now);
            cohort.sources.push(cohort.source(lane));
            cohort.present.push(cohort.mask(lane));
        }
        cohort
    }

    /// Lives all days.
    #[inline(always)]
    pub(crate) fn live(&mut self, outcome: &mut BlockOutcome, mut bins: Option<&mut OpenBins>) {
        let course = self.course;
        let size = course.config.size;
        let days_at_once = if size.steps_per_day == 1 {
            DAYS_AT_ONCE
        } else {
            1
        };
        let step_words = course.pairs * PAIR_WORDS;
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
            let flow_day = day.next_multiple_of(course.config.record.phase_flow_days);
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
        desk.pages[0].close(slot, &self.course.recorded, &mut outcome.moments);
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
        let abreast = if L::LANES == 1 { 1 } else { ABREAST };
        let all = self.now.len();
        for first in (0..all).step_by(abreast) {
            let lanes = first..(first + abreast).min(all);
            if self.present[lanes.clone()].iter().any(|mask| !mask.none()) {
                self.abreast(lanes, stretch, desk, outcome, bins.as_deref_mut());
            }
        }
        for (page, day) in desk.pages.iter_mut().zip(stretch.days.clone()) {
            if let Some(slot) = self.course.slot(day) {
                page.close(slot, &self.course.recorded, &mut outcome.moments);
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
        let (size, rules) = (course.config.size, &stretch.epoch.rules);
        let step_words = course.pairs * PAIR_WORDS;
        let days = stretch.days.end - stretch.days.start;
        let words_each = (days * size.steps_per_day) as usize * step_words;
        let before = u64::from(stretch.days.start - 1) * u64::from(size.steps_per_day);
        for (words, source) in desk
            .words
            .chunks_exact_mut(words_each)
            .zip(&mut self.sources[lanes.clone()])
        {
            L::fill(source, before * course.pairs as u64, words);
        }
        let mut tallies = [Tally::<L>::new(rules); ABREAST];
        let mut departures = [Departure::none(); ABREAST];
        let mut at = before;
        for day in stretch.days.clone() {
            let slot = course.slot(day);
            let seen = course.sees(day);
            let told = seen || self.keeps_diaries(&lanes, day);
            let tallied = told || slot.is_some() && course.recorded.tallied;
            if tallied {
                tallies = [Tally::new(rules); ABREAST];
            }
            let mut conflicts = [ConflictCounter::new(); ABREAST];
            for part in 1..=size.steps_per_day {
                let from = (at - before) as usize * step_words;
                let mut draws = [Draws::<L>::new(&desk.words[from..from + step_words]); ABREAST];
                for place in 1..lanes.len() {
                    let from = place * words_each + from;
                    draws[place] = Draws::new(&desk.words[from..from + step_words]);
                }
                at += 1;
                let now = &mut self.now[lanes.clone()];
                if tallied {
                    step_interleaved(now, &draws, rules, &mut tallies, &mut departures);
                } else {
                    step_interleaved(now, &draws, rules, &mut conflicts, &mut departures);
                    for (tally, conflicts) in tallies.iter_mut().zip(&conflicts) {
                        tally.conflicts = conflicts.conflicts;
                    }
                }
                for (lane, place) in lanes.clone().zip(0..ABREAST) {
                    if part == size.steps_per_day {
                        self.close_day(lane, day, stretch, &mut tallies[place]);
                        if let Some(slot) = slot {
                            let page = &mut desk.pages[(day - stretch.days.start) as usize];
                            let tally = &tallies[place];
                            outcome.moments.together[slot] += self.count(lane);
                            self.record(
                                slot,
                                lane,
                                tally,
                                stretch.epoch,
                                page,
                                bins.as_deref_mut(),
                            );
                        }
                        if told {
                            self.note_day(lane, day, &tallies[place], stretch.epoch);
                        }
                        if seen {
                            self.see_day(lane, day, &tallies[place], stretch.epoch);
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
        let schedule = &self.course.config.schedule;
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
        let seat = lane * L::LANES;
        let sight = Sight {
            couple: &self.now[lane],
            tally,
            rules: &epoch.rules,
            cuts: &self.course.config.cuts,
            together: self.present[lane],
            seat,
        };
        let notes = bins.map(|bins| bins.row(slot, seat / ROW));
        page.record(&sight, &self.course.recorded, notes);
    }

    /// Notes where the couples of a lane are in the plane.
    #[inline(always)]
    fn arrive(&self, lane: usize, desk: &mut Desk<L>) {
        let mut stored = [[0.0; ROW]; 2];
        let [trust, intimacy] = plane(&self.now[lane]);
        trust.store(&mut stored[0]);
        intimacy.store(&mut stored[1]);
        let first = lane * L::LANES;
        for place in 0..L::LANES {
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
}
