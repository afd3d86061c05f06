//! The full grid: every combination of levels once. Points are numbered as a table of them is read, the first
//! axis slowest; they are worked on in a spread order, coarse before fine.
//!
//! The spread order: each axis's number of levels is split into its prime factors, ascending, and these into digits:
//! the first digit of an axis chooses a coarse stretch of its levels, the next a stretch within
//! that, down to the level. The running index is read in the mixed radix that takes the first digits
//! of all axes, then their second digits, and so on. Every digit is shifted by the other axes'
//! earlier digits (a triangular linear code, hence still a bijection), so that points which agree on
//! an axis's coarse stretch differ within it.
//!
//! A prefix is complete after each full round of digits: 1 point, then one point in each cell of
//! the coarsest grid, then one in each cell of the next finer one, up to the whole. For a
//! 16 × 16 grid these are 1, 4, 16, 64 and 256 points; for axes with prime numbers of levels only 1
//! and the whole. Any prefix of p points, where p is the product of the first few radices, holds
//! every combination of those digits exactly once.

use super::{DesignError, level_coordinate};

/// All combinations of the axes' levels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grid {
    levels: Vec<u32>,
    digits: Vec<GridDigit>,
    points: u64,
}

/// One digit of the running index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct GridDigit {
    axis: usize,
    round: usize,
    radix: u64,
    /// Levels of the axis that one step of this digit passes over.
    stride: u64,
    /// Step of the digit itself and base of the shifts by other digits; prime to the radix.
    step: u64,
}

impl Grid {
    /// Takes the number of levels of each axis.
    ///
    /// # Errors
    ///
    /// Without axes, for an axis without levels, and for more than 2^63 points.
    pub(crate) fn new(levels: Vec<u32>) -> Result<Grid, DesignError> {
        if levels.is_empty() || levels.contains(&0) {
            return Err(DesignError::Empty);
        }
        let most = 1 << 63;
        let product = levels
            .iter()
            .try_fold(1_u64, |all, n| all.checked_mul(u64::from(*n)));
        let points = product
            .filter(|all| *all <= most)
            .ok_or(DesignError::TooManyPoints { most })?;
        Ok(Grid {
            digits: digits(&levels),
            levels,
            points,
        })
    }

    /// Number of points: the product of the levels.
    pub(crate) fn points(&self) -> u64 {
        self.points
    }

    /// Number of axes.
    pub(crate) fn dimensions(&self) -> usize {
        self.levels.len()
    }

    /// Number of levels of each axis.
    pub(crate) fn levels(&self) -> &[u32] {
        &self.levels
    }

    /// The level, from 0, of one axis at one point.
    pub(crate) fn level(&self, point: u64, axis: usize) -> u32 {
        let later = self.levels[axis + 1..].iter().map(|n| u64::from(*n));
        let stride: u64 = later.product();
        (point / stride % u64::from(self.levels[axis])) as u32
    }

    /// The point with some levels, one for each axis.
    pub(crate) fn point_at(&self, levels: impl Iterator<Item = u32>) -> u64 {
        let place =
            |point, (level, count): (u32, &u32)| point * u64::from(*count) + u64::from(level);
        levels.zip(&self.levels).fold(0, place)
    }

    /// The point at a position of the spread order.
    pub(crate) fn spread(&self, position: u64) -> u64 {
        self.point_at((0..self.levels.len()).map(|axis| self.spread_level(position, axis)))
    }

    /// The level of one axis at a position of the spread order.
    fn spread_level(&self, index: u64, axis: usize) -> u32 {
        let mut level = 0;
        let mut rest = index;
        for (number, digit) in self.digits.iter().enumerate() {
            if digit.axis == axis {
                let own = rest % digit.radix * digit.step;
                let shift = shift(&self.digits[..number], digit, index);
                level += (own + shift) % digit.radix * digit.stride;
            }
            rest /= digit.radix;
        }
        level as u32
    }

    /// Writes the coordinates of one point: levels are equally spaced, 0 and 1 among them.
    pub(crate) fn point(&self, point: u64, out: &mut [f64]) {
        for (axis, (out, levels)) in out.iter_mut().zip(&self.levels).enumerate() {
            *out = level_coordinate(self.level(point, axis), *levels);
        }
    }
}

