//! Overrides: single keys set from outside the file, by their dotted names.

use super::code::Code;
use super::diagnostic::{Diagnostic, Diagnostics};
use super::key_path::{KeyPath, outside_quotes};
use super::source::{SourceText, Span};
use super::tree::{self, TomlNode, TomlTable, TomlValue};
use std::fmt;
use toml::de::DeValue;

/// One `KEY=VALUE`, as given to `--set`.
#[derive(Clone, Debug, PartialEq)]
pub struct Override {
    text: String,
    path: KeyPath,
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
    /// [`Code::BadOverride`](Code::BadOverride), pointing into the text.
    pub fn parse(text: &str) -> Result<Override, Diagnostics> {
        let refuse = |start: usize, end: usize, message: &str| {
            let error = Diagnostic::new(Code::BadOverride, Span::new(0, start, end), message)
                .label("here")
                .hint("write for example `run.couples=200`");
            Diagnostics::new(vec![source(text)], vec![error])
        };
        let equals = outside_quotes(text, '=')
            .ok_or_else(|| refuse(0, text.len(), "there is no `=` between key and value"))?;
        let value_at = equals + 1;
        if text[value_at..].trim().is_empty() {
            return Err(refuse(equals, value_at, "there is no value after the `=`"));
        }
        let path = KeyPath::new(text, equals);
        match path.empty_part() {
            Some((start, end)) => Err(refuse(start, end, "a part of the key is empty")),
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
        self.path.key()
    }

    pub(crate) fn source(&self) -> SourceText {
        source(&self.text)
    }

    /// Sets the value in the tree; `number` is that of the override's source.
    pub(crate) fn apply(&self, root: &mut TomlTable, number: usize) -> Result<(), Box<Diagnostic>> {
        let node = self.value(number)?;
        self.path.set(root, number, node)
    }

    pub(crate) fn value(&self, number: usize) -> Result<TomlNode, Box<Diagnostic>> {
        let text = &self.text[self.value_at..];
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
                let hint = "put the whole override in single quotes, so that the shell leaves the \
                            double ones alone";
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
        f.write_str(&self.text)
    }
}

fn source(text: &str) -> SourceText {
    SourceText::new(&format!("--set {text}"), text)
}
