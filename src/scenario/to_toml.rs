//! Values as TOML text, exact enough to be read back without loss.

use super::tree::{TomlTable, TomlValue};

/// A number as TOML writes it, exactly.
pub(crate) fn toml_number(value: f64) -> String {
    format!("{value:?}")
}

/// A text as a TOML string.
pub(crate) fn toml_text(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A list as TOML, of items that are TOML already.
pub(crate) fn toml_list(items: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", items.into_iter().collect::<Vec<_>>().join(", "))
}

/// A list of texts.
pub(crate) fn toml_texts<'t>(items: impl IntoIterator<Item = &'t str>) -> String {
    toml_list(items.into_iter().map(toml_text))
}

/// An inline table of keys and values that are TOML already.
pub(crate) fn toml_inline(entries: impl IntoIterator<Item = (String, String)>) -> String {
    let entries = entries
        .into_iter()
        .map(|(key, value)| format!("{key} = {value}"));
    format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
}

/// A key as TOML writes it, in quotes where it needs them.
pub(crate) fn toml_key(key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !key.is_empty() && key.chars().all(plain) {
        key.to_owned()
    } else {
        toml_text(key)
    }
}

/// Any value of a tree without errors.
pub(crate) fn toml_value(value: &TomlValue) -> String {
    match value {
        TomlValue::Text(text) => toml_text(text),
        TomlValue::Integer(integer) => integer.to_string(),
        TomlValue::Float(number) => toml_number(*number),
        TomlValue::Bool(on) => on.to_string(),
        TomlValue::List(list) => toml_list(list.iter().map(|node| toml_value(&node.value))),
        TomlValue::Table(TomlTable { entries, .. }) => toml_inline(
            entries
                .iter()
                .map(|entry| (toml_key(&entry.key), toml_value(&entry.node.value))),
        ),
        // A tree without errors holds neither.
        TomlValue::TooBig(digits) => digits.clone(),
        TomlValue::Date => toml_text(""),
    }
}

/// Adds a line.
pub(crate) fn line(text: &mut String, key: &str, value: &str) {
    text.push_str(&format!("{key} = {value}\n"));
}
