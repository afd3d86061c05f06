//! Merging: the folders of all shards become the results of the whole sweep.

use super::{SweepReport, SweepRequest, finish};
use crate::error::Error;
use crate::results::FileState;
use crate::results::{JOURNAL_NAME, JournalReader, Manifest, check_files};
use crate::runner::Control;
use crate::sweep::plan::SweepPlan;
use crate::sweep::shard::{MergeError, Shard};
use crate::verify::scenario_of;
use std::path::{Path, PathBuf};

/// One shard's folder, read.
struct Part {
    folder: PathBuf,
    shard: Shard,
    manifest: Manifest,
}

/// Joins the folders of all shards of one sweep; the results are those of the sweep unsharded.
///
/// `request` names the folder, the format and whether to draw; its shard and overrides are not read.
///
/// # Errors
/// [`Error::Merge`] where a folder is no shard, is damaged, is of another scenario, version or
/// number of shards, comes twice or is missing; those of [`super::sweep`].
pub fn merge(folders: &[PathBuf], request: &SweepRequest) -> Result<SweepReport, Error> {
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
        return refuse(&request.out, MergeError::NoShards);
    };
    let (asked, of) = (question(&first.manifest), first.shard.of);
    if let Some(other) = parts.iter().find(|part| question(&part.manifest) != asked) {
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
            &request.out,
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
            let fault = MergeError::Incomplete {
                expected: jobs.end - jobs.start,
                found,
            };
            return refuse(&part.folder, fault);
        }
        readers.push(JournalReader::open(&path, jobs.start)?);
    }
    let request = SweepRequest {
        shard: Shard::ALL,
        overrides: parts[0].manifest.overrides.clone(),
        ..request.clone()
    };
    let report = finish::finish(&plan, &request, readers, &Control::default())?;
    Ok(report.expect("nobody can stop a merge"))
}

fn part(folder: &Path) -> Result<Part, Error> {
    let manifest = Manifest::read(folder)?;
    let refuse = |source| Error::Merge {
        folder: folder.to_owned(),
        source,
    };
    let shard = super::shard_of(&manifest.kind)
        .filter(|shard| *shard != Shard::ALL)
        .ok_or_else(|| {
            refuse(MergeError::NotAShard {
                kind: manifest.kind.clone(),
            })
        })?;
    let damaged = check_files(folder, &manifest)?
        .into_iter()
        .find(|file| file.state != FileState::Sound);
    match damaged {
        Some(file) => Err(refuse(MergeError::Damaged {
            file: format!("{} is {}", file.name, file.state),
        })),
        None => Ok(Part {
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
