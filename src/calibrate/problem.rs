//! What is to be calibrated: the priors of the parameters and the targets.

use super::error::CalibrationError;
use super::prior::{Prior, PriorCoordinate};
use super::target::FitTarget;

/// A calibration problem. It does not depend on the method.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Problem {
    /// The prior of each parameter.
    pub(crate) priors: Vec<Prior>,
    /// The published statistics, in the order of the simulated ones.
    pub(crate) targets: Vec<FitTarget>,
}

impl Problem {
    /// Checks the problem and returns the priors' coordinates; NaN is refused.
    ///
    /// # Errors
    /// The first problem found: no parameter, no target, an invalid target, an invalid prior.
    pub(crate) fn coordinates(&self) -> Result<Vec<PriorCoordinate>, CalibrationError> {
        if self.priors.is_empty() {
            return Err(CalibrationError::NoParameter);
        }
        if self.targets.is_empty() {
            return Err(CalibrationError::NoTarget);
        }
        for (number, target) in self.targets.iter().enumerate() {
            target.check(number)?;
        }
        let priors = self.priors.iter().enumerate();
        priors
            .map(|(number, prior)| PriorCoordinate::new(prior, number))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibrate::test_support::value_alone;

    #[test]
    fn a_problem_needs_parameters_and_valid_targets_and_priors() {
        let with = |change: fn(&mut Problem)| {
            let (low, high) = (0.0, 1.0);
            let mut problem = Problem {
                priors: vec![Prior::Uniform { low, high }],
                targets: vec![value_alone(0.0)],
            };
            change(&mut problem);
            problem.coordinates().map(drop)
        };
        assert_eq!(with(|_| {}), Ok(()));
        assert_eq!(
            with(|p| p.priors.clear()),
            Err(CalibrationError::NoParameter)
        );
        assert_eq!(with(|p| p.targets.clear()), Err(CalibrationError::NoTarget));
        assert!(with(|p| p.targets[0].weight = f64::NAN).is_err());
        assert!(
            with(|p| p.priors.push(Prior::Uniform {
                low: 1.0,
                high: 0.0
            }))
            .is_err()
        );
    }
}
