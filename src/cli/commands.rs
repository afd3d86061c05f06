//! One function a command, each reading like its manual page.

use super::args::{CheckWords, FormatWord, NewWords, PlotWords, RunWords, VerifyWords};
use super::progress::watched;
use super::{DONE, FAILED, FAULTY, STOPPED};
use crate::error::Error;
use crate::results::format::Format;
use crate::run::{Outcome, RunRequest};
use crate::runner::Control;
use crate::scenario::file::{new_scenario, read_scenario};
use crate::scenario::{Diagnostics, Override, Scenario, Style, json_schema, template};
use crate::validate::TargetError;
use crate::verify::Verification;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;

/// `pairbond new [FILE]`
pub(crate) fn new(words: &NewWords) -> u8 {
    let Some(file) = &words.file else {
        say(&template());
        return DONE;
    };
    match new_scenario(file) {
        Ok(()) => {
            say(&format!("{}: every key with its default\n", file.display()));
            DONE
        }
        Err(error) => explain(&error),
    }
}

/// `pairbond schema`
pub(crate) fn schema() -> u8 {
    say(&format!("{:#}\n", json_schema()));
    DONE
}

/// `pairbond run FILE`
pub(crate) fn run(words: &RunWords) -> u8 {
    let (scenario, values) = match asked(&words.file, &words.set, words.seed, words.quiet) {
        Ok(asked) => asked,
        Err(code) => return code,
    };
    let out = words
        .out
        .clone()
        .unwrap_or_else(|| crate::run::usual_folder(&words.file));
    if words.out.is_none()
        && let Err(code) = make_parent(&out)
    {
        return code;
    }
    let request = RunRequest {
        out,
        force: words.force,
        format: format(words.format),
        threads: words.threads.map(usize::from),
        charts: !words.no_charts,
        overrides: values,
    };
    let control = stoppable();
    let couple_days = crate::run::couple_days(&scenario);
    let outcome = watched(couple_days, words.quiet, &control, || {
        crate::run::run(&scenario, &request, &control)
    });
    match outcome {
        Ok(Outcome::Stopped) => stopped(),
        Ok(Outcome::Done(report)) => {
            if !words.quiet {
                say(&format!(
                    "{} couples lived {} days ({} broke up); {} files in {}\n",
                    report.couples,
                    scenario.config().size.days,
                    report.ended,
                    report.files,
                    report.folder.display(),
                ));
            }
            DONE
        }
        Err(error) => explain(&error),
    }
}

/// `pairbond check FILE…`
pub(crate) fn check(words: &CheckWords) -> u8 {
    let mut code = DONE;
    for file in &words.files {
        match scenario(file, &words.set) {
            Err(fault) => code = code.max(fault),
            Ok(scenario) => {
                show_warnings(&scenario);
                if !words.quiet {
                    let size = &scenario.config().size;
                    say(&format!(
                        "{}: {} couples, {} days, {} replicates: no faults\n",
                        file.display(),
                        size.couples,
                        size.days,
                        size.replicates,
                    ));
                }
            }
        }
    }
    code
}

/// `pairbond plot DIR`
pub(crate) fn plot(words: &PlotWords) -> u8 {
    let out = words
        .out
        .clone()
        .unwrap_or_else(|| crate::plot::usual_folder(&words.results));
    match crate::plot::plot(&words.results, &out, words.force) {
        Ok(names) => {
            if !words.quiet {
                say(&format!("{} pictures in {}\n", names.len(), out.display()));
            }
            DONE
        }
        Err(error) => explain(&error),
    }
}

/// `pairbond verify DIR`
pub(crate) fn verify(words: &VerifyWords) -> u8 {
    let scratch = match scratch() {
        Ok(scratch) => scratch,
        Err(code) => return code,
    };
    let control = stoppable();
    let threads = words.threads.map(usize::from);
    match crate::verify::verify(&words.results, scratch.path(), threads, &control) {
        Ok(Outcome::Stopped) => stopped(),
        Ok(Outcome::Done(found)) => verdict(&words.results, &found, words.quiet),
        Err(error) => explain(&error),
    }
}

fn verdict(results: &Path, found: &Verification, quiet: bool) -> u8 {
    if found.sound() {
        if !quiet {
            say(&format!(
                "{}: {} files are as they were written, and a new run gives the same bytes\n",
                results.display(),
                found.files,
            ));
        }
        return DONE;
    }
    for file in &found.damaged {
        complain(&format!("{}: {}", file.name, file.state));
    }
    for why in &found.unreadable {
        complain(why);
    }
    for difference in &found.differences {
        complain(&format!("{difference} (kept against new run)"));
    }
    for name in &found.other {
        complain(&format!("{name}: a new run gives other bytes"));
    }
    if found.version != env!("CARGO_PKG_VERSION") {
        complain(&format!(
            "these results were made by version {}, this is {}: see Results in the CHANGELOG",
            found.version,
            env!("CARGO_PKG_VERSION"),
        ));
    }
    FAILED
}

