//! The tree: a TOML document as its author wrote it, each key and value with its place.
//!
//! It is our own and not serde's, because serde stops at the first error, and because overrides
//! from the command line are grafted onto it with places of their own.

use super::source::Span;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) at: Span,
}

/// A value of TOML.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Text(String),
    Whole(i64),
    Number(f64),
    /// A number that fits no type, as it was written.
    Huge(String),
    Switch(bool),
    Date,
    List(Vec<Node>),
    Table(Table),
}

/// A table's entries in the order of the text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Table {
    pub(crate) entries: Vec<Entry>,
    pub(crate) at: Span,
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_at: Span,
    pub(crate) node: Node,
}

impl Value {
    /// The kind of value in the words of a message.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Value::Text(_) => "text",
            Value::Whole(_) => "a whole number",
            Value::Number(_) => "a number",
            Value::Huge(_) => "a very large number",
            Value::Switch(_) => "true or false",
            Value::Date => "a date or time",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

impl Table {
    pub(crate) fn new(at: Span) -> Table {
        Table {
            entries: Vec::new(),
            at,
        }
    }
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }
    pub(crate) fn node(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }
    pub(crate) fn node_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.entries
            .iter_mut()
            .find(|entry| entry.key == key)
            .map(|entry| &mut entry.node)
    }
    /// Gives a key a value, in place of the one that it may have.
    pub(crate) fn set(&mut self, key: &str, key_at: Span, node: Node) {
        match self.entries.iter_mut().find(|entry| entry.key == key) {
            Some(entry) => {
                entry.key_at = key_at;
                entry.node = node;
            }
            None => self.entries.push(Entry {
                key: key.to_owned(),
                key_at,
                node,
            }),
        }
    }
    /// Calls `visit` with every entry of this table and those below it.
    pub(crate) fn visit<'t>(&'t self, visit: &mut impl FnMut(&'t Entry)) {
        for entry in &self.entries {
            visit(entry);
            entry.node.visit(visit);
        }
    }
}

impl Node {
    pub(crate) fn table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }
    fn visit<'t>(&'t self, visit: &mut impl FnMut(&'t Entry)) {
        match &self.value {
            Value::Table(table) => table.visit(visit),
            Value::List(list) => list.iter().for_each(|node| node.visit(visit)),
            _ => {}
        }
    }
}

/// Takes a parsed table over; `offset` is where its text starts in the source.
pub(crate) fn table(from: &DeTable<'_>, at: Span, offset: usize) -> Table {
    let place =
        |span: std::ops::Range<usize>| Span::new(at.source, span.start + offset, span.end + offset);
    let mut entries: Vec<Entry> = from
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            key_at: place(key.span()),
            node: node(value, at.source, offset),
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_at);
    Table { entries, at }
}

/// Takes a parsed value over.
pub(crate) fn node(from: &Spanned<DeValue<'_>>, source: usize, offset: usize) -> Node {
    let at = Span::new(source, from.span().start + offset, from.span().end + offset);
    let value = match from.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(whole) => i64::from_str_radix(whole.as_str(), whole.radix())
            .map_or_else(|_| Value::Huge(whole.to_string()), Value::Whole),
        DeValue::Float(number) => float(number.as_str()),
        DeValue::Boolean(switch) => Value::Switch(*switch),
        DeValue::Datetime(_) => Value::Date,
        DeValue::Array(list) => Value::List(
            list.iter()
                .map(|value| node(value, source, offset))
                .collect(),
        ),
        DeValue::Table(inner) => Value::Table(table(inner, at, offset)),
    };
    Node { value, at }
}

fn float(text: &str) -> Value {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() || text.contains("inf") || text.contains("nan") => {
            Value::Number(number)
        }
        _ => Value::Huge(text.to_owned()),
    }
}
