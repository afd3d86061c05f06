//! Pairs plot of a posterior: which parameters are correlated.

use super::marginals::fitting;
use super::parameter_axis::ParameterAxis;
use crate::calibrate::abc::{weighted_mean, weighted_sd};
use crate::chart::{
    Axes, BLACK, BLUE, Canvas, ChartError, Figure, GREY, HEADING, Legend, LegendHandle, MARGIN,
    NOTE, ORANGE, PairGrid, Rect, SPACE_BELOW, Stroke, VERMILLION, WHITE, Width, number,
};
use crate::table::Table;
use std::cmp::Ordering;

const MOST_PARAMETERS: usize = 16;
/// Dots that all panels together show at most.
const MOST_DOTS: usize = 60_000;
const BARS: usize = 16;
const BETWEEN: f64 = 0.9;
/// Space for the numbers over the columns (mm).
const NUMBERS: f64 = 3.6;
const BORDER: Stroke = Stroke::solid(GREY, 0.35);
const DEFAULT: Stroke = Stroke::solid(VERMILLION, 0.5);
/// Opacity of a correlation of 1.
const STRONGEST: f64 = 0.75;

/// Draws the particles of a posterior over each pair of parameters, from the tables `posterior` and
/// `parameters` of a calibration.
///
/// The lower triangle holds a scatter plot of each pair, a particle the darker the more it weighs, over
/// what the prior allows; the diagonal holds the weighted particles as bars, and the upper triangle the
/// weighted correlation, coloured by its size. Scales are to the left and below. Thin lines mark the default values. The first sixteen parameters are shown, and at most 60 000 dots: then the first
/// particles, whose order says nothing.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no particle has a
/// weight or a parameter no range.
pub(crate) fn posterior_pairs(
    posterior: &Table,
    parameters: &Table,
    width: Width,
) -> Result<Figure, ChartError> {
    let (mut axes, weights) = ParameterAxis::read(posterior, parameters)?;
    let all = axes.len();
    axes.truncate(MOST_PARAMETERS);
    let pairs = axes.len() * (axes.len() - 1) / 2;
    let shown = weights.len().min(MOST_DOTS / pairs.max(1));
    let width = width.millimetres();
    let grid = PairGrid::new(axes.len(), width, MARGIN, BETWEEN, NUMBERS);
    let legend = legend_of(&axes, all, shown, weights.len());
    let legend = legend.below(width, grid.bottom() + SPACE_BELOW);
    let mut canvas = legend.canvas();
    for (line, y) in axes.iter().enumerate() {
        let number = (line + 1).to_string();
        let over = grid.panel(0, line);
        let at = (over.centre().0, over.top - NUMBERS / 2.0);
        canvas.text(at, &number, HEADING.centred());
        let side = grid.side();
        let scales = [fitting(y, side), y.ticks((side / 6.0).ceil() as usize)];
        grid.draw_scales(&mut canvas, line, y.ends, scales, &number);
        for (column, x) in axes.iter().enumerate() {
            let frame = grid.panel(line, column);
            match column.cmp(&line) {
                Ordering::Less => scatter(&mut canvas, frame, x, y, &weights[..shown]),
                Ordering::Equal => bars(&mut canvas, frame, x, &weights),
                Ordering::Greater => correlation(&mut canvas, frame, x, y, &weights),
            }
        }
    }
    legend.finish(
        canvas,
        "The particles of the posterior over each pair of parameters",
    )
}

