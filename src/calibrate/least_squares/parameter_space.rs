//! The space of a search: each parameter in widths of its prior.

use crate::calibrate::error::CalibrationError;
use crate::calibrate::problem::PriorCoordinate;

/// Probability of either tail outside the middle 95 % of a prior.
const TAIL: f64 = 0.025;

/// Distance from a bound, in widths, at which a parameter counts as at the bound.
pub(crate) const AT_BOUND: f64 = 1e-9;

/// The space of a search. A parameter's unit is the width of the middle 95 % of its prior, of the
/// logarithm if that is log-uniform.
#[derive(Clone, Debug)]
pub(crate) struct ParameterSpace {
    priors: Vec<PriorCoordinate>,
    widths: Vec<f64>,
    /// For each normal prior its mean in this space, and the weight of a departure by one width.
    normals: Vec<Option<(f64, f64)>>,
}

impl ParameterSpace {
    pub(crate) fn new(priors: Vec<PriorCoordinate>, prior_weight: f64) -> ParameterSpace {
        let width = |prior: &PriorCoordinate| prior.quantile(1.0 - TAIL) - prior.quantile(TAIL);
        let widths: Vec<f64> = priors.iter().map(width).collect();
        let normal = |(prior, width): (&PriorCoordinate, &f64)| {
            let (mean, sd) = prior.normal()?;
            Some((mean / width, prior_weight * width / sd))
        };
        let normals = priors.iter().zip(&widths).map(normal).collect();
        ParameterSpace {
            priors,
            widths,
            normals,
        }
    }

    /// Number of parameters.
    pub(crate) fn size(&self) -> usize {
        self.priors.len()
    }

    /// The start: the given values, and medians where none is given.
    ///
    /// # Errors
    /// [`CalibrationError::Start`] for a value outside the prior; [`CalibrationError::Length`].
    pub(crate) fn start(&self, starts: &[Option<f64>]) -> Result<Vec<f64>, CalibrationError> {
        let point = |(parameter, start): (usize, &Option<f64>)| {
            let prior = &self.priors[parameter];
            let coordinate = match *start {
                None => prior.quantile(0.5),
                Some(start) => {
                    let value = prior.coordinate(start);
                    let back = (prior.value(value) - start).abs();
                    let inside = back <= 1e-9 * start.abs().max(self.widths[parameter]);
                    if !inside {
                        return Err(CalibrationError::Start { parameter, start });
                    }
                    value
                }
            };
            Ok(coordinate / self.widths[parameter])
        };
        if starts.len() != self.size() {
            return Err(CalibrationError::Length {
                found: starts.len(),
                expected: self.size(),
            });
        }
        starts.iter().enumerate().map(point).collect()
    }

    /// The values of the parameters at a point; at a bound exactly the bound.
    pub(crate) fn values(&self, point: &[f64]) -> Vec<f64> {
        let value = |(parameter, x): (usize, &f64)| {
            let ((low, high), prior) = (self.bounds(parameter), &self.priors[parameter]);
            if x - low <= AT_BOUND {
                prior.ends().0
            } else if high - x <= AT_BOUND {
                prior.ends().1
            } else {
                prior.value(x * self.widths[parameter])
            }
        };
        point.iter().enumerate().map(value).collect()
    }

    /// Lowest and highest coordinate of a parameter.
    pub(crate) fn bounds(&self, parameter: usize) -> (f64, f64) {
        let (low, high) = self.priors[parameter].bounds();
        (low / self.widths[parameter], high / self.widths[parameter])
    }

    /// The coordinate of a parameter moved by a share of a width, up or down; to the other side if a
    /// bound is nearer than that, and to the farther bound if both are.
    pub(crate) fn moved(&self, parameter: usize, from: f64, share: f64, up: bool) -> f64 {
        let (low, high) = self.bounds(parameter);
        let (above, below) = (from + share, from - share);
        match (up, above <= high, below >= low) {
            (true, true, _) | (false, true, false) => above,
            (false, _, true) | (true, false, true) => below,
            _ if high - from >= from - low => high,
            _ => low,
        }
    }

