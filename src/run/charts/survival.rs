//! How long couples last: the Kaplan–Meier estimate with its band and the numbers at risk.

use super::events::{EventMarker, EventMarks};
use crate::chart::{
    AXIS, Axes, BLUE, Canvas, ChartError, ColumnReader, Figure, Legend, LegendHandle, MARGIN, NOTE,
    Rect, SPACE_BELOW, Stroke, Ticks, TimeAxis, WHITE, Width, count, number, range_of, round_range,
};
use crate::table::{MISSING, Table};

const LEFT: f64 = 19.0;
const RIGHT: f64 = 6.0;
const TOP: f64 = 3.0;
const HEIGHT: f64 = 44.0;
const CURVE: Stroke = Stroke::solid(BLUE, 1.2);
const BAND: f64 = 0.2;
/// The axis starts above 0 only where the entire band lies above this.
const ZOOM_ABOVE: f64 = 0.8;

/// The rows of the table by rising day, from a first one at day 0 or before without separations.
pub(super) struct SurvivalCurve {
    day: Vec<f64>,
    at_risk: Vec<i64>,
    ended: Vec<i64>,
    survival: Vec<f64>,
    band: [Vec<f64>; 2],
}

/// Draws the table `survival` of one scenario.
///
/// Columns: `day`, `at_risk` (couples under observation until that day), `ended` (separations on it),
/// `survival` and its 95% interval `ci_low`, `ci_high`. Under the axis are the couples at risk and the
/// separations so far, and under them the share at the end and the median. The vertical axis covers 0–100 %;
/// where the entire band lies above 80 % it starts at a round number below the band, and both a break in the
/// axis and its title say so. Events are marked as in the chart of trajectories.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no survival is
/// finite.
pub(crate) fn survival(
    table: &Table,
    events: &[EventMarker],
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let curve = read_curve(&reader, 0..reader.rows())?;
    let time = TimeAxis::covering(curve.day.iter().copied());
    let time = time
        .ok_or(reader.nothing("finite survival"))?
        .starting_at_zero();
    let events = EventMarks::new(events, time);
    let width = width.millimetres();
    let frame = Rect {
        left: LEFT,
        top: TOP + events.space(),
        width: width - LEFT - RIGHT,
        height: HEIGHT,
    };
    let low = floor(&curve);
    let panel = Axes {
        frame,
        x: (time.first, time.last),
        y: (low, 1.0),
    };
    let ticks = time.ticks((frame.width / 14.0) as usize);
    let table_top = frame.bottom() + SPACE_BELOW + 1.5;
    let mut notes = notes(&curve, time);
    events.add_to_legend(&mut notes);
    let notes = notes.below(width, table_top + 2.0 * NOTE.line());
    let mut canvas = notes.canvas();
    events.shade(&mut canvas, &panel);
    panel.step_band(
        &mut canvas,
        &curve.day,
        &curve.band[0],
        &curve.band[1],
        BLUE.faint(BAND),
    );
    panel.steps(&mut canvas, &curve.day, &curve.survival, CURVE);
    draw_axes(&mut canvas, &panel, &events, time, &ticks);
    numbers(&mut canvas, &panel, &curve, &ticks, table_top);
    notes.finish(
        canvas,
        "Share of intact couples over time, with its 95% interval",
    )
}

/// The curve of some of the couples.
pub(super) struct NamedCurve {
    pub(super) name: String,
    pub(super) curve: SurvivalCurve,
    pub(super) stroke: Stroke,
}

impl NamedCurve {
    /// How many of the couples separated, as text.
    pub(super) fn separated(&self) -> String {
        let ended = self.curve.ended.iter().filter(|ended| **ended != MISSING);
        let (ended, start) = (ended.sum(), self.curve.at_risk.first().copied());
        format!(
            "{} of {} separated",
            count(ended),
            count(start.unwrap_or(0))
        )
    }
}

/// Least space on the left of several curves (mm).
const LEAST_LEFT: f64 = 13.5;

