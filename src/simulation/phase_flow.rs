//! The mean flow in the trust–intimacy plane: where couples that are here tend to go.

/// Cells along each side of the plane.
pub const CELLS: usize = 12;

/// What is known of one cell's couples.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cell {
    /// Moves that began here.
    pub moves: u64,
    /// Sum of the changes of trust and of intimacy.
    pub sum: [f64; 2],
    /// Sum of their squares.
    pub squares: [f64; 2],
}

/// Changes of couples' mean trust and intimacy over a fixed number of days, by where they began.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Cells by trust and then by intimacy.
    pub cells: Vec<Cell>,
}

impl Default for Flow {
    fn default() -> Self {
        Flow {
            cells: vec![Cell::default(); CELLS * CELLS],
        }
    }
}

impl Flow {
    /// Counts one couple's move in the plane of (trust, intimacy).
    pub(crate) fn count(&mut self, from: [f64; 2], to: [f64; 2]) {
        let side = |x: f64| ((x * CELLS as f64) as usize).min(CELLS - 1);
        let cell = &mut self.cells[side(from[0]) * CELLS + side(from[1])];
        cell.moves += 1;
        for axis in 0..2 {
            let change = to[axis] - from[axis];
            cell.sum[axis] += change;
            cell.squares[axis] += change * change;
        }
    }

    /// Adds the moves of the next block.
    pub fn join(&mut self, next: &Flow) {
        for (ours, theirs) in self.cells.iter_mut().zip(&next.cells) {
            ours.moves += theirs.moves;
            for axis in 0..2 {
                ours.sum[axis] += theirs.sum[axis];
                ours.squares[axis] += theirs.squares[axis];
            }
        }
    }
}
