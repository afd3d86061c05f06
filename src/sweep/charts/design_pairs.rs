//! A space-filling design seen from its sides: its points over each pair of axes.

use super::axis::{Axis, AxisInfo, Levels};
use crate::chart::axes::Panel;
use crate::chart::canvas::{Canvas, Frame};
use crate::chart::error::ChartError;
use crate::chart::figure::{Figure, Width};
use crate::chart::legend::{Key, Sample};
use crate::chart::read::Reader;
use crate::chart::series::range_of;
use crate::chart::style::{BLUE, GREY, Stroke};
use crate::chart::text_style::{HEADING, NOTE};
use crate::chart::ticks::{count, number};
use crate::table::Table;

const MOST_AXES: usize = 8;
/// Points that each panel shows at most, and all panels together.
const MOST_POINTS: usize = 4000;
const MOST_DOTS: usize = 40_000;
const BINS: usize = 12;
const MARGIN: f64 = 2.0;
const NAMES: f64 = 3.6;
const BETWEEN: f64 = 1.0;
/// Over the histograms, for the axes' names (mm).
const NAME_ROOM: f64 = 4.2;
/// Side of a panel of few axes (mm).
const LARGEST: f64 = 42.0;
const BORDER: Stroke = Stroke::solid(GREY, 0.35);

/// Draws the points of a design over each pair of axes, from the table `points`.
///
/// The lower triangle holds a scatter plot for each pair, the diagonal each axis's histogram, and the upper
/// triangle the pair's correlation. The first eight axes are shown; they are numbered, and named over their histograms
/// where there is room for all names; the key gives name and range. The
/// first points are drawn, at most 4000 and fewer where there are many panels, since the first of a sequence are a design of
/// their own; the key says how many. Failed points count: a design is what was asked for.
///
/// # Errors
/// [`ChartError::BadArgument`] for no axis; [`ChartError::NoRows`], [`ChartError::NoColumn`], or
/// [`ChartError::NothingToDraw`] where an axis has no level.
pub fn design_pairs(points: &Table, axes: &[AxisInfo], width: Width) -> Result<Figure, ChartError> {
    if axes.is_empty() {
        return Err(ChartError::BadArgument {
            name: "number of axes",
            must: "at least 1",
            value: 0.0,
        });
    }
    let reader = Reader::new(points)?;
    let mut sides = Vec::new();
    for info in axes.iter().take(MOST_AXES) {
        let axis = Axis::read(&reader, info)?;
        if axis.count() == 0 {
            return Err(reader.nothing(format!("level of the axis `{}`", axis.label)));
        }
        sides.push(Side::of(axis));
    }
    let pairs = sides.len() * (sides.len() - 1) / 2;
    let shown = reader.rows().min(MOST_POINTS).min(MOST_DOTS / pairs.max(1));
    let width = width.millimetres();
    let inner = width - 2.0 * MARGIN;
    let pitch = ((inner - NAMES) / sides.len() as f64).min(LARGEST);
    let left = (width - NAMES - pitch * sides.len() as f64) / 2.0 + NAMES;
    let top = MARGIN / 2.0 + NAMES;
    let below = top + pitch * sides.len() as f64 + 1.0;
    let mut key = key_to(&sides, shown, reader.rows());
    if axes.len() > MOST_AXES {
        let words = format!("first {MOST_AXES} of {} axes shown", axes.len());
        key.add(Sample::Words, words);
    }
    let room = pitch - BETWEEN - 1.6;
    let named = sides
        .iter()
        .all(|side| NOTE.width(&side.axis.label) <= room);
    let mut canvas = Canvas::new(width, below + key.height(inner) + 1.0);
    for (line, y) in sides.iter().enumerate() {
        let number = (line + 1).to_string();
        let middle = (line as f64 + 0.5) * pitch - BETWEEN / 2.0;
        canvas.text((left - 2.2, top + middle), &number, HEADING.centred());
        canvas.text((left + middle, top - 2.0), &number, HEADING.centred());
        for (column, x) in sides.iter().enumerate() {
            let frame = Frame {
                left: left + column as f64 * pitch,
                top: top + line as f64 * pitch,
                width: pitch - BETWEEN,
                height: pitch - BETWEEN,
            };
            match column.cmp(&line) {
                std::cmp::Ordering::Less => scatter(&mut canvas, frame, x, y, shown),
                std::cmp::Ordering::Equal => {
                    histogram(&mut canvas, frame, x);
                    if named {
                        let over = (frame.centre().0, frame.top + NAME_ROOM / 2.0);
                        canvas.text(over, &x.axis.label, NOTE.centred());
                    }
                }
                std::cmp::Ordering::Greater => correlation(&mut canvas, frame, x, y),
            }
        }
    }
    key.draw(&mut canvas, (MARGIN, below), inner);
    canvas.finish("The points of the design over each pair of axes")
}

