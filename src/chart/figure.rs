//! A finished picture: SVG text of a stated size, and pixels made from it; and the heading that says whose
//! picture it is.

use super::ChartError;
use super::canvas::Canvas;
use super::style::{GREY, HEADING, NOTE, TextStyle};

/// Between the edges of a picture and what it shows (mm).
pub(crate) const MARGIN: f64 = 2.0;

/// How wide a figure is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Width {
    /// One column of a journal's page, 85 mm.
    #[default]
    Column,
    /// The whole page, 174 mm.
    Page,
}

impl Width {
    /// The width in millimetres.
    pub(crate) fn millimetres(self) -> f64 {
        match self {
            Width::Column => 85.0,
            Width::Page => 174.0,
        }
    }
    /// The width between the margins in millimetres.
    pub(crate) fn inner(self) -> f64 {
        self.millimetres() - 2.0 * MARGIN
    }
}

/// What stands over every chart of a folder of results: whose it is, and of how much.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FigureHeading {
    /// Title of the scenario.
    pub(crate) title: String,
    /// How much was simulated, such as "n = 5000 couples for up to 730 days".
    pub(crate) size: String,
}

/// Lines that a title takes at most; a longer one is shortened.
const MOST_TITLE_LINES: usize = 2;
/// Lines that a size takes at most.
const MOST_SIZE_LINES: usize = 2;
/// From the heading to the chart (mm).
const UNDER_HEADING: f64 = 1.2;
const SIZE: TextStyle = NOTE.tinted(GREY);

impl FigureHeading {
    /// The lines of the heading in a picture of a width (mm), each with its style.
    fn lines(&self, width: f64) -> Vec<(String, TextStyle)> {
        let room = width - 2.0 * MARGIN;
        let mut lines = Vec::new();
        for (text, style, most) in [
            (&self.title, HEADING, MOST_TITLE_LINES),
            (&self.size, SIZE, MOST_SIZE_LINES),
        ] {
            let fitted = style.wrap_within(text, room, most);
            lines.extend(fitted.into_iter().map(|line| (line, style)));
        }
        lines
    }
}

/// A picture, as a pure function of the tables it shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Figure {
    width: f64,
    height: f64,
    svg: String,
    /// What was drawn, for a heading that moves it down.
    canvas: Canvas,
    /// What a screen reader says of it.
    description: String,
}

impl Figure {
    /// A picture of a size (mm) with its SVG text, what is drawn on it and what a screen reader says.
    pub(crate) fn new(
        (width, height): (f64, f64),
        svg: String,
        canvas: Canvas,
        description: &str,
    ) -> Figure {
        Figure {
            width,
            height,
            svg,
            canvas,
            description: description.to_owned(),
        }
    }
    /// The picture under a heading. A title that is too long is wrapped, and shortened after two lines.
    ///
    /// # Errors
    /// [`ChartError::Drawing`] where the drawing library refuses a shape.
    pub(crate) fn under(self, heading: &FigureHeading) -> Result<Figure, ChartError> {
        let lines = heading.lines(self.width);
        if lines.is_empty() {
            return Ok(self);
        }
        let height: f64 = lines.iter().map(|(_, style)| style.line()).sum();
        let mut canvas = self.canvas.lowered(MARGIN / 2.0 + height + UNDER_HEADING);
        let mut top = MARGIN / 2.0;
        for (line, style) in lines {
            canvas.text((MARGIN, top + style.line() / 2.0), &line, style);
            top += style.line();
        }
        let title = heading.title.trim();
        let described = match title.is_empty() {
            true => self.description,
            false => format!("{title}: {}", self.description),
        };
        canvas.finish(&described)
    }
    /// Printed width (mm).
    #[cfg(test)]
    pub(crate) fn width(&self) -> f64 {
        self.width
    }
    /// Printed height (mm).
    #[cfg(test)]
    pub(crate) fn height(&self) -> f64 {
        self.height
    }
    /// The picture as SVG text, with its texts as text.
    pub(crate) fn svg(&self) -> &str {
        &self.svg
    }
    /// The picture as PNG bytes at the given resolution [dots per inch, 10–2400].
    ///
    /// Texts are set in Noto Sans, which the library carries, so that the bytes do not depend on
    /// the fonts of the machine. The file states its resolution.
    ///
    /// # Errors
    /// [`ChartError::BadArgument`] for a resolution out of range, [`ChartError::Raster`] where the
    /// rasteriser refuses the picture.
    #[cfg(feature = "png")]
    pub(crate) fn png(&self, dpi: f64) -> Result<Vec<u8>, ChartError> {
        super::raster::png(&self.svg, (self.width, self.height), dpi)
    }
    /// Fails: this build makes no PNG pictures.
    ///
    /// # Errors
    /// Always: the feature `png` is off.
    #[cfg(not(feature = "png"))]
    pub(crate) fn png(&self, _dpi: f64) -> Result<Vec<u8>, ChartError> {
        Err(ChartError::Raster {
            source: "this build lacks the feature `png`".into(),
        })
    }
}