fn scatter(
    canvas: &mut Canvas,
    frame: Rect,
    x: &ParameterAxis,
    y: &ParameterAxis,
    weights: &[f64],
) {
    let panel = Axes {
        frame,
        x: x.ends,
        y: y.ends,
    };
    if panel.covers(x.default) {
        panel.vline(canvas, x.default, DEFAULT);
    }
    if (y.ends.0..=y.ends.1).contains(&y.default) {
        panel.hline(canvas, y.default, DEFAULT);
    }
    let most = weights.iter().copied().fold(0.0, f64::max);
    let crowd = weights.len() as f64 / (frame.width * frame.height);
    let (radius, darkest) = match crowd {
        c if c < 0.3 => (0.5, 0.9),
        c if c < 2.0 => (0.36, 0.8),
        _ => (0.22, 0.6),
    };
    for ((a, b), weight) in x.positions.iter().zip(&y.positions).zip(weights) {
        if a.is_finite() && b.is_finite() && *weight > 0.0 {
            let alpha = darkest * (0.15 + 0.85 * weight / most);
            canvas.disc(panel.position(*a, *b), radius, BLUE.faint(alpha));
        }
    }
    canvas.outline(frame, BORDER);
}

fn bars(canvas: &mut Canvas, frame: Rect, parameter: &ParameterAxis, weights: &[f64]) {
    let densities = parameter.bars(weights, BARS);
    let most = densities.iter().copied().fold(0.0, f64::max);
    let panel = Axes {
        frame,
        x: parameter.ends,
        y: (0.0, 1.08 * most),
    };
    for (bar, density) in densities.iter().enumerate().filter(|(_, it)| **it > 0.0) {
        let (from, to) = parameter.bar(bar, BARS);
        let (left, top) = panel.position(from, *density);
        let slab = Rect {
            left,
            top,
            width: (panel.position(to, 0.0).0 - left - 0.06).max(0.05),
            height: frame.bottom() - top,
        };
        canvas.rectangle(slab, BLUE.faint(0.45));
    }
    if panel.covers(parameter.default) {
        panel.vline(canvas, parameter.default, DEFAULT);
    }
    canvas.outline(frame, BORDER);
}

fn correlation(
    canvas: &mut Canvas,
    frame: Rect,
    x: &ParameterAxis,
    y: &ParameterAxis,
    weights: &[f64],
) {
    let Some(r) = weighted_correlation(&x.positions, &y.positions, weights) else {
        return;
    };
    let colour = if r < 0.0 { ORANGE } else { BLUE };
    canvas.rectangle(frame, colour.faint(STRONGEST * r * r));
    let colour = if r > 0.85 { WHITE } else { BLACK };
    canvas.text(
        frame.centre(),
        &number(r, 0.01),
        NOTE.centred().tinted(colour),
    );
}

/// The weighted correlation; `None` where a variable does not vary.
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

fn legend_of(axes: &[ParameterAxis], all: usize, shown: usize, particles: usize) -> Legend {
    let mut legend = Legend::new();
    for (k, parameter) in axes.iter().enumerate() {
        legend.note(format!("{}: {}", k + 1, parameter.name_and_range()));
    }
    legend.note_first(axes.len(), all, "parameters");
    if axes.len() > 1 {
        legend.add(
            LegendHandle::Disc(BLUE, 0.5),
            "particle, the darker the more it weighs",
        );
        if shown < particles {
            legend.note(format!("the first {shown} drawn"));
        }
        legend.note("upper triangle: correlation");
    }
    if axes.iter().any(|parameter| parameter.default.is_finite()) {
        legend.add(LegendHandle::Line(DEFAULT), "default");
    }
    legend
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correlation_is_weighted() {
        let (x, y) = ([0.0, 1.0, 2.0, 9.0], [1.0, 3.0, 5.0, 0.0]);
        let r = weighted_correlation(&x, &y, &[1.0, 1.0, 1.0, 0.0]).expect("varying axes");
        assert!((r - 1.0).abs() < 1e-12);
        let r = weighted_correlation(&x, &y, &[1.0; 4]).expect("varying axes");
        assert!((r + 14.0 / 737.5_f64.sqrt()).abs() < 1e-12, "{r}");
        assert_eq!(weighted_correlation(&x, &[1.0; 4], &[1.0; 4]), None);
    }
}
