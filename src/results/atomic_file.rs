//! A single file that is complete or absent, for results without a folder.

use super::error::{Action, OutputError};
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Refuses the path of a new file that is taken or nowhere, before any work is done for it.
///
/// # Errors
/// [`OutputError::Exists`] if the path is taken and may not be replaced,
/// [`OutputError::NoParent`] if its folder is missing, [`OutputError::Io`].
pub(crate) fn check_document(path: &Path, force: bool) -> Result<(), OutputError> {
    let parent = parent(path);
    if !parent.is_dir() {
        let path = path.to_owned();
        return Err(OutputError::NoParent { path, parent });
    }
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(OutputError::io(Action::Create, path)(error)),
        Ok(_) if force => Ok(()),
        Ok(_) => Err(OutputError::Exists {
            path: path.to_owned(),
        }),
    }
}

/// Writes a file, which is complete or absent. With `force` it replaces an older one.
///
/// # Errors
/// Those of [`check_document`], as the path may have been taken since; [`OutputError::Io`].
pub(crate) fn write_document(path: &Path, bytes: &[u8], force: bool) -> Result<(), OutputError> {
    check_document(path, force)?;
    let mut staged = staging()
        .prefix(".pairbond-")
        .tempfile_in(parent(path))
        .map_err(OutputError::io(Action::Create, path))?;
    staged
        .write_all(bytes)
        .and_then(|()| staged.as_file().sync_all())
        .map_err(OutputError::io(Action::Write, path))?;
    let placed = if force {
        staged.persist(path)
    } else {
        staged.persist_noclobber(path)
    };
    match placed {
        Ok(_) => Ok(()),
        Err(refused) if refused.error.kind() == ErrorKind::AlreadyExists => {
            Err(OutputError::Exists {
                path: path.to_owned(),
            })
        }
        Err(refused) => Err(OutputError::io(Action::Place, path)(refused.error)),
    }
}

/// Reads a file.
///
/// # Errors
/// [`OutputError::Io`].
pub(crate) fn read_document(path: &Path) -> Result<Vec<u8>, OutputError> {
    fs::read(path).map_err(OutputError::io(Action::Read, path))
}

/// A temporary file that others may read once it is in place, as far as the user's mask allows.
fn staging() -> tempfile::Builder<'static, 'static> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mut builder = tempfile::Builder::new();
        builder.permissions(fs::Permissions::from_mode(0o666));
        builder
    }
    #[cfg(not(unix))]
    tempfile::Builder::new()
}

fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_only_by_force_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("one.json");
        write_document(&path, b"first", false).expect("a free destination");
        let refused = write_document(&path, b"second", false).expect_err("taken");
        assert!(matches!(refused, OutputError::Exists { .. }), "{refused}");
        assert_eq!(read_document(&path).expect("readable"), b"first");
        write_document(&path, b"second", true).expect("by force");
        assert_eq!(read_document(&path).expect("readable"), b"second");
        assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 1);
    }

    #[test]
    fn a_file_in_no_folder_is_refused_before_it_is_written() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("absent/one.json");
        let refused = check_document(&path, true).expect_err("no folder");
        assert!(matches!(refused, OutputError::NoParent { .. }), "{refused}");
    }
}
