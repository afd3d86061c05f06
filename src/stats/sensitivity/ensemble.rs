//! The error that a finite ensemble leaves in an index.
//!
//! An index is computed from means over the replicates of each point. Other random draws would give other
//! means: noise adds to the variance of the output, and where points share their draws it moves all of
//! them together, which no resampling of points shows. The jackknife over groups of replicates (Quenouille
//! 1956, Tukey 1958) computes the index without each group in turn; it estimates the variance and the bias
//! that the index has from the draws. An interval is widened by both, so that it is about the model and not
//! about the draws at hand: the first in quadrature with its own reach, the bias added to that.

use super::{Estimate, Resolution, mean, squares};
use crate::stats::interval::student_quantile;

/// Fewest replicates whose spread says what other draws would give.
pub(crate) const LEAST_REPLICATES: usize = 4;
/// Groups of replicates at most; beyond, several replicates are left out together.
const MOST_GROUPS: usize = 20;

/// How well an index is known as one of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EnsembleVerdict {
    /// With the draws at hand or any others.
    Of(Resolution),
    /// With the draws at hand; there are too few replicates to say more.
    OfTheseDraws,
    /// The points are enough, and the replicates are not.
    TryReplicates {
        /// Replicates that it rests on.
        replicates: usize,
        /// Replicates that are expected to give an interval narrow enough.
        wanted: u64,
    },
}

impl std::fmt::Display for EnsembleVerdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            EnsembleVerdict::Of(resolution) => resolution.fmt(f),
            EnsembleVerdict::OfTheseDraws => write!(
                f,
                "for these draws only, try {LEAST_REPLICATES} replicates or more"
            ),
            EnsembleVerdict::TryReplicates { replicates, wanted } => {
                write!(
                    f,
                    "not resolved with n = {replicates} replicates, try {wanted}"
                )
            }
        }
    }
}

/// Indices from all replicates but those of one group, group by group.
#[derive(Clone, Debug)]
pub(crate) struct ReplicateJackknife {
    replicates: usize,
    left_out: Vec<Vec<f64>>,
}

impl ReplicateJackknife {
    /// Computes indices without each group of replicates in turn, from the means of the points' other
    /// replicates. `None` where a point that has any replicate has fewer than [`LEAST_REPLICATES`], and
    /// where the indices of a group cannot be computed.
    pub(crate) fn of(
        points: &[impl AsRef<[f64]>],
        indices: impl Fn(&[f64]) -> Option<Vec<f64>>,
    ) -> Option<ReplicateJackknife> {
        let counts = points.iter().map(|own| own.as_ref().len());
        let replicates = counts.filter(|count| *count > 0).min()?;
        if replicates < LEAST_REPLICATES {
            return None;
        }
        let groups = replicates.min(MOST_GROUPS);
        let without = |group: usize| {
            let of_point = |own: &[f64]| {
                let kept = own
                    .iter()
                    .enumerate()
                    .filter(|(k, y)| k % groups != group && y.is_finite());
                let (sum, count) =
                    kept.fold((0.0, 0.0), |(sum, count), (_, y)| (sum + y, count + 1.0));
                sum / count
            };
            let outputs: Vec<f64> = points.iter().map(|own| of_point(own.as_ref())).collect();
            indices(&outputs)
        };
        Some(ReplicateJackknife {
            replicates,
            left_out: (0..groups).map(without).collect::<Option<_>>()?,
        })
    }

    /// The error that the draws leave in the index of a number.
    fn error(&self, index: usize, value: f64, tail: f64) -> EnsembleError {
        let others: Vec<f64> = self.left_out.iter().map(|own| own[index]).collect();
        let groups = others.len() as f64;
        let variance = (groups - 1.0) / groups * squares(&others);
        EnsembleError {
            reach: student_quantile(tail, groups - 1.0) * variance.sqrt(),
            bias: ((groups - 1.0) * (mean(&others) - value)).abs(),
        }
    }
}

/// How far an interval reaches for the draws alone, and how far they move the index on average.
#[derive(Clone, Copy)]
struct EnsembleError {
    reach: f64,
    bias: f64,
}

impl EnsembleError {
    /// The arm of an interval with this error, were there `times` as many replicates.
    fn widen(self, arm: f64, times: f64) -> f64 {
        (arm * arm + self.reach * self.reach / times).sqrt() + self.bias / times
    }
}

