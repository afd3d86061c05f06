//! A block of couples lived from the first day to the last, group by group.

use super::bins::OpenBins;
use super::course::Course;
use super::engine::Engine;
use super::flow::Flow;
use super::group::Group;
use super::moments::Moments;
use super::origin::Scratch;
use super::rows::{couples_header, days_header};
use crate::foundation::chance::{BLOCK_WORDS, Drawn, Key, Realm};
use crate::foundation::table::Batch;
use std::hint::black_box;
use std::ops::Range;

/// Which block of couples is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// The replicate, from 0.
    pub replicate: u32,
    /// The block within the replicate, from 0.
    pub index: u64,
}

impl Block {
    /// Numbers of its couples within the replicate.
    fn couples(self, course: &Course) -> Range<u64> {
        let first = self.index * super::BLOCK_COUPLES;
        first..(first + super::BLOCK_COUPLES).min(course.world.size.couples)
    }
}

/// What was observed of a block's couples.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockOutcome {
    /// Sums of the recorded days.
    pub moments: Moments,
    /// Moves in the trust–intimacy plane.
    pub flow: Flow,
    /// Break-up step of each couple in order, counted from 1; `None` where together to the last day.
    pub ends: Vec<Option<u64>>,
    /// A row a couple.
    pub couples: Batch,
    /// A row a person's day, of the couples that `days` keeps.
    pub days: Batch,
    /// A row a person's day, of the couples that `stories` keeps.
    pub stories: Batch,
}

/// Lives one block of couples and gives what was observed.
///
/// `bins` takes the counts for quantiles; without it they are not kept.
pub fn run_block(
    course: &Course,
    block: Block,
    engine: Engine,
    bins: Option<&mut OpenBins>,
) -> BlockOutcome {
    engine.live(course, block, bins)
}

#[inline(always)]
pub(super) fn live<L: Drawn>(
    course: &Course,
    block: Block,
    mut bins: Option<&mut OpenBins>,
) -> BlockOutcome {
    let world = &course.world;
    let Range {
        start: first,
        end: last,
    } = block.couples(course);
    let key = |realm| Key::new(world.seed, world.point, block.replicate, realm);
    let (life, origin) = (key(Realm::Life), key(Realm::Origin));
    let mut outcome = BlockOutcome {
        moments: Moments::new(&course.recorded),
        flow: Flow::default(),
        ends: Vec::new(),
        couples: Batch::empty(&couples_header()),
        days: Batch::empty(&days_header("days")),
        stories: Batch::empty(&days_header("stories")),
    };
    let mut scratch = Scratch::default();
    let mut start = first;
    while start < last {
        let end = (start + L::WIDTH as u64).min(last);
        let mut group = Group::<L>::born(course, block.replicate, start..end, |couple| {
            world.origin.couple(&origin, couple, &mut scratch)
        });
        if let Some(bins) = bins.as_deref_mut() {
            bins.open_group(L::WIDTH);
        }
        group.live(course, &life, &mut outcome, bins.as_deref_mut());
        group.close(course, &mut outcome);
        start = end;
    }
    outcome
}

/// Reads the words that [`live`] would read, were no couple to part.
#[inline(always)]
pub(super) fn draw<L: Drawn>(course: &Course, block: Block) {
    let world = &course.world;
    let key = Key::new(world.seed, world.point, block.replicate, Realm::Life);
    let mut words = vec![L::ZERO; course.blocks * BLOCK_WORDS];
    for couple in block.couples(course).step_by(L::WIDTH) {
        let mut source = L::open(&key, couple);
        for step in 0..world.size.steps() {
            L::fill(&mut source, step * course.blocks as u64, &mut words);
            black_box(&words);
        }
    }
}
