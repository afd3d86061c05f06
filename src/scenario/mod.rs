//! Scenarios: a researcher's question as a text, read into a [`Scenario`] with every error reported.
//!
//! A [`Scenario`] is the proof that its text was valid: nothing needs to be checked again. Reading
//! never stops at the first error; [`Diagnostics`] come with code, place, label and hint, and
//! warnings travel with the scenario.
//!
//! Each table of a scenario is described once, as a [`TableSpec`](schema::TableSpec) in [`tables`].

pub(crate) mod changes;
pub(crate) mod claims;
pub(crate) mod comparison;
pub(crate) mod csv_text;
pub(crate) mod diagnostic;
pub(crate) mod distribution;
pub(crate) mod docs;
pub(crate) mod document;
pub(crate) mod dotted_keys;
pub(crate) mod file;
pub(crate) mod json_schema;
pub(crate) mod lints;
pub(crate) mod nearest;
pub(crate) mod parsed;
pub(crate) mod power_spec;
pub(crate) mod prior;
pub(crate) mod rate_ceilings;
pub(crate) mod reader;
pub(crate) mod recover;
pub(crate) mod schema;
pub(crate) mod spec;
pub(crate) mod sweep;
pub(crate) mod syntax;
pub(crate) mod tables;
#[cfg(test)]
mod tests;
pub(crate) mod tree;
pub(crate) mod value;

pub(crate) use claims::{
    Claim, ClaimRule, Claims, Contrast, DEFAULT_MAX_RUNS, Observed, ObservedDays,
};
pub(crate) use diagnostic::{Diagnostics, Style};
pub(crate) use docs::explained_codes;
pub(crate) use document::{largest, refuse_size, text_of};
pub(crate) use dotted_keys::Override;
pub(crate) use nearest::nearest;
pub(crate) use parsed::Scenario;
use schema::{KeySpec, TableForm, TableSpec};
#[cfg(test)]
pub(crate) use sweep::schema::RESERVED_NAMES;
pub(crate) use sweep::{
    AxisValues, DerivedAxis, PointLabels, ScenarioAxis, Sweep, SweepMeasure, SweepPoints, Until,
};
pub(crate) use value::Setting;

/// The commented scenario of `pairbond new --full`: as it stands, it is the default scenario.
pub(crate) fn template() -> String {
    docs::template(tables::all())
}

/// The short commented scenario of `pairbond new`.
pub(crate) fn short_template() -> String {
    docs::short_template()
}

/// The dotted paths of all keys that `--set` takes, those of tables that most scenarios have first.
pub(crate) fn settable_paths() -> Vec<String> {
    let first = ["run", "record"];
    let mut tables: Vec<_> = tables::all().iter().collect();
    tables.sort_by_key(|table| !first.contains(&table.name));
    let single = |table: &&&TableSpec| !matches!(table.form, TableForm::List(_) | TableForm::Named);
    let paths = |table: &&TableSpec| -> Vec<String> {
        let path = |key: &KeySpec| match table.name {
            "" => key.key.to_owned(),
            name => format!("{name}.{}", key.key),
        };
        table.keys.iter().map(path).collect()
    };
    tables.iter().filter(single).flat_map(paths).collect()
}

/// Every table and key, with all names that each goes by and its description.
pub(crate) fn explained_keys() -> Vec<(Vec<String>, String)> {
    docs::explained(tables::all())
}

/// The text of docs/scenario.md, which a test compares with the page.
#[cfg(test)]
pub(crate) fn reference() -> String {
    docs::reference(tables::all())
}

/// The JSON Schema (draft 2020-12) of a scenario file.
pub(crate) fn json_schema() -> serde_json::Value {
    json_schema::json_schema(tables::all())
}
