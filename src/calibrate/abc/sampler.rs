//! The sampler: its settings, the distance of simulated statistics from their targets, and which
//! proposals become particles.

use crate::calibrate::abc::proposal::{Mixture, Parent, PerturbationKernel, Proposal, Proposer};
use crate::calibrate::abc::weighted::{effective_size, median, weighted_quantile};
use crate::calibrate::error::{AbcEnding, CalibrationError};
use crate::calibrate::problem::{FitTarget, PriorCoordinate, Problem};
use crate::math::functions::exp;
use crate::stats::summary::RunningMoments;
use std::sync::Arc;

/// How particles are drawn, and when a calibration ends: whichever limit is reached first ends it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct AbcSettings {
    /// Seed of proposals and simulations.
    pub(crate) seed: u64,
    /// Particles of a generation: at least two more than parameters.
    pub(crate) particles: usize,
    /// The quantile, in (0, 1), of a generation's distances that is the next one's tolerance.
    pub(crate) quantile: f64,
    /// How particles are perturbed.
    pub(crate) kernel: PerturbationKernel,
    /// How distances are measured.
    pub(crate) scaling: Scaling,
    /// Maximum number of generations, at least 1: the first is drawn from the prior.
    pub(crate) generations: u32,
    /// Maximum number of simulations.
    pub(crate) simulations: u64,
    /// Distance from the targets, 0 or more, that is near enough.
    pub(crate) tolerance: f64,
    /// Share of accepted proposals, in [0, 1), below which a generation is the last one.
    pub(crate) acceptance: f64,
}

impl Default for AbcSettings {
    /// 500 particles, each tolerance the median distance of the generation before; 30 generations,
    /// 100,000 simulations, no tolerance that is near enough, 2 % accepted.
    fn default() -> AbcSettings {
        AbcSettings {
            seed: 0,
            particles: 500,
            quantile: 0.5,
            kernel: PerturbationKernel::default(),
            scaling: Scaling::default(),
            generations: 30,
            simulations: 100_000,
            tolerance: 0.0,
            acceptance: 0.02,
        }
    }
}

impl AbcSettings {
    /// Checks every number for a number of parameters; NaN is refused.
    pub(crate) fn check(&self, parameters: usize) -> Result<(), CalibrationError> {
        let least = parameters + 2;
        if self.particles < least {
            return Err(CalibrationError::TooFewParticles {
                requested: self.particles,
                least,
            });
        }
        CalibrationError::check_settings([
            (
                "quantile",
                self.quantile,
                self.quantile > 0.0 && self.quantile < 1.0,
                "(0, 1)",
            ),
            (
                "tolerance",
                self.tolerance,
                self.tolerance >= 0.0 && self.tolerance.is_finite(),
                "[0, ∞)",
            ),
            (
                "acceptance",
                self.acceptance,
                (0.0..1.0).contains(&self.acceptance),
                "[0, 1)",
            ),
            (
                "generations",
                f64::from(self.generations),
                self.generations > 0,
                "[1, ∞)",
            ),
            (
                "simulations",
                self.simulations as f64,
                self.simulations >= self.particles as u64,
                "[particles, ∞)",
            ),
        ])
    }
}

/// A point that was accepted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Particle {
    /// One value for each parameter.
    pub(crate) values: Vec<f64>,
    /// What was simulated there, one value for each target.
    pub(crate) statistics: Vec<f64>,
    /// Distance from the targets; 0 during the first generation, whose spread gives the units.
    pub(crate) distance: f64,
    /// Its weight; those of a complete generation sum to 1; 0 in an incomplete one.
    pub(crate) weight: f64,
    /// The values in the priors' coordinates.
    pub(crate) coordinates: Vec<f64>,
}

/// The summary of a generation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Generation {
    /// Its number, from 0, the one drawn from the prior.
    pub(crate) number: u32,
    /// Largest distance that was accepted; `None` in the first, which accepts all.
    pub(crate) tolerance: Option<f64>,
    /// Proposals up to the last that was accepted.
    pub(crate) proposals: u64,
    /// Proposals with a statistic that is not a finite number.
    pub(crate) missing: u64,
    /// Proposals accepted: the particles.
    pub(crate) accepted: u64,
    /// Effective number of particles.
    pub(crate) effective_size: f64,
    /// Weighted median of the distances.
    pub(crate) median_distance: f64,
    /// Simulations in all generations so far.
    pub(crate) simulations: u64,
}

