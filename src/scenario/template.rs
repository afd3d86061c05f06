//! The template: a scenario with every key, its default, unit, range and meaning.
//!
//! Remarks begin with `# `; a key or table that is switched off begins with `#` and no space, so that
//! removing that sign switches it on.

use super::schema::{KeySpec, TableForm, TableSpec, TemplateForm, ValueKind};
use super::spec::{Variable, place_of};
use super::value::{Accepts, integers, span_of};

const HEAD: &str = "\
# A pairbond scenario: one question to couples, as a text.
#
# Lines that begin with `#` and a space are remarks. Lines that begin with `#` and no space are keys
# with their defaults, or examples where it says so: take the `#` away and change the value.
# `pairbond check FILE` shows every error; docs/scenario.md describes every key.

";

/// The commented scenario of `pairbond new`; as it stands, it is the default scenario.
pub(crate) fn template(tables: &[TableSpec]) -> String {
    let mut text = HEAD.to_owned();
    for table in tables {
        text.push_str(&head(table));
        for key in &table.keys {
            if table.shown == TemplateForm::Described || matches!(key.kind, ValueKind::Special(_)) {
                text.push_str(&remark(key, &format!("{}: ", key.key)));
            } else {
                text.push_str(&(remark(key, "") + &assignment(table, key)));
            }
        }
        for inner in &table.inner {
            text.push_str(&inner_table(table, inner));
        }
        text.push_str(table.examples);
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// A table inside another: described as that is, or switched off.
fn inner_table(table: &TableSpec, inner: &TableSpec) -> String {
    if table.shown == TemplateForm::Described {
        let name = inner.name.rsplit('.').next().unwrap_or(inner.name);
        let described = |key: &KeySpec| remark(key, &format!("{name}.{}: ", key.key));
        return inner.keys.iter().map(described).collect();
    }
    let keys = inner.keys.iter().map(|key| assignment(inner, key));
    format!("#[{}]\n", inner.name) + &keys.collect::<String>()
}

fn head(table: &TableSpec) -> String {
    match (table.form, table.shown) {
        (TableForm::Top, _) => String::new(),
        (TableForm::Named, _) => fold(table.doc),
        (_, TemplateForm::Active) => format!("# {}\n[{}]\n", table.doc, table.name),
        (_, TemplateForm::Optional) => fold(table.doc) + &format!("#[{}]\n", table.name),
        (_, TemplateForm::Described) => format!("# {}. Their keys:\n", table.doc),
    }
}

/// Meaning, unit and range, folded to lines that fit a screen.
fn remark(key: &KeySpec, name: &str) -> String {
    let unit = if matches!(key.unit, "" | "1") {
        String::new()
    } else {
        format!(" [{}]", key.unit)
    };
    let range = match &key.kind {
        ValueKind::Text { .. } | ValueKind::One(Accepts::Switch) => String::new(),
        ValueKind::Variable(line) => span_of(line.low, line.high),
        ValueKind::One(Accepts::Integer { low, high }) => integers(*low, *high),
        ValueKind::One(Accepts::Number { low, high }) => span_of(*low, *high),
        ValueKind::Words(words) => format!("any of {}", words.join(", ")),
        _ if key.names_keys => "a key of its table".to_owned(),
        kind => kind.expected(),
    };
    let range = if range.is_empty() {
        range
    } else {
        format!("; {range}")
    };
    fold(&format!("{name}{}{unit}{range}", key.doc))
}

fn fold(remark: &str) -> String {
    const WIDTH: usize = 98;
    let mut text = String::new();
    let mut line = String::from("#");
    for word in remark.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            text.push_str(&line);
            text.push('\n');
            line = String::from("#  ");
        }
        line.push(' ');
        line.push_str(word);
    }
    text + &line + "\n"
}

/// The key with its default; where that follows from other keys, with an example.
fn assignment(table: &TableSpec, key: &KeySpec) -> String {
    let value = match key.kind {
        ValueKind::Variable(_) => default_variable(table, key),
        _ if key.default.is_empty() => key.example.to_owned(),
        _ => key.default.to_string(),
    };
    let off = if key.active { "" } else { "#" };
    format!("{off}{} = {value}\n", key.key)
}

/// The default of a number that may vary, as TOML.
pub(crate) fn default_variable(table: &TableSpec, key: &KeySpec) -> String {
    let place = place_of(table.name, key.key);
    place.map_or_else(String::new, |place| Variable::default_of(place).to_toml())
}
