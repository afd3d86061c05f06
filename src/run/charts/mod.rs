//! Charts of a run: the list of them, each in a file of its own, and how all are drawn.

mod attachment;
mod attachment_persons;
mod conditions;
mod events;
mod groups;
mod panels;
mod partners;
mod phase_plane;
mod regime_shares;
mod sample_couples;
mod survey;
mod survival;
#[cfg(test)]
mod tests;
mod trajectories;

use crate::chart::figure_list::{Drawing, DrawnCharts, FigureSpec, TableSet, render, shows};
use crate::chart::options::ChartOptions;
use crate::chart::{ChartError, ColumnReader, FigureHeading, Width, count};
use crate::error::Error;
use crate::report::findings::{DayMean, DaySurvival, shown_days};
use crate::report::summary::RunSummary;
use crate::results::Manifest;
use crate::run::conditions::RunConditions;
use crate::run::simulate::COUPLES_SHOWN;
use crate::run::tables::find_table;
use crate::runner::CancelToken;
use crate::scenario::{Override, Scenario};
use crate::simulation::{BLOCK_COUPLES, SHOWN_COUPLES};
use crate::table::{Batch, Schema, Table};
use crate::use_case::read_unaltered;
use std::borrow::Cow;
use std::path::Path;

use attachment::attachment;
use attachment_persons::attachment_persons;
use conditions::{condition_differences, condition_means, condition_survival};
use events::EventMarker;
use groups::{group_survival, group_trajectories};
use partners::partners;
use phase_plane::{PhasePlaneOptions, phase_plane};
use regime_shares::regime_shares;
use sample_couples::sample_couples;
use survey::{diary, diary_variation, waves};
use survival::survival;
pub(crate) use trajectories::MANY_SEPARATED;
use trajectories::trajectories;

/// What figures need to know of a run.
pub(crate) struct RunContext {
    scenario: Scenario,
    options: ChartOptions,
}

impl RunContext {
    /// Couples of all replicates.
    fn couples(&self) -> u64 {
        let size = &self.scenario.config().size;
        size.couples * u64::from(size.replicates)
    }
}

/// All figures of a run, from its tables.
pub(crate) const FIGURES: &[FigureSpec<RunContext>] = &[
    FigureSpec {
        name: "trajectories",
        tables: &["trajectory"],
        width: Width::Page,
        draw: |tables, run, width| {
            let events = events(&run.scenario);
            let table = tables.get("trajectory")?;
            trajectories(table, &events, &run.options.observables, width)
        },
    },
    FigureSpec {
        name: "phase_plane",
        tables: &["couples", "phase_flow"],
        width: Width::Column,
        draw: |tables, run, width| {
            let flow = tables.find("phase_flow");
            phase_plane(tables.get("couples")?, flow, plane_options(run), width)
        },
    },
    FigureSpec {
        name: "survival",
        tables: &["survival"],
        width: Width::Column,
        draw: |tables, run, width| survival(tables.get("survival")?, &events(&run.scenario), width),
    },
    FigureSpec {
        name: "regime_shares",
        tables: &["trajectory"],
        width: Width::Column,
        draw: |tables, run, width| {
            regime_shares(tables.get("trajectory")?, &events(&run.scenario), width)
        },
    },
    FigureSpec {
        name: "group_trajectories",
        tables: &["group_trajectory"],
        width: Width::Page,
        draw: |tables, run, width| {
            let table = tables.get("group_trajectory")?;
            let events = events(&run.scenario);
            group_trajectories(table, grouped_by(&run.scenario), &events, width)
        },
    },
    FigureSpec {
        name: "group_survival",
        tables: &["group_survival"],
        width: Width::Column,
        draw: |tables, run, width| {
            let table = tables.get("group_survival")?;
            let events = events(&run.scenario);
            group_survival(table, grouped_by(&run.scenario), &events, width)
        },
    },
    FigureSpec {
        name: "partners",
        tables: &["couples"],
        width: Width::Page,
        draw: |tables, run, width| partners(tables.get("couples")?, run.couples(), width),
    },
    FigureSpec {
        name: "diary",
        tables: &["diary_means"],
        width: Width::Page,
        draw: |tables, run, width| diary(tables.get("diary_means")?, &events(&run.scenario), width),
    },
    FigureSpec {
        name: "diary_variation",
        tables: &["diary_variation"],
        width: Width::Page,
        draw: |tables, _, width| diary_variation(tables.get("diary_variation")?, width),
    },
    FigureSpec {
        name: "waves",
        tables: &["wave_means"],
        width: Width::Page,
        draw: |tables, run, width| waves(tables.get("wave_means")?, &events(&run.scenario), width),
    },
    FigureSpec {
        name: "sample_couples",
        tables: &["sample_couples", "couples"],
        width: Width::Page,
        draw: |tables, run, width| {
            let count = run.scenario.config().record.sample_couples as usize;
            let ends = ends(tables.get("couples")?, count)?;
            let events = events(&run.scenario);
            sample_couples(tables.get("sample_couples")?, &ends, &events, width)
        },
    },
    FigureSpec {
        name: "attachment",
        tables: &["couples"],
        width: Width::Page,
        draw: |tables, run, width| attachment(tables.get("couples")?, run.couples(), width),
    },
    FigureSpec {
        name: "attachment_persons",
        tables: &["childhood", "sample_couples"],
        width: Width::Column,
        draw: |tables, run, width| {
            if !run.options.persons {
                return Err(ChartError::NotRequested);
            }
            let adult = tables.find("sample_couples");
            attachment_persons(tables.get("childhood")?, adult, width)
        },
    },
];