impl Generation {
    /// Share of the proposals that were accepted [0–1].
    pub(crate) fn acceptance(&self) -> f64 {
        self.accepted as f64 / self.proposals as f64
    }
}

/// The state of a sampler: all that it knows besides its problem.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct AbcState {
    /// Particles of the last complete generation; none before the first.
    pub(crate) population: Vec<Particle>,
    /// The complete generations.
    pub(crate) history: Vec<Generation>,
    /// Largest distance accepted in the current generation; `None` in the first.
    pub(crate) tolerance: Option<f64>,
    /// Particles of the current generation.
    pub(crate) accepted: Vec<Particle>,
    /// Proposals of the current generation that were taken.
    pub(crate) proposals: u64,
    /// Those of them with a statistic that is not a finite number.
    pub(crate) missing: u64,
    /// Simulations so far.
    pub(crate) simulations: u64,
    /// The unit of each statistic's distance, from the first generation on; `None` for a statistic
    /// without information.
    pub(crate) scales: Vec<Option<f64>>,
    /// Why it ended; `None` while it runs.
    pub(crate) ending: Option<AbcEnding>,
}

impl AbcState {
    /// Number of the current generation, from 0.
    pub(crate) fn generation(&self) -> u32 {
        self.history.len() as u32
    }

    /// The weights of the last complete generation.
    pub(crate) fn weights(&self) -> Vec<f64> {
        self.population
            .iter()
            .map(|particle| particle.weight)
            .collect()
    }

    /// Appends the current generation to the history and makes it the population.
    pub(crate) fn close(&mut self) {
        self.population = std::mem::take(&mut self.accepted);
        let weights = self.weights();
        let distances: Vec<f64> = self.population.iter().map(|it| it.distance).collect();
        self.history.push(Generation {
            number: self.generation(),
            tolerance: self.tolerance,
            proposals: self.proposals,
            missing: self.missing,
            accepted: self.population.len() as u64,
            effective_size: effective_size(&weights),
            median_distance: weighted_quantile(&distances, &weights, 0.5),
            simulations: self.simulations,
        });
        (self.proposals, self.missing) = (0, 0);
    }
}

/// Least standard deviation of a perturbation, as a share of the prior's.
const LEAST_STEP: f64 = 1e-6;

/// A population Monte Carlo sampler for approximate Bayesian computation.
///
/// It hands out numbered proposals and takes their statistics in the order of the numbers. Proposals
/// beyond the last one that a generation needs are dropped, so that nothing depends on how many were
/// simulated ahead.
#[derive(Clone, Debug)]
pub(crate) struct AbcSampler {
    problem: Problem,
    settings: AbcSettings,
    priors: Vec<PriorCoordinate>,
    state: AbcState,
    proposer: Arc<Proposer>,
}

/// The outcome of taking a proposal's statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// The proposal was rejected, or there was nothing left to decide.
    Rejected,
    /// The proposal was accepted, and its generation goes on.
    Accepted,
    /// The proposal completed its generation; the proposals of the next one are numbered from 0.
    NextGeneration,
    /// The calibration ended.
    Ended(AbcEnding),
}

impl AbcSampler {
    /// A sampler before its first generation.
    ///
    /// # Errors
    /// If the problem or a setting is invalid.
    pub(crate) fn new(
        problem: Problem,
        settings: AbcSettings,
    ) -> Result<AbcSampler, CalibrationError> {
        let priors = problem.coordinates()?;
        settings.check(priors.len())?;
        Ok(AbcSampler {
            proposer: Arc::new(Proposer::new(&priors, settings.seed, 0, None)),
            problem,
            settings,
            priors,
            state: AbcState::default(),
        })
    }

    /// The problem.
    pub(crate) fn problem(&self) -> &Problem {
        &self.problem
    }

    /// The settings.
    pub(crate) fn settings(&self) -> &AbcSettings {
        &self.settings
    }

    /// The state.
    pub(crate) fn state(&self) -> &AbcState {
        &self.state
    }

    /// The number of the current generation, from 0.
    pub(crate) fn generation_number(&self) -> u32 {
        self.state.generation()
    }

    /// The source of proposals of the current generation.
    pub(crate) fn proposer(&self) -> Arc<Proposer> {
        Arc::clone(&self.proposer)
    }

