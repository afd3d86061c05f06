//! `pairbond run`

use super::DONE;
use super::args::{OverrideArgs, QuietArgs, SaveArgs, ThreadArgs};
use super::signals::cancel_on_interrupt;
use super::terminal::{
    ProgressDisplay, ProgressTexts, eprint, print, report_charts, results_folder, show_leftover,
    show_warnings, what_to_open,
};
use crate::error::Error;
use crate::printable::shell_path;
use crate::results::{ResultsKind, check_folder, refuse_inputs};
use crate::run::default_folder;
use crate::scenario::Scenario;
use std::path::{Path, PathBuf};

const TEXTS: ProgressTexts = ProgressTexts {
    parts: "blocks",
    even: true,
    finishing: "drawing charts",
};

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
    let scenario = args.overrides.read_scenario(&args.file)?;
    let out = results_folder(args.out.as_deref(), || default_folder(&args.file));
    if !args.dry_run {
        let replace = args.save.options().replace;
        args.overrides.set.refuse_output(&out)?;
        refuse_inputs(&out, scenario.files())?;
        check_folder(&out, &ResultsKind::Run, replace)?;
    }
    // What is said of the scenario is of no use where it cannot be run.
    if !args.quiet.quiet {
        show_warnings(scenario.warnings());
        note_what_is_ignored(&scenario, &args.file);
    }
    if args.dry_run {
        let mut runner = scenario.runner();
        if let Some(threads) = args.threads.count() {
            runner = runner.threads(threads);
        }
        print(&runner.forecast().to_string())?;
        return Ok(DONE);
    }
    save_run(&scenario, &out, &args.threads, &args.save, &args.quiet)
}

/// Runs a scenario, writes its results to a folder and prints them.
pub(crate) fn save_run(
    scenario: &Scenario,
    out: &Path,
    threads: &ThreadArgs,
    save: &SaveArgs,
    quiet: &QuietArgs,
) -> Result<u8, Error> {
    let mut runner = scenario.runner().cancel(cancel_on_interrupt());
    if let Some(threads) = threads.count() {
        runner = runner.threads(threads);
    }
    if let Some(display) = ProgressDisplay::work(quiet.quiet, TEXTS) {
        runner = runner.on_progress(display);
    }
    let report = runner.save_with(out, &save.options())?;
    show_leftover(report.leftover.as_ref());
    let code = report_charts(&report.failed_charts, &report.folder);
    if !quiet.quiet {
        let files = what_to_open(&report.folder, report.files, &["trajectories"]);
        print(&format!("{report}{files}"))?;
        for (group, couples) in &report.small_groups {
            let unit = if *couples == 1 { "couple" } else { "couples" };
            print(&format!(
                "The group `{group}` has {couples} {unit}, too few for its means and intervals to be trusted.\n"
            ))?;
        }
    }
    Ok(code)
}

/// Notes which tables of a scenario a run does not read.
fn note_what_is_ignored(scenario: &Scenario, file: &Path) {
    let file = shell_path(file);
    if scenario.sweep_spec().is_some() {
        eprint(&format!(
            "note: `run` simulates the base scenario only, without the [sweep]; use `pairbond sweep {file}`"
        ));
    }
    if scenario
        .claims_spec()
        .is_some_and(|all| !all.claims.is_empty())
    {
        eprint(&format!(
            "note: `run` simulates the conditions, and tests no [[claim]]; use `pairbond claims {file}`"
        ));
    }
}
