//! Overrides: single keys set from outside the file, by their dotted names.

use super::code::FaultCode as Code;
use super::draws::{PARTNERS, place_of, usual_draw};
use super::notice::{Fault, Faults};
use super::source::{Source, Span};
use super::tree::{self, Node, Table, Value};
use std::fmt;
use toml::de::DeValue;

/// The table that is a list.
const EVENTS: &str = "event";

/// One `KEY=VALUE`, as given to `--set`.
#[derive(Clone, Debug, PartialEq)]
pub struct Override {
    text: String,
    /// Parts of the key with their first and last byte.
    path: Vec<(String, usize, usize)>,
    /// First byte of the value.
    value_at: usize,
}

impl Override {
    /// Reads `KEY=VALUE`, such as `run.couples=200` or `traits.a.openness.median=1.2`.
    ///
    /// The value is TOML; a word without quotes is taken as text. Parts of the key that are not
    /// bare words may stand in quotes; what follows `correlations.` is one name. Whether the key
    /// leads anywhere shows when the scenario is read.
    ///
    /// # Errors
    /// [`FaultCode::BadOverride`](Code::BadOverride), pointing into the text.
    pub fn parse(text: &str) -> Result<Override, Faults> {
        let refuse = |start: usize, end: usize, message: &str| {
            let fault = Fault::new(Code::BadOverride, Span::new(0, start, end), message)
                .label("here")
                .hint("write for example `run.couples=200`");
            Faults::new(vec![source(text)], vec![fault])
        };
        let equals = outside_quotes(text, '=')
            .ok_or_else(|| refuse(0, text.len(), "there is no `=` between key and value"))?;
        let value_at = equals + 1;
        if text[value_at..].trim().is_empty() {
            return Err(refuse(equals, value_at, "there is no value after the `=`"));
        }
        let path = path(text, equals);
        match path.iter().find(|(part, _, _)| part.is_empty()) {
            Some((_, start, end)) => Err(refuse(*start, *end, "a part of the key is empty")),
            None => Ok(Override {
                text: text.to_owned(),
                path,
                value_at,
            }),
        }
    }

    /// The text that it was read from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The dotted key.
    pub fn key(&self) -> String {
        let parts: Vec<&str> = self.path.iter().map(|(part, _, _)| part.as_str()).collect();
        parts.join(".")
    }

    pub(super) fn source(&self) -> Source {
        source(&self.text)
    }

    /// Sets the value in the tree; `number` is that of the override's source.
    pub(super) fn apply(&self, root: &mut Table, number: usize) -> Result<(), Fault> {
        let node = self.value(number)?;
        self.take_over_distribution(root, number);
        let spans: Vec<Span> = self
            .path
            .iter()
            .map(|(_, start, end)| Span::new(number, *start, *end))
            .collect();
        let Some(((last, _, _), parents)) = self.path.split_last() else {
            return Ok(());
        };
        let mut table = root;
        let mut index = 0;
        while index < parents.len() {
            let name = &parents[index].0;
            if table.node(name).is_none() && name == EVENTS {
                return Err(no_item(name, 0, spans[index]));
            }
            if table.node(name).is_none() {
                let empty = Node {
                    value: Value::Table(Table::new(spans[index])),
                    at: spans[index],
                };
                table.set(name, spans[index], empty);
            }
            let node = table
                .node_mut(name)
                .expect("the entry that was just made or found");
            let kind = node.value.kind();
            table = match &mut node.value {
                Value::Table(inner) => inner,
                Value::List(list) => {
                    index += 1;
                    let place = parents
                        .get(index)
                        .and_then(|(place, _, _)| place.parse::<usize>().ok());
                    let (count, at) = (list.len(), spans[index.min(spans.len() - 1)]);
                    match place
                        .and_then(|place| list.get_mut(place))
                        .map(|item| &mut item.value)
                    {
                        Some(Value::Table(inner)) => inner,
                        _ => return Err(no_item(name, count, at)),
                    }
                }
                _ => return Err(no_table(name, kind, last, spans[index])),
            };
            index += 1;
        }
        table.set(last, spans[spans.len() - 1], node);
        Ok(())
    }

    fn value(&self, number: usize) -> Result<Node, Fault> {
        let text = &self.text[self.value_at..];
        let offset = self.value_at + text.len() - text.trim_start().len();
        let text = text.trim();
        match DeValue::parse(text) {
            Ok(value) => Ok(tree::node(&value, number, offset)),
            Err(_) if !text.contains(['"', '\'', '[', ']', '{', '}', '\n']) => {
                let at = Span::new(number, offset, offset + text.len());
                Ok(Node {
                    value: Value::Text(text.to_owned()),
                    at,
                })
            }
            Err(error) => {
                let span = error.span().unwrap_or(0..text.len());
                let at = Span::new(number, offset + span.start, offset + span.end);
                let message = error
                    .message()
                    .split(", expected")
                    .next()
                    .unwrap_or_default();
                let fault = Fault::new(
                    Code::BadOverride,
                    at,
                    format!("the value is not TOML: {message}"),
                );
                Err(fault.label("here").hint("put the whole override in single quotes, so that the shell leaves the double ones alone"))
            }
        }
    }

