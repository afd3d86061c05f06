//! Summaries of a weighted population: the posterior of each parameter and of each statistic.

use super::sampler::Particle;
use super::weighted::{
    effective_size, weighted_covariance, weighted_mean, weighted_quantile, weighted_sd,
};
use crate::calibrate::error::CalibrationError;
use crate::calibrate::identification::Identification;
use crate::calibrate::problem::Problem;
use crate::stats::interval::{CONFIDENCE, Interval, upper_tail};

/// The posterior of one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Marginal {
    /// Weighted mean.
    pub(crate) mean: f64,
    /// Weighted standard deviation.
    pub(crate) sd: f64,
    /// Weighted median.
    pub(crate) median: f64,
    /// Between the weighted quantiles of 2.5 and 97.5 %.
    pub(crate) interval: Interval,
    /// Standard deviation of the posterior over that of the prior, of the logarithm where the prior
    /// is log-uniform.
    pub(crate) contraction: f64,
    /// Whether the targets identify the parameter.
    pub(crate) identification: Identification,
}

/// The posterior predictive distribution of one statistic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Predictive {
    /// Weighted mean of the simulated values.
    pub(crate) mean: f64,
    /// Weighted standard deviation of the simulated values.
    pub(crate) sd: f64,
    /// Between the weighted quantiles of 2.5 and 97.5 %.
    pub(crate) interval: Interval,
    /// Whether the published value lies within the interval.
    pub(crate) holds: bool,
    /// Whether the mean agrees with what is published; see
    /// [`FitTarget::agrees`](crate::calibrate::target::FitTarget::agrees).
    pub(crate) agrees: Option<bool>,
}

/// Summarises each parameter's posterior, in the order of the priors.
///
/// # Errors
/// If the problem is invalid.
pub(crate) fn marginals(
    problem: &Problem,
    particles: &[Particle],
) -> Result<Vec<Marginal>, CalibrationError> {
    let weights = weights(particles);
    let (priors, effective) = (problem.coordinates()?, effective_size(&weights));
    let of = |number: usize| {
        let values = column(particles, |particle| particle.values[number]);
        let coordinates = column(particles, |particle| particle.coordinates[number]);
        let contraction = weighted_sd(&coordinates, &weights) / priors[number].sd();
        Marginal {
            mean: weighted_mean(&values, &weights),
            sd: weighted_sd(&values, &weights),
            median: weighted_quantile(&values, &weights, 0.5),
            interval: central(&values, &weights),
            contraction,
            identification: Identification::of(contraction, effective),
        }
    };
    Ok((0..priors.len()).map(of).collect())
}

/// The correlations of the parameters' posterior in the priors' coordinates, row by row; NaN for a
/// parameter that does not vary.
pub(crate) fn correlations(particles: &[Particle]) -> Vec<Vec<f64>> {
    let weights = weights(particles);
    let count = particles.first().map_or(0, |it| it.coordinates.len());
    let columns: Vec<Vec<f64>> = (0..count)
        .map(|number| column(particles, |particle| particle.coordinates[number]))
        .collect();
    let deviations: Vec<f64> = columns
        .iter()
        .map(|column| weighted_sd(column, &weights))
        .collect();
    let of = |one: usize, other: usize| {
        let covariance = weighted_covariance(&columns[one], &columns[other], &weights);
        covariance / (deviations[one] * deviations[other])
    };
    (0..count)
        .map(|one| (0..count).map(|other| of(one, other)).collect())
        .collect()
}

/// Summarises the simulated values of each statistic, in the order of the targets.
pub(crate) fn predictive(problem: &Problem, particles: &[Particle]) -> Vec<Predictive> {
    let weights = weights(particles);
    let targets = problem.targets.iter().enumerate();
    targets
        .map(|(number, target)| {
            let values = column(particles, |particle| particle.statistics[number]);
            let mean = weighted_mean(&values, &weights);
            let interval = central(&values, &weights);
            Predictive {
                mean,
                sd: weighted_sd(&values, &weights),
                interval,
                holds: interval.contains(target.value),
                agrees: target.agrees(mean),
            }
        })
        .collect()
}

fn weights(particles: &[Particle]) -> Vec<f64> {
    column(particles, |particle| particle.weight)
}

fn column(particles: &[Particle], of: impl Fn(&Particle) -> f64) -> Vec<f64> {
    particles.iter().map(of).collect()
}

fn central(values: &[f64], weights: &[f64]) -> Interval {
    let upper = upper_tail(CONFIDENCE);
    Interval {
        low: weighted_quantile(values, weights, 1.0 - upper),
        high: weighted_quantile(values, weights, upper),
    }
}
