//! Sensitivity analysis: how much of an output's variation each input, or group of inputs, explains.
//!
//! Sobol' indices need a Saltelli design, elementary effects a Morris design; regression and partial
//! ranks take any sample, main effects any grid. All findings are [`Estimate`]s: a value, its
//! interval, and the [`Resolution`] whether the study is large enough for it. Resampling is addressed,
//! so intervals are functions of the data and a seed. Outputs that are not finite are dropped with
//! what depends on them, and counted.

pub mod elementary;
pub mod estimate;
pub mod main_effects;
pub mod noise;
pub mod regression;
pub mod resampling;
#[cfg(test)]
pub(crate) mod test_support;
pub mod variance_based;

pub use elementary::{ElementaryEffects, GroupEffect, effects_of_walks, elementary_effects};
pub use estimate::{Estimate, LEAST_ROWS, Resolution, SensitivityError, SensitivitySettings};
pub use main_effects::{AxisEffect, LevelMean, MainEffects, main_effects};
pub use noise::{NoiseShare, noise_share};
pub use regression::{
    PartialRanks, StandardisedRegression, partial_rank_correlations, ranks, standardised_regression,
};
pub use variance_based::{PairEstimate, VarianceIndices, variance_indices};
