//! Files of results: the only room that touches them.
//!
//! A run's results are one [`Folder`], which is whole or absent: it is staged beside its target,
//! sealed by a [`Manifest`] that is written last, and renamed into place. [`Tables`] is the
//! [`Sink`](crate::table::Sink) through which rows reach it, in one [`Format`] or
//! another; [`read_table`], [`check_files`] and [`first_difference`] read what was written. A single
//! file, such as a measurement of `bench`, is whole or absent too: [`write_document`].
//!
//! Nothing in results holds a clock reading, a host name or a count of threads, so the same run gives the
//! same bytes in every file.

pub mod atomic_file;
pub mod codebook;
pub mod error;
pub mod fault;
pub mod folder;
pub mod format;
pub mod hashing_writer;
pub mod job_codec;
pub mod journal;
pub mod manifest;
pub mod provenance;
pub mod resume;
pub mod staging;
pub mod tables;
pub mod verify;

pub use atomic_file::{check_document, read_document, write_document};
pub use codebook::codebook;
pub use error::{Action, OutputError};
pub use fault::{ManifestFault, TableFault};
pub use folder::Folder;
pub use format::{Format, NO_WORD, read_rows, read_table};
pub use hashing_writer::RecordedFile;
pub use journal::{JOURNAL_NAME, Journal, JournalFault, JournalReader, Question};
pub use manifest::{
    ColumnRecord, FileRecord, MANIFEST_FORMAT, MANIFEST_NAME, Manifest, Origin, ResultsKind,
    ScenarioRecord, TableRecord,
};
pub use tables::Tables;
pub use verify::{Difference, FileState, FileVerdict, check_files, first_difference};
