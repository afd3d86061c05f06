//! Models whose posterior is known.

use super::{AbcSampler, AbcSettings, Decision, Proposal};
use crate::calibrate::error::AbcEnding;
use crate::calibrate::prior::Prior;
use crate::calibrate::problem::Problem;
use crate::calibrate::test_support::{noise, normal, with_error};

/// Standard error of the mean that [`mean_of`] estimates.
pub(crate) const ERROR: f64 = 0.5;

/// A problem and how it is solved.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) problem: Problem,
    pub(crate) settings: AbcSettings,
}

impl Case {
    /// A sampler before its first generation.
    pub(crate) fn sampler(&self) -> AbcSampler {
        AbcSampler::new(self.problem.clone(), self.settings).expect("a problem")
    }

    /// Runs to the end with a model, in batches of proposals that are simulated ahead.
    pub(crate) fn done(
        &self,
        batch: u64,
        model: impl Fn(&Proposal) -> Vec<f64>,
    ) -> (AbcSampler, AbcEnding) {
        let mut sampler = self.sampler();
        let ending = run(&mut sampler, batch, |proposals| {
            Some(proposals.iter().map(&model).collect())
        });
        (sampler, ending.expect("nothing stops it"))
    }
}

/// Runs until the sampler ends; `None` where `evaluate` gives nothing for a batch.
pub(crate) fn run(
    sampler: &mut AbcSampler,
    batch: u64,
    mut evaluate: impl FnMut(&[Proposal]) -> Option<Vec<Vec<f64>>>,
) -> Option<AbcEnding> {
    loop {
        let (proposer, first) = (sampler.proposer(), sampler.state().proposals);
        let numbers = first..first + batch;
        let proposals: Vec<Proposal> = numbers.map(|n| proposer.proposal(n)).collect();
        for statistics in evaluate(&proposals)? {
            match sampler.take(&statistics).expect("statistics that fit") {
                Decision::Rejected | Decision::Accepted => {}
                Decision::NextGeneration => break,
                Decision::Ended(ending) => return Some(ending),
            }
        }
    }
}

/// A standard normal prior and an observed mean of known standard error.
pub(crate) fn mean_case(seed: u64, particles: usize, tolerance: f64, observed: f64) -> Case {
    Case {
        problem: Problem {
            priors: vec![normal(0.0, 1.0)],
            targets: vec![with_error(observed, ERROR)],
        },
        settings: AbcSettings {
            seed,
            particles,
            tolerance,
            acceptance: 0.0,
            simulations: 10_000_000,
            ..AbcSettings::default()
        },
    }
}

/// One observation with the error of [`mean_case`].
pub(crate) fn observe(proposal: &Proposal) -> Vec<f64> {
    let error = noise(proposal.seed).next().unwrap_or_default();
    vec![proposal.values[0] + ERROR * error]
}

/// A calibration of a mean that was observed to be 1.
pub(crate) fn mean_of(seed: u64, particles: usize, tolerance: f64) -> AbcSampler {
    mean_case(seed, particles, tolerance, 1.0)
        .done(64, observe)
        .0
}

/// A calibration of a bounded slope from two points of a line near the upper bound.
pub(crate) fn line_of(seed: u64, particles: usize) -> AbcSampler {
    let case = Case {
        problem: Problem {
            priors: vec![Prior::Uniform {
                low: 0.0,
                high: 1.0,
            }],
            targets: vec![with_error(0.97, 0.05), with_error(1.9, 0.2)],
        },
        settings: AbcSettings {
            seed,
            particles,
            tolerance: 1.0,
            ..AbcSettings::default()
        },
    };
    let model = |proposal: &Proposal| {
        let errors: Vec<f64> = noise(proposal.seed).take(2).collect();
        let slope = proposal.values[0];
        vec![slope + 0.05 * errors[0], 2.0 * slope + 0.2 * errors[1]]
    };
    case.done(64, model).0
}
