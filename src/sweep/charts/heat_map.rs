//! The mean of an observable over two axes of a sweep, as colours of cells, with contours where the axes are
//! numeric.

use super::axis::{AxisInfo, DesignPoints, Facets, PointEstimates, SweepAxis, pooled};
use super::grid_map::{
    ColourScale, EMPTY, GridMap, MapAxes, add_to_legend, contrasting, titles, viridis,
};
use super::notes::couples_note;
use crate::chart::{
    BLACK, Canvas, ChartError, Colour, ColumnReader, Figure, IntervalEstimate, Legend,
    LegendHandle, MARGIN, NOTE, Position, Rect, Stroke, SubplotSpacing, Subplots, Width, distance,
    number, range_of,
};
use crate::table::Table;
use std::collections::BTreeMap;

/// Cells of a map that may have their values in them.
const MOST_VALUES: usize = 48;
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
/// levels, at most twelve, on a common scale. A dot marks imprecise cells, whose 95% interval reaches more than a
/// tenth of the range over all cells to either side, or is not known; where most cells are, a note says so instead.
/// Maps of few and large cells have the values in them. Cells without a result are empty and crossed. Where both axes are measured and
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
        couples: couples_note(&[observable]),
    };
    picture.draw(&found.title, width)
}

struct HeatMap<'a> {
    sides: MapAxes<'a>,
    facets: &'a Facets,
    cells: &'a [Vec<CellEstimate>],
    scale: ColourScale,
    /// The couples that the observable is over.
    couples: Option<String>,
}

impl HeatMap<'_> {
    fn draw(&self, title: &str, width: Width) -> Result<Figure, ChartError> {
        let count = self.facets.count();
        let columns = count.min(if width == Width::Page { 3 } else { 2 });
        let width = width.millimetres();
        let left = self.sides.space_left(30.0);
        let right = self.scale.space(30.0) - BETWEEN + 0.8;
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
        let has_dots = !self.are_mostly_wide();
        if let Some(texts) = self.values(map, cells().map(|(_, found)| found)) {
            for ((cell, (estimate, _)), text) in cells().zip(texts) {
                if let Some(estimate) = estimate {
                    let colour = contrasting(viridis(self.scale.share(estimate.mean)));
                    let centre = map.cell(cell).centre();
                    canvas.text(centre, &text, NOTE.centred().tinted(colour));
                }
            }
        }
        let smallest = map.smallest();
        let radius = DOT.min(0.22 * smallest.0.min(smallest.1)).max(0.12);
        for (cell, (estimate, _)) in cells() {
            match estimate {
                None => map.leave_empty(canvas, cell),
                Some(estimate) if has_dots && self.scale.is_wide(*estimate) => {
                    let colour = contrasting(viridis(self.scale.share(estimate.mean)));
                    let frame = map.cell(cell);
                    let centre = match self.values(map, cells().map(|(_, found)| found)) {
                        // Next to the value.
                        Some(_) => (frame.right() - 1.0, frame.bottom() - 1.0),
                        None => frame.centre(),
                    };
                    canvas.disc(centre, radius, colour);
                }
                Some(_) => {}
            }
        }
    }
    /// Whether most cells with a result are imprecise, so that a dot in each would say nothing.
    fn are_mostly_wide(&self) -> bool {
        let known = self.cells.iter().flatten().filter_map(|(found, _)| *found);
        let (wide, all) = known.fold((0, 0), |(wide, all), estimate| {
            (wide + usize::from(self.scale.is_wide(estimate)), all + 1)
        });
        2 * wide > all
    }
    /// The values of the cells as texts, where there are few and each has space.
    fn values<'c>(
        &self,
        map: &GridMap<'_>,
        cells: impl Iterator<Item = &'c CellEstimate>,
    ) -> Option<Vec<String>> {
        let (width, height) = map.smallest();
        if self.has_contours(map) || height < NOTE.line() + 1.0 {
            return None;
        }
        let step = self.scale.contours().1 / 10.0;
        let text =
            |(found, _): &CellEstimate| found.map_or(String::new(), |e| number(e.mean, step));
        let texts: Vec<String> = cells.map(text).collect();
        let widest = texts
            .iter()
            .map(|text| NOTE.width(text))
            .fold(0.0, f64::max);
        (texts.len() <= MOST_VALUES && widest + 1.5 <= width).then_some(texts)
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
            draw_contours(canvas, &field.lines(level), style, map.frame, &mut taken);
        }
    }
    fn legend(&self, frames: &[Rect]) -> Legend {
        let (mut legend, map) = (Legend::new(), GridMap::new(self.sides, frames[0]));
        let all = || self.cells.iter().flatten();
        let wide = |cells: &&CellEstimate| cells.0.is_some_and(|e| self.scale.is_wide(e));
        let unknown = all().any(|(e, _)| e.is_some_and(|e| e.half_width().is_nan()));
        if all().any(|cells| wide(&cells)) {
            let or = if unknown { ", or unknown" } else { "" };
            let text = format!("95% interval beyond ±10% of the map's range{or}");
            if self.are_mostly_wide() {
                legend.note(format!("most cells are imprecise: {text}"));
            } else {
                legend.add(LegendHandle::Disc(BLACK, DOT), format!("imprecise: {text}"));
            }
        }
        if all().any(|(estimate, _)| estimate.is_none()) {
            legend.add(LegendHandle::Crossed(EMPTY), "no result");
        }
        if self.has_contours(&map) {
            let step = self.scale.contours().1;
            legend.add(
                LegendHandle::Line(Stroke::solid(BLACK, 0.6)),
                format!("contours of the mean, every {}", number(step, step)),
            );
        }
        if let Some(couples) = &self.couples {
            legend.note(couples.as_str());
        }
        if let Some(note) = pooled(all().map(|(_, count)| *count)) {
            legend.note(note);
        }
        add_to_legend(&mut legend, &map, frames);
        legend
    }
}

