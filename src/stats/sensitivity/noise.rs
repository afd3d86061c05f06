//! The noise share of a stochastic output: how much of its variance lies between replicates of one
//! point, and is beyond the reach of every input.

use super::{
    Estimate, SensitivityError, SensitivitySettings, Sizes, is_constant, mean, resamples, squares,
};

/// Where the variance of a stochastic output lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct NoiseShare {
    /// Points used: those with an output at all.
    pub(crate) points: u64,
    /// Replicates dropped because their output was missing.
    pub(crate) dropped: usize,
    /// Variance between replicates of one point.
    pub(crate) within: f64,
    /// Variance between the points' true means.
    pub(crate) between: f64,
    /// Noise's share [0–1] of the variance of a single run, with an interval from a bootstrap over
    /// points.
    pub(crate) of_runs: Estimate,
    /// Noise's share [0–1] of the variance of the points' observed means: in Sobol' indices of these
    /// means no first-order index holds it, and every total index does.
    pub(crate) of_means: f64,
}

/// Splits the variance of outputs given point by point, each with its replicates.
///
/// Points may have different numbers of replicates (one-way random effects; Searle, Casella &
/// McCulloch 1992, section 3.6). A variance between points below zero counts as zero.
///
/// # Errors
///
/// For fewer than two points, where no point has two replicates, and for settings out of range.
pub(crate) fn noise_share(
    replicates: &[impl AsRef<[f64]>],
    settings: &SensitivitySettings,
) -> Result<NoiseShare, SensitivityError> {
    settings.check()?;
    let finite =
        |point: &[f64]| -> Vec<f64> { point.iter().copied().filter(|y| y.is_finite()).collect() };
    let kept: Vec<Vec<f64>> = replicates.iter().map(|own| finite(own.as_ref())).collect();
    let runs = |points: &[Vec<f64>]| points.iter().map(Vec::len).sum::<usize>();
    let given: usize = replicates.iter().map(|own| own.as_ref().len()).sum();
    let dropped = given - runs(&kept);
    let points: Vec<PointSummary> = kept
        .iter()
        .filter(|own| !own.is_empty())
        .map(|own| PointSummary::of(own))
        .collect();
    let (usable, runs) = (points.len(), runs(&kept));
    if usable < 2 || runs == usable {
        return Err(SensitivityError::TooFewRows { usable, needed: 2 });
    }
    let everything: Vec<usize> = (0..usable).collect();
    let whole = VarianceSplit::of(&points, &everything);
    let of_runs = if is_constant(&kept.concat()) {
        Estimate::CONSTANT
    } else {
        let mut again: Vec<f64> = resamples(usable, settings.resamples, settings.seed, b"noise   ")
            .map(|picks| VarianceSplit::of(&points, &picks).of_runs())
            .filter(|share| share.is_finite())
            .collect();
        again.sort_by(f64::total_cmp);
        let tail = settings.upper_tail();
        let interval = (quantile(&again, 1.0 - tail), quantile(&again, tail));
        let (share, rows) = (whole.of_runs(), usable as u64);
        Estimate::judged(share, interval, rows, settings.tolerance, Sizes::Any)
    };
    Ok(NoiseShare {
        points: usable as u64,
        dropped,
        within: whole.within,
        between: whole.between,
        of_runs,
        of_means: whole.of_means(),
    })
}

/// One point's replicates in three numbers.
struct PointSummary {
    count: f64,
    mean: f64,
    squares: f64,
}

impl PointSummary {
    fn of(own: &[f64]) -> PointSummary {
        PointSummary {
            count: own.len() as f64,
            mean: mean(own),
            squares: squares(own),
        }
    }
}

/// The two variances, and the effective number of replicates.
struct VarianceSplit {
    within: f64,
    between: f64,
    replicates: f64,
}

impl VarianceSplit {
    fn of(points: &[PointSummary], picks: &[usize]) -> VarianceSplit {
        let sum = |term: &dyn Fn(&PointSummary) -> f64| -> f64 {
            picks.iter().map(|point| term(&points[*point])).sum()
        };
        let (count, runs) = (picks.len() as f64, sum(&|p| p.count));
        let centre = sum(&|p| p.count * p.mean) / runs;
        let within = sum(&|p| p.squares) / (runs - count);
        let spread = sum(&|p| p.count * (p.mean - centre) * (p.mean - centre)) / (count - 1.0);
        let replicates = (runs - sum(&|p| p.count * p.count) / runs) / (count - 1.0);
        VarianceSplit {
            within,
            between: ((spread - within) / replicates).max(0.0),
            replicates,
        }
    }

