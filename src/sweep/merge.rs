//! Merging: the folders of all shards become the results of the whole sweep.

use super::{SweepOutput, SweepReport, check_memory_of, finish};
use crate::error::Error;
use crate::options::SaveOptions;
use crate::results::FileState;
use crate::results::ResultsKind;
use crate::results::provenance::scenario_of;
use crate::results::{JOURNAL_NAME, JournalReader, Manifest, check_files, refuse_inputs};
use crate::runner::CancelToken;
use crate::sweep::plan::SweepPlan;
use crate::sweep::shard::{MergeError, Shard};
use std::path::{Path, PathBuf};

/// One shard's folder, read.
struct ShardFolder {
    folder: PathBuf,
    shard: Shard,
    manifest: Manifest,
}

/// Merges the folders of all shards of one sweep, in any order. The results are those of the sweep
/// that is not split.
///
/// # Errors
/// [`Error::Merge`] if a folder is not a shard, is damaged, belongs to another scenario, version or
/// number of shards, is given twice or is missing; [`Error::Output`].
pub fn merge(
    folders: &[PathBuf],
    out: impl AsRef<Path>,
    options: &SaveOptions,
) -> Result<SweepReport, Error> {
    let out = out.as_ref();
    refuse_inputs(out, folders)?;
    let mut parts = folders
        .iter()
        .map(|folder| part(folder))
        .collect::<Result<Vec<_>, _>>()?;
    let refuse = |folder: &Path, source| {
        Err(Error::Merge {
            folder: folder.to_owned(),
            source,
        })
    };
    let Some(first) = parts.first() else {
        return refuse(out, MergeError::NoShards);
    };
    let (requested, of) = (question(&first.manifest), first.shard.of);
    if let Some(other) = parts
        .iter()
        .find(|part| question(&part.manifest) != requested)
    {
        return refuse(
            &other.folder,
            MergeError::OtherScenario {
                from: folders[0].clone(),
            },
        );
    }
    if let Some(other) = parts.iter().find(|part| part.shard.of != of) {
        return refuse(
            &other.folder,
            MergeError::OtherCount {
                of,
                found: other.shard.of,
            },
        );
    }
    parts.sort_by_key(|part| part.shard.number);
    if let Some(pair) = parts.windows(2).find(|pair| pair[0].shard == pair[1].shard) {
        return refuse(
            &pair[1].folder,
            MergeError::Repeated {
                shard: pair[1].shard,
            },
        );
    }
    let missing: Vec<u64> = (1..=of)
        .filter(|number| parts.iter().all(|part| part.shard.number != *number))
        .collect();
    if !missing.is_empty() {
        return refuse(
            out,
            MergeError::Missing {
                numbers: missing,
                of,
            },
        );
    }
    let scenario = scenario_of(&parts[0].folder, &parts[0].manifest)?;
    let plan = SweepPlan::new(scenario).ok_or(Error::NoSweep)?;
    let mut readers = Vec::new();
    for part in &parts {
        let jobs = part.shard.range(plan.jobs());
        let path = part.folder.join(JOURNAL_NAME);
        let mut reader = JournalReader::open(&path, jobs.start)?;
        let mut found = 0;
        while reader.next()?.is_some() {
            found += 1;
        }
        if found != jobs.end - jobs.start {
            let problem = MergeError::Incomplete {
                expected: jobs.end - jobs.start,
                found,
            };
            return refuse(&part.folder, problem);
        }
        readers.push(JournalReader::open(&path, jobs.start)?);
    }
    check_memory_of(&plan, 0..plan.jobs(), None)?;
    let output = SweepOutput {
        folder: out,
        shard: Shard::ALL,
        options,
    };
    finish::finish(&plan, &output, readers, &CancelToken::default())
}

fn part(folder: &Path) -> Result<ShardFolder, Error> {
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
    // The hashes of a manifest say nothing of a file that it does not list.
    if manifest.file(JOURNAL_NAME).is_none() {
        let file = format!("the manifest does not list {JOURNAL_NAME}");
        return Err(refuse(MergeError::Damaged { file }));
    }
    let damaged = check_files(folder, &manifest)?
        .into_iter()
        .find(|file| file.state != FileState::Sound);
    match damaged {
        Some(file) => Err(refuse(MergeError::Damaged {
            file: format!("{} is {}", file.name, file.state),
        })),
        None => Ok(ShardFolder {
            folder: folder.to_owned(),
            shard,
            manifest,
        }),
    }
}

/// What shards of one sweep have in common.
fn question(manifest: &Manifest) -> (&str, &str, &[String]) {
    (
        &manifest.version,
        &manifest.scenario.text,
        &manifest.overrides,
    )
}
