//! A map of cells over two axes of a sweep: the base of heat maps and phase diagrams.

use super::axis::{CellEdges, Orientation, SweepAxis, room};
use crate::chart::{
    Axes, Canvas, ChartError, Colour, ColumnReader, GREY, LABEL, Legend, NOTE, Position, Rect,
    Stroke, Ticks, WHITE,
};

/// Levels on one axis that a map shows at most.
const MOST_LEVELS: usize = 200;
/// Levels from which an axis of a mostly empty map is surely not one of a grid.
const MANY_LEVELS: usize = 12;
/// A cell's reach into its neighbour, so that no gap shows between them (mm).
const SEAM: f64 = 0.3;
/// The stroke of cells without a result.
pub(crate) const EMPTY: Stroke = Stroke::solid(GREY, 0.35);
/// From a map's left side to the numbers of its ticks, and from there to the title (mm).
const TO_NUMBERS: f64 = 1.5;
const TITLE: f64 = 4.4;
/// From a panel's lower side to the middle of the title that all panels share (mm).
const TITLE_BELOW: f64 = 6.3;

/// The two axes of a map.
#[derive(Clone, Copy)]
pub(crate) struct MapAxes<'a> {
    pub(crate) x: &'a SweepAxis,
    pub(crate) y: &'a SweepAxis,
}

impl MapAxes<'_> {
    /// Refuses axes that make no map: without levels, with too many, or of scattered points.
    pub(crate) fn check(&self, points: &ColumnReader<'_>) -> Result<(), ChartError> {
        for axis in [self.x, self.y] {
            if axis.count() == 0 {
                return Err(points.nothing(format!("level of the axis `{}`", axis.label)));
            }
            if axis.count() > MOST_LEVELS {
                return Err(ChartError::BadArgument {
                    name: "levels of a map's axis",
                    must: "at most 200",
                    value: axis.count() as f64,
                });
            }
        }
        let mut pairs: Vec<(usize, usize)> = (self.x.of_row.iter().zip(&self.y.of_row))
            .filter_map(|(x, y)| x.zip(*y))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        let cells = self.x.count() * self.y.count();
        if self.x.count().max(self.y.count()) > MANY_LEVELS && 4 * pairs.len() < cells {
            let (x, y) = (&self.x.label, &self.y.label);
            return Err(points.nothing(format!("grid over `{x}` and `{y}`")));
        }
        Ok(())
    }
    /// Width that numbers and title take on the left of a map of a height (mm).
    pub(crate) fn room_left(&self, height: f64) -> f64 {
        let ticks = CellEdges::of(self.y, height).ticks(self.y, Orientation::Vertical, height);
        let widest = ticks.labels.iter().map(|label| NOTE.width(label));
        TITLE + widest.fold(0.0, f64::max) + TO_NUMBERS + 1.2
    }
    /// All pairs of levels, row by row from below.
    pub(crate) fn cells(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let (across, up) = (self.x.count(), self.y.count());
        (0..up).flat_map(move |j| (0..across).map(move |i| (i, j)))
    }
}

/// One map in its frame.
pub(crate) struct GridMap<'a> {
    pub(crate) sides: MapAxes<'a>,
    pub(crate) frame: Rect,
    pub(crate) across: CellEdges,
    pub(crate) up: CellEdges,
}

