//! The noise share of a stochastic output: how much of its variance lies between replicates of one
//! point, and is beyond the reach of every input.
//!
//! Where each run has its own random numbers, points are groups of runs (one-way random effects). Where
//! points share the random numbers of a replicate, runs of one replicate are alike at all points, and
//! points are crossed with replicates (two-way random effects without repeats; Searle, Casella &
//! McCulloch 1992, sections 3.6 and 4.3). What all points of a replicate have in common is noise of a
//! single run too, although it cancels in differences between points.
//!
//! Intervals are generalised confidence intervals (Weerahandi 1993): each mean square times its degrees of
//! freedom over a random chi-squared variable stands for its expectation, and the share's interval is
//! that of the shares made of these. The points are a design's and not normal, and residuals need not
//! have one variance: the degrees of freedom of points come from the kurtosis of their means, and those of
//! residuals from the spread of their variances over points. Replicates are taken as normal.

use super::{
    Estimate, Resolution, SensitivityError, SensitivitySettings, Sizes, is_constant, mean, squares,
};
use crate::math::functions::{exp, ln, normal_quantile};
use crate::rng::{Key, StreamKind};
use rand::Rng;

/// Where the variance of a stochastic output lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct NoiseShare {
    /// Points used: those with an output at all, or where points share random numbers with all of them.
    pub(crate) points: u64,
    /// Replicates of each point that are used; of points with different numbers their effective number.
    pub(crate) replicates: f64,
    /// Runs dropped because their output was missing, or where points share random numbers because
    /// another one of their point or replicate is.
    pub(crate) dropped: usize,
    /// Variance between replicates of one point.
    pub(crate) within: f64,
    /// The part of it that all points of a replicate have in common; 0 without shared random numbers.
    pub(crate) shared: f64,
    /// Variance between the points' true means.
    pub(crate) between: f64,
    /// Noise's share [0–1] of the variance of a single run.
    pub(crate) of_runs: Estimate,
    /// Noise's share [0–1] of the variance of the points' observed means: in Sobol' indices of these
    /// means no first-order index holds it, and every total index does. What points have in common
    /// does not vary between them.
    pub(crate) of_means: f64,
}

/// Splits the variance of outputs given point by point, each with its replicates; `shared` says whether
/// points share the random numbers of a replicate.
///
/// Points may have different numbers of replicates; with shared random numbers only those are used that
/// all have. A variance below zero counts as zero.
///
/// # Errors
///
/// For fewer than two points, where no point has two replicates (with shared random numbers, where not all
/// have), and for settings out of range.
pub(crate) fn noise_share(
    replicates: &[impl AsRef<[f64]>],
    shared: bool,
    settings: &SensitivitySettings,
) -> Result<NoiseShare, SensitivityError> {
    settings.check()?;
    let given: Vec<&[f64]> = replicates.iter().map(AsRef::as_ref).collect();
    let kept = if shared {
        complete_rows(&given)
    } else {
        finite_values(&given)
    };
    let runs = kept.iter().map(Vec::len).sum::<usize>();
    let usable = kept.len();
    if usable < 2 || runs == usable {
        return Err(SensitivityError::TooFewRows { usable, needed: 2 });
    }
    let found = if shared {
        MeanSquares::crossed(&kept)
    } else {
        MeanSquares::nested(&kept)
    };
    let whole = found.components(1.0, 1.0, 1.0);
    let still = shared && kept.windows(2).all(|pair| pair[0] == pair[1]);
    let of_runs = if is_constant(&kept.concat()) {
        Estimate::CONSTANT
    } else if still {
        // With the same random numbers no point differs from another one: that may be rare.
        Estimate {
            value: 1.0,
            verdict: Resolution::NoDifference,
            ..Estimate::CONSTANT
        }
    } else {
        let interval = found.interval(settings, true);
        let (share, rows) = (whole.of_runs(), usable as u64);
        let mut of_runs = Estimate::judged(share, interval, rows, settings.tolerance, Sizes::Any);
        if shared && of_runs.verdict != Resolution::Resolved {
            // Points do not narrow the part of the interval that is due to few replicates.
            let (low, high) = found.interval(settings, false);
            if high - low < 0.7 * (of_runs.high - of_runs.low) {
                of_runs.verdict = Resolution::MoreReplicates;
            }
        }
        of_runs
    };
    Ok(NoiseShare {
        points: usable as u64,
        replicates: found.replicates,
        dropped: given.iter().map(|own| own.len()).sum::<usize>() - runs,
        within: whole.within(),
        shared: whole.replicate,
        between: if still { 0.0 } else { whole.point },
        of_runs,
        of_means: whole.of_means(found.replicates),
    })
}

