//! Phase flow: the mean displacement of couples in the trust–intimacy plane.

/// Cells along each side of the plane.
pub(crate) const FLOW_CELLS: usize = 12;

/// Moves that start in one cell.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FlowCell {
    /// Number of moves.
    pub moves: u64,
    /// Sum of the changes of trust and of intimacy.
    pub sum: [f64; 2],
    /// Sum of their squares.
    pub squares: [f64; 2],
}

/// Changes of couples' mean trust and intimacy over a fixed number of days, by starting cell.
#[derive(Clone, Debug, PartialEq)]
pub struct PhaseFlow {
    /// Cells by trust and then by intimacy.
    pub cells: Vec<FlowCell>,
}

impl Default for PhaseFlow {
    fn default() -> Self {
        PhaseFlow {
            cells: vec![FlowCell::default(); FLOW_CELLS * FLOW_CELLS],
        }
    }
}

impl PhaseFlow {
    /// Counts one couple's move in the plane of (trust, intimacy).
    pub(crate) fn count(&mut self, from: [f64; 2], to: [f64; 2]) {
        let side = |x: f64| ((x * FLOW_CELLS as f64) as usize).min(FLOW_CELLS - 1);
        let cell = &mut self.cells[side(from[0]) * FLOW_CELLS + side(from[1])];
        cell.moves += 1;
        for axis in 0..2 {
            let change = to[axis] - from[axis];
            cell.sum[axis] += change;
            cell.squares[axis] += change * change;
        }
    }

    /// Adds the moves of the next block.
    pub fn join(&mut self, next: &PhaseFlow) {
        for (ours, theirs) in self.cells.iter_mut().zip(&next.cells) {
            ours.moves += theirs.moves;
            for axis in 0..2 {
                ours.sum[axis] += theirs.sum[axis];
                ours.squares[axis] += theirs.squares[axis];
            }
        }
    }
}
