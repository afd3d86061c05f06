//! `pairbond plot`

use super::DONE;
use super::args::QuietArgs;
use super::terminal::{print, show_leftover};
use crate::chart::options::ChartOptions;
use crate::error::Error;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub(crate) struct PlotArgs {
    /// The folder of results
    results: PathBuf,
    /// Folder of the charts [default: DIR-charts next to the results]
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Replace an older folder of charts
    #[arg(long)]
    force: bool,
    /// Leave out the title and the number of couples over each chart, as journals do
    #[arg(long)]
    no_title: bool,
    #[command(flatten)]
    quiet: QuietArgs,
}

/// Draws the charts of results again.
pub(crate) fn plot(args: &PlotArgs) -> Result<u8, Error> {
    let out = match &args.out {
        Some(out) => out.clone(),
        None => crate::plot::default_folder(&args.results),
    };
    let options = ChartOptions::default().titles(!args.no_title);
    let report = crate::plot::plot(&args.results, &out, &options, args.force)?;
    show_leftover(report.leftover.as_ref());
    if !args.quiet.quiet {
        print(&format!(
            "{} charts in {}\n",
            report.charts.len(),
            out.display()
        ))?;
    }
    Ok(DONE)
}
