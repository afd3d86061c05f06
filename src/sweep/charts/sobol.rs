//! Sobol' indices as bars, with a matrix of the indices of pairs: how much of an observable's variance each
//! axis explains.

use super::grid_map::{contrasting, mix};
use super::notes::{couples_note, is_resolved, rows_note, unresolved};
use crate::chart::{
    AXIS, BLACK, BLUE, Canvas, ChartError, ColumnReader, FOREST_HEADING, FOREST_RIGHT, Figure,
    ForestPlot, GREY, IntervalEstimate, Legend, LegendHandle, MARGIN, MOST_FOREST_ROWS, NOTE,
    NameWidth, ORANGE, Rect, SPACE_BELOW, Stroke, UNRESOLVED, WHITE, Width, number, range_over,
    shortest,
};
use crate::label::capitalised;
use crate::table::Table;

const ROW: f64 = 5.6;
const BAR: f64 = 1.9;
const BETWEEN: f64 = 2.0;
const WHISKER: Stroke = Stroke::solid(BLACK, 0.5);
/// Observables that one figure holds at most.
const MOST_BLOCKS: usize = 8;

/// An index with its verdict.
#[derive(Clone, Copy)]
struct SobolIndex<'a> {
    value: IntervalEstimate,
    verdict: &'a str,
}

/// The indices of one axis.
struct AxisIndices<'a> {
    axis: &'a str,
    first: Option<SobolIndex<'a>>,
    total: Option<SobolIndex<'a>>,
}

/// All that is known of one observable.
struct ObservableIndices<'a> {
    observable: &'a str,
    shares: Vec<AxisIndices<'a>>,
    /// Pairs of indices into `shares` with the pair's index.
    second: Vec<(usize, usize, SobolIndex<'a>)>,
    /// Axes in the table, of which the first are shown.
    known: usize,
}

impl<'a> ObservableIndices<'a> {
    /// First-order and total indices that are known.
    fn indices(&self) -> impl Iterator<Item = SobolIndex<'a>> + '_ {
        let both = self
            .shares
            .iter()
            .flat_map(|share| [share.first, share.total]);
        both.flatten()
    }
}

/// Draws the Sobol' indices of observables from the table `sobol`.
///
/// Reads `observable`, `index` (`first`, `total`, `second`), `axis`, `axis_2`, `value`, `ci_low`, `ci_high` and
/// `verdict`. Each axis has a bar of its total and one of its first-order index, with their intervals, those with the
/// largest total first; at most twenty-four axes are shown. Indices whose verdict is not `resolved` are hollow, and a note
/// repeats the verdict. Where there are second-order indices, a matrix shows them, its lines numbered as
/// the axes are.
///
/// # Errors
/// [`ChartError::BadArgument`] for no observable or more than eight; [`ChartError::NoRows`],
/// [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where an observable has no finite index.
pub(crate) fn sobol_bars(
    sobol: &Table,
    observables: &[&str],
    width: Width,
) -> Result<Figure, ChartError> {
    if !(1..=MOST_BLOCKS).contains(&observables.len()) {
        return Err(ChartError::BadArgument {
            name: "number of observables",
            must: "1 to 8",
            value: observables.len() as f64,
        });
    }
    let reader = ColumnReader::new(sobol)?;
    let blocks = observables
        .iter()
        .map(|observable| block(&reader, observable))
        .collect::<Result<Vec<_>, _>>()?;
    let beside = width == Width::Page;
    let width = width.millimetres();
    let mut top = MARGIN / 2.0;
    let mut layouts = Vec::new();
    for block in &blocks {
        let layout = BlockLayout::of(block, top, width, beside);
        top = layout.bottom + BETWEEN;
        layouts.push(layout);
    }
    let rows = rows_note(&reader, observables, ("used", "base rows"));
    let mut legend = legend_of(&blocks, rows);
    if let Some(couples) = couples_note(observables) {
        legend.note(couples);
    }
    let legend = legend.below(width, top);
    let mut canvas = legend.canvas();
    for (block, layout) in blocks.iter().zip(&layouts) {
        layout.draw(&mut canvas, block);
    }
    legend.finish(canvas, "Sobol' indices with their 95% intervals")
}

