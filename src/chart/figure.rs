//! A finished picture: its shapes, SVG text of a stated size, and pixels made from it.

use super::ChartError;
use super::geometry::Position;
use super::style::{Colour, Stroke, TextStyle};

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

/// One thing drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum CanvasShape {
    /// An open path.
    Path(Vec<Position>, Stroke),
    /// A filled outline.
    Area(Vec<Position>, Colour),
    /// A filled disc: centre and radius.
    Disc(Position, f64, Colour),
    /// A circle: centre and radius.
    Ring(Position, f64, Stroke),
    /// A text.
    Text(Position, String, TextStyle),
}

impl CanvasShape {
    /// Moves the shape down (mm).
    pub(crate) fn lower(&mut self, down: f64) {
        match self {
            CanvasShape::Path(path, _) | CanvasShape::Area(path, _) => {
                path.iter_mut().for_each(|(_, y)| *y += down);
            }
            CanvasShape::Disc((_, y), ..)
            | CanvasShape::Ring((_, y), ..)
            | CanvasShape::Text((_, y), ..) => *y += down,
        }
    }
}

/// A picture, as a pure function of the tables it shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Figure {
    width: f64,
    height: f64,
    svg: String,
    /// What was drawn, for a heading that moves it down.
    shapes: Vec<CanvasShape>,
    /// What a screen reader says of it.
    description: String,
}

impl Figure {
    /// A picture of a size (mm) with its SVG text, what is drawn on it and what a screen reader says.
    pub(crate) fn new(
        (width, height): (f64, f64),
        svg: String,
        shapes: Vec<CanvasShape>,
        description: &str,
    ) -> Figure {
        Figure {
            width,
            height,
            svg,
            shapes,
            description: description.to_owned(),
        }
    }
    /// What is drawn.
    pub(crate) fn shapes(&self) -> &[CanvasShape] {
        &self.shapes
    }
    /// What a screen reader says of it.
    pub(crate) fn description(&self) -> &str {
        &self.description
    }
    /// Printed width (mm).
    pub(crate) fn width(&self) -> f64 {
        self.width
    }
    /// Printed height (mm).
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
    /// The picture as the bytes of a PDF page of its printed size.
    ///
    /// Texts stay texts, set in the parts of Noto Sans that the file carries.
    ///
    /// # Errors
    /// [`ChartError::Pdf`] where the picture cannot be drawn on a page.
    #[cfg(feature = "pdf")]
    pub(crate) fn pdf(&self) -> Result<Vec<u8>, ChartError> {
        super::pdf::pdf(&self.svg, (self.width, self.height), &self.description)
    }
    /// Fails: this build makes no PDF pages.
    ///
    /// # Errors
    /// Always: the feature `pdf` is off.
    #[cfg(not(feature = "pdf"))]
    pub(crate) fn pdf(&self) -> Result<Vec<u8>, ChartError> {
        Err(ChartError::Pdf {
            source: "this build lacks the feature `pdf`".into(),
        })
    }
}
