//! Forest plots: named rows one under the other, with intervals, marks or bars along a common scale.

use super::axes::Axes;
use super::canvas::Canvas;
use super::column_reader::IntervalEstimate;
use super::geometry::{Position, Rect};
use super::legend::LegendHandle;
use super::style::{BLUE, Colour, GREY, HEADING, LABEL, NOTE, Stroke, VERMILLION, WHITE};
use super::ticks::{Ticks, range_of, round_range};

/// Most rows of a forest plot.
pub(crate) const MOST_FOREST_ROWS: usize = 24;
/// Right margin that leaves space for half a tick's number (mm).
pub(crate) const FOREST_RIGHT: f64 = 3.5;
/// Space for a heading over a plot (mm).
pub(crate) const FOREST_HEADING: f64 = 5.4;
/// From a name to the axis (mm).
const BEFORE_AXIS: f64 = 1.6;
/// The stroke of what is not resolved.
pub(crate) const UNRESOLVED: Stroke = Stroke::solid(GREY, 0.6);
/// Half the height of the end of an interval (mm).
const WHISKER: f64 = 0.6;

/// How much space names take to the left of a plot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct NameWidth {
    /// Largest width (mm).
    width: f64,
    /// Lines of one name at most; what does not fit is cut.
    lines: usize,
}

impl NameWidth {
    /// Up to three lines of at most 42 % of a width (mm).
    pub(crate) fn wrapped(width: f64) -> NameWidth {
        NameWidth {
            width: 0.42 * width,
            lines: 3,
        }
    }
    /// One line of at most 44 % of a width (mm).
    pub(crate) fn single_line(width: f64) -> NameWidth {
        NameWidth {
            width: 0.44 * width,
            lines: 1,
        }
    }
}

/// Names one under the other, broken into lines, with a plot next to them.
pub(crate) struct ForestPlot {
    names: Vec<Vec<String>>,
    heights: Vec<f64>,
    /// The plot's axes; only the horizontal scale is used.
    pub(crate) axes: Axes,
}

