//! Functions of a vector, with the bits of the scalar functions.
//!
//! The scalar functions choose among polynomials by the size of a number. Here every lane goes
//! through the same operations in the same order and selects its own result; branches that no lane
//! selects are skipped. Rare numbers (NaN, infinite, subnormal, too large) are computed one by
//! one. Polynomials and bounds are those of the `libm` crate, which has them from FreeBSD's msun.

use super::{
    AWAY, CENTRE, FAR_ABOVE, FAR_BELOW, MIDDLE_ABOVE, MIDDLE_BELOW, central_quantile, horner, ratio,
};
use crate::math::functions;
use crate::simd::vector::{MAGIC, Mask, Vector};
use std::f64::consts::{FRAC_1_SQRT_2, LOG2_E};

/// Computes the lanes outside `exact` one by one with the scalar function.
#[inline(always)]
fn one_by_one<L: Vector>(mut values: L, exact: L::Mask, given: L, function: fn(f64) -> f64) -> L {
    if !(!exact).none() {
        let done = L::splat(1.0).masked(exact);
        for place in 0..L::LANES {
            if done.extract(place) == 0.0 {
                values.replace(place, function(given.extract(place)));
            }
        }
    }
    values
}

/// The exponential function.
#[inline(always)]
pub(crate) fn exp<L: Vector>(x: L) -> L {
    if L::LANES == 1 {
        return L::splat(functions::exp(x.extract(0)));
    }
    let size = x.abs();
    let integer = towards_zero(size * LOG2_E + 0.5);
    let negative = x.lt(L::splat(0.0));
    let power = (-integer).select(negative, integer);
    let power = power.masked(size.ge(L::splat(f64::from_bits(HALF_LN_2))));
    let (high, low) = (x - power * LN_2_HIGH, power * LN_2_LOW);
    let rest = high - low;
    let square = rest * rest;
    let c = rest - square * horner(square, &EXP);
    let value = ((rest * c).div(-c + 2.0) - low + high + 1.0) * power.exp2_int();
    let tiny = size.lt(L::splat(f64::from_bits(TINY)));
    let value = (x + 1.0).select(tiny, value);
    one_by_one(value, size.lt(L::splat(LARGE)), x, functions::exp)
}

/// The integer part of a number from 0 to 2⁵¹.
#[inline(always)]
fn towards_zero<L: Vector>(x: L) -> L {
    // After the addition there are no bits for a fraction.
    let near = x + MAGIC - MAGIC;
    near - L::splat(1.0).masked(x.lt(near))
}

/// The logistic function, from the log-odds to the probability.
#[inline(always)]
pub(crate) fn logistic<L: Vector>(x: L) -> L {
    L::splat(1.0).div(exp(-x) + 1.0)
}

/// The natural logarithm.
#[inline(always)]
fn ln<L: Vector>(x: L) -> L {
    if L::LANES == 1 {
        return L::splat(functions::ln(x.extract(0)));
    }
    let (power, significand) = x.frexp();
    let f = significand - 1.0;
    let half_square = f * 0.5 * f;
    let s = f.div(f + 2.0);
    let z = s * s;
    let w = z * z;
    let r = z * horner(w, &LOG_ODD) + w * horner(w, &LOG_EVEN);
    let value = s * (half_square + r) + power * LN_2_LOW - half_square + f + power * LN_2_HIGH;
    let normal = x.ge(L::splat(f64::MIN_POSITIVE)) & x.lt(L::splat(f64::INFINITY));
    one_by_one(value, normal, x, functions::ln)
}

