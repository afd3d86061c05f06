//! The posterior: summaries of the particles by parameter and by statistic, and regression adjustment, the
//! particles as they would be had they met the targets exactly (Beaumont, Zhang & Balding 2002).

use crate::calibrate::abc::sampler::{AbcState, Particle, Scaling, departure};
use crate::calibrate::abc::weighted::{
    WeightedRegression, effective_size, weighted_covariance, weighted_mean, weighted_quantile,
    weighted_sd,
};
use crate::calibrate::error::CalibrationError;
use crate::calibrate::problem::{Identification, PriorCoordinate, Problem};
use crate::math::functions::{logistic, logit};
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
    /// [`FitTarget::agrees`](crate::calibrate::problem::FitTarget::agrees).
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

/// How near to a bound a particle may lie, as a share of the prior's width, before its log-odds are
/// those of that share.
const EDGE: f64 = 1e-9;

/// The population of a state, moved along the local linear regression of each parameter on the
/// statistics to where they meet the targets.
///
/// Nearer particles count more, by Epanechnikov's kernel over the largest distance. A
/// parameter is moved on the log-odds of its position between the bounds, so that it stays within them.
/// Statistics stay as they were simulated; weights sum to 1.
///
/// # Errors
/// If the problem is invalid; [`CalibrationError::TooFewRows`] where fewer particles than two
/// more than statistics are nearer than the farthest.
pub(crate) fn adjusted(
    problem: &Problem,
    scaling: Scaling,
    state: &AbcState,
) -> Result<Vec<Particle>, CalibrationError> {
    let priors = problem.coordinates()?;
    let weights = kernel_weights(&state.population);
    let columns = departures(problem, scaling, state);
    let usable = weights.iter().filter(|weight| **weight > 0.0).count();
    let needed = columns.len() + 2;
    if usable < needed {
        return Err(CalibrationError::TooFewRows { usable, needed });
    }
    let regression = WeightedRegression::new(&columns, &weights);
    let mut particles = state.population.clone();
    for (number, prior) in priors.iter().enumerate() {
        let free: Vec<f64> = particles
            .iter()
            .map(|particle| unbounded(prior, particle.coordinates[number]))
            .collect();
        for (particle, moved) in particles.iter_mut().zip(regression.moved_to_zero(&free)) {
            let coordinate = bounded(prior, moved);
            particle.coordinates[number] = coordinate;
            particle.values[number] = prior.value(coordinate);
        }
    }
    let sum: f64 = weights.iter().sum();
    for (particle, weight) in particles.iter_mut().zip(weights) {
        particle.weight = weight / sum;
    }
    particles.retain(|particle| particle.weight > 0.0);
    Ok(particles)
}

/// Weights times Epanechnikov's kernel of the distance.
fn kernel_weights(particles: &[Particle]) -> Vec<f64> {
    let most = particles.iter().map(|it| it.distance).fold(0.0, f64::max);
    let share = |particle: &Particle| {
        if most > 0.0 {
            particle.distance / most
        } else {
            0.0
        }
    };
    particles
        .iter()
        .map(|particle| particle.weight * (1.0 - share(particle) * share(particle)))
        .collect()
}

/// How far each informative statistic is from its target in each particle, in its unit.
fn departures(problem: &Problem, scaling: Scaling, state: &AbcState) -> Vec<Vec<f64>> {
    let telling = problem.targets.iter().zip(&state.scales).enumerate();
    telling
        .filter_map(|(number, (target, scale))| {
            let scale = (*scale)?;
            let of = |particle: &Particle| {
                departure(target, particle.statistics[number], scaling) / scale
            };
            Some(state.population.iter().map(of).collect())
        })
        .collect()
}

/// The log-odds of a coordinate's position between its bounds.
fn unbounded(prior: &PriorCoordinate, coordinate: f64) -> f64 {
    let (low, high) = prior.bounds();
    logit(((coordinate - low) / (high - low)).clamp(EDGE, 1.0 - EDGE))
}

/// The coordinate of log-odds.
fn bounded(prior: &PriorCoordinate, log_odds: f64) -> f64 {
    let (low, high) = prior.bounds();
    (low + (high - low) * logistic(log_odds)).clamp(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibrate::abc::tests::{line_of, mean_of};
    use crate::calibrate::abc::weighted_mean;

    #[test]
    fn a_coarse_tolerance_is_made_up_for() {
        // Prior N(0, 1), a mean of 1 with standard error 0.5: the posterior is N(0.8, 0.2).
        let exact = (0.8, 0.2_f64.sqrt());
        let sampler = mean_of(11, 4_000, 3.0);
        let (problem, state) = (sampler.problem(), sampler.state());
        let raw = marginals(problem, &state.population).expect("a problem")[0];
        assert!(raw.sd > 1.3 * exact.1, "{raw:?}");
        let moved = adjusted(problem, Scaling::Published, state).expect("particles enough");
        let found = marginals(problem, &moved).expect("a problem")[0];
        assert!((found.mean - exact.0).abs() < 0.04, "{found:?}");
        assert!((found.sd - exact.1).abs() < 0.03, "{found:?}");
        let whole: f64 = moved.iter().map(|particle| particle.weight).sum();
        assert!((whole - 1.0).abs() < 1e-12);
    }

    #[test]
    fn bounds_are_kept_and_statistics_too() {
        let sampler = line_of(3, 500);
        let (problem, state) = (sampler.problem(), sampler.state());
        let moved = adjusted(problem, Scaling::Published, state).expect("particles enough");
        let (low, high) = problem.priors[0].bounds();
        assert!(moved.iter().all(|it| (low..=high).contains(&it.values[0])));
        let values: Vec<f64> = moved.iter().map(|it| it.values[0]).collect();
        let weights: Vec<f64> = moved.iter().map(|it| it.weight).collect();
        assert!(weighted_mean(&values, &weights).is_finite());
        assert!(moved.iter().all(|it| {
            state
                .population
                .iter()
                .any(|old| old.statistics == it.statistics)
        }));
    }

    #[test]
    fn too_few_particles_are_refused() {
        let sampler = mean_of(1, 50, 3.0);
        let mut state = sampler.state().clone();
        state.population.truncate(2);
        assert_eq!(
            adjusted(sampler.problem(), Scaling::Published, &state),
            Err(CalibrationError::TooFewRows {
                usable: 1,
                needed: 3
            })
        );
    }
}
