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

pub(crate) mod adjustment;
pub(crate) mod distance;
pub(crate) mod posterior;
pub(crate) mod proposal;
pub(crate) mod sampler;
pub(crate) mod settings;
#[cfg(test)]
pub(crate) mod test_support;
#[cfg(test)]
mod tests;
pub(crate) mod weighted;

pub(crate) use adjustment::adjusted;
pub(crate) use distance::Scaling;
pub(crate) use posterior::{Marginal, Predictive, correlations, marginals, predictive};
pub(crate) use proposal::PerturbationKernel;
#[cfg(test)]
pub(crate) use proposal::Proposal;
pub(crate) use sampler::{AbcSampler, AbcState, Decision, Generation, Particle};
pub(crate) use settings::AbcSettings;
#[cfg(test)]
pub(crate) use weighted::weighted_quantile;
pub(crate) use weighted::{weighted_mean, weighted_sd};