    /// Where one number of a distribution is set that the file leaves to both partners or to the
    /// default, writes that distribution out first.
    fn take_over_distribution(&self, root: &mut Table, number: usize) {
        let parts: Vec<&str> = self.path.iter().map(|(part, _, _)| part.as_str()).collect();
        let (name, person, key) = match parts[..] {
            [name @ ("traits" | "start"), role, key, _, ..] if PARTNERS.contains(&role) => {
                (name, Some(role), key)
            }
            [name @ ("traits" | "start" | "couple"), key, _, ..] if !PARTNERS.contains(&key) => {
                (name, None, key)
            }
            _ => return,
        };
        let shared = root.node(name).and_then(Node::table);
        let own = match person {
            Some(role) => shared
                .and_then(|table| table.node(role))
                .and_then(Node::table),
            None => shared,
        };
        if own.is_some_and(|table| table.node(key).is_some()) {
            return;
        }
        let at = Span::new(number, self.path[0].1, self.path[0].2);
        let inherited = person
            .and(shared)
            .and_then(|table| table.node(key))
            .cloned();
        let usual = place_of(name, key);
        let Some(node) = inherited.or_else(|| usual.and_then(|place| usual_node(place, at))) else {
            return;
        };
        let mut table = root;
        for step in std::iter::once(name).chain(person) {
            if table.node(step).is_none() {
                table.set(
                    step,
                    at,
                    Node {
                        value: Value::Table(Table::new(at)),
                        at,
                    },
                );
            }
            match table.node_mut(step).map(|node| &mut node.value) {
                Some(Value::Table(inner)) => table = inner,
                _ => return,
            }
        }
        table.set(key, at, node);
    }
}

impl fmt::Display for Override {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The usual distribution of a number as if it had been written; `None` for a single number.
fn usual_node(place: crate::simulation::Place, at: Span) -> Option<Node> {
    let drawn = usual_draw(place);
    let mut table = Table::new(at);
    let set = |table: &mut Table, key: &str, value: Value| table.set(key, at, Node { value, at });
    set(
        &mut table,
        "dist",
        Value::Text(drawn.shape.family?.word.to_owned()),
    );
    for (key, value) in &drawn.shape.numbers {
        set(&mut table, key, Value::Number(*value));
    }
    let mut slopes = Table::new(at);
    for (on, by) in &drawn.slopes {
        set(
            &mut slopes,
            crate::model::partner::TRAITS[*on].key,
            Value::Number(*by),
        );
    }
    if !drawn.slopes.is_empty() {
        set(&mut table, "slopes", Value::Table(slopes));
    }
    Some(Node {
        value: Value::Table(table),
        at,
    })
}

fn no_item(name: &str, count: usize, at: Span) -> Fault {
    let (message, hint) = match count {
        0 => (
            format!("this scenario has no [[{name}]]"),
            format!(
                "add one to the file: --set changes what is there, it does not add a [[{name}]]"
            ),
        ),
        1 => (
            format!("this scenario has one [[{name}]]"),
            format!("its number is 0: write {name}.0"),
        ),
        _ => (
            format!("this scenario has {count} [[{name}]]"),
            format!("they are numbered from 0 to {}", count - 1),
        ),
    };
    Fault::new(Code::NoAddress, at, message)
        .label("none of this number")
        .hint(hint)
}

fn no_table(name: &str, kind: &str, last: &str, at: Span) -> Fault {
    let message = format!("`{name}` is {kind} in this scenario, so that it has no `{last}`");
    Fault::new(Code::NoAddress, at, message)
        .label("no table")
        .hint(format!("set `{name}` itself"))
}

fn source(text: &str) -> Source {
    Source {
        name: format!("--set {text}"),
        text: text.to_owned(),
    }
}

/// First byte of a sign that stands outside quotes.
fn outside_quotes(text: &str, sign: char) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == sign => return Some(at),
            None => {}
        }
    }
    None
}

/// The key's parts; what follows `correlations.` is one.
fn path(text: &str, end: usize) -> Vec<(String, usize, usize)> {
    let mut path = Vec::new();
    let mut start = 0;
    loop {
        let whole = path
            .last()
            .is_some_and(|(part, _, _)| part == "correlations");
        let dot = if whole {
            None
        } else {
            outside_quotes(&text[start..end], '.')
        };
        let stop = dot.map_or(end, |length| start + length);
        let part = text[start..stop]
            .trim()
            .trim_matches(['"', '\''])
            .to_owned();
        path.push((part, start, stop));
        match dot {
            Some(_) => start = stop + 1,
            None => return path,
        }
    }
}
