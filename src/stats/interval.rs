//! An interval of plausible values, and the convention for its confidence.

use crate::math::functions::normal_quantile;

/// The confidence of all intervals that tables and reports hold.
pub const CONFIDENCE: f64 = 0.95;

/// A closed interval; both ends are NaN where it is not defined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// The interval that is not defined.
    pub const UNDEFINED: Interval = Interval {
        low: f64::NAN,
        high: f64::NAN,
    };

    /// The interval of all values at most `half_width` from `centre`.
    pub fn around(centre: f64, half_width: f64) -> Interval {
        Interval {
            low: centre - half_width,
            high: centre + half_width,
        }
    }

    /// Half the distance between the ends.
    pub fn half_width(&self) -> f64 {
        0.5 * (self.high - self.low)
    }

    /// Says whether a value lies in the interval, ends included; never where it is undefined.
    pub fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

/// The probability below the upper end of a two-sided interval: 0.975 for a confidence of 0.95.
///
/// NaN, and through it an undefined interval, for a confidence outside (0, 1).
pub(crate) fn upper_tail(confidence: f64) -> f64 {
    if confidence > 0.0 && confidence < 1.0 {
        0.5 + 0.5 * confidence
    } else {
        f64::NAN
    }
}

/// How many standard errors a normal interval reaches to either side.
pub(crate) fn normal_reach(confidence: f64) -> f64 {
    normal_quantile(upper_tail(confidence))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_holds_its_ends_and_an_undefined_one_nothing() {
        let interval = Interval::around(2.0, 0.5);
        assert_eq!(
            (interval.low, interval.high, interval.half_width()),
            (1.5, 2.5, 0.5)
        );
        assert!(interval.contains(1.5) && interval.contains(2.5) && !interval.contains(2.6));
        assert!(!Interval::UNDEFINED.contains(0.0) && !interval.contains(f64::NAN));
    }

    #[test]
    fn only_confidences_between_0_and_1_have_a_reach() {
        assert!((normal_reach(CONFIDENCE) - 1.959_963_984_540_054).abs() < 1e-14);
        assert!(
            [0.0, 1.0, -0.5, f64::NAN]
                .iter()
                .all(|c| normal_reach(*c).is_nan())
        );
    }
}
