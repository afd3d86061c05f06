//! Sobol' indices as bars: how much of an observable's variance each axis explains.

use super::axis::plain;
use super::forest::{MOST_ROWS, OPEN, Rows, bar, range_over};
use super::matrix::Matrix;
use super::points::{Estimate, capital, spaced};
use super::verdict::{is_resolved, unresolved};
use crate::chart::axes::{AXIS, ROOM_BELOW};
use crate::chart::canvas::Canvas;
use crate::chart::error::ChartError;
use crate::chart::figure::{Figure, Width};
use crate::chart::legend::{Key, Sample};
use crate::chart::read::Reader;
use crate::chart::style::{BLACK, BLUE, ORANGE, Stroke};
use crate::chart::text_style::HEADING;
use crate::table::Table;

const MARGIN: f64 = 2.0;
const RIGHT: f64 = 3.5;
const ROW: f64 = 5.6;
const BAR: f64 = 1.9;
const HEADING_ROOM: f64 = 5.4;
const BETWEEN: f64 = 2.0;
const WHISKER: Stroke = Stroke::solid(BLACK, 0.5);
/// Observables that one figure holds at most.
const MOST_BLOCKS: usize = 8;

/// An index with its verdict.
#[derive(Clone, Copy)]
pub(crate) struct Index<'a> {
    pub(crate) value: Estimate,
    pub(crate) verdict: &'a str,
}

/// The indices of one axis.
struct Share<'a> {
    axis: &'a str,
    first: Option<Index<'a>>,
    total: Option<Index<'a>>,
}

/// All that is known of one observable.
struct Block<'a> {
    observable: &'a str,
    shares: Vec<Share<'a>>,
    /// Pairs of places in `shares` with the pair's index.
    second: Vec<(usize, usize, Index<'a>)>,
    /// Axes in the table, of which the first are shown.
    known: usize,
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
pub fn sobol_bars(sobol: &Table, observables: &[&str], width: Width) -> Result<Figure, ChartError> {
    if !(1..=MOST_BLOCKS).contains(&observables.len()) {
        return Err(ChartError::BadArgument {
            name: "number of observables",
            must: "1 to 8",
            value: observables.len() as f64,
        });
    }
    let reader = Reader::new(sobol)?;
    let blocks = observables
        .iter()
        .map(|observable| block(&reader, observable))
        .collect::<Result<Vec<_>, _>>()?;
    let beside = width == Width::Page;
    let width = width.millimetres();
    let inner = width - 2.0 * MARGIN;
    let key = key_to(&blocks);
    let mut top = MARGIN / 2.0;
    let mut places = Vec::new();
    for block in &blocks {
        let place = Place::of(block, top, width, beside);
        top = place.bottom + BETWEEN;
        places.push(place);
    }
    let mut canvas = Canvas::new(width, top + key.height(inner) + 1.0);
    for (block, place) in blocks.iter().zip(&places) {
        place.draw(&mut canvas, block);
    }
    key.draw(&mut canvas, (MARGIN, top), inner);
    canvas.finish("Sobol' indices with their 95% intervals")
}

fn block<'a>(reader: &Reader<'a>, wanted: &str) -> Result<Block<'a>, ChartError> {
    let [observable, order, axis] = [
        reader.categories("observable")?,
        reader.categories("index")?,
        reader.categories("axis")?,
    ];
    let (other, verdict) = (
        reader.categories_if_any("axis_2"),
        reader.categories_if_any("verdict"),
    );
    let (value, low, high) = (
        reader.drawable("value")?,
        reader.drawable("ci_low")?,
        reader.drawable("ci_high")?,
    );
    let mut shares: Vec<Share<'a>> = Vec::new();
    let (mut pairs, mut name) = (Vec::new(), "");
    for row in (0..reader.rows()).filter(|row| observable[*row] == wanted) {
        name = observable[row];
        let found = value[row].is_finite().then_some(Index {
            value: Estimate {
                mean: value[row],
                low: low[row],
                high: high[row],
            },
            verdict: verdict[row],
        });
        if order[row] == "second" {
            pairs.extend(found.map(|found| (axis[row], other[row], found)));
            continue;
        }
        let known = shares.iter().position(|share| share.axis == axis[row]);
        let place = known.unwrap_or_else(|| {
            let (first, total) = (None, None);
            shares.push(Share {
                axis: axis[row],
                first,
                total,
            });
            shares.len() - 1
        });
        match order[row] {
            "first" => shares[place].first = found,
            "total" => shares[place].total = found,
            _ => {}
        }
    }
    if shares
        .iter()
        .all(|share| share.first.or(share.total).is_none())
    {
        return Err(reader.nothing(format!("finite index of `{wanted}`")));
    }
    let size = |share: &Share<'_>| {
        let index = share.total.or(share.first);
        index.map_or(f64::NEG_INFINITY, |index| index.value.mean)
    };
    shares.sort_by(|a, b| size(b).total_cmp(&size(a)));
    let known = shares.len();
    shares.truncate(MOST_ROWS);
    let place = |axis: &str| shares.iter().position(|share| share.axis == axis);
    let second = pairs
        .into_iter()
        .filter_map(|(a, b, index)| Some((place(a)?, place(b)?, index)))
        .filter(|(a, b, _)| a != b)
        .map(|(a, b, index)| (a.min(b), a.max(b), index))
        .collect();
    Ok(Block {
        observable: name,
        shares,
        second,
        known,
    })
}

