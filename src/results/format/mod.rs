//! Formats of tables: each is one [`Exporter`] and one [`Importer`], and nothing outside this
//! folder knows how they write.
//!
//! A missing value is written as the format's own way to say so: NaN, [`MISSING`], [`NO_WORD`] and
//! the empty text all read back as themselves.
//!
//! [`MISSING`]: crate::table::MISSING

pub mod csv;
pub mod number;
#[cfg(feature = "parquet")]
pub mod parquet;
#[cfg(test)]
pub(crate) mod tests;

use super::error::OutputError;
use super::fault::TableFault;
use super::hashing_writer::RecordedFile;
use crate::table::{Batch, Kind, Schema, Table, Values};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::fmt::Display;
use std::path::Path;

/// The word that stands for a missing one; every index beyond a column's words is written as such.
pub const NO_WORD: u8 = u8::MAX;

/// How a table is written to its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Comma-separated text (RFC 4180 with bare line feeds, UTF-8), `NA` where a value is missing.
    ///
    /// Reals are the shortest text that reads back to the same number. The text `NA` cannot be
    /// told from a missing text.
    #[value(help = "Comma-separated text")]
    Csv,
    /// Apache Parquet, compressed with Snappy; needs the cargo feature `parquet`.
    #[value(help = "Apache Parquet")]
    Parquet,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 2] = [Format::Csv, Format::Parquet];

    /// The format's name, which is also how its files' names end.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Parquet => "parquet",
        }
    }

    /// Whether this build of the program can write and read the format.
    pub fn is_built(self) -> bool {
        match self {
            Format::Csv => true,
            Format::Parquet => cfg!(feature = "parquet"),
        }
    }

    /// Finds the format of a file by the end of its name.
    ///
    /// # Errors
    /// [`OutputError::UnknownFormat`].
    pub fn of(path: &Path) -> Result<Format, OutputError> {
        let ending = path.extension();
        let format = Format::ALL
            .into_iter()
            .find(|format| ending == Some(format.extension().as_ref()));
        format.ok_or_else(|| OutputError::UnknownFormat {
            path: path.to_owned(),
        })
    }

    /// Begins a table in a file.
    pub(crate) fn exporter(
        self,
        file: RecordedFile,
        schema: &Schema,
    ) -> Result<Box<dyn Exporter>, OutputError> {
        match self {
            Format::Csv => Ok(Box::new(csv::CsvExporter::new(file, schema))),
            #[cfg(feature = "parquet")]
            Format::Parquet => Ok(Box::new(parquet::ParquetExporter::new(file, schema)?)),
            #[cfg(not(feature = "parquet"))]
            Format::Parquet => Err(OutputError::NotBuilt { format: self }),
        }
    }

    /// Opens a table's file and holds its columns against the header.
    pub(crate) fn importer(
        self,
        path: &Path,
        schema: &Schema,
    ) -> Result<Box<dyn Importer>, OutputError> {
        match self {
            Format::Csv => Ok(Box::new(csv::CsvImporter::open(path, schema)?)),
            #[cfg(feature = "parquet")]
            Format::Parquet => Ok(Box::new(parquet::ParquetImporter::open(path, schema)?)),
            #[cfg(not(feature = "parquet"))]
            Format::Parquet => Err(OutputError::NotBuilt { format: self }),
        }
    }
}

impl Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.extension())
    }
}

/// One table on its way into a file.
pub(crate) trait Exporter: Send {
    /// Adds rows that fit the table's header.
    fn write(&mut self, rows: &Batch) -> Result<(), OutputError>;
    /// Writes what was held back, and gives the file with its number of rows.
    fn finish(self: Box<Self>) -> Result<RecordedFile, OutputError>;
}

/// One table on its way out of a file.
pub(crate) trait Importer {
    /// The next rows, never none of them; `None` after the last.
    fn next(&mut self) -> Result<Option<Batch>, OutputError>;
}

/// Reads a whole table; the end of the file's name says in which format.
///
/// # Errors
/// [`OutputError::Table`] with the row where the file is not the table that the header describes,
/// [`OutputError::UnknownFormat`], [`OutputError::NotBuilt`], [`OutputError::Encoding`] or
/// [`OutputError::Io`].
pub fn read_table(path: &Path, schema: &Schema) -> Result<Table, OutputError> {
    read_rows(path, schema, usize::MAX)
}

/// Reads the first rows of a table, at most `most` of them.
///
/// # Errors
/// Those of [`read_table`], as far as was read.
pub fn read_rows(path: &Path, schema: &Schema, most: usize) -> Result<Table, OutputError> {
    let mut importer = Format::of(path)?.importer(path, schema)?;
    let mut table = Table::new(schema.clone());
    while table.rows.rows() < most
        && let Some(rows) = importer.next()?
    {
        table.rows.append(rows);
    }
    table.rows.truncate(most);
    Ok(table)
}

/// What a column holds, as messages say it.
fn holds(kind: Kind) -> &'static str {
    match kind {
        Kind::Float => "a real number",
        Kind::Int => "a whole number",
        Kind::Categorical(_) => "a word of its list",
        Kind::Str => "text",
    }
}

/// Holds the names found against the header's.
fn check_names(path: &Path, schema: &Schema, found: Vec<String>) -> Result<(), OutputError> {
    let expected: Vec<String> = schema
        .columns
        .iter()
        .map(|column| column.name.clone())
        .collect();
    if expected == found {
        return Ok(());
    }
    Err(OutputError::table(
        path,
        None,
        TableFault::Columns { expected, found },
    ))
}

/// The index of a word in its list.
fn word_code(words: &[&str], text: &str) -> Option<u8> {
    let code = words.iter().position(|word| *word == text)?;
    u8::try_from(code).ok()
}

/// One value as CSV shows it, without quotes; `NA` where it is missing.
pub(crate) fn cell_text(kind: Kind, values: &Values, row: usize) -> String {
    let mut text = Vec::new();
    match (kind, values) {
        (_, Values::Float(reals)) => number::push_real(&mut text, reals[row]),
        (_, Values::Int(wholes)) => number::push_whole(&mut text, wholes[row]),
        (Kind::Categorical(words), Values::Categorical(codes)) => {
            let word = words.get(usize::from(codes[row])).copied();
            return word.unwrap_or(number::NA).into();
        }
        (_, Values::Categorical(codes)) => return codes[row].to_string(),
        (_, Values::Str(texts)) if texts[row].is_empty() => return number::NA.into(),
        (_, Values::Str(texts)) => return texts[row].clone(),
    }
    String::from_utf8_lossy(&text).into_owned()
}
