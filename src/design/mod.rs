//! Designs of experiments: numbered points in the unit cube, each known from its number alone.
//!
//! No point depends on the points before it, so a shard is a range of numbers and a resumed sweep
//! continues where it stopped.
//!
//! Randomised designs are functions of a seed: their randomness is addressed in
//! [`StreamKind::Study`](crate::rng::StreamKind::Study).

pub(crate) mod directions;
pub(crate) mod error;
pub(crate) mod grid;
pub(crate) mod groups;
pub(crate) mod halton;
pub(crate) mod latin;
pub(crate) mod list;
pub(crate) mod morris;
pub(crate) mod one_at_a_time;
pub(crate) mod random;
pub(crate) mod saltelli;
pub(crate) mod sobol;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod trajectory_selection;

pub(crate) use directions::MOST_DIMENSIONS;
pub(crate) use error::DesignError;
pub(crate) use grid::Grid;
pub(crate) use groups::Groups;
pub(crate) use halton::{Digits, Halton};
pub(crate) use latin::{LatinHypercube, MAXIMIN_MOST_POINTS, Placement};
pub(crate) use list::List;
pub(crate) use morris::{Morris, Selection};
pub(crate) use one_at_a_time::OneAtATime;
pub(crate) use saltelli::{Saltelli, SobolOrder};
pub(crate) use sobol::{Scramble, Sobol};

/// A finite, numbered set of points in the unit cube.
#[derive(Clone, Debug)]
pub enum Design {
    /// Every combination of the axes' levels, in balanced order.
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
    pub fn points(&self) -> u64 {
        each!(self, it => it.points())
    }

    /// Number of axes.
    pub fn dimensions(&self) -> usize {
        each!(self, it => it.dimensions())
    }

    /// Writes the coordinates [0–1] of one point, `index` below [`Design::points`], into `out`,
    /// which holds one place for each axis.
    ///
    /// # Panics
    ///
    /// May panic for an index or a length outside these.
    pub fn point(&self, index: u64, out: &mut [f64]) {
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
