//! The within-couple model of docs/model.md: how two partners change each other.
//!
//! Each mechanism is one file with its equations; its switch, its parameters and its random draws
//! are lines of `parameters.rs` and `purposes.rs`. The equations are generic over
//! [`Vector`](crate::simd::vector::Vector), allocate nothing and cannot fail: values are checked
//! before.

pub(crate) mod accustoming;
pub(crate) mod attachment;
pub(crate) mod autonomy;
pub(crate) mod betrayal;
pub(crate) mod bids;
pub(crate) mod caregiving;
pub(crate) mod commitment;
pub(crate) mod conflict;
pub(crate) mod deliberation;
pub mod derived;
pub(crate) mod disclosure;
pub(crate) mod dissolution;
pub(crate) mod habit;
pub(crate) mod intimacy;
pub(crate) mod mood;
pub(crate) mod observer;
pub mod parameters;
pub(crate) mod perception;
pub mod purposes;
pub(crate) mod repair;
pub(crate) mod response;
pub(crate) mod rules;
pub(crate) mod step;
pub(crate) mod strain;
pub(crate) mod stress;
#[cfg(test)]
pub(crate) mod test_support;
#[cfg(test)]
mod tests;
pub(crate) mod trust;
pub mod types;
pub(crate) mod wellbeing;

pub(crate) use caregiving::childhood_day;
pub use dissolution::Departure;
pub(crate) use dissolution::LeavingReason;
pub use observer::{ConflictCounter, Observer, PersonTally, Tally};
pub use parameters::{Mechanisms, Parameters};
pub use rules::{Clock, IntimacyTarget, Rules};
pub use step::step;
pub(crate) use step::step_interleaved;
pub use types::{Couple, Partner, State, Traits};
