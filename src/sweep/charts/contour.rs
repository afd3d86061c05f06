//! Contours: lines of equal value through a grid of values, and their labels.

use crate::chart::{Canvas, Colour, NOTE, Position, Rect, Stroke, distance};
use std::collections::BTreeMap;

/// Values at the crossings of a grid's lines; NaN where there is none.
pub(crate) struct ScalarField {
    /// Places of the columns, from left to right (mm).
    pub(crate) x: Vec<f64>,
    /// Places of the rows (mm).
    pub(crate) y: Vec<f64>,
    /// Values, row by row.
    pub(crate) value: Vec<f64>,
}

/// A crossing of a contour with a grid line: its cell's corner, and whether the line is vertical.
type Crossing = (usize, usize, bool);

impl ScalarField {
    fn at(&self, i: usize, j: usize) -> f64 {
        self.value[j * self.x.len() + i]
    }
    /// The lines along which the field, linear between its values, has a level.
    ///
    /// Marching squares (Lorensen and Cline 1987, in two dimensions); where a square's corners are high crosswise, the
    /// mean of the four decides which of them are joined. Squares with a missing corner have no line.
    pub(crate) fn lines(&self, level: f64) -> Vec<Vec<Position>> {
        let mut segments: Vec<[Crossing; 2]> = Vec::new();
        for j in 0..self.y.len().saturating_sub(1) {
            for i in 0..self.x.len().saturating_sub(1) {
                self.cross(i, j, level, &mut segments);
            }
        }
        let paths = joined(&segments).into_iter();
        paths
            .map(|path| {
                path.into_iter()
                    .map(|at| self.position(at, level))
                    .collect()
            })
            .collect()
    }
    fn cross(&self, i: usize, j: usize, level: f64, segments: &mut Vec<[Crossing; 2]>) {
        let corners = [
            self.at(i, j),
            self.at(i + 1, j),
            self.at(i + 1, j + 1),
            self.at(i, j + 1),
        ];
        if !corners.iter().all(|value| value.is_finite()) {
            return;
        }
        let sides: [Crossing; 4] = [
            (i, j, false),
            (i + 1, j, true),
            (i, j + 1, false),
            (i, j, true),
        ];
        let high = corners.map(|value| value >= level);
        let crossed: Vec<Crossing> = (0..4)
            .filter(|k| high[*k] != high[(k + 1) % 4])
            .map(|k| sides[k])
            .collect();
        match crossed[..] {
            [a, b] => segments.push([a, b]),
            [a, b, c, d] => {
                let middle = corners.iter().sum::<f64>() / 4.0 >= level;
                if middle == high[0] {
                    segments.extend([[a, b], [c, d]]);
                } else {
                    segments.extend([[d, a], [b, c]]);
                }
            }
            _ => {}
        }
    }
    fn position(&self, (i, j, vertical): Crossing, level: f64) -> Position {
        let (k, l) = if vertical { (i, j + 1) } else { (i + 1, j) };
        let (from, to) = (self.at(i, j), self.at(k, l));
        let share = (level - from) / (to - from);
        (
            self.x[i] + share * (self.x[k] - self.x[i]),
            self.y[j] + share * (self.y[l] - self.y[j]),
        )
    }
}

/// Joins segments that meet into paths, open ones from their ends.
fn joined(segments: &[[Crossing; 2]]) -> Vec<Vec<Crossing>> {
    let mut meeting: BTreeMap<Crossing, Vec<usize>> = BTreeMap::new();
    for (k, ends) in segments.iter().enumerate() {
        for end in ends {
            meeting.entry(*end).or_default().push(k);
        }
    }
    let mut used = vec![false; segments.len()];
    let loose = meeting.iter().filter(|(_, here)| here.len() == 1);
    let starts: Vec<Crossing> = loose.chain(&meeting).map(|(at, _)| *at).collect();
    let mut paths = Vec::new();
    for start in starts {
        let mut path = vec![start];
        while let Some(last) = path.last() {
            let Some(next) = meeting[last].iter().find(|k| !used[**k]) else {
                break;
            };
            used[*next] = true;
            let [a, b] = segments[*next];
            path.push(if a == *last { b } else { a });
        }
        if path.len() > 1 {
            paths.push(path);
        }
    }
    paths
}

/// Draws a level's lines; the longest carries its number, on a background, where that lies in the frame
/// and does not overlap the `taken` rectangles.
pub(crate) fn draw(
    canvas: &mut Canvas,
    lines: &[Vec<Position>],
    (number, background, colour): (&str, Colour, Colour),
    frame: Rect,
    taken: &mut Vec<Rect>,
) {
    for line in lines {
        canvas.path(line, Stroke::solid(colour, 0.6));
    }
    let longest = lines.iter().max_by(|a, b| length(a).total_cmp(&length(b)));
    let (width, height) = (NOTE.width(number) + 0.8, 2.6);
    let Some(line) = longest.filter(|line| length(line) > 2.0 * width) else {
        return;
    };
    let middle = line.len() / 2;
    let mut order: Vec<usize> = (0..line.len()).collect();
    order.sort_by_key(|k| k.abs_diff(middle));
    let labels = order.into_iter().map(|k| Rect {
        left: line[k].0 - width / 2.0,
        top: line[k].1 - height / 2.0,
        width,
        height,
    });
    let mut free = labels.filter(|label| {
        frame.contains_rect(*label) && !taken.iter().any(|other| label.overlaps(*other))
    });
    if let Some(label) = free.next() {
        canvas.rectangle(label, background);
        canvas.text(label.centre(), number, NOTE.centred().tinted(colour));
        taken.push(label);
    }
}

fn length(line: &[Position]) -> f64 {
    let pieces = line.windows(2);
    pieces.map(|ends| distance(ends[0], ends[1])).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(size: usize, value: impl Fn(f64, f64) -> f64) -> ScalarField {
        let coordinates: Vec<f64> = (0..size).map(|i| i as f64).collect();
        let mut values = Vec::new();
        for y in &coordinates {
            values.extend(coordinates.iter().map(|x| value(*x, *y)));
        }
        ScalarField {
            x: coordinates.clone(),
            y: coordinates,
            value: values,
        }
    }

    #[test]
    fn contours_of_a_plane_are_straight() {
        let lines = field(6, |x, y| x + 2.0 * y).lines(6.5);
        assert_eq!(lines.len(), 1);
        for (x, y) in &lines[0] {
            assert!((x + 2.0 * y - 6.5).abs() < 1e-12);
        }
        let ends = [lines[0][0].0, lines[0][lines[0].len() - 1].0];
        assert_eq!(ends.into_iter().fold(0.0, f64::max), 5.0);
    }

    #[test]
    fn a_hill_has_a_closed_contour() {
        let lines = field(9, |x, y| -(x - 4.0) * (x - 4.0) - (y - 4.0) * (y - 4.0)).lines(-5.0);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0][0], lines[0][lines[0].len() - 1]);
    }

    #[test]
    fn saddles_have_two_lines_and_missing_corners_none() {
        let saddle = |x: f64, y: f64| if x == y { 1.0 } else { 0.0 };
        assert_eq!(field(2, saddle).lines(0.4).len(), 2);
        assert_eq!(field(2, saddle).lines(0.6).len(), 2);
        assert!(
            field(2, |x, y| if x + y == 0.0 { f64::NAN } else { x })
                .lines(0.5)
                .is_empty()
        );
        assert!(field(3, |_, _| 1.0).lines(1.0).is_empty());
    }
}
