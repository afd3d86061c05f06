//! Ensemble moments: sums over the couples of each recorded day.
//!
//! Sums run over the slots of a block in a fixed order, and blocks are joined in theirs, so that no
//! result depends on the threads or on the width of vectors.

use super::GROUP_SLOTS;
use super::observable::{Cuts, Observable};
use super::recorded::{BinScale, Recorded, RecordedObservable};
use crate::model::{Couple, Rules, Tally};
use crate::simd::vector::Vector;

/// Counts, sums and sums of squares of each recorded day and line.
#[derive(Clone, Debug, PartialEq)]
pub struct Moments {
    /// Intact couples on each recorded day.
    pub intact: Vec<u64>,
    /// Sum and sum of squares, by day and then by line.
    pub sums: Vec<[f64; 2]>,
}

impl Moments {
    /// Empty sums.
    pub fn new(recorded: &Recorded) -> Moments {
        let days = recorded.days.len();
        Moments {
            intact: vec![0; days],
            sums: vec![[0.0; 2]; days * recorded.lines.len()],
        }
    }

    /// Adds the sums of the next block.
    pub fn join(&mut self, next: &Moments) {
        for (ours, theirs) in self.intact.iter_mut().zip(&next.intact) {
            *ours += theirs;
        }
        for (ours, theirs) in self.sums.iter_mut().zip(&next.sums) {
            ours[0] += theirs[0];
            ours[1] += theirs[1];
        }
    }
}

/// The couples of one vector on a day that is recorded.
pub(crate) struct RecordSnapshot<'a, L: Vector> {
    pub(crate) couple: &'a Couple<L>,
    pub(crate) tally: &'a Tally<L>,
    pub(crate) rules: &'a Rules,
    pub(crate) cuts: &'a Cuts,
    /// Which lanes hold an intact couple.
    pub(crate) intact: L::Mask,
    /// The first slot of the vector.
    pub(crate) slot: usize,
}

/// Sums of one day over the groups of a block, separately for each slot of a group.
///
/// They are added to [`Moments`] when the block's day is done. Order of the sums: each slot's couples
/// group by group, then the slots as [`Vector::reduce_sum`] adds them. The couple's line of an
/// observable of persons follows from the sums of both partners and the products of their values.
pub(crate) struct DayAccumulator<L> {
    lines: usize,
    /// By vector of a group and then by line: sum and sum of squares, and, for the couple's line of an
    /// observable of persons, nothing and the sum of the partners' products.
    sums: Vec<[L; 2]>,
}

impl<L: Vector> DayAccumulator<L> {
    pub(crate) fn new(recorded: &Recorded) -> DayAccumulator<L> {
        let lines = recorded.lines.len();
        DayAccumulator {
            lines,
            sums: vec![[L::splat(0.0); 2]; lines * (GROUP_SLOTS / L::LANES)],
        }
    }

    /// Records the couples of a vector; `bins` is where the bins of its group are stored.
    #[inline(always)]
    pub(crate) fn record(
        &mut self,
        snapshot: &RecordSnapshot<'_, L>,
        recorded: &Recorded,
        bins: Option<&mut [u16]>,
    ) {
        let vector = snapshot.slot % GROUP_SLOTS / L::LANES;
        let mut writer = LineWriter {
            sums: self.sums[vector * self.lines..(vector + 1) * self.lines].iter_mut(),
            bins: bins.unwrap_or_default().chunks_exact_mut(GROUP_SLOTS),
            slot: snapshot.slot % GROUP_SLOTS,
            intact: snapshot.intact,
        };
        let RecordSnapshot {
            couple,
            tally,
            rules,
            cuts,
            ..
        } = *snapshot;
        for RecordedObservable { observable, bins } in recorded.observables.iter().copied() {
            match observable {
                Observable::Couple(observable) => {
                    writer.write(observable.value(couple, tally, cuts), bins);
                }
                Observable::Person(observable) => {
                    let a = observable.value(couple, tally, rules, 0);
                    let b = observable.value(couple, tally, rules, 1);
                    writer.write_both(a, b, bins);
                }
            }
        }
    }

    /// Adds the sums to those of a recorded day (by its position), and resets them.
    #[inline(always)]
    pub(crate) fn close(&mut self, day: usize, recorded: &Recorded, moments: &mut Moments) {
        let mut totals = moments.sums[day * self.lines..(day + 1) * self.lines].iter_mut();
        let mut line = 0;
        let mut add = |total: [f64; 2]| {
            if let Some(sums) = totals.next() {
                sums[0] += total[0];
                sums[1] += total[1];
            }
        };
        for recorded in &recorded.observables {
            match recorded.observable {
                Observable::Couple(_) => {
                    add(self.take_total(line));
                    line += 1;
                }
                Observable::Person(_) => {
                    let [a, b] = [self.take_total(line), self.take_total(line + 1)];
                    let [_, products] = self.take_total(line + 2);
                    add(a);
                    add(b);
                    let squares = a[1] + b[1] + 2.0 * products;
                    add([0.5 * (a[0] + b[0]), 0.25 * squares]);
                    line += 3;
                }
            }
        }
    }

    /// The sums of one line over the slots of a group; resets them.
    #[inline(always)]
    fn take_total(&mut self, line: usize) -> [f64; 2] {
        let mut group = [[L::splat(0.0); GROUP_SLOTS]; 2];
        let vectors = GROUP_SLOTS / L::LANES;
        for vector in 0..vectors {
            let sums = &mut self.sums[vector * self.lines + line];
            group[0][vector] = sums[0];
            group[1][vector] = sums[1];
            *sums = [L::splat(0.0); 2];
        }
        [
            L::reduce_sum(&group[0][..vectors]),
            L::reduce_sum(&group[1][..vectors]),
        ]
    }
}

/// Writes a recorded day line by line.
struct LineWriter<'a, L: Vector> {
    sums: std::slice::IterMut<'a, [L; 2]>,
    bins: std::slice::ChunksExactMut<'a, u16>,
    slot: usize,
    intact: L::Mask,
}

impl<L: Vector> LineWriter<'_, L> {
    /// Writes the next line.
    #[inline(always)]
    fn write(&mut self, value: L, scale: Option<BinScale>) {
        self.add(value.masked(self.intact));
        self.store_bins(value, scale);
    }

    /// Writes the next three lines: of both partners, and of the couple as their mean.
    #[inline(always)]
    fn write_both(&mut self, a: L, b: L, scale: Option<BinScale>) {
        let present = [a.masked(self.intact), b.masked(self.intact)];
        self.add(present[0]);
        self.add(present[1]);
        if let Some([_, products]) = self.sums.next() {
            *products = present[0].mul_add(present[1], *products);
        }
        if scale.is_some() {
            self.store_bins(a, scale);
            self.store_bins(b, scale);
            self.store_bins((a + b) * 0.5, scale);
        }
    }

    /// Adds to the next line's sums.
    ///
    /// Absent couples add zero, which changes no bit of a sum that started at zero.
    #[inline(always)]
    fn add(&mut self, present: L) {
        if let Some([sum, squares]) = self.sums.next() {
            *sum += present;
            *squares = present.mul_add(present, *squares);
        }
    }

    /// Stores the bins of the next line's values.
    #[inline(always)]
    fn store_bins(&mut self, value: L, scale: Option<BinScale>) {
        if let Some(scale) = scale
            && let Some(bins) = self.bins.next()
        {
            scale.store(value, self.intact, &mut bins[self.slot..]);
        }
    }
}
