//! Staging: what is needed for folders and single files to be complete or absent.
//!
//! [`Destination`] has the paths around a results folder: where it is staged, where an old one is kept
//! while it is replaced, and what killed processes left there. [`write_document`] writes a single file,
//! for results without a folder.
//!
//! A new folder and an old one change places in one step where the system can. Elsewhere the old one is
//! moved aside first, and back if its process was killed before the new one was in place.
//!
//! A process holds locks on the folders that it works on, and a file in a staging folder. A staging folder
//! is removed only if its locks are free and no process has its number: locks alone are unsafe where the
//! file system has none. Of a folder of results only what its manifest lists is ever removed: other entries
//! are moved to the folder that replaces it.

use super::error::{Action, Leftover, ManifestError, OutputError, Overlap};
use super::manifest::{DATA_FOLDER, MANIFEST_NAME, Manifest, ResultsKind};
use crate::table::plain_file::read_plain;
use std::ffi::{OsStr, OsString};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Component, Path, PathBuf};
use std::{fs, io};

/// Name of the file in a staging folder whose lock says that a process is writing.
pub(crate) const LOCK_NAME: &str = ".lock";
const PARTIAL: &str = "partial";
const REPLACED: &str = "replaced";
const SCRATCH: &str = "scratch";

/// The final path of a results folder, which may be free or taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Destination {
    /// The path as it was named, for messages.
    pub(crate) shown: PathBuf,
    /// The same path, absolute and without links, so that `a/../a` does not lead through the folder that
    /// is replaced.
    pub(crate) target: PathBuf,
    parent: PathBuf,
    name: OsString,
}

/// The locks of a staging folder; they are free when this is dropped.
#[derive(Debug, Default)]
pub(crate) struct StagingLocks {
    _file: Option<File>,
    _folder: Option<File>,
}

