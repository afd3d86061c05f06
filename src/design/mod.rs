//! Designs of experiments: numbered points in the unit cube, each known from its number alone.
//!
//! No point depends on the points before it, so a shard is a range of numbers and a resumed sweep
//! continues where it stopped.
//!
//! Randomised designs are functions of a seed: their randomness is addressed in
//! [`StreamKind::Study`](crate::rng::StreamKind::Study).

pub(crate) mod grid;
pub(crate) mod halton;
pub(crate) mod latin;
pub(crate) mod list;
pub(crate) mod morris;
pub(crate) mod one_at_a_time;
pub(crate) mod random;
pub(crate) mod saltelli;
pub(crate) mod sobol;

use thiserror::Error;

pub(crate) use grid::Grid;
pub(crate) use halton::{Digits, Halton};
pub(crate) use latin::{LatinHypercube, MAXIMIN_MOST_POINTS, Placement};
pub(crate) use list::List;
pub(crate) use morris::{Morris, MorrisAxis, Selection};
pub(crate) use one_at_a_time::OneAtATime;
pub(crate) use saltelli::{LEAST_SCRAMBLES, Saltelli, SobolOrder};
pub(crate) use sobol::{MOST_DIMENSIONS, Scramble, Sobol};

/// A finite, numbered set of points in the unit cube.
#[derive(Clone, Debug)]
pub(crate) enum Design {
    /// Every combination of the axes' levels.
    Grid(Grid),
    /// Points given one by one.
    List(List),
    /// A baseline, and from it one axis at a time to other levels.
    OneAtATime(OneAtATime),
    /// One point in each of n strata of each axis.
    LatinHypercube(LatinHypercube),
    /// Sobol' points, plain or Owen-scrambled.
    Sobol(Sobol),
    /// Halton points, plain or with permuted digits.
    Halton(Halton),
    /// Crossed pairs of Sobol' points for variance-based indices.
    Saltelli(Saltelli),
    /// Random walks on a grid for elementary effects.
    Morris(Morris),
}

macro_rules! each {
    ($design:expr, $it:ident => $does:expr) => {
        match $design {
            Design::Grid($it) => $does,
            Design::List($it) => $does,
            Design::OneAtATime($it) => $does,
            Design::LatinHypercube($it) => $does,
            Design::Sobol($it) => $does,
            Design::Halton($it) => $does,
            Design::Saltelli($it) => $does,
            Design::Morris($it) => $does,
        }
    };
}

impl Design {
    /// Number of points.
    pub(crate) fn points(&self) -> u64 {
        each!(self, it => it.points())
    }

    /// Number of axes.
    pub(crate) fn dimensions(&self) -> usize {
        each!(self, it => it.dimensions())
    }

    /// The point that is worked on at a position: that of a grid is spread over the axes, others have the order of
    /// their numbers.
    pub(crate) fn spread(&self, position: u64) -> u64 {
        match self {
            Design::Grid(grid) => grid.spread(position),
            _ => position,
        }
    }

    /// Writes the coordinates [0–1] of one point, `index` below [`Design::points`], into `out`,
    /// which holds one place for each axis.
    ///
    /// # Panics
    ///
    /// May panic for an index or a length outside these.
    pub(crate) fn point(&self, index: u64, out: &mut [f64]) {
        debug_assert!(index < self.points() && out.len() == self.dimensions());
        each!(self, it => it.point(index, out));
    }
}

/// Finds which of `count` equally likely categories a coordinate [0–1] falls into.
///
/// A grid axis with `count` levels reaches each category once: level `k` falls into category `k`.
pub(crate) fn category(coordinate: f64, count: usize) -> usize {
    ((coordinate * count as f64) as usize).min(count.saturating_sub(1))
}

/// The coordinate of a level among `levels` equally spaced ones, both ends included; a single
/// level lies in the middle.
pub(crate) fn level_coordinate(level: u32, levels: u32) -> f64 {
    match levels {
        0 | 1 => 0.5,
        _ => f64::from(level) / f64::from(levels - 1),
    }
}

