//! Sensitivity analysis: how much of an output's variation each input, or group of inputs, explains.
//!
//! Sobol' indices need a Saltelli design, elementary effects a Morris design; regression and partial
//! ranks take any sample, main effects any grid. All findings are [`Estimate`]s: a value, its
//! interval, and the [`Resolution`] whether the study is large enough for it. Outputs that are not finite
//! are dropped with what depends on them, and counted.
//!
//! An index is *resolved* when its interval reaches at most a stated tolerance to either side and rests
//! on at least [`LEAST_ROWS`] rows. Otherwise the verdict names the number of rows expected to be
//! enough, as intervals shrink with the square root of the rows: the present rows times
//! (half width / tolerance)². For Sobol' points it names the next power of two: their error shrinks faster
//! than a bootstrap of single rows can show, by a factor that it cannot tell.
//!
//! Such a verdict is about the outputs at hand. [`ensemble`] adds what the outputs' own random draws leave.
//!
//! Resampling is addressed: the rows of resample b are a function of the seed, the analysis and b, so
//! intervals are functions of the data and a seed.

pub(crate) mod elementary;
pub(crate) mod ensemble;
pub(crate) mod main_effects;
pub(crate) mod noise;
pub(crate) mod regression;
pub(crate) mod variance_based;

use crate::math::functions::normal_quantile;
use crate::rng::{Key, StreamKind};
use rand::Rng;
use std::fmt;
use thiserror::Error;

pub(crate) use elementary::elementary_effects;
pub(crate) use main_effects::{interactions, main_effects};
pub(crate) use noise::noise_share;
pub(crate) use regression::{partial_rank_correlations, standardised_regression};
pub(crate) use variance_based::variance_indices;

/// Fewest rows (or trajectories, or points) whose spread says anything about the next ones'.
const LEAST_ROWS: u64 = 16;

/// Why an analysis cannot be made.
#[derive(Clone, Debug, PartialEq, Error)]
pub(crate) enum SensitivityError {
    /// A confidence outside (0, 1).
    #[error("confidence {value} is not within (0, 1)")]
    Confidence {
        /// The confidence requested.
        value: f64,
    },
    /// Fewer than two resamples.
    #[error("{value} resamples are too few; 2 are the least")]
    Resamples {
        /// The number requested.
        value: u32,
    },
    /// A tolerance that is not positive.
    #[error("tolerance {value} is not above zero")]
    Tolerance {
        /// The tolerance requested.
        value: f64,
    },
    /// A number of outputs that does not fit the design.
    #[error("{found} values do not fit a design in units of {unit}")]
    Length {
        /// Outputs, or values of an axis, given.
        found: usize,
        /// The number that they must have, or must be a multiple of.
        unit: usize,
    },
    /// Nothing to explain the output by.
    #[error("there is no axis to explain the output by")]
    NoAxis,
    /// Too few rows are left after those with missing outputs were dropped.
    #[error("{usable} usable rows are too few; {needed} are the least")]
    TooFewRows {
        /// Rows left.
        usable: usize,
        /// Rows needed.
        needed: usize,
    },
    /// A trajectory that does not move each axis exactly once.
    #[error("trajectory {trajectory} does not move axis {axis} exactly once")]
    NotATrajectory {
        /// Its number, from 0.
        trajectory: usize,
        /// The axis, from 0.
        axis: usize,
    },
    /// An input that does not vary over the rows that can be used.
    #[error("axis {axis} does not vary over {usable} usable rows")]
    ConstantAxis {
        /// Its number, from 0.
        axis: usize,
        /// Rows left.
        usable: usize,
    },
    /// An input that the inputs before it determine in the rows that can be used.
    #[error("the axes before it determine axis {axis} over {usable} usable rows")]
    Collinear {
        /// Its number, from 0.
        axis: usize,
        /// Rows left.
        usable: usize,
    },
}

/// How findings are reported.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SensitivitySettings {
    /// Probability in (0, 1) that an interval is to hold the true value.
    pub confidence: f64,
    /// Resamples behind each bootstrap interval, 2 at least.
    pub resamples: u32,
    /// Seed of the resampling.
    pub seed: u64,
    /// Largest half width of a resolved index: for Sobol' indices and coefficients in their own
    /// units, for elementary effects as a share of the largest one.
    pub tolerance: f64,
}

impl Default for SensitivitySettings {
    /// 95 % intervals from 1,000 resamples, to be resolved to ± 0.05.
    fn default() -> SensitivitySettings {
        SensitivitySettings {
            confidence: 0.95,
            resamples: 1000,
            seed: 0,
            tolerance: 0.05,
        }
    }
}

