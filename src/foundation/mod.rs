//! What everything else stands on: columns of numbers, addressed randomness, portable
//! mathematics, descriptions of parameters, tables and sinks. It knows nothing of love.

pub mod beta;
pub mod chance;
pub mod correlation;
pub mod distribution;
pub mod engine;
pub mod lane;
pub mod maths;
pub mod pack;
pub mod parameter;
pub mod table;
#[cfg(target_arch = "x86_64")]
pub(crate) mod vector;