/// Why a design cannot be made.
#[derive(Clone, Debug, PartialEq, Error)]
pub(crate) enum DesignError {
    /// There is no axis, or an axis without levels, or no point at all.
    #[error("the design has no points")]
    Empty,
    /// The number of points does not fit in 64 bits, or beyond what the sequence can tell apart.
    #[error("the design has more than {most} points")]
    TooManyPoints {
        /// The most points that this kind of design has.
        most: u64,
    },
    /// More axes than the sequence has dimensions.
    #[error("the design needs {requested} dimensions, but the sequence has {most}")]
    TooManyDimensions {
        /// Dimensions requested.
        requested: usize,
        /// Dimensions that there are.
        most: usize,
    },
    /// Several scrambles of points that are not to be scrambled.
    #[error("plain points have no scrambles")]
    PlainScrambles,
    /// A number of points, or of base rows, that must be a power of two.
    #[error("{requested} is not a power of two; the nearest are {below} and {above}")]
    NotAPowerOfTwo {
        /// Number requested.
        requested: u64,
        /// The next power of two below it (1 for 0).
        below: u64,
        /// The next power of two above it.
        above: u64,
    },
    /// A coordinate outside [0, 1], or NaN.
    #[error("coordinate {value} of point {point} on axis {axis} is not within [0, 1]")]
    OutsideTheCube {
        /// Number of the point (or of the level), from 0.
        point: usize,
        /// Number of the axis, from 0.
        axis: usize,
        /// The coordinate.
        value: f64,
    },
    /// A point with another number of coordinates than the first one.
    #[error("point {point} has {found} coordinates, the first one {expected}")]
    UnevenPoint {
        /// Number of the point, from 0.
        point: usize,
        /// Its coordinates.
        found: usize,
        /// Coordinates of the first point.
        expected: usize,
    },
    /// A group number without any axis.
    #[error("group {group} has no axis")]
    EmptyGroup {
        /// The group's number, from 0.
        group: usize,
    },
    /// A Morris grid needs an even number of levels, 2 at least.
    #[error("a Morris grid needs an even number of levels, not {levels}")]
    OddLevels {
        /// Levels requested.
        levels: u32,
    },
    /// Fewer candidates than the trajectories to be chosen among them.
    #[error("{trajectories} trajectories cannot be chosen from {candidates}")]
    TooFewCandidates {
        /// Candidates offered.
        candidates: u32,
        /// Trajectories to choose.
        trajectories: u64,
    },
}

/// Checks that a number of points is a power of two.
fn power_of_two(requested: u64) -> Result<(), DesignError> {
    if requested.is_power_of_two() {
        return Ok(());
    }
    let below = requested.checked_ilog2().map_or(1, |bits| 1 << bits);
    Err(DesignError::NotAPowerOfTwo {
        requested,
        below,
        above: below.saturating_mul(2),
    })
}

/// The group of each axis; groups are numbered from 0 without gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Groups {
    of_axis: Vec<usize>,
    count: usize,
}

impl Groups {
    /// Every axis on its own.
    pub(crate) fn single(axes: usize) -> Groups {
        Groups {
            of_axis: (0..axes).collect(),
            count: axes,
        }
    }

    /// Groups by their numbers, axis by axis.
    ///
    /// # Errors
    ///
    /// Without any axis, and where no axis has a number below the highest one.
    pub(crate) fn new(of_axis: Vec<usize>) -> Result<Groups, DesignError> {
        let count = of_axis
            .iter()
            .max()
            .ok_or(DesignError::Empty)?
            .saturating_add(1);
        match (0..count).find(|group| !of_axis.contains(group)) {
            Some(group) => Err(DesignError::EmptyGroup { group }),
            None => Ok(Groups { of_axis, count }),
        }
    }

    /// Number of groups.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Number of axes.
    pub(crate) fn axes(&self) -> usize {
        self.of_axis.len()
    }

    /// The group of an axis.
    pub(crate) fn of(&self, axis: usize) -> usize {
        self.of_axis[axis]
    }

