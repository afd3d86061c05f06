//! Apache Parquet, through its column writers and readers and without Arrow.
//!
//! Rows are collected until a row group of `GROUP_ROWS` is full, so memory is bounded and the bytes do
//! not depend on the batches. Every column is optional: a missing value is a null.

use super::batch::{
    Batch, TableReader, TableWriter, Values, category_position, check_names, expected,
};
use super::error::{ContentError, TableError};
use super::plain_file::open_plain;
use super::schema::{Field, Kind, MISSING, NO_CATEGORY, Schema};
use ::parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use ::parquet::column::reader::{ColumnReaderImpl, get_typed_column_reader};
use ::parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::properties::{WriterProperties, WriterVersion};
use ::parquet::file::reader::{FileReader, RowGroupReader};
use ::parquet::file::serialized_reader::SerializedFileReader;
use ::parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use ::parquet::schema::types::{ColumnPath, Type};
use std::cell::Cell;
use std::fs::File;
use std::io;
use std::io::Write;
use std::panic;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Once};

/// Rows in one row group.
const GROUP_ROWS: usize = 100_000;
/// Most rows of a row group that is read: what other programs write by default.
const MOST_GROUP_ROWS: i64 = 1 << 20;
/// The writer's name in the file: the same for all versions, so that equal rows are equal bytes.
const CREATED_BY: &str = "pairbond";

/// Writes a table as Parquet.
pub(crate) struct ParquetWriter<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    schema: Schema,
    /// For each categorical column, its categories.
    categories: Vec<Vec<ByteArray>>,
    pending: Batch,
    rows: u64,
}

impl<W: Write + Send> ParquetWriter<W> {
    pub(crate) fn new(to: W, schema: &Schema) -> io::Result<ParquetWriter<W>> {
        let open =
            || SerializedFileWriter::new(to, parquet_schema(schema)?, properties(schema).into());
        let writer = open().map_err(into_io)?;
        let categories = schema.columns.iter().map(|column| match column.kind {
            Kind::Categorical(list) => list.iter().map(|text| ByteArray::from(*text)).collect(),
            _ => Vec::new(),
        });
        Ok(ParquetWriter {
            writer,
            schema: schema.clone(),
            categories: categories.collect(),
            pending: Batch::empty(schema),
            rows: 0,
        })
    }

    /// Writes the pending rows as one row group.
    fn write_group(&mut self) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        let mut columns = self.pending.columns.iter().zip(&self.categories);
        while let Some(mut column) = group.next_column()? {
            let (values, categories) = columns
                .next()
                .expect("the file has the columns of the schema");
            write_column(&mut column, values, categories)?;
            column.close()?;
        }
        group.close()?;
        self.pending = Batch::empty(&self.schema);
        Ok(())
    }
}

