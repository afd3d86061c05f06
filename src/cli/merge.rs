//! `pairbond merge`

use super::DONE;
use super::args::{QuietArgs, SaveArgs};
use super::power::report_power;
use super::recover::report_recover;
use super::signals::cancel_on_interrupt;
use super::sweep::report_sweep;
use super::terminal::{print, results_folder};
use crate::cluster::{ShardPlan, is_plan};
use crate::error::Error;
use crate::options::{Execution, SaveOptions};
use crate::power::merge_power;
use crate::recover::merge_recover;
use crate::results::manifest::ShardedWork;
use crate::results::{Manifest, ResultsKind};
use crate::sweep::MergeError;
use crate::sweep::merge::merge_until;
use std::path::{Path, PathBuf};
use std::time::Duration;

#[derive(Debug, clap::Args)]
pub(crate) struct MergeArgs {
    /// The folders of all shards, in any order, or the folder of a plan of `sweep submit`
    #[arg(required = true)]
    shards: Vec<PathBuf>,
    /// Folder of the results [default of a plan: its folder `results`]
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Look at shards of a plan that are missing or damaged again, for so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    wait: u32,
    #[command(flatten)]
    save: SaveArgs,
    #[command(flatten)]
    quiet: QuietArgs,
}

/// Merges the shards of a sweep or an analysis.
pub(crate) fn merge(args: &MergeArgs) -> Result<u8, Error> {
    let (options, quiet) = (args.save.options(), args.quiet.quiet);
    if let [folder] = &args.shards[..]
        && is_plan(folder)
    {
        return merge_plan(&ShardPlan::open(folder)?, args);
    }
    let Some(out) = &args.out else {
        let folder = args.shards.first().cloned().unwrap_or_default();
        let source = MergeError::NoOutput;
        return Err(Error::Merge { folder, source });
    };
    let execution = Execution {
        cancel: cancel_on_interrupt(),
        ..Execution::default()
    };
    // What is no shard is an error of any of them.
    match sharded_work(&args.shards[0]) {
        Some(ShardedWork::Power) => {
            let found = merge_power(&args.shards, (out, &options), execution)?;
            report_power(&found, out, quiet)
        }
        Some(ShardedWork::Recover) => {
            let found = merge_recover(&args.shards, (out, &options), execution)?;
            report_recover(&found, out, quiet)
        }
        Some(ShardedWork::Sweep) | None => {
            let cancel = &execution.cancel;
            let report = merge_until(&args.shards, out, &options, cancel)?;
            report_sweep(&report, quiet)
        }
    }
}

/// What a folder holds a shard of.
fn sharded_work(folder: &Path) -> Option<ShardedWork> {
    match Manifest::read(folder).ok()?.kind {
        ResultsKind::Shard { of, .. } => Some(of),
        _ => None,
    }
}

/// Merges the shards of a plan. Its own options hold unless some are given.
fn merge_plan(plan: &ShardPlan, args: &MergeArgs) -> Result<u8, Error> {
    let given = args.save.options();
    let out = results_folder(args.out.as_deref(), || plan.results());
    let options = match given.clone().replace(false) == SaveOptions::default() {
        true => plan.options().clone().replace(given.replace),
        false => given.clone(),
    };
    if out == plan.results() && !given.replace && plan.is_merged() {
        if !args.quiet.quiet {
            print(&format!(
                "merged before: the results are in {}\n",
                out.display()
            ))?;
        }
        return Ok(DONE);
    }
    let wait = Duration::from_secs(u64::from(args.wait));
    let report = plan.merge(&out, &options, wait, &cancel_on_interrupt())?;
    report_sweep(&report, args.quiet.quiet)
}
