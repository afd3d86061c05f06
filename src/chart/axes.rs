//! Axes: a rectangle of the canvas with two linear scales, and what is drawn against them.

use super::canvas::Canvas;
use super::geometry::{Position, Rect, clip, simplify};
use super::style::{Colour, Dash, GREY, HEADING, LABEL, NOTE, Stroke};
use super::ticks::Ticks;

/// Lines of axes and their ticks.
pub(crate) const AXIS: Stroke = Stroke::solid(GREY, 0.5);
const TICK_LENGTH: f64 = 0.9;
/// From the axis to the middle of the numbers under it (mm).
const NUMBERS_BELOW: f64 = 2.7;
/// From the axis to the middle of the title under its numbers (mm).
const TITLE_BELOW: f64 = 6.3;
/// Space that ticks, numbers and title take under axes (mm).
pub(crate) const SPACE_BELOW: f64 = 8.0;
/// From the axis title to a legend (mm).
const BEFORE_LEGEND: f64 = 1.0;
/// From the upper edge to the middle of the heading above it (mm).
const HEADING_ABOVE: f64 = 2.4;
/// Radius of a value without a neighbour that a line could join it to (mm).
const LONE: f64 = 0.45;
/// Corners per millimetre from which a line is drawn finer.
const RESTLESS: f64 = 8.0;

/// A rectangle of the canvas with its two linear scales.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Axes {
    /// The rectangle.
    pub(crate) frame: Rect,
    /// Values at the left and right edge.
    pub(crate) x: (f64, f64),
    /// Values at the lower and upper edge.
    pub(crate) y: (f64, f64),
}

