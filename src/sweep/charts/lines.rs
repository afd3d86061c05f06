//! Means with their intervals over one axis of a sweep, one line for each level of another.

use super::axis::{AxisInfo, Orientation, SweepAxis, place_ticks, space};

use super::axis::{DesignPoints, Facets, MOST_PANELS, PointEstimates, pooled};
use super::grid_map::title_below;
use super::notes::couples_note;
use crate::chart::{
    Axes, Canvas, ChartError, Colour, ColumnReader, EndLabel, Figure, HEADING, IntervalEstimate,
    Legend, LegendHandle, MARGIN, NOTE, Position, Rect, Stroke, SubplotSpacing, Subplots,
    TextStyle, Ticks, Width, end_label_width, end_labels, range_of, round_range, series_stroke,
};
use crate::table::Table;

/// Lines in one panel at most.
const MOST_LINES: usize = 6;
const BAND: f64 = 0.2;
const DOT: f64 = 0.6;
/// Share of the space between two categories that their intervals spread over.
const SPREAD: f64 = 0.5;
/// Longest name of a line next to it (mm).
const LONGEST_NAME: f64 = 22.0;
/// Share of a panel's space that names next to it may take.
const NAMES_SHARE: f64 = 0.38;

/// One panel: what it shows, and for each line its values by level of the lower axis.
struct LinePanel {
    observable: String,
    /// Which of the facets it is.
    facet: usize,
    lines: Vec<Vec<Option<IntervalEstimate>>>,
    y: (f64, f64),
}

/// Draws the means of observables over an axis of a sweep, from the tables `points` and `summaries`.
///
/// There is a panel for each observable and, with a `facet` axis, for each of its levels, at most twelve; panels of one
/// observable have one scale. With an axis `by` there is a line for each of its levels, at most six. A measured
/// axis has lines on bands of the 95% interval (`ci_low`, `ci_high`); categories have dots on vertical
/// intervals. Values are averaged over points that differ on other axes only.
///
/// # Errors
/// [`ChartError::BadArgument`] for no observable, more than twelve panels or more than six lines;
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where an observable has no
/// finite mean or no point has a result.
pub(crate) fn lines(
    points: &Table,
    summaries: &Table,
    x: &AxisInfo,
    by: Option<&AxisInfo>,
    facet: Option<&AxisInfo>,
    observables: &[&str],
    width: Width,
) -> Result<Figure, ChartError> {
    let (reader, summaries) = (ColumnReader::new(points)?, ColumnReader::new(summaries)?);
    let x = SweepAxis::read(&reader, x)?;
    let by = by.map(|by| SweepAxis::read(&reader, by)).transpose()?;
    let points = DesignPoints::read(&reader)?;
    let facets = Facets::read(&reader, facet)?;
    check(observables.len() * facets.count(), by.as_ref())?;
    let (mut panels, mut most) = (Vec::new(), 0);
    for observable in observables {
        let found = PointEstimates::read(&summaries, observable)?;
        let mut mine = Vec::new();
        for rows in &facets.rows {
            let (lines, count) = values(&points, rows, (&x, by.as_ref()), &found);
            most = most.max(count);
            mine.push(lines);
        }
        let all = mine.iter().flatten().flatten().flatten();
        let range = range_of(all.flat_map(|e| [e.mean, e.low, e.high]))
            .ok_or_else(|| reader.nothing(format!("point with a result for `{observable}`")))?;
        let y = round_range(range.0, range.1, 5);
        panels.extend(
            mine.into_iter()
                .enumerate()
                .map(|(facet, lines)| LinePanel {
                    observable: found.title.clone(),
                    facet,
                    lines,
                    y,
                }),
        );
    }
    let picture = LineChart {
        x,
        by,
        facets,
        panels,
        most,
        couples: couples_note(observables),
    };
    picture.draw(width)
}

fn check(panels: usize, by: Option<&SweepAxis>) -> Result<(), ChartError> {
    let lines = by.map_or(1, SweepAxis::count);
    let checks = [
        ("number of panels", "1 to 12", panels, MOST_PANELS),
        ("number of lines", "1 to 6", lines, MOST_LINES),
    ];
    for (name, must, count, most) in checks {
        if !(1..=most).contains(&count) {
            let value = count as f64;
            return Err(ChartError::BadArgument { name, must, value });
        }
    }
    Ok(())
}

/// The lines of one panel, and how many points a value is averaged over at most.
fn values(
    points: &DesignPoints,
    rows: &[usize],
    (x, by): (&SweepAxis, Option<&SweepAxis>),
    found: &PointEstimates,
) -> (Vec<Vec<Option<IntervalEstimate>>>, usize) {
    let mut most = 0;
    let mut value = |levels: &[(&SweepAxis, usize)]| {
        let (estimate, count) = points.at(rows, levels, found);
        most = most.max(count);
        estimate
    };
    let lines = (0..by.map_or(1, SweepAxis::count))
        .map(|line| {
            let along = 0..x.count();
            along
                .map(|level| match by {
                    Some(by) => value(&[(x, level), (by, line)]),
                    None => value(&[(x, level)]),
                })
                .collect()
        })
        .collect();
    (lines, most)
}

