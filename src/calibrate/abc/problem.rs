//! What is to be calibrated: priors, targets, and how far to go.

use super::prior::Axis;
use super::{CalibrationFault, PerturbationKernel, Prior, Scaling, Target};

/// A calibration to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The prior of each parameter.
    pub priors: Vec<Prior>,
    /// The published statistics, in the order in which simulated ones will come.
    pub targets: Vec<Target>,
    /// How to go about it.
    pub settings: Settings,
}

/// How a calibration goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Seed of proposals and simulations.
    pub seed: u64,
    /// Particles of a generation: two more than parameters at least.
    pub particles: usize,
    /// Share in (0, 1) of a generation that would do for the next one's tolerance.
    pub quantile: f64,
    /// How particles are perturbed.
    pub kernel: PerturbationKernel,
    /// What distances are counted in.
    pub scaling: Scaling,
    /// When it is enough.
    pub limits: Limits,
}

/// When a calibration ends; whichever limit is reached first ends it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Generations at most, 1 at least: the first is drawn from the prior.
    pub generations: u32,
    /// Simulations at most.
    pub simulations: u64,
    /// Distance from the targets, 0 or more, that is near enough.
    pub tolerance: f64,
    /// Share of accepted proposals, in [0, 1), below which a generation is the last one.
    pub acceptance: f64,
}

impl Default for Settings {
    /// 500 particles, each tolerance the median distance of the generation before.
    fn default() -> Settings {
        Settings {
            seed: 0,
            particles: 500,
            quantile: 0.5,
            kernel: PerturbationKernel::default(),
            scaling: Scaling::default(),
            limits: Limits::default(),
        }
    }
}

impl Default for Limits {
    /// 30 generations, 100,000 simulations, no tolerance that is near enough, 2 % accepted.
    fn default() -> Limits {
        Limits {
            generations: 30,
            simulations: 100_000,
            tolerance: 0.0,
            acceptance: 0.02,
        }
    }
}

impl Problem {
    /// Checks all of it and gives the priors' axes; NaN is refused.
    pub(crate) fn axes(&self) -> Result<Vec<Axis>, CalibrationFault> {
        if self.priors.is_empty() {
            return Err(CalibrationFault::NoParameter);
        }
        if self.targets.is_empty() {
            return Err(CalibrationFault::NoTarget);
        }
        for (number, target) in self.targets.iter().enumerate() {
            target.check(number)?;
        }
        self.settings.check(self.priors.len())?;
        let axes = self.priors.iter().enumerate();
        axes.map(|(number, prior)| Axis::new(prior, number))
            .collect()
    }
}

impl Settings {
    fn check(&self, parameters: usize) -> Result<(), CalibrationFault> {
        let least = parameters + 2;
        if self.particles < least {
            return Err(CalibrationFault::TooFewParticles {
                asked: self.particles,
                least,
            });
        }
        let limits = &self.limits;
        let rules = [
            (
                "quantile",
                self.quantile,
                self.quantile > 0.0 && self.quantile < 1.0,
                "(0, 1)",
            ),
            (
                "tolerance",
                limits.tolerance,
                limits.tolerance >= 0.0 && limits.tolerance.is_finite(),
                "[0, ∞)",
            ),
            (
                "acceptance",
                limits.acceptance,
                (0.0..1.0).contains(&limits.acceptance),
                "[0, 1)",
            ),
            (
                "generations",
                f64::from(limits.generations),
                limits.generations > 0,
                "[1, ∞)",
            ),
            (
                "simulations",
                limits.simulations as f64,
                limits.simulations >= self.particles as u64,
                "[particles, ∞)",
            ),
        ];
        CalibrationFault::of_settings(rules)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(change: impl Fn(&mut Problem)) -> Result<(), CalibrationFault> {
        let mut problem = Problem {
            priors: vec![Prior::Normal { mean: 0.0, sd: 1.0 }],
            targets: vec![Target::bare(0.0)],
            settings: Settings::default(),
        };
        change(&mut problem);
        problem.axes().map(drop)
    }

    #[test]
    fn what_is_out_of_range_is_refused() {
        assert_eq!(with(|_| {}), Ok(()));
        assert_eq!(
            with(|p| p.priors.clear()),
            Err(CalibrationFault::NoParameter)
        );
        assert_eq!(with(|p| p.targets.clear()), Err(CalibrationFault::NoTarget));
        let few = with(|p| p.settings.particles = 2);
        assert_eq!(
            few,
            Err(CalibrationFault::TooFewParticles { asked: 2, least: 3 })
        );
        assert!(with(|p| p.settings.quantile = f64::NAN).is_err());
        assert!(with(|p| p.settings.quantile = 1.0).is_err());
        assert!(with(|p| p.settings.limits.tolerance = -1.0).is_err());
        assert!(with(|p| p.settings.limits.acceptance = 1.0).is_err());
        assert!(with(|p| p.settings.limits.generations = 0).is_err());
        assert!(with(|p| p.settings.limits.simulations = 499).is_err());
        assert!(with(|p| p.targets[0].weight = f64::NAN).is_err());
    }
}
