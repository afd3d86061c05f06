//! What can be wrong with a file that was there to be read.

use std::fmt;
use std::fmt::Display;

/// What is wrong with a table's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableFault {
    /// The columns are not those of the header.
    Columns {
        /// Names expected.
        expected: Vec<String>,
        /// Names found.
        found: Vec<String>,
    },
    /// A column holds another kind of value.
    Kind {
        /// The column.
        column: String,
        /// The kind expected.
        expected: &'static str,
    },
    /// A value is not of its column's kind.
    Value {
        /// The column.
        column: String,
        /// The text found.
        found: String,
        /// The kind expected.
        expected: &'static str,
    },
    /// A row has too few or too many values.
    Width {
        /// Columns of the header.
        expected: usize,
        /// Values in the row.
        found: usize,
    },
    /// Bytes that are not UTF-8 text.
    NotText,
    /// The columns of one file are not equally long.
    Ragged,
}

/// What is wrong with a manifest.
#[derive(Debug)]
pub enum ManifestFault {
    /// There is none.
    Missing,
    /// It is not one of this program's.
    NotOurs,
    /// A later version of the program wrote it in a format that this one does not know.
    Newer {
        /// The manifest's format number.
        format: u64,
        /// The highest that this program reads.
        known: u32,
    },
    /// It is ours, but damaged.
    Damaged {
        /// The first fault found.
        source: serde_json::Error,
    },
    /// It lists a file outside of its folder.
    Outside {
        /// The name listed.
        name: String,
    },
}

impl Display for TableFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TableFault::Columns { expected, found } => {
                write!(
                    f,
                    "the columns are {}, not {}",
                    found.join(", "),
                    expected.join(", ")
                )
            }
            TableFault::Kind { column, expected } => {
                write!(f, "column `{column}` does not hold {expected}")
            }
            TableFault::Value {
                column,
                found,
                expected,
            } => {
                write!(
                    f,
                    "column `{column}` should hold {expected}, found `{found}`"
                )
            }
            TableFault::Width { expected, found } => {
                write!(f, "{found} values where {expected} were expected")
            }
            TableFault::NotText => f.write_str("not UTF-8 text"),
            TableFault::Ragged => f.write_str("the columns are not equally long"),
        }
    }
}

impl Display for ManifestFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ManifestFault::Missing => f.write_str("there is no manifest: not a folder of results"),
            ManifestFault::NotOurs => f.write_str("not a manifest of pairbond"),
            ManifestFault::Newer { format, known } => {
                write!(
                    f,
                    "written by a later pairbond (format {format}, this one reads up to {known})"
                )
            }
            ManifestFault::Damaged { source } => write!(f, "the manifest is damaged: {source}"),
            ManifestFault::Outside { name } => {
                write!(
                    f,
                    "the manifest is damaged: it lists `{name}`, which is no name of a file in its folder"
                )
            }
        }
    }
}