impl Destination {
    /// The destination of a path; a link to a folder means that folder.
    pub(crate) fn of(path: &Path) -> Result<Destination, OutputError> {
        let no_name = || OutputError::NoName {
            path: path.to_owned(),
        };
        let is_link = fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink());
        let target = match path.file_name() {
            Some(name) if !is_link => canonical_parent(path)?.join(name),
            _ => path
                .canonicalize()
                .map_err(OutputError::io(Action::Create, path))?,
        };
        let name = target.file_name().ok_or_else(no_name)?.to_owned();
        let parent = target.parent().ok_or_else(no_name)?.to_owned();
        Ok(Destination {
            shown: path.to_owned(),
            target,
            parent,
            name,
        })
    }

    /// Creates an empty staging folder next to the target, and the folders that it lies in, and locks it.
    pub(crate) fn stage(&self) -> Result<(PathBuf, StagingLocks), OutputError> {
        create_folders(&self.parent, &self.shown)?;
        let staging = self.free_sibling(PARTIAL);
        let mut file = lock_in_new(&staging);
        // A process on another machine may take the empty folder for one left behind, but not twice.
        if file
            .as_ref()
            .is_err_and(|e| e.kind() == ErrorKind::NotFound)
        {
            file = lock_in_new(&staging);
        }
        let file = file.map_err(|source| {
            let _ = discard(&staging);
            OutputError::io(Action::Create, &self.shown)(source)
        })?;
        // A file system without locks leaves the folder unlocked; others then never remove it.
        let held = file.try_lock().is_ok();
        let locks = StagingLocks {
            _file: held.then_some(file),
            _folder: lock_folder(&staging),
        };
        Ok((staging, locks))
    }

    /// Fails if the target exists and cannot or may not be replaced by results of this kind.
    pub(crate) fn check(&self, kind: &ResultsKind, force: bool) -> Result<(), OutputError> {
        let path = self.shown.clone();
        match fs::symlink_metadata(&self.target) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(OutputError::io(Action::Create, &path)(error)),
            Ok(found) if !found.is_dir() => Err(OutputError::NotAFolder { path }),
            Ok(_) if is_empty(&self.target)? => Ok(()),
            Ok(_) if !force => Err(match Manifest::read(&self.target) {
                Ok(found) if found.kind.described() == kind.described() => {
                    OutputError::Exists { path }
                }
                _ => OutputError::Taken { path },
            }),
            Ok(_) => self.check_replaceable(&self.target, kind),
        }
    }

    /// Fails unless a folder is empty, or holds results of this kind.
    fn check_replaceable(&self, folder: &Path, kind: &ResultsKind) -> Result<(), OutputError> {
        let path = self.shown.clone();
        let manifest = match Manifest::read(folder) {
            Ok(manifest) => manifest,
            Err(
                error @ OutputError::Manifest {
                    error: ManifestError::Newer { .. },
                    ..
                },
            ) => {
                return Err(error);
            }
            Err(OutputError::Manifest { .. }) if is_empty(folder)? => return Ok(()),
            Err(OutputError::Manifest { .. }) => return Err(OutputError::Foreign { path }),
            Err(error) => return Err(error),
        };
        let (found, expected) = (manifest.kind.described(), kind.described());
        if found != expected {
            return Err(OutputError::OtherKind {
                path,
                found,
                expected,
            });
        }
        Ok(())
    }

    /// Fails if the new results have a file with the name of something in the old folder that is not of
    /// the old results, and would be moved to the new ones.
    fn check_names(&self, staging: &Path) -> Result<(), OutputError> {
        let names = match Manifest::read(&self.target) {
            Ok(manifest) => unlisted(&self.target, &manifest)?,
            Err(_) => Vec::new(),
        };
        let taken = |name: &&PathBuf| fs::symlink_metadata(staging.join(name)).is_ok();
        match names.iter().find(taken) {
            Some(name) => Err(OutputError::Unlisted {
                path: self.shown.clone(),
                name: name.to_string_lossy().into_owned(),
            }),
            None => Ok(()),
        }
    }

    /// Renames the finished staging folder to its final name, and removes the results that it replaces.
    /// What else the old folder holds is moved to the new one.
    ///
    /// # Errors
    /// After an error nothing has changed at the target, and the staging folder holds the new results. If
    /// the new results are in place and only the old ones cannot be removed, that is no error.
    pub(crate) fn commit(
        &self,
        staging: &Path,
        kind: &ResultsKind,
        force: bool,
    ) -> Result<Option<Leftover>, OutputError> {
        self.check(kind, force)?;
        if !force || fs::symlink_metadata(&self.target).is_err() {
            return self.place(staging).map(|()| None);
        }
        self.check_names(staging)?;
        // Held until the old folder is removed, so that no other process takes it for one left behind.
        let _lock = lock_folder(&self.target);
        let old = match exchange(staging, &self.target) {
            Ok(()) => staging.to_owned(),
            Err(_) => self.move_aside(staging)?,
        };
        // What was put there since the check is not lost.
        if let Err(changed) = self.check_replaceable(&old, kind)
            && exchange(&old, &self.target).is_ok()
        {
            return Err(changed);
        }
        let removed = move_unlisted(&old, &self.target).and_then(|()| remove_results(&old));
        Ok(removed.err().map(|error| Leftover::new(&old, &error)))
    }

    /// Renames the staging folder to a target that is absent or an empty folder. It is the system that refuses
    /// any other: another process may have put its results there since the check.
    fn place(&self, staging: &Path) -> Result<(), OutputError> {
        if cfg!(windows) {
            // Nothing is renamed to a folder there, empty or not.
            let _ = fs::remove_dir(&self.target);
        }
        fs::rename(staging, &self.target).map_err(|source| match source.kind() {
            ErrorKind::AlreadyExists | ErrorKind::DirectoryNotEmpty => OutputError::Exists {
                path: self.shown.clone(),
            },
            _ => OutputError::io(Action::Place, &self.shown)(source),
        })
    }

    /// Puts the staging folder in place in two steps, and returns where the old folder is now.
    fn move_aside(&self, staging: &Path) -> Result<PathBuf, OutputError> {
        let aside = self.free_sibling(REPLACED);
        fs::rename(&self.target, &aside).map_err(OutputError::io(Action::Place, &self.shown))?;
        if let Err(error) = fs::rename(staging, &self.target) {
            // If this fails too, `remove_stale` restores the old folder.
            let _ = fs::rename(&aside, &self.target);
            return Err(OutputError::io(Action::Place, &self.shown)(error));
        }
        Ok(aside)
    }

    /// Syncs the rename, on systems where a folder can be synced.
    pub(crate) fn sync_parent(&self) -> Result<(), OutputError> {
        sync_folder(&self.parent).map_err(OutputError::io(Action::Write, &self.shown))
    }

    /// Removes what killed processes left here, and restores a folder that one of them had moved aside
    /// and not yet replaced.
    pub(crate) fn remove_stale(&self) {
        for (path, process) in self.siblings(PARTIAL) {
            if !may_be_dead(process) || is_locked(&path) == Some(true) {
                continue;
            }
            let lock = path.join(LOCK_NAME);
            if !lock.exists() && path.join(MANIFEST_NAME).exists() {
                // Complete results that were never put in place, or old ones that were replaced.
                let _ = move_unlisted(&path, &self.target).and_then(|()| remove_results(&path));
            } else if lock_is_free(&lock) {
                let _ = discard(&path);
            } else {
                // Does nothing unless it is empty.
                let _ = fs::remove_dir(path);
            }
        }
        // The number of a dead process may be that of another one now: the lock alone decides.
        for (path, process) in self.siblings(REPLACED) {
            if is_locked(&path).unwrap_or(!may_be_dead(process)) {
                continue;
            }
            if fs::symlink_metadata(&self.target).is_err() {
                let _ = fs::rename(path, &self.target);
            } else if !is_complete(&path) {
                // Its removal had started. A complete folder may never have been replaced: it is kept.
                let _ = remove_results(&path);
            }
        }
    }

    /// Siblings of a role, with the numbers of their processes.
    fn siblings(&self, role: &str) -> Vec<(PathBuf, u32)> {
        let prefix = self.sibling(role);
        let Ok(entries) = fs::read_dir(&self.parent) else {
            return Vec::new();
        };
        let mut found: Vec<(PathBuf, u32)> = entries
            .flatten()
            .filter_map(|entry| Some((entry.path(), owner(&entry.file_name(), &prefix)?)))
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

/// A folder for temporary files, in the system's folder of temporary files. Dropped, it is
/// removed; what a killed process left is removed when the next is made for the same purpose.
#[derive(Debug)]
pub(crate) struct Scratch {
    path: PathBuf,
    locks: StagingLocks,
}

impl Scratch {
    /// Makes an empty folder that other users cannot read.
    ///
    /// # Errors
    /// [`OutputError::Io`], [`OutputError::NoParent`].
    pub(crate) fn create(purpose: &str) -> Result<Scratch, OutputError> {
        Scratch::create_in(&std::env::temp_dir(), purpose)
    }

    fn create_in(folder: &Path, purpose: &str) -> Result<Scratch, OutputError> {
        let destination = Destination::of(&folder.join(format!("pairbond-{purpose}")))?;
        for (path, process) in destination.siblings(SCRATCH) {
            let is_folder = fs::symlink_metadata(&path).is_ok_and(|found| found.is_dir());
            let is_free = is_locked(&path) == Some(false) && lock_is_free(&path.join(LOCK_NAME));
            if is_folder && may_be_dead(process) && is_free {
                let _ = fs::remove_dir_all(path);
            }
        }
        let path = destination.free_sibling(SCRATCH);
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
            .create(&path)
            .map_err(OutputError::io(Action::Create, &path))?;
        // Locked before the file is there that says that it may be removed.
        let folder = lock_folder(&path);
        let lock = path.join(LOCK_NAME);
        let file = File::create_new(&lock).map_err(OutputError::io(Action::Create, &lock))?;
        let locks = StagingLocks {
            _file: file.try_lock().is_ok().then_some(file),
            _folder: folder,
        };
        Ok(Scratch { path, locks })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // An error cannot be reported here; the next process removes what is left.
        let _ = fs::remove_dir_all(&self.path);
        self.locks = StagingLocks::default();
    }
}

/// The folder in which a path is to be made, absolute and without links. It, and folders above it, need not
/// exist.
fn canonical_parent(path: &Path) -> Result<PathBuf, OutputError> {
    let parent = parent(path);
    let no_parent = || OutputError::NoParent {
        path: path.to_owned(),
        parent: parent.clone(),
    };
    match parent.canonicalize() {
        Ok(found) if found.is_dir() => Ok(found),
        Ok(_) => Err(no_parent()),
        Err(error) if error.kind() == ErrorKind::NotADirectory => Err(no_parent()),
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(OutputError::io(Action::Create, path)(error))
        }
        // A link that leads to nothing.
        Err(_) if fs::symlink_metadata(&parent).is_ok() => Err(no_parent()),
        Err(_) => match parent.components().next_back() {
            Some(Component::Normal(name)) => Ok(canonical_parent(&parent)?.join(name)),
            _ => Err(no_parent()),
        },
    }
}

