//! The axes and points of a sweep as charts need them: an axis's levels with their names, cells and ticks; the
//! tables `points` and `summaries` joined; and the panels that the points are divided into.

use crate::chart::{
    ChartError, ColumnReader, HEADING, IntervalEstimate, NOTE, Ticks, levels_as_text, log10,
};
use crate::label::capitalised;
use crate::sweep::summary::switch_word;
use std::collections::BTreeMap;

/// One axis of a sweep, as a chart names and scales it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AxisInfo {
    /// Name of its column in the table `points`.
    pub(crate) name: String,
    /// The axis's title, with a unit where there is one.
    pub(crate) label: String,
    /// Whether equal ratios take equal space; an axis with a level that is not positive stays linear.
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
    /// Whether equal ratios take equal space.
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
            AxisLevels::Categories(names) => names
                .iter()
                .map(|name| switch_word(name).to_owned())
                .collect(),
            AxisLevels::Numbers(values) => levels_as_text(values, self.log),
        }
    }
    /// The levels as texts that are no wider than `space` (mm); numbers for categories where one is.
    pub(crate) fn short_names(&self, space: f64) -> Vec<String> {
        if self.is_cut(space) {
            (1..=self.count())
                .map(|number| number.to_string())
                .collect()
        } else {
            self.names()
        }
    }
    /// The meaning of the numbers of categories, where the names are wider than `space` (mm).
    pub(crate) fn category_note(&self, space: f64) -> Option<String> {
        let named = self.names().into_iter().enumerate();
        let named: Vec<String> = named.map(|(k, name)| format!("{} {name}", k + 1)).collect();
        self.is_cut(space)
            .then(|| format!("{}: {}", self.label, named.join(", ")))
    }
    fn is_cut(&self, space: f64) -> bool {
        let wide = |name: &String| NOTE.width(name) > space;
        !self.is_measured() && self.names().iter().any(wide)
    }
    /// "label = level" in at most `width` (mm), for the heading of a panel that shows one level.
    pub(crate) fn heading(&self, level: usize, width: f64) -> String {
        let level = format!(" = {}", self.names()[level]);
        let space = width - HEADING.width(&level);
        HEADING.shorten(&(HEADING.shorten(&self.label, space) + &level), width)
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
    /// Ticks at the levels where there is space for all, else at round numbers or at some levels.
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
            labels: axis.short_names(space(axis, orientation, length)),
        }
    }
}

/// Space for the name of a category on an axis of a length (mm).
pub(crate) fn space(axis: &SweepAxis, orientation: Orientation, length: f64) -> f64 {
    match orientation {
        Orientation::Horizontal => length / axis.count().max(1) as f64 - APART,
        Orientation::Vertical => 24.0,
    }
}

