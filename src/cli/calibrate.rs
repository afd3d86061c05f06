//! `pairbond calibrate`

use super::args::{QuietArgs, SaveArgs, SetArgs, ThreadArgs};
use super::hints::whole_number;
use super::signals::cancel_on_interrupt;
use super::terminal::{
    ProgressDisplay, already_finished, print, report_charts, results_folder, show_leftover,
    show_warnings,
};
use crate::calibrate::{
    CalibrateReport, CalibrationOutput, SearchReport, Simulated, Stage, published, published_for,
    read_document, search,
};
use crate::error::Error;
use crate::options::Execution;
use crate::run::default_folder;
use crate::scenario::Override;
use std::path::{Path, PathBuf};

/// Find values of the model's parameters with which simulated studies are like published ones.
///
/// Generations of particles are drawn, the first from the priors, each later one nearer to the targets
/// (population Monte Carlo). The results are the particles with their weights, what the targets say about
/// each parameter, and whether simulated studies are like the published ones. With --search, one point
/// near the targets is found instead (damped least squares within the priors), with standard errors: much
/// faster, and for many parameters.
#[derive(Debug, clap::Args)]
pub(crate) struct CalibrateArgs {
    /// The calibration document: which keys, priors and targets
    file: PathBuf,
    /// Folder of the results [default: results/NAME of the document]
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Search for one point near the targets, by the document's [search]
    #[arg(long, conflicts_with_all = ["particles", "generations", "resume", "reuse"])]
    search: bool,
    /// Particles: the same as --set sampler.particles=N
    #[arg(long, value_name = "N", value_parser = whole_number)]
    particles: Option<u64>,
    /// Most generations: the same as --set sampler.generations=N
    #[arg(long, value_name = "N", value_parser = whole_number)]
    generations: Option<u64>,
    /// Most iterations of a search: the same as --set search.iterations=N
    #[arg(long, value_name = "N", value_parser = whole_number, requires = "search")]
    iterations: Option<u64>,
    /// Most simulations: the same as --set sampler.simulations=N, or search.simulations=N
    #[arg(long, value_name = "N", value_parser = whole_number)]
    simulations: Option<u64>,
    /// Couples of each simulated cohort: the same as --set studies.couples=N, or search.couples=N
    #[arg(long, value_name = "N", value_parser = whole_number)]
    couples: Option<u64>,
    /// Seed: the same as --set sampler.seed=N, or search.seed=N
    #[arg(long, value_name = "N", value_parser = whole_number)]
    seed: Option<u64>,
    #[command(flatten)]
    set: SetArgs,
    #[command(flatten)]
    threads: ThreadArgs,
    #[command(flatten)]
    save: SaveArgs,
    /// Resume a calibration that was interrupted
    #[arg(long, conflicts_with = "force")]
    resume: bool,
    /// Take the simulations that a finished calibration has done from its folder, and do only the others: for more
    /// generations or simulations
    #[arg(long, value_name = "DIR")]
    reuse: Option<PathBuf>,
    #[command(flatten)]
    quiet: QuietArgs,
}

/// Calibrates the model.
pub(crate) fn calibrate(args: &CalibrateArgs) -> Result<u8, Error> {
    let document = read_document(&args.file, &overrides(args)?, &published())?;
    if !args.quiet.quiet {
        show_warnings(&document.warnings);
    }
    let published = published_for(&document);
    let out = results_folder(args.out.as_deref(), || default_folder(&args.file));
    args.set.refuse_output(&out)?;
    let output = CalibrationOutput {
        folder: out,
        options: args.save.options(),
        resume: args.resume,
        reuse: args.reuse.clone(),
    };
    let execution = Execution {
        threads: args.threads.count(),
        cancel: cancel_on_interrupt(),
        ..Execution::default()
    };
    let quiet = args.quiet.quiet;
    let stage = if args.search {
        Stage::Search
    } else {
        Stage::Posterior
    };
    let studies = Simulated::new(&document, stage, &execution.cancel)?;
    let (text, failed) = match stage {
        Stage::Search => {
            let display = ProgressDisplay::simulations(quiet);
            let report = search(
                &document, &published, &studies, &output, &execution, &display,
            );
            display.finish();
            let report = report?;
            show_leftover(report.leftover.as_ref());
            (search_summary(&report), report.failed_charts)
        }
        Stage::Posterior => {
            let display = ProgressDisplay::particles(quiet);
            let report = crate::calibrate::calibrate(
                &document, &published, &studies, &output, &execution, &display,
            );
            display.finish();
            match report {
                Ok(report) => {
                    show_leftover(report.leftover.as_ref());
                    let taken = taken(&report, args.reuse.as_deref());
                    (taken + &summary(&report), report.failed_charts)
                }
                Err(error) => return already_finished(error, quiet),
            }
        }
    };
    let code = report_charts(&failed, &output.folder);
    if !quiet {
        print(&text)?;
    }
    Ok(code)
}

