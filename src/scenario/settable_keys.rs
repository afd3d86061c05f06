//! The dotted keys of everything in a scenario that `--set` and a sweep can set.

use super::distribution::read::STEEP;
use super::distribution::spec::NumberRange;
use super::schema::{KeySpec, TableForm, TableSpec, ValueKind};
use super::spec::{CHILDHOOD, PARTNERS, ScenarioSpec, Variable, can_be_given, key_of};
use super::value::Accepts;
use crate::model::types::TRAITS;

/// A key with what it accepts.
#[derive(Clone, Debug, PartialEq)]
pub struct SettableKey {
    /// The dotted key, as in `--set KEY=VALUE`.
    pub key: String,
    /// What it accepts; other keys of the scenario may narrow it.
    pub accepts: Accepts,
}

/// Every number, switch and choice that can be set and that the simulation depends on, in the order of
/// the tables.
pub(crate) fn settable_keys(tables: &[TableSpec], spec: &ScenarioSpec) -> Vec<SettableKey> {
    let childhood = spec.with_childhood();
    let mut all = Vec::new();
    for table in tables.iter().filter(|table| table.settable) {
        match table.form {
            TableForm::PerPartner => {
                // Whether a partner has a childhood is for the file to say: one of its numbers alone
                // does not give them one.
                let has = |person: usize| table.name != CHILDHOOD || childhood[person];
                if has(0) && has(1) {
                    keys_of(&mut all, table, table.name);
                }
                for person in (0..PARTNERS.len()).filter(|person| has(*person)) {
                    let prefix = format!("{}.{}", table.name, PARTNERS[person]);
                    keys_of(&mut all, table, &prefix);
                }
            }
            TableForm::List(_) => events(&mut all, table, spec),
            _ => keys_of(&mut all, table, table.name),
        }
    }
    all.retain(|key| {
        let (table, own) = key.key.rsplit_once('.').unwrap_or_default();
        can_be_given(table, own, childhood)
    });
    for (index, variable) in spec.variables.iter().enumerate() {
        distribution(&mut all, &spec.variables, index, variable);
    }
    let defaults = spec.correlations.defaults(&spec.variables);
    for (name, _) in spec.correlations.names.iter().chain(&defaults) {
        number(&mut all, format!("correlations.{name}"), -1.0, 1.0);
    }
    all
}

fn keys_of(all: &mut Vec<SettableKey>, table: &TableSpec, prefix: &str) {
    all.extend(table.keys.iter().filter_map(|key| settable(key, prefix)));
}

/// The keys that events were given; their kind is no key to be set.
fn events(all: &mut Vec<SettableKey>, table: &TableSpec, spec: &ScenarioSpec) {
    for (index, event) in spec.events.iter().enumerate() {
        let keys = table.keys.iter().filter(|key| key.key != "kind");
        let given = keys.filter(|key| event.given.contains(&key.key));
        all.extend(given.filter_map(|key| settable(key, &format!("{}.{index}", table.name))));
    }
}

fn settable(key: &KeySpec, prefix: &str) -> Option<SettableKey> {
    let accepts = match &key.kind {
        ValueKind::One(accepts) => accepts.clone(),
        ValueKind::WordOrInteger { low, high, .. } => Accepts::Integer {
            low: *low,
            high: *high,
        },
        ValueKind::Variable(line) => Accepts::Number {
            low: line.low,
            high: line.high,
        },
        _ => return None,
    };
    let key = format!("{prefix}.{}", key.key);
    Some(SettableKey { key, accepts })
}

fn number(all: &mut Vec<SettableKey>, key: String, low: f64, high: f64) {
    let accepts = Accepts::Number { low, high };
    all.push(SettableKey { key, accepts });
}

/// The numbers of a distribution, for both partners where they share it.
fn distribution(
    all: &mut Vec<SettableKey>,
    variables: &[Variable],
    index: usize,
    variable: &Variable,
) {
    let (table, person, key) = key_of(variable.place);
    let mut twins = variables.iter().enumerate();
    let twin = twins.find(|(other, twin)| {
        let (name, _, own) = key_of(twin.place);
        *other != index && (name, own) == (table, key)
    });
    let shared = twin.is_none_or(|(_, twin)| twin.is_like(variable));
    let mut prefixes: Vec<String> = Vec::new();
    if shared && person != Some(1) {
        prefixes.push(format!("{table}.{key}"));
    }
    prefixes.extend(person.map(|person| format!("{table}.{}.{key}", PARTNERS[person])));
    let Some(family) = variable.distribution.family else {
        return;
    };
    let own = |key: &str| variable.distribution.number(key).is_some();
    let mut numbers: Vec<&str> = Vec::new();
    numbers.extend(
        variable
            .distribution
            .numbers
            .iter()
            .map(|(number, _)| *number),
    );
    // A number that can be said in two ways can be set in both.
    if family.either.iter().any(|key| own(key)) {
        numbers.extend(family.either.iter().filter(|key| !own(key)));
    }
    for prefix in prefixes {
        for name in &numbers {
            let line = variable.place.description();
            let range = family
                .keys
                .iter()
                .find(|key| key.key == *name)
                .map(|key| key.range);
            let (low, high) = match range {
                Some(NumberRange::Fixed(low, high)) => (low, high),
                _ => (line.low, line.high),
            };
            number(all, format!("{prefix}.{name}"), low, high);
        }
        for (on, _) in &variable.slopes {
            number(
                all,
                format!("{prefix}.slopes.{}", TRAITS[*on].key),
                -STEEP,
                STEEP,
            );
        }
    }
}
