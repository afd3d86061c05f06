//! The mean of an observable over two axes of a sweep, as colours of cells.

use super::axis::{AxisInfo, SweepAxis};
use super::contour;
use super::contour::ScalarField;

use super::colour_scale::{ColourScale, contrasting, viridis};
use super::grid_map::{EMPTY, GridMap, MapAxes, add_to_legend, titles};
use super::points::{DesignPoints, Facets, PointEstimates, pooled};
use crate::chart::{
    BLACK, Canvas, ChartError, ColumnReader, Figure, IntervalEstimate, Legend, LegendHandle,
    MARGIN, Rect, Stroke, SubplotSpacing, Subplots, Width, number, range_of,
};
use crate::table::Table;

/// Levels on both axes from which contours are drawn.
const FOR_CONTOURS: usize = 4;
const DOT: f64 = 0.35;
const BETWEEN: f64 = 3.2;
/// Largest width and height of a single map (mm).
const LARGEST: (f64, f64) = (105.0, 80.0);

/// What was found in a cell, and at how many points.
type CellEstimate = (Option<IntervalEstimate>, usize);

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
pub(crate) fn heat_map(
    points: &Table,
    summaries: &Table,
    x: &AxisInfo,
    y: &AxisInfo,
    facet: Option<&AxisInfo>,
    observable: &str,
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(points)?;
    let (x, y) = (SweepAxis::read(&reader, x)?, SweepAxis::read(&reader, y)?);
    let sides = MapAxes { x: &x, y: &y };
    sides.check(&reader)?;
    let found = PointEstimates::read(&ColumnReader::new(summaries)?, observable)?;
    let points = DesignPoints::read(&reader)?;
    let facets = Facets::read(&reader, facet)?;
    let cells: Vec<Vec<CellEstimate>> = (facets.rows.iter())
        .map(|rows| {
            let cell = |(i, j)| points.at(rows, &[(&x, i), (&y, j)], &found);
            sides.cells().map(cell).collect()
        })
        .collect();
    let means = cells
        .iter()
        .flatten()
        .filter_map(|(e, _)| e.map(|e| e.mean));
    let range = range_of(means)
        .ok_or_else(|| reader.nothing(format!("point with a result for `{observable}`")))?;
    let picture = HeatMap {
        sides,
        facets: &facets,
        cells: &cells,
        scale: ColourScale::of(range),
    };
    picture.draw(&found.title, width)
}

struct HeatMap<'a> {
    sides: MapAxes<'a>,
    facets: &'a Facets,
    cells: &'a [Vec<CellEstimate>],
    scale: ColourScale,
}

