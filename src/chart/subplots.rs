//! Small multiples: where the panels of a figure lie.

use super::axes::ROOM_BELOW;
use super::geometry::Rect;

/// The space around and in each panel (mm).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SubplotSpacing {
    /// Room for the numbers, and a title, on the left.
    pub(crate) left: f64,
    /// Room on the right.
    pub(crate) right: f64,
    /// Room for the heading above.
    pub(crate) above: f64,
    /// Height of the panel itself.
    pub(crate) height: f64,
    /// Room below a panel that another one follows.
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
            bottom: top + rows as f64 * rise - spacing.below + ROOM_BELOW,
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

/// Room for the variables' numbers to the left and above (mm).
const NUMBERS: f64 = 3.6;
/// Largest side of a panel (mm).
const LARGEST: f64 = 42.0;

impl PairGrid {
    /// Lays out panels for `count` variables, `gap` apart, in the width of a picture with its margin (mm).
    pub(crate) fn new(count: usize, width: f64, margin: f64, gap: f64) -> PairGrid {
        let count = count.max(1);
        let pitch = ((width - 2.0 * margin - NUMBERS) / count as f64).min(LARGEST);
        PairGrid {
            count,
            left: (width - NUMBERS - pitch * count as f64) / 2.0 + NUMBERS,
            top: margin / 2.0 + NUMBERS,
            pitch,
            gap,
        }
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
    /// Where the number of a variable is written: to the left of its row, and over its column.
    pub(crate) fn number_positions(&self, variable: usize) -> [(f64, f64); 2] {
        let middle = (variable as f64 + 0.5) * self.pitch - self.gap / 2.0;
        [
            (self.left - 2.2, self.top + middle),
            (self.left + middle, self.top - 2.0),
        ]
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
            subplots.panels[3].frame.bottom() + ROOM_BELOW,
            subplots.bottom
        );
    }

    #[test]
    fn a_grid_of_pairs_is_square_and_in_the_middle() {
        let grid = PairGrid::new(3, 174.0, 2.0, 1.0);
        let (first, last) = (grid.panel(0, 0), grid.panel(2, 2));
        assert_eq!(first.width, 41.0);
        assert!((last.bottom() + 1.0 - grid.bottom()).abs() < 1e-9);
        let free = [first.left - NUMBERS, 174.0 - (last.right() + 1.0)];
        assert!((free[0] - free[1]).abs() < 1e-9);
    }
}
