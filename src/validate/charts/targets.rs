//! A forest of published numbers: each with its interval, and what simulated studies found beside it.

use super::listing::{Listing, MOST_ROWS, ROW, SMALL, names};
use super::mark::Mark;
use super::measure::{Axis, Known, Published};
use crate::chart::axes::{AXIS, Panel, ROOM_BELOW};
use crate::chart::canvas::{Canvas, Frame};
use crate::chart::error::ChartError;
use crate::chart::figure::{Figure, Width};
use crate::chart::legend::{Key, Sample};
use crate::chart::read::Reader;
use crate::chart::style::{BLACK, Colour, Dash, GREY, Stroke};
use crate::chart::text_style::NOTE;
use crate::chart::ticks::{Ticks, count, number};
use crate::table::Table;

const MARGIN: f64 = 2.0;
/// Room of the columns' heads (mm).
const HEADS: f64 = 4.6;
/// Between columns (mm).
const GAP: f64 = 2.4;
/// Width of the plot (mm).
const PLOT: f64 = 44.0;
/// How far the axis reaches to each side, in half-widths.
const REACH: f64 = 4.0;
/// Half the height of an interval's bar (mm).
const HALF_BAR: f64 = 0.9;
/// Length of an arrow out of the plot (mm).
const ARROW: f64 = 2.0;
const BAR: Colour = Colour::hex(0xC5D3DE);
const SIDE: Colour = Colour::hex(0xE7EDF1);
const VALUE: Stroke = Stroke::solid(BLACK, 0.7);
const ZERO: Stroke = Stroke::solid(GREY, 0.5);
const TITLE: &str =
    "Distance from the middle of the published 95% interval, in half-widths of that interval";

/// A published number and what was found.
struct Row {
    published: Published,
    simulated: f64,
    low: f64,
    high: f64,
    axis: Axis,
    mark: Mark,
}

/// Draws published numbers beside simulated ones, from the table `targets`; always as wide as a page.
///
/// Reads `target`, `tier`, `area`, `statistic`, `published`, `published_low`, `published_high`, `simulated`,
/// `ci_low`, `ci_high`, `study_sd` and `verdict`. Rows are grouped by tier and area. Each has an axis of
/// its own, on which the published interval is as wide as that of all others; where only one end is
/// published, the unit is half the 95% interval of one simulated study. Verdicts differ in colour and in
/// shape. At most ninety-six rows are drawn.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`].
pub fn targets(table: &Table) -> Result<Figure, ChartError> {
    let reader = Reader::new(table)?;
    let known = reader.rows();
    let shown: Vec<usize> = (0..known.min(MOST_ROWS)).collect();
    let names = names(&reader, &shown)?;
    let found = read(&reader)?;
    let rows: Vec<&Row> = names.iter().map(|name| &found[name.row]).collect();

    let width = Width::Page.millimetres();
    let inner = width - 2.0 * MARGIN;
    let columns = Columns::new(&rows, width - MARGIN);
    let top = MARGIN + HEADS;
    let listing = Listing::new(names, (MARGIN, top, columns.plot - GAP));
    let below = listing.bottom + ROOM_BELOW + 1.4;
    let key = key_to(&rows, known);
    let mut canvas = Canvas::new(width, below + key.height(inner) + 1.0);
    let panel = Panel {
        frame: Frame {
            left: columns.plot,
            top: listing.bottom,
            width: PLOT,
            height: 0.5,
        },
        x: (-REACH, REACH),
        y: (0.0, 1.0),
    };
    listing.draw(&mut canvas, columns.end, &|tier| {
        tally(&listing, &found, tier, &reader)
    });
    for group in listing.tiers() {
        let frame = listing.beside(group, columns.plot, columns.plot + PLOT);
        draw_zero(&mut canvas, &panel, frame);
    }
    for (place, row) in rows.iter().enumerate() {
        let y = listing.middle(place);
        draw(&mut canvas, &panel, y, row);
        columns.write(&mut canvas, y, row);
    }
    columns.heads(&mut canvas, &panel, MARGIN + 0.5 * HEADS - 0.6);
    finish_axis(&mut canvas, &panel);
    key.draw(&mut canvas, (MARGIN, below), inner);
    canvas
        .finish("Published numbers with their intervals, and what simulated studies found of them")
}

fn draw_zero(canvas: &mut Canvas, panel: &Panel, frame: Frame) {
    let (x, _) = panel.place(0.0, 0.0);
    let stroke = ZERO.dashed(Dash::Short);
    canvas.line((x, frame.top), (x, frame.bottom()), stroke);
}

