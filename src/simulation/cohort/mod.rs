//! A cohort: the couples of one block, drawn at the start and simulated from the first day to the last.
//!
//! A few days are simulated at a time, vector after vector: the states of all couples then stay in the
//! processor's first cache, and so do the sums of these days.

mod rows;
mod slots;

use super::TILE_SLOTS;
use super::gather_scatter::{CoupleTile, gather, plane};
use super::initial_couples::InitialCouples;
use super::prepared::{Block, BlockOutcome, PreparedRun};
use super::recorded::{CoupleValues, DayAccumulator, OpenBins, RecordSnapshot};
use super::schedule::Epoch;
use super::survey::CoupleSnapshot;
use crate::model::purposes::{Draws, LIFE_PAIRS, LifeDraws};
use crate::model::rules::WEEK;
use crate::model::strain::week;
use crate::model::{
    ConflictCounter, Couple, Departure, LeavingReason, Rules, Tally, step_interleaved,
};
use crate::rng::{Key, PAIR_WORDS, StreamKind, VectorRng};
use crate::simd::vector::{Mask, Vector};
use crate::simd::{Backend, Kernel};
use crate::table::Batch;
use slots::Slots;
use std::ops::Range;

/// Vectors that are simulated together: [`step_interleaved`] interleaves them two by two.
const INTERLEAVED: usize = 4;
/// Days of one vector that are simulated before the next vector's turn, if a day is one step.
const DAYS_AT_ONCE: u32 = 2;

/// Simulates one block of couples and returns what was recorded.
///
/// `bins` takes the counts for quantiles; without it they are not kept.
pub(crate) fn run_block(
    run: &PreparedRun,
    block: Block,
    backend: Backend,
    bins: Option<&mut OpenBins>,
) -> BlockOutcome {
    backend.run(BlockKernel { run, block, bins })
}

struct BlockKernel<'a> {
    run: &'a PreparedRun,
    block: Block,
    bins: Option<&'a mut OpenBins>,
}

impl Kernel for BlockKernel<'_> {
    type Output = BlockOutcome;
    #[inline(always)]
    fn run<L: VectorRng>(self) -> BlockOutcome {
        let BlockKernel {
            run,
            block,
            mut bins,
        } = self;
        let couples = block.couples(&run.config.size);
        let key = run.key(block.replicate, StreamKind::Life);
        let mut outcome = BlockOutcome::empty(run);
        let first = couples.start;
        let initial = InitialCouples::draw::<L>(run, block.replicate, couples);
        if let Some(bins) = bins.as_deref_mut() {
            bins.open_block(initial.count.div_ceil(TILE_SLOTS));
        }
        let mut cohort = Cohort::<L>::new(run, &key, block.replicate, first, initial);
        cohort.simulate(&mut outcome, bins);
        cohort.close(&mut outcome);
        outcome
    }
}

/// The separation of a couple.
#[derive(Clone, Copy, Debug, PartialEq)]
struct SeparationStep {
    /// The step, from 1.
    step: u64,
    /// Who left, as a position in [`LEAVERS`](super::tables::LEAVERS).
    left: u8,
    reason: LeavingReason,
}

pub(crate) struct Cohort<'a, L: VectorRng> {
    run: &'a PreparedRun,
    key: &'a Key,
    replicate: u32,
    /// Number of the first couple within the replicate.
    first: u64,
    /// The couples at the start, by position in the block, like all fields before `slots`.
    initial: InitialCouples,
    separations: Vec<Option<SeparationStep>>,
    /// Group of each couple; empty without groups.
    groups: Vec<u8>,
    /// Separated couples at their separation; empty if no rows of couples are kept.
    separated: Vec<CoupleTile>,
    /// Last values of separated couples, by couple and then by line; empty if sums over all couples are
    /// not kept.
    last_values: Vec<f64>,
    /// What is recorded of each couple, if it is kept.
    values: CoupleValues,
    /// Trust and intimacy at the start of the current move in the phase plane.
    move_start: Vec<[f64; 2]>,
    /// Rows of days; without columns for couples whose days are not kept.
    day_rows: Vec<Batch>,
    /// Snapshots for the survey, day by day.
    snapshots: Vec<Vec<CoupleSnapshot>>,
    slots: Slots,
    /// The couples now, by vector, like all fields that follow.
    now: Vec<Couple<L>>,
    sources: Vec<L::Streams>,
    /// Which lanes of a vector hold an intact couple.
    intact: Vec<L::Mask>,
}

