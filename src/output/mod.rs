//! Files of results: the only room that touches them.
//!
//! A run's results are one [`Folder`], which is whole or absent: it is staged beside its target,
//! sealed by a [`Manifest`] that is written last, and renamed into place. [`Tables`] is the
//! [`Sink`](crate::foundation::table::Sink) through which rows reach it, in one [`Format`] or
//! another; [`read_table`], [`check_files`] and [`first_difference`] read what was written. A single
//! file, such as a measurement of `bench`, is whole or absent too: [`write_document`].
//!
//! Nothing in results holds a clock reading, a host name or a count of threads, so the same run gives the
//! same bytes in every file.

mod codebook;
mod disk;
mod document;
mod error;
mod fault;
mod folder;
mod format;
mod journal;
mod manifest;
mod record;
mod staging;
mod tables;
mod verify;

pub use codebook::codebook;
pub use disk::RecordedFile;
pub use document::{check_document, read_document, write_document};
pub use error::{Action, OutputError};
pub use fault::{ManifestFault, TableFault};
pub use folder::Folder;
pub use format::{Format, NO_WORD, read_rows, read_table};
pub use journal::{JOURNAL_NAME, Journal, JournalFault, JournalReader, Question};
pub use manifest::{
    ColumnRecord, FileRecord, MANIFEST_FORMAT, MANIFEST_NAME, Manifest, Origin, ScenarioRecord,
    TableRecord,
};
pub use tables::Tables;
pub use verify::{Difference, FileState, FileVerdict, check_files, first_difference};
