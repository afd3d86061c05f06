//! Sobol' points: 2^k points such that every dyadic box of volume 2^−k holds nearly its due
//! (Sobol' 1967; direction numbers of Joe & Kuo 2008; Gray-code order of Antonov & Saleev 1979).
//!
//! Owen's nested uniform scrambling (Owen 1995) keeps that balance and makes each point uniform, so
//! that means are unbiased; it needs no memory: each bit is flipped by a hash of the bits above it.
//! Every prefix of 2^j points is a complete Sobol' design.

use super::directions::MOST_DIMENSIONS;
use super::{DesignError, directions, error, random};

/// Binary digits of a coordinate.
const DIGITS: u32 = 53;

/// Most points: beyond these the digits no longer tell them apart.
const MOST_POINTS: u64 = 1 << 52;

/// Whether and how points are randomised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scramble {
    /// The plain sequence; its first point is the origin.
    Plain,
    /// Owen's nested uniform scramble under a seed.
    Owen(u64),
}

/// 2^k Sobol' points.
#[derive(Clone, Debug)]
pub struct Sobol {
    points: u64,
    axes: Vec<SobolAxis>,
}

#[derive(Clone, Debug)]
struct SobolAxis {
    /// Direction numbers, the first digit in the highest bit.
    directions: [u64; DIGITS as usize],
    scramble: Option<u64>,
}

impl Sobol {
    /// Makes `points` points, a power of two.
    ///
    /// # Errors
    ///
    /// Without points or axes, for a number of points that is not a power of two or is beyond 2^52,
    /// and beyond [`MOST_DIMENSIONS`].
    pub fn new(points: u64, dimensions: usize, scramble: Scramble) -> Result<Sobol, DesignError> {
        if points == 0 || dimensions == 0 {
            return Err(DesignError::Empty);
        }
        error::power_of_two(points)?;
        if points > MOST_POINTS {
            return Err(DesignError::TooManyPoints { most: MOST_POINTS });
        }
        if dimensions > MOST_DIMENSIONS {
            let most = MOST_DIMENSIONS;
            return Err(DesignError::TooManyDimensions {
                requested: dimensions,
                most,
            });
        }
        let axes = directions::initial()
            .take(dimensions)
            .enumerate()
            .map(|(axis, (polynomial, initial))| SobolAxis {
                directions: directions(polynomial, initial),
                scramble: match scramble {
                    Scramble::Plain => None,
                    Scramble::Owen(seed) => {
                        Some(random::words(&random::key(seed, b"owen    "), axis as u64, 0)[0])
                    }
                },
            })
            .collect();
        Ok(Sobol { points, axes })
    }

    /// Number of points.
    pub fn points(&self) -> u64 {
        self.points
    }

    /// Number of axes.
    pub fn dimensions(&self) -> usize {
        self.axes.len()
    }

    /// Writes the coordinates of one point, as many as `out` has places.
    pub fn point(&self, index: u64, out: &mut [f64]) {
        let gray = index ^ (index >> 1);
        for (out, axis) in out.iter_mut().zip(&self.axes) {
            *out = axis.coordinate(gray);
        }
    }
}

impl SobolAxis {
    fn coordinate(&self, gray: u64) -> f64 {
        let (mut digits, mut rest) = (0, gray);
        while rest != 0 {
            digits ^= self.directions[rest.trailing_zeros() as usize];
            rest &= rest - 1;
        }
        random::unit(match self.scramble {
            None => digits,
            Some(key) => owen(digits, key),
        })
    }
}

/// Flips each digit by a fair coin that belongs to the digits above it.
fn owen(digits: u64, key: u64) -> u64 {
    let mut scrambled = 0;
    for place in 0..DIGITS {
        // The digits above, with a mark in front so that their number counts as well.
        let above = 1 << place | digits.checked_shr(u64::BITS - place).unwrap_or(0);
        let bit = digits << place ^ random::mix(above, key);
        scrambled |= (bit & 1 << 63) >> place;
    }
    scrambled
}

