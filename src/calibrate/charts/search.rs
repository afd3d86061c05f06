//! How a search went, and what it made of each target.

use crate::chart::{
    Axes, BLUE, Canvas, ChartError, ColumnReader, Figure, ForestPlot, GREY, HEADING, Legend,
    LegendHandle, MARGIN, NameWidth, PALE, Rect, SPACE_BELOW, Stroke, Ticks, VERMILLION, Width,
    number, range_of, round_range,
};
use crate::table::Table;

/// Space of a heading (mm).
const TOP: f64 = 5.6;
/// Space for the numbers of the upper panel's axis (mm).
const LEFT: f64 = 12.0;
/// Height of the upper panel (mm).
const LOSS: f64 = 34.0;
const ROW: f64 = 4.3;
/// Space for each of the three columns of numbers on the right (mm).
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
const NO_STEP: Stroke = Stroke::solid(GREY, 0.8);
const BEFORE: Stroke = Stroke::solid(GREY, 0.7);

/// Draws the loss by iteration, and each target as it was simulated at the start and with what was
/// found, from the tables `search` and `fit` of a search.
///
/// Above, a line is an iteration: its loss before and after it, both on the iteration's own seed. Below, a
/// grey band is the published interval, which is as wide for all targets; a ring is the start, a disc what
/// was found, in another colour where it lies outside the band. Beyond six half-widths an arrow points to
/// what is farther. The numbers are on the right.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no target has
/// an interval.
pub(crate) fn search_course(
    search: &Table,
    fit: &Table,
    width: Width,
) -> Result<Figure, ChartError> {
    let iterations = read_losses(&ColumnReader::new(search)?)?;
    let reader = ColumnReader::new(fit)?;
    let rows = read_fit(&reader)?;
    let distances = rows.iter().flat_map(|row| row.distances);
    let ends = distances.filter(|it| it.is_finite()).chain([-LEAST, LEAST]);
    if rows.iter().all(|row| row.distances[1].is_nan()) {
        return Err(reader.nothing("target that was simulated and has an interval"));
    }
    let (low, high) = range_of(ends).unwrap_or((-LEAST, LEAST));
    let x = round_range(low.max(-FARTHEST), high.min(FARTHEST), 6);
    let names: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
    let space = NameWidth::single_line(width.inner());
    let inner = width.inner();
    let width = width.millimetres();
    let top = TOP + LOSS + SPACE_BELOW + TOP + 2.0;
    let right = width - MARGIN;
    let end = right - 3.0 * NUMBERS - 1.6;
    let plot = ForestPlot::new(&names, space, (MARGIN, top, end), ROW, x);
    let legend = legend_of(&iterations, &rows).below(width, plot.axes.legend_top());
    let mut canvas = legend.canvas();
    draw_losses(&mut canvas, &iterations, inner);
    plot.axes.vline(&mut canvas, 0.0, Stroke::solid(PALE, 0.6));
    canvas.text((MARGIN, top - 2.6), "Targets", HEADING);
    for (k, row) in rows.iter().enumerate() {
        row.draw(&mut canvas, &plot, plot.middle(k));
    }
    let columns = [
        ("published", right - 2.0 * NUMBERS),
        ("start", right - NUMBERS),
        ("found", right),
    ];
    plot.number_columns(&mut canvas, &columns, |row, column| {
        rows[row].as_text(rows[row].values[column])
    });
    plot.finish(&mut canvas, "Half-widths from the interval's middle");
    legend.finish(
        canvas,
        "The loss by iteration of a search, and the targets before and after it",
    )
}

/// An iteration: the loss before and after it, and whether a step was taken.
struct IterationLoss {
    number: f64,
    before: f64,
    after: f64,
    taken: bool,
}

fn read_losses(reader: &ColumnReader<'_>) -> Result<Vec<IterationLoss>, ChartError> {
    let numbers = reader.ints("iteration")?;
    let (before, after) = (reader.drawable("before")?, reader.drawable("after")?);
    let accepted = reader.categories("accepted")?;
    let iteration = |row: usize| IterationLoss {
        number: numbers[row] as f64,
        before: before[row],
        after: after[row],
        taken: accepted[row] == "yes",
    };
    Ok((0..reader.rows()).map(iteration).collect())
}

