//! The choice of widely spread trajectories among candidates (Campolongo, Cariboni & Saltelli
//! 2007): the sum of squared distances between the chosen ones is to be as large as possible.
//!
//! The exact choice is a hard problem. Ours begins with each candidate in turn, adds the one farthest
//! from all chosen until there are enough, exchanges single trajectories while that gains, and keeps
//! the best choice; equal sums go to the lower number, so the choice is reproducible.

/// A trajectory's points.
pub(crate) type Trajectory = Vec<Vec<f64>>;

/// Chooses `count` of the candidates, by number, in the order in which they were taken up.
pub(crate) fn most_spread(candidates: &[Trajectory], count: usize) -> Vec<usize> {
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
    use crate::design::{Groups, Morris, Selection};

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
