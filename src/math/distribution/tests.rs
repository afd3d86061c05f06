use super::*;
use crate::rng::VectorRng;
use crate::simd::{Backend, Kernel};
use proptest::prelude::*;
use statrs::distribution::{Beta, ContinuousCDF};
use std::f64::consts::FRAC_1_SQRT_2;

fn distribution(family: Family) -> Distribution {
    Distribution::new(family).expect("a valid family")
}

fn one_of_each() -> Vec<Distribution> {
    [
        Family::Constant { value: 0.3 },
        Family::Normal { mean: 2.0, sd: 0.5 },
        Family::TruncatedNormal {
            mean: 0.8,
            sd: 0.3,
            low: 0.0,
            high: 1.0,
        },
        Family::Beta {
            mean: 0.7,
            sd: 0.15,
        },
        Family::Uniform {
            low: -1.0,
            high: 3.0,
        },
        Family::Choice {
            values: vec![3.0, 1.0, 2.0],
            weights: vec![1.0, 2.0, 1.0],
        },
        Family::LogitNormal {
            location: 0.4,
            scale: 0.9,
        },
        Family::LogNormal {
            location: -0.2,
            scale: 0.6,
        },
    ]
    .map(distribution)
    .to_vec()
}

/// The mean over equally probable scores, for comparison with the stated one.
fn mean_of_quantiles(distribution: &Distribution) -> f64 {
    let cells = 200_000;
    let sum: f64 = (0..cells)
        .map(|k| distribution.quantile((f64::from(k) + 0.5) / f64::from(cells)))
        .sum();
    sum / f64::from(cells)
}

#[test]
fn correlated_scores_keep_their_values() {
    for (distribution, expected) in one_of_each().iter().zip(FIRST_VALUES) {
        let values = [-1.5, 0.0, 0.8].map(|z| distribution.value(z, 0.1));
        assert_eq!(values, expected, "{:?}", distribution.family());
    }
}

const FIRST_VALUES: [[f64; 3]; 8] = [
    [0.4, 0.4, 0.4],
    [1.35, 2.1, 2.5],
    [0.38619554742967843, 0.7562873190114776, 0.8979375702144897],
    [0.5523577131179541, 0.8166055945616641, 0.9309063891460776],
    [-0.6327711949245679, 1.1, 2.2525784056664135],
    [1.1, 1.1, 3.1],
    [0.29943285752602705, 0.6224593312018546, 0.7720635494267837],
    [0.36787944117144233, 0.9048374180359595, 1.4622845894342245],
];

#[test]
fn a_value_never_falls_by_more_than_rounding_as_the_score_rises() {
    let mut all = one_of_each();
    all.extend(
        [
            Family::Beta {
                mean: 0.02,
                sd: 0.13,
            },
            Family::Beta {
                mean: 0.5,
                sd: 0.499,
            },
            Family::Beta {
                mean: 0.4,
                sd: 1e-3,
            },
            Family::Beta {
                mean: 0.4,
                sd: 1e-5,
            },
            Family::TruncatedNormal {
                mean: -3.0,
                sd: 0.4,
                low: 0.0,
                high: 1.0,
            },
            Family::TruncatedNormal {
                mean: 5.0,
                sd: 0.4,
                low: 0.0,
                high: 1.0,
            },
        ]
        .map(distribution),
    );
    for distribution in all {
        let mut last = f64::NEG_INFINITY;
        for k in -4_000..=4_000 {
            let value = distribution.value(f64::from(k) / 500.0, 0.0);
            assert!(
                value >= last - 1e-14,
                "{:?} at {k}: {value} after {last}",
                distribution.family()
            );
            last = value;
        }
    }
}

#[test]
fn the_stated_mean_is_the_mean_of_the_values() {
    for distribution in one_of_each() {
        let (stated, found) = (distribution.mean(), mean_of_quantiles(&distribution));
        assert!(
            (stated - found).abs() < 1e-4,
            "{:?}: {stated} {found}",
            distribution.family()
        );
    }
}

