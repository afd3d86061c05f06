//! Unknown keys: misspelt ones, and those that stand in the wrong table.

use super::code::Code;
use super::diagnostic::Diagnostic;
use super::reader::{ScenarioReader, fits, listed};
use super::schema::TableSpec;
use super::suggest::nearest;
use super::tree::{TomlEntry, TomlTable};
use strsim::damerau_levenshtein;

/// So many keys can be listed in a hint.
const FEW: usize = 16;

impl ScenarioReader {
    /// Reports unknown keys, and gives the known ones that they were probably meant to be.
    pub(crate) fn check_keys(
        &mut self,
        table: &TomlTable,
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
            let error = self.unknown_key(entry, name, near, known);
            self.report(error);
        }
        excused
    }

    fn unknown_key(
        &self,
        entry: &TomlEntry,
        name: &str,
        near: Option<&str>,
        known: &[&'static str],
    ) -> Diagnostic {
        let key = entry.key.as_str();
        let shown = key.escape_debug();
        let homes = self.homes(entry, name).join(" or ");
        // What has a home of its own is no misspelling, unless a single edit makes it one.
        let near = near.filter(|near| homes.is_empty() || damerau_levenshtein(key, near) < 2);
        if near.is_none() && !homes.is_empty() {
            let message = format!("`{shown}` does not belong {}", self.under(name));
            return Diagnostic::new(Code::MisplacedKey, entry.key_at, message)
                .label("not here")
                .hint(format!("`{shown}` belongs {homes}"));
        }
        let message = format!("there is no key `{shown}` {}", self.under(name));
        let hint = match (near, self.near_elsewhere(entry, name)) {
            (Some(near), _) if homes.is_empty() => format!("did you mean `{near}`?"),
            (Some(near), _) => format!("did you mean `{near}`? (`{shown}` belongs {homes})"),
            (None, Some((near, home))) => format!("did you mean `{near}` {home}?"),
            (None, None) if known.len() <= FEW => format!("the keys here are {}", listed(known)),
            (None, None) => "docs/scenario.md lists the keys of every table".to_owned(),
        };
        let error = Diagnostic::new(Code::UnknownKey, entry.key_at, message).label("unknown key");
        if known.is_empty() {
            error
        } else {
            error.hint(hint)
        }
    }

    /// The other tables that have a key of exactly this name and this kind of value.
    fn homes(&self, entry: &TomlEntry, name: &str) -> Vec<String> {
        let has = |table: &&TableSpec| {
            let mut keys = table.keys.iter();
            keys.any(|key| key.key == entry.key && fits(&key.kind, &entry.node.value))
        };
        let mut homes: Vec<String> = self.others(name).filter(has).map(TableSpec::home).collect();
        let is_table = self.every_table().any(|table| table.name == entry.key);
        if !name.is_empty() && is_table {
            homes.push(format!("on a line of its own, as `[{}]`", entry.key));
        }
        homes
    }

    fn near_elsewhere(&self, entry: &TomlEntry, name: &str) -> Option<(&'static str, String)> {
        let keys = || {
            self.others(name)
                .flat_map(|table| table.keys.iter().map(move |key| (key, table)))
                .filter(|(key, _)| fits(&key.kind, &entry.node.value))
        };
        let near = nearest(&entry.key, keys().map(|(key, _)| key.key))?;
        let (_, table) = keys().find(|(key, _)| key.key == near)?;
        Some((near, table.home()))
    }

    /// The tables except that which a table's name belongs to.
    fn others(&self, name: &str) -> impl Iterator<Item = &'static TableSpec> + use<> {
        let is_table = self.every_table().any(|table| table.name == name);
        let own = if is_table {
            name
        } else {
            name.split('.').next().unwrap_or(name)
        };
        // Scales have the names of states and traits: they are only meant among scales.
        let scales = name.starts_with("measurement");
        let own = own.to_owned();
        self.every_table().filter(move |table| {
            table.name != own && (scales || !table.name.starts_with("measurement."))
        })
    }
}
