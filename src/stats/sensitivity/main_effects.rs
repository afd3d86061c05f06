//! Main effects of a factorial design: the mean output at each level of each axis, over all the rest.
//!
//! The levels of the axes are fixed, so that the error of a mean is that of the simulation alone: the
//! spread of replicates within the cells, and not the spread of cells over the other axes' levels. A
//! cell is a point of the design with its replicates. Where cells share their random draws replicate by
//! replicate, their errors are not independent: the cells of a level are averaged within each
//! replicate, and Student's interval is over replicates. Otherwise the variance within cells is pooled
//! over the cells of the level. What is compared is the difference of a level from the axis's first
//! one, paired by replicate where draws are shared.

use super::{SensitivityError, SensitivitySettings, is_constant, mean, squares};
use crate::stats::contrast::PairedContrast;
use crate::stats::interval::{Interval, student_quantile};
use crate::stats::summary::RunningMoments;

/// A main-effects table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MainEffects {
    /// Cells used: those with an output at all.
    pub(crate) rows: u64,
    /// Cells dropped because their output was missing.
    pub(crate) dropped: usize,
    /// Mean of all cells.
    pub(crate) mean: f64,
    /// Its interval.
    pub(crate) interval: Interval,
    /// Whether all cells have the same output.
    pub(crate) constant: bool,
    /// One entry for each axis.
    pub(crate) axes: Vec<AxisEffect>,
    /// Share [0–1] of the variance of cells that no main effect explains: interactions and noise. It is
    /// exact where the table is balanced, and `None` where it is not.
    pub(crate) rest: Option<f64>,
}

/// The main effect of one axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AxisEffect {
    /// One entry for each level.
    pub(crate) levels: Vec<LevelMean>,
    /// Share [0–1] of the variance of cells that lies between the levels; 0 for a constant output.
    pub(crate) share: f64,
}

/// The outputs at one level of one axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LevelMean {
    /// Cells at this level that have an output.
    pub(crate) cells: u64,
    /// Mean over these cells of their means over replicates; NaN without cells.
    pub(crate) mean: f64,
    /// Its t-interval; undefined with one replicate, and where no replicate differs from another.
    pub(crate) interval: Interval,
    /// How far the mean lies above the mean of all cells.
    pub(crate) effect: f64,
    /// How far the mean lies above that of the axis's first level; NaN for the first level itself.
    pub(crate) difference: f64,
    /// The t-interval of the difference, undefined as that of the mean.
    pub(crate) difference_interval: Interval,
}

/// Computes the table from the level of each axis (one column an axis, levels from 0, as many levels
/// as `counts` says) and the replicates of each cell; combinations may be missing. With `common` draws a
/// cell's replicate shares its random numbers with the replicate of that number of every other cell.
///
/// # Errors
///
/// Without axes, for columns of other lengths than the cells, for a level beyond its axis's count
/// (a [`SensitivityError::Length`]), for fewer than two cells with an output, and for settings out
/// of range.
pub(crate) fn main_effects(
    levels: &[Vec<u32>],
    counts: &[u32],
    replicates: &[impl AsRef<[f64]>],
    common: bool,
    settings: &SensitivitySettings,
) -> Result<MainEffects, SensitivityError> {
    settings.check()?;
    check(levels, counts, replicates.len())?;
    let cells = Cells::new(replicates, common, settings.upper_tail());
    let rows: Vec<usize> = (0..replicates.len())
        .filter(|row| cells.means[*row].is_finite())
        .collect();
    if rows.len() < 2 {
        return Err(SensitivityError::TooFewRows {
            usable: rows.len(),
            needed: 2,
        });
    }
    let used: Vec<f64> = rows.iter().map(|row| cells.means[*row]).collect();
    let all = Overall {
        mean: mean(&used),
        squares: squares(&used),
        constant: is_constant(&used),
    };
    let axes: Vec<AxisEffect> = levels
        .iter()
        .zip(counts)
        .map(|(column, count)| axis_effect(column, *count, &cells, &rows, &all))
        .collect();
    let explained: f64 = axes.iter().map(|axis| axis.share).sum();
    let rest = if all.constant {
        0.0
    } else {
        (1.0 - explained).max(0.0)
    };
    Ok(MainEffects {
        rows: rows.len() as u64,
        dropped: replicates.len() - rows.len(),
        mean: all.mean,
        interval: cells.interval(&rows),
        constant: all.constant,
        rest: is_balanced(levels, counts, &rows).then_some(rest),
        axes,
    })
}

