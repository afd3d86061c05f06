//! A block of couples lived from the first day to the last.

use super::bins::OpenBins;
use super::cohort::Cohort;
use super::config::Size;
use super::initial_state::Born;
use super::moments::Moments;
use super::phase_flow::Flow;
use super::prepared::PreparedRun;
use super::survey::Answers;
use crate::rng::{Key, PAIR_WORDS, StreamKind, VectorRng};
use crate::simd::backend::{Backend, Kernel};
use crate::table::Batch;
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
    fn couples(self, course: &PreparedRun) -> Range<u64> {
        let first = self.index * super::BLOCK_COUPLES;
        first..(first + super::BLOCK_COUPLES).min(course.config.size.couples)
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
    /// A row a person's day, of the couples that `sample_couples` keeps.
    pub sample_couples: Batch,
    /// What the couples answered; none where nothing was asked.
    pub answers: Option<Answers>,
    /// A row an age of a person, of the couples that `sample_couples` keeps, where partners have childhoods.
    pub childhoods: Batch,
}

impl BlockOutcome {
    /// Couple-days that were simulated, including the days of separations.
    pub(crate) fn intact_couple_days(&self, size: &Size) -> u64 {
        let days = |end: &Option<u64>| {
            end.map_or(u64::from(size.days), |step| {
                step.div_ceil(u64::from(size.steps_per_day))
            })
        };
        self.ends.iter().map(days).sum()
    }
}

/// Lives one block of couples and gives what was observed.
///
/// `bins` takes the counts for quantiles; without it they are not kept.
pub fn run_block(
    course: &PreparedRun,
    block: Block,
    engine: Backend,
    bins: Option<&mut OpenBins>,
) -> BlockOutcome {
    engine.run(Life {
        course,
        block,
        bins,
    })
}

/// Reads the random words of a block's days and lives none of them: what chance alone costs.
pub fn draw_block(course: &PreparedRun, block: Block, engine: Backend) {
    engine.run(Chance { course, block });
}

pub(crate) fn key(course: &PreparedRun, block: Block, realm: StreamKind) -> Key {
    course.key(block.replicate, realm)
}

struct Life<'a> {
    course: &'a PreparedRun,
    block: Block,
    bins: Option<&'a mut OpenBins>,
}

impl Kernel for Life<'_> {
    type Output = BlockOutcome;
    #[inline(always)]
    fn run<L: VectorRng>(self) -> BlockOutcome {
        let Life {
            course,
            block,
            mut bins,
        } = self;
        let couples = block.couples(course);
        let life = key(course, block, StreamKind::Life);
        let mut outcome = BlockOutcome {
            moments: Moments::new(&course.recorded),
            flow: Flow::default(),
            ends: Vec::new(),
            couples: course.no_couples.clone(),
            days: course.no_days.clone(),
            sample_couples: course.no_days.clone(),
            answers: None,
            childhoods: course.no_childhoods.clone(),
        };
        let first = couples.start;
        let born = Born::of::<L>(course, block, couples);
        if let Some(bins) = bins.as_deref_mut() {
            bins.open_block(born.count.div_ceil(super::ROW));
        }
        let mut cohort = Cohort::<L>::born(course, &life, block.replicate, first, born);
        cohort.live(&mut outcome, bins);
        cohort.close(&mut outcome);
        outcome
    }
}

struct Chance<'a> {
    course: &'a PreparedRun,
    block: Block,
}

impl Kernel for Chance<'_> {
    type Output = ();
    /// Reads the words of two steps at once, as a cohort does.
    #[inline(always)]
    fn run<L: VectorRng>(self) {
        let Chance { course, block } = self;
        let key = key(course, block, StreamKind::Life);
        let couples: Vec<u64> = block.couples(course).collect();
        let mut words = vec![L::ZERO; 2 * course.pairs * PAIR_WORDS];
        for couples in couples.chunks(L::LANES) {
            let mut source = L::streams(&key, couples);
            for step in (0..course.config.size.steps()).step_by(2) {
                L::fill(&mut source, step * course.pairs as u64, &mut words);
                black_box(&words);
            }
        }
    }
}
