//! Conditions of a run: the scenarios that it simulates with common random numbers, and the tables of all of
//! them with a column that names the condition.

use crate::run::event_changes::value_days;
use crate::scenario::Scenario;
use crate::simulation::SimulationConfig;
use crate::table::{Batch, Field, Kind, MISSING, NO_CATEGORY, Schema, Sink, Table, Values};
use std::collections::BTreeMap;

/// Name of the column that names the condition.
pub(crate) const CONDITION: &str = "condition";

/// What a run simulates: a scenario, or each of its conditions.
#[derive(Clone, Debug)]
pub(crate) struct RunConditions {
    /// Names of the conditions; empty if the scenario has none.
    pub(crate) names: Vec<String>,
    /// A scenario for each condition, or the scenario itself.
    pub(crate) scenarios: Vec<Scenario>,
}

impl RunConditions {
    /// The conditions of a scenario.
    pub(crate) fn of(scenario: &Scenario) -> RunConditions {
        let (names, scenarios): (Vec<_>, Vec<_>) = scenario.conditions().into_iter().unzip();
        if names.is_empty() {
            return RunConditions {
                names,
                scenarios: vec![scenario.clone()],
            };
        }
        RunConditions { names, scenarios }
    }

    /// Whether there are conditions to compare.
    pub(crate) fn are_compared(&self) -> bool {
        self.names.len() > 1
    }

    /// The configurations that are simulated.
    pub(crate) fn configs(&self) -> impl Iterator<Item = SimulationConfig> {
        // Conditions are compared by the positions of days, which are the same for all of them.
        let mut days: Vec<u32> = self.scenarios.iter().flat_map(value_days).collect();
        if self.are_compared() {
            let record = |scenario: &Scenario| scenario.config().record.compare_days.clone();
            days.extend(self.scenarios.iter().flat_map(record));
        }
        self.scenarios.iter().map(move |scenario| {
            let mut config = scenario.config().clone();
            config.record.couple_values = self.are_compared();
            config.record.value_days.clone_from(&days);
            config
        })
    }

    /// The schemas of tables that each scenario has by itself, joined: all columns that any of them has, after the
    /// condition.
    pub(crate) fn join_schemas(&self, own: impl Fn(&Scenario) -> Vec<Schema>) -> Vec<Schema> {
        let mut joined: Vec<Schema> = Vec::new();
        for schema in self.scenarios.iter().flat_map(own) {
            let known = joined.iter_mut().find(|known| known.table == schema.table);
            let Some(known) = known else {
                joined.push(schema);
                continue;
            };
            for column in schema.columns {
                if known.position(&column.name).is_none() {
                    known.columns.push(column);
                }
            }
        }
        if !self.names.is_empty() {
            let meaning = "Condition of the scenario";
            for schema in &mut joined {
                schema.columns.insert(0, Field::str(CONDITION, meaning));
            }
        }
        joined
    }

    /// The rows of each condition in a table of all of them, without the condition. A table of a scenario without
    /// conditions stays as it is.
    pub(crate) fn split(&self, table: &Table) -> Vec<Table> {
        let Some(position) = table.schema.position(CONDITION) else {
            return vec![table.clone(); self.scenarios.len()];
        };
        let Values::Str(conditions) = &table.rows.columns[position] else {
            return Vec::new();
        };
        let mut rows: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (row, condition) in conditions.iter().enumerate() {
            rows.entry(condition).or_default().push(row);
        }
        let mut schema = table.schema.clone();
        schema.columns.remove(position);
        let own = |name: &String| {
            let rows = rows.get(name.as_str()).map_or(&[][..], Vec::as_slice);
            let columns = table.rows.columns.iter().enumerate();
            let columns = columns.filter(|(column, _)| *column != position);
            let columns = columns.map(|(_, values)| values.select(rows)).collect();
            Table {
                schema: schema.clone(),
                rows: Batch { columns },
            }
        };
        self.names.iter().map(own).collect()
    }
}

/// Passes the rows of one condition on to the tables of all of them.
pub(crate) struct ConditionSink<'s, S> {
    sink: &'s mut S,
    /// The condition; `None` without conditions, when rows are passed on as they are.
    name: Option<&'s str>,
    schemas: &'s [Schema],
}

impl<'s, S> ConditionSink<'s, S> {
    /// A sink for the rows of a condition in tables with these schemas.
    pub(crate) fn new(
        sink: &'s mut S,
        name: Option<&'s str>,
        schemas: &'s [Schema],
    ) -> ConditionSink<'s, S> {
        ConditionSink {
            sink,
            name,
            schemas,
        }
    }
}

impl<S: Sink> Sink for ConditionSink<'_, S> {
    type Error = S::Error;

    fn accept(&mut self, schema: &Schema, rows: &Batch) -> Result<(), S::Error> {
        let joined = self.schemas.iter().find(|it| it.table == schema.table);
        let (Some(name), Some(joined)) = (self.name, joined) else {
            return self.sink.accept(schema, rows);
        };
        let column = |field: &Field| match schema.position(&field.name) {
            Some(position) => rows.columns[position].clone(),
            None if field.name == CONDITION => Values::Str(vec![name.to_owned(); rows.rows()]),
            None => missing(field.kind, rows.rows()),
        };
        let columns = joined.columns.iter().map(column).collect();
        self.sink.accept(joined, &Batch { columns })
    }
}

/// A column without values.
fn missing(kind: Kind, rows: usize) -> Values {
    match kind {
        Kind::Float => Values::Float(vec![f64::NAN; rows]),
        Kind::Int => Values::Int(vec![MISSING; rows]),
        Kind::Categorical(_) => Values::Categorical(vec![NO_CATEGORY; rows]),
        Kind::Str => Values::Str(vec![String::new(); rows]),
    }
}
