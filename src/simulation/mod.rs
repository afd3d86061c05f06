//! One run of one world, observed.
//!
//! A [`World`] says who lives, by which rules, for how long and what is recorded; [`run_block`]
//! lives one block of its couples and gives what was observed. It never fails, and touches nothing
//! outside its arguments.

mod bins;
mod block;
mod born;
mod cohort;
mod course;
mod fieldwork;
mod flow;
mod generation;
mod lanes;
mod measure;
mod moments;
mod observable;
mod origin;
mod rows;
mod schedule;
mod seats;
#[cfg(test)]
pub(crate) mod testing;
pub mod usual;
mod world;

pub use crate::foundation::engine::Engine;
pub use bins::{BINS, Bins, OpenBins};
pub use block::{Block, BlockOutcome, draw_block, run_block};
pub use course::Course;
pub use fieldwork::{
    Account, Answers, Fieldwork, Occasion, SCALE_COUNT, SCALES, ScaleInfo, diary_header,
    pairwise_header, waves_header,
};
pub use flow::{CELLS as FLOW_CELLS, Cell as FlowCell, Flow};
pub use generation::{generation, generation_of};
pub use measure::{Measure, Sums};
pub use moments::{Line, Moments, Recorded};
pub use observable::{OBSERVABLES, Observable, ObservableInfo, REGIMES, Role, regime};
pub use origin::{Draw, Origin, Place, Scratch, Slope};
pub use rows::{LEAVERS, childhoods_header, couples_header, days_header, widest_couples_header};
pub use schedule::{Blow, BlowKind, Change, Schedule, Season, Who};
pub use world::{Cuts, DayRows, Record, Size, World};

/// Couples that are lived together in one block; part of the definition of every sum's order.
pub const BLOCK_COUPLES: u64 = 64;

/// Seats in a row of a block: as many as the widest lane has places. Part of the definition of every
/// sum's order.
const ROW: usize = 8;
