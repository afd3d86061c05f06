//! The measurement that a scenario asks for: questionnaires and a diary, with errors.

pub(super) mod keys;
pub(super) mod pages;
mod read;
pub(super) mod schema;
mod write;

pub(super) use read::read;
pub(super) use write::write;
