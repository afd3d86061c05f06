//! A Parquet table on its way back: one batch for each row group.

use super::{physical, refused};
use crate::results::error::{Action, OutputError};
use crate::results::fault::TableFault;
use crate::results::format::{Importer, NO_WORD, check_names, holds, word_code};
use crate::table::{Batch, Field, Kind, MISSING, Schema, Values};
use parquet::column::reader::{ColumnReaderImpl, get_typed_column_reader};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, RowGroupReader};
use parquet::file::serialized_reader::SerializedFileReader;
use std::fs::File;
use std::path::{Path, PathBuf};

/// A table on its way out of Parquet.
pub(crate) struct ParquetImporter {
    path: PathBuf,
    schema: Schema,
    reader: SerializedFileReader<File>,
    group: usize,
    row: u64,
}

impl ParquetImporter {
    /// Opens the file and holds its schema against the header.
    pub(crate) fn open(path: &Path, schema: &Schema) -> Result<ParquetImporter, OutputError> {
        let file = File::open(path).map_err(OutputError::io(Action::Read, path))?;
        let reader =
            SerializedFileReader::new(file).map_err(|error| refused(Action::Read, path, error))?;
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
                let (column, expected) = (ours.name.clone(), holds(ours.kind));
                return Err(OutputError::table(
                    path,
                    None,
                    TableFault::Kind { column, expected },
                ));
            }
        }
        let (path, schema) = (path.to_owned(), schema.clone());
        Ok(ParquetImporter {
            path,
            schema,
            reader,
            group: 0,
            row: 0,
        })
    }

    fn fault(&self, row: usize, fault: TableFault) -> OutputError {
        OutputError::table(&self.path, Some(self.row + row as u64 + 1), fault)
    }

    fn refused(&self, error: ParquetError) -> OutputError {
        refused(Action::Read, &self.path, error)
    }

    fn read_column(&self, group: &dyn RowGroupReader, index: usize) -> Result<Values, OutputError> {
        let column = &self.schema.columns[index];
        let count = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
        let reader = group
            .get_column_reader(index)
            .map_err(|error| self.refused(error))?;
        Ok(match column.kind {
            Kind::Float => {
                let reals = take::<DoubleType>(get_typed_column_reader(reader), count);
                let reals = reals.map_err(|error| self.refused(error))?;
                Values::Float(
                    reals
                        .into_iter()
                        .map(|real| real.unwrap_or(f64::NAN))
                        .collect(),
                )
            }
            Kind::Int => {
                let wholes = take::<Int64Type>(get_typed_column_reader(reader), count);
                let wholes = wholes.map_err(|error| self.refused(error))?;
                Values::Int(
                    wholes
                        .into_iter()
                        .map(|whole| whole.unwrap_or(MISSING))
                        .collect(),
                )
            }
            Kind::Categorical(_) | Kind::Str => {
                let texts = take::<ByteArrayType>(get_typed_column_reader(reader), count);
                self.texts(column, &texts.map_err(|error| self.refused(error))?)?
            }
        })
    }

    fn texts(&self, column: &Field, found: &[Option<ByteArray>]) -> Result<Values, OutputError> {
        let mut values = Values::empty(column.kind);
        for (row, bytes) in found.iter().enumerate() {
            let text = bytes
                .as_ref()
                .map(|bytes| std::str::from_utf8(bytes.data()))
                .transpose();
            let text = text.map_err(|_| self.fault(row, TableFault::NotText))?;
            match (&mut values, column.kind, text) {
                (Values::Categorical(codes), Kind::Categorical(words), Some(text)) => {
                    codes.push(word_code(words, text).ok_or_else(|| {
                        let (column, found) = (column.name.clone(), text.to_owned());
                        let expected = holds(Kind::Categorical(words));
                        self.fault(
                            row,
                            TableFault::Value {
                                column,
                                found,
                                expected,
                            },
                        )
                    })?);
                }
                (Values::Categorical(codes), ..) => codes.push(NO_WORD),
                (Values::Str(texts), ..) => texts.push(text.unwrap_or_default().to_owned()),
                (Values::Float(_) | Values::Int(_), ..) => {}
            }
        }
        Ok(values)
    }
}

impl Importer for ParquetImporter {
    fn next(&mut self) -> Result<Option<Batch>, OutputError> {
        while self.group < self.reader.num_row_groups() {
            let group = self
                .reader
                .get_row_group(self.group)
                .map_err(|error| self.refused(error))?;
            let columns =
                (0..self.schema.columns.len()).map(|index| self.read_column(&*group, index));
            let columns: Vec<Values> = columns.collect::<Result<_, _>>()?;
            let rows = Batch { columns };
            if rows
                .columns
                .iter()
                .any(|values| values.len() != rows.rows())
            {
                return Err(OutputError::table(&self.path, None, TableFault::Ragged));
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

/// Reads a column of a row group, `None` where a value is missing.
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