fn finish_axis(canvas: &mut Canvas, panel: &Panel) {
    let Frame { left, .. } = panel.frame;
    let (bottom, right) = (panel.frame.bottom(), panel.frame.right());
    canvas.line((left, bottom), (right, bottom), AXIS);
    panel.x_ticks(canvas, &Ticks::round(-REACH, REACH, 5), true);
    // The title is longer than the axis: it stays on the sheet.
    let half = 0.5 * NOTE.width(TITLE);
    let middle = panel.frame.centre().0;
    let middle = middle.min(canvas.width() - MARGIN - half);
    canvas.text((middle, bottom + 6.0), TITLE, NOTE.centred());
}

/// Where the columns of numbers stand (mm).
struct Columns {
    plot: f64,
    published: f64,
    end: f64,
}

const PUBLISHED: &str = "published";
const SIMULATED: &str = "simulated";

impl Columns {
    fn new(rows: &[&Row], end: f64) -> Columns {
        let widest = |head: &str, texts: &dyn Fn(&Row) -> String| {
            let widths = rows.iter().map(|row| SMALL.width(&texts(row)));
            widths.fold(SMALL.width(head), f64::max)
        };
        let simulated = end - widest(SIMULATED, &|row| row.published.beside(row.simulated));
        let published = simulated - GAP - widest(PUBLISHED, &|row| row.published.words());
        Columns {
            plot: published - GAP - PLOT,
            published,
            end,
        }
    }
    /// Writes what the columns hold, and the axis's numbers once more.
    fn heads(&self, canvas: &mut Canvas, panel: &Panel, y: f64) {
        let head = SMALL.tinted(GREY);
        let ticks = Ticks::round(-REACH, REACH, 5);
        for (at, words) in ticks.at.iter().zip(&ticks.labels) {
            canvas.text((panel.place(*at, 0.0).0, y), words, head.centred());
        }
        canvas.text((self.published, y), PUBLISHED, head);
        canvas.text((self.end, y), SIMULATED, head.ending());
    }
    fn write(&self, canvas: &mut Canvas, y: f64, row: &Row) {
        canvas.text((self.published, y), &row.published.words(), SMALL);
        let simulated = row.published.beside(row.simulated);
        canvas.text((self.end, y), &simulated, SMALL.ending());
    }
}

fn draw(canvas: &mut Canvas, panel: &Panel, y: f64, row: &Row) {
    draw_published(canvas, panel, y, row);
    let at = row.axis.at(row.simulated);
    if !at.is_finite() {
        let words = "no value";
        let (x, _) = panel.frame.centre();
        canvas.text((x, y), words, SMALL.centred().tinted(GREY));
        return;
    }
    if at.abs() > REACH {
        return draw_beyond(canvas, panel, y, row.mark, at);
    }
    let ends = [row.low, row.high].map(|end| row.axis.at(end));
    if ends.iter().all(|end| end.is_finite()) {
        let inside = ends.map(|end| panel.place(end.clamp(-REACH, REACH), 0.0).0);
        let stroke = row.mark.stroke();
        canvas.line((inside[0], y), (inside[1], y), stroke);
        for (end, x) in ends.iter().zip(inside) {
            if end.abs() <= REACH {
                canvas.line((x, y - 0.5), (x, y + 0.5), stroke);
            }
        }
    }
    row.mark.draw(canvas, (panel.place(at, 0.0).0, y));
}

/// Draws what was published: a bar of its interval with its value, a bar with an arrow where it has one
/// end, or the side of 0 on which it lies.
fn draw_published(canvas: &mut Canvas, panel: &Panel, y: f64, row: &Row) {
    let Published { value, low, .. } = row.published;
    let outward = if low.is_nan() { -REACH } else { REACH };
    let place = |at: f64| panel.place(at, 0.0).0;
    let slab = |from: f64, to: f64, half: f64| Frame {
        left: from.min(to),
        top: y - half,
        width: (to - from).abs(),
        height: 2.0 * half,
    };
    match row.published.known() {
        Known::Nothing => {}
        Known::Side => {
            let frame = slab(place(0.0), place(outward), 0.5 * ROW);
            canvas.rectangle(frame, SIDE);
        }
        Known::Bound => {
            let (from, to) = (place(0.0), place(outward));
            let neck = to - ARROW * outward.signum();
            canvas.rectangle(slab(from, neck, HALF_BAR), BAR);
            let barbs = [(neck, y - HALF_BAR), (to, y), (neck, y + HALF_BAR)];
            canvas.area(barbs.to_vec(), BAR);
        }
        Known::Interval => canvas.rectangle(slab(place(-1.0), place(1.0), HALF_BAR), BAR),
    }
    let at = row.axis.at(value);
    if at.abs() <= REACH {
        canvas.line((place(at), y - HALF_BAR), (place(at), y + HALF_BAR), VALUE);
    }
}

