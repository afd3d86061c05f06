//! How particles are drawn, and when a calibration ends.

use super::distance::Scaling;
use super::proposal::PerturbationKernel;
use crate::calibrate::error::CalibrationError;

/// How particles are drawn, and when a calibration ends: whichever limit is reached first ends it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct AbcSettings {
    /// Seed of proposals and simulations.
    pub(crate) seed: u64,
    /// Particles of a generation: at least two more than parameters.
    pub(crate) particles: usize,
    /// The quantile, in (0, 1), of a generation's distances that is the next one's tolerance.
    pub(crate) quantile: f64,
    /// How particles are perturbed.
    pub(crate) kernel: PerturbationKernel,
    /// How distances are measured.
    pub(crate) scaling: Scaling,
    /// Maximum number of generations, at least 1: the first is drawn from the prior.
    pub(crate) generations: u32,
    /// Maximum number of simulations.
    pub(crate) simulations: u64,
    /// Distance from the targets, 0 or more, that is near enough.
    pub(crate) tolerance: f64,
    /// Share of accepted proposals, in [0, 1), below which a generation is the last one.
    pub(crate) acceptance: f64,
}

impl Default for AbcSettings {
    /// 500 particles, each tolerance the median distance of the generation before; 30 generations,
    /// 100,000 simulations, no tolerance that is near enough, 2 % accepted.
    fn default() -> AbcSettings {
        AbcSettings {
            seed: 0,
            particles: 500,
            quantile: 0.5,
            kernel: PerturbationKernel::default(),
            scaling: Scaling::default(),
            generations: 30,
            simulations: 100_000,
            tolerance: 0.0,
            acceptance: 0.02,
        }
    }
}

impl AbcSettings {
    /// Checks every number for a number of parameters; NaN is refused.
    pub(crate) fn check(&self, parameters: usize) -> Result<(), CalibrationError> {
        let least = parameters + 2;
        if self.particles < least {
            return Err(CalibrationError::TooFewParticles {
                requested: self.particles,
                least,
            });
        }
        CalibrationError::check_settings([
            (
                "quantile",
                self.quantile,
                self.quantile > 0.0 && self.quantile < 1.0,
                "(0, 1)",
            ),
            (
                "tolerance",
                self.tolerance,
                self.tolerance >= 0.0 && self.tolerance.is_finite(),
                "[0, ∞)",
            ),
            (
                "acceptance",
                self.acceptance,
                (0.0..1.0).contains(&self.acceptance),
                "[0, 1)",
            ),
            (
                "generations",
                f64::from(self.generations),
                self.generations > 0,
                "[1, ∞)",
            ),
            (
                "simulations",
                self.simulations as f64,
                self.simulations >= self.particles as u64,
                "[particles, ∞)",
            ),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_out_of_range_are_refused() {
        let with = |change: fn(&mut AbcSettings)| {
            let mut settings = AbcSettings::default();
            change(&mut settings);
            settings.check(1)
        };
        assert_eq!(with(|_| {}), Ok(()));
        assert_eq!(
            with(|s| s.particles = 2),
            Err(CalibrationError::TooFewParticles {
                requested: 2,
                least: 3
            })
        );
        assert!(with(|s| s.quantile = f64::NAN).is_err());
        assert!(with(|s| s.quantile = 1.0).is_err());
        assert!(with(|s| s.tolerance = -1.0).is_err());
        assert!(with(|s| s.acceptance = 1.0).is_err());
        assert!(with(|s| s.generations = 0).is_err());
        assert!(with(|s| s.simulations = 499).is_err());
    }
}
