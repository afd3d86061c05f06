//! CSV: written from a buffer with the shortest text of each number, and read by the `csv` crate.

use super::batch::{
    Batch, TableReader, TableWriter, Values, category_position, check_names, expected,
};
use super::error::{ContentError, TableError};
use super::plain_file::open_plain;
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
        let file = open_plain(path).map_err(TableError::io(path))?;
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

/// The text of a missing value.
pub(crate) const NA: &str = "NA";
/// Below this, an integral f64 is an exact `i64`, and shorter without an exponent.
const PLAIN_LIMIT: f64 = 1e15;
/// From this on, other numbers are written without an exponent.
const PLAIN_START: f64 = 1e-4;

/// Writes the shortest text that reads back to the same number, integral numbers without `.0`.
///
/// NaN is `NA`; the infinities are `Inf` and `-Inf`, which R, pandas and Rust all read.
pub(crate) fn push_float(buffer: &mut Vec<u8>, value: f64) {
    if value.is_nan() {
        buffer.extend_from_slice(NA.as_bytes());
    } else if value.is_infinite() {
        buffer.extend_from_slice(if value > 0.0 { b"Inf" } else { b"-Inf" });
    } else if value.abs() < PLAIN_LIMIT && value == value as i64 as f64 {
        if value == 0.0 && value.is_sign_negative() {
            buffer.push(b'-');
        }
        push_digits(buffer, value as i64);
    } else if (PLAIN_START..PLAIN_LIMIT).contains(&value.abs()) {
        buffer.extend_from_slice(zmij::Buffer::new().format_finite(value).as_bytes());
    } else {
        write!(buffer, "{value:?}").expect("a buffer in memory takes everything");
        if buffer.ends_with(b".0") {
            buffer.truncate(buffer.len() - 2);
        }
    }
}

/// Writes an integer, `NA` for [`MISSING`].
pub(crate) fn push_int(buffer: &mut Vec<u8>, value: i64) {
    if value == MISSING {
        buffer.extend_from_slice(NA.as_bytes());
    } else {
        push_digits(buffer, value);
    }
}

fn push_digits(buffer: &mut Vec<u8>, value: i64) {
    let mut digits = [0_u8; 20];
    let mut start = digits.len();
    let mut rest = value.unsigned_abs();
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        start -= 1;
        digits[start] = b'-';
    }
    buffer.extend_from_slice(&digits[start..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text_of(value: f64) -> String {
        let mut buffer = Vec::new();
        push_float(&mut buffer, value);
        String::from_utf8(buffer).expect("ASCII")
    }

    #[test]
    fn floats_have_a_short_decimal_text() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (0.1, "0.1"),
            (-12.0, "-12"),
            (1e-7, "1e-7"),
            (0.000_123, "0.000123"),
            (999_999_999_999_999.0, "999999999999999"),
            (1e15, "1000000000000000"),
            (1e16, "1e16"),
            (1e308, "1e308"),
            (5e-324, "5e-324"),
            (1.0 / 3.0, "0.3333333333333333"),
            (f64::NAN, "NA"),
            (f64::INFINITY, "Inf"),
            (f64::NEG_INFINITY, "-Inf"),
        ] {
            assert_eq!(text_of(value), text);
        }
    }

    proptest! {
        #[test]
        fn every_float_reads_back_to_its_bits(value: f64) {
            let expected = if value.is_nan() { f64::NAN } else { value };
            let text = text_of(expected);
            let back: f64 = if text == NA { f64::NAN } else { text.parse().expect("a number") };
            prop_assert_eq!(back.to_bits(), expected.to_bits(), "{}", text);
        }

        #[test]
        fn floats_print_like_the_standard_library(value in -10.0..10.0_f64, scale in -30..30_i32) {
            let value = value * 10_f64.powi(scale);
            let expected = format!("{value:?}");
            let (text, expected) = (text_of(value), expected.strip_suffix(".0").unwrap_or(&expected));
            // Of two shortest texts that are equally near, either may be taken.
            let tie = text.len() == expected.len() && text.parse() == Ok(value);
            prop_assert!(text == expected || tie, "{} for {}", text, expected);
        }

        #[test]
        fn an_integral_float_reads_back_to_its_bits(value in any::<i64>(), shift in 0..63_u32) {
            let value = (value >> shift) as f64;
            prop_assert_eq!(text_of(value).parse::<f64>().expect("a number").to_bits(), value.to_bits());
        }

        #[test]
        fn integers_print_like_the_standard_library(value: i64, shift in 0..63_u32) {
            let value = value >> shift;
            let mut buffer = Vec::new();
            push_int(&mut buffer, value);
            let expected = if value == MISSING { NA.to_owned() } else { value.to_string() };
            prop_assert_eq!(String::from_utf8(buffer).expect("ASCII"), expected);
        }
    }

    #[test]
    fn extreme_integers_have_all_their_digits() {
        for (value, text) in [
            (i64::MAX, "9223372036854775807"),
            (MISSING + 1, "-9223372036854775807"),
            (MISSING, NA),
        ] {
            let mut buffer = Vec::new();
            push_int(&mut buffer, value);
            assert_eq!(buffer, text.as_bytes());
        }
    }
}
