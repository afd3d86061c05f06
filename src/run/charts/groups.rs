//! Groups of couples: their means over time, and how long they last, one line for each group.

use crate::chart::{
    Axes, Canvas, ChartError, ColumnReader, Dash, Figure, Legend, LegendHandle, MARGIN, NOTE,
    SERIES, Stroke, SubplotSpacing, Subplots, Ticks, TimeAxis, Width, capitalised, count,
    couples_from_to, range_of, round_range,
};
use crate::table::Table;

const BAND: f64 = 0.16;
const DASHES: [Dash; 5] = [
    Dash::Solid,
    Dash::Dashed,
    Dash::Mixed,
    Dash::Short,
    Dash::Dotted,
];
/// Colours that lines take; the last of the palette is too pale.
const COLOURS: usize = SERIES.len() - 1;
/// Panels at most: of six observables of both partners.
const MOST_PANELS: usize = 12;
/// Observables that have the first panels; the others follow in the order of the table.
const FIRST: [&str; 6] = [
    "trust",
    "intimacy",
    "satisfaction",
    "felt_security",
    "commitment",
    "wellbeing",
];
const AFTER_LEGEND: f64 = 1.0;

/// The line of a group, by its position.
fn stroke(group: usize) -> Stroke {
    let dash = DASHES[group % DASHES.len()];
    Stroke::solid(SERIES[group % COLOURS], 1.1).dashed(dash)
}

/// A group with its rows in a table.
struct GroupRows<'a> {
    /// Position among all groups, which says how its line looks.
    position: usize,
    label: &'a str,
    rows: Vec<usize>,
}

/// The groups of a table in their order, with their rows by rising day.
fn groups<'a>(reader: &ColumnReader<'a>) -> Result<Vec<GroupRows<'a>>, ChartError> {
    let (numbers, labels) = (reader.ints("group")?, reader.categories("label")?);
    let day = reader.numbers("day")?;
    let mut all: Vec<GroupRows<'_>> = Vec::new();
    for row in (0..reader.rows()).filter(|row| day[*row].is_finite()) {
        let position = (numbers[row] - 1).max(0) as usize;
        match all.iter_mut().find(|group| group.position == position) {
            Some(group) => group.rows.push(row),
            None => all.push(GroupRows {
                position,
                label: labels[row],
                rows: vec![row],
            }),
        }
    }
    for group in &mut all {
        group.rows.sort_by(|a, b| day[*a].total_cmp(&day[*b]));
    }
    all.sort_by_key(|group| group.position);
    Ok(all)
}

/// What one group has in one panel.
struct GroupLine {
    position: usize,
    day: Vec<f64>,
    mean: Vec<f64>,
    band: [Vec<f64>; 2],
}

/// An observable of a partner or couple.
struct GroupPanel<'a> {
    observable: &'a str,
    heading: String,
    lines: Vec<GroupLine>,
}