/// Creates the folders in which an output lies, as far as they are missing.
fn create_folders(parent: &Path, output: &Path) -> Result<(), OutputError> {
    match fs::create_dir_all(parent) {
        Ok(()) => Ok(()),
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::NotADirectory | ErrorKind::AlreadyExists
            ) =>
        {
            let (path, parent) = (output.to_owned(), parent.to_owned());
            Err(OutputError::NoParent { path, parent })
        }
        Err(error) => Err(OutputError::io(Action::Create, output)(error)),
    }
}

/// Fails if a folder of results of this kind could not be put at a path, before any work is done for it.
///
/// # Errors
/// Those of [`Folder::create`](super::Folder::create).
pub(crate) fn check_folder(
    path: &Path,
    kind: &ResultsKind,
    force: bool,
) -> Result<(), OutputError> {
    Destination::of(path)?.check(kind, force)
}

/// Refuses an output that is, holds or lies in something that the same command reads.
///
/// Inputs that are not there are passed over: their readers report them.
///
/// # Errors
/// [`OutputError::IsInput`], and those of a path that has no name or no parent.
pub(crate) fn refuse_inputs<P: AsRef<Path>>(
    output: &Path,
    inputs: impl IntoIterator<Item = P>,
) -> Result<(), OutputError> {
    let target = Destination::of(output)?.target;
    for input in inputs {
        let Ok(read) = input.as_ref().canonicalize() else {
            continue;
        };
        let relation = if read == target {
            Overlap::Is
        } else if read.starts_with(&target) {
            Overlap::Holds
        } else if target.starts_with(&read) {
            Overlap::LiesIn
        } else {
            continue;
        };
        return Err(OutputError::IsInput {
            path: output.to_owned(),
            relation,
            input: input.as_ref().to_owned(),
        });
    }
    Ok(())
}

