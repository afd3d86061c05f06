//! What can go wrong between rows and the disk; every message names the path and what was tried.

use super::Format;
use super::fault::{ManifestFault, TableFault};
use super::journal::JournalFault;
use std::error::Error;
use std::fmt;
use std::fmt::Display;
use std::io;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What was tried when the system refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Making a file or folder.
    Create,
    /// Writing to a file, or making sure that what was written lasts.
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
/// The message is whole in itself: it includes that of the [`source`](Error::source).
#[derive(Debug)]
pub enum OutputError {
    /// The system refused.
    Io {
        /// What was tried.
        action: Action,
        /// On which file or folder.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The folder that is to hold the results folder does not exist.
    NoParent {
        /// The results folder.
        path: PathBuf,
        /// The folder that is missing.
        parent: PathBuf,
    },
    /// The path, such as `/`, has no last name under which a folder could be made.
    NoName {
        /// The path as given.
        path: PathBuf,
    },
    /// The results folder exists, and nobody said that it may be replaced.
    Exists {
        /// The folder.
        path: PathBuf,
    },
    /// What exists at the path is a file.
    NotAFolder {
        /// The path.
        path: PathBuf,
    },
    /// The folder exists, is not empty and holds no results of this program.
    Foreign {
        /// The folder.
        path: PathBuf,
    },
    /// A name that no file in a results folder can have, or that another file there has already.
    FileName {
        /// The name.
        name: String,
    },
    /// The folder was to be put in place while one of its files was still being written.
    Unfinished {
        /// The file.
        path: PathBuf,
    },
    /// The format was left out when the program was built.
    NotBuilt {
        /// The format.
        format: Format,
    },
    /// A file's name does not end like that of a table.
    UnknownFormat {
        /// The file.
        path: PathBuf,
    },
    /// Rows came for a table that the sink was not made for, or that do not fit its columns.
    Rows {
        /// The table's name.
        table: String,
    },
    /// A file is no table, or not the one that was expected.
    Table {
        /// The file.
        path: PathBuf,
        /// The row, counted from 1 below the header, where one is to blame.
        row: Option<u64>,
        /// What is wrong.
        fault: TableFault,
    },
    /// The format's own library refused.
    Encoding {
        /// What was tried.
        action: Action,
        /// The file.
        path: PathBuf,
        /// The library's answer.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The journal of a sweep cannot be used.
    Journal {
        /// The journal's path, or that of its folder.
        path: PathBuf,
        /// What is wrong.
        fault: JournalFault,
    },
    /// The folder's manifest is missing or cannot be used.
    Manifest {
        /// The manifest's path.
        path: PathBuf,
        /// What is wrong.
        fault: ManifestFault,
    },
}

impl OutputError {
    /// Joins the system's answer to what was tried, for use in `map_err`.
    pub(crate) fn io(action: Action, path: &Path) -> impl FnOnce(io::Error) -> OutputError {
        move |source| OutputError::Io {
            action,
            path: path.to_owned(),
            source,
        }
    }
    /// Blames a table's row, or the whole table.
    pub(crate) fn table(path: &Path, row: Option<u64>, fault: TableFault) -> OutputError {
        OutputError::Table {
            path: path.to_owned(),
            row,
            fault,
        }
    }
    /// Blames a sweep's journal.
    pub(crate) fn journal(path: &Path, fault: JournalFault) -> OutputError {
        OutputError::Journal {
            path: path.to_owned(),
            fault,
        }
    }
    /// Blames a folder's manifest.
    pub(crate) fn manifest(path: &Path, fault: ManifestFault) -> OutputError {
        OutputError::Manifest {
            path: path.to_owned(),
            fault,
        }
    }
}

/// The system's answer in lower case and without its number.
fn answer(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::StorageFull => "no space left on device".into(),
        ErrorKind::QuotaExceeded => "disk quota exceeded".into(),
        ErrorKind::PermissionDenied => "permission denied".into(),
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only".into(),
        ErrorKind::NotFound => "no such file or folder".into(),
        ErrorKind::NotADirectory => "not a folder".into(),
        ErrorKind::InvalidFilename => "the name is too long or not allowed".into(),
        _ => {
            let text = error.to_string();
            text.split(" (os error")
                .next()
                .unwrap_or_default()
                .to_lowercase()
        }
    }
}

impl Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OutputError::Io {
                action,
                path,
                source,
            } => {
                write!(
                    f,
                    "could not {action} {}: {}",
                    path.display(),
                    answer(source)
                )
            }
            OutputError::NoParent { path, parent } => {
                let (path, parent) = (path.display(), parent.display());
                write!(f, "could not create {path}: there is no folder {parent}")
            }
            OutputError::NoName { path } => {
                write!(
                    f,
                    "could not create {}: a results folder needs a name",
                    path.display()
                )
            }
            OutputError::Exists { path } => {
                write!(f, "{} already exists (--force replaces it)", path.display())
            }
            OutputError::NotAFolder { path } => {
                write!(f, "{} already exists and is not a folder", path.display())
            }
            OutputError::Foreign { path } => {
                let path = path.display();
                write!(
                    f,
                    "{path} already exists and holds something else than results of pairbond: --force does not replace it"
                )
            }
            OutputError::FileName { name } => {
                write!(
                    f,
                    "a results folder cannot hold a (second) file named `{name}`"
                )
            }
            OutputError::Unfinished { path } => {
                write!(
                    f,
                    "could not finish the results: {} is still being written",
                    path.display()
                )
            }
            OutputError::NotBuilt { format } => {
                write!(
                    f,
                    "this pairbond was built without {format} tables (cargo feature `{format}`)"
                )
            }
            OutputError::UnknownFormat { path } => {
                write!(
                    f,
                    "could not read {}: its name ends neither in .csv nor in .parquet",
                    path.display()
                )
            }
            OutputError::Rows { table } => {
                write!(f, "rows do not fit a table `{table}` of these results")
            }
            OutputError::Table {
                path,
                row: Some(row),
                fault,
            } => {
                write!(f, "{}, row {row}: {fault}", path.display())
            }
            OutputError::Table {
                path,
                row: None,
                fault,
            } => {
                write!(f, "{}: {fault}", path.display())
            }
            OutputError::Encoding {
                action,
                path,
                source,
            } => {
                write!(f, "could not {action} {}: {source}", path.display())
            }
            OutputError::Journal { path, fault } => write!(f, "{}: {fault}", path.display()),
            OutputError::Manifest { path, fault } => write!(f, "{}: {fault}", path.display()),
        }
    }
}

impl Error for OutputError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            OutputError::Io { source, .. } => Some(source),
            OutputError::Encoding { source, .. } => Some(source.as_ref()),
            OutputError::Manifest {
                fault: ManifestFault::Damaged { source },
                ..
            } => Some(source),
            _ => None,
        }
    }
}
