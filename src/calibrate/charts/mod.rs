//! Charts of calibrations: the posterior of each parameter and of each pair, the posterior predictions of the
//! targets, and the course of a search.

mod marginals;
mod pairs;
mod parameter_axis;
mod predictive;
mod search;
#[cfg(test)]
mod tests;

pub(crate) use marginals::posterior_marginals;
pub(crate) use pairs::posterior_pairs;
pub(crate) use predictive::posterior_predictive;
pub(crate) use search::search_course;