/// Exchanges two folders in one step, where system and file system can.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// What a folder of results holds that its manifest does not list, as paths from the folder on, in their
/// order. Where the manifest lists files of the folder of data, that folder itself is of the results.
fn unlisted(folder: &Path, manifest: &Manifest) -> Result<Vec<PathBuf>, OutputError> {
    let mut found = unlisted_in(folder, "", manifest)?;
    let data = folder.join(DATA_FOLDER);
    let is_folder = fs::symlink_metadata(&data).is_ok_and(|found| found.is_dir());
    if manifest.has_data_folder() && is_folder {
        found.retain(|name| name != Path::new(DATA_FOLDER));
        found.extend(unlisted_in(&data, "data/", manifest)?);
    }
    found.sort();
    Ok(found)
}

/// The entries of one folder that a manifest does not list under this prefix.
fn unlisted_in(
    folder: &Path,
    prefix: &str,
    manifest: &Manifest,
) -> Result<Vec<PathBuf>, OutputError> {
    let refused = |error| OutputError::io(Action::Read, folder)(error);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(refused)? {
        let entry = entry.map_err(refused)?;
        let name = entry.file_name();
        let text = format!("{prefix}{}", name.to_string_lossy());
        let listed = text == MANIFEST_NAME || manifest.file(&text).is_some();
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if !(listed && is_file) {
            found.push(Path::new(prefix).join(name));
        }
    }
    Ok(found)
}

/// Moves what the manifest of old results does not list to the folder of the new ones. Entries whose names are
/// taken there stay, as do all where either folder has no manifest.
fn move_unlisted(old: &Path, new: &Path) -> Result<(), OutputError> {
    let (Ok(manifest), Ok(_)) = (Manifest::read(old), Manifest::read(new)) else {
        return Ok(());
    };
    let names = unlisted(old, &manifest)?;
    for name in &names {
        let target = new.join(name);
        if fs::symlink_metadata(&target).is_err() {
            create_folders(&parent(&target), &target)?;
            fs::rename(old.join(name), &target).map_err(OutputError::io(Action::Place, &target))?;
        }
    }
    match names.is_empty() {
        true => Ok(()),
        false => sync_folder(new).map_err(OutputError::io(Action::Write, new)),
    }
}

