//! How the couples divide among the regimes of balance as time passes.

use super::events::{EventMarker, EventMarks};
use super::trajectories::{MANY_SEPARATED, TrajectorySeries, series};
use crate::chart::{
    Axes, Canvas, ChartError, ColumnReader, EndLabel, Figure, Legend, LegendHandle, MARGIN,
    REGIMES, Rect, Stroke, Ticks, TimeAxis, Width, count, end_label_width, end_labels, log10,
    range_of, round_range,
};
use crate::table::Table;

const LEFT: f64 = 12.5;
const TOP: f64 = 3.5;
const HEIGHT: f64 = 48.0;
const BAND: f64 = 0.2;

/// Draws the share of couples in each regime of balance from the table `trajectory` of one scenario.
///
/// Reads the rows of role `couple` whose observable is `secure_balance`, `complacency`, `codependency` or
/// `disengagement`; their mean is the share.
/// The axis starts at 0 and reaches 1, or a round number above the highest interval where that is below
/// one half. Where most of the change happens in the first tenth of a run, the time axis is logarithmic. Notes
/// give the number of couples of the first and of the last shares, and warn if more than a fifth have separated. Events
/// are marked as in the chart of trajectories, but not on a logarithmic axis.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no regime has a
/// finite share.
pub(crate) fn regime_shares(
    table: &Table,
    events: &[EventMarker],
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let all = series(&reader)?;
    let found = |observable| {
        all.get(&("couple", observable))
            .filter(|s: &&TrajectorySeries| s.has_mean())
    };
    let mut lines: Vec<(&str, Stroke, &TrajectorySeries)> = Vec::new();
    for regime in REGIMES {
        lines.extend(
            found(regime.observable).map(|series| (regime.name(), regime.stroke(), series)),
        );
    }
    if lines.is_empty() {
        return Err(reader.nothing("finite share of a regime of balance"));
    }
    let couples = lines[0].2.couples();
    let days = lines
        .iter()
        .flat_map(|(_, _, series)| series.day.iter().copied());
    let time = TimeAxis::covering(days).ok_or(reader.nothing("finite day"))?;
    let names: Vec<&str> = lines.iter().map(|(name, _, _)| *name).collect();
    let width = width.millimetres();
    let is_early = time.first >= 0.0 && changes_early(&lines, time);
    let events = EventMarks::new(if is_early { &[] } else { events }, time);
    let right = end_label_width(&names) + 1.0;
    let frame = Rect {
        left: LEFT,
        top: TOP + events.space(),
        width: width - LEFT - right,
        height: HEIGHT,
    };
    let place = |day: f64| if is_early { log10(1.0 + day) } else { day };
    let panel = Axes {
        frame,
        x: (place(time.first), place(time.last)),
        y: (0.0, ceiling(&lines)),
    };
    let mut notes = Legend::new();
    if lines.iter().any(|(_, _, series)| series.has_interval()) {
        let handle = LegendHandle::LineOnBand(lines[0].1, lines[0].1.colour.faint(BAND));
        notes.add(handle, "share with its 95% interval");
    }
    for text in couples_notes(couples, time) {
        notes.note(text);
    }
    events.add_to_legend(&mut notes);
    let notes = notes.below_within(width, (LEFT, width - MARGIN), panel.legend_top());
    let mut canvas = notes.canvas();
    events.shade(&mut canvas, &panel);
    draw(&mut canvas, &panel, &lines, &place);
    panel.draw_spines(&mut canvas);
    events.number(&mut canvas, &panel);
    panel.y_ticks(&mut canvas, &Ticks::round(panel.y.0, panel.y.1, 5));
    if is_early {
        panel.x_ticks(&mut canvas, &early_ticks(time, frame.width), true);
        panel.x_title(&mut canvas, "Time (days, on a logarithmic axis)");
    } else {
        let ticks = time.ticks((frame.width / 11.0).round() as usize);
        panel.x_ticks(&mut canvas, &ticks, true);
        panel.x_title(&mut canvas, time.title());
    }
    panel.y_title(&mut canvas, "Share of couples still together", 9.6);
    notes.finish(
        canvas,
        "Share of couples in each regime of balance over time",
    )
}

/// Steps into which a run is divided to see when shares change.
const STEPS: usize = 20;
/// The first of these steps, and the share of all change from which the axis is logarithmic if it falls in them.
const EARLY_STEPS: usize = 2;
const EARLY_CHANGE: f64 = 0.75;
/// Change of all shares together below which it does not matter when they change.
const LITTLE_CHANGE: f64 = 0.05;

