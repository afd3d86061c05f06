//! The minimisation of the loss: its settings, one iteration (finite differences, then damped steps until one
//! lowers the loss), the loop of iterations, and the solution, evaluated with seeds that were not used.

use crate::calibrate::error::CalibrationError;
use crate::calibrate::least_squares::loss::{Loss, QuadraticModel};
use crate::calibrate::least_squares::parameter_space::{AT_BOUND, ParameterSpace};
use crate::calibrate::problem::{Identification, LEAST_EFFECTIVE, Problem};
use crate::math::linalg::{Cholesky, SymmetricMatrix};
use crate::rng::{Key, StreamKind};
use crate::stats::interval::{CONFIDENCE, normal_reach};
use crate::stats::summary::RunningMoments;
use rand::Rng;
use std::fmt;

/// How a search proceeds, and when it ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SearchSettings {
    /// Seed of the simulations.
    pub(crate) seed: u64,
    /// Maximum number of iterations, at least 1.
    pub(crate) iterations: u32,
    /// Maximum number of simulations, including those that evaluate the result.
    pub(crate) simulations: u64,
    /// Step of the finite differences, as a share of the width of a parameter's prior, in (0, 0.5].
    pub(crate) difference: f64,
    /// Weight, 0 or more, of a departure from a normal prior's mean by one standard deviation,
    /// relative to a departure from a target by half the width of its interval.
    pub(crate) prior_weight: f64,
    /// Half-widths, above 0, from which the loss of a target grows linearly.
    pub(crate) huber: f64,
    /// Seeds, at least 1, with which the result is evaluated.
    pub(crate) checks: u32,
    /// Longest move of any parameter, as a share of the width of its prior, that ends the search.
    pub(crate) step: f64,
    /// Share of the loss, in [0, 1), by which an iteration must lower it to count.
    pub(crate) gain: f64,
}

impl Default for SearchSettings {
    fn default() -> SearchSettings {
        SearchSettings {
            seed: 0,
            iterations: 20,
            simulations: 5_000,
            difference: 0.1,
            prior_weight: 0.5,
            huber: 2.5,
            checks: 4,
            step: 0.002,
            gain: 0.01,
        }
    }
}

/// Dampings that are tried in parallel.
const DAMPINGS_TRIED: usize = 3;
/// Rounds of dampings in an iteration.
const ROUNDS: usize = 2;

impl SearchSettings {
    /// Simulations that the evaluation of the result needs.
    pub(crate) fn reserve(&self, parameters: usize) -> u64 {
        u64::from(self.checks) * (5 + parameters as u64)
    }

    /// Maximum number of simulations of an iteration.
    pub(crate) fn iteration(parameters: usize) -> u64 {
        (1 + parameters + DAMPINGS_TRIED * ROUNDS) as u64
    }