#[test]
fn a_beta_variable_has_the_given_sd() {
    for (mean, sd) in [(0.5, 0.1), (0.2, 0.05), (0.9, 0.25), (0.3, 0.4)] {
        let beta = distribution(Family::Beta { mean, sd });
        let cells = 100_000;
        let squares: f64 = (0..cells)
            .map(|k| beta.quantile((f64::from(k) + 0.5) / f64::from(cells)) - mean)
            .map(|deviation| deviation * deviation)
            .sum();
        assert!(((squares / f64::from(cells)).sqrt() - sd).abs() < 1e-4);
    }
}

#[test]
fn beta_quantiles_agree_with_statrs() {
    let (mean, sd) = (0.7_f64, 0.15);
    let size = mean * (1.0 - mean) / (sd * sd) - 1.0;
    let theirs = Beta::new(mean * size, (1.0 - mean) * size).expect("positive shapes");
    let ours = distribution(Family::Beta { mean, sd });
    for p in [1e-6, 0.01, 0.3, 0.5, 0.9, 0.999] {
        let (ours, theirs) = (ours.quantile(p), theirs.inverse_cdf(p));
        assert!((ours - theirs).abs() < 1e-10, "{p}: {ours} {theirs}");
    }
}

#[test]
fn affine_families_are_exact_and_reach_their_ends() {
    let normal = distribution(Family::Normal { mean: 2.0, sd: 0.5 });
    assert_eq!(normal.value(1.0, 0.25), 2.75);
    let uniform = distribution(Family::Uniform {
        low: 0.1,
        high: 0.7,
    });
    assert_eq!(uniform.quantile(0.0), 0.1);
    assert_eq!(uniform.quantile(1.0), 0.7);
    let steady = distribution(Family::Normal { mean: 2.0, sd: 0.0 });
    assert_eq!(steady.value(f64::INFINITY, 0.0), 2.0);
    let beta = distribution(Family::Beta {
        mean: 0.7,
        sd: 0.15,
    });
    assert_eq!((beta.quantile(0.0), beta.quantile(1.0)), (0.0, 1.0));
    assert!(beta.quantile(1.1).is_nan());
}

#[test]
fn a_shift_moves_the_location_and_not_the_bounds() {
    let logit = distribution(Family::LogitNormal {
        location: 0.4,
        scale: 0.9,
    });
    assert_eq!(logit.value(0.0, 0.6), logistic(1.0));
    let log = distribution(Family::LogNormal {
        location: 0.4,
        scale: 0.9,
    });
    assert_eq!(log.value(0.0, 0.6), exp(1.0));
    let family = |mean| Family::TruncatedNormal {
        mean,
        sd: 0.3,
        low: 0.0,
        high: 1.0,
    };
    let (here, there) = (distribution(family(0.25)), distribution(family(0.75)));
    assert_eq!(here.value(0.3, 0.5), there.value(0.3, 0.0));
    assert!((0.0..=1.0).contains(&here.value(3.0, 40.0)));
    assert_eq!(here.value(0.0, 1e6), 1.0);
    assert_eq!(here.value(0.0, -1e6), 0.0);
}

#[test]
fn a_truncated_normal_keeps_its_digits_in_either_tail() {
    let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
    // Ten standard deviations out the variable is nearly exponential: the median of a normal
    // beyond 10 solves Q(x) = Q(10) / 2.
    let far = distribution(Family::TruncatedNormal {
        mean: 0.0,
        sd: 1.0,
        low: 10.0,
        high: 99.0,
    });
    let median = -normal_quantile(0.5 * normal_cdf(-10.0));
    assert!(near(far.value(0.0, 0.0), median));
    let mirror = distribution(Family::TruncatedNormal {
        mean: 0.0,
        sd: 1.0,
        low: -99.0,
        high: -10.0,
    });
    assert!(near(mirror.value(0.0, 0.0), -median));
    let half = 0.5 * libm::erfc(FRAC_1_SQRT_2);
    assert!((TruncatedNormal::of(0.0, 1.0, 1.0, f64::INFINITY).mass - half).abs() < 1e-16);
}

