//! `pairbond power`

use super::DONE;
use super::args::{JobArgs, OverrideArgs, QuietArgs, SaveArgs, ThreadArgs, load_with};
use super::signals::cancel_on_interrupt;
use super::terminal::{
    ProgressDisplay, ProgressTexts, already_finished, print, report_analysis, report_shard,
    results_folder,
};
use crate::error::Error;
use crate::options::Execution;
use crate::power::PowerSize;
use crate::report::numbers::{count, counted};
use crate::results::manifest::ShardedWork;
use crate::results::shards::results_kind;
use crate::results::{check_folder, refuse_inputs};
use crate::scenario::Override;
use crate::study::analysis::StudyAnalysis;
use crate::study::jobs::SavedAnalysis;
use crate::sweep::default_folder;
use std::path::{Path, PathBuf};

const TEXTS: ProgressTexts = ProgressTexts {
    parts: "parts done",
    even: false,
    finishing: "drawing charts",
};
/// Charts of a power analysis, the one to look at first foremost.
const CHARTS: [&str; 2] = ["frontier", "power"];

/// Measure the power of a study with given effects or of simulated couples, and search for the smallest that suffices.
///
/// Data sets of each design are simulated from the effects that [power.effects] gives or, without it, from the couples
/// that [study] recruits and asks, and analysed by the longitudinal actor–partner interdependence model; break-ups of a
/// panel by Cox regression, and its waves by a model of growth. Tables and charts have power, bias, coverage and errors of sign and size, all with Monte
/// Carlo intervals; with a [power.search] also the smallest design that reaches the target.
#[derive(Debug, clap::Args)]
pub(crate) struct PowerArgs {
    /// The scenario file, with a [power]
    file: PathBuf,
    /// Folder of the results [default: results/NAME of the scenario file]
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Data sets of each design: the same as --set power.replicates=N
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(10..=1_000_000))]
    replicates: Option<u32>,
    #[command(flatten)]
    overrides: OverrideArgs,
    #[command(flatten)]
    threads: ThreadArgs,
    #[command(flatten)]
    save: SaveArgs,
    #[command(flatten)]
    jobs: JobArgs,
    /// Only show how many designs and data sets there are
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    quiet: QuietArgs,
}

/// Measures the power of a study and writes the results.
pub(crate) fn power(args: &PowerArgs) -> Result<u8, Error> {
    let mut overrides = args.overrides.overrides()?;
    if let Some(replicates) = args.replicates {
        overrides.push(Override::parse(&format!("power.replicates={replicates}"))?);
    }
    let scenario = load_with(&args.file, &overrides, args.quiet.quiet)?;
    let shard = args.jobs.shard()?;
    let power = scenario.power()?.shard(shard).resume(args.jobs.resume);
    if args.dry_run {
        print(&size_text(&power.size()?))?;
        return Ok(DONE);
    }
    let out = results_folder(args.out.as_deref(), || default_folder(&args.file, shard));
    let options = args.save.options();
    args.overrides.set.refuse_output(&out)?;
    refuse_inputs(&out, scenario.files())?;
    if !args.jobs.resume {
        let kind = results_kind(ShardedWork::Power, shard);
        check_folder(&out, &kind, options.replace)?;
    }
    let execution = Execution {
        threads: args.threads.count(),
        cancel: cancel_on_interrupt(),
        on_progress: ProgressDisplay::work(args.quiet.quiet, TEXTS),
    };
    match power.save_with(&out, &options, execution) {
        Ok(SavedAnalysis::Whole(found)) => report_power(&found, &out, args.quiet.quiet),
        Ok(SavedAnalysis::Shard(shard)) => report_shard(&shard, &out, args.quiet.quiet),
        Err(error) => already_finished(error, args.quiet.quiet),
    }
}

/// Prints what a power analysis found, and returns the exit code.
pub(crate) fn report_power(
    found: &StudyAnalysis<PowerSize>,
    out: &Path,
    quiet: bool,
) -> Result<u8, Error> {
    let size = format!(
        "{}, {} simulated data sets each",
        counted(found.size.designs, "design", "designs"),
        count(found.size.replicates)
    );
    report_analysis(found, &size, (out, &CHARTS), quiet)
}

fn size_text(size: &PowerSize) -> String {
    let [designs, searches] = size.couple_occasions;
    let mut text = format!(
        "{}, {} data sets each: {} couple-occasions\n",
        counted(size.designs, "design", "designs"),
        count(size.replicates),
        count(designs)
    );
    if size.searches > 0 {
        text.push_str(&format!(
            "{}: at most {} couple-occasions\n",
            counted(size.searches, "search", "searches"),
            count(searches)
        ));
    }
    if size.couple_days > 0 {
        let days = count(size.couple_days);
        text.push_str(&format!("at most {days} couple-days are simulated\n"));
    }
    text
}
