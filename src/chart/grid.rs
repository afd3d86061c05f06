//! Small multiples: where the panels of one figure lie.

use super::axes::ROOM_BELOW;
use super::canvas::Frame;

/// The room around and in each panel of a grid (mm).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Room for the numbers, and a title, on the left.
    pub left: f64,
    /// Room on the right.
    pub right: f64,
    /// Room for the heading above.
    pub above: f64,
    /// Height of the panel itself.
    pub height: f64,
    /// Room below a panel that another one follows.
    pub below: f64,
}

/// One panel's place in a grid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slot {
    /// Where the panel lies.
    pub frame: Frame,
    /// Whether no panel lies under it, so that it carries the axis's numbers.
    pub lowest: bool,
}

/// Places `count` panels row by row in `columns` columns over a width, below `top` (mm).
pub fn slots(count: usize, columns: usize, width: f64, top: f64, cell: Cell) -> Vec<Slot> {
    let columns = columns.clamp(1, count.max(1));
    let pitch = width / columns as f64;
    let rise = cell.above + cell.height + cell.below;
    (0..count)
        .map(|i| {
            let (row, column) = (i / columns, i % columns);
            let frame = Frame {
                left: column as f64 * pitch + cell.left,
                top: top + row as f64 * rise + cell.above,
                width: pitch - cell.left - cell.right,
                height: cell.height,
            };
            Slot {
                frame,
                lowest: i + columns >= count,
            }
        })
        .collect()
}

/// Height of a grid with the axis under its lowest panels (mm).
pub fn height(count: usize, columns: usize, cell: Cell) -> f64 {
    let rows = count.div_ceil(columns.clamp(1, count.max(1)));
    rows as f64 * (cell.above + cell.height + cell.below) - cell.below + ROOM_BELOW
}

#[cfg(test)]
mod tests {
    use super::*;

    const CELL: Cell = Cell {
        left: 8.0,
        right: 2.0,
        above: 4.0,
        height: 20.0,
        below: 3.0,
    };

    #[test]
    fn the_lowest_panel_of_each_column_is_known() {
        let lowest: Vec<bool> = slots(5, 3, 150.0, 0.0, CELL)
            .iter()
            .map(|s| s.lowest)
            .collect();
        assert_eq!(lowest, [false, false, true, true, true]);
    }

    #[test]
    fn panels_fill_the_width_and_stay_in_the_height() {
        let slots = slots(4, 2, 100.0, 5.0, CELL);
        assert_eq!(slots[0].frame.width, 40.0);
        assert_eq!(slots[3].frame.right(), 98.0);
        assert_eq!(
            slots[3].frame.bottom() + ROOM_BELOW,
            5.0 + height(4, 2, CELL)
        );
    }
}