struct LineChart {
    x: SweepAxis,
    by: Option<SweepAxis>,
    facets: Facets,
    panels: Vec<LinePanel>,
    most: usize,
    /// The couples that the observables are over.
    couples: Option<String>,
}

impl LineChart {
    fn draw(&self, width: Width) -> Result<Figure, ChartError> {
        let count = self.panels.len();
        let columns = count.min(if width == Width::Page { 3 } else { 2 });
        // The panels of one observable form a row, where they fit into one.
        let columns = match self.facets.count() {
            facets @ 2..=3 if facets <= columns && facets < count => facets,
            _ if count == 4 => 2,
            _ => columns,
        };
        let inner = width.inner();
        let width = width.millimetres();
        let names = self.names();
        let texts: Vec<&str> = names.iter().map(String::as_str).collect();
        let beside = end_label_width(&texts) + 1.0;
        let direct = !names.is_empty()
            && self.x.is_measured()
            && beside <= NAMES_SHARE * inner / columns as f64;
        let numbers = self
            .panels
            .iter()
            .flat_map(|content| y_ticks(content.y).labels);
        let widest = numbers.map(|label| NOTE.width(&label)).fold(0.0, f64::max);
        let spacing = SubplotSpacing {
            left: widest + 3.8,
            right: if direct { beside } else { 3.0 },
            above: if self.facets.has_headings() { 8.2 } else { 5.0 },
            height: if columns == 1 { 46.0 } else { 30.0 },
            below: 2.6,
        };
        let length = width / columns as f64 - spacing.left - spacing.right;
        let (legend, notes) = self.legends(&names, direct, length);
        let top = MARGIN / 2.0 + legend.height(inner) + 0.6;
        let subplots = Subplots::new(count, columns, (0.0, width), top, spacing);
        let notes = notes.below(width, subplots.bottom + 1.0);
        let mut canvas = notes.canvas();
        legend.draw(&mut canvas, (MARGIN, MARGIN / 2.0), inner);
        for (content, subplot) in self.panels.iter().zip(&subplots.panels) {
            let panel = self.panel(content, subplot.frame);
            self.draw_lines(&mut canvas, &panel, content);
            panel.draw_spines(&mut canvas);
            self.heading(&mut canvas, content, subplot.frame, spacing.right);
            panel.y_ticks(&mut canvas, &y_ticks(content.y));
            let length = panel.frame.width;
            let space = space(&self.x, Orientation::Horizontal, length);
            let ticks = place_ticks(&self.x, panel.x, (Orientation::Horizontal, length), space);
            panel.x_ticks(&mut canvas, &ticks, subplot.lowest);
            if direct {
                self.name_lines(&mut canvas, &panel, content, &names);
            }
        }
        let frames: Vec<Rect> = subplots.panels.iter().map(|panel| panel.frame).collect();
        title_below(&mut canvas, &frames, &self.x.label);
        notes.finish(
            canvas,
            &format!("Means with 95% intervals over {}", self.x.label),
        )
    }
    /// Writes what a panel shows, over it and over the space to its right.
    fn heading(&self, canvas: &mut Canvas, content: &LinePanel, frame: Rect, right: f64) {
        let width = frame.width + right - 1.5;
        let facet = self.facets.heading(content.facet, width);
        let observable = HEADING.shorten(&content.observable, width);
        let raised = if facet.is_empty() {
            0.0
        } else {
            HEADING.line()
        };
        let at = |raised: f64| (frame.left, frame.top - 2.4 - raised);
        canvas.text(at(raised), &observable, HEADING);
        let plain = TextStyle {
            bold: false,
            ..HEADING
        };
        canvas.text(at(0.0), &facet, plain);
    }
    fn names(&self) -> Vec<String> {
        let levels = self
            .by
            .as_ref()
            .map_or(Vec::new(), SweepAxis::names)
            .into_iter();
        levels
            .map(|name| NOTE.shorten(&name, LONGEST_NAME))
            .collect()
    }
    fn panel(&self, content: &LinePanel, frame: Rect) -> Axes {
        let positions = self.x.coordinates();
        let (low, high) = range_of(positions).unwrap_or((0.0, 1.0));
        let margin = match self.x.is_measured() {
            true if high > low => 0.03 * (high - low),
            true => 0.5 * low.abs().max(1.0),
            false => 0.5,
        };
        Axes {
            frame,
            x: (low - margin, high + margin),
            y: content.y,
        }
    }
    fn draw_lines(&self, canvas: &mut Canvas, panel: &Axes, content: &LinePanel) {
        let positions = self.x.coordinates();
        let of =
            |line: &[Option<IntervalEstimate>], pick: fn(&IntervalEstimate) -> f64| -> Vec<f64> {
                let values = line.iter();
                values.map(|e| e.as_ref().map_or(f64::NAN, pick)).collect()
            };
        if !self.x.is_measured() {
            for (k, line) in content.lines.iter().enumerate() {
                self.draw_intervals(canvas, panel, (k, content.lines.len()), line);
            }
            return;
        }
        for (k, line) in content.lines.iter().enumerate() {
            let (low, high) = (of(line, |e| e.low), of(line, |e| e.high));
            panel.band(
                canvas,
                &positions,
                &low,
                &high,
                series_stroke(k).colour.faint(BAND),
            );
        }
        for (k, line) in content.lines.iter().enumerate() {
            let mean = of(line, |e| e.mean);
            panel.curve(canvas, &positions, &mean, series_stroke(k));
            if positions.len() <= 25 {
                for (x, y) in positions.iter().zip(&mean).filter(|(_, y)| y.is_finite()) {
                    canvas.disc(panel.position(*x, *y), DOT, series_stroke(k).colour);
                }
            }
        }
    }
    /// Draws the dots and intervals of one line over categories, next to those of the other lines.
    fn draw_intervals(
        &self,
        canvas: &mut Canvas,
        panel: &Axes,
        (line, lines): (usize, usize),
        values: &[Option<IntervalEstimate>],
    ) {
        let share = (line as f64 + 0.5) / lines as f64 - 0.5;
        let colour = series_stroke(line).colour;
        for (at, estimate) in self.x.coordinates().into_iter().zip(values) {
            let Some(estimate) = estimate else { continue };
            let place = |y: f64| panel.position(at + SPREAD * share, y);
            if estimate.half_width().is_finite() {
                let stroke = Stroke::solid(colour, 0.9);
                canvas.line(place(estimate.low), place(estimate.high), stroke);
            }
            mark(canvas, line, place(estimate.mean), colour);
        }
    }
    fn name_lines(&self, canvas: &mut Canvas, panel: &Axes, content: &LinePanel, names: &[String]) {
        let mut labels = Vec::new();
        for (k, (line, name)) in content.lines.iter().zip(names).enumerate() {
            let last = line.iter().rev().flatten().next();
            labels.extend(last.map(|estimate| EndLabel {
                text: name.clone(),
                y: panel.position(panel.x.1, estimate.mean).1,
                stroke: series_stroke(k),
            }));
        }
        // The first label does not touch the heading.
        let (top, bottom) = (panel.frame.top + 0.8, panel.frame.bottom());
        end_labels(canvas, &labels, panel.frame.right(), top, bottom);
    }
    /// The legend above the panels, and the notes under them.
    fn legends(&self, names: &[String], direct: bool, length: f64) -> (Legend, Legend) {
        let (mut legend, mut notes) = (Legend::new(), Legend::new());
        if let Some(by) = &self.by {
            if direct {
                notes.note(format!("names at the lines: {}", by.label));
            } else {
                legend.note(format!("{}:", by.label));
                for (k, name) in names.iter().enumerate() {
                    let stroke = series_stroke(k);
                    let sample = if self.x.is_measured() {
                        LegendHandle::LineOnBand(stroke, stroke.colour.faint(BAND))
                    } else {
                        handle_of(k, stroke.colour)
                    };
                    legend.add(sample, name.as_str());
                }
            }
        }
        let all = || {
            self.panels
                .iter()
                .flat_map(|content| content.lines.iter().flatten())
        };
        if all()
            .flatten()
            .any(|estimate| estimate.half_width().is_finite())
        {
            let handle = if self.x.is_measured() {
                let stroke = series_stroke(0);
                LegendHandle::LineOnBand(stroke, stroke.colour.faint(BAND))
            } else {
                handle_of(0, series_stroke(0).colour)
            };
            notes.add(handle, "mean with its 95% interval");
        }
        if let Some(couples) = &self.couples {
            notes.note(couples.as_str());
        }
        if all().any(Option::is_none) {
            notes.note("gaps: no result");
        }
        if let Some(legend) = self
            .x
            .category_note(space(&self.x, Orientation::Horizontal, length))
        {
            notes.note(legend);
        }
        if let Some(note) = pooled([self.most].into_iter()) {
            notes.note(note);
        }
        (legend, notes)
    }
}

/// Draws a value of one line over categories: the lines' marks differ in grey too.
fn mark(canvas: &mut Canvas, line: usize, at: Position, colour: Colour) {
    match line % 3 {
        0 => canvas.disc(at, 0.75, colour),
        1 => canvas.diamond(at, 1.05, colour),
        _ => {
            canvas.hollow_disc(at, 0.75, Stroke::solid(colour, 0.8));
        }
    }
}

/// The same mark in a legend.
fn handle_of(line: usize, colour: Colour) -> LegendHandle {
    match line % 3 {
        0 => LegendHandle::Disc(colour, 0.75),
        1 => LegendHandle::Diamond(colour),
        _ => LegendHandle::Ring(Stroke::solid(colour, 0.8), 0.75),
    }
}

fn y_ticks((low, high): (f64, f64)) -> Ticks {
    Ticks::round(low, high, 4)
}
