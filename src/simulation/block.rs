//! Blocks: the couples of a replicate that are simulated in one job, and what is recorded of them.

use super::BLOCK_COUPLES;
use super::config::Size;
use super::moments::Moments;
use super::phase_flow::PhaseFlow;
use super::prepared::PreparedRun;
use super::survey::{ReliabilityStats, SCALE_COUNT};
use super::tables::BlockTables;
use std::ops::Range;

/// One block of couples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// The replicate, from 0.
    pub replicate: u32,
    /// The block within the replicate, from 0.
    pub index: u64,
}

impl Block {
    /// Numbers of its couples within the replicate.
    pub fn couples(self, size: &Size) -> Range<u64> {
        let first = self.index * BLOCK_COUPLES;
        first..(first + BLOCK_COUPLES).min(size.couples)
    }
}

/// What was recorded of a block's couples.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockOutcome {
    /// Sums of the recorded days.
    pub moments: Moments,
    /// Moves in the trust–intimacy plane.
    pub flow: PhaseFlow,
    /// Step of each couple's separation in order, counted from 1; `None` if intact on the last day.
    pub ends: Vec<Option<u64>>,
    /// Rows of the tables that are kept.
    pub tables: BlockTables,
    /// Reliability of each scale of the survey; without answers if there is no survey.
    pub reliability: [ReliabilityStats; SCALE_COUNT],
}

impl BlockOutcome {
    /// An outcome of no couples.
    pub(crate) fn empty(run: &PreparedRun) -> BlockOutcome {
        BlockOutcome {
            moments: Moments::new(&run.recorded),
            flow: PhaseFlow::default(),
            ends: Vec::new(),
            tables: run.no_rows.clone(),
            reliability: [ReliabilityStats::default(); SCALE_COUNT],
        }
    }

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
