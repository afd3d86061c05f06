//! The description of a scenario's tables: every key with what it takes, its unit, default and meaning,
//! and where its value is kept in the [`ScenarioSpec`].
//!
//! Reading, defaults, the template, the reference page, the JSON Schema, the keys of `--set` and the
//! effective scenario all walk these descriptions. What is particular to one table is a hook of it.

use super::spec::ScenarioSpec;
use super::tree::{toml_number, toml_text};
use super::value::{Accepts, Setting, integers, quoted, span_of};
use crate::model::parameters::ParameterSpec;
use std::borrow::Cow;

/// Longest run (days): a hundred years.
pub(crate) const MOST_DAYS: i64 = 36_525;

/// Most characters of a text that charts or tables show.
const MOST_TEXT: usize = 500;
/// Most characters of any other text.
const MOST_LONG_TEXT: usize = 20_000;

/// What kind of value a key takes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ValueKind {
    /// Text of at most this many characters, not empty where it is required.
    Text { required: bool, most: usize },
    /// A single number, switch or word.
    One(Accepts),
    /// A list of different words.
    Words(Vec<&'static str>),
    /// A list of different integers of a range.
    Integers { low: i64, high: i64 },
    /// One of some words, or an integer of a range.
    WordOrInteger {
        words: &'static [&'static str],
        low: i64,
        high: i64,
    },
    /// A number of the description's range, or a distribution.
    Variable(&'static ParameterSpec),
    /// What these words describe, with a reader of its own.
    Special(&'static str),
}

impl ValueKind {
    /// What it takes, in words.
    pub(crate) fn expected(&self) -> String {
        match self {
            ValueKind::Text { .. } => "text in quotes".to_owned(),
            ValueKind::One(accepts) => accepts.expected(),
            ValueKind::Words(_) => "a list of words in quotes".to_owned(),
            ValueKind::Integers { low, high } => {
                format!("a list of whole numbers {}", integers(*low, *high))
            }
            ValueKind::WordOrInteger { words, low, high } => {
                format!(
                    "{} or a whole number {}",
                    quoted(words),
                    integers(*low, *high)
                )
            }
            ValueKind::Special(words) => (*words).to_owned(),
            ValueKind::Variable(line) => {
                format!(
                    "a number {}, or a distribution",
                    span_of(line.low, line.high)
                )
            }
        }
    }
}

/// The place of one of many values, by its key.
type PlaceOf<T> = for<'s> fn(&'s mut ScenarioSpec, &str) -> Option<&'s mut T>;

/// Where the value of a key is kept.
#[derive(Clone, Copy)]
pub(crate) enum Access {
    /// A reader of the table's own keeps it.
    Special,
    U32(fn(&mut ScenarioSpec) -> &mut u32),
    U64(fn(&mut ScenarioSpec) -> &mut u64),
    Float(fn(&mut ScenarioSpec) -> &mut f64),
    Text(fn(&mut ScenarioSpec) -> &mut String),
    /// One of many numbers, by its key.
    FloatOf(PlaceOf<f64>),
    U32Of(PlaceOf<u32>),
    SwitchOf(PlaceOf<bool>),
    /// A number or word that the spec keeps as something else.
    Setting(
        fn(&ScenarioSpec) -> Setting,
        fn(&mut ScenarioSpec, &Setting),
    ),
    /// A list that a hook of the table reads, and that is written as this TOML.
    Written(fn(&ScenarioSpec) -> String),
}

