//! How a search went, and what it made of each target.

use crate::chart::axes::{AXIS, Panel, ROOM_BELOW};
use crate::chart::canvas::{Canvas, Frame};
use crate::chart::error::ChartError;
use crate::chart::figure::{Figure, Width};
use crate::chart::legend::{Key, Sample};
use crate::chart::read::Reader;
use crate::chart::series::range_of;
use crate::chart::style::{BLUE, GREY, PALE, Stroke, VERMILLION, WHITE};
use crate::chart::text_style::{HEADING, NOTE};
use crate::chart::ticks::{Ticks, number, round_range};
use crate::table::Table;

const MARGIN: f64 = 2.0;
/// Room of a heading (mm).
const TOP: f64 = 5.6;
/// Room for the numbers of the upper panel's axis (mm).
const LEFT: f64 = 12.0;
/// Height of the upper panel (mm).
const COURSE: f64 = 34.0;
const ROW: f64 = 4.3;
/// Share of the width that names take at most.
const NAMES_SHARE: f64 = 0.44;
/// Room for each of the three columns of numbers on the right (mm).
const NUMBERS: f64 = 11.5;
/// Half-widths that are shown to either side at most.
const FARTHEST: f64 = 6.0;
/// Half-widths that are shown to either side at least.
const LEAST: f64 = 1.2;
/// Half the height of a published interval (mm).
const HALF: f64 = 1.3;
const DOT: f64 = 0.8;
/// Length of an arrow to what is farther (mm).
const ARROW: f64 = 2.4;
const STEP: Stroke = Stroke::solid(BLUE, 1.1);
const VAIN: Stroke = Stroke::solid(GREY, 0.8);
const BEFORE: Stroke = Stroke::solid(GREY, 0.7);

/// Draws the loss by iteration, and each target as it was simulated at the start and with what was
/// found, from the tables `search` and `fit` of a search.
///
/// Above, a line is an iteration: its loss before and after it, both on the iteration's own seed. Below, a
/// grey band is the published interval, which is as wide for all targets; a ring is the start, a disc what
/// was found, in another colour where it lies outside the band. Beyond six half-widths an arrow points to
/// what is farther. The numbers themselves stand on the right.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no target has
/// an interval.
pub fn search_course(search: &Table, fit: &Table, width: Width) -> Result<Figure, ChartError> {
    let iterations = read_course(&Reader::new(search)?)?;
    let reader = Reader::new(fit)?;
    let rows = read_fit(&reader)?;
    let told = rows.iter().flat_map(|row| row.places);
    let ends = told.filter(|it| it.is_finite()).chain([-LEAST, LEAST]);
    if rows.iter().all(|row| row.places[1].is_nan()) {
        return Err(reader.nothing("target that was simulated and has an interval"));
    }
    let (low, high) = range_of(ends).unwrap_or((-LEAST, LEAST));
    let width = width.millimetres();
    let inner = width - 2.0 * MARGIN;
    let longest = rows.iter().map(|row| NOTE.width(&row.name));
    let names = longest.fold(0.0, f64::max).min(NAMES_SHARE * inner);
    let left = MARGIN + names + 1.6;
    let top = TOP + COURSE + ROOM_BELOW + TOP + 2.0;
    let panel = Panel {
        frame: Frame {
            left,
            top,
            width: width - MARGIN - 3.0 * NUMBERS - 1.6 - left,
            height: ROW * rows.len() as f64,
        },
        x: round_range(low.max(-FARTHEST), high.min(FARTHEST), 6),
        y: (0.0, 1.0),
    };
    let key = key_to(&iterations, &rows);
    let below = panel.frame.bottom() + ROOM_BELOW + 1.0;
    let mut canvas = Canvas::new(width, below + key.height(inner) + 1.0);
    draw_course(&mut canvas, &iterations, inner);
    panel.upright(&mut canvas, 0.0, Stroke::solid(PALE, 0.6));
    canvas.text((MARGIN, top - 2.6), "Targets", HEADING);
    let columns = [2.0, 1.0, 0.0].map(|from_right| width - MARGIN - from_right * NUMBERS);
    for (word, at) in ["published", "start", "found"].into_iter().zip(columns) {
        canvas.text((at, top - 2.4), word, NOTE.ending().tinted(GREY));
    }
    for (k, row) in rows.iter().enumerate() {
        let middle = top + (k as f64 + 0.5) * ROW;
        let name = NOTE.shorten(&row.name, names);
        canvas.text((left - 1.6, middle), &name, NOTE.ending());
        row.draw(&mut canvas, &panel, middle);
        for (value, at) in row.values.into_iter().zip(columns) {
            canvas.text((at, middle), &row.words(value), NOTE.ending());
        }
    }
    let frame = panel.frame;
    canvas.line(
        (frame.left, frame.bottom()),
        (frame.right(), frame.bottom()),
        AXIS,
    );
    panel.x_ticks(&mut canvas, &Ticks::round(panel.x.0, panel.x.1, 6), true);
    panel.x_title(&mut canvas, "Half-widths from the interval's middle");
    key.draw(&mut canvas, (MARGIN, below), inner);
    canvas.finish("The loss by iteration of a search, and the targets before and after it")
}

/// An iteration: the loss before and after it, and whether a step was taken.
struct Leg {
    number: f64,
    before: f64,
    after: f64,
    taken: bool,
}