fn block<'a>(reader: &ColumnReader<'a>, wanted: &str) -> Result<ObservableIndices<'a>, ChartError> {
    let [observable, order, axis] = [
        reader.categories("observable")?,
        reader.categories("index")?,
        reader.categories("axis")?,
    ];
    let (other, verdict) = (
        reader.categories_if_any("axis_2"),
        reader.categories_if_any("verdict"),
    );
    let value = reader.estimates(["value", "ci_low", "ci_high"])?;
    let mut shares: Vec<AxisIndices<'a>> = Vec::new();
    let (mut pairs, mut name) = (Vec::new(), "");
    for row in (0..reader.rows()).filter(|row| observable[*row] == wanted) {
        name = observable[row];
        let found = value[row].mean.is_finite().then_some(SobolIndex {
            value: value[row],
            verdict: verdict[row],
        });
        if order[row] == "second" {
            pairs.extend(found.map(|found| (axis[row], other[row], found)));
            continue;
        }
        let known = shares.iter().position(|share| share.axis == axis[row]);
        let index = known.unwrap_or_else(|| {
            let (first, total) = (None, None);
            shares.push(AxisIndices {
                axis: axis[row],
                first,
                total,
            });
            shares.len() - 1
        });
        match order[row] {
            "first" => shares[index].first = found,
            "total" => shares[index].total = found,
            _ => {}
        }
    }
    if shares
        .iter()
        .all(|share| share.first.or(share.total).is_none())
    {
        return Err(reader.nothing(format!("finite index of `{wanted}`")));
    }
    let size = |share: &AxisIndices<'_>| {
        let index = share.total.or(share.first);
        index.map_or(f64::NEG_INFINITY, |index| index.value.mean)
    };
    shares.sort_by(|a, b| size(b).total_cmp(&size(a)));
    let known = shares.len();
    shares.truncate(MOST_FOREST_ROWS);
    let position = |axis: &str| shares.iter().position(|share| share.axis == axis);
    let second = pairs
        .into_iter()
        .filter_map(|(a, b, index)| Some((position(a)?, position(b)?, index)))
        .filter(|(a, b, _)| a != b)
        .map(|(a, b, index)| (a.min(b), a.max(b), index))
        .collect();
    Ok(ObservableIndices {
        observable: name,
        shares,
        second,
        known,
    })
}

/// Where the parts of one observable lie.
struct BlockLayout {
    plot: ForestPlot,
    matrix: Option<PairMatrix>,
    bottom: f64,
}

impl BlockLayout {
    fn of(block: &ObservableIndices<'_>, top: f64, width: f64, beside: bool) -> BlockLayout {
        let numbered = !block.second.is_empty();
        let names: Vec<String> = (block.shares.iter().enumerate())
            .map(|(k, share)| match numbered {
                true => format!("{} {}", k + 1, capitalised(share.axis)),
                false => capitalised(share.axis),
            })
            .collect();
        let begin = top + FOREST_HEADING;
        let count = block.shares.len();
        let split = numbered && beside;
        let end = if split { 0.56 * width } else { width } - FOREST_RIGHT;
        let space = NameWidth::wrapped(end - MARGIN);
        let x = range_over(block.indices().map(|index| index.value), 0.0);
        let plot = ForestPlot::new(&names, space, (MARGIN, begin, end), ROW, x);
        let low = plot.axes.frame.bottom() + SPACE_BELOW;
        let matrix = numbered.then(|| match split {
            true => PairMatrix::new(count, (end + 8.0, begin + 3.6), width - MARGIN),
            false => PairMatrix::new(count, (MARGIN + 8.0, low + 3.0), width - MARGIN),
        });
        let bottom = matrix
            .as_ref()
            .map_or(low, |matrix| low.max(matrix.bottom()));
        BlockLayout {
            plot,
            matrix,
            bottom,
        }
    }
    fn draw(&self, canvas: &mut Canvas, block: &ObservableIndices<'_>) {
        let plot = &self.plot;
        plot.heading(canvas, MARGIN, &capitalised(block.observable));
        for (k, share) in block.shares.iter().enumerate() {
            let middle = plot.middle(k);
            let bars = [
                (share.total, middle - BAR, ORANGE),
                (share.first, middle, BLUE),
            ];
            for (index, top, colour) in bars {
                let Some(index) = index else { continue };
                let style = (colour, is_resolved(index.verdict));
                plot.bar(canvas, (0.0, index.value.mean), (top, BAR), style);
                plot.interval(canvas, top + BAR / 2.0, index.value, WHISKER);
            }
        }
        plot.axes.vline(canvas, 0.0, AXIS);
        plot.finish(canvas, "Share of variance");
        if let Some(matrix) = &self.matrix {
            matrix.draw(canvas, &block.second);
        }
    }
}

