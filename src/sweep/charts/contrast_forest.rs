//! The frame of charts of differences: a forest plot about a line at zero, in which what is not resolved is pale and
//! hollow.

use super::notes::{couples_note, is_resolved, rows_note, unresolved};
use crate::chart::{
    BLACK, BLUE, Canvas, ChartError, ColumnReader, Dash, FOREST_HEADING, FOREST_RIGHT, Figure,
    ForestPlot, GREY, IntervalEstimate, Legend, LegendHandle, MARGIN, MOST_FOREST_ROWS, NameWidth,
    Stroke, UNRESOLVED, Width, range_over,
};
use crate::label::capitalised;

const ROW: f64 = 4.4;
const CLEAR: Stroke = Stroke::solid(BLUE, 1.0);
const ZERO: Stroke = Stroke::solid(GREY, 0.6).dashed(Dash::Short);
const DOT: f64 = 0.85;

/// One difference.
pub(super) struct ContrastRow<'a> {
    pub(super) name: String,
    pub(super) difference: IntervalEstimate,
    pub(super) verdict: &'a str,
}

impl ContrastRow<'_> {
    /// Whether the difference is clear by its verdict, or without one by its interval.
    pub(super) fn is_clear(&self) -> bool {
        match self.verdict {
            "" => self.difference.excludes_zero(),
            verdict => is_resolved(verdict),
        }
    }
}

/// What a chart of differences shows, and what it says of them.
pub(super) struct ContrastForest<'a> {
    /// From the top down.
    pub(super) rows: Vec<ContrastRow<'a>>,
    /// How many are known, with those that are not shown.
    pub(super) known: usize,
    /// A row, and the rows.
    pub(super) nouns: (&'static str, &'static str),
    /// What the differences are from; may be empty.
    pub(super) reference: String,
    /// The column that counts what a difference is of, and what that is.
    pub(super) counted: (&'static str, &'static str),
    pub(super) axis_title: &'static str,
}

impl ContrastForest<'_> {
    /// Draws the differences of an observable, with the description of the figure.
    ///
    /// # Errors
    /// [`ChartError`] where the figure cannot be made.
    pub(super) fn draw(
        self,
        reader: &ColumnReader<'_>,
        observable: &str,
        description: &str,
        width: Width,
    ) -> Result<Figure, ChartError> {
        let names: Vec<String> = self.rows.iter().map(|row| row.name.clone()).collect();
        let x = range_over(self.rows.iter().map(|row| row.difference), 0.0);
        let width = width.millimetres();
        let (left, right) = (MARGIN, width - FOREST_RIGHT);
        let space = NameWidth::wrapped(right - left);
        let top = MARGIN / 2.0 + FOREST_HEADING;
        let plot = ForestPlot::new(&names, space, (left, top, right), ROW, x);
        let mut legend = self.legend();
        let counted = rows_note(reader, &[observable], self.counted);
        let reference = Some(self.reference.clone()).filter(|it| !it.is_empty());
        let notes = [reference, counted, couples_note(&[observable])];
        for note in notes.into_iter().flatten() {
            legend.note(note);
        }
        let legend = legend.below(width, plot.axes.legend_top());
        let mut canvas = legend.canvas();
        plot.heading(&mut canvas, MARGIN, &capitalised(observable));
        self.draw_rows(&mut canvas, &plot);
        legend.finish(canvas, description)
    }

    fn draw_rows(&self, canvas: &mut Canvas, plot: &ForestPlot) {
        plot.axes.vline(canvas, 0.0, ZERO);
        for (k, row) in self.rows.iter().enumerate() {
            let y = plot.middle(k);
            let stroke = if row.is_clear() { CLEAR } else { UNRESOLVED };
            plot.interval(canvas, y, row.difference, stroke);
            let at = (plot.x(row.difference.mean), y);
            if row.is_clear() {
                canvas.disc(at, DOT, CLEAR.colour);
            } else {
                canvas.hollow_disc(at, DOT, UNRESOLVED);
            }
        }
        plot.finish(canvas, self.axis_title);
    }

    /// What dots and rings mean.
    fn legend(&self) -> Legend {
        let (row, rows) = self.nouns;
        let mut legend = Legend::new();
        if self.rows.iter().any(ContrastRow::is_clear) {
            legend.add(
                LegendHandle::Disc(CLEAR.colour, DOT),
                format!("{row} with its 95% interval"),
            );
        }
        if self.rows.iter().any(|row| !row.is_clear()) {
            let note = unresolved(self.rows.iter().map(|row| row.verdict), "replicates");
            let note = note.unwrap_or("hollow: the interval contains 0 or is not known".to_owned());
            legend.add(LegendHandle::Ring(Stroke::solid(BLACK, 0.6), DOT), note);
        }
        legend.note_first(MOST_FOREST_ROWS, self.known, rows);
        legend
    }
}
