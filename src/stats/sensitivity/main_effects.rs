//! Main effects of a factorial design: the mean output at each level of each axis, over all the rest.

use super::{
    Estimate, Resolution, SensitivityError, SensitivitySettings, Sizes, deviation, is_constant,
    mean, squares,
};
use crate::stats::interval::student_quantile;

/// A main-effects table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MainEffects {
    /// Points used.
    pub(crate) rows: u64,
    /// Points dropped because their output was missing.
    pub(crate) dropped: usize,
    /// Mean of all outputs.
    pub(crate) mean: f64,
    /// One entry for each axis.
    pub(crate) axes: Vec<AxisEffect>,
    /// Share [0–1] of the variance that no main effect explains: interactions and noise. It is exact
    /// where the table is balanced, and `None` where it is not.
    pub(crate) rest: Option<f64>,
}

/// The main effect of one axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AxisEffect {
    /// One entry for each level.
    pub(crate) levels: Vec<LevelMean>,
    /// Share [0–1] of the outputs' variance that lies between the levels; 0 for a constant output.
    pub(crate) share: f64,
}

/// The outputs at one level of one axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LevelMean {
    /// Points at this level.
    pub(crate) points: u64,
    /// Their mean output with its t-interval, as if the other axes were drawn at random; NaN without
    /// points, an infinite interval from a single one. It is resolved to the tolerance in standard
    /// deviations of all outputs; the verdict's rows are points at this level.
    pub(crate) mean: Estimate,
    /// How far the mean lies above the mean of all outputs.
    pub(crate) effect: f64,
}

/// Computes the table from the level of each axis (one column an axis, levels from 0, as many levels
/// as `counts` says) and the output of each point; points may repeat, and combinations may be missing.
///
/// # Errors
///
/// Without axes, for columns of other lengths than the outputs, for a level beyond its axis's count
/// (a [`SensitivityError::Length`]), for fewer than two points with an output, and for settings out
/// of range.
pub(crate) fn main_effects(
    levels: &[Vec<u32>],
    counts: &[u32],
    output: &[f64],
    settings: &SensitivitySettings,
) -> Result<MainEffects, SensitivityError> {
    settings.check()?;
    check(levels, counts, output)?;
    let rows: Vec<usize> = (0..output.len())
        .filter(|row| output[*row].is_finite())
        .collect();
    if rows.len() < 2 {
        return Err(SensitivityError::TooFewRows {
            usable: rows.len(),
            needed: 2,
        });
    }
    let used: Vec<f64> = rows.iter().map(|row| output[*row]).collect();
    let whole = Whole {
        mean: mean(&used),
        squares: squares(&used),
        deviation: deviation(&used),
        constant: is_constant(&used),
    };
    let axes: Vec<AxisEffect> = levels
        .iter()
        .zip(counts)
        .map(|(column, count)| axis_effect(column, *count, output, &rows, &whole, settings))
        .collect();
    let explained: f64 = axes.iter().map(|axis| axis.share).sum();
    let rest = if whole.constant {
        0.0
    } else {
        (1.0 - explained).max(0.0)
    };
    Ok(MainEffects {
        rows: rows.len() as u64,
        dropped: output.len() - rows.len(),
        mean: whole.mean,
        rest: is_balanced(levels, counts, &rows).then_some(rest),
        axes,
    })
}

struct Whole {
    mean: f64,
    squares: f64,
    deviation: f64,
    constant: bool,
}

