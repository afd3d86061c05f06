//! The words of the command line.

use crate::claims::{FEWEST, USUAL_MOST, mechanisms};
use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Simulates close relationships: partners whose trust and intimacy grow or wither through
/// responsive and unresponsive interactions.
#[derive(Debug, Parser)]
#[command(
    name = "pairbond",
    version,
    max_term_width = 100,
    arg_required_else_help = true
)]
pub(crate) struct Words {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a scenario that holds every key with its default and meaning
    New(NewWords),
    /// Run a scenario: an ensemble of couples, as tables and charts in a folder of results
    Run(RunWords),
    /// Run a scenario's sweep: a design over its values, as tables, findings and charts
    Sweep(SweepWords),
    /// Join the folders of all shards of a sweep into its results
    Merge(MergeWords),
    /// Put the claims of scenarios to the test: each is supported, refuted or undecided
    Claims(ClaimsWords),
    /// Measure how fast a scenario's sweep or run goes on this machine
    Bench(BenchWords),
    /// Repeat published studies on simulated couples and hold their numbers against the model
    Validate(ValidateWords),
    /// Find values of the model's parameters with which simulated studies are like published ones
    Calibrate(CalibrateWords),
    /// Check scenarios and show every fault in them
    Check(CheckWords),
    /// Draw the charts of a folder of results again, without running
    Plot(PlotWords),
    /// Check the files of a folder of results, run its scenario again and compare
    Verify(VerifyWords),
    /// Print the JSON Schema of scenarios, for editors
    Schema,
}

