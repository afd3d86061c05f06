//! What a scenario changes of the defaults, key by key, with the description of each key.

use super::Scenario;
use super::schema::{TableForm, TableSpec};
use super::spec::{CorrelatedPair, ScenarioSpec, Variable, default_pair, key_of};
use super::tables;
use super::tree::toml_number;
use crate::model::parameters::ParameterSpec;

/// A key whose value differs from its default.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChangedKey {
    /// The dotted key.
    pub(crate) key: String,
    /// Its value, as TOML.
    pub(crate) value: String,
    /// Its default, as TOML.
    pub(crate) default: String,
    /// Its unit; empty or `1` for pure numbers.
    pub(crate) unit: &'static str,
    /// What it is.
    pub(crate) meaning: String,
    /// The model's own description, where it is a number of the model.
    pub(crate) parameter: Option<&'static ParameterSpec>,
}

impl ChangedKey {
    /// What it is, with its unit.
    pub(crate) fn meaning_with_unit(&self) -> String {
        match self.unit {
            "" | "1" => self.meaning.clone(),
            unit => format!("{} [{unit}]", self.meaning),
        }
    }

    /// Where its default comes from; empty where it is no number of the model.
    pub(crate) fn source_of_default(&self) -> String {
        self.parameter.map_or_else(String::new, |line| {
            format!("{} ({})", line.source, line.provenance.label())
        })
    }
}

impl Scenario {
    /// The keys whose values differ from their defaults, in the order of the tables: of the run, the
    /// model, the regimes and the measurement. Events, sweep, conditions and claims have no defaults.
    pub(crate) fn changes(&self) -> Vec<ChangedKey> {
        let mut changes = Vec::new();
        for table in tables::all() {
            match (table.name, table.form) {
                ("traits", _) => changes.extend(changed_variables(&self.spec)),
                ("correlations", _) => changes.extend(changed_correlations(&self.spec)),
                ("measurement", _) if self.spec.record.survey.is_none() => {}
                ("study", _) if self.spec.record.study.is_none() => {}
                (_, TableForm::Single) => changes.extend(changed_keys(&self.spec, table)),
                _ => {}
            }
        }
        changes
    }
}

fn changed_keys(spec: &ScenarioSpec, table: &TableSpec) -> Vec<ChangedKey> {
    // Reading a place needs a spec that may be changed.
    let mut spec = spec.clone();
    let mut changes = Vec::new();
    for key in &table.keys {
        let Some(value) = key.access.to_toml(&mut spec, key.key) else {
            continue;
        };
        // A default that follows from other keys is not one that was changed.
        if key.default.is_empty() || value == key.default {
            continue;
        }
        changes.push(ChangedKey {
            key: format!("{}.{}", table.name, key.key),
            value,
            default: key.default.to_string(),
            unit: key.unit,
            meaning: key.doc.to_string(),
            parameter: key.parameter,
        });
    }
    changes
}

/// Traits, initial states, childhoods and the couple's number: what both partners share is one change.
fn changed_variables(spec: &ScenarioSpec) -> Vec<ChangedKey> {
    let mut changes = Vec::new();
    for variable in &spec.variables {
        let default = Variable::default_of(variable.place);
        if variable.is_like(&default) {
            continue;
        }
        let (table, person, key) = key_of(variable.place);
        let other = |it: &&Variable| {
            let (its_table, its_person, its_key) = key_of(it.place);
            (its_table, its_key) == (table, key) && its_person != person
        };
        let shared = spec.variables.iter().find(other);
        let shared = shared.is_some_and(|it| it.is_like(variable));
        if shared && person == Some(1) {
            continue;
        }
        let key = match person {
            Some(person) if !shared => format!("{table}.{}.{key}", ["a", "b"][person]),
            _ => format!("{table}.{key}"),
        };
        let line = variable.place.description();
        changes.push(ChangedKey {
            key,
            value: variable.to_toml(),
            default: default.to_toml(),
            unit: line.unit,
            meaning: line.meaning.to_owned(),
            parameter: Some(line),
        });
    }
    changes
}

fn changed_correlations(spec: &ScenarioSpec) -> Vec<ChangedKey> {
    let correlations = &spec.correlations;
    let default = |index: usize| {
        let own = |pair: &&CorrelatedPair| pair.name == Some(index);
        let pair = correlations.pairs.iter().find(own)?;
        default_pair(&spec.variables, pair).map(|default| default.value)
    };
    let named = correlations.names.iter().enumerate();
    named
        .map(|(index, (name, value))| ChangedKey {
            key: format!("correlations.{name}"),
            value: toml_number(*value),
            default: toml_number(default(index).unwrap_or(0.0)),
            unit: "1",
            meaning: "Correlation of the two numbers' scores over couples".to_owned(),
            parameter: None,
        })
        .filter(|change| change.value != change.default)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(text: &str) -> Vec<(String, String, String)> {
        let scenario = Scenario::parse(text).unwrap_or_else(|error| panic!("{error}"));
        let changes = scenario.changes().into_iter();
        changes
            .map(|change| (change.key, change.value, change.default))
            .collect()
    }

    #[test]
    fn a_scenario_of_defaults_changes_nothing() {
        assert_eq!(changes("title = 'x'"), []);
    }

    #[test]
    fn a_key_that_is_given_its_default_is_not_a_change() {
        assert_eq!(
            changes("title = 'x'\n[run]\ncouples = 1000\n[parameters]\nbid_rate = 2.8"),
            []
        );
    }

    #[test]
    fn each_kind_of_key_is_a_change_with_its_default() {
        let text = "title = 'x'\n[run]\ndays = 30\n[traits]\nconsistency = 0.7\n[traits.b]\neffort = 0.9\n\
            [couple]\ncontact_rate = 2\n[correlations]\n'a.trust~b.trust' = 0.5\n[mechanisms]\nrepair = false\n\
            [parameters]\nbid_rate = 3\n[regimes]\ntrust_cut = 0.7";
        let expected = [
            ("run.days", "30", "365"),
            ("traits.consistency", "0.7", "0.5"),
            ("traits.b.effort", "0.9", "0.5"),
            ("couple.contact_rate", "2.0", ""),
            ("correlations.a.trust~b.trust", "0.5", "0.0"),
            ("mechanisms.repair", "false", "true"),
            ("parameters.bid_rate", "3.0", "2.8"),
            ("regimes.trust_cut", "0.7", "0.5"),
        ];
        let found = changes(text);
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for ((key, value, default), expected) in found.iter().zip(expected) {
            assert_eq!((key.as_str(), value.as_str()), (expected.0, expected.1));
            if !expected.2.is_empty() {
                assert_eq!(default, expected.2);
            }
        }
    }
}