impl SensitivitySettings {
    /// Checks the ranges; NaN is refused.
    pub(crate) fn check(&self) -> Result<(), SensitivityError> {
        if !(self.confidence > 0.0 && self.confidence < 1.0) {
            return Err(SensitivityError::Confidence {
                value: self.confidence,
            });
        }
        if self.resamples < 2 {
            return Err(SensitivityError::Resamples {
                value: self.resamples,
            });
        }
        if self.tolerance.is_nan() || self.tolerance <= 0.0 {
            return Err(SensitivityError::Tolerance {
                value: self.tolerance,
            });
        }
        Ok(())
    }

    /// Standard errors that a normal interval reaches to either side.
    pub(crate) fn normal_reach(&self) -> f64 {
        normal_quantile(self.upper_tail())
    }

    /// The probability below the upper end of an interval.
    pub(crate) fn upper_tail(&self) -> f64 {
        0.5 + self.confidence / 2.0
    }
}

/// Rows that a verdict advises at most.
const MOST_ROWS: u64 = 1 << 30;

/// What a study of its size says about an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resolution {
    /// The interval is as narrow as requested.
    Resolved,
    /// The interval is too wide, or rests on too few rows.
    NotResolved {
        /// Rows that it rests on.
        rows: u64,
        /// Rows that are expected to give an interval narrow enough.
        try_rows: u64,
    },
    /// The interval is too wide because there are few replicates.
    MoreReplicates,
    /// The output does not vary: there is nothing to explain.
    Constant,
    /// No output differs by it, so that nothing is known of the error: its effects may be rare.
    NoDifference,
    /// The points were chosen in a way that biases the estimate, however many there are.
    Biased,
}

impl fmt::Display for Resolution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Resolution::Resolved => write!(f, "resolved"),
            Resolution::NotResolved { rows, try_rows } if *try_rows > MOST_ROWS => {
                write!(
                    f,
                    "not resolved with n = {rows}, and more rows than can be run would be needed"
                )
            }
            Resolution::NotResolved { rows, try_rows } => {
                write!(f, "not resolved with n = {rows}, try {try_rows}")
            }
            Resolution::MoreReplicates => write!(f, "not resolved, try more replicates"),
            Resolution::Constant => write!(f, "the output is constant"),
            Resolution::NoDifference => write!(f, "not resolved: no run differs"),
            Resolution::Biased => write!(f, "biased by the optimized selection"),
        }
    }
}

/// The sizes that a design can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sizes {
    /// Powers of two.
    PowersOfTwo,
    /// Any number.
    Any,
}

/// A value with its interval and verdict.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Estimate {
    /// The estimate itself.
    pub value: f64,
    /// Lower end of its interval; NaN where nothing varies.
    pub low: f64,
    /// Upper end of its interval; NaN where nothing varies.
    pub high: f64,
    /// Whether the study is large enough.
    pub verdict: Resolution,
}

impl Estimate {
    /// Nothing, of an output that does not vary.
    pub(crate) const CONSTANT: Estimate = Estimate {
        value: 0.0,
        low: f64::NAN,
        high: f64::NAN,
        verdict: Resolution::Constant,
    };

    /// Judges an interval from `rows` rows by its larger arm. An interval of no length about zero says that
    /// no row has a difference, and not how rare these are.
    pub(crate) fn judged(
        value: f64,
        (low, high): (f64, f64),
        rows: u64,
        tolerance: f64,
        sizes: Sizes,
    ) -> Estimate {
        let arm = (high - value).max(value - low);
        if value == 0.0 && arm == 0.0 {
            return Estimate {
                verdict: Resolution::NoDifference,
                ..Estimate::CONSTANT
            };
        }
        let verdict = if arm <= tolerance && rows >= LEAST_ROWS {
            Resolution::Resolved
        } else {
            Resolution::NotResolved {
                rows,
                try_rows: rows_for(rows, arm / tolerance, sizes),
            }
        };
        Estimate {
            value,
            low,
            high,
            verdict,
        }
    }

    /// Whether nothing varies: there is no interval.
    pub(crate) fn is_without_variation(&self) -> bool {
        matches!(
            self.verdict,
            Resolution::Constant | Resolution::NoDifference
        )
    }

    /// Judges no more by its interval, which does not hold the bias.
    pub(crate) fn call_biased(&mut self) {
        if !self.is_without_variation() {
            self.verdict = Resolution::Biased;
        }
    }
}

/// Rows for an interval narrower by the given factor, always more than there are: the next number of
/// Sobol' points, whose error the interval overstates by an unknown factor.
fn rows_for(rows: u64, too_wide: f64, sizes: Sizes) -> u64 {
    if sizes == Sizes::PowersOfTwo {
        return (rows + 1).max(LEAST_ROWS).next_power_of_two();
    }
    let promised = rows as f64 * (too_wide * too_wide).max(1.0);
    // Far beyond any design, and far from where the cast would saturate.
    (promised.min((1_u64 << 62) as f64) as u64)
        .max(rows + 1)
        .max(LEAST_ROWS)
}

