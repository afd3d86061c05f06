//! Bins: how many couples had which values on each recorded day, for quantiles.
//!
//! The bins of a year's days take tens of megabytes, far more than a processor's caches, and each
//! couple falls into other ones. Positions are therefore noted one after the other as couples are
//! lived, and counted day by day once many couples have gathered ([`OpenBins`]).

use super::ROW;
use super::moments::{Line, Recorded};
use crate::foundation::lane::Lane;

/// How many bins a line's range is cut into.
pub const BINS: usize = 512;

/// Noted where a couple is not there.
const NOWHERE: u16 = u16::MAX;

/// Couples whose positions are noted before they are counted: notes then take as much memory as
/// counts do.
const NOTED_COUPLES: usize = 512;

/// How many couples fell into each bin, by day, line and bin.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bins {
    counts: Vec<u32>,
    lines: usize,
}

impl Bins {
    /// Empty bins.
    pub fn new(recorded: &Recorded) -> Bins {
        let lines = recorded.lines.len();
        Bins {
            counts: vec![0; recorded.days.len() * lines * BINS],
            lines,
        }
    }
    /// The bins of one recorded day (by its position) and line.
    pub fn of(&self, day: usize, line: usize) -> &[u32] {
        let at = (day * self.lines + line) * BINS;
        &self.counts[at..at + BINS]
    }
    /// Adds the counts of others; the order does not matter.
    pub fn join(&mut self, other: &Bins) {
        for (ours, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *ours += theirs;
        }
    }
}

/// Bins that couples are still falling into.
#[derive(Clone, Debug)]
pub struct OpenBins {
    /// What was counted before `counts` could have run over; none until then.
    spilled: Option<Bins>,
    /// Counts by day, binned line and bin: narrow, so that less memory is gone through.
    counts: Vec<u16>,
    /// At most so many couples are in any of `counts`.
    counted: usize,
    days: usize,
    lines: usize,
    /// Which lines are binned.
    binned: Vec<usize>,
    /// Positions by block, recorded day, row of seats, binned line and seat of the row.
    notes: Vec<u16>,
    /// Rows of seats of each noted block.
    blocks: Vec<usize>,
}

impl OpenBins {
    /// Empty bins.
    pub fn new(recorded: &Recorded) -> OpenBins {
        let at = |(at, line): (usize, &Line)| line.binned().then_some(at);
        let binned: Vec<usize> = recorded.lines.iter().enumerate().filter_map(at).collect();
        let days = recorded.days.len();
        OpenBins {
            spilled: None,
            counts: vec![0; days * binned.len() * BINS],
            counted: 0,
            days,
            lines: recorded.lines.len(),
            binned,
            notes: Vec::new(),
            blocks: Vec::new(),
        }
    }

    /// Counts what is noted, and gives the counts.
    pub fn close(mut self) -> Bins {
        self.count();
        self.spill();
        self.spilled.unwrap_or_default()
    }

    /// Adds the narrow counts to wide ones, and empties them.
    fn spill(&mut self) {
        let lines = self.lines;
        let bins = self.spilled.get_or_insert_with(|| Bins {
            counts: vec![0; self.days * lines * BINS],
            lines,
        });
        let each = self.binned.len() * BINS;
        for (day, counts) in self.counts.chunks_exact(each.max(1)).enumerate() {
            for (line, narrow) in self.binned.iter().zip(counts.chunks_exact(BINS)) {
                let at = (day * lines + line) * BINS;
                for (wide, narrow) in bins.counts[at..at + BINS].iter_mut().zip(narrow) {
                    *wide += u32::from(*narrow);
                }
            }
        }
        self.counts.fill(0);
        self.counted = 0;
    }

    /// Makes room for the notes of the next block, which has so many rows of seats.
    pub(super) fn open_block(&mut self, rows: usize) {
        if self.blocks.iter().sum::<usize>() * ROW >= NOTED_COUPLES {
            self.count();
        }
        self.blocks.push(rows);
        self.notes
            .resize(self.notes.len() + self.days * self.page(rows), NOWHERE);
    }

    /// The places where a row of the last opened block is noted on a recorded day: for each binned
    /// line, one for each seat.
    #[inline(always)]
    pub(super) fn row(&mut self, day: usize, row: usize) -> &mut [u16] {
        let rows = self.blocks[self.blocks.len() - 1];
        let start = self.notes.len() - (self.days - day) * self.page(rows);
        let size = self.page(1);
        &mut self.notes[start + row * size..start + (row + 1) * size]
    }

    /// Notes of a recorded day of so many rows.
    #[inline(always)]
    fn page(&self, rows: usize) -> usize {
        rows * self.binned.len() * ROW
    }

