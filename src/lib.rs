//! pairbond
pub mod experiment;
pub mod foundation;
pub mod model;
pub mod plan;
pub mod simulation;
