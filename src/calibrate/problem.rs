//! What is to be calibrated: the priors of the parameters and the published statistics; and when these
//! identify a parameter. It does not depend on the method.

use crate::calibrate::error::CalibrationError;
use crate::math::distribution::{Distribution, Family};
use crate::math::functions::{exp, ln};
pub(crate) use crate::scenario::prior::Prior;
use crate::stats::interval::Interval;
use crate::stats::summary::RunningMoments;
use std::fmt;

/// A calibration problem.
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

impl Prior {
    /// The value below which the prior lies with probability `p` in [0, 1]; NaN for an
    /// invalid prior.
    pub(crate) fn quantile(&self, p: f64) -> f64 {
        PriorCoordinate::new(self, 0).map_or(f64::NAN, |axis| axis.value(axis.quantile(p)))
    }
}

/// A checked prior in the coordinate in which it is flat or normal: the logarithm of a log-uniform
/// parameter, the value itself of any other.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PriorCoordinate {
    prior: Prior,
    distribution: Distribution,
    low: f64,
    high: f64,
}

/// Quantiles from which the standard deviation of a truncated prior is computed.
const POINTS: u32 = 10_000;

impl PriorCoordinate {
    /// Checks the prior of parameter `parameter`; NaN is refused.
    pub(crate) fn new(
        prior: &Prior,
        parameter: usize,
    ) -> Result<PriorCoordinate, CalibrationError> {
        let (low, high) = prior.bounds();
        let bounds = CalibrationError::Bounds {
            parameter,
            low,
            high,
        };
        if !(low < high && low.is_finite() && high.is_finite()) {
            return Err(bounds);
        }
        let family = match *prior {
            Prior::Uniform { .. } => Family::Uniform { low, high },
            Prior::LogUniform { .. } if low.is_nan() || low <= 0.0 => {
                return Err(CalibrationError::NotPositive { parameter, low });
            }
            Prior::LogUniform { .. } => Family::Uniform {
                low: ln(low),
                high: ln(high),
            },
            Prior::TruncatedNormal { mean, sd, .. } => Family::TruncatedNormal {
                mean,
                sd,
                low,
                high,
            },
        };
        if let Prior::TruncatedNormal { mean, sd, .. } = *prior
            && !(sd > 0.0 && sd.is_finite() && mean.is_finite())
        {
            return Err(CalibrationError::Spread {
                parameter,
                mean,
                sd,
            });
        }
        let distribution = Distribution::new(family).map_err(|_| bounds)?;
        let (low, high) = match prior {
            Prior::LogUniform { .. } => (ln(low), ln(high)),
            _ => (low, high),
        };
        Ok(PriorCoordinate {
            prior: *prior,
            distribution,
            low,
            high,
        })
    }

    /// Lowest and highest coordinate.
    pub(crate) fn bounds(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// Lowest and highest value.
    pub(crate) fn ends(&self) -> (f64, f64) {
        self.prior.bounds()
    }

    /// Whether the coordinate lies within the bounds.
    pub(crate) fn contains(&self, coordinate: f64) -> bool {
        (self.low..=self.high).contains(&coordinate) && coordinate.is_finite()
    }

    /// The coordinate below which the prior lies with probability `p`.
    pub(crate) fn quantile(&self, p: f64) -> f64 {
        self.distribution.quantile(p)
    }

    /// The value of a coordinate, within the prior's bounds.
    pub(crate) fn value(&self, coordinate: f64) -> f64 {
        match self.prior {
            Prior::LogUniform { low, high } => exp(coordinate).clamp(low, high),
            _ => coordinate,
        }
    }

    /// The coordinate of a value, within the prior's bounds.
    pub(crate) fn coordinate(&self, value: f64) -> f64 {
        let coordinate = match self.prior {
            Prior::LogUniform { .. } => ln(value),
            _ => value,
        };
        coordinate.clamp(self.low, self.high)
    }

    /// Derivative of the value by the coordinate.
    pub(crate) fn slope(&self, coordinate: f64) -> f64 {
        match self.prior {
            Prior::LogUniform { .. } => exp(coordinate),
            _ => 1.0,
        }
    }

    /// Mean and standard deviation of a normal prior before truncation; `None` for a flat one.
    pub(crate) fn normal(&self) -> Option<(f64, f64)> {
        match self.prior {
            Prior::TruncatedNormal { mean, sd, .. } => Some((mean, sd)),
            Prior::Uniform { .. } | Prior::LogUniform { .. } => None,
        }
    }

    /// Logarithm of the density at a coordinate within the bounds, but for a constant.
    pub(crate) fn ln_density(&self, coordinate: f64) -> f64 {
        match self.prior {
            Prior::TruncatedNormal { mean, sd, .. } => {
                let z = (coordinate - mean) / sd;
                -0.5 * z * z
            }
            Prior::Uniform { .. } | Prior::LogUniform { .. } => 0.0,
        }
    }

    /// Standard deviation of the coordinate.
    pub(crate) fn sd(&self) -> f64 {
        match self.prior {
            Prior::Uniform { .. } | Prior::LogUniform { .. } => {
                (self.high - self.low) / 12.0_f64.sqrt()
            }
            Prior::TruncatedNormal { .. } => {
                let points = (0..POINTS)
                    .map(|k| self.quantile((f64::from(k) + 0.5) / f64::from(POINTS)))
                    .collect::<RunningMoments>();
                points.sd()
            }
        }
    }
}

/// A published statistic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct FitTarget {
    /// The published value.
    pub(crate) value: f64,
    /// Its standard error, above 0, where one is known.
    pub(crate) error: Option<f64>,
    /// The published interval, where one is given.
    pub(crate) interval: Option<Interval>,
    /// Its weight, above 0; usually 1.
    pub(crate) weight: f64,
}

