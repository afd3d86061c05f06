//! A tornado chart: how far each axis alone moves an observable, the widest on top.

use super::notes::{are_complete, couples_note, rows_note};
use crate::chart::{
    AXIS, BLACK, BLUE, ChartError, Colour, ColumnReader, FOREST_HEADING, FOREST_RIGHT, Figure,
    ForestPlot, GREEN, IntervalEstimate, Legend, LegendHandle, MARGIN, MOST_FOREST_ROWS, NameWidth,
    ORANGE, Stroke, UNRESOLVED, Width, number, range_over, shortest,
};
use crate::label::capitalised;
use crate::sweep::summary::switch_word;
use crate::table::Table;

const ROW: f64 = 6.0;
const BAR: f64 = 2.1;
const SINGLE: Colour = GREEN;
const WHISKER: Stroke = Stroke::solid(BLACK, 0.5);
/// Name that stands for an axis in rows of the baseline.
const BASELINE: &str = "baseline";

/// The part of a row that a bar takes.
#[derive(Clone, Copy)]
enum BarSlot {
    Upper,
    Lower,
    Middle,
}

/// A bar of a row.
#[derive(Clone, Copy)]
struct TornadoBar {
    value: IntervalEstimate,
    colour: Colour,
    /// Where in the row it lies.
    slot: BarSlot,
    filled: bool,
}

/// One axis's bars, and dots for what lies between them.
struct TornadoRow {
    name: String,
    bars: Vec<TornadoBar>,
    dots: Vec<f64>,
}