impl Command {
    /// The values that are put in place, where a command takes such.
    pub(crate) fn set(&mut self) -> Option<&mut Vec<String>> {
        match self {
            Command::Run(words) => Some(&mut words.set),
            Command::Sweep(words) => Some(&mut words.set),
            Command::Validate(words) => Some(&mut words.set),
            Command::Claims(words) => Some(&mut words.set),
            Command::Bench(words) => Some(&mut words.set),
            Command::Calibrate(words) => Some(&mut words.set),
            Command::Check(words) => Some(&mut words.set),
            Command::New(_)
            | Command::Merge(_)
            | Command::Plot(_)
            | Command::Verify(_)
            | Command::Schema => None,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct NewWords {
    /// The scenario file, which must not exist; standard output where none is named
    pub(crate) file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct RunWords {
    /// The scenario file
    pub(crate) file: PathBuf,
    /// Folder of the results [default: results/NAME of the scenario file]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Seed, in place of the scenario's: the same as --set run.seed=N
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Threads; results do not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) threads: Option<u16>,
    /// Put a value in place of the scenario's, such as run.couples=200, or those of a file by @FILE; may be
    /// repeated
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Format of the tables
    #[arg(long, value_enum, default_value_t = FormatWord::Csv)]
    pub(crate) format: FormatWord,
    /// Replace an older folder of results
    #[arg(long)]
    pub(crate) force: bool,
    /// Leave the charts out; `plot` draws them later
    #[arg(long)]
    pub(crate) no_charts: bool,
    /// Print nothing but errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ValidateWords {
    /// Targets, such as C01, or tiers: C (calibration), V (validation), P (patterns) [default: all]
    pub(crate) targets: Vec<String>,
    /// Folder of the results; without it, there is a table on the terminal alone
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Couples of each simulated cohort
    #[arg(long, value_name = "N", default_value_t = crate::validate::USUAL_COUPLES, value_parser = clap::value_parser!(u64).range(200..=10_000_000))]
    pub(crate) couples: u64,
    /// Seed of all simulated studies
    #[arg(long, value_name = "N", default_value_t = crate::validate::USUAL_SEED)]
    pub(crate) seed: u64,
    /// Put a value in place of the default in all studies, such as mechanisms.conflict=false, or those of a
    /// file by @FILE; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Repeat all studies without each mechanism, to see what it carries
    #[arg(long)]
    pub(crate) ablation: bool,
    /// Fail where a verdict is not that of an earlier table `targets.csv`
    #[arg(long, value_name = "FILE")]
    pub(crate) against: Option<PathBuf>,
    /// Threads; results do not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) threads: Option<u16>,
    /// Replace an older folder of results
    #[arg(long)]
    pub(crate) force: bool,
    /// Leave the charts out
    #[arg(long)]
    pub(crate) no_charts: bool,
    /// Print nothing but errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// Find values of the model's parameters with which simulated studies are like published ones.
///
/// Generations of particles are drawn, the first from the priors, each later one nearer to the targets
/// (population Monte Carlo). What comes out are the particles with their weights, what the targets tell of
/// each parameter, and whether simulated studies are like the published ones. With --search, one place near
/// the targets is found instead (damped least squares within the priors), with standard errors: quicker by
/// far, and for many parameters.
#[derive(Debug, Args)]
pub(crate) struct CalibrateWords {
    /// The calibration document: which keys, priors and targets
    pub(crate) file: PathBuf,
    /// Folder of the results [default: results/NAME of the document]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Search for one place near the targets, by the document's [search]
    #[arg(long, conflicts_with_all = ["particles", "generations", "resume"])]
    pub(crate) search: bool,
    /// Particles, in place of the document's: the same as --set sampler.particles=N
    #[arg(long, value_name = "N")]
    pub(crate) particles: Option<u64>,
    /// Generations at most: the same as --set sampler.generations=N
    #[arg(long, value_name = "N")]
    pub(crate) generations: Option<u64>,
    /// Iterations of a search at most: the same as --set search.iterations=N
    #[arg(long, value_name = "N", requires = "search")]
    pub(crate) iterations: Option<u64>,
    /// Simulations at most: the same as --set sampler.simulations=N, or search.simulations=N
    #[arg(long, value_name = "N")]
    pub(crate) simulations: Option<u64>,
    /// Couples of each simulated cohort: the same as --set studies.couples=N, or search.couples=N
    #[arg(long, value_name = "N")]
    pub(crate) couples: Option<u64>,
    /// Seed: the same as --set sampler.seed=N, or search.seed=N
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Put a value in place of the document's, such as parameter.0.low=0.1; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Threads; results do not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) threads: Option<u16>,
    /// Format of the tables
    #[arg(long, value_enum, default_value_t = FormatWord::Csv)]
    pub(crate) format: FormatWord,
    /// Replace an older folder of results, or begin an unfinished calibration anew
    #[arg(long, conflicts_with = "resume")]
    pub(crate) force: bool,
    /// Go on with a calibration that was stopped or killed
    #[arg(long)]
    pub(crate) resume: bool,
    /// Leave the charts out; `plot` draws them later
    #[arg(long)]
    pub(crate) no_charts: bool,
    /// Print nothing but errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FormatWord {
    /// Comma-separated text
    Csv,
    /// Apache Parquet
    Parquet,
}

#[derive(Debug, Args)]
pub(crate) struct CheckWords {
    /// The scenario files
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Put a value in place of the scenarios', such as run.couples=200, or those of a file by @FILE; may be
    /// repeated
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Print nothing but faults and warnings
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PlotWords {
    /// The folder of results
    pub(crate) results: PathBuf,
    /// Folder of the charts [default: DIR-charts beside the results]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Replace an older folder of charts
    #[arg(long)]
    pub(crate) force: bool,
    /// Print nothing but errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyWords {
    /// The folder of results
    pub(crate) results: PathBuf,
    /// Threads; the verdict does not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) threads: Option<u16>,
    /// Print nothing but differences
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SweepWords {
    /// The scenario file, with a [sweep]
    pub(crate) file: PathBuf,
    /// Folder of the results [default: results/NAME of the scenario file]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Seed, in place of the scenario's: the same as --set run.seed=N
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Threads; results do not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) threads: Option<u16>,
    /// Put a value in place of the scenario's, such as run.couples=200, or those of a file by @FILE; may be
    /// repeated
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Format of the tables
    #[arg(long, value_enum, default_value_t = FormatWord::Csv)]
    pub(crate) format: FormatWord,
    /// Replace an older folder of results, or begin an unfinished sweep anew
    #[arg(long, conflicts_with = "resume")]
    pub(crate) force: bool,
    /// Go on with a sweep that was stopped or killed
    #[arg(long)]
    pub(crate) resume: bool,
    /// Do one of n parts of the jobs, for `merge`: i/n with i from 1 to n
    #[arg(long, value_name = "i/n")]
    pub(crate) shard: Option<String>,
    /// Only say how large the sweep is, and about how long it takes here
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Leave the charts out
    #[arg(long)]
    pub(crate) no_charts: bool,
    /// Print nothing but errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct MergeWords {
    /// The folders of all shards, in any order
    #[arg(required = true)]
    pub(crate) shards: Vec<PathBuf>,
    /// Folder of the results
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Format of the tables
    #[arg(long, value_enum, default_value_t = FormatWord::Csv)]
    pub(crate) format: FormatWord,
    /// Replace an older folder of results
    #[arg(long)]
    pub(crate) force: bool,
    /// Leave the charts out
    #[arg(long)]
    pub(crate) no_charts: bool,
    /// Print nothing but errors
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// Put the claims of scenarios to the test: each is supported, refuted or undecided.
///
/// All conditions of a scenario are lived with the same random numbers, replicate by replicate, until each
/// claim is decided or the replicates are spent. The exit code is 0 where every verdict is the one that its
/// scenario expects, and 1 where one is not; with --without it is 1 where a claim stands that the mechanism's
/// removal must overturn.
#[derive(Debug, Args)]
pub(crate) struct ClaimsWords {
    /// The scenario files, each with a [[claim]]
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Folder for the results, with a folder for each scenario in it; without it nothing is written
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Most replicates of a condition
    #[arg(long, value_name = "N", default_value_t = USUAL_MOST, value_parser = clap::value_parser!(u32).range(i64::from(FEWEST)..=1_000_000))]
    pub(crate) max_runs: u32,
    /// Take a mechanism out of all conditions; may be repeated
    #[arg(long, value_name = "MECHANISM", value_parser = PossibleValuesParser::new(mechanisms()), hide_possible_values = true)]
    pub(crate) without: Vec<String>,
    /// Seed, in place of the scenarios': the same as --set run.seed=N
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Threads; results do not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) threads: Option<u16>,
    /// Put a value in place of the scenarios', such as run.couples=200, or those of a file by @FILE; may be
    /// repeated
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Format of the tables
    #[arg(long, value_enum, default_value_t = FormatWord::Csv)]
    pub(crate) format: FormatWord,
    /// Replace older folders of results
    #[arg(long)]
    pub(crate) force: bool,
    /// Leave the charts out; `plot` draws them later
    #[arg(long)]
    pub(crate) no_charts: bool,
    /// Print nothing but errors, and verdicts that are not as expected
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// Measure how fast a scenario's sweep, or its run where it has no [sweep], goes on this machine.
///
/// All of it is done once as `sweep` or `run` would, into a temporary folder, where that fits half of
/// the time. Then jobs, spread over the design, are done in rounds, each with 1, 2, 4 … threads; what
/// is shown are medians, with least and most in brackets. The unit is the couple-day that was lived.
#[derive(Debug, Args)]
pub(crate) struct BenchWords {
    /// The scenario file
    pub(crate) file: PathBuf,
    /// About how long measuring may take; fewer jobs are measured where all take longer
    #[arg(long, value_name = "S", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub(crate) seconds: u32,
    /// Rounds; fewer where they take longer than the time
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) rounds: u32,
    /// Most threads [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) threads: Option<u16>,
    /// Write the measurement to a new file as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Let --json replace an older measurement
    #[arg(long, requires = "json")]
    pub(crate) force: bool,
    /// Compare with an earlier measurement, a file that --json wrote
    #[arg(long, value_name = "FILE")]
    pub(crate) compare: Option<PathBuf>,
    /// Seed, in place of the scenario's: the same as --set run.seed=N
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Put a value in place of the scenario's, such as run.couples=200, or those of a file by @FILE; may be
    /// repeated
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Print nothing but errors
    #[arg(short, long, requires = "json")]
    pub(crate) quiet: bool,
}
