//! pairbond
pub mod analysis;
pub mod foundation;