    /// Checks every number for a number of parameters; NaN is refused.
    pub(crate) fn check(&self, parameters: usize) -> Result<(), CalibrationError> {
        let above = |value: f64| value > 0.0 && value.is_finite();
        let rules = [
            (
                "iterations",
                f64::from(self.iterations),
                self.iterations > 0,
                "[1, ∞)",
            ),
            (
                "difference",
                self.difference,
                self.difference > 0.0 && self.difference <= 0.5,
                "(0, 0.5]",
            ),
            (
                "prior_weight",
                self.prior_weight,
                self.prior_weight >= 0.0 && self.prior_weight.is_finite(),
                "[0, ∞)",
            ),
            ("huber", self.huber, above(self.huber), "(0, ∞)"),
            ("checks", f64::from(self.checks), self.checks > 0, "[1, ∞)"),
            (
                "step",
                self.step,
                self.step >= 0.0 && self.step.is_finite(),
                "[0, ∞)",
            ),
            ("gain", self.gain, (0.0..1.0).contains(&self.gain), "[0, 1)"),
        ];
        CalibrationError::check_settings(rules)?;
        let least = SearchSettings::iteration(parameters) + self.reserve(parameters);
        match self.simulations < least {
            true => Err(CalibrationError::TooFewSimulations {
                requested: self.simulations,
                least,
            }),
            false => Ok(()),
        }
    }
}

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
struct Minimizer<'a> {
    settings: &'a SearchSettings,
    space: ParameterSpace,
    loss: Loss,
    simulate: &'a mut dyn FnMut(&[Candidate]) -> Option<Vec<Vec<f64>>>,
    simulations: u64,
    damping: Option<f64>,
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
    fn affords_another(&self) -> bool {
        let size = self.space.size();
        let needed = SearchSettings::iteration(size) + self.settings.reserve(size);
        self.settings.simulations.saturating_sub(self.simulations) >= needed
    }

    /// A seed of an iteration, numbered from 1; 0 is the evaluation of the result.
    fn seed(&self, iteration: u32, number: u64) -> u64 {
        let purpose = u64::from_le_bytes(*b"searches");
        let key = Key::new(self.settings.seed, purpose, iteration, StreamKind::Study);
        key.stream(number, 0).next_u64()
    }

    /// Simulates points, each with its seed; `None` if the search is cancelled.
    fn simulated(
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
    fn loss_at(&self, point: &[f64], statistics: &[f64]) -> f64 {
        let prior_residuals = self.space.prior_residuals(point);
        let squares = prior_residuals
            .iter()
            .map(|(residual, _)| residual * residual);
        self.loss.of(&self.loss.residuals(statistics)) + squares.sum::<f64>()
    }

    /// The stencil of finite differences: a point, then one point for each parameter in which only that
    /// parameter is moved.
    fn stencil(&self, point: &[f64], up: bool) -> Vec<Vec<f64>> {
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
    fn slopes(&self, stencil: &[Vec<f64>], statistics: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let along = |parameter: usize| {
            let distance = stencil[parameter + 1][parameter] - stencil[0][parameter];
            self.loss
                .slopes(&statistics[0], &statistics[parameter + 1], distance)
        };
        (0..stencil.len() - 1).map(along).collect()
    }

    /// One iteration: slopes, then steps of several dampings in parallel until one lowers the loss.
    fn iterate(
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

/// Why a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SearchEnding {
    /// All iterations were done.
    Iterations,
    /// The simulations left would not suffice for another iteration.
    Simulations,
    /// The last step was too short.
    Step,
    /// Two iterations in a row hardly lowered the loss.
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

/// Iterations in a row that hardly lower the loss before the search ends.
const IDLE: u32 = 2;

/// Searches until it ends; `None` if `simulate` returns nothing, as it does when cancelled.
///
/// Each parameter starts at its value in `starts`, or at the median of its prior. `simulate` takes a
/// batch of candidates and returns one statistic for each target of each of them, in their order; an
/// undefined statistic is NaN. `on_iteration` is called after each iteration.
///
/// # Errors
/// If the problem, a start or a setting is invalid; [`CalibrationError::Length`] for another number of
/// statistics.
pub(crate) fn minimize(
    problem: &Problem,
    starts: &[Option<f64>],
    settings: &SearchSettings,
    mut simulate: impl FnMut(&[Candidate]) -> Option<Vec<Vec<f64>>>,
    mut on_iteration: impl FnMut(&Iteration),
) -> Result<Option<Solution>, CalibrationError> {
    let priors = problem.coordinates()?;
    settings.check(priors.len())?;
    let space = ParameterSpace::new(priors, settings.prior_weight);
    let start = space.start(starts)?;
    let loss = Loss::new(&problem.targets, settings.huber)?;
    let mut minimizer = Minimizer {
        settings,
        space,
        loss,
        simulate: &mut simulate,
        simulations: 0,
        damping: None,
    };
    let mut points = vec![start];
    let (mut history, mut idle) = (Vec::new(), 0);
    let ending = loop {
        let number = history.len() as u32 + 1;
        if number > settings.iterations {
            break SearchEnding::Iterations;
        }
        if !minimizer.affords_another() {
            break SearchEnding::Simulations;
        }
        let point = &points[points.len() - 1];
        let Some((iteration, to)) = minimizer.iterate(number, point)? else {
            return Ok(None);
        };
        on_iteration(&iteration);
        let gained = iteration.before - iteration.after > settings.gain * iteration.before;
        idle = if gained { 0 } else { idle + 1 };
        let short = iteration.accepted && iteration.longest < settings.step;
        history.push(iteration);
        points.push(to);
        if short {
            break SearchEnding::Step;
        }
        if idle == IDLE {
            break SearchEnding::Gain;
        }
    };
    evaluate(&mut minimizer, &points, history, ending)
}

/// The result of a search.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Solution {
    /// Its iterations.
    pub(crate) iterations: Vec<Iteration>,
    /// Why it ended.
    pub(crate) ending: SearchEnding,
    /// Which point was selected.
    pub(crate) choice: Choice,
    /// Where it started.
    pub(crate) start: Evaluation,
    /// The selected point.
    pub(crate) found: Evaluation,
    /// Each parameter, in the order of the priors.
    pub(crate) parameters: Vec<ParameterEstimate>,
    /// Simulations that were done.
    pub(crate) simulations: u64,
}

/// A point of a search that can be its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// The last point.
    Last,
    /// The mean of the later half of the points.
    Mean,
    /// The start: no other point is better.
    Start,
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Choice::Last => "the last point was selected",
            Choice::Mean => "the mean of the later points was selected",
            Choice::Start => "no point was better than the start",
        })
    }
}

