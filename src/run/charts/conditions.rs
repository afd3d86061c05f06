//! Charts that compare the conditions of a run: mean levels, shares of intact couples, and differences from the
//! reference.

use super::events::EventMarker;
use super::panels::{
    CURVE, IntervalLine, IntervalPanel, PanelFigure, PanelStyle, handle, patterned,
};
use super::survival::{NamedCurve, read_curve, survival_curves};
use super::trajectories::{MANY_SEPARATED, TrajectorySeries, series};
use crate::chart::{
    BLACK, ChartError, ColumnReader, Dash, Figure, Legend, LegendHandle, SERIES, Stroke, Width,
    couples_from_to,
};
use crate::label::label;
use crate::table::Table;
use std::collections::BTreeMap;

/// Conditions that can be told apart.
const MOST_CONDITIONS: usize = SERIES.len();
/// Panels next to each other on a page.
const COLUMNS: usize = 3;
/// Panels of differences at most, unless some are requested.
const MOST_DIFFERENCES: usize = 9;
/// Panels at most where observables are requested: a page has no space for more.
const MOST_PANELS: usize = 30;
/// The observable of the share of couples that are intact.
const SHARE_INTACT: &str = "share intact";

/// The stroke of a condition by its position.
fn stroke(condition: usize) -> Stroke {
    Stroke::solid(SERIES[condition % MOST_CONDITIONS], CURVE)
}

fn check(conditions: usize) -> Result<(), ChartError> {
    if conditions > MOST_CONDITIONS {
        return Err(ChartError::BadArgument {
            name: "conditions",
            must: "be at most as many as there are colours",
            value: conditions as f64,
        });
    }
    Ok(())
}

/// The name of a condition as a text of a chart.
fn spoken(condition: &str) -> String {
    condition.replace('_', " ")
}

fn panel_of<'p>(panels: &'p mut Vec<IntervalPanel>, observable: &str) -> &'p mut IntervalPanel {
    let known = panels
        .iter()
        .position(|panel| panel.observable == observable);
    let place = known.unwrap_or(panels.len());
    if known.is_none() {
        panels.push(IntervalPanel {
            observable: observable.to_owned(),
            heading: label(observable),
            is_share: false,
            lines: Vec::new(),
            context: Vec::new(),
        });
    }
    &mut panels[place]
}

/// Draws the means of couples under each condition, a panel an observable, from the tables `trajectory` of the
/// conditions. An observable of persons is the mean of both partners.
///
/// # Errors
/// [`ChartError::BadArgument`] for more conditions than colours, and those of reading the tables.
pub(crate) fn condition_means(
    tables: &[(&str, &Table)],
    events: &[EventMarker],
    width: Width,
) -> Result<Figure, ChartError> {
    check(tables.len())?;
    let mut panels: Vec<IntervalPanel> = Vec::new();
    let mut legend = Legend::new();
    let mut many = false;
    for (place, (name, table)) in tables.iter().enumerate() {
        let reader = ColumnReader::new(table)?;
        let observables = reader.categories("observable")?;
        let mut all = series(&reader)?;
        let mut couples = None;
        let mut known: Vec<&str> = Vec::new();
        let own = patterned(stroke(place), place);
        for observable in observables {
            if known.contains(&observable) {
                continue;
            }
            known.push(observable);
            let series = all.remove(&("couple", observable));
            let Some(series) = series.filter(TrajectorySeries::has_mean) else {
                continue;
            };
            couples = couples.or(series.couples());
            panel_of(&mut panels, observable).lines.push(IntervalLine {
                stroke: own,
                day: series.day,
                mean: series.mean,
                interval: series.interval,
            });
        }
        let ends = couples.map(|ends| ends.map(|(_, n)| n));
        let n = ends.map_or(String::new(), |[first, last]| {
            many |= 1.0 - last / first > MANY_SEPARATED;
            format!(" ({})", couples_from_to(first as i64, last as i64))
        });
        legend.add(handle(own), format!("{}{n}", spoken(name)));
    }
    let mut notes = vec![
        "Means of couples with 95% intervals, of both partners where both have a value; n: couples still \
         together on the first and the last day; all means are over them"
            .to_owned(),
    ];
    if many {
        notes.push(
            "Under at least one condition more than a fifth have separated: later means are those of couples who stayed"
                .to_owned(),
        );
    }
    let figure = PanelFigure {
        panels,
        legend,
        notes,
        events,
        style: PanelStyle::Bands,
        columns: COLUMNS,
        description: "Means of couples under each condition over time with 95% intervals",
        table: "trajectory",
    };
    figure.draw(width)
}

