//! Between couples alone and couples in lanes.

use super::ROW;
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

/// As many couples as a row has seats, number by number in the order of [`Couple::numbers`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Octet([[f64; ROW]; NUMBERS]);

impl Octet {
    /// Where a partner's traits stand among the numbers.
    pub(crate) fn traits(person: usize) -> Range<usize> {
        let first = person * (TRAITS.len() + STATES.len());
        first..first + TRAITS.len()
    }

    /// Where a partner's states stand among the numbers.
    pub(crate) fn states(person: usize) -> Range<usize> {
        let first = Octet::traits(person).end;
        first..first + STATES.len()
    }

    /// Where the contact rate stands among the numbers.
    pub(crate) const CONTACT: usize = NUMBERS - 2;
    /// Where investment stands among the numbers.
    pub(crate) const INVESTMENT: usize = NUMBERS - 1;

    /// Room for so many couples, nothing in it yet.
    pub(crate) fn room(couples: usize) -> Vec<Octet> {
        vec![Octet([[0.0; ROW]; NUMBERS]); couples.div_ceil(ROW)]
    }

    /// One number of all the couples.
    pub(crate) fn number(&self, number: usize) -> &[f64; ROW] {
        &self.0[number]
    }

    /// Writes a lane's couples to the places from `first` on.
    #[inline(always)]
    pub(crate) fn write<L: Vector>(&mut self, first: usize, lane: &Couple<L>) {
        for (to, from) in self.0.iter_mut().zip(lane.numbers()) {
            from.store(&mut to[first..]);
        }
    }

    /// Writes the couple at one place of a lane to a place of its own.
    #[inline(always)]
    pub(crate) fn put<L: Vector>(&mut self, place: usize, lane: &Couple<L>, at: usize) {
        for (to, from) in self.0.iter_mut().zip(lane.numbers()) {
            to[place] = from.extract(at);
        }
    }

    /// Reads a lane of couples from the places from `first` on.
    #[inline(always)]
    pub(crate) fn lane<L: Vector>(&self, first: usize) -> Couple<L> {
        let mut lane = Couple::<L>::default();
        for (to, from) in lane.numbers_mut().zip(&self.0) {
            *to = L::load(&from[first..]);
        }
        lane
    }
}

/// Where couples begin who sit in the places of a lane one after the other, as in an octet.
#[inline(always)]
fn in_order<L: Vector>(places: &[Option<usize>]) -> Option<usize> {
    let first = places[0]?;
    let mut ordered = first.is_multiple_of(L::LANES);
    for (place, couple) in places.iter().enumerate() {
        ordered &= *couple == Some(first + place);
    }
    ordered.then_some(first)
}

/// Lays couples into the places of a lane; an empty place holds the first couple.
#[inline(always)]
pub(crate) fn gather<L: Vector>(places: &[Option<usize>], couples: &[Octet]) -> Couple<L> {
    if let Some(first) = in_order::<L>(places) {
        return couples[first / ROW].lane(first % ROW);
    }
    let mut stored = Octet([[0.0; ROW]; NUMBERS]);
    for (place, couple) in places.iter().enumerate() {
        let couple = couple.unwrap_or(0);
        let from = &couples[couple / ROW];
        for (to, from) in stored.0.iter_mut().zip(&from.0) {
            to[place] = from[couple % ROW];
        }
    }
    stored.lane(0)
}

/// Writes the couples of a lane, whoever sits there, to places of their own.
#[inline(always)]
pub(crate) fn scatter<L: Vector>(
    lane: &Couple<L>,
    places: &[Option<usize>],
    couples: &mut [Octet],
) {
    if let Some(first) = in_order::<L>(places) {
        return couples[first / ROW].write(first % ROW, lane);
    }
    let mut stored = Octet([[0.0; ROW]; NUMBERS]);
    stored.write(0, lane);
    for (place, couple) in places.iter().enumerate() {
        let Some(couple) = *couple else { continue };
        let to = &mut couples[couple / ROW];
        for (to, from) in to.0.iter_mut().zip(&stored.0) {
            to[couple % ROW] = from[place];
        }
    }
}

