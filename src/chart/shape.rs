//! The shapes of which a drawing consists.

use super::geometry::Position;
use super::style::{Colour, Stroke, TextStyle};

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
