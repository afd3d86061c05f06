//! `pairbond merge`

use super::args::{QuietArgs, SaveArgs};
use super::sweep::report_sweep;
use crate::error::Error;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct MergeArgs {
    /// The folders of all shards, in any order
    #[arg(required = true)]
    shards: Vec<PathBuf>,
    /// Folder of the results
    #[arg(short, long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    save: SaveArgs,
    #[command(flatten)]
    quiet: QuietArgs,
}

/// Merges the shards of a sweep.
pub(crate) fn merge(args: &MergeArgs) -> Result<u8, Error> {
    let report = crate::sweep::merge(&args.shards, &args.out, &args.save.options())?;
    report_sweep(&report, args.quiet.quiet)
}
