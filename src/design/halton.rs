//! Halton points: in each axis the digits of the running number, mirrored at the radix point, in a
//! prime base of the axis's own (Halton 1960). Any number of points is as good as any other, so every
//! prefix is complete.
//!
//! In high bases the plain points of two axes rise together at first; independent random
//! permutations of the digits mend that (Owen 2017).

use super::random::Permutation;
use super::{DesignError, MOST_DIMENSIONS, random};

/// Coordinates are exact to this many binary digits.
const PRECISION: u64 = 1 << 53;

/// How digits become coordinates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Digits {
    /// As they are; the first point is the origin.
    Plain,
    /// Each digit place permuted at random, under a seed.
    Permuted(u64),
}

/// The first n Halton points.
#[derive(Clone, Debug)]
pub(crate) struct Halton {
    points: u64,
    axes: Vec<HaltonAxis>,
}

#[derive(Clone, Debug)]
struct HaltonAxis {
    base: u64,
    /// For each digit place what becomes of each digit; nothing for plain digits.
    places: Vec<Vec<u16>>,
}

impl Halton {
    /// Makes `points` points.
    ///
    /// # Errors
    ///
    /// Without points or axes, beyond 2^52 points, and beyond [`MOST_DIMENSIONS`].
    pub(crate) fn new(
        points: u64,
        dimensions: usize,
        digits: Digits,
    ) -> Result<Halton, DesignError> {
        if points == 0 || dimensions == 0 {
            return Err(DesignError::Empty);
        }
        if points > PRECISION / 2 {
            return Err(DesignError::TooManyPoints {
                most: PRECISION / 2,
            });
        }
        if dimensions > MOST_DIMENSIONS {
            let most = MOST_DIMENSIONS;
            return Err(DesignError::TooManyDimensions {
                requested: dimensions,
                most,
            });
        }
        let axes = primes().take(dimensions).enumerate();
        let axes = axes
            .map(|(axis, base)| HaltonAxis::new(axis as u64, base, digits))
            .collect();
        Ok(Halton { points, axes })
    }

    /// Number of points.
    pub(crate) fn points(&self) -> u64 {
        self.points
    }

    /// Number of axes.
    pub(crate) fn dimensions(&self) -> usize {
        self.axes.len()
    }

    /// Writes the coordinates of one point.
    pub(crate) fn point(&self, index: u64, out: &mut [f64]) {
        for (out, axis) in out.iter_mut().zip(&self.axes) {
            *out = axis.coordinate(index);
        }
    }
}

impl HaltonAxis {
    fn new(axis: u64, base: u64, digits: Digits) -> HaltonAxis {
        let places = match digits {
            Digits::Plain => Vec::new(),
            Digits::Permuted(seed) => {
                let key = random::key(seed, b"halton  ");
                let place = |place| {
                    let shuffle = Permutation::new(base, &key, axis << 8 | place);
                    (0..base).map(|digit| shuffle.at(digit) as u16).collect()
                };
                (0..places(base)).map(place).collect()
            }
        };
        HaltonAxis { base, places }
    }

    /// Mirrors the digits; permuted zeros count too, down to the precision of a coordinate.
    fn coordinate(&self, index: u64) -> f64 {
        let (mut mirrored, mut unit, mut rest) = (0, 1, index);
        // The unit stays below 2^53 times the highest base, which is below 2^11.
        let mut push = |digit: u64| {
            mirrored = mirrored * self.base + digit;
            unit *= self.base;
        };
        if self.places.is_empty() {
            while rest > 0 {
                push(rest % self.base);
                rest /= self.base;
            }
        }
        for place in &self.places {
            push(u64::from(place[(rest % self.base) as usize]));
            rest /= self.base;
        }
        (mirrored as f64 / unit as f64).min(1.0_f64.next_down())
    }
}

/// Digit places until a step is below the precision of a coordinate.
fn places(base: u64) -> u64 {
    let (mut places, mut reach) = (0, 1);
    while reach < PRECISION {
        reach *= base;
        places += 1;
    }
    places
}

