//! Merging: the folders of all shards become the results of the whole sweep.

use super::{SweepOutput, SweepReport, check_memory_of, finish};
use crate::error::Error;
use crate::options::SaveOptions;
use crate::results::JOURNAL_NAME;
use crate::results::manifest::ShardedWork;
use crate::results::shards::ShardFolders;
use crate::runner::CancelToken;
use crate::sweep::finish::JobsJournal;
use crate::sweep::plan::SweepPlan;
use crate::sweep::shard::Shard;
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
    let shards = ShardFolders::read(folders, out, ShardedWork::Sweep)?;
    let plan = SweepPlan::new(shards.scenario()?).ok_or(Error::NoSweep)?;
    let journal = |(shard, folder): (Shard, &PathBuf)| JobsJournal {
        path: folder.join(JOURNAL_NAME),
        jobs: shard.range(plan.jobs()),
    };
    let journals: Vec<JobsJournal> = shards.parts().map(journal).collect();
    check_memory_of(&plan, 0..plan.jobs(), None)?;
    let output = SweepOutput {
        folder: out,
        shard: Shard::ALL,
        options,
    };
    finish::finish(&plan, &output, &journals, cancel)
}
