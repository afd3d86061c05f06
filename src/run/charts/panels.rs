//! Panels of means over time, one for each observable: lines on the bands of their intervals, or dots with their
//! intervals where there are few days. Charts of conditions, groups, diaries and waves are made of them.

use super::events::{EventMarker, EventMarks};
use crate::chart::{
    AXIS, Axes, BLUE, Canvas, ChartError, Dash, Figure, Legend, LegendHandle, MARGIN, Stroke,
    SubplotSpacing, Subplots, Ticks, TimeAxis, VERMILLION, Width, range_of, round_range,
};

/// Width of the lines (pt).
pub(super) const CURVE: f64 = 1.1;
/// The lines of partners A and B over time. Their colours are those of the partners in all charts over time.
pub(super) const PARTNERS: [(&str, &str, Stroke); 2] = [
    ("a", "Partner A", Stroke::solid(BLUE, CURVE)),
    (
        "b",
        "Partner B",
        Stroke::solid(VERMILLION, CURVE).dashed(Dash::Dashed),
    ),
];
/// Opacity of the bands of intervals.
const BAND: f64 = 0.2;
/// Opacity of a difference that is not resolved.
const UNRESOLVED: f64 = 0.35;
/// Patterns by which lines that lie on each other are told apart.
const PATTERNS: [Dash; 5] = [
    Dash::Solid,
    Dash::Dashed,
    Dash::Mixed,
    Dash::Short,
    Dash::Dotted,
];
const SPACING: SubplotSpacing = SubplotSpacing {
    left: 9.5,
    right: 3.0,
    above: 4.6,
    height: 24.0,
    below: 3.4,
};
/// From the legend to the panels (mm).
const AFTER_LEGEND: f64 = 1.0;
/// Least height of a panel's scale, in the unit of its observable: less is noise.
const LEAST_RANGE: f64 = 4e-3;
/// The same of shares, whose panels stay within 0 and 1.
const LEAST_SHARE_RANGE: f64 = 0.05;
/// Radius of a dot (mm).
const DOT: f64 = 0.6;
/// Distance between dots of one day (mm).
const DODGE: f64 = 1.2;
/// Days up to which there is space for dots.
const MOST_DOTS: usize = 15;
/// Share of the time that is left free before the first dots and after the last ones.
const DOT_AIR: f64 = 0.06;
/// Days up to which each has its number on the axis, where they are shown as dots.
const MOST_DAY_TICKS: usize = 6;

/// The pattern of a line by its position.
pub(super) fn patterned(stroke: Stroke, position: usize) -> Stroke {
    stroke.dashed(PATTERNS[position % PATTERNS.len()])
}

/// The handle of a line in a legend.
pub(super) fn handle(stroke: Stroke) -> LegendHandle {
    LegendHandle::LineOnBand(stroke, stroke.colour.faint(BAND))
}

/// The style of means on so many days: dots while there is space for them.
pub(super) fn style_of(days: usize) -> PanelStyle {
    match days <= MOST_DOTS {
        true => PanelStyle::Dots,
        false => PanelStyle::Bands,
    }
}

impl PanelStyle {
    /// The handle of a line in a legend.
    pub(super) fn handle(self, stroke: Stroke) -> LegendHandle {
        match self {
            PanelStyle::Dots => LegendHandle::Disc(stroke.colour, DOT),
            _ => handle(stroke),
        }
    }
}

/// A line of a panel: means by rising day, with the ends of their intervals.
#[derive(Clone, Debug)]
pub(super) struct IntervalLine {
    pub(super) stroke: Stroke,
    pub(super) day: Vec<f64>,
    pub(super) mean: Vec<f64>,
    pub(super) interval: [Vec<f64>; 2],
}

impl IntervalLine {
    /// A line without values.
    pub(super) fn empty(stroke: Stroke) -> IntervalLine {
        IntervalLine {
            stroke,
            day: Vec::new(),
            mean: Vec::new(),
            interval: [Vec::new(), Vec::new()],
        }
    }

    pub(super) fn push(&mut self, day: f64, mean: f64, [low, high]: [f64; 2]) {
        self.day.push(day);
        self.mean.push(mean);
        self.interval[0].push(low);
        self.interval[1].push(high);
    }

    /// The means whose interval does not include zero; NaN for the others.
    fn resolved(&self) -> Vec<f64> {
        let [low, high] = &self.interval;
        let ends = low.iter().zip(high);
        let resolved = |(mean, (low, high)): (&f64, (&f64, &f64))| match *low > 0.0 || *high < 0.0 {
            true => *mean,
            false => f64::NAN,
        };
        self.mean.iter().zip(ends).map(resolved).collect()
    }
}