impl HeatMap<'_> {
    fn draw(&self, title: &str, width: Width) -> Result<Figure, ChartError> {
        let count = self.facets.count();
        let columns = count.min(if width == Width::Page { 3 } else { 2 });
        let width = width.millimetres();
        let left = self.sides.room_left(30.0);
        let right = self.scale.room(30.0) - BETWEEN + 0.8;
        let pitch = ((width - left - right) / columns as f64).min(LARGEST.0);
        let spacing = SubplotSpacing {
            left: 0.0,
            right: BETWEEN,
            above: if self.facets.has_headings() { 5.0 } else { 1.5 },
            height: (0.9 * (pitch - BETWEEN)).clamp(26.0, LARGEST.1),
            below: 2.4,
        };
        let indent = left + (width - left - right - columns as f64 * pitch) / 2.0;
        let span = (indent, indent + columns as f64 * pitch);
        let subplots = Subplots::new(count, columns, span, MARGIN / 2.0, spacing);
        let frames: Vec<Rect> = subplots.panels.iter().map(|panel| panel.frame).collect();
        let legend = self.legend(&frames).below(width, subplots.bottom + 1.2);
        let mut canvas = legend.canvas();
        for (k, subplot) in subplots.panels.iter().enumerate() {
            let map = GridMap::new(self.sides, subplot.frame);
            self.cells(&mut canvas, &map, &self.cells[k]);
            self.contours(&mut canvas, &map, &self.cells[k]);
            map.draw_axes(&mut canvas, subplot.lowest, k % columns == 0);
            let heading = self.facets.heading(k, subplot.frame.width);
            map.panel().heading(&mut canvas, &heading, 0.0);
        }
        titles(&mut canvas, &frames, self.sides);
        self.scale.draw(&mut canvas, frames[columns - 1], title);
        legend.finish(
            canvas,
            &format!(
                "{title} over {} and {}, as colours of cells",
                self.sides.x.label, self.sides.y.label
            ),
        )
    }
    fn cells(&self, canvas: &mut Canvas, map: &GridMap<'_>, cells: &[CellEstimate]) {
        let cells = || map.sides.cells().zip(cells);
        for (cell, (estimate, _)) in cells() {
            if let Some(estimate) = estimate {
                map.fill(canvas, cell, viridis(self.scale.share(estimate.mean)));
            }
        }
        let smallest = map.smallest();
        let radius = DOT.min(0.22 * smallest.0.min(smallest.1)).max(0.12);
        for (cell, (estimate, _)) in cells() {
            match estimate {
                None => map.leave_empty(canvas, cell),
                Some(estimate) if self.scale.is_wide(*estimate) => {
                    let colour = contrasting(viridis(self.scale.share(estimate.mean)));
                    canvas.disc(map.cell(cell).centre(), radius, colour);
                }
                Some(_) => {}
            }
        }
    }
    fn has_contours(&self, map: &GridMap<'_>) -> bool {
        let enough = |axis: &SweepAxis| axis.is_measured() && axis.count() >= FOR_CONTOURS;
        enough(map.sides.x) && enough(map.sides.y) && self.scale.span > 0.0
    }
    fn contours(&self, canvas: &mut Canvas, map: &GridMap<'_>, cells: &[CellEstimate]) {
        if !self.has_contours(map) {
            return;
        }
        let mean = |(estimate, _): &CellEstimate| estimate.map_or(f64::NAN, |e| e.mean);
        let field = ScalarField {
            x: (0..map.sides.x.count())
                .map(|i| map.centre((i, 0)).0)
                .collect(),
            y: (0..map.sides.y.count())
                .map(|j| map.centre((0, j)).1)
                .collect(),
            value: cells.iter().map(mean).collect(),
        };
        let (levels, step) = self.scale.contours();
        let mut taken = Vec::new();
        for level in levels {
            let background = viridis(self.scale.share(level));
            let text = number(level, step);
            let style = (text.as_str(), background, contrasting(background));
            contour::draw(canvas, &field.lines(level), style, map.frame, &mut taken);
        }
    }
    fn legend(&self, frames: &[Rect]) -> Legend {
        let (mut legend, map) = (Legend::new(), GridMap::new(self.sides, frames[0]));
        let all = || self.cells.iter().flatten();
        let wide = |cells: &&CellEstimate| cells.0.is_some_and(|e| self.scale.is_wide(e));
        let unknown = all().any(|(e, _)| e.is_some_and(|e| e.half_width().is_nan()));
        if all().any(|cells| wide(&cells)) {
            let or = if unknown { ", or unknown" } else { "" };
            let text = format!("95% interval beyond ±10% of the range over the map{or}");
            legend.add(LegendHandle::Disc(BLACK, DOT), text);
        }
        if all().any(|(estimate, _)| estimate.is_none()) {
            legend.add(LegendHandle::Crossed(EMPTY), "no result");
        }
        if self.has_contours(&map) {
            legend.add(
                LegendHandle::Line(Stroke::solid(BLACK, 0.6)),
                "contour of the mean",
            );
        }
        if let Some(note) = pooled(all().map(|(_, count)| *count)) {
            legend.note(note);
        }
        add_to_legend(&mut legend, &map, frames);
        legend
    }
}
