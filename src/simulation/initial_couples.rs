//! The couples of a block at the start: drawn from the initial distribution, after the childhoods of their
//! partners.

use super::TILE_SLOTS;
use super::gather_scatter::CoupleTile;
use super::groups::{CUT_COUPLES, Grouping};
use super::initial_distribution::ScoreBuffer;
use super::prepared::{Block, PreparedRun};
use super::tables::{CoupleId, childhood_row};
use crate::childhood::{Child, Childhood, grow_up};
use crate::rng::{StreamKind, VectorRng};
use crate::simd::vector::Vector;
use crate::simd::{Backend, Kernel};
use crate::table::Batch;
use rayon::prelude::*;
use std::ops::Range;

/// Days between the ages of a childhood that are kept: a fifth of a year.
const DAYS_BETWEEN_AGES: u32 = 73;

/// The couples of a block at the start.
pub(crate) struct InitialCouples {
    pub(crate) count: usize,
    pub(crate) couples: Vec<CoupleTile>,
    /// Childhoods of partners A and B, by couple; empty for a partner without one.
    pub(crate) childhoods: [Vec<Childhood>; 2],
}

impl InitialCouples {
    /// Draws the couples with these numbers, after the childhoods of their partners.
    #[inline(always)]
    pub(crate) fn draw<L: VectorRng>(
        run: &PreparedRun,
        replicate: u32,
        couples: Range<u64>,
    ) -> InitialCouples {
        let origin = &run.config.origin;
        let origin_key = run.key(replicate, StreamKind::Origin);
        let childhood_key = run.key(replicate, StreamKind::Childhood);
        let sampled = replicate == 0 && couples.start < run.config.record.sample_couples;
        let every = if sampled { DAYS_BETWEEN_AGES } else { 0 };
        let numbers: Vec<u64> = couples.collect();
        let mut scores = ScoreBuffer::<L>::default();
        let mut childhoods: [Vec<Childhood>; 2] = [Vec::new(), Vec::new()];
        for person in 0..2 {
            if origin.has_childhood()[person] {
                let mut children = Vec::new();
                for vector in numbers.chunks(L::LANES) {
                    origin.score(&origin_key, vector, &mut scores);
                    for (position, couple) in vector.iter().enumerate() {
                        children.push(Child {
                            couple: *couple,
                            upbringing: origin.upbringing(position, person, &scores),
                        });
                    }
                }
                childhoods[person] =
                    grow_up::<L>(&childhood_key, person, &children, &run.childhood, every);
            }
        }
        let count = numbers.len();
        let mut couples = CoupleTile::zeros(count);
        let mut first = 0;
        for vector in numbers.chunks(L::LANES) {
            origin.score(&origin_key, vector, &mut scores);
            let prototypes = [0, 1].map(|person| {
                let own = childhoods[person].get(first..first + vector.len());
                own.map(attachment)
            });
            couples[first / TILE_SLOTS]
                .store(first % TILE_SLOTS, &origin.couples(prototypes, &scores));
            first += vector.len();
        }
        InitialCouples {
            count,
            couples,
            childhoods,
        }
    }

    /// The group of a couple, by its position.
    pub(crate) fn group_of(&self, grouping: &Grouping, position: usize) -> u8 {
        let couples = &self.couples[position / TILE_SLOTS];
        grouping.group_of(couples, position % TILE_SLOTS)
    }

    /// Writes the rows of the childhoods of a couple.
    pub(crate) fn write_childhoods(&self, position: usize, id: CoupleId, to: &mut Batch) {
        for (person, childhoods) in self.childhoods.iter().enumerate() {
            for age in childhoods.get(position).iter().flat_map(|own| &own.ages) {
                to.push(childhood_row(id, person, age));
            }
        }
    }
}

/// Initial values of what couples are grouped by, of the first couples of a run, in their order. Only the
/// start of the couples is drawn, and their childhoods where they have any.
pub(crate) fn group_values(run: &PreparedRun, grouping: &Grouping, backend: Backend) -> Vec<f64> {
    let size = &run.config.size;
    let replicates = (0..size.replicates).flat_map(|replicate| {
        (0..run.blocks_per_replicate()).map(move |index| Block { replicate, index })
    });
    let mut left = CUT_COUPLES;
    let blocks = replicates.take_while(|block| {
        let couples = block.couples(size);
        let more = left > 0;
        left = left.saturating_sub(couples.end - couples.start);
        more
    });
    let blocks: Vec<Block> = blocks.collect();
    let of_block = |block: &Block| {
        backend.run(GroupValues {
            run,
            block: *block,
            grouping,
        })
    };
    blocks.par_iter().flat_map_iter(of_block).collect()
}

struct GroupValues<'a> {
    run: &'a PreparedRun,
    block: Block,
    grouping: &'a Grouping,
}

impl Kernel for GroupValues<'_> {
    type Output = Vec<f64>;
    #[inline(always)]
    fn run<L: VectorRng>(self) -> Vec<f64> {
        let couples = self.block.couples(&self.run.config.size);
        let initial = InitialCouples::draw::<L>(self.run, self.block.replicate, couples);
        let value = |position: usize| {
            let couples = &initial.couples[position / TILE_SLOTS];
            self.grouping.by.number(couples, position % TILE_SLOTS)
        };
        (0..initial.count).map(value).collect()
    }
}

/// Anxiety and avoidance at the end of the childhoods of a vector's partners.
fn attachment<L: Vector>(childhoods: &[Childhood]) -> [L; 2] {
    let mut ends = [[0.0; TILE_SLOTS]; 2];
    for (lane, childhood) in childhoods.iter().enumerate() {
        ends[0][lane] = childhood.end.anxiety;
        ends[1][lane] = childhood.end.avoidance;
    }
    ends.map(|numbers| L::load(&numbers))
}
