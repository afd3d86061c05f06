//! Opening a document: from bytes to a tree with its overrides, and a reader for it.

use super::code::Code;
use super::diagnostic::{Diagnostic, Diagnostics};
use super::overrides::Override;
use super::reader::ScenarioReader;
use super::schema::TableSpec;
use super::source::{SourceText, Span};
use super::syntax;
use super::tree::TomlTable;

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
        let syntax::Toml {
            mut root,
            errors,
            broken,
        } = syntax::read(&text);
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
    std::str::from_utf8(bytes).map_err(|error| not_text(file_name, bytes, error.valid_up_to()))
}

fn not_text(file_name: &str, bytes: &[u8], valid: usize) -> Diagnostics {
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
    let error = Diagnostic::new(Code::NotText, Span::new(0, valid, end), message)
        .label("here")
        .hint("save the file as UTF-8");
    Diagnostics::new(vec![SourceText::new(file_name, &lossy)], vec![error])
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
