//! Charts of a calibration: what is known of each parameter after the targets were looked at, which
//! parameters go together, and whether simulated studies are like the published ones; and of a search: how
//! its loss fell, and what it made of each target.

pub mod marginals;
pub mod pairs;
pub mod parameter_axis;
pub mod predictive;
pub mod search;
#[cfg(test)]
mod tests;

pub use marginals::posterior_marginals;
pub use pairs::posterior_pairs;
pub use predictive::posterior_predictive;
pub use search::search_course;
