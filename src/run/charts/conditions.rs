//! Charts that compare the conditions of a run: mean levels, shares of intact couples, and differences from the
//! reference.

use super::survival::{SurvivalCurve, at_risk, floor, read_curve};
use super::trajectories::{MANY_SEPARATED, TrajectorySeries, series};
use crate::chart::{
    AXIS, Axes, BLACK, Canvas, ChartError, Colour, ColumnReader, Dash, Figure, Legend,
    LegendHandle, MARGIN, NOTE, ROOM_BELOW, Rect, SERIES, Stroke, SubplotSpacing, Subplots, Ticks,
    TimeAxis, Width, capitalised, count, couples_from_to, range_of, round_range,
};
use crate::table::Table;

/// Opacity of the bands of intervals.
const BAND: f64 = 0.22;
/// Width of the curves (pt).
const CURVE: f64 = 1.1;
/// Conditions that can be told apart.
const MOST_CONDITIONS: usize = SERIES.len();
const SPACING: SubplotSpacing = SubplotSpacing {
    left: 9.5,
    right: 3.0,
    above: 4.6,
    height: 24.0,
    below: 3.4,
};
/// From the legend to the panels (mm).
const AFTER_LEGEND: f64 = 1.0;
/// Least height of a panel's scale, in the unit of its observable: less is noise.
const LEAST_RANGE: f64 = 1e-3;

/// A line of a panel: means with their interval.
struct IntervalLine {
    stroke: Stroke,
    day: Vec<f64>,
    mean: Vec<f64>,
    interval: [Vec<f64>; 2],
}

struct ComparisonPanel {
    heading: String,
    lines: Vec<IntervalLine>,
}

/// The stroke of a condition by its position.
fn stroke(condition: usize) -> Stroke {
    Stroke::solid(SERIES[condition % MOST_CONDITIONS], CURVE)
}

/// The same with a pattern, by which curves that lie on each other are told apart.
fn patterned(condition: usize) -> Stroke {
    let patterns = [
        Dash::Solid,
        Dash::Dashed,
        Dash::Mixed,
        Dash::Short,
        Dash::Dotted,
    ];
    stroke(condition).dashed(patterns[condition % patterns.len()])
}

fn check(conditions: usize) -> Result<(), ChartError> {
    if conditions > MOST_CONDITIONS {
        return Err(ChartError::BadArgument {
            name: "conditions",
            must: "be at most as many as there are colours",
            value: conditions as f64,
        });
    }
    Ok(())
}

/// Draws the means of couples under each condition, a panel an observable, from the tables `trajectory` of the
/// conditions. An observable of persons is the mean of both partners.
///
/// # Errors
/// [`ChartError::BadArgument`] for more conditions than colours, and those of reading the tables.
pub(crate) fn condition_means(
    tables: &[(&str, &Table)],
    width: Width,
) -> Result<Figure, ChartError> {
    check(tables.len())?;
    let mut panels: Vec<ComparisonPanel> = Vec::new();
    let mut legend = Legend::new();
    let mut many = false;
    for (place, (name, table)) in tables.iter().enumerate() {
        let reader = ColumnReader::new(table)?;
        let observables = reader.categories("observable")?;
        let mut all = series(&reader)?;
        let mut couples = None;
        let mut known: Vec<&str> = Vec::new();
        for observable in observables {
            if known.contains(&observable) {
                continue;
            }
            known.push(observable);
            let Some(own) = all.remove(&("couple", observable)) else {
                continue;
            };
            if !own.has_mean() {
                continue;
            }
            couples = couples.or(own.couples());
            add_line(&mut panels, observable, line(own, patterned(place)));
        }
        let ends = couples.map(|ends| ends.map(|(_, n)| n));
        let n = ends.map_or(String::new(), |[first, last]| {
            many |= 1.0 - last / first > MANY_SEPARATED;
            format!(" ({})", couples_from_to(first as i64, last as i64))
        });
        let own = patterned(place);
        let handle = LegendHandle::LineOnBand(own, own.colour.faint(BAND));
        legend.add(handle, format!("{}{n}", name.replace('_', " ")));
    }
    let mut notes = vec![
        "Means of couples with 95% intervals, of both partners where both have a value; n: couples still \
         together on the first and the last day, over whom all means are"
            .to_owned(),
    ];
    if many {
        notes.push(
            "Under some condition more than a fifth have separated: later means are those of couples who stayed"
                .to_owned(),
        );
    }
    let description = "Means of couples under each condition over time with 95% intervals";
    draw_panels(&panels, &legend, notes, width, description)
}