    /// NaN where neither replicates nor points differ.
    fn of_runs(&self) -> f64 {
        self.within / (self.within + self.between)
    }

    fn of_means(&self) -> f64 {
        let noise = self.within / self.replicates;
        if noise > 0.0 {
            noise / (noise + self.between)
        } else {
            0.0
        }
    }
}

/// A quantile of ascending values, between its two neighbours in proportion; NaN of nothing.
fn quantile(values: &[f64], p: f64) -> f64 {
    let Some(last) = values.len().checked_sub(1) else {
        return f64::NAN;
    };
    let place = p * last as f64;
    let below = (place as usize).min(last);
    let above = (below + 1).min(last);
    values[below] + (place - below as f64) * (values[above] - values[below])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::sensitivity::Resolution;
    use crate::stats::test_support;

    const SETTINGS: SensitivitySettings = SensitivitySettings {
        confidence: 0.95,
        resamples: 300,
        seed: 1,
        tolerance: 0.05,
    };

    /// Points with means of variance `signal` and replicates of variance `noise` around them.
    fn study(
        seed: u64,
        points: usize,
        replicates: usize,
        signal: f64,
        noise: f64,
    ) -> Vec<Vec<f64>> {
        let mut normal = test_support::normal_draws(seed);
        (0..points)
            .map(|_| {
                let own = signal.sqrt() * normal();
                (0..replicates)
                    .map(|_| own + noise.sqrt() * normal())
                    .collect()
            })
            .collect()
    }

    #[test]
    fn a_table_by_hand_is_split_as_by_hand() {
        // Means 2 and 6, squares within 2 + 2, between 2·(4 + 4); mean squares 2 and 16.
        let found = noise_share(&[vec![1.0, 3.0], vec![5.0, 7.0]], &SETTINGS).expect("two points");
        assert_eq!((found.within, found.between), (2.0, 7.0));
        assert!((found.of_runs.value - 2.0 / 9.0).abs() < 1e-15);
        assert!((found.of_means - 1.0 / 8.0).abs() < 1e-15);
    }

    #[test]
    fn intervals_hold_the_true_share_in_most_studies() {
        let held = (0..300)
            .map(|seed| {
                noise_share(&study(seed, 60, 5, 3.0, 1.0), &SETTINGS)
                    .expect("points")
                    .of_runs
            })
            .filter(|share| (share.low..=share.high).contains(&0.25))
            .count();
        assert!((270..=297).contains(&held), "{held} of 300");
    }

    #[test]
    fn pure_noise_is_all_noise() {
        let found = noise_share(&study(7, 400, 4, 0.0, 2.0), &SETTINGS).expect("points");
        assert!(found.of_runs.value > 0.93 && found.of_runs.high == 1.0);
        assert!((found.within - 2.0).abs() < 0.2);
    }

    #[test]
    fn missing_replicates_are_dropped_and_counted() {
        let mut points = study(9, 200, 3, 3.0, 1.0);
        points[4] = vec![f64::NAN; 3];
        points[5][0] = f64::INFINITY;
        let found = noise_share(&points, &SETTINGS).expect("points");
        assert_eq!((found.points, found.dropped), (199, 4));
        assert!((found.of_runs.value - 0.25).abs() < 0.06);
    }

    #[test]
    fn no_noise_a_constant_and_lone_replicates_are_distinguished() {
        let still = noise_share(&[vec![1.0, 1.0], vec![2.0, 2.0]], &SETTINGS).expect("two points");
        assert_eq!((still.of_runs.value, still.of_means), (0.0, 0.0));
        let constant = noise_share(&[vec![0.1; 2], vec![0.1; 2]], &SETTINGS).expect("two points");
        assert_eq!(constant.of_runs.verdict, Resolution::Constant);
        assert!(noise_share(&[vec![1.0], vec![2.0]], &SETTINGS).is_err());
    }
}