/// Values at the crossings of a grid's lines; NaN where there is none.
pub(crate) struct ScalarField {
    /// Places of the columns, from left to right (mm).
    pub(crate) x: Vec<f64>,
    /// Places of the rows (mm).
    pub(crate) y: Vec<f64>,
    /// Values, row by row.
    pub(crate) value: Vec<f64>,
}

/// A crossing of a contour with a grid line: its cell's corner, and whether the line is vertical.
type Crossing = (usize, usize, bool);

impl ScalarField {
    fn at(&self, i: usize, j: usize) -> f64 {
        self.value[j * self.x.len() + i]
    }
    /// The lines along which the field, linear between its values, has a level.
    ///
    /// Marching squares (Lorensen and Cline 1987, in two dimensions); where a square's corners are high crosswise, the
    /// mean of the four decides which of them are joined. Squares with a missing corner have no line.
    pub(crate) fn lines(&self, level: f64) -> Vec<Vec<Position>> {
        let mut segments: Vec<[Crossing; 2]> = Vec::new();
        for j in 0..self.y.len().saturating_sub(1) {
            for i in 0..self.x.len().saturating_sub(1) {
                self.cross(i, j, level, &mut segments);
            }
        }
        let paths = joined(&segments).into_iter();
        paths
            .map(|path| {
                path.into_iter()
                    .map(|at| self.position(at, level))
                    .collect()
            })
            .collect()
    }
    fn cross(&self, i: usize, j: usize, level: f64, segments: &mut Vec<[Crossing; 2]>) {
        let corners = [
            self.at(i, j),
            self.at(i + 1, j),
            self.at(i + 1, j + 1),
            self.at(i, j + 1),
        ];
        if !corners.iter().all(|value| value.is_finite()) {
            return;
        }
        let sides: [Crossing; 4] = [
            (i, j, false),
            (i + 1, j, true),
            (i, j + 1, false),
            (i, j, true),
        ];
        let high = corners.map(|value| value >= level);
        let crossed: Vec<Crossing> = (0..4)
            .filter(|k| high[*k] != high[(k + 1) % 4])
            .map(|k| sides[k])
            .collect();
        match crossed[..] {
            [a, b] => segments.push([a, b]),
            [a, b, c, d] => {
                let middle = corners.iter().sum::<f64>() / 4.0 >= level;
                if middle == high[0] {
                    segments.extend([[a, b], [c, d]]);
                } else {
                    segments.extend([[d, a], [b, c]]);
                }
            }
            _ => {}
        }
    }
    fn position(&self, (i, j, vertical): Crossing, level: f64) -> Position {
        let (k, l) = if vertical { (i, j + 1) } else { (i + 1, j) };
        let (from, to) = (self.at(i, j), self.at(k, l));
        let share = (level - from) / (to - from);
        (
            self.x[i] + share * (self.x[k] - self.x[i]),
            self.y[j] + share * (self.y[l] - self.y[j]),
        )
    }
}

