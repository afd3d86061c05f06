//! Whether a folder of results is what its manifest says, and what this version gives today.

use crate::error::Error;
use crate::options::{Execution, SaveOptions};
use crate::reopen::reopen;
use crate::results::{Difference, FileState, FileVerdict, Manifest, check_files, first_difference};
use crate::runner::CancelToken;
use std::path::Path;

/// What a check of results found.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Verification {
    /// Version that made the results.
    pub version: String,
    /// Files that changed or are missing.
    pub damaged: Vec<FileVerdict>,
    /// The first difference of each table that the rerun gave otherwise.
    pub differences: Vec<Difference>,
    /// Why a changed table cannot be read, for each such table.
    pub unreadable: Vec<String>,
    /// Files that differ without differing in a row: charts and texts.
    pub other: Vec<String>,
    /// Files compared.
    pub files: usize,
}

impl Verification {
    /// Whether all files are as they were written and the rerun gave the same.
    pub fn is_sound(&self) -> bool {
        self.damaged.is_empty() && self.differences.is_empty() && self.other.is_empty()
    }
}

/// Checks the files of a results folder, reruns the work that led to them, and compares the files.
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
    let manifest = Manifest::read(results)?;
    let use_case = reopen(results, &manifest)?;
    let damaged: Vec<FileVerdict> = check_files(results, &manifest)?
        .into_iter()
        .filter(|verdict| verdict.state != FileState::Sound)
        .collect();
    let scratch = tempfile::tempdir().map_err(|source| Error::Scratch { source })?;
    let again = scratch.path().join("again");
    let mut names = manifest.files.iter().map(|file| &file.name);
    let options = SaveOptions::default()
        .format(manifest.table_format)
        .charts(names.any(|name| name.ends_with(".svg")));
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
    let fresh = Manifest::read(&again)?;
    let mut found = Verification {
        version: manifest.version.clone(),
        damaged,
        differences: Vec::new(),
        unreadable: Vec::new(),
        other: Vec::new(),
        files: manifest.files.len(),
    };
    let missing = |name: &str| found_missing(&found.damaged, name);
    let unlike: Vec<&str> = manifest
        .files
        .iter()
        .filter(|file| !missing(&file.name))
        .filter(|file| {
            fresh
                .file(&file.name)
                .is_none_or(|again| again.blake3 != file.blake3)
        })
        .chain(
            manifest
                .files
                .iter()
                .filter(|file| changed(&found.damaged, &file.name)),
        )
        .map(|file| file.name.as_str())
        .collect();
    let schemas = use_case.schemas()?;
    let mut seen: Vec<&str> = Vec::new();
    for name in unlike {
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let table = schemas
            .iter()
            .find(|schema| name == manifest.file_of(schema));
        let compared = table.map_or(Ok(None), |schema| {
            first_difference(&results.join(name), &again.join(name), schema)
        });
        let difference = match compared {
            // A damaged table does not hide the state of the other files.
            Err(error) if changed(&found.damaged, name) => {
                found.unreadable.push(error.to_string());
                continue;
            }
            compared => compared?,
        };
        match difference {
            Some(difference) => found.differences.push(difference),
            None => found.other.push(name.to_owned()),
        }
    }
    Ok(found)
}

fn found_missing(damaged: &[FileVerdict], name: &str) -> bool {
    damaged
        .iter()
        .any(|verdict| verdict.name == name && verdict.state == FileState::Missing)
}

fn changed(damaged: &[FileVerdict], name: &str) -> bool {
    damaged
        .iter()
        .any(|verdict| verdict.name == name && verdict.state == FileState::Changed)
}
