//! Pairs plot of a space-filling design: its points over each pair of axes.

use super::axis::{AxisInfo, AxisLevels, Orientation, SweepAxis, place_ticks};
use crate::chart::{
    Axes, BLUE, Canvas, ChartError, ColumnReader, Figure, GREY, LABEL, Legend, MARGIN, NOTE,
    PairGrid, Rect, SPACE_BELOW, Stroke, Ticks, Width, count, number, range_of, shortest,
};
use crate::stats;
use crate::table::Table;

const MOST_AXES: usize = 8;
/// Points that each panel shows at most, and all panels together.
const MOST_POINTS: usize = 4000;
const MOST_DOTS: usize = 40_000;
const BINS: usize = 12;
const BETWEEN: f64 = 1.0;
/// Around the names of categories (mm).
const NAMES_APART: f64 = 1.5;
/// Over the histograms, for the axes' names (mm).
const NAME_SPACE: f64 = 4.2;
const BORDER: Stroke = Stroke::solid(GREY, 0.35);

/// Draws the points of a design over each pair of axes, from the table `points`.
///
/// The lower triangle holds a scatter plot for each pair, the diagonal each axis's histogram, and the upper
/// triangle the pair's correlation. The scales of the axes, in their units, are to the left and below. The first eight
/// axes are shown, with their names where there is space for all of them and with numbers where there is not; the
/// legend gives number, name and range. The first points are drawn, at most 4000 and fewer where there are many panels, since the first of a sequence are a design
/// too; the legend says how many. Failed points are shown too.
///
/// # Errors
/// [`ChartError::BadArgument`] for no axis; [`ChartError::NoRows`], [`ChartError::NoColumn`], or
/// [`ChartError::NothingToDraw`] where an axis has no level.
pub(crate) fn design_pairs(
    points: &Table,
    axes: &[AxisInfo],
    width: Width,
) -> Result<Figure, ChartError> {
    if axes.is_empty() {
        return Err(ChartError::BadArgument {
            name: "number of axes",
            must: "at least 1",
            value: 0.0,
        });
    }
    let reader = ColumnReader::new(points)?;
    let mut sides = Vec::new();
    for info in axes.iter().take(MOST_AXES) {
        let axis = SweepAxis::read(&reader, info)?;
        if axis.count() == 0 {
            return Err(reader.nothing(format!("level of the axis `{}`", axis.label)));
        }
        sides.push(DesignSide::of(axis));
    }
    let pairs = sides.len() * (sides.len() - 1) / 2;
    let shown = reader.rows().min(MOST_POINTS).min(MOST_DOTS / pairs.max(1));
    let width = width.millimetres();
    let grid = PairGrid::new(sides.len(), width, MARGIN, BETWEEN, 0.0);
    let mut legend = legend_of(&sides, shown, reader.rows());
    legend.note_first(MOST_AXES, axes.len(), "axes");
    let space = grid.side() - 1.6;
    let named = sides
        .iter()
        .all(|side| LABEL.width(&side.axis.label) <= space);
    let name = |place: usize| match named {
        true => sides[place].axis.label.clone(),
        false => (place + 1).to_string(),
    };
    let legend = legend.below(width, grid.bottom() + SPACE_BELOW);
    let mut canvas = legend.canvas();
    for (line, y) in sides.iter().enumerate() {
        for (column, x) in sides.iter().enumerate() {
            let frame = grid.panel(line, column);
            match column.cmp(&line) {
                std::cmp::Ordering::Less => scatter(&mut canvas, frame, x, y, shown),
                std::cmp::Ordering::Equal => {
                    histogram(&mut canvas, frame, x);
                    let over = (frame.centre().0, frame.top + NAME_SPACE / 2.0);
                    canvas.text(over, &name(column), NOTE.centred());
                }
                std::cmp::Ordering::Greater => correlation(&mut canvas, frame, x, y),
            }
        }
    }
    for (place, side) in sides.iter().enumerate() {
        let scales = [
            side.ticks(Orientation::Horizontal, grid.side()),
            side.ticks(Orientation::Vertical, grid.side()),
        ];
        grid.draw_scales(&mut canvas, place, side.wide(), scales, &name(place));
    }
    legend.finish(canvas, "The points of the design over each pair of axes")
}

/// One axis with the positions of the points on it, NaN where missing.
struct DesignSide {
    axis: SweepAxis,
    positions: Vec<f64>,
    ends: (f64, f64),
}

