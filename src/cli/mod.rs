//! The program: a command line, the library's work, an exit code.

mod args;
mod bench;
mod calibrate;
mod check;
mod claims;
mod cluster;
mod compare;
mod completions;
mod examples;
mod explain;
#[cfg(feature = "explore")]
mod explore;
mod hints;
mod inherited;
mod merge;
mod messages;
mod new;
mod plot;
mod power;
mod preregister;
mod recover;
mod report;
mod run;
mod schema;
mod shipped;
mod signals;
mod study;
mod sweep;
mod terminal;
mod validate;
mod verify;
mod version;

use clap::error::ErrorKind;
use clap::{ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use messages::{MessageFormat, set_message_format};
use std::ffi::OsString;
use std::process::ExitCode;

/// Exit code: done.
const DONE: u8 = 0;
/// Exit code: work was begun and failed, or its result is not the expected one.
const FAILED: u8 = 1;
/// Exit code: the request was refused as given.
const INVALID: u8 = 2;
/// Exit code: interrupted, as a shell reports it.
const INTERRUPTED: u8 = 130;

/// First steps and the exit codes, as `--help` shows them.
const AFTER_HELP: &str = "\
First steps:
  pairbond new mine.toml    Write a scenario
  pairbond run mine.toml    Simulate its couples; results are in results/mine
  pairbond explain trust    Look up a key, column, chart or term

Exit codes:
  0    Done
  1    Work was begun and failed, or its result is not the expected one (claims, verify,
       validate --against, sweep status, a sweep of which no point could be run)
  2    Refused as given: arguments, a scenario, a file or results that cannot be read, an
       output that exists already or may not be written there
  130  Interrupted";

/// Simulates close relationships: partners whose trust and intimacy grow or wither through
/// responsive and unresponsive interactions.
#[derive(Debug, Parser)]
#[command(
    name = "pairbond",
    version,
    max_term_width = 100,
    arg_required_else_help = true,
    after_help = AFTER_HELP
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Colour messages: if standard error is a terminal, always, or never
    #[arg(long, global = true, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    color: ColorChoice,
    /// Print messages as text, or each as an object of JSON on its own line of standard error
    #[arg(
        long,
        global = true,
        value_name = "FORMAT",
        default_value = "text",
        hide_possible_values = true
    )]
    message_format: MessageFormat,
    /// With --version: the commit, the vector instructions and the features of this build, too
    #[arg(long, requires = "version")]
    verbose: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a short commented scenario, or one with every key
    New(new::NewArgs),
    /// Print a scenario that comes with the program, or the names of all
    Examples(examples::ExamplesArgs),
    /// Say what a key, error code, column, chart, mechanism, measure, target or term means
    Explain(explain::ExplainArgs),
    /// Run a scenario: an ensemble of couples, as tables and charts in a folder of results
    Run(run::RunArgs),
    /// Change a scenario by sliders on a page in the browser, and see its couples change
    #[cfg(feature = "explore")]
    Explore(explore::ExploreArgs),
    /// Compare finished runs, or scenarios, couple by couple: one folder with paired differences
    Compare(compare::CompareArgs),
    /// Run a scenario's sweep: a design over its values, as tables, findings and charts
    Sweep(Box<sweep::SweepArgs>),
    /// Merge the folders of all shards of a sweep or an analysis into its results
    Merge(merge::MergeArgs),
    /// Test the claims of scenarios: each is supported, refuted or undecided
    Claims(claims::ClaimsArgs),
    /// Measure how fast a scenario's sweep or run is on this machine
    Bench(bench::BenchArgs),
    /// Write data sets as a study would have them: recruited, asked, with errors and gaps, in the layouts of models
    Study(study::StudyArgs),
    /// Repeat published studies on simulated couples and compare their numbers with the model's
    Validate(validate::ValidateArgs),
    /// Find values of the model's parameters with which simulated studies are like published ones
    Calibrate(calibrate::CalibrateArgs),
    /// Measure the power of a study with given effects or of simulated couples, and search for the smallest that suffices
    Power(power::PowerArgs),
    /// Say which numbers behind its couples a study could tell, and which rival explanations it could tell apart
    Recover(recover::RecoverArgs),
    /// Check scenarios and show every error in them
    Check(check::CheckArgs),
    /// Write the plan of a scenario's study, to be registered before it is run
    Preregister(preregister::PreregisterArgs),
    /// Draw the charts of a folder of results again, without running
    Plot(plot::PlotArgs),
    /// Write the report of a folder of results again, or a copy of the folder with a bundle for sharing
    Report(report::ReportArgs),
    /// Check the files of a folder of results, run its scenario again and compare
    Verify(verify::VerifyArgs),
    /// Print the JSON Schema of scenarios, for editors
    Schema(schema::SchemaArgs),
    /// Print a script that completes commands and options in a shell
    Completions(completions::CompletionsArgs),
    /// Print a manual page
    Man(completions::ManArgs),
}

