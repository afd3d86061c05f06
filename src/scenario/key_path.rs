//! Paths: dotted keys, by which single values of a scenario are set from outside and by a sweep.

use super::code::Code;

use super::diagnostic::Diagnostic;
use super::distribution::spec::FamilySpec;
use super::source::Span;
use super::spec::{PARTNERS, Variable, place_of};
use super::tree::{TomlNode, TomlTable, TomlValue};
use crate::model::types::TRAITS;
use crate::simulation::InitialVariable;

/// The tables that are lists, by their whole names.
const LISTS: [&str; 3] = ["event", "claim", "sweep.axis"];

/// A dotted key with the places of its parts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct KeyPath {
    text: String,
    /// Parts of the key with their first and last byte.
    parts: Vec<(String, usize, usize)>,
}

impl KeyPath {
    /// Accepts the first `end` bytes of a text apart; what follows `correlations.` is one part.
    pub(crate) fn new(text: &str, end: usize) -> KeyPath {
        KeyPath {
            text: text[..end].to_owned(),
            parts: parts(text, end),
        }
    }

    /// The place of a part that says nothing.
    pub(crate) fn empty_part(&self) -> Option<(usize, usize)> {
        let empty = self.parts.iter().find(|(part, _, _)| part.is_empty())?;
        Some((empty.1, empty.2))
    }

    /// The parts' names.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.parts
            .iter()
            .map(|(part, _, _)| part.as_str())
            .collect()
    }

    /// The dotted key, without quotes.
    pub(crate) fn key(&self) -> String {
        self.names().join(".")
    }

    /// The key with a value, as `--set` would take them.
    pub(crate) fn assignment(&self, value: &str) -> String {
        format!("{}={value}", self.text)
    }

    /// Where the value stands in an assignment that is this source.
    pub(crate) fn value_span(&self, number: usize, value: &str) -> Span {
        let start = self.text.len() + 1;
        Span::new(number, start, start + value.len())
    }

    /// Sets the value in the tree; `number` is that of the path's source.
    ///
    /// # Errors
    /// [`Code::NothingToSet`](Code::NothingToSet) where the path leads through what is no table.
    pub(crate) fn set(
        &self,
        root: &mut TomlTable,
        number: usize,
        node: TomlNode,
    ) -> Result<(), Box<Diagnostic>> {
        let parts: Vec<(&str, Span)> = self
            .parts
            .iter()
            .map(|(part, start, end)| (part.as_str(), Span::new(number, *start, *end)))
            .collect();
        set(root, &parts, node)
    }
}

/// Sets the value at a key whose parts have places of their own.
///
/// # Errors
/// As [`KeyPath::set`].
pub(crate) fn set(
    root: &mut TomlTable,
    parts: &[(&str, Span)],
    node: TomlNode,
) -> Result<(), Box<Diagnostic>> {
    take_over_distribution(root, parts);
    let Some(((last, last_at), parents)) = parts.split_last() else {
        return Ok(());
    };
    let mut table = root;
    let mut index = 0;
    while index < parents.len() {
        let (name, at) = parents[index];
        let whole: Vec<&str> = parents[..=index].iter().map(|part| part.0).collect();
        let whole = whole.join(".");
        if table.node(name).is_none() && LISTS.contains(&whole.as_str()) {
            return Err(no_item(&whole, 0, at));
        }
        if table.node(name).is_none() {
            let empty = TomlNode {
                value: TomlValue::Table(TomlTable::new(at)),
                at,
            };
            table.set(name, at, empty);
        }
        let node = table
            .node_mut(name)
            .expect("the entry that was just made or found");
        let kind = node.value.kind();
        table = match &mut node.value {
            TomlValue::Table(inner) => inner,
            TomlValue::List(list) => {
                index += 1;
                let place = parents
                    .get(index)
                    .and_then(|(place, _)| place.parse::<usize>().ok());
                let (count, at) = (list.len(), parts[index.min(parts.len() - 1)].1);
                match place
                    .and_then(|place| list.get_mut(place))
                    .map(|item| &mut item.value)
                {
                    Some(TomlValue::Table(inner)) => inner,
                    _ => return Err(no_item(&whole, count, at)),
                }
            }
            _ => return Err(no_table(name, kind, last, at)),
        };
        index += 1;
    }
    drop_other_words(table, last);
    table.set(last, *last_at, node);
    Ok(())
}

