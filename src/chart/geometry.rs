//! Positions, rectangles and paths on a canvas, in millimetres. A path of many points is simplified to the few
//! that print the same.

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

/// Width of the strips in which a line is simplified (mm): below what print can resolve.
const STRIP: f64 = 0.1;
/// Distance from a straight line that is not visible (mm).
const FLAT: f64 = 0.012;

/// Reduces a path that runs from left to right to the first, lowest, highest and last position in each
/// narrow strip, and of these to the corners.
///
/// Jugel, U. et al. (2014), M4: a visualization-oriented time series data aggregation.
pub(crate) fn simplify(path: &[Position]) -> Vec<Position> {
    let mut kept: Vec<Position> = Vec::new();
    let mut start = 0;
    while start < path.len() {
        let strip = (path[start].0 / STRIP).floor();
        let length = path[start..]
            .iter()
            .take_while(|at| (at.0 / STRIP).floor() == strip)
            .count();
        // A position that is not a number is in no strip and is kept.
        let end = start + length.max(1);
        kept.extend(extremes(&path[start..end]));
        start = end;
    }
    corners(&kept)
}

fn extremes(strip: &[Position]) -> Vec<Position> {
    let lowest = (0..strip.len())
        .min_by(|a, b| strip[*a].1.total_cmp(&strip[*b].1))
        .unwrap_or(0);
    let highest = (0..strip.len())
        .max_by(|a, b| strip[*a].1.total_cmp(&strip[*b].1))
        .unwrap_or(0);
    let mut wanted = [0, lowest, highest, strip.len() - 1].to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    wanted.into_iter().map(|i| strip[i]).collect()
}

/// Leaves out positions that lie on the line between those kept around them (Douglas and Peucker 1973).
fn corners(path: &[Position]) -> Vec<Position> {
    if path.len() < 3 {
        return path.to_vec();
    }
    let mut keep = vec![false; path.len()];
    keep[0] = true;
    keep[path.len() - 1] = true;
    let mut open = vec![(0, path.len() - 1)];
    while let Some((from, to)) = open.pop() {
        let farthest = (from + 1..to)
            .map(|i| (i, distance_from_line(path[i], path[from], path[to])))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((i, _)) = farthest.filter(|(_, distance)| *distance > FLAT) {
            keep[i] = true;
            open.extend([(from, i), (i, to)]);
        }
    }
    path.iter()
        .zip(keep)
        .filter(|(_, keep)| *keep)
        .map(|(at, _)| *at)
        .collect()
}

/// Distance of a position from the line through two others.
fn distance_from_line(at: Position, from: Position, to: Position) -> f64 {
    let length = distance(from, to);
    if length == 0.0 {
        return distance(from, at);
    }
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    ((at.0 - from.0) * dy - (at.1 - from.1) * dx).abs() / length
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

    #[test]
    fn a_straight_line_keeps_its_ends() {
        let path: Vec<Position> = (0..1000)
            .map(|i| (f64::from(i) * 0.05, f64::from(i) * 0.02))
            .collect();
        assert_eq!(simplify(&path), [path[0], path[999]]);
    }

    #[test]
    fn a_spike_survives() {
        let path: Vec<Position> = (0..10_000)
            .map(|i| (f64::from(i) * 0.005, if i == 5_000 { 9.0 } else { 1.0 }))
            .collect();
        let simplified = simplify(&path);
        assert!(simplified.len() < 10);
        assert!(simplified.contains(&path[5_000]));
    }

    #[test]
    fn a_noisy_line_is_bounded_by_its_width_on_paper() {
        let path: Vec<Position> = (0..100_000)
            .map(|i| (f64::from(i) * 0.0005, f64::from(i * 7919 % 101)))
            .collect();
        assert!(simplify(&path).len() <= 4 * 501);
    }
}
