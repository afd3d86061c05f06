//! A TOML document as a tree: entries in the order of the text, each key and value with its span; and
//! values as TOML text, exact enough to be read back without loss.
//!
//! serde stops at the first error. This tree also takes overrides from the command line, whose spans
//! point into other texts.

use super::diagnostic::Span;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TomlNode {
    pub(crate) value: TomlValue,
    pub(crate) at: Span,
}

/// A value of TOML.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TomlValue {
    Text(String),
    Integer(i64),
    Float(f64),
    /// A number that fits no type, as it was written.
    TooBig(String),
    Bool(bool),
    Date,
    List(Vec<TomlNode>),
    Table(TomlTable),
}

/// A table's entries in the order of the text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TomlTable {
    pub(crate) entries: Vec<TomlEntry>,
    pub(crate) at: Span,
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TomlEntry {
    pub(crate) key: String,
    pub(crate) key_at: Span,
    pub(crate) node: TomlNode,
}

impl TomlValue {
    /// The kind of value in the words of a message.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            TomlValue::Text(_) => "text",
            TomlValue::Integer(_) => "a whole number",
            TomlValue::Float(_) => "a number",
            TomlValue::TooBig(_) => "a very large number",
            TomlValue::Bool(_) => "true or false",
            TomlValue::Date => "a date or time",
            TomlValue::List(_) => "a list",
            TomlValue::Table(_) => "a table",
        }
    }
}

impl TomlTable {
    pub(crate) fn new(at: Span) -> TomlTable {
        TomlTable {
            entries: Vec::new(),
            at,
        }
    }
    pub(crate) fn entry(&self, key: &str) -> Option<&TomlEntry> {
        self.entries.iter().find(|entry| entry.key == key)
    }
    pub(crate) fn node(&self, key: &str) -> Option<&TomlNode> {
        self.entry(key).map(|entry| &entry.node)
    }
    /// The table of a name inside this one.
    pub(crate) fn table(&self, name: &str) -> Option<&TomlTable> {
        self.node(name).and_then(TomlNode::table)
    }
    pub(crate) fn node_mut(&mut self, key: &str) -> Option<&mut TomlNode> {
        self.entries
            .iter_mut()
            .find(|entry| entry.key == key)
            .map(|entry| &mut entry.node)
    }
    /// Gives a key a value, in place of the one that it may have.
    pub(crate) fn set(&mut self, key: &str, key_at: Span, node: TomlNode) {
        match self.entries.iter_mut().find(|entry| entry.key == key) {
            Some(entry) => {
                entry.key_at = key_at;
                entry.node = node;
            }
            None => self.entries.push(TomlEntry {
                key: key.to_owned(),
                key_at,
                node,
            }),
        }
    }
    /// Calls `visit` with every entry of this table and those below it.
    pub(crate) fn visit<'t>(&'t self, visit: &mut impl FnMut(&'t TomlEntry)) {
        for entry in &self.entries {
            visit(entry);
            entry.node.visit(visit);
        }
    }
}

impl TomlNode {
    pub(crate) fn table(&self) -> Option<&TomlTable> {
        match &self.value {
            TomlValue::Table(table) => Some(table),
            _ => None,
        }
    }
    /// The items of a list.
    pub(crate) fn list(&self) -> Option<&[TomlNode]> {
        match &self.value {
            TomlValue::List(list) => Some(list),
            _ => None,
        }
    }
    fn visit<'t>(&'t self, visit: &mut impl FnMut(&'t TomlEntry)) {
        match &self.value {
            TomlValue::Table(table) => table.visit(visit),
            TomlValue::List(list) => list.iter().for_each(|node| node.visit(visit)),
            _ => {}
        }
    }
}

/// Accepts a parsed table over; `offset` is where its text starts in the source.
pub(crate) fn table(from: &DeTable<'_>, at: Span, offset: usize) -> TomlTable {
    let place =
        |span: std::ops::Range<usize>| Span::new(at.source, span.start + offset, span.end + offset);
    let mut entries: Vec<TomlEntry> = from
        .iter()
        .map(|(key, value)| TomlEntry {
            key: key.get_ref().to_string(),
            key_at: place(key.span()),
            node: node(value, at.source, offset),
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_at);
    TomlTable { entries, at }
}

/// Accepts a parsed value over.
pub(crate) fn node(from: &Spanned<DeValue<'_>>, source: usize, offset: usize) -> TomlNode {
    let at = Span::new(source, from.span().start + offset, from.span().end + offset);
    let value = match from.get_ref() {
        DeValue::String(text) => TomlValue::Text(text.to_string()),
        DeValue::Integer(whole) => i64::from_str_radix(whole.as_str(), whole.radix())
            .map_or_else(|_| TomlValue::TooBig(whole.to_string()), TomlValue::Integer),
        DeValue::Float(number) => float(number.as_str()),
        DeValue::Boolean(switch) => TomlValue::Bool(*switch),
        DeValue::Datetime(_) => TomlValue::Date,
        DeValue::Array(list) => TomlValue::List(
            list.iter()
                .map(|value| node(value, source, offset))
                .collect(),
        ),
        DeValue::Table(inner) => TomlValue::Table(table(inner, at, offset)),
    };
    TomlNode { value, at }
}

fn float(text: &str) -> TomlValue {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() || text.contains("inf") || text.contains("nan") => {
            TomlValue::Float(number)
        }
        _ => TomlValue::TooBig(text.to_owned()),
    }
}

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
pub(crate) fn toml_line(text: &mut String, key: &str, value: &str) {
    text.push_str(&format!("{key} = {value}\n"));
}

/// A tree without errors as a document that reads back as the same tree: what stands above all tables,
/// then a `[table]` for each table, and a `[[table]]` for each table of a list.
pub(crate) fn toml_document(root: &TomlTable) -> String {
    let mut text = String::new();
    write_table(&mut text, root, "");
    text.trim_start().to_owned()
}

fn write_table(text: &mut String, table: &TomlTable, name: &str) {
    let has_header = |node: &TomlNode| match &node.value {
        // A distribution stays on its line.
        TomlValue::Table(inner) => {
            name.is_empty() || (!name.contains('.') && inner.node("dist").is_none())
        }
        TomlValue::List(list) => !list.is_empty() && list.iter().all(|item| item.table().is_some()),
        _ => false,
    };
    let (inner, own): (Vec<&TomlEntry>, Vec<&TomlEntry>) =
        (table.entries.iter()).partition(|entry| has_header(&entry.node));
    for entry in own {
        toml_line(text, &toml_key(&entry.key), &toml_value(&entry.node.value));
    }
    for entry in inner {
        let key = toml_key(&entry.key);
        let name = match name {
            "" => key,
            _ => format!("{name}.{key}"),
        };
        match &entry.node.value {
            TomlValue::Table(inner) => {
                text.push_str(&format!("\n[{name}]\n"));
                write_table(text, inner, &name);
            }
            _ => {
                for item in entry.node.list().into_iter().flatten() {
                    text.push_str(&format!("\n[[{name}]]\n"));
                    let entries = item.table().map_or(&[][..], |table| &table.entries);
                    for entry in entries {
                        toml_line(text, &toml_key(&entry.key), &toml_value(&entry.node.value));
                    }
                }
            }
        }
    }
}