fn line(series: TrajectorySeries, stroke: Stroke) -> IntervalLine {
    IntervalLine {
        stroke,
        day: series.day,
        mean: series.mean,
        interval: series.interval,
    }
}

fn add_line(panels: &mut Vec<ComparisonPanel>, heading: &str, line: IntervalLine) {
    let heading = capitalised(heading);
    match panels.iter_mut().find(|panel| panel.heading == heading) {
        Some(panel) => panel.lines.push(line),
        None => panels.push(ComparisonPanel {
            heading,
            lines: vec![line],
        }),
    }
}

/// Draws the table `differences`: a panel an observable, a line for each condition and partner, of the couples that
/// are together under both conditions.
///
/// # Errors
/// [`ChartError::BadArgument`] for more conditions than colours, and those of reading the table.
pub(crate) fn condition_differences(table: &Table, width: Width) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let text = |name| reader.categories(name);
    let (condition, role, over) = (text("condition")?, text("role")?, text("over")?);
    let (observable, reference) = (text("observable")?, text("reference")?);
    let (day, mean) = (reader.numbers("day")?, reader.numbers("difference")?);
    let (low, high) = (reader.numbers("ci_low")?, reader.numbers("ci_high")?);
    let n = reader.numbers("n")?;
    let mut names: Vec<&str> = Vec::new();
    for name in &condition {
        if !names.contains(name) {
            names.push(name);
        }
    }
    check(names.len() + 1)?;
    let of_couples_alone = |row: usize| over[row] == "all" && observable[row] == "share intact";
    let partners: Vec<&str> = (0..reader.rows())
        .filter(|row| role[*row] != "couple")
        .map(|row| observable[row])
        .collect();
    let mut lines: Vec<(&str, &str, &str, IntervalLine)> = Vec::new();
    let mut couples: Vec<[f64; 2]> = vec![[f64::NAN; 2]; names.len()];
    for row in 0..reader.rows() {
        let known = mean[row].is_finite() && day[row].is_finite();
        let together = over[row] == "together";
        if !known || !(together || of_couples_alone(row)) {
            continue;
        }
        let place = names
            .iter()
            .position(|name| *name == condition[row])
            .unwrap_or(0);
        if together {
            let [first, last] = &mut couples[place];
            if first.is_nan() {
                *first = n[row];
            }
            *last = n[row];
        }
        if role[row] == "couple" && partners.contains(&observable[row]) {
            continue;
        }
        let key = (condition[row], observable[row], role[row]);
        let found = lines.iter_mut().find(|(a, b, c, _)| (*a, *b, *c) == key);
        let line = match found {
            Some((_, _, _, line)) => line,
            None => {
                // The reference has the first colour.
                let mut own = stroke(place + 1);
                if role[row] == "b" {
                    own = own.dashed(Dash::Dashed);
                }
                let line = IntervalLine {
                    stroke: own,
                    day: Vec::new(),
                    mean: Vec::new(),
                    interval: [Vec::new(), Vec::new()],
                };
                lines.push((key.0, key.1, key.2, line));
                &mut lines.last_mut().ok_or(reader.nothing("line"))?.3
            }
        };
        line.day.push(day[row]);
        line.mean.push(mean[row]);
        line.interval[0].push(low[row]);
        line.interval[1].push(high[row]);
    }
    // The share of intact couples comes first.
    lines.sort_by_key(|(_, observable, _, _)| *observable != "share intact");
    let mut panels = Vec::new();
    for (_, observable, _, line) in lines {
        add_line(&mut panels, observable, line);
    }
    let mut legend = Legend::new();
    for (place, name) in names.iter().enumerate() {
        let [first, last] = couples[place].map(|n| n as i64);
        let own = stroke(place + 1);
        let handle = LegendHandle::LineOnBand(own, own.colour.faint(BAND));
        let n = couples_from_to(first, last);
        legend.add(handle, format!("{} ({n})", name.replace('_', " ")));
    }
    legend.add(
        LegendHandle::Line(Stroke::solid(BLACK, CURVE).dashed(Dash::Dashed)),
        "dashed: partner B",
    );
    let reference = reference
        .first()
        .copied()
        .unwrap_or_default()
        .replace('_', " ");
    let notes = vec![format!(
        "Condition minus “{reference}”: the same couples under both, with 95% intervals; n: couples together under \
         both on the first and the last day; the share intact is over all couples"
    )];
    let description = "Differences from the reference condition over time with 95% intervals";
    draw_panels(&panels, &legend, notes, width, description)
}

