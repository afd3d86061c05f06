//! Why a table's file could not be read.

use std::error::Error;
use std::io;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Why a table could not be read, or not be written in a format.
///
/// The message includes that of the [`source`](Error::source).
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The format was left out when the program was built.
    #[error("this pairbond was built without {format} tables (cargo feature `{format}`)")]
    NotBuilt {
        /// The format.
        format: &'static str,
    },
    /// The file's name does not end like that of a table.
    #[error("could not read {}: its name ends neither in .csv nor in .parquet", .path.display())]
    UnknownFormat {
        /// The file.
        path: PathBuf,
    },
    /// The file could not be read.
    #[error("could not read {}: {}", .path.display(), io_reason(.source))]
    Io {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// The format's library could not read the file.
    #[error("could not read {}: {source}", .path.display())]
    Encoding {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The file is not the table that was expected.
    #[error("{}{}: {error}", .path.display(), row_text(*.row))]
    Content {
        /// The file.
        path: PathBuf,
        /// The row, counted from 1 below the names of columns, if one is wrong.
        row: Option<u64>,
        /// What is wrong.
        error: ContentError,
    },
}

/// What is wrong with a table's file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContentError {
    /// The columns are not those of the schema.
    #[error("the columns are {}, not {}", .found.join(", "), .expected.join(", "))]
    Columns {
        /// Names expected.
        expected: Vec<String>,
        /// Names found.
        found: Vec<String>,
    },
    /// A column has values of another kind.
    #[error("column `{column}` does not hold {expected}")]
    Kind {
        /// The column.
        column: String,
        /// The kind expected.
        expected: &'static str,
    },
    /// A value is not of its column's kind.
    #[error("column `{column}` should hold {expected}, found `{found}`")]
    Value {
        /// The column.
        column: String,
        /// The text found.
        found: String,
        /// The kind expected.
        expected: &'static str,
    },
    /// A row has too few or too many values.
    #[error("{found} values where {expected} were expected")]
    Width {
        /// Columns of the schema.
        expected: usize,
        /// Values in the row.
        found: usize,
    },
    /// Bytes that are not UTF-8 text.
    #[error("not UTF-8 text")]
    NotText,
    /// The columns of the file are not equally long.
    #[error("the columns are not equally long")]
    Ragged,
}

impl TableError {
    /// Adds the path to an error of reading, for `map_err`.
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> TableError {
        move |source| TableError::Io {
            path: path.to_owned(),
            source,
        }
    }

    pub(crate) fn content(path: &Path, row: Option<u64>, error: ContentError) -> TableError {
        TableError::Content {
            path: path.to_owned(),
            row,
            error,
        }
    }
}

fn row_text(row: Option<u64>) -> String {
    row.map_or_else(String::new, |row| format!(", row {row}"))
}

/// The system's message in lower case and without its number.
pub(crate) fn io_reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::StorageFull => "no space left on device".into(),
        ErrorKind::QuotaExceeded => "disk quota exceeded".into(),
        ErrorKind::PermissionDenied => "permission denied".into(),
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only".into(),
        ErrorKind::NotFound => "no such file or folder".into(),
        ErrorKind::NotADirectory => "not a folder".into(),
        ErrorKind::IsADirectory => "it is a folder".into(),
        ErrorKind::InvalidFilename => "the name is too long or not allowed".into(),
        _ => {
            let text = error.to_string();
            text.split(" (os error")
                .next()
                .unwrap_or_default()
                .to_lowercase()
        }
    }
}
