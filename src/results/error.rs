//! Why results could not be written, found or read. Every message names the path and the action.

use crate::table::TableError;
use crate::table::error::io_reason;
use std::fmt;
use std::fmt::Display;
use std::io;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What was tried when the system refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Creating a file or folder.
    Create,
    /// Writing to a file, or syncing it.
    Write,
    /// Reading a file or folder.
    Read,
    /// Renaming a finished folder to its final name.
    Place,
    /// Removing what a new folder replaced.
    Remove,
}

impl Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Action::Create => "create",
            Action::Write => "write",
            Action::Read => "read",
            Action::Place => "put in place",
            Action::Remove => "remove",
        })
    }
}

/// Why results could not be written, found or read.
///
/// The message includes that of the [`source`](std::error::Error::source).
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The system refused.
    #[error("could not {action} {}: {}", .path.display(), io_reason(.source))]
    Io {
        /// What was tried.
        action: Action,
        /// The file or folder.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// What is to hold the output is not a folder and cannot become one.
    #[error("could not create {}: {} is not a folder", .path.display(), .parent.display())]
    NoParent {
        /// The output.
        path: PathBuf,
        /// What is to hold it.
        parent: PathBuf,
    },
    /// The path of a file is a folder.
    #[error("{} is a folder", .path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// The folder exists, is not empty and does not hold results that could be replaced.
    #[error("{} already exists and is not empty: choose another folder", .path.display())]
    Taken {
        /// The folder.
        path: PathBuf,
    },
    /// The path has no last component, such as `/`.
    #[error("could not create {}: a results folder needs a name", .path.display())]
    NoName {
        /// The path as given.
        path: PathBuf,
    },
    /// The results folder exists, and replacing it is not allowed.
    #[error("{} already exists (--force replaces it)", .path.display())]
    Exists {
        /// The folder.
        path: PathBuf,
    },
    /// The path is a file.
    #[error("{} already exists and is not a folder", .path.display())]
    NotAFolder {
        /// The path.
        path: PathBuf,
    },
    /// The folder exists, is not empty and holds no results of this program.
    #[error("{} already exists and holds something other than results of pairbond: --force does not replace it", .path.display())]
    Foreign {
        /// The folder.
        path: PathBuf,
    },
    /// The output is, holds or lies in something that the same command reads.
    #[error("could not write {}: it {relation} {}, which this command reads; choose another place", .path.display(), .input.display())]
    IsInput {
        /// The output.
        path: PathBuf,
        /// How they overlap.
        relation: Overlap,
        /// The input.
        input: PathBuf,
    },
    /// The folder holds results of another kind.
    #[error("{} holds results of kind `{found}`, not `{expected}`: --force does not replace them", .path.display())]
    OtherKind {
        /// The folder.
        path: PathBuf,
        /// Their kind.
        found: &'static str,
        /// The kind of the new results.
        expected: &'static str,
    },
    /// The folder holds something that its manifest does not list and that the new results have too.
    #[error("{} holds `{name}`, which its manifest does not list and the new results have too: move it elsewhere first", .path.display())]
    Unlisted {
        /// The folder.
        path: PathBuf,
        /// The name.
        name: String,
    },
    /// A name that no file in a results folder can have, or that is taken.
    #[error("a results folder cannot hold a (second) file named `{name}`")]
    FileName {
        /// The name.
        name: String,
    },
    /// A file of the folder was still being written when the folder was committed.
    #[error("could not finish the results: {} is still being written", .path.display())]
    Unfinished {
        /// The file.
        path: PathBuf,
    },
    /// Rows of an unknown table, or rows that do not fit its columns.
    #[error("rows do not fit a table `{table}` of these results")]
    Rows {
        /// The table's name.
        table: String,
    },
    /// A table could not be read, or its format is not built.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A journal cannot be used.
    #[error("{}: {error}", .path.display())]
    Journal {
        /// The journal's path, or that of its folder.
        path: PathBuf,
        /// What is wrong.
        error: JournalError,
    },
    /// The folder's manifest is missing or cannot be used.
    #[error("{}: {error}", .path.display())]
    Manifest {
        /// The manifest's path.
        path: PathBuf,
        /// What is wrong.
        error: ManifestError,
    },
}

/// How an output and an input overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlap {
    /// They are the same file or folder.
    Is,
    /// The input is in the output.
    Holds,
    /// The output is in the input.
    LiesIn,
}

impl Display for Overlap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Overlap::Is => "is",
            Overlap::Holds => "holds",
            Overlap::LiesIn => "lies in",
        })
    }
}

/// What could not be removed after results were in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// The folder that is left.
    pub path: PathBuf,
    /// Why it could not be removed.
    pub reason: String,
}

impl Leftover {
    pub(crate) fn new(path: &Path, reason: &OutputError) -> Leftover {
        Leftover {
            path: path.to_owned(),
            reason: reason.to_string(),
        }
    }
}

