//! Folders of results, their manifest, and the journal of unfinished work.
//!
//! Results are one [`Folder`], which is complete or absent: it is written next to its target, its
//! [`Manifest`] comes last, and then it is renamed. [`Tables`] is the [`Sink`](crate::table::Sink) that
//! takes its rows; [`check_files`] and [`first_difference`] verify what was written. A single file, such
//! as a measurement of `bench`, is complete or absent too: [`write_document`].
//!
//! Results contain no time, host name or number of threads, so the same run gives the same bytes in every
//! file.

pub mod atomic_file;
pub mod codebook;
pub mod error;
pub mod folder;
pub mod hashing_writer;
pub mod job;
pub mod journal;
pub mod manifest;
pub mod provenance;
pub mod resume;
pub mod staging;
pub mod tables;
pub mod verify;

pub use atomic_file::{check_document, read_document, write_document};
pub use codebook::codebook;
pub use error::{Action, JournalError, ManifestError, OutputError};
pub use folder::Folder;
pub use hashing_writer::RecordedFile;
pub use job::{JobOutcome, JobResult, RunResult};
pub use journal::{JOURNAL_NAME, JobSpec, Journal, JournalReader};
pub use manifest::{
    ColumnRecord, FileRecord, MANIFEST_FORMAT, MANIFEST_NAME, Manifest, Origin, ResultsKind,
    ScenarioRecord, TableRecord,
};
pub use tables::Tables;
pub use verify::{Difference, FileState, FileVerdict, check_files, first_difference};