impl Access {
    /// Puts a value in its place.
    pub(crate) fn set(self, spec: &mut ScenarioSpec, key: &str, value: &Setting) {
        match (self, value) {
            (Access::U32(place), Setting::Integer(value)) => *place(spec) = *value as u32,
            (Access::U64(place), Setting::Integer(value)) => *place(spec) = *value as u64,
            (Access::Float(place), Setting::Number(value)) => *place(spec) = *value,
            (Access::Text(place), Setting::Word(value)) => place(spec).clone_from(value),
            (Access::FloatOf(place), Setting::Number(value)) => {
                place(spec, key)
                    .into_iter()
                    .for_each(|place| *place = *value);
            }
            (Access::U32Of(place), Setting::Integer(value)) => {
                place(spec, key)
                    .into_iter()
                    .for_each(|place| *place = *value as u32);
            }
            (Access::SwitchOf(place), Setting::Switch(on)) => {
                place(spec, key).into_iter().for_each(|place| *place = *on);
            }
            (Access::Setting(_, set), value) => set(spec, value),
            _ => {}
        }
    }

    /// The value as TOML; `None` where another writer gives it.
    pub(crate) fn to_toml(self, spec: &mut ScenarioSpec, key: &str) -> Option<String> {
        Some(match self {
            Access::Special => return None,
            Access::U32(place) => place(spec).to_string(),
            Access::U64(place) => place(spec).to_string(),
            Access::Float(place) => toml_number(*place(spec)),
            Access::Text(place) => toml_text(place(spec)),
            Access::FloatOf(place) => toml_number(*place(spec, key)?),
            Access::U32Of(place) => place(spec, key)?.to_string(),
            Access::SwitchOf(place) => place(spec, key)?.to_string(),
            Access::Setting(get, _) => get(spec).to_toml(),
            Access::Written(write) => write(spec),
        })
    }
}

/// One key.
#[derive(Clone)]
pub(crate) struct KeySpec {
    pub(crate) key: &'static str,
    pub(crate) kind: ValueKind,
    /// The default as TOML; empty where there is none, or where it follows from other keys.
    pub(crate) default: Cow<'static, str>,
    /// What the template shows where there is no default.
    pub(crate) example: &'static str,
    /// Whether the template gives it, instead of showing it commented out.
    pub(crate) active: bool,
    /// Whether its words are the keys of another table, too many to list.
    pub(crate) names_keys: bool,
    pub(crate) unit: &'static str,
    pub(crate) doc: Cow<'static, str>,
    /// The model's own description, where it is a number of the model.
    pub(crate) parameter: Option<&'static ParameterSpec>,
    pub(crate) access: Access,
}

