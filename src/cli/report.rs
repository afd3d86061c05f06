//! `pairbond report`

use super::DONE;
use super::args::QuietArgs;
use super::terminal::print;
use crate::error::Error;
use crate::write_report::default_file;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct ReportArgs {
    /// The folder of results
    results: PathBuf,
    /// File of the report [default: DIR-report.html next to the results]
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replace an older file
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    quiet: QuietArgs,
}

/// Writes the report of results again.
pub(crate) fn report(args: &ReportArgs) -> Result<u8, Error> {
    let out = match &args.out {
        Some(out) => out.clone(),
        None => default_file(&args.results),
    };
    crate::write_report::report(&args.results, &out, args.force)?;
    if !args.quiet.quiet {
        print(&format!("report in {}\n", out.display()))?;
    }
    Ok(DONE)
}