#[test]
fn a_choice_follows_its_weights() {
    let choice = distribution(Family::Choice {
        values: vec![3.0, 1.0, 7.0, 2.0],
        weights: vec![1.0, 2.0, 0.0, 1.0],
    });
    assert_eq!(choice.mean(), 1.75);
    for (p, value) in [
        (0.0, 1.0),
        (0.49, 1.0),
        (0.5, 1.0),
        (0.51, 2.0),
        (0.75, 2.0),
        (1.0, 3.0),
    ] {
        assert_eq!(choice.quantile(p), value, "{p}");
    }
    assert_eq!(choice.value(f64::INFINITY, 0.0), 3.0);
}

#[test]
fn the_logit_normal_mean_holds_from_narrow_to_wide() {
    for scale in [0.0, 0.3, 3.0, 30.0, 999.0, 1_001.0] {
        let mean = |location| logit_normal_mean(location, scale);
        assert!((mean(0.0) - 0.5).abs() < 1e-14);
        assert!((mean(1.2) + mean(-1.2) - 1.0).abs() < 1e-13);
    }
    assert!((logit_normal_mean(700.0, 999.99) - logit_normal_mean(700.0, 1_000.01)).abs() < 1e-5);
    assert!((logit_normal_mean(0.4, 0.0) - logistic(0.4)).abs() < 1e-15);
}

#[test]
fn impossible_numbers_are_refused() {
    let nan = f64::NAN;
    let refused = |family: Family| Distribution::new(family).expect_err("an invalid family");
    assert_eq!(
        refused(Family::Constant { value: nan }),
        DistributionError::NotFinite { field: "value" }
    );
    assert_eq!(
        refused(Family::Normal { mean: 0.0, sd: nan }),
        DistributionError::NotFinite { field: "sd" }
    );
    assert_eq!(
        refused(Family::Normal {
            mean: 0.0,
            sd: -0.1
        }),
        DistributionError::NegativeSpread {
            field: "sd",
            value: -0.1
        }
    );
    assert_eq!(
        refused(Family::LogNormal {
            location: 0.0,
            scale: -2.0
        }),
        DistributionError::NegativeSpread {
            field: "scale",
            value: -2.0
        }
    );
    assert_eq!(
        refused(Family::Uniform {
            low: 1.0,
            high: 1.0
        }),
        DistributionError::EmptyRange {
            low: 1.0,
            high: 1.0
        }
    );
    assert_eq!(
        refused(Family::TruncatedNormal {
            mean: 0.0,
            sd: 1.0,
            low: 0.0,
            high: nan
        }),
        DistributionError::NotFinite { field: "high" }
    );
    assert_eq!(
        refused(Family::Beta { mean: 1.2, sd: 0.1 }),
        DistributionError::MeanOutside { mean: 1.2 }
    );
    assert_eq!(
        refused(Family::Beta { mean: 0.5, sd: 0.5 }),
        DistributionError::SpreadTooLarge {
            sd: 0.5,
            limit: 0.5
        }
    );
    assert_eq!(
        refused(Family::Beta { mean: 1.0, sd: 0.1 }),
        DistributionError::SpreadTooLarge {
            sd: 0.1,
            limit: 0.0
        }
    );
    let choice = |values: &[f64], weights: &[f64]| {
        refused(Family::Choice {
            values: values.to_vec(),
            weights: weights.to_vec(),
        })
    };
    assert_eq!(
        choice(&[], &[]),
        DistributionError::WeightCount {
            values: 0,
            weights: 0
        }
    );
    assert_eq!(
        choice(&[1.0], &[1.0, 2.0]),
        DistributionError::WeightCount {
            values: 1,
            weights: 2
        }
    );
    assert_eq!(
        choice(&[1.0, 2.0], &[1.0, -1.0]),
        DistributionError::NegativeWeight {
            index: 1,
            weight: -1.0
        }
    );
    assert_eq!(
        choice(&[1.0], &[nan]),
        DistributionError::NotFinite { field: "weights" }
    );
    assert_eq!(
        choice(&[1.0, 2.0], &[0.0, 0.0]),
        DistributionError::NoWeight
    );
    assert_eq!(
        DistributionError::SpreadTooLarge {
            sd: 0.6,
            limit: 0.5
        }
        .to_string(),
        "sd is 0.6, and must be below 0.5 with this mean"
    );
}