/// One axis with its points' places on it, those that miss theirs being NaN.
struct Side {
    axis: Axis,
    place: Vec<f64>,
    ends: (f64, f64),
}

impl Side {
    fn of(axis: Axis) -> Side {
        let levels = axis.coordinates();
        let (low, high) = range_of(levels.iter().copied()).unwrap_or((0.0, 1.0));
        let place = axis.of_row.iter();
        let place = place
            .map(|level| level.map_or(f64::NAN, |k| levels[k]))
            .collect();
        let ends = if high > low {
            (low, high)
        } else {
            (low - 0.5, high + 0.5)
        };
        Side { axis, place, ends }
    }
    /// The axis's ends with some air, so that dots at an end lie inside.
    fn wide(&self) -> (f64, f64) {
        let air = 0.05 * (self.ends.1 - self.ends.0);
        (self.ends.0 - air, self.ends.1 + air)
    }
    /// Ends of the histogram's bars, and how many points each has: bars on the levels where these are few.
    fn bins(&self) -> (Vec<(f64, f64)>, Vec<usize>) {
        let levels = self.axis.coordinates();
        let (low, high) = self.ends;
        let known = || self.place.iter().filter(|place| place.is_finite());
        if levels.len() > BINS {
            let edge = |bin: usize| low + (high - low) * bin as f64 / BINS as f64;
            let edges = (0..BINS).map(|bin| (edge(bin), edge(bin + 1))).collect();
            let mut counts = vec![0; BINS];
            for place in known() {
                let share = (place - low) / (high - low);
                counts[((share * BINS as f64) as usize).min(BINS - 1)] += 1;
            }
            return (edges, counts);
        }
        let gaps = levels.windows(2).map(|pair| pair[1] - pair[0]);
        let half = 0.4 * gaps.fold(high - low, f64::min);
        let edges = levels.iter().map(|level| (level - half, level + half));
        let count = |level: &f64| known().filter(|place| *place == level).count();
        (edges.collect(), levels.iter().map(count).collect())
    }
    /// Name and range.
    fn words(&self) -> String {
        let names = self.axis.names();
        let label = &self.axis.label;
        let log = if self.axis.log { ", logarithmic" } else { "" };
        match (&self.axis.levels, &names[..]) {
            (_, [only]) => format!("{label} ({only})"),
            (Levels::Numbers(values), [_, .., _]) => {
                let (low, high) = (values[0], values[values.len() - 1]);
                let gap = if self.axis.log {
                    low
                } else {
                    0.1 * (high - low)
                };
                let [low, high] = [low, high].map(|end| super::axis::plain(end, gap));
                format!("{label} ({low} to {high}{log})")
            }
            _ => format!("{label} ({})", names.join(", ")),
        }
    }
}

