//! The measurement that a scenario asks for: questionnaires and a diary, with errors.

pub mod keys;
pub mod pages;
pub mod read;
pub mod schema;
pub mod write;

pub(crate) use read::read;
pub(crate) use write::write;
