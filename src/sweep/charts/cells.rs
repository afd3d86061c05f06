//! One side of a map of cells: where each level's cell begins and ends, and the ticks along it.

use super::axis::Axis;
use crate::chart::text_style::NOTE;
use crate::chart::ticks::Ticks;

/// The narrowest cell that keeps its true width (mm); with a narrower one, all become equally wide.
const NARROWEST: f64 = 0.5;
/// Between the numbers of neighbouring ticks (mm).
const APART: f64 = 1.4;
/// How far a tick's number may reach beyond the end of its axis (mm).
const BEYOND: f64 = 2.4;

/// Which way an axis runs, and so how its numbers get into each other's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// From left to right, numbers side by side.
    Across,
    /// Upwards, numbers one above the other.
    Up,
}

/// The cells along one axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CellEdges {
    /// Ends of the cells in the axis's coordinates, one more than there are levels.
    pub(crate) edges: Vec<f64>,
    /// Where the levels lie.
    pub(crate) centres: Vec<f64>,
    /// Whether levels lie at their values, so that one may read between them.
    pub(crate) to_scale: bool,
}

impl CellEdges {
    /// Cuts an axis of a length (mm) into cells that meet halfway between neighbouring levels.
    pub(crate) fn of(axis: &Axis, length: f64) -> CellEdges {
        let centres = axis.coordinates();
        let edges = midpoints(&centres);
        let span = edges.last().unwrap_or(&1.0) - edges.first().unwrap_or(&0.0);
        let narrowest = edges
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .fold(f64::INFINITY, f64::min);
        let wide = narrowest / span * length >= NARROWEST.min(0.5 * length / centres.len() as f64);
        if axis.is_measured() && centres.len() > 1 && span.is_finite() && wide {
            return CellEdges {
                edges,
                centres,
                to_scale: true,
            };
        }
        CellEdges {
            edges: (0..=centres.len()).map(|i| i as f64).collect(),
            centres: (0..centres.len()).map(|i| i as f64 + 0.5).collect(),
            to_scale: false,
        }
    }
    /// Coordinates of the axis's ends.
    pub(crate) fn ends(&self) -> (f64, f64) {
        (
            self.edges.first().copied().unwrap_or(0.0),
            self.edges.last().copied().unwrap_or(1.0),
        )
    }
    /// Width of the narrowest cell on an axis of a length (mm).
    pub(crate) fn narrowest(&self, length: f64) -> f64 {
        let (low, high) = self.ends();
        let cells = self.edges.windows(2).map(|pair| pair[1] - pair[0]);
        cells.fold(f64::INFINITY, f64::min) / (high - low) * length
    }
    /// Ticks at the levels where there is room for all, else at round numbers or at some levels.
    pub(crate) fn ticks(&self, axis: &Axis, way: Way, length: f64) -> Ticks {
        let levels = self.level_ticks(axis, way, length);
        let fits = |ticks: &Ticks| apart(ticks, self.ends(), way, length);
        if !self.to_scale || fits(&levels) {
            return every_nth(levels, fits);
        }
        round_ticks(axis, self.ends(), way, length)
    }
    fn level_ticks(&self, axis: &Axis, way: Way, length: f64) -> Ticks {
        Ticks {
            at: self.centres.clone(),
            labels: axis.short_names(room(axis, way, length)),
        }
    }
}

/// Room for the name of a category on an axis of a length (mm).
pub(crate) fn room(axis: &Axis, way: Way, length: f64) -> f64 {
    match way {
        Way::Across => length / axis.count().max(1) as f64 - APART,
        Way::Up => 24.0,
    }
}

/// Round ticks of a measured axis between two coordinates, as many as fit on a length (mm).
pub(crate) fn round_ticks(axis: &Axis, ends: (f64, f64), way: Way, length: f64) -> Ticks {
    let most = (length / if way == Way::Across { 9.0 } else { 6.0 }).ceil() as usize;
    let fits = |ticks: &Ticks| apart(ticks, ends, way, length);
    let make = |target: usize| {
        if axis.log {
            Ticks::log(ends.0, ends.1, target)
        } else {
            Ticks::round(ends.0, ends.1, target)
        }
    };
    let fewer = (1..=most.clamp(1, 9)).rev().map(make);
    let fitting = fewer.filter(|ticks| !ticks.at.is_empty()).find(fits);
    fitting.unwrap_or_else(|| every_nth(make(1), fits))
}

