//! The scale on which a quantity is inferred: its prior, or the distribution that an effect has over the simulations.

use crate::calibrate::problem::PriorCoordinate;
use crate::math::functions::normal_quantile;
use crate::stats::summary::RunningMoments;

/// The distribution of a quantity before any data.
#[derive(Clone, Debug)]
pub(crate) enum QuantityScale {
    /// The prior that it is drawn from.
    Prior(PriorCoordinate),
    /// The values that simulations gave, in their order.
    Simulated(Vec<f64>),
}

impl QuantityScale {
    /// The scale of values of simulations, and the normal score of each of them by its rank; NaN of one that is not known.
    pub(crate) fn of_values(values: &[f64]) -> (QuantityScale, Vec<f64>) {
        let is_known = |place: &usize| values[*place].is_finite();
        let mut order: Vec<usize> = (0..values.len()).filter(is_known).collect();
        order.sort_by(|one, other| values[*one].total_cmp(&values[*other]));
        let mut scores = vec![f64::NAN; values.len()];
        for (rank, place) in order.iter().enumerate() {
            scores[*place] = normal_quantile((rank as f64 + 0.5) / order.len() as f64);
        }
        let sorted = order.iter().map(|place| values[*place]).collect();
        (QuantityScale::Simulated(sorted), scores)
    }

    /// The coordinate below which a share of the distribution lies: the logarithm where a prior is log-uniform.
    pub(crate) fn coordinate(&self, place: f64) -> f64 {
        match self {
            QuantityScale::Prior(prior) => prior.quantile(place),
            QuantityScale::Simulated(values) => {
                let Some(last) = values.len().checked_sub(1) else {
                    return f64::NAN;
                };
                let at = (place * values.len() as f64 - 0.5).clamp(0.0, last as f64);
                let (below, share) = (at as usize, at.fract());
                let above = values[(below + 1).min(last)];
                values[below] + share * (above - values[below])
            }
        }
    }

    /// The value at a coordinate.
    pub(crate) fn value(&self, coordinate: f64) -> f64 {
        match self {
            QuantityScale::Prior(prior) => prior.value(coordinate),
            QuantityScale::Simulated(_) => coordinate,
        }
    }

    /// The value below which a share of the distribution lies.
    pub(crate) fn value_at(&self, place: f64) -> f64 {
        self.value(self.coordinate(place))
    }

    /// Variance of the coordinate.
    pub(crate) fn variance(&self) -> f64 {
        match self {
            QuantityScale::Prior(prior) => prior.sd() * prior.sd(),
            QuantityScale::Simulated(values) => {
                let sd = values.iter().copied().collect::<RunningMoments>().sd();
                sd * sd
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::functions::normal_cdf;

    #[test]
    fn a_simulated_value_is_at_the_place_of_its_score() {
        let values = [3.0, f64::NAN, -1.0, 7.5, 3.5];
        let (scale, scores) = QuantityScale::of_values(&values);
        assert!(scores[1].is_nan());
        for (value, score) in values.iter().zip(&scores) {
            if score.is_finite() {
                assert!((scale.value_at(normal_cdf(*score)) - value).abs() < 1e-9);
            }
        }
        assert_eq!((scale.value_at(0.0), scale.value_at(1.0)), (-1.0, 7.5));
        // Of -1, 3, 3.5 and 7.5 about their mean of 3.25.
        assert!((scale.variance() - (18.0625 + 0.0625 + 0.0625 + 18.0625) / 3.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_is_known_of_no_values() {
        let (scale, scores) = QuantityScale::of_values(&[f64::NAN]);
        assert!(scale.value_at(0.5).is_nan() && scores[0].is_nan());
    }
}