/// Whether most of the change of the shares happens in the first tenth of the days.
fn changes_early(lines: &[(&str, Stroke, &TrajectorySeries)], time: TimeAxis) -> bool {
    let (mut early, mut all) = (0.0, 0.0);
    for (_, _, series) in lines {
        let at = |step: usize| -> Option<f64> {
            let day = time.first + (time.last - time.first) * step as f64 / STEPS as f64;
            let row = series.day.partition_point(|other| *other <= day);
            series.mean.get(row.checked_sub(1)?).copied()
        };
        for step in 0..STEPS {
            if let (Some(before), Some(after)) = (at(step), at(step + 1)) {
                let change = (after - before).abs();
                if change.is_finite() {
                    all += change;
                    early += if step < EARLY_STEPS { change } else { 0.0 };
                }
            }
        }
    }
    all > LITTLE_CHANGE && early >= EARLY_CHANGE * all
}

/// Ticks of days on an axis of logarithms of one more than the day, as many as have space in a width (mm).
fn early_ticks(time: TimeAxis, width: f64) -> Ticks {
    let mut days = vec![0.0];
    let mut decade = 1.0;
    while decade <= time.last {
        days.extend([1.0, 2.0, 5.0].map(|factor| factor * decade));
        decade *= 10.0;
    }
    days.retain(|day| (time.first..=time.last).contains(day));
    let span = log10(1.0 + time.last) - log10(1.0 + time.first);
    let mut ticks = Ticks {
        at: Vec::new(),
        labels: Vec::new(),
    };
    for day in days {
        let at = log10(1.0 + day);
        let apart = ticks.at.last().map_or(f64::INFINITY, |last| at - last);
        if apart / span * width >= 7.0 {
            ticks.at.push(at);
            ticks.labels.push(count(day as i64));
        }
    }
    ticks
}

fn draw(
    canvas: &mut Canvas,
    panel: &Axes,
    lines: &[(&str, Stroke, &TrajectorySeries)],
    place: &dyn Fn(f64) -> f64,
) {
    let places = |series: &TrajectorySeries| -> Vec<f64> {
        series.day.iter().map(|day| place(*day)).collect()
    };
    for (_, stroke, series) in lines {
        let [low, high] = &series.interval;
        panel.band(
            canvas,
            &places(series),
            low,
            high,
            stroke.colour.faint(BAND),
        );
    }
    let mut labels = Vec::new();
    for (name, stroke, series) in lines {
        panel.curve(canvas, &places(series), &series.mean, *stroke);
        let last = series.mean.iter().rev().find(|mean| mean.is_finite());
        let (_, y) = panel.position(panel.x.1, last.copied().unwrap_or(0.0));
        labels.push(EndLabel {
            text: (*name).to_owned(),
            y,
            stroke: *stroke,
        });
    }
    let Rect { top, .. } = panel.frame;
    end_labels(
        canvas,
        &labels,
        panel.frame.right(),
        top,
        panel.frame.bottom(),
    );
}

fn ceiling(lines: &[(&str, Stroke, &TrajectorySeries)]) -> f64 {
    let values = lines
        .iter()
        .flat_map(|(_, _, s)| s.interval[1].iter().chain(&s.mean));
    match range_of(values.copied()) {
        Some((_, high)) if high > 0.0 && high < 0.5 => round_range(0.0, high, 5).1,
        _ => 1.0,
    }
}

/// The numbers of couples, and a warning where many have separated.
fn couples_notes(couples: Option<[(f64, f64); 2]>, time: TimeAxis) -> Vec<String> {
    let number = |n: f64| count(n as i64);
    let noun = |n: f64| if n == 1.0 { "couple" } else { "couples" };
    match couples {
        None => Vec::new(),
        Some([(_, first), (_, last)]) if first == last => {
            vec![format!("n = {} {}", number(first), noun(first))]
        }
        Some([(begin, first), (end, last)]) => {
            let (begin, end) = (time.when(begin), time.when(end));
            let mut notes = vec![format!(
                "n = {} {} {begin}, {} {end}: those still together",
                number(first),
                noun(first),
                number(last)
            )];
            let separated = 1.0 - last / first;
            if separated > MANY_SEPARATED {
                notes.push(format!(
                    "{:.0}% have separated: later shares are those of couples who stayed",
                    100.0 * separated
                ));
            }
            notes
        }
    }
}
