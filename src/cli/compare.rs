//! `pairbond compare`

use super::args::{QuietArgs, SaveArgs, ThreadArgs};
use super::run::save_run;
use super::terminal::results_folder;
use crate::compare::{compare, default_folder, name_of};
use crate::error::Error;
use crate::results::refuse_inputs;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
pub(crate) struct CompareArgs {
    /// Folders of results of `run`, or scenario files; NAME=PATH gives one a name. The first is the reference
    #[arg(required = true, num_args = 2.., value_name = "PATH")]
    paths: Vec<String>,
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
    let scenario = compare(named.iter().map(|(name, path)| (name.clone(), *path)))?;
    let names = named.iter().map(|(name, _)| name);
    let out = results_folder(args.out.as_deref(), || default_folder(names));
    refuse_inputs(&out, named.iter().map(|(_, path)| path))?;
    save_run(&scenario, &out, &args.threads, &args.save, &args.quiet)
}

/// Splits NAME=PATH; a path that exists is not split.
fn named(text: &str) -> (String, &Path) {
    let path = Path::new(text);
    match text.split_once('=') {
        Some((name, rest)) if !path.exists() => (name.to_owned(), Path::new(rest)),
        _ => (name_of(path), path),
    }
}
