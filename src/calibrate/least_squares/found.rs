//! What a search came to, looked at with seeds that it has not seen.

use super::course::{Course, Iteration, SearchEnding};
use super::ground::AT_BOUND;
use super::problem::SearchProblem;
use crate::calibrate::abc::CalibrationFault;
use crate::calibrate::abc::posterior::{Identification, LEAST_EFFECTIVE};
use crate::math::linalg::{Cholesky, SymmetricMatrix};
use crate::stats::interval::{CONFIDENCE, normal_reach};
use crate::stats::summary::Moments;
use std::fmt;

/// What a search came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its iterations.
    pub iterations: Vec<Iteration>,
    /// Why it ended.
    pub ending: SearchEnding,
    /// Which place was chosen.
    pub choice: Choice,
    /// Where it started.
    pub start: Look,
    /// What it found.
    pub found: Look,
    /// Each parameter, in the order of the priors.
    pub parameters: Vec<FoundParameter>,
    /// Simulations that were done.
    pub simulations: u64,
}

/// A place of a search that may be what it found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The last one.
    Last,
    /// The mean of the later half.
    Mean,
    /// Where it started: nothing that it came to is better.
    Start,
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Choice::Last => "the last place was chosen",
            Choice::Mean => "the mean of the later places was chosen",
            Choice::Start => "no place was better than the start",
        })
    }
}

/// Values, simulated with seeds that chose nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// One value for each parameter.
    pub values: Vec<f64>,
    /// The loss with each seed.
    pub losses: Vec<f64>,
    /// The statistics with each seed.
    pub statistics: Vec<Vec<f64>>,
}

impl Look {
    /// Mean loss over the seeds.
    pub fn loss(&self) -> f64 {
        self.losses.iter().copied().collect::<Moments>().mean()
    }

    /// Mean and standard deviation over the seeds of statistic `target`; NaN where one of them is.
    pub fn statistic(&self, target: usize) -> (f64, f64) {
        let values = self.statistics.iter().map(|row| row[target]);
        if values.clone().any(|value| !value.is_finite()) {
            return (f64::NAN, f64::NAN);
        }
        let moments: Moments = values.collect();
        (moments.mean(), moments.sd())
    }
}

/// What is known of a parameter at the end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FoundParameter {
    /// The bound at which it lies.
    pub at_bound: Option<Bound>,
    /// Its standard error, by the slopes at what was found and the prior's spread.
    pub error: f64,
    /// That error over the prior's standard deviation, of the logarithm where the prior is log-uniform:
    /// 1 where the targets tell nothing.
    pub contraction: f64,
    /// What the contraction says.
    pub identification: Identification,
}

/// An end of a prior.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The lowest value.
    Low,
    /// The highest value.
    High,
}

/// The turns of seeds, by what they are for.
const CHOICE: u64 = 0;
const REPORT: u64 = 1 << 32;

/// Looks at what a search came to; `None` where it was stopped.
pub(crate) fn look(
    course: &mut Course<'_>,
    problem: &SearchProblem,
    places: &[Vec<f64>],
    iterations: Vec<Iteration>,
    ending: SearchEnding,
) -> Result<Option<Found>, CalibrationFault> {
    let seeds = |first: u64| -> Vec<u64> {
        let turns = 0..u64::from(problem.settings.checks);
        turns.map(|turn| course.seed(0, first + turn)).collect()
    };
    let (unseen, report) = (seeds(CHOICE), seeds(REPORT));
    let Some((place, choice)) = chosen(course, places, &unseen)? else {
        return Ok(None);
    };
    // Each seed's simulation at the place is also the middle of its star.
    let mut jobs: Vec<(u64, Vec<f64>)> = Vec::new();
    let mut stars = Vec::new();
    for (turn, seed) in report.iter().enumerate() {
        let star = course.star(&place, turn % 2 == 0);
        jobs.push((*seed, places[0].clone()));
        jobs.extend(star.iter().map(|beside| (*seed, beside.clone())));
        stars.push(star);
    }
    let Some(statistics) = course.simulated(&jobs)? else {
        return Ok(None);
    };
    let each = place.len() + 2;
    let rows: Vec<&[Vec<f64>]> = statistics.chunks(each).collect();
    let look = |at: &[f64], which: usize| {
        let statistics: Vec<Vec<f64>> = rows.iter().map(|rows| rows[which].clone()).collect();
        Look {
            values: course.ground.values(at),
            losses: statistics.iter().map(|it| course.loss_at(at, it)).collect(),
            statistics,
        }
    };
    let (start, found) = (look(&places[0], 0), look(&place, 1));
    let slopes: Vec<Vec<Vec<f64>>> = stars
        .iter()
        .zip(&rows)
        .map(|(star, rows)| course.slopes(star, &rows[1..]))
        .collect();
    let targets = course.loss.targets();
    let middle: Vec<f64> = (0..targets).map(|it| found.statistic(it).0).collect();
    let weights = course.loss.weights(&course.loss.residuals(&middle));
    let parameters = parameters(course, &place, &shrunk(&slopes, &weights), &weights);
    Ok(Some(Found {
        iterations,
        ending,
        choice,
        start,
        found,
        parameters,
        simulations: course.simulations,
    }))
}