/// Whether a folder of results has all files of its manifest.
fn is_complete(folder: &Path) -> bool {
    Manifest::read(folder).is_ok_and(|manifest| {
        let there = |name: &str| fs::symlink_metadata(folder.join(name)).is_ok();
        manifest.files.iter().all(|file| there(&file.name))
    })
}

/// Removes a folder of results: the files of its manifest, then the manifest, so that an interrupted
/// removal can be finished. A folder that holds anything else is left as it is.
fn remove_results(folder: &Path) -> Result<(), OutputError> {
    match Manifest::read(folder) {
        Ok(manifest) => {
            if let Some(name) = unlisted(folder, &manifest)?.first() {
                let (path, name) = (folder.to_owned(), name.to_string_lossy().into_owned());
                return Err(OutputError::Unlisted { path, name });
            }
            let remove = |path: &Path, remove: fn(&Path) -> io::Result<()>| match remove(path) {
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
                removed => removed.map_err(OutputError::io(Action::Remove, path)),
            };
            for file in &manifest.files {
                remove(&folder.join(&file.name), |path| fs::remove_file(path))?;
            }
            if manifest.has_data_folder() {
                remove(&folder.join(DATA_FOLDER), |path| fs::remove_dir(path))?;
            }
            remove(&folder.join(MANIFEST_NAME), |path| fs::remove_file(path))?;
        }
        // The removal was interrupted at its end, or the folder was empty.
        Err(OutputError::Manifest {
            error: ManifestError::Missing,
            ..
        }) => {}
        Err(error) => return Err(error),
    }
    fs::remove_dir(folder).map_err(OutputError::io(Action::Remove, folder))
}

/// Locks a folder; `None` if another process has locked it, or the file system cannot lock folders.
fn lock_folder(folder: &Path) -> Option<File> {
    let file = File::open(folder).ok()?;
    file.try_lock().is_ok().then_some(file)
}

