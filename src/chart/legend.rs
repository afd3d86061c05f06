//! A key in one or a few lines: samples of ink, each with its word.

use super::canvas::{Canvas, Frame, Place};
use super::style::{Colour, GREY, Stroke};
use super::text_style::NOTE;

/// What stands before a word in a key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sample {
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
    /// A short upright line.
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
    /// Nothing: the words speak for themselves.
    Words,
}

impl Sample {
    fn width(self) -> f64 {
        match self {
            Sample::Line(_) | Sample::LineOnBand(..) => 7.0,
            Sample::Bands(..) | Sample::Swatch(_) => 4.0,
            Sample::Hollow(_) | Sample::Hatched(..) => 4.0,
            Sample::Crossed(_) => 2.4,
            Sample::Disc(_, radius) | Sample::Ring(_, radius) => 2.0 * radius,
            Sample::Diamond(_) => 2.0,
            Sample::Tick(_) => 0.6,
            Sample::Arrow(_, length) => length,
            Sample::Words => 0.0,
        }
    }
    fn draw(self, canvas: &mut Canvas, (x, y): Place) {
        let width = self.width();
        let (middle, end) = ((x + width / 2.0, y), (x + width, y));
        let slab = |half: f64| Frame {
            left: x,
            top: y - half,
            width,
            height: 2.0 * half,
        };
        match self {
            Sample::Line(stroke) => canvas.line((x, y), end, stroke),
            Sample::LineOnBand(stroke, colour) => {
                canvas.rectangle(slab(1.1), colour);
                canvas.line((x, y), end, stroke);
            }
            Sample::Bands(outer, inner) => {
                canvas.rectangle(slab(1.3), outer);
                canvas.rectangle(slab(0.6), inner);
            }
            Sample::Disc(colour, radius) => canvas.disc(middle, radius, colour),
            Sample::Ring(stroke, radius) => canvas.ring(middle, radius, stroke),
            Sample::Diamond(colour) => canvas.diamond(middle, 1.0, colour),
            Sample::Tick(stroke) => canvas.line((middle.0, y - 1.0), (middle.0, y + 1.0), stroke),
            Sample::Arrow(stroke, _) => canvas.arrow((x, y), end, stroke),
            Sample::Swatch(colour) => {
                let frame = slab(1.1);
                canvas.rectangle(frame, colour);
                canvas.outline(frame, Stroke::solid(GREY, 0.3));
            }
            Sample::Hollow(stroke) => canvas.outline(slab(1.1), stroke),
            Sample::Hatched(stroke, apart) => {
                canvas.hatch(slab(1.1), apart, stroke);
                canvas.outline(slab(1.1), Stroke::solid(GREY, 0.3));
            }
            Sample::Crossed(stroke) => {
                canvas.cross(slab(1.2), stroke);
                canvas.outline(slab(1.2), stroke);
            }
            Sample::Words => {}
        }
    }
}

/// Height of a line of the key (mm).
const LINE: f64 = 3.7;
const SAMPLE_TO_WORD: f64 = 1.1;
const BETWEEN_ENTRIES: f64 = 4.0;

/// Samples and their words, in the order in which they are read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Key {
    entries: Vec<(Sample, String)>,
}

impl Key {
    /// A key with nothing in it.
    pub fn new() -> Key {
        Key::default()
    }
    /// Number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }
    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
    /// Adds an entry at the end.
    pub fn add(&mut self, sample: Sample, word: impl Into<String>) {
        self.entries.push((sample, word.into()));
    }
    /// Height that the key takes in the given width (mm).
    pub fn height(&self, width: f64) -> f64 {
        self.lines(width).len() as f64 * LINE
    }
    /// Draws the key below and to the right of a place, in the given width (mm).
    ///
    /// Entries that do not fit go on in the next line; words longer than a line are wrapped.
    pub fn draw(&self, canvas: &mut Canvas, (left, top): Place, width: f64) {
        for (i, line) in self.lines(width).iter().enumerate() {
            let y = top + (i as f64 + 0.5) * LINE;
            for (offset, sample, word) in line {
                sample.draw(canvas, (left + offset, y));
                canvas.text((left + offset + indent(*sample), y), word, NOTE);
            }
        }
    }
    fn lines(&self, width: f64) -> Vec<Vec<(f64, Sample, String)>> {
        let mut lines: Vec<Vec<(f64, Sample, String)>> = Vec::new();
        let mut end = f64::INFINITY;
        for (sample, words) in &self.entries {
            let room = width - indent(*sample);
            for (i, word) in NOTE.wrap(words, room).into_iter().enumerate() {
                let sample = if i == 0 { *sample } else { Sample::Words };
                let word = NOTE.shorten(&word, room);
                let length = indent(sample) + NOTE.width(&word);
                let start = end + BETWEEN_ENTRIES;
                let fits = i == 0 && start + length <= width;
                let start = if fits { start } else { 0.0 };
                match lines.last_mut() {
                    Some(line) if fits => line.push((start, sample, word)),
                    _ => lines.push(vec![(start, sample, word)]),
                }
                end = start + length;
            }
        }
        lines
    }
}

fn indent(sample: Sample) -> f64 {
    if sample == Sample::Words {
        0.0
    } else {
        sample.width() + SAMPLE_TO_WORD
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_that_do_not_fit_go_to_the_next_line() {
        let mut key = Key::new();
        for word in ["one", "two", "three"] {
            key.add(Sample::Tick(Stroke::solid(GREY, 0.5)), word);
        }
        assert_eq!(key.lines(200.0).len(), 1);
        assert_eq!(key.lines(12.0).len(), 3);
        assert_eq!(key.height(12.0), 3.0 * LINE);
        assert_eq!(Key::new().height(50.0), 0.0);
    }

    #[test]
    fn nothing_reaches_beyond_the_width() {
        let mut key = Key::new();
        key.add(
            Sample::Words,
            "an entry of many words that cannot stand in a single line of the key",
        );
        key.add(
            Sample::Swatch(GREY),
            "anunbreakablewordthatislongerthanthewholekeyiswide",
        );
        for (start, sample, word) in key.lines(40.0).concat() {
            assert!(
                start + indent(sample) + NOTE.width(&word) <= 40.0 + 1e-9,
                "{word}"
            );
        }
    }
}
