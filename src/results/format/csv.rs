//! Comma-separated text, written from our own buffer and read through the `csv` crate.

use super::number::{NA, push_real, push_whole};
use super::{Exporter, Importer, NO_WORD, check_names, holds, word_code};
use crate::results::error::{Action, OutputError};
use crate::results::fault::TableFault;
use crate::results::hashing_writer::RecordedFile;
use crate::table::{Batch, Kind, MISSING, Schema, Values};
use csv::{ByteRecord, Reader, ReaderBuilder};
use std::fs::File;
use std::path::{Path, PathBuf};

/// Bytes gathered before the file is given them.
const PIECE: usize = 1 << 16;
/// Rows in one batch read.
const ROWS: usize = 4096;

/// A table on its way into comma-separated text.
pub(crate) struct CsvExporter {
    file: RecordedFile,
    buffer: Vec<u8>,
    /// For each column of words, the words as the file shows them.
    words: Vec<Vec<Vec<u8>>>,
    rows: u64,
}

impl CsvExporter {
    /// Begins with the line of column names.
    pub(crate) fn new(file: RecordedFile, schema: &Schema) -> CsvExporter {
        let mut buffer = Vec::with_capacity(PIECE + PIECE / 8);
        for (index, column) in schema.columns.iter().enumerate() {
            separate(&mut buffer, index);
            push_text(&mut buffer, &column.name);
        }
        buffer.push(b'\n');
        let words = schema.columns.iter().map(|column| match column.kind {
            Kind::Categorical(words) => words.iter().map(|word| shown(word)).collect(),
            _ => Vec::new(),
        });
        CsvExporter {
            file,
            words: words.collect(),
            buffer,
            rows: 0,
        }
    }

    fn push_row(&mut self, rows: &Batch, row: usize) {
        let buffer = &mut self.buffer;
        for (index, (values, words)) in rows.columns.iter().zip(&self.words).enumerate() {
            separate(buffer, index);
            match values {
                Values::Float(reals) => push_real(buffer, reals[row]),
                Values::Int(wholes) => push_whole(buffer, wholes[row]),
                Values::Categorical(codes) => {
                    let word = words.get(usize::from(codes[row]));
                    buffer.extend_from_slice(word.map_or(NA.as_bytes(), Vec::as_slice));
                }
                Values::Str(texts) if texts[row].is_empty() => {
                    buffer.extend_from_slice(NA.as_bytes());
                }
                Values::Str(texts) => push_text(buffer, &texts[row]),
            }
        }
        buffer.push(b'\n');
    }

    fn flush(&mut self) -> Result<(), OutputError> {
        self.file.put(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}

impl Exporter for CsvExporter {
    fn write(&mut self, rows: &Batch) -> Result<(), OutputError> {
        for row in 0..rows.rows() {
            self.push_row(rows, row);
            if self.buffer.len() >= PIECE {
                self.flush()?;
            }
        }
        self.rows += rows.rows() as u64;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<RecordedFile, OutputError> {
        self.flush()?;
        self.file.rows = Some(self.rows);
        Ok(self.file)
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

/// Writes text, in quotes where RFC 4180 asks for them.
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

/// A table on its way out of comma-separated text.
pub(crate) struct CsvImporter {
    path: PathBuf,
    schema: Schema,
    reader: Reader<File>,
    record: ByteRecord,
    row: u64,
}

impl CsvImporter {
    /// Opens the file and holds its first line against the header.
    pub(crate) fn open(path: &Path, schema: &Schema) -> Result<CsvImporter, OutputError> {
        let file = File::open(path).map_err(OutputError::io(Action::Read, path))?;
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(PIECE)
            .from_reader(file);
        let (path, schema, record) = (path.to_owned(), schema.clone(), ByteRecord::new());
        let mut importer = CsvImporter {
            path,
            schema,
            reader,
            record,
            row: 0,
        };
        importer.advance()?;
        let names = importer
            .record
            .iter()
            .map(|name| String::from_utf8_lossy(name).into_owned());
        check_names(&importer.path, &importer.schema, names.collect())?;
        Ok(importer)
    }

    fn advance(&mut self) -> Result<bool, OutputError> {
        self.reader
            .read_byte_record(&mut self.record)
            .map_err(|error| match error.into_kind() {
                csv::ErrorKind::Io(source) => OutputError::io(Action::Read, &self.path)(source),
                kind => {
                    let source = format!("{kind:?}").into();
                    OutputError::Encoding {
                        action: Action::Read,
                        path: self.path.clone(),
                        source,
                    }
                }
            })
    }

    fn fault(&self, fault: TableFault) -> OutputError {
        OutputError::table(&self.path, Some(self.row), fault)
    }

    fn take_row(&self, rows: &mut Batch) -> Result<(), OutputError> {
        let expected = self.schema.columns.len();
        if self.record.len() != expected {
            return Err(self.fault(TableFault::Width {
                expected,
                found: self.record.len(),
            }));
        }
        let cells = self
            .record
            .iter()
            .zip(&self.schema.columns)
            .zip(&mut rows.columns);
        for ((cell, column), values) in cells {
            let text = std::str::from_utf8(cell).map_err(|_| self.fault(TableFault::NotText))?;
            take_cell(column.kind, text, values).ok_or_else(|| {
                self.fault(TableFault::Value {
                    column: column.name.clone(),
                    found: text.into(),
                    expected: holds(column.kind),
                })
            })?;
        }
        Ok(())
    }
}

impl Importer for CsvImporter {
    fn next(&mut self) -> Result<Option<Batch>, OutputError> {
        let mut rows = Batch::empty(&self.schema);
        while rows.rows() < ROWS && self.advance()? {
            self.row += 1;
            self.take_row(&mut rows)?;
        }
        Ok((rows.rows() > 0).then_some(rows))
    }
}

/// Reads one value, or gives `None` where the text is not of the column's kind.
fn take_cell(kind: Kind, text: &str, values: &mut Values) -> Option<()> {
    let missing = text == NA;
    match (values, kind) {
        (Values::Float(reals), _) => {
            reals.push(if missing {
                f64::NAN
            } else {
                text.parse().ok()?
            });
        }
        (Values::Int(wholes), _) => {
            wholes.push(if missing { MISSING } else { text.parse().ok()? });
        }
        (Values::Categorical(codes), Kind::Categorical(words)) => match word_code(words, text) {
            Some(code) => codes.push(code),
            None if missing => codes.push(NO_WORD),
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
