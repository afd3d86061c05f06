//! Storage of couples in tiles, and copies between tiles and vectors.

use super::TILE_SLOTS;
use crate::model::Couple;
use crate::model::types::{NUMBERS, STATES, TRAITS};
use crate::simd::vector::Vector;
use std::ops::Range;

/// Trust and intimacy of couples: the means of both partners.
#[inline(always)]
pub(crate) fn plane<L: Vector>(couple: &Couple<L>) -> [L; 2] {
    let [a, b] = [&couple.partners[0].state, &couple.partners[1].state];
    [(a.trust + b.trust) * 0.5, (a.intimacy + b.intimacy) * 0.5]
}

/// The couples of eight consecutive slots, number by number in the order of [`Couple::numbers`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct CoupleTile([[f64; TILE_SLOTS]; NUMBERS]);

impl CoupleTile {
    /// Positions of a partner's traits among the numbers.
    pub(crate) fn traits(person: usize) -> Range<usize> {
        let first = person * (TRAITS.len() + STATES.len());
        first..first + TRAITS.len()
    }

    /// Positions of a partner's states among the numbers.
    pub(crate) fn states(person: usize) -> Range<usize> {
        let first = CoupleTile::traits(person).end;
        first..first + STATES.len()
    }

    /// Position of the contact rate among the numbers.
    pub(crate) const CONTACT: usize = NUMBERS - 3;

    /// Tiles for a number of couples, filled with zeros.
    pub(crate) fn zeros(couples: usize) -> Vec<CoupleTile> {
        vec![CoupleTile([[0.0; TILE_SLOTS]; NUMBERS]); couples.div_ceil(TILE_SLOTS)]
    }

    /// One number of all the couples.
    pub(crate) fn number(&self, number: usize) -> &[f64; TILE_SLOTS] {
        &self.0[number]
    }

    /// Stores a vector of couples from lane `first` on.
    #[inline(always)]
    pub(crate) fn store<L: Vector>(&mut self, first: usize, couples: &Couple<L>) {
        for (to, from) in self.0.iter_mut().zip(couples.numbers()) {
            from.store(&mut to[first..]);
        }
    }

    /// Stores the couple in lane `from` of a vector at lane `to`.
    #[inline(always)]
    pub(crate) fn store_one<L: Vector>(&mut self, to: usize, couples: &Couple<L>, from: usize) {
        for (stored, number) in self.0.iter_mut().zip(couples.numbers()) {
            stored[to] = number.extract(from);
        }
    }

    /// Loads a vector of couples from lane `first` on.
    #[inline(always)]
    pub(crate) fn load<L: Vector>(&self, first: usize) -> Couple<L> {
        let mut couples = Couple::<L>::default();
        for (to, from) in couples.numbers_mut().zip(&self.0) {
            *to = L::load(&from[first..]);
        }
        couples
    }
}

/// The first couple, if the couples are consecutive and aligned to a vector, as in a tile.
#[inline(always)]
fn consecutive<L: Vector>(couples: &[Option<usize>]) -> Option<usize> {
    let first = couples[0]?;
    let mut consecutive = first.is_multiple_of(L::LANES);
    for (lane, couple) in couples.iter().enumerate() {
        consecutive &= *couple == Some(first + lane);
    }
    consecutive.then_some(first)
}

/// Gathers couples into a vector; an empty lane holds the first couple.
#[inline(always)]
pub(crate) fn gather<L: Vector>(lanes: &[Option<usize>], couples: &[CoupleTile]) -> Couple<L> {
    if let Some(first) = consecutive::<L>(lanes) {
        return couples[first / TILE_SLOTS].load(first % TILE_SLOTS);
    }
    let mut stored = CoupleTile([[0.0; TILE_SLOTS]; NUMBERS]);
    for (lane, couple) in lanes.iter().enumerate() {
        let couple = couple.unwrap_or(0);
        let from = &couples[couple / TILE_SLOTS];
        for (to, from) in stored.0.iter_mut().zip(&from.0) {
            to[lane] = from[couple % TILE_SLOTS];
        }
    }
    stored.load(0)
}

