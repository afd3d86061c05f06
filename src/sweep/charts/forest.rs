//! Rows with names: the ground of bar charts and forests of intervals.

use super::points::Estimate;
use crate::chart::axes::{AXIS, Panel};
use crate::chart::canvas::{Canvas, Frame};
use crate::chart::series::range_of;
use crate::chart::style::{Colour, GREY, Stroke, WHITE};
use crate::chart::text_style::{LABEL, NOTE};
use crate::chart::ticks::{Ticks, round_range};

/// Rows that one panel holds at most.
pub(crate) const MOST_ROWS: usize = 24;
/// Lines that one name takes at most.
const MOST_LINES: usize = 3;
/// From a name to the axis (mm).
const BEFORE_AXIS: f64 = 1.6;
/// Share of the width that names take at most.
const NAMES_SHARE: f64 = 0.42;

/// Names one under the other, broken into lines, with a plot beside them.
pub(crate) struct Rows {
    names: Vec<Vec<String>>,
    /// Where the plot lies.
    pub(crate) frame: Frame,
    heights: Vec<f64>,
}

impl Rows {
    /// Lays out names from `left`, `top`, and the plot beside them up to `right` (mm); a row is at least
    /// `least` high.
    pub(crate) fn new(names: &[String], (left, top, right): (f64, f64, f64), least: f64) -> Rows {
        let most = NAMES_SHARE * (right - left);
        let names: Vec<Vec<String>> = names.iter().map(|name| broken(name, most)).collect();
        let widths = names.iter().flatten().map(|line| NOTE.width(line));
        let begin = left + widths.fold(0.0, f64::max) + BEFORE_AXIS;
        let height = |lines: &Vec<String>| least.max(lines.len() as f64 * NOTE.line() + 0.6);
        let heights: Vec<f64> = names.iter().map(height).collect();
        let frame = Frame {
            left: begin,
            top,
            width: right - begin,
            height: heights.iter().sum(),
        };
        Rows {
            names,
            frame,
            heights,
        }
    }
    /// The panel with values across.
    pub(crate) fn panel(&self, x: (f64, f64)) -> Panel {
        Panel {
            frame: self.frame,
            x,
            y: (0.0, 1.0),
        }
    }
    /// The band of a row.
    pub(crate) fn row(&self, row: usize) -> Frame {
        Frame {
            top: self.frame.top + self.heights[..row].iter().sum::<f64>(),
            height: self.heights[row],
            ..self.frame
        }
    }
    /// Writes the names, and draws the lower axis with its title.
    pub(crate) fn finish(&self, canvas: &mut Canvas, x: (f64, f64), title: &str) {
        for (row, lines) in self.names.iter().enumerate() {
            let (_, middle) = self.row(row).centre();
            for (k, line) in lines.iter().enumerate() {
                let down = (k as f64 - 0.5 * (lines.len() - 1) as f64) * NOTE.line();
                let at = (self.frame.left - BEFORE_AXIS, middle + down);
                canvas.text(at, line, NOTE.ending());
            }
        }
        let panel = self.panel(x);
        let (bottom, right) = (self.frame.bottom(), self.frame.right());
        canvas.line((self.frame.left, bottom), (right, bottom), AXIS);
        panel.x_ticks(canvas, &ticks(x, self.frame.width), true);
        let whole = 2.0 * (canvas.width() - panel.frame.centre().0);
        let title = LABEL.shorten(title, whole - 2.0);
        panel.x_title(canvas, &title);
    }
    /// Draws the interval of an estimate across a height on the sheet, where it is known.
    pub(crate) fn interval(
        &self,
        canvas: &mut Canvas,
        x: (f64, f64),
        y: f64,
        estimate: Estimate,
        stroke: Stroke,
    ) {
        if !estimate.reach().is_finite() {
            return;
        }
        let panel = self.panel(x);
        let ends = [estimate.low, estimate.high].map(|end| panel.place(end, 0.0).0);
        canvas.line((ends[0], y), (ends[1], y), stroke);
        for end in ends {
            canvas.line((end, y - 0.6), (end, y + 0.6), stroke);
        }
    }
}

/// The look of what is not resolved.
pub(crate) const OPEN: Stroke = Stroke::solid(GREY, 0.6);

/// Draws a bar between two values: filled, or hollow where it is not resolved.
pub(crate) fn bar(
    canvas: &mut Canvas,
    panel: &Panel,
    (from, to): (f64, f64),
    (top, height): (f64, f64),
    fill: Option<Colour>,
) {
    let ends = [from, to].map(|value| panel.place(value, 0.0).0);
    let frame = Frame {
        left: ends[0].min(ends[1]),
        top,
        width: (ends[0] - ends[1]).abs(),
        height,
    };
    canvas.rectangle(frame, fill.unwrap_or(WHITE));
    if fill.is_none() {
        canvas.outline(frame, OPEN);
    }
}

