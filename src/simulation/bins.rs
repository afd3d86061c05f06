//! Bins: how many couples had which values on each recorded day, for quantiles.
//!
//! The bins of a year's days take tens of megabytes, far more than a processor's caches, and each
//! couple falls into other ones. Positions are therefore noted one after the other as couples are
//! lived, and counted day by day once many couples have gathered ([`OpenBins`]).

use super::ROW;
use super::moments::{Line, Recorded};
use crate::simd::vector::Vector;

/// How many bins a line's range is cut into.
pub const BINS: usize = 512;

/// Noted where a couple is not there.
const NOWHERE: u16 = u16::MAX;

/// Couples whose positions are noted before they are counted: notes then take as much memory as
/// counts do.
const NOTED_COUPLES: usize = 512;

/// How many couples fell into each bin, by recorded day, line and bin.
#[derive(Clone, Debug)]
pub struct Bins {
    /// What was counted before `narrow` could have run over; empty until then.
    wide: Vec<u32>,
    /// Counts by day, binned line and bin: narrow, so that less memory is gone through.
    narrow: Vec<u16>,
    /// At most so many couples are in any of `narrow`.
    counted: usize,
    /// How many lines are binned.
    binned: usize,
    /// Position of each line among those that are binned.
    places: Vec<Option<usize>>,
}

impl Bins {
    /// Empty bins.
    pub fn new(recorded: &Recorded) -> Bins {
        let mut binned = 0;
        let mut place = |line: &Line| {
            let place = line.binned().then_some(binned);
            binned += usize::from(place.is_some());
            place
        };
        let places = recorded.lines.iter().map(&mut place).collect();
        Bins {
            wide: Vec::new(),
            narrow: vec![0; recorded.days.len() * binned * BINS],
            counted: 0,
            binned,
            places,
        }
    }

    /// How many couples are in each bin of one recorded day (by its position) and line, from the lowest
    /// values to the highest; nobody where a line is not binned.
    pub fn of(&self, day: usize, line: usize) -> [u32; BINS] {
        let mut counts = [0; BINS];
        if let Some(place) = self.places[line] {
            let at = (day * self.binned + place) * BINS;
            for (count, narrow) in counts.iter_mut().zip(&self.narrow[at..at + BINS]) {
                *count = u32::from(*narrow);
            }
            if let Some(wide) = self.wide.get(at..at + BINS) {
                add(&mut counts, wide);
            }
        }
        counts
    }

    /// Adds the counts of others; the order does not matter.
    pub fn join(&mut self, other: &Bins) {
        self.admit(other.counted);
        for (ours, theirs) in self.narrow.iter_mut().zip(&other.narrow) {
            *ours += theirs;
        }
        if !other.wide.is_empty() {
            self.wide.resize(other.wide.len(), 0);
            add(&mut self.wide, &other.wide);
        }
    }

    /// Makes room in the narrow counts for so many couples more.
    fn admit(&mut self, couples: usize) {
        if self.counted + couples > usize::from(u16::MAX) {
            self.wide.resize(self.narrow.len(), 0);
            for (wide, narrow) in self.wide.iter_mut().zip(&mut self.narrow) {
                *wide += u32::from(std::mem::take(narrow));
            }
            self.counted = 0;
        }
        self.counted += couples;
    }
}

/// Equal are bins that hold the same couples, however they are counted.
impl PartialEq for Bins {
    fn eq(&self, other: &Bins) -> bool {
        let days = |bins: &Bins| bins.narrow.len() / (bins.binned * BINS).max(1);
        let mut all =
            (0..days(self)).flat_map(|day| (0..self.places.len()).map(move |line| (day, line)));
        self.places == other.places
            && days(self) == days(other)
            && all.all(|(day, line)| self.of(day, line) == other.of(day, line))
    }
}

fn add(ours: &mut [u32], theirs: &[u32]) {
    for (ours, theirs) in ours.iter_mut().zip(theirs) {
        *ours += theirs;
    }
}

/// Bins that couples are still falling into.
#[derive(Clone, Debug)]
pub struct OpenBins {
    counts: Bins,
    days: usize,
    /// Positions by block, recorded day, row of seats, binned line and seat of the row.
    notes: Vec<u16>,
    /// Rows of seats of each noted block.
    blocks: Vec<usize>,
}

impl OpenBins {
    /// Empty bins.
    pub fn new(recorded: &Recorded) -> OpenBins {
        OpenBins {
            counts: Bins::new(recorded),
            days: recorded.days.len(),
            notes: Vec::new(),
            blocks: Vec::new(),
        }
    }

    /// Counts what is noted, and gives the counts.
    pub fn close(mut self) -> Bins {
        self.count();
        self.counts
    }