impl Axes {
    /// Where a pair of values lies on the canvas.
    pub(crate) fn position(&self, x: f64, y: f64) -> Position {
        let across = (x - self.x.0) / (self.x.1 - self.x.0);
        let up = (y - self.y.0) / (self.y.1 - self.y.0);
        (
            self.frame.left + across * self.frame.width,
            self.frame.bottom() - up * self.frame.height,
        )
    }
    /// Draws the lines of the left and the lower axis.
    pub(crate) fn draw_spines(&self, canvas: &mut Canvas) {
        let Rect { left, top, .. } = self.frame;
        let (right, bottom) = (self.frame.right(), self.frame.bottom());
        canvas.path(&[(left, top), (left, bottom), (right, bottom)], AXIS);
    }
    /// Draws the line of the lower axis.
    pub(crate) fn draw_lower_spine(&self, canvas: &mut Canvas) {
        let (bottom, right) = (self.frame.bottom(), self.frame.right());
        canvas.line((self.frame.left, bottom), (right, bottom), AXIS);
    }
    /// Where a legend starts under the axis, its numbers and its title (mm).
    pub(crate) fn legend_top(&self) -> f64 {
        self.frame.bottom() + SPACE_BELOW + BEFORE_LEGEND
    }
    /// Draws ticks on the lower axis, with their numbers where `numbered`.
    pub(crate) fn x_ticks(&self, canvas: &mut Canvas, ticks: &Ticks, numbered: bool) {
        let bottom = self.frame.bottom();
        for (at, label) in ticks.at.iter().zip(&ticks.labels) {
            let (x, _) = self.position(*at, self.y.0);
            canvas.line((x, bottom), (x, bottom + TICK_LENGTH), AXIS);
            if numbered {
                canvas.text((x, bottom + NUMBERS_BELOW), label, NOTE.centred());
            }
        }
    }
    /// Draws ticks and numbers on the left axis.
    pub(crate) fn y_ticks(&self, canvas: &mut Canvas, ticks: &Ticks) {
        let left = self.frame.left;
        for (at, label) in ticks.at.iter().zip(&ticks.labels) {
            let (_, y) = self.position(self.x.0, *at);
            canvas.line((left - TICK_LENGTH, y), (left, y), AXIS);
            canvas.text((left - TICK_LENGTH - 0.6, y), label, NOTE.ending());
        }
    }
    /// Writes the title under the lower axis's numbers.
    pub(crate) fn x_title(&self, canvas: &mut Canvas, title: &str) {
        let (x, _) = self.frame.centre();
        canvas.text(
            (x, self.frame.bottom() + TITLE_BELOW),
            title,
            LABEL.centred(),
        );
    }
    /// Writes the title of the left axis, turned, `away` (mm) from it.
    pub(crate) fn y_title(&self, canvas: &mut Canvas, title: &str, away: f64) {
        let (_, y) = self.frame.centre();
        canvas.text(
            (self.frame.left - away, y),
            title,
            LABEL.centred().upwards(),
        );
    }
    /// Writes a heading over the axes, shortened to its width, `raised` (mm) above its default position.
    pub(crate) fn heading(&self, canvas: &mut Canvas, text: &str, raised: f64) {
        let text = HEADING.shorten(text, self.frame.width);
        canvas.text(
            (self.frame.left, self.frame.top - HEADING_ABOVE - raised),
            &text,
            HEADING,
        );
    }
    /// Draws a vertical line over the whole height.
    pub(crate) fn vline(&self, canvas: &mut Canvas, x: f64, stroke: Stroke) {
        let (x, _) = self.position(x, self.y.0);
        canvas.line((x, self.frame.top), (x, self.frame.bottom()), stroke);
    }
    /// Draws a horizontal line over the whole width.
    pub(crate) fn hline(&self, canvas: &mut Canvas, y: f64, stroke: Stroke) {
        let (_, y) = self.position(self.x.0, y);
        canvas.line((self.frame.left, y), (self.frame.right(), y), stroke);
    }
    /// Draws a line through values that run from left to right.
    ///
    /// The line has gaps where a value is missing, ends where it leaves the axes, and is a dot where a
    /// value has no neighbour.
    pub(crate) fn curve(&self, canvas: &mut Canvas, x: &[f64], y: &[f64], stroke: Stroke) {
        for run in runs(x.len().min(y.len()), |i| {
            x[i].is_finite() && y[i].is_finite()
        }) {
            let positions: Vec<Position> = run.map(|i| self.position(x[i], y[i])).collect();
            for piece in self.inside(&positions) {
                if let [lone] = piece[..] {
                    lone_value(canvas, lone, stroke);
                } else {
                    self.long_curve(canvas, &simplify(&piece), stroke);
                }
            }
        }
    }
    /// Draws a simplified line, finer where it has so many corners that its width would blacken the axes.
    fn long_curve(&self, canvas: &mut Canvas, path: &[Position], stroke: Stroke) {
        let restless = path.len() as f64 > RESTLESS * self.frame.width;
        let width = if restless {
            0.5 * stroke.width
        } else {
            stroke.width
        };
        canvas.path(path, Stroke { width, ..stroke });
    }
    /// Draws a line that keeps each value until the next.
    pub(crate) fn steps(&self, canvas: &mut Canvas, x: &[f64], y: &[f64], stroke: Stroke) {
        let rows = changes(&[y], x.len().min(y.len()));
        let (x, y) = stairs(&rows, x, y);
        self.curve(canvas, &x, &y, stroke);
    }
    /// Fills between two lines that run from left to right; parts outside the axes are cut off.
    pub(crate) fn band(
        &self,
        canvas: &mut Canvas,
        x: &[f64],
        low: &[f64],
        high: &[f64],
        colour: Colour,
    ) {
        let length = x.len().min(low.len()).min(high.len());
        let complete = |i: usize| self.covers(x[i]) && low[i].is_finite() && high[i].is_finite();
        for run in runs(length, complete) {
            let edge = |values: &[f64]| -> Vec<Position> {
                let limits = (self.y.0.min(self.y.1), self.y.0.max(self.y.1));
                let positions = run
                    .clone()
                    .map(|i| self.position(x[i], values[i].clamp(limits.0, limits.1)));
                simplify(&positions.collect::<Vec<_>>())
            };
            let (mut outline, mut back) = (edge(high), edge(low));
            if run.len() == 1 {
                widen(&mut outline, &mut back);
            }
            outline.extend(back.into_iter().rev());
            canvas.area(outline, colour);
        }
    }
    /// Fills between two lines that keep each value until the next.
    pub(crate) fn step_band(
        &self,
        canvas: &mut Canvas,
        x: &[f64],
        low: &[f64],
        high: &[f64],
        colour: Colour,
    ) {
        let rows = changes(&[low, high], x.len().min(low.len()).min(high.len()));
        let ((steps, low), (_, high)) = (stairs(&rows, x, low), stairs(&rows, x, high));
        self.band(canvas, &steps, &low, &high, colour);
    }
    /// Whether the lower axis reaches a value.
    pub(crate) fn covers(&self, x: f64) -> bool {
        (self.x.0.min(self.x.1)..=self.x.0.max(self.x.1)).contains(&x)
    }
    /// The pieces of a path that lie in the axes.
    fn inside(&self, path: &[Position]) -> Vec<Vec<Position>> {
        let within = |at: &Position| self.contains(*at);
        if path.iter().all(within) {
            return vec![path.to_vec()];
        }
        let mut pieces: Vec<Vec<Position>> = Vec::new();
        for ends in path.windows(2) {
            let Some((from, to)) = clip(self.frame, ends[0], ends[1]) else {
                continue;
            };
            match pieces.last_mut() {
                Some(piece) if piece.last() == Some(&from) => piece.push(to),
                _ => pieces.push(vec![from, to]),
            }
        }
        pieces
    }
    fn contains(&self, (x, y): Position) -> bool {
        let slack = 1e-9;
        let Rect { left, top, .. } = self.frame;
        (left - slack..=self.frame.right() + slack).contains(&x)
            && (top - slack..=self.frame.bottom() + slack).contains(&y)
    }
}

/// Left, right and upper margin of a square plane (mm).
const PLANE_MARGINS: [f64; 3] = [12.5, 3.0, 2.5];
/// Largest side of a square plane: a larger one would show no more (mm).
const LARGEST_PLANE: f64 = 110.0;

