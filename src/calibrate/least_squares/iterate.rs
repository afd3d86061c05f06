//! One iteration of a search: finite differences, then damped steps until one lowers the loss.

use super::loss::Loss;
use super::parameter_space::ParameterSpace;
use super::quadratic_model::QuadraticModel;
use super::settings::{DAMPINGS_TRIED, ROUNDS, SearchSettings};
use crate::calibrate::error::CalibrationError;
use crate::rng::{Key, StreamKind};
use rand::Rng;

/// Values of the parameters, to be simulated with a seed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Candidate {
    /// Seed of the simulation; several candidates may share it.
    pub(crate) seed: u64,
    /// One value for each parameter, within its prior's bounds.
    pub(crate) values: Vec<f64>,
}

/// The summary of an iteration.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Iteration {
    /// Its number, from 1.
    pub(crate) number: u32,
    /// The loss at its beginning, on its own seed.
    pub(crate) before: f64,
    /// The loss at its end, on the same seed; as at its beginning if no step was taken.
    pub(crate) after: f64,
    /// Damping of the step that was taken, or the strongest that was tried.
    pub(crate) damping: f64,
    /// Whether a step was taken.
    pub(crate) accepted: bool,
    /// Reduction of the loss over that predicted by the quadratic model; NaN if no step was taken.
    pub(crate) gain_ratio: f64,
    /// Longest move of a parameter, in widths of its prior.
    pub(crate) longest: f64,
    /// Simulations so far.
    pub(crate) simulations: u64,
    /// The values at its end.
    pub(crate) values: Vec<f64>,
}

/// Damping of the first iteration, in units of the largest curvature.
const FIRST_DAMPING: f64 = 0.01;
/// Ratio of neighbouring dampings that are tried.
const DAMPING_FACTOR: f64 = 8.0;
/// Dampings lie within these, in units of the largest curvature.
const DAMPINGS: (f64, f64) = (1e-9, 1e3);
/// Gain ratio above which the next step is damped less.
const GAIN_HIGH: f64 = 0.75;
/// Gain ratio below which the next step is damped more.
const GAIN_LOW: f64 = 0.25;

/// The minimiser: it simulates points and moves along damped steps.
pub(crate) struct Minimizer<'a> {
    pub(crate) settings: &'a SearchSettings,
    pub(crate) space: ParameterSpace,
    pub(crate) loss: Loss,
    pub(crate) simulate: &'a mut dyn FnMut(&[Candidate]) -> Option<Vec<Vec<f64>>>,
    pub(crate) simulations: u64,
    pub(crate) damping: Option<f64>,
}

/// A step that was tried.
struct TrialStep {
    damping: f64,
    step: Vec<f64>,
    to: Vec<f64>,
    loss: f64,
}

