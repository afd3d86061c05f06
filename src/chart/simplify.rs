//! Simplification: a line of many points as the few that print the same.

use super::geometry::{Position, distance};

/// Width of the strips in which a line is simplified (mm): below what print can resolve.
const STRIP: f64 = 0.1;
/// Distance from a straight line that is not visible (mm).
const FLAT: f64 = 0.012;

/// Reduces a path that runs from left to right to the first, lowest, highest and last position in each
/// narrow strip, and of these to the corners.
///
/// Jugel, U. et al. (2014), M4: a visualization-oriented time series data aggregation.
pub(crate) fn simplify(path: &[Position]) -> Vec<Position> {
    let mut kept: Vec<Position> = Vec::new();
    let mut start = 0;
    while start < path.len() {
        let strip = (path[start].0 / STRIP).floor();
        let length = path[start..]
            .iter()
            .take_while(|at| (at.0 / STRIP).floor() == strip)
            .count();
        // A position that is not a number is in no strip and is kept.
        let end = start + length.max(1);
        kept.extend(extremes(&path[start..end]));
        start = end;
    }
    corners(&kept)
}

fn extremes(strip: &[Position]) -> Vec<Position> {
    let lowest = (0..strip.len())
        .min_by(|a, b| strip[*a].1.total_cmp(&strip[*b].1))
        .unwrap_or(0);
    let highest = (0..strip.len())
        .max_by(|a, b| strip[*a].1.total_cmp(&strip[*b].1))
        .unwrap_or(0);
    let mut wanted = [0, lowest, highest, strip.len() - 1].to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    wanted.into_iter().map(|i| strip[i]).collect()
}

/// Leaves out positions that lie on the line between those kept around them (Douglas and Peucker 1973).
fn corners(path: &[Position]) -> Vec<Position> {
    if path.len() < 3 {
        return path.to_vec();
    }
    let mut keep = vec![false; path.len()];
    keep[0] = true;
    keep[path.len() - 1] = true;
    let mut open = vec![(0, path.len() - 1)];
    while let Some((from, to)) = open.pop() {
        let farthest = (from + 1..to)
            .map(|i| (i, distance_from_line(path[i], path[from], path[to])))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((i, _)) = farthest.filter(|(_, distance)| *distance > FLAT) {
            keep[i] = true;
            open.extend([(from, i), (i, to)]);
        }
    }
    path.iter()
        .zip(keep)
        .filter(|(_, keep)| *keep)
        .map(|(at, _)| *at)
        .collect()
}

/// Distance of a position from the line through two others.
fn distance_from_line(at: Position, from: Position, to: Position) -> f64 {
    let length = distance(from, to);
    if length == 0.0 {
        return distance(from, at);
    }
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    ((at.0 - from.0) * dy - (at.1 - from.1) * dx).abs() / length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_keeps_its_ends() {
        let path: Vec<Position> = (0..1000)
            .map(|i| (f64::from(i) * 0.05, f64::from(i) * 0.02))
            .collect();
        assert_eq!(simplify(&path), [path[0], path[999]]);
    }

    #[test]
    fn a_spike_survives() {
        let path: Vec<Position> = (0..10_000)
            .map(|i| (f64::from(i) * 0.005, if i == 5_000 { 9.0 } else { 1.0 }))
            .collect();
        let simplified = simplify(&path);
        assert!(simplified.len() < 10);
        assert!(simplified.contains(&path[5_000]));
    }

    #[test]
    fn a_noisy_line_is_bounded_by_its_width_on_paper() {
        let path: Vec<Position> = (0..100_000)
            .map(|i| (f64::from(i) * 0.0005, f64::from(i * 7919 % 101)))
            .collect();
        assert!(simplify(&path).len() <= 4 * 501);
    }
}
