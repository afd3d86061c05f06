//! A tornado: how far each axis alone moves an observable, the widest on top.

use super::axis::plain;
use super::forest::{MOST_ROWS, OPEN, Rows, bar, range_over};
use super::points::{Estimate, capital, spaced};
use crate::chart::axes::{AXIS, ROOM_BELOW};
use crate::chart::canvas::Canvas;
use crate::chart::error::ChartError;
use crate::chart::figure::{Figure, Width};
use crate::chart::legend::{Key, Sample};
use crate::chart::read::Reader;
use crate::chart::style::{BLACK, BLUE, Colour, GREEN, ORANGE, Stroke};
use crate::chart::text_style::HEADING;
use crate::chart::ticks::{count, number};
use crate::table::Table;

const MARGIN: f64 = 2.0;
const RIGHT: f64 = 3.5;
const TOP: f64 = 6.4;
const ROW: f64 = 6.0;
const BAR: f64 = 2.1;
const ALONE: Colour = GREEN;
const WHISKER: Stroke = Stroke::solid(BLACK, 0.5);
/// Word that stands for an axis in rows of the baseline.
const BASELINE: &str = "baseline";

/// The part of a row that a bar has.
#[derive(Clone, Copy)]
enum Part {
    Upper,
    Lower,
    Middle,
}

/// A bar of a row.
#[derive(Clone, Copy)]
struct Bar {
    value: Estimate,
    colour: Colour,
    /// Where in the row it lies.
    part: Part,
    filled: bool,
}

/// One axis's bars, and dots for what lies between them.
struct Row {
    name: String,
    bars: Vec<Bar>,
    dots: Vec<f64>,
}

impl Row {
    /// How far the bars reach from the baseline and from each other, which orders the rows.
    fn swing(&self, baseline: f64) -> f64 {
        let ends = self.bars.iter().map(|bar| bar.value.mean).chain([baseline]);
        let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), end| {
            (low.min(end), high.max(end))
        });
        if self.bars.is_empty() {
            f64::NEG_INFINITY
        } else {
            high - low
        }
    }
}

/// Draws how far each axis moves an observable, from the table `effects` or `regression`.
///
/// Of `effects` (`observable`, `axis`, `level`, `mean`, `ci_low`, `ci_high`) each axis has a bar from the baseline to the mean
/// at its first and one to that at its last level, with intervals: numbers are put in order, other levels keep the
/// table's, and levels between are dots. An axis of one level has one bar in a colour of its own. The baseline is the mean of the rows whose axis is
/// `baseline`, or else of all rows. Of `regression` (a table with the column `src`) each axis has bars of its
/// standardised regression coefficient and its partial rank correlation (`prcc`), hollow where the interval
/// contains zero. The axis that moves the observable most stands on top; at most twenty-four are shown.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where the observable has no
/// finite effect.
pub fn tornado(effects: &Table, observable: &str, width: Width) -> Result<Figure, ChartError> {
    let reader = Reader::new(effects)?;
    if reader.has("src") {
        let rows = coefficients(&reader, observable)?;
        let mut key = Key::new();
        key.add(Sample::Swatch(BLUE), "standardised regression coefficient");
        key.add(Sample::Swatch(ORANGE), "partial rank correlation");
        key.add(Sample::Line(WHISKER), "95% interval");
        if rows
            .iter()
            .any(|row| row.bars.iter().any(|bar| !bar.filled))
        {
            key.add(
                Sample::Hollow(OPEN),
                "hollow: the interval contains 0 or is not known",
            );
        }
        let title = "Coefficient (−1 to 1)";
        return draw(&reader, (observable, title), rows, 0.0, key, width);
    }
    let (rows, baseline, stated) = departures(&reader, observable)?;
    let mut key = Key::new();
    if rows.iter().any(|row| row.bars.len() > 1) {
        key.add(Sample::Swatch(BLUE), "first level");
        key.add(Sample::Swatch(ORANGE), "last level");
    }
    if rows.iter().any(|row| row.bars.len() == 1) {
        key.add(Sample::Swatch(ALONE), "the level named");
    }
    if rows.iter().any(|row| !row.dots.is_empty()) {
        key.add(Sample::Disc(BLACK, 0.45), "levels between");
    }
    key.add(Sample::Line(WHISKER), "95% interval");
    let source = if stated {
        "baseline"
    } else {
        "mean of all levels"
    };
    let place = number(baseline, baseline.abs() / 100.0);
    key.add(
        Sample::Tick(Stroke::solid(BLACK, 0.7)),
        format!("{source} ({place})"),
    );
    draw(
        &reader,
        (observable, observable),
        rows,
        baseline,
        key,
        width,
    )
}