fn scatter(canvas: &mut Canvas, frame: Frame, x: &Side, y: &Side, shown: usize) {
    canvas.outline(frame, BORDER);
    let panel = Panel {
        frame,
        x: x.wide(),
        y: y.wide(),
    };
    let crowd = shown as f64 / (frame.width * frame.height);
    let (radius, alpha) = match crowd {
        c if c < 0.3 => (0.45, 0.9),
        c if c < 1.5 => (0.32, 0.8),
        _ => (0.2, 0.6),
    };
    let places = x.place.iter().zip(&y.place).take(shown);
    for (a, b) in places.filter(|(a, b)| a.is_finite() && b.is_finite()) {
        canvas.disc(panel.place(*a, *b), radius, BLUE.faint(alpha));
    }
}

fn histogram(canvas: &mut Canvas, frame: Frame, side: &Side) {
    canvas.outline(frame, BORDER);
    let panel = Panel {
        frame,
        x: side.wide(),
        y: (0.0, 1.0),
    };
    let (edges, counts) = side.bins();
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    for ((low, high), count) in edges.iter().zip(&counts).filter(|(_, count)| **count > 0) {
        let [left, right] = [*low, *high].map(|edge| panel.place(edge, 0.0).0);
        let [left, right] = [left, right].map(|x| x.clamp(frame.left, frame.right()));
        let height = (frame.height - NAME_ROOM) * *count as f64 / most as f64;
        let slab = Frame {
            left,
            top: frame.bottom() - height,
            width: (right - left - 0.12).max(0.05),
            height,
        };
        canvas.rectangle(slab, BLUE.faint(0.45));
    }
}

fn correlation(canvas: &mut Canvas, frame: Frame, x: &Side, y: &Side) {
    if !(x.axis.is_measured() && y.axis.is_measured()) {
        return;
    }
    if let Some(r) = pearson(&x.place, &y.place) {
        let words = number(r, 0.01);
        canvas.text(frame.centre(), &words, NOTE.centred());
    }
}

/// Pearson's correlation of the pairs that are whole; `None` where a side does not vary.
fn pearson(x: &[f64], y: &[f64]) -> Option<f64> {
    let whole = |(a, b): &(&f64, &f64)| a.is_finite() && b.is_finite();
    let pairs: Vec<(&f64, &f64)> = x.iter().zip(y).filter(whole).collect();
    let n = pairs.len() as f64;
    let mean = |pick: fn(&(&f64, &f64)) -> f64| pairs.iter().map(pick).sum::<f64>() / n;
    let (mx, my) = (mean(|p| *p.0), mean(|p| *p.1));
    let sum = |f: &dyn Fn(f64, f64) -> f64| -> f64 {
        pairs.iter().map(|(a, b)| f(**a - mx, **b - my)).sum()
    };
    let (xx, yy, xy) = (sum(&|a, _| a * a), sum(&|_, b| b * b), sum(&|a, b| a * b));
    let r = xy / (xx.sqrt() * yy.sqrt());
    r.is_finite().then_some(r)
}

fn key_to(sides: &[Side], shown: usize, known: usize) -> Key {
    let mut key = Key::new();
    for (k, side) in sides.iter().enumerate() {
        key.add(Sample::Words, format!("{}: {}", k + 1, side.words()));
    }
    let points = if known == 1 { "point" } else { "points" };
    key.add(
        Sample::Words,
        format!("n = {} {points}", count(known as i64)),
    );
    if shown < known && sides.len() > 1 {
        let words = format!("the first {} drawn", count(shown as i64));
        key.add(Sample::Words, words);
    }
    if sides.len() > 1 && known > 1 {
        key.add(Sample::Words, "upper triangle: correlation");
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correlation_is_that_of_whole_pairs() {
        let x = [0.0, 1.0, 2.0, f64::NAN, 4.0];
        let r = pearson(&x, &[1.0, 3.0, 5.0, 9.0, 9.0]).expect("varying sides");
        assert!((r - 1.0).abs() < 1e-12);
        assert_eq!(pearson(&x, &[1.0; 5]), None);
    }
}