    /// Takes the statistics of the next proposal.
    ///
    /// # Errors
    /// [`CalibrationError::Length`].
    pub(crate) fn take(&mut self, statistics: &[f64]) -> Result<Decision, CalibrationError> {
        let (found, expected) = (statistics.len(), self.problem.targets.len());
        if found != expected {
            return Err(CalibrationError::Length { found, expected });
        }
        if let Some(ending) = self.state.ending {
            return Ok(Decision::Ended(ending));
        }
        let proposal = self.proposer.proposal(self.state.proposals);
        self.state.proposals += 1;
        self.state.simulations += 1;
        let accepted = self.accept(proposal, statistics);
        let settings = &self.settings;
        if self.state.accepted.len() == settings.particles {
            return Ok(self.close());
        }
        if self.state.simulations >= settings.simulations {
            return Ok(self.end(AbcEnding::Simulations));
        }
        // A model that hardly ever gives numbers is found out in the first generation.
        let (proposals, wanted) = (self.state.proposals as f64, settings.particles as f64);
        if self.state.history.is_empty() && settings.acceptance * proposals >= wanted {
            return Ok(self.end(AbcEnding::Acceptance));
        }
        Ok(if accepted {
            Decision::Accepted
        } else {
            Decision::Rejected
        })
    }

    /// Keeps a proposal that is near enough, and says whether it is.
    fn accept(&mut self, proposal: Proposal, statistics: &[f64]) -> bool {
        if !statistics.iter().all(|value| value.is_finite()) {
            self.state.missing += 1;
            return false;
        }
        let distance = match self.state.tolerance {
            None => 0.0,
            Some(tolerance) => {
                let far = self.distance(statistics);
                if far > tolerance {
                    return false;
                }
                far
            }
        };
        self.state.accepted.push(Particle {
            values: proposal.values,
            statistics: statistics.to_vec(),
            distance,
            weight: 0.0,
            coordinates: proposal.coordinates,
        });
        true
    }

    /// Weighs a whole generation, and begins the next or ends.
    fn close(&mut self) -> Decision {
        if self.state.history.is_empty() {
            self.measure();
        }
        self.weigh();
        self.state.close();
        let next = self.next_tolerance();
        match self.ending(next) {
            Some(ending) => self.end(ending),
            None => {
                self.state.tolerance = Some(next);
                self.proposer = self.perturbing();
                Decision::NextGeneration
            }
        }
    }

    /// Finds the units of distances from the first generation, and its distances.
    fn measure(&mut self) {
        let rows: Vec<&[f64]> = self
            .state
            .accepted
            .iter()
            .map(|particle| particle.statistics.as_slice())
            .collect();
        self.state.scales = scales(&self.problem.targets, self.settings.scaling, &rows);
        let mut accepted = std::mem::take(&mut self.state.accepted);
        for particle in &mut accepted {
            particle.distance = self.distance(&particle.statistics);
        }
        self.state.accepted = accepted;
    }

    fn distance(&self, statistics: &[f64]) -> f64 {
        let scaling = self.settings.scaling;
        distance(
            &self.problem.targets,
            scaling,
            &self.state.scales,
            statistics,
        )
    }

    /// Gives each particle its weight: the prior's density over the proposals'.
    fn weigh(&mut self) {
        let proposer = &self.proposer;
        let logs: Vec<f64> = self
            .state
            .accepted
            .iter()
            .map(|particle| proposer.ln_weight(&particle.coordinates))
            .collect();
        let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = logs.iter().map(|log| exp(log - most)).sum();
        for (particle, log) in self.state.accepted.iter_mut().zip(logs) {
            particle.weight = exp(log - most) / sum;
        }
    }

    /// The distance within which the wanted share of the population lies, but not below the
    /// tolerance that is near enough.
    fn next_tolerance(&self) -> f64 {
        let settings = &self.settings;
        let mut distances: Vec<f64> = self.state.population.iter().map(|it| it.distance).collect();
        distances.sort_by(f64::total_cmp);
        let place = (settings.quantile * distances.len() as f64).ceil() as usize;
        distances[place.clamp(1, distances.len()) - 1].max(settings.tolerance)
    }

