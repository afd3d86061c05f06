//! A forest of differences: contrasts between points of a sweep, with their intervals about zero.

use super::forest::{MOST_ROWS, OPEN, Rows, range_over};
use super::points::{Estimate, capital, spaced};
use super::verdict::{is_resolved, unresolved};
use crate::chart::axes::ROOM_BELOW;
use crate::chart::canvas::Canvas;
use crate::chart::error::ChartError;
use crate::chart::figure::{Figure, Width};
use crate::chart::legend::{Key, Sample};
use crate::chart::read::Reader;
use crate::chart::style::{BLACK, BLUE, Dash, GREY, Stroke, WHITE};
use crate::chart::text_style::HEADING;
use crate::chart::ticks::count;
use crate::table::Table;

const MARGIN: f64 = 2.0;
const RIGHT: f64 = 3.5;
const ROW: f64 = 4.4;
const HEADING_ROOM: f64 = 5.4;
const CLEAR: Stroke = Stroke::solid(BLUE, 1.0);
const ZERO: Stroke = Stroke::solid(GREY, 0.6);
const DOT: f64 = 0.85;

/// One difference.
struct Contrast<'a> {
    label: &'a str,
    difference: Estimate,
    verdict: &'a str,
}

impl Contrast<'_> {
    /// Whether the verdict, or without one the interval, parts the difference from zero.
    fn is_clear(&self) -> bool {
        match self.verdict {
            "" => self.difference.low > 0.0 || self.difference.high < 0.0,
            verdict => is_resolved(verdict),
        }
    }
}

/// Draws the differences of an observable between points of a sweep, from the table `contrasts`.
///
/// Reads `observable`, `label`, `difference`, `ci_low`, `ci_high` and, where there is one, `verdict`. Rows are in the
/// table's order, about a line at zero. A difference whose verdict is not `resolved`, or without a verdict one
/// whose interval contains zero, is hollow. At most twenty-four rows are drawn.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where the observable has no
/// finite difference.
pub fn contrasts(table: &Table, observable: &str, width: Width) -> Result<Figure, ChartError> {
    let reader = Reader::new(table)?;
    let (rows, known) = read(&reader, observable)?;
    let width = width.millimetres();
    let inner = width - 2.0 * MARGIN;
    let top = MARGIN / 2.0;
    let names: Vec<String> = rows.iter().map(|row| spaced(row.label)).collect();
    let layout = Rows::new(&names, (MARGIN, top + HEADING_ROOM, width - RIGHT), ROW);
    let below = layout.frame.bottom() + ROOM_BELOW + 1.0;
    let key = key_to(&rows, known);
    let mut canvas = Canvas::new(width, below + key.height(inner) + 1.0);
    let heading = HEADING.shorten(&capital(observable), inner);
    canvas.text((MARGIN, top + 2.2), &heading, HEADING);
    draw(&mut canvas, &layout, &rows);
    key.draw(&mut canvas, (MARGIN, below), inner);
    canvas.finish(&format!("Differences of {observable} between points"))
}

fn draw(canvas: &mut Canvas, layout: &Rows, rows: &[Contrast<'_>]) {
    let x = range_over(rows.iter().map(|row| row.difference), 0.0);
    let panel = layout.panel(x);
    panel.upright(canvas, 0.0, ZERO.dashed(Dash::Short));
    for (k, row) in rows.iter().enumerate() {
        let (_, y) = layout.row(k).centre();
        let stroke = if row.is_clear() { CLEAR } else { OPEN };
        layout.interval(canvas, x, y, row.difference, stroke);
        let place = (panel.place(row.difference.mean, 0.0).0, y);
        if row.is_clear() {
            canvas.disc(place, DOT, CLEAR.colour);
        } else {
            canvas.disc(place, DOT, WHITE);
            canvas.ring(place, DOT, OPEN);
        }
    }
    layout.finish(canvas, x, "Difference from the reference point");
}

/// The first differences of an observable, and how many are known.
fn read<'a>(reader: &Reader<'a>, wanted: &str) -> Result<(Vec<Contrast<'a>>, usize), ChartError> {
    let (observable, label) = (
        reader.categories("observable")?,
        reader.categories("label")?,
    );
    let verdict = reader.categories_if_any("verdict");
    let (mean, low, high) = (
        reader.drawable("difference")?,
        reader.drawable("ci_low")?,
        reader.drawable("ci_high")?,
    );
    let mine = (0..reader.rows()).filter(|row| observable[*row] == wanted);
    let known: Vec<usize> = mine.filter(|row| mean[*row].is_finite()).collect();
    if known.is_empty() {
        return Err(reader.nothing(format!("finite difference of `{wanted}`")));
    }
    let shown = known.iter().take(MOST_ROWS).map(|row| Contrast {
        label: label[*row],
        difference: Estimate {
            mean: mean[*row],
            low: low[*row],
            high: high[*row],
        },
        verdict: verdict[*row],
    });
    Ok((shown.collect(), known.len()))
}

fn key_to(rows: &[Contrast<'_>], known: usize) -> Key {
    let mut key = Key::new();
    if rows.iter().any(Contrast::is_clear) {
        key.add(
            Sample::Disc(CLEAR.colour, DOT),
            "difference with its 95% interval",
        );
    }
    if rows.iter().any(|row| !row.is_clear()) {
        let note = unresolved(rows.iter().map(|row| row.verdict));
        let note = note.unwrap_or("hollow: the interval contains 0 or is not known".to_owned());
        key.add(Sample::Ring(Stroke::solid(BLACK, 0.6), DOT), note);
    }
    if known > MOST_ROWS {
        let words = format!(
            "first {MOST_ROWS} of {} contrasts shown",
            count(known as i64)
        );
        key.add(Sample::Words, words);
    }
    key
}