/// Constructors, by the kind of value.
impl KeySpec {
    fn new(key: &'static str, kind: ValueKind, doc: impl Into<Cow<'static, str>>) -> KeySpec {
        KeySpec {
            key,
            kind,
            default: "".into(),
            example: "",
            active: false,
            names_keys: false,
            unit: "",
            doc: doc.into(),
            parameter: None,
            access: Access::Special,
        }
    }
    pub(crate) fn text(key: &'static str, doc: &'static str) -> KeySpec {
        let (required, most) = (true, MOST_TEXT);
        KeySpec::new(key, ValueKind::Text { required, most }, doc)
    }
    /// A text that may be left empty and that no chart shows.
    pub(crate) fn long_text(key: &'static str, doc: &'static str) -> KeySpec {
        let (required, most) = (false, MOST_LONG_TEXT);
        KeySpec::new(key, ValueKind::Text { required, most }, doc)
    }
    pub(crate) fn integer(key: &'static str, low: i64, high: i64, doc: &'static str) -> KeySpec {
        KeySpec::new(key, ValueKind::One(Accepts::Integer { low, high }), doc)
    }
    pub(crate) fn number(key: &'static str, low: f64, high: f64, doc: &'static str) -> KeySpec {
        KeySpec::new(key, ValueKind::One(Accepts::Number { low, high }), doc)
    }
    pub(crate) fn one_of(key: &'static str, values: &'static [f64], doc: &'static str) -> KeySpec {
        KeySpec::new(key, ValueKind::One(Accepts::OneOf(values)), doc)
    }
    pub(crate) fn switch(key: &'static str, doc: impl Into<Cow<'static, str>>) -> KeySpec {
        KeySpec::new(key, ValueKind::One(Accepts::Switch), doc)
    }
    pub(crate) fn word(
        key: &'static str,
        words: impl IntoIterator<Item = &'static str>,
        doc: &'static str,
    ) -> KeySpec {
        let words = words.into_iter().collect();
        KeySpec::new(key, ValueKind::One(Accepts::Choice(words)), doc)
    }
    /// One of the keys of another table.
    pub(crate) fn key_of(
        key: &'static str,
        words: impl IntoIterator<Item = &'static str>,
        doc: &'static str,
    ) -> KeySpec {
        let names_keys = true;
        KeySpec {
            names_keys,
            ..KeySpec::word(key, words, doc)
        }
    }
    pub(crate) fn words(
        key: &'static str,
        words: impl IntoIterator<Item = &'static str>,
        doc: &'static str,
    ) -> KeySpec {
        KeySpec::new(key, ValueKind::Words(words.into_iter().collect()), doc)
    }
    pub(crate) fn integers(key: &'static str, low: i64, high: i64, doc: &'static str) -> KeySpec {
        KeySpec::new(key, ValueKind::Integers { low, high }, doc)
    }
    pub(crate) fn word_or_integer(
        key: &'static str,
        words: &'static [&'static str],
        low: i64,
        high: i64,
        doc: &'static str,
    ) -> KeySpec {
        KeySpec::new(key, ValueKind::WordOrInteger { words, low, high }, doc)
    }
    /// What is described in words and has a reader of its own.
    pub(crate) fn special(key: &'static str, takes: &'static str, doc: &'static str) -> KeySpec {
        KeySpec::new(key, ValueKind::Special(takes), doc)
    }
    /// A parameter of the model.
    pub(crate) fn parameter(line: &'static ParameterSpec) -> KeySpec {
        let mut key = KeySpec::number(line.key, line.low, line.high, line.meaning).unit(line.unit);
        key.parameter = Some(line);
        key
    }
    /// A number that varies over couples.
    pub(crate) fn variable(line: &'static ParameterSpec) -> KeySpec {
        let mut key = KeySpec::new(line.key, ValueKind::Variable(line), line.meaning);
        key.parameter = Some(line);
        key.unit(line.unit)
    }
}

/// What else is so of a key.
impl KeySpec {
    pub(crate) fn unit(self, unit: &'static str) -> KeySpec {
        KeySpec { unit, ..self }
    }
    /// The default as TOML; without it, it is what a spec holds by default.
    pub(crate) fn default(self, default: impl Into<Cow<'static, str>>) -> KeySpec {
        let default = default.into();
        KeySpec { default, ..self }
    }
    /// What the template shows of a key whose default follows from other keys, or that has none.
    pub(crate) fn example(self, example: &'static str) -> KeySpec {
        KeySpec { example, ..self }
    }
    /// The template gives it.
    pub(crate) fn active(self) -> KeySpec {
        let active = true;
        KeySpec { active, ..self }
    }
    pub(crate) fn kept(self, access: Access) -> KeySpec {
        KeySpec { access, ..self }
    }
    /// Whether it must be given, as far as its kind tells.
    pub(crate) fn is_required_text(&self) -> bool {
        matches!(self.kind, ValueKind::Text { required: true, .. })
    }
}

/// How a table stands in a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum TableForm {
    /// The top level.
    Top,
    /// `[name]`.
    Single,
    /// `[name]`, and with the same keys `[name.a]` and `[name.b]`.
    PerPartner,
    /// `[[name]]`, once for each of what this says with its article.
    List(&'static str),
    /// `[name.NAME]`, with names that the file chooses.
    Named,
    /// The value of this key of another table.
    Inline(&'static str),
}

/// How the template shows a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum TemplateForm {
    /// With its header.
    Active,
    /// With its header commented out.
    Optional,
    /// Its keys are described, and examples show them.
    Described,
}

