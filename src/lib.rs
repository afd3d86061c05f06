//! pairbond
pub mod foundation;
pub mod model;
pub mod simulation;
