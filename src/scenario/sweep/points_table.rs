//! Tables of points: CSV texts whose header names keys, and whose rows are points.

use super::axis_reader::SweepableKeys;
use crate::scenario::code::Code;
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::key_path::KeyPath;
use crate::scenario::source::Span;
use crate::scenario::tree::{TomlNode, TomlValue};
use crate::scenario::value::{Accepts, Setting};
use csv::{ReaderBuilder, StringRecord};

/// So many errors of one table are reported.
const MOST_ERRORS: usize = 20;

/// One column: the key that it sets, and what that takes.
pub(crate) struct PointColumn {
    pub(crate) path: KeyPath,
    pub(crate) accepts: Accepts,
    pub(crate) at: Span,
}

/// A table of points.
pub(crate) struct PointTable {
    pub(crate) columns: Vec<PointColumn>,
    pub(crate) rows: Vec<Vec<Setting>>,
}

/// Reads the text that is this source.
///
/// # Errors
/// The first errors of header and rows; none where the header cannot be judged.
pub(crate) fn read(
    text: &str,
    source: usize,
    keys: &SweepableKeys<'_>,
) -> Result<PointTable, Vec<Diagnostic>> {
    let text = CsvText { text, source };
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.text.as_bytes());
    let mut records = reader.records();
    let header = match records.next() {
        Some(Ok(header)) => header,
        Some(Err(error)) => return Err(vec![text.broken(&error)]),
        None => {
            return Err(vec![
                text.error(Span::new(source, 0, 0), "the table of points is empty"),
            ]);
        }
    };
    let columns = text.columns(&header, keys)?;
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    for record in records {
        match record {
            Ok(record) => rows.extend(text.row(&record, &columns, &mut errors)),
            Err(error) => errors.push(text.broken(&error)),
        }
        if errors.len() >= MOST_ERRORS {
            break;
        }
    }
    if rows.is_empty() && errors.is_empty() {
        errors.push(text.error(
            text.line(&header),
            "the table has no points below its header",
        ));
    }
    if errors.is_empty() {
        Ok(PointTable { columns, rows })
    } else {
        Err(errors)
    }
}

/// The table's text as a source of errors.
struct CsvText<'t> {
    text: &'t str,
    source: usize,
}

impl CsvText<'_> {
    fn error(&self, at: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Code::BadTable, at, message).label("here")
    }

    fn broken(&self, error: &csv::Error) -> Diagnostic {
        let start = error
            .position()
            .map_or(0, |position| position.byte() as usize);
        self.error(
            Span::new(self.source, start, start),
            format!("the table is no CSV: {error}"),
        )
    }

    /// Where a record stands.
    fn line(&self, record: &StringRecord) -> Span {
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

    /// Where a field stands; the whole line where quotes hide it.
    fn field(&self, record: &StringRecord, index: usize) -> Span {
        let line = self.line(record);
        let written = &self.text[line.start..line.end];
        if written.contains('"') {
            return line;
        }
        let before: usize = written
            .split(',')
            .take(index)
            .map(|field| field.len() + 1)
            .sum();
        let length = written.split(',').nth(index).map_or(0, str::len);
        Span::new(
            self.source,
            line.start + before,
            line.start + before + length,
        )
    }

    fn columns(
        &self,
        header: &StringRecord,
        keys: &SweepableKeys<'_>,
    ) -> Result<Vec<PointColumn>, Vec<Diagnostic>> {
        let mut columns: Vec<PointColumn> = Vec::new();
        let mut errors = Vec::new();
        if header.len() == 1 && header[0].contains([';', '\t']) {
            let error = self.error(
                self.line(header),
                "the columns of the table are not separated by commas",
            );
            return Err(vec![error.hint(
                "save it with commas between columns and points in decimals",
            )]);
        }
        let mut unsure = false;
        for (index, name) in header.iter().enumerate() {
            let (name, at) = (name.trim(), self.field(header, index));
            if name.is_empty() {
                let error = self.error(at, format!("column {} has no key", index + 1));
                errors
                    .push(error.hint(
                        "the first line names the key of each column, such as `run.couples`",
                    ));
                continue;
            }
            let path = KeyPath::new(name, name.len());
            if let Some(other) = columns.iter().find(|other| other.path.key() == path.key()) {
                let error = self.error(at, format!("two columns set `{}`", path.key()));
                errors.push(
                    error
                        .other(other.at, "first here")
                        .hint("keep one of the two"),
                );
                continue;
            }
            match keys.resolve(&path, at) {
                Ok(accepts) => columns.push(PointColumn { path, accepts, at }),
                Err(Some(error)) => errors.push(*error),
                Err(None) => unsure = true,
            }
        }
        if errors.is_empty() && !unsure {
            Ok(columns)
        } else {
            Err(errors)
        }
    }

    fn row(
        &self,
        record: &StringRecord,
        columns: &[PointColumn],
        errors: &mut Vec<Diagnostic>,
    ) -> Option<Vec<Setting>> {
        if record.len() != columns.len() {
            let message = format!(
                "this line has {} fields, the header has {}",
                record.len(),
                columns.len()
            );
            errors.push(
                self.error(self.line(record), message)
                    .hint("give each point one value for each column"),
            );
            return None;
        }
        let before = errors.len();
        let mut row = Vec::new();
        for (index, (text, column)) in record.iter().zip(columns).enumerate() {
            let (text, at) = (text.trim(), self.field(record, index));
            let key = column.path.key();
            if text.is_empty() {
                errors.push(self.error(at, format!("this point has no value for `{key}`")));
                continue;
            }
            let value = value(text);
            match column.accepts.read(&TomlNode { value, at }) {
                Ok(setting) => row.push(setting),
                Err(error) => errors.push(error.at(at, &key)),
            }
        }
        (errors.len() == before).then_some(row)
    }
}

/// A field's text as the value that it would be in TOML, with words that need no quotes.
fn value(text: &str) -> TomlValue {
    match (text, text.parse::<i64>(), text.parse::<f64>()) {
        ("true", ..) => TomlValue::Bool(true),
        ("false", ..) => TomlValue::Bool(false),
        (_, Ok(whole), _) => TomlValue::Integer(whole),
        (_, _, Ok(number)) => TomlValue::Float(number),
        _ => TomlValue::Text(text.to_owned()),
    }
}
