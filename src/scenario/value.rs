//! Single values: what a key expects, and how a wrong value differs from it.

use super::catalogue::Kind;
use super::code::FaultCode as Code;
use super::notice::Fault;
use super::source::Span;
use super::suggest::nearest;
use super::tree::{Node, Value};

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wrong {
    code: Code,
    /// What is so, with `{}` where the key's name belongs.
    message: String,
    label: String,
    hint: Option<String>,
}

impl Wrong {
    fn new(code: Code, message: impl Into<String>, label: impl Into<String>) -> Wrong {
        Wrong {
            code,
            message: message.into(),
            label: label.into(),
            hint: None,
        }
    }
    fn hint(mut self, hint: Option<String>) -> Wrong {
        self.hint = hint;
        self
    }
    /// Says what to do, unless a near word is already proposed.
    pub(crate) fn or_hint(mut self, hint: String) -> Wrong {
        if !self
            .hint
            .as_ref()
            .is_some_and(|hint| hint.starts_with("did you mean"))
        {
            self.hint = Some(hint);
        }
        self
    }
    pub(crate) fn fault(self, at: Span, key: &str) -> Fault {
        let key = if key.starts_with('"') {
            key.to_owned()
        } else {
            format!("`{key}`")
        };
        let message = self.message.replacen("{}", &key, 1);
        Fault::new(self.code, at, message)
            .label(self.label)
            .maybe_hint(self.hint)
    }
}

/// What a kind of key takes, in words.
pub(crate) fn expected(kind: &Kind) -> String {
    match kind {
        Kind::Text { .. } => "text in quotes".to_owned(),
        Kind::Whole { low, high } => {
            format!("a whole number {}", span_of(*low as f64, *high as f64))
        }
        Kind::Number { low, high } => format!("a number {}", span_of(*low, *high)),
        Kind::OneOf(values) => format!(
            "one of {}",
            values
                .iter()
                .map(f64::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        ),
        Kind::Switch => "true or false".to_owned(),
        Kind::Word(words) => format!("one of {}", quoted(words)),
        Kind::Words(_) => "a list of words in quotes".to_owned(),
        Kind::Wholes { low, high } => format!(
            "a list of whole numbers {}",
            span_of(*low as f64, *high as f64)
        ),
        Kind::WordOrWhole { words, low, high } => {
            format!(
                "{} or a whole number {}",
                quoted(words),
                span_of(*low as f64, *high as f64)
            )
        }
        Kind::Own(words) => (*words).to_owned(),
        Kind::Draw(line) => format!(
            "a number {}, or a distribution",
            span_of(line.low, line.high)
        ),
    }
}

/// Bounds from here on are only those of the computer's numbers.
const UNTOLD: f64 = 9e18;

/// A range in words; a bound that only keeps numbers representable is not told.
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

fn wrong_type(node: &Node, expected: &str) -> Wrong {
    let message = format!("{{}} takes {expected}");
    Wrong::new(
        Code::WrongType,
        message,
        format!("this is {}", node.value.kind()),
    )
    .hint(unquoted(node, expected))
}

fn too_big(digits: &str) -> Wrong {
    Wrong::new(
        Code::TooBig,
        "the number of {} is too large",
        "too large to be held",
    )
    .hint((digits.len() > 15).then(|| "is a digit too many in it?".to_owned()))
}

/// What to do about a number or switch in quotes.
fn unquoted(node: &Node, expected: &str) -> Option<String> {
    let Value::Text(text) = &node.value else {
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
    let number = expected.contains("number") && text.parse::<f64>().is_ok();
    let switch = expected.contains("true") && matches!(text, "true" | "false");
    if number || switch {
        return Some(format!("remove the quotes: write {text}"));
    }
    match text.to_lowercase().as_str() {
        "yes" | "on" | "true" if expected.contains("true") => Some("write true".to_owned()),
        "no" | "off" | "false" if expected.contains("true") => Some("write false".to_owned()),
        _ if expected.contains("number") && text.replace(',', ".").parse::<f64>().is_ok() => Some(
            format!("decimals have a point: write {}", text.replace(',', ".")),
        ),
        _ => None,
    }
}

/// Reads a number of a range; minus zero becomes zero.
pub(crate) fn number(node: &Node, low: f64, high: f64) -> Result<f64, Wrong> {
    let expected = format!("a number {}", span_of(low, high));
    let value = match &node.value {
        Value::Number(value) => *value,
        Value::Whole(value) => *value as f64,
        Value::Huge(digits) => return Err(too_big(digits)),
        _ => return Err(wrong_type(node, &expected)),
    };
    if !value.is_finite() {
        let message = "{} must be a finite number";
        let label = if value.is_nan() {
            "not a number"
        } else {
            "infinite"
        };
        return Err(
            Wrong::new(Code::NotFinite, message, label).hint(Some(format!("write {expected}")))
        );
    }
    if !(low..=high).contains(&value) {
        return Err(outside(value, low, high));
    }
    Ok(value + 0.0)
}

fn outside(value: f64, low: f64, high: f64) -> Wrong {
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
    Wrong::new(Code::OutOfRange, message, label).hint(percent.then_some(hint))
}

/// Reads a whole number of a range.
pub(crate) fn whole(node: &Node, low: i64, high: i64) -> Result<i64, Wrong> {
    let expected = format!("a whole number {}", span_of(low as f64, high as f64));
    match &node.value {
        Value::Whole(value) if (low..=high).contains(value) => Ok(*value),
        Value::Whole(value) => Err(outside(*value as f64, low as f64, high as f64)),
        Value::Huge(digits) => Err(too_big(digits)),
        Value::Number(value) if !value.is_finite() => {
            Err(
                Wrong::new(Code::NotFinite, "{} must be a finite number", "no number")
                    .hint(Some(format!("write {expected}"))),
            )
        }
        Value::Number(value) => {
            let near = value.round();
            let hint = (near >= low as f64 && near <= high as f64).then(|| format!("write {near}"));
            Err(Wrong::new(
                Code::NotWhole,
                format!("{{}} takes {expected}"),
                "has a decimal point or exponent",
            )
            .hint(hint))
        }
        _ => Err(wrong_type(node, &expected)),
    }
}

/// Reads one of some numbers.
pub(crate) fn one_of(node: &Node, values: &[f64]) -> Result<f64, Wrong> {
    let (low, high) = values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(*value), high.max(*value))
        });
    let value = number(node, low, high)?;
    if values.contains(&value) {
        return Ok(value);
    }
    let list = values
        .iter()
        .map(f64::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    Err(Wrong::new(
        Code::OutOfRange,
        format!("{{}} must be one of {list}"),
        "none of them",
    ))
}

