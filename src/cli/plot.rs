//! `pairbond plot`

use super::DONE;
use super::args::QuietArgs;
use super::terminal::{print, show_leftover};
use crate::chart::options::{ChartFormat, ChartOptions, ChartWidth};
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
    /// Observables of the trajectories of a run, such as trust,conflict [default: all that are recorded]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    observables: Vec<String>,
    /// Measures of a sweep that have charts, such as "mean trust" [default: all that differ]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    measures: Vec<String>,
    /// First and last day of the charts over time of a run, such as 0:90
    #[arg(long, value_name = "A:B", value_parser = days)]
    days: Option<(u32, u32)>,
    /// Width of all charts: of a journal's column (85 mm) or page (174 mm) [default: each its own]
    #[arg(long, value_enum)]
    width: Option<ChartWidth>,
    /// Formats of the files; pdf where the program was built with the feature `pdf` [default: svg and png]
    #[arg(long, value_enum, value_delimiter = ',')]
    format: Vec<ChartFormat>,
    /// Draw the attachment of single persons, too
    #[arg(long)]
    persons: bool,
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
    let trimmed = |names: &[String]| -> Vec<String> {
        names.iter().map(|name| name.trim().to_owned()).collect()
    };
    let mut options = ChartOptions::default()
        .titles(!args.no_title)
        .observables(trimmed(&args.observables))
        .measures(trimmed(&args.measures))
        .formats(args.format.iter().copied())
        .persons(args.persons);
    if let Some((first, last)) = args.days {
        options = options.days(first, last);
    }
    if let Some(width) = args.width {
        options = options.width(width);
    }
    let report = crate::plot::plot(&args.results, &out, &options, args.force)?;
    show_leftover(report.leftover.as_ref());
    if !args.quiet.quiet {
        print(&format!(
            "{} charts in {}\n",
            report.charts.len(),
            out.display()
        ))?;
        for note in &report.notes {
            print(&format!("{note}\n"))?;
        }
    }
    Ok(DONE)
}

/// Two days with a colon between them, the first before the last.
fn days(text: &str) -> Result<(u32, u32), String> {
    let wrong =
        || "two days with a colon between them, the first before the last, such as 0:90".to_owned();
    let (first, last) = text.split_once(':').ok_or_else(wrong)?;
    let day = |text: &str| text.trim().parse::<u32>().map_err(|_| wrong());
    let (first, last) = (day(first)?, day(last)?);
    if first < last {
        Ok((first, last))
    } else {
        Err(wrong())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_two_numbers_in_order() {
        assert_eq!(days("0:90"), Ok((0, 90)));
        for wrong in ["90", "9:9", "20:3", "a:b", ":", "0:1:2"] {
            assert!(days(wrong).is_err(), "{wrong}");
        }
    }
}
