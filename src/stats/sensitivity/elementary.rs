//! Elementary effects: by how much the output changes per unit of an input's range, at random
//! places (Morris 1991). Their mean μ, the mean of their sizes μ* (Campolongo, Cariboni & Saltelli
//! 2007) and their standard deviation σ sort inputs into idle, additive, and bent or interacting.

use super::{
    Estimate, SensitivityError, SensitivitySettings, Sizes, deviation, is_constant, mean, resamples,
};
use crate::design::{Groups, Morris};

/// Elementary effects of one output.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ElementaryEffects {
    /// Trajectories used.
    pub(crate) trajectories: u64,
    /// Trajectories dropped because one of their outputs was missing.
    pub(crate) dropped: usize,
    /// One entry for each group.
    pub(crate) groups: Vec<GroupEffect>,
}

/// The elementary effects of one group of inputs, in units of the output per range of the input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct GroupEffect {
    /// Mean effect; over the axes of a group their mean, which says little where their signs differ.
    pub(crate) mu: f64,
    /// Mean size of the effect, with its interval from a bootstrap over trajectories.
    pub(crate) mu_star: Estimate,
    /// Standard deviation of the effect; `None` for a group of several axes, which has no one sign.
    pub(crate) sigma: Option<f64>,
}

/// Computes the effects from the outputs of a Morris design, or of a prefix of whole trajectories.
///
/// # Errors
///
/// Where the outputs are no whole trajectories, for fewer than two trajectories with all their
/// outputs, and for settings out of range.
pub(crate) fn elementary_effects(
    design: &Morris,
    output: &[f64],
    settings: &SensitivitySettings,
) -> Result<ElementaryEffects, SensitivityError> {
    let points: Vec<Vec<f64>> = (0..design.points().min(output.len() as u64))
        .map(|index| {
            let mut point = vec![0.0; design.dimensions()];
            design.point(index, &mut point);
            point
        })
        .collect();
    effects_of_walks(&points, output, design.groups(), design.delta(), settings)
}

/// Computes the effects from points [0–1] and outputs of trajectories that move each group once, all
/// its axes by `delta`.
///
/// # Errors
///
/// As [`elementary_effects`], where points and outputs differ in number, and for a trajectory that
/// does not move each axis exactly once.
fn effects_of_walks(
    points: &[Vec<f64>],
    output: &[f64],
    groups: &Groups,
    delta: f64,
    settings: &SensitivitySettings,
) -> Result<ElementaryEffects, SensitivityError> {
    settings.check()?;
    if points.len() != output.len() {
        return Err(SensitivityError::Length {
            found: output.len(),
            unit: points.len(),
        });
    }
    let effects = AxisEffects::new(points, output, groups, delta)?;
    let rows = effects.by_axis.first().map_or(0, Vec::len);
    let picks: Vec<Vec<usize>> =
        resamples(rows, settings.resamples, settings.seed, b"morris-i").collect();
    let sizes: Vec<f64> = (0..groups.count())
        .map(|group| effects.size(groups, group))
        .collect();
    let largest = sizes.iter().copied().fold(0.0, f64::max);
    let group_effect = |(group, size): (usize, &f64)| {
        let again: Vec<f64> = picks
            .iter()
            .map(|picks| effects.resampled_size(groups, group, picks))
            .collect();
        let arm = settings.normal_reach() * deviation(&again);
        let tolerance = settings.tolerance * largest;
        let interval = (size - arm, size + arm);
        let axes: Vec<&Vec<f64>> = groups
            .members(group)
            .map(|axis| &effects.by_axis[axis])
            .collect();
        GroupEffect {
            mu: axes.iter().map(|own| mean(own)).sum::<f64>() / axes.len() as f64,
            mu_star: if effects.constant {
                Estimate::CONSTANT
            } else {
                Estimate::judged(*size, interval, rows as u64, tolerance, Sizes::Any)
            },
            sigma: match axes[..] {
                [own] => Some(deviation(own)),
                _ => None,
            },
        }
    };
    Ok(ElementaryEffects {
        trajectories: rows as u64,
        dropped: effects.dropped,
        groups: sizes.iter().enumerate().map(group_effect).collect(),
    })
}

