//! Properties of the within-couple model as a whole.

mod childhood;
mod ensemble;
mod golden;
mod halving;
mod outcomes;
mod parameters;
mod parts;
mod properties;
mod sample_couples;
mod switches;
mod worlds;
