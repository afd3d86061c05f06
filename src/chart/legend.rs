//! Legends, which are handles with their texts in one or a few lines, and direct labels at the ends of lines,
//! which are moved apart where they would touch.

use super::ChartError;
use super::canvas::Canvas;
use super::figure::{Figure, MARGIN};
use super::format::count;
use super::geometry::{Position, Rect};
use super::style::{Colour, Dash, GREY, LABEL, NOTE, Stroke};

/// What stands before a text in a legend.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum LegendHandle {
    /// A piece of line.
    Line(Stroke),
    /// A piece of line on its band.
    LineOnBand(Stroke, Colour),
    /// A band, and a darker one within it.
    Bands(Colour, Colour),
    /// A filled disc of a radius (mm).
    Disc(Colour, f64),
    /// A circle of a radius (mm).
    Ring(Stroke, f64),
    /// A filled square on its corner.
    Diamond(Colour),
    /// A short vertical line.
    Tick(Stroke),
    /// An arrow of a length (mm).
    Arrow(Stroke, f64),
    /// A filled rectangle with a thin outline.
    Swatch(Colour),
    /// An empty rectangle with an outline.
    Hollow(Stroke),
    /// A rectangle hatched with lines so far apart (mm), with a thin outline.
    Hatched(Stroke, f64),
    /// A rectangle with its diagonals.
    Crossed(Stroke),
    /// Nothing: the entry is a note.
    None,
}

impl LegendHandle {
    fn width(self) -> f64 {
        match self {
            LegendHandle::Line(_) | LegendHandle::LineOnBand(..) => 7.0,
            LegendHandle::Bands(..) | LegendHandle::Swatch(_) => 4.0,
            LegendHandle::Hollow(_) | LegendHandle::Hatched(..) => 4.0,
            LegendHandle::Crossed(_) => 2.4,
            LegendHandle::Disc(_, radius) | LegendHandle::Ring(_, radius) => 2.0 * radius,
            LegendHandle::Diamond(_) => 2.0,
            LegendHandle::Tick(_) => 0.6,
            LegendHandle::Arrow(_, length) => length,
            LegendHandle::None => 0.0,
        }
    }
    fn draw(self, canvas: &mut Canvas, (x, y): Position) {
        let width = self.width();
        let (middle, end) = ((x + width / 2.0, y), (x + width, y));
        let slab = |half: f64| Rect {
            left: x,
            top: y - half,
            width,
            height: 2.0 * half,
        };
        match self {
            LegendHandle::Line(stroke) => canvas.line((x, y), end, stroke),
            LegendHandle::LineOnBand(stroke, colour) => {
                canvas.rectangle(slab(1.1), colour);
                canvas.line((x, y), end, stroke);
            }
            LegendHandle::Bands(outer, inner) => {
                canvas.rectangle(slab(1.3), outer);
                canvas.rectangle(slab(0.6), inner);
            }
            LegendHandle::Disc(colour, radius) => canvas.disc(middle, radius, colour),
            LegendHandle::Ring(stroke, radius) => canvas.ring(middle, radius, stroke),
            LegendHandle::Diamond(colour) => canvas.diamond(middle, 1.0, colour),
            LegendHandle::Tick(stroke) => {
                canvas.line((middle.0, y - 1.0), (middle.0, y + 1.0), stroke)
            }
            LegendHandle::Arrow(stroke, _) => canvas.arrow((x, y), end, stroke),
            LegendHandle::Swatch(colour) => {
                let frame = slab(1.1);
                canvas.rectangle(frame, colour);
                canvas.outline(frame, Stroke::solid(GREY, 0.3));
            }
            LegendHandle::Hollow(stroke) => canvas.outline(slab(1.1), stroke),
            LegendHandle::Hatched(stroke, apart) => {
                canvas.hatch(slab(1.1), apart, stroke);
                canvas.outline(slab(1.1), Stroke::solid(GREY, 0.3));
            }
            LegendHandle::Crossed(stroke) => {
                canvas.cross(slab(1.2), stroke);
                canvas.outline(slab(1.2), stroke);
            }
            LegendHandle::None => {}
        }
    }
}

/// Height of a line of the legend (mm).
const LINE: f64 = 3.7;
const HANDLE_TO_TEXT: f64 = 1.1;
const BETWEEN_ENTRIES: f64 = 4.0;

/// Handles and their texts, in reading order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Legend {
    entries: Vec<(LegendHandle, String)>,
}

