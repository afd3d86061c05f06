//! One axis at a time: a baseline, and the axes' other levels each tried alone from there.
//!
//! The order goes round the axes, so that every prefix has tried all axes about equally often:
//! first the baseline, then the first level of each axis, then the second one of each, and so on.
//! Within an axis the levels keep their given order. A prefix is complete after each round.

use super::{DesignError, list};

/// A baseline and single departures from it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OneAtATime {
    baseline: Vec<f64>,
    levels: Vec<Vec<f64>>,
    /// Points before each round, the baseline included; the last entry is the number of points.
    rounds: Vec<u64>,
}

impl OneAtATime {
    /// Takes the baseline's coordinates [0–1] and for each axis the levels [0–1] to try.
    ///
    /// # Errors
    ///
    /// Without axes, where not every axis has its list of levels (an empty list is allowed), and
    /// for coordinates outside [0, 1]: an error's `point` is 0 for the baseline, else the level's
    /// number from 1.
    pub(crate) fn new(
        baseline: Vec<f64>,
        levels: Vec<Vec<f64>>,
    ) -> Result<OneAtATime, DesignError> {
        if baseline.is_empty() {
            return Err(DesignError::Empty);
        }
        let (found, expected) = (levels.len(), baseline.len());
        if found != expected {
            return Err(DesignError::UnevenPoint {
                point: 1,
                found,
                expected,
            });
        }
        list::within(0, &baseline)?;
        for (axis, values) in levels.iter().enumerate() {
            for (level, value) in values.iter().enumerate() {
                list::within(level + 1, &[*value]).map_err(|_| DesignError::OutsideTheCube {
                    point: level + 1,
                    axis,
                    value: *value,
                })?;
            }
        }
        let mut rounds = vec![1];
        for round in 0..levels.iter().map(Vec::len).max().unwrap_or(0) {
            let axes = levels.iter().filter(|values| values.len() > round).count();
            rounds.push(rounds[round] + axes as u64);
        }
        Ok(OneAtATime {
            baseline,
            levels,
            rounds,
        })
    }

    /// Number of points: the baseline and all levels.
    pub(crate) fn points(&self) -> u64 {
        self.rounds.last().copied().unwrap_or(1)
    }

    /// Number of axes.
    pub(crate) fn dimensions(&self) -> usize {
        self.baseline.len()
    }

    /// The axis and the number of its level that a point tries; `None` for the baseline.
    pub(crate) fn departure(&self, index: u64) -> Option<(usize, usize)> {
        let round = self
            .rounds
            .partition_point(|before| *before <= index)
            .checked_sub(1)?;
        let place = (index - self.rounds[round]) as usize;
        let mut axes = (0..self.levels.len()).filter(|axis| self.levels[*axis].len() > round);
        axes.nth(place).map(|axis| (axis, round))
    }

    /// Writes the coordinates of one point.
    pub(crate) fn point(&self, index: u64, out: &mut [f64]) {
        out.copy_from_slice(&self.baseline);
        if let Some((axis, level)) = self.departure(index) {
            out[axis] = self.levels[axis][level];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uneven() -> OneAtATime {
        let levels = vec![vec![0.1, 0.2, 0.3], vec![], vec![0.8]];
        OneAtATime::new(vec![0.5; 3], levels).expect("within the cube")
    }

    #[test]
    fn departures_go_round_the_axes() {
        let design = uneven();
        let departures: Vec<_> = (0..design.points())
            .map(|index| design.departure(index))
            .collect();
        assert_eq!(
            departures,
            [None, Some((0, 0)), Some((2, 0)), Some((0, 1)), Some((0, 2))]
        );
        let mut out = [0.0; 3];
        design.point(2, &mut out);
        assert_eq!(out, [0.5, 0.5, 0.8]);
    }

    #[test]
    fn a_level_outside_the_cube_is_named() {
        let error = OneAtATime::new(vec![0.5; 2], vec![vec![], vec![0.0, 2.0]]);
        assert_eq!(
            error,
            Err(DesignError::OutsideTheCube {
                point: 2,
                axis: 1,
                value: 2.0
            })
        );
    }
}
