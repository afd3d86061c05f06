//! Approximate Bayesian computation: which values of the parameters agree with published statistics.
//!
//! The engine is population Monte Carlo (Beaumont, Cornuet, Marin & Robert 2009) with a tolerance that
//! each generation sets for the next (Del Moral, Doucet & Jasra 2012). The first generation is drawn
//! from the prior. Each later one perturbs particles of the one before, simulates them, and keeps those
//! closer to the targets than the tolerance; weights correct for the perturbation. The engine does not
//! know the model: an [`AbcSampler`] hands out numbered [`Proposal`]s, and the caller returns their
//! statistics in the order of the numbers. The result is a function of the problem, the settings and
//! these statistics, not of threads or batches, and replaying the statistics of a run resumes it
//! exactly.
//!
//! [`marginals`], [`correlations`] and [`predictive`] summarise a posterior; [`adjusted`] gives the
//! regression-adjusted one (Beaumont, Zhang & Balding 2002).

pub mod adjustment;
pub mod distance;
pub mod posterior;
pub mod proposal;
pub mod sampler;
pub mod settings;
#[cfg(test)]
pub(crate) mod test_support;
#[cfg(test)]
mod tests;
pub mod weighted;

pub use adjustment::adjusted;
pub use distance::Scaling;
pub use posterior::{Marginal, Predictive, correlations, marginals, predictive};
pub use proposal::{PerturbationKernel, Proposal, Proposer};
pub use sampler::{AbcEnding, AbcSampler, AbcState, Decision, Generation, Particle};
pub use settings::AbcSettings;
pub use weighted::{effective_size, weighted_mean, weighted_quantile, weighted_sd};
