//! Which regime of balance most couples end up in, over two axes of a sweep.

use super::axis::{AxisInfo, SweepAxis};
use super::notes::STILL_TOGETHER;

use super::axis::{DesignPoints, PointEstimates, pooled};
use super::grid_map::{EMPTY, GridMap, MapAxes, add_to_legend, contrasting, mix, titles};
use crate::chart::{
    BLACK, Canvas, ChartError, Colour, ColumnReader, Figure, GREY, IntervalEstimate, LABEL, Legend,
    LegendHandle, REGIMES, Rect, SPACE_BELOW, Stroke, TextStyle, WHITE, Width,
};
use crate::stats::interval::Interval;
use crate::sweep::summary::{LeadingRegime, leading_regime};
use crate::table::Table;

/// One letter or two for each regime, which distinguish them in grey print.
const LETTERS: [&str; 4] = ["S", "C", "Co", "D"];
const LETTER: TextStyle = TextStyle {
    bold: true,
    ..LABEL
};
/// Height of a letter with its margin (mm).
const LETTER_HEIGHT: f64 = 2.5;
const HATCH: Stroke = Stroke::solid(BLACK, 0.35);
const APART: f64 = 1.1;
const BORDER: Stroke = Stroke::solid(BLACK, 0.7);
const TOP: f64 = 2.5;
const LARGEST: (f64, f64) = (105.0, 80.0);

/// Draws the leading regime of balance over two axes of a sweep, from the tables `points` and `summaries`.
///
/// Reads the observables `mean secure_balance`, `mean complacency`, `mean codependency` and `mean
/// disengagement`, those that there are; each cell has the colour of the regime with the largest mean share, the
/// stronger the larger the share. Cells in which the 95% intervals of the first two overlap, or are not
/// known, are hatched. The regions have their names where these fit, and else letters; lines separate them, and
/// cells without a result are crossed.
///
/// # Errors
/// [`ChartError::BadArgument`] for more than 200 levels on an axis; [`ChartError::NoRows`],
/// [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no cell has a finite share or the points are
/// no grid over the axes.
pub(crate) fn phase_diagram(
    points: &Table,
    summaries: &Table,
    x: &AxisInfo,
    y: &AxisInfo,
    width: Width,
) -> Result<Figure, ChartError> {
    let (reader, found) = (
        ColumnReader::new(points)?,
        shares(&ColumnReader::new(summaries)?)?,
    );
    let (x, y) = (SweepAxis::read(&reader, x)?, SweepAxis::read(&reader, y)?);
    let sides = MapAxes { x: &x, y: &y };
    sides.check(&reader)?;
    let points = DesignPoints::read(&reader)?;
    let rows: Vec<usize> = (0..points.count()).collect();
    let mut most = 0;
    let mut leads: Vec<Option<LeadingRegime>> = Vec::new();
    for (i, j) in sides.cells() {
        let shares = found.each_ref().map(|found| {
            let found = found.as_ref()?;
            let (share, count) = points.at(&rows, &[(&x, i), (&y, j)], found);
            most = most.max(count);
            share
        });
        leads.push(lead(shares));
    }
    if leads.iter().all(Option::is_none) {
        return Err(reader.nothing("point with a share of a regime of balance"));
    }
    let width = width.millimetres();
    let left = sides.space_left(40.0);
    let side = (width - left - 3.5).min(LARGEST.0);
    let frame = Rect {
        left: left + (width - left - 3.5 - side) / 2.0,
        top: TOP,
        width: side,
        height: (0.9 * side).min(LARGEST.1),
    };
    let map = GridMap::new(sides, frame);
    let regimes = Regions {
        across: sides.x.count(),
        up: sides.y.count(),
        regime: leads
            .iter()
            .map(|lead| lead.map(|lead| lead.regime))
            .collect(),
    };
    let labels = regimes.labels(&map);
    let mut legend = legend_of(&leads, &labels);
    legend.note(STILL_TOGETHER);
    if let Some(note) = pooled([most].into_iter()) {
        legend.note(note);
    }
    add_to_legend(&mut legend, &map, &[frame]);
    let legend = legend.below(width, frame.bottom() + SPACE_BELOW + 1.2);
    let mut canvas = legend.canvas();
    draw(&mut canvas, &map, &leads, &regimes);
    for label in &labels {
        let background = leads[label.cell].map_or(WHITE, |lead| colour_of(&lead));
        canvas.rectangle(label.frame, background);
        let style = LETTER.centred().tinted(contrasting(background));
        canvas.text(label.frame.centre(), label.text, style);
    }
    map.draw_axes(&mut canvas, true, true);
    titles(&mut canvas, &[frame], sides);
    legend.finish(
        canvas,
        &format!("Leading regime of balance over {} and {}", x.label, y.label),
    )
}

