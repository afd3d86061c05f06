//! Bins: counts of couples by value on each recorded day, for quantiles.
//!
//! The bins of a year's days take tens of megabytes, far more than a processor's caches, and each
//! couple falls into different ones. The bins of simulated couples are therefore stored one after
//! the other, and counted day by day once there are many ([`OpenBins`]).

use super::GROUP_SLOTS;
use super::recorded::{ABSENT, BINS, Line, Recorded};

/// Couples whose bins are stored before they are counted: the stored bins then take as much memory as
/// the counts.
const STORED_COUPLES: usize = 512;

/// Counts of couples by recorded day, line and bin.
#[derive(Clone, Debug)]
pub struct Bins {
    /// Counts moved out of `narrow` before it could overflow; empty until then.
    wide: Vec<u32>,
    /// Counts by day, binned line and bin; narrow to touch less memory.
    narrow: Vec<u16>,
    /// Upper bound of each count in `narrow`.
    counted: usize,
    /// Number of binned lines.
    binned: usize,
    /// Position of each line among those that are binned.
    binned_positions: Vec<Option<usize>>,
}

impl Bins {
    /// Empty bins.
    pub fn new(recorded: &Recorded) -> Bins {
        let mut binned = 0;
        let mut position = |line: &Line| {
            let position = line.binned().then_some(binned);
            binned += usize::from(position.is_some());
            position
        };
        let binned_positions = recorded.lines.iter().map(&mut position).collect();
        Bins {
            wide: Vec::new(),
            narrow: vec![0; recorded.days.len() * binned * BINS],
            counted: 0,
            binned,
            binned_positions,
        }
    }

    /// Couples in each bin of one recorded day (by its position) and line, from the lowest values to the
    /// highest; zeros if the line is not binned.
    pub fn of(&self, day: usize, line: usize) -> [u32; BINS] {
        let mut counts = [0; BINS];
        if let Some(position) = self.binned_positions[line] {
            let at = (day * self.binned + position) * BINS;
            for (count, narrow) in counts.iter_mut().zip(&self.narrow[at..at + BINS]) {
                *count = u32::from(*narrow);
            }
            if let Some(wide) = self.wide.get(at..at + BINS) {
                add(&mut counts, wide);
            }
        }
        counts
    }

    /// Adds other counts; the order does not matter.
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

    /// Makes room in the narrow counts for more couples.
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

/// Equal if the counts are equal, however they are split between `wide` and `narrow`.
impl PartialEq for Bins {
    fn eq(&self, other: &Bins) -> bool {
        let days = |bins: &Bins| bins.narrow.len() / (bins.binned * BINS).max(1);
        let mut all = (0..days(self))
            .flat_map(|day| (0..self.binned_positions.len()).map(move |line| (day, line)));
        self.binned_positions == other.binned_positions
            && days(self) == days(other)
            && all.all(|(day, line)| self.of(day, line) == other.of(day, line))
    }
}

fn add(ours: &mut [u32], theirs: &[u32]) {
    for (ours, theirs) in ours.iter_mut().zip(theirs) {
        *ours += theirs;
    }
}

/// Bins that are still being filled.
#[derive(Clone, Debug)]
pub struct OpenBins {
    counts: Bins,
    days: usize,
    /// Bins of couples by block, recorded day, group, binned line and slot of the group.
    stored: Vec<u16>,
    /// Groups of each stored block.
    blocks: Vec<usize>,
}

impl OpenBins {
    /// Empty bins.
    pub fn new(recorded: &Recorded) -> OpenBins {
        OpenBins {
            counts: Bins::new(recorded),
            days: recorded.days.len(),
            stored: Vec::new(),
            blocks: Vec::new(),
        }
    }

    /// Counts what is stored and returns the counts.
    pub fn close(mut self) -> Bins {
        self.count();
        self.counts
    }

    /// Makes room for the next block, which has `groups` groups.
    pub(crate) fn open_block(&mut self, groups: usize) {
        if self.blocks.iter().sum::<usize>() * GROUP_SLOTS >= STORED_COUPLES {
            self.count();
        }
        self.blocks.push(groups);
        self.stored
            .resize(self.stored.len() + self.days * self.day_len(groups), ABSENT);
    }

    /// Where the bins of a group of the last opened block are stored on a recorded day: for each binned
    /// line, one for each slot.
    #[inline(always)]
    pub(crate) fn group(&mut self, day: usize, group: usize) -> &mut [u16] {
        let groups = self.blocks[self.blocks.len() - 1];
        let start = self.stored.len() - (self.days - day) * self.day_len(groups);
        let size = self.day_len(1);
        &mut self.stored[start + group * size..start + (group + 1) * size]
    }

