//! Couples as they begin: their childhoods, where they have any, and what was drawn.

use super::ROW;
use super::block::{Block, key};
use super::gather_scatter::Octet;
use super::initial_distribution::Scratch;
use super::prepared::PreparedRun;
use super::rows::{Name, childhood_row};
use crate::childhood::{Child, Childhood, grow_up};
use crate::rng::{StreamKind, VectorRng};
use crate::simd::vector::Vector;
use crate::table::Batch;
use std::ops::Range;

/// Days between the ages of a childhood that are kept: a fifth of a year.
const DAYS_BETWEEN_AGES: u32 = 73;

/// The couples of a block as they begin.
pub(crate) struct Born {
    /// How many they are.
    pub(crate) count: usize,
    pub(crate) couples: Vec<Octet>,
    /// Childhoods of partners A and B, by couple; empty for a partner without one.
    pub(crate) childhoods: [Vec<Childhood>; 2],
}

impl Born {
    /// Draws the couples of a block, after their partners have grown up.
    #[inline(always)]
    pub(crate) fn of<L: VectorRng>(
        course: &PreparedRun,
        block: Block,
        couples: Range<u64>,
    ) -> Born {
        let origin = &course.config.origin;
        let drawn = key(course, block, StreamKind::Origin);
        let lived = key(course, block, StreamKind::Childhood);
        let told = block.replicate == 0 && couples.start < course.config.record.sample_couples;
        let every = if told { DAYS_BETWEEN_AGES } else { 0 };
        let numbers: Vec<u64> = couples.collect();
        let mut scratch = Scratch::<L>::default();
        let mut childhoods: [Vec<Childhood>; 2] = [Vec::new(), Vec::new()];
        for person in 0..2 {
            if origin.reared()[person] {
                let mut children = Vec::new();
                for few in numbers.chunks(L::LANES) {
                    origin.score(&drawn, few, &mut scratch);
                    for (position, couple) in few.iter().enumerate() {
                        children.push(Child {
                            couple: *couple,
                            upbringing: origin.upbringing(position, person, &scratch),
                        });
                    }
                }
                childhoods[person] =
                    grow_up::<L>(&lived, person, &children, &course.childhood, every);
            }
        }
        let count = numbers.len();
        let mut couples = Octet::room(count);
        let mut first = 0;
        for few in numbers.chunks(L::LANES) {
            origin.score(&drawn, few, &mut scratch);
            let ends = [0, 1].map(|person| {
                let own = childhoods[person].get(first..first + few.len());
                own.map(prototypes)
            });
            couples[first / ROW].write(first % ROW, &origin.grown(ends, &scratch));
            first += few.len();
        }
        Born {
            count,
            couples,
            childhoods,
        }
    }

    /// The rows of a couple's childhoods, an age each.
    pub(crate) fn write(&self, position: usize, name: Name, to: &mut Batch) {
        for (person, childhoods) in self.childhoods.iter().enumerate() {
            for age in childhoods.get(position).iter().flat_map(|own| &own.ages) {
                to.push(childhood_row(name, person, age));
            }
        }
    }
}

/// The anxiety and avoidance that the childhoods of a lane's partners left.
fn prototypes<L: Vector>(childhoods: &[Childhood]) -> [L; 2] {
    let mut ends = [[0.0; ROW]; 2];
    for (place, childhood) in childhoods.iter().enumerate() {
        ends[0][place] = childhood.end.anxiety;
        ends[1][place] = childhood.end.avoidance;
    }
    ends.map(|numbers| L::load(&numbers))
}