impl TornadoRow {
    /// Whether the bars of coefficients are clear and disagree about the direction.
    fn has_opposite_signs(&self) -> bool {
        match self.bars[..] {
            [one, other] => one.filled && other.filled && one.value.mean * other.value.mean < 0.0,
            _ => false,
        }
    }
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
/// table's, and levels between are dots. An axis of one level has one bar in another colour. The baseline is the mean of the rows whose axis is
/// `baseline`, or else of all rows. Of `regression` (a table with the column `src`) each axis has bars of its
/// standardised regression coefficient and its partial rank correlation (`prcc`), hollow where the interval
/// contains zero. The axis that moves the observable most is on top; at most twenty-four are shown.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where the observable has no
/// finite effect.
pub(crate) fn tornado(
    effects: &Table,
    observable: &str,
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(effects)?;
    if reader.has("src") {
        let rows = coefficients(&reader, observable)?;
        let mut legend = Legend::new();
        legend.add(
            LegendHandle::Swatch(BLUE),
            "standardised regression coefficient",
        );
        legend.add(LegendHandle::Swatch(ORANGE), "partial rank correlation");
        legend.add(LegendHandle::Line(WHISKER), "95% interval");
        if rows
            .iter()
            .any(|row| row.bars.iter().any(|bar| !bar.filled))
        {
            legend.add(
                LegendHandle::Hollow(UNRESOLVED),
                "hollow: the interval contains 0 or is not known, or points are missing",
            );
        }
        if let Some(rows) = rows_note(&reader, &[observable], ("used", "points")) {
            legend.note(rows);
        }
        if let Some(couples) = couples_note(&[observable]) {
            legend.note(couples);
        }
        if rows.iter().any(TornadoRow::has_opposite_signs) {
            legend.note(
                "bars of opposite sign: the effect is not monotone, or depends on other axes (see docs/analysis.md)",
            );
        }
        let title = "Coefficient (0: no effect; at most 1)";
        return draw(&reader, (observable, title), rows, 0.0, legend, width);
    }
    let (rows, baseline, stated) = departures(&reader, observable)?;
    let mut legend = Legend::new();
    if rows.iter().any(|row| row.bars.len() > 1) {
        legend.add(LegendHandle::Swatch(BLUE), "first level");
        legend.add(LegendHandle::Swatch(ORANGE), "last level");
    }
    if rows.iter().any(|row| row.bars.len() == 1) {
        legend.add(LegendHandle::Swatch(SINGLE), "the level named");
    }
    if rows.iter().any(|row| !row.dots.is_empty()) {
        legend.add(LegendHandle::Disc(BLACK, 0.45), "levels between");
    }
    legend.add(LegendHandle::Line(WHISKER), "95% interval");
    if rows
        .iter()
        .any(|row| row.bars.iter().any(|bar| !bar.filled))
    {
        legend.add(LegendHandle::Hollow(UNRESOLVED), "hollow: runs are missing");
    }
    if let Some(rows) = rows_note(&reader, &[observable], ("used", "runs a level")) {
        legend.note(rows);
    }
    if let Some(couples) = couples_note(&[observable]) {
        legend.note(couples);
    }
    let source = if stated {
        "baseline"
    } else {
        "mean of all levels"
    };
    let value = number(baseline, baseline.abs() / 100.0);
    legend.add(
        LegendHandle::Tick(Stroke::solid(BLACK, 0.7)),
        format!("{source} ({value})"),
    );
    draw(
        &reader,
        (observable, observable),
        rows,
        baseline,
        legend,
        width,
    )
}

fn draw(
    reader: &ColumnReader<'_>,
    (observable, title): (&str, &str),
    mut rows: Vec<TornadoRow>,
    baseline: f64,
    mut legend: Legend,
    width: Width,
) -> Result<Figure, ChartError> {
    if rows.iter().all(|row| row.bars.is_empty()) || !baseline.is_finite() {
        return Err(reader.nothing(format!("finite effect on `{observable}`")));
    }
    rows.sort_by(|a, b| b.swing(baseline).total_cmp(&a.swing(baseline)));
    legend.note_first(MOST_FOREST_ROWS, rows.len(), "axes");
    rows.truncate(MOST_FOREST_ROWS);
    let names: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
    let values = rows
        .iter()
        .flat_map(|row| row.bars.iter().map(|bar| bar.value));
    let x = range_over(values, baseline);
    let width = width.millimetres();
    let (left, right) = (MARGIN, width - FOREST_RIGHT);
    let space = NameWidth::wrapped(right - left);
    let top = MARGIN / 2.0 + FOREST_HEADING;
    let plot = ForestPlot::new(&names, space, (left, top, right), ROW, x);
    let legend = legend.below(width, plot.axes.legend_top());
    let mut canvas = legend.canvas();
    for (k, row) in rows.iter().enumerate() {
        let middle = plot.middle(k);
        for bar in &row.bars {
            let top = match bar.slot {
                BarSlot::Upper => middle - BAR,
                BarSlot::Lower => middle,
                BarSlot::Middle => middle - BAR / 2.0,
            };
            let style = (bar.colour, bar.filled);
            plot.bar(&mut canvas, (baseline, bar.value.mean), (top, BAR), style);
            plot.interval(&mut canvas, top + BAR / 2.0, bar.value, WHISKER);
        }
        for dot in &row.dots {
            canvas.disc((plot.x(*dot), middle), 0.45, BLACK);
        }
    }
    plot.axes
        .vline(&mut canvas, baseline, Stroke::solid(BLACK, 0.7));
    let frame = plot.axes.frame;
    canvas.line((frame.left, frame.top), (frame.left, frame.bottom()), AXIS);
    plot.finish(&mut canvas, &capitalised(title));
    plot.heading(&mut canvas, MARGIN, &capitalised(observable));
    legend.finish(canvas, &format!("What moves {observable}, axis by axis"))
}

/// Rows of the table `effects`, with the baseline and whether the table states it.
fn departures(
    reader: &ColumnReader<'_>,
    wanted: &str,
) -> Result<(Vec<TornadoRow>, f64, bool), ChartError> {
    let (observable, axis) = (reader.categories("observable")?, reader.categories("axis")?);
    let levels = match reader.categories("level") {
        Ok(texts) => texts
            .into_iter()
            .map(|it| switch_word(it).to_owned())
            .collect(),
        Err(absent) => {
            let numbers = reader.drawable("level").map_err(|_| absent)?;
            let texts = numbers.iter().map(|level| shortest(*level, f64::NAN));
            texts.collect::<Vec<String>>()
        }
    };
    let value = reader.estimates(["mean", "ci_low", "ci_high"])?;
    let (mut base, mut all) = (Vec::new(), Vec::new());
    let complete = are_complete(reader);
    let mut axes: Vec<(&str, Vec<LevelEstimate<'_>>)> = Vec::new();
    for row in (0..reader.rows()).filter(|row| observable[*row] == wanted) {
        let value = value[row];
        if axis[row] == BASELINE {
            base.extend(Some(value.mean).filter(|mean| mean.is_finite()));
            continue;
        }
        let index = axes.iter().position(|(name, _)| *name == axis[row]);
        let index = index.unwrap_or_else(|| {
            axes.push((axis[row], Vec::new()));
            axes.len() - 1
        });
        if value.mean.is_finite() {
            axes[index].1.push(LevelEstimate {
                level: levels[row].as_str(),
                value,
                complete: complete[row],
            });
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

/// What was found at a level of an axis, and whether from all its runs.
#[derive(Clone, Copy)]
struct LevelEstimate<'a> {
    level: &'a str,
    value: IntervalEstimate,
    complete: bool,
}

fn departure(name: &str, mut levels: Vec<LevelEstimate<'_>>) -> TornadoRow {
    let value = |level: &str| level.replace('−', "-").parse::<f64>().ok();
    if levels.iter().all(|one| value(one.level).is_some()) {
        let value_of = |one: &LevelEstimate<'_>| value(one.level).unwrap_or(0.0);
        levels.sort_by(|a, b| value_of(a).total_cmp(&value_of(b)));
    }
    let bar = |one: LevelEstimate<'_>, slot: BarSlot| TornadoBar {
        value: one.value,
        colour: match slot {
            BarSlot::Upper => BLUE,
            BarSlot::Lower => ORANGE,
            BarSlot::Middle => SINGLE,
        },
        slot,
        filled: one.complete,
    };
    let name = capitalised(name);
    let (name, bars) = match levels[..] {
        [] => (format!("{name} (no result)"), Vec::new()),
        [only] => (
            format!("{name}\n({})", only.level),
            vec![bar(only, BarSlot::Middle)],
        ),
        [first, .., last] => (
            format!("{name}\n({} to {})", first.level, last.level),
            vec![bar(first, BarSlot::Upper), bar(last, BarSlot::Lower)],
        ),
    };
    let between = levels.len().saturating_sub(1).max(1);
    let dots = levels.get(1..between).unwrap_or(&[]);
    TornadoRow {
        name,
        bars,
        dots: dots.iter().map(|one| one.value.mean).collect(),
    }
}

/// Rows of the table `regression`.
fn coefficients(reader: &ColumnReader<'_>, wanted: &str) -> Result<Vec<TornadoRow>, ChartError> {
    let (observable, axis) = (reader.categories("observable")?, reader.categories("axis")?);
    let src = ["src", "src_low", "src_high"].map(|name| reader.drawable_if_any(name));
    let prcc = ["prcc", "prcc_low", "prcc_high"].map(|name| reader.drawable_if_any(name));
    let kinds = [(src, BLUE, BarSlot::Upper), (prcc, ORANGE, BarSlot::Lower)];
    let complete = are_complete(reader);
    let mut rows = Vec::new();
    for row in (0..reader.rows()).filter(|row| observable[*row] == wanted) {
        let bars = kinds.iter().filter_map(|(columns, colour, slot)| {
            let [mean, low, high] = columns.each_ref().map(|column| column[row]);
            let value = IntervalEstimate { mean, low, high };
            mean.is_finite().then_some(TornadoBar {
                value,
                colour: *colour,
                slot: *slot,
                filled: value.excludes_zero() && complete[row],
            })
        });
        rows.push(TornadoRow {
            name: capitalised(axis[row]),
            bars: bars.collect(),
            dots: Vec::new(),
        });
    }
    Ok(rows)
}
