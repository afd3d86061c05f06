//! pairbond
pub mod analysis;
pub mod design;
pub mod foundation;
