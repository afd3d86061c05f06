//! Mean levels over time, one small panel an observable: both partners' means with their 95%
//! intervals, before the spread of the couples.

use crate::chart::{
    Axes, BLACK, BLUE, Canvas, ChartError, Colour, ColumnReader, Dash, Figure, Legend,
    LegendHandle, MARGIN, NOTE, PALE, ROOM_BELOW, Rect, Stroke, Subplot, SubplotSpacing, Subplots,
    Ticks, TimeAxis, VERMILLION, Width, count, range_of, round_range,
};
use crate::table::Table;
use std::collections::BTreeMap;

/// Something that happened to all couples on one day.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EventMarker {
    /// When (day).
    pub(crate) day: f64,
    /// What, in a few words.
    pub(crate) label: String,
}

/// Observables that have a panel, in the order of the panels, with their headings. The regimes have a chart
/// of their own.
const OBSERVABLES: [(&str, &str); 23] = [
    ("trust", "Trust"),
    ("intimacy", "Intimacy"),
    ("uncertainty", "Uncertainty"),
    ("felt_security", "Felt security"),
    ("satisfaction", "Satisfaction"),
    ("stress", "Stress"),
    ("autonomy", "Autonomy"),
    ("anxiety", "Anxiety"),
    ("avoidance", "Avoidance"),
    ("commitment", "Commitment"),
    ("wellbeing", "Well-being"),
    ("daily_satisfaction", "Daily satisfaction"),
    ("daily_closeness", "Daily closeness"),
    ("mood", "Mood"),
    ("hurt", "Hurt"),
    ("scar", "Scar of deception"),
    ("alternatives", "Alternatives"),
    ("investment", "Investment"),
    ("disclosure", "Deepest disclosure"),
    ("bids", "Bids per day"),
    ("responsive", "Responsive episodes"),
    ("unresponsive", "Unresponsive episodes"),
    ("conflict", "Days with conflict"),
];

/// Roles in the order in which they are drawn; the couple's line is drawn where partners have none.
const ROLES: [(&str, &str, Stroke); 3] = [
    ("a", "partner a", Stroke::solid(BLUE, 1.1)),
    (
        "b",
        "partner b",
        Stroke::solid(VERMILLION, 1.1).dashed(Dash::Dashed),
    ),
    ("couple", "couple", Stroke::solid(BLACK, 1.0)),
];

const INTERVAL: f64 = 0.34;
const MIDDLE_HALF: f64 = 0.14;
const MIDDLE_NINETY: f64 = 0.09;
const EVENT_LINE: Stroke = Stroke::solid(PALE, 0.6);
const EVENT_ROOM: f64 = 2.8;
const NUMBERS_APART: f64 = 0.8;
const AFTER_LEGEND: f64 = 1.0;
/// From a panel's lower edge, or from the room of its axis, to the middle of its numbers of couples (mm).
const COUPLES_BELOW: f64 = 2.4;
/// Share of couples that have separated above which a note warns that means are of those who stayed.
pub(crate) const MANY_SEPARATED: f64 = 0.2;