/// Draws panels with their legend above and notes below.
fn draw_panels(
    panels: &[ComparisonPanel],
    legend: &Legend,
    notes: Vec<String>,
    width: Width,
    description: &str,
) -> Result<Figure, ChartError> {
    let days = panels.iter().flat_map(|panel| &panel.lines);
    let days = days.flat_map(|line| line.day.iter().copied());
    let time = TimeAxis::covering(days).ok_or(ChartError::NothingToDraw {
        table: "trajectory",
        wanted: "finite mean".to_owned(),
    })?;
    let columns = if width == Width::Page { 3 } else { 2 };
    let inner = width.inner();
    let width = width.millimetres();
    let top = MARGIN / 2.0 + legend.height(inner) + AFTER_LEGEND;
    let subplots = Subplots::new(panels.len(), columns, (0.0, width), top, SPACING);
    let mut below = Legend::new();
    for note in notes {
        below.note(note);
    }
    let below = below.below(width, subplots.bottom + 1.0);
    let mut canvas = below.canvas();
    legend.draw(&mut canvas, (MARGIN, MARGIN / 2.0), inner);
    for (panel, subplot) in panels.iter().zip(&subplots.panels) {
        let axes = Axes {
            frame: subplot.frame,
            x: (time.first, time.last),
            y: scale(panel),
        };
        if axes.y.0 < 0.0 && axes.y.1 > 0.0 {
            axes.hline(&mut canvas, 0.0, AXIS);
        }
        for line in &panel.lines {
            let [low, high] = &line.interval;
            axes.band(
                &mut canvas,
                &line.day,
                low,
                high,
                line.stroke.colour.faint(BAND),
            );
        }
        for line in &panel.lines {
            axes.curve(&mut canvas, &line.day, &line.mean, line.stroke);
        }
        axes.draw_spines(&mut canvas);
        axes.heading(&mut canvas, &panel.heading, 0.0);
        axes.y_ticks(&mut canvas, &Ticks::round(axes.y.0, axes.y.1, 4));
        let ticks = time.ticks((axes.frame.width / 11.0) as usize);
        axes.x_ticks(&mut canvas, &ticks, subplot.lowest);
        if subplot.lowest {
            axes.x_title(&mut canvas, time.title());
        }
    }
    below.finish(canvas, description)
}

/// The vertical scale of a panel: of its means and of the intervals that are no wider than all of the means are
/// apart, so that the few couples of a late day do not flatten all else.
fn scale(panel: &ComparisonPanel) -> (f64, f64) {
    let means = panel
        .lines
        .iter()
        .flat_map(|line| line.mean.iter().copied());
    let (low, high) = range_of(means).unwrap_or((0.0, 1.0));
    let reach = (high - low).max(LEAST_RANGE);
    let ends = panel
        .lines
        .iter()
        .flat_map(|line| line.interval.iter().flatten());
    let ends = ends
        .copied()
        .filter(|end| *end > low - reach && *end < high + reach);
    let (low, high) = range_of(ends.chain([low, high])).unwrap_or((low, high));
    let (low, high) = if high - low < LEAST_RANGE {
        let middle = 0.5 * (low + high);
        (middle - 0.5 * LEAST_RANGE, middle + 0.5 * LEAST_RANGE)
    } else {
        (low, high)
    };
    round_range(low, high, 6)
}

