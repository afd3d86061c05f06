//! Slots: where the couples of a block are stored in tiles of eight.
//!
//! A couple that separates frees its slot. When the free slots would fill a tile, the couples of the
//! last slots move forward, so that little is computed for empty slots. The order of slots depends on
//! the separations only, so it is the same for every backend.

use super::{Cohort, SeparationStep};
use crate::model::{Departure, LeavingReason, Tally};
use crate::rng::VectorRng;
use crate::simd::vector::Mask;
use crate::simulation::TILE_SLOTS;
use crate::simulation::gather_scatter::{copy_lane, gather};
use crate::simulation::schedule::Epoch;

/// Which couple is in which slot.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Slots {
    /// The couple of each slot, by its position in the block; full tiles.
    couples: Vec<Option<usize>>,
    occupied: usize,
}

impl Slots {
    /// Puts `count` couples into slots in their order.
    pub(crate) fn new(count: usize) -> Slots {
        let mut couples: Vec<Option<usize>> = (0..count).map(Some).collect();
        couples.resize(count.next_multiple_of(TILE_SLOTS), None);
        Slots {
            couples,
            occupied: count,
        }
    }

    /// Number of tiles.
    pub(crate) fn tiles(&self) -> usize {
        self.couples.len() / TILE_SLOTS
    }

    /// Number of couples in slots.
    pub(crate) fn occupied(&self) -> usize {
        self.occupied
    }

    /// The couples of consecutive slots.
    pub(crate) fn at(&self, first: usize, count: usize) -> &[Option<usize>] {
        &self.couples[first..first + count]
    }

    /// Frees a slot.
    pub(crate) fn free(&mut self, slot: usize) {
        self.occupied -= usize::from(self.couples[slot].take().is_some());
    }

    /// Moves couples forward if that frees a tile; returns each move as (from, to).
    pub(crate) fn compact(&mut self) -> Vec<(usize, usize)> {
        let kept = self.occupied.next_multiple_of(TILE_SLOTS);
        if kept == self.couples.len() {
            return Vec::new();
        }
        let mut moves = Vec::new();
        let mut to = 0;
        for from in kept..self.couples.len() {
            let Some(couple) = self.couples[from] else {
                continue;
            };
            while self.couples[to].is_some() {
                to += 1;
            }
            self.couples[to] = Some(couple);
            moves.push((from, to));
        }
        self.couples.truncate(kept);
        moves
    }
}

