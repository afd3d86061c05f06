//! Reading tables by their [`TableSpec`], with a diagnostic of everything that is wrong on the way.

use super::diagnostic::{Code, Diagnostic, Span};
use super::nearest::nearest;
use super::schema::{Access, KeySpec, TableForm, TableSpec, ValueKind};
use super::spec::ScenarioSpec;
use super::tree::{TomlEntry, TomlNode, TomlTable, TomlValue};
use super::value::{self, Accepts, Setting, ValueError};
use crate::printable::cut;
use strsim::damerau_levenshtein;

/// What has been found so far, and what there is to find.
pub(crate) struct ScenarioReader {
    pub(crate) errors: Vec<Diagnostic>,
    pub(crate) warnings: Vec<Diagnostic>,
    /// Every table of the document, the top level first.
    pub(crate) tables: &'static [TableSpec],
    /// Lines of the text could not be read: nothing is called missing.
    pub(crate) broken: bool,
}

/// So many errors are no slips of the pen: more of them are not explained, and lists not read further.
const MANY_ERRORS: usize = 500;
/// Characters of a key that a message shows.
const LONGEST_KEY: usize = 80;

/// A table that is being read: what it may hold and what it holds.
pub(crate) struct OpenTable<'t> {
    pub(crate) spec: &'static TableSpec,
    /// Its full name, which is another than the spec's where one partner has it.
    pub(crate) name: String,
    pub(crate) table: Option<&'t TomlTable>,
    /// Where it stands.
    pub(crate) at: Span,
    /// Keys that were probably meant by unknown ones, and are therefore not missing.
    excused: Vec<&'static str>,
}

impl<'t> OpenTable<'t> {
    pub(crate) fn node(&self, key: &str) -> Option<&'t TomlNode> {
        self.entry(key).map(|entry| &entry.node)
    }
    pub(crate) fn entry(&self, key: &str) -> Option<&'t TomlEntry> {
        self.table.and_then(|table| table.entry(key))
    }
    /// Where the value of a key stands; the table where it is not given.
    pub(crate) fn at(&self, key: &str) -> Span {
        self.node(key).map_or(self.at, |node| node.at)
    }
    pub(crate) fn excuses(&self, key: &str) -> bool {
        self.excused.contains(&key)
    }
}

/// What messages say of a key that takes a list.
pub(crate) struct ListWords<'w> {
    /// What it takes, such as `a list of words in quotes`.
    pub(crate) takes: &'w str,
    pub(crate) example: &'w str,
    /// What to do about an empty list; `None` where it may be empty.
    pub(crate) if_empty: Option<&'w str>,
}

impl ScenarioReader {
    pub(crate) fn new(tables: &'static [TableSpec], broken: bool) -> ScenarioReader {
        let (errors, warnings) = (Vec::new(), Vec::new());
        ScenarioReader {
            errors,
            warnings,
            tables,
            broken,
        }
    }

    pub(crate) fn report(&mut self, error: Diagnostic) {
        self.errors.push(error);
    }

    /// Whether there are enough errors, so that neither more of them nor what was meant is looked for.
    pub(crate) fn has_many_errors(&self) -> bool {
        self.errors.len() >= MANY_ERRORS
    }

    /// The value, or reports what is wrong with it at a node.
    pub(crate) fn accept<T>(
        &mut self,
        node: &TomlNode,
        key: &str,
        result: Result<T, ValueError>,
    ) -> Option<T> {
        result
            .map_err(|error| self.report(error.at(node.at, key)))
            .ok()
    }