/// Draws the table `group_trajectory`.
///
/// There is a panel for each observable and partner, or for the couple where it belongs to both, at most twelve;
/// panels of one observable have one scale. Each group has a line of its means on the band of their 95% intervals. The legend says how many couples each
/// group has at the start and at the end.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no mean is finite.
pub(crate) fn group_trajectories(
    table: &Table,
    by: &str,
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let groups = groups(&reader)?;
    let mut panels = panels(&reader, &groups)?;
    let known = panels.len();
    panels.truncate(MOST_PANELS);
    let days = panels.iter().flat_map(|panel| &panel.lines);
    let days = days.flat_map(|line| line.day.iter().copied());
    let time = TimeAxis::covering(days).ok_or(reader.nothing("finite mean of a group"))?;
    let couples = reader.numbers("n")?;
    let sizes: Vec<(usize, String)> = groups
        .iter()
        .map(|group| {
            let of_group = || {
                group
                    .rows
                    .iter()
                    .map(|row| couples[*row])
                    .filter(|n| *n > 0.0)
            };
            let [first, last] = [of_group().next(), of_group().next_back()];
            let [first, last] = [first, last].map(|n| n.unwrap_or(0.0) as i64);
            let n = couples_from_to(first, last);
            (group.position, format!("{}, {n}", group.label))
        })
        .collect();
    let legend = legend(by, &sizes);
    let mut notes = Legend::new();
    notes.note("Lines: means over couples still together; bands: their 95% intervals");
    notes.note_first(panels.len(), known, "panels");
    let columns = if width == Width::Page { 4 } else { 2 };
    let spacing = SubplotSpacing {
        left: 8.5,
        right: 3.0,
        above: 5.0,
        height: 26.0,
        below: 3.0,
    };
    let inner = width.inner();
    let width = width.millimetres();
    let top = MARGIN / 2.0 + legend.height(inner) + AFTER_LEGEND;
    let subplots = Subplots::new(panels.len(), columns, (0.0, width), top, spacing);
    let notes = notes.below(width, subplots.bottom + 1.0);
    let mut canvas = notes.canvas();
    legend.draw(&mut canvas, (MARGIN, MARGIN / 2.0), inner);
    for (content, subplot) in panels.iter().zip(subplots.panels) {
        let axes = Axes {
            frame: subplot.frame,
            x: (time.first, time.last),
            y: range(
                panels
                    .iter()
                    .filter(|own| own.observable == content.observable),
            ),
        };
        content.draw(&mut canvas, &axes);
        axes.draw_spines(&mut canvas);
        axes.heading(&mut canvas, &content.heading, 0.0);
        axes.y_ticks(&mut canvas, &Ticks::round(axes.y.0, axes.y.1, 4));
        let ticks = time.ticks((axes.frame.width / 11.0) as usize);
        axes.x_ticks(&mut canvas, &ticks, subplot.lowest);
        if subplot.lowest {
            axes.x_title(&mut canvas, time.title());
        }
    }
    notes.finish(canvas, "Means of groups over time with 95% intervals")
}

/// The legend of the groups, with what they are by.
fn legend(by: &str, groups: &[(usize, String)]) -> Legend {
    let mut legend = Legend::new();
    legend.note(format!("{}:", capitalised(by)));
    for (position, text) in groups {
        let stroke = stroke(*position);
        let handle = LegendHandle::LineOnBand(stroke, stroke.colour.faint(BAND));
        legend.add(handle, text);
    }
    legend
}

/// The panels of a table.
fn panels<'a>(
    reader: &ColumnReader<'a>,
    groups: &[GroupRows<'_>],
) -> Result<Vec<GroupPanel<'a>>, ChartError> {
    let (roles, observables) = (reader.categories("role")?, reader.categories("observable")?);
    let (day, mean) = (reader.numbers("day")?, reader.numbers("mean")?);
    let ends = [reader.numbers("ci_low")?, reader.numbers("ci_high")?];
    let has_partners = |observable: &str| {
        (0..reader.rows()).any(|row| observables[row] == observable && roles[row] != "couple")
    };
    let mut kinds: Vec<(&str, &str)> = Vec::new();
    for row in 0..reader.rows() {
        let kind = (observables[row], roles[row]);
        let of_couple = kind.1 == "couple";
        if !(kinds.contains(&kind) || of_couple && has_partners(kind.0)) {
            kinds.push(kind);
        }
    }
    let rank = |observable: &str| FIRST.iter().position(|first| *first == observable);
    kinds.sort_by_key(|(observable, _)| rank(observable).unwrap_or(FIRST.len()));
    let mut panels = Vec::new();
    for (observable, role) in kinds {
        let line = |group: &GroupRows<'_>| {
            let own = |row: &&usize| {
                (observables[**row], roles[**row]) == (observable, role) && mean[**row].is_finite()
            };
            let rows: Vec<usize> = group.rows.iter().filter(own).copied().collect();
            let pick = |column: &[f64]| rows.iter().map(|row| column[*row]).collect();
            (!rows.is_empty()).then(|| GroupLine {
                position: group.position,
                day: pick(&day),
                mean: pick(&mean),
                band: [pick(&ends[0]), pick(&ends[1])],
            })
        };
        let lines: Vec<GroupLine> = groups.iter().filter_map(line).collect();
        let name = capitalised(observable);
        if !lines.is_empty() {
            panels.push(GroupPanel {
                observable,
                heading: match role {
                    "a" => format!("{name}, A"),
                    "b" => format!("{name}, B"),
                    _ => name,
                },
                lines,
            });
        }
    }
    Ok(panels)
}

