//! A triangle of small cells: what belongs to pairs of axes.

use super::forest::OPEN;
use super::shade::{mix, on};
use super::sobol::Index;
use super::verdict::is_resolved;
use crate::chart::canvas::{Canvas, Frame};
use crate::chart::style::{BLUE, GREY, Stroke, WHITE};
use crate::chart::text_style::NOTE;
use crate::chart::ticks::number;

/// Largest side of a cell, and the smallest in which a number can stand (mm).
const LARGEST: f64 = 8.0;
const FOR_NUMBERS: f64 = 5.4;
/// From the sides to the middle of the numbers of the axes (mm).
const NUMBERS: f64 = 2.0;
/// Least side of a cell that a line's number can stand beside (mm).
const FOR_NAMES: f64 = 3.3;

/// The lower triangle of a square of cells, its lines and columns numbered from 1.
pub(crate) struct Matrix {
    count: usize,
    left: f64,
    top: f64,
    side: f64,
}

impl Matrix {
    /// Lays out a matrix for some axes, from its upper left corner to the right (mm).
    pub(crate) fn new(count: usize, (left, top): (f64, f64), right: f64) -> Matrix {
        let side = ((right - left) / count.max(1) as f64).min(LARGEST);
        Matrix {
            count,
            left,
            top,
            side,
        }
    }
    /// Lower end, with the numbers under the columns (mm).
    pub(crate) fn bottom(&self) -> f64 {
        self.top + self.side * self.lines() as f64 + 2.0 * NUMBERS
    }
    /// Lines and columns: one less than there are axes.
    fn lines(&self) -> usize {
        self.count.saturating_sub(1)
    }
    fn cell(&self, column: usize, line: usize) -> Frame {
        Frame {
            left: self.left + column as f64 * self.side,
            top: self.top + (line - 1) as f64 * self.side,
            width: self.side,
            height: self.side,
        }
    }
    /// Draws the index of each pair (the smaller place first): tinted by size where it is resolved.
    pub(crate) fn draw(&self, canvas: &mut Canvas, pairs: &[(usize, usize, Index<'_>)]) {
        let largest = pairs.iter().map(|(_, _, index)| index.value.mean.abs());
        let largest = largest.fold(f64::MIN_POSITIVE, f64::max);
        for line in 1..self.count {
            for column in 0..line {
                canvas.outline(self.cell(column, line), Stroke::solid(GREY, 0.25));
            }
        }
        for (column, line, index) in pairs {
            let cell = self.cell(*column, *line);
            let size = (index.value.mean.abs() / largest).min(1.0);
            let resolved = is_resolved(index.verdict);
            let ground = if resolved {
                mix(WHITE, BLUE, size)
            } else {
                WHITE
            };
            if resolved {
                canvas.rectangle(cell, ground);
            }
            canvas.outline(cell, OPEN);
            let ink = if resolved { on(ground) } else { GREY };
            let words = number(index.value.mean, 0.01);
            if self.side >= FOR_NUMBERS && NOTE.width(&words) < self.side - 0.4 {
                canvas.text(cell.centre(), &words, NOTE.centred().tinted(ink));
            }
        }
        self.number_lines(canvas);
    }
    fn number_lines(&self, canvas: &mut Canvas) {
        let every = (FOR_NAMES / self.side).ceil().max(1.0) as usize;
        for k in (0..self.lines()).step_by(every) {
            let (x, y) = self.cell(k, k + 1).centre();
            let low = self.top + self.lines() as f64 * self.side;
            canvas.text((self.left - 0.8, y), &(k + 2).to_string(), NOTE.ending());
            canvas.text((x, low + NUMBERS), &(k + 1).to_string(), NOTE.centred());
        }
    }
}