/// The direction numbers that a primitive polynomial makes of the initial ones; the first
/// dimension, the van der Corput sequence, has no polynomial (0).
fn directions(polynomial: u16, initial: &[u16]) -> [u64; DIGITS as usize] {
    let mut v = [0_u64; DIGITS as usize];
    let degree = initial.len();
    for place in 0..DIGITS as usize {
        v[place] = if polynomial == 0 {
            1 << (63 - place)
        } else if place < degree {
            u64::from(initial[place]) << (63 - place)
        } else {
            let mut sum = v[place - degree] ^ (v[place - degree] >> degree);
            for back in 1..degree {
                if polynomial >> (degree - back) & 1 == 1 {
                    sum ^= v[place - back];
                }
            }
            sum
        };
    }
    v
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ORACLE: &str = include_str!("../../tests/oracles/design_sobol.csv");

    fn row(design: &Sobol, index: u64) -> Vec<f64> {
        let mut out = vec![0.0; design.dimensions()];
        design.point(index, &mut out);
        out
    }

    #[test]
    fn plain_points_equal_those_of_scipy() {
        let design = Sobol::new(1024, MOST_DIMENSIONS, Scramble::Plain).expect("a power of two");
        let rows: Vec<Vec<u32>> = (0..1024)
            .map(|index| {
                row(&design, index)
                    .iter()
                    .map(|x| (x * 1024.0) as u32)
                    .collect()
            })
            .collect();
        for (axis, line) in ORACLE.lines().enumerate() {
            let numbers: Vec<u64> = line
                .split(',')
                .map(|word| word.parse().expect("a number"))
                .collect();
            let column: Vec<u32> = rows.iter().map(|row| row[axis]).collect();
            let ours: Vec<u64> = column[..8].iter().map(|x| u64::from(*x)).collect();
            assert_eq!(ours, numbers[1..], "dimension {axis}");
            assert_eq!(fnv(&column), numbers[0], "dimension {axis}");
        }
        assert_eq!(ORACLE.lines().count(), MOST_DIMENSIONS);
    }

    /// FNV-1a over little-endian bytes, as the oracle's script has it.
    fn fnv(words: &[u32]) -> u64 {
        let bytes = words.iter().flat_map(|word| word.to_le_bytes());
        bytes.fold(0xcbf2_9ce4_8422_2325, |state: u64, byte| {
            (state ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        })
    }

    fn assert_stratified(design: &Sobol) {
        let n = design.points() as usize;
        let mut seen = vec![vec![false; n]; design.dimensions()];
        for index in 0..design.points() {
            for (axis, x) in row(design, index).into_iter().enumerate() {
                assert!((0.0..1.0).contains(&x));
                let stratum = (x * n as f64) as usize;
                assert!(!seen[axis][stratum], "dimension {axis}");
                seen[axis][stratum] = true;
            }
        }
    }

    #[test]
    fn all_dimensions_are_stratified_plain_and_scrambled() {
        for scramble in [Scramble::Plain, Scramble::Owen(1), Scramble::Owen(99)] {
            for points in [1, 2, 32, 1024] {
                assert_stratified(
                    &Sobol::new(points, MOST_DIMENSIONS, scramble).expect("a power of two"),
                );
            }
        }
    }

    proptest! {
        #[test]
        fn scrambled_prefixes_are_stratified_whatever_the_seed(seed: u64, bits in 0_u32..9) {
            assert_stratified(&Sobol::new(1 << bits, 5, Scramble::Owen(seed)).expect("a power of two"));
        }

        #[test]
        fn scrambling_keeps_the_boxes_that_points_share(seed: u64, a: u64, b: u64) {
            let key = random::words(&random::key(seed, b"testing "), 0, 0)[0];
            let mask = !0 << (64 - DIGITS);
            let (a, b) = (a & mask, b & mask);
            let shared = (a ^ b).leading_zeros();
            prop_assert_eq!((owen(a, key) ^ owen(b, key)).leading_zeros().min(DIGITS), shared.min(DIGITS));
        }
    }

    #[test]
    fn pairs_of_the_first_dimensions_fill_every_elementary_box() {
        let design = Sobol::new(256, 2, Scramble::Owen(5)).expect("a power of two");
        for (columns, lines) in [(1, 256), (4, 64), (16, 16), (128, 2)] {
            let mut boxes: Vec<(u64, u64)> = (0..256)
                .map(|index| row(&design, index))
                .map(|x| ((x[0] * columns as f64) as u64, (x[1] * lines as f64) as u64))
                .collect();
            boxes.sort_unstable();
            boxes.dedup();
            assert_eq!(boxes.len(), 256, "{columns} × {lines}");
        }
    }

    /// Root mean squared error of the mean of a smooth product over 32 seeds.
    fn error(bits: u32) -> f64 {
        let squared = (0..32).map(|seed| {
            let design = Sobol::new(1 << bits, 6, Scramble::Owen(seed)).expect("a power of two");
            let sum: f64 = (0..design.points())
                .map(|index| {
                    row(&design, index)
                        .iter()
                        .map(|x| 1.0 + 0.8 * (x - 0.5))
                        .product::<f64>()
                })
                .sum();
            (sum / design.points() as f64 - 1.0).powi(2)
        });
        (squared.sum::<f64>() / 32.0).sqrt()
    }

    #[test]
    fn a_smooth_mean_converges_faster_than_by_monte_carlo() {
        let variance = (1.0_f64 + 0.64 / 12.0).powi(6) - 1.0;
        let (few, many) = (error(6), error(12));
        assert!(few < 0.25 * (variance / 64.0).sqrt(), "{few}");
        assert!(many < 0.06 * (variance / 4096.0).sqrt(), "{many}");
        assert!(
            many < few / 40.0,
            "Monte Carlo would give few / 8: {few} {many}"
        );
    }

    #[test]
    fn each_scrambled_point_is_uniform_over_seeds() {
        let first = |seed| {
            row(
                &Sobol::new(1, 1, Scramble::Owen(seed)).expect("one point"),
                0,
            )[0]
        };
        let mut counts = [0_i32; 16];
        for seed in 0..4000 {
            counts[(first(seed) * 16.0) as usize] += 1;
        }
        let chi_square: f64 = counts
            .iter()
            .map(|n| f64::from(n - 250).powi(2) / 250.0)
            .sum();
        assert!(
            chi_square < 37.7,
            "15 degrees of freedom, p = 0.001: {chi_square}"
        );
    }

    #[test]
    fn the_first_scrambled_points_are_what_they_were() {
        let design = Sobol::new(4, 2, Scramble::Owen(2026)).expect("a power of two");
        assert_eq!([row(&design, 0), row(&design, 3)], FIRST);
    }

    const FIRST: [[f64; 2]; 2] = [
        [0.964_182_245_288_586_2, 0.823_480_350_450_800_1],
        [0.632_904_485_545_557_6, 0.125_962_887_482_400_7],
    ];

    #[test]
    fn other_numbers_than_powers_of_two_are_refused_with_their_neighbours() {
        let error = Sobol::new(100, 2, Scramble::Plain).map(|_| ());
        assert_eq!(
            error,
            Err(DesignError::NotAPowerOfTwo {
                requested: 100,
                below: 64,
                above: 128
            })
        );
        assert!(Sobol::new(64, MOST_DIMENSIONS + 1, Scramble::Plain).is_err());
    }
}