/// A panel of an observable. Panels of the same observable have one scale.
pub(super) struct IntervalPanel {
    pub(super) observable: String,
    pub(super) heading: String,
    /// Whether it is a share, whose small changes are not enlarged.
    pub(super) is_share: bool,
    pub(super) lines: Vec<IntervalLine>,
    /// Lines to compare with, drawn without their intervals.
    pub(super) context: Vec<IntervalLine>,
}

/// How the lines of panels are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PanelStyle {
    /// Lines on the bands of their intervals.
    Bands,
    /// The same, and pale where the interval includes zero.
    Differences,
    /// Dots with their intervals, next to each other on each day.
    Dots,
}

/// A figure of panels.
pub(super) struct PanelFigure<'a> {
    pub(super) panels: Vec<IntervalPanel>,
    /// What stands over the panels.
    pub(super) legend: Legend,
    /// What stands under the panels, after the events.
    pub(super) notes: Vec<String>,
    pub(super) events: &'a [EventMarker],
    pub(super) style: PanelStyle,
    /// Panels next to each other on a page.
    pub(super) columns: usize,
    /// What a screen reader says of the figure.
    pub(super) description: &'a str,
    /// Name of the table that is drawn.
    pub(super) table: &'static str,
}

impl PanelFigure<'_> {
    /// Draws the panels.
    ///
    /// # Errors
    /// [`ChartError::NothingToDraw`] where no line has a finite day.
    pub(super) fn draw(self, width: Width) -> Result<Figure, ChartError> {
        let days = self.panels.iter().flat_map(|panel| &panel.lines);
        let days = days.flat_map(|line| line.day.iter().copied());
        let time = TimeAxis::covering(days).ok_or(ChartError::NothingToDraw {
            table: self.table,
            wanted: "finite mean".to_owned(),
        })?;
        let events = EventMarks::new(self.events, time);
        let columns = if width == Width::Page {
            self.columns
        } else {
            2
        };
        let inner = width.inner();
        let width = width.millimetres();
        let top = MARGIN / 2.0 + self.legend.height(inner) + AFTER_LEGEND;
        let spacing = SubplotSpacing {
            above: SPACING.above + events.space(),
            ..SPACING
        };
        let subplots = Subplots::new(self.panels.len(), columns, (0.0, width), top, spacing);
        let mut below = Legend::new();
        events.add_to_legend(&mut below);
        for note in &self.notes {
            below.note(note.clone());
        }
        let below = below.below(width, subplots.bottom + 1.0);
        let mut canvas = below.canvas();
        self.legend.draw(&mut canvas, (MARGIN, MARGIN / 2.0), inner);
        for (panel, subplot) in self.panels.iter().zip(&subplots.panels) {
            let alike = self
                .panels
                .iter()
                .filter(|other| other.observable == panel.observable);
            let axes = Axes {
                frame: subplot.frame,
                x: self.ends(time),
                y: self.scale(alike, panel.is_share),
            };
            events.shade(&mut canvas, &axes);
            if axes.y.0 < 0.0 && axes.y.1 > 0.0 {
                axes.hline(&mut canvas, 0.0, AXIS);
            }
            for line in &panel.context {
                axes.curve(&mut canvas, &line.day, &line.mean, line.stroke);
            }
            draw_lines(&mut canvas, &axes, &panel.lines, self.style);
            axes.draw_spines(&mut canvas);
            events.number(&mut canvas, &axes);
            axes.heading(&mut canvas, &panel.heading, events.space());
            axes.y_ticks(&mut canvas, &Ticks::round(axes.y.0, axes.y.1, 4));
            let ticks = self.day_ticks(time, (axes.frame.width / 11.0) as usize);
            axes.x_ticks(&mut canvas, &ticks, subplot.lowest);
            if subplot.lowest {
                axes.x_title(&mut canvas, time.title());
            }
        }
        below.finish(canvas, self.description)
    }

    /// Days at the ends of the lower axis.
    fn ends(&self, time: TimeAxis) -> (f64, f64) {
        let air = match self.style {
            PanelStyle::Dots => DOT_AIR * (time.last - time.first),
            _ => 0.0,
        };
        (time.first - air, time.last + air)
    }

    /// Ticks of the lower axis: of dots each day, where they are few.
    fn day_ticks(&self, time: TimeAxis, target: usize) -> Ticks {
        let lines = self.panels.iter().flat_map(|panel| &panel.lines);
        let days = lines.map(|line| &line.day).max_by_key(|days| days.len());
        match days {
            Some(days)
                if self.style == PanelStyle::Dots
                    && days.len() <= MOST_DAY_TICKS
                    && !time.in_years() =>
            {
                Ticks {
                    at: days.clone(),
                    labels: days.iter().map(|day| format!("{day:.0}")).collect(),
                }
            }
            _ => time.ticks(target),
        }
    }

    /// The vertical scale of some panels.
    ///
    /// It covers the means and, of bands, the ends that are no further from them than all of the means are apart, so
    /// that the few couples of a late day do not flatten all else; of dots and shares it covers all ends. Where no
    /// mean is outside of 0 and 1, the scale is not either, unless it is of differences.
    fn scale<'p>(
        &self,
        panels: impl Iterator<Item = &'p IntervalPanel> + Clone,
        is_share: bool,
    ) -> (f64, f64) {
        let least = match is_share {
            true => LEAST_SHARE_RANGE,
            false => LEAST_RANGE,
        };
        let context = panels.clone().flat_map(|panel| &panel.context);
        let means = panels.clone().flat_map(|panel| &panel.lines).chain(context);
        let means = means.flat_map(|line| line.mean.iter().copied());
        let (low, high) = range_of(means).unwrap_or((0.0, 1.0));
        let is_proportion = self.style != PanelStyle::Differences && low >= 0.0 && high <= 1.0;
        let reach = match is_share || self.style == PanelStyle::Dots {
            true => f64::INFINITY,
            false => (high - low).max(least),
        };
        let ends = panels.flat_map(|panel| &panel.lines);
        let ends = ends.flat_map(|line| line.interval.iter().flatten());
        let ends = ends
            .copied()
            .filter(|end| *end > low - reach && *end < high + reach);
        let (low, high) = range_of(ends.chain([low, high])).unwrap_or((low, high));
        let (low, high) = if high - low < least {
            let middle = 0.5 * (low + high);
            (middle - 0.5 * least, middle + 0.5 * least)
        } else {
            (low, high)
        };
        match is_proportion {
            true => {
                let (low, high) = round_range(low.max(0.0), high.min(1.0), 6);
                (low.max(0.0), high.min(1.0))
            }
            false => round_range(low, high, 6),
        }
    }
}

