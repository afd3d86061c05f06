//! Which of rival explanations a data set comes from, as far as its summaries tell.
//!
//! Ridge regressions of indicators of the rivals condense the summaries to one number less than there are rivals, in
//! which linear discriminants lie (Hastie, Tibshirani & Buja 1994). A data set is assigned to the rival whose normal
//! distribution of these numbers is densest there. Regressions and distributions are those of the data sets of other
//! folds.

use super::inference::{StandardSummaries, out_of_fold};
use super::verdicts::usable_rows;
use crate::math::linalg::{Cholesky, SymmetricMatrix};
use crate::stats::summary::ValueWithInterval;

/// Share of correct choices between two rivals from which they are told apart.
pub(crate) const LEAST_ACCURACY: f64 = 0.8;
/// Parts of the data sets, each of which is assigned by what was fitted to the others.
const FOLDS: usize = 5;
/// Fewest data sets of a rival.
const FEWEST: usize = 10 * FOLDS;

/// Whether a study tells two rivals apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RivalVerdict {
    /// The whole interval of the share of correct choices lies at [`LEAST_ACCURACY`] or above.
    Apart,
    /// It lies above one half.
    Partly,
    NotApart,
    /// There are too few data sets.
    Undecided,
}

impl RivalVerdict {
    /// Words of tables, in the order of the variants.
    pub(crate) const WORDS: &'static [&'static str] =
        &["apart", "partly", "not_apart", "undecided"];

    fn of(accuracy: ValueWithInterval) -> RivalVerdict {
        let low = accuracy.interval.low;
        if !low.is_finite() {
            RivalVerdict::Undecided
        } else if low >= LEAST_ACCURACY {
            RivalVerdict::Apart
        } else if low > 0.5 {
            RivalVerdict::Partly
        } else {
            RivalVerdict::NotApart
        }
    }
}

/// How well one design tells rivals apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RivalConfusion {
    /// Data sets by true rival and by the rival that was chosen.
    pub(crate) counts: Vec<Vec<u64>>,
    pub(crate) pairs: Vec<RivalPair>,
    /// Data sets without couples, which are left out.
    pub(crate) empty: u64,
}

/// Choices between two rivals.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RivalPair {
    pub(crate) one: usize,
    pub(crate) other: usize,
    /// Data sets of the two.
    pub(crate) data_sets: u64,
    /// Share that is assigned to its own of the two.
    pub(crate) accuracy: ValueWithInterval,
    pub(crate) verdict: RivalVerdict,
}

/// A normal distribution.
struct NormalDensity {
    mean: Vec<f64>,
    factor: Cholesky,
}

impl NormalDensity {
    fn of(points: &[&Vec<f64>]) -> NormalDensity {
        let (count, width) = (points.len() as f64, points[0].len());
        let mean: Vec<f64> = (0..width)
            .map(|place| points.iter().map(|point| point[place]).sum::<f64>() / count)
            .collect();
        let covariance = SymmetricMatrix::from_fn(width, |one, other| {
            let product =
                |point: &&Vec<f64>| (point[one] - mean[one]) * (point[other] - mean[other]);
            points.iter().map(product).sum::<f64>() / (count - 1.0)
        });
        let factor = Cholesky::of_covariance(&covariance, &vec![1e-12; width]);
        NormalDensity { mean, factor }
    }

    fn ln_density(&self, point: &[f64], scratch: &mut Vec<f64>) -> f64 {
        let away: Vec<f64> = point
            .iter()
            .zip(&self.mean)
            .map(|(x, mean)| x - mean)
            .collect();
        -self.factor.half_log_determinant() - 0.5 * self.factor.square(&away, scratch)
    }
}

/// Assigns the data sets of all rivals, by rival, then by simulation and summary.
pub(crate) fn confusion(rivals: &[&[Vec<f64>]]) -> RivalConfusion {
    let mut found = RivalConfusion {
        counts: vec![vec![0; rivals.len()]; rivals.len()],
        ..RivalConfusion::default()
    };
    let (mut rows, mut truths, mut folds): (Vec<&[f64]>, Vec<usize>, Vec<usize>) =
        (Vec::new(), Vec::new(), Vec::new());
    let mut fewest = usize::MAX;
    for (rival, summaries) in rivals.iter().enumerate() {
        let own = usable_rows(summaries);
        fewest = fewest.min(own.len());
        found.empty += (summaries.len() - own.len()) as u64;
        for (place, row) in own.into_iter().enumerate() {
            rows.push(&summaries[row]);
            truths.push(rival);
            folds.push(place % FOLDS);
        }
    }
    let is_enough = fewest >= FEWEST;
    let densities = match is_enough {
        true => ln_densities(&rows, &truths, &folds, rivals.len()),
        false => Vec::new(),
    };
    for (own, truth) in densities.iter().zip(&truths) {
        let chosen = (0..rivals.len()).max_by(|one, other| {
            // Of equal ones the first.
            own[*one].total_cmp(&own[*other]).then(other.cmp(one))
        });
        found.counts[*truth][chosen.unwrap_or(0)] += 1;
    }
    for one in 0..rivals.len() {
        for other in one + 1..rivals.len() {
            let (mut hits, mut all) = (0, 0);
            for (own, truth) in densities.iter().zip(&truths) {
                let is_right = match *truth {
                    truth if truth == one => own[one] >= own[other],
                    truth if truth == other => own[other] > own[one],
                    _ => continue,
                };
                all += 1;
                hits += u64::from(is_right);
            }
            let accuracy = ValueWithInterval::share(hits, all);
            found.pairs.push(RivalPair {
                one,
                other,
                data_sets: all,
                accuracy,
                verdict: RivalVerdict::of(accuracy),
            });
        }
    }
    found
}

/// The logarithm of each rival's density at each data set, by data set.
fn ln_densities(
    rows: &[&[f64]],
    truths: &[usize],
    folds: &[usize],
    rivals: usize,
) -> Vec<Vec<f64>> {
    let summaries = StandardSummaries::new(rows);
    let indicator = |rival: usize| -> Vec<f64> {
        let of = |truth: &usize| f64::from(u8::from(*truth == rival));
        truths.iter().map(of).collect()
    };
    let targets: Vec<Vec<f64>> = (1..rivals).map(indicator).collect();
    let predictions = out_of_fold(&summaries, folds, &targets);
    let point = |row: usize| -> Vec<f64> { predictions.iter().map(|own| own[row]).collect() };
    let points: Vec<Vec<f64>> = (0..rows.len()).map(point).collect();
    let mut found = vec![Vec::new(); rows.len()];
    let mut scratch = Vec::new();
    for fold in 0..FOLDS {
        let density = |rival: usize| {
            let is_own = |row: &usize| truths[*row] == rival && folds[*row] != fold;
            let own: Vec<&Vec<f64>> = (0..rows.len())
                .filter(is_own)
                .map(|row| &points[row])
                .collect();
            NormalDensity::of(&own)
        };
        let densities: Vec<NormalDensity> = (0..rivals).map(density).collect();
        for row in (0..rows.len()).filter(|row| folds[*row] == fold) {
            let of = |density: &NormalDensity| density.ln_density(&points[row], &mut scratch);
            found[row] = densities.iter().map(of).collect();
        }
    }
    found
}
