//! CSV: written from a buffer, and read by the `csv` crate.

use super::batch::{Batch, Values};
use super::codec::{TableReader, TableWriter, category_position, check_names, expected};
use super::error::{ContentError, TableError};
use super::number::{NA, push_float, push_int};
use super::schema::{Kind, MISSING, NO_CATEGORY, Schema};
use ::csv::{ByteRecord, ErrorKind, Reader, ReaderBuilder};
use std::fs::File;
use std::io;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Bytes in the buffer before they are written.
const BUFFER_BYTES: usize = 1 << 16;
/// Rows in a batch that is read.
const BATCH_ROWS: usize = 4096;

/// Writes a table as CSV.
pub(crate) struct CsvWriter<W> {
    to: W,
    buffer: Vec<u8>,
    /// For each categorical column, its categories as the file shows them.
    categories: Vec<Vec<Vec<u8>>>,
    rows: u64,
}

impl<W: Write> CsvWriter<W> {
    /// Starts with the line of column names.
    pub(crate) fn new(to: W, schema: &Schema) -> CsvWriter<W> {
        let mut buffer = Vec::with_capacity(BUFFER_BYTES + BUFFER_BYTES / 8);
        for (index, column) in schema.columns.iter().enumerate() {
            separate(&mut buffer, index);
            push_text(&mut buffer, &column.name);
        }
        buffer.push(b'\n');
        let categories = schema.columns.iter().map(|column| match column.kind {
            Kind::Categorical(categories) => categories.iter().map(|text| shown(text)).collect(),
            _ => Vec::new(),
        });
        CsvWriter {
            to,
            categories: categories.collect(),
            buffer,
            rows: 0,
        }
    }

    fn push_row(&mut self, rows: &Batch, row: usize) {
        let buffer = &mut self.buffer;
        for (index, (values, categories)) in rows.columns.iter().zip(&self.categories).enumerate() {
            separate(buffer, index);
            match values {
                Values::Float(numbers) => push_float(buffer, numbers[row]),
                Values::Int(integers) => push_int(buffer, integers[row]),
                Values::Categorical(positions) => {
                    let category = categories.get(usize::from(positions[row]));
                    buffer.extend_from_slice(category.map_or(NA.as_bytes(), Vec::as_slice));
                }
                Values::Str(texts) if texts[row].is_empty() => {
                    buffer.extend_from_slice(NA.as_bytes());
                }
                Values::Str(texts) => push_text(buffer, &texts[row]),
            }
        }
        buffer.push(b'\n');
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}

impl<W: Write + Send> TableWriter<W> for CsvWriter<W> {
    fn write(&mut self, rows: &Batch) -> io::Result<()> {
        for row in 0..rows.rows() {
            self.push_row(rows, row);
            if self.buffer.len() >= BUFFER_BYTES {
                self.flush()?;
            }
        }
        self.rows += rows.rows() as u64;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<(W, u64)> {
        self.flush()?;
        Ok((self.to, self.rows))
    }
}

fn separate(buffer: &mut Vec<u8>, index: usize) {
    if index > 0 {
        buffer.push(b',');
    }
}

fn shown(text: &str) -> Vec<u8> {
    let mut buffer = Vec::new();
    push_text(&mut buffer, text);
    buffer
}

/// Writes text, in quotes if RFC 4180 requires them.
fn push_text(buffer: &mut Vec<u8>, text: &str) {
    let special = |byte: &u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    if !text.is_empty() && !text.as_bytes().iter().any(special) {
        buffer.extend_from_slice(text.as_bytes());
        return;
    }
    buffer.push(b'"');
    for &byte in text.as_bytes() {
        if byte == b'"' {
            buffer.push(b'"');
        }
        buffer.push(byte);
    }
    buffer.push(b'"');
}

/// Reads a table from CSV.
pub(crate) struct CsvReader {
    path: PathBuf,
    schema: Schema,
    reader: Reader<File>,
    record: ByteRecord,
    row: u64,
}

impl CsvReader {
    /// Opens the file and compares its first line with the schema.
    pub(crate) fn open(path: &Path, schema: &Schema) -> Result<CsvReader, TableError> {
        let file = File::open(path).map_err(TableError::io(path))?;
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(BUFFER_BYTES)
            .from_reader(file);
        let (path, schema, record) = (path.to_owned(), schema.clone(), ByteRecord::new());
        let mut reader = CsvReader {
            path,
            schema,
            reader,
            record,
            row: 0,
        };
        reader.advance()?;
        let names = reader
            .record
            .iter()
            .map(|name| String::from_utf8_lossy(name).into_owned());
        check_names(&reader.path, &reader.schema, names.collect())?;
        Ok(reader)
    }

    fn advance(&mut self) -> Result<bool, TableError> {
        self.reader
            .read_byte_record(&mut self.record)
            .map_err(|error| match error.into_kind() {
                ErrorKind::Io(source) => TableError::io(&self.path)(source),
                kind => {
                    let source = format!("{kind:?}").into();
                    let path = self.path.clone();
                    TableError::Encoding { path, source }
                }
            })
    }

    fn error(&self, error: ContentError) -> TableError {
        TableError::content(&self.path, Some(self.row), error)
    }

    fn take_row(&self, rows: &mut Batch) -> Result<(), TableError> {
        let width = self.schema.columns.len();
        if self.record.len() != width {
            return Err(self.error(ContentError::Width {
                expected: width,
                found: self.record.len(),
            }));
        }
        let values = self
            .record
            .iter()
            .zip(&self.schema.columns)
            .zip(&mut rows.columns);
        for ((value, column), to) in values {
            let text = std::str::from_utf8(value).map_err(|_| self.error(ContentError::NotText))?;
            push_value(column.kind, text, to).ok_or_else(|| {
                self.error(ContentError::Value {
                    column: column.name.clone(),
                    found: text.into(),
                    expected: expected(column.kind),
                })
            })?;
        }
        Ok(())
    }
}

impl TableReader for CsvReader {
    fn next(&mut self) -> Result<Option<Batch>, TableError> {
        let mut rows = Batch::empty(&self.schema);
        while rows.rows() < BATCH_ROWS && self.advance()? {
            self.row += 1;
            self.take_row(&mut rows)?;
        }
        Ok((rows.rows() > 0).then_some(rows))
    }
}

/// Reads one value; `None` if the text is not of the column's kind.
fn push_value(kind: Kind, text: &str, values: &mut Values) -> Option<()> {
    let missing = text == NA;
    match (values, kind) {
        (Values::Float(numbers), _) => {
            numbers.push(if missing {
                f64::NAN
            } else {
                text.parse().ok()?
            });
        }
        (Values::Int(integers), _) => {
            integers.push(if missing { MISSING } else { text.parse().ok()? });
        }
        (Values::Categorical(to), Kind::Categorical(list)) => match category_position(list, text) {
            Some(position) => to.push(position),
            None if missing => to.push(NO_CATEGORY),
            None => return None,
        },
        (Values::Categorical(_), _) => return None,
        (Values::Str(texts), _) => {
            texts.push(if missing {
                String::new()
            } else {
                text.to_owned()
            });
        }
    }
    Some(())
}
