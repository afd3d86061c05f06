//! Fixed-width stopping: replicate until the mean is known to a given half-width.
//!
//! Checking until an interval happens to be narrow stops too early, most of all for skewed values,
//! where the spread is underestimated in the same samples in which the mean is off. The rule is Chow &
//! Robbins' (1965) with three guards: a first stage, looks that are a tenth further apart each time,
//! and a variance that is inflated with the sample's skewness. Its coverage, measured by simulation, is
//! in the tests.

use super::interval::{Interval, student_quantile, upper_tail};
use super::summary::RunningMoments;
use thiserror::Error;

/// Fewest values before the first look.
const SHORTEST_FIRST_STAGE: u64 = 50;
/// Pseudo-observations by which each unit of 1 + skewness² inflates the variance: with three, means of
/// exponential variables are covered as often as those of normal ones.
const DOUBT: f64 = 3.0;

/// Why a stopping rule is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub(crate) enum StoppingError {
    /// The half-width is not a positive number.
    #[error("half-width is {value}, and must be above 0")]
    HalfWidth {
        /// The half-width given.
        value: f64,
    },
    /// The unit is not a positive number.
    #[error("unit is {value}, and must be above 0")]
    Unit {
        /// The unit given.
        value: f64,
    },
    /// The confidence is not in (0, 1).
    #[error("confidence is {value}, not between 0 and 1")]
    Confidence {
        /// The confidence given.
        value: f64,
    },
}

/// A rule that ends a study when the mean is known well enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct StoppingRule {
    half_width: f64,
    unit: f64,
    confidence: f64,
    first_stage: u64,
}

impl StoppingRule {
    /// Asks for the mean to within `half_width`, with the given confidence.
    ///
    /// `unit` is a typical spread of the outcome, 1 for proportions: it keeps a sample that has not
    /// varied yet from ending the study. The first look is after `first_stage` values, and never
    /// before the 50th.
    ///
    /// # Errors
    /// A [`StoppingError`] for numbers that are not positive or finite, or no confidence.
    pub(crate) fn new(
        half_width: f64,
        unit: f64,
        confidence: f64,
        first_stage: u64,
    ) -> Result<StoppingRule, StoppingError> {
        let positive = |value: f64| value > 0.0 && value.is_finite();
        if !positive(half_width) {
            return Err(StoppingError::HalfWidth { value: half_width });
        }
        if !positive(unit) {
            return Err(StoppingError::Unit { value: unit });
        }
        if upper_tail(confidence).is_nan() {
            return Err(StoppingError::Confidence { value: confidence });
        }
        let first_stage = first_stage.max(SHORTEST_FIRST_STAGE);
        Ok(StoppingRule {
            half_width,
            unit,
            confidence,
            first_stage,
        })
    }

    /// The count at which to look again, after a look at `count` values.
    pub(crate) fn next_look(&self, count: u64) -> u64 {
        if count < self.first_stage {
            self.first_stage
        } else {
            count + count.div_ceil(10)
        }
    }

    /// Looks at the values so far: the interval of the mean if it is time to stop, `None` if not.
    ///
    /// The interval is the requested one, the mean ± half-width. Coverage holds for looks at the
    /// counts of [`StoppingRule::next_look`]; more frequent ones lower it.
    pub(crate) fn look(&self, moments: &RunningMoments) -> Option<Interval> {
        (moments.count() >= self.first_stage && self.reach(moments) <= self.half_width)
            .then(|| Interval::around(moments.mean(), self.half_width))
    }

