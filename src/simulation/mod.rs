//! The simulation of one run.
//!
//! A [`SimulationConfig`] says which couples are simulated, by which rules, for how long and what is
//! recorded; [`run_block`] simulates one block of its couples and returns what was recorded. It cannot
//! fail, and has no side effects.

pub(crate) mod cohort;
pub(crate) mod config;
pub(crate) mod defaults;
pub(crate) mod gather_scatter;
pub(crate) mod groups;
pub(crate) mod initial_couples;
pub(crate) mod initial_distribution;
pub(crate) mod measure;
pub(crate) mod memory;
pub(crate) mod observable;
pub(crate) mod prepared;
pub(crate) mod recorded;
pub(crate) mod schedule;
pub(crate) mod survey;
pub(crate) mod tables;
#[cfg(test)]
pub(crate) mod test_support;

pub(crate) use cohort::run_block;
pub(crate) use config::{DayRows, Record, SimulationConfig, Size, common_interval};
pub(crate) use defaults::{generation, generation_of};
pub(crate) use groups::{Grouping, SMALL_GROUP};
pub(crate) use initial_couples::group_values;
#[cfg(test)]
pub(crate) use initial_distribution::ScoreBuffer;
pub(crate) use initial_distribution::{Draw, InitialDistribution, InitialVariable, Slope};
pub(crate) use measure::{Measure, Over, Sums};
pub(crate) use memory::{BinSharing, MemoryForecast, SHOWN_COUPLES, window};
pub(crate) use observable::{
    CoupleObservable, Cuts, OBSERVABLES, Observable, PersonObservable, Role,
};
pub(crate) use prepared::{Block, BlockOutcome, PreparedRun};
pub(crate) use recorded::{
    Bins, FLOW_CELLS, Line, Moments, OpenBins, PhaseFlow, Recorded, STORED_COUPLES,
};
pub(crate) use schedule::{Change, IntervalChange, PointEvent, PointEventKind, Schedule, Who};
pub(crate) use survey::{Occasion, ReliabilityStats, SCALE_COUNT, SCALES, Survey};
#[cfg(test)]
pub(crate) use tables::BlockTables;
pub(crate) use tables::{BlockTable, couples_schema, days_schema};

/// Couples in one block. Part of the definition of every sum's order.
pub(crate) const BLOCK_COUPLES: u64 = 64;

/// Slots in a tile of a block: as many as the widest vector has lanes. Part of the definition of every
/// sum's order.
const TILE_SLOTS: usize = 8;
