//! `pairbond explore`: a page on this machine's loopback address, on which a scenario is changed by
//! sliders and its couples are simulated again at once.
//!
//! [`controls`] describes what can be changed, [`answer`] simulates a changed scenario and gives its
//! tables, [`http`] reads requests within bounds, and [`server`] checks them and answers. The page itself
//! is in `page/`; it keeps its state in its address.

pub(crate) mod answer;
pub(crate) mod controls;
pub(crate) mod http;
pub(crate) mod server;
#[cfg(test)]
mod tests;

pub use server::Explorer;