    fn ending(&self, next: f64) -> Option<AbcEnding> {
        let limits = &self.settings;
        let last = self.state.history.last()?;
        let left = limits.simulations.saturating_sub(self.state.simulations);
        let now = self.state.tolerance;
        if now.is_some_and(|now| now <= limits.tolerance) {
            Some(AbcEnding::Tolerance)
        } else if last.acceptance() < limits.acceptance {
            Some(AbcEnding::Acceptance)
        } else if self.state.generation() >= limits.generations {
            Some(AbcEnding::Generations)
        } else if now.is_some_and(|now| next >= now) {
            Some(AbcEnding::Stalled)
        } else if last.proposals > left {
            Some(AbcEnding::Simulations)
        } else {
            None
        }
    }

    fn end(&mut self, ending: AbcEnding) -> Decision {
        self.state.ending = Some(ending);
        Decision::Ended(ending)
    }

    /// What perturbs the population for the generation under way.
    fn perturbing(&self) -> Arc<Proposer> {
        let tolerance = self.state.tolerance.unwrap_or(f64::INFINITY);
        let parents: Vec<Parent<'_>> = self
            .state
            .population
            .iter()
            .map(|particle| Parent {
                coordinates: &particle.coordinates,
                weight: particle.weight,
                near: particle.distance <= tolerance,
            })
            .collect();
        let floor = |prior: &PriorCoordinate| {
            let step = LEAST_STEP * prior.sd();
            step * step
        };
        let floors: Vec<f64> = self.priors.iter().map(floor).collect();
        let settings = &self.settings;
        let mixture = Mixture::new(settings.kernel, &parents, &floors);
        let generation = self.state.generation();
        Arc::new(Proposer::new(
            &self.priors,
            settings.seed,
            generation,
            Some(mixture),
        ))
    }
}

/// How the distance of a statistic from its target is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Scaling {
    /// From the published value, in published standard errors, or in the spread under the prior if none
    /// is known.
    #[default]
    Published,
    /// From the published value in the spread under the prior: 1.4826 times the median absolute
    /// deviation.
    Predictive,
    /// From the nearer end of the published interval, inside which the distance is 0, in the units
    /// of [`Scaling::Published`].
    Intervals,
}

/// How far a statistic lies from what is published, in its own units; signed.
pub(crate) fn departure(target: &FitTarget, statistic: f64, scaling: Scaling) -> f64 {
    match (scaling, target.interval) {
        (Scaling::Intervals, Some(it)) => {
            (statistic - it.high).max(0.0) + (statistic - it.low).min(0.0)
        }
        _ => statistic - target.value,
    }
}

/// Makes the median absolute deviation of a normal variable its standard deviation.
const NORMAL_MAD: f64 = 1.482_602_218_505_602;

/// The units of all statistics, from simulations under the prior; `None` for a statistic that has no
/// error to be counted in and does not vary: it carries no information.
pub(crate) fn scales(
    targets: &[FitTarget],
    scaling: Scaling,
    statistics: &[&[f64]],
) -> Vec<Option<f64>> {
    targets
        .iter()
        .enumerate()
        .map(|(place, target)| match (scaling, target.error) {
            (Scaling::Published | Scaling::Intervals, Some(error)) => Some(error),
            _ => spread(statistics.iter().map(|row| row[place]).collect()),
        })
        .collect()
}

fn spread(mut values: Vec<f64>) -> Option<f64> {
    let centre = median(&mut values);
    let mut deviations: Vec<f64> = values.iter().map(|value| (value - centre).abs()).collect();
    let robust = NORMAL_MAD * median(&mut deviations);
    // More than half the values may be the same, as counts of rare events are.
    let moments: RunningMoments = values.iter().copied().collect();
    [robust, moments.sd()]
        .into_iter()
        .find(|spread| *spread > 0.0 && spread.is_finite())
}