    /// Makes room for the notes of the next block, which has so many rows of seats.
    pub(crate) fn open_block(&mut self, rows: usize) {
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
    pub(crate) fn row(&mut self, day: usize, row: usize) -> &mut [u16] {
        let rows = self.blocks[self.blocks.len() - 1];
        let start = self.notes.len() - (self.days - day) * self.page(rows);
        let size = self.page(1);
        &mut self.notes[start + row * size..start + (row + 1) * size]
    }

    /// Notes of a recorded day of so many rows.
    #[inline(always)]
    fn page(&self, rows: usize) -> usize {
        rows * self.counts.binned * ROW
    }

    fn count(&mut self) {
        self.counts.admit(self.blocks.iter().sum::<usize>() * ROW);
        let row_notes = self.page(1).max(1);
        let each = self.counts.binned * BINS;
        for day in 0..self.days {
            let mut start = 0;
            for &rows in &self.blocks {
                let page = self.page(rows);
                let notes = &self.notes[start + day * page..start + (day + 1) * page];
                start += self.days * page;
                for row in notes.chunks_exact(row_notes) {
                    // Where all have left a row, nobody is in any of its lines.
                    if row.starts_with(&[NOWHERE; ROW]) {
                        continue;
                    }
                    for (line, places) in row.as_chunks::<ROW>().0.iter().enumerate() {
                        let at = day * each + line * BINS;
                        let counts = &mut self.counts.narrow[at..at + BINS];
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
pub(crate) struct Scale {
    low: f64,
    /// Bins for each unit.
    fineness: f64,
}

impl Scale {
    pub(crate) fn of(low: f64, high: f64) -> Scale {
        Scale {
            low,
            fineness: BINS as f64 / (high - low),
        }
    }

    /// Notes the bins of a lane's couples; what lies outside the range falls into the outer bins.
    #[inline(always)]
    pub(crate) fn note<L: Vector>(self, value: L, there: L::Mask, notes: &mut [u16]) {
        let place = ((value - self.low) * self.fineness)
            .max_zero()
            .min_scalar((BINS - 1) as f64);
        place
            .select(there, L::splat(f64::from(NOWHERE)))
            .store_u16(notes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::test_support::ArrayVector;
    use crate::simulation::test_support::small_config;

    /// Notes values on all days but the last, in blocks of two rows.
    fn note_all<L: Vector>(bins: &mut OpenBins, values: &[f64]) {
        for block in values.chunks(2 * ROW) {
            bins.open_block(block.len().div_ceil(ROW));
            for (group, numbers) in block.chunks(L::LANES).enumerate() {
                let (mut value, mut there) = (L::splat(f64::NAN), L::splat(0.0));
                for (lane, x) in numbers.iter().enumerate() {
                    value.replace(lane, *x);
                    there.replace(lane, 1.0);
                }
                let seat = group * L::LANES;
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
        let recorded = Recorded::of(&small_config(64, 1));
        let mut values: Vec<f64> = (0..2 * NOTED_COUPLES + 3)
            .map(|k| (k % BINS) as f64 / (BINS / 2) as f64 - 1.0)
            .collect();
        values.extend([-7.0, 1.0, 7.0, f64::NAN]);
        let mut expected = [2; BINS];
        for more in [0, 1, 2, 0, BINS - 1, BINS - 1, 0] {
            expected[more] += 1;
        }
        let (mut one, mut eight) = (OpenBins::new(&recorded), OpenBins::new(&recorded));
        note_all::<f64>(&mut one, &values);
        note_all::<ArrayVector>(&mut eight, &values);
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
        let recorded = Recorded::of(&small_config(64, 1));
        let mut bins = OpenBins::new(&recorded);
        let couples = 2 * usize::from(u16::MAX) + 9;
        note_all::<ArrayVector>(&mut bins, &vec![0.0; couples]);
        assert!(!bins.counts.wide.is_empty());
        assert_eq!(bins.close().of(0, 0)[BINS / 2], couples as u32);
    }

    #[test]
    fn joined_bins_hold_the_couples_of_both_however_many_they_are() {
        let recorded = Recorded::of(&small_config(64, 1));
        let filled = |couples: usize, value: f64| {
            let mut bins = OpenBins::new(&recorded);
            note_all::<ArrayVector>(&mut bins, &vec![value; couples]);
            bins.close()
        };
        let most = usize::from(u16::MAX);
        for (ours, theirs) in [(9, 11), (most / 8 * 8, 16), (most + 9, 16), (16, 2 * most)] {
            let mut joined = filled(ours, 0.0);
            joined.join(&filled(theirs, 0.0));
            assert_eq!(joined.of(0, 0)[BINS / 2], (ours + theirs) as u32);
            let mut other = filled(theirs, 0.0);
            other.join(&filled(ours, 0.0));
            assert!(joined == other, "{ours} and {theirs}");
            assert!(joined != filled(ours + theirs, 0.5), "other values");
            assert!(joined != filled(ours + theirs - 1, 0.0), "one less");
        }
    }

    #[test]
    fn blocks_of_any_size_lose_no_note() {
        let recorded = Recorded::of(&small_config(64, 1));
        let mut bins = OpenBins::new(&recorded);
        note_all::<f64>(&mut bins, &[0.0; 5]);
        note_all::<ArrayVector>(&mut bins, &[0.0; 11]);
        assert_eq!(bins.close().of(0, 0)[BINS / 2], 16);
    }
}