fn legend_of(blocks: &[ObservableIndices<'_>], rows: Option<String>) -> Legend {
    let mut legend = Legend::new();
    let shares = || blocks.iter().flat_map(|block| &block.shares);
    if shares().any(|share| share.total.is_some()) {
        legend.add(LegendHandle::Swatch(ORANGE), "total: with all interactions");
    }
    if shares().any(|share| share.first.is_some()) {
        legend.add(LegendHandle::Swatch(BLUE), "first order: alone");
    }
    legend.add(LegendHandle::Line(WHISKER), "95% interval");
    let second = || blocks.iter().flat_map(|block| &block.second);
    let verdicts = blocks
        .iter()
        .flat_map(ObservableIndices::indices)
        .chain(second().map(|(_, _, index)| *index))
        .map(|index| index.verdict);
    if let Some(note) = unresolved(verdicts, "base rows") {
        legend.add(LegendHandle::Hollow(UNRESOLVED), note);
    }
    if let Some(rows) = rows {
        legend.note(rows);
    }
    let known = blocks.iter().map(|block| block.known).max().unwrap_or(0);
    legend.note_first(MOST_FOREST_ROWS, known, "axes");
    let largest = second().map(|(_, _, index)| index.value.mean.abs());
    if let Some(largest) = largest.reduce(f64::max) {
        let largest = shortest(largest, 0.1 * largest);
        let text =
            format!("matrix: second-order indices of the numbered axes, darkest at {largest}");
        legend.note(text);
    }
    legend
}

/// Largest side of a cell, and the smallest in which a number fits (mm).
const LARGEST_CELL: f64 = 8.0;
const FOR_NUMBERS: f64 = 5.4;
/// From the sides to the middle of the numbers of the axes (mm).
const NUMBERS_AWAY: f64 = 2.0;
/// Least side of a cell that fits a line's number (mm).
const FOR_LINE_NUMBERS: f64 = 3.3;

/// The lower triangle of a square of cells, its lines and columns numbered from 1.
struct PairMatrix {
    count: usize,
    left: f64,
    top: f64,
    side: f64,
}

impl PairMatrix {
    /// Lays out a matrix for some axes, from its upper left corner to the right (mm).
    fn new(count: usize, (left, top): (f64, f64), right: f64) -> PairMatrix {
        let side = ((right - left) / count.max(1) as f64).min(LARGEST_CELL);
        PairMatrix {
            count,
            left,
            top,
            side,
        }
    }
    /// Lower end, with the numbers under the columns (mm).
    fn bottom(&self) -> f64 {
        self.top + self.side * self.lines() as f64 + 2.0 * NUMBERS_AWAY
    }
    /// Lines and columns: one less than there are axes.
    fn lines(&self) -> usize {
        self.count.saturating_sub(1)
    }
    fn cell(&self, column: usize, line: usize) -> Rect {
        Rect {
            left: self.left + column as f64 * self.side,
            top: self.top + (line - 1) as f64 * self.side,
            width: self.side,
            height: self.side,
        }
    }
    /// Draws the index of each pair (the smaller place first): tinted by size where it is resolved.
    fn draw(&self, canvas: &mut Canvas, pairs: &[(usize, usize, SobolIndex<'_>)]) {
        let largest = pairs.iter().map(|(_, _, index)| index.value.mean.abs());
        let largest = largest.fold(f64::MIN_POSITIVE, f64::max);
        for line in 1..self.count {
            for column in 0..line {
                canvas.outline(self.cell(column, line), Stroke::solid(GREY, 0.25));
            }
        }
        for (column, line, index) in pairs {
            let cell = self.cell(*column, *line);
            let size = (index.value.mean.abs() / largest).min(1.0);
            let resolved = is_resolved(index.verdict);
            let background = if resolved {
                mix(WHITE, BLUE, size)
            } else {
                WHITE
            };
            if resolved {
                canvas.rectangle(cell, background);
            }
            canvas.outline(cell, UNRESOLVED);
            let colour = if resolved {
                contrasting(background)
            } else {
                GREY
            };
            let text = number(index.value.mean, 0.01);
            if self.side >= FOR_NUMBERS && NOTE.width(&text) < self.side - 0.4 {
                canvas.text(cell.centre(), &text, NOTE.centred().tinted(colour));
            }
        }
        self.number_lines(canvas);
    }
    fn number_lines(&self, canvas: &mut Canvas) {
        let every = (FOR_LINE_NUMBERS / self.side).ceil().max(1.0) as usize;
        for k in (0..self.lines()).step_by(every) {
            let (x, y) = self.cell(k, k + 1).centre();
            let low = self.top + self.lines() as f64 * self.side;
            canvas.text((self.left - 0.8, y), &(k + 2).to_string(), NOTE.ending());
            canvas.text(
                (x, low + NUMBERS_AWAY),
                &(k + 1).to_string(),
                NOTE.centred(),
            );
        }
    }
}
