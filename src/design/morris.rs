//! Morris's design for elementary effects: random walks, each moving every group of axes once (Morris
//! 1991; groups of axes as in Campolongo, Cariboni & Saltelli 2007).
//!
//! A continuous axis walks on a grid of an even number p of levels, by Δ = p / (2 (p − 1)). An axis of
//! listed values has these as its levels, and moves from one to the next on a ring: of n walks in a row
//! each pair of neighbours is compared once, and so are the last and the first, so that all values are
//! visited alike. A move's distance is that of the values, in units of the axis' range; values without
//! an order are all at a distance of 1.
//!
//! A trajectory over g groups is g + 1 points long. Trajectories are taken as they are drawn, or the most
//! widely spread ones among many candidates. Every prefix of whole trajectories is a complete Morris
//! design. Spread trajectories keep to the corners of the cube, which biases the effects of all but
//! linear outputs.
//!
//! The chosen trajectories have the largest sum of squared distances that a greedy search finds
//! (the exact choice is a hard problem). The search starts with each candidate in turn, adds the one
//! farthest from all chosen until there are enough, exchanges single trajectories while that gains,
//! and keeps the best choice; equal sums go to the lower number, so the choice is reproducible.

use super::random::{self, Permutation};
use super::{DesignError, Groups, category, level_coordinate};
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

/// What an axis of a design takes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum MorrisAxis {
    /// All numbers of a range.
    Range,
    /// So many integers in a row, more than the grid has levels.
    Integers(u32),
    /// Listed numbers, two at least.
    Numbers(Vec<f64>),
    /// So many listed values without an order, two at least.
    Words(u32),
}

/// The levels of an axis.
#[derive(Clone, Debug)]
struct WalkLevels {
    /// The coordinate [0–1] of each level.
    coordinates: Vec<f64>,
    /// The place [0–1] of each level in the range of the values; empty where they have no order.
    places: Vec<f64>,
    /// Whether moves are from a level to the next, and not by half of the levels.
    ring: bool,
}

impl WalkLevels {
    fn new(axis: &MorrisAxis, levels: u32) -> WalkLevels {
        let evenly = |count: u32| -> Vec<f64> {
            (0..count)
                .map(|level| level_coordinate(level, count))
                .collect()
        };
        match axis {
            MorrisAxis::Range => WalkLevels {
                coordinates: evenly(levels),
                places: evenly(levels),
                ring: false,
            },
            MorrisAxis::Integers(count) => {
                let coordinates = evenly(levels);
                let rank = |x: &f64| category(*x, *count as usize) as u32;
                WalkLevels {
                    places: coordinates
                        .iter()
                        .map(|x| level_coordinate(rank(x), *count))
                        .collect(),
                    coordinates,
                    ring: false,
                }
            }
            MorrisAxis::Numbers(values) => {
                let count = values.len();
                let mut order: Vec<usize> = (0..count).collect();
                order.sort_by(|one, other| values[*one].total_cmp(&values[*other]));
                let low = values.iter().copied().fold(f64::INFINITY, f64::min);
                let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let coordinate = |at: &usize| level_coordinate(*at as u32, count as u32);
                WalkLevels {
                    coordinates: order.iter().map(coordinate).collect(),
                    places: order
                        .iter()
                        .map(|at| (values[*at] - low) / (high - low))
                        .collect(),
                    ring: true,
                }
            }
            MorrisAxis::Words(count) => WalkLevels {
                coordinates: evenly(*count),
                places: Vec::new(),
                ring: true,
            },
        }
    }

    /// The distance from one level to another in units of the range, below 0 if downwards.
    fn distance(&self, from: usize, to: usize) -> f64 {
        if self.places.is_empty() {
            1.0_f64.copysign(self.coordinates[to] - self.coordinates[from])
        } else {
            self.places[to] - self.places[from]
        }
    }
}

/// Random trajectories on a grid.
#[derive(Clone, Debug)]
pub(crate) struct Morris {
    trajectories: u64,
    axes: Vec<WalkLevels>,
    groups: Groups,
    key: Key,
    ring_key: Key,
    /// The candidates taken, in their order; empty for plain trajectories.
    chosen: Vec<u64>,
}