impl Minimizer<'_> {
    /// Whether the simulations left suffice for another iteration and the evaluation of the result.
    pub(crate) fn affords_another(&self) -> bool {
        let size = self.space.size();
        let needed = SearchSettings::iteration(size) + self.settings.reserve(size);
        self.settings.simulations.saturating_sub(self.simulations) >= needed
    }

    /// A seed of an iteration, numbered from 1; 0 is the evaluation of the result.
    pub(crate) fn seed(&self, iteration: u32, number: u64) -> u64 {
        let purpose = u64::from_le_bytes(*b"searches");
        let key = Key::new(self.settings.seed, purpose, iteration, StreamKind::Study);
        key.stream(number, 0).next_u64()
    }

    /// Simulates points, each with its seed; `None` if the search is cancelled.
    pub(crate) fn simulated(
        &mut self,
        points: &[(u64, Vec<f64>)],
    ) -> Result<Option<Vec<Vec<f64>>>, CalibrationError> {
        let candidate = |(seed, point): &(u64, Vec<f64>)| Candidate {
            seed: *seed,
            values: self.space.values(point),
        };
        let candidates: Vec<Candidate> = points.iter().map(candidate).collect();
        let Some(statistics) = (self.simulate)(&candidates) else {
            return Ok(None);
        };
        self.simulations += candidates.len() as u64;
        let expected = self.loss.size();
        let wrong = statistics.iter().find(|row| row.len() != expected);
        match wrong {
            Some(row) => Err(CalibrationError::Length {
                found: row.len(),
                expected,
            }),
            None if statistics.len() != candidates.len() => Err(CalibrationError::Length {
                found: statistics.len() * expected,
                expected: candidates.len() * expected,
            }),
            None => Ok(Some(statistics)),
        }
    }

    /// The loss at a point, given its statistics: that of the targets plus that of the priors.
    pub(crate) fn loss_at(&self, point: &[f64], statistics: &[f64]) -> f64 {
        let prior_residuals = self.space.prior_residuals(point);
        let squares = prior_residuals
            .iter()
            .map(|(residual, _)| residual * residual);
        self.loss.of(&self.loss.residuals(statistics)) + squares.sum::<f64>()
    }

    /// The stencil of finite differences: a point, then one point for each parameter in which only that
    /// parameter is moved.
    pub(crate) fn stencil(&self, point: &[f64], up: bool) -> Vec<Vec<f64>> {
        let mut points = vec![point.to_vec()];
        for parameter in 0..point.len() {
            let mut moved = point.to_vec();
            let share = self.settings.difference;
            moved[parameter] = self.space.moved(parameter, point[parameter], share, up);
            points.push(moved);
        }
        points
    }

    /// The slopes of the residuals along each parameter, from the statistics of a stencil.
    pub(crate) fn slopes(&self, stencil: &[Vec<f64>], statistics: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let along = |parameter: usize| {
            let distance = stencil[parameter + 1][parameter] - stencil[0][parameter];
            self.loss
                .slopes(&statistics[0], &statistics[parameter + 1], distance)
        };
        (0..stencil.len() - 1).map(along).collect()
    }

    /// One iteration: slopes, then steps of several dampings in parallel until one lowers the loss.
    pub(crate) fn iterate(
        &mut self,
        number: u32,
        point: &[f64],
    ) -> Result<Option<(Iteration, Vec<f64>)>, CalibrationError> {
        let seed = self.seed(number, 0);
        let stencil = self.stencil(point, number % 2 == 1);
        let jobs: Vec<(u64, Vec<f64>)> = stencil.iter().map(|it| (seed, it.clone())).collect();
        let Some(statistics) = self.simulated(&jobs)? else {
            return Ok(None);
        };
        let before = self.loss_at(point, &statistics[0]);
        let residuals = self.loss.residuals(&statistics[0]);
        let weights = self.loss.weights(&residuals);
        let columns = self.slopes(&stencil, &statistics);
        let model = QuadraticModel::new(
            &residuals,
            &weights,
            &columns,
            &self.space.prior_residuals(point),
        );
        let unit = model.max_curvature();
        let within = |damping: f64| damping.clamp(DAMPINGS.0 * unit, DAMPINGS.1 * unit);
        let mut damping = within(self.damping.unwrap_or(FIRST_DAMPING * unit));
        let mut taken = None;
        for _ in 0..ROUNDS {
            let Some(tried) = self.tried(&model, seed, point, damping)? else {
                return Ok(None);
            };
            let best = tried
                .into_iter()
                .min_by(|one, other| one.loss.total_cmp(&other.loss));
            taken = best.filter(|best| best.loss < before);
            if taken.is_some() {
                break;
            }
            damping = within(damping * DAMPING_FACTOR * DAMPING_FACTOR);
        }
        let mut iteration = Iteration {
            number,
            before,
            after: before,
            damping,
            accepted: false,
            gain_ratio: f64::NAN,
            longest: 0.0,
            simulations: self.simulations,
            values: self.space.values(point),
        };
        self.damping = Some(damping);
        let Some(taken) = taken else {
            return Ok(Some((iteration, point.to_vec())));
        };
        let gain_ratio = (before - taken.loss) / model.predicted_reduction(&taken.step);
        self.damping = Some(match gain_ratio {
            share if share > GAIN_HIGH => taken.damping / DAMPING_FACTOR.sqrt(),
            share if share < GAIN_LOW => taken.damping * DAMPING_FACTOR.sqrt(),
            _ => taken.damping,
        });
        iteration.after = taken.loss;
        iteration.damping = taken.damping;
        iteration.accepted = true;
        iteration.gain_ratio = gain_ratio;
        iteration.longest = taken.step.iter().fold(0.0, |most, d| d.abs().max(most));
        iteration.values = self.space.values(&taken.to);
        Ok(Some((iteration, taken.to)))
    }

    /// Tries steps with a damping, a weaker and a stronger one.
    fn tried(
        &mut self,
        model: &QuadraticModel,
        seed: u64,
        point: &[f64],
        damping: f64,
    ) -> Result<Option<Vec<TrialStep>>, CalibrationError> {
        let dampings: [f64; DAMPINGS_TRIED] =
            [damping / DAMPING_FACTOR, damping, damping * DAMPING_FACTOR];
        let steps = dampings.map(|damping| model.step(&self.space, point, damping));
        let to = |step: &Vec<f64>| point.iter().zip(step).map(|(x, d)| x + d).collect();
        let points: Vec<(u64, Vec<f64>)> = steps.iter().map(|step| (seed, to(step))).collect();
        let Some(statistics) = self.simulated(&points)? else {
            return Ok(None);
        };
        let steps = dampings.into_iter().zip(steps).zip(points).zip(statistics);
        let tried = steps.map(|(((damping, step), (_, to)), statistics)| TrialStep {
            damping,
            step,
            loss: self.loss_at(&to, &statistics),
            to,
        });
        Ok(Some(tried.collect()))
    }
}