/// The distance of statistics from the targets: the root of the weighted mean square of departures
/// in their units, so that 1 means one unit off on the whole. Infinite where a statistic is no
/// finite number.
pub(crate) fn distance(
    targets: &[FitTarget],
    scaling: Scaling,
    scales: &[Option<f64>],
    statistics: &[f64],
) -> f64 {
    if !statistics.iter().all(|value| value.is_finite()) {
        return f64::INFINITY;
    }
    let (mut squares, mut weights) = (0.0, 0.0);
    for ((target, scale), statistic) in targets.iter().zip(scales).zip(statistics) {
        if let Some(scale) = scale {
            let z = departure(target, *statistic, scaling) / scale;
            squares += target.weight * z * z;
            weights += target.weight;
        }
    }
    if weights > 0.0 {
        (squares / weights).sqrt()
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibrate::test_support::{value_alone, with_error};
    use crate::stats::interval::Interval;

    #[test]
    fn settings_out_of_range_are_refused() {
        let with = |change: fn(&mut AbcSettings)| {
            let mut settings = AbcSettings::default();
            change(&mut settings);
            settings.check(1)
        };
        assert_eq!(with(|_| {}), Ok(()));
        assert_eq!(
            with(|s| s.particles = 2),
            Err(CalibrationError::TooFewParticles {
                requested: 2,
                least: 3
            })
        );
        assert!(with(|s| s.quantile = f64::NAN).is_err());
        assert!(with(|s| s.quantile = 1.0).is_err());
        assert!(with(|s| s.tolerance = -1.0).is_err());
        assert!(with(|s| s.acceptance = 1.0).is_err());
        assert!(with(|s| s.generations = 0).is_err());
        assert!(with(|s| s.simulations = 499).is_err());
    }

    const PUBLISHED: Scaling = Scaling::Published;

    #[test]
    fn the_distance_is_a_root_mean_square_of_units() {
        let targets = [with_error(1.0, 0.5), with_error(0.0, 2.0)];
        let found = distance(&targets, PUBLISHED, &[Some(0.5), Some(2.0)], &[2.5, -8.0]);
        assert!((found - ((9.0 + 16.0) / 2.0_f64).sqrt()).abs() < 1e-15);
        let heavy = [
            FitTarget {
                weight: 3.0,
                ..targets[0]
            },
            targets[1],
        ];
        let found = distance(&heavy, PUBLISHED, &[Some(0.5), Some(2.0)], &[2.5, 0.0]);
        assert!((found - (27.0 / 4.0_f64).sqrt()).abs() < 1e-15);
    }

    #[test]
    fn within_an_interval_there_is_no_distance_and_outside_the_nearer_end_counts() {
        let target = FitTarget {
            interval: Some(Interval {
                low: 0.5,
                high: 0.8,
            }),
            ..value_alone(0.7)
        };
        let inside = |statistic: f64| departure(&target, statistic, Scaling::Intervals);
        assert_eq!(inside(0.55), 0.0);
        assert!((inside(0.9) - 0.1).abs() < 1e-15);
        assert!((inside(0.2) + 0.3).abs() < 1e-15);
        assert!((departure(&target, 0.9, PUBLISHED) - 0.2).abs() < 1e-15);
        assert_eq!(
            (target.agrees(0.6), target.agrees(0.9)),
            (Some(true), Some(false))
        );
    }

    #[test]
    fn what_is_no_number_is_infinitely_far() {
        let target = [value_alone(0.0)];
        assert_eq!(
            distance(&target, PUBLISHED, &[Some(1.0)], &[f64::NAN]),
            f64::INFINITY
        );
        assert_eq!(
            distance(&target, PUBLISHED, &[None], &[f64::INFINITY]),
            f64::INFINITY
        );
    }

    #[test]
    fn units_are_published_errors_or_the_spread_under_the_prior() {
        let targets = [with_error(1.0, 0.5), value_alone(0.0)];
        let rows: Vec<[f64; 2]> = (0..101)
            .map(|k| [f64::from(k), 3.0 * f64::from(k)])
            .collect();
        let rows: Vec<&[f64]> = rows.iter().map(|row| row.as_slice()).collect();
        let published = scales(&targets, Scaling::Published, &rows);
        assert_eq!(published, [Some(0.5), Some(NORMAL_MAD * 75.0)]);
        let predictive = scales(&targets, Scaling::Predictive, &rows);
        assert_eq!(predictive[0], Some(NORMAL_MAD * 25.0));
    }

    #[test]
    fn a_statistic_that_does_not_vary_tells_nothing_and_a_rarely_varying_one_has_its_sd() {
        let rows = [[2.0, 0.0], [2.0, 0.0], [2.0, 0.0], [2.0, 4.0]];
        let rows: Vec<&[f64]> = rows.iter().map(|row| row.as_slice()).collect();
        let targets = [value_alone(5.0), value_alone(0.0)];
        let found = scales(&targets, Scaling::Published, &rows);
        assert_eq!(found, [None, Some(2.0)]);
        assert_eq!(distance(&targets, PUBLISHED, &found, rows[3]), 2.0);
    }
}