/// The finite values of the points that have any.
fn finite_values(given: &[&[f64]]) -> Vec<Vec<f64>> {
    let finite =
        |own: &&[f64]| -> Vec<f64> { own.iter().copied().filter(|y| y.is_finite()).collect() };
    let kept = given.iter().map(finite);
    kept.filter(|own| !own.is_empty()).collect()
}

/// The first replicates that all points have which have any, of the points where none is missing.
fn complete_rows(given: &[&[f64]]) -> Vec<Vec<f64>> {
    let used = || given.iter().filter(|own| !own.is_empty());
    let common = used().map(|own| own.len()).min().unwrap_or(0);
    let complete = used().filter(|own| own[..common].iter().all(|y| y.is_finite()));
    complete.map(|own| own[..common].to_vec()).collect()
}

/// Mean squares with their degrees of freedom.
struct MeanSquares {
    points: f64,
    replicates: f64,
    point: MeanSquare,
    /// Of replicates, where they are crossed with points.
    replicate: Option<MeanSquare>,
    residual: MeanSquare,
}

#[derive(Clone, Copy)]
struct MeanSquare {
    value: f64,
    freedom: f64,
}

impl MeanSquares {
    /// Of points with their own replicates.
    fn nested(points: &[Vec<f64>]) -> MeanSquares {
        let sum =
            |term: &dyn Fn(&[f64]) -> f64| -> f64 { points.iter().map(|own| term(own)).sum() };
        let size = |own: &[f64]| own.len() as f64;
        let (count, runs) = (points.len() as f64, sum(&size));
        let centre = sum(&|own| own.iter().sum()) / runs;
        let spread = sum(&|own| size(own) * (mean(own) - centre) * (mean(own) - centre));
        let means: Vec<f64> = points.iter().map(|own| mean(own)).collect();
        let parts: Vec<(f64, f64)> = points
            .iter()
            .filter(|own| own.len() > 1)
            .map(|own| (squares(own), size(own) - 1.0))
            .collect();
        MeanSquares {
            points: count,
            replicates: (runs - sum(&|own| size(own) * size(own)) / runs) / (count - 1.0),
            point: MeanSquare {
                value: spread / (count - 1.0),
                freedom: freedom_of_points(&means),
            },
            replicate: None,
            residual: pooled(&parts),
        }
    }

    /// Of points that share their replicates.
    fn crossed(points: &[Vec<f64>]) -> MeanSquares {
        let (rows, columns) = (points.len(), points[0].len());
        let (count, replicates) = (rows as f64, columns as f64);
        let means: Vec<f64> = points.iter().map(|own| mean(own)).collect();
        let of_replicate: Vec<f64> = (0..columns)
            .map(|column| points.iter().map(|own| own[column]).sum::<f64>() / count)
            .collect();
        let centre = mean(&means);
        let part = |(own, row): (&Vec<f64>, &f64)| {
            let residual = |(y, column): (&f64, &f64)| y - row - column + centre;
            let residuals = own.iter().zip(&of_replicate).map(residual);
            let squares: f64 = residuals.map(|residual| residual * residual).sum();
            (squares, (replicates - 1.0) * (count - 1.0) / count)
        };
        let parts: Vec<(f64, f64)> = points.iter().zip(&means).map(part).collect();
        MeanSquares {
            points: count,
            replicates,
            point: MeanSquare {
                value: replicates * squares(&means) / (count - 1.0),
                freedom: freedom_of_points(&means),
            },
            replicate: Some(MeanSquare {
                value: count * squares(&of_replicate) / (replicates - 1.0),
                freedom: replicates - 1.0,
            }),
            residual: pooled(&parts),
        }
    }

