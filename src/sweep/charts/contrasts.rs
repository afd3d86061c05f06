//! A forest plot of differences between points of a sweep, with their intervals about zero.

use super::{couples_note, is_resolved, rows_note, unresolved};
use crate::chart::{
    BLACK, BLUE, Canvas, ChartError, ColumnReader, Dash, FOREST_HEADING, FOREST_RIGHT, Figure,
    ForestPlot, GREY, IntervalEstimate, Legend, LegendHandle, MARGIN, MOST_FOREST_ROWS, NameRoom,
    Stroke, UNRESOLVED, Width, range_over,
};
use crate::label::{capitalised, settings};
use crate::table::Table;

const ROW: f64 = 4.4;
const CLEAR: Stroke = Stroke::solid(BLUE, 1.0);
const ZERO: Stroke = Stroke::solid(GREY, 0.6).dashed(Dash::Short);
const DOT: f64 = 0.85;

/// One difference.
pub(super) struct ContrastRow<'a> {
    pub(super) label: &'a str,
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

/// Draws the differences of an observable between points of a sweep, from the table `contrasts`.
///
/// Reads `observable`, `label`, `difference`, `ci_low`, `ci_high` and, where there is one, `verdict`. The largest
/// increase is on top, about a line at zero; `reference` says what the differences are from. A difference whose verdict is not `resolved`, or without a verdict one
/// whose interval contains zero, is hollow. At most twenty-four rows are drawn.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where the observable has no
/// finite difference.
pub(crate) fn contrasts(
    table: &Table,
    observable: &str,
    reference: &str,
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let (mut rows, known) = read(&reader, observable)?;
    rows.sort_by(|a, b| b.difference.mean.total_cmp(&a.difference.mean));
    let names: Vec<String> = rows.iter().map(|row| settings(row.label)).collect();
    let x = range_over(rows.iter().map(|row| row.difference), 0.0);
    let width = width.millimetres();
    let (left, right) = (MARGIN, width - FOREST_RIGHT);
    let room = NameRoom::wrapped(right - left);
    let top = MARGIN / 2.0 + FOREST_HEADING;
    let plot = ForestPlot::new(&names, room, (left, top, right), ROW, x);
    let mut legend = legend_of(&rows, known, ("difference", "contrasts"));
    if !reference.is_empty() {
        legend.note(format!("reference: {}", settings(reference)));
    }
    if let Some(pairs) = rows_note(&reader, &[observable], ("pairs", "pairs of runs")) {
        legend.note(pairs);
    }
    if let Some(couples) = couples_note(&[observable]) {
        legend.note(couples);
    }
    let legend = legend.below(width, plot.axes.legend_top());
    let mut canvas = legend.canvas();
    plot.heading(&mut canvas, MARGIN, &capitalised(observable));
    draw(
        &mut canvas,
        &plot,
        &rows,
        "Difference from the reference point",
    );
    legend.finish(
        canvas,
        &format!("Differences of {observable} between points"),
    )
}

/// Draws differences about a line at zero; those that are not clear are pale and hollow.
pub(super) fn draw(canvas: &mut Canvas, plot: &ForestPlot, rows: &[ContrastRow<'_>], title: &str) {
    plot.axes.vline(canvas, 0.0, ZERO);
    for (k, row) in rows.iter().enumerate() {
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
    plot.finish(canvas, title);
}

/// The first differences of an observable, and how many are known.
fn read<'a>(
    reader: &ColumnReader<'a>,
    wanted: &str,
) -> Result<(Vec<ContrastRow<'a>>, usize), ChartError> {
    let (observable, label) = (
        reader.categories("observable")?,
        reader.categories("label")?,
    );
    let verdict = reader.categories_if_any("verdict");
    let difference = reader.estimates(["difference", "ci_low", "ci_high"])?;
    let mine = (0..reader.rows()).filter(|row| observable[*row] == wanted);
    let known: Vec<usize> = mine
        .filter(|row| difference[*row].mean.is_finite())
        .collect();
    if known.is_empty() {
        return Err(reader.nothing(format!("finite difference of `{wanted}`")));
    }
    let shown = known.iter().take(MOST_FOREST_ROWS);
    let shown = shown.map(|row| ContrastRow {
        label: label[*row],
        difference: difference[*row],
        verdict: verdict[*row],
    });
    Ok((shown.collect(), known.len()))
}

/// What dots and rings mean; a row is one of `what`, of which so many are known.
pub(super) fn legend_of(
    rows: &[ContrastRow<'_>],
    known: usize,
    (one, what): (&str, &str),
) -> Legend {
    let mut legend = Legend::new();
    if rows.iter().any(ContrastRow::is_clear) {
        legend.add(
            LegendHandle::Disc(CLEAR.colour, DOT),
            format!("{one} with its 95% interval"),
        );
    }
    if rows.iter().any(|row| !row.is_clear()) {
        let note = unresolved(rows.iter().map(|row| row.verdict), "replicates");
        let note = note.unwrap_or("hollow: the interval contains 0 or is not known".to_owned());
        legend.add(LegendHandle::Ring(Stroke::solid(BLACK, 0.6), DOT), note);
    }
    legend.note_first(MOST_FOREST_ROWS, known, what);
    legend
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_of_a_label_has_its_own_partner() {
        let label = "a_anxiety 0.7, b_avoidance 0.5, mechanisms.repair false";
        let text = "A's anxiety 0.7, B's avoidance 0.5, mechanisms.repair false";
        assert_eq!(settings(label), text);
        assert_eq!(
            settings("sensitivity_of_care 0.6"),
            "sensitivity of care 0.6"
        );
    }
}