    /// Every table, those inside others too.
    fn every_table(&self) -> impl Iterator<Item = &'static TableSpec> + use<> {
        let inner = self.tables.iter().flat_map(|table| &table.inner);
        self.tables.iter().chain(inner)
    }

    /// The description of a table, by its full name.
    pub(crate) fn spec(&self, name: &str) -> &'static TableSpec {
        let mut tables = self.every_table();
        tables
            .find(|table| table.name == name)
            .expect("a table of the document")
    }

    /// Where a key of a table stands, in words.
    pub(crate) fn under(&self, name: &str) -> String {
        let known = self.every_table().find(|table| table.name == name);
        known.map_or_else(|| format!("under [{name}]"), TableSpec::place)
    }

    /// Opens a table by its name in `root`.
    pub(crate) fn open<'t>(&mut self, root: &'t TomlTable, name: &str) -> OpenTable<'t> {
        let spec = self.spec(name);
        let table = root.node(name).and_then(|node| self.as_table(node, name));
        self.open_as(table, name, spec, &[])
    }

    /// Opens the top level; tables are not its keys.
    pub(crate) fn open_top<'t>(&mut self, root: &'t TomlTable) -> OpenTable<'t> {
        let tables = self.tables.iter().map(|table| table.name);
        let tables: Vec<&str> = tables.filter(|name| !name.is_empty()).collect();
        self.open_as(Some(root), "", self.spec(""), &tables)
    }

    /// Opens a table under a full name; `others` are keys that are read elsewhere.
    pub(crate) fn open_as<'t>(
        &mut self,
        table: Option<&'t TomlTable>,
        name: &str,
        spec: &'static TableSpec,
        others: &[&'static str],
    ) -> OpenTable<'t> {
        let mut known: Vec<&'static str> = spec.keys.iter().map(|key| key.key).collect();
        known.extend(others);
        let excused = table.map_or_else(Vec::new, |table| self.check_keys(table, name, &known));
        let at = table.map_or(Span::new(0, 0, 0), |table| table.at);
        let name = name.to_owned();
        OpenTable {
            spec,
            name,
            table,
            at,
            excused,
        }
    }

    /// Opens every table of a list under its name, such as `[[event]]`.
    pub(crate) fn open_list<'t>(
        &mut self,
        node: Option<&'t TomlNode>,
        name: &str,
    ) -> Vec<OpenTable<'t>> {
        let Some(node) = node else { return Vec::new() };
        let spec = self.spec(name);
        let Some(list) = node.list() else {
            let each = match spec.form {
                TableForm::List(each) => each.split_once(' ').map_or(each, |(_, noun)| noun),
                _ => name,
            };
            let message = format!("`{name}` must be a list of tables");
            let hint = format!("write `[[{name}]]` with two brackets, once for each {each}");
            self.report(wrong_type(node, message).hint(hint));
            return Vec::new();
        };
        let tables: Vec<_> = list
            .iter()
            .filter_map(|item| self.as_table(item, name))
            .collect();
        let open = |table| self.open_as(Some(table), name, spec, &[]);
        tables.into_iter().map(open).collect()
    }

    pub(crate) fn as_table<'t>(&mut self, node: &'t TomlNode, name: &str) -> Option<&'t TomlTable> {
        if node.table().is_none() {
            let is_listed = |own: &TableSpec| matches!(own.form, TableForm::List(_));
            let table = match self.every_table().find(|own| own.name == name) {
                Some(own) if is_listed(own) => format!("[[{name}]]"),
                _ => format!("[{name}]"),
            };
            let hint = format!("write `{table}` on a line of its own and its keys below it");
            self.report(wrong_type(node, format!("`{name}` must be a table")).hint(hint));
        }
        node.table()
    }

    /// Reports that a key is missing, unless something else stands for it.
    pub(crate) fn missing(&mut self, table: &OpenTable<'_>, key: &str) {
        self.missing_at(table, key, table.at);
    }

    pub(crate) fn missing_at(&mut self, table: &OpenTable<'_>, key: &str, at: Span) {
        if self.broken || table.excuses(key) {
            return;
        }
        let spec = table.spec.key(key);
        let message = format!("`{key}` is missing {}", self.under(&table.name));
        let (doc, takes) = (lower(&spec.doc), spec.kind.expected());
        let hint = format!("`{key}` must be given: {doc}; it takes {takes}");
        self.report(
            Diagnostic::new(Code::MissingKey, at, message)
                .label("here")
                .hint(hint),
        );
    }

    /// Reports which of some keys are missing.
    pub(crate) fn need(&mut self, table: &OpenTable<'_>, keys: &[&str]) {
        for key in keys {
            if table.node(key).is_none() {
                self.missing(table, key);
            }
        }
    }

    /// Reads every key that has a place in the spec.
    pub(crate) fn read_keys(&mut self, table: &OpenTable<'_>, spec: &mut ScenarioSpec) {
        for key in &table.spec.keys {
            let special = matches!(key.access, Access::Special | Access::Written(_));
            if let Some(setting) = self.setting(table, key).filter(|_| !special) {
                key.access.set(spec, key.key, &setting);
            }
        }
    }

    fn setting(&mut self, table: &OpenTable<'_>, key: &KeySpec) -> Option<Setting> {
        let node = table.node(key.key)?;
        let read = match &key.kind {
            ValueKind::One(accepts) => accepts.read(node),
            ValueKind::Text { required, most } => {
                value::text(node, *required, *most).map(Setting::Word)
            }
            ValueKind::WordOrInteger { words, low, high } => {
                value::word_or_integer(node, words, *low, *high, &key.kind.expected())
            }
            _ => return None,
        };
        self.accept(node, key.key, read)
    }

    /// Reads a key with a single value; `None` where it is absent or wrong.
    pub(crate) fn value(&mut self, table: &OpenTable<'_>, key: &str) -> Option<Setting> {
        self.setting(table, table.spec.key(key))
    }

    /// Reads a number, or one of some numbers.
    pub(crate) fn number(&mut self, table: &OpenTable<'_>, key: &str) -> Option<f64> {
        self.value(table, key)?.number()
    }

    /// Reads a number, or takes the default.
    pub(crate) fn number_or_default(&mut self, table: &OpenTable<'_>, key: &str) -> f64 {
        let default = table.spec.key(key).default.parse().unwrap_or_default();
        self.number(table, key).unwrap_or(default)
    }

    /// Reads a number of a given range.
    pub(crate) fn number_in(
        &mut self,
        node: &TomlNode,
        key: &str,
        low: f64,
        high: f64,
    ) -> Option<f64> {
        self.accept(node, key, value::number(node, low, high))
    }

    /// Reads an integer.
    pub(crate) fn integer(&mut self, table: &OpenTable<'_>, key: &str) -> Option<i64> {
        match self.value(table, key)? {
            Setting::Integer(value) => Some(value),
            _ => None,
        }
    }

    /// Reads an integer, or takes the default.
    pub(crate) fn integer_or_default(&mut self, table: &OpenTable<'_>, key: &str) -> i64 {
        let default = table.spec.key(key).default.parse().unwrap_or(0);
        self.integer(table, key).unwrap_or(default)
    }

    /// Reads true or false.
    pub(crate) fn switch(&mut self, table: &OpenTable<'_>, key: &str) -> Option<bool> {
        match self.value(table, key)? {
            Setting::Switch(on) => Some(on),
            _ => None,
        }
    }

    /// Reads a text.
    pub(crate) fn text(&mut self, table: &OpenTable<'_>, key: &str) -> Option<String> {
        match self.value(table, key)? {
            Setting::Word(text) => Some(text),
            _ => None,
        }
    }

    /// Reads one of the key's words.
    pub(crate) fn word(&mut self, table: &OpenTable<'_>, key: &str) -> Option<&'static str> {
        let ValueKind::One(Accepts::Choice(words)) = &table.spec.key(key).kind else {
            return None;
        };
        let node = table.node(key)?;
        self.accept(node, key, value::word(node, words))
    }

    /// Reads the items of a list, each with its place.
    pub(crate) fn list<T>(
        &mut self,
        node: &TomlNode,
        key: &str,
        words: &ListWords<'_>,
        mut item: impl FnMut(&mut ScenarioReader, &TomlNode) -> Option<T>,
    ) -> Option<Vec<(T, Span)>> {
        let Some(list) = node.list() else {
            let message = format!("`{key}` takes {}", words.takes);
            self.report(wrong_type(node, message).hint(words.example));
            return None;
        };
        if let Some(hint) = words.if_empty.filter(|_| list.is_empty()) {
            let hint = Some(hint.to_owned()).filter(|hint| !hint.is_empty());
            let message = format!("`{key}` must not be empty");
            let error = Diagnostic::new(Code::EmptyList, node.at, message).label("empty");
            self.report(error.maybe_hint(hint));
        }
        let mut items = Vec::new();
        for node in list {
            if self.has_many_errors() {
                break;
            }
            items.extend(item(self, node).map(|item| (item, node.at)));
        }
        Some(items)
    }

    /// The different items of a list; reports what is listed twice, in the words of `shown`.
    pub(crate) fn distinct<T: PartialEq>(
        &mut self,
        items: Vec<(T, Span)>,
        shown: impl Fn(&T) -> String,
    ) -> Vec<T> {
        let mut seen: Vec<(T, Span)> = Vec::new();
        for (item, at) in items {
            match seen.iter().find(|(other, _)| *other == item) {
                Some((_, first)) => {
                    let message = format!("{} is listed twice", shown(&item));
                    let error = Diagnostic::new(Code::Repeated, at, message).label("again here");
                    self.report(error.other(*first, "first here"));
                }
                None => seen.push((item, at)),
            }
        }
        seen.into_iter().map(|(item, _)| item).collect()
    }

    /// Reads a list of different days of the run, in order; `what` happens on them.
    pub(crate) fn days(
        &mut self,
        table: &OpenTable<'_>,
        key: &str,
        run_days: u32,
        example: &str,
        what: &str,
    ) -> Option<Vec<u32>> {
        let ValueKind::Integers { low, high } = &table.spec.key(key).kind else {
            return None;
        };
        let words = ListWords {
            takes: "a list of days",
            example,
            if_empty: None,
        };
        let found = self.list(table.node(key)?, key, &words, |reader, item| {
            let day = reader.accept(item, key, value::integer(item, *low, *high))?;
            if day > i64::from(run_days) {
                let message = format!("{what} on day {day}, but the run has only {run_days} days");
                reader.report(beyond_the_run(item.at, message, run_days));
                return None;
            }
            Some(day as u32)
        });
        let mut days = self.distinct(found.unwrap_or_default(), |day| format!("day {day}"));
        days.sort_unstable();
        Some(days)
    }

    /// Reads a list of different words of a key.
    pub(crate) fn words(
        &mut self,
        table: &OpenTable<'_>,
        key: &str,
        words: &ListWords<'_>,
    ) -> Option<Vec<&'static str>> {
        let ValueKind::Words(known) = &table.spec.key(key).kind else {
            return None;
        };
        let read = |reader: &mut ScenarioReader, item: &TomlNode| {
            reader.accept(item, key, value::word(item, known))
        };
        let found = self.list(table.node(key)?, key, words, read)?;
        Some(self.distinct(found, |word| format!("\"{word}\"")))
    }
}