    /// The axes of a group, ascending.
    pub(crate) fn members(&self, group: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.of_axis.len()).filter(move |axis| self.of_axis[*axis] == group)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn designs() -> Vec<Design> {
        let groups = || Groups::new(vec![0, 1, 0]).expect("no gap");
        let list = [vec![0.1, 0.2, 0.3], vec![1.0, 0.0, 0.5]];
        let made = || -> Result<Vec<Design>, DesignError> {
            Ok(vec![
                Design::Grid(Grid::new(vec![4, 1, 6])?),
                Design::List(List::new(&list)?),
                Design::OneAtATime(OneAtATime::new(vec![0.5; 3], vec![vec![0.0, 1.0]; 3])?),
                Design::LatinHypercube(LatinHypercube::new(30, 3, Placement::Jittered, 1)?),
                Design::LatinHypercube(LatinHypercube::maximin(30, 3, Placement::Centred, 1, 5)?),
                Design::Sobol(Sobol::new(32, 3, Scramble::Plain)?),
                Design::Sobol(Sobol::new(32, 3, Scramble::Owen(1))?),
                Design::Halton(Halton::new(30, 3, Digits::Plain)?),
                Design::Halton(Halton::new(30, 3, Digits::Permuted(1))?),
                Design::Saltelli(Saltelli::new(
                    8,
                    groups(),
                    SobolOrder::Second,
                    Scramble::Owen(1),
                )?),
                Design::Morris(Morris::new(
                    6,
                    4,
                    &[
                        MorrisAxis::Range,
                        MorrisAxis::Words(3),
                        MorrisAxis::Integers(9),
                    ],
                    groups(),
                    Selection::Optimized { candidates: 20 },
                    1,
                )?),
            ])
        };
        made().expect("all requests are possible")
    }

    fn point(design: &Design, index: u64) -> Vec<f64> {
        let mut out = vec![f64::NAN; design.dimensions()];
        design.point(index, &mut out);
        out
    }

    #[test]
    fn all_points_of_all_designs_lie_in_the_cube() {
        for design in designs() {
            assert_eq!(design.dimensions(), 3);
            for index in 0..design.points() {
                let point = point(&design, index);
                assert!(
                    point.iter().all(|x| (0.0..=1.0).contains(x)),
                    "{design:?} {index}"
                );
            }
        }
    }

    #[test]
    fn a_point_does_not_depend_on_earlier_calls() {
        for design in designs() {
            let forwards: Vec<_> = (0..design.points())
                .map(|index| point(&design, index))
                .collect();
            let backwards: Vec<_> = (0..design.points())
                .rev()
                .map(|index| point(&design, index))
                .collect();
            assert!(forwards.iter().eq(backwards.iter().rev()), "{design:?}");
        }
    }

    #[test]
    fn another_seed_is_another_design() {
        let latin =
            |seed| LatinHypercube::new(50, 2, Placement::Centred, seed).map(Design::LatinHypercube);
        let sobol = |seed| Sobol::new(64, 2, Scramble::Owen(seed)).map(Design::Sobol);
        let morris = |seed| {
            Morris::new(
                9,
                4,
                &[MorrisAxis::Range, MorrisAxis::Words(3)],
                Groups::single(2),
                Selection::Plain,
                seed,
            )
            .map(Design::Morris)
        };
        let halton = |seed| Halton::new(50, 2, Digits::Permuted(seed)).map(Design::Halton);
        for make in [
            &latin as &dyn Fn(u64) -> Result<Design, DesignError>,
            &sobol,
            &morris,
            &halton,
        ] {
            let (one, two) = (make(1).expect("possible"), make(2).expect("possible"));
            assert!((0..one.points()).any(|index| point(&one, index) != point(&two, index)));
        }
    }

    #[test]
    fn each_level_of_a_categorical_axis_is_its_category() {
        for count in 1..200 {
            for level in 0..count {
                assert_eq!(
                    category(level_coordinate(level, count), count as usize),
                    level as usize
                );
            }
        }
        assert_eq!(category(1.0, 3), 2);
        assert_eq!(category(0.0, 0), 0);
    }

    #[test]
    fn a_gap_in_the_numbers_is_named() {
        assert_eq!(
            Groups::new(vec![0, 2]),
            Err(DesignError::EmptyGroup { group: 1 })
        );
        assert_eq!(Groups::new(vec![]), Err(DesignError::Empty));
    }

    #[test]
    fn members_are_the_axes_of_a_group() {
        let groups = Groups::new(vec![1, 0, 1]).expect("no gap");
        assert_eq!((groups.count(), groups.axes()), (2, 3));
        assert!(groups.members(1).eq([0, 2]));
    }
}
