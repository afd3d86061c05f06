//! Single values: what a key expects, and how a wrong value differs from it.

use super::diagnostic::{Code, Diagnostic, Span};
use super::nearest::nearest;
use super::tree::{TomlNode, TomlValue, toml_number, toml_text};
use crate::printable::is_unprintable;
use std::fmt;

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ValueError {
    code: Code,
    /// What is so, with `{}` where the key's name belongs.
    message: String,
    label: String,
    hint: Option<String>,
}

impl ValueError {
    fn new(code: Code, message: impl Into<String>, label: impl Into<String>) -> ValueError {
        ValueError {
            code,
            message: message.into(),
            label: label.into(),
            hint: None,
        }
    }
    fn hint(mut self, hint: Option<String>) -> ValueError {
        self.hint = hint;
        self
    }
    /// Says what to do, unless a near word is already proposed.
    pub(crate) fn or_hint(mut self, hint: String) -> ValueError {
        if !self
            .hint
            .as_ref()
            .is_some_and(|hint| hint.starts_with("did you mean"))
        {
            self.hint = Some(hint);
        }
        self
    }
    pub(crate) fn at(self, at: Span, key: &str) -> Diagnostic {
        let key = if key.starts_with('"') {
            key.to_owned()
        } else {
            format!("`{key}`")
        };
        let message = self.message.replacen("{}", &key, 1);
        Diagnostic::new(self.code, at, message)
            .label(self.label)
            .maybe_hint(self.hint)
    }
}

/// What a key with a single value accepts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Accepts {
    /// A number of a range.
    Number {
        /// Lowest value.
        low: f64,
        /// Highest value.
        high: f64,
    },
    /// An integer of a range.
    Integer {
        /// Lowest value.
        low: i64,
        /// Highest value.
        high: i64,
    },
    /// One of some numbers.
    OneOf(&'static [f64]),
    /// True or false.
    Switch,
    /// One of some words.
    Choice(Vec<&'static str>),
}

impl Accepts {
    /// What it accepts, in words.
    pub(crate) fn expected(&self) -> String {
        match self {
            Accepts::Number { low, high } => format!("a number {}", span_of(*low, *high)),
            Accepts::Integer { low, high } => format!("a whole number {}", integers(*low, *high)),
            Accepts::OneOf(values) => format!("one of {}", numbers(values)),
            Accepts::Switch => "true or false".to_owned(),
            Accepts::Choice(words) => format!("one of {}", quoted(words)),
        }
    }

    /// Reads a value.
    ///
    /// # Errors
    /// How the value differs from what is accepted.
    pub(crate) fn read(&self, node: &TomlNode) -> Result<Setting, ValueError> {
        match self {
            Accepts::Number { low, high } => number(node, *low, *high).map(Setting::Number),
            Accepts::Integer { low, high } => integer(node, *low, *high).map(Setting::Integer),
            Accepts::OneOf(values) => one_of(node, values).map(Setting::Number),
            Accepts::Switch => switch(node).map(Setting::Switch),
            Accepts::Choice(words) => word(node, words).map(|word| Setting::Word(word.to_owned())),
        }
    }
}

/// The value of a key: a number, a switch, a word, or a list of these.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Setting {
    /// A number.
    Number(f64),
    /// An integer.
    Integer(i64),
    /// On or off.
    Switch(bool),
    /// One of a key's words, or a text.
    Word(String),
    /// Several values.
    List(Vec<Setting>),
}

impl Setting {
    /// The value as a number, where it is one.
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Setting::Number(value) => Some(*value),
            Setting::Integer(value) => Some(*value as f64),
            Setting::Switch(_) | Setting::Word(_) | Setting::List(_) => None,
        }
    }

    /// The value as it stands in a file.
    pub(crate) fn to_toml(&self) -> String {
        match self {
            Setting::Number(value) => toml_number(*value),
            Setting::Integer(value) => value.to_string(),
            Setting::Switch(on) => on.to_string(),
            Setting::Word(word) => toml_text(word),
            Setting::List(values) => {
                let values: Vec<String> = values.iter().map(Setting::to_toml).collect();
                format!("[{}]", values.join(", "))
            }
        }
    }

    pub(crate) fn value(&self) -> TomlValue {
        match self {
            Setting::Number(value) => TomlValue::Float(*value),
            Setting::Integer(value) => TomlValue::Integer(*value),
            Setting::Switch(on) => TomlValue::Bool(*on),
            Setting::Word(word) => TomlValue::Text(word.clone()),
            Setting::List(values) => {
                let at = Span::new(0, 0, 0);
                let node = |value: &Setting| TomlNode {
                    value: value.value(),
                    at,
                };
                TomlValue::List(values.iter().map(node).collect())
            }
        }
    }
}