/// An error of the type of a value.
pub(crate) fn wrong_type(node: &TomlNode, message: impl Into<String>) -> Diagnostic {
    let label = format!("this is {}", node.value.kind());
    Diagnostic::new(Code::WrongType, node.at, message).label(label)
}

/// The error of a key that does not exist at a place such as `under [run]`.
pub(crate) fn no_such_key(entry: &TomlEntry, place: &str) -> Diagnostic {
    let message = format!("there is no key `{}` {place}", shown_key(&entry.key));
    Diagnostic::new(Code::UnknownKey, entry.key_at, message).label("unknown key")
}

/// A key as a message shows it.
fn shown_key(key: &str) -> String {
    cut(key, LONGEST_KEY).escape_debug().to_string()
}

/// Words in a row, as code.
pub(crate) fn listed(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

/// A doc inside a sentence.
fn lower(doc: &str) -> String {
    let mut letters = doc.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// Whether a value is of the type that a key takes, whatever its range.
fn fits(kind: &ValueKind, value: &TomlValue) -> bool {
    use TomlValue::{Bool, Float, Integer, List, Table, Text};
    match kind {
        ValueKind::One(Accepts::Switch) => matches!(value, Bool(_)),
        ValueKind::Text { .. } | ValueKind::One(Accepts::Choice(_)) => matches!(value, Text(_)),
        ValueKind::Words(_) | ValueKind::Integers { .. } => matches!(value, List(_)),
        ValueKind::Special(_) => matches!(value, List(_) | Table(_)),
        ValueKind::WordOrInteger { .. } => matches!(value, Text(_) | Integer(_)),
        ValueKind::Variable(_) => matches!(value, Integer(_) | Float(_) | Table(_)),
        ValueKind::One(_) => matches!(value, Integer(_) | Float(_)),
    }
}

/// So many keys can be listed in a hint.
const FEW: usize = 16;

/// Unknown keys: misspelt ones, and those that belong in another table.
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
            if self.has_many_errors() {
                let error = no_such_key(entry, &self.under(name));
                self.report(error);
                continue;
            }
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
        let shown = shown_key(key);
        let homes = self.homes(entry, name).join(" or ");
        // A key of another table is no misspelling, unless a single edit makes it one.
        let near = near.filter(|near| homes.is_empty() || damerau_levenshtein(key, near) < 2);
        if near.is_none() && !homes.is_empty() {
            let message = format!("`{shown}` does not belong {}", self.under(name));
            return Diagnostic::new(Code::MisplacedKey, entry.key_at, message)
                .label("not here")
                .hint(format!("`{shown}` belongs {homes}"));
        }
        let hint = match (near, self.near_elsewhere(entry, name)) {
            (Some(near), _) if homes.is_empty() => format!("did you mean `{near}`?"),
            (Some(near), _) => format!("did you mean `{near}`? (`{shown}` belongs {homes})"),
            (None, Some((near, home))) => format!("did you mean `{near}` {home}?"),
            (None, None) if known.len() <= FEW => format!("the keys here are {}", listed(known)),
            (None, None) if name.is_empty() => {
                "`pairbond new --full` shows every table with its keys".to_owned()
            }
            (None, None) => {
                let table = name.split('.').next().unwrap_or(name);
                format!("`pairbond explain {table}` lists the keys of this table")
            }
        };
        let error = no_such_key(entry, &self.under(name));
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
        // Scales have the names of states and traits: they are only meant among scales. So are the numbers of
        // a study with given effects, and priors.
        let inside =
            |name: &str, table: &str| name == table || name.starts_with(&format!("{table}."));
        let scales = inside(name, "measurement") || inside(name, "study");
        let is_inside =
            move |tables: &[&str], name: &str| tables.iter().any(|own| inside(name, own));
        let apart: [&[&str]; 2] = [&["power"], &["recover", "rival"]];
        let apart = apart.map(|tables| (tables, is_inside(tables, name)));
        let own = own.to_owned();
        self.every_table().filter(move |table| {
            let is_scale = ["measurement.", "study."]
                .iter()
                .any(|own| table.name.starts_with(own));
            let is_apart =
                |(tables, is_own): &(&[&str], bool)| !is_own && is_inside(tables, table.name);
            table.name != own && (scales || !is_scale) && !apart.iter().any(is_apart)
        })
    }
}

/// An error for a day after the last one, of which at most `most` could be written.
pub(crate) fn beyond_the_run(at: Span, message: String, most: u32) -> Diagnostic {
    Diagnostic::new(Code::BeyondTheRun, at, message)
        .label("beyond the run")
        .hint(format!("write {most} or less, or set [run] `days` higher"))
}