/// Values of the parameters, simulated with seeds that were not used before.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Evaluation {
    /// One value for each parameter.
    pub(crate) values: Vec<f64>,
    /// The loss with each seed.
    pub(crate) losses: Vec<f64>,
    /// The statistics with each seed.
    pub(crate) statistics: Vec<Vec<f64>>,
}

impl Evaluation {
    /// Mean loss over the seeds.
    pub(crate) fn loss(&self) -> f64 {
        self.losses
            .iter()
            .copied()
            .collect::<RunningMoments>()
            .mean()
    }

    /// Mean and standard deviation over the seeds of statistic `target`; NaN if one of the values is.
    pub(crate) fn statistic(&self, target: usize) -> (f64, f64) {
        let values = self.statistics.iter().map(|row| row[target]);
        if values.clone().any(|value| !value.is_finite()) {
            return (f64::NAN, f64::NAN);
        }
        let moments: RunningMoments = values.collect();
        (moments.mean(), moments.sd())
    }
}

/// The estimate of a parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ParameterEstimate {
    /// The bound at which it lies, if any.
    pub(crate) at_bound: Option<Bound>,
    /// Its standard error, from the slopes at the solution and the spread of the prior.
    pub(crate) error: f64,
    /// That error over the prior's standard deviation, of the logarithm where the prior is log-uniform:
    /// 1 if the targets carry no information.
    pub(crate) contraction: f64,
    /// Whether the targets identify the parameter.
    pub(crate) identification: Identification,
}

/// A bound of a prior.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// The lowest value.
    Low,
    /// The highest value.
    High,
}

/// First numbers of the seeds that select the result, and that evaluate it.
const SELECTION: u64 = 0;
const REPORT: u64 = 1 << 32;

