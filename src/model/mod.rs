//! How two partners move each other: the within-couple model of docs/model.md.
//!
//! Each mechanism is one file with its own switch, parameters, random purposes and equations; the
//! equations are generic over the [`Lane`](crate::foundation::lane::Lane), allocate nothing and
//! never fail: all checking is done before.

mod attachment;
mod autonomy;
pub mod betrayal;
mod commitment;
mod conflict;
mod contact;
mod disclosure;
mod dissolution;
pub mod episode;
mod intimacy;
pub mod mechanisms;
mod momentum;
mod need;
pub mod parameters;
pub mod partner;
mod perception;
pub mod purposes;
mod repair;
mod response;
pub mod rules;
mod standing;
mod step;
mod stress;
#[cfg(test)]
mod trial;
mod trust;
pub mod view;
mod wellbeing;
pub mod witness;

pub use mechanisms::{IntimacyTarget, Mechanisms};
pub use need::childhood_day;
pub use parameters::Parameters;
pub use partner::{Couple, Partner, State, Traits};
pub use rules::{Clock, Rules};
pub use step::{Departure, step, steps};
