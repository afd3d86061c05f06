//! An axis of a sweep: its levels and their names, which level each point has, and the cells and ticks along
//! the axis.

use crate::chart::{
    ChartError, ColumnReader, HEADING, NOTE, Ticks, capitalised, levels_as_text, log10,
};

/// One axis of a sweep, as a chart names and scales it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AxisInfo {
    /// Name of its column in the table `points`.
    pub(crate) name: String,
    /// The axis's title, with a unit where there is one.
    pub(crate) label: String,
    /// Whether equal ratios take equal room; an axis with a level that is not positive stays linear.
    pub(crate) log: bool,
    /// Order of the categories; others follow in that of the points.
    pub(crate) order: Vec<String>,
}

impl AxisInfo {
    /// A linear axis.
    pub(crate) fn new(name: impl Into<String>, label: impl Into<String>) -> AxisInfo {
        AxisInfo {
            name: name.into(),
            label: label.into(),
            log: false,
            order: Vec::new(),
        }
    }
    /// A linear axis whose title is its name, with its unit where there is one.
    pub(crate) fn named(name: &str, unit: &str) -> AxisInfo {
        let label = match unit {
            "" | "1" => capitalised(name),
            unit => format!("{} ({unit})", capitalised(name)),
        };
        AxisInfo::new(name, label)
    }
}

/// The different values of an axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum AxisLevels {
    /// Rising numbers.
    Numbers(Vec<f64>),
    /// Categories in their given order, others in that in which the points first have them.
    Categories(Vec<String>),
}

/// An axis as a table of points has it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SweepAxis {
    /// The axis's title.
    pub(crate) label: String,
    /// Whether equal ratios take equal room.
    pub(crate) log: bool,
    /// The different values.
    pub(crate) levels: AxisLevels,
    /// For each row of the table, which level it has; `None` where its value is missing.
    pub(crate) of_row: Vec<Option<usize>>,
}

impl SweepAxis {
    /// Reads an axis from the table `points`.
    pub(crate) fn read(
        points: &ColumnReader<'_>,
        info: &AxisInfo,
    ) -> Result<SweepAxis, ChartError> {
        let (levels, of_row) = match points.drawable(&info.name) {
            Ok(values) => numbers(&values),
            Err(absent) => categories(
                &points.categories(&info.name).map_err(|_| absent)?,
                &info.order,
            ),
        };
        let positive = |levels: &AxisLevels| match levels {
            AxisLevels::Numbers(values) => values.iter().all(|value| *value > 0.0),
            AxisLevels::Categories(_) => false,
        };
        Ok(SweepAxis {
            label: info.label.clone(),
            log: info.log && positive(&levels),
            levels,
            of_row,
        })
    }
    /// How many levels there are.
    pub(crate) fn count(&self) -> usize {
        match &self.levels {
            AxisLevels::Numbers(values) => values.len(),
            AxisLevels::Categories(names) => names.len(),
        }
    }
    /// Whether the levels are numbers, so that there is something between them.
    pub(crate) fn is_measured(&self) -> bool {
        matches!(self.levels, AxisLevels::Numbers(_))
    }
    /// Where the levels lie on the axis: at their values, the values' logarithms, or one apart.
    pub(crate) fn coordinates(&self) -> Vec<f64> {
        match &self.levels {
            AxisLevels::Numbers(values) if self.log => values.iter().map(|v| log10(*v)).collect(),
            AxisLevels::Numbers(values) => values.clone(),
            AxisLevels::Categories(names) => (0..names.len()).map(|i| i as f64).collect(),
        }
    }
    /// The levels as text, as precise as their neighbours require.
    pub(crate) fn names(&self) -> Vec<String> {
        match &self.levels {
            AxisLevels::Categories(names) => names.clone(),
            AxisLevels::Numbers(values) => levels_as_text(values, self.log),
        }
    }
    /// The levels as texts that are no wider than `room` (mm); numbers for categories where one is.
    pub(crate) fn short_names(&self, room: f64) -> Vec<String> {
        if self.is_cut(room) {
            (1..=self.count())
                .map(|number| number.to_string())
                .collect()
        } else {
            self.names()
        }
    }
    /// The meaning of the numbers of categories, where the names are wider than `room` (mm).
    pub(crate) fn category_note(&self, room: f64) -> Option<String> {
        let named = self.names().into_iter().enumerate();
        let named: Vec<String> = named.map(|(k, name)| format!("{} {name}", k + 1)).collect();
        self.is_cut(room)
            .then(|| format!("{}: {}", self.label, named.join(", ")))
    }
    fn is_cut(&self, room: f64) -> bool {
        let wide = |name: &String| NOTE.width(name) > room;
        !self.is_measured() && self.names().iter().any(wide)
    }
    /// "label = level" in at most `width` (mm), for the heading of a panel that shows one level.
    pub(crate) fn heading(&self, level: usize, width: f64) -> String {
        let level = format!(" = {}", self.names()[level]);
        let room = width - HEADING.width(&level);
        HEADING.shorten(&(HEADING.shorten(&self.label, room) + &level), width)
    }
    /// The rows of the points that have a level.
    pub(crate) fn rows_at(&self, level: usize) -> Vec<usize> {
        (0..self.of_row.len())
            .filter(|row| self.of_row[*row] == Some(level))
            .collect()
    }
}

