//! Whether simulated studies are like the published ones.

use crate::chart::axes::{AXIS, Panel, ROOM_BELOW};
use crate::chart::canvas::{Canvas, Frame};
use crate::chart::error::ChartError;
use crate::chart::figure::{Figure, Width};
use crate::chart::legend::{Key, Sample};
use crate::chart::read::Reader;
use crate::chart::series::range_of;
use crate::chart::style::{BLACK, BLUE, GREY, PALE, Stroke, VERMILLION};
use crate::chart::text_style::{HEADING, NOTE};
use crate::chart::ticks::{Ticks, number, round_range};
use crate::table::Table;

const MARGIN: f64 = 2.0;
const ROW: f64 = 4.3;
const TOP: f64 = 5.6;
/// Share of the width that names take at most.
const NAMES_SHARE: f64 = 0.44;
/// Room for each of the two columns of numbers on the right (mm).
const NUMBERS: f64 = 12.5;
/// Units that are shown to either side at most.
const FARTHEST: f64 = 8.0;
/// Half the height of a published interval (mm).
const HALF: f64 = 1.3;
/// Standard errors that a published interval of 95 % reaches to either side.
const NORMAL_REACH: f64 = 1.96;

/// A target as it is drawn: distances from the published value in its unit.
struct Row {
    name: String,
    published: f64,
    mean: f64,
    /// Ends of the published interval.
    told: (f64, f64),
    /// Lower end, mean and upper end of the simulated values.
    found: [f64; 3],
    within: bool,
}

/// Draws each target's simulated interval beside its published one, from the table `predictive` of a
/// calibration.
///
/// Distances are from the published value, in the unit in which the calibration counts them. A grey band is
/// the published interval, or two standard errors to either side; the line with its dot is the simulated
/// interval of 95 % with its mean, in another colour where the published value lies outside it. Beyond eight
/// units an arrow points to what is farther. Published and simulated values stand on the right.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no target has a
/// unit.
pub fn posterior_predictive(predictive: &Table, width: Width) -> Result<Figure, ChartError> {
    let reader = Reader::new(predictive)?;
    let rows = read(&reader)?;
    let ends = rows.iter().flat_map(|row| {
        let [low, mean, high] = row.found;
        [low, mean, high, row.told.0, row.told.1, 0.0]
    });
    let Some((low, high)) = range_of(ends.filter(|end| end.is_finite())) else {
        return Err(reader.nothing("target with a unit"));
    };
    if rows.iter().all(|row| row.found[1].is_nan()) {
        return Err(reader.nothing("target with a unit"));
    }
    let x = round_range(low.max(-FARTHEST), high.min(FARTHEST), 6);
    let width = width.millimetres();
    let inner = width - 2.0 * MARGIN;
    let longest = rows.iter().map(|row| NOTE.width(&row.name));
    let names = longest.fold(0.0, f64::max).min(NAMES_SHARE * inner);
    let frame = Frame {
        left: MARGIN + names + 1.6,
        top: TOP,
        width: inner - names - 1.6 - 2.0 * NUMBERS,
        height: ROW * rows.len() as f64,
    };
    let panel = Panel {
        frame,
        x,
        y: (0.0, 1.0),
    };
    let key = key_to(&rows);
    let below = frame.bottom() + ROOM_BELOW + 1.0;
    let mut canvas = Canvas::new(width, below + key.height(inner) + 1.0);
    panel.upright(&mut canvas, 0.0, Stroke::solid(PALE, 0.6));
    for (k, row) in rows.iter().enumerate() {
        let middle = TOP + (k as f64 + 0.5) * ROW;
        let name = NOTE.shorten(&row.name, names);
        canvas.text((frame.left - 1.6, middle), &name, NOTE.ending());
        draw(&mut canvas, &panel, row, middle);
        for (column, value) in [row.published, row.mean].into_iter().enumerate() {
            let at = width - MARGIN - (1 - column) as f64 * NUMBERS;
            let words = if value.is_finite() {
                number(value, 0.01 * value.abs().max(0.1))
            } else {
                "–".to_owned()
            };
            canvas.text((at, middle), &words, NOTE.ending());
        }
    }
    for (column, word) in ["published", "simulated"].into_iter().enumerate() {
        let at = width - MARGIN - (1 - column) as f64 * NUMBERS;
        canvas.text((at, TOP - 2.4), word, NOTE.ending().tinted(GREY));
    }
    canvas.text((MARGIN, TOP - 2.6), "Targets", HEADING);
    canvas.line(
        (frame.left, frame.bottom()),
        (frame.right(), frame.bottom()),
        AXIS,
    );
    panel.x_ticks(&mut canvas, &Ticks::round(x.0, x.1, 6), true);
    let title = if frame.width > 60.0 {
        "Simulated less published, in units of the distance"
    } else {
        "Simulated less published"
    };
    panel.x_title(&mut canvas, title);
    key.draw(&mut canvas, (MARGIN, below), inner);
    canvas.finish("Simulated and published values of each target")
}

