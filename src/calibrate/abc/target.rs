//! Published statistics, and how far simulated ones are from them.

use super::CalibrationFault;
use super::weighted::median;
use crate::stats::interval::Interval;

/// A published statistic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// The published value.
    pub value: f64,
    /// Its standard error, above 0, where one is known.
    pub error: Option<f64>,
    /// The published interval, where one is given.
    pub interval: Option<Interval>,
    /// How much it counts, above 0; 1 is usual.
    pub weight: f64,
}

impl Target {
    /// A target of weight 1 with a standard error.
    pub fn with_error(value: f64, error: f64) -> Target {
        Target {
            value,
            error: Some(error),
            interval: None,
            weight: 1.0,
        }
    }

    /// A target of weight 1 of which the value alone is known.
    pub fn bare(value: f64) -> Target {
        Target {
            value,
            error: None,
            interval: None,
            weight: 1.0,
        }
    }

    /// Checks the numbers of target `target`; NaN is refused.
    pub(crate) fn check(&self, target: usize) -> Result<(), CalibrationFault> {
        let refused = |why| Err(CalibrationFault::Target { target, why });
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

    /// How far a statistic lies from what is published, in its own units; signed.
    pub(crate) fn departure(&self, statistic: f64, scaling: Scaling) -> f64 {
        match (scaling, self.interval) {
            (Scaling::Intervals, Some(it)) => {
                (statistic - it.high).max(0.0) + (statistic - it.low).min(0.0)
            }
            _ => statistic - self.value,
        }
    }

    /// Whether a statistic lies within the published interval, or within two standard errors of the
    /// value; `None` where neither is known.
    pub fn agrees(&self, statistic: f64) -> Option<bool> {
        match (self.interval, self.error) {
            (Some(it), _) => Some(it.contains(statistic)),
            (None, Some(error)) => Some((statistic - self.value).abs() <= 2.0 * error),
            (None, None) => None,
        }
    }
}

/// From where a statistic's distance is counted, and in which unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scaling {
    /// From the published value in published standard errors; in the spread under the prior where none
    /// is known.
    #[default]
    Published,
    /// From the published value in the spread under the prior: 1.4826 times the median absolute
    /// deviation.
    Predictive,
    /// From the nearer end of the published interval, within which there is no distance, in units as
    /// those of [`Scaling::Published`].
    Intervals,
}

/// Makes the median absolute deviation of a normal variable its standard deviation.
const NORMAL_MAD: f64 = 1.482_602_218_505_602;

/// The units of all statistics, given what the prior leads to; `None` for a statistic that has no
/// error to be counted in and does not vary: it tells nothing.
pub(crate) fn scales(
    targets: &[Target],
    scaling: Scaling,
    statistics: &[&[f64]],
) -> Vec<Option<f64>> {
    targets
        .iter()
        .enumerate()
        .map(|(place, target)| match (scaling, target.error) {
            (Scaling::Published | Scaling::Intervals, Some(error)) => Some(error),
            _ => spread(statistics.iter().map(|row| row[place]).collect()),
        })
        .collect()
}

fn spread(mut values: Vec<f64>) -> Option<f64> {
    let centre = median(&mut values);
    let mut deviations: Vec<f64> = values.iter().map(|value| (value - centre).abs()).collect();
    let robust = NORMAL_MAD * median(&mut deviations);
    // More than half the values may be the same, as counts of rare events are.
    let moments: crate::stats::summary::Moments = values.iter().copied().collect();
    [robust, moments.sd()]
        .into_iter()
        .find(|spread| *spread > 0.0 && spread.is_finite())
}

