//! The simulation of one run.
//!
//! A [`SimulationConfig`] says which couples are simulated, by which rules, for how long and what is
//! recorded; [`run_block`] simulates one block of its couples and returns what was recorded. It cannot
//! fail, and has no side effects.

pub mod bins;
pub mod block;
pub mod cohort;
pub mod config;
pub mod defaults;
pub mod gather_scatter;
pub mod generation;
pub mod initial_distribution;
pub mod initial_state;
pub mod measure;
pub mod moments;
pub mod observable;
pub mod phase_flow;
pub mod prepared;
pub mod recorded;
pub mod rows;
pub mod schedule;
pub mod slots;
pub mod survey;
pub mod tables;
#[cfg(test)]
pub(crate) mod test_support;

pub use bins::{Bins, OpenBins};
pub use block::{Block, BlockOutcome};
pub use cohort::run_block;
pub use config::{DayRows, Record, SimulationConfig, Size};
pub use generation::{generation, generation_of};
pub use initial_distribution::{Draw, InitialDistribution, InitialVariable, ScoreBuffer, Slope};
pub use measure::{Measure, Sums};
pub use moments::Moments;
pub use observable::{
    CoupleObservable, Cuts, OBSERVABLES, Observable, ObservableInfo, PersonObservable, REGIMES,
    Role, regime,
};
pub use phase_flow::{FLOW_CELLS, FlowCell, PhaseFlow};
pub use prepared::PreparedRun;
pub use recorded::{BINS, Line, Recorded};
pub use schedule::{Change, IntervalChange, PointEvent, PointEventKind, Schedule, Who};
pub use survey::{Occasion, ReliabilityStats, SCALE_COUNT, SCALES, ScaleInfo, Survey};
pub use tables::{BlockTable, BlockTables, LEAVERS, couples_schema, days_schema};

/// Couples in one block. Part of the definition of every sum's order.
pub const BLOCK_COUPLES: u64 = 64;

/// Slots in a group of a block: as many as the widest vector has lanes. Part of the definition of every
/// sum's order.
const GROUP_SLOTS: usize = 8;