fn read(reader: &Reader<'_>) -> Result<Vec<Row>, ChartError> {
    let (targets, statistics) = (
        reader.categories("target")?,
        reader.categories("statistic")?,
    );
    let within = reader.categories("within")?;
    let column = |name: &str| reader.drawable(name);
    let (published, error, unit) = (column("published")?, column("error")?, column("unit")?);
    let (from, to) = (column("published_low")?, column("published_high")?);
    let (mean, low, high) = (column("mean")?, column("low")?, column("high")?);
    let of = |row: usize| {
        let place = |value: f64| (value - published[row]) / unit[row];
        let reach = NORMAL_REACH * error[row];
        let told = if from[row].is_finite() {
            (place(from[row]), place(to[row]))
        } else {
            (-reach / unit[row], reach / unit[row])
        };
        Row {
            name: format!("{} {}", targets[row], statistics[row]),
            published: published[row],
            mean: mean[row],
            told,
            found: [low[row], mean[row], high[row]].map(place),
            within: within[row] == "yes",
        }
    };
    Ok((0..reader.rows()).map(of).collect())
}

fn draw(canvas: &mut Canvas, panel: &Panel, row: &Row, middle: f64) {
    let (low, high) = panel.x;
    let across = |value: f64| panel.place(value.clamp(low, high), 0.0).0;
    if row.told.0.is_finite() && row.told.1.is_finite() {
        let (left, right) = (across(row.told.0), across(row.told.1));
        let band = Frame {
            left,
            top: middle - HALF,
            width: (right - left).max(0.2),
            height: 2.0 * HALF,
        };
        canvas.rectangle(band, PALE.faint(0.6));
    }
    let (zero, _) = panel.place(0.0, 0.0);
    let published = Stroke::solid(GREY, 0.9);
    canvas.line((zero, middle - HALF), (zero, middle + HALF), published);
    let [from, mean, to] = row.found;
    if !(from.is_finite() && mean.is_finite() && to.is_finite()) {
        return;
    }
    let colour = if row.within { BLUE } else { VERMILLION };
    let stroke = Stroke::solid(colour, 1.1);
    canvas.line((across(from), middle), (across(to), middle), stroke);
    if panel.covers(mean) {
        canvas.disc((across(mean), middle), 0.8, colour);
    } else {
        let edge = across(mean);
        let inward = if mean < low { 2.4 } else { -2.4 };
        canvas.arrow((edge + inward, middle), (edge, middle), stroke);
    }
}

fn key_to(rows: &[Row]) -> Key {
    let mut key = Key::new();
    key.add(
        Sample::Swatch(PALE.faint(0.6)),
        "published interval, or 1.96 standard errors",
    );
    let line = |colour| Sample::Line(Stroke::solid(colour, 1.1));
    if rows.iter().any(|row| row.within) {
        key.add(
            line(BLUE),
            "95% of simulations; they hold the published value",
        );
    }
    if rows.iter().any(|row| !row.within) {
        key.add(line(VERMILLION), "they do not");
    }
    if rows.iter().any(|row| row.found[1].is_nan()) {
        key.add(
            Sample::Tick(Stroke::solid(BLACK, 0.6)),
            "without a line: does not vary, and has no unit",
        );
    }
    key
}