fn draw_losses(canvas: &mut Canvas, iterations: &[IterationLoss], inner: f64) {
    let highest = iterations.iter().flat_map(|one| [one.before, one.after]);
    let highest = highest.filter(|it| it.is_finite()).fold(1e-3, f64::max);
    let last = iterations.iter().map(|one| one.number).fold(1.0, f64::max);
    let panel = Axes {
        frame: Rect {
            left: MARGIN + LEFT,
            top: TOP,
            width: inner - LEFT,
            height: LOSS,
        },
        x: (0.0, last),
        y: round_range(0.0, highest, 4),
    };
    panel.heading(canvas, "Loss before and after each iteration", 0.0);
    panel.draw_spines(canvas);
    panel.x_ticks(canvas, &Ticks::integer(0.0, last, 10), true);
    panel.y_ticks(canvas, &Ticks::round(panel.y.0, panel.y.1, 4));
    panel.x_title(canvas, "Iteration");
    panel.y_title(canvas, "Loss", LEFT - 2.0);
    for one in iterations {
        let from = panel.position(one.number - 1.0, one.before);
        let to = panel.position(one.number, one.after);
        canvas.line(from, to, if one.taken { STEP } else { NO_STEP });
        if one.taken {
            canvas.disc(to, DOT, BLUE);
        }
    }
}

/// A target as it is drawn.
struct FitRow {
    name: String,
    /// Published value, simulated at the start, and with what was found.
    values: [f64; 3],
    /// Start and found in half-widths from the middle of the published interval.
    distances: [f64; 2],
    half_width: f64,
    within: bool,
}

fn read_fit(reader: &ColumnReader<'_>) -> Result<Vec<FitRow>, ChartError> {
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
        FitRow {
            name: format!("{} {}", targets[row], statistics[row]),
            values: [published[row], start[row], found[row]],
            distances: [start[row], found[row]].map(|value| (value - middle) / half),
            half_width: half,
            within: within[row] == "yes",
        }
    };
    Ok((0..reader.rows()).map(of).collect())
}

impl FitRow {
    fn draw(&self, canvas: &mut Canvas, plot: &ForestPlot, middle: f64) {
        if self.half_width.is_nan() {
            return;
        }
        let (low, high) = plot.axes.x;
        let across = |distance: f64| plot.x(distance.clamp(low, high));
        let band = Rect {
            left: across(-1.0),
            top: middle - HALF,
            width: across(1.0) - across(-1.0),
            height: 2.0 * HALF,
        };
        canvas.rectangle(band, PALE.faint(0.6));
        let [start, found] = self.distances;
        if start.is_finite() && found.is_finite() {
            canvas.line((across(start), middle), (across(found), middle), BEFORE);
        }
        let colour = if self.within { BLUE } else { VERMILLION };
        for (distance, colour, is_start) in [(start, GREY, true), (found, colour, false)] {
            let at = (across(distance), middle);
            if distance.is_nan() {
                continue;
            }
            if !plot.axes.covers(distance) {
                let inward = if distance < low { ARROW } else { -ARROW };
                let stroke = Stroke::solid(colour, 1.0);
                canvas.arrow((at.0 + inward, middle), at, stroke);
            } else if is_start {
                canvas.hollow_disc(at, DOT, BEFORE);
            } else {
                canvas.disc(at, DOT, colour);
            }
        }
    }

    /// Whether start or found are beyond what is shown.
    fn is_far(&self) -> bool {
        self.distances
            .iter()
            .any(|distance| distance.abs() > FARTHEST)
    }

    /// A value to the digits that its interval has.
    fn as_text(&self, value: f64) -> String {
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

fn legend_of(iterations: &[IterationLoss], rows: &[FitRow]) -> Legend {
    let mut legend = Legend::new();
    legend.add(
        LegendHandle::Line(STEP),
        "iteration with a step, on its own seed",
    );
    if iterations.iter().any(|one| !one.taken) {
        legend.add(LegendHandle::Line(NO_STEP), "no step lowered the loss");
    }
    legend.add(LegendHandle::Swatch(PALE.faint(0.6)), "published interval");
    legend.add(LegendHandle::Ring(BEFORE, DOT), "start");
    if rows.iter().any(|row| row.within) {
        legend.add(LegendHandle::Disc(BLUE, DOT), "found, within the interval");
    }
    if rows.iter().any(|row| !row.within) {
        legend.add(LegendHandle::Disc(VERMILLION, DOT), "found, outside of it");
    }
    if rows.iter().any(|row| row.is_far()) {
        legend.add(LegendHandle::Arrow(BEFORE, ARROW), "farther away");
    }
    legend
}
