//! Small multiples: where the panels of a figure lie.

use super::axes::{Axes, SPACE_BELOW};
use super::canvas::Canvas;
use super::geometry::Rect;
use super::style::{LABEL, NOTE};
use super::ticks::Ticks;

/// The space around and in each panel (mm).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SubplotSpacing {
    /// Space for the numbers, and a title, on the left.
    pub(crate) left: f64,
    /// Space on the right.
    pub(crate) right: f64,
    /// Space for the heading above.
    pub(crate) above: f64,
    /// Height of the panel itself.
    pub(crate) height: f64,
    /// Space below a panel that another one follows.
    pub(crate) below: f64,
}

/// Where one panel lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Subplot {
    /// The panel's rectangle.
    pub(crate) frame: Rect,
    /// Whether no panel lies under it, so that it has the numbers of the lower axis.
    pub(crate) lowest: bool,
}

/// Panels in rows and columns.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Subplots {
    /// The panels, row by row.
    pub(crate) panels: Vec<Subplot>,
    /// Lower end of the axis under the lowest panels (mm).
    pub(crate) bottom: f64,
}

impl Subplots {
    /// Places `count` panels row by row in `columns` columns between two positions from the left, below
    /// `top` (mm).
    pub(crate) fn new(
        count: usize,
        columns: usize,
        (left, right): (f64, f64),
        top: f64,
        spacing: SubplotSpacing,
    ) -> Subplots {
        let columns = columns.clamp(1, count.max(1));
        let pitch = (right - left) / columns as f64;
        let rise = spacing.above + spacing.height + spacing.below;
        let panel = |i: usize| {
            let (row, column) = (i / columns, i % columns);
            let frame = Rect {
                left: column as f64 * pitch + spacing.left + left,
                top: top + row as f64 * rise + spacing.above,
                width: pitch - spacing.left - spacing.right,
                height: spacing.height,
            };
            Subplot {
                frame,
                lowest: i + columns >= count,
            }
        };
        let rows = count.div_ceil(columns);
        Subplots {
            panels: (0..count).map(panel).collect(),
            bottom: top + rows as f64 * rise - spacing.below + SPACE_BELOW,
        }
    }
}

/// Square panels for each pair of several variables, in as many rows as columns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PairGrid {
    count: usize,
    left: f64,
    top: f64,
    pitch: f64,
    gap: f64,
}

/// Space for the numbers and the title of an axis to the left (mm).
const AXIS_LEFT: f64 = 13.5;
/// From the left axes to the middle of their titles (mm).
const TITLE_AWAY: f64 = 11.5;
/// How far numbers may reach beyond the ends of their panel, next to which is another one (mm).
const SPILL: f64 = 0.3;
/// From the ends of a vertical axis to its first and last number (mm).
const CORNERS: [f64; 2] = [1.2, 1.0];
/// Largest side of a panel (mm).
const LARGEST: f64 = 42.0;

