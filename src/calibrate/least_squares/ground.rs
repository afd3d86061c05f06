//! Where a search moves: each parameter in widths of its prior.

use crate::calibrate::abc::CalibrationFault;
use crate::calibrate::abc::Prior;
use crate::calibrate::abc::prior::Axis;

/// Half of what the middle 95 % of a prior leave out.
const TAIL: f64 = 0.025;

/// Share of a width within which a parameter lies at its bound.
pub(crate) const AT_BOUND: f64 = 1e-9;

/// The coordinates of a search. A parameter's unit is the width of the middle 95 % of its prior, in
/// the logarithm where that is log-uniform.
#[derive(Clone, Debug)]
pub(crate) struct Ground {
    axes: Vec<Axis>,
    widths: Vec<f64>,
    /// Mean of a normal prior as a place, and the weight of a departure by one width.
    pulls: Vec<Option<(f64, f64)>>,
}

impl Ground {
    pub(crate) fn new(priors: &[Prior], prior_weight: f64) -> Result<Ground, CalibrationFault> {
        let axes = priors.iter().enumerate();
        let axes: Vec<Axis> = axes
            .map(|(number, prior)| Axis::new(prior, number))
            .collect::<Result<_, _>>()?;
        let width = |axis: &Axis| axis.quantile(1.0 - TAIL) - axis.quantile(TAIL);
        let widths: Vec<f64> = axes.iter().map(width).collect();
        let pull = |(axis, width): (&Axis, &f64)| {
            let (mean, sd) = axis.pull()?;
            Some((mean / width, prior_weight * width / sd))
        };
        let pulls = axes.iter().zip(&widths).map(pull).collect();
        Ok(Ground {
            axes,
            widths,
            pulls,
        })
    }

    /// Number of parameters.
    pub(crate) fn size(&self) -> usize {
        self.axes.len()
    }

    /// The place of the start: values given, and medians.
    pub(crate) fn start(&self, starts: &[Option<f64>]) -> Result<Vec<f64>, CalibrationFault> {
        let place = |(parameter, start): (usize, &Option<f64>)| {
            let axis = &self.axes[parameter];
            let coordinate = match *start {
                None => axis.quantile(0.5),
                Some(start) => {
                    let value = axis.coordinate(start);
                    let back = (axis.value(value) - start).abs();
                    let inside = back <= 1e-9 * start.abs().max(self.widths[parameter]);
                    if !inside {
                        return Err(CalibrationFault::Start { parameter, start });
                    }
                    value
                }
            };
            Ok(coordinate / self.widths[parameter])
        };
        starts.iter().enumerate().map(place).collect()
    }

    /// The values of the parameters at a place; at a bound, that of the bound to the last digit.
    pub(crate) fn values(&self, place: &[f64]) -> Vec<f64> {
        let value = |(parameter, x): (usize, &f64)| {
            let ((low, high), axis) = (self.bounds(parameter), &self.axes[parameter]);
            if x - low <= AT_BOUND {
                axis.ends().0
            } else if high - x <= AT_BOUND {
                axis.ends().1
            } else {
                axis.value(x * self.widths[parameter])
            }
        };
        place.iter().enumerate().map(value).collect()
    }

    /// Lowest and highest place of a parameter.
    pub(crate) fn bounds(&self, parameter: usize) -> (f64, f64) {
        let (low, high) = self.axes[parameter].bounds();
        (low / self.widths[parameter], high / self.widths[parameter])
    }

    /// Where a parameter comes to when it is moved by a share of a width, up or down, and to the other
    /// side where the bound is nearer than that; in the narrowest box, to the farther bound.
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

    /// What the priors hold of a place: each normal one's residual and its slope, which is a constant;
    /// zeros for flat ones.
    pub(crate) fn pulled(&self, place: &[f64]) -> Vec<(f64, f64)> {
        let pulls = self.pulls.iter().zip(place);
        pulls
            .map(|(pull, x)| match pull {
                Some((mean, weight)) => ((x - mean) * weight, *weight),
                None => (0.0, 0.0),
            })
            .collect()
    }

    /// Standard deviation of each prior in widths, whatever its kind.
    pub(crate) fn spreads(&self) -> Vec<f64> {
        let axes = self.axes.iter().zip(&self.widths);
        axes.map(|(axis, width)| axis.sd() / width).collect()
    }

    /// What a small distance in widths is in values of a parameter, at a place.
    pub(crate) fn distance(&self, parameter: usize, place: f64, distance: f64) -> f64 {
        let width = self.widths[parameter];
        distance * width * self.axes[parameter].slope(place * width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ground() -> Ground {
        let priors = [
            Prior::Uniform {
                low: 1.0,
                high: 3.0,
            },
            Prior::LogUniform {
                low: 0.01,
                high: 1.0,
            },
            Prior::Normal { mean: 5.0, sd: 2.0 },
        ];
        Ground::new(&priors, 0.5).expect("priors")
    }

    #[test]
    fn a_width_is_the_middle_of_the_prior() {
        let ground = ground();
        let start = ground.start(&[None, None, None]).expect("medians");
        let values = ground.values(&start);
        for (value, expected) in values.iter().zip([2.0, 0.1, 5.0]) {
            assert!((value - expected).abs() < 1e-12, "{values:?}");
        }
        let up: Vec<f64> = start.iter().map(|x| x + 0.1).collect();
        let values = ground.values(&up);
        let expected = [
            2.0 + 0.19,
            0.1 * crate::math::functions::exp(0.19 * std::f64::consts::LN_10),
            5.0 + 0.2 * 1.959_963_984_540_054 * 2.0,
        ];
        for (value, expected) in values.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-9, "{values:?}");
        }
        let [a, b, (residual, weight)] = ground.pulled(&up)[..] else {
            panic!("three parameters")
        };
        assert_eq!([a, b], [(0.0, 0.0); 2]);
        assert!((residual - 0.5 * 0.2 * 1.959_963_984_540_054).abs() < 1e-12);
        assert!((weight - residual / 0.1).abs() < 1e-9);
        let small = ground.distance(1, up[1], 1e-3);
        assert!((small - values[1] * 1e-3 * 0.95 * 100f64.ln()).abs() < 1e-9);
    }

    #[test]
    fn differences_stay_within_the_bounds() {
        let ground = ground();
        let (low, high) = ground.bounds(0);
        assert_eq!(ground.moved(0, low, 0.1, false), low + 0.1);
        assert_eq!(ground.moved(0, high, 0.1, true), high - 0.1);
        assert_eq!(ground.moved(0, low + 0.5, 0.1, false), low + 0.4);
        assert_eq!(ground.moved(0, low + 0.4, 5.0, true), high);
        assert_eq!(ground.moved(0, high - 0.4, 5.0, true), low);
        assert_eq!(ground.moved(2, 7.0, 0.1, false), 6.9);
    }
}
