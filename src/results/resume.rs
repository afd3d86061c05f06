//! Resuming: the journal of unfinished work, next to the folder of its results.

use crate::error::Error;
pub(crate) use crate::results::manifest::unfinished_folder;
use crate::results::{Folder, JobSpec, Journal, JournalError, OutputError, ResultsKind};
use std::path::Path;

/// What is to be done with older results and unfinished work.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resume<'a> {
    /// Folder of the results.
    pub(crate) folder: &'a Path,
    /// Kind of the results.
    pub(crate) kind: &'a ResultsKind,
    /// Whether older results, or unfinished work, may be replaced.
    pub(crate) replace: bool,
    /// Whether unfinished work is continued.
    pub(crate) resume: bool,
}

/// Opens the journal for writing, and says whether older results may be replaced at the end.
///
/// # Errors
/// [`Error::AlreadyFinished`] if the results that are to be resumed are in place, as they are if
/// the process was killed after it had put them there and before it removed its journal;
/// [`Error::Changed`]; [`Error::Output`].
pub(crate) fn open(
    request: Resume<'_>,
    question: &JobSpec,
    is_done: impl Fn() -> bool,
) -> Result<(Journal, bool), Error> {
    let folder = &unfinished_folder(request.folder);
    // Refuses a taken target before any work is done; the folder itself is made at the end.
    let free = |replace| Folder::create(request.folder, request.kind, replace).map(drop);
    if !request.resume {
        free(request.replace)?;
        let journal = Journal::begin(folder, question, request.replace)?;
        return Ok((journal, request.replace));
    }
    let started = Journal::job_spec(folder);
    let nothing = matches!(
        &started,
        Err(OutputError::Journal {
            error: JournalError::NotFound,
            ..
        })
    );
    let replaces = started.as_ref().is_ok_and(|started| started.replaces);
    if let Ok(started) = &started {
        unchanged(started, question)?;
    }
    if (started.is_ok() || nothing) && !replaces && is_done() {
        Journal::clear(folder)?;
        return Err(Error::AlreadyFinished {
            folder: request.folder.to_owned(),
            all_failed: false,
        });
    }
    let started = started?;
    free(replaces)?;
    Ok((Journal::resume(folder, &started)?, replaces))
}

/// Adds to an error that finished jobs are in a journal, if they are.
pub(crate) fn resumable(out: &Path, error: Error) -> Error {
    let during_the_work = matches!(error, Error::Output(OutputError::Io { .. }));
    let journal = unfinished_folder(out);
    if during_the_work && Journal::job_spec(&journal).is_ok() {
        let source = Box::new(error);
        return Error::Resumable { source, journal };
    }
    error
}

/// Refuses to resume work that was started with another question, and says what changed.
fn unchanged(started: &JobSpec, requested: &JobSpec) -> Result<(), Error> {
    let mut changes = Vec::new();
    // A spec of an earlier version does not say it.
    if !started.command.is_empty() && started.command != requested.command {
        changes.push(format!(
            "`pairbond {}` became `pairbond {}`",
            started.command, requested.command
        ));
    }
    if started.version != requested.version {
        changes.push(format!(
            "version {} became {}",
            started.version, requested.version
        ));
    }
    changes.extend(changed_lines(
        &started.scenario_text,
        &requested.scenario_text,
    ));
    if started.overrides != requested.overrides {
        let list = |values: &[String]| {
            if values.is_empty() {
                "none".to_owned()
            } else {
                values.join(" ")
            }
        };
        changes.push(format!(
            "overrides: {} became {}",
            list(&started.overrides),
            list(&requested.overrides)
        ));
    }
    if (started.first, started.end) != (requested.first, requested.end) {
        changes.push(format!(
            "jobs {} to {} became {} to {}",
            started.first + 1,
            started.end,
            requested.first + 1,
            requested.end
        ));
    }
    if changes.is_empty() {
        Ok(())
    } else {
        Err(Error::Changed { changes })
    }
}

/// The lines in which two texts differ, at most ten of them.
fn changed_lines(before: &str, after: &str) -> Vec<String> {
    let gone = |from: &str, to: &str, sign: char| -> Vec<String> {
        let kept: std::collections::BTreeSet<&str> = to.lines().map(str::trim).collect();
        from.lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#') && !kept.contains(line))
            .map(|line| format!("{sign} {line}"))
            .collect()
    };
    let mut lines = gone(before, after, '-');
    lines.extend(gone(after, before, '+'));
    if lines.is_empty() && before != after {
        lines.push("the order of lines, comments or blank lines".to_owned());
    }
    lines.truncate(10);
    lines
}