/// Draws several curves under their legend, with the couples at risk of each below the axis.
///
/// # Errors
/// [`ChartError::NothingToDraw`] where there is no curve.
pub(super) fn survival_curves(
    curves: &[NamedCurve],
    legend: &Legend,
    events: &[EventMarker],
    width: Width,
    description: &str,
) -> Result<Figure, ChartError> {
    let days = curves.iter().flat_map(|own| own.curve.day.iter().copied());
    let time = TimeAxis::covering(days).ok_or(ChartError::NothingToDraw {
        table: "survival",
        wanted: "finite survival".to_owned(),
    })?;
    let time = time.starting_at_zero();
    let lows = curves.iter().map(|own| floor(&own.curve));
    let low = lows.fold(1.0, f64::min);
    let names = curves.iter().map(|own| NOTE.width(&own.name));
    let counts = curves.iter().filter_map(|own| at_risk(&own.curve, 0.0));
    let counts = counts.map(|n| NOTE.width(&count(n)));
    // The numbers of the first day stand in the middle of the left end of the axis.
    let left = names.fold(0.0, f64::max) + 3.0 + 0.5 * counts.fold(0.0, f64::max);
    let left = LEAST_LEFT.max(left);
    let events = EventMarks::new(events, time);
    let inner = width.inner();
    let width = width.millimetres();
    let frame = Rect {
        left,
        top: MARGIN / 2.0 + legend.height(inner) + TOP + events.space(),
        width: width - left - RIGHT,
        height: HEIGHT,
    };
    let panel = Axes {
        frame,
        x: (time.first, time.last),
        y: (low, 1.0),
    };
    let table_top = frame.bottom() + SPACE_BELOW + 1.5;
    let bottom = table_top + (curves.len() + 1) as f64 * NOTE.line();
    let mut below = Legend::new();
    events.add_to_legend(&mut below);
    let below = below.below(width, bottom);
    let mut canvas = below.canvas();
    legend.draw(&mut canvas, (MARGIN, MARGIN / 2.0), inner);
    events.shade(&mut canvas, &panel);
    for own in curves {
        let ([low, high], colour) = (&own.curve.band, own.stroke.colour.faint(BAND));
        panel.step_band(&mut canvas, &own.curve.day, low, high, colour);
    }
    for own in curves {
        panel.steps(&mut canvas, &own.curve.day, &own.curve.survival, own.stroke);
    }
    let ticks = time.ticks((frame.width / 14.0) as usize);
    draw_axes(&mut canvas, &panel, &events, time, &ticks);
    canvas.text((1.5, table_top), "Couples at risk", NOTE);
    for (place, own) in curves.iter().enumerate() {
        let y = table_top + (place + 1) as f64 * NOTE.line();
        canvas.text((1.5, y), &own.name, NOTE.tinted(own.stroke.colour));
        for day in &ticks.at {
            let (x, _) = panel.position(*day, panel.y.0);
            if let Some(number) = at_risk(&own.curve, *day) {
                canvas.text((x, y), &count(number), NOTE.centred());
            }
        }
    }
    below.finish(canvas, description)
}

/// Ticks of shares from `low` to 1, in percent.
/// Draws the axes over the curves: days, shares in percent, and the numbers of events.
fn draw_axes(
    canvas: &mut Canvas,
    panel: &Axes,
    events: &EventMarks,
    time: TimeAxis,
    ticks: &Ticks,
) {
    panel.draw_spines(canvas);
    events.number(canvas, panel);
    panel.x_ticks(canvas, ticks, true);
    panel.x_title(canvas, time.title());
    let low = panel.y.0;
    let shares = percent_ticks(low);
    panel.y_ticks(canvas, &shares);
    panel.y_title(canvas, &title(low, &shares), 10.5);
    if low > 0.0 {
        break_axis(canvas, panel);
    }
}

fn percent_ticks(low: f64) -> Ticks {
    Ticks::round_in(low, 1.0, 5, 0.01)
}

