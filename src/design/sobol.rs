//! Sobol' points: 2^k points such that every dyadic box of volume 2^−k holds nearly its due
//! (Sobol' 1967; direction numbers of Joe & Kuo 2008; Gray-code order of Antonov & Saleev 1979).
//!
//! Owen's nested uniform scrambling (Owen 1995) keeps that balance and makes each point uniform, so
//! that means are unbiased; it needs no memory: each bit is flipped by a hash of the bits above it.
//! Every prefix of 2^j points is a complete Sobol' design.
//!
//! Direction numbers are Joe & Kuo's set D(6), which makes two-dimensional projections even:
//! S. Joe & F. Y. Kuo (2008), "Constructing Sobol' sequences with better two-dimensional projections", SIAM J. Sci. Comput. 30, 2635–2654; file `new-joe-kuo-6.21201`.

use super::{DesignError, power_of_two, random};

/// Binary digits of a coordinate.
const DIGITS: u32 = 53;

/// Most points: beyond these the digits no longer tell them apart.
const MOST_POINTS: u64 = 1 << 52;

/// Whether and how points are randomised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scramble {
    /// The plain sequence; its first point is the origin.
    Plain,
    /// Owen's nested uniform scramble under a seed.
    Owen(u64),
}

/// 2^k Sobol' points.
#[derive(Clone, Debug)]
pub(crate) struct Sobol {
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
    pub(crate) fn new(
        points: u64,
        dimensions: usize,
        scramble: Scramble,
    ) -> Result<Sobol, DesignError> {
        if points == 0 || dimensions == 0 {
            return Err(DesignError::Empty);
        }
        power_of_two(points)?;
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
        let axes = dimension_table()
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
    pub(crate) fn points(&self) -> u64 {
        self.points
    }

    /// Number of axes.
    pub(crate) fn dimensions(&self) -> usize {
        self.axes.len()
    }

    /// Writes the coordinates of one point, as many as `out` has places.
    pub(crate) fn point(&self, index: u64, out: &mut [f64]) {
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
        crate::rng::unit(match self.scramble {
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

/// Dimensions that the table reaches.
pub(crate) const MOST_DIMENSIONS: usize = POLYNOMIALS.len() + 1;

/// For each dimension its primitive polynomial, bit k being the coefficient of x^k, and its dimension_table
/// direction numbers, as many as the polynomial's degree; the first dimension has neither.
fn dimension_table() -> impl Iterator<Item = (u16, &'static [u16])> {
    let later = POLYNOMIALS.iter().scan(&INITIAL[..], |rest, polynomial| {
        let (own, others) = rest.split_at(polynomial.ilog2() as usize);
        *rest = others;
        Some((*polynomial, own))
    });
    std::iter::once((0, &[][..])).chain(later)
}

const POLYNOMIALS: [u16; 255] = [
    3, 7, 11, 13, 19, 25, 37, 41, 47, 55, 59, 61, 67, 91, 97, 103, 109, 115, 131, 137, 143, 145,
    157, 167, 171, 185, 191, 193, 203, 211, 213, 229, 239, 241, 247, 253, 285, 299, 301, 333, 351,
    355, 357, 361, 369, 391, 397, 425, 451, 463, 487, 501, 529, 539, 545, 557, 563, 601, 607, 617,
    623, 631, 637, 647, 661, 675, 677, 687, 695, 701, 719, 721, 731, 757, 761, 787, 789, 799, 803,
    817, 827, 847, 859, 865, 875, 877, 883, 895, 901, 911, 949, 953, 967, 971, 973, 981, 985, 995,
    1001, 1019, 1033, 1051, 1063, 1069, 1125, 1135, 1153, 1163, 1221, 1239, 1255, 1267, 1279, 1293,
    1305, 1315, 1329, 1341, 1347, 1367, 1387, 1413, 1423, 1431, 1441, 1479, 1509, 1527, 1531, 1555,
    1557, 1573, 1591, 1603, 1615, 1627, 1657, 1663, 1673, 1717, 1729, 1747, 1759, 1789, 1815, 1821,
    1825, 1849, 1863, 1869, 1877, 1881, 1891, 1917, 1933, 1939, 1969, 2011, 2035, 2041, 2053, 2071,
    2091, 2093, 2119, 2147, 2149, 2161, 2171, 2189, 2197, 2207, 2217, 2225, 2255, 2257, 2273, 2279,
    2283, 2293, 2317, 2323, 2341, 2345, 2363, 2365, 2373, 2377, 2385, 2395, 2419, 2421, 2431, 2435,
    2447, 2475, 2477, 2489, 2503, 2521, 2533, 2551, 2561, 2567, 2579, 2581, 2601, 2633, 2657, 2669,
    2681, 2687, 2693, 2705, 2717, 2727, 2731, 2739, 2741, 2773, 2783, 2793, 2799, 2801, 2811, 2819,
    2825, 2833, 2867, 2879, 2881, 2891, 2905, 2911, 2917, 2927, 2941, 2951, 2955, 2963, 2965, 2991,
    2999, 3005, 3017, 3035, 3037, 3047, 3053, 3083, 3085, 3097, 3103, 3159, 3169,
];
const INITIAL: [u16; 2414] = [
    1, 1, 3, 1, 3, 1, 1, 1, 1, 1, 1, 3, 3, 1, 3, 5, 13, 1, 1, 5, 5, 17, 1, 1, 5, 5, 5, 1, 1, 7, 11,
    19, 1, 1, 5, 1, 1, 1, 1, 1, 3, 11, 1, 3, 5, 5, 31, 1, 3, 3, 9, 7, 49, 1, 1, 1, 15, 21, 21, 1,
    3, 1, 13, 27, 49, 1, 1, 1, 15, 7, 5, 1, 3, 1, 15, 13, 25, 1, 1, 5, 5, 19, 61, 1, 3, 7, 11, 23,
    15, 103, 1, 3, 7, 13, 13, 15, 69, 1, 1, 3, 13, 7, 35, 63, 1, 3, 5, 9, 1, 25, 53, 1, 3, 1, 13,
    9, 35, 107, 1, 3, 1, 5, 27, 61, 31, 1, 1, 5, 11, 19, 41, 61, 1, 3, 5, 3, 3, 13, 69, 1, 1, 7,
    13, 1, 19, 1, 1, 3, 7, 5, 13, 19, 59, 1, 1, 3, 9, 25, 29, 41, 1, 3, 5, 13, 23, 1, 55, 1, 3, 7,
    3, 13, 59, 17, 1, 3, 1, 3, 5, 53, 69, 1, 1, 5, 5, 23, 33, 13, 1, 1, 7, 7, 1, 61, 123, 1, 1, 7,
    9, 13, 61, 49, 1, 3, 3, 5, 3, 55, 33, 1, 3, 1, 15, 31, 13, 49, 245, 1, 3, 5, 15, 31, 59, 63,
    97, 1, 3, 1, 11, 11, 11, 77, 249, 1, 3, 1, 11, 27, 43, 71, 9, 1, 1, 7, 15, 21, 11, 81, 45, 1,
    3, 7, 3, 25, 31, 65, 79, 1, 3, 1, 1, 19, 11, 3, 205, 1, 1, 5, 9, 19, 21, 29, 157, 1, 3, 7, 11,
    1, 33, 89, 185, 1, 3, 3, 3, 15, 9, 79, 71, 1, 3, 7, 11, 15, 39, 119, 27, 1, 1, 3, 1, 11, 31,
    97, 225, 1, 1, 1, 3, 23, 43, 57, 177, 1, 3, 7, 7, 17, 17, 37, 71, 1, 3, 1, 5, 27, 63, 123, 213,
    1, 1, 3, 5, 11, 43, 53, 133, 1, 3, 5, 5, 29, 17, 47, 173, 479, 1, 3, 3, 11, 3, 1, 109, 9, 69,
    1, 1, 1, 5, 17, 39, 23, 5, 343, 1, 3, 1, 5, 25, 15, 31, 103, 499, 1, 1, 1, 11, 11, 17, 63, 105,
    183, 1, 1, 5, 11, 9, 29, 97, 231, 363, 1, 1, 5, 15, 19, 45, 41, 7, 383, 1, 3, 7, 7, 31, 19, 83,
    137, 221, 1, 1, 1, 3, 23, 15, 111, 223, 83, 1, 1, 5, 13, 31, 15, 55, 25, 161, 1, 1, 3, 13, 25,
    47, 39, 87, 257, 1, 1, 1, 11, 21, 53, 125, 249, 293, 1, 1, 7, 11, 11, 7, 57, 79, 323, 1, 1, 5,
    5, 17, 13, 81, 3, 131, 1, 1, 7, 13, 23, 7, 65, 251, 475, 1, 3, 5, 1, 9, 43, 3, 149, 11, 1, 1,
    3, 13, 31, 13, 13, 255, 487, 1, 3, 3, 1, 5, 63, 89, 91, 127, 1, 1, 3, 3, 1, 19, 123, 127, 237,
    1, 1, 5, 7, 23, 31, 37, 243, 289, 1, 1, 5, 11, 17, 53, 117, 183, 491, 1, 1, 1, 5, 1, 13, 13,
    209, 345, 1, 1, 3, 15, 1, 57, 115, 7, 33, 1, 3, 1, 11, 7, 43, 81, 207, 175, 1, 3, 1, 1, 15, 27,
    63, 255, 49, 1, 3, 5, 3, 27, 61, 105, 171, 305, 1, 1, 5, 3, 1, 3, 57, 249, 149, 1, 1, 3, 5, 5,
    57, 15, 13, 159, 1, 1, 1, 11, 7, 11, 105, 141, 225, 1, 3, 3, 5, 27, 59, 121, 101, 271, 1, 3, 5,
    9, 11, 49, 51, 59, 115, 1, 1, 7, 1, 23, 45, 125, 71, 419, 1, 1, 3, 5, 23, 5, 105, 109, 75, 1,
    1, 7, 15, 7, 11, 67, 121, 453, 1, 3, 7, 3, 9, 13, 31, 27, 449, 1, 3, 1, 15, 19, 39, 39, 89, 15,
    1, 1, 1, 1, 1, 33, 73, 145, 379, 1, 3, 1, 15, 15, 43, 29, 13, 483, 1, 1, 7, 3, 19, 27, 85, 131,
    431, 1, 3, 3, 3, 5, 35, 23, 195, 349, 1, 3, 3, 7, 9, 27, 39, 59, 297, 1, 1, 3, 9, 11, 17, 13,
    241, 157, 1, 3, 7, 15, 25, 57, 33, 189, 213, 1, 1, 7, 1, 9, 55, 73, 83, 217, 1, 3, 3, 13, 19,
    27, 23, 113, 249, 1, 3, 5, 3, 23, 43, 3, 253, 479, 1, 1, 5, 5, 11, 5, 45, 117, 217, 1, 3, 3, 7,
    29, 37, 33, 123, 147, 1, 3, 1, 15, 5, 5, 37, 227, 223, 459, 1, 1, 7, 5, 5, 39, 63, 255, 135,
    487, 1, 3, 1, 7, 9, 7, 87, 249, 217, 599, 1, 1, 3, 13, 9, 47, 7, 225, 363, 247, 1, 3, 7, 13,
    19, 13, 9, 67, 9, 737, 1, 3, 5, 5, 19, 59, 7, 41, 319, 677, 1, 1, 5, 3, 31, 63, 15, 43, 207,
    789, 1, 1, 7, 9, 13, 39, 3, 47, 497, 169, 1, 3, 1, 7, 21, 17, 97, 19, 415, 905, 1, 3, 7, 1, 3,
    31, 71, 111, 165, 127, 1, 1, 5, 11, 1, 61, 83, 119, 203, 847, 1, 3, 3, 13, 9, 61, 19, 97, 47,
    35, 1, 1, 7, 7, 15, 29, 63, 95, 417, 469, 1, 3, 1, 9, 25, 9, 71, 57, 213, 385, 1, 3, 5, 13, 31,
    47, 101, 57, 39, 341, 1, 1, 3, 3, 31, 57, 125, 173, 365, 551, 1, 3, 7, 1, 13, 57, 67, 157, 451,
    707, 1, 1, 1, 7, 21, 13, 105, 89, 429, 965, 1, 1, 5, 9, 17, 51, 45, 119, 157, 141, 1, 3, 7, 7,
    13, 45, 91, 9, 129, 741, 1, 3, 7, 1, 23, 57, 67, 141, 151, 571, 1, 1, 3, 11, 17, 47, 93, 107,
    375, 157, 1, 3, 3, 5, 11, 21, 43, 51, 169, 915, 1, 1, 5, 3, 15, 55, 101, 67, 455, 625, 1, 3, 5,
    9, 1, 23, 29, 47, 345, 595, 1, 3, 7, 7, 5, 49, 29, 155, 323, 589, 1, 3, 3, 7, 5, 41, 127, 61,
    261, 717, 1, 3, 7, 7, 17, 23, 117, 67, 129, 1009, 1, 1, 3, 13, 11, 39, 21, 207, 123, 305, 1, 1,
    3, 9, 29, 3, 95, 47, 231, 73, 1, 3, 1, 9, 1, 29, 117, 21, 441, 259, 1, 3, 1, 13, 21, 39, 125,
    211, 439, 723, 1, 1, 7, 3, 17, 63, 115, 89, 49, 773, 1, 3, 7, 13, 11, 33, 101, 107, 63, 73, 1,
    1, 5, 5, 13, 57, 63, 135, 437, 177, 1, 1, 3, 7, 27, 63, 93, 47, 417, 483, 1, 1, 3, 1, 23, 29,
    1, 191, 49, 23, 1, 1, 3, 15, 25, 55, 9, 101, 219, 607, 1, 3, 1, 7, 7, 19, 51, 251, 393, 307, 1,
    3, 3, 3, 25, 55, 17, 75, 337, 3, 1, 1, 1, 13, 25, 17, 65, 45, 479, 413, 1, 1, 7, 7, 27, 49, 99,
    161, 213, 727, 1, 3, 5, 1, 23, 5, 43, 41, 251, 857, 1, 3, 3, 7, 11, 61, 39, 87, 383, 835, 1, 1,
    3, 15, 13, 7, 29, 7, 505, 923, 1, 3, 7, 1, 5, 31, 47, 157, 445, 501, 1, 1, 3, 7, 1, 43, 9, 147,
    115, 605, 1, 3, 3, 13, 5, 1, 119, 211, 455, 1001, 1, 1, 3, 5, 13, 19, 3, 243, 75, 843, 1, 3, 7,
    7, 1, 19, 91, 249, 357, 589, 1, 1, 1, 9, 1, 25, 109, 197, 279, 411, 1, 3, 1, 15, 23, 57, 59,
    135, 191, 75, 1, 1, 5, 15, 29, 21, 39, 253, 383, 349, 1, 3, 3, 5, 19, 45, 61, 151, 199, 981, 1,
    3, 5, 13, 9, 61, 107, 141, 141, 1, 1, 3, 1, 11, 27, 25, 85, 105, 309, 979, 1, 3, 3, 11, 19, 7,
    115, 223, 349, 43, 1, 1, 7, 9, 21, 39, 123, 21, 275, 927, 1, 1, 7, 13, 15, 41, 47, 243, 303,
    437, 1, 1, 1, 7, 7, 3, 15, 99, 409, 719, 1, 3, 3, 15, 27, 49, 113, 123, 113, 67, 469, 1, 3, 7,
    11, 3, 23, 87, 169, 119, 483, 199, 1, 1, 5, 15, 7, 17, 109, 229, 179, 213, 741, 1, 1, 5, 13,
    11, 17, 25, 135, 403, 557, 1433, 1, 3, 1, 1, 1, 61, 67, 215, 189, 945, 1243, 1, 1, 7, 13, 17,
    33, 9, 221, 429, 217, 1679, 1, 1, 3, 11, 27, 3, 15, 93, 93, 865, 1049, 1, 3, 7, 7, 25, 41, 121,
    35, 373, 379, 1547, 1, 3, 3, 9, 11, 35, 45, 205, 241, 9, 59, 1, 3, 1, 7, 3, 51, 7, 177, 53,
    975, 89, 1, 1, 3, 5, 27, 1, 113, 231, 299, 759, 861, 1, 3, 3, 15, 25, 29, 5, 255, 139, 891,
    2031, 1, 3, 1, 1, 13, 9, 109, 193, 419, 95, 17, 1, 1, 7, 9, 3, 7, 29, 41, 135, 839, 867, 1, 1,
    7, 9, 25, 49, 123, 217, 113, 909, 215, 1, 1, 7, 3, 23, 15, 43, 133, 217, 327, 901, 1, 1, 3, 3,
    13, 53, 63, 123, 477, 711, 1387, 1, 1, 3, 15, 7, 29, 75, 119, 181, 957, 247, 1, 1, 1, 11, 27,
    25, 109, 151, 267, 99, 1461, 1, 3, 7, 15, 5, 5, 53, 145, 11, 725, 1501, 1, 3, 7, 1, 9, 43, 71,
    229, 157, 607, 1835, 1, 3, 3, 13, 25, 1, 5, 27, 471, 349, 127, 1, 1, 1, 1, 23, 37, 9, 221, 269,
    897, 1685, 1, 1, 3, 3, 31, 29, 51, 19, 311, 553, 1969, 1, 3, 7, 5, 5, 55, 17, 39, 475, 671,
    1529, 1, 1, 7, 1, 1, 35, 47, 27, 437, 395, 1635, 1, 1, 7, 3, 13, 23, 43, 135, 327, 139, 389, 1,
    3, 7, 3, 9, 25, 91, 25, 429, 219, 513, 1, 1, 3, 5, 13, 29, 119, 201, 277, 157, 2043, 1, 3, 5,
    3, 29, 57, 13, 17, 167, 739, 1031, 1, 3, 3, 5, 29, 21, 95, 27, 255, 679, 1531, 1, 3, 7, 15, 9,
    5, 21, 71, 61, 961, 1201, 1, 3, 5, 13, 15, 57, 33, 93, 459, 867, 223, 1, 1, 1, 15, 17, 43, 127,
    191, 67, 177, 1073, 1, 1, 1, 15, 23, 7, 21, 199, 75, 293, 1611, 1, 3, 7, 13, 15, 39, 21, 149,
    65, 741, 319, 1, 3, 7, 11, 23, 13, 101, 89, 277, 519, 711, 1, 3, 7, 15, 19, 27, 85, 203, 441,
    97, 1895, 1, 3, 1, 3, 29, 25, 21, 155, 11, 191, 197, 1, 1, 7, 5, 27, 11, 81, 101, 457, 675,
    1687, 1, 3, 1, 5, 25, 5, 65, 193, 41, 567, 781, 1, 3, 1, 5, 11, 15, 113, 77, 411, 695, 1111, 1,
    1, 3, 9, 11, 53, 119, 171, 55, 297, 509, 1, 1, 1, 1, 11, 39, 113, 139, 165, 347, 595, 1, 3, 7,
    11, 9, 17, 101, 13, 81, 325, 1733, 1, 3, 1, 1, 21, 43, 115, 9, 113, 907, 645, 1, 1, 7, 3, 9,
    25, 117, 197, 159, 471, 475, 1, 3, 1, 9, 11, 21, 57, 207, 485, 613, 1661, 1, 1, 7, 7, 27, 55,
    49, 223, 89, 85, 1523, 1, 1, 5, 3, 19, 41, 45, 51, 447, 299, 1355, 1, 3, 1, 13, 1, 33, 117,
    143, 313, 187, 1073, 1, 1, 7, 7, 5, 11, 65, 97, 377, 377, 1501, 1, 3, 1, 1, 21, 35, 95, 65, 99,
    23, 1239, 1, 1, 5, 9, 3, 37, 95, 167, 115, 425, 867, 1, 3, 3, 13, 1, 37, 27, 189, 81, 679, 773,
    1, 1, 3, 11, 1, 61, 99, 233, 429, 969, 49, 1, 1, 1, 7, 25, 63, 99, 165, 245, 793, 1143, 1, 1,
    5, 11, 11, 43, 55, 65, 71, 283, 273, 1, 1, 5, 5, 9, 3, 101, 251, 355, 379, 1611, 1, 1, 1, 15,
    21, 63, 85, 99, 49, 749, 1335, 1, 1, 5, 13, 27, 9, 121, 43, 255, 715, 289, 1, 3, 1, 5, 27, 19,
    17, 223, 77, 571, 1415, 1, 1, 5, 3, 13, 59, 125, 251, 195, 551, 1737, 1, 3, 3, 15, 13, 27, 49,
    105, 389, 971, 755, 1, 3, 5, 15, 23, 43, 35, 107, 447, 763, 253, 1, 3, 5, 11, 21, 3, 17, 39,
    497, 407, 611, 1, 1, 7, 13, 15, 31, 113, 17, 23, 507, 1995, 1, 1, 7, 15, 3, 15, 31, 153, 423,
    79, 503, 1, 1, 7, 9, 19, 25, 23, 171, 505, 923, 1989, 1, 1, 5, 9, 21, 27, 121, 223, 133, 87,
    697, 1, 1, 5, 5, 9, 19, 107, 99, 319, 765, 1461, 1, 1, 3, 3, 19, 25, 3, 101, 171, 729, 187, 1,
    1, 3, 1, 13, 23, 85, 93, 291, 209, 37, 1, 1, 1, 15, 25, 25, 77, 253, 333, 947, 1073, 1, 1, 3,
    9, 17, 29, 55, 47, 255, 305, 2037, 1, 3, 3, 9, 29, 63, 9, 103, 489, 939, 1523, 1, 3, 7, 15, 7,
    31, 89, 175, 369, 339, 595, 1, 3, 7, 13, 25, 5, 71, 207, 251, 367, 665, 1, 3, 3, 3, 21, 25, 75,
    35, 31, 321, 1603, 1, 1, 1, 9, 11, 1, 65, 5, 11, 329, 535, 1, 1, 5, 3, 19, 13, 17, 43, 379,
    485, 383, 1, 3, 5, 13, 13, 9, 85, 147, 489, 787, 1133, 1, 3, 1, 1, 5, 51, 37, 129, 195, 297,
    1783, 1, 1, 3, 15, 19, 57, 59, 181, 455, 697, 2033, 1, 3, 7, 1, 27, 9, 65, 145, 325, 189, 201,
    1, 3, 1, 15, 31, 23, 19, 5, 485, 581, 539, 1, 1, 7, 13, 11, 15, 65, 83, 185, 847, 831, 1, 3, 5,
    7, 7, 55, 73, 15, 303, 511, 1905, 1, 3, 5, 9, 7, 21, 45, 15, 397, 385, 597, 1, 3, 7, 3, 23, 13,
    73, 221, 511, 883, 1265, 1, 1, 3, 11, 1, 51, 73, 185, 33, 975, 1441, 1, 3, 3, 9, 19, 59, 21,
    39, 339, 37, 143, 1, 1, 7, 1, 31, 33, 19, 167, 117, 635, 639, 1, 1, 1, 3, 5, 13, 59, 83, 355,
    349, 1967, 1, 1, 1, 5, 19, 3, 53, 133, 97, 863, 983,
];

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