impl FitTarget {
    /// Checks the numbers of target `target`; NaN is refused.
    pub(crate) fn check(&self, target: usize) -> Result<(), CalibrationError> {
        let refused = |why| Err(CalibrationError::Target { target, why });
        if !self.value.is_finite() {
            return refused("its value is not a finite number");
        }
        if self
            .error
            .is_some_and(|error| !(error > 0.0 && error.is_finite()))
        {
            return refused("its standard error is not above zero");
        }
        if self.interval.is_some_and(|it| {
            !(it.contains(self.value) && it.low.is_finite() && it.high.is_finite())
        }) {
            return refused("its interval does not hold its value");
        }
        if !(self.weight > 0.0 && self.weight.is_finite()) {
            return refused("its weight is not above zero");
        }
        Ok(())
    }

    /// Whether a statistic lies within the published interval, or within two standard errors of the
    /// value; `None` where neither is known.
    pub(crate) fn agrees(&self, statistic: f64) -> Option<bool> {
        match (self.interval, self.error) {
            (Some(it), _) => Some(it.contains(statistic)),
            (None, Some(error)) => Some((statistic - self.value).abs() <= 2.0 * error),
            (None, None) => None,
        }
    }
}

/// Largest contraction at which a parameter is identified.
const IDENTIFIED: f64 = 0.5;
/// Largest contraction at which a parameter is weakly identified.
const WEAKLY_IDENTIFIED: f64 = 0.85;
/// Fewest effective particles for a verdict: with these, a standard deviation is known to about an
/// eighth.
pub(crate) const LEAST_EFFECTIVE: f64 = 30.0;

/// Whether the targets identify a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Identification {
    /// The posterior is at most [`IDENTIFIED`] times as wide as the prior.
    Identified,
    /// The posterior is at most [`WEAKLY_IDENTIFIED`] times as wide as the prior.
    Weakly,
    /// The posterior is about as wide as the prior, or wider. Two distant modes look like this too; the
    /// chart tells them apart.
    Not,
    /// There are fewer than [`LEAST_EFFECTIVE`] effective particles.
    Undecided,
}

impl Identification {
    /// Words of tables, in the order of the variants.
    pub(crate) const WORDS: &'static [&'static str] = &[
        "identified",
        "weakly identified",
        "not identified",
        "undecided",
    ];

    /// The verdict on a contraction, estimated from a number of effective particles; NaN identifies
    /// nothing.
    pub(crate) fn of(contraction: f64, effective: f64) -> Identification {
        if effective.is_nan() || effective < LEAST_EFFECTIVE {
            Identification::Undecided
        } else if contraction <= IDENTIFIED {
            Identification::Identified
        } else if contraction <= WEAKLY_IDENTIFIED {
            Identification::Weakly
        } else {
            Identification::Not
        }
    }
}

