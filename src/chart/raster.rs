//! Pixels from SVG text, set in the font that the library carries.

use super::ChartError;
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg;
use std::error::Error;
use std::sync::Arc;

const MM_PER_INCH: f64 = 25.4;

/// Draws a picture of a size (mm) on white at the given resolution [dots per inch].
pub(crate) fn png(svg: &str, size: (f64, f64), dpi: f64) -> Result<Vec<u8>, ChartError> {
    if !(10.0..=2400.0).contains(&dpi) {
        return Err(ChartError::BadArgument {
            name: "resolution",
            must: "10 to 2400 dpi",
            value: dpi,
        });
    }
    let tree = parse(svg).map_err(raster)?;
    let pixels = |mm: f64| (mm / MM_PER_INCH * dpi).round() as u32;
    let (width, height) = (pixels(size.0), pixels(size.1));
    let mut pixmap =
        Pixmap::new(width, height).ok_or_else(|| raster("the picture has no area in pixels"))?;
    pixmap.fill(Color::WHITE);
    let fit = Transform::from_scale(
        width as f32 / tree.size().width(),
        height as f32 / tree.size().height(),
    );
    resvg::render(&tree, fit, &mut pixmap.as_mut());
    Ok(state_resolution(pixmap.encode_png().map_err(raster)?, dpi))
}

/// Reads SVG text with Noto Sans as its only font.
pub(crate) fn parse(svg: &str) -> Result<usvg::Tree, usvg::Error> {
    let mut fonts = usvg::fontdb::Database::new();
    fonts.load_font_source(usvg::fontdb::Source::Binary(Arc::new(
        notosans::REGULAR_TTF,
    )));
    fonts.load_font_source(usvg::fontdb::Source::Binary(Arc::new(notosans::BOLD_TTF)));
    fonts.set_sans_serif_family("Noto Sans");
    let options = usvg::Options {
        font_family: "Noto Sans".to_owned(),
        fontdb: Arc::new(fonts),
        ..usvg::Options::default()
    };
    usvg::Tree::from_str(svg, &options)
}

fn raster(source: impl Into<Box<dyn Error + Send + Sync>>) -> ChartError {
    ChartError::Raster {
        source: source.into(),
    }
}

/// Signature (8 bytes) and header chunk (25 bytes) come first in every PNG file.
const AFTER_HEADER: usize = 33;

/// Adds the chunk that states how large the picture is printed (PNG, `pHYs`).
fn state_resolution(mut png: Vec<u8>, dpi: f64) -> Vec<u8> {
    let per_metre = (dpi / MM_PER_INCH * 1000.0).round() as u32;
    let mut chunk = b"pHYs".to_vec();
    chunk.extend(per_metre.to_be_bytes());
    chunk.extend(per_metre.to_be_bytes());
    chunk.push(1);
    let sum = crc(&chunk);
    let length = (chunk.len() - 4) as u32;
    let complete = length
        .to_be_bytes()
        .into_iter()
        .chain(chunk)
        .chain(sum.to_be_bytes());
    let rest = png.split_off(AFTER_HEADER.min(png.len()));
    png.extend(complete);
    png.extend(rest);
    png
}

/// The cyclic redundancy check of PNG's chunks (ISO 3309).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_sum_agrees_with_the_published_value() {
        assert_eq!(crc(b"123456789"), 0xCBF4_3926);
    }
}