/// The range of all lines and bands of some panels.
fn range<'p>(panels: impl Iterator<Item = &'p GroupPanel<'p>>) -> (f64, f64) {
    let lines = panels.flat_map(|panel| &panel.lines);
    let values = lines.flat_map(|line| [&line.mean, &line.band[0], &line.band[1]]);
    let (low, high) = range_of(values.flatten().copied()).unwrap_or((0.0, 1.0));
    round_range(low, high, 5)
}

impl GroupPanel<'_> {
    fn draw(&self, canvas: &mut Canvas, axes: &Axes) {
        for line in &self.lines {
            let [low, high] = &line.band;
            let colour = stroke(line.position).colour.faint(BAND);
            axes.band(canvas, &line.day, low, high, colour);
        }
        for line in &self.lines {
            axes.curve(canvas, &line.day, &line.mean, stroke(line.position));
        }
    }
}

/// Draws the table `group_survival`: a Kaplan–Meier curve with its band for each group.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no survival is
/// finite.
pub(crate) fn group_survival(table: &Table, by: &str, width: Width) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let (day, survival) = (reader.numbers("day")?, reader.numbers("survival")?);
    let ends = [reader.numbers("ci_low")?, reader.numbers("ci_high")?];
    let (at_risk, ended) = (reader.ints("at_risk")?, reader.ints("ended")?);
    let all = groups(&reader)?;
    let time = TimeAxis::covering(day.iter().copied());
    let time = time
        .ok_or(reader.nothing("finite survival"))?
        .starting_at_zero();
    let sizes: Vec<(usize, String)> = all
        .iter()
        .map(|group| {
            let start = group.rows.first().map_or(0, |row| at_risk[*row]);
            let separated: i64 = group.rows.iter().map(|row| ended[*row]).sum();
            let text = format!(
                "{}, {} of {} separated",
                group.label,
                count(separated),
                count(start)
            );
            (group.position, text)
        })
        .collect();
    let legend = legend(by, &sizes);
    let mut notes = Legend::new();
    notes.note("Bands: 95% intervals");
    let inner = width.inner();
    let width = width.millimetres();
    let spacing = SubplotSpacing {
        left: 14.0,
        right: 5.0,
        above: 2.0,
        height: 46.0,
        below: 3.0,
    };
    let top = MARGIN / 2.0 + legend.height(inner) + AFTER_LEGEND;
    let subplots = Subplots::new(1, 1, (0.0, width), top, spacing);
    let notes = notes.below(width, subplots.bottom + 1.0);
    let mut canvas = notes.canvas();
    legend.draw(&mut canvas, (MARGIN, MARGIN / 2.0), inner);
    let axes = Axes {
        frame: subplots.panels[0].frame,
        x: (time.first, time.last),
        y: (0.0, 1.0),
    };
    let pick = |group: &GroupRows<'_>, column: &[f64]| -> Vec<f64> {
        group.rows.iter().map(|row| column[*row]).collect()
    };
    for group in &all {
        let [low, high] = [pick(group, &ends[0]), pick(group, &ends[1])];
        let colour = stroke(group.position).colour.faint(BAND);
        axes.step_band(&mut canvas, &pick(group, &day), &low, &high, colour);
    }
    for group in &all {
        let (day, survival) = (pick(group, &day), pick(group, &survival));
        axes.steps(&mut canvas, &day, &survival, stroke(group.position));
    }
    axes.draw_spines(&mut canvas);
    axes.y_ticks(&mut canvas, &Ticks::round(0.0, 1.0, 5));
    axes.y_title(&mut canvas, "Share of couples intact", 9.5);
    let most = (axes.frame.width / (2.5 * NOTE.width("0000"))) as usize;
    axes.x_ticks(&mut canvas, &time.ticks(most), true);
    axes.x_title(&mut canvas, time.title());
    notes.finish(
        canvas,
        "Share of intact couples over time by group, with 95% intervals",
    )
}
