//! Folders of results, their manifest, and the journal of unfinished work.
//!
//! Results are one [`Folder`], which is complete or absent: it is written next to its target, its
//! [`Manifest`] comes last, and then it is renamed. [`Tables`] is the [`Sink`](crate::table::Sink) that
//! takes its rows; [`check_files`] and [`first_difference`] verify what was written. A single file, such
//! as a measurement of `bench`, is complete or absent too: [`write_document`].
//!
//! Results contain no time, host name or number of threads, so the same run gives the same bytes in every
//! file.

pub(crate) mod error;
pub(crate) mod folder;
pub(crate) mod hashing_writer;
pub(crate) mod integrity;
pub(crate) mod job;
pub(crate) mod journal;
pub(crate) mod kept_journal;
pub(crate) mod manifest;
pub(crate) mod provenance;
pub(crate) mod resume;
pub(crate) mod shards;
pub(crate) mod staging;

pub(crate) use error::{JournalError, Leftover, ManifestError, OutputError};
pub(crate) use folder::Folder;
pub(crate) use hashing_writer::Tables;
pub(crate) use integrity::{
    Difference, FileState, FileVerdict, check_files, entries, file_hash, first_difference,
    manifest_differences, sha256,
};
pub(crate) use job::{JobOutcome, JobResult, RunResult};
pub(crate) use journal::{JOURNAL_NAME, JobSpec, Journal, JournalReader, record, recorded_job};
pub(crate) use kept_journal::KeptJournal;
pub(crate) use manifest::{FileRecord, MANIFEST_NAME, Manifest, Origin, ResultsKind};
pub(crate) use staging::{
    Scratch, check_document, check_folder, read_document, refuse_inputs, write_document,
};