/// Draws the table `trajectory` of one scenario.
///
/// Panels: every observable that the table has but the regimes, which [`regime_shares`](super::regime_shares) draws.
/// Lines: the roles `a` and `b`, or `couple` where an observable has
/// neither. Bands: the mean's 95% interval (`ci_low`, `ci_high`), and lighter the middle half (`q25`,
/// `q75`) and nine tenths (`q05`, `q95`) of the couples. Observables that stay within 0 and 1 are shown on
/// 0–1. Under each panel stands the number of couples (`n`) behind its first and its last means: those still together,
/// and a note warns if more than a fifth have separated. Events are thin vertical lines, numbered above the
/// panels and named under the figure.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no panel has a
/// finite mean.
pub(crate) fn trajectories(
    table: &Table,
    events: &[EventMarker],
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let all = series(&reader)?;
    let panels: Vec<(&str, RoleSeries<'_>)> = OBSERVABLES
        .iter()
        .map(|(name, heading)| (*heading, lines_of(&all, name)))
        .filter(|(_, lines)| !lines.is_empty())
        .collect();
    let days = panels
        .iter()
        .flat_map(|(_, lines)| lines)
        .flat_map(|(_, s)| s.day.iter().copied());
    let time =
        TimeAxis::covering(days).ok_or(reader.nothing("finite mean of a known observable"))?;
    let events = shown(events, time);
    let columns = if width == Width::Page { 3 } else { 2 };
    let event_room = if events.is_empty() { 0.0 } else { EVENT_ROOM };
    let spacing = SubplotSpacing {
        left: 8.5,
        right: 3.0,
        above: 4.6 + event_room,
        height: 24.0,
        below: 2.4 + COUPLES_BELOW,
    };
    let (legend, mut notes) = (legend_of(&panels), notes_on(&events, time));
    for text in couples_notes(&panels) {
        notes.note(text);
    }
    let inner = width.inner();
    let width = width.millimetres();
    let top = MARGIN / 2.0 + legend.height(inner) + AFTER_LEGEND;
    let subplots = Subplots::new(panels.len(), columns, (0.0, width), top, spacing);
    let notes = notes.below(width, subplots.bottom + COUPLES_BELOW + 0.8);
    let mut canvas = notes.canvas();
    legend.draw(&mut canvas, (MARGIN, MARGIN / 2.0), inner);
    for ((heading, lines), subplot) in panels.iter().zip(subplots.panels) {
        let panel = framed(subplot.frame, lines, time);
        mark_events(&mut canvas, &panel, &events);
        draw(&mut canvas, &panel, lines);
        finish(&mut canvas, &panel, heading, time, subplot, event_room);
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

fn framed(frame: Rect, lines: &RoleSeries<'_>, time: TimeAxis) -> Axes {
    let over = |range: fn(&TrajectorySeries) -> Option<(f64, f64)>| {
        let ranges = lines.iter().filter_map(|(_, series)| range(series));
        ranges.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    };
    let shares = over(TrajectorySeries::levels).is_none_or(|(low, high)| low >= 0.0 && high <= 1.0);
    let (low, high) = over(TrajectorySeries::range).unwrap_or((0.0, 1.0));
    let y = if shares {
        (0.0, 1.0)
    } else {
        round_range(low, high, 8)
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
        panel.band(
            canvas,
            &series.quantile_day,
            q05,
            q95,
            tint(*role, MIDDLE_NINETY),
        );
        panel.band(
            canvas,
            &series.quantile_day,
            q25,
            q75,
            tint(*role, MIDDLE_HALF),
        );
    }
    for (role, series) in lines {
        let [low, high] = &series.interval;
        panel.band(canvas, &series.day, low, high, tint(*role, INTERVAL));
    }
    for (role, series) in lines {
        panel.curve(canvas, &series.day, &series.mean, ROLES[*role].2);
    }
}

fn finish(
    canvas: &mut Canvas,
    panel: &Axes,
    heading: &str,
    time: TimeAxis,
    subplot: Subplot,
    event_room: f64,
) {
    panel.draw_spines(canvas);
    panel.heading(canvas, heading, event_room);
    let target = if panel.y == (0.0, 1.0) { 2 } else { 4 };
    panel.y_ticks(canvas, &Ticks::round(panel.y.0, panel.y.1, target));
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
    let axis = if lowest { ROOM_BELOW - 1.0 } else { 0.0 };
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
            "{percent:.0} % have separated at the end: later means are those of couples who stayed"
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
    let (outer, inner) = (BLACK.faint(MIDDLE_NINETY), BLACK.faint(MIDDLE_HALF));
    legend.add(
        LegendHandle::Bands(outer, inner),
        "middle 90% and 50% of couples",
    );
    legend
}

fn shown(events: &[EventMarker], time: TimeAxis) -> Vec<EventMarker> {
    let mut shown: Vec<EventMarker> = events
        .iter()
        .filter(|event| (time.first..=time.last).contains(&event.day))
        .cloned()
        .collect();
    shown.sort_by(|a, b| a.day.total_cmp(&b.day));
    shown
}

/// Draws the events' lines and their numbers; numbers that would overlap become one, such as "2–4".
fn mark_events(canvas: &mut Canvas, panel: &Axes, events: &[EventMarker]) {
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for (i, event) in events.iter().enumerate() {
        panel.vline(canvas, event.day, EVENT_LINE);
        groups.push((i, i));
        while let [.., before, last] = groups[..] {
            if over(panel, events, before).1 + NUMBERS_APART <= over(panel, events, last).0 {
                break;
            }
            groups.truncate(groups.len() - 2);
            groups.push((before.0, last.1));
        }
    }
    for group in groups {
        let (left, right) = over(panel, events, group);
        let at = ((left + right) / 2.0, panel.frame.top - 1.6);
        canvas.text(at, &numbers(group), NOTE.centred());
    }
}

fn numbers((first, last): (usize, usize)) -> String {
    if first == last {
        (first + 1).to_string()
    } else {
        format!("{}–{}", first + 1, last + 1)
    }
}

/// Left and right end of the number over a group of neighbouring events.
fn over(panel: &Axes, events: &[EventMarker], group: (usize, usize)) -> (f64, f64) {
    let at = |i: usize| panel.position(events[i].day, panel.y.0).0;
    let half = NOTE.width(&numbers(group)) / 2.0;
    // A number at the left end does not reach over the highest number of the vertical axis.
    let leftmost = panel.frame.left + half - 0.8;
    let middle = ((at(group.0) + at(group.1)) / 2.0).max(leftmost);
    (middle - half, middle + half)
}

fn notes_on(events: &[EventMarker], time: TimeAxis) -> Legend {
    let mut notes = Legend::new();
    for (i, event) in events.iter().enumerate() {
        let text = format!("{}: {} ({})", i + 1, event.label, time.moment(event.day));
        notes.add(LegendHandle::Tick(EVENT_LINE), text);
    }
    notes
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
