//! Files whose bytes are counted and hashed on their way to the disk, and that are finished only
//! when the disk has them.
//!
//! [`Disk`] is the lowest level at which a write can fail, so that a test can make it fail.

use super::error::{Action, OutputError};
use super::manifest::FileRecord;
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