impl<W: Write + Send> TableWriter<W> for ParquetWriter<W> {
    fn write(&mut self, rows: &Batch) -> io::Result<()> {
        let mut start = 0;
        while start < rows.rows() {
            let end = rows.rows().min(start + GROUP_ROWS - self.pending.rows());
            append_range(&mut self.pending, rows, start, end);
            if self.pending.rows() == GROUP_ROWS {
                self.write_group().map_err(into_io)?;
            }
            start = end;
        }
        self.rows += rows.rows() as u64;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<(W, u64)> {
        if self.pending.rows() > 0 {
            self.write_group().map_err(into_io)?;
        }
        let to = self.writer.into_inner().map_err(into_io)?;
        Ok((to, self.rows))
    }
}

/// Copies rows `start..end` to the end of `pending`.
fn append_range(pending: &mut Batch, rows: &Batch, start: usize, end: usize) {
    for (ours, theirs) in pending.columns.iter_mut().zip(&rows.columns) {
        match (ours, theirs) {
            (Values::Float(a), Values::Float(b)) => a.extend_from_slice(&b[start..end]),
            (Values::Int(a), Values::Int(b)) => a.extend_from_slice(&b[start..end]),
            (Values::Categorical(a), Values::Categorical(b)) => a.extend_from_slice(&b[start..end]),
            (Values::Str(a), Values::Str(b)) => a.extend_from_slice(&b[start..end]),
            _ => debug_assert!(false, "the sink takes only rows that fit the schema"),
        }
    }
}

fn parquet_schema(schema: &Schema) -> Result<Arc<Type>, ParquetError> {
    let field = |column: &Field| {
        let text = matches!(column.kind, Kind::Categorical(_) | Kind::Str);
        Type::primitive_type_builder(&column.name, physical(column.kind))
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(text.then_some(LogicalType::String))
            .build()
            .map(Arc::new)
    };
    let fields: Result<Vec<_>, _> = schema.columns.iter().map(field).collect();
    Ok(Arc::new(
        Type::group_type_builder(schema.table)
            .with_fields(fields?)
            .build()?,
    ))
}

fn physical(kind: Kind) -> Physical {
    match kind {
        Kind::Float => Physical::DOUBLE,
        Kind::Int => Physical::INT64,
        Kind::Categorical(_) | Kind::Str => Physical::BYTE_ARRAY,
    }
}

/// A dictionary saves space for categories and repeated integers; for measured numbers it costs time only.
fn properties(schema: &Schema) -> WriterProperties {
    let plain = WriterProperties::builder()
        .set_created_by(CREATED_BY.into())
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_compression(Compression::SNAPPY);
    let numbers = schema
        .columns
        .iter()
        .filter(|column| column.kind == Kind::Float);
    numbers
        .fold(plain, |properties, column| {
            let path = ColumnPath::from(column.name.as_str());
            properties.set_column_dictionary_enabled(path, false)
        })
        .build()
}

fn write_column(
    column: &mut SerializedColumnWriter<'_>,
    values: &Values,
    categories: &[ByteArray],
) -> Result<(), ParquetError> {
    match values {
        Values::Float(numbers) => {
            write_values::<DoubleType, _>(column, numbers, |x| (!x.is_nan()).then_some(*x))
        }
        Values::Int(integers) => {
            write_values::<Int64Type, _>(column, integers, |x| (*x != MISSING).then_some(*x))
        }
        Values::Categorical(positions) => {
            let text = |position: &u8| categories.get(usize::from(*position)).cloned();
            write_values::<ByteArrayType, _>(column, positions, text)
        }
        Values::Str(texts) => write_values::<ByteArrayType, _>(column, texts, |text| {
            (!text.is_empty()).then(|| ByteArray::from(text.as_str()))
        }),
    }
}

/// Writes one column of a row group: the values that are not missing, and for each row whether there is one.
fn write_values<D: DataType, V>(
    column: &mut SerializedColumnWriter<'_>,
    values: &[V],
    present: impl Fn(&V) -> Option<D::T>,
) -> Result<(), ParquetError> {
    let mut present_values = Vec::with_capacity(values.len());
    let mut levels = Vec::with_capacity(values.len());
    for value in values.iter().map(present) {
        levels.push(i16::from(value.is_some()));
        present_values.extend(value);
    }
    column
        .typed::<D>()
        .write_batch(&present_values, Some(&levels), None)?;
    Ok(())
}

/// Reads a table from Parquet: one batch for each row group.
pub(crate) struct ParquetReader {
    path: PathBuf,
    schema: Schema,
    reader: SerializedFileReader<File>,
    group: usize,
    row: u64,
}

impl ParquetReader {
    /// Opens the file and compares its columns with the schema.
    pub(crate) fn open(path: &Path, schema: &Schema) -> Result<ParquetReader, TableError> {
        without_panic(path, || ParquetReader::open_sound(path, schema))
    }

    fn open_sound(path: &Path, schema: &Schema) -> Result<ParquetReader, TableError> {
        let file = open_plain(path).map_err(TableError::io(path))?;
        let reader = SerializedFileReader::new(file).map_err(|error| unreadable(path, error))?;
        let found = reader.metadata().file_metadata().schema_descr();
        let names = found
            .columns()
            .iter()
            .map(|column| column.path().string())
            .collect();
        check_names(path, schema, names)?;
        for (ours, theirs) in schema.columns.iter().zip(found.columns()) {
            let flat = theirs.max_rep_level() == 0 && theirs.max_def_level() <= 1;
            if theirs.physical_type() != physical(ours.kind) || !flat {
                let error = ContentError::Kind {
                    column: ours.name.clone(),
                    expected: expected(ours.kind),
                };
                return Err(TableError::content(path, None, error));
            }
        }
        let (path, schema) = (path.to_owned(), schema.clone());
        Ok(ParquetReader {
            path,
            schema,
            reader,
            group: 0,
            row: 0,
        })
    }

    fn error(&self, row: usize, error: ContentError) -> TableError {
        TableError::content(&self.path, Some(self.row + row as u64 + 1), error)
    }

    fn unreadable(&self, error: ParquetError) -> TableError {
        unreadable(&self.path, error)
    }