impl<L: VectorRng> Cohort<'_, L> {
    /// Sets the traits that hold in an epoch.
    pub(crate) fn set_traits(&mut self, epoch: &Epoch) {
        for (vector, now) in self.now.iter_mut().enumerate() {
            let lanes = self.slots.at(vector * L::LANES, L::LANES);
            let initial = gather(lanes, &self.initial.couples);
            epoch.set_traits(now, &initial);
        }
    }

    /// Stores who separated in a step, with the state of these couples and what is recorded of them.
    #[inline(always)]
    pub(crate) fn separate(
        &mut self,
        vector: usize,
        (departure, step): (&Departure<L>, u64),
        tally: &Tally<L>,
        epoch: &Epoch,
    ) {
        let [a, b] = departure.leaves;
        if ((a | b) & self.intact[vector]).none() {
            return;
        }
        let mut leaves = [[0.0; TILE_SLOTS]; 2];
        let mut for_bond = [0.0; TILE_SLOTS];
        L::splat(1.0)
            .masked(departure.for_bond())
            .store(&mut for_bond);
        L::splat(1.0).masked(a).store(&mut leaves[0]);
        L::splat(1.0).masked(b).store(&mut leaves[1]);
        for lane in 0..L::LANES {
            let left = leaves[0][lane] as u8 + 2 * leaves[1][lane] as u8;
            let slot = vector * L::LANES + lane;
            if left > 0
                && let Some(couple) = self.slots.at(slot, 1)[0]
            {
                self.slots.free(slot);
                let reason = match for_bond[lane] == 1.0 {
                    true => LeavingReason::Bond,
                    false => LeavingReason::Outside,
                };
                self.separations[couple] = Some(SeparationStep { step, left, reason });
                self.store_last_values(vector, lane, couple, (tally, epoch));
                if let Some(separated) = self.separated.get_mut(couple / TILE_SLOTS) {
                    separated.store_one(couple % TILE_SLOTS, &self.now[vector], lane);
                }
            }
        }
        self.intact[vector] = self.mask(vector);
    }

    /// Stores what is recorded of a couple that separates.
    #[inline(always)]
    fn store_last_values(
        &mut self,
        vector: usize,
        lane: usize,
        couple: usize,
        (tally, epoch): (&Tally<L>, &Epoch),
    ) {
        let lines = self.run.recorded.lines.len();
        let mut last_values = std::mem::take(&mut self.last_values);
        if let Some(values) = last_values.get_mut(couple * lines..(couple + 1) * lines) {
            let snapshot = self.record_snapshot(vector, tally, epoch);
            self.run.recorded.store_values(&snapshot, lane, values);
        }
        self.last_values = last_values;
    }

    /// Moves couples forward into free slots, if that frees a tile.
    #[inline(always)]
    pub(crate) fn compact(&mut self) {
        let moves = self.slots.compact();
        for &(from, to) in &moves {
            // A couple always comes from a later tile.
            let (before, after) = self.now.split_at_mut(from / L::LANES);
            copy_lane(
                (&after[0], from % L::LANES),
                (&mut before[to / L::LANES], to % L::LANES),
            );
        }
        let vectors = self.slots.tiles() * TILE_SLOTS / L::LANES;
        self.now.truncate(vectors);
        self.sources.truncate(vectors);
        self.intact.truncate(vectors);
        for (_, to) in moves {
            let vector = to / L::LANES;
            self.sources[vector] = self.source(vector);
            self.intact[vector] = self.mask(vector);
        }
    }

    #[inline(always)]
    pub(crate) fn source(&self, vector: usize) -> L::Streams {
        let couples = self.slots.at(vector * L::LANES, L::LANES);
        let first = couples.iter().flatten().next().copied().unwrap_or(0);
        let mut numbers = [0; TILE_SLOTS];
        for (number, couple) in numbers.iter_mut().zip(couples) {
            *number = self.first + couple.unwrap_or(first) as u64;
        }
        L::streams(self.key, &numbers[..L::LANES])
    }

    /// Which lanes of a vector hold an intact couple.
    #[inline(always)]
    pub(crate) fn mask(&self, vector: usize) -> L::Mask {
        self.mask_of(vector, |_| true)
    }

    /// Which lanes of a vector hold an intact couple of which something is true, by its position.
    #[inline(always)]
    pub(crate) fn mask_of(&self, vector: usize, is_in: impl Fn(usize) -> bool) -> L::Mask {
        let mut intact = [0.0; TILE_SLOTS];
        let couples = self.slots.at(vector * L::LANES, L::LANES);
        for (lane, couple) in couples.iter().enumerate() {
            intact[lane] = f64::from(u8::from(couple.is_some_and(&is_in)));
        }
        L::load(&intact).ge(L::splat(1.0))
    }

    /// Number of intact couples in a vector.
    pub(crate) fn count(&self, vector: usize) -> u64 {
        let couples = self.slots.at(vector * L::LANES, L::LANES);
        couples.iter().flatten().count() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every couple with its slot, in the order of slots.
    fn all(slots: &Slots) -> Vec<(usize, usize)> {
        let couples = slots.couples.iter().enumerate();
        couples
            .filter_map(|(slot, couple)| couple.map(|couple| (slot, couple)))
            .collect()
    }

    proptest! {
        #[test]
        fn compact_preserves_every_couple_and_keeps_no_empty_tile(count in 1_usize..70, gone in prop::collection::btree_set(0_usize..70, 0..70)) {
            let mut slots = Slots::new(count);
            for slot in gone.iter().filter(|slot| **slot < count) {
                slots.free(*slot);
                slots.free(*slot);
            }
            let before = all(&slots);
            let moves = slots.compact();
            prop_assert_eq!(slots.tiles(), before.len().div_ceil(TILE_SLOTS));
            let mut expected: Vec<usize> = before.iter().map(|(_, couple)| *couple).collect();
            let mut after: Vec<usize> = all(&slots).iter().map(|(_, couple)| *couple).collect();
            for (slot, couple) in all(&slots) {
                let from = moves.iter().find(|(_, to)| *to == slot).map_or(slot, |(from, _)| *from);
                prop_assert!(before.contains(&(from, couple)));
            }
            expected.sort_unstable();
            after.sort_unstable();
            prop_assert_eq!(after, expected);
            prop_assert!(slots.compact().is_empty());
        }
    }
}
