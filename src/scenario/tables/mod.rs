//! Every table of a scenario, in the order of the template, and reading them.
//!
//! A new table is a file here with its [`TableSpec`], and a line in [`TABLES`].

pub(crate) mod about;
pub(crate) mod correlations;
pub(crate) mod event;
pub(crate) mod group;
pub(crate) mod measurement;
pub(crate) mod model;
pub(crate) mod power;
pub(crate) mod recover;
pub(crate) mod run;
pub(crate) mod study;

use super::reader::ScenarioReader;
use super::schema::TableSpec;
use super::spec::ScenarioSpec;
use super::tree::{TomlTable, toml_line};
use crate::scenario::claims::schema as claims;
use crate::scenario::sweep::schema as sweep;
use std::sync::LazyLock;

/// What reads a table into the spec.
enum Read {
    /// The places of its keys.
    Keys,
    /// Its own reader.
    Own(fn(&mut ScenarioReader, &TomlTable, &mut ScenarioSpec)),
    /// One of the tables before reads it too, or it is read after all others.
    Elsewhere,
}

/// Every table with its reader.
const TABLES: &[(fn() -> TableSpec, Read)] = &[
    (run::top, Read::Own(run::read_top)),
    (run::run, Read::Own(run::read_run)),
    (model::traits, Read::Own(model::read_variables)),
    (model::initial, Read::Elsewhere),
    (model::childhood, Read::Elsewhere),
    (model::couple, Read::Elsewhere),
    (correlations::table, Read::Own(correlations::read)),
    (model::mechanisms, Read::Keys),
    (model::parameters, Read::Keys),
    (event::table, Read::Own(event::read)),
    (run::record, Read::Own(run::read_record)),
    (run::regimes, Read::Keys),
    (measurement::table, Read::Own(measurement::read)),
    (group::table, Read::Own(group::read)),
    (study::table, Read::Own(study::read)),
    (power::table, Read::Own(power::read)),
    (recover::table, Read::Elsewhere),
    (recover::rivals, Read::Elsewhere),
    (about::table, Read::Own(about::read)),
    (sweep::table, Read::Elsewhere),
    (claims::conditions, Read::Elsewhere),
    (claims::claims, Read::Elsewhere),
];

/// The description of every table.
pub(crate) fn all() -> &'static [TableSpec] {
    static ALL: LazyLock<Vec<TableSpec>> =
        LazyLock::new(|| TABLES.iter().map(|(table, _)| table()).collect());
    &ALL
}

/// All that a spec holds as TOML, defaults included.
pub(crate) fn to_toml(spec: &ScenarioSpec) -> String {
    let mut places = spec.clone();
    let mut text = String::new();
    for table in all() {
        if let Some(write) = table.write {
            text.push_str(&write(spec, table));
            continue;
        }
        let values = table.keys.iter().filter_map(|key| {
            let value = key.access.to_toml(&mut places, key.key)?;
            Some((key.key, value))
        });
        for (index, (key, value)) in values.enumerate() {
            if index == 0 && !table.name.is_empty() {
                text.push_str(&format!("\n[{}]\n", table.name));
            }
            toml_line(&mut text, key, &value);
        }
    }
    text
}

/// Reads every table but sweep, conditions and claims; where the reader has errors afterwards, defaults
/// stand in their place.
pub(crate) fn read(reader: &mut ScenarioReader, root: &TomlTable) -> ScenarioSpec {
    let mut spec = ScenarioSpec::default();
    for (table, (_, read)) in all().iter().zip(TABLES) {
        read_table(reader, root, table, read, &mut spec);
    }
    spec
}

/// Reads again what depends on some tables, into the spec that was read from `root` before these
/// tables changed.
pub(crate) fn read_again(
    reader: &mut ScenarioReader,
    root: &TomlTable,
    changed: &[&str],
    spec: &mut ScenarioSpec,
) {
    let variables = ["traits", "initial", "childhood", "couple"];
    let has = |names: &[&str]| changed.iter().any(|name| names.contains(name));
    for (table, (_, read)) in all().iter().zip(TABLES) {
        let depends = match table.name {
            "traits" => has(&variables),
            "correlations" => has(&variables) || has(&["correlations"]),
            "record" | "measurement" | "group" | "study" => has(&["run", table.name]),
            name => has(&[name]),
        };
        if depends {
            read_table(reader, root, table, read, spec);
        }
    }
}

fn read_table(
    reader: &mut ScenarioReader,
    root: &TomlTable,
    table: &TableSpec,
    read: &Read,
    spec: &mut ScenarioSpec,
) {
    match read {
        Read::Keys => {
            let table = reader.open(root, table.name);
            reader.read_keys(&table, spec);
        }
        Read::Own(read) => read(reader, root, spec),
        Read::Elsewhere => {}
    }
}
