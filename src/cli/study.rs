//! `pairbond study`

use super::args::{OverrideArgs, QuietArgs, SaveArgs, ThreadArgs};
use super::signals::cancel_on_interrupt;
use super::terminal::{
    ProgressDisplay, ProgressTexts, print, report_charts, results_folder, show_leftover,
    what_to_open,
};
use crate::error::Error;
use crate::run::default_folder;
use std::path::PathBuf;

const TEXTS: ProgressTexts = ProgressTexts {
    parts: "data sets",
    even: true,
    finishing: "drawing charts",
};

/// Write data sets as a study of the scenario's couples would have them.
///
/// The table [study] of the scenario says who is recruited, what they are asked when, and why answers are missing. The
/// folder has the answers in long, dyadic and pairwise layouts, the truth behind them, a codebook, a chart of who answers,
/// a report and scripts for R that fit models of couples to them.
#[derive(Debug, clap::Args)]
pub(crate) struct StudyArgs {
    /// The scenario file, with a [study]
    file: PathBuf,
    /// Folder for the data sets [default: results/NAME of the file]
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Number of data sets; each has its own random numbers, and is the same whatever their number
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    replicates: u32,
    #[command(flatten)]
    overrides: OverrideArgs,
    #[command(flatten)]
    threads: ThreadArgs,
    #[command(flatten)]
    save: SaveArgs,
    #[command(flatten)]
    quiet: QuietArgs,
}

/// Writes the data sets of a study.
pub(crate) fn study(args: &StudyArgs) -> Result<u8, Error> {
    let scenario = args.overrides.load_scenario(&args.file, args.quiet.quiet)?;
    let out = results_folder(args.out.as_deref(), || default_folder(&args.file));
    args.overrides.set.refuse_output(&out)?;
    let mut study = scenario
        .study(args.replicates)?
        .cancel(cancel_on_interrupt());
    if let Some(threads) = args.threads.count() {
        study = study.threads(threads);
    }
    if let Some(display) = ProgressDisplay::work(args.quiet.quiet, TEXTS) {
        study = study.on_progress(display);
    }
    let options = args.save.options();
    let outcome = study.save_with(&out, &options)?;
    show_leftover(outcome.leftover.as_ref());
    let code = report_charts(&outcome.failed_charts, &out);
    if !args.quiet.quiet {
        let title = scenario.title();
        print(&format!("{title}\n{outcome}"))?;
        print(&what_to_open(&out, outcome.files, &["participation"]))?;
    }
    Ok(code)
}
