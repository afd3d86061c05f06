//! The within-couple model of docs/model.md: how two partners change each other.
//!
//! Each mechanism is one file with its equations; its switch, its parameters and its random draws
//! are lines of `parameters.rs` and `purposes.rs`. The equations are generic over
//! [`Vector`](crate::simd::vector::Vector), allocate nothing and cannot fail: values are checked
//! before.

pub mod attachment;
pub mod autonomy;
pub mod betrayal;
pub mod bids;
pub mod caregiving;
pub mod commitment;
pub mod conflict;
pub mod derived;
pub mod disclosure;
pub mod dissolution;
pub mod episode;
pub mod intimacy;
pub mod mood;
pub mod observer;
pub mod parameter_spec;
pub mod parameters;
pub mod perception;
pub mod purposes;
pub mod repair;
pub mod response;
pub mod rules;
pub mod step;
pub mod stress;
#[cfg(test)]
pub(crate) mod test_support;
#[cfg(test)]
mod tests;
pub mod trust;
pub mod types;
pub mod wellbeing;

pub use caregiving::childhood_day;
pub use parameters::{Mechanisms, Parameters};
pub use rules::{Clock, IntimacyTarget, Rules};
pub use step::{Departure, step, step_interleaved};
pub use types::{Couple, Partner, State, Traits};