/// One table.
#[derive(Clone)]
pub(crate) struct TableSpec {
    /// Its name, empty for the top level; of an inner table with its parents' names.
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) keys: Vec<KeySpec>,
    pub(crate) form: TableForm,
    pub(crate) shown: TemplateForm,
    /// Tables inside it.
    pub(crate) inner: Vec<TableSpec>,
    /// Prose of the reference page, before the keys.
    pub(crate) prose: &'static str,
    /// Examples in the template.
    pub(crate) examples: &'static str,
    /// Whether the simulation depends on its keys, so that a sweep can vary them.
    pub(crate) settable: bool,
    /// Writes what of it the keys do not say.
    pub(crate) write: Option<fn(&ScenarioSpec, &TableSpec) -> String>,
    /// Its JSON Schema, where that is more than its keys'.
    pub(crate) json: Option<fn(&TableSpec) -> serde_json::Value>,
    /// Its part of the reference page, where that is more than prose and keys.
    pub(crate) page: Option<fn(&TableSpec) -> String>,
}

impl TableSpec {
    pub(crate) fn new(name: &'static str, doc: &'static str, keys: Vec<KeySpec>) -> TableSpec {
        let mut defaults = ScenarioSpec::default();
        let with_default = |mut key: KeySpec| {
            let own = key.default.is_empty() && key.example.is_empty();
            if let Some(default) = key.access.to_toml(&mut defaults, key.key).filter(|_| own) {
                key.default = default.into();
            }
            key
        };
        TableSpec {
            name,
            doc,
            keys: keys.into_iter().map(with_default).collect(),
            form: TableForm::Single,
            shown: TemplateForm::Active,
            inner: Vec::new(),
            prose: "",
            examples: "",
            settable: true,
            write: None,
            json: None,
            page: None,
        }
    }

    /// A key of the table.
    pub(crate) fn key(&self, key: &str) -> &KeySpec {
        self.keys
            .iter()
            .find(|own| own.key == key)
            .expect("a key of the table")
    }

    /// A table inside it.
    pub(crate) fn inner(&self, name: &str) -> &TableSpec {
        let own = |table: &&TableSpec| table.name.rsplit('.').next() == Some(name);
        self.inner
            .iter()
            .find(own)
            .expect("a table inside this one")
    }

    /// The table with some of its keys.
    pub(crate) fn only(&self, keep: impl Fn(&str) -> bool) -> TableSpec {
        let mut table = self.clone();
        table.keys.retain(|key| keep(key.key));
        table
    }

    /// Where a key of it stands, in words: `under [run]`.
    pub(crate) fn place(&self) -> String {
        match self.form {
            TableForm::Top => "at the top level".to_owned(),
            TableForm::List(each) => format!("in {each}"),
            TableForm::Inline(own) => format!("in `{own}`"),
            _ => format!("under [{}]", self.name),
        }
    }

    /// Where its keys belong, in words.
    pub(crate) fn home(&self) -> String {
        match self.form {
            TableForm::Top => "at the top, above all tables".to_owned(),
            TableForm::List(_) => format!("in [[{}]]", self.name),
            TableForm::Inline(own) => {
                format!(
                    "in `{own}` under [{}]",
                    self.name.trim_end_matches(own).trim_end_matches('.')
                )
            }
            _ => format!("under [{}]", self.name),
        }
    }
}

/// One form of a table whose first key says what it is: an event's `kind`, a sweep's `design`.
pub(crate) struct Variant {
    pub(crate) word: &'static str,
    pub(crate) doc: &'static str,
    /// Keys that must be given.
    pub(crate) needs: &'static [&'static str],
    /// Keys that may be given.
    pub(crate) takes: &'static [&'static str],
}

impl Variant {
    /// Whether a key says something of this form.
    pub(crate) fn uses(&self, key: &str) -> bool {
        self.needs.contains(&key) || self.takes.contains(&key)
    }
}
