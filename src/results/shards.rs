//! Work that can be done in shards: the kind and origin of its results, and whether folders are all shards of one work.

use crate::error::Error;
use crate::options::SaveOptions;
use crate::results::manifest::ShardedWork;
use crate::results::provenance::{origin, scenario_of};
use crate::results::{
    FileState, JOURNAL_NAME, Manifest, Origin, OutputError, ResultsKind, check_files, refuse_inputs,
};
use crate::scenario::Scenario;
use crate::sweep::shard::{MergeError, Shard};
use std::path::{Path, PathBuf};

/// The folders of all shards of one work.
pub(crate) struct ShardFolders {
    /// The folder that was named first, and its manifest: it has the scenario of all of them.
    first: PathBuf,
    manifest: Manifest,
    /// In the order of the shards.
    folders: Vec<PathBuf>,
}

impl ShardFolders {
    /// Reads the manifests of folders, in any order, and checks their files. `out` is where they are merged to.
    ///
    /// # Errors
    /// [`Error::Merge`] if a folder is not a shard of such work, is damaged, belongs to another scenario, version or
    /// number of shards, is given twice or is missing; [`Error::Output`].
    pub(crate) fn read(
        folders: &[PathBuf],
        out: &Path,
        work: ShardedWork,
    ) -> Result<ShardFolders, Error> {
        refuse_inputs(out, folders)?;
        let refuse = |folder: &Path, source| Error::Merge {
            folder: folder.to_owned(),
            source,
        };
        // Of thousands of manifests, each with the text of the scenario, one is kept.
        let mut first: Option<(&Path, Manifest, u64)> = None;
        let mut parts: Vec<(u64, &Path)> = Vec::new();
        for folder in folders {
            let (shard, manifest) = shard_of(folder, work)?;
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
        Ok(ShardFolders {
            first: from.to_owned(),
            manifest,
            folders: parts.iter().map(|part| part.1.to_owned()).collect(),
        })
    }

    /// Their scenario.
    ///
    /// # Errors
    /// [`Error::Stale`] if this version does not accept it.
    pub(crate) fn scenario(&self) -> Result<Scenario, Error> {
        scenario_of(&self.first, &self.manifest)
    }

    /// The shards in their order, with their folders.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (Shard, &PathBuf)> {
        let of = self.folders.len() as u64;
        let shard = move |number| Shard { number, of };
        (1..).map(shard).zip(&self.folders)
    }
}

/// The kind of the results of such work, or of a part of them.
pub(crate) fn results_kind(work: ShardedWork, shard: Shard) -> ResultsKind {
    match (work, shard) {
        (ShardedWork::Sweep, Shard::ALL) => ResultsKind::Sweep,
        (ShardedWork::Power, Shard::ALL) => ResultsKind::Power,
        (ShardedWork::Recover, Shard::ALL) => ResultsKind::Recover,
        (of, Shard { number, of: shards }) => ResultsKind::Shard {
            shard: number,
            shards,
            of,
        },
    }
}

/// The origin of such results in their manifest.
pub(crate) fn origin_of(
    scenario: &Scenario,
    (work, shard): (ShardedWork, Shard),
    options: &SaveOptions,
) -> Origin {
    let kind = results_kind(work, shard);
    let mut origin = origin(scenario, kind, work.name(), options);
    if shard != Shard::ALL {
        let words = ["--shard".to_owned(), shard.to_string()];
        origin.command.extend(words);
    }
    origin
}

/// Which shard of such work a folder holds, and its manifest, if its files are those that were written.
fn shard_of(folder: &Path, work: ShardedWork) -> Result<(Shard, Manifest), Error> {
    let manifest = Manifest::read(folder)?;
    let refuse = |source| Error::Merge {
        folder: folder.to_owned(),
        source,
    };
    let (shard, found) = match manifest.kind {
        ResultsKind::Shard { shard, shards, of } => (Shard::new(shard, shards), of),
        _ => (None, work),
    };
    let shard = shard.ok_or_else(|| {
        refuse(MergeError::NotAShard {
            kind: manifest.kind.name(),
        })
    })?;
    if found != work {
        let (found, wanted) = (found.name(), work.name());
        return Err(refuse(MergeError::OtherWork { found, wanted }));
    }
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

/// What shards of one work have in common.
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