fn check(levels: &[Vec<u32>], counts: &[u32], output: &[f64]) -> Result<(), SensitivityError> {
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
        if column.len() != output.len() {
            return Err(SensitivityError::Length {
                found: column.len(),
                unit: output.len(),
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
    output: &[f64],
    rows: &[usize],
    whole: &Whole,
    settings: &SensitivitySettings,
) -> AxisEffect {
    let mut by_level = vec![Vec::new(); count as usize];
    rows.iter()
        .for_each(|row| by_level[column[*row] as usize].push(output[*row]));
    let levels: Vec<LevelMean> = by_level
        .iter()
        .map(|own| level_mean(own, whole, settings))
        .collect();
    let between: f64 = levels
        .iter()
        .filter(|level| level.points > 0)
        .map(|level| level.points as f64 * level.effect * level.effect)
        .sum();
    let share = if whole.constant {
        0.0
    } else {
        (between / whole.squares).min(1.0)
    };
    AxisEffect { levels, share }
}

fn level_mean(own: &[f64], whole: &Whole, settings: &SensitivitySettings) -> LevelMean {
    let (value, points) = (mean(own), own.len() as u64);
    let arm = match points {
        0 => f64::NAN,
        1 => f64::INFINITY,
        _ => {
            let reach = student_quantile(settings.upper_tail(), points as f64 - 1.0);
            reach * deviation(own) / (points as f64).sqrt()
        }
    };
    let interval = (value - arm, value + arm);
    let tolerance = settings.tolerance * whole.deviation;
    let mut estimate = Estimate::judged(value, interval, points, tolerance, Sizes::Any);
    if whole.constant {
        estimate.verdict = Resolution::Constant;
    }
    LevelMean {
        points,
        mean: estimate,
        effect: value - whole.mean,
    }
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

    /// A full grid's levels by axis, and a function of them.
    fn factorial(counts: &[u32], function: impl Fn(&[u32]) -> f64) -> (Vec<Vec<u32>>, Vec<f64>) {
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
            .map(|index| function(&row(index)))
            .collect();
        (levels, y)
    }

    #[test]
    fn an_additive_output_is_explained_by_its_main_effects() {
        let (levels, y) = factorial(&[3, 2, 2], |l| {
            10.0 + 2.0 * f64::from(l[0]) + 3.0 * f64::from(l[1])
        });
        let found =
            main_effects(&levels, &[3, 2, 2], &y, &SensitivitySettings::default()).expect("points");
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
        let found =
            main_effects(&levels, &[2, 2], &y, &SensitivitySettings::default()).expect("points");
        assert_eq!(found.rest, Some(1.0));
        assert_eq!(found.axes[0].share, 0.0);
    }

    #[test]
    fn the_interval_of_a_level_is_students() {
        let levels = [vec![0, 0, 0, 1, 1, 1]];
        let y = [1.0, 2.0, 3.0, 7.0, 7.0, 7.0];
        let found =
            main_effects(&levels, &[2], &y, &SensitivitySettings::default()).expect("points");
        let mean = found.axes[0].levels[0].mean;
        // t of 0.975 with two degrees of freedom is 4.302653; the standard error is 1/√3.
        assert!((0.5 * (mean.high - mean.low) - 4.302_653 / 3.0_f64.sqrt()).abs() < 1e-5);
        assert!(matches!(mean.verdict, Resolution::NotResolved { try_rows } if try_rows > 3));
    }

    #[test]
    fn missing_points_unbalance_the_table() {
        let (levels, mut y) = factorial(&[3, 3], |l| f64::from(l[0]));
        y[4] = f64::NAN;
        let found =
            main_effects(&levels, &[3, 3], &y, &SensitivitySettings::default()).expect("points");
        assert_eq!((found.rows, found.dropped, found.rest), (8, 1, None));
        let empty =
            main_effects(&levels, &[4, 3], &y, &SensitivitySettings::default()).expect("points");
        assert_eq!(empty.axes[0].levels[3].points, 0);
        assert!(empty.axes[0].share > 0.9);
    }

    #[test]
    fn a_constant_output_and_a_level_beyond_its_axis_are_named() {
        let (levels, y) = factorial(&[2, 2], |_| 0.3);
        let found =
            main_effects(&levels, &[2, 2], &y, &SensitivitySettings::default()).expect("points");
        assert_eq!((found.axes[0].share, found.rest), (0.0, Some(0.0)));
        assert_eq!(found.axes[0].levels[0].mean.verdict, Resolution::Constant);
        let error = main_effects(&levels, &[1, 2], &y, &SensitivitySettings::default());
        assert_eq!(error, Err(SensitivityError::Length { found: 1, unit: 1 }));
    }
}