/// What figures that compare conditions need to know.
pub(crate) struct ComparisonContext {
    shown: ShownTables,
    /// Of all conditions.
    events: Vec<EventMarker>,
    observables: Vec<String>,
}

/// The figures that compare conditions, from the tables of each.
pub(crate) const COMPARISONS: &[FigureSpec<ComparisonContext>] = &[
    FigureSpec {
        name: "trajectories",
        tables: &["trajectory"],
        width: Width::Page,
        draw: |_, compared, width| {
            let tables = compared.shown.of_conditions("trajectory");
            condition_means(&tables, &compared.events, width)
        },
    },
    FigureSpec {
        name: "differences",
        tables: &["differences", "trajectory"],
        width: Width::Page,
        draw: |_, compared, width| {
            let table = compared.shown.differences.as_ref();
            let table = table.ok_or(ChartError::NoRows {
                table: "differences",
            })?;
            let reference = compared.shown.of_conditions("trajectory");
            condition_differences(
                table,
                reference.first().map(|(_, table)| *table),
                &compared.events,
                &compared.observables,
                width,
            )
        },
    },
    FigureSpec {
        name: "survival",
        tables: &["survival"],
        width: Width::Page,
        draw: |_, compared, width| {
            let tables = compared.shown.of_conditions("survival");
            condition_survival(&tables, &compared.events, width)
        },
    },
];

/// The tables that figures show.
#[derive(Clone, Debug)]
pub(crate) struct ShownTables {
    /// Names of the conditions; empty if the scenario has none.
    pub(crate) names: Vec<String>,
    /// Of each condition.
    pub(crate) conditions: Vec<Vec<Table>>,
    /// The table `differences`, if conditions are compared.
    pub(crate) differences: Option<Table>,
}

impl ShownTables {
    /// The tables of some days and observables, where any are given.
    fn selected(&self, days: Option<(u32, u32)>, observables: &[String]) -> Cow<'_, ShownTables> {
        if days.is_none() && observables.is_empty() {
            return Cow::Borrowed(self);
        }
        let select = |table: &Table| selected(table, days, observables);
        let select_all = |tables: &Vec<Table>| tables.iter().map(select).collect();
        Cow::Owned(ShownTables {
            names: self.names.clone(),
            conditions: self.conditions.iter().map(select_all).collect(),
            differences: self.differences.as_ref().map(select),
        })
    }

    /// The tables that figures show of all tables of a run.
    pub(crate) fn of(conditions: &RunConditions, tables: &[Table]) -> ShownTables {
        let differences = tables.iter().find(|it| it.schema.table == "differences");
        let mut shown = vec![Vec::new(); conditions.scenarios.len()];
        for table in tables {
            // These are for the summary.
            let is_summarised = matches!(table.schema.table, "groups" | "event_changes");
            if !shows(FIGURES, table.schema.table) && !is_summarised {
                continue;
            }
            for (own, mut rows) in shown.iter_mut().zip(conditions.split(table)) {
                if rows.schema.table == "couples" {
                    rows = first_rows(&rows, COUPLES_SHOWN);
                }
                own.push(rows);
            }
        }
        ShownTables {
            names: conditions.names.clone(),
            conditions: shown,
            differences: differences.cloned(),
        }
    }
}

