//! Dotted keys, by which `--set`, conditions and sweeps set single values of a scenario: paths into the
//! tree, `KEY=VALUE`, and the keys that can be set.

use super::diagnostic::{Code, Diagnostic, Diagnostics, SourceText, Span};
use super::distribution::{FamilySpec, NumberRange, STEEP};
use super::schema::{KeySpec, TableForm, TableSpec, ValueKind};
use super::spec::{CHILDHOOD, PARTNERS, ScenarioSpec, Variable, can_be_given, key_of, place_of};
use super::tree::{self, TomlNode, TomlTable, TomlValue};
use super::value::Accepts;
use crate::model::types::TRAITS;
use crate::simulation::InitialVariable;
use std::fmt;
use toml::de::DeValue;

/// The tables that are lists, by their whole names.
const LISTS: [&str; 5] = ["event", "claim", "sweep.axis", "recover.quantity", "rival"];

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
    fn empty_part(&self) -> Option<(usize, usize)> {
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
        set_value(root, &parts, node)
    }
}

/// Sets the value at a key, each part of which has its own place.
///
/// # Errors
/// As [`KeyPath::set`].
pub(crate) fn set_value(
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
            return Err(no_item(&whole, &[], &NoItem::None, at));
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
                let (written, at) = parts[index.min(parts.len() - 1)];
                let place = item_place(&whole, list, parents.get(index).map(|_| written), at)?;
                match &mut list[place].value {
                    TomlValue::Table(inner) => inner,
                    _ => return Err(no_table(written, "no table", last, at)),
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

/// The place in a list of the item that a part of a key names: by its number from 1, or by its label, or
/// name, in which letters of either case are alike, and `_` stands for what is neither letter nor digit.
fn item_place(
    list: &str,
    items: &[TomlNode],
    written: Option<&str>,
    at: Span,
) -> Result<usize, Box<Diagnostic>> {
    let labels: Vec<Option<&str>> = items.iter().map(label_of).collect();
    let found = written.map_or(Err(NoItem::None), |written| item_number(written, &labels));
    found.map_err(|why| no_item(list, &labels, &why, at))
}

/// The label of an item of a list, or its name.
fn label_of(item: &TomlNode) -> Option<&str> {
    let table = item.table()?;
    let given = table.node("label").or_else(|| table.node("name"))?;
    match &given.value {
        TomlValue::Text(text) => Some(text),
        _ => None,
    }
}

/// Why a part of a key names no item of a list.
enum NoItem {
    /// It is 0, but the first item is 1.
    Zero,
    /// Several items have the label; their numbers.
    Several(Vec<usize>),
    /// There is none of this number or label.
    None,
}

/// The place of the item with a number from 1 or a label.
fn item_number(written: &str, labels: &[Option<&str>]) -> Result<usize, NoItem> {
    if let Ok(number) = written.parse::<usize>() {
        return match number {
            0 => Err(NoItem::Zero),
            number if number > labels.len() => Err(NoItem::None),
            number => Ok(number - 1),
        };
    }
    let wanted = plain_label(written);
    let named = labels.iter().enumerate();
    let named = named.filter(|(_, label)| label.is_some_and(|label| plain_label(label) == wanted));
    let places: Vec<usize> = named.map(|(place, _)| place).collect();
    match places[..] {
        [place] => Ok(place),
        [] => Err(NoItem::None),
        _ => Err(NoItem::Several(
            places.iter().map(|place| place + 1).collect(),
        )),
    }
}

/// A label as a part of a key: small letters and digits, and `_` for all between them.
fn plain_label(label: &str) -> String {
    let words = label.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("_").to_lowercase()
}

/// A key in which an event that is named by its label is named by its number; other keys as they are.
pub(crate) fn with_event_number(path: &KeyPath, labels: &[Option<String>]) -> String {
    let names = path.names();
    let labels: Vec<Option<&str>> = labels.iter().map(Option::as_deref).collect();
    match names[..] {
        ["event", written, ref rest @ ..] => match item_number(written, &labels) {
            Ok(place) => {
                let number = (place + 1).to_string();
                let parts = ["event", &number].into_iter().chain(rest.iter().copied());
                parts.collect::<Vec<_>>().join(".")
            }
            Err(_) => path.key(),
        },
        _ => path.key(),
    }
}

fn no_item(name: &str, labels: &[Option<&str>], why: &NoItem, at: Span) -> Box<Diagnostic> {
    let plain: Vec<String> = labels
        .iter()
        .flatten()
        .map(|label| plain_label(label))
        .collect();
    let once = plain
        .iter()
        .filter(|label| plain.iter().filter(|other| other == label).count() == 1);
    let named: Vec<String> = once.map(|label| format!("{name}.{label}")).collect();
    let or_label = match named.first() {
        Some(first) => format!(", or by its label, as in {first}"),
        None => String::new(),
    };
    let (message, label, hint) = match (why, labels.len()) {
        (_, 0) => (
            format!("this scenario has no [[{name}]]"),
            "none of this number",
            format!(
                "add one to the file: --set changes what is there, it does not add a [[{name}]]"
            ),
        ),
        (NoItem::Zero, _) => (
            format!("the first [[{name}]] is number 1"),
            "counted from 1",
            format!("write {name}.1 for the first{or_label}"),
        ),
        (NoItem::Several(numbers), _) => {
            let numbers: Vec<String> = numbers.iter().map(|it| format!("{name}.{it}")).collect();
            (
                format!("several [[{name}]] have this label"),
                "which of them?",
                format!("write one of {}", numbers.join(", ")),
            )
        }
        (NoItem::None, 1) => (
            format!("this scenario has one [[{name}]]"),
            "none of this number or label",
            format!("write {name}.1{or_label}"),
        ),
        (NoItem::None, count) => (
            format!("this scenario has {count} [[{name}]]"),
            "none of this number or label",
            match named.is_empty() {
                true => format!("they are numbered from 1 to {count}"),
                false => format!(
                    "they are numbered from 1 to {count}; by label they are {}",
                    named.join(", ")
                ),
            },
        ),
    };
    Box::new(
        Diagnostic::new(Code::NothingToSet, at, message)
            .label(label)
            .hint(hint),
    )
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
        let written = text[start..stop].trim();
        let first = stop - text[start..stop].trim_start().len();
        let part = written.trim_matches(['"', '\'']).to_owned();
        let (first, last) = match written {
            "" => (start, stop),
            _ => (first, first + written.len()),
        };
        path.push((part, first, last));
        match dot {
            Some(_) => start = stop + 1,
            None => return path,
        }
    }
}

/// One `KEY=VALUE`, as given to `--set`.
#[derive(Clone, Debug)]
pub(crate) struct Override {
    source: SourceText,
    path: KeyPath,
    /// First byte of the value.
    value_at: usize,
    /// Whether it is a line of a file.
    in_file: bool,
}

impl PartialEq for Override {
    /// Whether both set the same, from whatever source.
    fn eq(&self, other: &Override) -> bool {
        self.text() == other.text()
    }
}

/// The table and the position from 0 of `event[0].factor`, as other languages write it.
fn bracketed(key: &str) -> Option<(&str, u32)> {
    let (name, rest) = key.trim().split_once('[')?;
    let (place, _) = rest.split_once(']')?;
    let is_name = !name.is_empty() && !name.contains(['"', '\'']);
    place
        .parse()
        .ok()
        .filter(|_| is_name)
        .map(|place| (name, place))
}

impl Override {
    /// Reads `KEY=VALUE`, such as `run.couples=200` or `traits.a.openness.median=1.2`.
    ///
    /// The value is TOML; a word without quotes is taken as text. Parts of the key that are not
    /// bare words may stand in quotes; what follows `correlations.` is one name. Whether the key
    /// leads anywhere shows when the scenario is read.
    ///
    /// # Errors
    /// [`Code::BadOverride`](Code::BadOverride), pointing into the text.
    pub(crate) fn parse(text: &str) -> Result<Override, Diagnostics> {
        Override::from_source(SourceText::new(&format!("--set {text}"), text))
    }

    /// Reads the `KEY=VALUE` of a line of a file, by its number.
    ///
    /// # Errors
    /// As [`Override::parse`].
    pub(crate) fn from_line(
        file_name: &str,
        number: usize,
        line: &str,
    ) -> Result<Override, Diagnostics> {
        let source = SourceText::line(file_name, number, line);
        let read = Override::from_source(source)?;
        Ok(Override {
            in_file: true,
            ..read
        })
    }

    fn from_source(source: SourceText) -> Result<Override, Diagnostics> {
        let text = source.text.as_str();
        const EXAMPLE: &str = "write for example `run.couples=200`";
        let refuse = |start: usize, end: usize, message: &str, hint: &str| {
            let error = Diagnostic::new(Code::BadOverride, Span::new(0, start, end), message)
                .label("here")
                .hint(hint);
            Diagnostics::new(vec![source.clone()], vec![error])
        };
        let Some(equals) = outside_quotes(text, '=') else {
            let start = text.len() - text.trim_start().len();
            let end = text.trim_end().len().max(start);
            let message = "there is no `=` between key and value";
            return Err(match text.trim().split_once([':', ' ']) {
                Some((key, value)) if !key.is_empty() && !value.trim().is_empty() => {
                    let hint = format!("write `{key}={}`", value.trim());
                    refuse(start, end, message, &hint)
                }
                _ => refuse(start, end, message, EXAMPLE),
            });
        };
        let value_at = equals + 1;
        if text[value_at..].trim().is_empty() {
            return Err(refuse(
                equals,
                value_at,
                "there is no value after the `=`",
                EXAMPLE,
            ));
        }
        let path = KeyPath::new(text, equals);
        if let Some((name, place)) = bracketed(&text[..equals]) {
            let start = text.len() - text.trim_start().len();
            let hint = format!("entries are numbered from 1: write `{name}.{}`", place + 1);
            return Err(refuse(start, equals, "a key has no brackets", &hint));
        }
        match path.empty_part() {
            Some((start, end)) => Err(refuse(start, end, "a part of the key is empty", EXAMPLE)),
            None => Ok(Override {
                source,
                path,
                value_at,
                in_file: false,
            }),
        }
    }

    /// The text that it was read from, without blanks around it.
    pub(crate) fn text(&self) -> &str {
        self.source.text.trim()
    }

    /// The dotted key.
    pub(crate) fn key(&self) -> String {
        self.path.key()
    }

    /// The override as a line of a scenario.
    ///
    /// # Errors
    /// [`Code::BadOverride`](Code::BadOverride) if the value is no TOML.
    #[cfg(feature = "explore")]
    pub(crate) fn toml_line(&self) -> Result<String, Box<Diagnostic>> {
        let key: Vec<String> = self.path.names().into_iter().map(tree::toml_key).collect();
        let value = tree::toml_value(&self.value(0)?.value);
        Ok(format!("{} = {value}\n", key.join(".")))
    }

    pub(crate) fn source(&self) -> SourceText {
        self.source.clone()
    }

    /// Sets the value in the tree; `number` is that of the override's source.
    pub(crate) fn apply(&self, root: &mut TomlTable, number: usize) -> Result<(), Box<Diagnostic>> {
        let node = self.value(number)?;
        self.path.set(root, number, node)
    }

    pub(crate) fn value(&self, number: usize) -> Result<TomlNode, Box<Diagnostic>> {
        let text = &self.source.text[self.value_at..];
        let offset = self.value_at + text.len() - text.trim_start().len();
        let text = text.trim();
        match DeValue::parse(text) {
            Ok(value) => Ok(tree::node(&value, number, offset)),
            Err(_) if !text.contains(['"', '\'', '[', ']', '{', '}', '\n']) => {
                let at = Span::new(number, offset, offset + text.len());
                Ok(TomlNode {
                    value: TomlValue::Text(text.to_owned()),
                    at,
                })
            }
            Err(error) => {
                let span = error.span().unwrap_or(0..text.len());
                let at = Span::new(number, offset + span.start, offset + span.end);
                let why = error
                    .message()
                    .split(", expected")
                    .next()
                    .unwrap_or_default();
                let message = format!("the value is not TOML: {why}");
                let hint = match self.in_file {
                    true => "write text in double quotes, as in a scenario",
                    false => {
                        "write text in it in double quotes, and the whole override in single ones, so that the \
                         shell leaves the double ones alone"
                    }
                };
                Err(Box::new(
                    Diagnostic::new(Code::BadOverride, at, message)
                        .label("here")
                        .hint(hint),
                ))
            }
        }
    }
}

impl fmt::Display for Override {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// A key with what it accepts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SettableKey {
    /// The dotted key, as in `--set KEY=VALUE`.
    pub key: String,
    /// What it accepts; other keys of the scenario may narrow it.
    pub accepts: Accepts,
}

/// Every number, switch and choice that can be set and that the simulation depends on, in the order of
/// the tables.
pub(crate) fn settable_keys(tables: &[TableSpec], spec: &ScenarioSpec) -> Vec<SettableKey> {
    let childhood = spec.with_childhood();
    let mut all = Vec::new();
    for table in tables.iter().filter(|table| table.settable) {
        match table.form {
            TableForm::PerPartner => {
                // Whether a partner has a childhood is for the file to say: one of its numbers alone
                // does not give them one.
                let has = |person: usize| table.name != CHILDHOOD || childhood[person];
                if has(0) && has(1) {
                    keys_of(&mut all, table, table.name);
                }
                for person in (0..PARTNERS.len()).filter(|person| has(*person)) {
                    let prefix = format!("{}.{}", table.name, PARTNERS[person]);
                    keys_of(&mut all, table, &prefix);
                }
            }
            TableForm::List(_) => events(&mut all, table, spec),
            _ => {
                keys_of(&mut all, table, table.name);
                for inner in &table.inner {
                    // One number for all of them, or one for each.
                    let first = inner.keys.first().and_then(|key| settable(key, inner.name));
                    all.extend(first.map(|first| SettableKey {
                        key: inner.name.to_owned(),
                        ..first
                    }));
                    keys_of(&mut all, inner, inner.name);
                }
            }
        }
    }
    all.retain(|key| {
        let (table, own) = key.key.rsplit_once('.').unwrap_or_default();
        can_be_given(table, own, childhood)
    });
    for (index, variable) in spec.variables.iter().enumerate() {
        distribution(&mut all, &spec.variables, index, variable);
    }
    let defaults = spec.correlations.defaults(&spec.variables);
    for (name, _) in spec.correlations.names.iter().chain(&defaults) {
        number(&mut all, format!("correlations.{name}"), -1.0, 1.0);
    }
    all
}

fn keys_of(all: &mut Vec<SettableKey>, table: &TableSpec, prefix: &str) {
    all.extend(table.keys.iter().filter_map(|key| settable(key, prefix)));
}

/// The keys that events were given; their kind is no key to be set.
fn events(all: &mut Vec<SettableKey>, table: &TableSpec, spec: &ScenarioSpec) {
    for (index, event) in spec.events.iter().enumerate() {
        let keys = table.keys.iter().filter(|key| key.key != "kind");
        let given = keys.filter(|key| event.given.contains(&key.key));
        all.extend(given.filter_map(|key| settable(key, &format!("{}.{}", table.name, index + 1))));
    }
}

fn settable(key: &KeySpec, prefix: &str) -> Option<SettableKey> {
    let accepts = match &key.kind {
        ValueKind::One(accepts) => accepts.clone(),
        ValueKind::WordOrInteger { low, high, .. } => Accepts::Integer {
            low: *low,
            high: *high,
        },
        ValueKind::Variable(line) => Accepts::Number {
            low: line.low,
            high: line.high,
        },
        _ => return None,
    };
    let key = format!("{prefix}.{}", key.key);
    Some(SettableKey { key, accepts })
}

fn number(all: &mut Vec<SettableKey>, key: String, low: f64, high: f64) {
    let accepts = Accepts::Number { low, high };
    all.push(SettableKey { key, accepts });
}

/// The numbers of a distribution, for both partners where they share it.
fn distribution(
    all: &mut Vec<SettableKey>,
    variables: &[Variable],
    index: usize,
    variable: &Variable,
) {
    let (table, person, key) = key_of(variable.place);
    let mut twins = variables.iter().enumerate();
    let twin = twins.find(|(other, twin)| {
        let (name, _, own) = key_of(twin.place);
        *other != index && (name, own) == (table, key)
    });
    let shared = twin.is_none_or(|(_, twin)| twin.is_like(variable));
    let mut prefixes: Vec<String> = Vec::new();
    if shared && person != Some(1) {
        prefixes.push(format!("{table}.{key}"));
    }
    prefixes.extend(person.map(|person| format!("{table}.{}.{key}", PARTNERS[person])));
    let Some(family) = variable.distribution.family else {
        return;
    };
    let own = |key: &str| variable.distribution.number(key).is_some();
    let mut numbers: Vec<&str> = Vec::new();
    numbers.extend(
        variable
            .distribution
            .numbers
            .iter()
            .map(|(number, _)| *number),
    );
    // A number that can be said in two ways can be set in both.
    if family.either.iter().any(|key| own(key)) {
        numbers.extend(family.either.iter().filter(|key| !own(key)));
    }
    for prefix in prefixes {
        for name in &numbers {
            let line = variable.place.description();
            let range = family
                .keys
                .iter()
                .find(|key| key.key == *name)
                .map(|key| key.range);
            let (low, high) = match range {
                Some(NumberRange::Fixed(low, high)) => (low, high),
                _ => (line.low, line.high),
            };
            number(all, format!("{prefix}.{name}"), low, high);
        }
        for (on, _) in &variable.slopes {
            number(
                all,
                format!("{prefix}.slopes.{}", TRAITS[*on].key),
                -STEEP,
                STEEP,
            );
        }
    }
}
