//! Numbers in, findings out.

pub mod sensitivity;
