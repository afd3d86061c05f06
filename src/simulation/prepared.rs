//! A run prepared for simulation, its blocks of couples, and what is recorded of a block.

use super::BLOCK_COUPLES;
use super::config::{SimulationConfig, Size};
use super::recorded::{CoupleValues, Moments, PhaseFlow, Recorded};
use super::schedule::Epoch;
use super::survey::{CoupleSnapshot, ReliabilityStats, SCALE_COUNT};
use super::tables::{BlockTable, BlockTables};
use crate::model::Rules;
use crate::model::purposes::pairs_per_step;
use crate::rng::{Key, StreamKind};
use crate::table::Batch;
use std::ops::Range;

/// A configuration that is ready to be simulated.
#[derive(Clone, Debug)]
pub(crate) struct PreparedRun {
    /// The configuration.
    pub config: SimulationConfig,
    /// Which days are recorded, and of what.
    pub recorded: Recorded,
    pub(crate) epochs: Vec<Epoch>,
    /// Position of each day among the recorded ones.
    recorded_positions: Vec<Option<u32>>,
    /// Pairs of blocks of keystream in a step.
    pub pairs: usize,
    pub(crate) no_rows: BlockTables,
    /// `days` or `sample_couples` without rows; without columns if neither is kept.
    pub(crate) no_days: Batch,
    /// The rules in childhood, without changes over time.
    pub(crate) childhood: Rules,
}

impl PreparedRun {
    /// Prepares a configuration.
    pub(crate) fn new(config: SimulationConfig) -> PreparedRun {
        let rules = Rules::new(
            config.parameters,
            config.mechanisms,
            config.intimacy_target,
            config.size.clock(),
        );
        let recorded = Recorded::of(&config);
        let mut recorded_positions = vec![None; config.size.days as usize + 1];
        for (position, day) in recorded.days.iter().enumerate() {
            recorded_positions[*day as usize] = Some(position as u32);
        }
        let no_rows = BlockTables::empty(&config);
        let days = [BlockTable::Days, BlockTable::SampleCouples];
        let kept = days
            .into_iter()
            .find(|table| !no_rows[*table].columns.is_empty());
        PreparedRun {
            epochs: config.schedule.epochs(&rules),
            pairs: pairs_per_step(config.size.moments),
            no_days: kept.map_or_else(Batch::default, |table| no_rows[table].clone()),
            no_rows,
            childhood: rules.in_childhood(),
            config,
            recorded,
            recorded_positions,
        }
    }

    /// Position of a day among the recorded ones.
    pub(crate) fn recorded_position(&self, day: u32) -> Option<usize> {
        self.recorded_positions[day as usize].map(|position| position as usize)
    }

    /// A keystream of a replicate.
    pub(crate) fn key(&self, replicate: u32, kind: StreamKind) -> Key {
        Key::new(self.config.seed, self.config.point, replicate, kind)
    }

    /// Whether the survey needs the couples at the end of a day.
    pub(crate) fn is_surveyed(&self, day: u32) -> bool {
        let survey = self.config.record.survey.as_ref();
        survey.is_some_and(|survey| survey.needs(day))
    }

    /// How many snapshots of couples are kept on a day, at equal distances.
    pub(crate) fn snapshots_on(&self, day: u32) -> u32 {
        let days = self.config.record.snapshots.as_ref();
        days.map_or(0, |days| days.on(day))
    }

    /// Blocks of couples in one replicate.
    pub(crate) fn blocks_per_replicate(&self) -> u64 {
        self.config.size.couples.div_ceil(BLOCK_COUPLES)
    }

    /// Upper bound of the bytes of a block's outcome in memory.
    pub(crate) fn max_outcome_bytes(&self) -> u64 {
        let kinds = 1 + usize::from(self.recorded.last_values);
        let (days, lines) = (self.recorded.days.len(), self.recorded.lines.len());
        let sums = size_of::<[f64; 2]>() * days * lines * kinds;
        let couples = self.config.size.couples.min(BLOCK_COUPLES) as usize;
        let values = size_of::<f64>() * self.recorded.value_days().len() * lines * couples;
        let groups = 1 + self.config.group_count();
        (sums * groups + values) as u64 + BlockTables::max_bytes(&self.config)
    }
}

/// One block of couples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// The replicate, from 0.
    pub replicate: u32,
    /// The block within the replicate, from 0.
    pub index: u64,
}

impl Block {
    /// Numbers of its couples within the replicate.
    pub(crate) fn couples(self, size: &Size) -> Range<u64> {
        let first = self.index * BLOCK_COUPLES;
        first..(first + BLOCK_COUPLES).min(size.couples)
    }
}

/// What was recorded of a block's couples.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BlockOutcome {
    /// Sums of the recorded days.
    pub moments: Moments,
    /// The same of each group of couples; empty without groups.
    pub groups: Vec<Moments>,
    /// Group of each couple in order; empty without groups.
    pub group_of: Vec<u8>,
    /// Moves in the trust–intimacy plane.
    pub flow: PhaseFlow,
    /// Step of each couple's separation in order, counted from 1; `None` if intact on the last day.
    pub ends: Vec<Option<u64>>,
    /// What is recorded of each couple, if it is kept.
    pub values: CoupleValues,
    /// Rows of the tables that are kept.
    pub tables: BlockTables,
    /// Reliability of each scale of the survey; without answers if there is no survey.
    pub reliability: [ReliabilityStats; SCALE_COUNT],
    /// Snapshots of each couple in order, in the order of days; empty if they are not kept.
    pub snapshots: Vec<Vec<CoupleSnapshot>>,
}

impl BlockOutcome {
    /// An outcome of no couples.
    pub(crate) fn empty(run: &PreparedRun) -> BlockOutcome {
        BlockOutcome {
            moments: Moments::new(&run.recorded),
            groups: vec![Moments::new(&run.recorded); run.config.group_count()],
            group_of: Vec::new(),
            flow: PhaseFlow::default(),
            ends: Vec::new(),
            values: CoupleValues::default(),
            tables: run.no_rows.clone(),
            reliability: [ReliabilityStats::default(); SCALE_COUNT],
            snapshots: Vec::new(),
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
