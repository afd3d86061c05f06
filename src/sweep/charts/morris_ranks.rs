//! Morris's elementary effects by rank: which axes move an observable most.

use super::morris::{read, stroke_of};
use super::notes::{couples_note, is_resolved, rows_note, unresolved};
use crate::chart::{
    BLACK, ChartError, ColumnReader, FOREST_HEADING, Figure, ForestPlot, HEADING, Legend,
    LegendHandle, MARGIN, MOST_FOREST_ROWS, NameWidth, Stroke, Width, number, range_over,
};
use crate::label::capitalised;
use crate::table::Table;

const ROW: f64 = 4.4;
const DOT: f64 = 0.95;
/// Space of the column of numbers to the right of the plot (mm).
const NUMBERS: f64 = 14.0;
/// Last digit of the numbers of that column.
const RATIO_STEP: f64 = 0.01;

/// Draws the mean sizes of the elementary effects on an observable, the largest on top.
///
/// Reads the table `morris` as [`morris_plane`](super::morris_plane) does. Each axis is a dot at μ* with its
/// interval: the larger, the darker, and hollow where the verdict is not `resolved`. A column has σ / μ*: near 0
/// the effect is the same wherever the other axes are, near 1 or above it depends on them or on the level. At
/// most twenty-four axes are shown.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where the observable has no
/// axis with finite μ* and σ.
pub(crate) fn morris_ranks(
    morris: &Table,
    observable: &str,
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(morris)?;
    let mut effects = read(&reader, observable)?;
    let known = effects.len();
    effects.truncate(MOST_FOREST_ROWS);
    let names: Vec<String> = effects.iter().map(|effect| effect.axis.clone()).collect();
    let width = width.millimetres();
    let (left, right) = (MARGIN, width - MARGIN - NUMBERS);
    let x = range_over(effects.iter().map(|effect| effect.size), 0.0);
    let top = MARGIN / 2.0 + FOREST_HEADING + 2.5;
    let space = NameWidth::wrapped(right - left);
    let plot = ForestPlot::new(&names, space, (left, top, right), ROW, x);
    let mut legend = Legend::new();
    let handle = LegendHandle::Disc(stroke_of(&effects[0], effects[0].size.mean).colour, DOT);
    legend.add(handle, "mean size of the effects with its 95% interval");
    if let Some(note) = unresolved(effects.iter().map(|effect| effect.verdict), "trajectories") {
        legend.add(LegendHandle::Ring(Stroke::solid(BLACK, 0.6), DOT), note);
    }
    legend.note(
        "σ/μ*: near 0 the same everywhere, near 1 or above it depends on other axes or the level",
    );
    legend.note_first(MOST_FOREST_ROWS, known, "axes");
    if let Some(rows) = rows_note(&reader, &[observable], ("used", "trajectories")) {
        legend.note(rows);
    }
    if let Some(couples) = couples_note(&[observable]) {
        legend.note(couples);
    }
    let legend = legend.below(width, plot.axes.legend_top());
    let mut canvas = legend.canvas();
    for (k, effect) in effects.iter().enumerate() {
        let y = plot.middle(k);
        let stroke = stroke_of(effect, effects[0].size.mean);
        plot.interval(&mut canvas, y, effect.size, stroke);
        let at = (plot.x(effect.size.mean), y);
        if is_resolved(effect.verdict) {
            canvas.disc(at, DOT, stroke.colour);
        } else {
            canvas.hollow_disc(at, DOT, stroke);
        }
    }
    let ratio = |row: usize, _: usize| {
        let effect = &effects[row];
        let ratio = effect.sigma / effect.size.mean;
        match ratio.is_finite() {
            true => number(ratio, RATIO_STEP),
            false => "–".to_owned(),
        }
    };
    plot.number_columns(&mut canvas, &[("σ/μ*", width - MARGIN)], ratio);
    let heading = HEADING.shorten(&capitalised(observable), width - 2.0 * MARGIN);
    canvas.text((MARGIN, MARGIN / 2.0 + 2.2), &heading, HEADING);
    plot.finish(&mut canvas, "Mean size of the elementary effects, μ*");
    legend.finish(
        canvas,
        &format!("Axes by the size of their elementary effects on {observable}"),
    )
}
