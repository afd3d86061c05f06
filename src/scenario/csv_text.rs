//! Tables that others wrote as CSV, as a source of diagnostics: what separates their columns, where their
//! records and fields stand, and what their fields hold.

use super::diagnostic::{Code, Diagnostic, Span};
use super::tree::TomlValue;
use csv::{ReaderBuilder, StringRecord, StringRecordsIter};

/// The text of a table that is one of the sources of a reading.
///
/// Columns are separated by commas, or by semicolons, tabs or single blanks where the header has no
/// comma. With semicolons, a number may have a decimal comma.
pub(crate) struct CsvText<'t> {
    text: &'t str,
    source: usize,
    separator: char,
}

impl<'t> CsvText<'t> {
    pub(crate) fn new(text: &'t str, source: usize) -> CsvText<'t> {
        let separator = separator(text);
        CsvText {
            text,
            source,
            separator,
        }
    }

    /// A reader of the records, of which the first is the header.
    ///
    /// # Errors
    /// A quote that is not closed.
    pub(crate) fn reader(&self) -> Result<csv::Reader<&'t [u8]>, Diagnostic> {
        if let Some(at) = open_quote(self.text, self.separator as u8) {
            let error = self.error(
                Span::new(self.source, at, at + 1),
                "this quote is not closed",
            );
            return Err(error.hint(
                "close it at the end of its field, or take it out: all that follows is read as one field",
            ));
        }
        Ok(ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.separator as u8)
            .from_reader(self.text.as_bytes()))
    }

    /// The header.
    ///
    /// # Errors
    /// Where there is none: `what` is empty.
    pub(crate) fn header(
        &self,
        records: &mut StringRecordsIter<'_, &[u8]>,
        what: &str,
    ) -> Result<StringRecord, Diagnostic> {
        match records.next() {
            Some(Ok(header)) => Ok(header),
            Some(Err(error)) => Err(self.broken(&error)),
            None => Err(self.error(Span::new(self.source, 0, 0), format!("{what} is empty"))),
        }
    }

    /// An error at a place of the text.
    pub(crate) fn error(&self, at: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Code::BadTable, at, message).label("here")
    }

    /// The error of a line that is no CSV.
    pub(crate) fn broken(&self, error: &csv::Error) -> Diagnostic {
        let start = error
            .position()
            .map_or(0, |position| position.byte() as usize);
        self.error(
            Span::new(self.source, start, start),
            format!("the table is no CSV: {error}"),
        )
    }

    /// The error of a record that has not as many fields as the header.
    pub(crate) fn wrong_length(&self, record: &StringRecord, header: usize) -> Diagnostic {
        let message = format!(
            "this line has {} fields, the header has {header}",
            record.len()
        );
        self.error(self.line(record), message)
    }

    /// Where a record stands.
    pub(crate) fn line(&self, record: &StringRecord) -> Span {
        let start = record
            .position()
            .map_or(0, |position| position.byte() as usize);
        let start = start.min(self.text.len());
        let rest = &self.text[start..];
        // The reader counts the line ends before a record to the record.
        let skipped = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
        let length = rest[skipped..]
            .find(['\r', '\n'])
            .unwrap_or(rest.len() - skipped);
        Span::new(self.source, start + skipped, start + skipped + length)
    }

    /// Where a field stands, with its quotes.
    pub(crate) fn field(&self, record: &StringRecord, index: usize) -> Span {
        let line = self.line(record);
        let (mut field, mut start, mut quoted) = (0, line.start, false);
        for (at, character) in self.text[line.start..].char_indices() {
            quoted ^= character == '"';
            let ends = character == self.separator || matches!(character, '\r' | '\n');
            if quoted || !ends {
                continue;
            }
            let end = line.start + at;
            if field == index {
                return Span::new(self.source, start, end);
            }
            if character != self.separator {
                return line;
            }
            (field, start) = (field + 1, end + 1);
        }
        if field == index {
            Span::new(self.source, start, self.text.len())
        } else {
            line
        }
    }

    /// A field's text as the value that it would be in TOML, with words that need no quotes.
    pub(crate) fn value(&self, text: &str) -> TomlValue {
        let decimal = if self.separator == ';' {
            text.replacen(',', ".", 1)
        } else {
            text.to_owned()
        };
        match (text, text.parse::<i64>(), decimal.parse::<f64>()) {
            ("true", ..) => TomlValue::Bool(true),
            ("false", ..) => TomlValue::Bool(false),
            (_, Ok(whole), _) => TomlValue::Integer(whole),
            (_, _, Ok(number)) => TomlValue::Float(number),
            _ => TomlValue::Text(text.to_owned()),
        }
    }
}

/// So many errors of a table are listed.
const MOST_ERRORS: usize = 20;

/// The errors of a table's rows: the first ones, and how many more there are.
#[derive(Default)]
pub(crate) struct CsvErrors {
    listed: Vec<Diagnostic>,
    more: usize,
}

impl CsvErrors {
    pub(crate) fn push(&mut self, error: Diagnostic) {
        if self.listed.len() < MOST_ERRORS {
            self.listed.push(error);
        } else {
            self.more += 1;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// The errors; the last one says how many are not listed.
    pub(crate) fn into_list(mut self) -> Vec<Diagnostic> {
        if let Some(last) = self.listed.last_mut().filter(|_| self.more > 0) {
            let more = self.more;
            last.message
                .push_str(&format!("; {more} more errors of the table are not shown"));
        }
        self.listed
    }
}

/// Where a quoted field begins that does not end.
fn open_quote(text: &str, separator: u8) -> Option<usize> {
    let (mut start, mut open, mut closed) = (0, false, false);
    let mut before = separator;
    for (at, byte) in text.bytes().enumerate() {
        let starts_field = before == separator || matches!(before, b'\n' | b'\r');
        // A quote that is doubled within a field closes the field and opens it again.
        let opens = byte == b'"' && !open && (starts_field || closed);
        closed = byte == b'"' && open;
        if opens && starts_field {
            start = at;
        }
        open = opens || open && !closed;
        before = byte;
    }
    open.then_some(start)
}

/// What separates the columns: a comma, or where the header has none a semicolon, tab or blank.
fn separator(text: &str) -> char {
    let header = text.lines().find(|line| !line.trim().is_empty());
    let header = header.unwrap_or("").trim();
    let mut quoted = false;
    let mut unquoted = header.chars().filter(|c| {
        quoted ^= *c == '"';
        !quoted
    });
    let found: Vec<char> = unquoted.by_ref().collect();
    let has = |separator: &char| found.contains(separator);
    [',', ';', '\t', ' '].into_iter().find(has).unwrap_or(',')
}
