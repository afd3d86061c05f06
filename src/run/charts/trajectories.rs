//! Mean levels over time, one small panel an observable: both partners' means with their 95%
//! intervals, before the spread of the couples.

use super::events::{EventMarker, EventMarks};
use super::panels::PARTNERS;
use crate::chart::{
    Axes, BLACK, Canvas, ChartError, Colour, ColumnReader, Dash, Figure, GREY, HEADING, Legend,
    LegendHandle, MARGIN, NOTE, Rect, SPACE_BELOW, Stroke, Subplot, SubplotSpacing, Subplots,
    Ticks, TimeAxis, Width, count, range_of, round_range,
};
use crate::label::label;
use crate::simulation::OBSERVABLES;
use crate::table::Table;
use std::collections::BTreeMap;

/// Observables that come first, in this order; the others follow in the order of the tables.
const FIRST: [&str; 11] = [
    "trust",
    "intimacy",
    "satisfaction",
    "commitment",
    "felt_security",
    "uncertainty",
    "conflict",
    "stress",
    "wellbeing",
    "anxiety",
    "avoidance",
];

/// Roles in the order in which they are drawn; the couple's line is drawn where partners have none.
const ROLES: [(&str, &str, Stroke); 3] = [
    PARTNERS[0],
    PARTNERS[1],
    ("couple", "Couple", Stroke::solid(BLACK, 1.0)),
];

const INTERVAL: f64 = 0.34;
const MIDDLE_HALF: f64 = 0.14;
const MIDDLE_NINETY: f64 = 0.09;
/// The dashed role's spread is outlined: two tints on each other would make a third that stands for nobody.
/// The outlines are not dashed, since the dashes of many quantiles would be most of the file.
const HALF_OUTLINE: Stroke = Stroke::solid(PARTNERS[1].2.colour.faint(0.8), 0.5);
const NINETY_OUTLINE: Stroke = Stroke::solid(PARTNERS[1].2.colour.faint(0.6), 0.3);
/// A panel covers 0–1 unless the data take less than this share of it.
const LEAST_FILLED: f64 = 0.3;
const AFTER_LEGEND: f64 = 1.0;
/// From a panel's lower edge, or from the space of its axis, to the middle of its numbers of couples (mm).
const COUPLES_BELOW: f64 = 2.4;
/// Share of couples that have separated above which a note warns that means are of those who stayed.
pub(crate) const MANY_SEPARATED: f64 = 0.2;
/// Rows of panels of a figure at most: the page of a journal has no more.
const MOST_ROWS: usize = 10;

/// The observables that are drawn unless others are requested: all but the regimes, which
/// [`regime_shares`](super::regime_shares) draws.
fn default_observables() -> Vec<&'static str> {
    let regimes = crate::chart::REGIMES.map(|regime| regime.observable);
    let keys = OBSERVABLES.iter().map(|(_, info)| info.key);
    let others = keys.filter(|key| !FIRST.contains(key) && !regimes.contains(key));
    FIRST.into_iter().chain(others).collect()
}