/// How the difference between two levels of an axis depends on the level of another one: the first level of both
/// is what is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Interaction {
    /// The axes, by their positions.
    pub(crate) axes: [usize; 2],
    /// A level of each, not the first one.
    pub(crate) levels: [u32; 2],
    /// The difference of the first axis's level from its first one, at the level of the second axis, less the same at
    /// the second axis's first level; means over all other axes. NaN where one of the four means is missing.
    pub(crate) difference: f64,
    /// Its t-interval, as that of a [`LevelMean`]'s difference.
    pub(crate) interval: Interval,
    /// Cells of the four means that have an output, and all of them.
    pub(crate) cells: [u64; 2],
}

/// Computes the interactions of all pairs of axes, from what [`main_effects`] takes.
///
/// # Errors
///
/// Those of [`main_effects`].
pub(crate) fn interactions(
    levels: &[Vec<u32>],
    counts: &[u32],
    replicates: &[impl AsRef<[f64]>],
    common: bool,
    settings: &SensitivitySettings,
) -> Result<Vec<Interaction>, SensitivityError> {
    settings.check()?;
    check(levels, counts, replicates.len())?;
    let cells = Cells::new(replicates, common, settings.upper_tail());
    let mut found = Vec::new();
    for first in 0..counts.len() {
        for second in first + 1..counts.len() {
            let width = counts[second] as usize;
            let mut by_levels: Vec<Vec<usize>> = vec![Vec::new(); counts[first] as usize * width];
            for (cell, (one, other)) in levels[first].iter().zip(&levels[second]).enumerate() {
                by_levels[*one as usize * width + *other as usize].push(cell);
            }
            let at = |one: u32, other: u32| &by_levels[one as usize * width + other as usize][..];
            for one in 1..counts[first] {
                for other in 1..counts[second] {
                    let corners = [at(one, other), at(one, 0), at(0, other), at(0, 0)];
                    found.push(cells.interaction([first, second], [one, other], corners));
                }
            }
        }
    }
    Ok(found)
}

/// Weights of the four means of an interaction.
const CORNER_WEIGHTS: [f64; 4] = [1.0, -1.0, -1.0, 1.0];

struct Overall {
    mean: f64,
    squares: f64,
    constant: bool,
}

/// The replicates of all cells.
struct Cells<'a> {
    replicates: Vec<&'a [f64]>,
    /// Mean of each cell's finite replicates; NaN without any.
    means: Vec<f64>,
    common: bool,
    /// Probability below the upper end of an interval.
    tail: f64,
}

/// A standard error with its degrees of freedom.
#[derive(Clone, Copy)]
struct StandardError {
    square: f64,
    dof: f64,
}

impl StandardError {
    /// Student's interval; undefined where nothing varies, which says nothing of the next replicate.
    fn interval(self, centre: f64, tail: f64) -> Interval {
        let reach = student_quantile(tail, self.dof) * self.square.sqrt();
        if self.square > 0.0 && reach.is_finite() {
            Interval::around(centre, reach)
        } else {
            Interval::UNDEFINED
        }
    }
}

