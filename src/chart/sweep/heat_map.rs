//! The mean of an observable over two axes of a sweep, as shades of cells.

use super::axis::{Axis, AxisInfo};
use super::contour::{self, Field};
use super::map::{EMPTY, Map, Sides, titles, unscaled};
use super::points::{Estimate, Found, Points};
use super::shade::{on, shade};
use crate::chart::canvas::{Canvas, Frame};
use crate::chart::error::ChartError;
use crate::chart::figure::{Figure, Width};
use crate::chart::grid::{self, Cell};
use crate::chart::ink::{BLACK, GREY, Stroke};
use crate::chart::key::{Key, Sample};
use crate::chart::lettering::{LABEL, NOTE};
use crate::chart::panel::Panel;
use crate::chart::read::Reader;
use crate::chart::series::range_of;
use crate::chart::ticks::{Ticks, number, round_step};
use crate::foundation::table::Table;

/// Panels that one figure holds at most.
pub(super) const MOST_PANELS: usize = 12;
/// Share of the range over the map beyond which half an interval is too wide.
const WIDE: f64 = 0.1;
/// Levels on both axes from which contours are drawn.
const FOR_CONTOURS: usize = 4;
const DOT: f64 = 0.35;
const MARGIN: f64 = 2.0;
const BETWEEN: f64 = 3.2;
/// Largest width and height of a single map [mm].
const LARGEST: (f64, f64) = (105.0, 80.0);
/// The bar of shades: from the panels, its width, and from it to its numbers [mm].
const BAR: [f64; 3] = [3.0, 3.0, 1.2];

/// What was found in a cell, and at how many points.
type Seen = (Option<Estimate>, usize);

/// Draws the mean of an observable over two axes of a sweep, from the tables `points` and `summaries`.
///
/// Each cell is shaded by the observable's `mean`, which is averaged over the points that share the cell's
/// levels; the bar names the observable with its unit. With a `facet` axis there is one panel for each of its
/// levels, at most twelve, on a common scale. A dot marks cells whose 95% interval reaches more than a tenth of the range over all cells to
/// either side, or is not known. Cells without a result are empty and crossed. Where both axes are measured and
/// have at least four levels, contours run through round levels. Levels lie at their values or, where cells
/// would become too narrow, evenly, which a note then says.
///
/// # Errors
/// [`ChartError::BadArgument`] for more than twelve panels or 200 levels on an axis; [`ChartError::NoRows`],
/// [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no cell has a finite mean or the points are
/// no grid over the axes.
pub fn heat_map(
    points: &Table,
    summaries: &Table,
    x: &AxisInfo,
    y: &AxisInfo,
    facet: Option<&AxisInfo>,
    observable: &str,
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = Reader::new(points)?;
    let (x, y) = (Axis::read(&reader, x)?, Axis::read(&reader, y)?);
    let sides = Sides { x: &x, y: &y };
    sides.check(&reader)?;
    let found = Found::read(&Reader::new(summaries)?, observable)?;
    let points = Points::read(&reader)?;
    let panels = panels(&reader, facet, points.count())?;
    let seen: Vec<Vec<Seen>> = panels
        .iter()
        .map(|(_, rows)| {
            let cell = |(i, j)| points.at(rows, &[(&x, i), (&y, j)], &found);
            sides.cells().map(cell).collect()
        })
        .collect();
    let means = seen.iter().flatten().filter_map(|(e, _)| e.map(|e| e.mean));
    let range = range_of(means)
        .ok_or_else(|| reader.nothing(format!("point with a result for `{observable}`")))?;
    let picture = Picture {
        sides,
        seen: &seen,
        scale: Scale::of(range),
    };
    let headings = panels.iter().map(|(heading, _)| heading.as_str()).collect();
    picture.draw(headings, &found.title, width)
}

/// Heading and rows of each panel: one for each level of the facet axis, or one for all points.
pub(super) fn panels(
    reader: &Reader<'_>,
    facet: Option<&AxisInfo>,
    points: usize,
) -> Result<Vec<(String, Vec<usize>)>, ChartError> {
    let Some(info) = facet else {
        return Ok(vec![(String::new(), (0..points).collect())]);
    };
    let axis = Axis::read(reader, info)?;
    if axis.count() == 0 {
        return Err(reader.nothing(format!("level of the axis `{}`", axis.label)));
    }
    if axis.count() > MOST_PANELS {
        return Err(ChartError::BadArgument {
            name: "number of panels",
            must: "at most 12",
            value: axis.count() as f64,
        });
    }
    let panel = |level| (axis.heading(level), axis.rows_at(level));
    Ok((0..axis.count()).map(panel).collect())
}

