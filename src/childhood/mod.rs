//! Persons over their lives: so far their childhood.
//!
//! A child lives its days with a caregiver on the model's own equations. What it comes to expect of
//! others, how sure it is of that, and what it comes to think of itself form the blueprint that an
//! adult brings into love: the prototypes of anxiety and avoidance. Like the model, this room never
//! fails: all checking is done before.

pub mod family;
pub mod formation;
pub mod simulate;
#[cfg(test)]
mod tests;
pub mod upbringing;

pub use family::{Family, families};
pub use simulate::{Age, Child, Childhood, grow_up};
pub use upbringing::{UPBRINGING, Upbringing};
