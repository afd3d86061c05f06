//! Apache Parquet through its column writers, without Arrow.
//!
//! Rows gather until a row group of [`GROUP`] is full, so memory stays bounded and the bytes do not
//! depend on how the rows came. Every column is optional: a missing value is a null.

pub mod reader;

pub(crate) use reader::ParquetImporter;

use super::Exporter;
use crate::results::error::{Action, OutputError};
use crate::results::hashing_writer::RecordedFile;
use crate::table::{Batch, Field, Kind, MISSING, Schema, Values};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{ColumnPath, Type};
use std::io;
use std::path::Path;
use std::sync::Arc;

/// Rows in one row group.
const GROUP: usize = 100_000;
/// The writer's name in the file: one text for all versions, so that equal rows are equal bytes.
const CREATED_BY: &str = "pairbond";

/// A table on its way into Parquet.
pub(crate) struct ParquetExporter {
    writer: SerializedFileWriter<RecordedFile>,
    schema: Schema,
    words: Vec<Vec<ByteArray>>,
    held: Batch,
    rows: u64,
}

impl ParquetExporter {
    /// Begins with the schema that the header gives.
    pub(crate) fn new(file: RecordedFile, schema: &Schema) -> Result<ParquetExporter, OutputError> {
        let path = file.path().to_owned();
        let open =
            || SerializedFileWriter::new(file, parquet_schema(schema)?, properties(schema).into());
        let writer = open().map_err(|error| refused(Action::Write, &path, error))?;
        let words = schema.columns.iter().map(|column| match column.kind {
            Kind::Categorical(words) => words.iter().map(|word| ByteArray::from(*word)).collect(),
            _ => Vec::new(),
        });
        let (words, held) = (words.collect(), Batch::empty(schema));
        Ok(ParquetExporter {
            writer,
            schema: schema.clone(),
            words,
            held,
            rows: 0,
        })
    }

    /// Writes the rows held as one row group.
    fn write_group(&mut self) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        let mut columns = self.held.columns.iter().zip(&self.words);
        while let Some(mut column) = group.next_column()? {
            let (values, words) = columns
                .next()
                .expect("the schema has one column for each of ours");
            write_column(&mut column, values, words)?;
            column.close()?;
        }
        group.close()?;
        self.held = Batch::empty(&self.schema);
        Ok(())
    }

    fn refused(&self, error: ParquetError) -> OutputError {
        refused(Action::Write, self.writer.inner().path(), error)
    }
}

impl Exporter for ParquetExporter {
    fn write(&mut self, rows: &Batch) -> Result<(), OutputError> {
        let mut start = 0;
        while start < rows.rows() {
            let end = rows.rows().min(start + GROUP - self.held.rows());
            hold(&mut self.held, rows, start, end);
            if self.held.rows() == GROUP {
                self.write_group().map_err(|error| self.refused(error))?;
            }
            start = end;
        }
        self.rows += rows.rows() as u64;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<RecordedFile, OutputError> {
        if self.held.rows() > 0 {
            self.write_group().map_err(|error| self.refused(error))?;
        }
        let path = self.writer.inner().path().to_owned();
        let file = self.writer.into_inner();
        let mut file = file.map_err(|error| refused(Action::Write, &path, error))?;
        file.rows = Some(self.rows);
        Ok(file)
    }
}

/// Copies rows `start..end` to the end of those held.
fn hold(held: &mut Batch, rows: &Batch, start: usize, end: usize) {
    for (ours, theirs) in held.columns.iter_mut().zip(&rows.columns) {
        match (ours, theirs) {
            (Values::Float(a), Values::Float(b)) => a.extend_from_slice(&b[start..end]),
            (Values::Int(a), Values::Int(b)) => a.extend_from_slice(&b[start..end]),
            (Values::Categorical(a), Values::Categorical(b)) => a.extend_from_slice(&b[start..end]),
            (Values::Str(a), Values::Str(b)) => a.extend_from_slice(&b[start..end]),
            _ => debug_assert!(false, "the sink takes only rows that fit the header"),
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

/// Words and repeating whole numbers gain from a dictionary, measured reals only lose time by it.
fn properties(schema: &Schema) -> WriterProperties {
    let plain = WriterProperties::builder()
        .set_created_by(CREATED_BY.into())
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_compression(Compression::SNAPPY);
    let reals = schema
        .columns
        .iter()
        .filter(|column| column.kind == Kind::Float);
    reals
        .fold(plain, |properties, column| {
            let path = ColumnPath::from(column.name.as_str());
            properties.set_column_dictionary_enabled(path, false)
        })
        .build()
}

fn write_column(
    column: &mut SerializedColumnWriter<'_>,
    values: &Values,
    words: &[ByteArray],
) -> Result<(), ParquetError> {
    match values {
        Values::Float(reals) => {
            put::<DoubleType, _>(column, reals, |real| (!real.is_nan()).then_some(*real))
        }
        Values::Int(wholes) => put::<Int64Type, _>(column, wholes, |whole| {
            (*whole != MISSING).then_some(*whole)
        }),
        Values::Categorical(codes) => {
            put::<ByteArrayType, _>(column, codes, |code| words.get(usize::from(*code)).cloned())
        }
        Values::Str(texts) => put::<ByteArrayType, _>(column, texts, |text| {
            (!text.is_empty()).then(|| ByteArray::from(text.as_str()))
        }),
    }
}

/// Writes one column of a row group: its values that are there, and for each row whether one is.
fn put<D: DataType, V>(
    column: &mut SerializedColumnWriter<'_>,
    values: &[V],
    present: impl Fn(&V) -> Option<D::T>,
) -> Result<(), ParquetError> {
    let mut there = Vec::with_capacity(values.len());
    let mut levels = Vec::with_capacity(values.len());
    for value in values.iter().map(present) {
        levels.push(i16::from(value.is_some()));
        there.extend(value);
    }
    column
        .typed::<D>()
        .write_batch(&there, Some(&levels), None)?;
    Ok(())
}

/// Unwraps the system's own answer where the library only passes it on.
fn refused(action: Action, path: &Path, error: ParquetError) -> OutputError {
    let path = path.to_owned();
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(source) => OutputError::Io {
                action,
                path,
                source: *source,
            },
            Err(source) => OutputError::Encoding {
                action,
                path,
                source,
            },
        },
        error => OutputError::Encoding {
            action,
            path,
            source: Box::new(error),
        },
    }
}