/// The values that the bar of shades spans.
#[derive(Clone, Copy)]
struct Scale {
    low: f64,
    high: f64,
    /// Largest less smallest mean; zero where all are the same.
    span: f64,
}

impl Scale {
    fn of((low, high): (f64, f64)) -> Scale {
        let span = high - low;
        let margin = if span > 1e-12 * low.abs().max(high.abs()) {
            0.0
        } else {
            0.5 * low.abs().max(f64::MIN_POSITIVE.sqrt())
        };
        Scale {
            low: low - margin,
            high: high + margin,
            span,
        }
    }
    fn share(self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }
    fn is_wide(self, estimate: Estimate) -> bool {
        let reach = estimate.reach();
        reach.is_nan() || reach > WIDE * self.span
    }
    fn contours(self) -> (Vec<f64>, f64) {
        let step = round_step(self.span, 5);
        let ticks = Ticks::round(self.low, self.high, 5);
        let inside = |at: &f64| *at > self.low && *at < self.high;
        (ticks.at.into_iter().filter(inside).collect(), step)
    }
}

struct Picture<'a> {
    sides: Sides<'a>,
    seen: &'a [Vec<Seen>],
    scale: Scale,
}

impl Picture<'_> {
    fn draw(&self, headings: Vec<&str>, title: &str, width: Width) -> Result<Figure, ChartError> {
        let count = headings.len();
        let columns = count.min(if width == Width::Page { 3 } else { 2 });
        let width = width.millimetres();
        let bar = self.bar_ticks(40.0);
        let widest = bar.labels.iter().map(|label| NOTE.width(label));
        let right = BAR.iter().sum::<f64>() + widest.fold(0.0, f64::max) + 5.2 - BETWEEN;
        let left = self.sides.room_left(30.0);
        let pitch = ((width - left - right) / columns as f64).min(LARGEST.0);
        let height = (0.9 * (pitch - BETWEEN)).clamp(26.0, LARGEST.1);
        let cell = Cell {
            left: 0.0,
            right: BETWEEN,
            above: if count > 1 || !headings[0].is_empty() {
                5.0
            } else {
                1.5
            },
            height,
            below: 2.4,
        };
        let indent = left + (width - left - right - columns as f64 * pitch) / 2.0;
        let slots = grid::slots(count, columns, columns as f64 * pitch, MARGIN / 2.0, cell);
        let frames: Vec<Frame> = slots
            .iter()
            .map(|slot| Frame {
                left: slot.frame.left + indent,
                ..slot.frame
            })
            .collect();
        let below = MARGIN / 2.0 + grid::height(count, columns, cell) + 1.2;
        let key = self.key(&Map::new(self.sides, frames[0]));
        let inner = width - 2.0 * MARGIN;
        let mut canvas = Canvas::new(width, below + key.height(inner) + 1.0);
        for (k, (frame, slot)) in frames.iter().zip(&slots).enumerate() {
            let map = Map::new(self.sides, *frame);
            self.cells(&mut canvas, &map, &self.seen[k]);
            self.contours(&mut canvas, &map, &self.seen[k]);
            map.axes(&mut canvas, slot.lowest, k % columns == 0);
            map.panel().heading(&mut canvas, headings[k], 0.0);
        }
        titles(
            &mut canvas,
            &frames,
            &self.sides.x.label,
            &self.sides.y.label,
        );
        self.bar(&mut canvas, &frames[..columns], title);
        key.draw(&mut canvas, (MARGIN, below), inner);
        canvas.finish(&format!(
            "{title} over {} and {}, as shades of cells",
            self.sides.x.label, self.sides.y.label
        ))
    }
    fn cells(&self, canvas: &mut Canvas, map: &Map<'_>, seen: &[Seen]) {
        let cells = || map.sides.cells().zip(seen);
        for (cell, (estimate, _)) in cells() {
            if let Some(estimate) = estimate {
                map.fill(canvas, cell, shade(self.scale.share(estimate.mean)));
            }
        }
        let smallest = map.smallest();
        let radius = DOT.min(0.22 * smallest.0.min(smallest.1)).max(0.12);
        for (cell, (estimate, _)) in cells() {
            match estimate {
                None => map.leave_empty(canvas, cell),
                Some(estimate) if self.scale.is_wide(*estimate) => {
                    let ink = on(shade(self.scale.share(estimate.mean)));
                    canvas.disc(map.cell(cell).centre(), radius, ink);
                }
                Some(_) => {}
            }
        }
    }
    fn has_contours(&self, map: &Map<'_>) -> bool {
        let enough = |axis: &Axis| axis.is_measured() && axis.count() >= FOR_CONTOURS;
        enough(map.sides.x) && enough(map.sides.y) && self.scale.span > 0.0
    }
    fn contours(&self, canvas: &mut Canvas, map: &Map<'_>, seen: &[Seen]) {
        if !self.has_contours(map) {
            return;
        }
        let mean = |(estimate, _): &Seen| estimate.map_or(f64::NAN, |e| e.mean);
        let field = Field {
            x: (0..map.sides.x.count())
                .map(|i| map.centre((i, 0)).0)
                .collect(),
            y: (0..map.sides.y.count())
                .map(|j| map.centre((0, j)).1)
                .collect(),
            value: seen.iter().map(mean).collect(),
        };
        let (levels, step) = self.scale.contours();
        let mut taken = Vec::new();
        for level in levels {
            let ground = shade(self.scale.share(level));
            let words = number(level, step);
            let look = (words.as_str(), ground, on(ground));
            contour::draw(canvas, &field.lines(level), look, map.frame, &mut taken);
        }
    }
    fn bar_ticks(&self, height: f64) -> Ticks {
        Ticks::round(self.scale.low, self.scale.high, (height / 8.0) as usize)
    }
    /// Draws the bar of shades beside the first row of panels.
    fn bar(&self, canvas: &mut Canvas, row: &[Frame], title: &str) {
        let Some(last) = row.last() else { return };
        let frame = Frame {
            left: last.right() + BAR[0],
            width: BAR[1],
            ..*last
        };
        let panel = Panel {
            frame,
            x: (0.0, 1.0),
            y: (self.scale.low, self.scale.high),
        };
        const STEPS: usize = 100;
        for step in 0..STEPS {
            let rest = frame.height * (1.0 - step as f64 / STEPS as f64);
            let slab = Frame {
                height: rest,
                ..frame
            };
            canvas.rectangle(slab, shade((step as f64 + 0.5) / STEPS as f64));
        }
        canvas.outline(frame, Stroke::solid(GREY, 0.4));
        let ticks = self.bar_ticks(frame.height);
        let mut widest = 0.0_f64;
        for (at, label) in ticks.at.iter().zip(&ticks.labels) {
            let (_, y) = panel.place(0.0, *at);
            let right = frame.right();
            canvas.line((right, y), (right + 0.7, y), Stroke::solid(GREY, 0.5));
            canvas.text((right + BAR[2], y), label, NOTE);
            widest = widest.max(NOTE.width(label));
        }
        let title = LABEL.shorten(title, frame.height + 2.0);
        let x = frame.right() + BAR[2] + widest + 2.4;
        canvas.text((x, frame.centre().1), &title, LABEL.centred().upwards());
    }
    fn key(&self, map: &Map<'_>) -> Key {
        let mut key = Key::new();
        let all = || self.seen.iter().flatten();
        let wide = |seen: &&Seen| seen.0.is_some_and(|e| self.scale.is_wide(e));
        let unknown = all().any(|(e, _)| e.is_some_and(|e| e.reach().is_nan()));
        if all().any(|seen| wide(&seen)) {
            let or = if unknown { ", or unknown" } else { "" };
            let words = format!("95% interval beyond ±10% of the range over the map{or}");
            key.add(Sample::Disc(BLACK, DOT), words);
        }
        if all().any(|(estimate, _)| estimate.is_none()) {
            key.add(Sample::Crossed(EMPTY), "no result");
        }
        if self.has_contours(map) {
            key.add(
                Sample::Line(Stroke::solid(BLACK, 0.6)),
                "contour of the mean",
            );
        }
        if let Some(note) = pooled(all().map(|(_, count)| *count)) {
            key.add(Sample::Words, note);
        }
        if let Some(note) = unscaled(map) {
            key.add(Sample::Words, note);
        }
        key
    }
}

/// Says that values are means over points that differ on other axes, where they are.
pub(super) fn pooled(counts: impl Iterator<Item = usize>) -> Option<String> {
    let most = counts.max().filter(|most| *most > 1)?;
    Some(format!(
        "means over up to {most} points that differ on other axes"
    ))
}