/// Selects the result and evaluates it; `None` if the search is cancelled.
fn evaluate(
    minimizer: &mut Minimizer<'_>,
    points: &[Vec<f64>],
    iterations: Vec<Iteration>,
    ending: SearchEnding,
) -> Result<Option<Solution>, CalibrationError> {
    let seeds = |first: u64| -> Vec<u64> {
        let numbers = 0..u64::from(minimizer.settings.checks);
        numbers
            .map(|number| minimizer.seed(0, first + number))
            .collect()
    };
    let (selection, report) = (seeds(SELECTION), seeds(REPORT));
    let Some((point, choice)) = select(minimizer, points, &selection)? else {
        return Ok(None);
    };
    // Each seed's simulation at the point is also the centre of its stencil.
    let mut jobs: Vec<(u64, Vec<f64>)> = Vec::new();
    let mut stencils = Vec::new();
    for (number, seed) in report.iter().enumerate() {
        let stencil = minimizer.stencil(&point, number % 2 == 0);
        jobs.push((*seed, points[0].clone()));
        jobs.extend(stencil.iter().map(|point| (*seed, point.clone())));
        stencils.push(stencil);
    }
    let Some(statistics) = minimizer.simulated(&jobs)? else {
        return Ok(None);
    };
    let each = point.len() + 2;
    let rows: Vec<&[Vec<f64>]> = statistics.chunks(each).collect();
    let evaluation = |at: &[f64], which: usize| {
        let statistics: Vec<Vec<f64>> = rows.iter().map(|rows| rows[which].clone()).collect();
        Evaluation {
            values: minimizer.space.values(at),
            losses: statistics
                .iter()
                .map(|it| minimizer.loss_at(at, it))
                .collect(),
            statistics,
        }
    };
    let (start, found) = (evaluation(&points[0], 0), evaluation(&point, 1));
    let slopes: Vec<Vec<Vec<f64>>> = stencils
        .iter()
        .zip(&rows)
        .map(|(stencil, rows)| minimizer.slopes(stencil, &rows[1..]))
        .collect();
    let targets = minimizer.loss.size();
    let middle: Vec<f64> = (0..targets).map(|it| found.statistic(it).0).collect();
    let weights = minimizer.loss.weights(&minimizer.loss.residuals(&middle));
    let parameters = parameters(minimizer, &point, &shrunk(&slopes, &weights), &weights);
    Ok(Some(Solution {
        iterations,
        ending,
        choice,
        start,
        found,
        parameters,
        simulations: minimizer.simulations,
    }))
}

/// The best of the last point, the mean of the later half and the start, by their mean loss over some seeds.
fn select(
    minimizer: &mut Minimizer<'_>,
    points: &[Vec<f64>],
    seeds: &[u64],
) -> Result<Option<(Vec<f64>, Choice)>, CalibrationError> {
    let (start, last) = (&points[0], &points[points.len() - 1]);
    let later = &points[points.len() / 2..];
    let mean = |k: usize| later.iter().map(|point| point[k]).sum::<f64>() / later.len() as f64;
    let candidates = [
        (last.clone(), Choice::Last),
        ((0..last.len()).map(mean).collect(), Choice::Mean),
        (start.clone(), Choice::Start),
    ];
    let with_seeds = |(point, _): &(Vec<f64>, Choice)| {
        let jobs = seeds.iter().map(|seed| (*seed, point.clone()));
        jobs.collect::<Vec<_>>()
    };
    let jobs: Vec<(u64, Vec<f64>)> = candidates.iter().flat_map(with_seeds).collect();
    let Some(statistics) = minimizer.simulated(&jobs)? else {
        return Ok(None);
    };
    let losses = statistics.iter().zip(&jobs);
    let losses: Vec<f64> = losses
        .map(|(it, (_, at))| minimizer.loss_at(at, it))
        .collect();
    let sums = losses
        .chunks(seeds.len())
        .map(|own| own.iter().sum::<f64>());
    let best = sums
        .zip(candidates)
        .min_by(|(one, _), (other, _)| one.total_cmp(other));
    Ok(best.map(|(_, selected)| selected))
}