/// Days that are simulated vector by vector, under the rules of one epoch.
struct DayRange<'e> {
    days: Range<u32>,
    epoch: &'e Epoch,
    /// Whether the couples' moves in the phase plane end with it.
    ends_moves: bool,
}

/// Sums of one day, over all couples and over those of each group.
struct DaySums<L> {
    all: DayAccumulator<L>,
    groups: Vec<DayAccumulator<L>>,
}

impl<L: Vector> DaySums<L> {
    fn new(run: &PreparedRun) -> DaySums<L> {
        let groups = 0..run.config.group_count();
        DaySums {
            all: DayAccumulator::new(&run.recorded),
            groups: groups.map(|_| DayAccumulator::new(&run.recorded)).collect(),
        }
    }

    /// Adds the sums to those of a recorded day, by its position, and resets them.
    #[inline(always)]
    fn close(&mut self, position: usize, run: &PreparedRun, outcome: &mut BlockOutcome) {
        self.all
            .close(position, &run.recorded, &mut outcome.moments);
        for (group, moments) in self.groups.iter_mut().zip(&mut outcome.groups) {
            group.close(position, &run.recorded, moments);
        }
    }
}

/// Buffers that are used again for each range of days.
struct CohortScratch<L: Vector> {
    words: Vec<L::Word>,
    /// For each day of a range.
    days: Vec<DaySums<L>>,
    /// Couples with their trust and intimacy at the end of a move, by slot.
    move_ends: Vec<Option<(usize, [f64; 2])>>,
}

