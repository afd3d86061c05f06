//! The sink of a run: each table's rows go to that table's file.

use super::disk::RecordedFile;
use super::error::OutputError;
use super::format::Exporter;
use crate::foundation::table::{Batch, Header, Kind, Sink, Values};

/// The open files of a folder's tables, made by [`Folder::tables`](super::Folder::tables).
///
/// How rows are cut into batches changes no byte of any file.
pub struct Tables {
    open: Vec<(Header, Box<dyn Exporter>)>,
}

impl Tables {
    pub(super) fn new() -> Tables {
        Tables { open: Vec::new() }
    }

    pub(super) fn add(&mut self, header: &Header, exporter: Box<dyn Exporter>) {
        self.open.push((header.clone(), exporter));
    }

    /// Writes what is still held back and gives the files to be sealed.
    pub(super) fn finish(self) -> Result<Vec<RecordedFile>, OutputError> {
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
    fn accept(&mut self, table: &Header, rows: &Batch) -> Result<(), OutputError> {
        let open = self
            .open
            .iter_mut()
            .find(|(header, _)| header.table == table.table);
        match open {
            Some((header, exporter)) if fits(header, rows) => exporter.write(rows),
            _ => Err(OutputError::Rows {
                table: table.table.into(),
            }),
        }
    }
}

/// Says whether a batch has the header's columns, equally long.
fn fits(header: &Header, rows: &Batch) -> bool {
    let of_kind = |kind: Kind, values: &Values| {
        matches!(
            (kind, values),
            (Kind::Real, Values::Real(_))
                | (Kind::Whole, Values::Whole(_))
                | (Kind::Word(_), Values::Word(_))
                | (Kind::Text, Values::Text(_))
        )
    };
    let length = rows.rows();
    header.columns.len() == rows.columns.len()
        && header
            .columns
            .iter()
            .zip(&rows.columns)
            .all(|(column, values)| of_kind(column.kind, values) && values.len() == length)
}