/// Ticks of an axis whose levels are single places, not cells.
pub(crate) fn place_ticks(axis: &Axis, ends: (f64, f64), length: f64) -> Ticks {
    let fits = |ticks: &Ticks| apart(ticks, ends, Way::Across, length);
    let levels = Ticks {
        at: axis.coordinates(),
        labels: axis.short_names(room(axis, Way::Across, length)),
    };
    if !axis.is_measured() || axis.count() == 1 || (axis.count() <= 6 && fits(&levels)) {
        return every_nth(levels, fits);
    }
    round_ticks(axis, ends, Way::Across, length)
}

/// Ends of cells around rising centres: halfway between neighbours, and as far beyond the outer ones.
fn midpoints(centres: &[f64]) -> Vec<f64> {
    let [first, .., last] = centres else {
        return centres.iter().flat_map(|c| [c - 0.5, c + 0.5]).collect();
    };
    let between: Vec<f64> = centres
        .windows(2)
        .map(|w| w[0] + 0.5 * (w[1] - w[0]))
        .collect();
    let (low, high) = (
        2.0 * first - between[0],
        2.0 * last - between[between.len() - 1],
    );
    [low].into_iter().chain(between).chain([high]).collect()
}

/// Whether the labels keep clear of each other and of what lies beyond the axis's ends.
fn apart(ticks: &Ticks, (low, high): (f64, f64), way: Way, length: f64) -> bool {
    let mut last = -BEYOND - APART;
    for (at, label) in ticks.at.iter().zip(&ticks.labels) {
        let middle = (at - low) / (high - low) * length;
        let (half, gap) = match way {
            Way::Across => (NOTE.width(label) / 2.0, APART),
            Way::Up => (NOTE.line() / 2.0, 0.2),
        };
        if middle - half < last + gap || middle + half > length + BEYOND {
            return false;
        }
        last = middle + half;
    }
    true
}

/// Every label, or every second, third … one, so that what is left fits; none where nothing does.
fn every_nth(ticks: Ticks, fits: impl Fn(&Ticks) -> bool) -> Ticks {
    let count = ticks.at.len();
    let thinned = (1..=count).flat_map(|step| [(0, step), (step / 2, step)]);
    let thinned = thinned.map(|(first, step)| Ticks {
        at: ticks.at.iter().copied().skip(first).step_by(step).collect(),
        labels: ticks
            .labels
            .iter()
            .skip(first)
            .step_by(step)
            .cloned()
            .collect(),
    });
    let mut some = thinned.filter(|ticks| !ticks.at.is_empty());
    some.find(fits).unwrap_or(Ticks {
        at: Vec::new(),
        labels: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sweep::charts::axis::Levels;

    fn axis(levels: Levels, log: bool) -> Axis {
        Axis {
            label: "an axis".to_owned(),
            log,
            levels,
            of_row: Vec::new(),
        }
    }

    #[test]
    fn cells_meet_halfway() {
        let lane = CellEdges::of(&axis(Levels::Numbers(vec![0.0, 1.0, 4.0]), false), 50.0);
        assert_eq!(lane.edges, [-0.5, 0.5, 2.5, 5.5]);
        let log = CellEdges::of(&axis(Levels::Numbers(vec![0.1, 1.0, 10.0]), true), 50.0);
        for (edge, expected) in log.edges.iter().zip([-1.5, -0.5, 0.5, 1.5]) {
            assert!((edge - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn cells_too_narrow_for_their_value_become_equal() {
        let crowded = axis(Levels::Numbers(vec![0.0, 0.001, 1000.0]), false);
        let lane = CellEdges::of(&crowded, 50.0);
        assert!(!lane.to_scale);
        assert_eq!(lane.edges, [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(
            lane.ticks(&crowded, Way::Across, 50.0).labels,
            ["0", "0.001", "1000"]
        );
    }

    #[test]
    fn labels_of_ticks_never_touch() {
        let many = axis(
            Levels::Words((0..40).map(|i| format!("category {i}")).collect()),
            false,
        );
        let fine = axis(
            Levels::Numbers((0..73).map(|i| f64::from(i) / 72.0).collect()),
            false,
        );
        for axis in [many, fine] {
            for length in [9.0, 30.0, 60.0] {
                let lane = CellEdges::of(&axis, length);
                let ticks = lane.ticks(&axis, Way::Across, length);
                assert!(apart(&ticks, lane.ends(), Way::Across, length));
                assert!(!ticks.at.is_empty(), "{length} mm");
            }
        }
    }
}
