//! `pairbond compare`

use super::args::{QuietArgs, SaveArgs, ThreadArgs};
use super::run::save_run;
use super::terminal::results_folder;
use crate::compare::{compare, default_folder, name_of};
use crate::error::Error;
use crate::results::refuse_inputs;
use crate::scenario::Scenario;
use crate::scenario::comparison::ComparisonError;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(crate) struct CompareArgs {
    /// Folders of results of `run`, or scenario files; NAME=PATH gives one a name. The first is the reference
    #[arg(required = true, num_args = 2.., value_name = "PATH")]
    paths: Vec<String>,
    /// Also say how they differ on this day; may be given several times [default: the last day only]
    #[arg(long, value_name = "DAY", value_parser = clap::value_parser!(u32).range(1..))]
    day: Vec<u32>,
    /// Folder of the results [default: results/compared_A_B]
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    threads: ThreadArgs,
    #[command(flatten)]
    save: SaveArgs,
    #[command(flatten)]
    quiet: QuietArgs,
}

/// Compares runs couple by couple.
pub(crate) fn compare_runs(args: &CompareArgs) -> Result<u8, Error> {
    let named: Vec<(String, &Path)> = args.paths.iter().map(|text| named(text)).collect();
    let mut scenario = compare(named.iter().map(|(name, path)| (name.clone(), *path)))?;
    if !args.day.is_empty() {
        scenario = with_days(scenario, &args.day)?;
    }
    let names = named.iter().map(|(name, _)| name);
    let out = results_folder(args.out.as_deref(), || default_folder(names));
    refuse_inputs(&out, named.iter().map(|(_, path)| path))?;
    save_run(&scenario, &out, &args.threads, &args.save, &args.quiet)
}

/// The scenario of a comparison that also shows some days.
fn with_days(scenario: Scenario, days: &[u32]) -> Result<Scenario, Error> {
    let last = scenario.config().size.days;
    if let Some(day) = days.iter().copied().find(|day| *day > last) {
        return Err(ComparisonError::Day { day, days: last }.into());
    }
    let mut days = days.to_vec();
    days.sort_unstable();
    days.dedup();
    scenario.set("record.compare_days", days)
}

/// Splits NAME=PATH; a path that exists is not split.
fn named(text: &str) -> (String, &Path) {
    let path = Path::new(text);
    match text.split_once('=') {
        Some((name, rest)) if !path.exists() => (name.to_owned(), Path::new(rest)),
        _ => (name_of(path), path),
    }
}
