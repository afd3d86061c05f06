//! `pairbond report`

use super::DONE;
use super::args::QuietArgs;
use super::terminal::{print, show_leftover};
use crate::error::Error;
use crate::write_report::{bundle, default_bundle, default_file};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct ReportArgs {
    /// The folder of results
    results: PathBuf,
    /// File of the report [default: DIR-report.html next to the results], or folder with the bundle [default:
    /// DIR-bundle]
    #[arg(short, long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// Copy the results to a folder with a bundle for sharing, as `--bundle` of other commands adds it: RO-Crate
    /// metadata, a Psych-DS description with the tables in `data`, and the preregistration of the scenario
    #[arg(long)]
    bundle: bool,
    /// Replace an older file, or an older folder of such results
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    quiet: QuietArgs,
}

/// Writes the report of results again, or a copy of the results with a bundle.
pub(crate) fn report(args: &ReportArgs) -> Result<u8, Error> {
    let default = match args.bundle {
        true => default_bundle,
        false => default_file,
    };
    let out = match &args.out {
        Some(out) => out.clone(),
        None => default(&args.results),
    };
    let what = if args.bundle {
        let leftover = bundle(&args.results, &out, args.force)?;
        show_leftover(leftover.as_ref());
        "results with a bundle"
    } else {
        crate::write_report::report(&args.results, &out, args.force)?;
        "report"
    };
    if !args.quiet.quiet {
        print(&format!("{what} in {}\n", out.display()))?;
    }
    Ok(DONE)
}
