//! Portable transcendental functions: the same bits on every platform.
//!
//! Results of a simulation may depend on these and on IEEE-754 arithmetic, and on nothing of the
//! platform's own mathematical library. The functions of one number are here, those of a vector in
//! [`vector`].

pub(crate) mod vector;

use crate::simd::vector::Vector;

/// The exponential function.
#[inline]
pub(crate) fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// The natural logarithm.
#[inline]
pub(crate) fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// Two to the power of `x`.
#[inline]
pub(crate) fn exp2(x: f64) -> f64 {
    libm::exp2(x)
}

/// The logistic function, from the log-odds to the probability.
#[inline]
pub(crate) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

/// The log-odds of a probability in (0, 1).
#[inline]
pub(crate) fn logit(p: f64) -> f64 {
    ln(p) - ln(1.0 - p)
}

/// The factor by which a quantity of the given half-life falls in `days`.
#[inline]
pub(crate) fn decay(days: f64, half_life: f64) -> f64 {
    exp2(-days / half_life)
}

/// The standard normal distribution function.
#[inline]
pub(crate) fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// The standard normal distribution function at `z` and at `-z`, with the bits of [`normal_cdf`].
///
/// Away from 0 one is 1 minus the other, which saves half of the work.
#[inline]
pub(crate) fn normal_cdf_pair(z: f64) -> [f64; 2] {
    let x = z * std::f64::consts::FRAC_1_SQRT_2;
    if x.is_nan() || x.abs() < AWAY {
        return [normal_cdf(z), normal_cdf(-z)];
    }
    let tail = libm::erfc(x.abs());
    let (small, large) = (0.5 * tail, 0.5 * (2.0 - tail));
    if z < 0.0 {
        [small, large]
    } else {
        [large, small]
    }
}

/// From here on `libm` computes erfc(-x) as 2 - erfc(x).
pub(super) const AWAY: f64 = 0.84375;

/// The standard normal quantile (Wichura 1988, algorithm AS 241, about 16 digits).
///
/// Gives −∞ at 0, ∞ at 1 and NaN outside [0, 1].
#[inline]
pub(crate) fn normal_quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    let q = p - 0.5;
    if q.abs() <= CENTRE {
        return central_quantile(q);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    if tail <= 0.0 {
        return f64::INFINITY.copysign(q);
    }
    let r = (-ln(tail)).sqrt();
    let value = if r <= 5.0 {
        ratio(r - 1.6, &MIDDLE_ABOVE, &MIDDLE_BELOW)
    } else {
        ratio(r - 5.0, &FAR_ABOVE, &FAR_BELOW)
    };
    value.copysign(q)
}

/// Distance from ½ up to which the central approximation holds.
pub(super) const CENTRE: f64 = 0.425;

/// The quantile of ½ + `q`, with `q` at most [`CENTRE`] from 0.
#[inline(always)]
pub(super) fn central_quantile<L: Vector>(q: L) -> L {
    let r = -(q * q) + 0.180_625;
    q * ratio(r, &CENTRE_ABOVE, &CENTRE_BELOW)
}

#[inline(always)]
pub(super) fn ratio<L: Vector, const A: usize, const B: usize>(
    x: L,
    above: &[f64; A],
    below: &[f64; B],
) -> L {
    horner(x, above).div(horner(x, below))
}

#[inline(always)]
pub(super) fn horner<L: Vector, const N: usize>(x: L, coefficients: &[f64; N]) -> L {
    let mut sum = L::splat(coefficients[N - 1]);
    for place in (0..N - 1).rev() {
        sum = sum * x + coefficients[place];
    }
    sum
}