impl Morris {
    /// Draws `trajectories` trajectories over axes whose ranges have `levels` levels, an even number
    /// (often 4).
    ///
    /// # Errors
    ///
    /// Without trajectories or axes, for an odd number of levels, for fewer candidates than
    /// trajectories, and where the points do not fit in 64 bits.
    pub(crate) fn new(
        trajectories: u64,
        levels: u32,
        axes: &[MorrisAxis],
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
            axes: axes
                .iter()
                .map(|axis| WalkLevels::new(axis, levels))
                .collect(),
            groups,
            key,
            ring_key: random::key(seed, b"morris-r"),
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

    /// Whether the trajectories were chosen by their spread, which biases their effects.
    pub(crate) fn is_optimized(&self) -> bool {
        !self.chosen.is_empty()
    }

    /// How far an axis moves in a trajectory, in units of its range; below 0 if downwards.
    pub(crate) fn distance(&self, trajectory: u64, axis: usize) -> f64 {
        let (from, to) = self.walk(self.candidate(trajectory)).axes[axis];
        self.axes[axis].distance(from, to)
    }

    /// Writes the coordinates of one point.
    pub(crate) fn point(&self, index: u64, out: &mut [f64]) {
        let walk = self.walk(self.candidate(index / self.length()));
        self.write(&walk, index % self.length(), out);
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
            self.write(&walk, step, &mut out);
            out
        };
        (0..self.length()).map(point).collect()
    }

