//! Reading `[condition.NAME]`, and the configuration of each condition.

use super::Condition;
use crate::scenario::code::Code;
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::key_path;
use crate::scenario::reader::{ScenarioReader, wrong_type};
use crate::scenario::source::Span;
use crate::scenario::tables;
use crate::scenario::tree::{TomlEntry, TomlNode, TomlTable};
use crate::scenario::value::is_snake_case;

/// A condition as it was written.
pub(crate) struct ConditionSpec<'t> {
    pub(crate) name: &'t str,
    pub(crate) at: Span,
    /// The keys that it sets, part by part.
    pub(crate) settings: Vec<ConditionKey<'t>>,
}

/// One key of a condition with its value.
pub(crate) struct ConditionKey<'t> {
    pub(crate) parts: Vec<(&'t str, Span)>,
    pub(crate) node: &'t TomlNode,
}

/// Reads all conditions' names and keys.
pub(crate) fn read<'t>(reader: &mut ScenarioReader, root: &'t TomlTable) -> Vec<ConditionSpec<'t>> {
    let Some(node) = root.node("condition") else {
        return Vec::new();
    };
    let Some(all) = node.table() else {
        let error = wrong_type(node, "`condition` must be a table of tables");
        reader.report(error.hint("write `[condition.NAME]` once for each condition"));
        return Vec::new();
    };
    let mut conditions = Vec::new();
    for entry in &all.entries {
        check_name(reader, &entry.key, entry.key_at, "a condition");
        let Some(table) = reader.as_table(&entry.node, &format!("condition.{}", entry.key)) else {
            continue;
        };
        let mut settings = Vec::new();
        leaves(table, &[], &mut settings);
        conditions.push(ConditionSpec {
            name: &entry.key,
            at: entry.key_at,
            settings,
        });
    }
    conditions
}

/// Reports a name that is not in snake_case.
pub(crate) fn check_name(reader: &mut ScenarioReader, name: &str, at: Span, what: &str) {
    if is_snake_case(name) {
        return;
    }
    let message = format!("\"{}\" is no name of {what}", name.escape_debug());
    let error = Diagnostic::new(Code::BadClaimName, at, message).label("not in snake_case");
    reader.report(error.hint("write it with small letters, digits and `_`, a letter first"));
}

/// Gathers the values below a table; a distribution is one value.
fn leaves<'t>(table: &'t TomlTable, before: &[(&'t str, Span)], found: &mut Vec<ConditionKey<'t>>) {
    for TomlEntry { key, key_at, node } in &table.entries {
        let parts = [before, &[(key.as_str(), *key_at)]].concat();
        match node.table() {
            Some(inner) if inner.node("dist").is_none() => leaves(inner, &parts, found),
            _ => found.push(ConditionKey { parts, node }),
        }
    }
}

/// Makes each condition's configuration; `None` where one of them has an error.
pub(crate) fn configs(
    reader: &mut ScenarioReader,
    root: &TomlTable,
    given: &[ConditionSpec<'_>],
) -> Option<Vec<Condition>> {
    let before = reader.errors.len();
    let mut plain = root.clone();
    plain
        .entries
        .retain(|entry| !["condition", "claim", "sweep"].contains(&entry.key.as_str()));
    let mut conditions = Vec::new();
    for condition in given {
        let mut root = plain.clone();
        for ConditionKey { parts, node } in &condition.settings {
            if let Some((why, hint)) = refused(parts) {
                let message = format!(
                    "a condition cannot set `{}`: {why}",
                    key(parts).escape_debug()
                );
                let error =
                    Diagnostic::new(Code::NoConditionKey, parts[0].1, message).label("not here");
                reader.report(error.hint(hint));
            } else if let Err(error) = key_path::set(&mut root, parts, (*node).clone()) {
                reader.report(*error);
            }
        }
        let mut own = ScenarioReader::new(reader.tables, false);
        let spec = tables::read(&mut own, &root);
        if own.errors.is_empty() {
            conditions.push(Condition {
                name: condition.name.to_owned(),
                config: spec.config(),
            });
        }
        reader.errors.append(&mut own.errors);
    }
    (reader.errors.len() == before).then_some(conditions)
}

/// A setting's dotted key.
fn key(parts: &[(&str, Span)]) -> String {
    let names: Vec<&str> = parts.iter().map(|part| part.0).collect();
    names.join(".")
}

/// Why a condition does not set a key, and what to do instead.
fn refused(parts: &[(&str, Span)]) -> Option<(&'static str, &'static str)> {
    let second = parts.get(1).map(|part| part.0);
    match (parts[0].0, second) {
        ("run", Some("seed" | "replicates")) => Some((
            "all conditions share their random numbers, and as many replicates are run as the claims need",
            "set the seed under [run]; `--max-runs` bounds the replicates",
        )),
        ("run", Some("couples" | "days")) => Some((
            "all conditions simulate the same couples for the same time",
            "set it under [run]",
        )),
        ("record", _) => Some((
            "what is recorded does not change the simulation",
            "say in a [[claim]] what is observed",
        )),
        ("title" | "description", _) => Some((
            "it names the scenario as a whole",
            "set it at the top of the file",
        )),
        ("sweep" | "condition" | "claim", _) => Some((
            "the simulation does not depend on it",
            "set keys of [traits], [initial], [couple], [mechanisms], [parameters] or [[event]]",
        )),
        _ => None,
    }
}
