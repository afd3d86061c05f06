//! Models whose posterior is known, for the tests of calibrations.

use super::kernel::uniform;
use super::{Calibration, Ending, Limits, Prior, Problem, Proposal, Settings, Target};
use crate::math::functions::normal_quantile;
use crate::rng::{Key, StreamKind};

/// Standard error of the mean that [`mean_of`] is held against.
pub(crate) const ERROR: f64 = 0.5;

/// Standard normal noise of one simulation.
pub(crate) fn noise(seed: u64) -> impl Iterator<Item = f64> {
    let mut rng = Key::new(seed, 0, 0, StreamKind::Study).stream(0, 0);
    std::iter::repeat_with(move || normal_quantile(uniform(&mut rng)))
}

/// Runs to the end with a model, in batches.
pub(crate) fn done(
    problem: Problem,
    batch: u64,
    model: impl Fn(&Proposal) -> Vec<f64>,
) -> (Calibration, Ending) {
    let mut calibration = Calibration::new(problem).expect("a problem");
    let ending = calibration
        .run(batch, |proposals| {
            Some(proposals.iter().map(&model).collect())
        })
        .expect("statistics that fit")
        .expect("nobody stops it");
    (calibration, ending)
}

/// A standard normal prior and an observed mean of known standard error.
pub(crate) fn mean_problem(seed: u64, particles: usize, tolerance: f64, observed: f64) -> Problem {
    Problem {
        priors: vec![Prior::Normal { mean: 0.0, sd: 1.0 }],
        targets: vec![Target::with_error(observed, ERROR)],
        settings: Settings {
            seed,
            particles,
            limits: Limits {
                tolerance,
                acceptance: 0.0,
                simulations: 10_000_000,
                ..Limits::default()
            },
            ..Settings::default()
        },
    }
}

/// One observation with the error of [`mean_problem`].
pub(crate) fn observe(proposal: &Proposal) -> Vec<f64> {
    let error = noise(proposal.seed).next().unwrap_or_default();
    vec![proposal.values[0] + ERROR * error]
}

/// A calibration of a mean that was found to be 1.
pub(crate) fn mean_of(seed: u64, particles: usize, tolerance: f64) -> Calibration {
    done(mean_problem(seed, particles, tolerance, 1.0), 64, observe).0
}

/// A calibration of a bounded slope from two points of a line near the upper bound.
pub(crate) fn line_of(seed: u64, particles: usize) -> Calibration {
    let problem = Problem {
        priors: vec![Prior::Uniform {
            low: 0.0,
            high: 1.0,
        }],
        targets: vec![Target::with_error(0.97, 0.05), Target::with_error(1.9, 0.2)],
        settings: Settings {
            seed,
            particles,
            limits: Limits {
                tolerance: 1.0,
                ..Limits::default()
            },
            ..Settings::default()
        },
    };
    let model = |proposal: &Proposal| {
        let errors: Vec<f64> = noise(proposal.seed).take(2).collect();
        let slope = proposal.values[0];
        vec![slope + 0.05 * errors[0], 2.0 * slope + 0.2 * errors[1]]
    };
    done(problem, 64, model).0
}
