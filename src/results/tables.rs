//! The sink of a run: each table's rows go to that table's file.

use super::error::OutputError;
use super::format::Exporter;
use super::hashing_writer::RecordedFile;
use crate::table::{Batch, Kind, Schema, Sink, Values};

/// The open files of a folder's tables, made by [`Folder::tables`](super::Folder::tables).
///
/// How rows are cut into batches changes no byte of any file.
pub struct Tables {
    open: Vec<(Schema, Box<dyn Exporter>)>,
}

impl Tables {
    pub(crate) fn new() -> Tables {
        Tables { open: Vec::new() }
    }

    pub(crate) fn add(&mut self, schema: &Schema, exporter: Box<dyn Exporter>) {
        self.open.push((schema.clone(), exporter));
    }

    /// Writes what is still held back and gives the files to be sealed.
    pub(crate) fn finish(self) -> Result<Vec<RecordedFile>, OutputError> {
        self.open
            .into_iter()
            .map(|(_, exporter)| exporter.finish())
            .collect()
    }
}

impl Sink for Tables {
    type Error = OutputError;

    /// Writes rows to the table's file.
    ///
    /// # Errors
    /// [`OutputError::Rows`] where there is no such table or the rows do not fit its columns;
    /// [`OutputError::Io`] or [`OutputError::Encoding`] where they cannot be written.
    fn accept(&mut self, table: &Schema, rows: &Batch) -> Result<(), OutputError> {
        let open = self
            .open
            .iter_mut()
            .find(|(schema, _)| schema.table == table.table);
        match open {
            Some((schema, exporter)) if fits(schema, rows) => exporter.write(rows),
            _ => Err(OutputError::Rows {
                table: table.table.into(),
            }),
        }
    }
}

/// Says whether a batch has the header's columns, equally long.
fn fits(schema: &Schema, rows: &Batch) -> bool {
    let of_kind = |kind: Kind, values: &Values| {
        matches!(
            (kind, values),
            (Kind::Float, Values::Float(_))
                | (Kind::Int, Values::Int(_))
                | (Kind::Categorical(_), Values::Categorical(_))
                | (Kind::Str, Values::Str(_))
        )
    };
    let length = rows.rows();
    schema.columns.len() == rows.columns.len()
        && schema
            .columns
            .iter()
            .zip(&rows.columns)
            .all(|(column, values)| of_kind(column.kind, values) && values.len() == length)
}
