//! `pairbond claims`

use super::args::{OverrideArgs, QuietArgs, SaveArgs, ThreadArgs, load_with};
use super::signals::cancel_on_interrupt;
use super::terminal::{
    ProgressDisplay, ProgressTexts, eprint, print, report_charts, report_error, show_leftover,
};
use super::{DONE, FAILED, INTERRUPTED};
use crate::claims::{ClaimsAudit, ClaimsRun, FEWEST_RUNS, mechanisms};
use crate::error::Error;
use crate::runner::CancelToken;
use crate::scenario::{DEFAULT_MAX_RUNS, Scenario};
use clap::builder::PossibleValuesParser;
use std::path::{Path, PathBuf};

const TEXTS: ProgressTexts = ProgressTexts {
    parts: "claims decided",
    even: false,
    finishing: "drawing charts",
};

/// Test the claims of scenarios: each is supported, refuted or undecided.
///
/// All conditions of a scenario are simulated with the same random numbers, replicate by replicate,
/// until each claim is decided or the replicates are used up. The exit code is 0 if every verdict is
/// the one that its scenario expects, and 1 if one is not; with --ablate it is 1 if a claim holds that
/// requires the mechanism, and with --audit also if a claim is FRAGILE or SHIFTED.
#[derive(Debug, clap::Args)]
pub(crate) struct ClaimsArgs {
    /// The scenario files, each with a [[claim]]
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Folder for the results, with a folder for each scenario in it; without it nothing is written
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Maximum number of replicates per condition
    #[arg(long, value_name = "N", default_value_t = DEFAULT_MAX_RUNS, value_parser = clap::value_parser!(u32).range(i64::from(FEWEST_RUNS)..=1_000_000))]
    max_runs: u32,
    /// Switch a mechanism off in every condition; may be repeated
    #[arg(long, value_name = "MECHANISM", value_parser = PossibleValuesParser::new(mechanisms()), hide_possible_values = true)]
    ablate: Vec<String>,
    /// Test each claim again with half the step, other moments, twice the couples, other seeds and swapped
    /// partners, none of which may change a verdict
    #[arg(long)]
    audit: bool,
    #[command(flatten)]
    overrides: OverrideArgs,
    #[command(flatten)]
    threads: ThreadArgs,
    #[command(flatten)]
    save: SaveArgs,
    #[command(flatten)]
    quiet: QuietArgs,
}

/// Tests the claims of scenarios.
pub(crate) fn claims(args: &ClaimsArgs) -> Result<u8, Error> {
    let folders = folders(&args.files, args.out.as_deref())?;
    // All files are read before anything is simulated.
    let mut scenarios = Vec::new();
    let mut code = DONE;
    // A file of overrides may be a pipe, which can be read once.
    let overrides = args.overrides.overrides()?;
    for file in &args.files {
        match load_with(file, &overrides, args.quiet.quiet) {
            Ok(scenario) => scenarios.push(scenario),
            Err(error) => code = code.max(report_error(&error)),
        }
    }
    if code != DONE {
        return Ok(code);
    }
    let cancel = cancel_on_interrupt();
    for ((file, folder), scenario) in args.files.iter().zip(folders).zip(scenarios) {
        let tested = test(args, folder.as_deref(), &scenario, cancel.clone());
        let out = folder.as_deref().unwrap_or(Path::new(""));
        let own = match tested {
            Ok(run) => report_claims(args, file, &run).max(report_charts(run.failed_charts(), out)),
            Err(error) => report_error(&error),
        };
        if own == INTERRUPTED {
            return Ok(INTERRUPTED);
        }
        code = code.max(own);
    }
    Ok(code)
}

/// Tests the claims of one scenario.
fn test(
    args: &ClaimsArgs,
    folder: Option<&Path>,
    scenario: &Scenario,
    cancel: CancelToken,
) -> Result<ClaimsRun, Error> {
    let mut claims = scenario.claims()?.max_runs(args.max_runs).cancel(cancel);
    for mechanism in &args.ablate {
        claims = claims.ablate(mechanism)?;
    }
    if args.audit {
        claims = claims.audit();
    }
    if let Some(threads) = args.threads.count() {
        claims = claims.threads(threads);
    }
    if let Some(display) = ProgressDisplay::work(args.quiet.quiet, TEXTS) {
        claims = claims.on_progress(display);
    }
    let run = match folder {
        Some(folder) => {
            args.overrides.set.refuse_output(folder)?;
            claims.save_with(folder, &args.save.options())?
        }
        None => claims.run()?,
    };
    show_leftover(run.leftover());
    Ok(run)
}

fn report_claims(args: &ClaimsArgs, file: &Path, run: &ClaimsRun) -> u8 {
    let (report, audit) = (run.report(), run.audit());
    let mut code = DONE;
    if !args.quiet.quiet {
        let audit = audit.map(ToString::to_string).unwrap_or_default();
        // Several files are told apart by their names.
        let name = match args.files.len() {
            1 => String::new(),
            _ => format!("{}\n", file.display()),
        };
        let printed = print(&format!("{name}{report}{audit}"));
        code = printed.map_or_else(|error| report_error(&error), |()| DONE);
    }
    if report.as_expected() && audit.is_none_or(ClaimsAudit::has_passed) {
        return code;
    }
    for line in report.unexpected() {
        eprint(&format!("{}: {line}", file.display()));
    }
    FAILED
}

/// The folder of each scenario's results, named after its file.
fn folders(files: &[PathBuf], out: Option<&Path>) -> Result<Vec<Option<PathBuf>>, Error> {
    let Some(out) = out else {
        return Ok(vec![None; files.len()]);
    };
    let mut folders: Vec<Option<PathBuf>> = Vec::new();
    for file in files {
        let folder = out.join(file.file_stem().unwrap_or(file.as_os_str()));
        if folders.contains(&Some(folder.clone())) {
            return Err(Error::SameFolder { folder });
        }
        folders.push(Some(folder));
    }
    Ok(folders)
}