impl DesignSide {
    fn of(axis: SweepAxis) -> DesignSide {
        let levels = axis.coordinates();
        let (low, high) = range_of(levels.iter().copied()).unwrap_or((0.0, 1.0));
        let levels_of = axis.of_row.iter();
        let positions = levels_of
            .map(|level| level.map_or(f64::NAN, |k| levels[k]))
            .collect();
        let ends = if high > low {
            (low, high)
        } else {
            (low - 0.5, high + 0.5)
        };
        DesignSide {
            axis,
            positions,
            ends,
        }
    }
    /// The axis's ends with some air, so that dots at an end lie inside.
    fn wide(&self) -> (f64, f64) {
        let air = 0.05 * (self.ends.1 - self.ends.0);
        (self.ends.0 - air, self.ends.1 + air)
    }
    /// Ticks of the axis on a side of a panel of a length (mm).
    fn ticks(&self, orientation: Orientation, length: f64) -> Ticks {
        let space = match orientation {
            Orientation::Horizontal => length / self.axis.count().max(1) as f64 - NAMES_APART,
            Orientation::Vertical => PairGrid::name_space(),
        };
        place_ticks(&self.axis, self.wide(), (orientation, length), space)
    }
    /// Ends of the histogram's bars, and how many points each has: bars on the levels where these are few.
    fn bins(&self) -> (Vec<(f64, f64)>, Vec<usize>) {
        let levels = self.axis.coordinates();
        let (low, high) = self.ends;
        let known = || {
            self.positions
                .iter()
                .filter(|position| position.is_finite())
        };
        if levels.len() > BINS {
            let edge = |bin: usize| low + (high - low) * bin as f64 / BINS as f64;
            let edges = (0..BINS).map(|bin| (edge(bin), edge(bin + 1))).collect();
            let mut counts = vec![0; BINS];
            for position in known() {
                let share = (position - low) / (high - low);
                counts[((share * BINS as f64) as usize).min(BINS - 1)] += 1;
            }
            return (edges, counts);
        }
        let gaps = levels.windows(2).map(|pair| pair[1] - pair[0]);
        let half = 0.4 * gaps.fold(high - low, f64::min);
        let edges = levels.iter().map(|level| (level - half, level + half));
        let count = |level: &f64| known().filter(|position| *position == level).count();
        (edges.collect(), levels.iter().map(count).collect())
    }
    /// Name and range.
    fn name_and_range(&self) -> String {
        let names = self.axis.names();
        let label = &self.axis.label;
        let log = if self.axis.log { ", logarithmic" } else { "" };
        match (&self.axis.levels, &names[..]) {
            (_, [only]) => format!("{label} ({only})"),
            (AxisLevels::Numbers(values), [_, .., _]) => {
                let (low, high) = (values[0], values[values.len() - 1]);
                let gap = if self.axis.log {
                    low
                } else {
                    0.1 * (high - low)
                };
                let [low, high] = [low, high].map(|end| shortest(end, gap));
                format!("{label} ({low} to {high}{log})")
            }
            _ => format!("{label} ({})", names.join(", ")),
        }
    }
}

fn scatter(canvas: &mut Canvas, frame: Rect, x: &DesignSide, y: &DesignSide, shown: usize) {
    canvas.outline(frame, BORDER);
    let panel = Axes {
        frame,
        x: x.wide(),
        y: y.wide(),
    };
    let crowd = shown as f64 / (frame.width * frame.height);
    let (radius, alpha) = match crowd {
        c if c < 0.3 => (0.45, 0.9),
        c if c < 1.5 => (0.32, 0.8),
        _ => (0.2, 0.6),
    };
    let positions = x.positions.iter().zip(&y.positions).take(shown);
    for (a, b) in positions.filter(|(a, b)| a.is_finite() && b.is_finite()) {
        canvas.disc(panel.position(*a, *b), radius, BLUE.faint(alpha));
    }
}

fn histogram(canvas: &mut Canvas, frame: Rect, side: &DesignSide) {
    canvas.outline(frame, BORDER);
    let panel = Axes {
        frame,
        x: side.wide(),
        y: (0.0, 1.0),
    };
    let (edges, counts) = side.bins();
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    for ((low, high), count) in edges.iter().zip(&counts).filter(|(_, count)| **count > 0) {
        let [left, right] = [*low, *high].map(|edge| panel.position(edge, 0.0).0);
        let [left, right] = [left, right].map(|x| x.clamp(frame.left, frame.right()));
        let height = (frame.height - NAME_SPACE) * *count as f64 / most as f64;
        let slab = Rect {
            left,
            top: frame.bottom() - height,
            width: (right - left - 0.12).max(0.05),
            height,
        };
        canvas.rectangle(slab, BLUE.faint(0.45));
    }
}

fn correlation(canvas: &mut Canvas, frame: Rect, x: &DesignSide, y: &DesignSide) {
    if !(x.axis.is_measured() && y.axis.is_measured()) {
        return;
    }
    let r = stats::summary::correlation(&x.positions, &y.positions);
    // It is NaN where a side does not vary.
    if r.is_finite() {
        let text = number(r, 0.01);
        canvas.text(frame.centre(), &text, NOTE.centred());
    }
}

fn legend_of(sides: &[DesignSide], shown: usize, known: usize) -> Legend {
    let mut legend = Legend::new();
    for (k, side) in sides.iter().enumerate() {
        legend.note(format!("{}: {}", k + 1, side.name_and_range()));
    }
    let points = if known == 1 { "point" } else { "points" };
    legend.note(format!("n = {} {points}", count(known as i64)));
    if shown < known && sides.len() > 1 {
        let text = format!("the first {} drawn", count(shown as i64));
        legend.note(text);
    }
    if sides.len() > 1 && known > 1 {
        legend.note("upper triangle: correlation");
    }
    legend
}
