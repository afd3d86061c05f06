//! pairbond
pub mod foundation;
pub mod model;