/// The best of the last place, the mean of the later half and the start, by the mean loss with some seeds.
fn chosen(
    course: &mut Course<'_>,
    places: &[Vec<f64>],
    seeds: &[u64],
) -> Result<Option<(Vec<f64>, Choice)>, CalibrationFault> {
    let (start, last) = (&places[0], &places[places.len() - 1]);
    let later = &places[places.len() / 2..];
    let mean = |k: usize| later.iter().map(|place| place[k]).sum::<f64>() / later.len() as f64;
    let candidates = [
        (last.clone(), Choice::Last),
        ((0..last.len()).map(mean).collect(), Choice::Mean),
        (start.clone(), Choice::Start),
    ];
    let with_seeds = |(place, _): &(Vec<f64>, Choice)| {
        let jobs = seeds.iter().map(|seed| (*seed, place.clone()));
        jobs.collect::<Vec<_>>()
    };
    let jobs: Vec<(u64, Vec<f64>)> = candidates.iter().flat_map(with_seeds).collect();
    let Some(statistics) = course.simulated(&jobs)? else {
        return Ok(None);
    };
    let losses = statistics.iter().zip(&jobs);
    let losses: Vec<f64> = losses.map(|(it, (_, at))| course.loss_at(at, it)).collect();
    let sums = losses
        .chunks(seeds.len())
        .map(|own| own.iter().sum::<f64>());
    let best = sums
        .zip(candidates)
        .min_by(|(one, _), (other, _)| one.total_cmp(other));
    Ok(best.map(|(_, chosen)| chosen))
}

/// The mean slopes over seeds, each column shrunk to what it tells beyond its noise: noise taken for
/// slopes would make every parameter look told. What noise alone would give is known from the spread over
/// seeds; its expectation and a standard error are taken from the column's sum of squares.
fn shrunk(slopes: &[Vec<Vec<f64>>], weights: &[f64]) -> Vec<Vec<f64>> {
    let seeds = slopes.len() as f64;
    let column = |parameter: usize| {
        let (mut sum, mut noise, mut spread) = (0.0, 0.0, 0.0);
        let mut means = Vec::with_capacity(weights.len());
        for (target, weight) in weights.iter().enumerate() {
            let values = slopes.iter().map(|columns| columns[parameter][target]);
            let moments: Moments = values.collect();
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
        let told = sum - noise - spread.sqrt();
        let share = if told > 0.0 { (told / sum).sqrt() } else { 0.0 };
        means.into_iter().map(|mean| mean * share).collect()
    };
    (0..slopes[0].len()).map(column).collect()
}

/// What the slopes tell of each parameter.
///
/// The standard errors are those of least squares: a residual of 1 is 1.96 standard errors of a
/// published value, and each prior counts with its own spread, a flat one as a normal one as wide.
fn parameters(
    course: &Course<'_>,
    place: &[f64],
    columns: &[Vec<f64>],
    weights: &[f64],
) -> Vec<FoundParameter> {
    let (size, spreads) = (place.len(), course.ground.spreads());
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
        let at = place[parameter];
        let (low, high) = course.ground.bounds(parameter);
        FoundParameter {
            at_bound: match (at - low <= AT_BOUND, high - at <= AT_BOUND) {
                (true, _) => Some(Bound::Low),
                (_, true) => Some(Bound::High),
                _ => None,
            },
            error: course.ground.distance(parameter, at, error),
            contraction,
            identification: Identification::of(contraction, LEAST_EFFECTIVE),
        }
    };
    (0..size).map(of).collect()
}
