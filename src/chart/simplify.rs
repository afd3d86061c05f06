//! Thinning: a line of many points as the few that print the same.

use super::canvas::Place;

/// Width of the strips in which a line is thinned (mm): below what a press can resolve.
const STRIP: f64 = 0.1;
/// Distance from a straight line that no eye sees (mm).
const FLAT: f64 = 0.012;

/// Keeps of a path, whose places run from left to right, the first, lowest, highest and last place in
/// each narrow strip, and of these the corners.
///
/// Jugel, U. et al. (2014), M4: a visualization-oriented time series data aggregation.
pub fn thin(path: &[Place]) -> Vec<Place> {
    let mut kept: Vec<Place> = Vec::new();
    let mut start = 0;
    while start < path.len() {
        let strip = (path[start].0 / STRIP).floor();
        let length = path[start..]
            .iter()
            .take_while(|at| (at.0 / STRIP).floor() == strip)
            .count();
        // A place that is not a number is in no strip: it stands for itself.
        let end = start + length.max(1);
        kept.extend(extremes(&path[start..end]));
        start = end;
    }
    corners(&kept)
}

fn extremes(strip: &[Place]) -> Vec<Place> {
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

/// Leaves out places that lie on the line between those kept around them (Douglas and Peucker 1973).
fn corners(path: &[Place]) -> Vec<Place> {
    if path.len() < 3 {
        return path.to_vec();
    }
    let mut keep = vec![false; path.len()];
    keep[0] = true;
    keep[path.len() - 1] = true;
    let mut open = vec![(0, path.len() - 1)];
    while let Some((from, to)) = open.pop() {
        let farthest = (from + 1..to)
            .map(|i| (i, distance(path[i], path[from], path[to])))
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

fn distance(at: Place, from: Place, to: Place) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = (dx * dx + dy * dy).sqrt();
    if length == 0.0 {
        return ((at.0 - from.0).powi(2) + (at.1 - from.1).powi(2)).sqrt();
    }
    ((at.0 - from.0) * dy - (at.1 - from.1) * dx).abs() / length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_keeps_its_ends() {
        let path: Vec<Place> = (0..1000)
            .map(|i| (f64::from(i) * 0.05, f64::from(i) * 0.02))
            .collect();
        assert_eq!(thin(&path), [path[0], path[999]]);
    }

    #[test]
    fn a_spike_survives() {
        let path: Vec<Place> = (0..10_000)
            .map(|i| (f64::from(i) * 0.005, if i == 5_000 { 9.0 } else { 1.0 }))
            .collect();
        let thinned = thin(&path);
        assert!(thinned.len() < 10);
        assert!(thinned.contains(&path[5_000]));
    }

    #[test]
    fn a_noisy_line_is_bounded_by_its_width_on_paper() {
        let path: Vec<Place> = (0..100_000)
            .map(|i| (f64::from(i) * 0.0005, f64::from(i * 7919 % 101)))
            .collect();
        assert!(thin(&path).len() <= 4 * 501);
    }
}
