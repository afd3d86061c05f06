//! Distributions of a scenario: their families, how they are read, and whether their numbers make one.

pub(crate) mod check;
pub(crate) mod read;
pub(crate) mod spec;