/// Draws the table `differences`: a panel an observable, a line for each condition and partner, of the couples that
/// are together under both conditions. A line is pale where its interval includes zero.
///
/// The share of intact couples has the first panel. The others follow by the largest difference that is resolved, in
/// standard deviations of couples under the reference on that day, from the table `trajectory` of the reference;
/// those without any come last. At most nine panels are drawn unless `observables` are requested, and a note names
/// the others.
///
/// # Errors
/// [`ChartError::BadArgument`] for more conditions than colours, and those of reading the tables.
pub(crate) fn condition_differences(
    table: &Table,
    trajectory: Option<&Table>,
    events: &[EventMarker],
    observables: &[String],
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let text = |name| reader.categories(name);
    let (condition, role, over) = (text("condition")?, text("role")?, text("over")?);
    let (observable, reference) = (text("observable")?, text("reference")?);
    let (day, mean) = (reader.numbers("day")?, reader.numbers("difference")?);
    let (low, high) = (reader.numbers("ci_low")?, reader.numbers("ci_high")?);
    let n = reader.numbers("n")?;
    let mut names: Vec<&str> = Vec::new();
    for name in &condition {
        if !names.contains(name) {
            names.push(name);
        }
    }
    check(names.len() + 1)?;
    let spread = trajectory.map(spread_of).transpose()?.unwrap_or_default();
    let of_couples_alone = |row: usize| over[row] == "all" && observable[row] == SHARE_INTACT;
    let partners: Vec<&str> = (0..reader.rows())
        .filter(|row| role[*row] != "couple")
        .map(|row| observable[row])
        .collect();
    let mut lines: Vec<((&str, &str, &str), IntervalLine)> = Vec::new();
    let mut couples: Vec<[f64; 2]> = vec![[f64::NAN; 2]; names.len()];
    let mut sizes: BTreeMap<&str, f64> = BTreeMap::new();
    for row in 0..reader.rows() {
        let known = mean[row].is_finite() && day[row].is_finite();
        let together = over[row] == "together";
        if !known || !(together || of_couples_alone(row)) {
            continue;
        }
        let place = names
            .iter()
            .position(|name| *name == condition[row])
            .unwrap_or(0);
        if together {
            let [first, last] = &mut couples[place];
            if first.is_nan() {
                *first = n[row];
            }
            *last = n[row];
        }
        if role[row] == "couple" && partners.contains(&observable[row]) {
            continue;
        }
        if low[row] > 0.0 || high[row] < 0.0 {
            let key = (day[row].to_bits(), role[row], observable[row]);
            let sd = spread.get(&key).copied().filter(|sd| *sd > 0.0);
            let size = sd.map_or(0.0, |sd| mean[row].abs() / sd);
            let largest = sizes.entry(observable[row]).or_insert(0.0);
            *largest = largest.max(size);
        }
        let key = (condition[row], observable[row], role[row]);
        let line = match lines.iter().position(|(known, _)| *known == key) {
            Some(line) => line,
            None => {
                // The reference has the first colour.
                let mut own = stroke(place + 1);
                if role[row] == "b" {
                    own = own.dashed(Dash::Dashed);
                }
                lines.push((key, IntervalLine::empty(own)));
                lines.len() - 1
            }
        };
        lines[line]
            .1
            .push(day[row], mean[row], [low[row], high[row]]);
    }
    let mut panels = Vec::new();
    for ((_, observable, _), line) in lines {
        panel_of(&mut panels, observable).lines.push(line);
    }
    // Differences of equal size, and those that are not resolved, keep the order of the table.
    let rank = |panel: &IntervalPanel| match panel.observable.as_str() {
        SHARE_INTACT => f64::INFINITY,
        own => sizes.get(own).copied().unwrap_or(-1.0),
    };
    let requested =
        |panel: &IntervalPanel| observables.iter().position(|own| *own == panel.observable);
    panels.retain(|panel| observables.is_empty() || requested(panel).is_some());
    panels.sort_by(|a, b| match observables {
        [] => rank(b).total_cmp(&rank(a)),
        _ => requested(a).cmp(&requested(b)),
    });
    let most = match observables {
        [] => MOST_DIFFERENCES,
        _ => MOST_PANELS,
    };
    let left_out = panels.split_off(panels.len().min(most));
    let mut legend = Legend::new();
    for (place, name) in names.iter().enumerate() {
        let [first, last] = couples[place].map(|n| n as i64);
        let n = couples_from_to(first, last);
        legend.add(handle(stroke(place + 1)), format!("{} ({n})", spoken(name)));
    }
    let dashed = Stroke::solid(BLACK, CURVE).dashed(Dash::Dashed);
    legend.add(LegendHandle::Line(dashed), "dashed: partner B");
    legend.note("pale: the interval includes 0");
    let mut notes = vec![format!(
        "Condition minus “{}”: the same couples under both, with 95% intervals; n: couples together under \
         both on the first and the last day; the share intact is over all couples",
        spoken(reference.first().copied().unwrap_or_default())
    )];
    if observables.is_empty() {
        notes.push(
            "In the order of the largest resolved difference, in standard deviations of couples under the reference"
                .to_owned(),
        );
    }
    if !left_out.is_empty() {
        let names: Vec<&str> = left_out.iter().map(|it| it.observable.as_str()).collect();
        notes.push(format!(
            "not shown: {} (pairbond plot --observables)",
            names.join(", ")
        ));
    }
    let figure = PanelFigure {
        panels,
        legend,
        notes,
        events,
        style: PanelStyle::Differences,
        columns: COLUMNS,
        description: "Differences from the reference condition over time with 95% intervals",
        table: "differences",
    };
    figure.draw(width)
}