/// Draws the table `trajectory` of one scenario.
///
/// Panels: `observables`, or where there are none every observable that the table has but the regimes.
/// Lines: the roles `a` and `b`, or `couple` where an observable has neither. Bands: the mean's 95% interval
/// (`ci_low`, `ci_high`), and the middle half (`q25`, `q75`) and nine tenths (`q05`, `q95`) of the couples,
/// tinted of A and outlined of B. Observables that stay within 0 and 1 are shown on 0–1; where all that is
/// drawn takes less than three tenths of it, on the round range around that, which the panel's heading says.
/// Under each panel stands the number of couples (`n`) behind its first and its last means: those still
/// together, and a note warns if more than a fifth have separated. Events are numbered as in the scenario,
/// shaded for as long as they last and named under the figure. Where there are more panels than fit, a note
/// names those that are left out.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no panel has a
/// finite mean.
pub(crate) fn trajectories(
    table: &Table,
    events: &[EventMarker],
    observables: &[String],
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let all = series(&reader)?;
    let wanted: Vec<&str> = match observables {
        [] => default_observables(),
        some => some.iter().map(String::as_str).collect(),
    };
    let mut panels: Vec<(&str, RoleSeries<'_>)> = wanted
        .into_iter()
        .map(|name| (name, lines_of(&all, name)))
        .filter(|(_, lines)| !lines.is_empty())
        .collect();
    let columns = if width == Width::Page { 3 } else { 2 };
    let left_out = panels.split_off(panels.len().min(columns * MOST_ROWS));
    let days = panels
        .iter()
        .flat_map(|(_, lines)| lines)
        .flat_map(|(_, s)| s.day.iter().copied());
    let time =
        TimeAxis::covering(days).ok_or(reader.nothing("finite mean of a known observable"))?;
    let events = EventMarks::new(events, time);
    let spacing = SubplotSpacing {
        left: 8.5,
        right: 3.0,
        above: 4.6 + events.space(),
        height: 24.0,
        below: 2.4 + COUPLES_BELOW,
    };
    let legend = legend_of(&panels);
    let mut notes = Legend::new();
    events.add_to_legend(&mut notes);
    for text in couples_notes(&panels) {
        notes.note(text);
    }
    if !left_out.is_empty() {
        let names: Vec<&str> = left_out.iter().map(|(name, _)| *name).collect();
        notes.note(format!(
            "not shown: {} (pairbond plot --observables)",
            names.join(", ")
        ));
    }
    let inner = width.inner();
    let width = width.millimetres();
    let top = MARGIN / 2.0 + legend.height(inner) + AFTER_LEGEND;
    let subplots = Subplots::new(panels.len(), columns, (0.0, width), top, spacing);
    let notes = notes.below(width, subplots.bottom + COUPLES_BELOW + 0.8);
    let mut canvas = notes.canvas();
    legend.draw(&mut canvas, (MARGIN, MARGIN / 2.0), inner);
    for ((name, lines), subplot) in panels.iter().zip(subplots.panels) {
        let panel = framed(subplot.frame, lines, time);
        events.shade(&mut canvas, &panel);
        draw(&mut canvas, &panel, lines);
        events.number(&mut canvas, &panel);
        let heading = label(name);
        finish(
            &mut canvas,
            &panel,
            (&heading, is_enlarged(&panel, lines)),
            time,
            subplot,
            events.space(),
        );
        write_couples(&mut canvas, &panel, lines, subplot.lowest);
    }
    notes.finish(
        canvas,
        "Mean levels over time with 95% intervals and the spread of couples",
    )
}

type RoleSeries<'a> = Vec<(usize, &'a TrajectorySeries)>;

/// The roles' series of one observable: both partners', or else the couple's.
fn lines_of<'a>(
    all: &'a BTreeMap<(&'a str, &'a str), TrajectorySeries>,
    observable: &'a str,
) -> RoleSeries<'a> {
    let of = |role: usize| {
        let found = all
            .get(&(ROLES[role].0, observable))
            .filter(|series| series.has_mean());
        found.map(|series| (role, series))
    };
    let partners: RoleSeries<'a> = [0, 1].into_iter().filter_map(of).collect();
    if partners.is_empty() {
        of(2).into_iter().collect()
    } else {
        partners
    }
}

