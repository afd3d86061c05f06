//! How long couples last: the Kaplan–Meier estimate with its band and the numbers at risk.

use crate::chart::axes::{AXIS, Axes, ROOM_BELOW};
use crate::chart::canvas::{Canvas, Rect};
use crate::chart::error::ChartError;
use crate::chart::figure::{Figure, Width};
use crate::chart::table_reader::TableReader;
use crate::chart::ticks::range_of;
use crate::chart::style::{BLUE, Stroke, WHITE};
use crate::chart::text_style::NOTE;
use crate::chart::number_format::count;
use crate::chart::ticks::{Ticks, round_range};
use crate::chart::time_axis::TimeAxis;
use crate::table::{MISSING, Table};

const LEFT: f64 = 16.0;
const RIGHT: f64 = 4.0;
const TOP: f64 = 3.0;
const HEIGHT: f64 = 44.0;
const CURVE: Stroke = Stroke::solid(BLUE, 1.2);
const BAND: f64 = 0.2;
/// The axis begins above 0 only where the whole band lies above this.
const ZOOM_ABOVE: f64 = 0.8;

/// The rows of the table by rising day, begun at day 0 or before with nobody parted.
struct SurvivalCurve {
    day: Vec<f64>,
    at_risk: Vec<i64>,
    ended: Vec<i64>,
    survival: Vec<f64>,
    band: [Vec<f64>; 2],
}

/// Draws the table `survival` of one scenario.
///
/// Columns: `day`, `at_risk` (couples under observation until that day), `ended` (partings on it),
/// `survival` and its 95% interval `ci_low`, `ci_high`. Under the axis stand the couples at risk and the
/// partings so far. The upright axis covers 0–1; where the whole band lies above 0.8 it begins at a round
/// number below the band, and both a break in the axis and its title say so.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no survival is
/// finite.
pub fn survival(table: &Table, width: Width) -> Result<Figure, ChartError> {
    let reader = TableReader::new(table)?;
    let life = read(&reader)?;
    let time = TimeAxis::covering(life.day.iter().copied());
    let time = time.ok_or(reader.nothing("finite survival"))?.from_zero();
    let width = width.millimetres();
    let frame = Rect {
        left: LEFT,
        top: TOP,
        width: width - LEFT - RIGHT,
        height: HEIGHT,
    };
    let low = floor(&life);
    let panel = Axes {
        frame,
        x: (time.first, time.last),
        y: (low, 1.0),
    };
    let ticks = time.ticks((frame.width / 14.0) as usize);
    let table_top = frame.bottom() + ROOM_BELOW + 1.5;
    let mut canvas = Canvas::new(width, table_top + 2.0 * NOTE.line() + 1.5);
    panel.step_band(
        &mut canvas,
        &life.day,
        &life.band[0],
        &life.band[1],
        BLUE.faint(BAND),
    );
    panel.steps(&mut canvas, &life.day, &life.survival, CURVE);
    panel.draw_spines(&mut canvas);
    panel.x_ticks(&mut canvas, &ticks, true);
    panel.x_title(&mut canvas, time.title());
    let shares = Ticks::round(low, 1.0, 5);
    panel.y_ticks(&mut canvas, &shares);
    panel.y_title(&mut canvas, &title(low, &shares), 10.5);
    if low > 0.0 {
        break_axis(&mut canvas, &panel);
    }
    remark(&mut canvas, &panel, &life);
    numbers(&mut canvas, &panel, &life, &ticks, table_top);
    canvas.finish("Share of couples still together over time, with its 95% interval")
}

