//! `pairbond recover`

use super::DONE;
use super::args::{JobArgs, OverrideArgs, QuietArgs, SaveArgs, ThreadArgs};
use super::signals::cancel_on_interrupt;
use super::terminal::{
    ProgressDisplay, ProgressTexts, already_finished, print, report_analysis, report_shard,
    results_folder,
};
use crate::error::Error;
use crate::options::Execution;
use crate::recover::RecoverSize;
use crate::report::numbers::{count, counted};
use crate::results::manifest::ShardedWork;
use crate::results::shards::results_kind;
use crate::results::{check_folder, refuse_inputs};
use crate::study::analysis::StudyAnalysis;
use crate::study::jobs::SavedAnalysis;
use crate::sweep::default_folder;
use std::path::{Path, PathBuf};

const TEXTS: ProgressTexts = ProgressTexts {
    parts: "parts done",
    even: false,
    finishing: "inferring",
};
/// Charts of a recovery analysis, the one to look at first foremost.
const CHARTS: [&str; 3] = ["contraction", "confusion", "recovered"];

/// Say which numbers behind its couples a study could tell, and which rival explanations it could tell apart.
///
/// Numbers that [recover] names are drawn from their priors, couples are simulated, looked at through the [study] and
/// inferred back. Tables and charts have contraction, bias, coverage and calibration of each number, pairs that cannot be
/// told apart, and which of the designs of [recover.vary] suffices; with [[rival]] the confusion of explanations.
#[derive(Debug, clap::Args)]
pub(crate) struct RecoverArgs {
    /// The scenario file, with a [recover] or [[rival]], and a [study]
    file: PathBuf,
    /// Folder of the results [default: results/NAME of the scenario file]
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    overrides: OverrideArgs,
    #[command(flatten)]
    threads: ThreadArgs,
    #[command(flatten)]
    save: SaveArgs,
    #[command(flatten)]
    jobs: JobArgs,
    /// Only show how much is simulated
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    quiet: QuietArgs,
}

/// Examines what a study could tell and writes the results.
pub(crate) fn recover(args: &RecoverArgs) -> Result<u8, Error> {
    let scenario = args.overrides.load_scenario(&args.file, args.quiet.quiet)?;
    let shard = args.jobs.shard()?;
    let recover = scenario.recover()?.shard(shard).resume(args.jobs.resume);
    if args.dry_run {
        print(&size_text(&recover.size()?))?;
        return Ok(DONE);
    }
    let out = results_folder(args.out.as_deref(), || default_folder(&args.file, shard));
    let options = args.save.options();
    args.overrides.set.refuse_output(&out)?;
    refuse_inputs(&out, scenario.files())?;
    if !args.jobs.resume {
        let kind = results_kind(ShardedWork::Recover, shard);
        check_folder(&out, &kind, options.replace)?;
    }
    let execution = Execution {
        threads: args.threads.count(),
        cancel: cancel_on_interrupt(),
        on_progress: ProgressDisplay::work(args.quiet.quiet, TEXTS),
    };
    match recover.save_with(&out, &options, execution) {
        Ok(SavedAnalysis::Whole(found)) => report_recover(&found, &out, args.quiet.quiet),
        Ok(SavedAnalysis::Shard(shard)) => report_shard(&shard, &out, args.quiet.quiet),
        Err(error) => already_finished(error, args.quiet.quiet),
    }
}

/// Prints what a recovery analysis found, and returns the exit code.
pub(crate) fn report_recover(
    found: &StudyAnalysis<RecoverSize>,
    out: &Path,
    quiet: bool,
) -> Result<u8, Error> {
    let size = format!(
        "{}, {}, {} simulated data sets each",
        counted(found.size.designs, "design", "designs"),
        counted(found.size.explanations, "explanation", "explanations"),
        count(found.size.simulations)
    );
    report_analysis(found, &size, (out, &CHARTS), quiet)
}

fn size_text(size: &RecoverSize) -> String {
    format!(
        "{}, {}, {} data sets each: at most {} couple-days\n",
        counted(size.designs, "design", "designs"),
        counted(size.explanations, "explanation", "explanations"),
        count(size.simulations),
        count(size.couple_days)
    )
}
