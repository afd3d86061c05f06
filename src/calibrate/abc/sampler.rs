//! The course of a calibration, proposal by proposal.

use super::kernel::{Mixture, Parent};
use super::prior::Axis;
use super::target::{distance, scales};
use super::{CalibrationFault, Ending, Particle, Problem, Proposal, Proposer, State};
use crate::math::functions::exp;
use std::sync::Arc;

/// Least standard deviation of a perturbation, as a share of the prior's.
const LEAST_STEP: f64 = 1e-6;

/// A calibration under way.
///
/// It gives out proposals and takes their statistics in the order of numbers. Proposals beyond the
/// last one that a generation needs are dropped, so that nothing depends on how many were simulated
/// ahead.
#[derive(Clone, Debug)]
pub struct Calibration {
    problem: Problem,
    axes: Vec<Axis>,
    state: State,
    proposer: Arc<Proposer>,
}

/// What taking a proposal's statistics came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The proposal was refused, or there was nothing left to decide.
    Refused,
    /// The proposal was accepted, and its generation goes on.
    Accepted,
    /// The proposal was the last of its generation: the next one has begun, numbered from 0.
    Next,
    /// The calibration ended.
    Ended(Ending),
}

impl Calibration {
    /// Begins.
    ///
    /// # Errors
    /// What is wrong with the problem.
    pub fn new(problem: Problem) -> Result<Calibration, CalibrationFault> {
        Calibration::resume(problem, State::default())
    }

    /// Goes on from a state that a calibration of the same problem had.
    ///
    /// # Errors
    /// What is wrong with the problem; [`CalibrationFault::ForeignState`] where the state has other
    /// parameters or targets.
    pub fn resume(problem: Problem, state: State) -> Result<Calibration, CalibrationFault> {
        let axes = problem.axes()?;
        let ours = |particle: &Particle| {
            particle.values.len() == axes.len()
                && particle.coordinates.len() == axes.len()
                && particle.statistics.len() == problem.targets.len()
        };
        let whole = state.population.len() == problem.settings.particles;
        let begun = !state.history.is_empty();
        if !state.population.iter().chain(&state.accepted).all(ours) || (begun && !whole) {
            return Err(CalibrationFault::ForeignState);
        }
        let mut calibration = Calibration {
            proposer: Arc::new(Proposer::new(&axes, problem.settings.seed, 0, None)),
            problem,
            axes,
            state,
        };
        if begun {
            calibration.proposer = calibration.perturbing();
        }
        Ok(calibration)
    }

    /// What it is about.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// How far it is.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What draws the proposals of the generation under way.
    pub fn proposer(&self) -> Arc<Proposer> {
        Arc::clone(&self.proposer)
    }

    /// The next `count` proposals of the generation under way.
    pub fn proposals(&self, count: u64) -> Vec<Proposal> {
        let first = self.state.proposals;
        (first..first.saturating_add(count))
            .map(|number| self.proposer.proposal(number))
            .collect()
    }

    /// Takes the statistics of the next proposal.
    ///
    /// # Errors
    /// [`CalibrationFault::Length`].
    pub fn take(&mut self, statistics: &[f64]) -> Result<Step, CalibrationFault> {
        let (found, expected) = (statistics.len(), self.problem.targets.len());
        if found != expected {
            return Err(CalibrationFault::Length { found, expected });
        }
        if let Some(ending) = self.state.ending {
            return Ok(Step::Ended(ending));
        }
        let proposal = self.proposer.proposal(self.state.proposals);
        self.state.proposals += 1;
        self.state.simulations += 1;
        let accepted = self.accept(proposal, statistics);
        let settings = &self.problem.settings;
        if self.state.accepted.len() == settings.particles {
            return Ok(self.close());
        }
        let limits = &settings.limits;
        if self.state.simulations >= limits.simulations {
            return Ok(self.end(Ending::Simulations));
        }
        // A model that hardly ever gives numbers is found out in the first generation.
        let (proposals, wanted) = (self.state.proposals as f64, settings.particles as f64);
        if self.state.history.is_empty() && limits.acceptance * proposals >= wanted {
            return Ok(self.end(Ending::Acceptance));
        }
        Ok(if accepted {
            Step::Accepted
        } else {
            Step::Refused
        })
    }

    /// Goes on until it ends, with `evaluate` simulating batches of `batch` proposals in order.
    ///
    /// `evaluate` gives the statistics of each proposal, in order, or `None` to stop; then this gives
    /// `None`, and can be called again.
    ///
    /// # Errors
    /// [`CalibrationFault::Length`] where a proposal's statistics are not one for each target.
    pub fn run(
        &mut self,
        batch: u64,
        mut evaluate: impl FnMut(&[Proposal]) -> Option<Vec<Vec<f64>>>,
    ) -> Result<Option<Ending>, CalibrationFault> {
        loop {
            let Some(found) = evaluate(&self.proposals(batch.max(1))) else {
                return Ok(None);
            };
            for statistics in found {
                match self.take(&statistics)? {
                    Step::Refused | Step::Accepted => {}
                    Step::Next => break,
                    Step::Ended(ending) => return Ok(Some(ending)),
                }
            }
        }
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
    fn close(&mut self) -> Step {
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
                Step::Next
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
        self.state.scales = scales(&self.problem.targets, self.problem.settings.scaling, &rows);
        let mut accepted = std::mem::take(&mut self.state.accepted);
        for particle in &mut accepted {
            particle.distance = self.distance(&particle.statistics);
        }
        self.state.accepted = accepted;
    }

    fn distance(&self, statistics: &[f64]) -> f64 {
        let scaling = self.problem.settings.scaling;
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
        let settings = &self.problem.settings;
        let mut distances: Vec<f64> = self.state.population.iter().map(|it| it.distance).collect();
        distances.sort_by(f64::total_cmp);
        let place = (settings.quantile * distances.len() as f64).ceil() as usize;
        distances[place.clamp(1, distances.len()) - 1].max(settings.limits.tolerance)
    }

    fn ending(&self, next: f64) -> Option<Ending> {
        let limits = &self.problem.settings.limits;
        let last = self.state.history.last()?;
        let left = limits.simulations.saturating_sub(self.state.simulations);
        let now = self.state.tolerance;
        if now.is_some_and(|now| now <= limits.tolerance) {
            Some(Ending::Tolerance)
        } else if last.acceptance() < limits.acceptance {
            Some(Ending::Acceptance)
        } else if self.state.generation() >= limits.generations {
            Some(Ending::Generations)
        } else if now.is_some_and(|now| next >= now) {
            Some(Ending::Stalled)
        } else if last.proposals > left {
            Some(Ending::Simulations)
        } else {
            None
        }
    }

    fn end(&mut self, ending: Ending) -> Step {
        self.state.ending = Some(ending);
        Step::Ended(ending)
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
        let floor = |axis: &Axis| {
            let step = LEAST_STEP * axis.sd();
            step * step
        };
        let floors: Vec<f64> = self.axes.iter().map(floor).collect();
        let settings = &self.problem.settings;
        let mixture = Mixture::new(settings.kernel, &parents, &floors);
        let generation = self.state.generation();
        Arc::new(Proposer::new(
            &self.axes,
            settings.seed,
            generation,
            Some(mixture),
        ))
    }
}