impl Legend {
    /// A legend without entries.
    pub(crate) fn new() -> Legend {
        Legend::default()
    }
    /// Number of entries.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }
    /// Adds an entry at the end.
    pub(crate) fn add(&mut self, handle: LegendHandle, text: impl Into<String>) {
        self.entries.push((handle, text.into()));
    }
    /// Adds a text without a handle.
    pub(crate) fn note(&mut self, text: impl Into<String>) {
        self.add(LegendHandle::None, text);
    }
    /// Says that only the first `shown` of `known` things are drawn, where that is so.
    pub(crate) fn note_first(&mut self, shown: usize, known: usize, things: &str) {
        if known > shown {
            let (shown, known) = (count(shown as i64), count(known as i64));
            self.note(format!("first {shown} of {known} {things} shown"));
        }
    }
    /// Places the legend between the margins of a picture of a width, under what ends at `bottom` (mm).
    pub(crate) fn below(self, width: f64, bottom: f64) -> LegendBelow {
        self.below_within(width, (MARGIN, width - MARGIN), bottom)
    }
    /// Places the legend between two positions from the left, under what ends at `bottom` (mm).
    pub(crate) fn below_within(
        self,
        width: f64,
        (left, right): (f64, f64),
        bottom: f64,
    ) -> LegendBelow {
        LegendBelow {
            legend: self,
            width,
            top: bottom,
            left,
            right,
        }
    }
    /// Height that the legend takes in the given width (mm).
    pub(crate) fn height(&self, width: f64) -> f64 {
        self.lines(width).len() as f64 * LINE
    }
    /// Draws the legend below and to the right of a position, in the given width (mm).
    ///
    /// Entries that do not fit go on in the next line; texts longer than a line are wrapped.
    pub(crate) fn draw(&self, canvas: &mut Canvas, (left, top): Position, width: f64) {
        for (i, line) in self.lines(width).iter().enumerate() {
            let y = top + (i as f64 + 0.5) * LINE;
            for (offset, handle, text) in line {
                handle.draw(canvas, (left + offset, y));
                canvas.text((left + offset + indent(*handle), y), text, NOTE);
            }
        }
    }
    fn lines(&self, width: f64) -> Vec<Vec<(f64, LegendHandle, String)>> {
        let mut lines: Vec<Vec<(f64, LegendHandle, String)>> = Vec::new();
        let mut end = f64::INFINITY;
        for (handle, entry) in &self.entries {
            let space = width - indent(*handle);
            for (i, text) in NOTE.wrap(entry, space).into_iter().enumerate() {
                let handle = if i == 0 { *handle } else { LegendHandle::None };
                let text = NOTE.shorten(&text, space);
                let length = indent(handle) + NOTE.width(&text);
                let start = end + BETWEEN_ENTRIES;
                let fits = i == 0 && start + length <= width;
                let start = if fits { start } else { 0.0 };
                match lines.last_mut() {
                    Some(line) if fits => line.push((start, handle, text)),
                    _ => lines.push(vec![(start, handle, text)]),
                }
                end = start + length;
            }
        }
        lines
    }
}

/// Under a legend at the foot of a picture (mm).
const UNDER_LEGEND: f64 = 1.0;

/// A legend at the foot of a picture, which fixes the picture's height.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LegendBelow {
    legend: Legend,
    /// Width of the picture (mm).
    width: f64,
    top: f64,
    left: f64,
    right: f64,
}

impl LegendBelow {
    /// An empty canvas on which the legend has its space.
    pub(crate) fn canvas(&self) -> Canvas {
        let height = self.legend.height(self.right - self.left);
        Canvas::new(self.width, self.top + height + UNDER_LEGEND)
    }
    /// Draws the legend on such a canvas and finishes the figure.
    ///
    /// # Errors
    /// [`ChartError::Drawing`] where the drawing library refuses a shape.
    pub(crate) fn finish(
        self,
        mut canvas: Canvas,
        description: &str,
    ) -> Result<Figure, ChartError> {
        let width = self.right - self.left;
        self.legend.draw(&mut canvas, (self.left, self.top), width);
        canvas.finish(description)
    }
}

fn indent(handle: LegendHandle) -> f64 {
    if handle == LegendHandle::None {
        0.0
    } else {
        handle.width() + HANDLE_TO_TEXT
    }
}

/// Moves positions apart to at least `gap`, each as little as it can, between `low` and `high`.
///
/// The order stays; of equal positions the first given lies lower. Where there is not space for all, the gap
/// shrinks.
pub(crate) fn spread(wanted: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]));
    let space = (high - low) / wanted.len().saturating_sub(1).max(1) as f64;
    let gap = gap.min(space);
    // Blocks of touching labels: how many, and the sum of where their first one would best lie.
    let mut blocks: Vec<(usize, f64)> = Vec::new();
    for i in &order {
        blocks.push((1, wanted[*i]));
        while let [.., (before, sum), (count, other)] = blocks[..] {
            let reach = sum / before as f64 + gap * before as f64;
            if reach <= other / count as f64 {
                break;
            }
            let moved = other - gap * before as f64 * count as f64;
            blocks.truncate(blocks.len() - 2);
            blocks.push((before + count, sum + moved));
        }
    }
    let mut placed = vec![0.0; wanted.len()];
    let mut next = order.iter();
    let mut lower_limit = low;
    let mut above: usize = wanted.len();
    for (count, sum) in blocks {
        let upper_limit = high - gap * (above - 1) as f64;
        let start = (sum / count as f64).max(lower_limit).min(upper_limit);
        for (k, i) in next.by_ref().take(count).enumerate() {
            placed[*i] = start + gap * k as f64;
        }
        lower_limit = start + gap * count as f64;
        above -= count;
    }
    placed
}