#[test]
fn a_beta_variable_without_spread_is_its_mean() {
    for mean in [0.0, 0.3, 1.0] {
        let beta = distribution(Family::Beta { mean, sd: 0.0 });
        assert_eq!(beta.value(2.0, 0.0), mean);
        let tiny = distribution(Family::Beta {
            mean,
            sd: if mean == 0.3 { 1e-170 } else { 0.0 },
        });
        assert_eq!(tiny.value(2.0, 0.0), mean);
    }
}

fn truncated(mean: f64, sd: f64, low: f64, high: f64) -> Distribution {
    distribution(Family::TruncatedNormal {
        mean,
        sd,
        low,
        high,
    })
}

#[test]
fn means_have_the_digits_of_thirty_digit_arithmetic() {
    // By mpmath 1.3 with 30 digits.
    let truncated = |mean, sd, low, high| truncated(mean, sd, low, high).mean();
    assert!((truncated(0.8, 0.3, 0.0, 1.0) - 0.675_731_539_803_190_1).abs() < 1e-14);
    assert!((truncated(0.0, 1.0, 3.0, 5.0) - 3.282_694_379_942_298_5).abs() < 1e-14);
    assert!((truncated(5.0, 0.4, 0.0, 1.0) - 0.960_762_706_415_481_3).abs() < 1e-13);
    let logit = |location, scale| logit_normal_mean(location, scale);
    assert!((logit(0.4, 0.9) - 0.584_412_477_845_320_5).abs() < 1e-14);
    assert!((logit(-2.0, 3.0) - 0.282_576_014_104_323_6).abs() < 1e-14);
    assert!((logit(1.0, 20.0) - 0.519_857_576_984_853_9).abs() < 1e-13);
}

/// The values of eight scores, each with its shift, with the vectors of a backend.
struct ValuesOfEight<'a>(&'a Distribution, [f64; 8], [f64; 8]);

impl Kernel for ValuesOfEight<'_> {
    type Output = [f64; 8];
    #[inline(always)]
    fn run<L: VectorRng>(self) -> [f64; 8] {
        let ValuesOfEight(distribution, scores, shifts) = self;
        let mut values = [0.0; 8];
        for first in (0..8).step_by(L::LANES) {
            let (z, shift) = (L::load(&scores[first..]), L::load(&shifts[first..]));
            distribution.values(z, shift).store(&mut values[first..]);
        }
        values
    }
}

/// One of each, and truncated normals of which nothing or next to nothing lies between the bounds.
fn one_of_each_and_awkward_ones() -> Vec<Distribution> {
    let mut all = one_of_each();
    all.push(distribution(Family::Normal { mean: 2.0, sd: 0.0 }));
    all.extend([
        truncated(0.4, 0.0, 0.0, 1.0),
        truncated(-3.0, 0.05, 0.0, 1.0),
        truncated(9.0, 0.05, 0.0, 1.0),
        truncated(0.0, 1.0, 3.0, 5.0),
        truncated(-0.0, 1.0, -0.0, 1.0),
    ]);
    all
}

proptest! {
    #[test]
    fn values_of_a_vector_equal_those_of_its_lanes(
        scores in prop::array::uniform8(prop_oneof![
            -9.0..9.0_f64, -2.0..2.0_f64, -60.0..60.0_f64, Just(0.0), Just(-0.0),
            Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(f64::NAN),
        ]),
        shifts in prop::array::uniform8(prop_oneof![
            Just(0.0), Just(-0.0), -1.0..1.0_f64, -1e3..1e3_f64, Just(f64::NAN),
        ]),
        moved: bool,
    ) {
        let shifts = if moved { shifts } else { [0.0; 8] };
        for distribution in one_of_each_and_awkward_ones() {
            let expected: [f64; 8] = std::array::from_fn(|k| distribution.value(scores[k], shifts[k]));
            for backend in Backend::available() {
                let values = backend.run(ValuesOfEight(&distribution, scores, shifts));
                for (value, expected) in values.iter().zip(expected) {
                    prop_assert!(
                        value.to_bits() == expected.to_bits() || value.is_nan() && expected.is_nan(),
                        "{distribution:?} {scores:?} {shifts:?}: {value:e}, {expected:e}"
                    );
                }
            }
        }
    }
}
