//! The course of a search: iterations until it ends.

use super::found;
use super::found::Found;
use super::ground::Ground;
use super::loss::Loss;
use super::problem::{LADDERS, RUNGS, SearchProblem, SearchSettings};
use super::step::Bowl;
use crate::calibrate::abc::CalibrationFault;
use crate::rng::{Key, StreamKind};
use rand::Rng;
use std::fmt;

/// Values of the parameters to be simulated with a seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// Seed of the simulation, which others share.
    pub seed: u64,
    /// One value for each parameter, within its prior's bounds.
    pub values: Vec<f64>,
}

/// What an iteration came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Iteration {
    /// Its number, from 1.
    pub number: u32,
    /// The loss at its beginning, on its own seed.
    pub before: f64,
    /// The loss at its end, on the same seed: that at its beginning where no step was taken.
    pub after: f64,
    /// Damping of the step that was taken, or the strongest that was tried in vain.
    pub damping: f64,
    /// Whether a step was taken.
    pub accepted: bool,
    /// What the step gave of what it promised; NaN where none was taken.
    pub kept_promise: f64,
    /// Longest move of a parameter, in widths of its prior.
    pub longest: f64,
    /// Simulations so far.
    pub simulations: u64,
    /// The values at its end.
    pub values: Vec<f64>,
}

/// Why a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchEnding {
    /// All iterations were done.
    Iterations,
    /// The simulations left would not have done for another iteration.
    Simulations,
    /// The last step was shorter than any that counts.
    Step,
    /// Two iterations in turn hardly lowered the loss.
    Gain,
}

impl fmt::Display for SearchEnding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SearchEnding::Iterations => "all iterations were done",
            SearchEnding::Simulations => "the simulations were used up",
            SearchEnding::Step => "the last step was too short to count",
            SearchEnding::Gain => "the loss fell no further",
        })
    }
}

/// Damping of the first iteration, in units of the steepest curvature.
const FIRST_DAMPING: f64 = 0.01;
/// From one damping that is tried to the next.
const RUNG: f64 = 8.0;
/// Dampings lie within these, in units of the steepest curvature.
const DAMPINGS: (f64, f64) = (1e-9, 1e3);
/// A step that gives this share of its promise is trusted, and damped less the next time.
const TRUSTED: f64 = 0.75;
/// A step that gives less than this share is damped more the next time.
const DOUBTED: f64 = 0.25;
/// Iterations in turn that hardly lower the loss before the search ends.
const IDLE: u32 = 2;

/// Searches until it ends; `None` where `simulate` gave nothing, as when it was stopped.
///
/// `simulate` gets a batch of trials, and gives one statistic for each target of each of them, in their
/// order; a statistic that cannot be had is NaN. `told` is told each iteration as it ends.
///
/// # Errors
/// What is wrong with the problem; [`CalibrationFault::Length`] for statistics of another number.
pub fn search(
    problem: &SearchProblem,
    mut simulate: impl FnMut(&[Trial]) -> Option<Vec<Vec<f64>>>,
    mut told: impl FnMut(&Iteration),
) -> Result<Option<Found>, CalibrationFault> {
    let (ground, start, loss) = problem.checked()?;
    let mut course = Course {
        settings: &problem.settings,
        ground,
        loss,
        simulate: &mut simulate,
        simulations: 0,
        damping: None,
    };
    let mut places = vec![start];
    let (mut history, mut idle) = (Vec::new(), 0);
    let ending = loop {
        let number = history.len() as u32 + 1;
        if number > problem.settings.iterations {
            break SearchEnding::Iterations;
        }
        if !course.affords_another() {
            break SearchEnding::Simulations;
        }
        let place = &places[places.len() - 1];
        let Some((iteration, to)) = course.iterate(number, place)? else {
            return Ok(None);
        };
        told(&iteration);
        let gained = iteration.before - iteration.after > problem.settings.gain * iteration.before;
        idle = if gained { 0 } else { idle + 1 };
        let short = iteration.accepted && iteration.longest < problem.settings.step;
        history.push(iteration);
        places.push(to);
        if short {
            break SearchEnding::Step;
        }
        if idle == IDLE {
            break SearchEnding::Gain;
        }
    };
    found::look(&mut course, problem, &places, history, ending)
}

/// A search under way.
pub(crate) struct Course<'a> {
    pub(crate) settings: &'a SearchSettings,
    pub(crate) ground: Ground,
    pub(crate) loss: Loss,
    simulate: &'a mut dyn FnMut(&[Trial]) -> Option<Vec<Vec<f64>>>,
    pub(crate) simulations: u64,
    damping: Option<f64>,
}

/// A step that was tried.
struct Tried {
    damping: f64,
    step: Vec<f64>,
    to: Vec<f64>,
    loss: f64,
}