/// The digits in the order in which the running index holds them.
fn digits(levels: &[u32]) -> Vec<GridDigit> {
    let mut digits = Vec::new();
    for (axis, count) in levels.iter().enumerate() {
        let mut stride = u64::from(*count);
        for (round, radix) in prime_factors(stride).into_iter().enumerate() {
            stride /= radix;
            digits.push(GridDigit {
                axis,
                round,
                radix,
                stride,
                step: step(axis, radix),
            });
        }
    }
    digits.sort_by_key(|digit| (digit.round, digit.axis));
    digits
}

/// How far a digit moves by the digits of other axes before it: these make one running number,
/// whose digits in this digit's own radix are weighted by rising powers of the step.
fn shift(before: &[GridDigit], digit: &GridDigit, index: u64) -> u64 {
    let (mut others, mut unit, mut rest) = (0, 1, index);
    for earlier in before {
        if earlier.axis != digit.axis {
            others += rest % earlier.radix * unit;
            unit *= earlier.radix;
        }
        rest /= earlier.radix;
    }
    let (mut sum, mut weight) = (0, 1);
    while others > 0 {
        weight = weight * digit.step % digit.radix;
        sum = (sum + others % digit.radix * weight) % digit.radix;
        others /= digit.radix;
    }
    sum
}

/// A step prime to the radix, near the radix times a fraction of the axis's own, so that steps
/// spread over the levels and no two axes keep time.
fn step(axis: usize, radix: u64) -> u64 {
    const FRACTIONS: [f64; 6] = [
        0.618_034, 0.414_214, 0.732_051, 0.236_068, 0.854_102, 0.302_776,
    ];
    let near = (radix as f64 * FRACTIONS[axis % FRACTIONS.len()] + 0.5) as u64;
    near.clamp(1, (radix - 1).max(1))
}

