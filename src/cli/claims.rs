//! The command that puts claims to the test.

use super::args::ClaimsWords;
use super::commands::{asked, complain, explain, format, make_parent, say, stoppable};
use super::progress::watched;
use super::{DONE, FAILED, FAULTY, STOPPED};
use crate::claims;
use crate::claims::{ClaimsReport, ClaimsRequest, Results};
use crate::error::Error;
use crate::run::Outcome;
use crate::runner::Control;
use crate::scenario::Scenario;
use std::path::{Path, PathBuf};

/// `pairbond claims FILE…`
pub(crate) fn claims(words: &ClaimsWords) -> u8 {
    let folders = match claims::folders(&words.files, words.out.as_deref()) {
        Ok(folders) => folders,
        Err(error) => return refused(&error),
    };
    // All files are read before any couple lives.
    let mut read = Vec::new();
    let mut faulty = 0;
    for file in &words.files {
        match asked(file, &words.set, words.seed, words.quiet) {
            Ok(found) => read.push(found),
            Err(code) => faulty = faulty.max(code),
        }
    }
    if faulty != 0 {
        return faulty;
    }
    let control = stoppable();
    let mut code = DONE;
    for ((file, folder), (scenario, values)) in words.files.iter().zip(folders).zip(read) {
        let own = one(words, file, folder, (&scenario, values), &control);
        if own == STOPPED {
            return STOPPED;
        }
        code = code.max(own);
    }
    code
}

fn one(
    words: &ClaimsWords,
    file: &Path,
    folder: Option<PathBuf>,
    (scenario, overrides): (&Scenario, Vec<String>),
    control: &Control,
) -> u8 {
    if let Some(folder) = &folder
        && let Err(code) = make_parent(folder)
    {
        return code;
    }
    let results = |out| Results {
        out,
        force: words.force,
        format: format(words.format),
        charts: !words.no_charts,
    };
    let request = ClaimsRequest {
        most: words.max_runs,
        without: words.without.clone(),
        threads: words.threads.map(usize::from),
        results: folder.map(results),
        overrides,
    };
    let couple_days = claims::couple_days(scenario, words.max_runs);
    let before = control.progress.couple_days();
    let outcome = watched(before + couple_days, words.quiet, control, || {
        claims::claims(scenario, &request, control)
    });
    match outcome {
        Ok(Outcome::Stopped) => {
            complain("stopped; of this scenario nothing was left behind");
            STOPPED
        }
        Ok(Outcome::Done(report)) => told(words, file, &report),
        Err(error @ (Error::NoClaims | Error::NoMechanism { .. })) => refused(&error),
        Err(error) => explain(&error),
    }
}

/// What is typed or written cannot be done, which is no verdict.
fn refused(error: &Error) -> u8 {
    complain(&format!("error: {error}"));
    FAULTY
}

fn told(words: &ClaimsWords, file: &Path, report: &ClaimsReport) -> u8 {
    if !words.quiet {
        say(&format!("{}\n{report}", file.display()));
    }
    if report.as_expected() {
        return DONE;
    }
    for line in report.surprises() {
        complain(&format!("{}: {line}", file.display()));
    }
    FAILED
}