/// Round ticks of a measured axis between two coordinates, as many as fit on a length (mm).
fn round_ticks(axis: &SweepAxis, ends: (f64, f64), orientation: Orientation, length: f64) -> Ticks {
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

/// Ticks of an axis of a length (mm) whose levels are single positions, not cells; names of categories have this
/// much space (mm).
pub(crate) fn place_ticks(
    axis: &SweepAxis,
    ends: (f64, f64),
    (orientation, length): (Orientation, f64),
    space: f64,
) -> Ticks {
    let fits = |ticks: &Ticks| apart(ticks, ends, orientation, length);
    let levels = Ticks {
        at: axis.coordinates(),
        labels: axis.short_names(space),
    };
    if !axis.is_measured() || axis.count() == 1 || (axis.count() <= 6 && fits(&levels)) {
        return every_nth(levels, fits);
    }
    round_ticks(axis, ends, orientation, length)
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

/// The points of a sweep, by row of their table.
pub(crate) struct DesignPoints {
    number: Vec<Option<i64>>,
    failed: Vec<bool>,
}

impl DesignPoints {
    /// Reads numbers and, where there is such a column, the status.
    pub(crate) fn read(reader: &ColumnReader<'_>) -> Result<DesignPoints, ChartError> {
        let number = reader.drawable("point")?;
        let status = reader.categories_if_any("status");
        Ok(DesignPoints {
            number: number.iter().map(|n| integer(*n)).collect(),
            failed: status.iter().map(|status| *status == "failed").collect(),
        })
    }
    /// Number of points.
    pub(crate) fn count(&self) -> usize {
        self.number.len()
    }
    /// What was found at the point of a row, unless it failed.
    pub(crate) fn estimate(&self, row: usize, found: &PointEstimates) -> Option<IntervalEstimate> {
        let number = self.number[row].filter(|_| !self.failed[row])?;
        found.of.get(&number).copied()
    }
    /// The mean over the points of some rows that have the given levels; how many these are comes with it.
    pub(crate) fn at(
        &self,
        rows: &[usize],
        levels: &[(&SweepAxis, usize)],
        found: &PointEstimates,
    ) -> (Option<IntervalEstimate>, usize) {
        let here = |row: &&usize| {
            let mut levels = levels.iter();
            levels.all(|(axis, level)| axis.of_row[**row] == Some(*level))
        };
        let rows = rows.iter().filter(here);
        let known: Vec<IntervalEstimate> =
            rows.filter_map(|row| self.estimate(*row, found)).collect();
        (average(&known), known.len())
    }
}

/// What was found of one observable, by point.
pub(crate) struct PointEstimates {
    of: BTreeMap<i64, IntervalEstimate>,
    /// The observable with its unit, for an axis's title.
    pub(crate) title: String,
}

impl PointEstimates {
    /// Reads an observable's rows of the table `summaries` that have a finite mean.
    ///
    /// # Errors
    /// [`ChartError::NothingToDraw`] where there are none.
    pub(crate) fn read(
        summaries: &ColumnReader<'_>,
        observable: &str,
    ) -> Result<PointEstimates, ChartError> {
        let point = summaries.drawable("point")?;
        let observables = summaries.categories("observable")?;
        let mean = summaries.drawable("mean")?;
        let (low, high) = (
            summaries.drawable("ci_low")?,
            summaries.drawable("ci_high")?,
        );
        let units = summaries.categories_if_any("unit");
        let (mut of, mut unit) = (BTreeMap::new(), "");
        for row in (0..summaries.rows()).filter(|row| observables[*row] == observable) {
            if let (Some(number), true) = (integer(point[row]), mean[row].is_finite()) {
                let (mean, low, high) = (mean[row], low[row], high[row]);
                of.insert(number, IntervalEstimate { mean, low, high });
                unit = units[row];
            }
        }
        if of.is_empty() {
            return Err(summaries.nothing(format!("finite mean of `{observable}`")));
        }
        let mut units = [unit, summaries.unit("mean")].into_iter();
        let title = match units.find(|unit| !matches!(*unit, "" | "1")) {
            Some(unit) => format!("{} ({unit})", capitalised(observable)),
            None => capitalised(observable),
        };
        Ok(PointEstimates { of, title })
    }
}

/// The mean of several estimates, with the mean of their intervals.
///
/// Points share their random numbers, so their errors may be correlated: the interval is that of fully
/// correlated errors, the widest possible.
fn average(all: &[IntervalEstimate]) -> Option<IntervalEstimate> {
    let count = all.len() as f64;
    let mean = |part: fn(&IntervalEstimate) -> f64| all.iter().map(part).sum::<f64>() / count;
    (!all.is_empty()).then(|| IntervalEstimate {
        mean: mean(|e| e.mean),
        low: mean(|e| e.low),
        high: mean(|e| e.high),
    })
}

fn integer(number: f64) -> Option<i64> {
    number.is_finite().then_some(number as i64)
}

/// Panels that one figure holds at most.
pub(crate) const MOST_PANELS: usize = 12;

/// The panels of a figure by the rows of points that each shows.
pub(crate) struct Facets {
    axis: Option<SweepAxis>,
    /// Rows of the table `points`, panel by panel.
    pub(crate) rows: Vec<Vec<usize>>,
}

impl Facets {
    /// One panel for each level of an axis, or without one a single panel for all points.
    pub(crate) fn read(
        reader: &ColumnReader<'_>,
        info: Option<&AxisInfo>,
    ) -> Result<Facets, ChartError> {
        let Some(info) = info else {
            return Ok(Facets {
                axis: None,
                rows: vec![(0..reader.rows()).collect()],
            });
        };
        let axis = SweepAxis::read(reader, info)?;
        if axis.count() == 0 {
            return Err(reader.nothing(format!("level of the axis `{}`", axis.label)));
        }
        if axis.count() > MOST_PANELS {
            return Err(ChartError::BadArgument {
                name: "number of panels",
                must: "at most 12",
                value: axis.count() as f64,
            });
        }
        Ok(Facets {
            rows: (0..axis.count()).map(|level| axis.rows_at(level)).collect(),
            axis: Some(axis),
        })
    }
    /// Number of panels.
    pub(crate) fn count(&self) -> usize {
        self.rows.len()
    }
    /// "label = level" of a panel in at most `width` (mm); empty where one panel shows all.
    pub(crate) fn heading(&self, panel: usize, width: f64) -> String {
        let axis = self.axis.as_ref();
        axis.map_or(String::new(), |axis| axis.heading(panel, width))
    }
    /// Whether panels belong to levels, so that they have headings.
    pub(crate) fn has_headings(&self) -> bool {
        self.axis.is_some()
    }
}

/// Says that values are means over points that differ on other axes, where they are.
pub(crate) fn pooled(counts: impl Iterator<Item = usize>) -> Option<String> {
    let most = counts.max().filter(|most| *most > 1)?;
    Some(format!(
        "means over up to {most} points that differ on other axes"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_too_long_for_their_space_are_numbered() {
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

    #[test]
    fn an_average_is_as_uncertain_as_its_parts() {
        let estimate = |mean: f64| IntervalEstimate {
            mean,
            low: mean - 1.0,
            high: mean + 2.0,
        };
        let mean = average(&[estimate(1.0), estimate(3.0)]).expect("two");
        assert_eq!(mean, estimate(2.0));
        assert_eq!(mean.half_width(), 2.0);
        assert_eq!(average(&[]), None);
    }
}
