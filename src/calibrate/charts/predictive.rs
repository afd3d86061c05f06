//! Whether simulated studies are like the published ones.

use crate::chart::{
    BLACK, BLUE, Canvas, ChartError, ColumnReader, Figure, ForestPlot, GREY, HEADING, Legend,
    LegendHandle, MARGIN, NameWidth, PALE, Rect, Stroke, VERMILLION, Width, number, range_of,
    round_range,
};
use crate::table::Table;

const ROW: f64 = 4.3;
const TOP: f64 = 5.6;
/// Space for each of the two columns of numbers on the right (mm).
const NUMBERS: f64 = 12.5;
/// Units that are shown to either side at most.
const FARTHEST: f64 = 8.0;
/// Half the height of a published interval (mm).
const HALF: f64 = 1.3;
/// Standard errors that a published interval of 95 % reaches to either side.
const NORMAL_REACH: f64 = 1.96;

/// A target as it is drawn: distances from the published value in its unit.
struct PredictiveRow {
    name: String,
    published: f64,
    mean: f64,
    /// Ends of the published interval.
    published_interval: (f64, f64),
    /// Lower end, mean and upper end of the simulated values.
    simulated: [f64; 3],
    within: bool,
}

/// Draws each target's simulated interval next to its published one, from the table `predictive` of a
/// calibration.
///
/// Distances are from the published value, in the unit in which the calibration counts them. A grey band is
/// the published interval, or two standard errors to either side; the line with its dot is the simulated
/// interval of 95 % with its mean, in another colour where the published value lies outside it. Beyond eight
/// units an arrow points to what is farther. Published and simulated values are on the right.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no target has a
/// unit.
pub(crate) fn posterior_predictive(predictive: &Table, width: Width) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(predictive)?;
    let rows = read(&reader)?;
    let ends = rows.iter().flat_map(|row| {
        let [low, mean, high] = row.simulated;
        [
            low,
            mean,
            high,
            row.published_interval.0,
            row.published_interval.1,
            0.0,
        ]
    });
    let Some((low, high)) = range_of(ends.filter(|end| end.is_finite())) else {
        return Err(reader.nothing("target with a unit"));
    };
    if rows.iter().all(|row| row.simulated[1].is_nan()) {
        return Err(reader.nothing("target with a unit"));
    }
    let x = round_range(low.max(-FARTHEST), high.min(FARTHEST), 6);
    let names: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
    let space = NameWidth::single_line(width.inner());
    let width = width.millimetres();
    let right = width - MARGIN;
    let plot = ForestPlot::new(&names, space, (MARGIN, TOP, right - 2.0 * NUMBERS), ROW, x);
    let legend = legend_of(&rows).below(width, plot.axes.legend_top());
    let mut canvas = legend.canvas();
    plot.axes.vline(&mut canvas, 0.0, Stroke::solid(PALE, 0.6));
    for (k, row) in rows.iter().enumerate() {
        draw(&mut canvas, &plot, row, plot.middle(k));
    }
    canvas.text((MARGIN, TOP - 2.6), "Targets", HEADING);
    let columns = [("published", right - NUMBERS), ("simulated", right)];
    plot.number_columns(&mut canvas, &columns, |row, column| {
        let value = [rows[row].published, rows[row].mean][column];
        if value.is_finite() {
            number(value, 0.01 * value.abs().max(0.1))
        } else {
            "–".to_owned()
        }
    });
    let title = if plot.axes.frame.width > 60.0 {
        "Simulated less published, in units of the distance"
    } else {
        "Simulated less published"
    };
    plot.finish(&mut canvas, title);
    legend.finish(canvas, "Simulated and published values of each target")
}

fn read(reader: &ColumnReader<'_>) -> Result<Vec<PredictiveRow>, ChartError> {
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
        let distance = |value: f64| (value - published[row]) / unit[row];
        let reach = NORMAL_REACH * error[row];
        let published_interval = if from[row].is_finite() {
            (distance(from[row]), distance(to[row]))
        } else {
            (-reach / unit[row], reach / unit[row])
        };
        PredictiveRow {
            name: format!("{} {}", targets[row], statistics[row]),
            published: published[row],
            mean: mean[row],
            published_interval,
            simulated: [low[row], mean[row], high[row]].map(distance),
            within: within[row] == "yes",
        }
    };
    Ok((0..reader.rows()).map(of).collect())
}

fn draw(canvas: &mut Canvas, plot: &ForestPlot, row: &PredictiveRow, middle: f64) {
    let (low, high) = plot.axes.x;
    let across = |value: f64| plot.x(value.clamp(low, high));
    if row.published_interval.0.is_finite() && row.published_interval.1.is_finite() {
        let (left, right) = (
            across(row.published_interval.0),
            across(row.published_interval.1),
        );
        let band = Rect {
            left,
            top: middle - HALF,
            width: (right - left).max(0.2),
            height: 2.0 * HALF,
        };
        canvas.rectangle(band, PALE.faint(0.6));
    }
    let zero = plot.x(0.0);
    let published = Stroke::solid(GREY, 0.9);
    canvas.line((zero, middle - HALF), (zero, middle + HALF), published);
    let [from, mean, to] = row.simulated;
    if !(from.is_finite() && mean.is_finite() && to.is_finite()) {
        return;
    }
    let colour = if row.within { BLUE } else { VERMILLION };
    let stroke = Stroke::solid(colour, 1.1);
    canvas.line((across(from), middle), (across(to), middle), stroke);
    if plot.axes.covers(mean) {
        canvas.disc((across(mean), middle), 0.8, colour);
    } else {
        let edge = across(mean);
        let inward = if mean < low { 2.4 } else { -2.4 };
        canvas.arrow((edge + inward, middle), (edge, middle), stroke);
    }
}

fn legend_of(rows: &[PredictiveRow]) -> Legend {
    let mut legend = Legend::new();
    legend.add(
        LegendHandle::Swatch(PALE.faint(0.6)),
        "published interval, or 1.96 standard errors",
    );
    let line = |colour| LegendHandle::Line(Stroke::solid(colour, 1.1));
    if rows.iter().any(|row| row.within) {
        legend.add(
            line(BLUE),
            "95% of simulations; they hold the published value",
        );
    }
    if rows.iter().any(|row| !row.within) {
        legend.add(line(VERMILLION), "they do not");
    }
    if rows.iter().any(|row| row.simulated[1].is_nan()) {
        legend.add(
            LegendHandle::Tick(Stroke::solid(BLACK, 0.6)),
            "without a line: does not vary, and has no unit",
        );
    }
    legend
}
