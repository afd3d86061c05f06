//! Childhood: a child's days with a caregiver, by the equations of the model.
//!
//! What the child comes to expect of others, how certain that is, and what it comes to expect of
//! itself form the prototypes of anxiety and avoidance that it has as an adult. Like the model,
//! this module cannot fail: values are checked before.

pub(crate) mod formation;
pub(crate) mod simulate;
#[cfg(test)]
mod tests;
pub(crate) mod upbringing;

pub(crate) use simulate::{Age, Child, Childhood, SimulatedFamily, families, grow_up};
pub(crate) use upbringing::{UPBRINGING, Upbringing};
