//! Between couples alone and couples in lanes.

use super::ROW;
use crate::foundation::lane::Lane;
use crate::model::Couple;
use crate::model::partner::NUMBERS;
use std::array::from_fn;

/// Trust and intimacy of couples: the means of both partners.
#[inline(always)]
pub(super) fn plane<L: Lane>(couple: &Couple<L>) -> [L; 2] {
    let [a, b] = [&couple.partners[0].state, &couple.partners[1].state];
    [(a.trust + b.trust) * 0.5, (a.intimacy + b.intimacy) * 0.5]
}

/// Lays couples into the places of a lane; an empty place holds the usual couple.
#[inline(always)]
pub(super) fn gather<L: Lane>(places: &[Option<usize>], couples: &[Couple<f64>]) -> Couple<L> {
    let usual = Couple::usual();
    let mut stored = [[0.0; ROW]; NUMBERS];
    for (place, couple) in places.iter().enumerate() {
        let couple = couple.map_or(&usual, |couple| &couples[couple]);
        for (to, from) in stored.iter_mut().zip(couple.numbers()) {
            to[place] = *from;
        }
    }
    let mut lanes = Couple::<L>::usual();
    for (to, from) in lanes.numbers_mut().zip(&stored) {
        *to = L::load(from);
    }
    lanes
}

/// Copies the couple at one place to another place.
#[inline(always)]
pub(super) fn shift<K: Lane, L: Lane>(
    (from, at): (&Couple<K>, usize),
    (to, place): (&mut Couple<L>, usize),
) {
    for (to, from) in to.numbers_mut().zip(from.numbers()) {
        to.put(place, from.at(at));
    }
}

/// Reads all couples of a lane; places beyond its width hold the usual couple.
#[inline(always)]
pub(super) fn read<L: Lane>(lanes: &Couple<L>) -> [Couple<f64>; ROW] {
    let mut stored = [[0.0; ROW]; NUMBERS];
    for (to, from) in stored.iter_mut().zip(lanes.numbers()) {
        from.store(to);
    }
    from_fn(|place| {
        let mut couple = Couple::usual();
        if place < L::WIDTH {
            for (to, from) in couple.numbers_mut().zip(&stored) {
                *to = from[place];
            }
        }
        couple
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::foundation::pack::Pack;

    /// A couple whose every number is another one.
    fn numbered(from: usize) -> Couple<f64> {
        let mut couple = Couple::usual();
        for (place, number) in couple.numbers_mut().enumerate() {
            *number = (from + place) as f64;
        }
        couple
    }

    #[test]
    fn couples_that_are_laid_into_lanes_are_read_as_they_were() {
        let couples: Vec<Couple<f64>> = (0..3).map(|k| numbered(100 * k)).collect();
        let places = [Some(2), None, Some(0), None, None, None, None, Some(1)];
        let mut lanes: Couple<Pack> = gather(&places, &couples);
        let expect = |lanes: &Couple<Pack>, at: &[Option<usize>; 8]| {
            for (couple, place) in read(lanes).iter().zip(at) {
                let expected = place.map_or(Couple::usual(), |place| couples[place]);
                assert_eq!(*couple, expected);
            }
        };
        expect(&lanes, &places);
        let before = lanes;
        shift((&before, 7), (&mut lanes, 1));
        let moved = [Some(2), Some(1), Some(0), None, None, None, None, Some(1)];
        expect(&lanes, &moved);
    }
}
