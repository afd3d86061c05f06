//! What is to be searched: priors, targets, where to start and how far to go.

use super::ground::Ground;
use super::loss::Loss;
use crate::calibrate::abc::{CalibrationFault, Prior, Target};

/// A search to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchProblem {
    /// The prior of each parameter: its bounds are those of the search, a normal one pulls.
    pub priors: Vec<Prior>,
    /// Where each parameter starts; the prior's median where there is `None`.
    pub starts: Vec<Option<f64>>,
    /// The published statistics, in the order in which simulated ones will come.
    pub targets: Vec<Target>,
    /// How to go about it.
    pub settings: SearchSettings,
}

/// How a search goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SearchSettings {
    /// Seed of the simulations.
    pub seed: u64,
    /// Iterations at most, 1 at least.
    pub iterations: u32,
    /// Simulations at most, those of the last look included.
    pub simulations: u64,
    /// How far a parameter is moved to see what it does, as a share of the width of its prior, in
    /// (0, 0.5].
    pub difference: f64,
    /// Weight, 0 or more, of a departure from a normal prior's mean by one standard deviation against
    /// a departure from a target by half of its interval.
    pub prior_weight: f64,
    /// Half-widths, above 0, from which the loss of a target grows linearly.
    pub huber: f64,
    /// Seeds, 1 at least, by which what was found is looked at.
    pub checks: u32,
    /// Longest move of any parameter, as a share of the width of its prior, that is none.
    pub step: f64,
    /// Share of the loss, in [0, 1), by which an iteration must lower it to count.
    pub gain: f64,
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

/// Steps of different damping that are tried beside each other.
pub(crate) const RUNGS: usize = 3;
/// Times that steps are tried in an iteration.
pub(crate) const LADDERS: usize = 2;

impl SearchSettings {
    /// Simulations that the last look at what was found needs.
    pub(crate) fn reserve(&self, parameters: usize) -> u64 {
        u64::from(self.checks) * (5 + parameters as u64)
    }

    /// Simulations that an iteration needs at most.
    pub(crate) fn iteration(parameters: usize) -> u64 {
        (1 + parameters + RUNGS * LADDERS) as u64
    }

    /// Checks every number; NaN is refused.
    fn check(&self, parameters: usize) -> Result<(), CalibrationFault> {
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
        CalibrationFault::of_settings(rules)?;
        let least = SearchSettings::iteration(parameters) + self.reserve(parameters);
        match self.simulations < least {
            true => Err(CalibrationFault::TooFewSimulations {
                asked: self.simulations,
                least,
            }),
            false => Ok(()),
        }
    }
}

impl SearchProblem {
    /// Checks all of it, and gives the coordinates, the place of the start and the loss.
    pub(crate) fn checked(&self) -> Result<(Ground, Vec<f64>, Loss), CalibrationFault> {
        if self.priors.is_empty() {
            return Err(CalibrationFault::NoParameter);
        }
        if self.targets.is_empty() {
            return Err(CalibrationFault::NoTarget);
        }
        if self.starts.len() != self.priors.len() {
            return Err(CalibrationFault::Length {
                found: self.starts.len(),
                expected: self.priors.len(),
            });
        }
        self.settings.check(self.priors.len())?;
        let ground = Ground::new(&self.priors, self.settings.prior_weight)?;
        let start = ground.start(&self.starts)?;
        let loss = Loss::new(&self.targets, self.settings.huber)?;
        Ok((ground, start, loss))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(change: impl Fn(&mut SearchProblem)) -> Result<(), CalibrationFault> {
        let mut problem = SearchProblem {
            priors: vec![Prior::Uniform {
                low: 0.0,
                high: 1.0,
            }],
            starts: vec![None],
            targets: vec![Target::with_error(0.0, 1.0)],
            settings: SearchSettings::default(),
        };
        change(&mut problem);
        problem.checked().map(drop)
    }

    #[test]
    fn what_is_out_of_range_is_refused() {
        assert_eq!(with(|_| {}), Ok(()));
        assert_eq!(
            with(|p| p.priors.clear()),
            Err(CalibrationFault::NoParameter)
        );
        assert_eq!(with(|p| p.targets.clear()), Err(CalibrationFault::NoTarget));
        assert!(matches!(
            with(|p| p.starts.clear()),
            Err(CalibrationFault::Length { .. })
        ));
        let bare = with(|p| p.targets = vec![Target::bare(1.0)]);
        assert!(matches!(bare, Err(CalibrationFault::Target { .. })));
        for outside in [1.5, f64::NAN] {
            let refused = with(|p| p.starts = vec![Some(outside)]);
            assert!(matches!(refused, Err(CalibrationFault::Start { .. })));
        }
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
            let refused = with(|p| change(&mut p.settings));
            assert!(
                matches!(refused, Err(CalibrationFault::Setting { .. })),
                "{refused:?}"
            );
        }
        let least = 8 + 4 * 6;
        assert_eq!(with(|p| p.settings.simulations = least), Ok(()));
        assert_eq!(
            with(|p| p.settings.simulations = least - 1),
            Err(CalibrationFault::TooFewSimulations {
                asked: least - 1,
                least
            })
        );
    }
}