/// The standard normal distribution function at `z` and at `-z`.
#[inline(always)]
pub(crate) fn normal_cdf_pair<L: Vector>(z: L) -> [L; 2] {
    if L::LANES == 1 {
        return functions::normal_cdf_pair(z.extract(0)).map(L::splat);
    }
    let x = (z * FRAC_1_SQRT_2).abs();
    let near = x.lt(L::splat(AWAY));
    let part = x * ratio(x * x, &NEAR_ABOVE, &NEAR_BELOW);
    let sum = x + part;
    let outer = -(x - 0.5 + part) + 0.5;
    let mut small = sum.one_minus().select(x.lt(L::splat(0.25)), outer);
    let mut large = sum + 1.0;
    if !(!near).none() {
        let tail = complement(x, !near);
        small = small.select(near, tail);
        large = large.select(near, -tail + 2.0);
    }
    let (small, large) = (small * 0.5, large * 0.5);
    let negative = z.lt(L::splat(0.0));
    [small.select(negative, large), large.select(negative, small)]
}

/// The complementary error function at [`AWAY`] and above, where `wanted`.
#[inline(always)]
fn complement<L: Vector>(x: L, wanted: L::Mask) -> L {
    let nothing_left = x.ge(L::splat(NOTHING_LEFT));
    // Replaced by 2 where it is not wanted, so that it is never computed one by one.
    let x = x.select(wanted & !nothing_left, L::splat(2.0));
    let edge = x.lt(L::splat(EDGE));
    let tail = -ratio(x - 1.0, &EDGE_ABOVE, &EDGE_BELOW) + (1.0 - ERX);
    if (!edge).none() {
        return tail;
    }
    let inverse = L::splat(1.0).div(x * x);
    let mut share = ratio(inverse, &TAIL_ABOVE, &TAIL_BELOW);
    let end = x.ge(L::splat(f64::from_bits(END)));
    if !end.none() {
        share = ratio(inverse, &END_ABOVE, &END_BELOW).select(end, share);
    }
    let z = x.clear_low_word();
    let front = exp(-z * z - 0.5625) * exp((z - x) * (z + x) + share);
    let tail = tail.select(edge, front.div(x));
    tail.masked(!nothing_left)
}

/// The standard normal quantile.
#[inline(always)]
pub(crate) fn normal_quantile<L: Vector>(p: L) -> L {
    if L::LANES == 1 {
        return L::splat(functions::normal_quantile(p.extract(0)));
    }
    let q = p - 0.5;
    let central = central_quantile(q);
    let middle = L::splat(CENTRE).ge(q.abs());
    if (!middle).none() {
        return central;
    }
    let upper = q.ge(L::splat(0.0));
    let inside = L::splat(0.0).lt(p) & p.lt(L::splat(1.0));
    // Replaced by ¼ in the middle, so that it is never computed one by one.
    let tail = L::splat(0.25).select(middle | !inside, p.one_minus().select(upper, p));
    let r = (-ln(tail)).sqrt();
    let mut value = ratio(r - 1.6, &MIDDLE_ABOVE, &MIDDLE_BELOW);
    let far = !L::splat(5.0).ge(r);
    if !far.none() {
        value = ratio(r - 5.0, &FAR_ABOVE, &FAR_BELOW).select(far, value);
    }
    let value = central.select(middle, value.select(upper, -value));
    one_by_one(value, middle | inside, p, functions::normal_quantile)
}

const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// From here on, slightly above ½ ln 2, a power of two is taken out of an exponential.
const HALF_LN_2: u64 = 0x3fd6_2e43_0000_0000;
/// Below this, slightly above 2⁻²⁸, an exponential is 1 + x.
const TINY: u64 = 0x3e30_0001_0000_0000;
/// Below this, an exponential is neither subnormal nor infinite.
const LARGE: f64 = 708.0;
/// The error function near 1, with few digits.
const ERX: f64 = 0.845_062_911_510_467_5;
/// Where the polynomials of the complementary error function change.
const EDGE: f64 = 1.25;
const END: u64 = 0x4006_db6d_0000_0000;
/// From here on it is 0.
const NOTHING_LEFT: f64 = 28.0;

