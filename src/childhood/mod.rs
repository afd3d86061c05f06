//! Childhood: a child's days with a caregiver, by the equations of the model.
//!
//! What the child comes to expect of others, how certain that is, and what it comes to expect of
//! itself form the prototypes of anxiety and avoidance that it has as an adult. Like the model,
//! this module cannot fail: values are checked before.

pub mod family;
pub mod formation;
pub mod simulate;
#[cfg(test)]
mod tests;
pub mod upbringing;

pub use family::{SimulatedFamily, families};
pub use simulate::{Age, Child, Childhood, grow_up};
pub use upbringing::{UPBRINGING, Upbringing};