    /// The residual of each prior and its slope, which is constant; zeros for flat priors.
    pub(crate) fn prior_residuals(&self, point: &[f64]) -> Vec<(f64, f64)> {
        let normals = self.normals.iter().zip(point);
        normals
            .map(|(normal, x)| match normal {
                Some((mean, weight)) => ((x - mean) * weight, *weight),
                None => (0.0, 0.0),
            })
            .collect()
    }

    /// Standard deviation of each prior in widths.
    pub(crate) fn spreads(&self) -> Vec<f64> {
        let priors = self.priors.iter().zip(&self.widths);
        priors.map(|(prior, width)| prior.sd() / width).collect()
    }

    /// A small distance, given in widths, in units of the parameter at a point.
    pub(crate) fn distance(&self, parameter: usize, point: f64, distance: f64) -> f64 {
        let width = self.widths[parameter];
        distance * width * self.priors[parameter].slope(point * width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibrate::problem::Prior;
    use crate::calibrate::test_support::normal;

    fn space() -> ParameterSpace {
        let priors = [
            Prior::Uniform {
                low: 1.0,
                high: 3.0,
            },
            Prior::LogUniform {
                low: 0.01,
                high: 1.0,
            },
            normal(5.0, 2.0),
        ];
        let priors = priors.iter().enumerate();
        let priors = priors.map(|(number, prior)| PriorCoordinate::new(prior, number));
        ParameterSpace::new(priors.collect::<Result<_, _>>().expect("priors"), 0.5)
    }

    #[test]
    fn a_width_is_the_middle_of_the_prior() {
        let space = space();
        let start = space.start(&[None, None, None]).expect("medians");
        let values = space.values(&start);
        for (value, expected) in values.iter().zip([2.0, 0.1, 5.0]) {
            assert!((value - expected).abs() < 1e-12, "{values:?}");
        }
        let up: Vec<f64> = start.iter().map(|x| x + 0.1).collect();
        let values = space.values(&up);
        let expected = [
            2.0 + 0.19,
            0.1 * crate::math::functions::exp(0.19 * std::f64::consts::LN_10),
            5.0 + 0.2 * 1.959_963_984_540_054 * 2.0,
        ];
        for (value, expected) in values.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-9, "{values:?}");
        }
        let [a, b, (residual, weight)] = space.prior_residuals(&up)[..] else {
            panic!("three parameters")
        };
        assert_eq!([a, b], [(0.0, 0.0); 2]);
        assert!((residual - 0.5 * 0.2 * 1.959_963_984_540_054).abs() < 1e-12);
        assert!((weight - residual / 0.1).abs() < 1e-9);
        let small = space.distance(1, up[1], 1e-3);
        assert!((small - values[1] * 1e-3 * 0.95 * 100f64.ln()).abs() < 1e-9);
    }

    #[test]
    fn starts_outside_the_priors_are_refused() {
        let start = |first| space().start(&[first, None, None]);
        assert!(start(Some(2.5)).is_ok());
        for outside in [0.5, f64::NAN] {
            let refused = start(Some(outside));
            assert!(matches!(refused, Err(CalibrationError::Start { .. })));
        }
        let refused = space().start(&[None]);
        assert!(matches!(refused, Err(CalibrationError::Length { .. })));
    }

    #[test]
    fn differences_stay_within_the_bounds() {
        let space = space();
        let (low, high) = space.bounds(0);
        assert_eq!(space.moved(0, low, 0.1, false), low + 0.1);
        assert_eq!(space.moved(0, high, 0.1, true), high - 0.1);
        assert_eq!(space.moved(0, low + 0.5, 0.1, false), low + 0.4);
        assert_eq!(space.moved(0, low + 0.4, 5.0, true), high);
        assert_eq!(space.moved(0, high - 0.4, 5.0, true), low);
        assert_eq!(space.moved(2, 7.0, 0.1, false), 6.9);
    }
}