impl ShownTables {
    /// The conditions with their table of a name.
    fn of_conditions(&self, name: &str) -> Vec<(&str, &Table)> {
        let named = self.names.iter().zip(&self.conditions);
        named
            .filter_map(|(condition, tables)| {
                let table = tables.iter().find(|table| table.schema.table == name)?;
                Some((condition.as_str(), table))
            })
            .collect()
    }

    /// The main results of each condition.
    pub(crate) fn summaries(&self, conditions: &RunConditions) -> Result<Vec<RunSummary>, Error> {
        let summary = |(place, scenario): (usize, &Scenario)| {
            let tables = &self.conditions[place];
            let (trajectory, survival) = (
                find_table(tables, "trajectory")?,
                find_table(tables, "survival")?,
            );
            let name = conditions.names.get(place).cloned();
            let shown = shown_days(scenario);
            let means = DayMean::of_rows(trajectory, |day| shown.contains(&day))?;
            let survival = DaySurvival::of_rows(survival)?;
            Ok(RunSummary::of(scenario, name, means, &survival))
        };
        conditions
            .scenarios
            .iter()
            .enumerate()
            .map(summary)
            .collect()
    }
}

/// What stands over the figures of a run, or of a condition of it.
pub(crate) fn heading(scenario: &Scenario, condition: Option<&str>) -> FigureHeading {
    let size = &scenario.config().size;
    let couples = match size.replicates {
        1 => count(size.couples as i64),
        replicates => format!("{replicates} × {}", count(size.couples as i64)),
    };
    let noun = if couples == "1" { "couple" } else { "couples" };
    let days = count(size.days.into());
    let condition = condition.map_or(String::new(), |name| format!("{name}: "));
    FigureHeading {
        title: scenario.title().to_owned(),
        size: format!(
            "{condition}n = {couples} {noun} for up to {days} days{}",
            changes(scenario)
        ),
    }
}

/// What was set from outside the scenario, as a heading has it: two charts of one scenario may differ in
/// nothing else.
pub(crate) fn changes(scenario: &Scenario) -> String {
    let shown = scenario.overrides().iter().map(Override::text);
    // The heading has these.
    let known = ["run.couples=", "run.days=", "run.replicates=", "title="];
    let shown = shown.filter(|text| !known.iter().any(|key| text.starts_with(key)));
    shown.map(|text| format!("; {text}")).collect()
}

/// Draws all figures: those of each condition, and those that compare conditions.
pub(crate) fn draw(
    conditions: &RunConditions,
    shown: &ShownTables,
    options: &ChartOptions,
    cancel: &CancelToken,
) -> DrawnCharts {
    let mut all = DrawnCharts::default();
    if conditions.are_compared() {
        let drawing = Drawing {
            tables: &TableSet::new([]),
            heading: &heading(&conditions.scenarios[0], None),
            options,
            cancelled: &|| cancel.is_cancelled(),
        };
        let context = ComparisonContext {
            shown: shown
                .selected(options.days, &options.observables)
                .into_owned(),
            events: events_of_conditions(conditions),
            observables: options.observables.clone(),
        };
        all.append(render(COMPARISONS, "", &context, &drawing));
    }
    let selected = shown.selected(options.days, &[]);
    for (place, scenario) in conditions.scenarios.iter().enumerate() {
        let name = conditions.names.get(place);
        let suffix = name.map_or(String::new(), |name| format!("_{name}"));
        let context = RunContext {
            scenario: scenario.clone(),
            options: options.clone(),
        };
        let drawing = Drawing {
            tables: &TableSet::new(&selected.conditions[place]),
            heading: &heading(scenario, name.map(String::as_str)),
            options,
            cancelled: &|| cancel.is_cancelled(),
        };
        all.append(render(FIGURES, &suffix, &context, &drawing));
    }
    all
}

/// The rows of a table over time that lie within some days and are of some observables, where any are given;
/// other tables have all rows. Survival starts at the start, whatever the first day.
fn selected(table: &Table, days: Option<(u32, u32)>, observables: &[String]) -> Table {
    let has_observables = matches!(table.schema.table, "trajectory" | "differences");
    let is_over_time = has_observables
        || matches!(
            table.schema.table,
            "sample_couples" | "diary_means" | "wave_means"
        );
    let (first, last) = days.map_or((f64::NEG_INFINITY, f64::INFINITY), |(first, last)| {
        (f64::from(first), f64::from(last))
    });
    let first = match table.schema.table {
        "survival" => f64::NEG_INFINITY,
        _ if is_over_time => first,
        _ => return table.clone(),
    };
    let Ok(day) = ColumnReader::new(table).and_then(|reader| reader.numbers("day")) else {
        return table.clone();
    };
    let is_wanted = |row: usize| {
        let observable = table.category("observable", row);
        observables.is_empty()
            || !has_observables
            || observable.is_some_and(|own| observables.iter().any(|wanted| wanted == own))
    };
    let within = |day: f64| (first..=last).contains(&day);
    Table {
        schema: table.schema.clone(),
        rows: table
            .rows
            .filtered(|row| within(day[row]) && is_wanted(row)),
    }
}