impl fmt::Display for Setting {
    /// As result tables show it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Setting::Number(value) => write!(f, "{value}"),
            Setting::Integer(value) => write!(f, "{value}"),
            Setting::Switch(on) => write!(f, "{on}"),
            Setting::Word(word) => f.write_str(word),
            Setting::List(_) => f.write_str(&self.to_toml()),
        }
    }
}

macro_rules! setting_from {
    ($($from:ty => $variant:ident);*) => {
        $(impl From<$from> for Setting {
            fn from(value: $from) -> Setting {
                Setting::$variant(value.into())
            }
        })*
    };
}
impl<T: Into<Setting>> From<Vec<T>> for Setting {
    fn from(values: Vec<T>) -> Setting {
        Setting::List(values.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Setting>, const N: usize> From<[T; N]> for Setting {
    fn from(values: [T; N]) -> Setting {
        Setting::List(values.into_iter().map(Into::into).collect())
    }
}

setting_from! { f64 => Number; f32 => Number; i64 => Integer; i32 => Integer; u32 => Integer; bool => Switch; &str => Word; String => Word }

/// Bounds from here on only keep numbers representable, and are left out of messages.
const UNTOLD: f64 = 9e18;

/// A range of integers in words.
pub(crate) fn integers(low: i64, high: i64) -> String {
    span_of(low as f64, high as f64)
}

fn numbers(values: &[f64]) -> String {
    values
        .iter()
        .map(f64::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

/// A range in words.
pub(crate) fn span_of(low: f64, high: f64) -> String {
    if high >= UNTOLD {
        format!("from {low} up")
    } else {
        format!("from {low} to {high}")
    }
}

/// Words in quotes, for messages.
pub(crate) fn quoted(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    words.join(", ")
}

fn wrong_type(node: &TomlNode, expected: &str) -> ValueError {
    let message = format!("{{}} takes {expected}");
    ValueError::new(
        Code::WrongType,
        message,
        format!("this is {}", node.value.kind()),
    )
    .hint(unquoted(node, expected))
}

fn too_big(digits: &str) -> ValueError {
    ValueError::new(
        Code::TooBig,
        "the number of {} is too large",
        "too large to be held",
    )
    .hint((digits.len() > 15).then(|| "is a digit too many in it?".to_owned()))
}

/// What to do about a number or switch in quotes.
fn unquoted(node: &TomlNode, expected: &str) -> Option<String> {
    let TomlValue::Text(text) = &node.value else {
        return None;
    };
    let text = text.trim();
    if let Some(percent) = text
        .strip_suffix('%')
        .and_then(|text| text.trim().parse::<f64>().ok())
    {
        return Some(format!(
            "probabilities are written from 0 to 1: write {}",
            percent / 100.0
        ));
    }
    let number = expected.contains("number") && text.parse::<f64>().is_ok_and(f64::is_finite);
    let complete = with_digits_around_the_point(text);
    if number && complete != text {
        return Some(format!(
            "a number has digits on both sides of its point: write {complete}"
        ));
    }
    let switch = expected.contains("true") && matches!(text, "true" | "false");
    if number || switch {
        return Some(format!("remove the quotes: write {text}"));
    }
    match text.to_lowercase().as_str() {
        "yes" | "on" | "true" if expected.contains("true") => Some("write true".to_owned()),
        "no" | "off" | "false" if expected.contains("true") => Some("write false".to_owned()),
        _ if expected.contains("whole number") && text.replace(',', "").parse::<i64>().is_ok() => {
            Some(format!(
                "thousands are not separated: write {}",
                text.replace(',', "")
            ))
        }
        _ if expected.contains("number") && text.replace(',', ".").parse::<f64>().is_ok() => Some(
            format!("decimals have a point: write {}", text.replace(',', ".")),
        ),
        _ => None,
    }
}

/// A number such as `.5` or `5.` as TOML writes it: `0.5`, `5.0`.
fn with_digits_around_the_point(text: &str) -> String {
    let Some((before, after)) = text.split_once('.') else {
        return text.to_owned();
    };
    let zero = |needed: bool| if needed { "0" } else { "" };
    let left = zero(!before.ends_with(|last: char| last.is_ascii_digit()));
    let right = zero(!after.starts_with(|first: char| first.is_ascii_digit()));
    format!("{before}{left}.{right}{after}")
}

/// Reads a number of a range; minus zero becomes zero.
pub(crate) fn number(node: &TomlNode, low: f64, high: f64) -> Result<f64, ValueError> {
    let expected = format!("a number {}", span_of(low, high));
    let value = match &node.value {
        TomlValue::Float(value) => *value,
        TomlValue::Integer(value) => *value as f64,
        TomlValue::TooBig(digits) => return Err(too_big(digits)),
        _ => return Err(wrong_type(node, &expected)),
    };
    if !value.is_finite() {
        let message = "{} must be a finite number";
        let label = if value.is_nan() {
            "not a number"
        } else {
            "infinite"
        };
        return Err(ValueError::new(Code::NotFinite, message, label)
            .hint(Some(format!("write {expected}"))));
    }
    if !(low..=high).contains(&value) {
        return Err(outside(value, low, high));
    }
    Ok(value + 0.0)
}

fn outside(value: f64, low: f64, high: f64) -> ValueError {
    let label = if value < low {
        format!("below {low}")
    } else {
        format!("above {high}")
    };
    let message = if high < UNTOLD {
        format!("{{}} must lie between {low} and {high}")
    } else {
        format!("{{}} must be {low} or more")
    };
    // Rounded, so that 1.8 % does not become 0.018000000000000002.
    let share = (value * 1e10).round() / 1e12;
    let percent = low >= 0.0 && high <= 1.0 && value >= 2.0 && (low..=high).contains(&share);
    let hint = format!("shares and probabilities are written from 0 to 1: did you mean {share}?");
    ValueError::new(Code::OutOfRange, message, label).hint(percent.then_some(hint))
}

/// Whether a value comes from an override or a table of points, which other programs write in their own
/// way, and not from the scenario's text.
fn from_outside(node: &TomlNode) -> bool {
    node.at.source > 0
}

/// Reads an integer of a range.
pub(crate) fn integer(node: &TomlNode, low: i64, high: i64) -> Result<i64, ValueError> {
    let expected = format!("a whole number {}", integers(low, high));
    match &node.value {
        // R, pandas and spreadsheets write 1e+05 and 40.0.
        TomlValue::Float(value)
            if from_outside(node)
                && value.fract() == 0.0
                && (low as f64..=high as f64).contains(value) =>
        {
            Ok(*value as i64)
        }
        TomlValue::Integer(value) if (low..=high).contains(value) => Ok(*value),
        TomlValue::Integer(value) => Err(outside(*value as f64, low as f64, high as f64)),
        TomlValue::TooBig(digits) => Err(too_big(digits)),
        TomlValue::Float(value) if !value.is_finite() => {
            Err(
                ValueError::new(Code::NotFinite, "{} must be a finite number", "no number")
                    .hint(Some(format!("write {expected}"))),
            )
        }
        TomlValue::Float(value) => {
            let near = value.round();
            let hint = (near >= low as f64 && near <= high as f64).then(|| format!("write {near}"));
            Err(ValueError::new(
                Code::NotInteger,
                format!("{{}} takes {expected}"),
                "has a decimal point or exponent",
            )
            .hint(hint))
        }
        _ => Err(wrong_type(node, &expected)),
    }
}

/// Reads one of some numbers.
pub(crate) fn one_of(node: &TomlNode, values: &[f64]) -> Result<f64, ValueError> {
    let (low, high) = values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(*value), high.max(*value))
        });
    let value = number(node, low, high)?;
    if values.contains(&value) {
        return Ok(value);
    }
    Err(ValueError::new(
        Code::OutOfRange,
        format!("{{}} must be one of {}", numbers(values)),
        "none of them",
    ))
}

/// Reads one of some words, or an integer of a range.
pub(crate) fn word_or_integer(
    node: &TomlNode,
    words: &[&str],
    low: i64,
    high: i64,
    expected: &str,
) -> Result<Setting, ValueError> {
    match node.value {
        TomlValue::Text(_) => word(node, words)
            .map(|word| Setting::Word(word.to_owned()))
            .map_err(|error| error.or_hint(format!("write {expected}"))),
        _ => integer(node, low, high).map(Setting::Integer),
    }
}

/// Reads true or false.
pub(crate) fn switch(node: &TomlNode) -> Result<bool, ValueError> {
    match &node.value {
        TomlValue::Bool(on) => Ok(*on),
        // R writes TRUE, Python True, spreadsheets either or 1.
        TomlValue::Text(text) if from_outside(node) && text.eq_ignore_ascii_case("true") => {
            Ok(true)
        }
        TomlValue::Text(text) if from_outside(node) && text.eq_ignore_ascii_case("false") => {
            Ok(false)
        }
        TomlValue::Integer(value @ (0 | 1)) if from_outside(node) => Ok(*value == 1),
        // numpy writes all columns of a matrix as reals.
        TomlValue::Float(value) if from_outside(node) && (*value == 0.0 || *value == 1.0) => {
            Ok(*value == 1.0)
        }
        TomlValue::Integer(0 | 1) => {
            let word = if matches!(node.value, TomlValue::Integer(1)) {
                "true"
            } else {
                "false"
            };
            Err(wrong_type(node, "true or false").hint(Some(format!("write {word}"))))
        }
        _ => Err(wrong_type(node, "true or false")),
    }
}

/// Reads a text of at most `most` characters.
pub(crate) fn text(node: &TomlNode, needed: bool, most: usize) -> Result<String, ValueError> {
    match &node.value {
        TomlValue::Text(text) => {
            printable(text)?;
            no_longer(text, most)?;
            if needed && text.trim().is_empty() {
                let message = "{} must not be empty";
                return Err(ValueError::new(Code::EmptyText, message, "empty"));
            }
            Ok(text.clone())
        }
        _ => {
            Err(wrong_type(node, "text in quotes").hint(Some("put it in quotes: \"…\"".to_owned())))
        }
    }
}

/// Most characters of a name that becomes a column or a cell.
const MOST_NAME: usize = 100;

/// Refuses a text that a chart or a terminal cannot show. A line may end as on Windows.
fn printable(text: &str) -> Result<(), ValueError> {
    let text = text.replace("\r\n", "\n");
    let Some(bad) = text.chars().find(|character| is_unprintable(*character)) else {
        return Ok(());
    };
    let error = ValueError::new(
        Code::UnprintableText,
        "{} holds a character that charts and terminals cannot show",
        format!("holds U+{:04X}", u32::from(bad)),
    );
    Err(error.hint(Some(
        "take the character out; it may have come with text from another program".to_owned(),
    )))
}

/// Refuses a text of too many characters.
fn no_longer(text: &str, most: usize) -> Result<(), ValueError> {
    let count = text.chars().count();
    if count <= most {
        return Ok(());
    }
    let message = format!("{{}} must have at most {most} characters");
    let error = ValueError::new(Code::LongText, message, format!("has {count}"));
    Err(error.hint(Some("use `#` comments for longer notes".to_owned())))
}

/// Refuses a name of too many characters; `what` has one.
pub(crate) fn name_no_longer(name: &str, at: Span, what: &str) -> Result<(), Diagnostic> {
    let count = name.chars().count();
    if count <= MOST_NAME {
        return Ok(());
    }
    let message = format!("the name of {what} must have at most {MOST_NAME} characters");
    let error = Diagnostic::new(Code::LongName, at, message).label(format!("has {count}"));
    Err(error.hint("tables and charts show the name: give a short one"))
}

/// Reads one of some words.
pub(crate) fn word<'w>(node: &TomlNode, words: &[&'w str]) -> Result<&'w str, ValueError> {
    let TomlValue::Text(text) = &node.value else {
        return Err(wrong_type(node, &format!("one of {}", quoted(words))));
    };
    if let Some(word) = words.iter().find(|word| *word == text) {
        return Ok(word);
    }
    let hint = match nearest(text, words.iter().copied()) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => format!("the words are {}", quoted(words)),
    };
    Err(ValueError::new(
        Code::UnknownWord,
        format!("{{}} cannot be \"{}\"", text.escape_debug()),
        "unknown word",
    )
    .hint(Some(hint)))
}

/// Whether a name is made of small letters, digits and `_`, a letter first.
pub(crate) fn is_snake_case(name: &str) -> bool {
    let part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(part)
}
