//! pairbond
pub mod analysis;
pub mod foundation;
pub mod model;
pub mod plan;
pub mod simulation;