    /// The half-width that the values so far are worth.
    fn reach(&self, moments: &RunningMoments) -> f64 {
        let n = moments.count() as f64;
        // A sample without any variation has no skewness either.
        let skewness = if moments.variance() > 0.0 {
            moments.skewness()
        } else {
            0.0
        };
        let inflation = 1.0 + DOUBT * (1.0 + skewness * skewness) / n;
        let variance = moments.variance() * inflation + self.unit * self.unit / n;
        student_quantile(upper_tail(self.confidence), n - 1.0) * (variance / n).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::functions::{exp, ln};
    use crate::stats::interval::CONFIDENCE;
    use crate::stats::test_support::{covered, normals, uniforms};

    fn rule(half_width: f64) -> StoppingRule {
        StoppingRule::new(half_width, 1.0, CONFIDENCE, 0).expect("a rule that can be kept")
    }

    /// Draws until the rule says stop.
    fn study(rule: &StoppingRule, mut values: impl Iterator<Item = f64>) -> (u64, Interval) {
        let mut moments = RunningMoments::default();
        loop {
            let more = rule.next_look(moments.count()) - moments.count();
            moments.extend(values.by_ref().take(more as usize));
            if let Some(interval) = rule.look(&moments) {
                return (moments.count(), interval);
            }
        }
    }

    fn assert_honest(what: &str, truth: f64, half_width: f64, values: fn(u64) -> Values) {
        let rule = rule(half_width);
        let rate = covered(truth, |number| study(&rule, values(number)).1);
        assert!((0.93..=0.97).contains(&rate), "{what}: {rate}");
    }

    type Values = Box<dyn Iterator<Item = f64>>;

    #[test]
    fn normal_means_are_covered_as_often_as_the_rule_says() {
        assert_honest("normal, 0.12", 0.0, 0.12, |number| {
            Box::new(normals(number))
        });
        assert_honest("normal, 0.24", 0.0, 0.24, |number| {
            Box::new(normals(number))
        });
    }

    #[test]
    fn skewed_means_are_covered_as_often_as_the_rule_says() {
        let exponential = |number| Box::new(uniforms(number).map(|u| -ln(u))) as Values;
        assert_honest("exponential, 0.12", 1.0, 0.12, exponential);
        assert_honest("exponential, 0.24", 1.0, 0.24, exponential);
        let log_normal = |number| Box::new(normals(number).map(|z| exp(0.5 * z))) as Values;
        assert_honest("log-normal", exp(0.125), 0.08, log_normal);
    }

    #[test]
    fn proportions_are_covered_as_often_as_the_rule_says() {
        let binary =
            |number| Box::new(uniforms(number).map(|u| f64::from(u8::from(u < 0.3)))) as Values;
        assert_honest("binary of 0.3, 0.04", 0.3, 0.04, binary);
        assert_honest("binary of 0.3, 0.08", 0.3, 0.08, binary);
        let rare =
            |number| Box::new(uniforms(number).map(|u| f64::from(u8::from(u < 0.02)))) as Values;
        assert_honest("binary of 0.02", 0.02, 0.012, rare);
    }

    #[test]
    fn a_study_is_little_longer_than_the_spread_requires() {
        // With a known standard deviation of 1: (1.96 / 0.1)² = 384 values.
        let counts = (0..200).map(|number| study(&rule(0.1), normals(number)).0);
        let mean = counts.sum::<u64>() as f64 / 200.0;
        assert!((384.0..450.0).contains(&mean), "{mean}");
    }

    #[test]
    fn values_that_have_not_varied_yet_do_not_end_a_study() {
        let still: RunningMoments = std::iter::repeat_n(0.0, 60).collect();
        assert_eq!(rule(0.01).look(&still), None);
        assert!(rule(0.5).look(&still).is_some());
        let none = RunningMoments::default();
        assert_eq!(rule(1e9).look(&none), None);
        let missing: RunningMoments = std::iter::repeat_n(f64::NAN, 100).collect();
        assert_eq!(rule(1e9).look(&missing), None);
    }

    #[test]
    fn looks_begin_after_the_first_stage_and_move_apart() {
        let rule = StoppingRule::new(0.1, 1.0, 0.9, 200).expect("a rule that can be kept");
        assert_eq!(
            [0, 199, 200, 220, 242].map(|n| rule.next_look(n)),
            [200, 200, 220, 242, 267]
        );
        assert_eq!(
            super::StoppingRule::new(0.1, 1.0, 0.9, 3).map(|r| r.next_look(0)),
            Ok(50)
        );
    }

    #[test]
    fn rules_that_cannot_be_kept_are_refused() {
        let refused = |half_width, unit, confidence| {
            StoppingRule::new(half_width, unit, confidence, 0).expect_err("an impossible rule")
        };
        assert_eq!(
            refused(0.0, 1.0, 0.95),
            StoppingError::HalfWidth { value: 0.0 }
        );
        assert!(matches!(
            refused(f64::NAN, 1.0, 0.95),
            StoppingError::HalfWidth { .. }
        ));
        assert_eq!(
            refused(0.1, -1.0, 0.95),
            StoppingError::Unit { value: -1.0 }
        );
        assert_eq!(
            refused(0.1, 1.0, 1.0),
            StoppingError::Confidence { value: 1.0 }
        );
    }
}
