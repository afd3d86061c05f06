//! pairbond
pub mod chart;
pub mod foundation;