impl<'a> Cells<'a> {
    fn new(replicates: &'a [impl AsRef<[f64]>], common: bool, tail: f64) -> Cells<'a> {
        let replicates: Vec<&[f64]> = replicates.iter().map(AsRef::as_ref).collect();
        let means = replicates
            .iter()
            .map(|own| own.iter().copied().filter(|y| y.is_finite()))
            .map(|known| known.collect::<RunningMoments>().mean())
            .collect();
        Cells {
            replicates,
            means,
            common,
            tail,
        }
    }

    fn mean(&self, cells: &[usize]) -> f64 {
        cells.iter().map(|cell| self.means[*cell]).sum::<f64>() / cells.len() as f64
    }

    /// The mean over some cells of one replicate; `None` where one of them lacks it.
    fn of_replicate(&self, cells: &[usize], number: usize) -> Option<f64> {
        let values = cells.iter().map(|cell| {
            let value = self.replicates[*cell].get(number).copied();
            value.filter(|value| value.is_finite())
        });
        Some(values.sum::<Option<f64>>()? / cells.len() as f64)
    }

    /// Replicates that any cell has.
    fn most(&self, cells: &[usize]) -> usize {
        let counts = cells.iter().map(|cell| self.replicates[*cell].len());
        counts.max().unwrap_or(0)
    }

    /// The error of the mean over cells whose draws are independent, from the variance pooled over them.
    fn pooled(&self, cells: &[usize]) -> StandardError {
        let (mut within, mut dof, mut inverse) = (0.0, 0.0, 0.0);
        for cell in cells {
            let known = self.replicates[*cell].iter().copied();
            let known: RunningMoments = known.filter(|y| y.is_finite()).collect();
            let count = known.count() as f64;
            if known.count() > 1 {
                within += known.variance() * (count - 1.0);
                dof += count - 1.0;
            }
            inverse += 1.0 / count;
        }
        let count = cells.len() as f64;
        StandardError {
            square: within / dof * inverse / (count * count),
            dof,
        }
    }

    /// The interaction of two levels, from the cells of its four means.
    fn interaction(
        &self,
        axes: [usize; 2],
        levels: [u32; 2],
        corners: [&[usize]; 4],
    ) -> Interaction {
        let all: usize = corners.iter().map(|own| own.len()).sum();
        let known = corners.map(|own| -> Vec<usize> {
            own.iter()
                .copied()
                .filter(|cell| self.means[*cell].is_finite())
                .collect()
        });
        let weighted = |values: [f64; 4]| -> f64 {
            values
                .iter()
                .zip(CORNER_WEIGHTS)
                .map(|(value, weight)| weight * value)
                .sum()
        };
        let difference = weighted(known.each_ref().map(|own| self.mean(own)));
        let error = if self.common {
            let most = known.iter().map(|own| self.most(own)).min().unwrap_or(0);
            let values: RunningMoments = (0..most)
                .filter_map(|number| {
                    let values = known.each_ref().map(|own| self.of_replicate(own, number));
                    let [a, b, c, d] = values;
                    Some(weighted([a?, b?, c?, d?]))
                })
                .collect();
            StandardError {
                square: values.variance() / values.count() as f64,
                dof: values.count() as f64 - 1.0,
            }
        } else {
            // Welch (1947), of four means.
            let errors = known.each_ref().map(|own| self.pooled(own));
            let square: f64 = errors.iter().map(|error| error.square).sum();
            let spread = errors
                .iter()
                .map(|error| error.square * error.square / error.dof);
            StandardError {
                square,
                dof: square * square / spread.sum::<f64>(),
            }
        };
        Interaction {
            axes,
            levels,
            difference,
            interval: error.interval(difference, self.tail),
            cells: [known.iter().map(Vec::len).sum::<usize>() as u64, all as u64],
        }
    }

    /// The interval of the mean over some cells.
    fn interval(&self, cells: &[usize]) -> Interval {
        let error = if self.common {
            let values: RunningMoments = (0..self.most(cells))
                .filter_map(|number| self.of_replicate(cells, number))
                .collect();
            StandardError {
                square: values.variance() / values.count() as f64,
                dof: values.count() as f64 - 1.0,
            }
        } else {
            self.pooled(cells)
        };
        error.interval(self.mean(cells), self.tail)
    }

    /// The interval of the mean over some cells less that over others.
    fn difference(&self, cells: &[usize], first: &[usize]) -> Interval {
        let error = if self.common {
            let mut contrast = PairedContrast::default();
            for number in 0..self.most(first).min(self.most(cells)) {
                let both = self.of_replicate(first, number);
                if let Some((first, own)) = both.zip(self.of_replicate(cells, number)) {
                    contrast.push(first, own);
                }
            }
            let found = contrast.difference(2.0 * self.tail - 1.0);
            StandardError {
                square: found.standard_error * found.standard_error,
                dof: found.count as f64 - 1.0,
            }
        } else {
            // Welch (1947): each level with its own variance.
            let [a, b] = [self.pooled(cells), self.pooled(first)];
            let square = a.square + b.square;
            StandardError {
                square,
                dof: square * square / (a.square * a.square / a.dof + b.square * b.square / b.dof),
            }
        };
        error.interval(self.mean(cells) - self.mean(first), self.tail)
    }
}

fn check(levels: &[Vec<u32>], counts: &[u32], cells: usize) -> Result<(), SensitivityError> {
    if levels.is_empty() {
        return Err(SensitivityError::NoAxis);
    }
    if levels.len() != counts.len() {
        return Err(SensitivityError::Length {
            found: counts.len(),
            unit: levels.len(),
        });
    }
    for (column, count) in levels.iter().zip(counts) {
        if column.len() != cells {
            return Err(SensitivityError::Length {
                found: column.len(),
                unit: cells,
            });
        }
        if let Some(level) = column.iter().find(|level| *level >= count) {
            return Err(SensitivityError::Length {
                found: *level as usize,
                unit: *count as usize,
            });
        }
    }
    Ok(())
}

fn axis_effect(
    column: &[u32],
    count: u32,
    cells: &Cells<'_>,
    rows: &[usize],
    all: &Overall,
) -> AxisEffect {
    let mut by_level: Vec<Vec<usize>> = vec![Vec::new(); count as usize];
    rows.iter()
        .for_each(|row| by_level[column[*row] as usize].push(*row));
    let level = |(number, own): (usize, &Vec<usize>)| {
        let value = cells.mean(own);
        let (difference, difference_interval) = match number {
            0 => (f64::NAN, Interval::UNDEFINED),
            _ => (
                value - cells.mean(&by_level[0]),
                cells.difference(own, &by_level[0]),
            ),
        };
        LevelMean {
            cells: own.len() as u64,
            mean: value,
            interval: cells.interval(own),
            effect: value - all.mean,
            difference,
            difference_interval,
        }
    };
    let levels: Vec<LevelMean> = by_level.iter().enumerate().map(level).collect();
    let between: f64 = levels
        .iter()
        .filter(|level| level.cells > 0)
        .map(|level| level.cells as f64 * level.effect * level.effect)
        .sum();
    let share = if all.constant {
        0.0
    } else {
        (between / all.squares).min(1.0)
    };
    AxisEffect { levels, share }
}

/// Whether every combination of levels stands behind the table equally often.
fn is_balanced(levels: &[Vec<u32>], counts: &[u32], rows: &[usize]) -> bool {
    let cells = counts
        .iter()
        .try_fold(1_usize, |all, count| all.checked_mul(*count as usize));
    let Some(cells) = cells.filter(|cells| rows.len().is_multiple_of(*cells)) else {
        return false;
    };
    let mut points = vec![0; cells];
    for row in rows {
        let axes = levels.iter().zip(counts);
        let cell = axes.fold(0, |cell, (column, count)| {
            cell * *count as usize + column[*row] as usize
        });
        points[cell] += 1;
    }
    points.iter().all(|count| *count == rows.len() / cells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::Grid;
    use crate::stats::test_support;

    /// A full grid's levels by axis, and a function of them.
    fn factorial(
        counts: &[u32],
        function: impl Fn(&[u32]) -> f64,
    ) -> (Vec<Vec<u32>>, Vec<Vec<f64>>) {
        let grid = Grid::new(counts.to_vec()).expect("levels everywhere");
        let column = |axis| {
            (0..grid.points())
                .map(|index| grid.level(index, axis))
                .collect()
        };
        let levels: Vec<Vec<u32>> = (0..counts.len()).map(column).collect();
        let row = |index: usize| {
            levels
                .iter()
                .map(|column| column[index])
                .collect::<Vec<u32>>()
        };
        let y = (0..grid.points() as usize)
            .map(|index| vec![function(&row(index))])
            .collect();
        (levels, y)
    }

    #[test]
    fn an_interaction_is_the_difference_of_differences() {
        // Two levels by three, with an effect of both axes, and one of both together at their last levels.
        let levels = vec![vec![0, 0, 0, 1, 1, 1], vec![0, 1, 2, 0, 1, 2]];
        let value = |cell: usize, replicate: usize| {
            let (one, other) = (levels[0][cell], levels[1][cell]);
            let together = if (one, other) == (1, 2) { 0.5 } else { 0.0 };
            // What replicates share goes out of the differences.
            let shared = [0.3, -0.2, 0.7, 0.1][replicate];
            let own = [0.01, -0.01, 0.0, 0.002][replicate] * f64::from(one * other);
            f64::from(one) + 2.0 * f64::from(other) + together + shared + own
        };
        let replicates: Vec<Vec<f64>> = (0..6)
            .map(|cell| (0..4).map(|number| value(cell, number)).collect())
            .collect();
        let settings = SensitivitySettings::default();
        let found =
            interactions(&levels, &[2, 3], &replicates, true, &settings).expect("interactions");
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].levels, [1, 1]);
        assert!((found[0].difference - 0.0005).abs() < 1e-12, "{found:?}");
        assert!((found[1].difference - 0.501).abs() < 1e-12, "{found:?}");
        assert!(
            found[1].interval.low > 0.47 && found[1].interval.high < 0.53,
            "{found:?}"
        );
        assert!(
            found[0].interval.low < 0.0 && found[0].interval.high > 0.0,
            "{found:?}"
        );
        let apart =
            interactions(&levels, &[2, 3], &replicates, false, &settings).expect("interactions");
        assert_eq!(apart[1].difference, found[1].difference);
        assert!(
            apart[1].interval.low < found[1].interval.low - 0.1,
            "{apart:?}"
        );
        let mut missing = replicates.clone();
        missing[0] = vec![f64::NAN; 4];
        let found =
            interactions(&levels, &[2, 3], &missing, true, &settings).expect("interactions");
        assert!(
            found[0].difference.is_nan() && found[0].cells == [3, 4],
            "{found:?}"
        );
    }