/// The regimes' shares, those that the table has.
fn shares(summaries: &ColumnReader<'_>) -> Result<[Option<PointEstimates>; 4], ChartError> {
    let observables = REGIMES.map(|regime| format!("mean {}", regime.observable));
    let mut found =
        observables.map(
            |observable| match PointEstimates::read(summaries, &observable) {
                Ok(found) => Ok(Some(found)),
                Err(ChartError::NothingToDraw { .. }) => Ok(None),
                Err(other) => Err(other),
            },
        );
    let mut shares = [const { None }; 4];
    for (share, found) in shares.iter_mut().zip(&mut found) {
        *share = std::mem::replace(found, Ok(None))?;
    }
    if shares.iter().all(Option::is_none) {
        return Err(summaries.nothing("finite share of a regime of balance"));
    }
    Ok(shares)
}

fn lead(shares: [Option<IntervalEstimate>; 4]) -> Option<LeadingRegime> {
    let known = shares.map(|share| {
        let share = share?;
        let around = Interval {
            low: share.low,
            high: share.high,
        };
        Some((share.mean, around))
    });
    leading_regime(&known)
}

/// A regime's colour at a share, pale at a quarter: no lead can be smaller.
fn tone(colour: Colour, share: f64) -> Colour {
    let strength = ((share - 0.25) / 0.75).clamp(0.0, 1.0);
    mix(WHITE, colour, 0.25 + 0.75 * strength)
}

fn colour_of(lead: &LeadingRegime) -> Colour {
    tone(REGIMES[lead.regime].colour, lead.share)
}

fn draw(
    canvas: &mut Canvas,
    map: &GridMap<'_>,
    leads: &[Option<LeadingRegime>],
    regimes: &Regions,
) {
    for (cell, lead) in map.sides.cells().zip(leads) {
        if let Some(lead) = lead {
            map.fill(canvas, cell, colour_of(lead));
        }
    }
    for (cell, lead) in map.sides.cells().zip(leads) {
        match lead {
            None => map.leave_empty(canvas, cell),
            Some(lead) if !lead.clear => canvas.hatch(map.cell(cell), APART, HATCH),
            Some(_) => {}
        }
    }
    regimes.borders(canvas, map);
}

/// A text in a region.
struct RegionLabel {
    /// The cell whose colour it lies on.
    cell: usize,
    regime: usize,
    /// The regime's name, or its letter.
    text: &'static str,
    frame: Rect,
}

/// Cells by their leading regime, row by row.
struct Regions {
    across: usize,
    up: usize,
    regime: Vec<Option<usize>>,
}

impl Regions {
    fn at(&self, (i, j): (usize, usize)) -> Option<usize> {
        self.regime[j * self.across + i]
    }
    /// Draws the lines between cells of different regimes.
    fn borders(&self, canvas: &mut Canvas, map: &GridMap<'_>) {
        for (i, j) in map.sides.cells() {
            let frame = map.cell((i, j));
            if i + 1 < self.across && self.at((i, j)) != self.at((i + 1, j)) {
                let right = frame.right();
                canvas.line((right, frame.top), (right, frame.bottom()), BORDER);
            }
            if j + 1 < self.up && self.at((i, j)) != self.at((i, j + 1)) {
                canvas.line((frame.left, frame.top), (frame.right(), frame.top), BORDER);
            }
        }
    }
    /// The text of each region: its name where it fits, or its letter.
    fn labels(&self, map: &GridMap<'_>) -> Vec<RegionLabel> {
        let (width, height) = map.smallest();
        let mut labels = Vec::new();
        for ((i, j), reach) in self.centres() {
            let Some(regime) = self.at((i, j)) else {
                continue;
            };
            let (x, y) = map.cell((i, j)).centre();
            let block = (2 * reach + 1) as f64;
            // The cells of the row around the region's middle that are of the same regime.
            let same = |column: &usize| self.at((*column, j)) == Some(regime);
            let first = (0..=i).rev().take_while(same).last().unwrap_or(i);
            let last = (i..self.across).take_while(same).last().unwrap_or(i);
            let row = (map.cell((first, j)).left, map.cell((last, j)).right());
            let in_block = (x - block * width / 2.0, x + block * width / 2.0);
            let is_high = block * height >= LETTER_HEIGHT;
            let one_row = map.cell((i, j)).height >= LETTER_HEIGHT;
            let choices = [
                (REGIMES[regime].name(), in_block, is_high),
                (REGIMES[regime].name(), row, one_row),
                (LETTERS[regime], in_block, is_high),
            ];
            let fits = |(text, (left, right), is_high): &(&'static str, (f64, f64), bool)| {
                *is_high && right - left >= LETTER.width(text) + 0.5
            };
            if let Some((text, (left, right), _)) = choices.into_iter().find(fits) {
                let space = LETTER.width(text) + 0.5;
                labels.push(RegionLabel {
                    cell: j * self.across + i,
                    regime,
                    text,
                    frame: Rect {
                        left: (left + right - space) / 2.0,
                        top: y - LETTER_HEIGHT / 2.0,
                        width: space,
                        height: LETTER_HEIGHT,
                    },
                });
            }
        }
        labels
    }
    /// For each connected region the cell farthest inside, with the cells around it of the same regime.
    fn centres(&self) -> Vec<((usize, usize), usize)> {
        let mut visited = vec![false; self.regime.len()];
        let mut centres = Vec::new();
        for start in 0..self.regime.len() {
            if visited[start] || self.regime[start].is_none() {
                continue;
            }
            let region = self.region(start, &mut visited);
            let with_reach = region.into_iter().map(|cell| (cell, self.reach(cell)));
            // Of equally good cells, the first.
            centres.extend(
                with_reach.reduce(|best, other| if other.1 > best.1 { other } else { best }),
            );
        }
        centres
    }
    fn region(&self, start: usize, visited: &mut [bool]) -> Vec<(usize, usize)> {
        visited[start] = true;
        let (mut region, mut open) = (Vec::new(), vec![start]);
        while let Some(index) = open.pop() {
            let (i, j) = (index % self.across, index / self.across);
            region.push((i, j));
            let beside = [
                (i > 0).then(|| index - 1),
                (i + 1 < self.across).then_some(index + 1),
                (j > 0).then(|| index - self.across),
                (j + 1 < self.up).then_some(index + self.across),
            ];
            for next in beside.into_iter().flatten() {
                if !visited[next] && self.regime[next] == self.regime[start] {
                    visited[next] = true;
                    open.push(next);
                }
            }
        }
        region.sort_unstable();
        region
    }
    /// How far the square around a cell reaches that has its regime only.
    fn reach(&self, (i, j): (usize, usize)) -> usize {
        let most = i.min(j).min(self.across - 1 - i).min(self.up - 1 - j);
        let same = |reach: &usize| {
            let mut square =
                (i - reach..=i + reach).flat_map(|a| (j - reach..=j + reach).map(move |b| (a, b)));
            square.all(|cell| self.at(cell) == self.at((i, j)))
        };
        (1..=most).take_while(same).last().unwrap_or(0)
    }
}

