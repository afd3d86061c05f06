//! Tables of points: CSV texts whose header names keys, and whose rows are points.

use super::Setting;
use super::axis::setting;
use super::ground::Ground;
use crate::scenario::address::Takes;
use crate::scenario::code::FaultCode as Code;
use crate::scenario::notice::Fault;
use crate::scenario::path::Path;
use crate::scenario::source::Span;
use crate::scenario::tree::{Node, Value};
use csv::{ReaderBuilder, StringRecord};

/// So many faults of one table are told.
const MOST_FAULTS: usize = 20;

/// One column: the key that it sets, and what that takes.
pub(crate) struct PointColumn {
    pub(crate) path: Path,
    pub(crate) takes: Takes,
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
/// The first faults of header and rows; none where the header cannot be judged.
pub(crate) fn read(
    text: &str,
    source: usize,
    ground: &Ground<'_>,
) -> Result<PointTable, Vec<Fault>> {
    let text = Text { text, source };
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
                text.fault(Span::new(source, 0, 0), "the table of points is empty"),
            ]);
        }
    };
    let columns = text.columns(&header, ground)?;
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    for record in records {
        match record {
            Ok(record) => rows.extend(text.row(&record, &columns, &mut faults)),
            Err(error) => faults.push(text.broken(&error)),
        }
        if faults.len() >= MOST_FAULTS {
            break;
        }
    }
    if rows.is_empty() && faults.is_empty() {
        faults.push(text.fault(
            text.line(&header),
            "the table has no points below its header",
        ));
    }
    if faults.is_empty() {
        Ok(PointTable { columns, rows })
    } else {
        Err(faults)
    }
}

/// The table's text as a source of faults.
struct Text<'t> {
    text: &'t str,
    source: usize,
}

impl Text<'_> {
    fn fault(&self, at: Span, message: impl Into<String>) -> Fault {
        Fault::new(Code::BadTable, at, message).label("here")
    }

    fn broken(&self, error: &csv::Error) -> Fault {
        let start = error
            .position()
            .map_or(0, |position| position.byte() as usize);
        self.fault(
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
        ground: &Ground<'_>,
    ) -> Result<Vec<PointColumn>, Vec<Fault>> {
        let mut columns: Vec<PointColumn> = Vec::new();
        let mut faults = Vec::new();
        if header.len() == 1 && header[0].contains([';', '\t']) {
            let fault = self.fault(
                self.line(header),
                "the columns of the table are not separated by commas",
            );
            return Err(vec![fault.hint(
                "save it with commas between columns and points in decimals",
            )]);
        }
        let mut unsure = false;
        for (index, name) in header.iter().enumerate() {
            let (name, at) = (name.trim(), self.field(header, index));
            if name.is_empty() {
                let fault = self.fault(at, format!("column {} has no key", index + 1));
                faults
                    .push(fault.hint(
                        "the first line names the key of each column, such as `run.couples`",
                    ));
                continue;
            }
            let path = Path::new(name, name.len());
            if let Some(other) = columns.iter().find(|other| other.path.key() == path.key()) {
                let fault = self.fault(at, format!("two columns set `{}`", path.key()));
                faults.push(
                    fault
                        .other(other.at, "first here")
                        .hint("keep one of the two"),
                );
                continue;
            }
            match ground.resolve(&path, at) {
                Ok(takes) => columns.push(PointColumn { path, takes, at }),
                Err(Some(fault)) => faults.push(*fault),
                Err(None) => unsure = true,
            }
        }
        if faults.is_empty() && !unsure {
            Ok(columns)
        } else {
            Err(faults)
        }
    }

    fn row(
        &self,
        record: &StringRecord,
        columns: &[PointColumn],
        faults: &mut Vec<Fault>,
    ) -> Option<Vec<Setting>> {
        if record.len() != columns.len() {
            let message = format!(
                "this line has {} fields, the header has {}",
                record.len(),
                columns.len()
            );
            faults.push(
                self.fault(self.line(record), message)
                    .hint("give each point one value for each column"),
            );
            return None;
        }
        let before = faults.len();
        let mut row = Vec::new();
        for (index, (text, column)) in record.iter().zip(columns).enumerate() {
            let (text, at) = (text.trim(), self.field(record, index));
            let key = column.path.key();
            if text.is_empty() {
                faults.push(self.fault(at, format!("this point has no value for `{key}`")));
                continue;
            }
            match setting(
                &column.takes,
                &Node {
                    value: value(text),
                    at,
                },
            ) {
                Ok(setting) => row.push(setting),
                Err(wrong) => faults.push(wrong.fault(at, &key)),
            }
        }
        (faults.len() == before).then_some(row)
    }
}

/// A field's text as the value that it would be in TOML, with words that need no quotes.
fn value(text: &str) -> Value {
    match (text, text.parse::<i64>(), text.parse::<f64>()) {
        ("true", ..) => Value::Switch(true),
        ("false", ..) => Value::Switch(false),
        (_, Ok(whole), _) => Value::Whole(whole),
        (_, _, Ok(number)) => Value::Number(number),
        _ => Value::Text(text.to_owned()),
    }
}
