//! Staging: what is needed for folders and single files to be complete or absent.
//!
//! [`Destination`] has the paths around a results folder: where it is staged, where an old one is kept
//! while it is replaced, and what killed processes left there. [`write_document`] writes a single file,
//! for results without a folder.
//!
//! A staging folder is removed only if two signs say that its process is dead: no process has its number,
//! and the lock that its owner holds on a file inside is free. The number alone is unsafe across the
//! machines of a cluster, the lock alone during start-up: an empty folder has no lock yet, and one with
//! its manifest has none any more.

use super::error::{Action, ManifestError, OutputError};
use super::manifest::{MANIFEST_NAME, Manifest};
use std::ffi::{OsStr, OsString};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Name of the file in a staging folder whose lock says that a process is writing.
pub(crate) const LOCK_NAME: &str = ".lock";
const PARTIAL: &str = "partial";
const REPLACED: &str = "replaced";

/// The final path of a results folder, which may be free or taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Destination {
    pub(crate) target: PathBuf,
    parent: PathBuf,
    name: OsString,
}

impl Destination {
    /// The destination of a path; a link to a folder means that folder.
    pub(crate) fn of(path: &Path) -> Result<Destination, OutputError> {
        let no_name = || OutputError::NoName {
            path: path.to_owned(),
        };
        let is_link = fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink());
        let target = if is_link || path.file_name().is_none() {
            path.canonicalize()
                .map_err(OutputError::io(Action::Create, path))?
        } else {
            path.to_owned()
        };
        let name = target.file_name().ok_or_else(no_name)?.to_owned();
        let parent = match target.parent().ok_or_else(no_name)? {
            parent if parent.as_os_str().is_empty() => PathBuf::from("."),
            parent => parent.to_owned(),
        };
        let found = fs::metadata(&parent);
        let missing = found
            .as_ref()
            .is_err_and(|error| error.kind() == ErrorKind::NotFound);
        if missing || found.is_ok_and(|found| !found.is_dir()) {
            return Err(OutputError::NoParent {
                path: target,
                parent,
            });
        }
        Ok(Destination {
            target,
            parent,
            name,
        })
    }

    /// Creates an empty staging folder next to the target and locks it.
    pub(crate) fn stage(&self) -> Result<(PathBuf, Option<File>), OutputError> {
        let staging = self.free_sibling(PARTIAL);
        let mut lock = lock_in_new(&staging);
        // A process on another machine may take the empty folder for one left behind, but not twice.
        if lock
            .as_ref()
            .is_err_and(|e| e.kind() == ErrorKind::NotFound)
        {
            lock = lock_in_new(&staging);
        }
        let lock = lock.map_err(|source| {
            let _ = discard(&staging);
            OutputError::io(Action::Create, &self.target)(source)
        })?;
        // A file system without locks leaves the folder unlocked; others then never remove it.
        let held = lock.try_lock().is_ok();
        Ok((staging, held.then_some(lock)))
    }

    /// Fails if the target exists and cannot or may not be replaced.
    pub(crate) fn check(&self, force: bool) -> Result<(), OutputError> {
        let path = self.target.clone();
        match fs::symlink_metadata(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(OutputError::io(Action::Create, &path)(error)),
            Ok(found) if !found.is_dir() => Err(OutputError::NotAFolder { path }),
            Ok(_) if !force => Err(OutputError::Exists { path }),
            Ok(_) => match Manifest::read(&path) {
                Ok(_) => Ok(()),
                Err(OutputError::Manifest {
                    error: ManifestError::Newer { .. },
                    ..
                }) => Ok(()),
                Err(OutputError::Manifest { .. }) if is_empty(&path)? => Ok(()),
                Err(OutputError::Manifest { .. }) => Err(OutputError::Foreign { path }),
                Err(error) => Err(error),
            },
        }
    }

    /// Renames the finished staging folder to its final name; what it replaces is removed last.
    pub(crate) fn commit(&self, staging: &Path, force: bool) -> Result<(), OutputError> {
        self.check(force)?;
        if fs::symlink_metadata(&self.target).is_err() {
            return fs::rename(staging, &self.target).map_err(|source| match source.kind() {
                ErrorKind::AlreadyExists | ErrorKind::DirectoryNotEmpty => OutputError::Exists {
                    path: self.target.clone(),
                },
                _ => OutputError::io(Action::Place, &self.target)(source),
            });
        }
        let aside = self.free_sibling(REPLACED);
        fs::rename(&self.target, &aside).map_err(OutputError::io(Action::Place, &self.target))?;
        if let Err(error) = fs::rename(staging, &self.target) {
            // If this fails too, `remove_stale` restores the old folder.
            let _ = fs::rename(&aside, &self.target);
            return Err(OutputError::io(Action::Place, &self.target)(error));
        }
        fs::remove_dir_all(&aside).map_err(OutputError::io(Action::Remove, &aside))
    }

    /// Syncs the rename, on systems where a folder can be synced.
    pub(crate) fn sync_parent(&self) -> Result<(), OutputError> {
        sync_folder(&self.parent).map_err(OutputError::io(Action::Write, &self.target))
    }

    /// Removes what killed processes left here, and restores a folder that one of them had moved aside
    /// and not yet replaced.
    pub(crate) fn remove_stale(&self) {
        for path in self.leftovers(PARTIAL) {
            let lock = path.join(LOCK_NAME);
            let given_up = !lock.exists() && path.join(MANIFEST_NAME).exists();
            if given_up || lock_is_free(&lock) {
                let _ = discard(&path);
            } else {
                // Does nothing unless it is empty.
                let _ = fs::remove_dir(path);
            }
        }
        for path in self.leftovers(REPLACED) {
            if fs::symlink_metadata(&self.target).is_err() {
                let _ = fs::rename(path, &self.target);
            } else {
                let _ = fs::remove_dir_all(path);
            }
        }
    }

    /// Siblings of a role whose process is dead, or has the number of this process.
    fn leftovers(&self, role: &str) -> Vec<PathBuf> {
        let prefix = self.sibling(role);
        let Ok(entries) = fs::read_dir(&self.parent) else {
            return Vec::new();
        };
        let mut found: Vec<PathBuf> = entries
            .flatten()
            .filter(|entry| owner(&entry.file_name(), &prefix).is_some_and(may_be_dead))
            .map(|entry| entry.path())
            .collect();
        found.sort();
        found
    }

    fn free_sibling(&self, role: &str) -> PathBuf {
        let process = std::process::id();
        let named = |number: u32| {
            let mut name = self.sibling(role);
            name.push(process.to_string());
            if number > 0 {
                name.push(format!("-{number}"));
            }
            self.parent.join(name)
        };
        let taken = |path: &PathBuf| fs::symlink_metadata(path).is_ok();
        (0..)
            .map(named)
            .find(|path| !taken(path))
            .expect("some number is free")
    }

    /// `.NAME.ROLE-`, to be followed by a process number.
    fn sibling(&self, role: &str) -> OsString {
        let mut name = OsString::from(".");
        name.push(&self.name);
        name.push(format!(".{role}-"));
        name
    }
}