fn draw(
    reader: &Reader<'_>,
    (observable, title): (&str, &str),
    mut rows: Vec<Row>,
    baseline: f64,
    mut key: Key,
    width: Width,
) -> Result<Figure, ChartError> {
    if rows.iter().all(|row| row.bars.is_empty()) || !baseline.is_finite() {
        return Err(reader.nothing(format!("finite effect on `{observable}`")));
    }
    rows.sort_by(|a, b| b.swing(baseline).total_cmp(&a.swing(baseline)));
    if rows.len() > MOST_ROWS {
        let all = count(rows.len() as i64);
        key.add(
            Sample::Words,
            format!("first {MOST_ROWS} of {all} axes shown"),
        );
        rows.truncate(MOST_ROWS);
    }
    let names: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
    let width = width.millimetres();
    let layout = Rows::new(&names, (MARGIN, TOP, width - RIGHT), ROW);
    let values = rows
        .iter()
        .flat_map(|row| row.bars.iter().map(|bar| bar.value));
    let x = range_over(values, baseline);
    let panel = layout.panel(x);
    let below = layout.frame.bottom() + ROOM_BELOW + 1.0;
    let inner = width - 2.0 * MARGIN;
    let mut canvas = Canvas::new(width, below + key.height(inner) + 1.0);
    for (k, row) in rows.iter().enumerate() {
        let (_, middle) = layout.row(k).centre();
        for one in &row.bars {
            let top = match one.part {
                Part::Upper => middle - BAR,
                Part::Lower => middle,
                Part::Middle => middle - BAR / 2.0,
            };
            let fill = one.filled.then_some(one.colour);
            bar(
                &mut canvas,
                &panel,
                (baseline, one.value.mean),
                (top, BAR),
                fill,
            );
            layout.interval(&mut canvas, x, top + BAR / 2.0, one.value, WHISKER);
        }
        for dot in &row.dots {
            canvas.disc((panel.place(*dot, 0.0).0, middle), 0.45, BLACK);
        }
    }
    panel.upright(&mut canvas, baseline, Stroke::solid(BLACK, 0.7));
    canvas.line(
        (layout.frame.left, layout.frame.top),
        (layout.frame.left, layout.frame.bottom()),
        AXIS,
    );
    layout.finish(&mut canvas, x, &capital(title));
    let heading = HEADING.shorten(&capital(observable), inner);
    canvas.text((MARGIN, 3.0), &heading, HEADING);
    key.draw(&mut canvas, (MARGIN, below), inner);
    canvas.finish(&format!("What moves {observable}, axis by axis"))
}

