//! A sheet of paper in millimetres, on which marks are laid one over the other.
//!
//! Charts know this sheet only; which library turns the marks into SVG text is the business of
//! one file.

use super::error::ChartError;
use super::figure::Figure;
use super::style::{Colour, Stroke, dashes};
use super::text_style::Lettering;

/// A place on the sheet: millimetres from the left and from the top.
pub type Place = (f64, f64);

/// A rectangle on the sheet (mm).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Distance from the sheet's left edge.
    pub left: f64,
    /// Distance from the sheet's upper edge.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Frame {
    /// Right edge.
    pub fn right(self) -> f64 {
        self.left + self.width
    }
    /// Lower edge.
    pub fn bottom(self) -> f64 {
        self.top + self.height
    }
    /// Whether a place lies in the rectangle or on its edge.
    pub fn contains(self, (x, y): Place) -> bool {
        (self.left..=self.right()).contains(&x) && (self.top..=self.bottom()).contains(&y)
    }
    /// The point in the middle.
    pub fn centre(self) -> Place {
        (self.left + self.width / 2.0, self.top + self.height / 2.0)
    }
}

/// One thing drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Mark {
    /// An open path.
    Path(Vec<Place>, Stroke),
    /// A filled outline.
    Area(Vec<Place>, Colour),
    /// A filled disc: centre and radius.
    Disc(Place, f64, Colour),
    /// A circle: centre and radius.
    Ring(Place, f64, Stroke),
    /// A text.
    Text(Place, String, Lettering),
}

/// The sheet and what is on it so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Canvas {
    width: f64,
    height: f64,
    marks: Vec<Mark>,
}

impl Canvas {
    /// An empty white sheet of the given size (mm).
    pub fn new(width: f64, height: f64) -> Canvas {
        Canvas {
            width,
            height,
            marks: Vec::new(),
        }
    }
    /// Width (mm).
    pub fn width(&self) -> f64 {
        self.width
    }
    /// Draws an open path through some places; places that are not finite are an error at the end.
    pub fn path(&mut self, path: &[Place], stroke: Stroke) {
        for piece in dashes(path, stroke.dash) {
            self.marks.push(Mark::Path(piece, stroke));
        }
    }
    /// Draws a straight line.
    pub fn line(&mut self, from: Place, to: Place, stroke: Stroke) {
        self.path(&[from, to], stroke);
    }
    /// Fills the outline through some places.
    pub fn area(&mut self, outline: Vec<Place>, colour: Colour) {
        self.marks.push(Mark::Area(outline, colour));
    }
    /// Fills a rectangle.
    pub fn rectangle(&mut self, frame: Frame, colour: Colour) {
        let Frame { left, top, .. } = frame;
        let (right, bottom) = (frame.right(), frame.bottom());
        self.area(
            vec![(left, top), (right, top), (right, bottom), (left, bottom)],
            colour,
        );
    }
    /// Draws the four sides of a rectangle.
    pub fn outline(&mut self, frame: Frame, stroke: Stroke) {
        let Frame { left, top, .. } = frame;
        let (right, bottom) = (frame.right(), frame.bottom());
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
        self.path(
            &[corners[0], corners[1], corners[2], corners[3], corners[0]],
            stroke,
        );
    }
    /// Draws both diagonals of a rectangle.
    pub fn cross(&mut self, frame: Frame, stroke: Stroke) {
        let Frame { left, top, .. } = frame;
        let (right, bottom) = (frame.right(), frame.bottom());
        self.line((left, top), (right, bottom), stroke);
        self.line((left, bottom), (right, top), stroke);
    }
    /// Hatches a rectangle with rising lines `apart` (mm) across; those of neighbours run on.
    pub fn hatch(&mut self, frame: Frame, apart: f64, stroke: Stroke) {
        let Frame { left, top, .. } = frame;
        let (right, bottom) = (frame.right(), frame.bottom());
        // Each line is x + y = k × apart.
        let (first, last) = ((left + top) / apart, (right + bottom) / apart);
        for k in first.ceil() as i64..=last.floor() as i64 {
            let sum = k as f64 * apart;
            let (from, to) = (left.max(sum - bottom), right.min(sum - top));
            if from < to {
                self.line((from, sum - from), (to, sum - to), stroke);
            }
        }
    }
    /// Draws a filled disc of a radius (mm).
    pub fn disc(&mut self, centre: Place, radius: f64, colour: Colour) {
        self.marks.push(Mark::Disc(centre, radius, colour));
    }
    /// Draws a circle of a radius (mm).
    pub fn ring(&mut self, centre: Place, radius: f64, stroke: Stroke) {
        self.marks.push(Mark::Ring(centre, radius, stroke));
    }
    /// Draws a filled square standing on its corner, of half a diagonal (mm).
    pub fn diamond(&mut self, (x, y): Place, half: f64, colour: Colour) {
        self.area(
            vec![(x, y - half), (x + half, y), (x, y + half), (x - half, y)],
            colour,
        );
    }
    /// Draws an arrow whose head is no longer than the arrow.
    pub fn arrow(&mut self, from: Place, to: Place, stroke: Stroke) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = (dx * dx + dy * dy).sqrt();
        if length <= 0.0 {
            return;
        }
        let head = length.min(1.3);
        let (ux, uy) = (dx / length, dy / length);
        let neck = (to.0 - head * ux, to.1 - head * uy);
        let half = 0.38 * head;
        if length > head {
            self.line(from, neck, stroke);
        }
        let barbs = [
            (neck.0 - half * uy, neck.1 + half * ux),
            (neck.0 + half * uy, neck.1 - half * ux),
        ];
        self.area(vec![to, barbs[0], barbs[1]], stroke.colour);
    }
    /// Writes a text; an empty one leaves no mark.
    pub fn text(&mut self, place: Place, text: &str, lettering: Lettering) {
        if !text.is_empty() {
            self.marks
                .push(Mark::Text(place, text.to_owned(), lettering));
        }
    }
    /// Turns the sheet into a figure; `description` is what a screen reader says of it.
    ///
    /// # Errors
    /// [`ChartError::Drawing`] where the drawing library refuses a mark.
    pub fn finish(self, description: &str) -> Result<Figure, ChartError> {
        let svg = super::svg::write(self.width, self.height, &self.marks, description)?;
        Ok(Figure::new(self.width, self.height, svg))
    }
}
