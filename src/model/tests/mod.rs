//! Tests of the within-couple model as a whole.

mod arbitrary;
mod ensemble;
mod golden;
mod halving;
mod outcomes;
mod parameters;
mod parts;
mod properties;
mod sample_couples;
mod specification;
mod switches;
