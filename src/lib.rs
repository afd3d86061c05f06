//! pairbond
pub mod design;
pub mod foundation;
