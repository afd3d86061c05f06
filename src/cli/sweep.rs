//! `pairbond sweep`

use super::args::{JobArgs, OverrideArgs, QuietArgs, SaveArgs, ThreadArgs};
use super::cluster::{SweepCommand, sweep_command};
use super::signals::cancel_on_interrupt;
use super::terminal::{
    ProgressDisplay, ProgressTexts, already_finished, eprint, print, report_charts, results_folder,
    show_leftover, show_warnings, what_to_open,
};
use super::{DONE, FAILED};
use crate::error::Error;
use crate::report::numbers::count;
use crate::results::{check_folder, refuse_inputs};
use crate::sweep::{Shard, SweepReport, default_folder, results_kind};
use std::path::{Path, PathBuf};

/// Charts of a sweep, the one to look at first foremost.
const CHARTS: [&str; 7] = [
    "tornado",
    "sobol",
    "morris",
    "lines",
    "contrasts",
    "phase",
    "map",
];

#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    disable_help_subcommand = true,
    subcommand_help_heading = "Commands for many machines"
)]
pub(crate) struct SweepArgs {
    #[command(subcommand)]
    command: Option<SweepCommand>,
    /// The scenario file, with a [sweep]; one with the name of a command is written ./submit
    #[arg(required = true)]
    file: Option<PathBuf>,
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
    /// Take the runs that a finished sweep has done from its folder, and simulate only the others; may be
    /// repeated
    #[arg(long, value_name = "DIR")]
    reuse: Vec<PathBuf>,
    /// Only show how large the sweep is, and about how long it takes here
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    quiet: QuietArgs,
}

/// Runs a sweep, or a part of it, and writes its results.
pub(crate) fn sweep(args: &SweepArgs) -> Result<u8, Error> {
    if let Some(command) = &args.command {
        return sweep_command(command);
    }
    let file = args.file.as_deref();
    sweep_file(
        args,
        file.expect("it is required where there is no command"),
    )
}

/// Runs the sweep of a scenario file.
fn sweep_file(args: &SweepArgs, file: &Path) -> Result<u8, Error> {
    let shard = args.jobs.shard()?;
    let scenario = args.overrides.read_scenario(file)?;
    let mut sweep = scenario.sweep()?.shard(shard).resume(args.jobs.resume);
    let out = results_folder(args.out.as_deref(), || default_folder(file, shard));
    let options = args.save.options();
    if !args.dry_run {
        args.overrides.set.refuse_output(&out)?;
        refuse_inputs(&out, scenario.files())?;
        refuse_inputs(&out, &args.reuse)?;
        if !args.jobs.resume {
            check_folder(&out, &results_kind(shard), options.replace)?;
        }
    }
    // What is said of the scenario is of no use where it cannot be run.
    if !args.quiet.quiet {
        show_warnings(scenario.warnings());
    }
    if let Some(threads) = args.threads.count() {
        sweep = sweep.threads(threads);
    }
    let sweep = sweep.reuse(&args.reuse)?;
    if args.dry_run {
        print(&sweep.forecast().to_string())?;
        return Ok(DONE);
    }
    let mut sweep = sweep.cancel(cancel_on_interrupt());
    if let Some(display) = ProgressDisplay::work(args.quiet.quiet, ProgressTexts::SWEEP) {
        sweep = sweep.on_progress(display);
    }
    let report = match sweep.save_with(&out, &options) {
        Ok(report) => report,
        Err(error) => {
            if let Error::AlreadyFinished {
                folder,
                all_failed: true,
            } = &error
            {
                report_failure(folder, shard != Shard::ALL);
            }
            return already_finished(error, args.quiet.quiet);
        }
    };
    report_sweep(&report, args.quiet.quiet)
}

/// Prints what a sweep came to, and returns its exit code: a sweep of which no point could be run has
/// failed, and says so even if it is to be quiet.
pub(crate) fn report_sweep(report: &SweepReport, quiet: bool) -> Result<u8, Error> {
    show_leftover(report.leftover.as_ref());
    let mut code = report_charts(&report.failed_charts, &report.folder);
    if report.is_failure() {
        report_failure(&report.folder, report.is_shard);
        code = FAILED;
    }
    if !quiet {
        print(&summary(report))?;
    }
    Ok(code)
}

/// Prints that nothing of a sweep could be run.
fn report_failure(folder: &Path, is_shard: bool) {
    let folder = folder.display();
    eprint(&match is_shard {
        true => format!(
            "error: every job of the shard {folder} failed; `pairbond merge` writes the reasons to `points`"
        ),
        false => format!(
            "error: every point of the sweep failed; the reasons are in `points` in {folder}"
        ),
    });
}

/// What a sweep came to: title, size, a line for each main finding, and for each that is left out or incomplete.
fn summary(report: &SweepReport) -> String {
    let failed = match report.failed {
        0 => String::new(),
        count if report.is_shard => format!(" ({count} failed)"),
        count => format!(" ({count} points failed; the reasons are in `points`)"),
    };
    let done = if report.is_shard {
        format!("{} jobs{failed}", report.runs)
    } else {
        format!(
            "{} points, {} runs{failed}",
            count(report.points),
            count(report.runs)
        )
    };
    let mut text = format!("{}\n{done}\n", report.title);
    for finding in &report.findings {
        text.push_str(&format!("  {finding}\n"));
    }
    for reused in &report.reused {
        let (runs, folder) = (reused.runs, reused.folder.display());
        text.push_str(&format!("  {runs} runs taken from {folder}\n"));
    }
    if !report.reused.is_empty() {
        text.push_str(&format!("  {} runs simulated\n", report.simulated));
    }
    for note in &report.notes {
        text.push_str(&format!("  {note}\n"));
    }
    if report.many_separated > 0 {
        text.push_str(&format!(
            "  means and standard deviations are over couples still together: at {} of {} points more than a \
             fifth have separated; measures `over all` count all couples\n",
            report.many_separated, report.points
        ));
    }
    text.push_str(&what_to_open(&report.folder, report.files, &CHARTS));
    text
}