    fn walk(&self, candidate: u64) -> Walk {
        let mut rng = self.key.stream(candidate, 0);
        let axes = (0..self.dimensions())
            .map(|axis| {
                let word = rng.next_u64();
                let (low, high) = self.pair(axis, candidate, word);
                // The lowest bit and the highest ones of a word are independent.
                if word & 1 == 1 {
                    (low, high)
                } else {
                    (high, low)
                }
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

    /// The two levels of an axis that a candidate compares.
    fn pair(&self, axis: usize, candidate: u64, word: u64) -> (usize, usize) {
        let levels = &self.axes[axis];
        let count = levels.coordinates.len();
        if levels.ring {
            // Each block of as many candidates as there are levels has every pair once.
            let (block, place) = (candidate / count as u64, candidate % count as u64);
            let stream = block * self.dimensions() as u64 + axis as u64;
            let first = Permutation::new(count as u64, &self.ring_key, stream).at(place) as usize;
            (first, (first + 1) % count)
        } else {
            let low = random::below(word, count as u64 / 2) as usize;
            (low, low + count / 2)
        }
    }

    fn write(&self, walk: &Walk, step: u64, out: &mut [f64]) {
        for (axis, (out, (from, to))) in out.iter_mut().zip(&walk.axes).enumerate() {
            let moved = step > walk.turns[self.groups.of(axis)];
            *out = self.axes[axis].coordinates[if moved { *to } else { *from }];
        }
    }
}

/// One trajectory's draws.
struct Walk {
    /// For each axis the level at which it starts and the one to which it moves.
    axes: Vec<(usize, usize)>,
    /// For each group how many groups move before it.
    turns: Vec<u64>,
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

    const RANGES: [MorrisAxis; 3] = [const { MorrisAxis::Range }; 3];

    fn ranges(
        trajectories: u64,
        axes: usize,
        selection: Selection,
        seed: u64,
    ) -> Result<Morris, DesignError> {
        Morris::new(
            trajectories,
            4,
            &RANGES[..axes],
            Groups::single(axes),
            selection,
            seed,
        )
    }

    /// The values of one axis before and after its move, by their position in the list, in each trajectory.
    fn moves(design: &Morris, axis: usize, count: usize) -> Vec<(usize, usize)> {
        let at = |point: &Vec<f64>| category(point[axis], count);
        points(design)
            .chunks(design.length() as usize)
            .map(|walk| (at(&walk[0]), at(&walk[walk.len() - 1])))
            .collect()
    }

    #[test]
    fn listed_values_are_visited_alike_and_all_neighbours_compared() {
        let axes = [
            MorrisAxis::Numbers(vec![3.0, 1.0, 2.0, 7.0]),
            MorrisAxis::Words(5),
            MorrisAxis::Range,
        ];
        let design = Morris::new(20, 4, &axes, Groups::single(3), Selection::Plain, 1);
        let design = design.expect("trajectories");
        for (axis, order) in [(0, &[1, 2, 0, 3][..]), (1, &[0, 1, 2, 3, 4])] {
            let count = order.len();
            let moves = moves(&design, axis, count);
            for block in moves.chunks(count) {
                for place in 0..count {
                    let pair = [order[place], order[(place + 1) % count]];
                    let has =
                        |own: &&(usize, usize)| pair.contains(&own.0) && pair.contains(&own.1);
                    assert_eq!(
                        block.iter().filter(has).count(),
                        1,
                        "{axis} {block:?} {pair:?}"
                    );
                }
            }
            let ups = moves.iter().filter(|own| own.0 < own.1).count();
            assert!((4..=16).contains(&ups), "{moves:?}");
        }
        let blocks: Vec<_> = moves(&design, 0, 4).chunks(4).map(<[_]>::to_vec).collect();
        assert!(blocks.iter().any(|block| *block != blocks[0]));
    }

    #[test]
    fn a_list_of_two_values_moves_between_them() {
        let axes = [MorrisAxis::Numbers(vec![0.0, 1.0]), MorrisAxis::Words(2)];
        let design = Morris::new(9, 4, &axes, Groups::single(2), Selection::Plain, 1);
        let design = design.expect("trajectories");
        for axis in 0..2 {
            for (trajectory, (from, to)) in moves(&design, axis, 2).into_iter().enumerate() {
                assert_eq!(from + to, 1);
                let distance = design.distance(trajectory as u64, axis);
                assert_eq!(distance, if to == 1 { 1.0 } else { -1.0 });
            }
        }
    }

    #[test]
    fn distances_are_those_of_the_values() {
        let values = [3.0, 1.0, 2.0, 11.0];
        let axes = [
            MorrisAxis::Numbers(values.to_vec()),
            MorrisAxis::Words(4),
            MorrisAxis::Integers(11),
        ];
        let design = Morris::new(40, 4, &axes, Groups::single(3), Selection::Plain, 1);
        let design = design.expect("trajectories");
        let moved = |axis, count| moves(&design, axis, count).into_iter().enumerate();
        for (trajectory, (from, to)) in moved(0, 4) {
            let distance = (values[to] - values[from]) / 10.0;
            assert!((design.distance(trajectory as u64, 0) - distance).abs() < 1e-15);
        }
        for (trajectory, (from, to)) in moved(1, 4) {
            let distance = if to > from { 1.0 } else { -1.0 };
            assert_eq!(design.distance(trajectory as u64, 1), distance);
        }
        for (trajectory, (from, to)) in moved(2, 11) {
            // The levels are the integers 0, 3, 7 and 10.
            let distance = (to as f64 - from as f64) / 10.0;
            assert!((design.distance(trajectory as u64, 2) - distance).abs() < 1e-15);
            assert_eq!(distance.abs(), 0.7);
        }
    }

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
            let design = Morris::new(5, 2 * half, &vec![MorrisAxis::Range; 5], groups, selection, seed).expect("trajectories");
            for trajectory in points(&design).chunks(5) {
                let mut moved = Vec::new();
                for step in trajectory.windows(2) {
                    let of: Vec<usize> = (0..5).filter(|axis| step[0][*axis] != step[1][*axis]).collect();
                    let group = design.groups().of(of[0]);
                    prop_assert!(design.groups().members(group).eq(of.iter().copied()));
                    for axis in of {
                        let delta = f64::from(half) / f64::from(2 * half - 1);
                        prop_assert!(((step[1][axis] - step[0][axis]).abs() - delta).abs() < 1e-12);
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
        let design = ranges(6000, 3, Selection::Plain, 1).expect("trajectories");
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
        let design = ranges(2, 3, Selection::Plain, 1).expect("trajectories");
        let levels: Vec<Vec<u32>> = points(&design)[..4]
            .iter()
            .map(|x| x.iter().map(|x| (x * 3.0).round() as u32).collect())
            .collect();
        assert_eq!(levels, FIRST);
    }

    const FIRST: [[u32; 3]; 4] = [[2, 0, 0], [2, 2, 0], [0, 2, 0], [0, 2, 2]];

    #[test]
    fn impossible_requests_are_refused() {
        let make = |levels, selection| {
            Morris::new(9, levels, &RANGES[..2], Groups::single(2), selection, 1).map(|_| ())
        };
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
        let design = ranges(count, 3, Selection::Plain, seed).expect("trajectories");
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