/// Scatters the couples of a vector to their positions.
#[inline(always)]
pub(crate) fn scatter<L: Vector>(
    vector: &Couple<L>,
    lanes: &[Option<usize>],
    couples: &mut [CoupleTile],
) {
    if let Some(first) = consecutive::<L>(lanes) {
        return couples[first / TILE_SLOTS].store(first % TILE_SLOTS, vector);
    }
    let mut stored = CoupleTile([[0.0; TILE_SLOTS]; NUMBERS]);
    stored.store(0, vector);
    for (lane, couple) in lanes.iter().enumerate() {
        let Some(couple) = *couple else { continue };
        let to = &mut couples[couple / TILE_SLOTS];
        for (to, from) in to.0.iter_mut().zip(&stored.0) {
            to[couple % TILE_SLOTS] = from[lane];
        }
    }
}

/// Copies the couple in one lane of a vector to a lane of another vector.
///
/// It blends by a mask: after a store of one lane, the next load of the vector would stall.
#[inline(always)]
pub(crate) fn copy_lane<L: Vector>(
    (from, from_lane): (&Couple<L>, usize),
    (to, to_lane): (&mut Couple<L>, usize),
) {
    let mut mask = [0.0; TILE_SLOTS];
    mask[to_lane] = 1.0;
    let mask = L::load(&mask).ge(L::splat(1.0));
    for (to, from) in to.numbers_mut().zip(from.numbers()) {
        *to = L::splat(from.extract(from_lane)).select(mask, *to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::test_support::ArrayVector;

    /// A couple whose numbers all differ.
    fn numbered(from: usize) -> Couple<f64> {
        let mut couple = Couple::default();
        for (position, number) in couple.numbers_mut().enumerate() {
            *number = (from + position) as f64;
        }
        couple
    }

    /// Twelve couples whose numbers all differ, and space for two more.
    fn some_couples() -> Vec<CoupleTile> {
        let mut couples = CoupleTile::zeros(14);
        for couple in 0..12 {
            couples[couple / TILE_SLOTS].store_one(couple % TILE_SLOTS, &numbered(100 * couple), 0);
        }
        couples
    }

    fn assert_couples(vector: &Couple<ArrayVector>, expected: [usize; 8]) {
        let mut stored = CoupleTile::zeros(8);
        stored[0].store(0, vector);
        for (lane, couple) in expected.into_iter().enumerate() {
            assert_eq!(stored[0].load::<f64>(lane), numbered(100 * couple));
        }
    }

    #[test]
    fn gather_and_copy_lane_preserve_couples() {
        let couples = some_couples();
        let chosen = [2, 11, 0, 3, 9, 5, 10, 1];
        let mut lanes: Couple<ArrayVector> = gather(&chosen.map(Some), &couples);
        assert_couples(&lanes, chosen);
        let before = lanes;
        copy_lane((&before, 7), (&mut lanes, 1));
        assert_couples(&lanes, [2, 1, 0, 3, 9, 5, 10, 1]);
        let in_order = [0, 1, 2, 3, 4, 5, 6, 7];
        assert_couples(&gather(&in_order.map(Some), &couples), in_order);
        let mut empty = in_order.map(Some);
        empty[6] = None;
        assert_couples(&gather(&empty, &couples), [0, 1, 2, 3, 4, 5, 0, 7]);
        assert_eq!(gather::<f64>(&[Some(9)], &couples), numbered(900));
    }

    #[test]
    fn scatter_inverts_gather() {
        let couples = some_couples();
        let mut back = CoupleTile::zeros(14);
        let slots = [Some(9), None, Some(11), Some(10), Some(8), None, None, None];
        for slots in [[0, 1, 2, 3, 4, 5, 6, 7].map(Some), slots] {
            scatter(&gather::<ArrayVector>(&slots, &couples), &slots, &mut back);
        }
        assert_eq!(back, couples);
        let mut alone = CoupleTile::zeros(14);
        for couple in 0..12 {
            let slot = [Some(couple)];
            scatter(&gather::<f64>(&slot, &couples), &slot, &mut alone);
        }
        assert_eq!(alone, couples);
    }

    #[test]
    fn positions_match_the_order_of_numbers() {
        let couple = numbered(0);
        for (person, partner) in couple.partners.iter().enumerate() {
            let traits = partner.traits.fields().map(|number| *number as usize);
            assert!(traits.into_iter().eq(CoupleTile::traits(person)));
            let states = partner.state.fields().map(|number| *number as usize);
            assert!(states.into_iter().eq(CoupleTile::states(person)));
        }
        assert_eq!(couple.contact as usize, CoupleTile::CONTACT);
    }
}
