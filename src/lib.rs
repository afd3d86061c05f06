//! pairbond
pub mod foundation;
pub mod model;
pub mod scenario;
pub mod simulation;