/// Reads true or false.
pub(crate) fn switch(node: &Node) -> Result<bool, Wrong> {
    match &node.value {
        Value::Switch(on) => Ok(*on),
        Value::Whole(0 | 1) => {
            let word = if matches!(node.value, Value::Whole(1)) {
                "true"
            } else {
                "false"
            };
            Err(wrong_type(node, "true or false").hint(Some(format!("write {word}"))))
        }
        _ => Err(wrong_type(node, "true or false")),
    }
}

/// Reads a text.
pub(crate) fn text(node: &Node, needed: bool) -> Result<String, Wrong> {
    match &node.value {
        Value::Text(text) if needed && text.trim().is_empty() => {
            Err(Wrong::new(Code::EmptyText, "{} must not be empty", "empty"))
        }
        Value::Text(text) => Ok(text.clone()),
        _ => {
            Err(wrong_type(node, "text in quotes").hint(Some("put it in quotes: \"…\"".to_owned())))
        }
    }
}

/// Reads one of some words.
pub(crate) fn word<'w>(node: &Node, words: &[&'w str]) -> Result<&'w str, Wrong> {
    let Value::Text(text) = &node.value else {
        return Err(wrong_type(node, &format!("one of {}", quoted(words))));
    };
    if let Some(word) = words.iter().find(|word| *word == text) {
        return Ok(word);
    }
    let hint = match nearest(text, words.iter().copied()) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => format!("the words are {}", quoted(words)),
    };
    Err(Wrong::new(
        Code::UnknownWord,
        format!("{{}} cannot be \"{}\"", text.escape_debug()),
        "unknown word",
    )
    .hint(Some(hint)))
}
