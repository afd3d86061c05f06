//! Which parameters go together: the posterior seen from its sides.

use super::axis::Side;
use crate::calibrate::abc::{weighted_mean, weighted_sd};
use crate::chart::axes::Panel;
use crate::chart::canvas::{Canvas, Frame};
use crate::chart::error::ChartError;
use crate::chart::figure::{Figure, Width};
use crate::chart::legend::{Key, Sample};
use crate::chart::style::{BLACK, BLUE, Colour, GREY, ORANGE, Stroke, VERMILLION};
use crate::chart::text_style::{HEADING, NOTE};
use crate::chart::ticks::number;
use crate::table::Table;
use std::cmp::Ordering;

const MOST_SIDES: usize = 16;
/// Dots that all panels together show at most.
const MOST_DOTS: usize = 60_000;
const BARS: usize = 16;
const MARGIN: f64 = 2.0;
const NAMES: f64 = 3.6;
const BETWEEN: f64 = 0.9;
/// Side of a panel of few parameters (mm).
const LARGEST: f64 = 42.0;
const BORDER: Stroke = Stroke::solid(GREY, 0.35);
const DEFAULT: Stroke = Stroke::solid(VERMILLION, 0.5);
/// Opacity of a correlation of 1.
const STRONGEST: f64 = 0.75;

/// Draws the particles of a posterior over each pair of parameters, from the tables `posterior` and
/// `parameters` of a calibration.
///
/// The lower triangle holds a scatter plot of each pair, a particle the darker the more it weighs, over
/// what the prior allows; the diagonal holds the weighted particles as bars, and the upper triangle the
/// weighted correlation, tinted by its size. Thin lines stand at the values of a scenario that does not say
/// the parameters. The first sixteen parameters are shown, and at most 60 000 dots: then the first
/// particles, whose order says nothing.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no particle has a
/// weight or a parameter no range.
pub fn posterior_pairs(
    posterior: &Table,
    parameters: &Table,
    width: Width,
) -> Result<Figure, ChartError> {
    let (mut sides, weights) = Side::read(posterior, parameters)?;
    let all = sides.len();
    sides.truncate(MOST_SIDES);
    let pairs = sides.len() * (sides.len() - 1) / 2;
    let shown = weights.len().min(MOST_DOTS / pairs.max(1));
    let width = width.millimetres();
    let inner = width - 2.0 * MARGIN;
    let pitch = ((inner - NAMES) / sides.len() as f64).min(LARGEST);
    let left = (width - NAMES - pitch * sides.len() as f64) / 2.0 + NAMES;
    let top = MARGIN / 2.0 + NAMES;
    let below = top + pitch * sides.len() as f64 + 1.0;
    let key = key_to(&sides, all, shown, weights.len());
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
                Ordering::Less => scatter(&mut canvas, frame, x, y, &weights[..shown]),
                Ordering::Equal => bars(&mut canvas, frame, x, &weights),
                Ordering::Greater => correlation(&mut canvas, frame, x, y, &weights),
            }
        }
    }
    key.draw(&mut canvas, (MARGIN, below), inner);
    canvas.finish("The particles of the posterior over each pair of parameters")
}

fn scatter(canvas: &mut Canvas, frame: Frame, x: &Side, y: &Side, weights: &[f64]) {
    let panel = Panel {
        frame,
        x: x.ends,
        y: y.ends,
    };
    if panel.covers(x.default) {
        panel.upright(canvas, x.default, DEFAULT);
    }
    if (y.ends.0..=y.ends.1).contains(&y.default) {
        panel.level(canvas, y.default, DEFAULT);
    }
    let most = weights.iter().copied().fold(0.0, f64::max);
    let crowd = weights.len() as f64 / (frame.width * frame.height);
    let (radius, darkest) = match crowd {
        c if c < 0.3 => (0.5, 0.9),
        c if c < 2.0 => (0.36, 0.8),
        _ => (0.22, 0.6),
    };
    for ((a, b), weight) in x.places.iter().zip(&y.places).zip(weights) {
        if a.is_finite() && b.is_finite() && *weight > 0.0 {
            let alpha = darkest * (0.15 + 0.85 * weight / most);
            canvas.disc(panel.place(*a, *b), radius, BLUE.faint(alpha));
        }
    }
    canvas.outline(frame, BORDER);
}

