//! Bootstrap intervals of any statistic, with resamples that have addresses.
//!
//! Resample r reads the keystream of "couple" (purpose, r), so an interval is a function of the
//! seed and the sample alone, and one analysis does not disturb another. Resample whole couples,
//! not persons: the two persons of a couple are not independent.

use super::interval::{Interval, upper_tail};
use crate::math::functions::{normal_cdf, normal_quantile};
use crate::rng::Key;
use rand::Rng;

/// How and how often to resample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bootstrap {
    /// Seed and place of the randomness, in [`StreamKind::Study`](crate::rng::StreamKind).
    pub key: Key,
    /// Number of this analysis among those that share the key.
    pub purpose: u32,
    /// How many resamples; a thousand and more for 95 % intervals.
    pub resamples: u32,
}

impl Bootstrap {
    /// The interval between quantiles of the resampled statistic.
    ///
    /// Undefined of an empty sample, without resamples, and where the statistic gives NaN.
    pub fn percentile<T: Clone>(
        &self,
        sample: &[T],
        statistic: impl Fn(&[T]) -> f64,
        confidence: f64,
    ) -> Interval {
        let upper = upper_tail(confidence);
        between(&self.resampled(sample, &statistic), 1.0 - upper, upper)
    }

    /// The bias-corrected and accelerated interval (Efron 1987), whose acceleration comes from the
    /// jackknife.
    ///
    /// Undefined as [`Bootstrap::percentile`] is, and of samples of fewer than two, without any
    /// variation, or where all resamples lie on one side of the estimate.
    pub fn accelerated<T: Clone>(
        &self,
        sample: &[T],
        statistic: impl Fn(&[T]) -> f64,
        confidence: f64,
    ) -> Interval {
        let resampled = self.resampled(sample, &statistic);
        let left_out = jackknife(sample, &statistic);
        accelerated(&resampled, &left_out, statistic(sample), confidence)
    }

    /// The statistic of each resample, ascending.
    fn resampled<T: Clone>(&self, sample: &[T], statistic: &impl Fn(&[T]) -> f64) -> Vec<f64> {
        if sample.is_empty() {
            return Vec::new();
        }
        let mut scratch = Vec::with_capacity(sample.len());
        let mut values: Vec<f64> = (0..self.resamples)
            .map(|number| {
                let place = u64::from(self.purpose) << 32 | u64::from(number);
                let mut rng = self.key.stream(place, 0);
                scratch.clear();
                scratch.extend(
                    sample
                        .iter()
                        .map(|_| sample[index(rng.next_u64(), sample.len())].clone()),
                );
                statistic(&scratch)
            })
            .collect();
        values.sort_by(f64::total_cmp);
        values
    }
}

/// The place that a random word points at: each has the same share of the words, but for one.
fn index(word: u64, places: usize) -> usize {
    ((u128::from(word) * places as u128) >> 64) as usize
}

/// The statistic of the sample without each of its members in turn.
fn jackknife<T: Clone>(sample: &[T], statistic: &impl Fn(&[T]) -> f64) -> Vec<f64> {
    let mut rest = sample.get(1..).unwrap_or_default().to_vec();
    let mut values = Vec::with_capacity(sample.len());
    for (left_out, member) in sample.iter().enumerate() {
        values.push(statistic(&rest));
        if let Some(next) = rest.get_mut(left_out) {
            *next = member.clone();
        }
    }
    values
}

fn accelerated(resampled: &[f64], left_out: &[f64], estimate: f64, confidence: f64) -> Interval {
    let below = resampled.iter().filter(|value| **value < estimate).count();
    let upto = resampled.iter().filter(|value| **value <= estimate).count();
    let bias = normal_quantile(0.5 * (below + upto) as f64 / resampled.len() as f64);
    let acceleration = acceleration(left_out);
    let upper = upper_tail(confidence);
    let level = |p: f64| {
        let sum = bias + normal_quantile(p);
        normal_cdf(bias + sum / (1.0 - acceleration * sum))
    };
    between(resampled, level(1.0 - upper), level(upper))
}

fn acceleration(left_out: &[f64]) -> f64 {
    let mean = left_out.iter().sum::<f64>() / left_out.len() as f64;
    let (squares, cubes) = left_out.iter().fold((0.0, 0.0), |(squares, cubes), value| {
        let deviation = mean - value;
        (
            squares + deviation * deviation,
            cubes + deviation * deviation * deviation,
        )
    });
    cubes / (6.0 * squares * squares.sqrt())
}

