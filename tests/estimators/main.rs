//! Statistics of couples give what R gives: `tests/oracles/dyads.R` makes the numbers.

mod diary;
mod kept;
mod pairs;
