//! The scale of shades: which value has which shade, and the bar that says so.

use super::points::Estimate;
use super::shade::shade;
use crate::chart::axes::Panel;
use crate::chart::canvas::{Canvas, Frame};
use crate::chart::style::{GREY, Stroke};
use crate::chart::text_style::{LABEL, NOTE};
use crate::chart::ticks::{Ticks, round_step};

/// Share of the range over the map beyond which half an interval is too wide.
const WIDE: f64 = 0.1;
/// From the panels to the bar, its width, and from it to its numbers (mm).
const BAR: [f64; 3] = [3.0, 3.0, 1.2];
/// Room for the bar's title, and the least distance between its numbers (mm).
const TITLE: f64 = 5.2;
const APART: f64 = 4.0;
const STEPS: usize = 100;

/// The values that the shades span.
#[derive(Clone, Copy)]
pub(crate) struct Scale {
    low: f64,
    high: f64,
    /// Largest less smallest mean; zero where all are the same.
    pub(crate) span: f64,
}

impl Scale {
    /// Spans the range of the means; means that are all the same get some room on both sides.
    pub(crate) fn of((low, high): (f64, f64)) -> Scale {
        let span = high - low;
        let margin = if span > 1e-12 * low.abs().max(high.abs()) {
            0.0
        } else if low == 0.0 {
            1.0
        } else {
            0.5 * low.abs()
        };
        Scale {
            low: low - margin,
            high: high + margin,
            span,
        }
    }
    /// Where a value lies in the range [0–1].
    pub(crate) fn share(self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }
    /// Whether an interval is too wide against the range, or is not known.
    pub(crate) fn is_wide(self, estimate: Estimate) -> bool {
        let reach = estimate.reach();
        reach.is_nan() || reach > WIDE * self.span
    }
    /// The round levels at which contours are drawn, and how far apart they are.
    pub(crate) fn contours(self) -> (Vec<f64>, f64) {
        let (step, ticks) = (
            round_step(self.span, 8),
            Ticks::round(self.low, self.high, 8),
        );
        let inside = |at: &f64| *at > self.low && *at < self.high;
        (ticks.at.into_iter().filter(inside).collect(), step)
    }
    /// As many round numbers as stand clear beside a bar of a height (mm).
    fn ticks(self, height: f64) -> Ticks {
        let made = |target| Ticks::round(self.low, self.high, target);
        let clear = |ticks: &Ticks| {
            let mut gaps = ticks.at.windows(2).map(|pair| pair[1] - pair[0]);
            gaps.all(|gap| gap / (self.high - self.low) * height >= APART)
        };
        let mut fewer = (1..=9).rev().map(made);
        fewer.find(clear).unwrap_or_else(|| made(1))
    }
    /// Width that the bar takes beside panels (mm), for a bar of a height.
    pub(crate) fn room(self, height: f64) -> f64 {
        let ticks = self.ticks(height);
        let widest = ticks.labels.iter().map(|label| NOTE.width(label));
        BAR.iter().sum::<f64>() + widest.fold(0.0, f64::max) + TITLE
    }
    /// Draws the bar beside a frame, as high as it is, with its title.
    pub(crate) fn draw(self, canvas: &mut Canvas, beside: Frame, title: &str) {
        let frame = Frame {
            left: beside.right() + BAR[0],
            width: BAR[1],
            ..beside
        };
        let panel = Panel {
            frame,
            x: (0.0, 1.0),
            y: (self.low, self.high),
        };
        for step in 0..STEPS {
            // Each slab reaches up to the end, so that no paper shows between it and the next.
            let share = step as f64 / STEPS as f64;
            let slab = Frame {
                height: frame.height * (1.0 - share),
                ..frame
            };
            canvas.rectangle(slab, shade(share + 0.5 / STEPS as f64));
        }
        canvas.outline(frame, Stroke::solid(GREY, 0.4));
        let (ticks, right) = (self.ticks(frame.height), frame.right());
        let mut widest = 0.0_f64;
        for (at, label) in ticks.at.iter().zip(&ticks.labels) {
            let (_, y) = panel.place(0.0, *at);
            canvas.line((right, y), (right + 0.7, y), Stroke::solid(GREY, 0.5));
            canvas.text((right + BAR[2], y), label, NOTE);
            widest = widest.max(NOTE.width(label));
        }
        let title = LABEL.shorten(title, frame.height);
        let place = (right + BAR[2] + widest + 2.4, frame.centre().1);
        canvas.text(place, &title, LABEL.centred().upwards());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_means_have_the_middle_shade() {
        for value in [0.0, 0.4, -3.0, 1e-300] {
            assert!(
                (Scale::of((value, value)).share(value) - 0.5).abs() < 1e-9,
                "{value}"
            );
        }
    }

    #[test]
    fn intervals_are_wide_against_the_range() {
        let scale = Scale::of((0.0, 1.0));
        let reaching = |half: f64| Estimate {
            mean: 0.5,
            low: 0.5 - half,
            high: 0.5 + half,
        };
        assert!(!scale.is_wide(reaching(0.09)));
        assert!(scale.is_wide(reaching(0.11)));
        assert!(scale.is_wide(reaching(f64::NAN)));
        assert_eq!(scale.contours().0.len(), 4);
    }
}
