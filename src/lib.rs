//! pairbond
pub mod foundation;
pub mod output;
