//! Calibration: which parameters agree with published statistics, and how well these tell them.
//!
//! The engine is population Monte Carlo for approximate Bayesian computation (Beaumont, Cornuet,
//! Marin & Robert 2009) with a tolerance that each generation sets for the next (Del Moral, Doucet &
//! Jasra 2012). A first generation is drawn from the prior. Each later one perturbs particles of the
//! one before, simulates, and keeps what comes closer to the targets than the tolerance; weights undo
//! what the perturbation favours. It knows no model: a [`Calibration`] gives out numbered
//! [`Proposal`]s, and whoever simulates hands their statistics back in the order of the numbers. All
//! that it comes to is a function of the [`Problem`] and of these statistics: not of threads or
//! batches, and replaying the statistics of a run resumes it to the bit.
//!
//! A posterior is read by [`marginals`], [`correlations`] and [`predictive`]; [`adjusted`] gives the
//! regression-adjusted one (Beaumont, Zhang & Balding 2002) to be held beside it.
//!
//! A [`search`] finds one point that is near the targets, for many parameters and few simulations.

pub mod adjustment;
pub mod fault;
pub mod kernel;
pub mod posterior;
pub mod prior;
pub mod problem;
pub mod proposal;
pub mod sampler;
pub mod state;
pub mod target;
#[cfg(test)]
pub(crate) mod test_support;
#[cfg(test)]
pub(crate) mod tests;
pub mod weighted;

pub use adjustment::adjusted;
pub use fault::CalibrationFault;
pub use kernel::PerturbationKernel;
pub use posterior::{
    IDENTIFIED, Identification, LEAST_EFFECTIVE, Marginal, Predictive, WEAKLY_IDENTIFIED,
    correlations, marginals, predictive,
};
pub use prior::Prior;
pub use problem::{Limits, Problem, Settings};
pub use proposal::{Proposal, Proposer};
pub use sampler::{Calibration, Step};
pub use state::{Ending, Generation, Particle, State};
pub use target::{Scaling, Target};
pub use weighted::{effective_size, weighted_mean, weighted_quantile, weighted_sd};