const CENTRE_ABOVE: [f64; 8] = [
    3.387_132_872_796_366_608,
    133.141_667_891_784_377_45,
    1_971.590_950_306_551_442_7,
    13_731.693_765_509_461_125,
    45_921.953_931_549_871_457,
    67_265.770_927_008_700_853,
    33_430.575_583_588_128_105,
    2_509.080_928_730_122_672_7,
];
const CENTRE_BELOW: [f64; 8] = [
    1.0,
    42.313_330_701_600_911_252,
    687.187_007_492_057_908_3,
    5_394.196_021_424_751_107_7,
    21_213.794_301_586_595_867,
    39_307.895_800_092_710_61,
    28_729.085_735_721_942_674,
    5_226.495_278_852_854_561,
];
pub(super) const MIDDLE_ABOVE: [f64; 8] = [
    1.423_437_110_749_683_577_34,
    4.630_337_846_156_545_295_9,
    5.769_497_221_460_691_405_5,
    3.647_848_324_763_204_605_04,
    1.270_458_252_452_368_382_58,
    0.241_780_725_177_450_611_77,
    0.022_723_844_989_269_184_51,
    7.745_450_142_783_414_076_4e-4,
];
pub(super) const MIDDLE_BELOW: [f64; 8] = [
    1.0,
    2.053_191_626_637_758_821_87,
    1.676_384_830_183_803_849_4,
    0.689_767_334_985_100_004_55,
    0.148_103_976_427_480_074_59,
    0.015_198_666_563_616_457_2,
    5.475_938_084_995_344_946e-4,
    1.050_750_071_644_416_843_24e-9,
];
pub(super) const FAR_ABOVE: [f64; 8] = [
    6.657_904_643_501_103_777_2,
    5.463_784_911_164_114_369_9,
    1.784_826_539_917_291_335_8,
    0.296_560_571_828_504_891_23,
    0.026_532_189_526_576_123_093,
    1.242_660_947_388_078_438_6e-3,
    2.711_555_568_743_487_578_15e-5,
    2.010_334_399_292_288_132_65e-7,
];
pub(super) const FAR_BELOW: [f64; 8] = [
    1.0,
    0.599_832_206_555_887_937_69,
    0.136_929_880_922_735_805_31,
    0.014_875_361_290_850_615_025,
    7.868_691_311_456_132_591e-4,
    1.846_318_317_510_054_681_8e-5,
    1.421_511_758_316_445_888_7e-7,
    2.044_263_103_389_939_785_64e-15,
];

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ContinuousCDF, Normal};

    #[test]
    fn normal_quantile_agrees_with_statrs() {
        let normal = Normal::new(0.0, 1.0).expect("a standard normal");
        for p in [
            1e-300, 1e-20, 1e-9, 1e-4, 0.01, 0.074, 0.3, 0.5, 0.9, 0.975, 0.99999,
        ] {
            let (ours, theirs) = (normal_quantile(p), normal.inverse_cdf(p));
            assert!(
                (ours - theirs).abs() < 1e-9 * ours.abs().max(1.0),
                "{p}: {ours} {theirs}"
            );
        }
        assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-14);
    }

    #[test]
    fn normal_quantile_inverts_the_distribution_function() {
        for z in [-6.0, -2.5, -0.3, 0.0, 0.7, 3.0] {
            assert!((normal_quantile(normal_cdf(z)) - z).abs() < 1e-8);
        }
        assert!(normal_quantile(f64::NAN).is_nan());
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
    }

    #[test]
    fn normal_cdf_pair_equals_normal_cdf_on_both_sides() {
        let edge = 0.84375 * std::f64::consts::SQRT_2;
        let near = (-4..=4).map(|k| edge + f64::from(k) * 1e-16);
        let all = (0..40_000).map(|k| f64::from(k) * 1e-3);
        for z in near.chain(all).chain([1e-300, 1e300, f64::INFINITY]) {
            for z in [z, -z] {
                let expected = [normal_cdf(z), normal_cdf(-z)];
                assert_eq!(
                    normal_cdf_pair(z).map(f64::to_bits),
                    expected.map(f64::to_bits)
                );
            }
        }
        assert!(normal_cdf_pair(f64::NAN).iter().all(|tail| tail.is_nan()));
    }

    #[test]
    fn logit_inverts_the_logistic_function() {
        for p in [1e-6, 0.2, 0.5, 0.999] {
            assert!((logistic(logit(p)) - p).abs() < 1e-12);
        }
    }

    #[test]
    fn half_is_left_after_a_half_life() {
        assert_eq!(decay(30.0, 30.0), 0.5);
        assert_eq!(decay(0.0, 30.0), 1.0);
    }
}