/// Standard deviations over couples in a table `trajectory`, by day, role and observable.
fn spread_of(trajectory: &Table) -> Result<BTreeMap<(u64, &str, &str), f64>, ChartError> {
    let reader = ColumnReader::new(trajectory)?;
    let (day, sd) = (reader.numbers("day")?, reader.numbers("sd")?);
    let (role, observable) = (reader.categories("role")?, reader.categories("observable")?);
    let key = |row: usize| (day[row].to_bits(), role[row], observable[row]);
    Ok((0..reader.rows()).map(|row| (key(row), sd[row])).collect())
}

/// Draws the share of intact couples under each condition, from the tables `survival` of the conditions, with the
/// couples at risk below.
///
/// # Errors
/// [`ChartError::BadArgument`] for more conditions than colours, and those of reading the tables.
pub(crate) fn condition_survival(
    tables: &[(&str, &Table)],
    events: &[EventMarker],
    width: Width,
) -> Result<Figure, ChartError> {
    check(tables.len())?;
    let mut curves = Vec::new();
    let mut legend = Legend::new();
    for (place, (name, table)) in tables.iter().enumerate() {
        let reader = ColumnReader::new(table)?;
        let curve = NamedCurve {
            name: spoken(name),
            curve: read_curve(&reader, 0..reader.rows())?,
            stroke: patterned(stroke(place), place),
        };
        let text = format!("{}, {}", curve.name, curve.separated());
        legend.add(handle(curve.stroke), text);
        curves.push(curve);
    }
    legend.note("bands: 95% intervals");
    survival_curves(
        &curves,
        &legend,
        events,
        width,
        "Share of intact couples under each condition over time, with 95% intervals",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::test_support::{assert_sound, has_text};
    use crate::run::differences::differences_schema;
    use crate::run::tables::trajectory_schema;
    use crate::simulation::{OBSERVABLES, Over, Role};
    use crate::table::Value;

    const OBSERVED: [&str; 13] = [
        "trust",
        "intimacy",
        "satisfaction",
        "commitment",
        "stress",
        "mood",
        "anxiety",
        "avoidance",
        "conflict",
        "bids",
        "habit",
        "strain",
        "disclosure",
    ];

    /// A difference that grows up to a size by the last of three days, and under the reference a spread of 0.1. The
    /// first observable is known less well than the others.
    fn tables(size: impl Fn(usize) -> f64) -> [Table; 2] {
        let mut differences = Table::new(differences_schema());
        let mut trajectory = Table::new(trajectory_schema());
        let role = Role::WORDS
            .iter()
            .position(|word| *word == "a")
            .expect("a role") as u8;
        let over = Over::WORDS.iter().position(|word| *word == "together");
        let over = over.expect("a set of couples") as u8;
        for (place, name) in OBSERVED.into_iter().enumerate() {
            for day in 0..3 {
                let mean = size(place) * f64::from(day) / 2.0;
                let half = if place == 0 { 1.0 } else { 0.001 };
                let mut row = vec![Value::Str("taught".into()), Value::Str("as_usual".into())];
                row.extend([Value::Float(f64::from(day)), Value::Categorical(role)]);
                row.extend([
                    Value::Str(name.into()),
                    Value::Categorical(over),
                    Value::Int(90),
                ]);
                row.extend([0.5, mean, 0.1, mean - half, mean + half].map(Value::Float));
                differences.rows.push(row);
                let position = OBSERVABLES.iter().position(|(_, info)| info.key == name);
                let mut row = vec![Value::Float(f64::from(day)), Value::Categorical(role)];
                row.push(Value::Categorical(position.expect("an observable") as u8));
                row.push(Value::Int(100));
                row.extend([Value::Float(0.5), Value::Float(0.1)]);
                row.extend([f64::NAN; 7].map(Value::Float));
                trajectory.rows.push(row);
            }
        }
        [differences, trajectory]
    }

    fn drawn(size: impl Fn(usize) -> f64, observables: &[&str]) -> Figure {
        let [differences, trajectory] = tables(size);
        let observables: Vec<String> = observables.iter().map(|it| (*it).to_owned()).collect();
        let event = EventMarker {
            number: 1,
            day: 1.0,
            until: None,
            label: "training".to_owned(),
        };
        let figure = condition_differences(
            &differences,
            Some(&trajectory),
            &[event],
            &observables,
            Width::Page,
        );
        let figure = figure.expect("a figure");
        assert_sound("differences", &figure);
        figure
    }

    /// Where the headings of observables stand in the text of a figure.
    fn order<'n>(figure: &Figure, names: &[&'n str]) -> Vec<&'n str> {
        let place = |name: &str| figure.svg().find(&format!("\n{}\n", label(name)));
        let mut shown: Vec<(usize, &str)> = names
            .iter()
            .filter_map(|name| Some((place(name)?, *name)))
            .collect();
        shown.sort_unstable();
        shown.into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn the_largest_resolved_differences_come_first_and_the_others_are_named() {
        // Later observables differ more; the first one differs most, but its interval includes zero.
        let figure = drawn(
            |place| if place == 0 { 0.9 } else { 0.01 * place as f64 },
            &[],
        );
        let mut expected: Vec<&str> = OBSERVED[4..].to_vec();
        expected.reverse();
        assert_eq!(order(&figure, &OBSERVED), expected);
        let note =
            "not shown: commitment, satisfaction, intimacy, trust (pairbond plot --observables)";
        assert!(has_text(&figure, note), "{}", figure.svg());
        assert!(figure.svg().contains("1: training (day 1)"));
    }

    #[test]
    fn observables_that_are_requested_are_all_drawn_in_their_order() {
        let mut requested = OBSERVED;
        requested.rotate_left(5);
        let figure = drawn(|place| 0.01 * place as f64, &requested);
        assert_eq!(order(&figure, &OBSERVED), requested);
        assert!(!figure.svg().contains("not shown"));
    }

    #[test]
    fn a_difference_is_pale_until_its_interval_excludes_zero() {
        let strokes = |size: f64| {
            let figure = drawn(|_| size, &["bids"]);
            let lines = figure
                .svg()
                .lines()
                .filter(|line| line.contains("<polyline"));
            let colour = lines.filter(|line| line.contains("#D55E00"));
            let (pale, full): (Vec<&str>, Vec<&str>) =
                colour.partition(|line| line.contains("opacity=\"0.35\""));
            (pale.len(), full.len())
        };
        // One of the full lines is that of the legend.
        assert_eq!(strokes(0.05), (1, 2));
        assert_eq!(strokes(0.0), (1, 1));
    }
}