    /// The components of the mean squares times these factors.
    fn components(&self, point: f64, replicate: f64, residual: f64) -> Components {
        let residual = self.residual.value * residual;
        let beyond = |mean_square: f64, count: f64| ((mean_square - residual) / count).max(0.0);
        Components {
            point: beyond(self.point.value * point, self.replicates),
            replicate: self
                .replicate
                .map_or(0.0, |own| beyond(own.value * replicate, self.points)),
            residual,
        }
    }

    /// The generalised confidence interval of noise's share of the variance of a single run; without
    /// `replicates` as if their mean square were known.
    fn interval(&self, settings: &SensitivitySettings, replicates: bool) -> (f64, f64) {
        let key = Key::new(
            settings.seed,
            u64::from_le_bytes(*b"noise   "),
            0,
            StreamKind::Study,
        );
        let mut shares: Vec<f64> = (0..u64::from(settings.resamples))
            .map(|number| {
                let mut rng = key.stream(number, 0);
                let mut factor = |freedom: f64| freedom / chi_squared(&mut rng, freedom);
                let point = factor(self.point.freedom);
                let residual = factor(self.residual.freedom);
                let replicate = match self.replicate {
                    Some(own) if replicates => factor(own.freedom),
                    _ => 1.0,
                };
                self.components(point, replicate, residual).of_runs()
            })
            .filter(|share| share.is_finite())
            .collect();
        shares.sort_by(f64::total_cmp);
        let tail = settings.upper_tail();
        (quantile(&shares, 1.0 - tail), quantile(&shares, tail))
    }
}

/// The degrees of freedom at which a chi-squared variable varies as much as the variance of values of
/// this kurtosis.
fn freedom_of_points(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let (centre, variance) = (mean(values), squares(values) / n);
    let square = |x: &f64| (x - centre) * (x - centre);
    let fourth = values.iter().map(|x| square(x) * square(x)).sum::<f64>() / n;
    let excess = if variance > 0.0 {
        fourth / (variance * variance) - 3.0
    } else {
        0.0
    };
    2.0 / (excess.max(-1.8) / n + 2.0 / (n - 1.0))
}

/// The mean square of groups' sums of squares with their degrees of freedom; its own follow from how much
/// the groups' differ.
fn pooled(parts: &[(f64, f64)]) -> MeanSquare {
    let freedom: f64 = parts.iter().map(|(_, freedom)| freedom).sum();
    let value = parts.iter().map(|(squares, _)| squares).sum::<f64>() / freedom;
    let count = parts.len() as f64;
    let deviation = |(squares, freedom): &(f64, f64)| squares - value * freedom;
    let spread: f64 = parts
        .iter()
        .map(|part| deviation(part) * deviation(part))
        .sum();
    let variance = spread * count / (count - 1.0).max(1.0) / (freedom * freedom);
    let found = 2.0 * value * value / variance;
    MeanSquare {
        value,
        freedom: if found.is_finite() { found } else { freedom },
    }
}

/// Components of the variance of a single run.
#[derive(Clone, Copy)]
struct Components {
    point: f64,
    replicate: f64,
    residual: f64,
}

impl Components {
    fn within(&self) -> f64 {
        self.replicate + self.residual
    }

    /// NaN where neither replicates nor points differ.
    fn of_runs(&self) -> f64 {
        self.within() / (self.within() + self.point)
    }

    fn of_means(&self, replicates: f64) -> f64 {
        let noise = self.residual / replicates;
        if noise > 0.0 {
            noise / (noise + self.point)
        } else {
            0.0
        }
    }
}

