//! pairbond
pub mod analysis;
pub mod chart;
pub mod experiment;
pub mod foundation;
pub mod output;