/// A text for a line, and where on the canvas the line ends.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EndLabel {
    /// The text.
    pub(crate) text: String,
    /// Height of the line's end on the canvas [mm from the top].
    pub(crate) y: f64,
    /// The line's style.
    pub(crate) stroke: Stroke,
}

/// From the line's end to the handle that continues it, and the handle's length (mm).
const LEADER: f64 = 2.2;
const HANDLE: f64 = 4.5;

/// Width that end labels take next to axes (mm).
pub(crate) fn end_label_width(texts: &[&str]) -> f64 {
    let widest = texts
        .iter()
        .map(|text| LABEL.width(text))
        .fold(0.0, f64::max);
    LEADER + HANDLE + 1.0 + widest
}

/// Writes texts next to the ends of lines, each with a leader and a piece of its line.
pub(crate) fn end_labels(
    canvas: &mut Canvas,
    labels: &[EndLabel],
    right: f64,
    top: f64,
    bottom: f64,
) {
    let wanted: Vec<f64> = labels.iter().map(|label| label.y).collect();
    for (label, y) in labels
        .iter()
        .zip(spread(&wanted, LABEL.line(), top, bottom))
    {
        let leader = Stroke {
            width: 0.4,
            dash: Dash::Solid,
            ..label.stroke
        };
        canvas.line((right + 0.3, label.y), (right + LEADER, y), leader);
        canvas.line(
            (right + LEADER, y),
            (right + LEADER + HANDLE, y),
            label.stroke,
        );
        canvas.text((right + LEADER + HANDLE + 0.8, y), &label.text, LABEL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_that_do_not_fit_go_to_the_next_line() {
        let mut legend = Legend::new();
        for text in ["one", "two", "three"] {
            legend.add(LegendHandle::Tick(Stroke::solid(GREY, 0.5)), text);
        }
        assert_eq!(legend.lines(200.0).len(), 1);
        assert_eq!(legend.lines(12.0).len(), 3);
        assert_eq!(legend.height(12.0), 3.0 * LINE);
        assert_eq!(Legend::new().height(50.0), 0.0);
    }

    #[test]
    fn nothing_reaches_beyond_the_width() {
        let mut legend = Legend::new();
        legend.add(
            LegendHandle::None,
            "an entry of many words that cannot stand in a single line of the legend",
        );
        legend.add(
            LegendHandle::Swatch(GREY),
            "anunbreakablewordthatislongerthanthewholelegendiswide",
        );
        for (start, handle, text) in legend.lines(40.0).concat() {
            assert!(
                start + indent(handle) + NOTE.width(&text) <= 40.0 + 1e-9,
                "{text}"
            );
        }
    }

    #[test]
    fn labels_with_space_stay_where_they_are() {
        assert_eq!(spread(&[9.0, 1.0, 5.0], 2.0, 0.0, 10.0), [9.0, 1.0, 5.0]);
    }

    #[test]
    fn crowded_labels_move_apart_evenly() {
        assert_eq!(spread(&[5.0, 5.0, 5.0], 2.0, 0.0, 10.0), [3.0, 5.0, 7.0]);
        assert_eq!(spread(&[0.0, 0.0], 2.0, 0.0, 10.0), [0.0, 2.0]);
        assert_eq!(spread(&[10.0, 9.9], 2.0, 0.0, 10.0), [10.0, 8.0]);
    }

    #[test]
    fn no_two_labels_are_closer_than_the_gap() {
        for seed in 0..200_u64 {
            let wanted: Vec<f64> = (0..6)
                .map(|i| ((seed * 31 + i * i * 17) * 7919 % 1000) as f64 / 100.0)
                .collect();
            let mut placed = spread(&wanted, 1.5, 0.0, 10.0);
            assert!(
                placed.iter().all(|y| (-1e-9..=10.0 + 1e-9).contains(y)),
                "{wanted:?} {placed:?}"
            );
            placed.sort_by(f64::total_cmp);
            assert!(
                placed.windows(2).all(|w| w[1] - w[0] >= 1.5 - 1e-9),
                "{wanted:?} {placed:?}"
            );
        }
    }

    #[test]
    fn without_space_the_gap_shrinks() {
        assert_eq!(spread(&[0.0, 0.0, 0.0], 9.0, 0.0, 4.0), [0.0, 2.0, 4.0]);
        assert!(spread(&[], 1.0, 0.0, 1.0).is_empty());
    }
}