/// Does what the command line asks for.
pub fn main() -> ExitCode {
    inherited::report_limited_files();
    let arguments = arguments();
    let words: Vec<String> = arguments
        .iter()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let colour = choice_of(&words, "--color").unwrap_or(ColorChoice::Auto);
    let format = choice_of(&words, "--message-format").unwrap_or(MessageFormat::Text);
    set_message_format(format);
    terminal::set_colour(colour);
    let matches = Cli::command().color(colour).try_get_matches_from(arguments);
    let cli = match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(refusal)
            if refusal.kind() == ErrorKind::DisplayVersion
                && words.iter().any(|word| word == "--verbose") =>
        {
            let printed = terminal::print(&version::verbose_version());
            let code = printed.map_or_else(|error| terminal::report_error(&error), |()| DONE);
            return ExitCode::from(code);
        }
        Err(refusal) => {
            let refusal = hints::with_hint(refusal, &words);
            return ExitCode::from(terminal::refuse(&refusal));
        }
    };
    let code = match &cli.command {
        Command::New(args) => new::new(args),
        Command::Examples(args) => examples::examples(args),
        Command::Explain(args) => explain::explain(args),
        Command::Run(args) => run::run(args),
        #[cfg(feature = "explore")]
        Command::Explore(args) => explore::explore(args),
        Command::Compare(args) => compare::compare_runs(args),
        Command::Sweep(args) => sweep::sweep(args),
        Command::Merge(args) => merge::merge(args),
        Command::Claims(args) => claims::claims(args),
        Command::Bench(args) => bench::bench(args),
        Command::Study(args) => study::study(args),
        Command::Validate(args) => validate::validate(args),
        Command::Calibrate(args) => calibrate::calibrate(args),
        Command::Power(args) => power::power(args),
        Command::Recover(args) => recover::recover(args),
        Command::Check(args) => check::check(args),
        Command::Preregister(args) => preregister::preregister(args),
        Command::Plot(args) => plot::plot(args),
        Command::Report(args) => report::report(args),
        Command::Verify(args) => verify::verify(args),
        Command::Schema(args) => schema::schema(args),
        Command::Completions(args) => completions::completions(args),
        Command::Man(args) => completions::man(args),
    };
    ExitCode::from(code.unwrap_or_else(|error| terminal::report_error(&error)))
}

/// The arguments; `help --help` is `help`.
fn arguments() -> Vec<OsString> {
    let mut arguments: Vec<OsString> = std::env::args_os().collect();
    let asks_for_help = |word: &OsString| word == "--help" || word == "-h";
    if arguments.get(1).is_some_and(|word| word == "help") {
        arguments.retain(|word| !asks_for_help(word));
    }
    arguments
}

/// The value of an option that has to be known before the arguments are read; a wrong value is reported
/// when they are.
fn choice_of<T: ValueEnum>(words: &[String], option: &str) -> Option<T> {
    let given =
        words
            .iter()
            .enumerate()
            .find_map(|(place, word)| match word.strip_prefix(option)? {
                "" => words.get(place + 1).cloned(),
                rest => rest.strip_prefix('=').map(str::to_owned),
            });
    given.and_then(|given| T::from_str(&given, true).ok())
}
