//! Groups of couples: their means over time, and how long they last, one line for each group.

use super::events::EventMarker;
use super::panels::{
    CURVE, IntervalLine, IntervalPanel, PanelFigure, PanelStyle, handle, patterned,
};
use super::survival::{NamedCurve, read_curve, survival_curves};
use crate::chart::{
    ChartError, ColumnReader, Figure, Legend, SERIES, Stroke, Width, count, couples_from_to,
};
use crate::label::{capitalised, label};
use crate::table::Table;

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
/// Panels next to each other on a page.
const COLUMNS: usize = 4;

/// The line of a group, by its position.
fn stroke(group: usize) -> Stroke {
    patterned(Stroke::solid(SERIES[group % COLOURS], CURVE), group)
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

/// Draws the table `group_trajectory`.
///
/// There is a panel for each observable and partner, or for the couple where it belongs to both, at most twelve;
/// panels of one observable have one scale. Each group has a line of its means on the band of their 95% intervals.
/// The legend says how many couples each group has at the start and at the end.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no mean is finite.
pub(crate) fn group_trajectories(
    table: &Table,
    by: &str,
    events: &[EventMarker],
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let groups = groups(&reader)?;
    let mut panels = panels(&reader, &groups)?;
    let known = panels.len();
    panels.truncate(MOST_PANELS);
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
    let mut notes =
        vec!["Lines: means over couples still together; bands: their 95% intervals".to_owned()];
    if known > panels.len() {
        let [shown, known] = [panels.len(), known].map(|n| count(n as i64));
        notes.push(format!("first {shown} of {known} panels shown"));
    }
    let figure = PanelFigure {
        panels,
        legend: legend(by, &sizes),
        notes,
        events,
        style: PanelStyle::Bands,
        columns: COLUMNS,
        description: "Means of groups over time with 95% intervals",
        table: "group_trajectory",
    };
    figure.draw(width)
}

/// The legend of the groups, with what they are by.
fn legend(by: &str, groups: &[(usize, String)]) -> Legend {
    let mut legend = Legend::new();
    legend.note(format!("{}:", capitalised(by)));
    for (position, text) in groups {
        legend.add(handle(stroke(*position)), text);
    }
    legend
}

/// The panels of a table.
fn panels(
    reader: &ColumnReader<'_>,
    groups: &[GroupRows<'_>],
) -> Result<Vec<IntervalPanel>, ChartError> {
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
            (!rows.is_empty()).then(|| IntervalLine {
                stroke: stroke(group.position),
                day: pick(&day),
                mean: pick(&mean),
                interval: [pick(&ends[0]), pick(&ends[1])],
            })
        };
        let lines: Vec<IntervalLine> = groups.iter().filter_map(line).collect();
        let name = label(observable);
        if !lines.is_empty() {
            panels.push(IntervalPanel {
                observable: observable.to_owned(),
                heading: match role {
                    "a" => format!("{name}, A"),
                    "b" => format!("{name}, B"),
                    _ => name,
                },
                is_share: false,
                lines,
                context: Vec::new(),
            });
        }
    }
    Ok(panels)
}

/// Draws the table `group_survival`: a Kaplan–Meier curve with its band for each group.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no survival is
/// finite.
pub(crate) fn group_survival(
    table: &Table,
    by: &str,
    events: &[EventMarker],
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let curve = |group: GroupRows<'_>| {
        Ok(NamedCurve {
            name: group.label.to_owned(),
            curve: read_curve(&reader, group.rows.iter().copied())?,
            stroke: stroke(group.position),
        })
    };
    let all = groups(&reader)?;
    let positions: Vec<usize> = all.iter().map(|group| group.position).collect();
    let curves: Vec<NamedCurve> = all
        .into_iter()
        .map(curve)
        .collect::<Result<_, ChartError>>()?;
    let text = |curve: &NamedCurve| format!("{}, {}", curve.name, curve.separated());
    let texts: Vec<(usize, String)> = positions.into_iter().zip(curves.iter().map(text)).collect();
    let mut legend = legend(by, &texts);
    legend.note("bands: 95% intervals");
    survival_curves(
        &curves,
        &legend,
        events,
        width,
        "Share of intact couples over time by group, with 95% intervals",
    )
}
