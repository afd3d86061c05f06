//! Separations of a cohort, and what follows from the order of its slots.

use super::{Cohort, SeparationStep};
use crate::model::Departure;
use crate::rng::VectorRng;
use crate::simd::vector::Mask;
use crate::simulation::GROUP_SLOTS;
use crate::simulation::gather_scatter::{copy_lane, gather};
use crate::simulation::schedule::Epoch;

impl<L: VectorRng> Cohort<'_, L> {
    /// Sets the traits that hold in an epoch.
    pub(crate) fn set_traits(&mut self, epoch: &Epoch) {
        for (vector, now) in self.now.iter_mut().enumerate() {
            let lanes = self.slots.at(vector * L::LANES, L::LANES);
            let initial = gather(lanes, &self.initial.couples);
            epoch.set_traits(now, &initial);
        }
    }

    /// Stores who separated in a step, with the state of these couples.
    #[inline(always)]
    pub(crate) fn separate(&mut self, vector: usize, departure: &Departure<L>, step: u64) {
        let [a, b] = departure.leaves;
        if ((a | b) & self.intact[vector]).none() {
            return;
        }
        let mut leaves = [[0.0; GROUP_SLOTS]; 2];
        L::splat(1.0).masked(a).store(&mut leaves[0]);
        L::splat(1.0).masked(b).store(&mut leaves[1]);
        for lane in 0..L::LANES {
            let left = leaves[0][lane] as u8 + 2 * leaves[1][lane] as u8;
            let slot = vector * L::LANES + lane;
            if left > 0
                && let Some(couple) = self.slots.at(slot, 1)[0]
            {
                self.slots.free(slot);
                self.separations[couple] = Some(SeparationStep { step, left });
                if let Some(separated) = self.separated.get_mut(couple / GROUP_SLOTS) {
                    separated.store_one(couple % GROUP_SLOTS, &self.now[vector], lane);
                }
            }
        }
        self.intact[vector] = self.mask(vector);
    }

    /// Moves couples forward into free slots, if that frees a group.
    #[inline(always)]
    pub(crate) fn compact(&mut self) {
        let moves = self.slots.compact();
        for &(from, to) in &moves {
            // A couple always comes from a later group.
            let (before, after) = self.now.split_at_mut(from / L::LANES);
            copy_lane(
                (&after[0], from % L::LANES),
                (&mut before[to / L::LANES], to % L::LANES),
            );
        }
        let vectors = self.slots.groups() * GROUP_SLOTS / L::LANES;
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
        let mut numbers = [0; GROUP_SLOTS];
        for (number, couple) in numbers.iter_mut().zip(couples) {
            *number = self.first + couple.unwrap_or(first) as u64;
        }
        L::streams(self.key, &numbers[..L::LANES])
    }

    /// Which lanes of a vector hold an intact couple.
    #[inline(always)]
    pub(crate) fn mask(&self, vector: usize) -> L::Mask {
        let mut intact = [0.0; GROUP_SLOTS];
        let couples = self.slots.at(vector * L::LANES, L::LANES);
        for (lane, couple) in couples.iter().enumerate() {
            intact[lane] = f64::from(u8::from(couple.is_some()));
        }
        L::load(&intact).ge(L::splat(1.0))
    }

    /// Number of intact couples in a vector.
    pub(crate) fn count(&self, vector: usize) -> u64 {
        let couples = self.slots.at(vector * L::LANES, L::LANES);
        couples.iter().flatten().count() as u64
    }
}
