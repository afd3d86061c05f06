//! pairbond
pub mod foundation;
