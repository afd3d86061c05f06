//! Sensitivity analysis: how much of an output's variation each input, or group of inputs, explains.
//!
//! Sobol' indices need a Saltelli design, elementary effects a Morris design; regression and partial
//! ranks take any sample, main effects any grid. All findings are [`Estimate`]s: a value, its
//! interval, and the [`Resolution`] whether the study is large enough for it. Resampling is addressed,
//! so intervals are functions of the data and a seed. Outputs that are not finite are dropped with
//! what depends on them, and counted.

pub(crate) mod elementary;
pub(crate) mod estimate;
pub(crate) mod main_effects;
pub(crate) mod noise;
pub(crate) mod regression;
pub(crate) mod resampling;
#[cfg(test)]
pub(crate) mod test_support;
pub(crate) mod variance_based;

pub(crate) use elementary::elementary_effects;
pub(crate) use estimate::{Estimate, Resolution, SensitivityError, SensitivitySettings};
pub(crate) use main_effects::main_effects;
pub(crate) use noise::noise_share;
pub(crate) use regression::{partial_rank_correlations, standardised_regression};
pub(crate) use variance_based::variance_indices;