/// Reads the curve of some rows of a table.
pub(super) fn read_curve(
    reader: &ColumnReader<'_>,
    rows: impl Iterator<Item = usize>,
) -> Result<SurvivalCurve, ChartError> {
    let (day, survival) = (reader.numbers("day")?, reader.numbers("survival")?);
    let (low, high) = (reader.numbers("ci_low")?, reader.numbers("ci_high")?);
    let (at_risk, ended) = (reader.ints("at_risk")?, reader.ints("ended")?);
    let mut rows: Vec<usize> = rows
        .filter(|row| day[*row].is_finite() && survival[*row].is_finite())
        .collect();
    rows.sort_by(|a, b| day[*a].total_cmp(&day[*b]));
    let first = *rows.first().ok_or(reader.nothing("finite survival"))?;
    let pick = |column: &[f64]| -> Vec<f64> { rows.iter().map(|row| column[*row]).collect() };
    let integers = |column: &[i64]| -> Vec<i64> { rows.iter().map(|row| column[*row]).collect() };
    let mut curve = SurvivalCurve {
        day: pick(&day),
        at_risk: integers(at_risk),
        ended: integers(ended),
        survival: pick(&survival),
        band: [pick(&low), pick(&high)],
    };
    if curve.day[0] > 0.0 || curve.survival[0] < 1.0 {
        curve.day.insert(0, curve.day[0].min(0.0));
        curve.at_risk.insert(0, at_risk[first]);
        curve.ended.insert(0, 0);
        curve.survival.insert(0, 1.0);
        curve.band.iter_mut().for_each(|edge| edge.insert(0, 1.0));
    }
    Ok(curve)
}

/// Where the vertical axis starts.
fn floor(curve: &SurvivalCurve) -> f64 {
    let values = curve.band[0].iter().chain(&curve.survival).copied();
    match range_of(values) {
        Some((low, _)) if low > ZOOM_ABOVE && low < 1.0 => round_range(low, 1.0, 4).0,
        _ => 0.0,
    }
}

fn title(low: f64, ticks: &Ticks) -> String {
    match ticks.labels.first() {
        Some(first) if low > 0.0 => format!("Couples intact (%, from {first})"),
        _ => "Couples intact (%)".to_owned(),
    }
}

/// Crosses the lower end of the vertical axis with two short strokes.
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

/// The share at the end with its interval, and by when half of the couples have separated.
fn notes(curve: &SurvivalCurve, time: TimeAxis) -> Legend {
    let mut notes = Legend::new();
    let (Some(end), Some(last)) = (curve.day.last(), curve.survival.last()) else {
        return notes;
    };
    let [low, high] = curve
        .band
        .each_ref()
        .map(|edge| edge.last().copied().unwrap_or(f64::NAN));
    let handle = LegendHandle::LineOnBand(CURVE, BLUE.faint(BAND));
    if low.is_finite() && high.is_finite() {
        notes.add(handle, "couples intact with the 95% interval");
    }
    let ended: i64 = curve.ended.iter().filter(|ended| **ended != MISSING).sum();
    if ended == 0 && curve.survival.iter().all(|share| *share >= 1.0) {
        notes.note("No couple separated");
        return notes;
    }
    let percent = |share: f64| number(100.0 * share, 0.1);
    let interval = match low.is_finite() && high.is_finite() {
        true => format!(" [{}, {}]", percent(low), percent(high)),
        false => String::new(),
    };
    let when = time.when(*end);
    notes.note(format!("{}%{interval} intact {when}", percent(*last)));
    notes.note("at risk: before the day's separations; separated: after them");
    let median = curve.survival.iter().position(|share| *share <= 0.5);
    notes.note(match median {
        Some(row) => format!("half have separated by {}", time.moment(curve.day[row])),
        None => "median not reached: more than half stay".to_owned(),
    });
    notes
}

/// Writes couples at risk and separations so far under the axis's ticks.
fn numbers(canvas: &mut Canvas, panel: &Axes, curve: &SurvivalCurve, ticks: &Ticks, top: f64) {
    let rows = [top, top + NOTE.line()];
    for (y, word) in rows.iter().zip(["At risk", "Separated"]) {
        canvas.text((1.5, *y), word, NOTE);
    }
    for day in &ticks.at {
        let (x, _) = panel.position(*day, panel.y.0);
        let texts = [at_risk(curve, *day), Some(ended_by(curve, *day))];
        for (y, number) in rows.iter().zip(texts) {
            if let Some(number) = number.filter(|number| *number != MISSING) {
                canvas.text((x, *y), &count(number), NOTE.centred());
            }
        }
    }
}

/// Couples under observation just before a day: those of the first row not before it.
fn at_risk(curve: &SurvivalCurve, day: f64) -> Option<i64> {
    let row = curve.day.iter().position(|other| *other >= day - 1e-9)?;
    Some(curve.at_risk[row])
}

fn ended_by(curve: &SurvivalCurve, day: f64) -> i64 {
    let rows = curve.day.iter().zip(&curve.ended);
    rows.filter(|(other, ended)| **other <= day + 1e-9 && **ended != MISSING)
        .map(|(_, n)| n)
        .sum()
}