/// The rows of each resample, drawn with replacement from `rows` rows.
pub(crate) fn resamples(
    rows: usize,
    count: u32,
    seed: u64,
    purpose: &[u8; 8],
) -> impl Iterator<Item = Vec<usize>> {
    let key = Key::new(seed, u64::from_le_bytes(*purpose), 0, StreamKind::Study);
    (0..u64::from(count)).map(move |number| {
        let mut rng = key.stream(number, 0);
        let below = |word: u64| ((u128::from(word) * rows as u128) >> 64) as usize;
        (0..rows).map(|_| below(rng.next_u64())).collect()
    })
}

/// The mean; NaN of nothing.
pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The sum of squared deviations from the mean.
pub(crate) fn squares(values: &[f64]) -> f64 {
    let centre = mean(values);
    values.iter().map(|x| (x - centre) * (x - centre)).sum()
}

/// The standard deviation with n − 1 degrees of freedom; NaN of a single value.
pub(crate) fn deviation(values: &[f64]) -> f64 {
    (squares(values) / (values.len() as f64 - 1.0)).sqrt()
}

/// Whether values differ by no more than their rounding.
pub(crate) fn is_constant(values: &[f64]) -> bool {
    let (low, high) = values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
            (low.min(*x), high.max(*x))
        });
    high - low <= 8.0 * f64::EPSILON * high.abs().max(low.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(arm: f64, rows: u64, sizes: Sizes) -> Resolution {
        Estimate::judged(0.3, (0.3 - arm, 0.3 + arm), rows, 0.05, sizes).verdict
    }

    #[test]
    fn an_interval_four_times_too_wide_needs_sixteen_times_the_rows() {
        let verdict = judged(0.2, 30, Sizes::Any);
        assert_eq!(verdict.to_string(), "not resolved with n = 30, try 480");
    }

    #[test]
    fn sobol_points_are_doubled_however_wide_the_interval() {
        for arm in [0.06, 0.2, 3.0, f64::NAN] {
            let verdict = judged(arm, 64, Sizes::PowersOfTwo);
            assert_eq!(verdict.to_string(), "not resolved with n = 64, try 128");
        }
    }

    #[test]
    fn a_narrow_interval_from_enough_rows_is_resolved() {
        assert_eq!(judged(0.049, 16, Sizes::PowersOfTwo), Resolution::Resolved);
        let few = judged(0.0, 8, Sizes::PowersOfTwo);
        assert_eq!(
            few,
            Resolution::NotResolved {
                rows: 8,
                try_rows: 16
            }
        );
    }

    #[test]
    fn a_verdict_always_asks_for_more_and_never_overflows() {
        assert_eq!(
            judged(0.0501, 64, Sizes::PowersOfTwo),
            Resolution::NotResolved {
                rows: 64,
                try_rows: 128
            }
        );
        let huge = judged(f64::INFINITY, 64, Sizes::Any);
        assert_eq!(
            huge,
            Resolution::NotResolved {
                rows: 64,
                try_rows: 1 << 62
            }
        );
        assert_eq!(
            huge.to_string(),
            "not resolved with n = 64, and more rows than can be run would be needed"
        );
        assert!(matches!(
            judged(f64::NAN, 64, Sizes::Any),
            Resolution::NotResolved { .. }
        ));
    }

    #[test]
    fn settings_out_of_range_are_refused() {
        let with = |change: fn(&mut SensitivitySettings)| {
            let mut settings = SensitivitySettings::default();
            change(&mut settings);
            settings.check()
        };
        assert_eq!(with(|_| {}), Ok(()));
        assert!(with(|s| s.confidence = f64::NAN).is_err());
        assert!(with(|s| s.confidence = 1.0).is_err());
        assert!(with(|s| s.resamples = 1).is_err());
        assert!(with(|s| s.tolerance = 0.0).is_err());
    }

    #[test]
    fn resamples_have_addresses() {
        let few: Vec<_> = resamples(50, 3, 9, b"testing ").collect();
        let many: Vec<_> = resamples(50, 10, 9, b"testing ").collect();
        assert_eq!(few, many[..3]);
        assert_ne!(many[0], many[1]);
        assert_ne!(few, resamples(50, 3, 10, b"testing ").collect::<Vec<_>>());
        assert_ne!(few, resamples(50, 3, 9, b"another ").collect::<Vec<_>>());
        assert_eq!(few[0][..4], FIRST);
    }

    const FIRST: [usize; 4] = [48, 17, 10, 16];

    #[test]
    fn all_rows_are_drawn_about_equally_often() {
        let mut counts = [0_i32; 7];
        resamples(7, 2000, 1, b"testing ")
            .flatten()
            .for_each(|row| counts[row] += 1);
        assert!(counts.iter().all(|n| (n - 2000).abs() < 180), "{counts:?}");
    }

    #[test]
    fn rounding_is_no_variation() {
        assert!(is_constant(&[0.1 + 0.2, 0.3]));
        assert!(is_constant(&[0.0, 0.0]));
        assert!(!is_constant(&[1e9, 1e9 + 1e-3]));
    }
}
