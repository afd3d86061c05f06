//! Whether a folder of results is what its manifest says, and what this version gives today.

use crate::error::Error;
use crate::options::Execution;
use crate::reopen::reopen;
use crate::results::provenance::save_options;
use crate::results::{
    Difference, FileState, FileVerdict, Manifest, Scratch, entries, file_hash, first_difference,
    manifest_differences,
};
use crate::runner::CancelToken;
use crate::table::Schema;
use std::collections::BTreeSet;
use std::path::Path;

/// What a check of results found.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Verification {
    /// Version that made the results.
    pub version: String,
    /// Files that changed, are missing, or are not among those of a new run.
    pub damaged: Vec<FileVerdict>,
    /// The first difference of each table that the rerun gave otherwise.
    pub differences: Vec<Difference>,
    /// Why a changed table cannot be read, for each such table.
    pub unreadable: Vec<String>,
    /// Files that differ without differing in a row: charts and texts.
    pub other: Vec<String>,
    /// Entries of the folder that neither its manifest lists nor the rerun has: they are not of the
    /// results, and no difference.
    pub unlisted: Vec<String>,
    /// What differs between the manifest and that of the rerun, a line for each value.
    pub manifest: Vec<String>,
    /// Files compared, the manifest included.
    pub files: usize,
}

impl Verification {
    /// Whether the folder has the files of the rerun, with the same bytes, manifest included.
    pub fn is_sound(&self) -> bool {
        self.damaged.is_empty()
            && self.differences.is_empty()
            && self.unreadable.is_empty()
            && self.other.is_empty()
            && self.manifest.is_empty()
    }
}

/// Reruns the work that led to a results folder, and compares the folder with that of the rerun: every
/// file that is in one of them, and the manifests.
///
/// The manifest decides what is run again, but not which files are compared.
///
/// # Errors
/// [`Error::Stale`] if this version does not accept the scenario, [`Error::Cancelled`], and those of
/// the work.
pub fn verify(
    results: impl AsRef<Path>,
    threads: Option<usize>,
    cancel: CancelToken,
) -> Result<Verification, Error> {
    let results = results.as_ref();
    let (manifest, text) = Manifest::read_with_text(results)?;
    let use_case = reopen(results, &manifest)?;
    let scratch = Scratch::create("verify")?;
    let again = scratch.path().join("again");
    let options = save_options(&manifest);
    let execution = Execution {
        threads,
        cancel,
        on_progress: None,
    };
    let cancelled = |error| match error {
        // The journal is in the temporary folder.
        Error::Interrupted { .. } => Error::Cancelled,
        Error::Resumable { source, .. } => *source,
        error => error,
    };
    use_case
        .rerun(&again, &options, execution)
        .map_err(cancelled)?;
    compare(results, (&manifest, &text), &again, &use_case.schemas()?)
}

/// Compares a folder of results, whose manifest was read before, with that of the rerun.
fn compare(
    results: &Path,
    (manifest, text): (&Manifest, &[u8]),
    again: &Path,
    schemas: &[Schema],
) -> Result<Verification, Error> {
    let (fresh, fresh_text) = Manifest::read_with_text(again)?;
    let mut found = Verification {
        version: manifest.version.clone(),
        damaged: Vec::new(),
        differences: Vec::new(),
        unreadable: Vec::new(),
        other: Vec::new(),
        unlisted: Vec::new(),
        manifest: Vec::new(),
        files: fresh.files.len() + 1,
    };
    let mut names = entries(results, manifest)?;
    let listed = manifest.files.iter().chain(&fresh.files);
    names.extend(listed.map(|file| file.name.clone()));
    let mut unlike = BTreeSet::new();
    for name in &names {
        let hash_in = |manifest: &Manifest| manifest.file(name).map(|file| file.blake3.clone());
        let hashes = FileHashes {
            kept: file_hash(&results.join(name))?,
            written: hash_in(manifest),
            expected: hash_in(&fresh),
        };
        if hashes.written.is_none() && hashes.expected.is_none() {
            found.unlisted.push(name.clone());
            continue;
        }
        let state = hashes.state();
        if state != FileState::Sound {
            let name = name.clone();
            found.damaged.push(FileVerdict { name, state });
        }
        if hashes.differ_from_rerun() {
            unlike.insert(name.as_str());
            let table = schemas
                .iter()
                .find(|schema| *name == manifest.file_of(schema));
            let difference = table.map_or(Ok(None), |schema| {
                first_difference(&results.join(name), &again.join(name), schema)
            });
            match difference {
                Ok(Some(difference)) => found.differences.push(difference),
                Ok(None) => found.other.push(name.clone()),
                // An unreadable table hides nothing of the other files.
                Err(error) => found.unreadable.push(error.to_string()),
            }
        }
    }
    found.manifest = manifest_differences(text, &fresh_text, &unlike);
    Ok(found)
}

/// The hashes of one file; `None` where there is no such file.
struct FileHashes {
    /// In the folder.
    kept: Option<String>,
    /// In the folder's manifest.
    written: Option<String>,
    /// In the manifest of the rerun.
    expected: Option<String>,
}

impl FileHashes {
    fn state(&self) -> FileState {
        if self.kept.is_none() {
            FileState::Missing
        } else if self.expected.is_none() {
            FileState::Additional
        } else if self.kept != self.expected && self.written.is_some() && self.kept != self.written
        {
            FileState::Changed
        } else {
            FileState::Sound
        }
    }

    /// Whether folder and rerun both have the file, with other bytes.
    fn differ_from_rerun(&self) -> bool {
        self.kept.is_some() && self.expected.is_some() && self.kept != self.expected
    }
}