fn primes() -> impl Iterator<Item = u64> {
    let prime = |n: &u64| {
        (2..)
            .take_while(|d| d * d <= *n)
            .all(|d| !n.is_multiple_of(d))
    };
    (2..).filter(prime)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ORACLE: &str = include_str!("../../tests/oracles/design_halton.csv");

    fn row(design: &Halton, index: u64) -> Vec<f64> {
        let mut out = vec![0.0; design.dimensions()];
        design.point(index, &mut out);
        out
    }

    #[test]
    fn plain_points_equal_those_of_scipy() {
        let design = Halton::new(40, 7, Digits::Plain).expect("points and axes");
        for (index, line) in ORACLE.lines().enumerate() {
            let theirs: Vec<f64> = line
                .split(',')
                .map(|word| word.parse().expect("a number"))
                .collect();
            for (ours, theirs) in row(&design, index as u64).iter().zip(&theirs) {
                assert!(
                    (ours - theirs).abs() < 1e-15,
                    "point {index}: {ours} {theirs}"
                );
            }
        }
        assert_eq!(ORACLE.lines().count(), 40);
    }

    proptest! {
        #[test]
        fn a_power_of_the_base_fills_the_strata_of_its_axis(seed: u64, permuted: bool) {
            let digits = if permuted { Digits::Permuted(seed) } else { Digits::Plain };
            let design = Halton::new(343, 4, digits).expect("points and axes");
            for (axis, strata) in [(0, 256), (1, 243), (2, 125), (3, 343)] {
                let mut seen = vec![false; strata];
                for index in 0..strata as u64 {
                    // The middle of the last digit, lest rounding move an edge.
                    let x = row(&design, index)[axis] + if permuted { 0.0 } else { 0.5 / strata as f64 };
                    let stratum = (x * strata as f64) as usize;
                    prop_assert!(!seen[stratum]);
                    seen[stratum] = true;
                }
            }
        }
    }

    #[test]
    fn permuted_digits_part_the_high_bases() {
        let correlation = |digits| {
            let design = Halton::new(64, 40, digits).expect("points and axes");
            let pairs: Vec<(f64, f64)> = (0..64)
                .map(|i| row(&design, i))
                .map(|x| (x[38], x[39]))
                .collect();
            let (a, b) = pairs
                .iter()
                .fold((0.0, 0.0), |s, p| (s.0 + p.0 / 64.0, s.1 + p.1 / 64.0));
            let product =
                |f: fn(f64, f64) -> f64| pairs.iter().map(|p| f(p.0 - a, p.1 - b)).sum::<f64>();
            product(|x, y| x * y) / (product(|x, _| x * x) * product(|_, y| y * y)).sqrt()
        };
        assert!(correlation(Digits::Plain) > 0.99);
        let typical = (0..20)
            .map(|seed| correlation(Digits::Permuted(seed)).abs())
            .sum::<f64>()
            / 20.0;
        assert!(typical < 0.3, "{typical}");
    }

    #[test]
    fn all_coordinates_of_the_largest_design_are_within_the_cube() {
        let design =
            Halton::new(1 << 52, MOST_DIMENSIONS, Digits::Permuted(1)).expect("points and axes");
        for index in [0, 1, (1 << 52) - 1] {
            assert!(row(&design, index).iter().all(|x| (0.0..1.0).contains(x)));
        }
        assert!(Halton::new(1, MOST_DIMENSIONS + 1, Digits::Plain).is_err());
    }

    #[test]
    fn the_first_permuted_point_is_what_it_was() {
        let design = Halton::new(4, 3, Digits::Permuted(2026)).expect("points and axes");
        assert_eq!(row(&design, 0), FIRST);
    }

    const FIRST: [f64; 3] = [
        0.811_696_272_819_673_4,
        0.169_887_724_019_464_28,
        0.450_631_676_401_983_7,
    ];
}
