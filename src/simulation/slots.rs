//! Slots: where the couples of a block are stored in groups of vectors.
//!
//! A couple that separates frees its slot. When the free slots would fill a group, the couples of the
//! last slots move forward, so that little is computed for empty slots. The order of slots depends on
//! the separations only, so it is the same for every backend.

use super::GROUP_SLOTS;

/// Which couple is in which slot.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Slots {
    /// The couple of each slot, by its position in the block; full groups.
    couples: Vec<Option<usize>>,
    occupied: usize,
}

impl Slots {
    /// Puts `count` couples into slots in their order.
    pub(crate) fn new(count: usize) -> Slots {
        let mut couples: Vec<Option<usize>> = (0..count).map(Some).collect();
        couples.resize(count.next_multiple_of(GROUP_SLOTS), None);
        Slots {
            couples,
            occupied: count,
        }
    }

    /// Number of groups.
    pub(crate) fn groups(&self) -> usize {
        self.couples.len() / GROUP_SLOTS
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

    /// Moves couples forward if that frees a group; returns each move as (from, to).
    pub(crate) fn compact(&mut self) -> Vec<(usize, usize)> {
        let kept = self.occupied.next_multiple_of(GROUP_SLOTS);
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
        fn compact_preserves_every_couple_and_keeps_no_empty_group(count in 1_usize..70, gone in prop::collection::btree_set(0_usize..70, 0..70)) {
            let mut slots = Slots::new(count);
            for slot in gone.iter().filter(|slot| **slot < count) {
                slots.free(*slot);
                slots.free(*slot);
            }
            let before = all(&slots);
            let moves = slots.compact();
            prop_assert_eq!(slots.groups(), before.len().div_ceil(GROUP_SLOTS));
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