/// The effects of each axis, one for each trajectory.
struct AxisEffects {
    by_axis: Vec<Vec<f64>>,
    dropped: usize,
    constant: bool,
}

impl AxisEffects {
    fn new(
        points: &[Vec<f64>],
        output: &[f64],
        groups: &Groups,
        delta: f64,
    ) -> Result<AxisEffects, SensitivityError> {
        let unit = groups.count() + 1;
        if !output.len().is_multiple_of(unit) {
            return Err(SensitivityError::Length {
                found: output.len(),
                unit,
            });
        }
        let mut effects = AxisEffects {
            by_axis: vec![Vec::new(); groups.axes()],
            dropped: 0,
            constant: true,
        };
        let mut used = Vec::new();
        for (trajectory, (walk, y)) in points.chunks(unit).zip(output.chunks(unit)).enumerate() {
            if !y.iter().all(|y| y.is_finite()) {
                effects.dropped += 1;
                continue;
            }
            used.extend_from_slice(y);
            for (axis, effects) in effects.by_axis.iter_mut().enumerate() {
                let (step, up) = only_move(walk, axis)
                    .ok_or(SensitivityError::NotATrajectory { trajectory, axis })?;
                let change = y[step + 1] - y[step];
                effects.push(if up { change } else { -change } / delta);
            }
        }
        if used.len() < 2 * unit {
            let usable = used.len() / unit;
            return Err(SensitivityError::TooFewRows { usable, needed: 2 });
        }
        effects.constant = is_constant(&used);
        Ok(effects)
    }

    /// μ* of a group: the mean of its axes'.
    fn size(&self, groups: &Groups, group: usize) -> f64 {
        let everything: Vec<usize> = (0..self.by_axis[0].len()).collect();
        self.resampled_size(groups, group, &everything)
    }

    fn resampled_size(&self, groups: &Groups, group: usize, picks: &[usize]) -> f64 {
        let size = |axis: usize| -> f64 {
            picks
                .iter()
                .map(|row| self.by_axis[axis][*row].abs())
                .sum::<f64>()
                / picks.len() as f64
        };
        let (sum, count) = groups
            .members(group)
            .fold((0.0, 0.0), |(sum, count), axis| {
                (sum + size(axis), count + 1.0)
            });
        sum / count
    }
}