fn read_course(reader: &Reader<'_>) -> Result<Vec<Leg>, ChartError> {
    let numbers = reader.ints("iteration")?;
    let (before, after) = (reader.drawable("before")?, reader.drawable("after")?);
    let accepted = reader.categories("accepted")?;
    let leg = |row: usize| Leg {
        number: numbers[row] as f64,
        before: before[row],
        after: after[row],
        taken: accepted[row] == "yes",
    };
    Ok((0..reader.rows()).map(leg).collect())
}

fn draw_course(canvas: &mut Canvas, legs: &[Leg], inner: f64) {
    let highest = legs.iter().flat_map(|leg| [leg.before, leg.after]);
    let highest = highest.filter(|it| it.is_finite()).fold(1e-3, f64::max);
    let last = legs.iter().map(|leg| leg.number).fold(1.0, f64::max);
    let panel = Panel {
        frame: Frame {
            left: MARGIN + LEFT,
            top: TOP,
            width: inner - LEFT,
            height: COURSE,
        },
        x: (0.0, last),
        y: round_range(0.0, highest, 4),
    };
    panel.heading(canvas, "Loss before and after each iteration", 0.0);
    panel.axes(canvas);
    panel.x_ticks(canvas, &Ticks::whole(0.0, last, 10), true);
    panel.y_ticks(canvas, &Ticks::round(panel.y.0, panel.y.1, 4));
    panel.x_title(canvas, "Iteration");
    panel.y_title(canvas, "Loss", LEFT - 2.0);
    for leg in legs {
        let from = panel.place(leg.number - 1.0, leg.before);
        let to = panel.place(leg.number, leg.after);
        canvas.line(from, to, if leg.taken { STEP } else { VAIN });
        if leg.taken {
            canvas.disc(to, DOT, BLUE);
        }
    }
}

/// A target as it is drawn.
struct Row {
    name: String,
    /// Published value, simulated at the start, and with what was found.
    values: [f64; 3],
    /// Start and found in half-widths from the middle of the published interval.
    places: [f64; 2],
    half_width: f64,
    within: bool,
}

fn read_fit(reader: &Reader<'_>) -> Result<Vec<Row>, ChartError> {
    let (targets, statistics) = (
        reader.categories("target")?,
        reader.categories("statistic")?,
    );
    let within = reader.categories("within")?;
    let column = |name: &str| reader.drawable(name);
    let (published, start, found) = (column("published")?, column("start")?, column("found")?);
    let (low, high) = (column("published_low")?, column("published_high")?);
    let of = |row: usize| {
        let (middle, half) = (0.5 * (low[row] + high[row]), 0.5 * (high[row] - low[row]));
        Row {
            name: format!("{} {}", targets[row], statistics[row]),
            values: [published[row], start[row], found[row]],
            places: [start[row], found[row]].map(|value| (value - middle) / half),
            half_width: half,
            within: within[row] == "yes",
        }
    };
    Ok((0..reader.rows()).map(of).collect())
}

impl Row {
    fn draw(&self, canvas: &mut Canvas, panel: &Panel, middle: f64) {
        if self.half_width.is_nan() {
            return;
        }
        let (low, high) = panel.x;
        let across = |place: f64| panel.place(place.clamp(low, high), 0.0).0;
        let band = Frame {
            left: across(-1.0),
            top: middle - HALF,
            width: across(1.0) - across(-1.0),
            height: 2.0 * HALF,
        };
        canvas.rectangle(band, PALE.faint(0.6));
        let [start, found] = self.places;
        if start.is_finite() && found.is_finite() {
            canvas.line((across(start), middle), (across(found), middle), BEFORE);
        }
        let colour = if self.within { BLUE } else { VERMILLION };
        for (place, colour, is_start) in [(start, GREY, true), (found, colour, false)] {
            let at = (across(place), middle);
            if place.is_nan() {
                continue;
            }
            if !panel.covers(place) {
                let inward = if place < low { ARROW } else { -ARROW };
                let stroke = Stroke::solid(colour, 1.0);
                canvas.arrow((at.0 + inward, middle), at, stroke);
            } else if is_start {
                canvas.disc(at, DOT, WHITE);
                canvas.ring(at, DOT, BEFORE);
            } else {
                canvas.disc(at, DOT, colour);
            }
        }
    }

    /// Whether start or found are beyond what is shown.
    fn is_far(&self) -> bool {
        self.places.iter().any(|place| place.abs() > FARTHEST)
    }

    /// A value to the digits that its interval has.
    fn words(&self, value: f64) -> String {
        let step = if self.half_width > 0.0 {
            0.1 * self.half_width
        } else {
            0.01 * value.abs().max(0.1)
        };
        if value.is_finite() {
            number(value, step)
        } else {
            "–".to_owned()
        }
    }
}

fn key_to(legs: &[Leg], rows: &[Row]) -> Key {
    let mut key = Key::new();
    key.add(Sample::Line(STEP), "iteration with a step, on its own seed");
    if legs.iter().any(|leg| !leg.taken) {
        key.add(Sample::Line(VAIN), "no step lowered the loss");
    }
    key.add(Sample::Swatch(PALE.faint(0.6)), "published interval");
    key.add(Sample::Ring(BEFORE, DOT), "start");
    if rows.iter().any(|row| row.within) {
        key.add(Sample::Disc(BLUE, DOT), "found, within the interval");
    }
    if rows.iter().any(|row| !row.within) {
        key.add(Sample::Disc(VERMILLION, DOT), "found, outside of it");
    }
    if rows.iter().any(|row| row.is_far()) {
        key.add(Sample::Arrow(BEFORE, ARROW), "farther away");
    }
    key
}
