//! Marks as SVG text: with the measuring of letters, all that knows the drawing library.
//!
//! The library places everything on whole units, so the sheet has fifty units to the millimetre,
//! and the picture's opening tag says how large it is printed.

use super::canvas::{Mark, Place};
use super::error::ChartError;
use super::style::{Colour, WHITE};
use super::text_style::{Anchor, FAMILY, Lettering, MM_PER_POINT};
use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, FontTransform};
use plotters::style::{RGBAColor, ShapeStyle, TextStyle};
use std::error::Error;

const UNITS_PER_MM: f64 = 50.0;
/// The library writes a font's size divided by this.
const SIZE_DIVISOR: f64 = 1.24;
/// The library centres small letters; capitals and digits need to be lowered by this [em].
const CAPITALS_LOWER: f64 = 0.1;

/// Writes a sheet of the given size (mm).
pub(crate) fn write(
    width: f64,
    height: f64,
    marks: &[Mark],
    description: &str,
) -> Result<String, ChartError> {
    let size = (units(width)?.unsigned_abs(), units(height)?.unsigned_abs());
    let mut svg = String::new();
    let mut backend = SVGBackend::with_string(&mut svg, size);
    let corner = (units(width)?, units(height)?);
    backend
        .draw_rect((0, 0), corner, &shape(WHITE, 0), true)
        .map_err(refused)?;
    for mark in marks {
        draw(&mut backend, mark)?;
    }
    backend.present().map_err(refused)?;
    drop(backend);
    Ok(state_size(&svg, width, height, size, description))
}

fn draw(backend: &mut SVGBackend<'_>, mark: &Mark) -> Result<(), ChartError> {
    match mark {
        Mark::Path(path, stroke) => {
            let style = shape(stroke.colour, line_units(stroke.width));
            backend.draw_path(all_units(path)?, &style).map_err(refused)
        }
        Mark::Area(outline, colour) => backend
            .fill_polygon(all_units(outline)?, &shape(*colour, 0))
            .map_err(refused),
        Mark::Disc(centre, radius, colour) => {
            let radius = units(*radius)?.unsigned_abs();
            let style = shape(*colour, 0);
            backend
                .draw_circle(place(*centre)?, radius, &style, true)
                .map_err(refused)
        }
        Mark::Ring(centre, radius, stroke) => {
            let style = shape(stroke.colour, line_units(stroke.width));
            let radius = units(*radius)?.unsigned_abs();
            backend
                .draw_circle(place(*centre)?, radius, &style, false)
                .map_err(refused)
        }
        Mark::Text(at, text, lettering) => letters(backend, *at, text, *lettering),
    }
}

fn letters(
    backend: &mut SVGBackend<'_>,
    (x, y): Place,
    text: &str,
    lettering: Lettering,
) -> Result<(), ChartError> {
    let em = lettering.size * MM_PER_POINT;
    let lower = CAPITALS_LOWER * em;
    let (at, turn) = if lettering.upwards {
        ((x + lower, y), FontTransform::Rotate270)
    } else {
        ((x, y + lower), FontTransform::None)
    };
    let style = if lettering.bold {
        FontStyle::Bold
    } else {
        FontStyle::Normal
    };
    let size = (em * UNITS_PER_MM).round() * SIZE_DIVISOR;
    let font = FontDesc::new(FontFamily::Name(FAMILY), size, style).transform(turn);
    let across = match lettering.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let style = TextStyle {
        font,
        color: colour(lettering.colour).to_backend_color(),
        pos: Pos::new(across, VPos::Center),
    };
    backend.draw_text(text, &style, place(at)?).map_err(refused)
}

/// Gives the picture its printed size, round joins and a description, in place of the library's tag.
fn state_size(svg: &str, width: f64, height: f64, size: (u32, u32), description: &str) -> String {
    let body = svg.split_once('>').map_or(svg, |(_, body)| body);
    let description = description
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}mm\" height=\"{height}mm\" \
         viewBox=\"0 0 {} {}\" role=\"img\" stroke-linejoin=\"round\">\n<title>{description}</title>{body}",
        size.0, size.1
    )
}

fn shape(ink: Colour, stroke_width: u32) -> ShapeStyle {
    ShapeStyle {
        color: colour(ink),
        filled: true,
        stroke_width,
    }
}

fn colour(ink: Colour) -> RGBAColor {
    RGBAColor(ink.rgb.0, ink.rgb.1, ink.rgb.2, ink.alpha)
}

fn line_units(points: f64) -> u32 {
    (points * MM_PER_POINT * UNITS_PER_MM).round().max(1.0) as u32
}

/// Units beyond which a mark is surely a mistake: the library counts in 32 bits.
const FARTHEST: f64 = 1e8;

fn units(mm: f64) -> Result<i32, ChartError> {
    let units = (mm * UNITS_PER_MM).round();
    if units.abs() < FARTHEST {
        Ok(units as i32)
    } else {
        Err(ChartError::Drawing {
            source: format!("a mark lies at {mm} mm").into(),
        })
    }
}

fn place((x, y): Place) -> Result<(i32, i32), ChartError> {
    Ok((units(x)?, units(y)?))
}

/// Places in units, without those that repeat the one before.
fn all_units(path: &[Place]) -> Result<Vec<(i32, i32)>, ChartError> {
    let mut all = path
        .iter()
        .map(|at| place(*at))
        .collect::<Result<Vec<_>, _>>()?;
    all.dedup();
    Ok(all)
}

fn refused(source: impl Error + Send + Sync + 'static) -> ChartError {
    ChartError::Drawing {
        source: Box::new(source),
    }
}