impl PairGrid {
    /// Lays out panels for `count` variables, `gap` apart, in the width of a picture with its margin (mm), with their
    /// scales to the left and below; what is below takes space outside of the panels. `above` is free over them.
    pub(crate) fn new(count: usize, width: f64, margin: f64, gap: f64, above: f64) -> PairGrid {
        let count = count.max(1);
        let pitch = ((width - 2.0 * margin - AXIS_LEFT) / count as f64).min(LARGEST);
        PairGrid {
            count,
            left: (width - AXIS_LEFT - pitch * count as f64) / 2.0 + AXIS_LEFT,
            top: margin / 2.0 + above,
            pitch,
            gap,
        }
    }
    /// Width of the names of categories on the left axes (mm).
    pub(crate) fn name_space() -> f64 {
        TITLE_AWAY - LABEL.line() / 2.0 - 1.5
    }
    /// Side of a panel (mm).
    pub(crate) fn side(&self) -> f64 {
        self.pitch - self.gap
    }
    /// Lower end of the panels (mm).
    pub(crate) fn bottom(&self) -> f64 {
        self.top + self.pitch * self.count as f64
    }
    /// The panel of a row and a column.
    pub(crate) fn panel(&self, row: usize, column: usize) -> Rect {
        Rect {
            left: self.left + column as f64 * self.pitch,
            top: self.top + row as f64 * self.pitch,
            width: self.side(),
            height: self.side(),
        }
    }
    /// Draws the scale of a variable under its column and, but for the first row, whose only panel on the left is a
    /// histogram, to the left of its row.
    pub(crate) fn draw_scales(
        &self,
        canvas: &mut Canvas,
        variable: usize,
        ends: (f64, f64),
        [below, left]: [Ticks; 2],
        name: &str,
    ) {
        let length = self.side();
        let axes = |frame| Axes {
            frame,
            x: ends,
            y: ends,
        };
        let is_inside = |at: f64, label: &str| {
            let half = NOTE.width(label) / 2.0;
            at - half >= -SPILL && at + half <= length + SPILL
        };
        let lowest = axes(self.panel(self.count - 1, variable));
        let below = below.wanted(ends, length, is_inside);
        lowest.x_ticks(canvas, &below, true);
        lowest.x_title(canvas, name);
        if variable > 0 {
            let [lower, upper] = CORNERS;
            let left = left.wanted(ends, length, |at, _| (lower..=length - upper).contains(&at));
            let leftmost = axes(self.panel(variable, 0));
            leftmost.y_ticks(canvas, &left);
            leftmost.y_title(canvas, name, TITLE_AWAY);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPACING: SubplotSpacing = SubplotSpacing {
        left: 8.0,
        right: 2.0,
        above: 4.0,
        height: 20.0,
        below: 3.0,
    };

    #[test]
    fn the_lowest_panel_of_each_column_is_known() {
        let subplots = Subplots::new(5, 3, (0.0, 150.0), 0.0, SPACING);
        let lowest: Vec<bool> = subplots.panels.iter().map(|s| s.lowest).collect();
        assert_eq!(lowest, [false, false, true, true, true]);
    }

    #[test]
    fn panels_fill_the_width_and_stay_in_the_height() {
        let subplots = Subplots::new(4, 2, (0.0, 100.0), 5.0, SPACING);
        assert_eq!(subplots.panels[0].frame.width, 40.0);
        assert_eq!(subplots.panels[3].frame.right(), 98.0);
        assert_eq!(
            subplots.panels[3].frame.bottom() + SPACE_BELOW,
            subplots.bottom
        );
    }

    #[test]
    fn a_grid_of_pairs_is_square_and_in_the_middle() {
        let grid = PairGrid::new(3, 174.0, 2.0, 1.0, 3.0);
        let (first, last) = (grid.panel(0, 0), grid.panel(2, 2));
        assert_eq!((first.width, first.top), (41.0, 4.0));
        assert!((last.bottom() + 1.0 - grid.bottom()).abs() < 1e-9);
        let free = [first.left - AXIS_LEFT, 174.0 - (last.right() + 1.0)];
        assert!((free[0] - free[1]).abs() < 1e-9);
    }

    #[test]
    fn numbers_of_a_scale_stay_within_their_panel() {
        let grid = PairGrid::new(4, 85.0, 2.0, 1.0, 0.0);
        let mut canvas = Canvas::new(85.0, 90.0);
        let ticks = || Ticks {
            at: vec![0.0, 0.5, 1.0],
            labels: ["low", "middle", "high"].map(str::to_owned).to_vec(),
        };
        grid.draw_scales(&mut canvas, 1, (0.0, 1.0), [ticks(), ticks()], "Trust");
        let figure = canvas.finish("a scale").expect("a figure");
        let count = |text: &str| figure.svg().lines().filter(|line| *line == text).count();
        // Below and to the left; the ends would reach into other panels.
        assert_eq!(["Trust", "middle", "low", "high"].map(count), [2, 2, 0, 0]);
    }
}