/// Draws all figures from a folder of a run's results that has these tables.
pub(crate) fn replot(
    results: &Path,
    manifest: &Manifest,
    conditions: &RunConditions,
    options: &ChartOptions,
) -> Result<DrawnCharts, Error> {
    // The rows of a block of couples follow one another, condition by condition.
    let count = conditions.scenarios.len();
    let days = conditions.scenarios[0].config().size.days as usize;
    let blocks = |couples: usize| couples.next_multiple_of(BLOCK_COUPLES as usize) * count;
    let read = |schema: Schema| {
        let rows = match schema.table {
            "couples" => blocks(COUPLES_SHOWN),
            // Two rows a day of each couple that is shown.
            "sample_couples" => 2 * days * blocks(SHOWN_COUPLES as usize),
            _ => usize::MAX,
        };
        read_unaltered(results, manifest, &schema, rows)
    };
    let tables: Vec<Table> = crate::run::schemas(conditions)
        .into_iter()
        .filter(|schema| shows(FIGURES, schema.table) || schema.table == "differences")
        .map(read)
        .collect::<Result<_, _>>()?;
    let shown = ShownTables::of(conditions, &tables);
    Ok(draw(conditions, &shown, options, &CancelToken::default()))
}

/// The events of a scenario with their numbers.
pub(crate) fn events(scenario: &Scenario) -> Vec<EventMarker> {
    let marks = scenario.marks().iter().enumerate();
    marks
        .map(|(i, mark)| EventMarker {
            number: i + 1,
            day: f64::from(mark.day),
            until: mark
                .lasts
                .then(|| mark.until.map_or(f64::INFINITY, f64::from)),
            label: mark.label.clone(),
        })
        .collect()
}

/// The events of all conditions. One that only some of them have, or have in this way, says which they are.
fn events_of_conditions(conditions: &RunConditions) -> Vec<EventMarker> {
    let mut all: Vec<(EventMarker, Vec<&str>)> = Vec::new();
    for (name, scenario) in conditions.names.iter().zip(&conditions.scenarios) {
        for event in events(scenario) {
            match all.iter_mut().find(|(known, _)| *known == event) {
                Some((_, names)) => names.push(name),
                None => all.push((event, vec![name])),
            }
        }
    }
    let marker = |(event, names): (EventMarker, Vec<&str>)| EventMarker {
        label: match names.len() == conditions.names.len() {
            true => event.label,
            false => format!("{}: {}", names.join(", ").replace('_', " "), event.label),
        },
        ..event
    };
    all.into_iter().map(marker).collect()
}

/// The key that couples are grouped by.
fn grouped_by(scenario: &Scenario) -> &str {
    let groups = scenario.config().record.groups.as_ref();
    groups.map_or("", |groups| &groups.by.key)
}

fn plane_options(run: &RunContext) -> PhasePlaneOptions {
    let config = run.scenario.config();
    PhasePlaneOptions {
        couples: run.couples(),
        trust: config.cuts.trust,
        intimacy: config.cuts.intimacy,
        phase_flow_days: f64::from(config.record.phase_flow_days),
    }
}

/// The first rows of a table.
fn first_rows(table: &Table, count: usize) -> Table {
    let mut rows = Batch {
        columns: Vec::with_capacity(table.rows.columns.len()),
    };
    rows.columns
        .extend(table.rows.columns.iter().map(|column| column.first(count)));
    Table {
        schema: table.schema.clone(),
        rows,
    }
}

/// The first couples' numbers and days of separation.
fn ends(couples: &Table, count: usize) -> Result<Vec<(i64, Option<f64>)>, ChartError> {
    let reader = ColumnReader::new(couples)?;
    let (ids, days) = (reader.ints("couple_id")?, reader.numbers("end_day")?);
    let ends = ids.iter().zip(days.iter()).take(count);
    Ok(ends
        .map(|(id, day)| (*id, (!day.is_nan()).then_some(*day)))
        .collect())
}