/// Copies the couple at one place of a lane to a place of another lane.
///
/// A mask says where to: the next load of a lane would wait long for a number that was stored alone.
#[inline(always)]
pub(crate) fn shift<L: Vector>(
    (from, at): (&Couple<L>, usize),
    (to, place): (&mut Couple<L>, usize),
) {
    let mut here = [0.0; ROW];
    here[place] = 1.0;
    let here = L::load(&here).ge(L::splat(1.0));
    for (to, from) in to.numbers_mut().zip(from.numbers()) {
        *to = L::splat(from.extract(at)).select(here, *to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::test_support::ArrayVector;

    /// A couple whose every number is another one.
    fn numbered(from: usize) -> Couple<f64> {
        let mut couple = Couple::default();
        for (place, number) in couple.numbers_mut().enumerate() {
            *number = (from + place) as f64;
        }
        couple
    }

    /// Couples of which every number is another one, and room for two more.
    fn some_couples() -> Vec<Octet> {
        let mut couples = Octet::room(14);
        for couple in 0..12 {
            couples[couple / ROW].put(couple % ROW, &numbered(100 * couple), 0);
        }
        couples
    }

    fn expect(lanes: &Couple<ArrayVector>, at: [usize; 8]) {
        let mut stored = Octet::room(8);
        stored[0].write(0, lanes);
        for (place, couple) in at.into_iter().enumerate() {
            assert_eq!(stored[0].lane::<f64>(place), numbered(100 * couple));
        }
    }

    #[test]
    fn couples_that_are_laid_into_lanes_are_read_as_they_were() {
        let couples = some_couples();
        let places = [2, 11, 0, 3, 9, 5, 10, 1];
        let mut lanes: Couple<ArrayVector> = gather(&places.map(Some), &couples);
        expect(&lanes, places);
        let before = lanes;
        shift((&before, 7), (&mut lanes, 1));
        expect(&lanes, [2, 1, 0, 3, 9, 5, 10, 1]);
        let in_order = [0, 1, 2, 3, 4, 5, 6, 7];
        expect(&gather(&in_order.map(Some), &couples), in_order);
        let mut empty = in_order.map(Some);
        empty[6] = None;
        expect(&gather(&empty, &couples), [0, 1, 2, 3, 4, 5, 0, 7]);
        assert_eq!(gather::<f64>(&[Some(9)], &couples), numbered(900));
    }

    #[test]
    fn couples_return_from_lanes_to_where_they_were() {
        let couples = some_couples();
        let mut back = Octet::room(14);
        let seats = [Some(9), None, Some(11), Some(10), Some(8), None, None, None];
        for seats in [[0, 1, 2, 3, 4, 5, 6, 7].map(Some), seats] {
            scatter(&gather::<ArrayVector>(&seats, &couples), &seats, &mut back);
        }
        assert_eq!(back, couples);
        let mut alone = Octet::room(14);
        for couple in 0..12 {
            let seat = [Some(couple)];
            scatter(&gather::<f64>(&seat, &couples), &seat, &mut alone);
        }
        assert_eq!(alone, couples);
    }

    #[test]
    fn numbers_stand_where_they_are_looked_for() {
        let couple = numbered(0);
        for (person, partner) in couple.partners.iter().enumerate() {
            let traits = partner.traits.fields().map(|number| *number as usize);
            assert!(traits.into_iter().eq(Octet::traits(person)));
            let states = partner.state.fields().map(|number| *number as usize);
            assert!(states.into_iter().eq(Octet::states(person)));
        }
        assert_eq!(couple.contact as usize, Octet::CONTACT);
        assert_eq!(couple.investment as usize, Octet::INVESTMENT);
    }
}