/// How far the number of a tick may reach beyond the end of its axis (mm).
const BEYOND: f64 = 3.0;

/// Round ticks that stand clear of each other and of the paper's edge on a length (mm).
pub(crate) fn ticks((low, high): (f64, f64), length: f64) -> Ticks {
    let fits = |ticks: &Ticks| {
        let step = length / (high - low);
        let between = ticks.at.windows(2).map(|pair| (pair[1] - pair[0]) * step);
        let widest = ticks.labels.iter().map(|label| NOTE.width(label));
        between.fold(f64::INFINITY, f64::min) > widest.fold(0.0, f64::max) + 1.2
    };
    let most = ((length / 8.0) as usize).clamp(1, 8);
    let fewer = (1..=most)
        .rev()
        .map(|target| Ticks::round(low, high, target));
    let inside = |ticks: Ticks| {
        let kept = ticks
            .at
            .into_iter()
            .zip(ticks.labels)
            .filter(|(at, label)| {
                let (middle, half) = ((at - low) / (high - low) * length, NOTE.width(label) / 2.0);
                middle - half >= -BEYOND && middle + half <= length + BEYOND
            });
        let (at, labels) = kept.unzip();
        Ticks { at, labels }
    };
    fewer.map(inside).find(fits).unwrap_or(Ticks {
        at: Vec::new(),
        labels: Vec::new(),
    })
}

/// A round range over all of some estimates and a further value.
pub(crate) fn range_over(estimates: impl Iterator<Item = Estimate>, with: f64) -> (f64, f64) {
    let values = estimates
        .flat_map(|e| [e.mean, e.low, e.high])
        .chain([with]);
    let (low, high) = range_of(values).unwrap_or((0.0, 1.0));
    round_range(low, high, 5)
}

/// Breaks a name into few lines after spaces, dots and underscores, the last shortened; what follows a
/// line break keeps a line of its own, unless all fits into one.
fn broken(name: &str, most: f64) -> Vec<String> {
    let whole = name.replace('\n', " ");
    if NOTE.width(&whole) <= most {
        return vec![whole];
    }
    let (name, rest) = name.split_once('\n').unwrap_or((name, ""));
    let mut lines: Vec<String> = vec![String::new()];
    for piece in name.split_inclusive([' ', '.', '_', '-']) {
        let last = lines.len() - 1;
        let longer = format!("{}{piece}", lines[last]);
        let full = NOTE.width(longer.trim_end()) > most && !lines[last].is_empty();
        if full && lines.len() < MOST_LINES {
            lines.push(piece.to_owned());
        } else {
            lines[last] = longer;
        }
    }
    lines.push(rest.to_owned());
    lines.retain(|line| !line.is_empty());
    let shortened = lines.iter().map(|line| NOTE.shorten(line.trim_end(), most));
    shortened.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_to_their_share_and_rows_to_their_plot() {
        let names = [
            "short".to_owned(),
            "the responsiveness of the second partner under lasting stress from outside and from within, day by day".to_owned(),
            "anunbreakablenamethatislongerthanitsshareofthewidth".to_owned(),
        ];
        let rows = Rows::new(&names, (2.0, 5.0, 82.0), 4.0);
        assert!(rows.frame.left <= 2.0 + 0.42 * 80.0 + BEFORE_AXIS);
        assert!(rows.names.iter().all(|lines| lines.len() <= MOST_LINES));
        assert!(rows.names[1][2].ends_with('…'));
        let path = "1 stress.spillover_from_work";
        assert_eq!(broken(path, 25.0).concat(), path);
        assert_eq!(broken("patience\n(2 to 10)", 60.0), ["patience (2 to 10)"]);
        assert_eq!(
            broken("patience\n(2 to 10)", 15.0),
            ["patience", "(2 to 10)"]
        );
        assert_eq!(rows.row(0).top, 5.0);
        assert!((rows.row(2).bottom() - rows.frame.bottom()).abs() < 1e-12);
    }

    #[test]
    fn ticks_stand_clear_on_any_length() {
        for (low, high) in [(0.0, 1.0), (-0.002, 0.0005), (-1e6, 2e6), (0.0, 1e-12)] {
            for length in [12.0, 40.0, 120.0] {
                let made = ticks((low, high), length);
                for pair in made.at.windows(2) {
                    assert!((pair[1] - pair[0]) / (high - low) * length > 3.0);
                }
            }
        }
    }
}