fn bars(canvas: &mut Canvas, frame: Frame, side: &Side, weights: &[f64]) {
    let densities = side.bars(weights, BARS);
    let most = densities.iter().copied().fold(0.0, f64::max);
    let panel = Panel {
        frame,
        x: side.ends,
        y: (0.0, 1.08 * most),
    };
    for (bar, density) in densities.iter().enumerate().filter(|(_, it)| **it > 0.0) {
        let (from, to) = side.bar(bar, BARS);
        let (left, top) = panel.place(from, *density);
        let slab = Frame {
            left,
            top,
            width: (panel.place(to, 0.0).0 - left - 0.06).max(0.05),
            height: frame.bottom() - top,
        };
        canvas.rectangle(slab, BLUE.faint(0.45));
    }
    if panel.covers(side.default) {
        panel.upright(canvas, side.default, DEFAULT);
    }
    canvas.outline(frame, BORDER);
}

fn correlation(canvas: &mut Canvas, frame: Frame, x: &Side, y: &Side, weights: &[f64]) {
    let Some(r) = weighted_correlation(&x.places, &y.places, weights) else {
        return;
    };
    let colour = if r < 0.0 { ORANGE } else { BLUE };
    canvas.rectangle(frame, colour.faint(STRONGEST * r * r));
    let ink: Colour = if r > 0.85 {
        crate::chart::style::WHITE
    } else {
        BLACK
    };
    canvas.text(frame.centre(), &number(r, 0.01), NOTE.centred().tinted(ink));
}

/// The weighted correlation; `None` where a side does not vary.
fn weighted_correlation(x: &[f64], y: &[f64], weights: &[f64]) -> Option<f64> {
    let scores = |values: &[f64]| -> Vec<f64> {
        let (mean, sd) = (weighted_mean(values, weights), weighted_sd(values, weights));
        values.iter().map(|value| (value - mean) / sd).collect()
    };
    let (a, b) = (scores(x), scores(y));
    let sums: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a + b).collect();
    let spread = weighted_sd(&sums, weights);
    // The variance of a sum of two scores is 2 + 2 r.
    let r = 0.5 * spread * spread - 1.0;
    r.is_finite().then(|| r.clamp(-1.0, 1.0))
}

fn key_to(sides: &[Side], all: usize, shown: usize, particles: usize) -> Key {
    let mut key = Key::new();
    for (k, side) in sides.iter().enumerate() {
        key.add(Sample::Words, format!("{}: {}", k + 1, side.words()));
    }
    if all > sides.len() {
        let words = format!("first {} of {all} parameters shown", sides.len());
        key.add(Sample::Words, words);
    }
    if sides.len() > 1 {
        key.add(
            Sample::Disc(BLUE, 0.5),
            "particle, the darker the more it weighs",
        );
        if shown < particles {
            key.add(Sample::Words, format!("the first {shown} drawn"));
        }
        key.add(Sample::Words, "upper triangle: correlation");
    }
    if sides.iter().any(|side| side.default.is_finite()) {
        key.add(Sample::Line(DEFAULT), "default");
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correlation_is_weighted() {
        let (x, y) = ([0.0, 1.0, 2.0, 9.0], [1.0, 3.0, 5.0, 0.0]);
        let r = weighted_correlation(&x, &y, &[1.0, 1.0, 1.0, 0.0]).expect("varying sides");
        assert!((r - 1.0).abs() < 1e-12);
        let r = weighted_correlation(&x, &y, &[1.0; 4]).expect("varying sides");
        assert!((r + 14.0 / 737.5_f64.sqrt()).abs() < 1e-12, "{r}");
        assert_eq!(weighted_correlation(&x, &[1.0; 4], &[1.0; 4]), None);
    }
}