/// The step after which an axis lies elsewhere, and whether higher, if there is exactly one.
fn only_move(walk: &[Vec<f64>], axis: usize) -> Option<(usize, bool)> {
    let moved = |step: &usize| walk[*step][axis] != walk[step + 1][axis];
    let mut moves = (0..walk.len() - 1).filter(moved);
    let step = moves.next()?;
    moves
        .next()
        .is_none()
        .then_some((step, walk[step + 1][axis] > walk[step][axis]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::Selection;
    use crate::stats::sensitivity::Resolution;
    use crate::stats::test_support::{assert_close, number_rows};

    const DELTA: f64 = 2.0 / 3.0;

    #[test]
    fn means_and_deviations_equal_those_of_salib() {
        let files = [
            (
                include_str!("../../../tests/oracles/sensitivity_morris_plain.csv"),
                Groups::single(4),
            ),
            (
                include_str!("../../../tests/oracles/sensitivity_morris_groups.csv"),
                Groups::new(vec![0, 1, 0, 2]).expect("no gap"),
            ),
        ];
        for (text, groups) in files {
            let rows = number_rows(text);
            let points: Vec<Vec<f64>> = rows[4..].iter().map(|row| row[..4].to_vec()).collect();
            let y: Vec<f64> = rows[4..].iter().map(|row| row[4]).collect();
            let found =
                effects_of_walks(&points, &y, &groups, DELTA, &SensitivitySettings::default());
            let found = found.expect("whole trajectories");
            assert_close(found.groups.iter().map(|g| g.mu), &rows[0], 1e-12);
            assert_close(
                found.groups.iter().map(|g| g.mu_star.value),
                &rows[1],
                1e-12,
            );
            for (group, (sigma, arm)) in found.groups.iter().zip(rows[2].iter().zip(&rows[3])) {
                let Some(ours) = group.sigma else {
                    assert!(sigma.is_nan());
                    continue;
                };
                assert!((ours - sigma).abs() < 1e-12);
                let wide = 0.5 * (group.mu_star.high - group.mu_star.low);
                assert!((wide - arm).abs() < 0.1 * arm + 1e-12, "{wide} {arm}");
            }
            assert_eq!((found.trajectories, found.dropped), (10, 0));
        }
    }

    fn study(trajectories: u64, function: impl Fn(&[f64]) -> f64) -> (Morris, Vec<f64>) {
        let design = Morris::new(trajectories, 4, Groups::single(3), Selection::Plain, 3);
        let design = design.expect("trajectories");
        let mut x = [0.0; 3];
        let y = (0..design.points())
            .map(|index| {
                design.point(index, &mut x);
                function(&x)
            })
            .collect();
        (design, y)
    }

    #[test]
    fn an_additive_input_has_its_slope_and_no_deviation() {
        let (design, y) = study(20, |x| 5.0 * x[0] - 2.0 * x[1]);
        let found = elementary_effects(&design, &y, &SensitivitySettings::default())
            .expect("whole trajectories");
        assert_close(found.groups.iter().map(|g| g.mu), &[5.0, -2.0, 0.0], 1e-12);
        assert_close(
            found.groups.iter().map(|g| g.mu_star.value),
            &[5.0, 2.0, 0.0],
            1e-12,
        );
        assert!(
            found
                .groups
                .iter()
                .all(|g| g.sigma.is_some_and(|sigma| sigma < 1e-12))
        );
        assert!(
            found
                .groups
                .iter()
                .all(|g| g.mu_star.verdict == Resolution::Resolved)
        );
    }

    #[test]
    fn a_bent_input_needs_more_trajectories() {
        let (design, y) = study(20, |x| x[0] * x[1] + x[2] * x[2]);
        let found = elementary_effects(&design, &y, &SensitivitySettings::default())
            .expect("whole trajectories");
        let Resolution::NotResolved { try_rows } = found.groups[0].mu_star.verdict else {
            panic!("twenty trajectories do not resolve an interaction: {found:?}");
        };
        assert!((40..4000).contains(&try_rows), "{try_rows}");
    }

    #[test]
    fn trajectories_with_a_missing_output_are_dropped_and_counted() {
        let (design, mut y) = study(20, |x| 5.0 * x[0] - 2.0 * x[1]);
        y[9] = f64::NAN;
        let found = elementary_effects(&design, &y[..76], &SensitivitySettings::default());
        let found = found.expect("a prefix of whole trajectories");
        assert_eq!((found.trajectories, found.dropped), (18, 1));
        assert!((found.groups[0].mu - 5.0).abs() < 1e-12);
    }

    #[test]
    fn a_constant_output_is_said_to_be_constant() {
        let (design, y) = study(20, |_| 0.1);
        let found = elementary_effects(&design, &y, &SensitivitySettings::default())
            .expect("whole trajectories");
        assert!(
            found
                .groups
                .iter()
                .all(|g| g.mu_star.verdict == Resolution::Constant && g.mu == 0.0)
        );
    }

    #[test]
    fn walks_that_leave_an_axis_alone_are_refused() {
        let points = vec![vec![0.0, 0.0], vec![DELTA, 0.0], vec![0.0, 0.0]];
        let found = effects_of_walks(
            &points,
            &[0.0; 3],
            &Groups::single(2),
            DELTA,
            &SensitivitySettings::default(),
        );
        assert_eq!(
            found,
            Err(SensitivityError::NotATrajectory {
                trajectory: 0,
                axis: 0
            })
        );
        let (design, y) = study(2, |x| x[0]);
        let short = elementary_effects(&design, &y[..7], &SensitivitySettings::default());
        assert_eq!(short, Err(SensitivityError::Length { found: 7, unit: 4 }));
    }
}