/// The process number in a sibling's name.
fn owner(name: &OsStr, prefix: &OsStr) -> Option<u32> {
    let rest = name
        .as_encoded_bytes()
        .strip_prefix(prefix.as_encoded_bytes())?;
    let mut numbers = std::str::from_utf8(rest)
        .ok()?
        .splitn(2, '-')
        .map(str::parse);
    let process = numbers.next()?.ok()?;
    numbers
        .all(|number: Result<u32, _>| number.is_ok())
        .then_some(process)
}

/// A killed process's number may have come back as ours, as in containers, so only the lock tells.
fn may_be_dead(process: u32) -> bool {
    process == std::process::id() || !Path::new("/proc").join(process.to_string()).exists()
}

/// Removes a staging folder. The files that say that it may be removed come last: if this process is
/// killed, the next can still remove it.
pub(crate) fn discard(staging: &Path) -> io::Result<()> {
    let signs = [MANIFEST_NAME, LOCK_NAME];
    for entry in fs::read_dir(staging)?.flatten() {
        if signs.iter().all(|name| entry.file_name() != *name) {
            fs::remove_file(entry.path())?;
        }
    }
    for name in signs {
        let _ = fs::remove_file(staging.join(name));
    }
    fs::remove_dir(staging)
}

/// Makes a folder with a lock file in it.
fn lock_in_new(staging: &Path) -> io::Result<File> {
    fs::create_dir(staging)?;
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(staging.join(LOCK_NAME))
}

fn lock_is_free(path: &Path) -> bool {
    OpenOptions::new()
        .write(true)
        .open(path)
        .is_ok_and(|file| file.try_lock().is_ok())
}

