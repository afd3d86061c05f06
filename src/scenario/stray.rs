//! Stray keys: unknown ones, misspelt ones, and those that stand in the wrong table.

use super::catalogue::{KeySpec, Kind, TableSpec};
use super::code::FaultCode as Code;
use super::notice::Fault;
use super::reader::{Reader, listed, under};
use super::suggest::nearest;
use super::tree::{Entry, Table, Value};
use strsim::damerau_levenshtein;

/// So many keys can be listed in a hint.
const FEW: usize = 16;

impl Reader {
    /// Notes unknown keys, and gives the known ones that they were probably meant to be.
    pub(crate) fn check_keys(
        &mut self,
        table: &Table,
        name: &str,
        known: &[&'static str],
    ) -> Vec<&'static str> {
        let absent: Vec<&'static str> = known
            .iter()
            .copied()
            .filter(|key| table.entry(key).is_none())
            .collect();
        let mut excused = Vec::new();
        for entry in table
            .entries
            .iter()
            .filter(|entry| !known.contains(&entry.key.as_str()))
        {
            let meant = nearest(&entry.key, absent.iter().copied());
            excused.extend(meant);
            let near = meant.or(nearest(&entry.key, known.iter().copied()));
            let fault = self.stray_key(entry, name, near, known);
            self.fault(fault);
        }
        excused
    }

    fn stray_key(
        &self,
        entry: &Entry,
        name: &str,
        near: Option<&str>,
        known: &[&'static str],
    ) -> Fault {
        let key = entry.key.as_str();
        let shown = key.escape_debug();
        let homes = self.homes(entry, name).join(" or ");
        // What has a home of its own is no slip, unless a single edit makes it one.
        let near = near.filter(|near| homes.is_empty() || damerau_levenshtein(key, near) < 2);
        if near.is_none() && !homes.is_empty() {
            let message = format!("`{shown}` does not belong {}", under(name));
            return Fault::new(Code::MisplacedKey, entry.key_at, message)
                .label("not here")
                .hint(format!("`{shown}` belongs {homes}"));
        }
        let message = format!("there is no key `{shown}` {}", under(name));
        let hint = match (near, self.near_elsewhere(entry, name)) {
            (Some(near), _) if homes.is_empty() => format!("did you mean `{near}`?"),
            (Some(near), _) => format!("did you mean `{near}`? (`{shown}` belongs {homes})"),
            (None, Some((near, home))) => format!("did you mean `{near}` {home}?"),
            (None, None) if known.len() <= FEW => format!("the keys here are {}", listed(known)),
            (None, None) => "docs/scenario.md lists the keys of every table".to_owned(),
        };
        let fault = Fault::new(Code::UnknownKey, entry.key_at, message).label("unknown key");
        if known.is_empty() {
            fault
        } else {
            fault.hint(hint)
        }
    }

    /// The other tables that have a key of exactly this name and this kind of value.
    fn homes(&self, entry: &Entry, name: &str) -> Vec<String> {
        let has = |section: &&TableSpec| {
            let mut fields = section.fields.iter();
            fields.any(|field| field.key == entry.key && takes(field, &entry.node.value))
        };
        let mut homes: Vec<String> = self.others(name).filter(has).map(home).collect();
        let is_table = self
            .sections
            .iter()
            .any(|section| section.name == entry.key);
        if !name.is_empty() && is_table {
            homes.push(format!("on a line of its own, as `[{}]`", entry.key));
        }
        homes
    }

    fn near_elsewhere(&self, entry: &Entry, name: &str) -> Option<(&'static str, String)> {
        let pairs: Vec<(&'static str, &TableSpec)> = self
            .others(name)
            .flat_map(|section| section.fields.iter().map(move |field| (field, section)))
            .filter(|(field, _)| takes(field, &entry.node.value))
            .map(|(field, section)| (field.key, section))
            .collect();
        let near = nearest(&entry.key, pairs.iter().map(|(key, _)| *key))?;
        pairs
            .into_iter()
            .find(|(key, _)| *key == near)
            .map(|(key, section)| (key, home(section)))
    }

    /// The sections besides the one that a table's name belongs to.
    fn others(&self, name: &str) -> impl Iterator<Item = &TableSpec> {
        let is_section = self.sections.iter().any(|section| section.name == name);
        let own = if is_section {
            name
        } else {
            name.split('.').next().unwrap_or(name)
        };
        // Scales have the names of states and traits: they are only meant among scales.
        let scales = name.starts_with("measurement");
        let own = own.to_owned();
        self.sections.iter().filter(move |section| {
            section.name != own && (scales || !section.name.starts_with("measurement."))
        })
    }
}

/// Where a section's keys stand, in words.
fn home(section: &TableSpec) -> String {
    match section.name {
        "" => "at the top, above all tables".to_owned(),
        "event" => "in [[event]]".to_owned(),
        "parameter" => "in [[parameter]]".to_owned(),
        "sweep.axis" => "in [[sweep.axis]]".to_owned(),
        "claim" => "in [[claim]]".to_owned(),
        "sweep.until" => "in `until` under [sweep]".to_owned(),
        name => format!("under [{name}]"),
    }
}

/// Whether a value is of the kind that a key takes, whatever its range.
fn takes(field: &KeySpec, value: &Value) -> bool {
    match &field.kind {
        Kind::Switch => matches!(value, Value::Switch(_)),
        Kind::Text { .. } | Kind::Word(_) => matches!(value, Value::Text(_)),
        Kind::Words(_) | Kind::Wholes { .. } => matches!(value, Value::List(_)),
        Kind::Own(_) => matches!(value, Value::List(_) | Value::Table(_)),
        Kind::WordOrWhole { .. } => matches!(value, Value::Text(_) | Value::Whole(_)),
        Kind::Draw(_) => matches!(value, Value::Whole(_) | Value::Number(_) | Value::Table(_)),
        Kind::Whole { .. } | Kind::Number { .. } | Kind::OneOf(_) => {
            matches!(value, Value::Whole(_) | Value::Number(_))
        }
    }
}