/// The distance of statistics from the targets: the root of the weighted mean square of departures
/// in their units, so that 1 means one unit off on the whole. Infinite where a statistic is no
/// finite number.
pub(crate) fn distance(
    targets: &[Target],
    scaling: Scaling,
    scales: &[Option<f64>],
    statistics: &[f64],
) -> f64 {
    if !statistics.iter().all(|value| value.is_finite()) {
        return f64::INFINITY;
    }
    let (mut squares, mut weights) = (0.0, 0.0);
    for ((target, scale), statistic) in targets.iter().zip(scales).zip(statistics) {
        if let Some(scale) = scale {
            let z = target.departure(*statistic, scaling) / scale;
            squares += target.weight * z * z;
            weights += target.weight;
        }
    }
    if weights > 0.0 {
        (squares / weights).sqrt()
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLISHED: Scaling = Scaling::Published;

    #[test]
    fn the_distance_is_a_root_mean_square_of_units() {
        let targets = [Target::with_error(1.0, 0.5), Target::with_error(0.0, 2.0)];
        let found = distance(&targets, PUBLISHED, &[Some(0.5), Some(2.0)], &[2.5, -8.0]);
        assert!((found - ((9.0 + 16.0) / 2.0_f64).sqrt()).abs() < 1e-15);
        let heavy = [
            Target {
                weight: 3.0,
                ..targets[0]
            },
            targets[1],
        ];
        let found = distance(&heavy, PUBLISHED, &[Some(0.5), Some(2.0)], &[2.5, 0.0]);
        assert!((found - (27.0 / 4.0_f64).sqrt()).abs() < 1e-15);
    }

    #[test]
    fn within_an_interval_there_is_no_distance_and_outside_the_nearer_end_counts() {
        let target = Target {
            interval: Some(Interval {
                low: 0.5,
                high: 0.8,
            }),
            ..Target::bare(0.7)
        };
        let departure = |statistic: f64| target.departure(statistic, Scaling::Intervals);
        assert_eq!(departure(0.55), 0.0);
        assert!((departure(0.9) - 0.1).abs() < 1e-15);
        assert!((departure(0.2) + 0.3).abs() < 1e-15);
        assert!((target.departure(0.9, PUBLISHED) - 0.2).abs() < 1e-15);
        assert_eq!(
            (target.agrees(0.6), target.agrees(0.9)),
            (Some(true), Some(false))
        );
    }

    #[test]
    fn what_is_no_number_is_infinitely_far() {
        let target = [Target::bare(0.0)];
        assert_eq!(
            distance(&target, PUBLISHED, &[Some(1.0)], &[f64::NAN]),
            f64::INFINITY
        );
        assert_eq!(
            distance(&target, PUBLISHED, &[None], &[f64::INFINITY]),
            f64::INFINITY
        );
    }

    #[test]
    fn units_are_published_errors_or_the_spread_under_the_prior() {
        let targets = [Target::with_error(1.0, 0.5), Target::bare(0.0)];
        let rows: Vec<[f64; 2]> = (0..101)
            .map(|k| [f64::from(k), 3.0 * f64::from(k)])
            .collect();
        let rows: Vec<&[f64]> = rows.iter().map(|row| row.as_slice()).collect();
        let published = scales(&targets, Scaling::Published, &rows);
        assert_eq!(published, [Some(0.5), Some(NORMAL_MAD * 75.0)]);
        let predictive = scales(&targets, Scaling::Predictive, &rows);
        assert_eq!(predictive[0], Some(NORMAL_MAD * 25.0));
    }

    #[test]
    fn a_statistic_that_does_not_vary_tells_nothing_and_a_rarely_varying_one_has_its_sd() {
        let rows = [[2.0, 0.0], [2.0, 0.0], [2.0, 0.0], [2.0, 4.0]];
        let rows: Vec<&[f64]> = rows.iter().map(|row| row.as_slice()).collect();
        let targets = [Target::bare(5.0), Target::bare(0.0)];
        let found = scales(&targets, Scaling::Published, &rows);
        assert_eq!(found, [None, Some(2.0)]);
        assert_eq!(distance(&targets, PUBLISHED, &found, rows[3]), 2.0);
    }

    #[test]
    fn targets_out_of_range_are_refused() {
        let refused = |target: Target| target.check(4).is_err();
        assert!(!refused(Target::with_error(0.1, 0.2)));
        assert!(refused(Target::bare(f64::NAN)));
        assert!(refused(Target::with_error(0.1, 0.0)));
        assert!(refused(Target::with_error(0.1, f64::NAN)));
        let interval = Some(Interval {
            low: 0.2,
            high: 0.3,
        });
        assert!(refused(Target {
            interval,
            ..Target::bare(0.1)
        }));
        assert!(refused(Target {
            weight: 0.0,
            ..Target::bare(0.1)
        }));
    }
}
