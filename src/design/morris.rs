//! Morris's design for elementary effects: random walks on a grid of an even number p of levels,
//! each moving every group of axes once by Δ = p / (2 (p − 1)) (Morris 1991; groups of axes as in
//! Campolongo, Cariboni & Saltelli 2007).
//!
//! A trajectory over g groups is g + 1 points long. Trajectories are independent, or the most
//! widely spread ones among many candidates. Every prefix of whole trajectories is a complete Morris
//! design.
//!
//! The chosen trajectories have the largest sum of squared distances that a greedy search finds
//! (the exact choice is a hard problem). The search starts with each candidate in turn, adds the one
//! farthest from all chosen until there are enough, exchanges single trajectories while that gains,
//! and keeps the best choice; equal sums go to the lower number, so the choice is reproducible.

use super::{DesignError, Groups, random};
use crate::rng::Key;
use rand::Rng;

/// Which trajectories a design takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Selection {
    /// As they are drawn.
    Plain,
    /// The most widely spread among so many drawn (Campolongo et al. 2007 advise 500–1000); takes
    /// time with the square of the candidates.
    Optimized {
        /// Trajectories drawn; at least as many as are taken.
        candidates: u32,
    },
}

/// Random trajectories on a grid.
#[derive(Clone, Debug)]
pub(crate) struct Morris {
    trajectories: u64,
    levels: u32,
    groups: Groups,
    key: Key,
    /// The candidates taken, in their order; empty for plain trajectories.
    chosen: Vec<u64>,
}

impl Morris {
    /// Draws `trajectories` trajectories on a grid of `levels` levels, an even number (often 4).
    ///
    /// # Errors
    ///
    /// Without trajectories or axes, for an odd number of levels, for fewer candidates than
    /// trajectories, and where the points do not fit in 64 bits.
    pub(crate) fn new(
        trajectories: u64,
        levels: u32,
        groups: Groups,
        selection: Selection,
        seed: u64,
    ) -> Result<Morris, DesignError> {
        if trajectories == 0 || groups.axes() == 0 {
            return Err(DesignError::Empty);
        }
        if levels == 0 || !levels.is_multiple_of(2) {
            return Err(DesignError::OddLevels { levels });
        }
        if trajectories
            .checked_mul(groups.count() as u64 + 1)
            .is_none()
        {
            return Err(DesignError::TooManyPoints { most: u64::MAX });
        }
        let key = random::key(seed, b"morris  ");
        let mut design = Morris {
            trajectories,
            levels,
            groups,
            key,
            chosen: Vec::new(),
        };
        if let Selection::Optimized { candidates } = selection {
            if u64::from(candidates) < trajectories {
                return Err(DesignError::TooFewCandidates {
                    candidates,
                    trajectories,
                });
            }
            let drawn: Vec<_> = (0..u64::from(candidates))
                .map(|c| design.trajectory(c))
                .collect();
            let chosen = most_spread(&drawn, trajectories as usize);
            design.chosen = chosen
                .into_iter()
                .map(|candidate| candidate as u64)
                .collect();
        }
        Ok(design)
    }

    /// Number of points: trajectories times their length.
    pub(crate) fn points(&self) -> u64 {
        self.trajectories * self.length()
    }

    /// Number of axes.
    pub(crate) fn dimensions(&self) -> usize {
        self.groups.axes()
    }

    /// Number of points in a trajectory.
    pub(crate) fn length(&self) -> u64 {
        self.groups.count() as u64 + 1
    }

    /// The groups of axes.
    pub(crate) fn groups(&self) -> &Groups {
        &self.groups
    }

    /// The length of a move, in units of the axes' ranges.
    pub(crate) fn delta(&self) -> f64 {
        f64::from(self.levels) / (2.0 * f64::from(self.levels - 1))
    }

    /// Writes the coordinates of one point.
    pub(crate) fn point(&self, index: u64, out: &mut [f64]) {
        let walk = self.walk(self.candidate(index / self.length()));
        walk.write(index % self.length(), &self.groups, self.levels, out);
    }

    fn candidate(&self, trajectory: u64) -> u64 {
        self.chosen
            .get(trajectory as usize)
            .copied()
            .unwrap_or(trajectory)
    }

    /// All points of one candidate.
    fn trajectory(&self, candidate: u64) -> Vec<Vec<f64>> {
        let walk = self.walk(candidate);
        let point = |step| {
            let mut out = vec![0.0; self.dimensions()];
            walk.write(step, &self.groups, self.levels, &mut out);
            out
        };
        (0..self.length()).map(point).collect()
    }

    fn walk(&self, candidate: u64) -> Walk {
        let mut rng = self.key.stream(candidate, 0);
        let half = u64::from(self.levels / 2);
        let axes = (0..self.dimensions())
            .map(|_| {
                let word = rng.next_u64();
                // The lowest bit and the highest ones of a word are independent.
                (random::below(word, half) as u32, word & 1 == 1)
            })
            .collect();
        let mut turns: Vec<u64> = (0..self.groups.count() as u64).collect();
        for last in (1..turns.len()).rev() {
            turns.swap(
                last,
                random::below(rng.next_u64(), last as u64 + 1) as usize,
            );
        }
        Walk { axes, turns }
    }
}

