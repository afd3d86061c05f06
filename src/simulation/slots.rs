//! Seats: where the couples of a block stand in rows of lanes.
//!
//! A couple that parts leaves its seat empty. Where that has emptied as many seats as a row has, the
//! couples of the last seats move up, so that little is computed for nobody. Who sits where follows
//! from who has parted alone, so that it is the same for every engine.

use super::ROW;

/// Who sits where.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seats {
    /// The couple of each seat, by its position in the block; whole rows.
    couples: Vec<Option<usize>>,
    taken: usize,
}

impl Seats {
    /// Seats so many couples in their order.
    pub(crate) fn of(count: usize) -> Seats {
        let mut couples: Vec<Option<usize>> = (0..count).map(Some).collect();
        couples.resize(count.next_multiple_of(ROW), None);
        Seats {
            couples,
            taken: count,
        }
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.couples.len() / ROW
    }

    /// How many couples are seated.
    pub(crate) fn taken(&self) -> usize {
        self.taken
    }

    /// The couples of consecutive seats.
    pub(crate) fn at(&self, first: usize, count: usize) -> &[Option<usize>] {
        &self.couples[first..first + count]
    }

    /// Empties a seat.
    pub(crate) fn leave(&mut self, seat: usize) {
        self.taken -= usize::from(self.couples[seat].take().is_some());
    }

    /// Moves couples up where that frees a whole row; gives each move as (from, to).
    pub(crate) fn close_ranks(&mut self) -> Vec<(usize, usize)> {
        let kept = self.taken.next_multiple_of(ROW);
        if kept == self.couples.len() {
            return Vec::new();
        }
        let mut moves = Vec::new();
        let mut free = 0;
        for from in kept..self.couples.len() {
            let Some(couple) = self.couples[from] else {
                continue;
            };
            while self.couples[free].is_some() {
                free += 1;
            }
            self.couples[free] = Some(couple);
            moves.push((from, free));
        }
        self.couples.truncate(kept);
        moves
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every couple with its seat, in the order of seats.
    fn all(seats: &Seats) -> Vec<(usize, usize)> {
        let couples = seats.couples.iter().enumerate();
        couples
            .filter_map(|(seat, couple)| couple.map(|couple| (seat, couple)))
            .collect()
    }

    proptest! {
        #[test]
        fn nobody_is_lost_and_no_row_is_kept_for_nobody(count in 1_usize..70, gone in prop::collection::btree_set(0_usize..70, 0..70)) {
            let mut seats = Seats::of(count);
            for seat in gone.iter().filter(|seat| **seat < count) {
                seats.leave(*seat);
                seats.leave(*seat);
            }
            let before = all(&seats);
            let moves = seats.close_ranks();
            prop_assert_eq!(seats.rows(), before.len().div_ceil(ROW));
            let mut expected: Vec<usize> = before.iter().map(|(_, couple)| *couple).collect();
            let mut after: Vec<usize> = all(&seats).iter().map(|(_, couple)| *couple).collect();
            for (seat, couple) in all(&seats) {
                let from = moves.iter().find(|(_, to)| *to == seat).map_or(seat, |(from, _)| *from);
                prop_assert!(before.contains(&(from, couple)));
            }
            expected.sort_unstable();
            after.sort_unstable();
            prop_assert_eq!(after, expected);
            prop_assert!(seats.close_ranks().is_empty());
        }
    }
}
