//! What every format of tables implements, and what they share.

use super::batch::Batch;
use super::error::{ContentError, TableError};
use super::schema::{Kind, Schema};
use std::io;
use std::path::Path;

/// Writes one table to `W`.
pub(crate) trait TableWriter<W>: Send {
    /// Writes rows that fit the table's schema. How rows are split into batches changes no byte.
    fn write(&mut self, rows: &Batch) -> io::Result<()>;
    /// Writes the rest, and returns `W` with the number of rows.
    fn finish(self: Box<Self>) -> io::Result<(W, u64)>;
}

/// Reads one table.
pub(crate) trait TableReader {
    /// The next rows, at least one; `None` after the last.
    fn next(&mut self) -> Result<Option<Batch>, TableError>;
}

/// What a column holds, for messages.
pub(crate) fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Float => "a number",
        Kind::Int => "an integer",
        Kind::Categorical(_) => "one of its categories",
        Kind::Str => "text",
    }
}

/// Compares the names of columns with those of the schema.
pub(crate) fn check_names(
    path: &Path,
    schema: &Schema,
    found: Vec<String>,
) -> Result<(), TableError> {
    let expected: Vec<String> = schema
        .columns
        .iter()
        .map(|column| column.name.clone())
        .collect();
    if expected == found {
        return Ok(());
    }
    let error = ContentError::Columns { expected, found };
    Err(TableError::content(path, None, error))
}

/// The position of a category in its list.
pub(crate) fn category_position(categories: &[&str], text: &str) -> Option<u8> {
    let position = categories.iter().position(|category| *category == text)?;
    u8::try_from(position).ok()
}
