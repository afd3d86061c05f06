//! A field of arrows: the mean change of two quantities, cell by cell.

use crate::chart::{
    Axes, BLACK, Canvas, ChartError, ColumnReader, Legend, LegendHandle, Position, Stroke, number,
    round_below,
};
use crate::table::Table;

/// Fewest observations of a cell that is drawn.
const FEWEST: i64 = 5;
/// Size of a cell where the table has only one.
const LONE_CELL: f64 = 0.1;
const ARROW: Stroke = Stroke::solid(BLACK, 0.7);

/// The arrows in the phase plane.
pub(crate) struct FlowArrows {
    /// Centre of a cell and mean change in it.
    arrows: Vec<[f64; 4]>,
    /// Size of a cell, the smaller of its sides.
    cell: f64,
    /// Length of the longest change.
    longest: f64,
}

/// Reads the table `flow`; `None` where no cell has enough observations and a change.
pub(crate) fn read(table: &Table) -> Result<Option<FlowArrows>, ChartError> {
    let reader = ColumnReader::new(table)?;
    let (trust, intimacy) = (reader.numbers("trust")?, reader.numbers("intimacy")?);
    let (n, rise, growth) = (
        reader.ints("n")?,
        reader.numbers("d_trust")?,
        reader.numbers("d_intimacy")?,
    );
    let arrows: Vec<[f64; 4]> = (0..reader.rows())
        .filter(|i| n[*i] >= FEWEST)
        .map(|i| [trust[i], intimacy[i], rise[i], growth[i]])
        .filter(|arrow| arrow.iter().all(|value| value.is_finite()))
        .filter(|arrow| arrow[..2].iter().all(|centre| (0.0..=1.0).contains(centre)))
        .collect();
    let longest = arrows
        .iter()
        .map(|arrow| length(*arrow))
        .fold(0.0, f64::max);
    let cell = spacing(&trust).min(spacing(&intimacy));
    let cell = if cell.is_finite() { cell } else { LONE_CELL };
    Ok(
        (longest > 0.0 && longest.is_finite()).then_some(FlowArrows {
            arrows,
            cell,
            longest,
        }),
    )
}

impl FlowArrows {
    /// Draws each arrow with its middle at its cell's centre; changes too small for a head are dots.
    pub(crate) fn draw(&self, canvas: &mut Canvas, panel: &Axes) {
        for [from, middle, to] in self.shafts(panel) {
            if (to.0 - from.0).abs() + (to.1 - from.1).abs() < 0.5 {
                canvas.disc(middle, 0.2, ARROW.colour);
            } else {
                canvas.arrow(from, to, ARROW);
            }
        }
    }
    /// Positions that the arrows cover.
    pub(crate) fn positions(&self, panel: &Axes) -> Vec<Position> {
        let along = |[(ax, ay), _, (bx, by)]: [Position; 3]| {
            [0.0, 0.25, 0.5, 0.75, 1.0].map(|t| (ax + t * (bx - ax), ay + t * (by - ay)))
        };
        self.shafts(panel).flat_map(along).collect()
    }
    /// Start, middle and end of each arrow.
    fn shafts(&self, panel: &Axes) -> impl Iterator<Item = [Position; 3]> {
        let scale = 0.5 * self.cell / self.longest;
        self.arrows
            .iter()
            .map(move |[trust, intimacy, rise, growth]| {
                let (dx, dy) = (scale * rise, scale * growth);
                [-1.0, 0.0, 1.0].map(|side| panel.position(trust + side * dx, intimacy + side * dy))
            })
    }
    /// Adds an arrow of a round length to the legend, with the change that it stands for.
    pub(crate) fn add_to_legend(&self, legend: &mut Legend, panel: &Axes, days: f64) {
        let round = round_below(self.longest);
        let length = round / self.longest * self.cell * panel.frame.width;
        let unit = if days == 1.0 {
            "a day".to_owned()
        } else {
            format!("{days} days")
        };
        let text = format!(
            "mean change of {} in {unit} (cells with n ≥ {FEWEST})",
            number(round, round)
        );
        legend.add(LegendHandle::Arrow(ARROW, length), text);
    }
}

fn length([_, _, rise, growth]: [f64; 4]) -> f64 {
    (rise * rise + growth * growth).sqrt()
}

/// The smallest distance between different values; infinite where there is none.
fn spacing(values: &[f64]) -> f64 {
    let mut sorted: Vec<f64> = values
        .iter()
        .copied()
        .filter(|value| value.is_finite())
        .collect();
    sorted.sort_by(f64::total_cmp);
    let gaps = sorted
        .windows(2)
        .map(|pair| pair[1] - pair[0])
        .filter(|gap| *gap > 1e-6);
    gaps.fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_as_wide_as_their_centres_are_apart() {
        assert!((spacing(&[0.15, 0.05, 0.25, 0.05, f64::NAN]) - 0.1).abs() < 1e-12);
        assert_eq!(spacing(&[0.5, 0.5]), f64::INFINITY);
    }
}