/// A chi-squared variable with the given degrees of freedom, above 0 (Marsaglia & Tsang 2000).
fn chi_squared(rng: &mut impl Rng, freedom: f64) -> f64 {
    let mut uniform = || ((rng.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
    let shape = 0.5 * freedom;
    // A shape below 1 is reached from the next one.
    let (above, shrink) = if shape < 1.0 {
        (shape + 1.0, exp(ln(uniform()) / shape))
    } else {
        (shape, 1.0)
    };
    let d = above - 1.0 / 3.0;
    loop {
        let x = normal_quantile(uniform());
        let root = 1.0 + x / (9.0 * d).sqrt();
        let v = root * root * root;
        if root > 0.0 && ln(uniform()) < 0.5 * x * x + d - d * v + d * ln(v) {
            return 2.0 * d * v * shrink;
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
    use crate::math::functions::normal_cdf;
    use crate::stats::test_support;

    const SETTINGS: SensitivitySettings = SensitivitySettings {
        confidence: 0.95,
        resamples: 300,
        seed: 1,
        tolerance: 0.05,
    };

    #[test]
    fn points_that_never_differ_with_the_same_random_numbers_are_not_resolved() {
        let runs = [0.9, 1.0, 0.95, 1.0];
        let found = noise_share(&[runs; 5], true, &SETTINGS).expect("runs");
        assert_eq!(found.between, 0.0);
        assert_eq!(found.of_runs.value, 1.0);
        assert!(found.of_runs.low.is_nan() && found.of_runs.high.is_nan());
        assert_eq!(found.of_runs.verdict, Resolution::NoDifference);
        // One run that differs is news.
        let mut other = [runs; 5];
        other[2][0] = 0.8;
        let found = noise_share(&other, true, &SETTINGS).expect("runs");
        assert!(found.of_runs.verdict != Resolution::NoDifference);
    }

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
        let found =
            noise_share(&[vec![1.0, 3.0], vec![5.0, 7.0]], false, &SETTINGS).expect("two points");
        assert_eq!((found.within, found.between), (2.0, 7.0));
        assert!((found.of_runs.value - 2.0 / 9.0).abs() < 1e-15);
        assert!((found.of_means - 1.0 / 8.0).abs() < 1e-15);
    }

    #[test]
    fn a_crossed_table_by_hand_is_split_as_by_hand() {
        // Means of points 2 and 6, of replicates 3 and 5, and residuals of 1: mean squares 16, 4 and 4.
        let table = [vec![0.0, 4.0], vec![6.0, 6.0]];
        let found = noise_share(&table, true, &SETTINGS).expect("two points");
        assert_eq!((found.within, found.shared, found.between), (4.0, 0.0, 6.0));
        assert!((found.of_runs.value - 0.4).abs() < 1e-15);
        assert!((found.of_means - 2.0 / 8.0).abs() < 1e-15);
        // Replicates alone differ, by 3.
        let table = [vec![1.0, 4.0], vec![5.0, 8.0]];
        let found = noise_share(&table, true, &SETTINGS).expect("two points");
        assert_eq!((found.within, found.shared, found.between), (4.5, 4.5, 8.0));
        assert_eq!(found.of_means, 0.0);
    }

    /// How the points' means lie.
    #[derive(Clone, Copy, Debug)]
    enum Signal {
        Normal,
        Even,
    }

    /// Points with means of variance 1, replicates that all points share, and residuals.
    fn shared_study(
        seed: u64,
        (points, replicates): (usize, usize),
        signal: Signal,
        (shared, residual): (f64, f64),
    ) -> Vec<Vec<f64>> {
        let mut normal = test_support::normal_draws(seed);
        let common: Vec<f64> = (0..replicates).map(|_| shared.sqrt() * normal()).collect();
        (0..points)
            .map(|_| {
                let own = match signal {
                    Signal::Normal => normal(),
                    Signal::Even => (normal_cdf(normal()) - 0.5) * 12.0_f64.sqrt(),
                };
                let run = |common: &f64| own + common + residual.sqrt() * normal();
                common.iter().map(run).collect()
            })
            .collect()
    }

    #[test]
    fn intervals_hold_the_true_share() {
        // Of 200 studies each, 94 to 98 % of intervals hold it.
        for signal in [Signal::Normal, Signal::Even] {
            for size in [(60, 2), (60, 4), (60, 10)] {
                for (shared, residual) in [(0.0, 0.25), (0.3, 0.2), (2.0, 0.2)] {
                    let truth = (shared + residual) / (shared + residual + 1.0);
                    let holds = |seed: &u64| {
                        let study = shared_study(*seed, size, signal, (shared, residual));
                        let found = noise_share(&study, shared > 0.0, &SETTINGS);
                        let share = found.expect("points").of_runs;
                        (share.low..=share.high).contains(&truth)
                    };
                    let held = (0..200).filter(holds).count() as f64 / 200.0;
                    assert!(
                        (0.93..=0.985).contains(&held),
                        "{signal:?} {size:?} {shared} {residual}: {held}"
                    );
                }
            }
        }
    }

    #[test]
    fn where_replicates_are_what_is_missing_the_verdict_asks_for_them() {
        let verdict = |components| {
            let study = shared_study(1, (60, 3), Signal::Normal, components);
            noise_share(&study, true, &SETTINGS)
                .expect("points")
                .of_runs
                .verdict
        };
        assert_eq!(verdict((2.0, 0.1)), Resolution::MoreReplicates);
        assert!(matches!(
            verdict((0.001, 1.0)),
            Resolution::NotResolved { .. }
        ));
    }

    #[test]
    fn points_that_share_random_numbers_are_not_all_noise() {
        // One-way analysis of these says that all is noise, since replicates differ more than points.
        let study = shared_study(3, (60, 4), Signal::Normal, (2.4, 0.05));
        let found = noise_share(&study, true, &SETTINGS).expect("points");
        assert!((found.between - 1.0).abs() < 0.5, "{found:?}");
        assert!(
            found.of_runs.low < 0.71 && found.of_runs.high > 0.71,
            "{found:?}"
        );
        assert!(found.of_means < 0.05, "{found:?}");
        assert_eq!(found.of_runs.verdict, Resolution::MoreReplicates);
    }

    #[test]
    fn shared_random_numbers_need_the_same_replicates_of_all_points() {
        let mut points = shared_study(9, (40, 4), Signal::Normal, (1.0, 0.3));
        points[3].extend([0.0, 1.0, 2.0]);
        points[4][2] = f64::NAN;
        points[5].clear();
        let found = noise_share(&points, true, &SETTINGS).expect("points");
        assert_eq!(
            (found.points, found.replicates, found.dropped),
            (38, 4.0, 7)
        );
        points[6].truncate(1);
        assert!(noise_share(&points, true, &SETTINGS).is_err());
    }

    #[test]
    fn chi_squared_variables_have_their_mean_and_variance() {
        let key = Key::new(1, 0, 0, StreamKind::Study);
        for freedom in [1.0, 2.5, 40.0] {
            let mut rng = key.stream(3, 0);
            let draws: Vec<f64> = (0..20_000)
                .map(|_| chi_squared(&mut rng, freedom))
                .collect();
            assert!((mean(&draws) / freedom - 1.0).abs() < 0.04, "{freedom}");
            let variance = squares(&draws) / 20_000.0;
            assert!(
                (variance / (2.0 * freedom) - 1.0).abs() < 0.1,
                "{freedom} {variance}"
            );
        }
    }

    #[test]
    fn pure_noise_is_all_noise() {
        let found = noise_share(&study(7, 400, 4, 0.0, 2.0), false, &SETTINGS).expect("points");
        assert!(found.of_runs.value > 0.93 && found.of_runs.high == 1.0);
        assert!((found.within - 2.0).abs() < 0.2);
    }

    #[test]
    fn missing_replicates_are_dropped_and_counted() {
        let mut points = study(9, 200, 3, 3.0, 1.0);
        points[4] = vec![f64::NAN; 3];
        points[5][0] = f64::INFINITY;
        let found = noise_share(&points, false, &SETTINGS).expect("points");
        assert_eq!((found.points, found.dropped), (199, 4));
        assert!((found.of_runs.value - 0.25).abs() < 0.06);
    }

    #[test]
    fn no_noise_a_constant_and_lone_replicates_are_distinguished() {
        let still =
            noise_share(&[vec![1.0, 1.0], vec![2.0, 2.0]], false, &SETTINGS).expect("two points");
        assert_eq!((still.of_runs.value, still.of_means), (0.0, 0.0));
        assert_eq!(still.of_runs.verdict, Resolution::NoDifference);
        assert!(still.of_runs.low.is_nan() && still.of_runs.high.is_nan());
        let constant =
            noise_share(&[vec![0.1; 2], vec![0.1; 2]], false, &SETTINGS).expect("two points");
        assert_eq!(constant.of_runs.verdict, Resolution::Constant);
        assert!(noise_share(&[vec![1.0], vec![2.0]], false, &SETTINGS).is_err());
    }
}