/// Whether a process has locked a folder; `None` if the file system cannot lock folders.
fn is_locked(folder: &Path) -> Option<bool> {
    match File::open(folder).ok()?.try_lock() {
        Ok(()) => Some(false),
        Err(TryLockError::WouldBlock) => Some(true),
        Err(TryLockError::Error(_)) => None,
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
        if signs.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        if entry.file_name() == DATA_FOLDER && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            fs::remove_dir_all(entry.path())?;
        } else {
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

/// Refuses the path of a new file that is taken, a folder or in a file, before any work is done for it.
///
/// # Errors
/// [`OutputError::Exists`] if the path is taken and may not be replaced, [`OutputError::NoParent`] if it lies
/// in a file, [`OutputError::NotAFile`], [`OutputError::Io`].
pub(crate) fn check_document(path: &Path, force: bool) -> Result<(), OutputError> {
    canonical_parent(path)?;
    if path.is_dir() {
        let path = path.to_owned();
        return Err(OutputError::NotAFile { path });
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

/// Writes a file, which is complete or absent, and the folders that it lies in. With `force` it replaces an
/// older one.
///
/// # Errors
/// Those of [`check_document`], as the path may have been taken since; [`OutputError::Io`].
pub(crate) fn write_document(path: &Path, bytes: &[u8], force: bool) -> Result<(), OutputError> {
    check_document(path, force)?;
    create_folders(&parent(path), path)?;
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

/// Largest document that is read (bytes).
const MOST_DOCUMENT_BYTES: u64 = 64 << 20;

/// Reads a plain file that is no larger than a document may be.
///
/// # Errors
/// [`OutputError::Io`].
pub(crate) fn read_document(path: &Path) -> Result<Vec<u8>, OutputError> {
    read_plain(path, MOST_DOCUMENT_BYTES).map_err(OutputError::io(Action::Read, path))
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
        results(
            &folder.path().join(format!(".results.partial-{DEAD}-3")),
            "complete",
        );
        let unlocked = format!(".results.partial-{DEAD}-4");
        leave(&unlocked, false);
        fs::write(folder.path().join(unlocked).join("couples.csv"), "").expect("writable");
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

    /// A folder of results with one file.
    fn results(folder: &Path, text: &str) {
        use super::super::manifest::{FileRecord, Origin};
        fs::create_dir(folder).expect("writable");
        fs::write(folder.join("notes.txt"), text).expect("writable");
        let mut manifest = Manifest::new(Origin {
            kind: ResultsKind::Run,
            command: Vec::new(),
            scenario_file: String::new(),
            scenario_text: String::new(),
            overrides: Vec::new(),
            seed: 1,
            table_format: crate::table::Format::Csv,
            charts: crate::chart::options::ChartOptions::default(),
        });
        manifest.files.push(FileRecord {
            name: "notes.txt".into(),
            rows: None,
            bytes: text.len() as u64,
            blake3: String::new(),
        });
        fs::write(folder.join(MANIFEST_NAME), manifest.text()).expect("writable");
    }

    fn notes(folder: &Path) -> String {
        fs::read_to_string(folder.join("notes.txt")).expect("a file")
    }

    #[test]
    fn results_moved_aside_by_a_dead_process_come_back_though_another_has_its_number() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let destination = destination(folder.path());
        // The number of a running process that has nothing to do with it.
        results(&folder.path().join(".results.replaced-1"), "old");
        destination.remove_stale();
        assert_eq!(notes(&destination.target), "old");
    }

    #[test]
    fn complete_results_moved_aside_are_kept_and_the_rest_of_a_removal_is_removed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let destination = destination(folder.path());
        results(&destination.target, "other");
        let [complete, started, mixed] = [1, 2, 3].map(|number| {
            let aside = folder
                .path()
                .join(format!(".results.replaced-{DEAD}-{number}"));
            results(&aside, "old");
            aside
        });
        for aside in [&started, &mixed] {
            fs::remove_file(aside.join("notes.txt")).expect("there");
        }
        fs::write(mixed.join("analysis.R"), "mine").expect("writable");
        destination.remove_stale();
        assert_eq!(notes(&complete), "old");
        assert!(!started.exists());
        assert!(mixed.join("analysis.R").exists());
        assert_eq!(notes(&destination.target), "other");
    }

    #[test]
    fn results_that_came_since_the_check_are_not_replaced() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let destination = destination(folder.path());
        let [first, second] = ["first", "second"].map(|name| {
            results(&folder.path().join(name), name);
            folder.path().join(name)
        });
        // Both found the same empty folder.
        fs::create_dir(&destination.target).expect("writable");
        destination.place(&first).expect("an empty folder");
        let refused = destination.place(&second).expect_err("taken");
        assert!(matches!(refused, OutputError::Exists { .. }), "{refused}");
        assert_eq!(notes(&destination.target), "first");
        assert_eq!(notes(&second), "second");
    }

    #[test]
    fn processes_that_found_one_empty_folder_do_not_replace_each_other() {
        for _ in 0..50 {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let destination = destination(folder.path());
            fs::create_dir(&destination.target).expect("writable");
            let start = std::sync::Barrier::new(3);
            let commit = |number: usize| {
                let staging = folder.path().join(number.to_string());
                results(&staging, "one of three");
                start.wait();
                destination.commit(&staging, &ResultsKind::Run, false)
            };
            let placed = std::thread::scope(|scope| {
                let threads = [0, 1, 2].map(|number| scope.spawn(move || commit(number).is_ok()));
                threads.map(|thread| thread.join().expect("no panic"))
            });
            assert_eq!(placed.into_iter().filter(|it| *it).count(), 1, "{placed:?}");
        }
    }

    #[test]
    fn a_folder_is_also_replaced_in_two_steps() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let destination = destination(folder.path());
        let staging = folder.path().join("staging");
        results(&destination.target, "old");
        results(&staging, "new");
        let aside = destination.move_aside(&staging).expect("replaceable");
        assert_eq!(
            (notes(&destination.target), notes(&aside)),
            ("new".into(), "old".into())
        );
        let failed = destination.move_aside(&folder.path().join("absent"));
        assert!(matches!(
            failed,
            Err(OutputError::Io {
                action: Action::Place,
                ..
            })
        ));
        assert_eq!(notes(&destination.target), "new");
    }

    #[test]
    fn an_output_that_is_holds_or_lies_in_an_input_is_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = |name: &str| folder.path().join(name);
        fs::create_dir_all(path("shard/sub")).expect("writable");
        fs::write(path("shard/points.csv"), "").expect("writable");
        let relation = |output: &str, input: &str| match refuse_inputs(&path(output), [path(input)])
        {
            Err(OutputError::IsInput { relation, .. }) => Some(relation),
            other => {
                other.expect("allowed");
                None
            }
        };
        assert_eq!(relation("shard", "shard"), Some(Overlap::Is));
        assert_eq!(relation("shard/../shard", "shard"), Some(Overlap::Is));
        assert_eq!(relation("shard", "shard/points.csv"), Some(Overlap::Holds));
        assert_eq!(relation("shard/sub", "shard"), Some(Overlap::LiesIn));
        assert_eq!(relation("shard2", "shard"), None);
        assert_eq!(relation("shard", "absent"), None);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(path("shard"), path("link")).expect("writable");
            assert_eq!(relation("link", "shard"), Some(Overlap::Is));
            assert_eq!(relation("link/new", "shard"), Some(Overlap::LiesIn));
        }
    }

    #[test]
    fn a_path_without_a_name_or_in_a_file_is_refused() {
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
        let path = file.join("results");
        let (path_text, file_text) = (path.display(), file.display());
        let expected = format!("could not create {path_text}: {file_text} is not a folder");
        assert_eq!(refusal(&path), expected);
        assert_eq!(
            refusal(&path.join("deeper")),
            expected
                .replace(
                    &format!("create {path_text}"),
                    &format!("create {path_text}/deeper"),
                )
                .replace(&format!(": {file_text} is"), &format!(": {path_text} is"))
        );
        let here = std::env::current_dir().and_then(|here| here.canonicalize());
        assert_eq!(
            Destination::of(Path::new("results")).expect("here").parent,
            here.expect("a folder")
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
    fn folders_above_a_file_are_made_unless_one_is_a_file() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a/b/one.json");
        check_document(&path, false).expect("a free destination");
        assert!(!folder.path().join("a").exists());
        write_document(&path, b"first", false).expect("a free destination");
        assert_eq!(read_document(&path).expect("readable"), b"first");
        let refused = check_document(&path.join("two.json"), true).expect_err("in a file");
        assert!(matches!(refused, OutputError::NoParent { .. }), "{refused}");
        let refused = check_document(&folder.path().join("a"), true).expect_err("a folder");
        assert!(matches!(refused, OutputError::NotAFile { .. }), "{refused}");
    }

    #[test]
    fn what_a_killed_process_had_not_yet_moved_to_the_new_results_comes_there() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let destination = destination(folder.path());
        let old = folder.path().join(format!(".results.partial-{DEAD}"));
        results(&old, "old");
        fs::write(old.join("analysis.R"), "mine").expect("writable");
        // Without new results there is nowhere to put it.
        destination.remove_stale();
        assert!(old.join("analysis.R").exists());
        results(&destination.target, "new");
        destination.remove_stale();
        assert!(!old.exists());
        let kept = fs::read_to_string(destination.target.join("analysis.R"));
        assert_eq!(kept.expect("moved"), "mine");
        assert_eq!(notes(&destination.target), "new");
    }

    #[test]
    fn scratch_of_a_killed_process_is_removed_by_the_next() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let left = folder.path().join(format!(".pairbond-test.scratch-{DEAD}"));
        fs::create_dir_all(left.join("again")).expect("writable");
        fs::write(left.join("again/couples.csv"), "").expect("writable");
        fs::write(left.join(LOCK_NAME), "").expect("writable");
        let first = Scratch::create_in(folder.path(), "test").expect("writable");
        assert!(!left.exists());
        let second = Scratch::create_in(folder.path(), "test").expect("writable");
        let kept = first.path().to_owned();
        assert!(kept.exists() && kept != second.path());
        drop((first, second));
        assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 0);
    }
}
