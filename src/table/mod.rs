//! Tables: rows in columns with names, units and meanings, and their files as CSV and Parquet.
//!
//! Rows reach files, charts and findings as [`Batch`]es through a `Sink`. The columns are described by
//! one list, the [`Schema`].

pub(crate) mod batch;
pub(crate) mod csv;
pub(crate) mod error;
pub(crate) mod format;
#[cfg(feature = "parquet")]
pub(crate) mod parquet;
pub(crate) mod plain_file;
pub(crate) mod schema;
#[cfg(test)]
pub(crate) mod test_support;
#[cfg(test)]
pub(crate) mod tests;

pub use batch::{Batch, ColumnError, Table, Value, Values};
pub(crate) use batch::{Fill, Sink};
pub use error::{ContentError, TableError};
pub(crate) use format::read_rows;
pub use format::{Format, read_table};
pub use schema::{Field, Kind, MISSING, NO_CATEGORY, Schema};