impl<'a, L: VectorRng> Cohort<'a, L> {
    /// Gathers the couples of a block into vectors.
    #[inline(always)]
    fn new(
        run: &'a PreparedRun,
        key: &'a Key,
        replicate: u32,
        first: u64,
        initial: InitialCouples,
    ) -> Cohort<'a, L> {
        let record = &run.config.record;
        let is_sampled = |couple| replicate == 0 && couple < record.sample_couples;
        let day_rows = |couple: u64| {
            let mut rows = Batch::default();
            let from = if is_sampled(couple) {
                1
            } else {
                record.days_from
            };
            if record.days.keeps(couple) || is_sampled(couple) {
                rows.clone_from(&run.no_days);
                rows.reserve(2 * (run.config.size.days + 1).saturating_sub(from) as usize);
            }
            rows
        };
        let count = initial.count;
        let kept = if record.couples { count } else { 0 };
        let last_values = if run.recorded.last_values {
            count * run.recorded.lines.len()
        } else {
            0
        };
        let grouping = record.groups.as_ref();
        let groups = grouping.map(|own| (0..count).map(|it| initial.group_of(own, it)).collect());
        let mut cohort = Cohort {
            groups: groups.unwrap_or_default(),
            run,
            key,
            replicate,
            first,
            separations: (0..count).map(|_| None).collect(),
            separated: CoupleTile::zeros(kept),
            last_values: vec![0.0; last_values],
            values: CoupleValues::new(&run.recorded, count),
            move_start: vec![[0.0; 2]; count],
            day_rows: (first..).take(count).map(day_rows).collect(),
            snapshots: vec![Vec::new(); count],
            slots: Slots::new(count),
            now: Vec::new(),
            sources: Vec::new(),
            intact: Vec::new(),
            initial,
        };
        for vector in 0..count.div_ceil(L::LANES) {
            let couples = cohort.slots.at(vector * L::LANES, L::LANES);
            let now = gather(couples, &cohort.initial.couples);
            let mut start = [[0.0; TILE_SLOTS]; 2];
            let [trust, intimacy] = plane::<L>(&now);
            trust.store(&mut start[0]);
            intimacy.store(&mut start[1]);
            let own = cohort.move_start[vector * L::LANES..].iter_mut();
            for (lane, own) in own.take(L::LANES).enumerate() {
                *own = [start[0][lane], start[1][lane]];
            }
            cohort.now.push(now);
            cohort.sources.push(cohort.source(vector));
            cohort.intact.push(cohort.mask(vector));
        }
        cohort
    }

    /// Simulates all days.
    #[inline(always)]
    fn simulate(&mut self, outcome: &mut BlockOutcome, mut bins: Option<&mut OpenBins>) {
        let run = self.run;
        let size = run.config.size;
        let days_at_once = if size.steps_per_day == 1 {
            DAYS_AT_ONCE
        } else {
            1
        };
        let step_words = run.pairs * PAIR_WORDS;
        let most_steps = (days_at_once * size.steps_per_day) as usize * INTERLEAVED;
        let mut scratch = CohortScratch {
            words: vec![L::ZERO; most_steps * step_words],
            days: (0..days_at_once).map(|_| DaySums::new(run)).collect(),
            move_ends: vec![None; self.slots.tiles() * TILE_SLOTS],
        };
        let mut epochs = run.epochs.iter().peekable();
        let mut epoch = &run.epochs[0];
        if epoch.changes_traits() {
            self.set_traits(epoch);
        }
        self.record_start(epoch, &mut scratch, outcome, bins.as_deref_mut());
        let mut day = 1;
        while day <= size.days && self.slots.occupied() > 0 {
            while let Some(next) = epochs.next_if(|next| next.from <= day) {
                if next.from > 1 && (epoch.changes_traits() || next.changes_traits()) {
                    self.set_traits(next);
                }
                epoch = next;
            }
            let move_end = day.next_multiple_of(run.config.record.phase_flow_days);
            let end = (day + days_at_once)
                .min(size.days + 1)
                .min(epochs.peek().map_or(u32::MAX, |next| next.from))
                .min(move_end.saturating_add(1));
            let range = DayRange {
                days: day..end,
                epoch,
                ends_moves: end > move_end,
            };
            self.simulate_days(&range, &mut scratch, outcome, bins.as_deref_mut());
            day = end;
        }
    }

    /// Records day 0.
    #[inline(always)]
    fn record_start(
        &mut self,
        epoch: &Epoch,
        scratch: &mut CohortScratch<L>,
        outcome: &mut BlockOutcome,
        mut bins: Option<&mut OpenBins>,
    ) {
        let Some(position) = self.run.recorded_position(0) else {
            return;
        };
        let tally = Tally::new(&epoch.rules);
        for vector in 0..self.now.len() {
            let sums = &mut scratch.days[0];
            self.count_intact(vector, position, outcome);
            self.record(position, vector, &tally, epoch, sums, bins.as_deref_mut());
            if let Some(place) = self.run.recorded.value_position(0) {
                self.store_couple_values(place, vector, &tally, epoch);
            }
        }
        scratch.days[0].close(position, self.run, outcome);
    }

    #[inline(always)]
    fn simulate_days(
        &mut self,
        range: &DayRange<'_>,
        scratch: &mut CohortScratch<L>,
        outcome: &mut BlockOutcome,
        mut bins: Option<&mut OpenBins>,
    ) {
        // Interleaving does not pay for vectors of one lane, and would simulate separated couples.
        let together = if L::LANES == 1 { 1 } else { INTERLEAVED };
        let all = self.now.len();
        for first in (0..all).step_by(together) {
            let vectors = first..(first + together).min(all);
            if self.intact[vectors.clone()].iter().any(|mask| !mask.none()) {
                self.simulate_vectors(vectors, range, scratch, outcome, bins.as_deref_mut());
            }
        }
        for (sums, day) in scratch.days.iter_mut().zip(range.days.clone()) {
            if let Some(position) = self.run.recorded_position(day) {
                sums.close(position, self.run, outcome);
            }
        }
        if range.ends_moves {
            self.count_moves(scratch, outcome);
        }
        self.compact();
    }

    /// Simulates the days of a range for a few vectors.
    #[inline(always)]
    fn simulate_vectors(
        &mut self,
        vectors: Range<usize>,
        range: &DayRange<'_>,
        scratch: &mut CohortScratch<L>,
        outcome: &mut BlockOutcome,
        mut bins: Option<&mut OpenBins>,
    ) {
        let run = self.run;
        let (size, rules) = (run.config.size, &range.epoch.rules);
        let step_words = run.pairs * PAIR_WORDS;
        let days = range.days.end - range.days.start;
        let words_each = (days * size.steps_per_day) as usize * step_words;
        let before = u64::from(range.days.start - 1) * u64::from(size.steps_per_day);
        for (words, source) in scratch
            .words
            .chunks_exact_mut(words_each)
            .zip(&mut self.sources[vectors.clone()])
        {
            L::fill(source, before * run.pairs as u64, words);
        }
        let mut tallies = [Tally::<L>::new(rules); INTERLEAVED];
        let mut departures = [Departure::none(); INTERLEAVED];
        let mut step = before;
        for day in range.days.clone() {
            if rules.mechanisms.strain && (day - 1).is_multiple_of(WEEK) {
                self.draw_life_events(vectors.clone(), (day - 1) / WEEK, rules);
            }
            let position = run.recorded_position(day);
            let surveyed = run.is_surveyed(day);
            let snapshots = run.snapshots_on(day);
            let rows_kept = surveyed || snapshots > 0 || self.keeps_day_rows(&vectors, day);
            let value_position = run.recorded.value_position(day);
            let is_recorded =
                position.is_some() || value_position.is_some() || run.recorded.last_values;
            let tallied = rows_kept || is_recorded && run.recorded.tallied;
            if tallied {
                tallies = [Tally::new(rules); INTERLEAVED];
            }
            let mut conflicts = [ConflictCounter::default(); INTERLEAVED];
            for part in 1..=size.steps_per_day {
                let from = (step - before) as usize * step_words;
                let mut draws =
                    [Draws::<L>::new(&scratch.words[from..from + step_words]); INTERLEAVED];
                for index in 1..vectors.len() {
                    let from = index * words_each + from;
                    draws[index] = Draws::new(&scratch.words[from..from + step_words]);
                }
                step += 1;
                let now = &mut self.now[vectors.clone()];
                if tallied {
                    step_interleaved(now, &draws, rules, &mut tallies, &mut departures);
                } else {
                    step_interleaved(now, &draws, rules, &mut conflicts, &mut departures);
                    for (tally, conflicts) in tallies.iter_mut().zip(&conflicts) {
                        tally.conflicts = conflicts.conflicts;
                    }
                }
                for (vector, index) in vectors.clone().zip(0..INTERLEAVED) {
                    if part == size.steps_per_day {
                        self.apply_events(vector, day, range, &mut tallies[index]);
                        if let Some(position) = position {
                            let sums = &mut scratch.days[(day - range.days.start) as usize];
                            let tally = &tallies[index];
                            self.count_intact(vector, position, outcome);
                            self.record(
                                position,
                                vector,
                                tally,
                                range.epoch,
                                sums,
                                bins.as_deref_mut(),
                            );
                        }
                        if let Some(place) = value_position {
                            let tally = &tallies[index];
                            self.store_couple_values(place, vector, tally, range.epoch);
                        }
                        if rows_kept {
                            self.write_day_rows(vector, day, &tallies[index], range.epoch);
                        }
                        if surveyed {
                            let at = (day, part);
                            self.take_snapshots(vector, at, &tallies[index], range.epoch);
                        }
                        if range.ends_moves && day + 1 == range.days.end {
                            self.end_moves(vector, scratch);
                        }
                    }
                    if snapshots > 0 && part.is_multiple_of(size.steps_per_day / snapshots) {
                        let at = (day, part);
                        self.take_snapshots(vector, at, &tallies[index], range.epoch);
                        if part < size.steps_per_day {
                            // The next one is of what happened since this one.
                            tallies[index] = Tally::new(rules);
                        }
                    }
                    let departure = (&departures[index], step);
                    self.separate(vector, departure, &tallies[index], range.epoch);
                }
            }
        }
    }

    /// Draws the life events of a week for a few vectors.
    #[inline(always)]
    fn draw_life_events(&mut self, vectors: Range<usize>, number: u32, rules: &Rules) {
        let mut words = [L::ZERO; PAIR_WORDS];
        for vector in vectors {
            let source = &mut self.sources[vector];
            L::fill(source, LIFE_PAIRS + u64::from(number), &mut words);
            week(&mut self.now[vector], &LifeDraws::new(&words), rules);
        }
    }

    /// Applies the scheduled events of a day.
    #[inline(always)]
    fn apply_events(
        &mut self,
        vector: usize,
        day: u32,
        range: &DayRange<'_>,
        tally: &mut Tally<L>,
    ) {
        let schedule = &self.run.config.schedule;
        if !schedule.point_events.is_empty() {
            schedule.apply(day, &mut self.now[vector], &range.epoch.rules, tally);
        }
    }

    #[inline(always)]
    fn record(
        &mut self,
        position: usize,
        vector: usize,
        tally: &Tally<L>,
        epoch: &Epoch,
        sums: &mut DaySums<L>,
        bins: Option<&mut OpenBins>,
    ) {
        let day = self.run.recorded.quantile_position(position);
        let mut snapshot = self.record_snapshot(vector, tally, epoch);
        let bins = bins.zip(day);
        let bins = bins.map(|(bins, day)| bins.tile(day, snapshot.slot / TILE_SLOTS));
        sums.all.record(&snapshot, &self.run.recorded, bins);
        for (group, sums) in sums.groups.iter_mut().enumerate() {
            snapshot.intact =
                self.mask_of(vector, |couple| usize::from(self.groups[couple]) == group);
            if !snapshot.intact.none() {
                sums.record(&snapshot, &self.run.recorded, None);
            }
        }
    }

    /// Counts the intact couples of a vector on a recorded day.
    #[inline(always)]
    fn count_intact(&self, vector: usize, position: usize, outcome: &mut BlockOutcome) {
        outcome.moments.intact[position] += self.count(vector);
        if !self.groups.is_empty() {
            let couples = self.slots.at(vector * L::LANES, L::LANES);
            for couple in couples.iter().flatten() {
                outcome.groups[usize::from(self.groups[*couple])].intact[position] += 1;
            }
        }
    }

    /// Stores what is recorded of each couple of a vector on a day, by its position among those on which that is
    /// kept.
    fn store_couple_values(&mut self, day: usize, vector: usize, tally: &Tally<L>, epoch: &Epoch) {
        let mut values = std::mem::take(&mut self.values);
        let snapshot = self.record_snapshot(vector, tally, epoch);
        let couples = self.slots.at(vector * L::LANES, L::LANES).iter();
        for (lane, couple) in couples.enumerate() {
            if let Some(couple) = couple {
                let stored = values.of_mut(day, *couple);
                self.run.recorded.store_values(&snapshot, lane, stored);
            }
        }
        self.values = values;
    }

    #[inline(always)]
    fn record_snapshot<'s>(
        &'s self,
        vector: usize,
        tally: &'s Tally<L>,
        epoch: &'s Epoch,
    ) -> RecordSnapshot<'s, L> {
        RecordSnapshot {
            couple: &self.now[vector],
            tally,
            rules: &epoch.rules,
            cuts: &self.run.config.cuts,
            intact: self.intact[vector],
            slot: vector * L::LANES,
        }
    }

    /// Stores where the couples of a vector are in the phase plane.
    #[inline(always)]
    fn end_moves(&self, vector: usize, scratch: &mut CohortScratch<L>) {
        let mut stored = [[0.0; TILE_SLOTS]; 2];
        let [trust, intimacy] = plane(&self.now[vector]);
        trust.store(&mut stored[0]);
        intimacy.store(&mut stored[1]);
        let first = vector * L::LANES;
        for lane in 0..L::LANES {
            let couple = self.slots.at(first + lane, 1)[0];
            scratch.move_ends[first + lane] =
                couple.map(|couple| (couple, stored.map(|numbers| numbers[lane])));
        }
    }

    /// Counts the moves in the phase plane that end, slot by slot.
    fn count_moves(&mut self, scratch: &mut CohortScratch<L>, outcome: &mut BlockOutcome) {
        for (couple, to) in scratch.move_ends.iter_mut().filter_map(Option::take) {
            outcome.flow.count(self.move_start[couple], to);
            self.move_start[couple] = to;
        }
    }
}
