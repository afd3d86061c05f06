//! A drawing surface in millimetres, written as SVG text.
//!
//! Charts draw on a [`Canvas`]; this file and the measuring of text are all that knows the drawing library.
//! The library rounds positions to integers, so the canvas has fifty units to the millimetre, and the
//! picture's opening tag states the printed size.

use super::ChartError;
use super::figure::{CanvasShape, Figure};
use super::geometry::{Position, Rect, distance};
use super::style::{Anchor, Colour, FAMILY, MM_PER_POINT, Stroke, TextStyle, WHITE, dashes};
use crate::printable::replaced;
use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBAColor, ShapeStyle,
};
use std::error::Error;

/// A drawing surface in millimetres and the shapes on it so far.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Canvas {
    width: f64,
    height: f64,
    shapes: Vec<CanvasShape>,
}

impl Canvas {
    /// An empty white canvas of the given size (mm).
    pub(crate) fn new(width: f64, height: f64) -> Canvas {
        Canvas {
            width,
            height,
            shapes: Vec::new(),
        }
    }
    /// Width (mm).
    pub(crate) fn width(&self) -> f64 {
        self.width
    }
    /// Draws an open path through some positions; positions that are not finite are an error in [`Canvas::finish`].
    pub(crate) fn path(&mut self, path: &[Position], stroke: Stroke) {
        for piece in dashes(path, stroke.dash) {
            self.shapes.push(CanvasShape::Path(piece, stroke));
        }
    }
    /// Draws a straight line.
    pub(crate) fn line(&mut self, from: Position, to: Position, stroke: Stroke) {
        self.path(&[from, to], stroke);
    }
    /// Fills the outline through some positions.
    pub(crate) fn area(&mut self, outline: Vec<Position>, colour: Colour) {
        self.shapes.push(CanvasShape::Area(outline, colour));
    }
    /// Fills a rectangle.
    pub(crate) fn rectangle(&mut self, frame: Rect, colour: Colour) {
        let Rect { left, top, .. } = frame;
        let (right, bottom) = (frame.right(), frame.bottom());
        self.area(
            vec![(left, top), (right, top), (right, bottom), (left, bottom)],
            colour,
        );
    }
    /// Draws the four sides of a rectangle.
    pub(crate) fn outline(&mut self, frame: Rect, stroke: Stroke) {
        let Rect { left, top, .. } = frame;
        let (right, bottom) = (frame.right(), frame.bottom());
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
        self.path(
            &[corners[0], corners[1], corners[2], corners[3], corners[0]],
            stroke,
        );
    }
    /// Draws both diagonals of a rectangle.
    pub(crate) fn cross(&mut self, frame: Rect, stroke: Stroke) {
        let Rect { left, top, .. } = frame;
        let (right, bottom) = (frame.right(), frame.bottom());
        self.line((left, top), (right, bottom), stroke);
        self.line((left, bottom), (right, top), stroke);
    }
    /// Hatches a rectangle with rising lines `apart` (mm) across; lines continue across neighbouring rectangles.
    pub(crate) fn hatch(&mut self, frame: Rect, apart: f64, stroke: Stroke) {
        let Rect { left, top, .. } = frame;
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
    pub(crate) fn disc(&mut self, centre: Position, radius: f64, colour: Colour) {
        self.shapes.push(CanvasShape::Disc(centre, radius, colour));
    }
    /// Draws a circle of a radius (mm).
    pub(crate) fn ring(&mut self, centre: Position, radius: f64, stroke: Stroke) {
        self.shapes.push(CanvasShape::Ring(centre, radius, stroke));
    }
    /// Draws a circle of a radius (mm) that hides what is under it.
    pub(crate) fn hollow_disc(&mut self, centre: Position, radius: f64, stroke: Stroke) {
        self.disc(centre, radius, WHITE);
        self.ring(centre, radius, stroke);
    }
    /// Draws a filled square standing on its corner, of half a diagonal (mm).
    pub(crate) fn diamond(&mut self, (x, y): Position, half: f64, colour: Colour) {
        self.area(
            vec![(x, y - half), (x + half, y), (x, y + half), (x - half, y)],
            colour,
        );
    }
    /// Draws an arrow whose head is no longer than the arrow.
    pub(crate) fn arrow(&mut self, from: Position, to: Position, stroke: Stroke) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = distance(from, to);
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
    /// Writes a text; an empty one draws nothing. Characters that cannot be printed are replaced, because
    /// most of them cannot stand in SVG.
    pub(crate) fn text(&mut self, position: Position, text: &str, style: TextStyle) {
        if !text.is_empty() {
            self.shapes.push(CanvasShape::Text(
                position,
                replaced(text).into_owned(),
                style,
            ));
        }
    }
    /// Writes the canvas as a figure; `description` is what a screen reader says of it.
    ///
    /// # Errors
    /// [`ChartError::Drawing`] where the drawing library refuses a shape.
    pub(crate) fn finish(self, description: &str) -> Result<Figure, ChartError> {
        let svg = write_svg(self.width, self.height, &self.shapes, description)?;
        let size = (self.width, self.height);
        Ok(Figure::new(size, svg, self.shapes, description))
    }
    /// What is drawn on a figure, on a canvas that is higher by `space` (mm) above it.
    pub(crate) fn below_space(figure: &Figure, space: f64) -> Canvas {
        let mut shapes = figure.shapes().to_vec();
        shapes.iter_mut().for_each(|shape| shape.lower(space));
        Canvas {
            width: figure.width(),
            height: figure.height() + space,
            shapes,
        }
    }
}

const UNITS_PER_MM: f64 = 50.0;
/// The library writes a font's size divided by this.
const SIZE_DIVISOR: f64 = 1.24;
/// The library centres small letters; capitals and digits need to be lowered by this [em].
const CAPITALS_LOWER: f64 = 0.1;

/// Writes shapes on a canvas of the given size (mm) as SVG text.
fn write_svg(
    width: f64,
    height: f64,
    shapes: &[CanvasShape],
    description: &str,
) -> Result<String, ChartError> {
    let size = (units(width)?.unsigned_abs(), units(height)?.unsigned_abs());
    let mut svg = String::new();
    let mut backend = SVGBackend::with_string(&mut svg, size);
    let corner = (units(width)?, units(height)?);
    backend
        .draw_rect((0, 0), corner, &shape_style(WHITE, 0), true)
        .map_err(refused)?;
    for shape in shapes {
        draw_shape(&mut backend, shape)?;
    }
    backend.present().map_err(refused)?;
    drop(backend);
    Ok(state_size(&svg, width, height, size, description))
}

fn draw_shape(backend: &mut SVGBackend<'_>, shape: &CanvasShape) -> Result<(), ChartError> {
    match shape {
        CanvasShape::Path(path, stroke) => {
            let style = shape_style(stroke.colour, line_units(stroke.width));
            backend.draw_path(all_units(path)?, &style).map_err(refused)
        }
        CanvasShape::Area(outline, colour) => backend
            .fill_polygon(all_units(outline)?, &shape_style(*colour, 0))
            .map_err(refused),
        CanvasShape::Disc(centre, radius, colour) => {
            let radius = units(*radius)?.unsigned_abs();
            let style = shape_style(*colour, 0);
            backend
                .draw_circle(units_of(*centre)?, radius, &style, true)
                .map_err(refused)
        }
        CanvasShape::Ring(centre, radius, stroke) => {
            let style = shape_style(stroke.colour, line_units(stroke.width));
            let radius = units(*radius)?.unsigned_abs();
            backend
                .draw_circle(units_of(*centre)?, radius, &style, false)
                .map_err(refused)
        }
        CanvasShape::Text(at, text, style) => draw_text(backend, *at, text, *style),
    }
}

fn draw_text(
    backend: &mut SVGBackend<'_>,
    (x, y): Position,
    text: &str,
    text_style: TextStyle,
) -> Result<(), ChartError> {
    let em = text_style.size * MM_PER_POINT;
    let lower = CAPITALS_LOWER * em;
    let (at, turn) = if text_style.upwards {
        ((x + lower, y), FontTransform::Rotate270)
    } else {
        ((x, y + lower), FontTransform::None)
    };
    let style = if text_style.bold {
        FontStyle::Bold
    } else {
        FontStyle::Normal
    };
    let size = (em * UNITS_PER_MM).round() * SIZE_DIVISOR;
    let font = FontDesc::new(FontFamily::Name(FAMILY), size, style).transform(turn);
    let across = match text_style.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let style = plotters::style::TextStyle {
        font,
        color: rgba(text_style.colour).to_backend_color(),
        pos: Pos::new(across, VPos::Center),
    };
    backend
        .draw_text(text, &style, units_of(at)?)
        .map_err(refused)
}

/// Gives the picture its printed size, round joins and a description, in place of the library's tag.
fn state_size(svg: &str, width: f64, height: f64, size: (u32, u32), description: &str) -> String {
    let body = svg.split_once('>').map_or(svg, |(_, body)| body);
    let description = replaced(description)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}mm\" height=\"{height}mm\" \
         viewBox=\"0 0 {} {}\" role=\"img\" stroke-linejoin=\"round\">\n<title>{description}</title>{body}",
        size.0, size.1
    )
}