/// Most doublings of the replicates that are looked at.
const MOST_DOUBLINGS: i32 = 20;

/// Widens the interval of an index by the error that its ensemble leaves, and judges it again; `tail` is
/// the probability below the upper end of the interval.
pub(crate) fn of_model(
    estimate: &Estimate,
    ensemble: Option<&ReplicateJackknife>,
    index: usize,
    (tail, tolerance): (f64, f64),
) -> (Estimate, EnsembleVerdict) {
    let Some(ensemble) = ensemble.filter(|_| !estimate.is_without_variation()) else {
        let verdict = match estimate.verdict {
            Resolution::Resolved => EnsembleVerdict::OfTheseDraws,
            other => EnsembleVerdict::Of(other),
        };
        return (*estimate, verdict);
    };
    let value = estimate.value;
    let error = ensemble.error(index, value, tail);
    let widened = Estimate {
        low: value - error.widen(value - estimate.low, 1.0),
        high: value + error.widen(estimate.high - value, 1.0),
        ..*estimate
    };
    let arm = (estimate.high - value).max(value - estimate.low);
    let verdict = match estimate.verdict {
        Resolution::Resolved if error.widen(arm, 1.0) > tolerance => {
            let doubled = (1..MOST_DOUBLINGS).map(|doublings| 1_u64 << doublings);
            let mut enough = doubled.filter(|times| error.widen(arm, *times as f64) <= tolerance);
            let times = enough.next().unwrap_or(1 << MOST_DOUBLINGS);
            EnsembleVerdict::TryReplicates {
                replicates: ensemble.replicates,
                wanted: ensemble.replicates as u64 * times,
            }
        }
        verdict => EnsembleVerdict::Of(verdict),
    };
    (widened, verdict)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::{Groups, Saltelli, Scramble, SobolOrder};
    use crate::stats::sensitivity::{SensitivitySettings, variance_indices};
    use crate::stats::test_support::normal_draws;

    const SETTINGS: SensitivitySettings = SensitivitySettings {
        confidence: 0.95,
        resamples: 60,
        seed: 1,
        tolerance: 0.05,
    };

    #[test]
    fn the_jackknife_of_a_mean_is_its_standard_error_and_has_no_bias() {
        let runs = [vec![1.0, 2.0, 4.0, 9.0]];
        let ensemble =
            ReplicateJackknife::of(&runs, |outputs| Some(outputs.to_vec())).expect("replicates");
        let error = ensemble.error(0, 4.0, 0.975);
        // Squares 38 about the mean, over 4 · 3; t of three degrees of freedom is 3.182446.
        assert!((error.reach - 3.182_446 * (38.0_f64 / 12.0).sqrt()).abs() < 1e-5);
        assert!(error.bias < 1e-12);
        // The mean's square is too large by the variance of the mean, 38/12.
        let ensemble = ReplicateJackknife::of(&runs, |outputs| Some(vec![outputs[0] * outputs[0]]));
        let error = ensemble.expect("replicates").error(0, 16.0, 0.975);
        assert!((error.bias - 38.0 / 12.0).abs() < 1e-9, "{}", error.bias);
    }

    fn estimate(arm: f64) -> Estimate {
        Estimate::judged(
            0.3,
            (0.3 - arm, 0.3 + arm),
            64,
            0.05,
            super::super::Sizes::Any,
        )
    }

    /// An ensemble whose index 0 is 0.3 give or take some of it.
    fn ensemble(spread: f64) -> Option<ReplicateJackknife> {
        let runs = [[0.3 - spread, 0.3 + spread, 0.3 - spread, 0.3 + spread]];
        ReplicateJackknife::of(&runs, |outputs| Some(outputs.to_vec()))
    }

    #[test]
    fn the_verdict_asks_for_replicates_where_draws_are_what_is_lacking() {
        let limits = (0.975, 0.05);
        let verdict = |arm, ensemble: Option<&ReplicateJackknife>| {
            of_model(&estimate(arm), ensemble, 0, limits).1
        };
        let one = verdict(0.01, None);
        assert_eq!(
            one.to_string(),
            "for these draws only, try 4 replicates or more"
        );
        assert_eq!(
            verdict(0.01, ensemble(0.001).as_ref()).to_string(),
            "resolved"
        );
        let wide = verdict(0.01, ensemble(0.1).as_ref()).to_string();
        assert_eq!(wide, "not resolved with n = 4 replicates, try 64");
        // Where points are lacking, more of them come first.
        let few = verdict(0.1, ensemble(0.1).as_ref()).to_string();
        assert_eq!(few, "not resolved with n = 64, try 256");
        let (widened, _) = of_model(&estimate(0.01), ensemble(0.1).as_ref(), 0, limits);
        assert!(
            widened.high - 0.3 > 0.15 && 0.3 - widened.low > 0.15,
            "{widened:?}"
        );
    }

    #[test]
    fn few_replicates_and_indices_that_cannot_be_computed_give_no_error() {
        let three = [[1.0, 2.0, 3.0]];
        assert!(ReplicateJackknife::of(&three, |outputs| Some(outputs.to_vec())).is_none());
        assert!(ReplicateJackknife::of(&[[1.0; 4]], |_| None).is_none());
        // A point that failed is no reason.
        let failed = [vec![], vec![1.0; 5]];
        assert!(ReplicateJackknife::of(&failed, |outputs| Some(outputs.to_vec())).is_some());
    }

    fn surface(x: &[f64]) -> f64 {
        x[0] + 0.5 * x[1] * x[1] + 0.3 * x[0] * x[2]
    }

    /// How often the intervals of each first-order and total index hold those of the model, with and
    /// without the error of the ensemble.
    fn coverage(replicates: usize, noise: f64, common: bool) -> (Vec<f64>, Vec<f64>) {
        // Of 2^15 base rows without noise.
        let truth = [0.8168, 0.1647, 0.0139, 0.8214, 0.1647, 0.0185];
        let (mut with, mut without) = (vec![0.0; 6], vec![0.0; 6]);
        let studies = 200;
        for study in 0..studies {
            let design = Saltelli::new(
                64,
                Groups::single(3),
                SobolOrder::First,
                Scramble::Owen(study),
            );
            let design = design.expect("a power of two");
            let mut normal = normal_draws(study);
            let draws: Vec<[f64; 5]> = (0..replicates)
                .map(|_| [(); 5].map(|()| noise * normal()))
                .collect();
            let mut x = vec![0.0; 3];
            let runs: Vec<Vec<f64>> = (0..design.points())
                .map(|index| {
                    design.point(index, &mut x);
                    let c = [x[0] - 0.5, x[1] - 0.5, x[2] - 0.5];
                    let act = [1.0, c[0], c[1], c[2], 3.0 * c[0] * c[1]];
                    let of = |own: &[f64; 5]| own.iter().zip(act).map(|(d, a)| d * a).sum::<f64>();
                    let shared = draws.iter().map(|own| surface(&x) + of(own));
                    let shared: Vec<f64> = shared.collect();
                    match common {
                        true => shared,
                        false => draws
                            .iter()
                            .map(|_| surface(&x) + noise * normal())
                            .collect(),
                    }
                })
                .collect();
            let means: Vec<f64> = runs.iter().map(|own| mean(own)).collect();
            let analysed = |y: &[f64], resamples| {
                let settings = SensitivitySettings {
                    resamples,
                    ..SETTINGS
                };
                let found = variance_indices(y, 3, SobolOrder::First, 1, &settings).expect("rows");
                [found.first, found.total].concat()
            };
            let ensemble = ReplicateJackknife::of(&runs, |y| {
                Some(analysed(y, 2).iter().map(|one| one.value).collect())
            });
            for (index, one) in analysed(&means, SETTINGS.resamples).iter().enumerate() {
                let (wide, _) = of_model(one, ensemble.as_ref(), index, (0.975, 0.05));
                let held = |e: &Estimate| {
                    f64::from(u8::from(e.low <= truth[index] && truth[index] <= e.high))
                };
                with[index] += held(&wide) / studies as f64;
                without[index] += held(one) / studies as f64;
            }
        }
        (with, without)
    }

    #[test]
    fn intervals_hold_the_models_indices_in_at_least_92_of_100_studies() {
        for (replicates, noise, common) in [
            (4, 0.1, true),
            (4, 0.4, true),
            (8, 0.4, true),
            (8, 0.4, false),
        ] {
            let (with, without) = coverage(replicates, noise, common);
            println!(
                "{replicates} replicates, noise {noise}, common {common}: {with:.3?}, draws alone {without:.3?}"
            );
            assert!(with.iter().all(|share| *share >= 0.92), "{with:?}");
            assert!(without.iter().any(|share| *share < 0.7), "{without:?}");
        }
    }
}