impl Display for Leftover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, reason) = (self.path.display(), &self.reason);
        write!(
            f,
            "the results are in place, but {path} was not removed: {reason}"
        )
    }
}

/// Why a journal cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// There is unfinished work already.
    #[error("unfinished work is here: `--resume` finishes it, `--force` starts again")]
    Unfinished,
    /// There is no unfinished work.
    #[error("there is no unfinished work to resume: the same command without `--resume` starts it")]
    NotFound,
    /// Another process is writing it.
    #[error("another process is writing this")]
    Busy,
    /// The folder holds something else.
    #[error("holds `{name}`, which is not part of unfinished work: move the folder away")]
    Foreign {
        /// A foreign name in it.
        name: String,
    },
    /// The description of the work cannot be read.
    #[error("the description of the work cannot be read: {0}")]
    JobSpec(String),
    /// A record is damaged.
    #[error(
        "damaged at byte {at}, after {sound} sound jobs; nothing was changed. To keep these, cut the file there (`truncate -s {at}`) and resume"
    )]
    Damaged {
        /// First byte of the record.
        at: u64,
        /// Sound jobs before it.
        sound: u64,
    },
    /// The file is a link, or no plain file.
    #[error("is a link or no plain file, and nothing is written through it: move it away")]
    Link,
    /// There are more records than jobs.
    #[error("holds more than the {jobs} jobs of the work")]
    TooLong {
        /// Jobs of the work.
        jobs: u64,
    },
    /// A record is of another job than the next.
    #[error("holds job {found} where job {expected} should be")]
    OutOfOrder {
        /// The next job.
        expected: u64,
        /// The job found.
        found: u64,
    },
}

/// Why a manifest cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// There is none.
    #[error("there is no manifest: not a folder of results")]
    Missing,
    /// There is no such folder.
    #[error("there is no such folder")]
    NoFolder,
    /// It is a file.
    #[error("not a folder of results but a file")]
    NotAFolder,
    /// The work is not finished.
    #[error("not finished: run the same command with --resume to continue; finished jobs are kept in {}", .journal.display())]
    Unfinished {
        /// Folder of the journal.
        journal: PathBuf,
    },
    /// It was not written by this program.
    #[error("not a manifest of pairbond")]
    NotOurs,
    /// A later version of the program wrote it.
    #[error("written by a later pairbond (format {format}, this one reads up to {known})")]
    Newer {
        /// The manifest's format number.
        format: u64,
        /// The highest that this program reads.
        known: u32,
    },
    /// It is damaged.
    #[error("the manifest is damaged: {source}")]
    Damaged {
        /// The first error.
        source: serde_json::Error,
    },
    /// It lists a file outside its folder.
    #[error("the manifest is damaged: it lists `{name}`, which is no name of a file in its folder")]
    Outside {
        /// The name listed.
        name: String,
    },
}

impl OutputError {
    /// Adds action and path to an error of the system, for `map_err`.
    pub(crate) fn io(action: Action, path: &Path) -> impl FnOnce(io::Error) -> OutputError {
        move |source| OutputError::Io {
            action,
            path: path.to_owned(),
            source,
        }
    }

    pub(crate) fn journal(path: &Path, error: JournalError) -> OutputError {
        OutputError::Journal {
            path: path.to_owned(),
            error,
        }
    }

    pub(crate) fn manifest(path: &Path, error: ManifestError) -> OutputError {
        OutputError::Manifest {
            path: path.to_owned(),
            error,
        }
    }

    /// Whether a request was refused as given, for what it reads or where it writes; otherwise work failed.
    pub(crate) fn is_refusal(&self) -> bool {
        match self {
            OutputError::Io { action, source, .. } => match action {
                Action::Read => true,
                Action::Create => is_wrong_path(source),
                Action::Write | Action::Place | Action::Remove => false,
            },
            OutputError::NoParent { .. }
            | OutputError::NotAFile { .. }
            | OutputError::Taken { .. }
            | OutputError::NoName { .. }
            | OutputError::Exists { .. }
            | OutputError::NotAFolder { .. }
            | OutputError::Foreign { .. }
            | OutputError::IsInput { .. }
            | OutputError::OtherKind { .. }
            | OutputError::Unlisted { .. }
            | OutputError::Rows { .. }
            | OutputError::Table(_)
            | OutputError::Journal { .. }
            | OutputError::Manifest { .. } => true,
            OutputError::FileName { .. } | OutputError::Unfinished { .. } => false,
        }
    }
}

/// Whether a file or folder could not be created because of its path: another one would do.
fn is_wrong_path(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::AlreadyExists
            | ErrorKind::InvalidFilename
            | ErrorKind::InvalidInput
            | ErrorKind::IsADirectory
            | ErrorKind::NotADirectory
            | ErrorKind::NotFound
            | ErrorKind::PermissionDenied
            | ErrorKind::ReadOnlyFilesystem
    )
}
