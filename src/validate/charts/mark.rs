//! How the verdict on a published number is drawn: shapes differ as well as colours.

use crate::chart::canvas::{Canvas, Place};
use crate::chart::legend::{Key, Sample};
use crate::chart::style::{BLUE, GREY, Stroke, VERMILLION, WHITE};

/// Radius of a mark (mm).
const DOT: f64 = 0.8;
const OPEN: Stroke = Stroke::solid(GREY, 0.7);

/// What became of a published number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Reproduced,
    Undecided,
    NotReproduced,
}

impl Mark {
    /// All of them, in the order of a key.
    const ALL: [Mark; 3] = [Mark::Reproduced, Mark::Undecided, Mark::NotReproduced];

    /// Reads the word of a table.
    pub(crate) fn of(verdict: &str) -> Mark {
        match verdict {
            "reproduced" => Mark::Reproduced,
            "not_reproduced" => Mark::NotReproduced,
            _ => Mark::Undecided,
        }
    }
    /// How good a verdict is, the best first.
    pub(crate) fn rank(self) -> u8 {
        self as u8
    }
    /// The line of an interval.
    pub(crate) fn stroke(self) -> Stroke {
        match self {
            Mark::Reproduced => Stroke::solid(BLUE, 1.0),
            Mark::Undecided => OPEN,
            Mark::NotReproduced => Stroke::solid(VERMILLION, 1.0),
        }
    }
    /// Draws the mark at a place.
    pub(crate) fn draw(self, canvas: &mut Canvas, place: Place) {
        match self {
            Mark::Reproduced => canvas.disc(place, DOT, BLUE),
            Mark::NotReproduced => canvas.diamond(place, 1.3 * DOT, VERMILLION),
            Mark::Undecided => {
                canvas.disc(place, DOT, WHITE);
                canvas.ring(place, DOT, OPEN);
            }
        }
    }
    fn sample(self) -> (Sample, &'static str) {
        match self {
            Mark::Reproduced => (
                Sample::Disc(BLUE, DOT),
                "reproduced: the simulated interval lies within the published one",
            ),
            Mark::Undecided => (Sample::Ring(OPEN, DOT), "undecided: it overlaps an end"),
            Mark::NotReproduced => (
                Sample::Diamond(VERMILLION),
                "not reproduced: it lies outside",
            ),
        }
    }
    /// Adds the marks that occur to a key.
    pub(crate) fn explain(key: &mut Key, marks: &[Mark]) {
        for mark in Mark::ALL {
            if marks.contains(&mark) {
                let (sample, words) = mark.sample();
                key.add(sample, words);
            }
        }
    }
}
