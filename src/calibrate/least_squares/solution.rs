//! The result of a search, evaluated with seeds that it has not used.

use super::SearchEnding;
use super::iterate::{Iteration, Minimizer};
use super::parameter_space::AT_BOUND;
use crate::calibrate::error::CalibrationError;
use crate::calibrate::identification::{Identification, LEAST_EFFECTIVE};
use crate::math::linalg::{Cholesky, SymmetricMatrix};
use crate::stats::interval::{CONFIDENCE, normal_reach};
use crate::stats::summary::RunningMoments;
use std::fmt;

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
pub(crate) fn evaluate(
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