const EXP: [f64; 5] = [
    0.166_666_666_666_666_02,
    -0.002_777_777_777_701_559_3,
    6.613_756_321_437_934e-5,
    -1.653_390_220_546_525_2e-6,
    4.138_136_797_057_238_5e-8,
];
const LOG_ODD: [f64; 4] = [
    0.666_666_666_666_673_5,
    0.285_714_287_436_623_9,
    0.181_835_721_616_180_5,
    0.147_981_986_051_165_86,
];
const LOG_EVEN: [f64; 3] = [
    0.399_999_999_994_094_2,
    0.222_221_984_321_497_84,
    0.153_138_376_992_093_73,
];
const NEAR_ABOVE: [f64; 5] = [
    0.128_379_167_095_512_56,
    -0.325_042_107_247_001_5,
    -0.028_481_749_575_598_51,
    -0.005_770_270_296_489_442,
    -2.376_301_665_665_016_3e-5,
];
const NEAR_BELOW: [f64; 6] = [
    1.0,
    0.397_917_223_959_155_35,
    0.065_022_249_988_767_3,
    0.005_081_306_281_875_766,
    0.000_132_494_738_004_321_64,
    -3.960_228_278_775_368e-6,
];
const EDGE_ABOVE: [f64; 7] = [
    -0.002_362_118_560_752_659_4,
    0.414_856_118_683_748_33,
    -0.372_207_876_035_701_3,
    0.318_346_619_901_161_75,
    -0.110_894_694_282_396_68,
    0.035_478_304_325_618_236,
    -0.002_166_375_594_868_791,
];
const EDGE_BELOW: [f64; 7] = [
    1.0,
    0.106_420_880_400_844_23,
    0.540_397_917_702_171,
    0.071_828_654_414_196_27,
    0.126_171_219_808_761_64,
    0.013_637_083_912_029_05,
    0.011_984_499_846_799_107,
];
const TAIL_ABOVE: [f64; 8] = [
    -0.009_864_944_034_847_148,
    -0.693_858_572_707_181_8,
    -10.558_626_225_323_291,
    -62.375_332_450_326_006,
    -162.396_669_462_573_47,
    -184.605_092_906_711_04,
    -81.287_435_506_306_6,
    -9.814_329_344_169_145,
];
const TAIL_BELOW: [f64; 9] = [
    1.0,
    19.651_271_667_439_257,
    137.657_754_143_519_04,
    434.565_877_475_229_23,
    645.387_271_733_267_9,
    429.008_140_027_567_83,
    108.635_005_541_779_44,
    6.570_249_770_319_282,
    -0.060_424_415_214_858_1,
];
const END_ABOVE: [f64; 7] = [
    -0.009_864_942_924_700_1,
    -0.799_283_237_680_523,
    -17.757_954_917_754_752,
    -160.636_384_855_821_92,
    -637.566_443_368_389_6,
    -1_025.095_131_611_077_2,
    -483.519_191_608_651_4,
];
const END_BELOW: [f64; 8] = [
    1.0,
    30.338_060_743_482_46,
    325.792_512_996_573_9,
    1_536.729_586_084_437,
    3_199.858_219_508_595_5,
    2_553.050_406_433_164_4,
    474.528_541_206_955_37,
    -22.440_952_446_585_82,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::VectorRng;
    use crate::simd::test_support::ArrayVector;
    use crate::simd::{Backend, Kernel};
    use proptest::prelude::*;

    type Function = fn(f64) -> f64;
    /// The scalar functions, in the order of [`all_functions`].
    const ALONE: [Function; 6] = [
        functions::exp,
        functions::logistic,
        functions::ln,
        functions::normal_cdf,
        |z| functions::normal_cdf(-z),
        functions::normal_quantile,
    ];

    #[inline(always)]
    fn all_functions<L: Vector>(numbers: &[f64; 8]) -> [[f64; 8]; 6] {
        let mut results = [[0.0; 8]; 6];
        for first in (0..8).step_by(L::LANES) {
            let x = L::load(&numbers[first..]);
            let [below, above] = normal_cdf_pair(x);
            let values = [exp(x), logistic(x), ln(x), below, above, normal_quantile(x)];
            for (result, value) in results.iter_mut().zip(values) {
                value.store(&mut result[first..]);
            }
        }
        results
    }

    struct AllFunctions([f64; 8]);

    impl Kernel for AllFunctions {
        type Output = [[f64; 8]; 6];
        #[inline(always)]
        fn run<L: VectorRng>(self) -> Self::Output {
            all_functions::<L>(&self.0)
        }
    }

    /// Compares every function on every backend with the scalar one.
    fn assert_equal_bits(numbers: [f64; 8]) {
        let backends = Backend::available().into_iter();
        let results = backends.map(|backend| backend.run(AllFunctions(numbers)));
        for result in results.chain([all_functions::<ArrayVector>(&numbers)]) {
            for (values, function) in result.iter().zip(ALONE) {
                for (value, x) in values.iter().zip(numbers) {
                    let expected = function(x);
                    assert!(
                        value.to_bits() == expected.to_bits()
                            || value.is_nan() && expected.is_nan(),
                        "{x:e}: {value:e}, {expected:e}"
                    );
                }
            }
        }
    }

    /// A number and its neighbours, on both sides of zero.
    fn around(edge: f64) -> Vec<f64> {
        let bits = edge.to_bits();
        let near = (bits.saturating_sub(3)..=bits + 3).map(f64::from_bits);
        near.flat_map(|x| [x, -x]).collect()
    }

    #[test]
    fn a_vector_gives_the_bits_of_its_lanes_at_every_edge() {
        let mut edges = vec![
            0.0,
            5e-324,
            1e-310,
            f64::MIN_POSITIVE,
            1e-300,
            1e-17,
            2.0_f64.powi(-56),
        ];
        edges.extend([HALF_LN_2, TINY, END].map(f64::from_bits));
        edges.extend([0x3ff0_a2b2_0000_0000, 0x3fe6_a09e_0000_0000].map(f64::from_bits));
        edges.extend([
            0.25,
            AWAY,
            EDGE,
            NOTHING_LEFT,
            0.5,
            1.0,
            2.0,
            0.5 - CENTRE,
            0.5 + CENTRE,
        ]);
        edges.extend(
            [0.25, AWAY, EDGE, f64::from_bits(END), NOTHING_LEFT]
                .map(|x| x * std::f64::consts::SQRT_2),
        );
        edges.extend([
            LARGE,
            708.396_418_532_264_1,
            709.782_712_893_384,
            745.133_219_101_941_1,
        ]);
        edges.extend([(-25.0_f64).exp(), 1.0 - (-25.0_f64).exp(), 1e300, f64::MAX]);
        let mut all: Vec<f64> = edges.into_iter().flat_map(around).collect();
        all.extend([f64::INFINITY, f64::NEG_INFINITY, f64::NAN]);
        for (place, x) in all.iter().enumerate() {
            // Alone among ordinary numbers, and among similar ones.
            let mut numbers = [0.3; 8];
            numbers[place % 8] = *x;
            assert_equal_bits(numbers);
            let like = all.iter().cycle().skip(place);
            for (number, x) in numbers.iter_mut().zip(like) {
                *number = *x;
            }
            assert_equal_bits(numbers);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]
        #[test]
        fn a_vector_gives_the_bits_of_its_lanes(numbers in prop::array::uniform8(prop_oneof![
            any::<f64>(), -1.0..1.0_f64, 0.0..1.0_f64, -6.0..6.0_f64, -40.0..40.0_f64,
            -760.0..760.0_f64, (-1080.0..1.0_f64).prop_map(f64::exp2), (-60.0..0.0_f64).prop_map(|x| 1.0 - x.exp2()),
        ])) {
            assert_equal_bits(numbers);
        }
    }
}