/// Axes of two quantities from 0 to 1 in a square, centred in a width (mm).
pub(crate) fn unit_plane(width: f64) -> Axes {
    let [left, right, top] = PLANE_MARGINS;
    let space = width - left - right;
    let side = space.min(LARGEST_PLANE);
    Axes {
        frame: Rect {
            left: left + (space - side) / 2.0,
            top,
            width: side,
            height: side,
        },
        x: (0.0, 1.0),
        y: (0.0, 1.0),
    }
}

/// Draws lines, ticks and titles of the axes of a [`unit_plane`].
pub(crate) fn draw_unit_plane(canvas: &mut Canvas, plane: &Axes, x_title: &str, y_title: &str) {
    let ticks = Ticks::round(0.0, 1.0, 5);
    plane.draw_spines(canvas);
    plane.x_ticks(canvas, &ticks, true);
    plane.y_ticks(canvas, &ticks);
    plane.x_title(canvas, x_title);
    plane.y_title(canvas, y_title, 9.6);
}

/// Draws a value without neighbours: a disc for a solid line, a circle for an interrupted one.
fn lone_value(canvas: &mut Canvas, position: Position, stroke: Stroke) {
    if stroke.dash == Dash::Solid {
        canvas.disc(position, LONE, stroke.colour);
    } else {
        canvas.ring(position, 1.6 * LONE, stroke.dashed(Dash::Solid));
    }
}

/// The longest stretches of indices below `length` for which `good` holds.
pub(crate) fn runs(length: usize, good: impl Fn(usize) -> bool) -> Vec<std::ops::Range<usize>> {
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    for i in (0..length).filter(|i| good(*i)) {
        match runs.last_mut() {
            Some(run) if run.end == i => run.end = i + 1,
            _ => runs.push(i..i + 1),
        }
    }
    runs
}

/// The rows at which any of some columns changes, with the first and the last.
fn changes(columns: &[&[f64]], length: usize) -> Vec<usize> {
    let changed = |i: usize| columns.iter().any(|column| column[i] != column[i - 1]);
    (0..length)
        .filter(|i| *i == 0 || *i + 1 == length || changed(*i))
        .collect()
}

/// Turns the values of some rows into stairs: each is kept until the next one's position.
fn stairs(rows: &[usize], x: &[f64], y: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let mut stairs = (Vec::new(), Vec::new());
    for (k, row) in rows.iter().enumerate() {
        if k > 0 {
            stairs.0.push(x[*row]);
            stairs.1.push(y[rows[k - 1]]);
        }
        stairs.0.push(x[*row]);
        stairs.1.push(y[*row]);
    }
    stairs
}

/// Gives the band over a single value some width.
fn widen(high: &mut Vec<Position>, low: &mut Vec<Position>) {
    for edge in [high, low] {
        if let [(x, y)] = edge[..] {
            *edge = vec![(x - LONE, y), (x + LONE, y)];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel() -> Axes {
        let frame = Rect {
            left: 10.0,
            top: 5.0,
            width: 100.0,
            height: 50.0,
        };
        Axes {
            frame,
            x: (0.0, 10.0),
            y: (0.0, 1.0),
        }
    }

    #[test]
    fn the_corners_of_the_scales_are_the_corners_of_the_frame() {
        assert_eq!(panel().position(0.0, 0.0), (10.0, 55.0));
        assert_eq!(panel().position(10.0, 1.0), (110.0, 5.0));
    }

    #[test]
    fn lines_are_cut_at_the_frame() {
        let outside = [
            panel().position(2.0, 0.5),
            panel().position(4.0, 1.5),
            panel().position(6.0, 0.5),
        ];
        let pieces = panel().inside(&outside);
        assert_eq!(pieces.len(), 2);
        assert_eq!(pieces[0][1], panel().position(3.0, 1.0));
        assert!(panel().inside(&[(0.0, 0.0), (5.0, 1.0)]).is_empty());
    }

    #[test]
    fn missing_values_part_a_line() {
        let values = [1.0, f64::NAN, 2.0, 3.0];
        assert_eq!(runs(4, |i| values[i].is_finite()), [0..1, 2..4]);
        let mut canvas = Canvas::new(120.0, 60.0);
        panel().curve(
            &mut canvas,
            &[0.0, 1.0, 2.0, 3.0],
            &[0.1, f64::NAN, 0.2, 0.3],
            AXIS,
        );
        let mut expected = Canvas::new(120.0, 60.0);
        expected.disc(panel().position(0.0, 0.1), LONE, AXIS.colour);
        expected.line(panel().position(2.0, 0.2), panel().position(3.0, 0.3), AXIS);
        assert_eq!(canvas, expected);
    }

    #[test]
    fn stairs_keep_each_value_until_the_next() {
        let (days, values) = ([0.0, 2.0, 3.0, 5.0, 6.0], [1.0, 0.8, 0.8, 0.5, 0.5]);
        let (x, y) = stairs(&changes(&[&values], 5), &days, &values);
        assert_eq!(x, [0.0, 2.0, 2.0, 5.0, 5.0, 6.0, 6.0]);
        assert_eq!(y, [1.0, 1.0, 0.8, 0.8, 0.5, 0.5, 0.5]);
    }
}