    fn count(&mut self) {
        let noted = self.blocks.iter().sum::<usize>() * ROW;
        if self.counted + noted > usize::from(u16::MAX) {
            self.spill();
        }
        self.counted += noted;
        let row_notes = self.page(1).max(1);
        for day in 0..self.days {
            let mut start = 0;
            for &rows in &self.blocks {
                let page = self.page(rows);
                let notes = &self.notes[start + day * page..start + (day + 1) * page];
                start += self.days * page;
                for row in notes.chunks_exact(row_notes) {
                    for (line, places) in row.chunks_exact(ROW).enumerate() {
                        let at = (day * self.binned.len() + line) * BINS;
                        let counts = &mut self.counts[at..at + BINS];
                        for place in places {
                            if let Some(count) = counts.get_mut(usize::from(*place)) {
                                *count += 1;
                            }
                        }
                    }
                }
            }
        }
        self.notes.clear();
        self.blocks.clear();
    }
}

/// Where a line's values fall.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    low: f64,
    /// Bins for each unit.
    fineness: f64,
}

impl Scale {
    pub(super) fn of(low: f64, high: f64) -> Scale {
        Scale {
            low,
            fineness: BINS as f64 / (high - low),
        }
    }

    /// Notes the bins of a lane's couples; what lies outside the range falls into the outer bins.
    #[inline(always)]
    pub(super) fn note<L: Lane>(self, value: L, there: L::Mask, notes: &mut [u16]) {
        let place = ((value - self.low) * self.fineness)
            .positive()
            .capped((BINS - 1) as f64);
        place
            .or_else(there, L::splat(f64::from(NOWHERE)))
            .store_whole(notes);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::small_world;
    use super::*;
    use crate::foundation::pack::Pack;

    /// Notes values on all days but the last, in blocks of two rows.
    fn note_all<L: Lane>(bins: &mut OpenBins, values: &[f64]) {
        for block in values.chunks(2 * ROW) {
            bins.open_block(block.len().div_ceil(ROW));
            for (group, numbers) in block.chunks(L::WIDTH).enumerate() {
                let (mut value, mut there) = (L::splat(f64::NAN), L::splat(0.0));
                for (lane, x) in numbers.iter().enumerate() {
                    value.put(lane, *x);
                    there.put(lane, 1.0);
                }
                let seat = group * L::WIDTH;
                for day in 0..bins.days - 1 {
                    for notes in bins.row(day, seat / ROW).chunks_exact_mut(ROW) {
                        let notes = &mut notes[seat % ROW..];
                        Scale::of(-1.0, 1.0).note(value, there.ge(L::splat(1.0)), notes);
                    }
                }
            }
        }
    }

    #[test]
    fn every_couple_is_counted_once_in_its_bin_whatever_the_lane_and_the_notes() {
        let recorded = Recorded::of(&small_world(64, 1));
        let mut values: Vec<f64> = (0..2 * NOTED_COUPLES + 3)
            .map(|k| (k % BINS) as f64 / (BINS / 2) as f64 - 1.0)
            .collect();
        values.extend([-7.0, 1.0, 7.0, f64::NAN]);
        let mut expected = vec![2; BINS];
        for more in [0, 1, 2, 0, BINS - 1, BINS - 1, 0] {
            expected[more] += 1;
        }
        let (mut one, mut eight) = (OpenBins::new(&recorded), OpenBins::new(&recorded));
        note_all::<f64>(&mut one, &values);
        note_all::<Pack>(&mut eight, &values);
        let (one, eight) = (one.close(), eight.close());
        assert_eq!(one.of(0, 0), expected);
        assert!(
            one.of(1, 0).iter().all(|count| *count == 0),
            "a day that was not reached"
        );
        assert!(one == eight);
    }

    #[test]
    fn more_couples_than_a_narrow_count_holds_are_counted() {
        let recorded = Recorded::of(&small_world(64, 1));
        let mut bins = OpenBins::new(&recorded);
        let couples = 2 * usize::from(u16::MAX) + 9;
        note_all::<Pack>(&mut bins, &vec![0.0; couples]);
        assert!(bins.spilled.is_some());
        assert_eq!(bins.close().of(0, 0)[BINS / 2], couples as u32);
    }

    #[test]
    fn blocks_of_any_size_lose_no_note() {
        let recorded = Recorded::of(&small_world(64, 1));
        let mut bins = OpenBins::new(&recorded);
        note_all::<f64>(&mut bins, &[0.0; 5]);
        note_all::<Pack>(&mut bins, &[0.0; 11]);
        assert_eq!(bins.close().of(0, 0)[BINS / 2], 16);
    }
}