    #[test]
    fn an_additive_output_is_explained_by_its_main_effects() {
        let (levels, y) = factorial(&[3, 2, 2], |l| {
            10.0 + 2.0 * f64::from(l[0]) + 3.0 * f64::from(l[1])
        });
        let found = main_effects(
            &levels,
            &[3, 2, 2],
            &y,
            true,
            &SensitivitySettings::default(),
        )
        .expect("points");
        assert!((found.mean - 13.5).abs() < 1e-12);
        let effects: Vec<f64> = found.axes[0]
            .levels
            .iter()
            .map(|level| level.effect)
            .collect();
        assert!(
            effects
                .iter()
                .zip([-2.0, 0.0, 2.0])
                .all(|(a, b)| (a - b).abs() < 1e-12)
        );
        // Variances of the axes: 4 · 2/3 and 9/4.
        assert!((found.axes[0].share - (8.0 / 3.0) / (8.0 / 3.0 + 2.25)).abs() < 1e-12);
        assert!(found.axes[2].share < 1e-12);
        assert!(found.rest.is_some_and(|rest| rest < 1e-12));
    }

    #[test]
    fn an_interaction_is_left_over() {
        let (levels, y) = factorial(&[2, 2], |l| f64::from(l[0] ^ l[1]));
        let found = main_effects(&levels, &[2, 2], &y, true, &SensitivitySettings::default())
            .expect("points");
        assert_eq!(found.rest, Some(1.0));
        assert_eq!(found.axes[0].share, 0.0);
    }

