//! `pairbond run`

use super::DONE;
use super::args::{OverrideArgs, QuietArgs, SaveArgs, ThreadArgs};
use super::signals::cancel_on_interrupt;
use super::terminal::{
    ProgressDisplay, grouped, print, report_charts, results_folder, show_leftover,
};
use crate::error::Error;
use crate::run::default_folder;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct RunArgs {
    /// The scenario file
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
    /// Only show how large the run is, and about how much memory it takes
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    quiet: QuietArgs,
}

/// Runs a scenario and writes its results.
pub(crate) fn run(args: &RunArgs) -> Result<u8, Error> {
    let scenario = args.overrides.load_scenario(&args.file, args.quiet.quiet)?;
    let mut runner = scenario.runner();
    if let Some(threads) = args.threads.count() {
        runner = runner.threads(threads);
    }
    if args.dry_run {
        print(&runner.forecast().to_string())?;
        return Ok(DONE);
    }
    let out = results_folder(args.out.as_deref(), || default_folder(&args.file))?;
    args.overrides.set.refuse_output(&out)?;
    let mut runner = runner.cancel(cancel_on_interrupt());
    if let Some(display) = ProgressDisplay::couple_days(args.quiet.quiet) {
        runner = runner.on_progress(display);
    }
    let report = runner.save_with(&out, &args.save.options())?;
    show_leftover(report.leftover.as_ref());
    let code = report_charts(&report.failed_charts, &report.folder);
    if !args.quiet.quiet {
        print(&format!(
            "{} couples simulated for up to {} days; {} separated; {} files in {}\n",
            grouped(report.couples),
            grouped(scenario.config().size.days.into()),
            grouped(report.separated),
            report.files,
            report.folder.display(),
        ))?;
        if report.many_separated() {
            print(&format!(
                "Means on later days are over the {} couples still together; {:.0} % have separated.\n",
                grouped(report.couples - report.separated),
                100.0 * report.separated as f64 / report.couples as f64,
            ))?;
        }
    }
    Ok(code)
}