fn draw_lines(canvas: &mut Canvas, axes: &Axes, lines: &[IntervalLine], style: PanelStyle) {
    if style == PanelStyle::Dots {
        let middle = 0.5 * (lines.len() as f64 - 1.0);
        for (position, line) in lines.iter().enumerate() {
            draw_dots(canvas, axes, line, DODGE * (position as f64 - middle));
        }
        return;
    }
    for line in lines {
        let [low, high] = &line.interval;
        let colour = line.stroke.colour.faint(BAND);
        axes.band(canvas, &line.day, low, high, colour);
    }
    for line in lines {
        if style == PanelStyle::Differences {
            let pale = Stroke {
                colour: line.stroke.colour.faint(UNRESOLVED),
                ..line.stroke
            };
            axes.curve(canvas, &line.day, &line.mean, pale);
            axes.curve(canvas, &line.day, &line.resolved(), line.stroke);
        } else {
            axes.curve(canvas, &line.day, &line.mean, line.stroke);
        }
    }
}

/// Draws the means of a line as dots with their intervals, this far to the right of their days (mm).
fn draw_dots(canvas: &mut Canvas, axes: &Axes, line: &IntervalLine, shift: f64) {
    let shifted = |day: f64, value: f64| {
        let (x, y) = axes.position(day, value.clamp(axes.y.0, axes.y.1));
        (x + shift, y)
    };
    let joining = Stroke {
        width: 0.5 * line.stroke.width,
        ..line.stroke
    };
    let known = (0..line.day.len()).filter(|i| line.mean[*i].is_finite());
    let known: Vec<usize> = known.collect();
    let path: Vec<_> = known
        .iter()
        .map(|i| shifted(line.day[*i], line.mean[*i]))
        .collect();
    if path.len() > 1 {
        canvas.path(&path, joining);
    }
    let whisker = Stroke::solid(line.stroke.colour, 0.7 * line.stroke.width);
    for (i, at) in known.into_iter().zip(path) {
        let [low, high] = line.interval.each_ref().map(|ends| ends[i]);
        if low.is_finite() && high.is_finite() {
            let ends = [low, high].map(|end| shifted(line.day[i], end));
            canvas.line(ends[0], ends[1], whisker);
        }
        canvas.disc(at, DOT, line.stroke.colour);
    }
}
