//! `pairbond bench`

use super::DONE;
use super::args::{OverrideArgs, bounded_threads};
use super::signals::cancel_on_interrupt;
use super::terminal::{eprint, print};
use crate::bench::BenchOptions;
use crate::error::Error;
use crate::runner::Control;
use std::io::IsTerminal;
use std::path::PathBuf;

/// Measure how fast a scenario's sweep, or its run if it has no [sweep], is on this machine.
///
/// All of it is done once as `sweep` or `run` do it, into a temporary folder, if that fits half of
/// the time. Then jobs, spread over the design, are done in rounds, each with 1, 2, 4 … threads; the
/// table shows medians, with least and most in brackets. The unit is a simulated couple-day.
#[derive(Debug, clap::Args)]
pub(crate) struct BenchArgs {
    /// The scenario file
    file: PathBuf,
    /// About how long measuring may take; fewer jobs are measured if all take longer
    #[arg(long, value_name = "S", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    seconds: u32,
    /// Rounds; fewer if they take longer than the time
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    rounds: u32,
    /// Most threads [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Write the measurement to a new file as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Let --json replace an older measurement
    #[arg(long, requires = "json")]
    force: bool,
    /// Compare with an earlier measurement, a file that --json wrote
    #[arg(long, value_name = "FILE")]
    compare: Option<PathBuf>,
    #[command(flatten)]
    overrides: OverrideArgs,
    /// Print only errors
    #[arg(short, long, requires = "json")]
    quiet: bool,
}

/// Measures a scenario.
pub(crate) fn bench(args: &BenchArgs) -> Result<u8, Error> {
    let quiet = args.quiet;
    let scenario = args.overrides.load_scenario(&args.file, quiet)?;
    let control = Control {
        cancel: cancel_on_interrupt(),
        ..Control::default()
    };
    if let Some(file) = &args.json {
        args.overrides.set.refuse_output(file)?;
    }
    let options = BenchOptions {
        seconds: args.seconds,
        rounds: args.rounds,
        threads: args.threads.map(bounded_threads),
        json: args.json.clone(),
        replace: args.force,
        compare: args.compare.clone(),
    };
    if !quiet && std::io::stderr().is_terminal() {
        eprint(&format!("measuring for about {} seconds …", args.seconds));
    }
    let report = crate::bench::bench(&scenario, &options, &control)?;
    if !quiet {
        print(&report.measurement.to_string())?;
        if let Some(comparison) = &report.comparison {
            print(&format!("\n{comparison}"))?;
        }
    }
    Ok(DONE)
}