    #[test]
    fn intervals_come_from_replicates_and_not_from_the_other_axis() {
        // The second axis moves the output by 100; replicates differ by 1 at each cell.
        let levels = [vec![0, 0, 1, 1], vec![0, 1, 0, 1]];
        let y = [[0.0, 1.0], [100.0, 101.0], [3.0, 4.0], [103.0, 104.0]];
        let of = |common| {
            let found = main_effects(
                &levels,
                &[2, 2],
                &y,
                common,
                &SensitivitySettings::default(),
            );
            found.expect("cells").axes[0].levels[1]
        };
        // Shared draws: replicates of the level are 53 and 54, and t of one degree of freedom 12.706.
        let shared = of(true);
        assert_eq!((shared.mean, shared.difference), (53.5, 3.0));
        assert!((shared.interval.half_width() - 12.706_205 * 0.5).abs() < 1e-5);
        assert!(shared.difference_interval.low.is_nan(), "no pair differs");
        // Independent draws: a variance of 1/2 with two degrees of freedom over four runs.
        let apart = of(false);
        assert!((apart.interval.half_width() - 4.302_653 * 0.125_f64.sqrt()).abs() < 1e-5);
        let reach = apart.difference_interval.half_width();
        assert!(
            (reach - 2.776_445 * 0.25_f64.sqrt()).abs() < 1e-5,
            "{reach}"
        );
    }

