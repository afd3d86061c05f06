//! Whether results are still what their manifest says, and the first difference of two tables.

#[cfg(test)]
pub(crate) mod tests;

use super::error::{Action, OutputError};
use super::manifest::Manifest;
use crate::table::codec::TableReader;
use crate::table::format::value_text;
use crate::table::{Batch, Format, Schema, Values};
use std::fmt;
use std::fmt::Display;
use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;

/// What became of a file that a manifest lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileState {
    /// It holds the bytes that were written.
    Sound,
    /// It holds other bytes.
    Changed,
    /// It is not there.
    Missing,
}

impl Display for FileState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FileState::Sound => "as it was written",
            FileState::Changed => "changed since it was written",
            FileState::Missing => "missing",
        })
    }
}

/// The state of one file of a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileVerdict {
    /// Name within the folder.
    pub name: String,
    /// What became of it.
    pub state: FileState,
}

/// Compares every file of a manifest with the folder, in the manifest's order.
///
/// # Errors
/// [`OutputError::Io`] if a file exists and cannot be read.
pub(crate) fn check_files(
    folder: &Path,
    manifest: &Manifest,
) -> Result<Vec<FileVerdict>, OutputError> {
    let verdict = |file: &super::FileRecord| {
        let state = match hash(&folder.join(&file.name))? {
            None => FileState::Missing,
            Some(hash) if hash == file.blake3 => FileState::Sound,
            Some(_) => FileState::Changed,
        };
        Ok(FileVerdict {
            name: file.name.clone(),
            state,
        })
    };
    manifest.files.iter().map(verdict).collect()
}

fn hash(path: &Path) -> Result<Option<String>, OutputError> {
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        file => file.map_err(OutputError::io(Action::Read, path))?,
    };
    let mut hasher = blake3::Hasher::new();
    hasher
        .update_reader(file)
        .map_err(OutputError::io(Action::Read, path))?;
    Ok(Some(hasher.finalize().to_hex().to_string()))
}

/// The first difference of two tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Name of the table.
    pub table: String,
    /// Row, counted from 1.
    pub row: u64,
    /// Name of the column; the first one if one table is shorter.
    pub column: String,
    /// Value in the first table, `None` if it has no such row.
    pub left: Option<String>,
    /// Value in the second table, `None` if it has no such row.
    pub right: Option<String>,
}

impl Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Difference {
            table, row, column, ..
        } = self;
        match (&self.left, &self.right) {
            (Some(left), Some(right)) => {
                write!(
                    f,
                    "{table}, row {row}, column {column}: {left} against {right}"
                )
            }
            (Some(_), None) => write!(f, "{table}: the second table ends before row {row}"),
            _ => write!(f, "{table}: the first table ends before row {row}"),
        }
    }
}

/// Compares two tables' files row by row, and gives the first difference.
///
/// Numbers are equal if their bits are, so 0 and −0 differ; missing numbers are equal. The files may have
/// different formats; they are read in batches.
///
/// # Errors
/// Those of [`read_table`](crate::table::format::read_table).
pub fn first_difference(
    left: &Path,
    right: &Path,
    schema: &Schema,
) -> Result<Option<Difference>, OutputError> {
    let mut left = Cursor::open(left, schema)?;
    let mut right = Cursor::open(right, schema)?;
    let mut row = 0;
    loop {
        row += 1;
        let (here, there) = (left.advance()?, right.advance()?);
        if !here && !there {
            return Ok(None);
        }
        let differs = |column: &usize| !(here && there && left.same(&right, *column));
        if let Some(column) = (0..schema.columns.len()).find(differs) {
            return Ok(Some(Difference {
                table: schema.table.into(),
                row,
                column: schema.columns[column].name.clone(),
                left: here.then(|| left.text(schema, column)),
                right: there.then(|| right.text(schema, column)),
            }));
        }
    }
}

/// A position in a table that is read row by row.
struct Cursor {
    reader: Box<dyn TableReader>,
    rows: Batch,
    /// One past the current row of the batch.
    next: usize,
}

impl Cursor {
    fn open(path: &Path, schema: &Schema) -> Result<Cursor, OutputError> {
        let reader = Format::of(path)?.reader(path, schema)?;
        Ok(Cursor {
            reader,
            rows: Batch::empty(schema),
            next: 0,
        })
    }

    /// Goes to the next row, or says that there is none.
    fn advance(&mut self) -> Result<bool, OutputError> {
        if self.next == self.rows.rows() {
            self.next = 0;
            match self.reader.next()? {
                Some(rows) => self.rows = rows,
                None => {
                    self.rows.columns.clear();
                    return Ok(false);
                }
            }
        }
        self.next += 1;
        Ok(true)
    }

    fn same(&self, other: &Cursor, column: usize) -> bool {
        let (i, j) = (self.next - 1, other.next - 1);
        match (&self.rows.columns[column], &other.rows.columns[column]) {
            (Values::Float(a), Values::Float(b)) => {
                a[i].to_bits() == b[j].to_bits() || a[i].is_nan() && b[j].is_nan()
            }
            (Values::Int(a), Values::Int(b)) => a[i] == b[j],
            (Values::Categorical(a), Values::Categorical(b)) => a[i] == b[j],
            (Values::Str(a), Values::Str(b)) => a[i] == b[j],
            _ => false,
        }
    }

    fn text(&self, schema: &Schema, column: usize) -> String {
        value_text(
            schema.columns[column].kind,
            &self.rows.columns[column],
            self.next - 1,
        )
    }
}
