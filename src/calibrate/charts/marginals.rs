//! Each parameter's posterior beside its prior.

use super::axis::ParameterAxis;
use crate::chart::axes::Axes;
use crate::chart::canvas::{Canvas, Rect};
use crate::chart::error::ChartError;
use crate::chart::figure::{Figure, MARGIN, Width};
use crate::chart::subplots::{SubplotSpacing, Subplots};
use crate::chart::legend::{Legend, LegendHandle};
use crate::chart::style::{BLACK, BLUE, Dash, GREY, Stroke, VERMILLION};
use crate::chart::text_style::NOTE;
use crate::chart::number_format::number;
use crate::chart::ticks::Ticks;
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
/// How much higher than usual the heading stands, above the verdict (mm).
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
/// upright one the value of a scenario that does not say the parameter. Over each panel stands what the
/// targets tell, with the width of the posterior as a share of the prior's.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no particle has a
/// weight or a parameter no range.
pub fn posterior_marginals(
    posterior: &Table,
    parameters: &Table,
    width: Width,
) -> Result<Figure, ChartError> {
    let (sides, weights) = ParameterAxis::read(posterior, parameters)?;
    let columns = match (width, sides.len()) {
        (Width::Column, _) => 2,
        (Width::Page, few @ 1..=3) => few,
        (Width::Page, 5 | 6 | 9) => 3,
        (Width::Page, _) => 4,
    };
    let width = width.millimetres();
    let span = (MARGIN, width - MARGIN);
    let subplots = Subplots::new(sides.len(), columns, span, MARGIN / 2.0, SPACING);
    let legend = legend_of(&sides).below(width, subplots.bottom + MARGIN / 2.0);
    let mut canvas = legend.canvas();
    for (side, subplot) in sides.iter().zip(&subplots.panels) {
        draw(&mut canvas, subplot.frame, side, &weights);
    }
    legend.finish(canvas, "The posterior of each calibrated parameter next to its prior")
}

fn draw(canvas: &mut Canvas, frame: Rect, side: &ParameterAxis, weights: &[f64]) {
    let bars = side.bars(weights, BARS);
    let (low, high) = side.ends;
    let x: Vec<f64> = (0..POINTS)
        .map(|k| low + (high - low) * k as f64 / (POINTS - 1) as f64)
        .collect();
    let prior: Vec<f64> = x.iter().map(|place| side.prior(*place)).collect();
    let most = bars.iter().chain(&prior).copied().fold(0.0, f64::max);
    let panel = Axes {
        frame,
        x: side.ends,
        y: (0.0, 1.1 * most),
    };
    for (bar, density) in bars
        .iter()
        .enumerate()
        .filter(|(_, density)| **density > 0.0)
    {
        let (from, to) = side.bar(bar, BARS);
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
    if panel.covers(side.default) {
        panel.vline(canvas, side.default, DEFAULT);
    }
    panel.draw_lower_spine(canvas);
    panel.x_ticks(canvas, &fitting(side, frame.width), true);
    let [from, median, to] = side.summary.map(|place| panel.position(place, 0.0).0);
    let on = frame.bottom() - 0.9;
    canvas.line((from, on), (to, on), INTERVAL);
    canvas.disc((median, on), MEDIAN, BLACK);
    panel.heading(canvas, &side.name, RAISED);
    let share = number(side.contraction, 0.01);
    let words = format!("{} ({share} of prior)", side.verdict);
    let at = (frame.left, frame.top - VERDICT_ABOVE);
    let colour = match side.verdict.as_str() {
        "identified" => BLACK,
        "weakly identified" => GREY,
        _ => VERMILLION,
    };
    canvas.text(at, &NOTE.shorten(&words, frame.width), NOTE.tinted(colour));
}

/// Ticks whose numbers stand clear of each other.
fn fitting(side: &ParameterAxis, length: f64) -> Ticks {
    let (low, high) = side.ends;
    let fits = |ticks: &Ticks| {
        let step = length / (high - low);
        let widest = ticks.labels.iter().map(|label| NOTE.width(label));
        let room = widest.fold(0.0, f64::max) + 1.0;
        ticks
            .at
            .windows(2)
            .all(|pair| (pair[1] - pair[0]) * step > room)
    };
    let made = (1..=5).rev().map(|target| side.ticks(target));
    made.clone().find(fits).unwrap_or_else(|| side.ticks(1))
}

fn legend_of(sides: &[ParameterAxis]) -> Legend {
    let mut legend = Legend::new();
    legend.add(LegendHandle::Swatch(BLUE.faint(0.45)), "posterior");
    legend.add(LegendHandle::Line(PRIOR), "prior");
    legend.add(
        LegendHandle::Line(INTERVAL),
        "95% interval of the posterior, with its median",
    );
    if sides.iter().any(|side| side.default.is_finite()) {
        legend.add(LegendHandle::Line(DEFAULT), "default");
    }
    legend.note("in brackets: SD of the posterior over that of the prior");
    legend
}