    /// How many bins are stored for `groups` groups on one recorded day.
    #[inline(always)]
    fn day_len(&self, groups: usize) -> usize {
        groups * self.counts.binned * GROUP_SLOTS
    }

    fn count(&mut self) {
        self.counts
            .admit(self.blocks.iter().sum::<usize>() * GROUP_SLOTS);
        let group_len = self.day_len(1).max(1);
        let each = self.counts.binned * BINS;
        for day in 0..self.days {
            let mut start = 0;
            for &groups in &self.blocks {
                let length = self.day_len(groups);
                let stored = &self.stored[start + day * length..start + (day + 1) * length];
                start += self.days * length;
                for group in stored.chunks_exact(group_len) {
                    // A group that is empty in its first line is empty in all of them.
                    if group.starts_with(&[ABSENT; GROUP_SLOTS]) {
                        continue;
                    }
                    for (line, bins) in group.as_chunks::<GROUP_SLOTS>().0.iter().enumerate() {
                        let at = day * each + line * BINS;
                        let counts = &mut self.counts.narrow[at..at + BINS];
                        for bin in bins {
                            if let Some(count) = counts.get_mut(usize::from(*bin)) {
                                *count += 1;
                            }
                        }
                    }
                }
            }
        }
        self.stored.clear();
        self.blocks.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::test_support::ArrayVector;
    use crate::simd::vector::Vector;
    use crate::simulation::recorded::BinScale;
    use crate::simulation::test_support::small_config;

    /// Stores values on all days but the last, in blocks of two groups.
    fn store_all<L: Vector>(bins: &mut OpenBins, values: &[f64]) {
        for block in values.chunks(2 * GROUP_SLOTS) {
            bins.open_block(block.len().div_ceil(GROUP_SLOTS));
            for (group, numbers) in block.chunks(L::LANES).enumerate() {
                let (mut value, mut there) = (L::splat(f64::NAN), L::splat(0.0));
                for (lane, x) in numbers.iter().enumerate() {
                    value.replace(lane, *x);
                    there.replace(lane, 1.0);
                }
                let slot = group * L::LANES;
                for day in 0..bins.days - 1 {
                    for bins in bins
                        .group(day, slot / GROUP_SLOTS)
                        .chunks_exact_mut(GROUP_SLOTS)
                    {
                        let bins = &mut bins[slot % GROUP_SLOTS..];
                        BinScale::new(-1.0, 1.0).store(value, there.ge(L::splat(1.0)), bins);
                    }
                }
            }
        }
    }

    #[test]
    fn every_couple_is_counted_once_in_its_bin_for_every_vector_width() {
        let recorded = Recorded::of(&small_config(64, 1));
        let mut values: Vec<f64> = (0..2 * STORED_COUPLES + 3)
            .map(|k| (k % BINS) as f64 / (BINS / 2) as f64 - 1.0)
            .collect();
        values.extend([-7.0, 1.0, 7.0, f64::NAN]);
        let mut expected = [2; BINS];
        for more in [0, 1, 2, 0, BINS - 1, BINS - 1, 0] {
            expected[more] += 1;
        }
        let (mut one, mut eight) = (OpenBins::new(&recorded), OpenBins::new(&recorded));
        store_all::<f64>(&mut one, &values);
        store_all::<ArrayVector>(&mut eight, &values);
        let (one, eight) = (one.close(), eight.close());
        assert_eq!(one.of(0, 0), expected);
        assert!(
            one.of(1, 0).iter().all(|count| *count == 0),
            "a day without values"
        );
        assert!(one == eight);
    }

    #[test]
    fn counts_beyond_16_bits_are_exact() {
        let recorded = Recorded::of(&small_config(64, 1));
        let mut bins = OpenBins::new(&recorded);
        let couples = 2 * usize::from(u16::MAX) + 9;
        store_all::<ArrayVector>(&mut bins, &vec![0.0; couples]);
        assert!(!bins.counts.wide.is_empty());
        assert_eq!(bins.close().of(0, 0)[BINS / 2], couples as u32);
    }

    #[test]
    fn join_adds_counts_of_any_size() {
        let recorded = Recorded::of(&small_config(64, 1));
        let filled = |couples: usize, value: f64| {
            let mut bins = OpenBins::new(&recorded);
            store_all::<ArrayVector>(&mut bins, &vec![value; couples]);
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
    fn blocks_of_different_sizes_are_counted_completely() {
        let recorded = Recorded::of(&small_config(64, 1));
        let mut bins = OpenBins::new(&recorded);
        store_all::<f64>(&mut bins, &[0.0; 5]);
        store_all::<ArrayVector>(&mut bins, &[0.0; 11]);
        assert_eq!(bins.close().of(0, 0)[BINS / 2], 16);
    }
}