    fn read_column(&self, group: &dyn RowGroupReader, index: usize) -> Result<Values, TableError> {
        let column = &self.schema.columns[index];
        let rows = group.metadata().num_rows();
        if !(0..=MOST_GROUP_ROWS).contains(&rows) {
            let error = format!("a row group of {rows} rows: at most {MOST_GROUP_ROWS} are read");
            return Err(self.unreadable(ParquetError::General(error)));
        }
        let count = rows as usize;
        let reader = group
            .get_column_reader(index)
            .map_err(|error| self.unreadable(error))?;
        Ok(match column.kind {
            Kind::Float => {
                let numbers = take::<DoubleType>(get_typed_column_reader(reader), count);
                let numbers = numbers.map_err(|error| self.unreadable(error))?;
                Values::Float(
                    numbers
                        .into_iter()
                        .map(|number| number.unwrap_or(f64::NAN))
                        .collect(),
                )
            }
            Kind::Int => {
                let integers = take::<Int64Type>(get_typed_column_reader(reader), count);
                let integers = integers.map_err(|error| self.unreadable(error))?;
                Values::Int(
                    integers
                        .into_iter()
                        .map(|integer| integer.unwrap_or(MISSING))
                        .collect(),
                )
            }
            Kind::Categorical(_) | Kind::Str => {
                let texts = take::<ByteArrayType>(get_typed_column_reader(reader), count);
                self.texts(column, &texts.map_err(|error| self.unreadable(error))?)?
            }
        })
    }

    fn texts(&self, column: &Field, found: &[Option<ByteArray>]) -> Result<Values, TableError> {
        let mut values = Values::empty(column.kind);
        for (row, bytes) in found.iter().enumerate() {
            let text = bytes
                .as_ref()
                .map(|bytes| std::str::from_utf8(bytes.data()))
                .transpose();
            let text = text.map_err(|_| self.error(row, ContentError::NotText))?;
            match (&mut values, column.kind, text) {
                (Values::Categorical(positions), Kind::Categorical(list), Some(text)) => {
                    positions.push(category_position(list, text).ok_or_else(|| {
                        let error = ContentError::Value {
                            column: column.name.clone(),
                            found: text.to_owned(),
                            expected: expected(column.kind),
                        };
                        self.error(row, error)
                    })?);
                }
                (Values::Categorical(positions), ..) => positions.push(NO_CATEGORY),
                (Values::Str(texts), ..) => texts.push(text.unwrap_or_default().to_owned()),
                (Values::Float(_) | Values::Int(_), ..) => {}
            }
        }
        Ok(values)
    }
}

impl TableReader for ParquetReader {
    fn next(&mut self) -> Result<Option<Batch>, TableError> {
        let path = self.path.clone();
        without_panic(&path, || self.next_sound())
    }
}

impl ParquetReader {
    fn next_sound(&mut self) -> Result<Option<Batch>, TableError> {
        while self.group < self.reader.num_row_groups() {
            let group = self
                .reader
                .get_row_group(self.group)
                .map_err(|error| self.unreadable(error))?;
            let columns =
                (0..self.schema.columns.len()).map(|index| self.read_column(&*group, index));
            let columns: Vec<Values> = columns.collect::<Result<_, _>>()?;
            let rows = Batch { columns };
            if rows
                .columns
                .iter()
                .any(|values| values.len() != rows.rows())
            {
                return Err(TableError::content(&self.path, None, ContentError::Ragged));
            }
            drop(group);
            self.group += 1;
            self.row += rows.rows() as u64;
            if rows.rows() > 0 {
                return Ok(Some(rows));
            }
        }
        Ok(None)
    }
}

thread_local! {
    /// Whether a panic of this thread is caught and reported as an error.
    static IS_CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Calls the reader of the `parquet` crate, which panics on some damaged files.
///
/// The process's hook for panics stays as it is for all other panics.
fn without_panic<T>(
    path: &Path,
    read: impl FnOnce() -> Result<T, TableError>,
) -> Result<T, TableError> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !IS_CAUGHT.get() {
                report(info);
            }
        }));
    });
    IS_CAUGHT.set(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(read));
    IS_CAUGHT.set(false);
    outcome.unwrap_or_else(|_| {
        let error = ParquetError::General("the file is damaged".to_owned());
        Err(unreadable(path, error))
    })
}

/// Reads a column of a row group; missing values are `None`.
fn take<D: DataType>(
    mut reader: ColumnReaderImpl<D>,
    count: usize,
) -> Result<Vec<Option<D::T>>, ParquetError> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    let mut read = 0;
    while read < count {
        let (records, _, _) =
            reader.read_records(count - read, Some(&mut levels), None, &mut values)?;
        if records == 0 {
            break;
        }
        read += records;
    }
    if levels.is_empty() {
        return Ok(values.into_iter().map(Some).collect());
    }
    let mut values = values.into_iter();
    Ok(levels
        .into_iter()
        .map(|level| if level > 0 { values.next() } else { None })
        .collect())
}

/// The system's error if the library only passes it on.
fn into_io(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(source) => *source,
            Err(source) => io::Error::other(source),
        },
        error => io::Error::other(error),
    }
}

fn unreadable(path: &Path, error: ParquetError) -> TableError {
    let path = path.to_owned();
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(source) => TableError::Io {
                path,
                source: *source,
            },
            Err(source) => TableError::Encoding { path, source },
        },
        error => TableError::Encoding {
            path,
            source: Box::new(error),
        },
    }
}