/// The mean slopes over seeds, each column shrunk by what noise alone would give: unshrunk noise would
/// make every parameter appear identified. The spread over seeds gives the expectation of the noise,
/// which is subtracted with one standard error from the column's sum of squares.
fn shrunk(slopes: &[Vec<Vec<f64>>], weights: &[f64]) -> Vec<Vec<f64>> {
    let seeds = slopes.len() as f64;
    let column = |parameter: usize| {
        let (mut sum, mut noise, mut spread) = (0.0, 0.0, 0.0);
        let mut means = Vec::with_capacity(weights.len());
        for (target, weight) in weights.iter().enumerate() {
            let values = slopes.iter().map(|columns| columns[parameter][target]);
            let moments: RunningMoments = values.collect();
            let own = if slopes.len() > 1 {
                weight * moments.variance() / seeds
            } else {
                0.0
            };
            sum += weight * moments.mean() * moments.mean();
            noise += own;
            spread += 2.0 * own * own;
            means.push(moments.mean());
        }
        let signal = sum - noise - spread.sqrt();
        let share = if signal > 0.0 {
            (signal / sum).sqrt()
        } else {
            0.0
        };
        means.into_iter().map(|mean| mean * share).collect()
    };
    (0..slopes[0].len()).map(column).collect()
}

/// The estimates of the parameters from the slopes.
///
/// The standard errors are those of least squares: a residual of 1 is 1.96 standard errors of a
/// published value, and each prior counts with its standard deviation, a flat one like a normal one.
fn parameters(
    minimizer: &Minimizer<'_>,
    point: &[f64],
    columns: &[Vec<f64>],
    weights: &[f64],
) -> Vec<ParameterEstimate> {
    let (size, spreads) = (point.len(), minimizer.space.spreads());
    let reach = normal_reach(CONFIDENCE);
    let mut precision = SymmetricMatrix::zero(size);
    for (target, weight) in weights.iter().enumerate() {
        let row: Vec<f64> = columns.iter().map(|column| column[target]).collect();
        precision.add_square(&row, weight * reach * reach);
    }
    for (parameter, spread) in spreads.iter().enumerate() {
        let own = precision.at(parameter, parameter);
        precision.set(parameter, parameter, own + 1.0 / (spread * spread));
    }
    let covariance = Cholesky::new(&precision, size).map(|factor| factor.inverse());
    let of = |parameter: usize| {
        let variance = covariance.as_ref().map(|it| it.at(parameter, parameter));
        let error = variance.map_or(f64::NAN, f64::sqrt);
        let contraction = error / spreads[parameter];
        let at = point[parameter];
        let (low, high) = minimizer.space.bounds(parameter);
        ParameterEstimate {
            at_bound: match (at - low <= AT_BOUND, high - at <= AT_BOUND) {
                (true, _) => Some(Bound::Low),
                (_, true) => Some(Bound::High),
                _ => None,
            },
            error: minimizer.space.distance(parameter, at, error),
            contraction,
            identification: Identification::of(contraction, LEAST_EFFECTIVE),
        }
    };
    (0..size).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_out_of_range_are_refused() {
        let with = |change: &dyn Fn(&mut SearchSettings)| {
            let mut settings = SearchSettings::default();
            change(&mut settings);
            settings.check(1)
        };
        assert_eq!(with(&|_| {}), Ok(()));
        let settings: [fn(&mut SearchSettings); 7] = [
            |s| s.iterations = 0,
            |s| s.difference = f64::NAN,
            |s| s.prior_weight = -1.0,
            |s| s.huber = 0.0,
            |s| s.checks = 0,
            |s| s.step = f64::NAN,
            |s| s.gain = 1.0,
        ];
        for change in settings {
            let refused = with(&change);
            assert!(
                matches!(refused, Err(CalibrationError::Setting { .. })),
                "{refused:?}"
            );
        }
        let least = 8 + 4 * 6;
        assert_eq!(with(&|s| s.simulations = least), Ok(()));
        assert_eq!(
            with(&|s| s.simulations = least - 1),
            Err(CalibrationError::TooFewSimulations {
                requested: least - 1,
                least
            })
        );
    }
}
