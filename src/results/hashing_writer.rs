//! The files of a results folder: bytes are counted and hashed on their way to the disk, and a file is
//! finished only when the disk has them. [`Tables`] writes each table's rows to that table's file.
//!
//! [`Disk`] is the lowest level at which a write can fail, so that a test can make it fail.

use super::error::{Action, OutputError};
use super::manifest::FileRecord;
use crate::table::batch::TableWriter;
use crate::table::{Batch, Format, Schema, Sink};
use std::fs::{File, OpenOptions};
use std::io;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A file that can be made to outlast a loss of power.
pub(crate) trait Medium: Write + Send {
    /// Returns when everything written is on the device.
    fn sync(&mut self) -> io::Result<()>;
}

/// Where files are made.
pub(crate) trait Disk: Send {
    /// Makes a file that must not exist yet.
    fn create(&self, path: &Path) -> io::Result<Box<dyn Medium>>;
}

/// The file system that the program runs on.
pub(crate) struct FileSystem;

impl Disk for FileSystem {
    fn create(&self, path: &Path) -> io::Result<Box<dyn Medium>> {
        let file = OpenOptions::new().write(true).create_new(true).open(path)?;
        Ok(Box::new(file))
    }
}

impl Medium for File {
    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }
}

/// A file of a results folder while it is being written: counted, hashed, not yet in the manifest.
///
/// Writes are not buffered here; give it large pieces.
pub(crate) struct RecordedFile {
    name: String,
    shown: PathBuf,
    medium: Box<dyn Medium>,
    hash: blake3::Hasher,
    bytes: u64,
    /// Rows, if the file is a table.
    pub(crate) rows: Option<u64>,
}

impl RecordedFile {
    /// Makes the file `name` at `staged`; messages call it `shown`, its destination once all is done.
    pub(crate) fn create(
        disk: &dyn Disk,
        name: &str,
        staged: &Path,
        shown: PathBuf,
    ) -> Result<RecordedFile, OutputError> {
        let medium = disk
            .create(staged)
            .map_err(OutputError::io(Action::Create, &shown))?;
        let hash = blake3::Hasher::new();
        Ok(RecordedFile {
            name: name.into(),
            shown,
            medium,
            hash,
            bytes: 0,
            rows: None,
        })
    }

    /// The path that the file will have once the folder is in place.
    pub(crate) fn path(&self) -> &Path {
        &self.shown
    }

    /// Writes all of these bytes. Unlike that of [`Write::write_all`], its error names the path.
    ///
    /// # Errors
    /// [`OutputError::Io`].
    pub(crate) fn write_bytes(&mut self, bytes: &[u8]) -> Result<(), OutputError> {
        self.write_all(bytes)
            .map_err(OutputError::io(Action::Write, &self.shown))
    }

    /// Waits until the device holds everything, and says what it holds.
    pub(crate) fn finish(mut self) -> Result<FileRecord, OutputError> {
        let synced = self.medium.flush().and_then(|()| self.medium.sync());
        synced.map_err(OutputError::io(Action::Write, &self.shown))?;
        Ok(FileRecord {
            name: self.name,
            rows: self.rows,
            bytes: self.bytes,
            blake3: self.hash.finalize().to_hex().to_string(),
        })
    }
}

impl Write for RecordedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.medium.write(bytes)?;
        self.hash.update(&bytes[..taken]);
        self.bytes += taken as u64;
        Ok(taken)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.medium.flush()
    }
}

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
            Some(open) if rows.fits(&open.schema) => {
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
