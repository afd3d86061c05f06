//! The heading over every chart: whose it is, and of how much.

use super::ChartError;
use super::canvas::Canvas;
use super::figure::{Figure, MARGIN};
use super::style::{GREY, HEADING, NOTE, TextStyle};

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
        let space = width - 2.0 * MARGIN;
        let mut lines = Vec::new();
        for (text, style, most) in [
            (&self.title, HEADING, MOST_TITLE_LINES),
            (&self.size, SIZE, MOST_SIZE_LINES),
        ] {
            let fitted = style.wrap_within(text, space, most);
            lines.extend(fitted.into_iter().map(|line| (line, style)));
        }
        lines
    }
    /// The figure under this heading. A title that is too long is wrapped, and shortened after two lines.
    ///
    /// # Errors
    /// [`ChartError::Drawing`] where the drawing library refuses a shape.
    pub(crate) fn over(&self, figure: Figure) -> Result<Figure, ChartError> {
        let lines = self.lines(figure.width());
        if lines.is_empty() {
            return Ok(figure);
        }
        let height: f64 = lines.iter().map(|(_, style)| style.line()).sum();
        let space = MARGIN / 2.0 + height + UNDER_HEADING;
        let mut canvas = Canvas::below_space(&figure, space);
        let mut top = MARGIN / 2.0;
        for (line, style) in lines {
            canvas.text((MARGIN, top + style.line() / 2.0), &line, style);
            top += style.line();
        }
        let title = self.title.trim();
        let described = match title.is_empty() {
            true => figure.description().to_owned(),
            false => format!("{title}: {}", figure.description()),
        };
        canvas.finish(&described)
    }
}