/// One trajectory's draws.
struct Walk {
    /// For each axis the lower one of its two levels, and whether it moves up.
    axes: Vec<(u32, bool)>,
    /// For each group how many groups move before it.
    turns: Vec<u64>,
}

impl Walk {
    fn write(&self, step: u64, groups: &Groups, levels: u32, out: &mut [f64]) {
        for (axis, (out, (low, up))) in out.iter_mut().zip(&self.axes).enumerate() {
            let moved = step > self.turns[groups.of(axis)];
            let level = if moved == *up { low + levels / 2 } else { *low };
            *out = f64::from(level) / f64::from(levels - 1);
        }
    }
}

/// A trajectory's points.
pub(crate) type Trajectory = Vec<Vec<f64>>;

/// Chooses `count` of the candidates, by number, in the order in which they were taken up.
fn most_spread(candidates: &[Trajectory], count: usize) -> Vec<usize> {
    let squared = squared_distances(candidates);
    let starts = (0..squared.len()).map(|start| choose(&squared, start, count));
    best(starts).map_or(Vec::new(), |(chosen, _)| chosen)
}

/// The choice that begins with one candidate, and its sum of squared distances (each taken twice).
fn choose(squared: &[Vec<f64>], start: usize, count: usize) -> (Vec<usize>, f64) {
    let mut chosen = vec![start];
    let mut outside = vec![true; squared.len()];
    outside[start] = false;
    let mut gains = squared[start].clone();
    while chosen.len() < count {
        let others = (0..gains.len()).filter(|c| outside[*c]);
        let Some((next, _)) = best(others.map(|c| (c, gains[c]))) else {
            break;
        };
        take_up(&mut gains, &squared[next], None);
        outside[next] = false;
        chosen.push(next);
    }
    while let Some((place, next)) = exchange(squared, &chosen, &outside, &gains) {
        take_up(&mut gains, &squared[next], Some(&squared[chosen[place]]));
        (outside[chosen[place]], outside[next]) = (true, false);
        chosen[place] = next;
    }
    let sum = chosen.iter().map(|c| gains[*c]).sum();
    (chosen, sum)
}

/// Updates each candidate's sum of squared distances to the chosen ones.
fn take_up(gains: &mut [f64], next: &[f64], instead_of: Option<&[f64]>) {
    for (candidate, gain) in gains.iter_mut().enumerate() {
        *gain += next[candidate] - instead_of.map_or(0.0, |old| old[candidate]);
    }
}

/// The exchange that adds most to the sum, if any adds more than rounding could.
fn exchange(
    squared: &[Vec<f64>],
    chosen: &[usize],
    outside: &[bool],
    gains: &[f64],
) -> Option<(usize, usize)> {
    let exchanges = chosen.iter().enumerate().flat_map(|(place, old)| {
        let gain = |next: usize| gains[next] - squared[next][*old] - gains[*old];
        let others = (0..gains.len()).filter(|c| outside[*c]);
        others.map(move |next| ((place, next), gain(next)))
    });
    let (exchange, gain) = best(exchanges)?;
    let scale = chosen.iter().map(|c| gains[*c]).fold(0.0, f64::max);
    (gain > 1e-9 * scale).then_some(exchange)
}

/// The first of the entries with the highest value.
fn best<T>(entries: impl Iterator<Item = (T, f64)>) -> Option<(T, f64)> {
    entries.reduce(|best, next| if next.1 > best.1 { next } else { best })
}

/// Squares of the distances of trajectories, which are the sums of the distances between all pairs
/// of their points, and nothing for two trajectories that are the same.
fn squared_distances(candidates: &[Trajectory]) -> Vec<Vec<f64>> {
    let mut squared = vec![vec![0.0; candidates.len()]; candidates.len()];
    for a in 0..candidates.len() {
        for b in 0..a {
            let distance = distance(&candidates[a], &candidates[b]);
            squared[a][b] = distance * distance;
            squared[b][a] = distance * distance;
        }
    }
    squared
}