impl<'a> GridMap<'a> {
    /// Lays the cells out in a frame.
    pub(crate) fn new(sides: MapAxes<'a>, frame: Rect) -> GridMap<'a> {
        GridMap {
            sides,
            frame,
            across: CellEdges::of(sides.x, frame.width),
            up: CellEdges::of(sides.y, frame.height),
        }
    }
    /// The panel with the maps' coordinates.
    pub(crate) fn panel(&self) -> Axes {
        Axes {
            frame: self.frame,
            x: self.across.ends(),
            y: self.up.ends(),
        }
    }
    /// Where a cell lies.
    pub(crate) fn cell(&self, (i, j): (usize, usize)) -> Rect {
        let panel = self.panel();
        let (left, bottom) = panel.position(self.across.edges[i], self.up.edges[j]);
        let (right, top) = panel.position(self.across.edges[i + 1], self.up.edges[j + 1]);
        Rect {
            left,
            top,
            width: right - left,
            height: bottom - top,
        }
    }
    /// Where a pair of levels lies.
    pub(crate) fn centre(&self, (i, j): (usize, usize)) -> Position {
        self.panel()
            .position(self.across.centres[i], self.up.centres[j])
    }
    /// Width of the narrowest and height of the lowest cell (mm).
    pub(crate) fn smallest(&self) -> (f64, f64) {
        (
            self.across.narrowest(self.frame.width),
            self.up.narrowest(self.frame.height),
        )
    }
    /// Fills a cell, and a seam that the next cells to the right and above cover: fill in their order.
    pub(crate) fn fill(&self, canvas: &mut Canvas, cell: (usize, usize), colour: Colour) {
        let Rect { left, top, .. } = self.cell(cell);
        let right = (self.cell(cell).right() + SEAM).min(self.frame.right());
        let begin = (top - SEAM).max(self.frame.top);
        let frame = Rect {
            left,
            top: begin,
            width: right - left,
            height: self.cell(cell).bottom() - begin,
        };
        canvas.rectangle(frame, colour);
    }
    /// Draws a cell without a result.
    pub(crate) fn leave_empty(&self, canvas: &mut Canvas, cell: (usize, usize)) {
        let frame = self.cell(cell);
        canvas.rectangle(frame, WHITE);
        canvas.outline(frame, EMPTY);
        canvas.cross(frame, EMPTY);
    }
    /// Draws the frame with its ticks, and their numbers where these are wanted.
    pub(crate) fn draw_axes(&self, canvas: &mut Canvas, below: bool, left: bool) {
        let panel = self.panel();
        canvas.outline(self.frame, Stroke::solid(GREY, 0.5));
        let across = self
            .across
            .ticks(self.sides.x, Orientation::Horizontal, self.frame.width);
        panel.x_ticks(canvas, &across, below);
        let mut up = self
            .up
            .ticks(self.sides.y, Orientation::Vertical, self.frame.height);
        if !left {
            up = Ticks {
                labels: vec![String::new(); up.at.len()],
                ..up
            };
        }
        panel.y_ticks(canvas, &up);
    }
}

/// The rectangle around all frames.
fn union(frames: &[Rect]) -> Rect {
    let over = |side: fn(&Rect) -> f64, pick: fn(f64, f64) -> f64| {
        frames.iter().map(side).reduce(pick).unwrap_or(0.0)
    };
    let (left, top) = (over(|f| f.left, f64::min), over(|f| f.top, f64::min));
    Rect {
        left,
        top,
        width: over(|f| f.right(), f64::max) - left,
        height: over(|f| f.bottom(), f64::max) - top,
    }
}

/// Writes the title of all panels' lower axes under the lowest of them.
pub(crate) fn title_below(canvas: &mut Canvas, frames: &[Rect], title: &str) {
    let all = union(frames);
    let title = LABEL.shorten(title, all.width);
    let at = (all.centre().0, all.bottom() + TITLE_BELOW);
    canvas.text(at, &title, LABEL.centred());
}

/// Writes the titles that all panels share: under the lowest, and left of the leftmost.
pub(crate) fn titles(canvas: &mut Canvas, frames: &[Rect], sides: MapAxes<'_>) {
    title_below(canvas, frames, &sides.x.label);
    let all = union(frames);
    let title = LABEL.shorten(&sides.y.label, all.height);
    let at = (TITLE / 2.0 + 0.4, all.centre().1);
    canvas.text(at, &title, LABEL.centred().upwards());
}

/// Notes on a map's axes: titles and categories that were too long, and levels
/// that are not drawn to scale.
pub(crate) fn add_to_legend(legend: &mut Legend, map: &GridMap<'_>, frames: &[Rect]) {
    let all = union(frames);
    let MapAxes { x, y } = map.sides;
    for (title, axis, length) in [("across", x, all.width), ("upwards", y, all.height)] {
        if LABEL.width(&axis.label) > length {
            legend.note(format!("{title}: {}", axis.label));
        }
    }
    let Rect { width, height, .. } = map.frame;
    for (axis, orientation, length) in [
        (x, Orientation::Horizontal, width),
        (y, Orientation::Vertical, height),
    ] {
        if let Some(note) = axis.category_note(room(axis, orientation, length)) {
            legend.note(note);
        }
    }
    let sides = [(x, &map.across), (y, &map.up)];
    let uneven = |(axis, cells): &(&SweepAxis, &CellEdges)| {
        axis.is_measured() && axis.count() > 1 && !cells.to_scale
    };
    let uneven: Vec<&str> = (sides.into_iter().filter(uneven))
        .map(|(axis, _)| axis.label.as_str())
        .collect();
    if !uneven.is_empty() {
        let text = format!("levels evenly spaced, not to scale: {}", uneven.join(", "));
        legend.note(text);
    }
}