fn legend_of(leads: &[Option<LeadingRegime>], labels: &[RegionLabel]) -> Legend {
    let mut legend = Legend::new();
    for (k, regime) in REGIMES.iter().enumerate() {
        if leads.iter().flatten().any(|lead| lead.regime == k) {
            let has_letter = |label: &RegionLabel| label.regime == k && label.text == LETTERS[k];
            let text = match labels.iter().any(has_letter) {
                true => format!("{}: {}", LETTERS[k], regime.name()),
                false => regime.name().to_owned(),
            };
            legend.add(LegendHandle::Swatch(tone(regime.colour, 0.85)), text);
        }
    }
    let greys = [0.25, 1.0].map(|share| tone(GREY, share));
    legend.add(
        LegendHandle::Swatch(greys[0]),
        "its share of couples: 25% or less",
    );
    legend.add(LegendHandle::Swatch(greys[1]), "100%");
    if leads.iter().flatten().any(|lead| !lead.clear) {
        let text = "not resolved: the first two 95% intervals overlap or are not known";
        legend.add(LegendHandle::Hatched(HATCH, APART), text);
    }
    if leads.iter().any(Option::is_none) {
        legend.add(LegendHandle::Crossed(EMPTY), "no result");
    }
    legend
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(mean: f64, half: f64) -> Option<IntervalEstimate> {
        Some(IntervalEstimate {
            mean,
            low: mean - half,
            high: mean + half,
        })
    }

    #[test]
    fn a_lead_is_clear_where_intervals_part() {
        let clear = lead([share(0.2, 0.05), share(0.5, 0.05), None, share(0.3, 0.05)]);
        let clear = clear.expect("a lead");
        assert_eq!((clear.regime, clear.clear), (1, true));
        let open = lead([share(0.45, 0.05), share(0.5, 0.05), None, None]);
        assert!(!open.expect("a lead").clear);
        let unknown = lead([share(0.1, f64::NAN), share(0.5, f64::NAN), None, None]);
        assert!(!unknown.expect("a lead").clear);
        assert_eq!(lead([None; 4]), None);
    }

    #[test]
    fn regions_have_their_hearts_inside() {
        let row = |text: &str| -> Vec<Option<usize>> {
            let digit = |c: char| c.to_digit(10).map(|d| d as usize);
            text.chars().map(digit).collect()
        };
        let regions = Regions {
            across: 5,
            up: 3,
            regime: [row("00011"), row("00011"), row("000-2")].concat(),
        };
        assert_eq!(regions.centres(), [((1, 1), 1), ((3, 0), 0), ((4, 2), 0)]);
    }
}