fn shape_style(of: Colour, stroke_width: u32) -> ShapeStyle {
    ShapeStyle {
        color: rgba(of),
        filled: true,
        stroke_width,
    }
}

fn rgba(of: Colour) -> RGBAColor {
    RGBAColor(of.rgb.0, of.rgb.1, of.rgb.2, of.alpha)
}

fn line_units(points: f64) -> u32 {
    (points * MM_PER_POINT * UNITS_PER_MM).round().max(1.0) as u32
}

/// Units beyond which a position must be a mistake: the library counts in 32 bits.
const FARTHEST: f64 = 1e8;

fn units(mm: f64) -> Result<i32, ChartError> {
    let units = (mm * UNITS_PER_MM).round();
    if units.abs() < FARTHEST {
        Ok(units as i32)
    } else {
        Err(ChartError::Drawing {
            source: format!("a shape lies at {mm} mm").into(),
        })
    }
}

fn units_of((x, y): Position) -> Result<(i32, i32), ChartError> {
    Ok((units(x)?, units(y)?))
}

/// Positions in units, without those that repeat the one before.
fn all_units(path: &[Position]) -> Result<Vec<(i32, i32)>, ChartError> {
    let mut all = path
        .iter()
        .map(|at| units_of(*at))
        .collect::<Result<Vec<_>, _>>()?;
    all.dedup();
    Ok(all)
}

fn refused(source: impl Error + Send + Sync + 'static) -> ChartError {
    ChartError::Drawing {
        source: Box::new(source),
    }
}
