//! Each parameter's posterior next to its prior.

use super::parameter_axis::ParameterAxis;
use crate::chart::{
    Axes, BLACK, BLUE, Canvas, ChartError, Dash, Figure, GREY, Legend, LegendHandle, MARGIN, NOTE,
    Rect, Stroke, SubplotSpacing, Subplots, Ticks, VERMILLION, Width, number,
};
use crate::table::Table;

const BARS: usize = 30;
/// Points of a prior's curve.
const POINTS: usize = 121;
const SPACING: SubplotSpacing = SubplotSpacing {
    left: 2.2,
    right: 2.2,
    above: 9.4,
    height: 20.0,
    below: 5.6,
};
/// From a panel's upper edge to the middle of the verdict above it (mm).
const VERDICT_ABOVE: f64 = 2.2;
/// How much the heading is raised, above the verdict (mm).
const RAISED: f64 = 3.4;
const PRIOR: Stroke = Stroke::solid(GREY, 0.8).dashed(Dash::Short);
const DEFAULT: Stroke = Stroke::solid(VERMILLION, 0.9).dashed(Dash::Dashed);
const INTERVAL: Stroke = Stroke::solid(BLACK, 1.8);
const MEDIAN: f64 = 0.75;

/// Draws the posterior of each parameter over its prior, from the tables `posterior` and `parameters` of a
/// calibration.
///
/// Bars are the weighted particles and the broken line is the prior, both with the same area; a log-uniform
/// prior is drawn over the logarithm. The thick line is the interval of 95 % with the median on it, the
/// vertical one the default value. Over each panel is the verdict on how well the targets identify the
/// parameter, with the width of the posterior as a share of the prior's.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no particle has a
/// weight or a parameter no range.
pub(crate) fn posterior_marginals(
    posterior: &Table,
    parameters: &Table,
    width: Width,
) -> Result<Figure, ChartError> {
    let (axes, weights) = ParameterAxis::read(posterior, parameters)?;
    let columns = match (width, axes.len()) {
        (Width::Column, _) => 2,
        (Width::Page, few @ 1..=3) => few,
        (Width::Page, 5 | 6 | 9) => 3,
        (Width::Page, _) => 4,
    };
    let width = width.millimetres();
    let span = (MARGIN, width - MARGIN);
    let subplots = Subplots::new(axes.len(), columns, span, MARGIN / 2.0, SPACING);
    let legend = legend_of(&axes).below(width, subplots.bottom + MARGIN / 2.0);
    let mut canvas = legend.canvas();
    for (parameter, subplot) in axes.iter().zip(&subplots.panels) {
        draw(&mut canvas, subplot.frame, parameter, &weights);
    }
    legend.finish(
        canvas,
        "The posterior of each calibrated parameter next to its prior",
    )
}

fn draw(canvas: &mut Canvas, frame: Rect, parameter: &ParameterAxis, weights: &[f64]) {
    let bars = parameter.bars(weights, BARS);
    let (low, high) = parameter.ends;
    let x: Vec<f64> = (0..POINTS)
        .map(|k| low + (high - low) * k as f64 / (POINTS - 1) as f64)
        .collect();
    let prior: Vec<f64> = x
        .iter()
        .map(|position| parameter.prior(*position))
        .collect();
    let most = bars.iter().chain(&prior).copied().fold(0.0, f64::max);
    let panel = Axes {
        frame,
        x: parameter.ends,
        y: (0.0, 1.1 * most),
    };
    for (bar, density) in bars
        .iter()
        .enumerate()
        .filter(|(_, density)| **density > 0.0)
    {
        let (from, to) = parameter.bar(bar, BARS);
        let (left, top) = panel.position(from, *density);
        let right = panel.position(to, 0.0).0;
        let slab = Rect {
            left,
            top,
            width: (right - left - 0.1).max(0.05),
            height: frame.bottom() - top,
        };
        canvas.rectangle(slab, BLUE.faint(0.45));
    }
    panel.curve(canvas, &x, &prior, PRIOR);
    if panel.covers(parameter.default) {
        panel.vline(canvas, parameter.default, DEFAULT);
    }
    panel.draw_lower_spine(canvas);
    panel.x_ticks(canvas, &fitting(parameter, frame.width), true);
    let [from, median, to] = parameter
        .summary
        .map(|position| panel.position(position, 0.0).0);
    let on = frame.bottom() - 0.9;
    canvas.line((from, on), (to, on), INTERVAL);
    canvas.disc((median, on), MEDIAN, BLACK);
    panel.heading(canvas, &parameter.name, RAISED);
    let share = number(parameter.contraction, 0.01);
    let text = format!("{} ({share} of prior)", parameter.verdict);
    let at = (frame.left, frame.top - VERDICT_ABOVE);
    let colour = match parameter.verdict.as_str() {
        "identified" => BLACK,
        "weakly identified" => GREY,
        _ => VERMILLION,
    };
    canvas.text(at, &NOTE.shorten(&text, frame.width), NOTE.tinted(colour));
}

/// Ticks whose numbers do not overlap.
pub(super) fn fitting(parameter: &ParameterAxis, length: f64) -> Ticks {
    let (low, high) = parameter.ends;
    let fits = |ticks: &Ticks| {
        let step = length / (high - low);
        let widest = ticks.labels.iter().map(|label| NOTE.width(label));
        let space = widest.fold(0.0, f64::max) + 1.0;
        ticks
            .at
            .windows(2)
            .all(|pair| (pair[1] - pair[0]) * step > space)
    };
    let made = (1..=5).rev().map(|target| parameter.ticks(target));
    made.clone()
        .find(fits)
        .unwrap_or_else(|| parameter.ticks(1))
}

fn legend_of(axes: &[ParameterAxis]) -> Legend {
    let mut legend = Legend::new();
    legend.add(LegendHandle::Swatch(BLUE.faint(0.45)), "posterior");
    legend.add(LegendHandle::Line(PRIOR), "prior");
    legend.add(
        LegendHandle::Line(INTERVAL),
        "95% interval of the posterior, with its median",
    );
    if axes.iter().any(|parameter| parameter.default.is_finite()) {
        legend.add(LegendHandle::Line(DEFAULT), "default");
    }
    legend.note("in brackets: SD of the posterior over that of the prior");
    legend
}
