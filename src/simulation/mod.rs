//! One run of one world, observed.
//!
//! A [`SimulationConfig`] says who lives, by which rules, for how long and what is recorded; [`run_block`]
//! lives one block of its couples and gives what was observed. It never fails, and touches nothing
//! outside its arguments.

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
pub mod rows;
pub mod schedule;
pub mod slots;
pub mod survey;
#[cfg(test)]
pub(crate) mod test_support;

pub use bins::{BINS, Bins, OpenBins};
pub use block::{Block, BlockOutcome, draw_block, run_block};
pub use config::{Cuts, DayRows, Record, SimulationConfig, Size};
pub use generation::{generation, generation_of};
pub use initial_distribution::{Draw, InitialDistribution, Place, Scratch, Slope};
pub use measure::{Measure, Sums};
pub use moments::{Line, Moments, Recorded};
pub use observable::{OBSERVABLES, Observable, ObservableInfo, REGIMES, Role, regime};
pub use phase_flow::{CELLS as FLOW_CELLS, Cell as FlowCell, Flow};
pub use prepared::PreparedRun;
pub use rows::{LEAVERS, childhoods_schema, couples_schema, days_schema, widest_couples_schema};
pub use schedule::{Blow, BlowKind, Change, Schedule, Season, Who};
pub use survey::{
    Answers, Occasion, ReliabilityStats, SCALE_COUNT, SCALES, ScaleInfo, Survey, diary_schema,
    pairwise_schema, waves_schema,
};

/// Couples that are lived together in one block; part of the definition of every sum's order.
pub const BLOCK_COUPLES: u64 = 64;

/// Seats in a row of a block: as many as the widest lane has places. Part of the definition of every
/// sum's order.
const ROW: usize = 8;
