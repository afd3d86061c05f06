//! What a weighted population says of each parameter and of each statistic.

use super::weighted::{
    effective_size, weighted_covariance, weighted_mean, weighted_quantile, weighted_sd,
};
use super::{CalibrationFault, Particle, Problem};
use crate::stats::interval::{CONFIDENCE, Interval, upper_tail};
use std::fmt;

/// Largest contraction at which a parameter is identified.
pub const IDENTIFIED: f64 = 0.5;
/// Largest contraction at which a parameter is weakly identified.
pub const WEAKLY_IDENTIFIED: f64 = 0.85;
/// Fewest effective particles whose width says anything: a standard deviation is then known to an
/// eighth or so.
pub const LEAST_EFFECTIVE: f64 = 30.0;

/// Whether targets tell a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identification {
    /// The posterior is at most [`IDENTIFIED`] times as wide as the prior.
    Identified,
    /// The posterior is at most [`WEAKLY_IDENTIFIED`] times as wide as the prior.
    Weakly,
    /// The posterior is about as wide as the prior, or wider: as far as its width says, the targets
    /// leave the parameter open. Two far modes look like this too; the picture tells them apart.
    Not,
    /// There are fewer than [`LEAST_EFFECTIVE`] effective particles.
    Undecided,
}

impl Identification {
    /// The verdict of a contraction that so many effective particles show; NaN identifies nothing.
    pub fn of(contraction: f64, effective: f64) -> Identification {
        if effective.is_nan() || effective < LEAST_EFFECTIVE {
            Identification::Undecided
        } else if contraction <= IDENTIFIED {
            Identification::Identified
        } else if contraction <= WEAKLY_IDENTIFIED {
            Identification::Weakly
        } else {
            Identification::Not
        }
    }
}

impl fmt::Display for Identification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Identification::Identified => "identified",
            Identification::Weakly => "weakly identified",
            Identification::Not => "not identified",
            Identification::Undecided => "undecided",
        })
    }
}

/// The posterior of one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Marginal {
    /// Weighted mean.
    pub mean: f64,
    /// Weighted standard deviation.
    pub sd: f64,
    /// Weighted median.
    pub median: f64,
    /// Between the weighted quantiles of 2.5 and 97.5 %.
    pub interval: Interval,
    /// Standard deviation of the posterior over that of the prior, of the logarithm where the prior
    /// is log-uniform.
    pub contraction: f64,
    /// What the contraction says.
    pub identification: Identification,
}

/// What the posterior says of one statistic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Predictive {
    /// Weighted mean of the simulated values.
    pub mean: f64,
    /// Weighted standard deviation of the simulated values.
    pub sd: f64,
    /// Between the weighted quantiles of 2.5 and 97.5 %.
    pub interval: Interval,
    /// Whether the published value lies within the interval.
    pub holds: bool,
    /// Whether the mean agrees with what is published; see
    /// [`Target::agrees`](super::Target::agrees).
    pub agrees: Option<bool>,
}

/// Sums up each parameter's posterior, in the order of the priors.
///
/// # Errors
/// What is wrong with the problem.
pub fn marginals(
    problem: &Problem,
    particles: &[Particle],
) -> Result<Vec<Marginal>, CalibrationFault> {
    let weights = weights(particles);
    let (axes, effective) = (problem.axes()?, effective_size(&weights));
    let of = |number: usize| {
        let values = column(particles, |particle| particle.values[number]);
        let coordinates = column(particles, |particle| particle.coordinates[number]);
        let contraction = weighted_sd(&coordinates, &weights) / axes[number].sd();
        Marginal {
            mean: weighted_mean(&values, &weights),
            sd: weighted_sd(&values, &weights),
            median: weighted_quantile(&values, &weights, 0.5),
            interval: central(&values, &weights),
            contraction,
            identification: Identification::of(contraction, effective),
        }
    };
    Ok((0..axes.len()).map(of).collect())
}

/// The correlations of the parameters' posterior in the priors' coordinates, row by row; NaN beside a
/// parameter that does not vary.
pub fn correlations(particles: &[Particle]) -> Vec<Vec<f64>> {
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

/// Sums up what was simulated of each statistic, in the order of the targets.
pub fn predictive(problem: &Problem, particles: &[Particle]) -> Vec<Predictive> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_width_is_judged_only_where_particles_are_enough() {
        let words = |contraction, effective| Identification::of(contraction, effective).to_string();
        assert_eq!(words(0.5, 30.0), "identified");
        assert_eq!(words(0.51, 500.0), "weakly identified");
        assert_eq!(words(0.86, 500.0), "not identified");
        assert_eq!(words(f64::NAN, 500.0), "not identified");
        assert_eq!(words(0.01, 2.0), "undecided");
        assert_eq!(words(0.01, f64::NAN), "undecided");
    }
}