/// Draws a value that lies beyond the axis: its mark at the edge with an arrow outwards, and how far out
/// it is.
fn draw_beyond(canvas: &mut Canvas, panel: &Panel, y: f64, mark: Mark, at: f64) {
    let side = at.signum();
    let edge = panel.place(side * REACH, 0.0).0;
    let from = edge - side * (ARROW + 1.0);
    canvas.arrow((from, y), (edge, y), mark.stroke());
    mark.draw(canvas, (from, y));
    let words = number(at, if at.abs() < 10.0 { 0.1 } else { 1.0 });
    let beside = from - side * 1.5;
    let lettering = if side > 0.0 { SMALL.ending() } else { SMALL };
    canvas.text((beside, y), &words, lettering);
}

fn read(reader: &Reader<'_>) -> Result<Vec<Row>, ChartError> {
    let (value, verdict) = (reader.drawable("published")?, reader.categories("verdict")?);
    let (low, high) = (
        reader.drawable("published_low")?,
        reader.drawable("published_high")?,
    );
    let (simulated, spread) = (reader.drawable("simulated")?, reader.drawable("study_sd")?);
    let (ci_low, ci_high) = (reader.drawable("ci_low")?, reader.drawable("ci_high")?);
    let row = |row: usize| {
        let published = Published {
            value: value[row],
            low: low[row],
            high: high[row],
        };
        Row {
            published,
            simulated: simulated[row],
            low: ci_low[row],
            high: ci_high[row],
            axis: published.axis(simulated[row], spread[row]),
            mark: Mark::of(verdict[row]),
        }
    };
    Ok((0..reader.rows()).map(row).collect())
}

/// How many of a tier's targets are reproduced; a target of several parts is as good as its worst.
fn tally(listing: &Listing, found: &[Row], tier: &str, reader: &Reader<'_>) -> String {
    let tiers = reader.categories_if_any("tier");
    let mut worst: Vec<(&str, Mark)> = Vec::new();
    for name in listing.names() {
        if tiers[name.row] != tier {
            continue;
        }
        let mark = found[name.row].mark;
        match worst.iter_mut().find(|(id, _)| *id == name.id) {
            Some((_, other)) if mark.rank() > other.rank() => *other = mark,
            Some(_) => {}
            None => worst.push((&name.id, mark)),
        }
    }
    let good = worst.iter().filter(|(_, mark)| *mark == Mark::Reproduced);
    let what = match tier {
        "calibration" => "parameters are fitted to these numbers",
        "validation" => "numbers that the calibration does not use",
        "pattern" => "signs and orders that the calibration does not use",
        _ => "published numbers",
    };
    let all = worst.len();
    let noun = if all == 1 { "target" } else { "targets" };
    format!("{what}: {} of {all} {noun} reproduced", good.count())
}

fn key_to(rows: &[&Row], known: usize) -> Key {
    let mut key = Key::new();
    let marks: Vec<Mark> = rows.iter().map(|row| row.mark).collect();
    Mark::explain(&mut key, &marks);
    let has = |wanted| rows.iter().any(|row| row.published.known() == wanted);
    if has(Known::Interval) {
        key.add(Sample::Swatch(BAR), "published 95% interval");
        key.add(Sample::Tick(VALUE), "published value");
    }
    if has(Known::Bound) {
        key.add(Sample::Words, "bar with an arrow: one published end");
    }
    if has(Known::Side) {
        key.add(Sample::Swatch(SIDE), "side of a published sign or order");
    }
    if has(Known::Side) || has(Known::Bound) {
        key.add(
            Sample::Words,
            "without an interval: distance from the bound, in half-widths of a simulated study's interval",
        );
    }
    let beyond = |row: &&&Row| row.axis.at(row.simulated).abs() > REACH;
    if rows.iter().any(|row| beyond(&row)) {
        let words = "distance beyond the axis";
        key.add(Sample::Arrow(VALUE, 3.2), words);
    }
    if known > MOST_ROWS {
        let words = format!("first {MOST_ROWS} of {} shown", count(known as i64));
        key.add(Sample::Words, words);
    }
    key
}