/// The overrides of the document's values.
fn overrides(args: &CalibrateArgs) -> Result<Vec<Override>, Error> {
    let (studies, sampler) = if args.search {
        ("search", "search")
    } else {
        ("studies", "sampler")
    };
    let short = [
        (sampler, "particles", args.particles),
        (sampler, "generations", args.generations),
        (sampler, "iterations", args.iterations),
        (sampler, "simulations", args.simulations),
        (studies, "couples", args.couples),
        (sampler, "seed", args.seed),
    ];
    let mut overrides = args.set.overrides()?;
    for (table, key, value) in short {
        if let Some(value) = value {
            overrides.push(Override::parse(&format!("{table}.{key}={value}"))?);
        }
    }
    Ok(overrides)
}

/// How many simulations were taken from a folder, and how many were done.
fn taken(report: &CalibrateReport, folder: Option<&Path>) -> String {
    folder.map_or(String::new(), |folder| {
        format!(
            "{} simulations taken from {}, {} done\n",
            report.reused,
            folder.display(),
            report.simulations - report.reused
        )
    })
}

fn summary(report: &CalibrateReport) -> String {
    let widest = report.verdicts.iter().map(|(name, _)| name.chars().count());
    let widest = widest.max().unwrap_or(0);
    let mut text = String::new();
    for (name, verdict) in &report.verdicts {
        text.push_str(&format!("{name:widest$}  {verdict}\n"));
    }
    let (met, targets) = report.met;
    text.push_str(&format!(
        "{}: {} generations, {} simulations, {:.0} effective particles; {met} of {targets} published values within the simulated intervals; {} files in {}\n",
        report.ending,
        report.generations,
        report.simulations,
        report.effective_size,
        report.files,
        report.folder.display(),
    ));
    text
}

fn search_summary(report: &SearchReport) -> String {
    let widest = report.parameters.iter().map(|it| it.name.chars().count());
    let widest = widest.max().unwrap_or(0);
    let mut text = String::new();
    for parameter in &report.parameters {
        let (name, error) = (&parameter.name, parameter.error);
        let digits = digits(error);
        text.push_str(&format!(
            "{name:widest$}  {:.digits$} became {:.digits$} (error {error:.digits$}), {}{}\n",
            parameter.start,
            parameter.found,
            parameter.verdict,
            if parameter.at_bound {
                ", at a bound"
            } else {
                ""
            },
        ));
    }
    let ((before, after), (met_before, met, targets)) = (report.losses, report.met);
    text.push_str(&format!(
        "{}: {} iterations, {} simulations; {}; loss {before:.2} became {after:.2} with seeds that chose nothing; {met} of {targets} targets within their intervals, {met_before} before; {} files in {}\n",
        report.ending,
        report.iterations,
        report.simulations,
        report.choice,
        report.files,
        report.folder.display(),
    ));
    text
}

/// Decimal places with which a standard error has two digits.
fn digits(error: f64) -> usize {
    let scaled = std::iter::successors(Some(error), |it| Some(10.0 * it));
    let places = scaled.take(9).position(|it| it >= 10.0);
    places.unwrap_or(9)
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn errors_are_shown_to_two_digits() {
        assert_eq!([149.5, 0.61, 0.0123, 0.0005].map(digits), [0, 2, 3, 5]);
        assert_eq!(digits(f64::NAN), 9);
    }
}