fn is_empty(folder: &Path) -> Result<bool, OutputError> {
    let mut entries = fs::read_dir(folder).map_err(OutputError::io(Action::Read, folder))?;
    Ok(entries.next().is_none())
}

/// Syncs a folder's entries; does nothing on systems that cannot sync a folder.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder).and_then(|handle| handle.sync_all()) {
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::InvalidInput | ErrorKind::Unsupported | ErrorKind::PermissionDenied
            ) =>
        {
            Ok(())
        }
        result => result,
    }
}

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

    fn destination(folder: &Path) -> Destination {
        Destination::of(&folder.join("results")).expect("a free destination")
    }

    /// A number that no process has: Linux gives none above 2²².
    const DEAD: u32 = 1 << 30;

    #[test]
    fn only_a_siblings_own_name_gives_its_owner() {
        let read = |name: &str| owner(OsStr::new(name), OsStr::new(".a.partial-"));
        assert_eq!(read(".a.partial-12"), Some(12));
        assert_eq!(read(".a.partial-12-3"), Some(12));
        for name in [
            ".a.partial-",
            ".a.partial-x",
            ".a.partial-1.partial-2",
            ".b.partial-1",
            ".a.partial-1-2-3",
        ] {
            assert_eq!(read(name), None, "{name}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_leftover_is_removed_only_if_process_and_lock_are_dead() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let leave = |name: &str, lock: bool| {
            let path = folder.path().join(name);
            fs::create_dir(&path).expect("writable");
            lock.then(|| File::create(path.join(LOCK_NAME)).expect("writable"))
        };
        leave(&format!(".results.partial-{DEAD}"), true);
        leave(&format!(".results.partial-{}", std::process::id()), true);
        leave(".results.partial-1", true);
        leave(&format!(".other.partial-{DEAD}"), true);
        leave(&format!(".results.partial-{DEAD}-1"), false);
        for (number, file) in [(3, MANIFEST_NAME), (4, "couples.csv")] {
            let name = format!(".results.partial-{DEAD}-{number}");
            leave(&name, false);
            fs::write(folder.path().join(name).join(file), "").expect("writable");
        }
        let held = leave(&format!(".results.partial-{DEAD}-2"), true).expect("made");
        held.try_lock().expect("the lock is free");
        destination(folder.path()).remove_stale();
        let mut left: Vec<String> = fs::read_dir(folder.path())
            .expect("readable")
            .map(|entry| {
                entry
                    .expect("readable")
                    .file_name()
                    .into_string()
                    .expect("ASCII")
            })
            .collect();
        left.sort();
        let kept = [
            ".other.partial-D",
            ".results.partial-1",
            ".results.partial-D-2",
            ".results.partial-D-4",
        ];
        assert_eq!(left, kept.map(|name| name.replace('D', &DEAD.to_string())));
    }

    #[test]
    fn a_folder_moved_aside_by_a_killed_process_is_restored() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let aside = folder.path().join(format!(".results.replaced-{DEAD}"));
        fs::create_dir(&aside).expect("writable");
        fs::write(aside.join("old"), "kept").expect("writable");
        let destination = destination(folder.path());
        destination.remove_stale();
        assert!(!aside.exists());
        assert_eq!(
            fs::read(destination.target.join("old")).expect("back"),
            b"kept"
        );
        fs::create_dir(&aside).expect("writable");
        destination.remove_stale();
        assert!(!aside.exists() && destination.target.join("old").exists());
    }

    #[test]
    fn a_path_without_a_name_or_parent_is_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("file");
        fs::write(&file, "").expect("writable");
        let refusal = |path: &Path| {
            Destination::of(path)
                .expect_err("no destination")
                .to_string()
        };
        assert_eq!(
            refusal(Path::new("/")),
            "could not create /: a results folder needs a name"
        );
        for parent in [folder.path().join("absent"), file] {
            let path = parent.join("results");
            let (path_text, parent_text) = (path.display(), parent.display());
            let expected =
                format!("could not create {path_text}: there is no folder {parent_text}");
            assert_eq!(refusal(&path), expected);
        }
        assert_eq!(
            Destination::of(Path::new("results")).expect("here").parent,
            Path::new(".")
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_folder_means_that_folder() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::create_dir(&real).expect("writable");
        std::os::unix::fs::symlink(&real, &link).expect("writable");
        let expected = real.canonicalize().expect("exists");
        assert_eq!(
            Destination::of(&link).expect("a destination").target,
            expected
        );
    }

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