impl fmt::Display for Identification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Identification::WORDS[*self as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibrate::test_support::{value_alone, with_error};

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

    fn coordinate_of(prior: Prior) -> PriorCoordinate {
        PriorCoordinate::new(&prior, 0).expect("a prior")
    }

    #[test]
    fn a_log_uniform_prior_is_flat_in_orders_of_magnitude() {
        let prior = Prior::LogUniform {
            low: 0.01,
            high: 100.0,
        };
        assert!((prior.quantile(0.5) - 1.0).abs() < 1e-12);
        assert!((prior.quantile(0.25) - 0.1).abs() < 1e-12);
        assert_eq!((prior.quantile(0.0), prior.quantile(1.0)), (0.01, 100.0));
        assert!((coordinate_of(prior).bounds().1 - ln(100.0)).abs() < 1e-15);
    }

    #[test]
    fn a_wide_box_leaves_the_normal_its_spread_and_a_narrow_one_makes_it_flat() {
        let truncated = |low: f64, high: f64| {
            coordinate_of(Prior::TruncatedNormal {
                mean: 1.0,
                sd: 2.0,
                low,
                high,
            })
        };
        assert!((truncated(-30.0, 30.0).sd() - 2.0).abs() < 2e-3);
        assert!((truncated(0.99, 1.01).sd() / (0.02 / 12.0_f64.sqrt()) - 1.0).abs() < 1e-3);
        let (near, far) = (
            truncated(0.0, 4.0).ln_density(1.0),
            truncated(0.0, 4.0).ln_density(3.0),
        );
        assert_eq!(near - far, 0.5);
    }

    #[test]
    fn bounds_are_kept() {
        let axis = coordinate_of(Prior::Uniform {
            low: -1.0,
            high: 2.0,
        });
        assert!(axis.contains(-1.0) && axis.contains(2.0));
        assert!(!axis.contains(2.0 + 1e-9) && !axis.contains(f64::NAN));
    }

    #[test]
    fn what_is_no_prior_is_refused() {
        let refused = |prior: Prior| PriorCoordinate::new(&prior, 3).expect_err("no prior");
        let (low, high) = (1.0, 1.0);
        assert_eq!(
            refused(Prior::Uniform { low, high }),
            CalibrationError::Bounds {
                parameter: 3,
                low,
                high
            }
        );
        assert!(matches!(
            refused(Prior::LogUniform {
                low: 0.0,
                high: 1.0
            }),
            CalibrationError::NotPositive { .. }
        ));
        for (mean, sd) in [(0.0, 0.0), (f64::NAN, 1.0), (0.0, f64::NAN)] {
            let (low, high) = (-1.0, 1.0);
            let normal = Prior::TruncatedNormal {
                mean,
                sd,
                low,
                high,
            };
            assert!(matches!(refused(normal), CalibrationError::Spread { .. }));
        }
        let low = f64::NAN;
        assert!(matches!(
            refused(Prior::Uniform { low, high: 1.0 }),
            CalibrationError::Bounds { .. }
        ));
    }

    #[test]
    fn targets_out_of_range_are_refused() {
        let refused = |target: FitTarget| target.check(4).is_err();
        assert!(!refused(with_error(0.1, 0.2)));
        assert!(refused(value_alone(f64::NAN)));
        assert!(refused(with_error(0.1, 0.0)));
        assert!(refused(with_error(0.1, f64::NAN)));
        let interval = Some(Interval {
            low: 0.2,
            high: 0.3,
        });
        assert!(refused(FitTarget {
            interval,
            ..value_alone(0.1)
        }));
        assert!(refused(FitTarget {
            weight: 0.0,
            ..value_alone(0.1)
        }));
    }

    #[test]
    fn a_width_is_judged_only_where_particles_are_enough() {
        let words = |contraction, effective| Identification::of(contraction, effective).to_string();
        assert_eq!(words(0.5, 30.0), "identified");
        assert_eq!(words(0.51, 500.0), "weakly identified");
        assert_eq!(words(0.86, 500.0), "not identified");
        assert_eq!(words(f64::NAN, 500.0), "not identified");
        assert_eq!(words(0.01, 2.0), "undecided");
        assert_eq!(words(0.01, f64::NAN), "undecided");
    }
}
