//! The sink of a results folder: each table's rows go to that table's file.

use super::error::{Action, OutputError};
use super::hashing_writer::RecordedFile;
use crate::table::codec::TableWriter;
use crate::table::{Batch, Format, Kind, Schema, Sink, Values};
use std::io;
use std::path::{Path, PathBuf};

/// The open files of a folder's tables, made by [`Folder::tables`](super::Folder::tables).
///
/// How rows are split into batches changes no byte of any file.
pub(crate) struct Tables {
    open: Vec<TableFile>,
}

struct TableFile {
    schema: Schema,
    path: PathBuf,
    writer: Box<dyn TableWriter<RecordedFile>>,
}

impl Tables {
    pub(crate) fn new() -> Tables {
        Tables { open: Vec::new() }
    }

    /// Starts a table in a file.
    pub(crate) fn add(
        &mut self,
        schema: &Schema,
        format: Format,
        file: RecordedFile,
    ) -> Result<(), OutputError> {
        let path = file.path().to_owned();
        let writer = format.writer(file, schema).map_err(write_error(&path))?;
        self.open.push(TableFile {
            schema: schema.clone(),
            path,
            writer,
        });
        Ok(())
    }

    /// Writes the rest of every table and returns the files.
    pub(crate) fn finish(self) -> Result<Vec<RecordedFile>, OutputError> {
        let finish = |table: TableFile| {
            let (mut file, rows) = table.writer.finish().map_err(write_error(&table.path))?;
            file.rows = Some(rows);
            Ok(file)
        };
        self.open.into_iter().map(finish).collect()
    }
}

impl Sink for Tables {
    type Error = OutputError;

    /// Writes rows to the table's file.
    ///
    /// # Errors
    /// [`OutputError::Rows`] if there is no such table or the rows do not fit its columns;
    /// [`OutputError::Io`].
    fn accept(&mut self, table: &Schema, rows: &Batch) -> Result<(), OutputError> {
        let open = self
            .open
            .iter_mut()
            .find(|open| open.schema.table == table.table);
        match open {
            Some(open) if fits(&open.schema, rows) => {
                open.writer.write(rows).map_err(write_error(&open.path))
            }
            _ => Err(OutputError::Rows {
                table: table.table.into(),
            }),
        }
    }
}

fn write_error(path: &Path) -> impl FnOnce(io::Error) -> OutputError {
    OutputError::io(Action::Write, path)
}

/// Whether a batch has the columns of the schema, equally long.
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
