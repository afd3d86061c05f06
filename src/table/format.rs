//! The formats of tables' files.
//!
//! Each format writes a missing value in its own way; all missing values read back as themselves.

use super::batch::{Table, TableReader, TableWriter, Values};
use super::csv;
use super::error::TableError;
#[cfg(feature = "parquet")]
use super::parquet;
use super::schema::{Kind, Schema};
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::io::Write;
use std::path::Path;
use std::{fmt, io};

/// The format of a table's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Comma-separated text (RFC 4180 with bare line feeds, UTF-8), `NA` where a value is missing.
    ///
    /// Numbers are the shortest text that reads back to the same number. The text `NA` cannot be
    /// distinguished from a missing text.
    #[value(help = "Comma-separated text")]
    Csv,
    /// Apache Parquet, compressed with Snappy; needs the cargo feature `parquet`.
    #[value(help = "Apache Parquet")]
    Parquet,
}

impl Format {
    /// Every format.
    pub(crate) const ALL: [Format; 2] = [Format::Csv, Format::Parquet];

    /// The format's name, which is also the extension of its files.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Parquet => "parquet",
        }
    }

    /// Whether this build of the program can write and read the format.
    pub(crate) fn is_built(self) -> bool {
        match self {
            Format::Csv => true,
            Format::Parquet => cfg!(feature = "parquet"),
        }
    }

    /// Checks that this build of the program can write and read the format.
    ///
    /// # Errors
    /// [`TableError::NotBuilt`].
    pub(crate) fn check_built(self) -> Result<(), TableError> {
        if self.is_built() {
            return Ok(());
        }
        Err(TableError::NotBuilt {
            format: self.extension(),
        })
    }

    /// The format of a file, by its extension.
    ///
    /// # Errors
    /// [`TableError::UnknownFormat`].
    pub(crate) fn of(path: &Path) -> Result<Format, TableError> {
        let extension = path.extension();
        let format = Format::ALL
            .into_iter()
            .find(|format| extension == Some(format.extension().as_ref()));
        format.ok_or_else(|| TableError::UnknownFormat {
            path: path.to_owned(),
        })
    }

    /// Starts to write a table.
    ///
    /// # Errors
    /// If the start of the table cannot be written, or the format is not built.
    pub(crate) fn writer<W: Write + Send + 'static>(
        self,
        to: W,
        schema: &Schema,
    ) -> io::Result<Box<dyn TableWriter<W>>> {
        match self {
            Format::Csv => Ok(Box::new(csv::CsvWriter::new(to, schema))),
            #[cfg(feature = "parquet")]
            Format::Parquet => Ok(Box::new(parquet::ParquetWriter::new(to, schema)?)),
            #[cfg(not(feature = "parquet"))]
            Format::Parquet => {
                let _ = (to, schema);
                let format = self.extension();
                Err(io::Error::new(
                    io::ErrorKind::Unsupported,
                    TableError::NotBuilt { format },
                ))
            }
        }
    }

    /// Opens a table's file and checks that it has the columns of the schema.
    pub(crate) fn reader(
        self,
        path: &Path,
        schema: &Schema,
    ) -> Result<Box<dyn TableReader>, TableError> {
        match self {
            Format::Csv => Ok(Box::new(csv::CsvReader::open(path, schema)?)),
            #[cfg(feature = "parquet")]
            Format::Parquet => Ok(Box::new(parquet::ParquetReader::open(path, schema)?)),
            #[cfg(not(feature = "parquet"))]
            Format::Parquet => Err(TableError::NotBuilt {
                format: self.extension(),
            }),
        }
    }
}

impl Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.extension())
    }
}

/// Reads a table; the file's extension says in which format.
///
/// # Errors
/// [`TableError`].
pub fn read_table(path: &Path, schema: &Schema) -> Result<Table, TableError> {
    read_rows(path, schema, usize::MAX)
}

/// Reads the first rows of a table, at most `most` of them.
///
/// # Errors
/// Those of [`read_table`], in what is read.
pub(crate) fn read_rows(path: &Path, schema: &Schema, most: usize) -> Result<Table, TableError> {
    let mut reader = Format::of(path)?.reader(path, schema)?;
    let mut table = Table::new(schema.clone());
    while table.rows.rows() < most
        && let Some(rows) = reader.next()?
    {
        table.rows.append(rows);
    }
    table.rows.truncate(most);
    Ok(table)
}

/// One value as CSV shows it, without quotes; `NA` if it is missing.
pub(crate) fn value_text(kind: Kind, values: &Values, row: usize) -> String {
    let mut text = Vec::new();
    match (kind, values) {
        (_, Values::Float(numbers)) => csv::push_float(&mut text, numbers[row]),
        (_, Values::Int(integers)) => csv::push_int(&mut text, integers[row]),
        (Kind::Categorical(categories), Values::Categorical(positions)) => {
            let category = categories.get(usize::from(positions[row])).copied();
            return category.unwrap_or(csv::NA).into();
        }
        (_, Values::Categorical(positions)) => return positions[row].to_string(),
        (_, Values::Str(texts)) if texts[row].is_empty() => return csv::NA.into(),
        (_, Values::Str(texts)) => return texts[row].clone(),
    }
    String::from_utf8_lossy(&text).into_owned()
}