/// The prime factors, ascending, with repetition.
fn prime_factors(mut number: u64) -> Vec<u64> {
    let mut factors = Vec::new();
    let mut divisor = 2;
    while divisor * divisor <= number {
        while number.is_multiple_of(divisor) {
            factors.push(divisor);
            number /= divisor;
        }
        divisor += 1;
    }
    if number > 1 {
        factors.push(number);
    }
    factors
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cells(grid: &Grid, count: u64) -> Vec<Vec<u32>> {
        let axes = grid.dimensions();
        (0..count)
            .map(|index| {
                (0..axes)
                    .map(|axis| grid.spread_level(index, axis))
                    .collect()
            })
            .collect()
    }

    proptest! {
        #[test]
        fn every_cell_is_visited_once(levels in prop::collection::vec(1_u32..14, 1..5)) {
            let grid = Grid::new(levels).expect("levels everywhere");
            let mut all = cells(&grid, grid.points());
            all.sort_unstable();
            all.dedup();
            prop_assert_eq!(all.len() as u64, grid.points());
            prop_assert!(all.iter().all(|cell| cell.iter().zip(&grid.levels).all(|(l, n)| l < n)));
        }

        #[test]
        fn complete_prefixes_have_one_point_in_each_coarse_cell(exponents in prop::collection::vec(1_u32..4, 2..4)) {
            let levels: Vec<u32> = exponents.iter().map(|k| 3 * (1 << k)).collect();
            let grid = Grid::new(levels.clone()).expect("levels everywhere");
            let rounds = exponents.iter().min().copied().unwrap_or(0);
            for round in 0..=rounds {
                let size = 1 << (round as usize * levels.len());
                let mut coarse: Vec<Vec<u32>> = cells(&grid, size)
                    .iter()
                    .map(|cell| cell.iter().zip(&levels).map(|(l, n)| (l << round) / n).collect())
                    .collect();
                coarse.sort_unstable();
                coarse.dedup();
                prop_assert_eq!(coarse.len() as u64, size);
            }
        }
    }

    #[test]
    fn points_are_numbered_as_one_reads_and_the_spread_order_has_each_once() {
        let grid = Grid::new(vec![2, 3, 2]).expect("levels everywhere");
        let level = |point| [0, 1, 2].map(|axis| grid.level(point, axis));
        assert_eq!(
            [0, 1, 2, 6, 11].map(level),
            [[0, 0, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0], [1, 2, 1]]
        );
        for point in 0..12 {
            assert_eq!(grid.point_at(level(point).into_iter()), point);
        }
        let mut order: Vec<u64> = (0..12).map(|position| grid.spread(position)).collect();
        assert_eq!(order[0], 0);
        assert_ne!(order, (0..12).collect::<Vec<_>>());
        order.sort_unstable();
        assert_eq!(order, (0..12).collect::<Vec<_>>());
    }

    /// Centred L2 discrepancy, squared (Hickernell 1998), of levels put in the middle of their cells.
    fn discrepancy(grid: &Grid, cells: &[Vec<u32>]) -> f64 {
        let centre = |cell: &[u32]| -> Vec<f64> {
            cell.iter()
                .zip(&grid.levels)
                .map(|(l, n)| (f64::from(*l) + 0.5) / f64::from(*n) - 0.5)
                .collect()
        };
        let points: Vec<Vec<f64>> = cells.iter().map(|cell| centre(cell)).collect();
        let n = points.len() as f64;
        let single = |x: &Vec<f64>| {
            x.iter()
                .map(|x| 1.0 + x.abs() / 2.0 - x * x / 2.0)
                .product::<f64>()
        };
        let pair = |x: &Vec<f64>, y: &Vec<f64>| {
            let factor = |(x, y): (&f64, &f64)| 1.0 + (x.abs() + y.abs() - (x - y).abs()) / 2.0;
            x.iter().zip(y).map(factor).product::<f64>()
        };
        let pairs: f64 = points
            .iter()
            .flat_map(|x| points.iter().map(move |y| pair(x, y)))
            .sum();
        let singles: f64 = points.iter().map(single).sum();
        (13.0_f64 / 12.0).powi(grid.dimensions() as i32) - 2.0 * singles / n + pairs / (n * n)
    }

    #[test]
    fn any_prefix_is_spread_better_than_a_random_one() {
        for levels in [
            vec![20, 20],
            vec![11, 7],
            vec![16, 16],
            vec![10, 10, 10],
            vec![3; 5],
            vec![25, 2, 4],
        ] {
            let grid = Grid::new(levels.clone()).expect("levels everywhere");
            for share in [4, 10, 25, 50, 75] {
                let count = (grid.points() * share / 100).min(300);
                if count < 8 {
                    continue;
                }
                let ours = discrepancy(&grid, &cells(&grid, count));
                let random: f64 = (0..20)
                    .map(|stream| {
                        let key = crate::design::random::key(5, b"testing ");
                        let shuffle =
                            crate::design::random::Permutation::new(grid.points(), &key, stream);
                        let chosen: Vec<Vec<u32>> = (0..count)
                            .map(|digit| {
                                let index = shuffle.at(digit);
                                (0..levels.len())
                                    .map(|axis| grid.spread_level(index, axis))
                                    .collect()
                            })
                            .collect();
                        discrepancy(&grid, &chosen)
                    })
                    .sum::<f64>()
                    / 20.0;
                assert!(
                    ours < random,
                    "{levels:?} at {count}: {ours} against {random}"
                );
            }
        }
    }

    #[test]
    fn any_prefix_is_spread_better_than_one_in_the_order_of_levels() {
        for levels in [vec![20, 20], vec![11, 7], vec![10, 10, 10], vec![25, 2, 4]] {
            let grid = Grid::new(levels.clone()).expect("levels everywhere");
            let mut ordered = cells(&grid, grid.points());
            ordered.sort_unstable();
            for count in (4..(grid.points() - 2).min(300)).step_by(7) {
                let ours = discrepancy(&grid, &cells(&grid, count));
                let theirs = discrepancy(&grid, &ordered[..count as usize]);
                assert!(ours < theirs, "{levels:?} at {count}: {ours}, {theirs}");
            }
        }
    }

    #[test]
    fn the_first_cells_are_what_they_were() {
        let grid = Grid::new(vec![20, 20]).expect("levels everywhere");
        assert_eq!(cells(&grid, 6), FIRST);
    }

    const FIRST: [[u32; 2]; 6] = [[0, 0], [10, 17], [8, 10], [18, 7], [5, 9], [15, 11]];

    #[test]
    fn grids_without_levels_or_beyond_counting_are_refused() {
        assert_eq!(Grid::new(vec![3, 0]), Err(DesignError::Empty));
        assert!(matches!(
            Grid::new(vec![u32::MAX; 3]),
            Err(DesignError::TooManyPoints { .. })
        ));
        assert!(Grid::new(vec![1000; 6]).is_ok());
    }
}
