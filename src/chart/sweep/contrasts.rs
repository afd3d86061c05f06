//! A forest of differences: contrasts between points of a sweep, with their intervals about zero.

use super::points::{Estimate, capital};
use super::rows::{MOST_ROWS, OPEN, Rows, range_over};
use super::verdict::{is_resolved, unresolved};
use crate::chart::canvas::Canvas;
use crate::chart::error::ChartError;
use crate::chart::figure::{Figure, Width};
use crate::chart::ink::{BLACK, BLUE, Dash, GREY, Stroke, WHITE};
use crate::chart::key::{Key, Sample};
use crate::chart::lettering::HEADING;
use crate::chart::panel::ROOM_BELOW;
use crate::chart::read::Reader;
use crate::chart::ticks::count;
use crate::foundation::table::Table;

const MARGIN: f64 = 2.0;
const RIGHT: f64 = 3.5;
const ROW: f64 = 4.4;
const HEADING_ROOM: f64 = 5.4;
const BETWEEN: f64 = 2.0;
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

/// Draws differences between points of a sweep from the table `contrasts`.
///
/// Reads `observable`, `label`, `difference`, `ci_low`, `ci_high` and, where there is one, `verdict`. Observables
/// lie one under the other, each on its own scale with a line at zero, their rows in the table's order. A
/// difference whose verdict is not `resolved`, or without a verdict one whose interval contains zero, is
/// hollow. At most twenty-four rows are drawn.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no difference is
/// finite.
pub fn contrasts(table: &Table, width: Width) -> Result<Figure, ChartError> {
    let reader = Reader::new(table)?;
    let (blocks, known) = read(&reader)?;
    let width = width.millimetres();
    let inner = width - 2.0 * MARGIN;
    let mut top = MARGIN / 2.0;
    let mut places = Vec::new();
    for (_, rows) in &blocks {
        let names: Vec<String> = rows.iter().map(|row| row.label.to_owned()).collect();
        let layout = Rows::new(&names, (MARGIN, top + HEADING_ROOM, width - RIGHT), ROW);
        let begin = std::mem::replace(&mut top, layout.frame.bottom() + ROOM_BELOW + BETWEEN);
        places.push((begin, layout));
    }
    let key = key_to(&blocks, known);
    let mut canvas = Canvas::new(width, top + key.height(inner) + 1.0);
    for ((observable, rows), (top, layout)) in blocks.iter().zip(&places) {
        let heading = HEADING.shorten(&capital(observable), inner);
        canvas.text((MARGIN, top + 2.2), &heading, HEADING);
        draw(&mut canvas, layout, rows);
    }
    key.draw(&mut canvas, (MARGIN, top), inner);
    canvas.finish("Differences between points with their 95% intervals")
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
    layout.finish(canvas, x, "Difference");
}

type Blocks<'a> = Vec<(&'a str, Vec<Contrast<'a>>)>;

/// The first differences by observable, and how many are known.
fn read<'a>(reader: &Reader<'a>) -> Result<(Blocks<'a>, usize), ChartError> {
    let (observable, label) = (reader.words("observable")?, reader.words("label")?);
    let verdict = reader.words_if_any("verdict");
    let (mean, low, high) = (
        reader.drawable("difference")?,
        reader.drawable("ci_low")?,
        reader.drawable("ci_high")?,
    );
    let mut blocks: Blocks<'a> = Vec::new();
    let finite = |row: &usize| mean[*row].is_finite();
    let known = (0..reader.rows()).filter(finite).count();
    for row in (0..reader.rows()).filter(finite).take(MOST_ROWS) {
        let contrast = Contrast {
            label: label[row],
            difference: Estimate {
                mean: mean[row],
                low: low[row],
                high: high[row],
            },
            verdict: verdict[row],
        };
        match blocks.iter_mut().find(|(name, _)| *name == observable[row]) {
            Some((_, rows)) => rows.push(contrast),
            None => blocks.push((observable[row], vec![contrast])),
        }
    }
    if blocks.is_empty() {
        return Err(reader.nothing("finite difference"));
    }
    Ok((blocks, known))
}

fn key_to(blocks: &Blocks<'_>, known: usize) -> Key {
    let mut key = Key::new();
    let rows = || blocks.iter().flat_map(|(_, rows)| rows);
    if rows().any(Contrast::is_clear) {
        key.add(
            Sample::Disc(CLEAR.colour, DOT),
            "difference with its 95% interval",
        );
    }
    if rows().any(|row| !row.is_clear()) {
        let note = unresolved(rows().map(|row| row.verdict));
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