/// Reads the scenario that is to be lived, with a seed put in its place, and shows its warnings; gives
/// it with the values that were put in, or the exit code where it has faults.
pub(crate) fn asked(
    file: &Path,
    set: &[String],
    seed: Option<u64>,
    quiet: bool,
) -> Result<(Scenario, Vec<String>), u8> {
    let mut values = set.to_vec();
    values.extend(seed.map(|seed| format!("run.seed={seed}")));
    let scenario = scenario(file, &values)?;
    if !quiet {
        show_warnings(&scenario);
    }
    Ok((scenario, values))
}

/// Reads and checks a scenario; shows its faults and gives the exit code where there are any.
fn scenario(file: &Path, values: &[String]) -> Result<Scenario, u8> {
    let overrides = overrides(values)?;
    match read_scenario(file, &overrides) {
        Ok(scenario) => Ok(scenario),
        Err(Error::Scenario(faults)) => Err(show_faults(&faults)),
        Err(error) => {
            complain(&error.to_string());
            Err(FAULTY)
        }
    }
}

/// Reads overrides; shows their faults and gives the exit code where there are any.
pub(crate) fn overrides(values: &[String]) -> Result<Vec<Override>, u8> {
    let read = values.iter().map(|text| Override::parse(text));
    read.collect::<Result<_, _>>()
        .map_err(|faults: Diagnostics| show_faults(&faults))
}

/// Puts the values of files, each named as `@FILE`, where the files are named.
pub(crate) fn from_files(set: &mut Vec<String>) -> Result<(), u8> {
    let mut values = Vec::with_capacity(set.len());
    for text in set.drain(..) {
        match text.strip_prefix('@') {
            Some(file) => {
                let read = crate::scenario::file::read_values(Path::new(file));
                values.extend(read.map_err(|error| explain(&error))?);
            }
            None => values.push(text),
        }
    }
    *set = values;
    Ok(())
}

/// The format of a word.
pub(crate) fn format(word: FormatWord) -> Format {
    match word {
        FormatWord::Csv => Format::Csv,
        FormatWord::Parquet => Format::Parquet,
    }
}

/// Makes the folder that the usual folder of results lies in.
pub(crate) fn make_parent(out: &Path) -> Result<(), u8> {
    let parent = out.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(parent).map_err(|error| {
        failed(&format!(
            "could not make the folder {}: {error}",
            parent.display()
        ))
    })
}

/// A temporary folder, removed when it is dropped.
pub(crate) fn scratch() -> Result<tempfile::TempDir, u8> {
    tempfile::tempdir()
        .map_err(|error| failed(&format!("could not make a temporary folder: {error}")))
}

/// Control that Ctrl-C and a request to terminate stop.
pub(crate) fn stoppable() -> Arc<Control> {
    let control = Arc::new(Control::default());
    let asked = control.cancel.clone();
    let told = ctrlc::set_handler(move || asked.cancel());
    if let Err(error) = told {
        complain(&format!(
            "warning: Ctrl-C will not end this cleanly: {error}"
        ));
    }
    control
}

fn style() -> Style {
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if std::io::stderr().is_terminal() && !plain {
        Style::Coloured
    } else {
        Style::Plain
    }
}

pub(crate) fn show_faults(faults: &Diagnostics) -> u8 {
    complain(faults.render(style()).trim_end());
    FAULTY
}

fn show_warnings(scenario: &Scenario) {
    if !scenario.warnings().is_empty() {
        complain(scenario.warnings().render(style()).trim_end());
    }
}

pub(crate) fn explain(error: &Error) -> u8 {
    match error {
        Error::Scenario(faults) | Error::Stale { faults, .. } => {
            complain(&format!("error: {error}"));
            show_faults(faults)
        }
        // The words typed are at fault, as those of a scenario would be.
        Error::Target(TargetError::Unknown { .. }) => {
            failed(&error.to_string());
            FAULTY
        }
        other => failed(&other.to_string()),
    }
}

fn failed(why: &str) -> u8 {
    complain(&format!("error: {why}"));
    FAILED
}

pub(crate) fn stopped() -> u8 {
    complain("stopped; nothing was left behind");
    STOPPED
}

/// Writes to standard output; a reader that has gone away is no error.
pub(crate) fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Writes a line to standard error; a reader that has gone away is no error.
pub(crate) fn complain(text: &str) {
    let mut out = std::io::stderr().lock();
    let _ = writeln!(out, "{text}");
}
