//! A PDF page from SVG text, with its texts as texts in the font that the library carries.

use super::ChartError;
use super::raster::parse;
use krilla::geom::Size;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::{Document, SerializeSettings};
use krilla_svg::{SurfaceExt, SvgSettings};

const POINTS_PER_MM: f64 = 72.0 / 25.4;

/// Makes one page of the size of a picture (mm). The file has no date, so that the same picture gives the same bytes.
pub(crate) fn pdf(svg: &str, size: (f64, f64), title: &str) -> Result<Vec<u8>, ChartError> {
    let tree = parse(svg).map_err(|error| failed(error.to_string()))?;
    let [width, height] = [size.0, size.1].map(|mm| (mm * POINTS_PER_MM) as f32);
    let page_settings = PageSettings::from_wh(width, height);
    let (Some(settings), Some(area)) = (page_settings, Size::from_wh(width, height)) else {
        return Err(failed("the picture has no area".to_owned()));
    };
    let mut document = Document::new_with(SerializeSettings::default());
    let metadata = Metadata::new().title(title.to_owned());
    document.set_metadata(metadata.language("en".to_owned()));
    let mut page = document.start_page_with(settings);
    let mut surface = page.surface();
    let drawn = surface.draw_svg(&tree, area, SvgSettings::default());
    surface.finish();
    page.finish();
    drawn.ok_or_else(|| failed("the picture cannot be drawn on a page".to_owned()))?;
    document
        .finish()
        .map_err(|error| failed(format!("{error:?}")))
}

fn failed(reason: String) -> ChartError {
    ChartError::Pdf {
        source: reason.into(),
    }
}

#[cfg(test)]
mod tests {
    use crate::chart::canvas::Canvas;
    use crate::chart::{BLUE, HEADING, LABEL};

    fn drawn() -> Vec<u8> {
        let mut canvas = Canvas::new(85.0, 40.0);
        canvas.disc((20.0, 20.0), 3.0, BLUE.faint(0.4));
        canvas.text((10.0, 5.0), "Mean trust", HEADING);
        canvas.text((10.0, 10.0), "95% intervals", LABEL);
        let figure = canvas.finish("a disc").expect("a figure");
        figure.pdf().expect("a page")
    }

    fn count(bytes: &[u8], text: &str) -> usize {
        let text = text.as_bytes();
        bytes.windows(text.len()).filter(|it| *it == text).count()
    }

    #[test]
    fn a_page_has_the_size_of_the_picture_and_its_fonts_and_no_date() {
        let bytes = drawn();
        assert!(bytes.starts_with(b"%PDF-"));
        // 85 mm and 40 mm in points.
        assert_eq!(count(&bytes, "/MediaBox[0 0 240.94489 113.385826]"), 1);
        // A font for each weight, embedded, with a map back to text.
        assert_eq!(count(&bytes, "/FontFile2"), 2);
        assert!(count(&bytes, "/ToUnicode") >= 2);
        assert_eq!(count(&bytes, "/CreationDate"), 0);
        assert!(bytes == drawn());
    }
}
