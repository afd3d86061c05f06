//! `pairbond recover`

use super::DONE;
use super::args::{OverrideArgs, QuietArgs, SaveArgs, ThreadArgs};
use super::signals::cancel_on_interrupt;
use super::terminal::{ProgressDisplay, ProgressTexts, print, report_analysis, results_folder};
use crate::error::Error;
use crate::options::Execution;
use crate::recover::RecoverSize;
use crate::report::numbers::{count, counted};
use crate::results::{ResultsKind, check_folder, refuse_inputs};
use crate::run::default_folder;
use std::path::PathBuf;

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
    /// Only show how much is simulated
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    quiet: QuietArgs,
}

/// Examines what a study could tell and writes the results.
pub(crate) fn recover(args: &RecoverArgs) -> Result<u8, Error> {
    let scenario = args.overrides.load_scenario(&args.file, args.quiet.quiet)?;
    let recover = scenario.recover()?;
    if args.dry_run {
        print(&size_text(&recover.size()?))?;
        return Ok(DONE);
    }
    let out = results_folder(args.out.as_deref(), || default_folder(&args.file));
    let options = args.save.options();
    args.overrides.set.refuse_output(&out)?;
    refuse_inputs(&out, scenario.files())?;
    check_folder(&out, &ResultsKind::Recover, options.replace)?;
    let execution = Execution {
        threads: args.threads.count(),
        cancel: cancel_on_interrupt(),
        on_progress: ProgressDisplay::work(args.quiet.quiet, TEXTS),
    };
    let run = recover.save_with(&out, &options, execution)?;
    let size = format!(
        "{}, {}, {} simulated data sets each",
        counted(run.size.designs, "design", "designs"),
        counted(run.size.explanations, "explanation", "explanations"),
        count(run.size.simulations)
    );
    report_analysis(&run, &size, (&out, &CHARTS), args.quiet.quiet)
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
