//! Positions and rectangles on a canvas, in millimetres.

/// A position on the canvas: millimetres from the left and from the top.
pub(crate) type Position = (f64, f64);

/// A rectangle on the canvas (mm).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    /// Distance from the canvas's left edge.
    pub(crate) left: f64,
    /// Distance from the canvas's upper edge.
    pub(crate) top: f64,
    /// Width.
    pub(crate) width: f64,
    /// Height.
    pub(crate) height: f64,
}

impl Rect {
    /// Right edge.
    pub(crate) fn right(self) -> f64 {
        self.left + self.width
    }
    /// Lower edge.
    pub(crate) fn bottom(self) -> f64 {
        self.top + self.height
    }
    /// Whether a position lies in the rectangle or on its edge.
    pub(crate) fn contains(self, (x, y): Position) -> bool {
        (self.left..=self.right()).contains(&x) && (self.top..=self.bottom()).contains(&y)
    }
    /// Whether another rectangle lies in this one or on its edge.
    pub(crate) fn contains_rect(self, other: Rect) -> bool {
        self.contains((other.left, other.top)) && self.contains((other.right(), other.bottom()))
    }
    /// Whether two rectangles share more than an edge.
    pub(crate) fn overlaps(self, other: Rect) -> bool {
        self.left < other.right()
            && other.left < self.right()
            && self.top < other.bottom()
            && other.top < self.bottom()
    }
    /// The point in the middle.
    pub(crate) fn centre(self) -> Position {
        (self.left + self.width / 2.0, self.top + self.height / 2.0)
    }
}

/// Distance between two positions (mm).
pub(crate) fn distance(from: Position, to: Position) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    (dx * dx + dy * dy).sqrt()
}

/// The part of a straight line that lies in a rectangle (Liang and Barsky 1984).
pub(crate) fn clip(frame: Rect, from: Position, to: Position) -> Option<(Position, Position)> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let sides = [
        (-dx, from.0 - frame.left),
        (dx, frame.right() - from.0),
        (-dy, from.1 - frame.top),
        (dy, frame.bottom() - from.1),
    ];
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (direction, distance_left) in sides {
        if direction == 0.0 && distance_left < 0.0 {
            return None;
        } else if direction < 0.0 {
            enter = enter.max(distance_left / direction);
        } else if direction > 0.0 {
            leave = leave.min(distance_left / direction);
        }
    }
    let at = |t: f64| {
        if t == 1.0 {
            to
        } else {
            (from.0 + t * dx, from.1 + t * dy)
        }
    };
    (enter <= leave).then(|| (at(enter), at(leave)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Rect = Rect {
        left: 0.0,
        top: 0.0,
        width: 10.0,
        height: 4.0,
    };

    #[test]
    fn clip_keeps_the_part_inside() {
        assert_eq!(
            clip(FRAME, (-5.0, 2.0), (5.0, 2.0)),
            Some(((0.0, 2.0), (5.0, 2.0)))
        );
        assert_eq!(clip(FRAME, (-5.0, 5.0), (5.0, 5.0)), None);
        assert_eq!(
            clip(FRAME, (1.0, 1.0), (2.0, 2.0)),
            Some(((1.0, 1.0), (2.0, 2.0)))
        );
    }

    #[test]
    fn rectangles_that_share_an_edge_do_not_overlap() {
        let beyond = Rect {
            left: 10.0,
            ..FRAME
        };
        assert!(!FRAME.overlaps(beyond) && FRAME.overlaps(Rect { left: 9.0, ..FRAME }));
        assert!(FRAME.contains_rect(FRAME) && !FRAME.contains_rect(beyond));
        assert_eq!(distance((0.0, 0.0), (3.0, 4.0)), 5.0);
    }
}
