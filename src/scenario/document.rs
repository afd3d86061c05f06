//! Opening a document: from bytes to a tree with its overrides, and a reader for it; and the texts that it
//! names.

use super::diagnostic::{Code, Diagnostic, Diagnostics, SourceText, Span};
use super::dotted_keys::Override;
use super::reader::ScenarioReader;
use super::schema::TableSpec;
use super::syntax::{Toml, read_toml};
use super::tree::{TomlTable, TomlValue};
use std::io;

/// Largest scenario file (bytes): 4 MiB.
pub(crate) const fn largest() -> u64 {
    4 << 20
}

/// A document that is TOML, as far as its lines could be read.
pub(crate) struct Document {
    pub(crate) text: String,
    pub(crate) root: TomlTable,
    /// The text, and each override's.
    pub(crate) sources: Vec<SourceText>,
    pub(crate) reader: ScenarioReader,
}

impl Document {
    /// Opens the text of a document with these tables.
    ///
    /// # Errors
    /// What makes it no text of a document at all; all else is reported to the reader.
    pub(crate) fn open(
        file_name: &str,
        text: &str,
        overrides: &[Override],
        tables: &'static [TableSpec],
    ) -> Result<Document, Diagnostics> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
        let mut sources = vec![SourceText::new(file_name, &text)];
        sources.extend(overrides.iter().map(Override::source));
        if let Some(error) = unreadable(&text) {
            return Err(Diagnostics::new(sources, vec![error]));
        }
        let Toml {
            mut root,
            errors,
            broken,
        } = read_toml(&text);
        let mut reader = ScenarioReader::new(tables, broken);
        reader.errors = errors;
        for (index, change) in overrides.iter().enumerate() {
            if let Err(error) = change.apply(&mut root, index + 1) {
                reader.report(*error);
            }
        }
        Ok(Document {
            text,
            root,
            sources,
            reader,
        })
    }
}

/// The title that the text of a document gives, or an override of it; `None` where there is none.
pub(crate) fn title_of(text: &str, overrides: &[String]) -> Option<String> {
    let overrides = overrides
        .iter()
        .filter_map(|text| Override::parse(text).ok());
    let overrides: Vec<Override> = overrides.collect();
    let document = Document::open("", text, &overrides, &[]).ok()?;
    match &document.root.node("title")?.value {
        TomlValue::Text(title) => Some(title.clone()),
        _ => None,
    }
}

/// Refuses a file by its size, before it is read.
///
/// # Errors
/// [`Code::TooLarge`] above [`largest`].
pub(crate) fn refuse_size(file_name: &str, bytes: u64) -> Result<(), Diagnostics> {
    if bytes <= largest() {
        return Ok(());
    }
    let message = format!(
        "the file is larger than {} MiB, the most that a scenario may have",
        largest() >> 20
    );
    let error = Diagnostic::new(Code::TooLarge, Span::new(0, 0, 0), message)
        .hint("is this a table of data? a scenario is a short text in TOML");
    Err(Diagnostics::new(
        vec![SourceText::new(file_name, "")],
        vec![error],
    ))
}

/// A file's bytes as text.
///
/// # Errors
/// Where the bytes are too many, or no UTF-8.
pub(crate) fn text_of<'b>(file_name: &str, bytes: &'b [u8]) -> Result<&'b str, Diagnostics> {
    refuse_size(file_name, bytes.len() as u64)?;
    utf8(file_name, bytes, 0)
        .map_err(|(source, error)| Diagnostics::new(vec![source], vec![*error]))
}

/// Bytes as text.
///
/// # Errors
/// Where they are no UTF-8: what can be shown of them, and the error in it as a source of this number.
pub(crate) fn utf8<'b>(
    file_name: &str,
    bytes: &'b [u8],
    source: usize,
) -> Result<&'b str, (SourceText, Box<Diagnostic>)> {
    std::str::from_utf8(bytes).map_err(|error| {
        let (shown, error) = not_text(bytes, error.valid_up_to(), source);
        (SourceText::new(file_name, &shown), Box::new(error))
    })
}

/// The beginning of bytes that are text up to some byte, and the error there.
fn not_text(bytes: &[u8], valid: usize, source: usize) -> (String, Diagnostic) {
    let shown = bytes.len().min(valid + 200);
    let lossy = String::from_utf8_lossy(&bytes[..shown]).into_owned();
    let end = lossy[valid..]
        .chars()
        .next()
        .map_or(valid, |c| valid + c.len_utf8());
    let line = bytes[..valid].iter().filter(|byte| **byte == b'\n').count() + 1;
    let message = format!(
        "line {line} holds bytes that are no UTF-8: this is no text, or text in another encoding"
    );
    let error = Diagnostic::new(Code::NotText, Span::new(source, valid, end), message)
        .label("here")
        .hint("save the file as UTF-8");
    (lossy, error)
}

fn unreadable(text: &str) -> Option<Diagnostic> {
    if let Some(at) = text.find('\0') {
        let message = "the file holds a NUL byte: it is no text";
        let error = Diagnostic::new(Code::NulByte, Span::new(0, at, at + 1), message).label("here");
        return Some(
            error.hint("is this a binary file, or text saved as UTF-16? save it as UTF-8"),
        );
    }
    let has_content = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    if !text.lines().any(has_content) {
        let error = Diagnostic::new(Code::Empty, Span::new(0, 0, 0), "the scenario is empty");
        return Some(error.hint("`pairbond new` writes a template to start from"));
    }
    None
}

/// Reads the bytes of a text by the name that a scenario gives it.
pub(crate) type Load<'a> = &'a dyn Fn(&str) -> io::Result<Vec<u8>>;

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

    /// Reads a text that is named at a place, and makes it a source.
    ///
    /// # Errors
    /// Where it cannot be read, and where it is no UTF-8.
    pub(crate) fn load(&mut self, name: &str, at: Span) -> Result<usize, Box<Diagnostic>> {
        self.load_as("table", name, at)
    }

    /// As [`Attachments::load`]; `what` says what messages call the text.
    pub(crate) fn load_as(
        &mut self,
        what: &'static str,
        name: &str,
        at: Span,
    ) -> Result<usize, Box<Diagnostic>> {
        if let Some((_, number)) = self.found.iter().find(|(own, _)| own == name) {
            return Ok(*number);
        }
        let missing = |message: String, hint: &str| {
            let label = format!("this {what}");
            let error = Diagnostic::new(Code::NoTable, at, message).label(label);
            Box::new(error.hint(hint))
        };
        let Some(load) = self.load else {
            let message = format!(
                "the {what} \"{name}\" is not at hand, because the scenario was read from its text alone"
            );
            let hint = format!("read the scenario from its file, with the {what} next to it");
            return Err(missing(message, &hint));
        };
        let bytes = load(name).map_err(|error| {
            let message = format!(
                "the {what} \"{}\" cannot be read: {error}",
                name.escape_debug()
            );
            missing(
                message,
                "the name is taken from the scenario file's folder on",
            )
        })?;
        let number = self.sources.len();
        let text = match utf8(name, &bytes, number) {
            Ok(text) => text,
            Err((source, error)) => {
                self.sources.push(source);
                return Err(Box::new(
                    error.other(at, format!("the {what} is named here")),
                ));
            }
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        self.sources.push(SourceText::new(name, text));
        self.found.push((name.to_owned(), number));
        Ok(number)
    }

    /// The text of a source.
    pub(crate) fn text(&self, number: usize) -> &str {
        &self.sources[number].text
    }
}