fn read(reader: &TableReader<'_>) -> Result<SurvivalCurve, ChartError> {
    let (day, survival) = (reader.numbers("day")?, reader.numbers("survival")?);
    let (low, high) = (reader.numbers("ci_low")?, reader.numbers("ci_high")?);
    let (at_risk, ended) = (reader.ints("at_risk")?, reader.ints("ended")?);
    let mut rows: Vec<usize> = (0..reader.rows())
        .filter(|row| day[*row].is_finite() && survival[*row].is_finite())
        .collect();
    rows.sort_by(|a, b| day[*a].total_cmp(&day[*b]));
    let first = *rows.first().ok_or(reader.nothing("finite survival"))?;
    let pick = |column: &[f64]| -> Vec<f64> { rows.iter().map(|row| column[*row]).collect() };
    let whole = |column: &[i64]| -> Vec<i64> { rows.iter().map(|row| column[*row]).collect() };
    let mut life = SurvivalCurve {
        day: pick(&day),
        at_risk: whole(at_risk),
        ended: whole(ended),
        survival: pick(&survival),
        band: [pick(&low), pick(&high)],
    };
    if life.day[0] > 0.0 || life.survival[0] < 1.0 {
        life.day.insert(0, life.day[0].min(0.0));
        life.at_risk.insert(0, at_risk[first]);
        life.ended.insert(0, 0);
        life.survival.insert(0, 1.0);
        life.band.iter_mut().for_each(|edge| edge.insert(0, 1.0));
    }
    Ok(life)
}

/// Where the upright axis begins.
fn floor(life: &SurvivalCurve) -> f64 {
    let values = life.band[0].iter().chain(&life.survival).copied();
    match range_of(values) {
        Some((low, _)) if low > ZOOM_ABOVE && low < 1.0 => round_range(low, 1.0, 4).0,
        _ => 0.0,
    }
}

fn title(low: f64, ticks: &Ticks) -> String {
    match ticks.labels.first() {
        Some(first) if low > 0.0 => format!("Share still together (from {first})"),
        _ => "Share of couples still together".to_owned(),
    }
}

/// Crosses the foot of the upright axis with two short strokes.
fn break_axis(canvas: &mut Canvas, panel: &Axes) {
    let (left, bottom) = (panel.frame.left, panel.frame.bottom());
    for y in [bottom - 1.6, bottom - 2.4] {
        canvas.line(
            (left - 0.9, y + 0.5),
            (left + 0.9, y - 0.5),
            Stroke {
                width: 1.6,
                colour: WHITE,
                ..AXIS
            },
        );
        canvas.line((left - 0.9, y + 0.5), (left + 0.9, y - 0.5), AXIS);
    }
}

fn remark(canvas: &mut Canvas, panel: &Axes, life: &SurvivalCurve) {
    let ended: i64 = life.ended.iter().filter(|ended| **ended != MISSING).sum();
    let lowest = life.survival.iter().copied().fold(1.0, f64::min);
    let banded = life.band[0].iter().any(|low| low.is_finite());
    let words = if ended == 0 && lowest >= 1.0 {
        "No couple parted"
    } else if banded {
        "Band: 95% interval"
    } else {
        ""
    };
    let y = if lowest > 0.5 * (panel.y.0 + panel.y.1) {
        panel.frame.bottom() - 2.5
    } else {
        panel.frame.top + 2.0
    };
    canvas.text((panel.frame.right() - 0.5, y), words, NOTE.ending());
}

/// Writes couples at risk and partings so far under the axis's ticks.
fn numbers(canvas: &mut Canvas, panel: &Axes, life: &SurvivalCurve, ticks: &Ticks, top: f64) {
    let rows = [top, top + NOTE.line()];
    for (y, word) in rows.iter().zip(["At risk", "Parted"]) {
        canvas.text((1.5, *y), word, NOTE);
    }
    for day in &ticks.at {
        let (x, _) = panel.position(*day, panel.y.0);
        let texts = [at_risk(life, *day), Some(ended_by(life, *day))];
        for (y, number) in rows.iter().zip(texts) {
            if let Some(number) = number.filter(|number| *number != MISSING) {
                canvas.text((x, *y), &count(number), NOTE.centred());
            }
        }
    }
}

/// Couples under observation just before a day: those of the first row not before it.
fn at_risk(life: &SurvivalCurve, day: f64) -> Option<i64> {
    let row = life.day.iter().position(|other| *other >= day - 1e-9)?;
    Some(life.at_risk[row])
}

fn ended_by(life: &SurvivalCurve, day: f64) -> i64 {
    let rows = life.day.iter().zip(&life.ended);
    rows.filter(|(other, ended)| **other <= day + 1e-9 && **ended != MISSING)
        .map(|(_, n)| n)
        .sum()
}