/// Where a block's parts lie.
struct Place {
    top: f64,
    rows: Rows,
    matrix: Option<Matrix>,
    bottom: f64,
}

impl Place {
    fn of(block: &Block<'_>, top: f64, width: f64, beside: bool) -> Place {
        let numbered = !block.second.is_empty();
        let names: Vec<String> = (block.shares.iter().enumerate())
            .map(|(k, share)| match numbered {
                true => format!("{} {}", k + 1, spaced(share.axis)),
                false => spaced(share.axis),
            })
            .collect();
        let begin = top + HEADING_ROOM;
        let count = block.shares.len();
        let split = numbered && beside;
        let end = if split { 0.56 * width } else { width } - RIGHT;
        let rows = Rows::new(&names, (MARGIN, begin, end), ROW);
        let low = rows.frame.bottom() + ROOM_BELOW;
        let matrix = numbered.then(|| match split {
            true => Matrix::new(count, (end + 8.0, begin + 3.6), width - MARGIN),
            false => Matrix::new(count, (MARGIN + 8.0, low + 3.0), width - MARGIN),
        });
        let bottom = matrix
            .as_ref()
            .map_or(low, |matrix| low.max(matrix.bottom()));
        Place {
            top,
            rows,
            matrix,
            bottom,
        }
    }
    fn draw(&self, canvas: &mut Canvas, block: &Block<'_>) {
        let heading = HEADING.shorten(&capital(block.observable), canvas.width() - 2.0 * MARGIN);
        canvas.text((MARGIN, self.top + 2.2), &heading, HEADING);
        let indices = || {
            let both = block
                .shares
                .iter()
                .flat_map(|share| [share.first, share.total]);
            both.flatten()
        };
        let x = range_over(indices().map(|index| index.value), 0.0);
        let panel = self.rows.panel(x);
        for (k, share) in block.shares.iter().enumerate() {
            let (_, middle) = self.rows.row(k).centre();
            let bars = [
                (share.total, middle - BAR, ORANGE),
                (share.first, middle, BLUE),
            ];
            for (index, top, colour) in bars {
                let Some(index) = index else { continue };
                let fill = is_resolved(index.verdict).then_some(colour);
                bar(canvas, &panel, (0.0, index.value.mean), (top, BAR), fill);
                let y = top + BAR / 2.0;
                self.rows.interval(canvas, x, y, index.value, WHISKER);
            }
        }
        panel.upright(canvas, 0.0, AXIS);
        self.rows.finish(canvas, x, "Share of variance");
        if let Some(matrix) = &self.matrix {
            matrix.draw(canvas, &block.second);
        }
    }
}

fn key_to(blocks: &[Block<'_>]) -> Key {
    let mut key = Key::new();
    let shares = || blocks.iter().flat_map(|block| &block.shares);
    if shares().any(|share| share.total.is_some()) {
        key.add(Sample::Swatch(ORANGE), "total");
    }
    if shares().any(|share| share.first.is_some()) {
        key.add(Sample::Swatch(BLUE), "first order");
    }
    key.add(Sample::Line(WHISKER), "95% interval");
    let second = || blocks.iter().flat_map(|block| &block.second);
    let verdicts = shares()
        .flat_map(|share| [share.first, share.total])
        .flatten()
        .chain(second().map(|(_, _, index)| *index))
        .map(|index| index.verdict);
    if let Some(note) = unresolved(verdicts) {
        key.add(Sample::Hollow(OPEN), note);
    }
    let known = blocks.iter().map(|block| block.known).max().unwrap_or(0);
    if known > MOST_ROWS {
        key.add(
            Sample::Words,
            format!("first {MOST_ROWS} of {known} axes shown"),
        );
    }
    let largest = second().map(|(_, _, index)| index.value.mean.abs());
    if let Some(largest) = largest.reduce(f64::max) {
        let largest = plain(largest, 0.1 * largest);
        let words =
            format!("matrix: second-order indices of the numbered axes, darkest at {largest}");
        key.add(Sample::Words, words);
    }
    key
}