/// Where one number of a distribution is set that the file leaves to both partners or to the
/// default, writes that distribution out first.
fn take_over_distribution(root: &mut TomlTable, parts: &[(&str, Span)]) {
    let names: Vec<&str> = parts.iter().map(|part| part.0).collect();
    let (name, person, key) = match names[..] {
        [
            name @ ("traits" | "initial" | "childhood"),
            role,
            key,
            _,
            ..,
        ] if PARTNERS.contains(&role) => (name, Some(role), key),
        [
            name @ ("traits" | "initial" | "childhood" | "couple"),
            key,
            _,
            ..,
        ] if !PARTNERS.contains(&key) => (name, None, key),
        _ => return,
    };
    let shared = root.node(name).and_then(TomlNode::table);
    let own = match person {
        Some(role) => shared
            .and_then(|table| table.node(role))
            .and_then(TomlNode::table),
        None => shared,
    };
    if own.is_some_and(|table| table.node(key).is_some()) {
        return;
    }
    let at = parts[0].1;
    let inherited = person
        .and(shared)
        .and_then(|table| table.node(key))
        .cloned();
    let default = place_of(name, key);
    let Some(node) = inherited.or_else(|| default.and_then(|place| default_node(place, at))) else {
        return;
    };
    let mut table = root;
    for step in std::iter::once(name).chain(person) {
        if table.node(step).is_none() {
            table.set(
                step,
                at,
                TomlNode {
                    value: TomlValue::Table(TomlTable::new(at)),
                    at,
                },
            );
        }
        match table.node_mut(step).map(|node| &mut node.value) {
            Some(TomlValue::Table(inner)) => table = inner,
            _ => return,
        }
    }
    table.set(key, at, node);
}

/// The default distribution of a number as if it had been written; `None` for a single number.
fn default_node(place: InitialVariable, at: Span) -> Option<TomlNode> {
    let variable = Variable::default_of(place);
    let mut table = TomlTable::new(at);
    let set = |table: &mut TomlTable, key: &str, value| table.set(key, at, TomlNode { value, at });
    let word = variable.distribution.family?.word;
    set(&mut table, "dist", TomlValue::Text(word.to_owned()));
    for (key, value) in &variable.distribution.numbers {
        set(&mut table, key, TomlValue::Float(*value));
    }
    let mut slopes = TomlTable::new(at);
    for (on, by) in &variable.slopes {
        set(&mut slopes, TRAITS[*on].key, TomlValue::Float(*by));
    }
    if !variable.slopes.is_empty() {
        set(&mut table, "slopes", TomlValue::Table(slopes));
    }
    let value = TomlValue::Table(table);
    Some(TomlNode { value, at })
}

fn no_item(name: &str, count: usize, at: Span) -> Box<Diagnostic> {
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
    let error = Diagnostic::new(Code::NothingToSet, at, message).label("none of this number");
    Box::new(error.hint(hint))
}

fn no_table(name: &str, kind: &str, last: &str, at: Span) -> Box<Diagnostic> {
    let message = format!("`{name}` is {kind} in this scenario, so that it has no `{last}`");
    let error = Diagnostic::new(Code::NothingToSet, at, message).label("no table");
    Box::new(error.hint(format!("set `{name}` itself")))
}

/// Accepts out what says the same number of a distribution in another way, such as the log-odds of a
/// median that is about to be set.
fn drop_other_words(table: &mut TomlTable, key: &str) {
    let family = match table.node("dist").map(|node| &node.value) {
        Some(TomlValue::Text(word)) => FamilySpec::named(word),
        _ => None,
    };
    let either = family.map_or(&[][..], |family| family.either);
    if either.contains(&key) {
        table
            .entries
            .retain(|entry| !either.contains(&entry.key.as_str()));
    }
}

/// First byte of a sign that stands outside quotes.
pub(crate) fn outside_quotes(text: &str, sign: char) -> Option<usize> {
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
fn parts(text: &str, end: usize) -> Vec<(String, usize, usize)> {
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