    #[test]
    fn one_replicate_gives_means_without_intervals() {
        let (levels, y) = factorial(&[2, 3], |l| f64::from(l[0] + l[1]));
        for common in [true, false] {
            let found = main_effects(
                &levels,
                &[2, 3],
                &y,
                common,
                &SensitivitySettings::default(),
            );
            let level = found.expect("cells").axes[0].levels[1];
            assert_eq!((level.mean, level.difference), (2.0, 1.0));
            assert!(level.interval.low.is_nan() && level.difference_interval.high.is_nan());
        }
    }

    /// Shares of studies whose intervals hold the mean of a level and its difference from the first.
    fn coverage(replicates: usize, common: bool) -> [f64; 2] {
        let (levels, truth) = factorial(&[3, 4], |l| 0.3 * f64::from(l[0]) + 5.0 * f64::from(l[1]));
        let studies = 600;
        let mut held = [0_u32; 2];
        for study in 0..studies {
            let mut normal = test_support::normal_draws(study);
            let shared: Vec<f64> = (0..replicates)
                .map(|_| f64::from(common) * normal())
                .collect();
            let bent: Vec<f64> = (0..replicates)
                .map(|_| f64::from(common) * normal())
                .collect();
            let y: Vec<Vec<f64>> = truth
                .iter()
                .zip(&levels[0])
                .map(|(truth, level)| {
                    // Levels differ in their noise, and draws act differently on each.
                    let spread = 0.2 + f64::from(*level);
                    (0..replicates)
                        .map(|k| truth[0] + shared[k] + spread * (normal() + bent[k]))
                        .collect()
                })
                .collect();
            let found = main_effects(
                &levels,
                &[3, 4],
                &y,
                common,
                &SensitivitySettings::default(),
            );
            let level = found.expect("cells").axes[0].levels[2];
            held[0] += u32::from(level.interval.contains(0.6 + 7.5));
            held[1] += u32::from(level.difference_interval.contains(0.6));
        }
        held.map(|held| f64::from(held) / studies as f64)
    }

    #[test]
    fn intervals_hold_the_truth_in_95_of_100_studies_with_shared_and_independent_draws() {
        for common in [true, false] {
            for replicates in [2, 4, 10] {
                let shares = coverage(replicates, common);
                println!("common {common}, {replicates} replicates: {shares:?}");
                let sound = shares.iter().all(|share| (0.93..=0.975).contains(share));
                assert!(sound, "{common} {replicates} {shares:?}");
            }
        }
    }

    #[test]
    fn missing_points_unbalance_the_table() {
        let (levels, mut y) = factorial(&[3, 3], |l| f64::from(l[0]));
        y[4] = vec![f64::NAN];
        let found = main_effects(&levels, &[3, 3], &y, true, &SensitivitySettings::default())
            .expect("points");
        assert_eq!((found.rows, found.dropped, found.rest), (8, 1, None));
        let empty = main_effects(&levels, &[4, 3], &y, true, &SensitivitySettings::default())
            .expect("points");
        assert_eq!(empty.axes[0].levels[3].cells, 0);
        assert!(empty.axes[0].share > 0.9);
    }

    #[test]
    fn a_constant_output_and_a_level_beyond_its_axis_are_named() {
        let (levels, y) = factorial(&[2, 2], |_| 0.3);
        let found = main_effects(&levels, &[2, 2], &y, true, &SensitivitySettings::default())
            .expect("points");
        assert_eq!((found.axes[0].share, found.rest), (0.0, Some(0.0)));
        assert!(found.constant);
        let error = main_effects(&levels, &[1, 2], &y, true, &SensitivitySettings::default());
        assert_eq!(error, Err(SensitivityError::Length { found: 1, unit: 1 }));
    }
}
