//! Elementary effects: by how much the output changes per unit of an input's range, at random
//! places (Morris 1991). Their mean μ, the mean of their sizes μ* (Campolongo, Cariboni & Saltelli
//! 2007) and their standard deviation σ sort inputs into idle, additive, and bent or interacting.

use super::{
    Estimate, SensitivityError, SensitivitySettings, Sizes, deviation, is_constant, mean, resamples,
};
use crate::design::{Groups, Morris};
use crate::stats::interval::student_quantile;

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
    let distance = |trajectory: usize, axis: usize| design.distance(trajectory as u64, axis);
    let mut found = effects_of_walks(&points, output, design.groups(), distance, settings)?;
    if design.is_optimized() {
        for group in &mut found.groups {
            group.mu_star.call_biased();
        }
    }
    Ok(found)
}

/// Computes the effects from points [0–1] and outputs of trajectories that move each group once, each
/// of its axes by a distance in units of its range, below 0 if downwards.
///
/// # Errors
///
/// As [`elementary_effects`], where points and outputs differ in number, and for a trajectory that
/// does not move each axis exactly once.
fn effects_of_walks(
    points: &[Vec<f64>],
    output: &[f64],
    groups: &Groups,
    distance: impl Fn(usize, usize) -> f64,
    settings: &SensitivitySettings,
) -> Result<ElementaryEffects, SensitivityError> {
    settings.check()?;
    if points.len() != output.len() {
        return Err(SensitivityError::Length {
            found: output.len(),
            unit: points.len(),
        });
    }
    let effects = AxisEffects::new(points, output, groups, distance)?;
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
        // A bootstrap of r rows has a variance that is short by a factor of (r − 1) / r.
        let short = (rows as f64 / (rows as f64 - 1.0)).sqrt();
        let reach = student_quantile(settings.upper_tail(), rows as f64 - 1.0);
        let arm = reach * short * deviation(&again);
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
        distance: impl Fn(usize, usize) -> f64,
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
                let step = only_move(walk, axis)
                    .ok_or(SensitivityError::NotATrajectory { trajectory, axis })?;
                effects.push((y[step + 1] - y[step]) / distance(trajectory, axis));
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

/// The step after which an axis lies elsewhere, if there is exactly one.
fn only_move(walk: &[Vec<f64>], axis: usize) -> Option<usize> {
    let moved = |step: &usize| walk[*step][axis] != walk[step + 1][axis];
    let mut moves = (0..walk.len() - 1).filter(moved);
    let step = moves.next()?;
    moves.next().is_none().then_some(step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::{MorrisAxis, Selection, category};
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
            let length = groups.count() + 1;
            let distance = |trajectory: usize, axis: usize| {
                let walk = &points[length * trajectory..][..length];
                DELTA.copysign(walk[length - 1][axis] - walk[0][axis])
            };
            let found = effects_of_walks(
                &points,
                &y,
                &groups,
                distance,
                &SensitivitySettings::default(),
            );
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
                // SALib's interval is normal, and ours Student's.
                let reach = student_quantile(0.975, 9.0) * (10.0_f64 / 9.0).sqrt();
                let wide = 0.5 * (group.mu_star.high - group.mu_star.low) * 1.96 / reach;
                assert!((wide - arm).abs() < 0.1 * arm + 1e-12, "{wide} {arm}");
            }
            assert_eq!((found.trajectories, found.dropped), (10, 0));
        }
    }

    fn study(trajectories: u64, function: impl Fn(&[f64]) -> f64) -> (Morris, Vec<f64>) {
        let axes = vec![MorrisAxis::Range; 3];
        let design = Morris::new(
            trajectories,
            4,
            &axes,
            Groups::single(3),
            Selection::Plain,
            3,
        );
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
        let verdicts = found.groups.iter().map(|g| g.mu_star.verdict);
        let expected = [
            Resolution::Resolved,
            Resolution::Resolved,
            Resolution::NoDifference,
        ];
        assert!(verdicts.eq(expected));
    }

    #[test]
    fn a_listed_input_has_the_effect_of_its_range() {
        let values = [0.0, 1.0, 0.2, 0.7];
        let axes = [
            MorrisAxis::Numbers(values.to_vec()),
            MorrisAxis::Words(2),
            MorrisAxis::Integers(9),
            MorrisAxis::Range,
        ];
        let design = Morris::new(12, 4, &axes, Groups::single(4), Selection::Plain, 3);
        let design = design.expect("trajectories");
        let mut x = [0.0; 4];
        let y: Vec<f64> = (0..design.points())
            .map(|index| {
                design.point(index, &mut x);
                let [list, word, integer] =
                    [(0, 4), (1, 2), (2, 9)].map(|(axis, count)| category(x[axis], count));
                2.0 * values[list] - 3.0 * word as f64 + integer as f64 / 8.0 + x[3]
            })
            .collect();
        let found = elementary_effects(&design, &y, &SensitivitySettings::default());
        let found = found.expect("whole trajectories");
        assert_close(
            found.groups.iter().map(|g| g.mu),
            &[2.0, -3.0, 1.0, 1.0],
            1e-12,
        );
        assert!(
            found
                .groups
                .iter()
                .all(|g| g.sigma.is_some_and(|sigma| sigma < 1e-12))
        );
    }

    /// The output of a study whose effects depend on where they are taken.
    fn bent(x: &[f64]) -> f64 {
        x[0] * x[1] + 2.0 * x[2] * x[2]
    }

    fn effects_of(trajectories: u64, selection: Selection, seed: u64) -> ElementaryEffects {
        let axes = vec![MorrisAxis::Range; 3];
        let design = Morris::new(trajectories, 4, &axes, Groups::single(3), selection, seed);
        let design = design.expect("trajectories");
        let mut x = [0.0; 3];
        let y: Vec<f64> = (0..design.points())
            .map(|index| {
                design.point(index, &mut x);
                bent(&x)
            })
            .collect();
        let settings = SensitivitySettings {
            resamples: 300,
            ..SensitivitySettings::default()
        };
        elementary_effects(&design, &y, &settings).expect("whole trajectories")
    }

    #[test]
    fn intervals_of_plain_trajectories_hold_the_mean_effect() {
        // μ* of x₀ is the mean of x₁ over four levels, and of 2 x₂² twice the mean of the sums of two.
        let truth = [0.5, 0.5, 2.0];
        for trajectories in [10, 20, 50] {
            let mut held = [0.0; 3];
            for seed in 0..200 {
                let found = effects_of(trajectories, Selection::Plain, seed);
                for (held, (group, truth)) in held.iter_mut().zip(found.groups.iter().zip(truth)) {
                    let own = &group.mu_star;
                    *held += f64::from(u8::from((own.low..=own.high).contains(&truth))) / 200.0;
                }
            }
            assert!(
                held.iter().all(|held| (0.92..=0.98).contains(held)),
                "{trajectories} {held:?}"
            );
        }
    }

    #[test]
    fn optimized_trajectories_are_called_biased() {
        let found = effects_of(20, Selection::Optimized { candidates: 100 }, 1);
        for group in &found.groups {
            assert_eq!(group.mu_star.verdict, Resolution::Biased);
        }
    }

    #[test]
    fn a_bent_input_needs_more_trajectories() {
        let (design, y) = study(20, |x| x[0] * x[1] + x[2] * x[2]);
        let found = elementary_effects(&design, &y, &SensitivitySettings::default())
            .expect("whole trajectories");
        let Resolution::NotResolved { try_rows, .. } = found.groups[0].mu_star.verdict else {
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
        assert!(found.groups.iter().all(|g| g.mu_star.low.is_nan()));
    }

    #[test]
    fn an_axis_that_moves_no_output_has_no_interval_and_is_not_resolved() {
        let (design, y) = study(20, |x| x[0] + x[0] * x[0]);
        let found = elementary_effects(&design, &y, &SensitivitySettings::default())
            .expect("whole trajectories");
        let [moved, still] = [0, 1].map(|group| found.groups[group].mu_star);
        assert!(moved.value > 0.5 && moved.low < moved.value && moved.value < moved.high);
        assert!(still.value == 0.0 && still.low.is_nan() && still.high.is_nan());
        assert_eq!(still.verdict, Resolution::NoDifference);
    }

    #[test]
    fn walks_that_leave_an_axis_alone_are_refused() {
        let points = vec![vec![0.0, 0.0], vec![DELTA, 0.0], vec![0.0, 0.0]];
        let found = effects_of_walks(
            &points,
            &[0.0; 3],
            &Groups::single(2),
            |_, _| DELTA,
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