const TOP: f64 = 3.0;
const LEFT: f64 = 13.5;
const RIGHT: f64 = 4.0;
const HEIGHT: f64 = 48.0;

/// Draws the share of intact couples under each condition, from the tables `survival` of the conditions, with the
/// couples at risk below.
///
/// # Errors
/// [`ChartError::BadArgument`] for more conditions than colours, and those of reading the tables.
pub(crate) fn condition_survival(
    tables: &[(&str, &Table)],
    width: Width,
) -> Result<Figure, ChartError> {
    check(tables.len())?;
    let curves = tables.iter().map(|(name, table)| {
        let curve = read_curve(&ColumnReader::new(table)?)?;
        Ok((name.replace('_', " "), curve))
    });
    let curves: Vec<(String, SurvivalCurve)> = curves.collect::<Result<_, ChartError>>()?;
    let days = curves
        .iter()
        .flat_map(|(_, curve)| curve.day.iter().copied());
    let time = TimeAxis::covering(days).ok_or(ChartError::NothingToDraw {
        table: "survival",
        wanted: "finite survival".to_owned(),
    })?;
    let time = time.starting_at_zero();
    let low = curves
        .iter()
        .map(|(_, curve)| floor(curve))
        .fold(1.0, f64::min);
    let names = curves.iter().map(|(name, _)| NOTE.width(name));
    let counts = curves.iter().filter_map(|(_, curve)| at_risk(curve, 0.0));
    let counts = counts.map(|n| NOTE.width(&count(n)));
    // The numbers of the first day stand in the middle of the left end of the axis.
    let left = names.fold(0.0, f64::max) + 3.0 + 0.5 * counts.fold(0.0, f64::max);
    let left = LEFT.max(left);
    let inner = width.inner();
    let width = width.millimetres();
    let mut legend = Legend::new();
    for (place, (name, _)) in curves.iter().enumerate() {
        let own = patterned(place);
        legend.add(
            LegendHandle::LineOnBand(own, own.colour.faint(BAND)),
            format!("{name}, with its 95% interval"),
        );
    }
    let top = MARGIN / 2.0 + legend.height(inner) + TOP;
    let frame = Rect {
        left,
        top,
        width: width - left - RIGHT,
        height: HEIGHT,
    };
    let panel = Axes {
        frame,
        x: (time.first, time.last),
        y: (low, 1.0),
    };
    let table_top = frame.bottom() + ROOM_BELOW + 1.5;
    let height = table_top + (curves.len() + 1) as f64 * NOTE.line() + 1.5;
    let mut canvas = Canvas::new(width, height);
    legend.draw(&mut canvas, (MARGIN, MARGIN / 2.0), inner);
    for (place, (_, curve)) in curves.iter().enumerate() {
        let colour: Colour = stroke(place).colour.faint(BAND);
        panel.step_band(
            &mut canvas,
            &curve.day,
            &curve.band[0],
            &curve.band[1],
            colour,
        );
    }
    for (place, (_, curve)) in curves.iter().enumerate() {
        panel.steps(&mut canvas, &curve.day, &curve.survival, patterned(place));
    }
    panel.draw_spines(&mut canvas);
    let ticks = time.ticks((frame.width / 14.0) as usize);
    panel.x_ticks(&mut canvas, &ticks, true);
    panel.x_title(&mut canvas, time.title());
    panel.y_ticks(&mut canvas, &Ticks::round(low, 1.0, 5));
    let title = if low > 0.0 {
        "Share intact (not from 0)"
    } else {
        "Share of couples intact"
    };
    panel.y_title(&mut canvas, title, 10.5);
    canvas.text((1.5, table_top), "Couples at risk", NOTE);
    for (place, (name, curve)) in curves.iter().enumerate() {
        let y = table_top + (place + 1) as f64 * NOTE.line();
        canvas.text((1.5, y), name, NOTE.tinted(stroke(place).colour));
        for day in &ticks.at {
            let (x, _) = panel.position(*day, panel.y.0);
            if let Some(number) = at_risk(curve, *day) {
                canvas.text((x, y), &count(number), NOTE.centred());
            }
        }
    }
    canvas.finish("Share of intact couples under each condition over time, with 95% intervals")
}