fn distance(a: &Trajectory, b: &Trajectory) -> f64 {
    if a == b {
        return 0.0;
    }
    let euclid = |x: &[f64], y: &[f64]| {
        x.iter()
            .zip(y)
            .map(|(x, y)| (x - y) * (x - y))
            .sum::<f64>()
            .sqrt()
    };
    a.iter()
        .flat_map(|x| b.iter().map(move |y| euclid(x, y)))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn points(design: &Morris) -> Vec<Vec<f64>> {
        let mut out = vec![0.0; design.dimensions()];
        (0..design.points())
            .map(|index| {
                design.point(index, &mut out);
                out.clone()
            })
            .collect()
    }

    proptest! {
        #[test]
        fn each_group_moves_once_by_delta_on_the_grid(seed: u64, half in 1_u32..5, spread: bool) {
            let groups = Groups::new(vec![0, 1, 0, 2, 3]).expect("no gap");
            let selection = if spread { Selection::Optimized { candidates: 12 } } else { Selection::Plain };
            let design = Morris::new(5, 2 * half, groups, selection, seed).expect("trajectories");
            for trajectory in points(&design).chunks(5) {
                let mut moved = Vec::new();
                for step in trajectory.windows(2) {
                    let of: Vec<usize> = (0..5).filter(|axis| step[0][*axis] != step[1][*axis]).collect();
                    let group = design.groups().of(of[0]);
                    prop_assert!(design.groups().members(group).eq(of.iter().copied()));
                    for axis in of {
                        prop_assert!(((step[1][axis] - step[0][axis]).abs() - design.delta()).abs() < 1e-12);
                    }
                    moved.push(group);
                }
                moved.sort_unstable();
                prop_assert_eq!(moved, [0, 1, 2, 3]);
                for x in trajectory.iter().flatten() {
                    let level = x * f64::from(2 * half - 1);
                    prop_assert!((0.0..=1.0).contains(x) && (level - level.round()).abs() < 1e-12);
                }
            }
        }
    }

    #[test]
    fn axes_start_anywhere_and_move_both_ways_in_any_turn() {
        let design =
            Morris::new(6000, 4, Groups::single(3), Selection::Plain, 1).expect("trajectories");
        let (mut starts, mut turns) = ([0_i32; 4], [0_i32; 3]);
        for trajectory in points(&design).chunks(4) {
            starts[(trajectory[0][0] * 3.0).round() as usize] += 1;
            let turn = trajectory
                .windows(2)
                .position(|step| step[0][0] != step[1][0]);
            turns[turn.expect("the axis moves")] += 1;
        }
        assert!(starts.iter().all(|n| (n - 1500).abs() < 120), "{starts:?}");
        assert!(turns.iter().all(|n| (n - 2000).abs() < 130), "{turns:?}");
    }

    #[test]
    fn the_first_points_are_what_they_were() {
        let design =
            Morris::new(2, 4, Groups::single(3), Selection::Plain, 1).expect("trajectories");
        let levels: Vec<Vec<u32>> = points(&design)[..4]
            .iter()
            .map(|x| x.iter().map(|x| (x * 3.0).round() as u32).collect())
            .collect();
        assert_eq!(levels, FIRST);
    }

    const FIRST: [[u32; 3]; 4] = [[2, 0, 0], [2, 2, 0], [0, 2, 0], [0, 2, 2]];

    #[test]
    fn impossible_requests_are_refused() {
        let make =
            |levels, selection| Morris::new(9, levels, Groups::single(2), selection, 1).map(|_| ());
        assert_eq!(
            make(5, Selection::Plain),
            Err(DesignError::OddLevels { levels: 5 })
        );
        let few = DesignError::TooFewCandidates {
            candidates: 8,
            trajectories: 9,
        };
        assert_eq!(make(4, Selection::Optimized { candidates: 8 }), Err(few));
    }

    fn drawn(seed: u64, count: u64) -> Vec<Trajectory> {
        let design =
            Morris::new(count, 4, Groups::single(3), Selection::Plain, seed).expect("trajectories");
        (0..count)
            .map(|trajectory| {
                let point = |step| {
                    let mut out = vec![0.0; 3];
                    design.point(4 * trajectory + step, &mut out);
                    out
                };
                (0..4).map(point).collect()
            })
            .collect()
    }

    fn spread(squared: &[Vec<f64>], chosen: &[usize]) -> f64 {
        chosen
            .iter()
            .map(|a| chosen.iter().map(|b| squared[*a][*b]).sum::<f64>())
            .sum::<f64>()
            / 2.0
    }

    #[test]
    fn the_choice_is_within_a_thousandth_of_the_best_of_all() {
        for seed in 0..20 {
            let candidates = drawn(seed, 12);
            let squared = squared_distances(&candidates);
            let ours = spread(&squared, &most_spread(&candidates, 4));
            let best = (0_u32..1 << 12)
                .filter(|set| set.count_ones() == 4)
                .map(|set| {
                    (0..12)
                        .filter(|c| set >> c & 1 == 1)
                        .collect::<Vec<usize>>()
                })
                .map(|chosen| spread(&squared, &chosen))
                .fold(0.0, f64::max);
            assert!(
                ours <= best * (1.0 + 1e-12) && ours > 0.999 * best,
                "{ours} of {best}"
            );
        }
    }

    #[test]
    fn the_choice_is_more_spread_than_the_first_ones() {
        let candidates = drawn(3, 200);
        let squared = squared_distances(&candidates);
        let chosen = most_spread(&candidates, 10);
        let plain: Vec<usize> = (0..10).collect();
        assert!(spread(&squared, &chosen) > 1.1 * spread(&squared, &plain));
        let mut distinct = chosen.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), 10);
    }

    #[test]
    fn one_or_all_can_be_chosen() {
        let candidates = drawn(3, 5);
        assert_eq!(most_spread(&candidates, 1), [0]);
        let mut all = most_spread(&candidates, 5);
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2, 3, 4]);
    }
}