/// Two quantiles of ascending values, interpolated linearly (type 7 of Hyndman & Fan 1996).
fn between(ascending: &[f64], low: f64, high: f64) -> Interval {
    let has_nan = |values: &[f64]| values.iter().any(|value| value.is_nan());
    if ascending.is_empty() || has_nan(ascending) || has_nan(&[low, high]) {
        return Interval::UNDEFINED;
    }
    let quantile = |p: f64| {
        let place = p * (ascending.len() - 1) as f64;
        let below = place.floor();
        let one = ascending[below as usize];
        let next = ascending[(below as usize + 1).min(ascending.len() - 1)];
        one + (place - below) * (next - one)
    };
    Interval {
        low: quantile(low),
        high: quantile(high),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::StreamKind;
    use crate::stats::interval::CONFIDENCE;
    use crate::stats::test_support::{covered, normals, numbers};

    fn bootstrap(seed: u64, resamples: u32) -> Bootstrap {
        Bootstrap {
            key: Key::new(seed, 0, 0, StreamKind::Study),
            purpose: 0,
            resamples,
        }
    }

    fn mean(sample: &[f64]) -> f64 {
        sample.iter().sum::<f64>() / sample.len() as f64
    }

    fn skewed(study: u64, size: usize) -> Vec<f64> {
        normals(study)
            .take(size)
            .map(|z| crate::math::functions::exp(0.5 * z))
            .collect()
    }

    #[test]
    fn the_first_intervals_are_what_they_were() {
        let sample = skewed(1, 12);
        let ends = |interval: Interval| [interval.low, interval.high];
        let found = ends(bootstrap(2026, 200).percentile(&sample, mean, CONFIDENCE));
        assert_eq!(found, FIRST_PERCENTILE);
        let found = ends(bootstrap(2026, 200).accelerated(&sample, mean, CONFIDENCE));
        assert_eq!(found, FIRST_ACCELERATED);
    }

    const FIRST_PERCENTILE: [f64; 2] = [0.8958763803443296, 1.3480262070689588];
    const FIRST_ACCELERATED: [f64; 2] = [0.8963531725041067, 1.359812073590157];

    #[test]
    fn resamples_depend_on_their_address_alone() {
        let sample = skewed(2, 20);
        let (short, long) = (bootstrap(7, 50), bootstrap(7, 51));
        let (short, long) = (
            short.resampled(&sample, &mean),
            long.resampled(&sample, &mean),
        );
        let extra = long.iter().filter(|value| !short.contains(value)).count();
        assert!(
            extra <= 1,
            "one more resample leaves the others as they were"
        );
        let other = Bootstrap {
            purpose: 1,
            ..bootstrap(7, 50)
        };
        assert_ne!(other.resampled(&sample, &mean), short);
    }

    /// The fixture's lines are: sample, resampled means, estimate with both ends (SciPy's `_bca_interval`).
    #[test]
    fn the_accelerated_interval_agrees_with_scipy() {
        let lines: Vec<Vec<f64>> = include_str!("../../tests/oracles/bootstrap.csv")
            .lines()
            .map(numbers)
            .collect();
        let (sample, mut resampled, expected) = (&lines[0], lines[1].clone(), &lines[2]);
        resampled.sort_by(f64::total_cmp);
        let found = accelerated(
            &resampled,
            &jackknife(sample, &mean),
            mean(sample),
            CONFIDENCE,
        );
        assert!(
            (found.low - expected[0]).abs() < 1e-12,
            "{found:?} {expected:?}"
        );
        assert!(
            (found.high - expected[1]).abs() < 1e-12,
            "{found:?} {expected:?}"
        );
    }

    #[test]
    fn the_jackknife_leaves_each_member_out_once() {
        let sums = jackknife(&[1.0, 10.0, 100.0], &|rest: &[f64]| rest.iter().sum());
        assert_eq!(sums, [110.0, 101.0, 11.0]);
    }

    #[test]
    fn what_cannot_be_resampled_has_no_interval() {
        let undefined = |interval: Interval| interval.low.is_nan() && interval.high.is_nan();
        assert!(undefined(bootstrap(1, 100).percentile(
            &[],
            mean,
            CONFIDENCE
        )));
        assert!(undefined(bootstrap(1, 0).percentile(
            &[1.0, 2.0],
            mean,
            CONFIDENCE
        )));
        assert!(undefined(bootstrap(1, 100).percentile(
            &[1.0, f64::NAN],
            mean,
            CONFIDENCE
        )));
        assert!(undefined(
            bootstrap(1, 100).accelerated(&[3.0; 5], mean, CONFIDENCE)
        ));
        assert!(undefined(bootstrap(1, 100).accelerated(
            &[3.0],
            mean,
            CONFIDENCE
        )));
        assert!(undefined(bootstrap(1, 100).accelerated(
            &[],
            mean,
            CONFIDENCE
        )));
        assert!(undefined(bootstrap(1, 100).percentile(
            &[1.0, 2.0],
            mean,
            1.0
        )));
    }

    #[test]
    fn percentile_intervals_cover_a_normal_mean_as_often_as_they_say() {
        let rate = covered(0.0, |study| {
            let sample: Vec<f64> = normals(study).take(60).collect();
            bootstrap(study, 400).percentile(&sample, mean, CONFIDENCE)
        });
        assert!((0.93..=0.97).contains(&rate), "{rate}");
    }

    #[test]
    fn accelerated_intervals_cover_a_skewed_mean_as_often_as_they_say() {
        let truth = crate::math::functions::exp(0.125);
        let rate = covered(truth, |study| {
            bootstrap(study, 600).accelerated(&skewed(study, 150), mean, CONFIDENCE)
        });
        assert!((0.93..=0.97).contains(&rate), "{rate}");
    }
}