fn numbers(values: &[f64]) -> (AxisLevels, Vec<Option<usize>>) {
    let known = |value: &f64| value.is_finite();
    // Adding zero turns minus zero into zero, which is the same level.
    let mut levels: Vec<f64> = values
        .iter()
        .copied()
        .filter(known)
        .map(|v| v + 0.0)
        .collect();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    let of_row = values
        .iter()
        .map(|value| {
            let found = levels.binary_search_by(|level| level.total_cmp(&(value + 0.0)));
            found.ok().filter(|_| value.is_finite())
        })
        .collect();
    (AxisLevels::Numbers(levels), of_row)
}

fn categories(values: &[&str], order: &[String]) -> (AxisLevels, Vec<Option<usize>>) {
    let known = order.iter().filter(|word| values.contains(&word.as_str()));
    let mut levels: Vec<String> = known.cloned().collect();
    let mut of_row = Vec::new();
    for value in values {
        let level = levels.iter().position(|level| level == value);
        of_row.push(level.or_else(|| {
            (!value.is_empty()).then(|| {
                levels.push((*value).to_owned());
                levels.len() - 1
            })
        }));
    }
    (AxisLevels::Categories(levels), of_row)
}

/// The narrowest cell that keeps its true width (mm); with a narrower one, all become equally wide.
const NARROWEST: f64 = 0.5;
/// Between the numbers of neighbouring ticks (mm).
const APART: f64 = 1.4;
/// How far a tick's number may reach beyond the end of its axis (mm).
const BEYOND: f64 = 2.4;

/// The direction of an axis, and with it of its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Orientation {
    /// From left to right, numbers side by side.
    Horizontal,
    /// From bottom to top, numbers one above the other.
    Vertical,
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
    pub(crate) fn of(axis: &SweepAxis, length: f64) -> CellEdges {
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
    pub(crate) fn ticks(&self, axis: &SweepAxis, orientation: Orientation, length: f64) -> Ticks {
        let levels = self.level_ticks(axis, orientation, length);
        let fits = |ticks: &Ticks| apart(ticks, self.ends(), orientation, length);
        if !self.to_scale || fits(&levels) {
            return every_nth(levels, fits);
        }
        round_ticks(axis, self.ends(), orientation, length)
    }
    fn level_ticks(&self, axis: &SweepAxis, orientation: Orientation, length: f64) -> Ticks {
        Ticks {
            at: self.centres.clone(),
            labels: axis.short_names(room(axis, orientation, length)),
        }
    }
}

/// Room for the name of a category on an axis of a length (mm).
pub(crate) fn room(axis: &SweepAxis, orientation: Orientation, length: f64) -> f64 {
    match orientation {
        Orientation::Horizontal => length / axis.count().max(1) as f64 - APART,
        Orientation::Vertical => 24.0,
    }
}

