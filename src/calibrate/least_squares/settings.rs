//! How a search proceeds, and when it ends.

use crate::calibrate::error::CalibrationError;

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
pub(crate) const DAMPINGS_TRIED: usize = 3;
/// Rounds of dampings in an iteration.
pub(crate) const ROUNDS: usize = 2;

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
