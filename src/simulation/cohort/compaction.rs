//! Who of a cohort sits where: parting, moving up, and what a lane needs to know of its couples.

use super::{Cohort, Ending};
use crate::model::Departure;
use crate::rng::VectorRng;
use crate::simd::vector::Mask;
use crate::simulation::ROW;
use crate::simulation::gather_scatter::{gather, shift};
use crate::simulation::schedule::Epoch;

impl<L: VectorRng> Cohort<'_, L> {
    /// Gives the partners the traits that hold in an epoch.
    pub(crate) fn dress(&mut self, epoch: &Epoch) {
        for (lane, now) in self.now.iter_mut().enumerate() {
            let born = gather(self.seats.at(lane * L::LANES, L::LANES), &self.born.couples);
            epoch.dress(now, &born);
        }
    }

    /// Notes who parted in a step, and keeps those couples as they were.
    #[inline(always)]
    pub(crate) fn part(&mut self, lane: usize, departure: &Departure<L>, step: u64) {
        let [a, b] = departure.leaves;
        if ((a | b) & self.present[lane]).none() {
            return;
        }
        let mut gone = [[0.0; ROW]; 2];
        L::splat(1.0).masked(a).store(&mut gone[0]);
        L::splat(1.0).masked(b).store(&mut gone[1]);
        for place in 0..L::LANES {
            let left = gone[0][place] as u8 + 2 * gone[1][place] as u8;
            let seat = lane * L::LANES + place;
            if left > 0
                && let Some(couple) = self.seats.at(seat, 1)[0]
            {
                self.seats.leave(seat);
                self.endings[couple] = Some(Ending { step, left });
                if let Some(parted) = self.parted.get_mut(couple / ROW) {
                    parted.put(couple % ROW, &self.now[lane], place);
                }
            }
        }
        self.present[lane] = self.mask(lane);
    }

    /// Moves couples up into seats of those who parted, where that frees a row.
    #[inline(always)]
    pub(crate) fn close_ranks(&mut self) {
        let moves = self.seats.close_ranks();
        for &(from, to) in &moves {
            // Whoever moves up comes from a later row.
            let (before, after) = self.now.split_at_mut(from / L::LANES);
            shift(
                (&after[0], from % L::LANES),
                (&mut before[to / L::LANES], to % L::LANES),
            );
        }
        let lanes = self.seats.rows() * ROW / L::LANES;
        self.now.truncate(lanes);
        self.sources.truncate(lanes);
        self.present.truncate(lanes);
        for (_, to) in moves {
            let lane = to / L::LANES;
            self.sources[lane] = self.source(lane);
            self.present[lane] = self.mask(lane);
        }
    }

    #[inline(always)]
    pub(crate) fn source(&self, lane: usize) -> L::Streams {
        let couples = self.seats.at(lane * L::LANES, L::LANES);
        let first = couples.iter().flatten().next().copied().unwrap_or(0);
        let mut numbers = [0; ROW];
        for (number, couple) in numbers.iter_mut().zip(couples) {
            *number = self.first + couple.unwrap_or(first) as u64;
        }
        L::streams(self.life, &numbers[..L::LANES])
    }

    /// The places of a lane that have a couple.
    #[inline(always)]
    pub(crate) fn mask(&self, lane: usize) -> L::Mask {
        let mut there = [0.0; ROW];
        for (place, couple) in self.seats.at(lane * L::LANES, L::LANES).iter().enumerate() {
            there[place] = f64::from(u8::from(couple.is_some()));
        }
        L::load(&there).ge(L::splat(1.0))
    }

    /// How many couples of a lane are together.
    pub(crate) fn count(&self, lane: usize) -> u64 {
        let couples = self.seats.at(lane * L::LANES, L::LANES);
        couples.iter().flatten().count() as u64
    }
}