/// Lowest and highest of some numbers of all lines of a panel.
fn over(
    lines: &RoleSeries<'_>,
    range: fn(&TrajectorySeries) -> Option<(f64, f64)>,
) -> Option<(f64, f64)> {
    let ranges = lines.iter().filter_map(|(_, series)| range(series));
    ranges.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// Whether levels are within 0 and 1.
fn are_shares(lines: &RoleSeries<'_>) -> bool {
    over(lines, TrajectorySeries::levels).is_none_or(|(low, high)| low >= 0.0 && high <= 1.0)
}

/// Whether a panel of levels within 0 and 1 shows less than that.
fn is_enlarged(panel: &Axes, lines: &RoleSeries<'_>) -> bool {
    are_shares(lines) && panel.y != (0.0, 1.0)
}

fn framed(frame: Rect, lines: &RoleSeries<'_>, time: TimeAxis) -> Axes {
    let (low, high) = over(lines, TrajectorySeries::range).unwrap_or((0.0, 1.0));
    let is_share = are_shares(lines);
    let (low, high) = match is_share {
        true => (low.max(0.0), high.min(1.0)),
        false => (low, high),
    };
    let y = if !is_share {
        round_range(low, high, 8)
    } else if high - low >= LEAST_FILLED {
        (0.0, 1.0)
    } else if high > low {
        let (low, high) = round_range(low, high, 4);
        (low.max(0.0), high.min(1.0))
    } else {
        // A level that does not change.
        ((low - 0.05).max(0.0), (high + 0.05).min(1.0))
    };
    Axes {
        frame,
        x: (time.first, time.last),
        y,
    }
}

fn draw(canvas: &mut Canvas, panel: &Axes, lines: &RoleSeries<'_>) {
    let tint = |role: usize, alpha: f64| -> Colour { ROLES[role].2.colour.faint(alpha) };
    for (role, series) in lines {
        let [q05, q25, q75, q95] = &series.quantiles;
        let days = &series.quantile_day;
        if is_outlined(*role) {
            for (edge, stroke) in [
                (q05, NINETY_OUTLINE),
                (q95, NINETY_OUTLINE),
                (q25, HALF_OUTLINE),
                (q75, HALF_OUTLINE),
            ] {
                panel.curve(canvas, days, edge, stroke);
            }
        } else {
            panel.band(canvas, days, q05, q95, tint(*role, MIDDLE_NINETY));
            panel.band(canvas, days, q25, q75, tint(*role, MIDDLE_HALF));
        }
    }
    for (role, series) in lines {
        let [low, high] = &series.interval;
        panel.band(canvas, &series.day, low, high, tint(*role, INTERVAL));
    }
    for (role, series) in lines {
        panel.curve(canvas, &series.day, &series.mean, ROLES[*role].2);
    }
}

/// Whether a role's spread is outlined.
fn is_outlined(role: usize) -> bool {
    ROLES[role].2.dash != Dash::Solid
}

fn finish(
    canvas: &mut Canvas,
    panel: &Axes,
    (heading, enlarged): (&str, bool),
    time: TimeAxis,
    subplot: Subplot,
    event_space: f64,
) {
    panel.draw_spines(canvas);
    panel.heading(canvas, heading, event_space);
    let ticks = Ticks::round(
        panel.y.0,
        panel.y.1,
        if panel.y == (0.0, 1.0) { 2 } else { 4 },
    );
    if enlarged {
        let Rect { top, width, .. } = panel.frame;
        let scale = match (ticks.labels.first(), ticks.labels.last()) {
            (Some(first), Some(last)) => format!("axis {first}–{last}"),
            _ => "axis enlarged".to_owned(),
        };
        let space = width - HEADING.width(heading) - 1.0;
        if NOTE.width(&scale) <= space {
            let at = (panel.frame.right(), top - 2.4 - event_space);
            canvas.text(at, &scale, NOTE.tinted(GREY).ending());
        }
    }
    panel.y_ticks(canvas, &ticks);
    panel.x_ticks(
        canvas,
        &time.ticks((panel.frame.width / 11.0) as usize),
        subplot.lowest,
    );
    if subplot.lowest {
        panel.x_title(canvas, time.title());
    }
}

/// Couples behind the first and the last mean of a panel.
fn couples_of(lines: &RoleSeries<'_>) -> Option<[f64; 2]> {
    let (_, series) = lines.first()?;
    series
        .couples()
        .map(|ends| ends.map(|(_, couples)| couples))
}

/// Writes the numbers of couples under a panel, or under the axis of the lowest.
fn write_couples(canvas: &mut Canvas, panel: &Axes, lines: &RoleSeries<'_>, lowest: bool) {
    let Some([first, last]) = couples_of(lines) else {
        return;
    };
    let axis = if lowest { SPACE_BELOW - 1.0 } else { 0.0 };
    let y = panel.frame.bottom() + axis + COUPLES_BELOW;
    let text = format!("n = {}", count(first as i64));
    canvas.text((panel.frame.left, y), &text, NOTE);
    if last != first {
        let text = count(last as i64);
        canvas.text((panel.frame.right(), y), &text, NOTE.ending());
    }
}

/// What the numbers of couples are, and a warning where many have separated.
fn couples_notes(panels: &[(&str, RoleSeries<'_>)]) -> Vec<String> {
    let couples = panels.iter().find_map(|(_, lines)| couples_of(lines));
    let Some([first, last]) = couples.filter(|[first, last]| first != last) else {
        return Vec::new();
    };
    let separated = 1.0 - last / first;
    let mut notes = vec!["n: couples still together; all means are over them".to_owned()];
    if separated > MANY_SEPARATED {
        let percent = 100.0 * separated;
        notes.push(format!(
            "{percent:.0}% have separated at the end: later means are those of couples who stayed"
        ));
    }
    notes
}

fn legend_of(panels: &[(&str, RoleSeries<'_>)]) -> Legend {
    let mut legend = Legend::new();
    for (role, (_, name, stroke)) in ROLES.iter().enumerate() {
        let all = panels.iter().flat_map(|(_, lines)| lines);
        let mut mine = all
            .filter(|(other, _)| *other == role)
            .map(|(_, series)| series)
            .peekable();
        if mine.peek().is_none() {
            continue;
        }
        if mine.any(|series| series.has_interval()) {
            let sample = LegendHandle::LineOnBand(*stroke, stroke.colour.faint(INTERVAL));
            legend.add(sample, format!("{name}, mean and its 95% interval"));
        } else {
            legend.add(LegendHandle::Line(*stroke), format!("{name}, mean"));
        }
    }
    let has = |wanted: fn(usize) -> bool| {
        let mut all = panels.iter().flat_map(|(_, lines)| lines);
        all.any(|(role, series)| wanted(*role) && !series.quantile_day.is_empty())
    };
    let spread = "middle 90% and 50% of couples";
    let tints = |colour: Colour| {
        LegendHandle::Bands(
            colour.faint(MIDDLE_NINETY),
            colour.faint(MIDDLE_HALF + MIDDLE_NINETY),
        )
    };
    if has(|role| ROLES[role].0 == "a") {
        legend.add(tints(PARTNERS[0].2.colour), format!("{spread}: A"));
    }
    if has(is_outlined) {
        legend.add(LegendHandle::Line(HALF_OUTLINE), "the same of B, outlined");
    }
    if has(|role| ROLES[role].0 == "couple") {
        legend.add(tints(BLACK), format!("{spread}: couple"));
    }
    legend
}

/// One observable of one role, by rising day.
pub(crate) struct TrajectorySeries {
    /// Days.
    pub(crate) day: Vec<f64>,
    /// Couples behind each value.
    pub(crate) n: Vec<f64>,
    /// Mean over couples.
    pub(crate) mean: Vec<f64>,
    /// Lower and upper end of the mean's 95% interval.
    pub(crate) interval: [Vec<f64>; 2],
    /// Days with quantiles.
    pub(crate) quantile_day: Vec<f64>,
    /// Quantiles over couples on these days: 5%, 25%, 75% and 95%.
    pub(crate) quantiles: [Vec<f64>; 4],
}

impl TrajectorySeries {
    /// Whether any mean is there.
    pub(crate) fn has_mean(&self) -> bool {
        self.mean.iter().any(|mean| mean.is_finite())
    }
    /// Whether any interval is there.
    pub(crate) fn has_interval(&self) -> bool {
        self.interval[0].iter().any(|low| low.is_finite())
    }
    /// First and last day with a mean, and their numbers of couples.
    pub(crate) fn couples(&self) -> Option<[(f64, f64); 2]> {
        let mut known = (0..self.day.len())
            .filter(|i| self.mean[*i].is_finite() && self.n[*i].is_finite())
            .map(|i| (self.day[i], self.n[i]));
        let first = known.next()?;
        Some([first, known.next_back().unwrap_or(first)])
    }
    /// Lowest and highest level: of the means and of the couples' quantiles.
    ///
    /// An interval may reach beyond what is possible, so it has no say in whether levels do.
    pub(crate) fn levels(&self) -> Option<(f64, f64)> {
        range_of(self.quantiles.iter().chain([&self.mean]).flatten().copied())
    }
    /// Lowest and highest value of all its lines and bands.
    pub(crate) fn range(&self) -> Option<(f64, f64)> {
        let bands = self.interval.iter().chain(&self.quantiles);
        range_of(bands.chain([&self.mean]).flatten().copied())
    }
}

/// Sorts the table's rows by role and observable; rows without a finite day are left out.
pub(crate) fn series<'a>(
    reader: &ColumnReader<'a>,
) -> Result<BTreeMap<(&'a str, &'a str), TrajectorySeries>, ChartError> {
    let day = reader.numbers("day")?;
    let (roles, observables) = (reader.categories("role")?, reader.categories("observable")?);
    let mut rows: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for row in (0..reader.rows()).filter(|row| day[*row].is_finite()) {
        rows.entry((roles[row], observables[row]))
            .or_default()
            .push(row);
    }
    let names = ["n", "mean", "ci_low", "ci_high", "q05", "q25", "q75", "q95"];
    let mut columns = Vec::new();
    for name in names {
        columns.push(reader.numbers(name)?);
    }
    let of = |mut rows: Vec<usize>| {
        rows.sort_by(|a, b| day[*a].total_cmp(&day[*b]));
        let pick = |c: usize| -> Vec<f64> { rows.iter().map(|row| columns[c][*row]).collect() };
        let quantiles = [pick(4), pick(5), pick(6), pick(7)];
        let known: Vec<usize> = (0..rows.len())
            .filter(|i| quantiles.iter().any(|own| own[*i].is_finite()))
            .collect();
        let at = |values: &[f64]| known.iter().map(|i| values[*i]).collect();
        let days: Vec<f64> = rows.iter().map(|row| day[*row]).collect();
        TrajectorySeries {
            n: pick(0),
            mean: pick(1),
            interval: [pick(2), pick(3)],
            quantile_day: at(&days),
            quantiles: quantiles.each_ref().map(|own| at(own)),
            day: days,
        }
    };
    Ok(rows
        .into_iter()
        .map(|(name, rows)| (name, of(rows)))
        .collect())
}