impl ForestPlot {
    /// Lays out names from `left`, `top`, and the plot next to them up to `right` (mm), over a range of
    /// values; a row is at least `least` high.
    pub(crate) fn new(
        names: &[String],
        space: NameWidth,
        (left, top, right): (f64, f64, f64),
        least: f64,
        x: (f64, f64),
    ) -> ForestPlot {
        let names: Vec<Vec<String>> = names.iter().map(|name| wrap_name(name, space)).collect();
        let widths = names.iter().flatten().map(|line| NOTE.width(line));
        let begin = left + widths.fold(0.0, f64::max) + BEFORE_AXIS;
        let height = |lines: &Vec<String>| least.max(lines.len() as f64 * NOTE.line() + 0.6);
        let heights: Vec<f64> = names.iter().map(height).collect();
        let frame = Rect {
            left: begin,
            top,
            width: right - begin,
            height: heights.iter().sum(),
        };
        ForestPlot {
            names,
            heights,
            axes: Axes {
                frame,
                x,
                y: (0.0, 1.0),
            },
        }
    }
    /// The band of a row.
    pub(crate) fn row(&self, row: usize) -> Rect {
        let frame = self.axes.frame;
        Rect {
            top: frame.top + self.heights[..row].iter().sum::<f64>(),
            height: self.heights[row],
            ..frame
        }
    }
    /// The middle of a row (mm from the top).
    pub(crate) fn middle(&self, row: usize) -> f64 {
        self.row(row).centre().1
    }
    /// Where a value lies across (mm from the left).
    pub(crate) fn x(&self, value: f64) -> f64 {
        self.axes.position(value, 0.0).0
    }
    /// Writes a heading over names and plot.
    pub(crate) fn heading(&self, canvas: &mut Canvas, left: f64, text: &str) {
        let space = canvas.width() - 2.0 * left;
        let y = self.axes.frame.top - FOREST_HEADING + 2.2;
        canvas.text((left, y), &HEADING.shorten(text, space), HEADING);
    }
    /// Writes the names, and draws the lower axis with its title.
    pub(crate) fn finish(&self, canvas: &mut Canvas, title: &str) {
        let frame = self.axes.frame;
        for (row, lines) in self.names.iter().enumerate() {
            for (k, line) in lines.iter().enumerate() {
                let down = (k as f64 - 0.5 * (lines.len() - 1) as f64) * NOTE.line();
                let at = (frame.left - BEFORE_AXIS, self.middle(row) + down);
                canvas.text(at, line, NOTE.ending());
            }
        }
        self.axes.draw_lower_spine(canvas);
        let ticks = separate_ticks(self.axes.x, frame.width);
        self.axes.x_ticks(canvas, &ticks, true);
        let (middle, _) = frame.centre();
        let space = 2.0 * middle.min(canvas.width() - middle);
        self.axes
            .x_title(canvas, &LABEL.shorten(title, space - 2.0));
    }
    /// Draws the interval of an estimate at a height on the canvas, where it is known.
    pub(crate) fn interval(
        &self,
        canvas: &mut Canvas,
        y: f64,
        estimate: IntervalEstimate,
        stroke: Stroke,
    ) {
        if !estimate.half_width().is_finite() {
            return;
        }
        let ends = [estimate.low, estimate.high].map(|end| self.x(end));
        canvas.line((ends[0], y), (ends[1], y), stroke);
        for end in ends {
            canvas.line((end, y - WHISKER), (end, y + WHISKER), stroke);
        }
    }
    /// Draws a bar from one value to another in a colour: filled, or hollow where it is not resolved.
    pub(crate) fn bar(
        &self,
        canvas: &mut Canvas,
        (from, to): (f64, f64),
        (top, height): (f64, f64),
        (colour, filled): (Colour, bool),
    ) {
        let ends = [from, to].map(|value| self.x(value));
        let frame = Rect {
            left: ends[0].min(ends[1]),
            top,
            width: (ends[0] - ends[1]).abs(),
            height,
        };
        canvas.rectangle(frame, if filled { colour } else { WHITE });
        if !filled {
            canvas.outline(frame, Stroke::solid(colour, 0.9));
        }
    }
    /// Writes columns of numbers that end at positions from the left, with their heads over the rows.
    pub(crate) fn number_columns(
        &self,
        canvas: &mut Canvas,
        columns: &[(&str, f64)],
        text: impl Fn(usize, usize) -> String,
    ) {
        let head = self.axes.frame.top - 2.4;
        for (column, (name, right)) in columns.iter().enumerate() {
            canvas.text((*right, head), name, NOTE.ending().tinted(GREY));
            for row in 0..self.names.len() {
                let at = (*right, self.middle(row));
                canvas.text(at, &text(row, column), NOTE.ending());
            }
        }
    }
}

/// A verdict as it is marked in a forest plot; shapes differ as well as colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VerdictMark {
    /// What was asked for holds: a disc.
    Holds,
    /// Undecided: a circle.
    Open,
    /// It does not hold: a diamond.
    Fails,
}

impl VerdictMark {
    /// All of them, the best first.
    pub(crate) const ALL: [VerdictMark; 3] =
        [VerdictMark::Holds, VerdictMark::Open, VerdictMark::Fails];

    /// The stroke of an interval with this verdict.
    pub(crate) fn stroke(self) -> Stroke {
        match self {
            VerdictMark::Holds => Stroke::solid(BLUE, 1.0),
            VerdictMark::Open => UNRESOLVED,
            VerdictMark::Fails => Stroke::solid(VERMILLION, 1.0),
        }
    }
    /// Draws the mark, a disc of a radius (mm) or what is as large.
    pub(crate) fn draw(self, canvas: &mut Canvas, at: Position, radius: f64) {
        match self {
            VerdictMark::Holds => canvas.disc(at, radius, BLUE),
            VerdictMark::Open => canvas.hollow_disc(at, radius, UNRESOLVED),
            VerdictMark::Fails => canvas.diamond(at, 1.3 * radius, VERMILLION),
        }
    }
    /// The mark in a legend.
    pub(crate) fn handle(self, radius: f64) -> LegendHandle {
        match self {
            VerdictMark::Holds => LegendHandle::Disc(BLUE, radius),
            VerdictMark::Open => LegendHandle::Ring(UNRESOLVED, radius),
            VerdictMark::Fails => LegendHandle::Diamond(VERMILLION),
        }
    }
}