/// Joins segments that meet into paths, open ones from their ends.
fn joined(segments: &[[Crossing; 2]]) -> Vec<Vec<Crossing>> {
    let mut meeting: BTreeMap<Crossing, Vec<usize>> = BTreeMap::new();
    for (k, ends) in segments.iter().enumerate() {
        for end in ends {
            meeting.entry(*end).or_default().push(k);
        }
    }
    let mut used = vec![false; segments.len()];
    let loose = meeting.iter().filter(|(_, here)| here.len() == 1);
    let starts: Vec<Crossing> = loose.chain(&meeting).map(|(at, _)| *at).collect();
    let mut paths = Vec::new();
    for start in starts {
        let mut path = vec![start];
        while let Some(last) = path.last() {
            let Some(next) = meeting[last].iter().find(|k| !used[**k]) else {
                break;
            };
            used[*next] = true;
            let [a, b] = segments[*next];
            path.push(if a == *last { b } else { a });
        }
        if path.len() > 1 {
            paths.push(path);
        }
    }
    paths
}

/// Draws a level's lines; the longest carries its number, on a background, where that lies in the frame
/// and does not overlap the `taken` rectangles.
fn draw_contours(
    canvas: &mut Canvas,
    lines: &[Vec<Position>],
    (number, background, colour): (&str, Colour, Colour),
    frame: Rect,
    taken: &mut Vec<Rect>,
) {
    for line in lines {
        canvas.path(line, Stroke::solid(colour, 0.6));
    }
    let longest = lines.iter().max_by(|a, b| length(a).total_cmp(&length(b)));
    let (width, height) = (NOTE.width(number) + 0.8, 2.6);
    let Some(line) = longest.filter(|line| length(line) > 2.0 * width) else {
        return;
    };
    let middle = line.len() / 2;
    let mut order: Vec<usize> = (0..line.len()).collect();
    order.sort_by_key(|k| k.abs_diff(middle));
    let labels = order.into_iter().map(|k| Rect {
        left: line[k].0 - width / 2.0,
        top: line[k].1 - height / 2.0,
        width,
        height,
    });
    let mut free = labels.filter(|label| {
        frame.contains_rect(*label) && !taken.iter().any(|other| label.overlaps(*other))
    });
    if let Some(label) = free.next() {
        canvas.rectangle(label, background);
        canvas.text(label.centre(), number, NOTE.centred().tinted(colour));
        taken.push(label);
    }
}

fn length(line: &[Position]) -> f64 {
    let pieces = line.windows(2);
    pieces.map(|ends| distance(ends[0], ends[1])).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(size: usize, value: impl Fn(f64, f64) -> f64) -> ScalarField {
        let coordinates: Vec<f64> = (0..size).map(|i| i as f64).collect();
        let mut values = Vec::new();
        for y in &coordinates {
            values.extend(coordinates.iter().map(|x| value(*x, *y)));
        }
        ScalarField {
            x: coordinates.clone(),
            y: coordinates,
            value: values,
        }
    }

    #[test]
    fn contours_of_a_plane_are_straight() {
        let lines = field(6, |x, y| x + 2.0 * y).lines(6.5);
        assert_eq!(lines.len(), 1);
        for (x, y) in &lines[0] {
            assert!((x + 2.0 * y - 6.5).abs() < 1e-12);
        }
        let ends = [lines[0][0].0, lines[0][lines[0].len() - 1].0];
        assert_eq!(ends.into_iter().fold(0.0, f64::max), 5.0);
    }

    #[test]
    fn a_hill_has_a_closed_contour() {
        let lines = field(9, |x, y| -(x - 4.0) * (x - 4.0) - (y - 4.0) * (y - 4.0)).lines(-5.0);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0][0], lines[0][lines[0].len() - 1]);
    }

    #[test]
    fn saddles_have_two_lines_and_missing_corners_none() {
        let saddle = |x: f64, y: f64| if x == y { 1.0 } else { 0.0 };
        assert_eq!(field(2, saddle).lines(0.4).len(), 2);
        assert_eq!(field(2, saddle).lines(0.6).len(), 2);
        assert!(
            field(2, |x, y| if x + y == 0.0 { f64::NAN } else { x })
                .lines(0.5)
                .is_empty()
        );
        assert!(field(3, |_, _| 1.0).lines(1.0).is_empty());
    }
}