impl Course<'_> {
    /// Whether simulations are left for another iteration and for the last look.
    fn affords_another(&self) -> bool {
        let size = self.ground.size();
        let needed = SearchSettings::iteration(size) + self.settings.reserve(size);
        self.settings.simulations.saturating_sub(self.simulations) >= needed
    }

    /// The seed of a purpose: 0 for the last look, numbers of iterations for these.
    pub(crate) fn seed(&self, iteration: u32, turn: u64) -> u64 {
        let purpose = u64::from_le_bytes(*b"searches");
        let key = Key::new(self.settings.seed, purpose, iteration, StreamKind::Study);
        key.stream(turn, 0).next_u64()
    }

    /// Simulates places, each with its seed.
    pub(crate) fn simulated(
        &mut self,
        places: &[(u64, Vec<f64>)],
    ) -> Result<Option<Vec<Vec<f64>>>, CalibrationFault> {
        let trial = |(seed, place): &(u64, Vec<f64>)| Trial {
            seed: *seed,
            values: self.ground.values(place),
        };
        let trials: Vec<Trial> = places.iter().map(trial).collect();
        let Some(statistics) = (self.simulate)(&trials) else {
            return Ok(None);
        };
        self.simulations += trials.len() as u64;
        let expected = self.loss.targets();
        let wrong = statistics.iter().find(|row| row.len() != expected);
        match wrong {
            Some(row) => Err(CalibrationFault::Length {
                found: row.len(),
                expected,
            }),
            None if statistics.len() != trials.len() => Err(CalibrationFault::Length {
                found: statistics.len() * expected,
                expected: trials.len() * expected,
            }),
            None => Ok(Some(statistics)),
        }
    }

    /// The loss of statistics at a place, with what the priors hold of it.
    pub(crate) fn loss_at(&self, place: &[f64], statistics: &[f64]) -> f64 {
        let pulled = self.ground.pulled(place);
        let squares = pulled.iter().map(|(residual, _)| residual * residual);
        self.loss.of(&self.loss.residuals(statistics)) + squares.sum::<f64>()
    }

    /// A place, and beside it one for each parameter, which alone is moved there.
    pub(crate) fn star(&self, place: &[f64], up: bool) -> Vec<Vec<f64>> {
        let mut places = vec![place.to_vec()];
        for parameter in 0..place.len() {
            let mut beside = place.to_vec();
            let share = self.settings.difference;
            beside[parameter] = self.ground.moved(parameter, place[parameter], share, up);
            places.push(beside);
        }
        places
    }

    /// The slopes of the residuals along each parameter, of the simulations of a star.
    pub(crate) fn slopes(&self, star: &[Vec<f64>], statistics: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let along = |parameter: usize| {
            let distance = star[parameter + 1][parameter] - star[0][parameter];
            self.loss
                .slopes(&statistics[0], &statistics[parameter + 1], distance)
        };
        (0..star.len() - 1).map(along).collect()
    }

    /// One iteration: slopes, then steps of several dampings beside each other until one lowers the loss.
    fn iterate(
        &mut self,
        number: u32,
        place: &[f64],
    ) -> Result<Option<(Iteration, Vec<f64>)>, CalibrationFault> {
        let seed = self.seed(number, 0);
        let star = self.star(place, number % 2 == 1);
        let jobs: Vec<(u64, Vec<f64>)> = star.iter().map(|it| (seed, it.clone())).collect();
        let Some(statistics) = self.simulated(&jobs)? else {
            return Ok(None);
        };
        let before = self.loss_at(place, &statistics[0]);
        let residuals = self.loss.residuals(&statistics[0]);
        let weights = self.loss.weights(&residuals);
        let columns = self.slopes(&star, &statistics);
        let bowl = Bowl::new(&residuals, &weights, &columns, &self.ground.pulled(place));
        let unit = bowl.steepest();
        let within = |damping: f64| damping.clamp(DAMPINGS.0 * unit, DAMPINGS.1 * unit);
        let mut damping = within(self.damping.unwrap_or(FIRST_DAMPING * unit));
        let mut taken = None;
        for _ in 0..LADDERS {
            let Some(tried) = self.tried(&bowl, seed, place, damping)? else {
                return Ok(None);
            };
            let best = tried
                .into_iter()
                .min_by(|one, other| one.loss.total_cmp(&other.loss));
            taken = best.filter(|best| best.loss < before);
            if taken.is_some() {
                break;
            }
            damping = within(damping * RUNG * RUNG);
        }
        let mut iteration = Iteration {
            number,
            before,
            after: before,
            damping,
            accepted: false,
            kept_promise: f64::NAN,
            longest: 0.0,
            simulations: self.simulations,
            values: self.ground.values(place),
        };
        self.damping = Some(damping);
        let Some(taken) = taken else {
            return Ok(Some((iteration, place.to_vec())));
        };
        let kept_promise = (before - taken.loss) / bowl.promised(&taken.step);
        self.damping = Some(match kept_promise {
            share if share > TRUSTED => taken.damping / RUNG.sqrt(),
            share if share < DOUBTED => taken.damping * RUNG.sqrt(),
            _ => taken.damping,
        });
        iteration.after = taken.loss;
        iteration.damping = taken.damping;
        iteration.accepted = true;
        iteration.kept_promise = kept_promise;
        iteration.longest = taken.step.iter().fold(0.0, |most, d| d.abs().max(most));
        iteration.values = self.ground.values(&taken.to);
        Ok(Some((iteration, taken.to)))
    }

    /// Tries steps with a damping, a weaker and a stronger one.
    fn tried(
        &mut self,
        bowl: &Bowl,
        seed: u64,
        place: &[f64],
        damping: f64,
    ) -> Result<Option<Vec<Tried>>, CalibrationFault> {
        let dampings: [f64; RUNGS] = [damping / RUNG, damping, damping * RUNG];
        let steps = dampings.map(|damping| bowl.step(&self.ground, place, damping));
        let to = |step: &Vec<f64>| place.iter().zip(step).map(|(x, d)| x + d).collect();
        let places: Vec<(u64, Vec<f64>)> = steps.iter().map(|step| (seed, to(step))).collect();
        let Some(statistics) = self.simulated(&places)? else {
            return Ok(None);
        };
        let rungs = dampings.into_iter().zip(steps).zip(places).zip(statistics);
        let tried = rungs.map(|(((damping, step), (_, to)), statistics)| Tried {
            damping,
            step,
            loss: self.loss_at(&to, &statistics),
            to,
        });
        Ok(Some(tried.collect()))
    }
}