/// How far the number of a tick may reach beyond the end of its axis (mm).
const BEYOND: f64 = 3.0;

/// Round ticks whose numbers neither touch nor leave the picture, on an axis of a length (mm).
pub(crate) fn separate_ticks((low, high): (f64, f64), length: f64) -> Ticks {
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
pub(crate) fn range_over(
    estimates: impl Iterator<Item = IntervalEstimate>,
    with: f64,
) -> (f64, f64) {
    let values = estimates
        .flat_map(|e| [e.mean, e.low, e.high])
        .chain([with]);
    let (low, high) = range_of(values).unwrap_or((0.0, 1.0));
    round_range(low, high, 5)
}

/// Breaks a name into few lines after spaces, dots and underscores, the last shortened; what follows a
/// line break starts a new line, unless all fits into one.
fn wrap_name(name: &str, space: NameWidth) -> Vec<String> {
    let joined = name.replace('\n', " ");
    if NOTE.width(&joined) <= space.width {
        return vec![joined];
    }
    let (name, rest) = name.split_once('\n').unwrap_or((name, ""));
    let mut lines: Vec<String> = vec![String::new()];
    for piece in name.split_inclusive([' ', '.', '_', '-']) {
        let last = lines.len() - 1;
        let longer = format!("{}{piece}", lines[last]);
        let full = NOTE.width(longer.trim_end()) > space.width && !lines[last].is_empty();
        if full && lines.len() < space.lines {
            lines.push(piece.to_owned());
        } else {
            lines[last] = longer;
        }
    }
    lines.push(rest.to_owned());
    lines.retain(|line| !line.is_empty());
    let shortened = lines
        .iter()
        .map(|line| NOTE.shorten(line.trim_end(), space.width));
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
        let space = NameWidth::wrapped(80.0);
        let plot = ForestPlot::new(&names, space, (2.0, 5.0, 82.0), 4.0, (0.0, 1.0));
        assert!(plot.axes.frame.left <= 2.0 + 0.42 * 80.0 + BEFORE_AXIS);
        assert!(plot.names.iter().all(|lines| lines.len() <= space.lines));
        assert!(plot.names[1][2].ends_with('…'));
        assert_eq!(plot.row(0).top, 5.0);
        assert!((plot.row(2).bottom() - plot.axes.frame.bottom()).abs() < 1e-12);
    }

    #[test]
    fn names_are_broken_between_words_and_at_line_breaks() {
        let within = |width| NameWidth { width, lines: 3 };
        let path = "1 stress.spillover_from_work";
        assert_eq!(wrap_name(path, within(25.0)).concat(), path);
        let name = "patience\n(2 to 10)";
        assert_eq!(wrap_name(name, within(60.0)), ["patience (2 to 10)"]);
        assert_eq!(wrap_name(name, within(15.0)), ["patience", "(2 to 10)"]);
        let single = wrap_name(path, NameWidth::single_line(40.0));
        assert!(single.len() == 1 && single[0].ends_with('…'));
    }

    #[test]
    fn ticks_are_separate_on_any_length() {
        for (low, high) in [(0.0, 1.0), (-0.002, 0.0005), (-1e6, 2e6), (0.0, 1e-12)] {
            for length in [12.0, 40.0, 120.0] {
                let made = separate_ticks((low, high), length);
                for pair in made.at.windows(2) {
                    assert!((pair[1] - pair[0]) / (high - low) * length > 3.0);
                }
            }
        }
    }
}