/// Round ticks of a measured axis between two coordinates, as many as fit on a length (mm).
pub(crate) fn round_ticks(
    axis: &SweepAxis,
    ends: (f64, f64),
    orientation: Orientation,
    length: f64,
) -> Ticks {
    let most = (length
        / if orientation == Orientation::Horizontal {
            9.0
        } else {
            6.0
        })
    .ceil() as usize;
    let fits = |ticks: &Ticks| apart(ticks, ends, orientation, length);
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

/// Ticks of an axis whose levels are single positions, not cells.
pub(crate) fn place_ticks(axis: &SweepAxis, ends: (f64, f64), length: f64) -> Ticks {
    let fits = |ticks: &Ticks| apart(ticks, ends, Orientation::Horizontal, length);
    let levels = Ticks {
        at: axis.coordinates(),
        labels: axis.short_names(room(axis, Orientation::Horizontal, length)),
    };
    if !axis.is_measured() || axis.count() == 1 || (axis.count() <= 6 && fits(&levels)) {
        return every_nth(levels, fits);
    }
    round_ticks(axis, ends, Orientation::Horizontal, length)
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
fn apart(ticks: &Ticks, (low, high): (f64, f64), orientation: Orientation, length: f64) -> bool {
    let mut last = -BEYOND - APART;
    for (at, label) in ticks.at.iter().zip(&ticks.labels) {
        let middle = (at - low) / (high - low) * length;
        let (half, gap) = match orientation {
            Orientation::Horizontal => (NOTE.width(label) / 2.0, APART),
            Orientation::Vertical => (NOTE.line() / 2.0, 0.2),
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

    #[test]
    fn categories_too_long_for_their_room_are_numbered() {
        let axis = SweepAxis {
            label: "Kind".to_owned(),
            log: false,
            levels: AxisLevels::Categories(vec!["warm".to_owned(), "now and then".to_owned()]),
            of_row: Vec::new(),
        };
        assert_eq!(axis.short_names(40.0), ["warm", "now and then"]);
        assert_eq!(axis.short_names(8.0), ["1", "2"]);
        assert_eq!(axis.category_note(40.0), None);
        assert_eq!(
            axis.category_note(8.0).as_deref(),
            Some("Kind: 1 warm, 2 now and then")
        );
        assert!(axis.heading(1, 25.0).ends_with("= now and then"));
    }

    #[test]
    fn names_become_readable_with_their_unit() {
        let label = |name, unit| AxisInfo::named(name, unit).label;
        assert_eq!(
            label("stress_event_rate", "per day"),
            "Stress event rate (per day)"
        );
        assert_eq!(label("anxiety_of_a", "1"), "Anxiety of A");
    }

    #[test]
    fn rows_have_the_index_of_their_level() {
        let (levels, rows) = numbers(&[0.2, -0.0, f64::NAN, 0.0, 0.2, f64::INFINITY]);
        assert_eq!(levels, AxisLevels::Numbers(vec![0.0, 0.2]));
        assert_eq!(rows, [Some(1), Some(0), None, Some(0), Some(1), None]);
        let (levels, rows) = categories(&["warm", "", "cold", "warm"], &[]);
        assert_eq!(
            levels,
            AxisLevels::Categories(vec!["warm".into(), "cold".into()])
        );
        assert_eq!(rows, [Some(0), None, Some(1), Some(0)]);
        let order = ["icy", "cold"].map(str::to_owned);
        let (levels, rows) = categories(&["warm", "cold"], &order);
        assert_eq!(
            levels,
            AxisLevels::Categories(vec!["cold".into(), "warm".into()])
        );
        assert_eq!(rows, [Some(1), Some(0)]);
    }

    fn axis(levels: AxisLevels, log: bool) -> SweepAxis {
        SweepAxis {
            label: "an axis".to_owned(),
            log,
            levels,
            of_row: Vec::new(),
        }
    }

    #[test]
    fn cells_meet_halfway() {
        let cells = CellEdges::of(&axis(AxisLevels::Numbers(vec![0.0, 1.0, 4.0]), false), 50.0);
        assert_eq!(cells.edges, [-0.5, 0.5, 2.5, 5.5]);
        let log = CellEdges::of(&axis(AxisLevels::Numbers(vec![0.1, 1.0, 10.0]), true), 50.0);
        for (edge, expected) in log.edges.iter().zip([-1.5, -0.5, 0.5, 1.5]) {
            assert!((edge - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn cells_too_narrow_for_their_value_become_equal() {
        let crowded = axis(AxisLevels::Numbers(vec![0.0, 0.001, 1000.0]), false);
        let cells = CellEdges::of(&crowded, 50.0);
        assert!(!cells.to_scale);
        assert_eq!(cells.edges, [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(
            cells.ticks(&crowded, Orientation::Horizontal, 50.0).labels,
            ["0", "0.001", "1000"]
        );
    }

    #[test]
    fn labels_of_ticks_never_touch() {
        let many = axis(
            AxisLevels::Categories((0..40).map(|i| format!("category {i}")).collect()),
            false,
        );
        let fine = axis(
            AxisLevels::Numbers((0..73).map(|i| f64::from(i) / 72.0).collect()),
            false,
        );
        for axis in [many, fine] {
            for length in [9.0, 30.0, 60.0] {
                let cells = CellEdges::of(&axis, length);
                let ticks = cells.ticks(&axis, Orientation::Horizontal, length);
                assert!(apart(&ticks, cells.ends(), Orientation::Horizontal, length));
                assert!(!ticks.at.is_empty(), "{length} mm");
            }
        }
    }
}
