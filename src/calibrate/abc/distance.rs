//! The distance of simulated statistics from their targets.

use super::weighted::median;
use crate::calibrate::target::FitTarget;
use crate::stats::summary::RunningMoments;

/// How the distance of a statistic from its target is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Scaling {
    /// From the published value, in published standard errors, or in the spread under the prior if none
    /// is known.
    #[default]
    Published,
    /// From the published value in the spread under the prior: 1.4826 times the median absolute
    /// deviation.
    Predictive,
    /// From the nearer end of the published interval, inside which the distance is 0, in the units
    /// of [`Scaling::Published`].
    Intervals,
}

/// How far a statistic lies from what is published, in its own units; signed.
pub(crate) fn departure(target: &FitTarget, statistic: f64, scaling: Scaling) -> f64 {
    match (scaling, target.interval) {
        (Scaling::Intervals, Some(it)) => {
            (statistic - it.high).max(0.0) + (statistic - it.low).min(0.0)
        }
        _ => statistic - target.value,
    }
}

/// Makes the median absolute deviation of a normal variable its standard deviation.
const NORMAL_MAD: f64 = 1.482_602_218_505_602;

/// The units of all statistics, from simulations under the prior; `None` for a statistic that has no
/// error to be counted in and does not vary: it carries no information.
pub(crate) fn scales(
    targets: &[FitTarget],
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
    let moments: RunningMoments = values.iter().copied().collect();
    [robust, moments.sd()]
        .into_iter()
        .find(|spread| *spread > 0.0 && spread.is_finite())
}

/// The distance of statistics from the targets: the root of the weighted mean square of departures
/// in their units, so that 1 means one unit off on the whole. Infinite where a statistic is no
/// finite number.
pub(crate) fn distance(
    targets: &[FitTarget],
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
            let z = departure(target, *statistic, scaling) / scale;
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
    use crate::calibrate::test_support::{value_alone, with_error};
    use crate::stats::interval::Interval;

    const PUBLISHED: Scaling = Scaling::Published;

    #[test]
    fn the_distance_is_a_root_mean_square_of_units() {
        let targets = [with_error(1.0, 0.5), with_error(0.0, 2.0)];
        let found = distance(&targets, PUBLISHED, &[Some(0.5), Some(2.0)], &[2.5, -8.0]);
        assert!((found - ((9.0 + 16.0) / 2.0_f64).sqrt()).abs() < 1e-15);
        let heavy = [
            FitTarget {
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
        let target = FitTarget {
            interval: Some(Interval {
                low: 0.5,
                high: 0.8,
            }),
            ..value_alone(0.7)
        };
        let inside = |statistic: f64| departure(&target, statistic, Scaling::Intervals);
        assert_eq!(inside(0.55), 0.0);
        assert!((inside(0.9) - 0.1).abs() < 1e-15);
        assert!((inside(0.2) + 0.3).abs() < 1e-15);
        assert!((departure(&target, 0.9, PUBLISHED) - 0.2).abs() < 1e-15);
        assert_eq!(
            (target.agrees(0.6), target.agrees(0.9)),
            (Some(true), Some(false))
        );
    }

    #[test]
    fn what_is_no_number_is_infinitely_far() {
        let target = [value_alone(0.0)];
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
        let targets = [with_error(1.0, 0.5), value_alone(0.0)];
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
        let targets = [value_alone(5.0), value_alone(0.0)];
        let found = scales(&targets, Scaling::Published, &rows);
        assert_eq!(found, [None, Some(2.0)]);
        assert_eq!(distance(&targets, PUBLISHED, &found, rows[3]), 2.0);
    }
}
