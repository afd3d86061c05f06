//! Texts that a scenario is read from: its file, each `--set` as a text of its own, and tables.

use std::io;

/// A text with the name that errors print before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceText {
    /// File name, or `--set KEY=VALUE`.
    pub name: String,
    /// The whole text.
    pub text: String,
}

impl SourceText {
    pub(crate) fn new(name: &str, text: &str) -> SourceText {
        let (name, text) = (name.to_owned(), text.to_owned());
        SourceText { name, text }
    }
}

/// Reads a text by the name that a scenario gives it.
pub(crate) type Load<'a> = &'a dyn Fn(&str) -> io::Result<String>;

/// The texts of one reading, and where more of them come from.
pub(crate) struct Attachments<'a> {
    pub(crate) sources: Vec<SourceText>,
    /// None where there is only the file's text.
    pub(crate) load: Option<Load<'a>>,
    /// Names of the texts that were read, and which source each is.
    pub(crate) found: Vec<(String, usize)>,
}

impl<'a> Attachments<'a> {
    pub(crate) fn new(sources: Vec<SourceText>, load: Option<Load<'a>>) -> Attachments<'a> {
        let found = Vec::new();
        Attachments {
            sources,
            load,
            found,
        }
    }

    /// The texts that were read, with their names.
    pub(crate) fn texts(&self) -> Vec<(String, String)> {
        let text = |(name, number): &(String, usize)| (name.clone(), self.text(*number).to_owned());
        self.found.iter().map(text).collect()
    }

    /// Reads a text and makes it a source.
    ///
    /// # Errors
    /// What is so, and what to do about it.
    pub(crate) fn load(&mut self, name: &str) -> Result<usize, (String, String)> {
        let Some(load) = self.load else {
            let message = format!(
                "the table \"{name}\" is not at hand, because the scenario was read from its text alone"
            );
            return Err((
                message,
                "read the scenario from its file, with the table beside it".to_owned(),
            ));
        };
        let mut text = load(name).map_err(|error| {
            let hint = "the name is taken from the scenario file's folder on".to_owned();
            (
                format!(
                    "the table \"{}\" cannot be read: {error}",
                    name.escape_debug()
                ),
                hint,
            )
        })?;
        if let Some(rest) = text.strip_prefix('\u{feff}') {
            text = rest.to_owned();
        }
        let number = self.sources.len();
        self.sources.push(SourceText::new(name, &text));
        self.found.push((name.to_owned(), number));
        Ok(number)
    }

    /// The text of a source.
    pub(crate) fn text(&self, number: usize) -> &str {
        &self.sources[number].text
    }
}

/// A stretch of one source's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Position of the source in the list that the span was made for; the file is 0.
    pub source: usize,
    /// First byte.
    pub start: usize,
    /// First byte after it.
    pub end: usize,
}

impl Span {
    /// Marks the bytes from `start` to `end` of a source.
    pub fn new(source: usize, start: usize, end: usize) -> Span {
        Span {
            source,
            start,
            end: end.max(start),
        }
    }
}

#[cfg(test)]
/// Line and column of a byte, both from 1; columns count characters.
pub(crate) fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    let before = &text[..byte];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (
        before.matches('\n').count() + 1,
        text[start..byte].chars().count() + 1,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters_from_one() {
        assert_eq!(line_and_column("äb\ncd", 0), (1, 1));
        assert_eq!(line_and_column("äb\ncd", 2), (1, 2));
        assert_eq!(line_and_column("äb\ncd", 1), (1, 1));
        assert_eq!(line_and_column("äb\ncd", 5), (2, 2));
        assert_eq!(line_and_column("äb\ncd", 99), (2, 3));
    }
}