/// Rows of the table `effects`, with the baseline and whether the table states it.
fn departures(reader: &Reader<'_>, wanted: &str) -> Result<(Vec<Row>, f64, bool), ChartError> {
    let (observable, axis) = (reader.categories("observable")?, reader.categories("axis")?);
    let levels = match reader.categories("level") {
        Ok(words) => words.into_iter().map(str::to_owned).collect(),
        Err(absent) => {
            let numbers = reader.drawable("level").map_err(|_| absent)?;
            let words = numbers.iter().map(|level| plain(*level, f64::NAN));
            words.collect::<Vec<String>>()
        }
    };
    let (mean, low, high) = (
        reader.drawable("mean")?,
        reader.drawable("ci_low")?,
        reader.drawable("ci_high")?,
    );
    let (mut base, mut all) = (Vec::new(), Vec::new());
    let mut axes: Vec<(&str, Vec<(&str, Estimate)>)> = Vec::new();
    for row in (0..reader.rows()).filter(|row| observable[*row] == wanted) {
        let value = Estimate {
            mean: mean[row],
            low: low[row],
            high: high[row],
        };
        if axis[row] == BASELINE {
            base.extend(Some(value.mean).filter(|mean| mean.is_finite()));
            continue;
        }
        let place = axes.iter().position(|(name, _)| *name == axis[row]);
        let place = place.unwrap_or_else(|| {
            axes.push((axis[row], Vec::new()));
            axes.len() - 1
        });
        if value.mean.is_finite() {
            axes[place].1.push((levels[row].as_str(), value));
            all.push(value.mean);
        }
    }
    let stated = !base.is_empty();
    let means = if stated { base } else { all };
    let baseline = means.iter().sum::<f64>() / means.len() as f64;
    let rows = axes
        .into_iter()
        .map(|(name, levels)| departure(name, levels));
    Ok((rows.collect(), baseline, stated))
}

fn departure(name: &str, mut levels: Vec<(&str, Estimate)>) -> Row {
    let value = |level: &str| level.replace('−', "-").parse::<f64>().ok();
    if levels.iter().all(|(level, _)| value(level).is_some()) {
        let key = |level: &str| value(level).unwrap_or(0.0);
        levels.sort_by(|a, b| key(a.0).total_cmp(&key(b.0)));
    }
    let bar = |value: Estimate, part: Part| Bar {
        value,
        colour: match part {
            Part::Upper => BLUE,
            Part::Lower => ORANGE,
            Part::Middle => ALONE,
        },
        part,
        filled: true,
    };
    let name = spaced(name);
    let (name, bars) = match levels[..] {
        [] => (format!("{name} (no result)"), Vec::new()),
        [(level, value)] => (format!("{name}\n({level})"), vec![bar(value, Part::Middle)]),
        [(low, first), .., (high, last)] => (
            format!("{name}\n({low} to {high})"),
            vec![bar(first, Part::Upper), bar(last, Part::Lower)],
        ),
    };
    let between = levels.len().saturating_sub(1).max(1);
    let dots = levels.get(1..between).unwrap_or(&[]);
    Row {
        name,
        bars,
        dots: dots.iter().map(|(_, value)| value.mean).collect(),
    }
}

/// Rows of the table `regression`.
fn coefficients(reader: &Reader<'_>, wanted: &str) -> Result<Vec<Row>, ChartError> {
    let (observable, axis) = (reader.categories("observable")?, reader.categories("axis")?);
    let src = ["src", "src_low", "src_high"].map(|name| reader.drawable_if_any(name));
    let prcc = ["prcc", "prcc_low", "prcc_high"].map(|name| reader.drawable_if_any(name));
    let kinds = [(src, BLUE, Part::Upper), (prcc, ORANGE, Part::Lower)];
    let mut rows = Vec::new();
    for row in (0..reader.rows()).filter(|row| observable[*row] == wanted) {
        let bars = kinds.iter().filter_map(|(columns, colour, part)| {
            let [mean, low, high] = columns.each_ref().map(|column| column[row]);
            let value = Estimate { mean, low, high };
            mean.is_finite().then_some(Bar {
                value,
                colour: *colour,
                part: *part,
                filled: low > 0.0 || high < 0.0,
            })
        });
        rows.push(Row {
            name: spaced(axis[row]),
            bars: bars.collect(),
            dots: Vec::new(),
        });
    }
    Ok(rows)
}
