//! Merging: the folders of all shards become the results of the whole sweep.

use super::{SweepOutput, SweepReport, check_memory_of, finish};
use crate::error::Error;
use crate::options::SaveOptions;
use crate::results::FileState;
use crate::results::ResultsKind;
use crate::results::provenance::scenario_of;
use crate::results::{JOURNAL_NAME, Manifest, OutputError, check_files, refuse_inputs};
use crate::runner::CancelToken;
use crate::sweep::finish::JobsJournal;
use crate::sweep::plan::SweepPlan;
use crate::sweep::shard::{MergeError, Shard};
use std::path::{Path, PathBuf};

/// Merges the folders of all shards of one sweep, in any order. The results are those of the sweep
/// that is not split.
///
/// One shard is open at a time. Memory grows with the runs and measures of the sweep, and not with its
/// couples.
///
/// # Errors
/// [`Error::Merge`] if a folder is not a shard, is damaged, belongs to another scenario, version or
/// number of shards, is given twice or is missing; [`Error::Output`].
pub fn merge(
    folders: &[PathBuf],
    out: impl AsRef<Path>,
    options: &SaveOptions,
) -> Result<SweepReport, Error> {
    merge_until(folders, out.as_ref(), options, &CancelToken::default())
}

/// Does what [`merge`] does, until it is cancelled.
///
/// # Errors
/// Those of [`merge`], and [`Error::Cancelled`].
pub(crate) fn merge_until(
    folders: &[PathBuf],
    out: &Path,
    options: &SaveOptions,
    cancel: &CancelToken,
) -> Result<SweepReport, Error> {
    refuse_inputs(out, folders)?;
    let refuse = |folder: &Path, source| Error::Merge {
        folder: folder.to_owned(),
        source,
    };
    // Of thousands of manifests, each with the text of the scenario, one is kept.
    let mut first: Option<(&Path, Manifest, u64)> = None;
    let mut parts: Vec<(u64, &Path)> = Vec::new();
    for folder in folders {
        let (shard, manifest) = shard_of(folder)?;
        parts.push((shard.number, folder));
        let Some((from, found, of)) = &first else {
            first = Some((folder, manifest, shard.of));
            continue;
        };
        if question(&manifest) != question(found) {
            let from = (*from).to_owned();
            return Err(refuse(folder, MergeError::OtherScenario { from }));
        }
        if shard.of != *of {
            let (of, found) = (*of, shard.of);
            return Err(refuse(folder, MergeError::OtherCount { of, found }));
        }
    }
    let Some((from, manifest, of)) = first else {
        return Err(refuse(out, MergeError::NoShards));
    };
    if manifest.version != env!("CARGO_PKG_VERSION") {
        let version = manifest.version;
        return Err(refuse(from, MergeError::OtherVersion { version }));
    }
    parts.sort_unstable();
    if let Some(pair) = parts.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        let (number, folder) = pair[1];
        let shard = Shard { number, of };
        return Err(refuse(folder, MergeError::Repeated { shard }));
    }
    let mut given = parts.iter().map(|(number, _)| *number).peekable();
    let missing = |number: &u64| given.next_if_eq(number).is_none();
    let numbers: Vec<u64> = (1..=of).filter(missing).collect();
    if !numbers.is_empty() {
        return Err(refuse(out, MergeError::Missing { numbers, of }));
    }
    let scenario = scenario_of(from, &manifest)?;
    drop(manifest);
    let plan = SweepPlan::new(scenario).ok_or(Error::NoSweep)?;
    let journal = |(number, folder): &(u64, &Path)| JobsJournal {
        path: folder.join(JOURNAL_NAME),
        jobs: Shard {
            number: *number,
            of,
        }
        .range(plan.jobs()),
    };
    let journals: Vec<JobsJournal> = parts.iter().map(journal).collect();
    check_memory_of(&plan, 0..plan.jobs(), None)?;
    let output = SweepOutput {
        folder: out,
        shard: Shard::ALL,
        options,
    };
    finish::finish(&plan, &output, &journals, cancel)
}

/// Which shard a folder holds, and its manifest, if its files are those that were written.
fn shard_of(folder: &Path) -> Result<(Shard, Manifest), Error> {
    let manifest = Manifest::read(folder)?;
    let refuse = |source| Error::Merge {
        folder: folder.to_owned(),
        source,
    };
    let shard = match manifest.kind {
        ResultsKind::Shard { shard, shards } => Shard::new(shard, shards),
        _ => None,
    };
    let shard = shard.ok_or_else(|| {
        refuse(MergeError::NotAShard {
            kind: manifest.kind.name(),
        })
    })?;
    match damage(folder, &manifest)? {
        Some(file) => Err(refuse(MergeError::Damaged { file })),
        None => Ok((shard, manifest)),
    }
}

/// What of a shard is not as it was written, if anything.
///
/// # Errors
/// If a file exists and cannot be read.
pub(crate) fn damage(folder: &Path, manifest: &Manifest) -> Result<Option<String>, OutputError> {
    // The hashes of a manifest say nothing of a file that it does not list.
    if manifest.file(JOURNAL_NAME).is_none() {
        return Ok(Some(format!("the manifest does not list {JOURNAL_NAME}")));
    }
    let damaged = check_files(folder, manifest)?
        .into_iter()
        .find(|file| file.state != FileState::Sound);
    Ok(damaged.map(|file| format!("{} is {}", file.name, file.state)))
}

/// What shards of one sweep have in common.
fn question(manifest: &Manifest) -> (&str, &str, &[String], Vec<(&str, &str)>) {
    // The scenario and the tables that it names.
    let read = manifest
        .files
        .iter()
        .filter(|file| file.name != JOURNAL_NAME);
    (
        &manifest.version,
        &manifest.scenario.text,
        &manifest.overrides,
        read.map(|file| (&*file.name, &*file.blake3)).collect(),
    )
}
